namespace Driftline.Benchmarks;

/// <summary>A folder that is gone when the benchmark is over.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    /// <summary>Its full path.</summary>
    public string FullName { get; } = Directory.CreateTempSubdirectory("driftline-benchmark-").FullName;

    /// <summary>Bytes of all files in a folder and below.</summary>
    public static long BytesIn(string folder) =>
        new DirectoryInfo(folder).EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => file.Length);

    /// <summary>The path of something in it.</summary>
    public string At(string name) => Path.Combine(FullName, name);

    public void Dispose() => Directory.Delete(FullName, recursive: true);
}
