using System.Buffers.Binary;

namespace Driftline.Web.Commands.Forwarding;

/// <summary>What a frame of a running command's answer carries.</summary>
internal enum FrameKind : byte
{
    /// <summary>UTF-8 for standard output.</summary>
    Output = 1,

    /// <summary>UTF-8 for standard error.</summary>
    Error = 2,

    /// <summary>The exit code, int32; the last frame.</summary>
    Exit = 3,
}

/// <summary>
/// What a command that runs in a server sends while it runs: frames of one byte for their kind, four for the length of what
/// follows, and that; numbers are little-endian. An answer without an exit frame broke off.
/// </summary>
internal static class CommandFrames
{
    /// <summary>The media type of the answer.</summary>
    public const string MediaType = "application/vnd.driftline.frames";

    private const int HeadLength = 5;

    /// <summary>Writes a frame.</summary>
    public static void Write(Stream stream, FrameKind kind, ReadOnlySpan<byte> body)
    {
        Span<byte> head = stackalloc byte[HeadLength];
        head[0] = (byte)kind;
        BinaryPrimitives.WriteInt32LittleEndian(head[1..], body.Length);
        stream.Write(head);
        stream.Write(body);
    }

    /// <summary>Reads the frames until the exit code.</summary>
    /// <returns>The exit code; null when the answer broke off.</returns>
    public static async Task<int?> ReadAsync(Stream stream, Action<FrameKind, ReadOnlyMemory<byte>> take, CancellationToken cancellationToken)
    {
        var head = new byte[HeadLength];
        var body = new byte[1 << 16];
        while (await stream.ReadAtLeastAsync(head, HeadLength, throwOnEndOfStream: false, cancellationToken) == HeadLength)
        {
            var kind = (FrameKind)head[0];
            var left = BinaryPrimitives.ReadInt32LittleEndian(head.AsSpan(1));
            if (kind == FrameKind.Exit)
            {
                await stream.ReadExactlyAsync(body.AsMemory(0, sizeof(int)), cancellationToken);
                return BinaryPrimitives.ReadInt32LittleEndian(body);
            }

            // A frame may be of any length; it is passed on as it comes.
            while (left > 0)
            {
                var read = await stream.ReadAsync(body.AsMemory(0, Math.Min(left, body.Length)), cancellationToken);
                if (read == 0)
                {
                    return null;
                }

                take(kind, body.AsMemory(0, read));
                left -= read;
            }
        }

        return null;
    }
}
