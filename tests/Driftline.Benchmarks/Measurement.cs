using System.Diagnostics;

namespace Driftline.Benchmarks;

/// <summary>What a process cost from its start to its end.</summary>
/// <param name="WallSeconds">Elapsed time.</param>
/// <param name="CpuSeconds">Time of all cores, in the program and in the kernel.</param>
/// <param name="PeakMegabytes">Largest resident memory seen; polled, so a shorter peak is missed.</param>
/// <param name="Output">What it printed.</param>
internal sealed record Measurement(double WallSeconds, double CpuSeconds, double PeakMegabytes, string Output)
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(10);

    /// <summary>Runs a program to its end and measures it.</summary>
    /// <exception cref="InvalidOperationException">The program failed.</exception>
    public static async Task<Measurement> OfProcessAsync(string program, IEnumerable<string> arguments, CancellationToken cancellationToken)
    {
        var watch = Stopwatch.StartNew();
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { UseShellExecute = false, RedirectStandardOutput = true })!;
        var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
        var ended = process.WaitForExitAsync(cancellationToken);
        long peak = 0;
        var cpu = TimeSpan.Zero;
        while (await Task.WhenAny(ended, Task.Delay(Poll, cancellationToken)) != ended)
        {
            try
            {
                process.Refresh();
                peak = Math.Max(peak, process.PeakWorkingSet64);
                cpu = process.TotalProcessorTime;
            }
            catch (InvalidOperationException)
            {
                // It ended between the two; the last reading stands.
                break;
            }
        }

        await ended;
        var wall = watch.Elapsed;
        var printed = await output;
        return process.ExitCode == 0
            ? new Measurement(wall.TotalSeconds, cpu.TotalSeconds, peak / 1e6, printed)
            : throw new InvalidOperationException($"{program} ended with exit code {process.ExitCode}.");
    }

    public override string ToString()
    {
        return FormattableString.Invariant($"{WallSeconds,8:0.00} s wall {CpuSeconds,8:0.00} s CPU {PeakMegabytes,8:0} MB peak");
    }
}
