using System.Reflection;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Driftline.Ingest.Files;

/// <summary>
/// The few functions of the system's libzstd that decompress a stream (https://facebook.github.io/zstd/zstd_manual.html). The
/// framework has none of its own before .NET 11; then this can go.
/// </summary>
internal static partial class LibZstd
{
    private const string Library = "zstd";

    private static readonly string[] Names = OperatingSystem.IsWindows()
        ? ["libzstd.dll", "zstd.dll"]
        : OperatingSystem.IsMacOS()
            ? ["libzstd.1.dylib", "/opt/homebrew/lib/libzstd.1.dylib", "/usr/local/lib/libzstd.1.dylib"]
            : ["libzstd.so.1", "libzstd.so"];

    private static readonly Lazy<nint> Loaded = new(Load);

    static LibZstd() => NativeLibrary.SetDllImportResolver(
        typeof(LibZstd).Assembly, (name, _, _) => name == Library ? Loaded.Value : nint.Zero);

    /// <summary>Whether the machine has the library.</summary>
    public static bool IsThere => Loaded.Value != nint.Zero;

    /// <summary>A new decompressor.</summary>
    public static Decompressor Create() => ZSTD_createDCtx();

    /// <summary>Decompresses a piece.</summary>
    /// <param name="context">The decompressor.</param>
    /// <param name="source">What goes in.</param>
    /// <param name="destination">Where it comes out.</param>
    /// <param name="read">Bytes taken.</param>
    /// <param name="written">Bytes that came out.</param>
    /// <returns>0 at the end of a frame, else how much more is wanted.</returns>
    /// <exception cref="InvalidDataException">The data are broken.</exception>
    public static unsafe nuint Decompress(Decompressor context, ReadOnlySpan<byte> source, Span<byte> destination, out int read, out int written)
    {
        fixed (byte* from = source)
        fixed (byte* to = destination)
        {
            var input = new Buffer { Start = (nint)from, Size = (nuint)source.Length };
            var output = new Buffer { Start = (nint)to, Size = (nuint)destination.Length };
            var result = ZSTD_decompressStream(context, ref output, ref input);
            if (ZSTD_isError(result) != 0)
            {
                throw new InvalidDataException($"Zstandard: {Marshal.PtrToStringUTF8(ZSTD_getErrorName(result))}");
            }

            read = (int)input.Position;
            written = (int)output.Position;
            return result;
        }
    }

    private static nint Load()
    {
        foreach (var name in Names)
        {
            if (NativeLibrary.TryLoad(name, Assembly.GetExecutingAssembly(), DllImportSearchPath.SafeDirectories, out var handle))
            {
                return handle;
            }
        }

        return nint.Zero;
    }

    [LibraryImport(Library)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial Decompressor ZSTD_createDCtx();

    [LibraryImport(Library)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial nuint ZSTD_freeDCtx(nint context);

    [LibraryImport(Library)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial nuint ZSTD_decompressStream(Decompressor context, ref Buffer output, ref Buffer input);

    [LibraryImport(Library)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial uint ZSTD_isError(nuint code);

    [LibraryImport(Library)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial nint ZSTD_getErrorName(nuint code);

    /// <summary>A decompressor of the library.</summary>
    public sealed class Decompressor() : SafeHandleZeroOrMinusOneIsInvalid(ownsHandle: true)
    {
        /// <inheritdoc/>
        protected override bool ReleaseHandle() => ZSTD_freeDCtx(handle) == 0;
    }

    /// <summary>ZSTD_inBuffer and ZSTD_outBuffer.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct Buffer
    {
        public nint Start;
        public nuint Size;
        public nuint Position;
    }
}
