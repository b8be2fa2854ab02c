using System.Xml.Linq;

namespace Driftline.Core.Tests.Architecture;

/// <summary>The projects under src depend on each other in one direction only, as their project files say.</summary>
public sealed class DependencyDirectionTests
{
    private static readonly Dictionary<string, string[]> AllowedReferences = new(StringComparer.Ordinal)
    {
        ["Driftline.Core"] = [],
        ["Driftline.Ingest"] = ["Driftline.Core"],
        ["Driftline.Storage"] = ["Driftline.Core"],
        ["Driftline.Storage.Sqlite"] = ["Driftline.Core", "Driftline.Storage"],
        ["Driftline.Storage.Design"] = ["Driftline.Storage", "Driftline.Storage.Sqlite"],
        ["Driftline.Web"] = ["Driftline.Core", "Driftline.Ingest", "Driftline.Storage", "Driftline.Storage.Sqlite"],
    };

    private static readonly DirectoryInfo Sources = FindSources();

    public static TheoryData<string> Projects => [.. Sources.EnumerateDirectories("Driftline.*").Select(folder => folder.Name)];

    [Theory]
    [MemberData(nameof(Projects))]
    public void A_project_references_only_what_lies_below_it(string project)
    {
        Assert.True(AllowedReferences.TryGetValue(project, out var allowed), $"{project} has no place in the order yet.");

        var references = Items(project, "ProjectReference").Select(path => Path.GetFileNameWithoutExtension(path.Replace('\\', '/')));

        Assert.Empty(references.Except(allowed, StringComparer.Ordinal));
    }

    [Fact]
    public void Core_knows_neither_a_database_nor_a_web_server()
    {
        string[] foreign = ["EntityFrameworkCore", "AspNetCore", "Sqlite", "Npgsql", "Radzen"];
        var known = Items("Driftline.Core", "PackageReference")
            .Concat(Items("Driftline.Core", "FrameworkReference"))
            .Append(Document("Driftline.Core").Root!.Attribute("Sdk")!.Value)
            .Append(File.ReadAllText(Path.Combine(Sources.FullName, "Driftline.Core", "packages.lock.json")));

        Assert.All(known, text => Assert.All(foreign, name => Assert.DoesNotContain(name, text, StringComparison.OrdinalIgnoreCase)));
        Assert.DoesNotContain(
            typeof(Core.Lineages.NodeKey).Assembly.GetReferencedAssemblies(),
            assembly => foreign.Any(name => assembly.Name!.Contains(name, StringComparison.OrdinalIgnoreCase)));
    }

    private static IEnumerable<string> Items(string project, string kind)
    {
        return Document(project).Descendants(kind).Select(item => item.Attribute("Include")!.Value);
    }

    private static XDocument Document(string project)
    {
        return XDocument.Load(Path.Combine(Sources.FullName, project, project + ".csproj"));
    }

    private static DirectoryInfo FindSources()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Dashboard.sln")))
            {
                return new DirectoryInfo(Path.Combine(folder.FullName, "src"));
            }
        }

        throw new DirectoryNotFoundException($"No folder above {AppContext.BaseDirectory} has Dashboard.sln.");
    }
}
