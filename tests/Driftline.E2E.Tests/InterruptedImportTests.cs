using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Data.Sqlite;

namespace Driftline.E2E.Tests;

/// <summary>What is left of an import that was killed, and what a second import of the same logs changes.</summary>
public sealed class InterruptedImportTests : IDisposable
{
    private const int Generations = 10;
    private const int SamplesPerGeneration = 30_000;
    private const int Lines = Generations * SamplesPerGeneration;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(120);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("driftline-e2e-");

    private DirectoryInfo DataFolder => _folder.CreateSubdirectory("data");

    private string Database => Path.Combine(DataFolder.FullName, "driftline.db");

    /// <inheritdoc/>
    public void Dispose()
    {
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task An_import_that_is_killed_leaves_nothing_to_see_and_the_next_one_completes_it()
    {
        var log = Path.Combine(_folder.FullName, "big.jsonl");
        await WriteLogAsync(log);

        // As it begins, in the middle, and with nearly everything written but not yet published.
        foreach (var written in new[] { 0, Lines / 2, Lines * 9 / 10 })
        {
            await KillWhenWrittenAsync(log, written);
            Assert.Equal("ok", Scalar("PRAGMA integrity_check"));
            Assert.Equal("writing", Scalar("SELECT status FROM imports"));
            Assert.Empty((await CommandLine.JsonAsync(DataFolder, "list", "evaluations")).AsArray());
            Assert.Empty((await CommandLine.JsonAsync(DataFolder, "list", "lineages")).AsArray());
        }

        var report = await CommandLine.JsonAsync(DataFolder, "import", log);
        Assert.Equal((Lines, Lines, 0, 0), Counts(report));
        Assert.Equal("imported", (string?)report["files"]![0]!["status"]);
        Assert.Equal("ok", Scalar("PRAGMA integrity_check"));
        Assert.Equal((long)Lines, Scalar("SELECT coalesce(sum(rows), 0) FROM word_blocks"));
        Assert.Equal(1L, Scalar("SELECT count(*) FROM imports"));

        var evaluations = (await CommandLine.JsonAsync(DataFolder, "list", "evaluations")).AsArray();
        Assert.Equal(Enumerable.Repeat(SamplesPerGeneration, Generations), evaluations.Select(evaluation => (int)evaluation!["samples"]!));
    }

    [Fact]
    public async Task A_folder_that_is_imported_twice_adds_nothing_the_second_time()
    {
        var logs = Path.Combine(Repository.Root, "src", "Driftline.Web", "Demo", "gpt2-political-bias");
        var first = await CommandLine.JsonAsync(DataFolder, "import", logs);
        var before = await StateAsync();
        var second = await CommandLine.JsonAsync(DataFolder, "import", logs);

        Assert.Equal(6, first["files"]!.AsArray().Count);
        Assert.All(first["files"]!.AsArray(), file => Assert.Equal("imported", (string?)file!["status"]));
        Assert.All(second["files"]!.AsArray(), file => Assert.Equal("unchanged", (string?)file!["status"]));
        Assert.Equal((0, 0), (Counts(second).Written, Counts(second).Replaced));
        Assert.Equal(before, await StateAsync());
    }

    /// <summary>The shell's limit on the size of files stands in for a full disk: writing fails in the middle of the import.</summary>
    [Fact]
    public async Task A_database_that_cannot_grow_loses_nothing_and_takes_the_log_when_there_is_room_again()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Limits the size of files with a POSIX shell.");
        var root = Path.Combine(Repository.Root, "src", "Driftline.Web", "Demo", "microworld", "root-g00.jsonl.gz");
        await CommandLine.JsonAsync(DataFolder, "import", root);
        var before = (await CommandLine.JsonAsync(DataFolder, "list", "evaluations")).ToJsonString();
        var log = Path.Combine(_folder.FullName, "big.jsonl");
        await WriteLogAsync(log);

        const int Blocks = 4096;
        var start = new ProcessStartInfo("bash", ["-c", $"trap '' XFSZ; ulimit -f {Blocks}; exec \"$0\" \"$@\"", Repository.Program, "import", log, "--data-dir", DataFolder.FullName])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,

            // The runtime maps its code through a file that is larger than the limit.
            Environment = { ["DOTNET_EnableWriteXorExecute"] = "0" },
        };
        using var import = Process.Start(start)!;
        var output = import.StandardOutput.ReadToEndAsync();
        var error = await import.StandardError.ReadToEndAsync();
        await import.WaitForExitAsync();

