namespace Driftline.Ingest.Archives;

/// <summary>The checksum of zip members (CRC-32, ISO-HDLC); the framework keeps its own to itself.</summary>
internal static class Crc32
{
    // Eight tables let eight bytes go in one step.
    private static readonly uint[][] Tables = CreateTables();

    /// <summary>The checksum of what went before and these bytes; 0 to begin with.</summary>
    public static uint Append(uint checksum, ReadOnlySpan<byte> bytes)
    {
        var c = ~checksum;
        while (bytes.Length >= 8)
        {
            var low = c ^ BitConverter.ToUInt32(bytes);
            c = Tables[7][low & 0xFF] ^ Tables[6][(low >> 8) & 0xFF] ^ Tables[5][(low >> 16) & 0xFF] ^ Tables[4][low >> 24]
                ^ Tables[3][bytes[4]] ^ Tables[2][bytes[5]] ^ Tables[1][bytes[6]] ^ Tables[0][bytes[7]];
            bytes = bytes[8..];
        }

        foreach (var b in bytes)
        {
            c = Tables[0][(c ^ b) & 0xFF] ^ (c >> 8);
        }

        return ~c;
    }

    private static uint[][] CreateTables()
    {
        var tables = new uint[8][];
        for (var t = 0; t < tables.Length; t++)
        {
            tables[t] = new uint[256];
            for (var i = 0u; i < 256; i++)
            {
                var c = t == 0 ? i : tables[t - 1][i];
                for (var bit = 0; bit < (t == 0 ? 8 : 0); bit++)
                {
                    c = (c & 1) != 0 ? 0xEDB88320u ^ (c >> 1) : c >> 1;
                }

                tables[t][i] = t == 0 ? c : tables[0][c & 0xFF] ^ (c >> 8);
            }
        }

        return tables;
    }
}
