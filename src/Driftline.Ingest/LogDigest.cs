using System.Buffers;
using System.Security.Cryptography;
using Driftline.Ingest.Files;

namespace Driftline.Ingest;

/// <summary>SHA-256 of a log and of prefixes of it, by which files are recognised that were read before or have grown since.</summary>
/// <param name="Hash">Of the whole file, lower-case hexadecimal.</param>
/// <param name="Bytes">Its length.</param>
/// <param name="Prefixes">Prefix length → hash; lengths beyond the end of the file are left out.</param>
public sealed record LogDigest(string Hash, long Bytes, IReadOnlyDictionary<long, string> Prefixes)
{
    private const int BlockBytes = 1 << 20;

    /// <summary>Hashes a file and prefixes of it in one pass.</summary>
    /// <param name="path">The file.</param>
    /// <param name="prefixLengths">Lengths in bytes, in any order.</param>
    /// <param name="cancellationToken">Ends the pass.</param>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="LogStalledException">The file system does not answer.</exception>
    public static Task<LogDigest> ComputeAsync(string path, IReadOnlyCollection<long> prefixLengths, CancellationToken cancellationToken) =>
        Task.Run(() => Compute(path, prefixLengths, cancellationToken), cancellationToken);

    private static LogDigest Compute(string path, IReadOnlyCollection<long> prefixLengths, CancellationToken cancellationToken)
    {
        using var file = PatientFile.Open(path);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var waiting = new Queue<long>(prefixLengths.Where(length => length >= 0).Distinct().Order());
        var prefixes = new Dictionary<long, string>();
        var buffer = ArrayPool<byte>.Shared.Rent(BlockBytes);
        try
        {
            var position = 0L;
            while (true)
            {
                cancellationToken.ThrowIfCancellationRequested();
                while (waiting.TryPeek(out var length) && length == position)
                {
                    prefixes[waiting.Dequeue()] = Convert.ToHexStringLower(hash.GetCurrentHash());
                }

                var wanted = waiting.TryPeek(out var next) ? (int)Math.Min(BlockBytes, next - position) : BlockBytes;
                var count = file.Read(buffer.AsSpan(0, wanted), position);
                if (count == 0)
                {
                    return new LogDigest(Convert.ToHexStringLower(hash.GetHashAndReset()), position, prefixes);
                }

                hash.AppendData(buffer, 0, count);
                position += count;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
