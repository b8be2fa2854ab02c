using System.Collections.Concurrent;
using System.Diagnostics;

namespace Driftline.E2E.Tests;

/// <summary>The real program as a server in a process of its own, on a free port of the loopback address and a data folder of its own.</summary>
public class DriftlineProgram : IAsyncLifetime
{
    private const string AddressPrefix = "Driftline is at ";
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(180);

    private readonly ConcurrentQueue<string> _log = new();
    private TaskCompletionSource<Uri> _address = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Process? _process;

    /// <summary>The data folder; removed at the end.</summary>
    public DirectoryInfo DataDirectory { get; } = Directory.CreateTempSubdirectory("driftline-e2e-");

    /// <summary>The address that the program printed.</summary>
    public Uri Address { get; private set; } = null!;

    /// <summary>What the program wrote so far, to both streams.</summary>
    public string Log => string.Join(Environment.NewLine, _log);

    /// <summary>The command that serves; nothing has been imported when it is <c>serve</c>.</summary>
    protected virtual string Command => "serve";

    /// <inheritdoc/>
    public ValueTask InitializeAsync() => StartAsync("http://127.0.0.1:0");

    /// <summary>Starts the program again, where it was.</summary>
    public ValueTask StartAgainAsync()
    {
        _address = new TaskCompletionSource<Uri>(TaskCreationOptions.RunContinuationsAsynchronously);
        return StartAsync(Address.GetLeftPart(UriPartial.Authority));
    }

    /// <summary>Kills the program as a crash would.</summary>
    public async Task KillAsync()
    {
        if (_process is not null)
        {
            _process.EnableRaisingEvents = false;
            if (!_process.HasExited)
            {
                _process.Kill(entireProcessTree: true);
            }

            await _process.WaitForExitAsync();
            _process.Dispose();
            _process = null;
        }
    }

    private async ValueTask StartAsync(string urls)
    {
        var start = new ProcessStartInfo(Repository.Program)
        {
            ArgumentList = { Command, "--urls", urls, "--data-dir", DataDirectory.FullName },
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            // Elsewhere than the sources and the program, as a user would be.
            WorkingDirectory = DataDirectory.FullName,
        };
        _process = new Process { StartInfo = start, EnableRaisingEvents = true };
        _process.OutputDataReceived += (_, line) => Read(line.Data);
        _process.ErrorDataReceived += (_, line) => Read(line.Data);
        _process.Exited += (_, _) => _address.TrySetException(new InvalidOperationException($"driftline ended before it served:{Environment.NewLine}{Log}"));
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        Address = await _address.Task.WaitAsync(StartLimit);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await KillAsync();
        DataDirectory.Delete(recursive: true);
    }

    private void Read(string? line)
    {
        if (line is null)
        {
            return;
        }

        _log.Enqueue(line);
        if (line.StartsWith(AddressPrefix, StringComparison.Ordinal))
        {
            _address.TrySetResult(new Uri(line[AddressPrefix.Length..]));
        }
    }
}
