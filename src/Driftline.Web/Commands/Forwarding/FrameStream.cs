namespace Driftline.Web.Commands.Forwarding;

/// <summary>
/// Standard output or standard error of a command that runs in a server: everything written becomes frames in the answer. Several
/// may share one answer, which takes one frame at a time.
/// </summary>
/// <param name="answer">The answer's body, which must allow to be written synchronously: commands write as to a terminal.</param>
/// <param name="turn">Locked for each frame; the same for all that share the answer.</param>
/// <param name="kind">What the frames are.</param>
internal sealed class FrameStream(Stream answer, Lock turn, FrameKind kind) : Stream
{
    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        if (buffer.Length > 0)
        {
            lock (turn)
            {
                CommandFrames.Write(answer, kind, buffer);
            }
        }
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        Write(buffer.Span);
        return ValueTask.CompletedTask;
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
    {
        Write(buffer.AsSpan(offset, count));
        return Task.CompletedTask;
    }

    public override void Flush()
    {
        lock (turn)
        {
            answer.Flush();
        }
    }

    public override Task FlushAsync(CancellationToken cancellationToken)
    {
        Flush();
        return Task.CompletedTask;
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
