using System.Reflection;

namespace Driftline.E2E.Tests;

/// <summary>Where the tests find what was built, and where they leave pictures.</summary>
internal static class Repository
{
    public static string Root { get; } = FindRoot();

    /// <summary>The built program, of the same configuration as the tests.</summary>
    public static string Program { get; } = Path.Combine(Root, Metadata("DriftlineProgram"));

    public static string Artifacts { get; } = Path.Combine(Root, "artifacts");

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Dashboard.sln")))
            {
                return folder.FullName;
            }
        }

        throw new DirectoryNotFoundException($"No folder above {AppContext.BaseDirectory} has Dashboard.sln.");
    }

    private static string Metadata(string key)
    {
        return typeof(Repository).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == key).Value!;
    }
}
