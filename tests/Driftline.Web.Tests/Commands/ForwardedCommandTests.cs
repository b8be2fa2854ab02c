using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Driftline.Web.Commands;
using Driftline.Web.Live;
using Driftline.Web.Options;
using Driftline.Web.Workers;

namespace Driftline.Web.Tests.Commands;

/// <summary>Commands on the folder of a server that runs.</summary>
public sealed class ForwardedCommandTests : IAsyncLifetime
{
    private const string Line = """{"schema_version":"1","type":"sample","lineage":"l","generation":0,"model":"m","task":"t","sample_id":"1","scores":{"s":1}}""";

    private readonly CommandLine _driftline = new();
    private DriftlineApplication _server = null!;
    private ServerLock _lock = null!;

    private static CancellationToken Cancellation => Xunit.TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        var options = new DriftlineOptions { DataDir = _driftline.Folder, Urls = "http://127.0.0.1:0" };
        _lock = ServerLock.Acquire(new DataFolder(options));
        _server = DriftlineApplication.Create(options);
        await _server.StartAsync(Cancellation);
        _lock.Publish(_server.Addresses, _server.LocalToken);
    }

    public async ValueTask DisposeAsync()
    {
        _lock.Dispose();
        await _server.DisposeAsync();
        _driftline.Dispose();
    }

    [Fact]
    public async Task An_import_goes_through_the_queue_of_the_server()
    {
        var log = Path.Combine(_driftline.Folder, "new.jsonl");
        await File.WriteAllTextAsync(log, Line + "\n", Cancellation);
        var heard = new TaskCompletionSource();
        using var open = _server.Service<GenerationFeed>().Subscribe("l", () =>
        {
            heard.TrySetResult();
            return Task.CompletedTask;
        });

        var report = await _driftline.JsonAsync("import", log);

        Assert.Equal(1, report.GetProperty("rows_written").GetInt32());
        Assert.Equal(log, Assert.Single(_server.Service<ImportQueue>().Jobs).Name);
        await heard.Task.WaitAsync(TimeSpan.FromSeconds(30), Cancellation);
        Assert.Equal("l", Assert.Single((await _driftline.JsonAsync("list", "lineages")).EnumerateArray()).GetProperty("lineage").GetString());
    }

    [Fact]
    public async Task Standard_input_standard_error_and_the_exit_code_come_through()
    {
        var result = await _driftline.WithInputAsync($"{Line}\nnonsense\n", "import", "-", "--json");

        Assert.Equal(ExitCode.Partial, result.ExitCode);
        Assert.Equal("partial", result.Json.GetProperty("files")[0].GetProperty("status").GetString());
        Assert.Equal("standard input", Assert.Single(_server.Service<ImportQueue>().Jobs).Name);
        Assert.Empty(Directory.GetFiles(Path.Combine(_driftline.Folder, "incoming")));
        var unknown = await _driftline.RunAsync("series", "--lineage", "nöwhere", "--measure", "rate");
        Assert.Equal((ExitCode.Failure, ""), (unknown.ExitCode, unknown.Output));
        Assert.StartsWith("driftline: no lineage is called \"nöwhere\"", unknown.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Relative_paths_start_from_the_folder_of_whoever_types()
    {
        var runs = Directory.CreateDirectory(Path.Combine(_driftline.Folder, "elsewhere", "runs"));
        await File.WriteAllTextAsync(Path.Combine(runs.FullName, "a.jsonl"), Line + "\n", Cancellation);
        var error = new StringWriter();
        var console = new CommandConsole(new StringWriter(), error, () => Stream.Null) { WorkingFolder = runs.Parent!.FullName };

        var code = await DriftlineCommand.RunAsync(["import", "runs", "--data-dir", _driftline.Folder], console, Cancellation);

        Assert.True(code == ExitCode.Success, error.ToString());
        Assert.Equal(Path.Combine("runs", "a.jsonl"), Assert.Single(_server.Service<ImportQueue>().Jobs).Name);
    }

    [Fact]
    public async Task A_command_that_is_cancelled_cancels_its_imports()
    {
        using var cancellation = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var console = new CommandConsole(new StringWriter(), new StringWriter(), () => new EndlessLog(Line)) { WorkingFolder = _driftline.Folder };
        var running = DriftlineCommand.RunAsync(["import", "-", "--data-dir", _driftline.Folder], console, cancellation.Token);
        var incoming = Path.Combine(_driftline.Folder, "incoming");
        await Eventually.UntilAsync("the log begins to come in", () => Directory.Exists(incoming) && Directory.GetFiles(incoming).Length > 0);

        await cancellation.CancelAsync();

        Assert.Equal(ExitCode.Failure, await running);
        await Eventually.UntilAsync("what came in is gone", () => Directory.GetFiles(incoming).Length == 0);

        Assert.Empty(_server.Service<ImportQueue>().Jobs);
    }

    [Fact]
    public async Task A_backup_is_written_while_serving_and_restored_only_when_nobody_serves()
    {
        await _driftline.WithInputAsync(Line + "\n", "import", "-");
        var backup = Path.Combine(_driftline.Folder, "copy.db");

        var written = await _driftline.JsonAsync("backup", backup);

        Assert.Equal(new FileInfo(backup).Length, written.GetProperty("bytes").GetInt64());
        var again = await _driftline.RunAsync("backup", backup);
        Assert.Equal(ExitCode.Failure, again.ExitCode);
        Assert.Contains("--force", again.Error, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Success, (await _driftline.RunAsync("backup", backup, "--force")).ExitCode);
        Assert.True((await _driftline.JsonAsync("verify")).GetProperty("ok").GetBoolean());
        var refused = await _driftline.RunAsync("restore", backup);
        Assert.Equal(ExitCode.Failure, refused.ExitCode);
        Assert.Contains("a server has the database open", refused.Error, StringComparison.Ordinal);

        await _server.DisposeAsync();
        _lock.Dispose();
        var restored = await _driftline.JsonAsync("restore", backup);

        Assert.True(File.Exists(restored.GetProperty("replaced").GetString()));
        Assert.Single((await _driftline.JsonAsync("list", "lineages")).EnumerateArray());
    }

    [Fact]
    public async Task From_another_machine_logs_are_posted_and_reads_forwarded()
    {
        using var elsewhere = new CommandLine();
        var log = Path.Combine(elsewhere.Folder, "remote.jsonl");
        await File.WriteAllTextAsync(log, Line + "\nnonsense\n", Cancellation);
        string[] server = ["--server", _server.Addresses.Single(), "--token", _server.LocalToken];

        var import = await elsewhere.RunAsync(["import", log, "--lineage", "überall", "--json", .. server]);

        Assert.True(import.ExitCode == ExitCode.Partial, import.Error);
        Assert.Equal((log, "partial"), (import.Json.GetProperty("files")[0].GetProperty("path").GetString(), import.Json.GetProperty("files")[0].GetProperty("status").GetString()));
        Assert.Equal("überall", Assert.Single((await elsewhere.JsonAsync(["list", "lineages", .. server])).EnumerateArray()).GetProperty("lineage").GetString());
        Assert.False(File.Exists(Path.Combine(elsewhere.Folder, "driftline.db")));
        var file = await elsewhere.RunAsync(["backup", "copy.db", .. server]);
        Assert.Equal(ExitCode.Usage, file.ExitCode);
        Assert.Contains("run it on the machine of the server", file.Error, StringComparison.Ordinal);
        var refused = await elsewhere.RunAsync("list", "lineages", "--server", _server.Addresses.Single(), "--token", "wrong");
        Assert.Equal(ExitCode.Failure, refused.ExitCode);
        Assert.DoesNotContain("wrong", refused.Error, StringComparison.Ordinal);
        var nobody = await elsewhere.RunAsync("import", log, "--server", "http://127.0.0.1:1");
        Assert.Contains("does not answer", nobody.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("wrong")]
    public async Task Without_the_token_nothing_runs(string? token)
    {
        using var http = new HttpClient { BaseAddress = new Uri(_server.Addresses.Single()) };
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/commands")
        {
            Content = new StringContent("""{"arguments":["list","lineages"],"working_folder":"/"}""" + "\n", Encoding.UTF8),
        };
        request.Headers.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);

        using var answer = await http.SendAsync(request, Cancellation);

        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
    }

    [Fact]
    public async Task A_server_does_not_serve_inside_itself()
    {
        using var http = new HttpClient { BaseAddress = new Uri(_server.Addresses.Single()) };
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/commands")
        {
            Content = new StringContent("""{"arguments":["demo"],"working_folder":"/"}""" + "\n", Encoding.UTF8),
        };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", _server.LocalToken);

        using var answer = await http.SendAsync(request, Cancellation);

        Assert.Contains("demo does not run inside a server", await answer.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
    }

    /// <summary>A log that never ends.</summary>
    private sealed class EndlessLog(string line) : MemoryStream(Encoding.UTF8.GetBytes(line + "\n"))
    {
        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            await Task.Yield();
            cancellationToken.ThrowIfCancellationRequested();
            Position %= Length;
            return Read(buffer.Span);
        }

        public override async Task CopyToAsync(Stream destination, int bufferSize, CancellationToken cancellationToken)
        {
            var buffer = new byte[bufferSize];
            while (true)
            {
                await destination.WriteAsync(buffer.AsMemory(0, await ReadAsync(buffer, cancellationToken)), cancellationToken);
            }
        }
    }
}
