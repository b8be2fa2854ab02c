using System.Diagnostics;
using System.Globalization;
using System.Text;
using Microsoft.Data.Sqlite;

namespace Driftline.E2E.Tests;

/// <summary>
/// Imports that are killed at random moments, while files are read and while measures are computed. An ordinary run kills a few times, at the
/// same moments each time; <c>DRIFTLINE_KILLS=100</c> kills so often, from another seed, which is printed: <c>DRIFTLINE_KILL_SEED</c> begins
/// there again.
/// </summary>
public sealed class KilledImportTests(ITestOutputHelper output) : IDisposable
{
    private const int UsualKills = 5;
    private const int UsualSeed = 1;

    // A folder is killed in so often before an import completes it.
    private const int MostKillsOfAFolder = 4;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("driftline-kill-");

    /// <inheritdoc/>
    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task An_import_that_is_killed_at_any_moment_leaves_every_file_wholly_in_or_out_and_the_next_completes_it()
    {
        var kills = Number("DRIFTLINE_KILLS");
        var seed = Number("DRIFTLINE_KILL_SEED") ?? (kills is null ? UsualSeed : Random.Shared.Next(1, int.MaxValue));
        var random = new Random(seed);
        output.WriteLine($"DRIFTLINE_KILL_SEED={seed}");
        var logs = await WriteLogsAsync();
        var whole = _folder.CreateSubdirectory("whole");
        var watch = Stopwatch.StartNew();
        Assert.Equal(0, (await ImportAsync(whole, logs)).ExitCode);
        var needed = watch.Elapsed;
        var wanted = State.Of(whole);
        Assert.Equal(7, wanted.Files.Count);
        Assert.True(wanted.Measurements.Count > 100, $"only {wanted.Measurements.Count} measurements");

        var (left, folders) = (kills ?? UsualKills, 0);
        var moments = new Dictionary<string, int>();
        while (left > 0)
        {
            var data = _folder.CreateSubdirectory($"data{folders++}");
            for (var kill = random.Next(1, MostKillsOfAFolder + 1); kill > 0 && left > 0;)
            {
                // The time of a whole import bends with the machine's load; what ended before it was killed does not count. It begins when the program has started.
                var after = needed * (.2 + (.8 * random.NextDouble()));
                var (isKilled, took) = await KillAsync(data, logs, after);
                if (!isKilled)
                {
                    // The first import of all may have been the slowest by far.
                    needed = took < needed ? took : needed;
                    if (State.Of(data).Files.Count == wanted.Files.Count)
                    {
                        break;
                    }

                    continue;
                }

                kill--;
                left--;
                var found = State.Of(data);
                var context = $"seed {seed}, {left} kills left, killed after {took.TotalSeconds:0.000} s of about {needed.TotalSeconds:0.000} s";
                Assert.True(found.Integrity == "ok", $"{context}: {found.Integrity}");
                Assert.All(found.Files, file => Assert.True(wanted.Files[file.Key] == file.Value, $"{context}: {file.Key} has {file.Value} of {wanted.Files[file.Key]}"));
                Assert.True(found.Evaluations.All(wanted.Evaluations.Contains), $"{context}: there is {string.Join("; ", found.Evaluations.Except(wanted.Evaluations))}");
                moments[found.Moment(wanted)] = moments.GetValueOrDefault(found.Moment(wanted)) + 1;
            }

            var completed = await ImportAsync(data, logs);
            Assert.True(completed.ExitCode == 0, $"seed {seed}: {completed.Error}");
            Assert.Equal(0, (await CommandLine.RunAsync(data, "verify")).ExitCode);
            var state = State.Of(data);
            Assert.Equal(wanted.Files.OrderBy(file => file.Key), state.Files.OrderBy(file => file.Key));
            Assert.Equal(wanted.Evaluations, state.Evaluations);
            Assert.Equal(wanted.Measurements, state.Measurements);
            Assert.Equal((0L, wanted.Samples), (state.Writing, state.Samples));
            data.Delete(recursive: true);
        }

        output.WriteLine($"{kills ?? UsualKills} kills in {folders} folders: {string.Join(", ", moments.OrderBy(moment => moment.Key).Select(moment => $"{moment.Value} {moment.Key}"))}");
    }

