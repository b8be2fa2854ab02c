using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Driftline.Storage.Entities;
using Microsoft.EntityFrameworkCore;

namespace Driftline.Storage;

/// <summary>The vectors that embedding endpoints gave, so that no text is sent twice: not by another generation, lineage or recompute.</summary>
public sealed class EmbeddingVectorStore(IDbContextFactory<DriftlineContext> contexts, IWriteGate gate)
{
    private const int KeyBytes = 16;
    private const int Asked = 400;

    /// <summary>What a text is kept under: 128 bits of its SHA-256.</summary>
    public static byte[] KeyOf(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text))[..KeyBytes];

    /// <summary>The vectors that are known of some texts.</summary>
    /// <param name="model">The embedder's name.</param>
    /// <param name="texts">Distinct texts.</param>
    /// <param name="cancellationToken">Ends it early.</param>
    public async Task<IReadOnlyDictionary<string, float[]>> GetAsync(string model, IReadOnlyCollection<string> texts, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var found = new Dictionary<string, float[]>(texts.Count, StringComparer.Ordinal);
        foreach (var some in texts.Select(text => (Text: text, Key: KeyOf(text))).Chunk(Asked))
        {
            var keys = some.Select(each => each.Key).ToList();
            var rows = await context.EmbeddingVectors.AsNoTracking()
                .Where(v => v.Model == model && keys.Contains(v.TextHash))
                .ToListAsync(cancellationToken);
            var byKey = rows.ToDictionary(row => Convert.ToHexString(row.TextHash), row => row.Vector, StringComparer.Ordinal);
            foreach (var (text, key) in some)
            {
                if (byKey.TryGetValue(Convert.ToHexString(key), out var vector))
                {
                    found[text] = Read(vector);
                }
            }
        }

        return found;
    }

    /// <summary>Keeps vectors; those that are there stay.</summary>
    public async Task SaveAsync(string model, IReadOnlyDictionary<string, float[]> vectors, CancellationToken cancellationToken)
    {
        if (vectors.Count == 0)
        {
            return;
        }

        var rows = vectors.Select(vector => new EmbeddingVectorRow { Model = model, TextHash = KeyOf(vector.Key), Vector = Write(vector.Value) }).ToList();
        using var turn = await gate.EnterAsync(cancellationToken);
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        foreach (var some in rows.Chunk(Asked))
        {
            var keys = some.Select(row => row.TextHash).ToList();
            var known = (await context.EmbeddingVectors
                .Where(v => v.Model == model && keys.Contains(v.TextHash))
                .Select(v => v.TextHash)
                .ToListAsync(cancellationToken)).Select(Convert.ToHexString).ToHashSet(StringComparer.Ordinal);
            context.EmbeddingVectors.AddRange(some.Where(row => !known.Contains(Convert.ToHexString(row.TextHash))));
        }

        await context.SaveChangesAsync(cancellationToken);
    }

    // Little-endian float32; every machine that .NET 10 runs on is.
    private static float[] Read(byte[] bytes) => MemoryMarshal.Cast<byte, float>(bytes).ToArray();

    private static byte[] Write(float[] vector) => MemoryMarshal.AsBytes(vector.AsSpan()).ToArray();
}
