using Driftline.Ingest.Files;

namespace Driftline.Ingest.Archives;

/// <summary>A log that is compressed as a whole though it has to be read back and forth: unpacked to a temporary file, which goes with this.</summary>
internal sealed class UnpackedLog : IDisposable
{
    private UnpackedLog(LogSource source) => Source = source;

    /// <summary>The same log as it is without its compression.</summary>
    public LogSource Source { get; }

    /// <summary>Unpacks a log; null where it is not compressed as a whole.</summary>
    /// <exception cref="LogRejectedException">It cannot be decompressed, or unfolds to too much.</exception>
    /// <exception cref="IOException">The disk is full.</exception>
    public static UnpackedLog? Of(LogSource source, ImportLimits limits, CancellationToken cancellationToken)
    {
        using var log = LogFile.Open(source, limits);
        if (!log.IsCompressed)
        {
            return null;
        }

        var unpacked = new UnpackedLog(source with { Path = Path.Combine(Path.GetTempPath(), $"driftline-{Guid.NewGuid():N}.tmp") });
        try
        {
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows())
            {
                // Others may look into that folder.
                options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            }

            using var file = new FileStream(unpacked.Source.Path, options);
            var block = new byte[1 << 20];
            for (int read; (read = log.Text.Read(block)) > 0;)
            {
                cancellationToken.ThrowIfCancellationRequested();
                file.Write(block.AsSpan(0, read));
            }

            return new UnpackedLog(unpacked.Source with { Bytes = file.Length });
        }
        catch
        {
            unpacked.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => File.Delete(Source.Path);
}
