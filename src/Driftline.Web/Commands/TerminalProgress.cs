using System.Diagnostics;
using System.Globalization;
using Driftline.Web.Workers;

namespace Driftline.Web.Commands;

/// <summary>One line on standard error that is written over as the import goes on; silent where nobody watches.</summary>
public sealed class TerminalProgress(TextWriter error, bool silent) : IProgress<BatchProgress>, IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);

    private readonly Stopwatch _sinceLast = Stopwatch.StartNew();
    private readonly Stopwatch _watch = Stopwatch.StartNew();
    private readonly Lock _gate = new();
    private int _width;

    /// <inheritdoc/>
    public void Report(BatchProgress value)
    {
        if (silent)
        {
            return;
        }

        lock (_gate)
        {
            if (_sinceLast.Elapsed < Interval)
            {
                return;
            }

            _sinceLast.Restart();
            Rewrite(Line(value));
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_width > 0)
        {
            Rewrite("");
            error.Write('\r');
        }
    }

    private string Line(BatchProgress value)
    {
        if (value.Measuring is { } lineage)
        {
            return $"computing measures of {lineage}: {value.Done} of {value.Total}";
        }

        var seconds = _watch.Elapsed.TotalSeconds;
        var rate = value.BytesRead / Math.Max(seconds, 0.001);
        var left = rate > 0 ? TimeSpan.FromSeconds((value.BytesTotal - value.BytesRead) / rate) : TimeSpan.Zero;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"file {value.Done + 1} of {value.Total}, {value.Rows:N0} rows, {rate / 1e6:0.0} MB/s, {(int)left.TotalMinutes}:{left.Seconds:00} left, {Path.GetFileName(value.File)}");
    }

    private void Rewrite(string line)
    {
        error.Write('\r' + line.PadRight(_width));
        error.Flush();
        _width = Math.Max(_width, line.Length);
    }
}