        Assert.Equal((1, ""), (import.ExitCode, await output));
        Assert.Contains("driftline.db failed in the file system", error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
        Assert.Equal("ok", Scalar("PRAGMA integrity_check"));
        Assert.Equal(before, (await CommandLine.JsonAsync(DataFolder, "list", "evaluations")).ToJsonString());

        var report = await CommandLine.JsonAsync(DataFolder, "import", log);
        Assert.Equal((Lines, Lines, 0, 0), Counts(report));
    }

    private async Task<string> StateAsync()
    {
        var evaluations = await CommandLine.JsonAsync(DataFolder, "list", "evaluations");
        var series = await CommandLine.JsonAsync(DataFolder, "series", "--lineage", "gpt2-political-bias", "--measure", "js_distance", "--suite", "political_bias");
        return $"{evaluations}{series}{Scalar("SELECT coalesce(sum(rows), 0) FROM word_blocks")}";
    }

    /// <summary>Imports until so many rows have been written, then kills the process without a warning.</summary>
    private async Task KillWhenWrittenAsync(string log, int rows)
    {
        using var import = CommandLine.Start(DataFolder, "import", log);
        var output = import.StandardOutput.ReadToEndAsync();
        var error = import.StandardError.ReadToEndAsync();
        var watch = Stopwatch.StartNew();
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (!import.HasExited && !HasWritten(rows) && watch.Elapsed < Limit)
        {
            await look.WaitForNextTickAsync();
        }

        var inTime = !import.HasExited && watch.Elapsed < Limit;
        import.Kill();
        await import.WaitForExitAsync();
        Assert.True(inTime, $"the import ended, or hung, before {rows} rows were written: {await output}{await error}");
    }

    private bool HasWritten(int rows)
    {
        try
        {
            return File.Exists(Database)
                && Scalar("SELECT count(*) FROM imports WHERE status = 'writing'") is 1L
                && (long)Scalar("SELECT coalesce(sum(rows), 0) FROM word_blocks")! >= rows;
        }
        catch (SqliteException)
        {
            // The file is there before its tables are.
            return false;
        }
    }

    private object? Scalar(string sql)
    {
        using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = Database, Mode = SqliteOpenMode.ReadWrite, Pooling = false }.ToString());
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar();
    }

    private static (int Read, int Written, int Replaced, int Rejected) Counts(JsonNode report) =>
        ((int)report["rows_read"]!, (int)report["rows_written"]!, (int)report["rows_replaced"]!, (int)report["rows_rejected"]!);

    private static async Task WriteLogAsync(string path)
    {
        await using var log = new StreamWriter(path, append: false, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), bufferSize: 1 << 20);
        for (var line = 0; line < Lines; line++)
        {
            var (generation, sample) = Math.DivRem(line, SamplesPerGeneration);
            var quality = (sample * 7919 % 1000 / 1000.0) - (generation * 0.01);
            await log.WriteLineAsync(string.Create(
                CultureInfo.InvariantCulture,
                $$$"""{"schema_version":"1","type":"sample","lineage":"big","branch":"main","generation":{{{generation}}},"model":"big-g{{{generation}}}","task":"quality","sample_id":"q{{{sample}}}","output":"answer {{{line}}}","scores":{"quality":{{{quality:0.###}}}}}"""));
        }
    }
}
