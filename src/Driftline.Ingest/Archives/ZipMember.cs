namespace Driftline.Ingest.Archives;

/// <summary>A member of a zip archive as its directory states it.</summary>
/// <param name="Name">Its path inside the archive. It only names: nothing is ever written to where it points.</param>
/// <param name="Method">How it is compressed: 0 not, 8 deflate, 93 Zstandard.</param>
/// <param name="IsEncrypted">Whether a password is needed.</param>
/// <param name="Checksum">CRC-32 of its bytes.</param>
/// <param name="CompressedBytes">Bytes in the archive.</param>
/// <param name="Bytes">Bytes that come out.</param>
/// <param name="HeaderOffset">Where its local header lies in the file.</param>
internal sealed record ZipMember(string Name, ushort Method, bool IsEncrypted, uint Checksum, long CompressedBytes, long Bytes, long HeaderOffset);
