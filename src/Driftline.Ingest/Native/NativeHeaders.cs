using System.Buffers.Binary;
using Driftline.Ingest.Batches;
using Driftline.Ingest.Json;
using Driftline.Ingest.Resolution;

namespace Driftline.Ingest.Native;

/// <summary>
/// Finds the run of a line by the raw bytes of its header keys, so that a header is understood once and not on every line that
/// repeats it.
/// </summary>
internal sealed class NativeHeaders(RunPlacement placement, NativeHeaderReader reader)
{
    // Type, escaped, length.
    private const int SliceHeaderBytes = 6;
    private const int MaxKept = 20_000;
    private const long MaxKeptBytes = 16L << 20;

    private readonly Dictionary<byte[], Placement> _placements = new(Utf8Comparer.Instance);
    private byte[] _key = new byte[1024];
    private Placement? _last;
    private int _forgotten;
    private long _keptBytes;

    /// <summary>The run of a line, or why it has none; a problem is noted on the line.</summary>
    public OpenBatch? Find(ReadOnlySpan<byte> text, NativeLine line)
    {
        if (_forgotten != placement.Forgotten || _placements.Count > MaxKept || _keptBytes > MaxKeptBytes)
        {
            _forgotten = placement.Forgotten;
            _placements.Clear();
            _keptBytes = 0;
            _last = null;
        }

        if (_last is null || !Equal(_last.Key, text, line))
        {
            _last = Look(text, line);
        }

        if (_last?.Problem is { } problem)
        {
            // The problem is about a missing key, so it has no column.
            line.FailMissing(problem.Reason);
        }

        return _last?.Run;
    }

    private Placement? Look(ReadOnlySpan<byte> text, NativeLine line)
    {
        // First the length: writing may put a larger array in the field.
        var length = WriteKey(text, line);
        var key = _key.AsSpan(0, length);
        var lookup = _placements.GetAlternateLookup<ReadOnlySpan<byte>>();
        if (lookup.TryGetValue(key, out var known))
        {
            return known;
        }

        if (!reader.TryRead(text, line, out var logged))
        {
            return null;
        }

        var placed = placement.TryPlace(logged, out var run, out var problem);
        known = new Placement(key.ToArray(), placed ? run : null, problem);
        _placements[known.Key] = known;
        _keptBytes += known.Key.Length;
        return known;
    }

    private int WriteKey(ReadOnlySpan<byte> text, NativeLine line)
    {
        var needed = NativeKeys.HeaderCount * SliceHeaderBytes;
        for (var i = 0; i < NativeKeys.HeaderCount; i++)
        {
            needed += line[(NativeKey)i].Length;
        }

        if (_key.Length < needed)
        {
            _key = new byte[needed * 2];
        }

        var at = 0;
        for (var i = 0; i < NativeKeys.HeaderCount; i++)
        {
            var slice = line[(NativeKey)i];
            _key[at] = (byte)slice.Type;
            _key[at + 1] = slice.Escaped ? (byte)1 : (byte)0;
            BinaryPrimitives.WriteInt32LittleEndian(_key.AsSpan(at + 2), slice.Length);
            text.Slice(slice.Start, slice.Length).CopyTo(_key.AsSpan(at + SliceHeaderBytes));
            at += SliceHeaderBytes + slice.Length;
        }

        return at;
    }

    private static bool Equal(byte[] key, ReadOnlySpan<byte> text, NativeLine line)
    {
        var at = 0;
        for (var i = 0; i < NativeKeys.HeaderCount; i++)
        {
            var slice = line[(NativeKey)i];
            if (key[at] != (byte)slice.Type
                || BinaryPrimitives.ReadInt32LittleEndian(key.AsSpan(at + 2)) != slice.Length
                || !key.AsSpan(at + SliceHeaderBytes, slice.Length).SequenceEqual(text.Slice(slice.Start, slice.Length)))
            {
                return false;
            }

            at += SliceHeaderBytes + slice.Length;
        }

        return true;
    }

    private sealed record Placement(byte[] Key, OpenBatch? Run, PlacementProblem? Problem);
}
