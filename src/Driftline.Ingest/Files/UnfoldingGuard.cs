namespace Driftline.Ingest.Files;

/// <summary>Holds what a compressed log unfolds to within the limits.</summary>
internal sealed class UnfoldingGuard(LogSource source, ImportLimits limits)
{
    private const long RatioFrom = 64L << 20;

    /// <summary>Looks at how far it has come.</summary>
    /// <param name="unfolded">Bytes that came out.</param>
    /// <param name="compressed">Bytes that went in.</param>
    /// <exception cref="LogRejectedException">That is more than a log may unfold to.</exception>
    public void Check(long unfolded, long compressed)
    {
        if (unfolded > limits.MaxDecompressedBytes)
        {
            throw new LogRejectedException(
                $"{source.Name} unfolds to more than {limits.MaxDecompressedBytes} bytes; split it, or raise the limit of decompressed bytes.");
        }

        if (unfolded > RatioFrom && unfolded / limits.MaxDecompressionRatio > compressed)
        {
            throw new LogRejectedException(
                $"{source.Name} unfolds to more than {limits.MaxDecompressionRatio} times its size, as no log does; decompress it yourself if you trust it.");
        }
    }
}
