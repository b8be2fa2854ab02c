namespace Driftline.Ingest.Tests;

public sealed class LogDigestTests : IDisposable
{
    private readonly Logs _logs = new();

    public void Dispose() => _logs.Dispose();

    [Fact]
    public async Task Whole_file_and_prefixes_are_hashed_in_one_pass()
    {
        var bytes = new byte[3_000_001];
        new Random(1).NextBytes(bytes);
        var source = _logs.Write("a.bin", bytes);

        var digest = await LogDigest.ComputeAsync(source.Path, [0, 1_048_576, 5, bytes.Length, bytes.Length + 1], TestContext.Current.CancellationToken);

        Assert.Equal((Hashes.Of(bytes), bytes.Length), (digest.Hash, digest.Bytes));
        Assert.Equal([0L, 5, 1_048_576, bytes.Length], digest.Prefixes.Keys.Order());
        Assert.All(digest.Prefixes, p => Assert.Equal(Hashes.Of(bytes.AsSpan(0, (int)p.Key)), p.Value));
    }
}
