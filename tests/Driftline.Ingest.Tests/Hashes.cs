using System.Security.Cryptography;

namespace Driftline.Ingest.Tests;

internal static class Hashes
{
    public static string Of(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));
}
