using System.IO.Compression;
using System.Text;
using Driftline.Core.Records;

namespace Driftline.Ingest.Tests.Native;

/// <summary>Real lines, broken in ten thousand ways: each is read or rejected, and its neighbours are read.</summary>
public sealed class NativeMutationTests : IDisposable
{
    private readonly Logs _logs = new();

    public void Dispose() => _logs.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task A_mutated_line_is_read_or_rejected_and_its_neighbours_are_read(int seed)
    {
        var random = new Random(seed);
        var lines = await RealLinesAsync();
        using var text = new MemoryStream();
        const int Mutated = 2500;
        for (var i = 0; i < Mutated; i++)
        {
            text.Write(Encoding.UTF8.GetBytes(NativeLines.Sample($"good-{i}") + "\n"));
            text.Write(Mutate(Encoding.UTF8.GetBytes(lines[random.Next(lines.Count)]), random));
            text.Write("\n"u8);
        }

        var (sink, outcome) = await Logs.ReadAsync(_logs.Write("a.jsonl", text.ToArray()));

        var good = sink.Rows.Where(r => r.Run.Node.Key.Lineage == "l").Select(r => r[TextField.SampleId]!).ToHashSet();
        Assert.Equal(Mutated, good.Count(id => id.StartsWith("good-", StringComparison.Ordinal)));
        Assert.Equal(outcome.RowsRead, sink.Rows.Count + sink.Metrics.Count + sink.Generations.Count + sink.Ends.Count + outcome.RowsRejected);
        Assert.InRange(outcome.RowsRejected, Mutated / 4, Mutated);
        Assert.All(outcome.Errors, e =>
        {
            Assert.True(e.Column is null or > 0);
            Assert.True(e.Reason.Length is > 10 and < 2000 && e.Raw.Length <= 200, e.Reason);
        });
        Assert.All(sink.Rows, r => Assert.All(r.Scores.Values, v => Assert.False(double.IsInfinity(v))));
    }

    [Fact]
    public async Task A_line_cut_at_any_byte_is_rejected_in_the_middle_and_unfinished_at_the_end()
    {
        var line = Encoding.UTF8.GetBytes((await RealLinesAsync())[0]);
        for (var length = 1; length < line.Length; length += 7)
        {
            var cut = line[..length];
            var (_, middle) = await Logs.ReadAsync(_logs.Write("a.jsonl", [.. line, (byte)'\n', .. cut, (byte)'\n', .. line, (byte)'\n']));
            var (_, end) = await Logs.ReadAsync(_logs.Write("b.jsonl", [.. line, (byte)'\n', .. cut]));

            Assert.Equal((3, 1, 2), (middle.RowsRead, middle.RowsRejected, middle.Errors[0].Line));
            Assert.Equal((1, 0, line.Length + 1), (end.RowsRead, end.RowsRejected, end.BytesConsumed));
        }
    }

    private static byte[] Mutate(byte[] line, Random random)
    {
        var bytes = line.ToList();
        string[] pieces = ["NaN", "-Infinity", "\\ud800", "{", "}", "[", "]", "\"", ",", ":", "null", "1e400", "\\", "\u0001", "é", "true", "\"scores\":3,", "  "];
        for (var n = random.Next(1, 4); n > 0; n--)
        {
            var at = random.Next(bytes.Count);
            switch (random.Next(6))
            {
                case 0:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 1:
                    bytes.RemoveAt(at);
                    break;
                case 2:
                    bytes.InsertRange(at, Encoding.UTF8.GetBytes(pieces[random.Next(pieces.Length)]));
                    break;
                case 3:
                    bytes.RemoveRange(at, bytes.Count - at);
                    break;
                case 4:
                    bytes.InsertRange(at, bytes.GetRange(random.Next(at + 1), Math.Min(20, bytes.Count - at)));
                    break;
                default:
                    (bytes[at], bytes[^1]) = (bytes[^1], bytes[at]);
                    break;
            }

            if (bytes.Count == 0)
            {
                bytes.Add((byte)'x');
            }
        }

        bytes.RemoveAll(b => b is (byte)'\n' or (byte)'\r');
        return bytes.Exists(b => b is not ((byte)' ' or (byte)'\t')) ? [.. bytes] : "x"u8.ToArray();
    }

    private static async Task<List<string>> RealLinesAsync()
    {
        await using var file = File.OpenRead(Path.Combine(Logs.Demo, "microworld", "replace-s1-g03.jsonl.gz"));
        using var reader = new StreamReader(new GZipStream(file, CompressionMode.Decompress));
        var lines = new List<string>();
        while (await reader.ReadLineAsync(TestContext.Current.CancellationToken) is { } line)
        {
            lines.Add(line);
        }

        return lines;
    }
}
