using System.IO.Compression;
using System.Text;
using Driftline.Core.Imports;

namespace Driftline.Ingest.Tests;

/// <summary>Logs on disk for a test, removed afterwards.</summary>
public sealed class Logs : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("driftline-ingest-").FullName;

    /// <summary>The folder of the repository in which the demo's data lie.</summary>
    public static string Demo { get; } = Path.Combine(Root(), "src", "Driftline.Web", "Demo");

    /// <summary>The folder of logs of other programs.</summary>
    public static string Fixtures { get; } = Path.Combine(Root(), "tests", "Driftline.Ingest.Tests", "Fixtures");

    public string PathOf(string name) => Path.Combine(_folder, name);

    public LogSource Write(string name, string text) => Write(name, Encoding.UTF8.GetBytes(text));

    public LogSource Write(string name, byte[] bytes)
    {
        File.WriteAllBytes(PathOf(name), bytes);
        return LogSource.FromFile(PathOf(name), name);
    }

    public static byte[] Gzip(byte[] bytes)
    {
        using var zipped = new MemoryStream();
        using (var gzip = new GZipStream(zipped, CompressionLevel.Fastest))
        {
            gzip.Write(bytes);
        }

        return zipped.ToArray();
    }

    internal static async Task<(CollectingSink Sink, ImportOutcome Outcome)> ReadAsync(LogSource source, ReadOptions? options = null)
    {
        var sink = new CollectingSink();
        options ??= new ReadOptions();
        var reader = LogReaderRegistry.Default.Find(source, options);
        return (sink, await reader.ReadAsync(source, options, sink, progress: null, TestContext.Current.CancellationToken));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Dashboard.sln")))
        {
            folder = folder.Parent ?? throw new DirectoryNotFoundException("The tests run from inside the repository.");
        }

        return folder.FullName;
    }
}
