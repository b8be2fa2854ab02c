using System.Text;
using Driftline.Ingest.Columns;

namespace Driftline.Ingest.Tests.Columns;

/// <summary>Tables broken in many ways: rows are read or rejected, or the file is, and nothing hangs or fails otherwise.</summary>
public sealed class TableMutationTests : IDisposable
{
    private static readonly ColumnMapping Mapping = ColumnMapping.Parse("""
        {"lineage":"l","model":"m","generation":{"column":"g"},"suite":"s","sample_id":{"column":"id"},"output":{"column":"out"},"scores":["q"],"metadata":["kind"]}
        """);

    private readonly Logs _logs = new();

    public void Dispose() => _logs.Dispose();

    [Theory]
    [InlineData("a.csv")]
    [InlineData("a.tsv")]
    [InlineData("a.json")]
    [InlineData("a.jsonl")]
    public async Task A_mutated_table_is_read_or_rejected(string name)
    {
        var random = new Random(name.Length);
        var (read, refused) = (0, 0);
        for (var i = 0; i < 300; i++)
        {
            var source = _logs.Write(name, Mutate(Table(name, 20), random));
            try
            {
                var (sink, outcome) = await Logs.ReadAsync(source, new ReadOptions { Mapping = Mapping });
                Assert.Equal(outcome.RowsRead, sink.Rows.Count + outcome.RowsRejected);
                read++;
            }
            catch (LogRejectedException e)
            {
                Assert.Contains(name, e.Message, StringComparison.Ordinal);
                refused++;
            }
        }

        Assert.Equal(300, read + refused);
        Assert.InRange(read, 200, 300);
    }

    private static byte[] Table(string name, int rows)
    {
        var text = new StringBuilder();
        var separator = name.EndsWith("tsv", StringComparison.Ordinal) ? '\t' : ',';
        if (name.Contains("json", StringComparison.Ordinal))
        {
            var objects = Enumerable.Range(0, rows).Select(i => $$"""{"g":{{i % 3}},"id":"{{i}}","out":"text \"{{i}}\" é","q":0.{{i}},"kind":{"a":[1,null] } }""");
            return Encoding.UTF8.GetBytes(name == "a.json" ? "[" + string.Join(",\n", objects) + "]" : string.Join('\n', objects) + "\n");
        }

        text.AppendJoin(separator, "g", "id", "out", "q", "kind").Append('\n');
        for (var i = 0; i < rows; i++)
        {
            text.AppendJoin(separator, i % 3, i, $"\"text \"\"{i}\"\" é\"", $"0.{i}", "k").Append('\n');
        }

        return Encoding.UTF8.GetBytes(text.ToString());
    }

    private static byte[] Mutate(byte[] table, Random random)
    {
        var bytes = table.ToList();
        string[] pieces = ["\"", ",", "\n", "\r", "{", "}", "[", "]", "NaN", "\\", "\t", ";", "\uFEFF", ":", "1e999"];
        for (var n = random.Next(1, 5); n > 0; n--)
        {
            var at = random.Next(40, bytes.Count);
            switch (random.Next(4))
            {
                case 0:
                    bytes[at] = (byte)random.Next(1, 256);
                    break;
                case 1:
                    bytes.RemoveRange(at, Math.Min(random.Next(1, 30), bytes.Count - at));
                    break;
                case 2:
                    bytes.InsertRange(at, Encoding.UTF8.GetBytes(pieces[random.Next(pieces.Length)]));
                    break;
                default:
                    bytes.InsertRange(at, bytes.GetRange(at / 2, Math.Min(50, bytes.Count - at)));
                    break;
            }

            if (bytes.Count <= 60)
            {
                break;
            }
        }

        return [.. bytes];
    }
}