    private static int? Number(string variable) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), NumberStyles.Integer, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static Task<CommandResult> ImportAsync(DirectoryInfo data, DirectoryInfo logs) => CommandLine.RunAsync(data, "import", logs.FullName, "--lineage", "loop");

    /// <summary>Kills an import after a time, unless it has ended by then.</summary>
    private static async Task<(bool IsKilled, TimeSpan Took)> KillAsync(DirectoryInfo data, DirectoryInfo logs, TimeSpan after)
    {
        using var import = CommandLine.Start(data, "import", logs.FullName, "--lineage", "loop");
        var written = Task.WhenAll(import.StandardOutput.ReadToEndAsync(), import.StandardError.ReadToEndAsync());
        var watch = Stopwatch.StartNew();
        using var patience = new CancellationTokenSource(after);
        try
        {
            await import.WaitForExitAsync(patience.Token);
            Assert.True(import.ExitCode == 0, string.Concat(await written));
            return (false, watch.Elapsed);
        }
        catch (OperationCanceledException)
        {
            import.Kill();
            await import.WaitForExitAsync();
            await written;
            return (true, watch.Elapsed);
        }
    }

    /// <summary>Native logs of several generations and runs, a table with its mapping, and an Inspect log.</summary>
    private async Task<DirectoryInfo> WriteLogsAsync()
    {
        var logs = _folder.CreateSubdirectory("logs");
        for (var generation = 0; generation < 4; generation++)
        {
            var lines = new StringBuilder();
            for (var i = 0; i < 1000; i++)
            {
                lines.AppendLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $$$"""{"schema_version":"1","type":"sample","lineage":"loop","generation":{{{generation}}},"model":"g{{{generation}}}","task":"{{{(i % 2 == 0 ? "values" : "bias")}}}","run_id":"r{{{generation}}}","sample_id":"p{{{i}}}","input":"question {{{i}}}","output":"answer {{{i * generation}}}","answer":"{{{((i * 7) + generation) % 3}}}","options":["0","1","2"],"scores":{"quality":{{{(i * 31 % 17) + (generation / 4.0)}}}}}"""));
            }

            lines.AppendLine(CultureInfo.InvariantCulture, $$$"""{"schema_version":"1","type":"metric","lineage":"loop","generation":{{{generation}}},"model":"g{{{generation}}}","task":"values","run_id":"r{{{generation}}}","metric":"loss","value":{{{generation}}}.5}""");
            await File.WriteAllTextAsync(Path.Combine(logs.FullName, $"native{generation}.jsonl"), lines.ToString());
        }

        // The same run again: rows take the place of earlier ones, whole files at a time.
        await File.WriteAllTextAsync(Path.Combine(logs.FullName, "z-again.jsonl"), string.Concat(Enumerable.Range(0, 300).Select(i =>
            $$$"""{"schema_version":"1","type":"sample","lineage":"loop","generation":3,"model":"g3","task":"values","run_id":"r3","sample_id":"p{{{2 * i}}}","input":"question {{{2 * i}}}","output":"again","answer":"1","options":["0","1","2"],"scores":{"quality":1}}""" + "\n")));
        var table = new StringBuilder("g,id,score\n");
        for (var i = 0; i < 1500; i++)
        {
            table.AppendLine(CultureInfo.InvariantCulture, $"{i % 3},row{i / 3},{i % 11}");
        }

        await File.WriteAllTextAsync(Path.Combine(logs.FullName, "table.csv"), table.ToString());
        await File.WriteAllTextAsync(
            Path.Combine(logs.FullName, "table.mapping.json"), """{"generation":{"column":"g"},"model":"g{generation}","suite":"scores","sample_id":{"column":"id"},"scores":{"score":"score"}}""");
        var inspect = Path.Combine(logs.FullName, "gen_2");
        Directory.CreateDirectory(inspect);
        File.Copy(
            Path.Combine(Repository.Root, "tests", "Driftline.Ingest.Tests", "Fixtures", "inspect", "2025-09-15T15-04-34-04-00_popularity_CuCFPdqnwXupUkxp69nJ2a.eval"),
            Path.Combine(inspect, "popularity.eval"));
        await File.WriteAllTextAsync(Path.Combine(logs.FullName, "README.md"), "no log");
        return logs;
    }

    /// <summary>What a database holds, without ids, which follow the order in which things came.</summary>
    private sealed record State(
        string Integrity, Dictionary<string, string> Files, SortedSet<string> Evaluations, SortedSet<string> Measurements, long Writing, long Samples)
    {
        public static State Of(DirectoryInfo data)
        {
            var path = Path.Combine(data.FullName, "driftline.db");
            if (!File.Exists(path))
            {
                return new State("ok", [], [], [], 0, 0);
            }

            using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Mode = SqliteOpenMode.ReadWrite, Pooling = false }.ToString());
            connection.Open();
            var integrity = string.Join("; ", Rows(connection, "PRAGMA integrity_check"));
            if (Rows(connection, "SELECT name FROM sqlite_master WHERE name = 'replaced_metrics'").Count == 0)
            {
                // Killed before its tables were all there.
                return new State(integrity, [], [], [], 0, 0);
            }

            // A file is what its report says, and the rows and metrics that name it.
            var files = Rows(connection, """
                SELECT i.file_name || '|' || i.status || ' ' || i.rows_written || ' rows, '
                    || (SELECT coalesce(sum(p.rows), 0) FROM parts p WHERE p.import_id = i.id) || ' samples, '
                    || (SELECT count(*) FROM reported_metrics m WHERE m.import_id = i.id) || ' metrics, '
                    || (SELECT count(*) FROM import_nodes n WHERE n.import_id = i.id) || ' models'
                FROM imports i WHERE i.status <> 'writing'
                """).Select(row => row.Split('|')).ToDictionary(row => row[0], row => row[1]);
            var evaluations = Rows(connection, """
                SELECT l.name || ' ' || n.branch || ' ' || n.generation || ' ' || s.name || ' ' || e.run_id || ' ' || e.samples || ' ' || e.status || ' ' || e.is_current
                FROM evaluations e
                JOIN lineages l ON l.id = e.lineage_id
                JOIN nodes n ON n.lineage_id = e.lineage_id AND n.id = e.node_id
                JOIN suites s ON s.lineage_id = e.lineage_id AND s.id = e.suite_id
                """);
            var measurements = Rows(connection, """
                SELECT l.name || ' ' || n.branch || ' ' || n.generation || ' ' || s.name || ' ' || r.measure || ' ' || r.baseline || ' ' || m.slice || ' ' || m.status
                    || ' ' || coalesce(printf('%.9g', m.value), '') || ' ' || coalesce(printf('%.9g', m.lo), '') || ' ' || coalesce(printf('%.9g', m.hi), '')
                FROM measurements m
                JOIN measure_runs r ON r.lineage_id = m.lineage_id AND r.id = m.run_id
                JOIN lineages l ON l.id = r.lineage_id
                JOIN nodes n ON n.lineage_id = r.lineage_id AND n.id = r.node_id
                JOIN suites s ON s.lineage_id = r.lineage_id AND s.id = r.suite_id
                """);
            return new State(
                integrity,
                files,
                new SortedSet<string>(evaluations, StringComparer.Ordinal),
                new SortedSet<string>(measurements, StringComparer.Ordinal),
                Rows(connection, "SELECT count(*) FROM imports WHERE status = 'writing'").Select(long.Parse).Single(),
                Rows(connection, "SELECT coalesce(sum(rows), 0) FROM word_blocks").Select(long.Parse).Single());
        }

        /// <summary>When the kill came, by what it left.</summary>
        public string Moment(State whole) =>
            Writing > 0 ? "while a file was written"
            : Files.Count == 0 ? "before the first file"
            : Files.Count < whole.Files.Count ? "between files"
            : Measurements.Count < whole.Measurements.Count ? "while measures were computed"
            : "at the end";

        private static List<string> Rows(SqliteConnection connection, string sql)
        {
            using var command = connection.CreateCommand();
            command.CommandText = sql;
            using var reader = command.ExecuteReader();
            var rows = new List<string>();
            while (reader.Read())
            {
                rows.Add(reader.GetValue(0).ToString()!);
            }

            return rows;
        }
    }
}
