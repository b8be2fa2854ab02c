using System.Text;

namespace Driftline.Ingest.Tests;

public sealed class LogReaderRegistryTests : IDisposable
{
    private readonly Logs _logs = new();

    public void Dispose() => _logs.Dispose();

    [Theory]
    [InlineData("a.jsonl", """{"schema_version":"1","type":"sample"}""", "native")]
    [InlineData("a.log", """{"type":"metric","task":"t"}""", "native")]
    [InlineData("a.log", """{"type":"generation","lineage":"l"}""", "native")]
    [InlineData("a.jsonl", """{"sample_id":"1","task":"t","answer":"a"}""", "native")]
    [InlineData("a.json", """[{"sample_id":"1","task":"t","answer":"a"}]""", "json")]
    [InlineData("a.csv", "sample_id,task,scores.x\n1,t,2\n", "csv")]
    [InlineData("log.json", """{"version":2,"status":"success","eval":{"task":"t"},"samples":[]}""", "inspect")]
    [InlineData("a.tsv", "sample_id\ttask\toutput\n1\tt\to\n", "csv")]
    [InlineData("results.json", """{"results":{"arc":{"acc,none":0.1}},"versions":{},"config":{"model":"m"}}""", "lm_eval")]
    [InlineData("samples_x.jsonl", """{"doc_id":0,"doc":{},"resps":[["a"]],"acc":1.0}""", "lm_eval")]
    [InlineData("m_x.jsonl", """[{"doc_id":0,"doc":{},"resps":[["a"]],"acc":1.0}]""", "lm_eval")]
    public void A_log_is_known_by_name_and_first_bytes(string name, string text, string format)
    {
        Assert.Equal(format, LogReaderRegistry.Default.Find(_logs.Write(name, text), new ReadOptions()).Format);
        Assert.Equal(format, LogReaderRegistry.Default.Find(_logs.Write(name + ".gz", Logs.Gzip(Encoding.UTF8.GetBytes(text))), new ReadOptions()).Format);
    }

    [Fact]
    public void A_first_line_longer_than_what_is_looked_at_is_known_by_its_first_keys() => Assert.Equal(
        "native",
        LogReaderRegistry.Default.Find(
            _logs.Write("a.jsonl", $$"""{"schema_version":"1","output":"{{new string('x', LogProbe.HeadBytes)}}"}"""), new ReadOptions()).Format);

    [Theory]
    [InlineData("logs.zip", new byte[] { 0x50, 0x4B, 3, 4, 0 }, "is a zip archive", "Unpack it")]
    [InlineData("a.parquet", new byte[] { 0x50, 0x41, 0x52, 0x31 }, "Parquet file", "to_csv")]
    [InlineData("a.txt", new byte[] { 0xFF, 0xFE, 0x61, 0 }, "UTF-16", "Save it as UTF-8")]
    [InlineData("a.bin", new byte[] { 1, 2, 0, 4 }, "is a binary file", "JSON Lines")]
    [InlineData("a.jsonl", new byte[0], "is empty", "nothing to import")]
    public void What_no_reader_takes_is_named_with_the_way_out(string name, byte[] bytes, string looksLike, string wayOut) =>
        AssertUnknown(_logs.Write(name, bytes), looksLike, wayOut);

    [Theory]
    [InlineData("notes.txt", "Dear diary\nnothing here\n", "neither JSON Lines nor a table", "column mapping")]
    [InlineData("t.csv", "Generation,Article_ID,Score\n1,2,3\n", "Its columns: Generation, Article_ID, Score", """To start from: {"lineage":"my-experiment","generation":{"column":"Generation"},"model":"my-model-g{generation}","suite":"my-suite","sample_id":{"column":"Article_ID"},"scores":{"Score":"Score"}}""")]
    [InlineData("t.jsonl", """{"prompt":"p","reply":"r"}""", "Its columns: prompt, reply", "row_number")]
    [InlineData("t.jsonl", """{"source":"corpus","prompt":"p","response":"r"}""", "Its columns: source, prompt, response", "import the file as training texts (--training")]
    [InlineData("t.jsonl", """{"gen":1,"id":"a","prompt":"p","response":"r","choice":"A","quality":1}""", "JSON Lines", """{"column":"id"},"input":{"column":"prompt"},"output":{"column":"response"},"answer":{"column":"choice"},"scores":{"quality":"quality"}}""")]
    [InlineData("t.jsonl", """{"question":"q","statement":"s","answer_matching_behavior":" Yes","answer_not_matching_behavior":" No","model_answer":"Yes"}""", "JSON Lines", """{"column":"question"},"answer":{"column":"model_answer"}""")]
    public void Text_that_no_reader_takes_is_named_with_the_way_out(string name, string text, string looksLike, string wayOut) =>
        AssertUnknown(_logs.Write(name, text), looksLike, wayOut);

    private static void AssertUnknown(LogSource source, string looksLike, string wayOut)
    {
        var thrown = Assert.Throws<UnknownLogFormatException>(() => LogReaderRegistry.Default.Find(source, new ReadOptions()));
        Assert.StartsWith(source.Name, thrown.Message, StringComparison.Ordinal);
        Assert.Contains(looksLike, thrown.Message, StringComparison.Ordinal);
        Assert.Contains(wayOut, thrown.Message, StringComparison.Ordinal);
    }
}
