namespace Driftline.Ingest.Files;

/// <summary>The first bytes of a file and no more, so that what is read is what was hashed even if the file grows meanwhile.</summary>
internal sealed class BoundedStream(PatientFile file, long length) : ReadOnlyStream
{
    private long _read;

    public override long Position
    {
        get => _read;
        set => throw new NotSupportedException();
    }

    public override int Read(Span<byte> buffer)
    {
        var wanted = (int)Math.Min(buffer.Length, length - _read);
        if (wanted <= 0)
        {
            return 0;
        }

        var count = file.Read(buffer[..wanted], _read);
        _read += count;
        return count;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            file.Dispose();
        }

        base.Dispose(disposing);
    }
}
