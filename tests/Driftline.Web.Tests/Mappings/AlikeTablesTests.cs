using System.Text;
using Driftline.Ingest;
using Driftline.Web.Mappings;
using Driftline.Web.Options;
using Driftline.Web.Workers;

namespace Driftline.Web.Tests.Mappings;

public sealed class AlikeTablesTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("driftline-alike-");
    private readonly WaitingTables _tables;

    public AlikeTablesTests() => _tables = new WaitingTables(new DataFolder(new DriftlineOptions { DataDir = _folder.FullName }), TimeProvider.System);

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Tables_that_wait_with_the_same_columns_are_alike_in_whatever_order_they_stand()
    {
        var table = Add("gen_0.csv", "id,score\na,1\n");
        Add("gen_2.csv", "id,score\na,3\n");
        Add("gen_1.csv", "score,id\n2,a\n");
        Add("other.csv", "id,stars\na,3\n");
        Add("empty.csv", "");
        Add("dropped for itself.csv", "id,score\na,3\n", reason: null);

        var alike = await AlikeTables.FindAsync(_tables, table, ["id", "score"], new ReadOptions(), Xunit.TestContext.Current.CancellationToken);

        Assert.Equal(["gen_1.csv", "gen_2.csv"], alike.Select(other => other.Name));
    }

    private WaitingTable Add(string name, string content, string? reason = "It needs a mapping.")
    {
        var path = Path.Combine(_folder.FullName, name);
        File.WriteAllText(path, content, Encoding.UTF8);
        return _tables.Add(name, path, isSpooled: false, reason);
    }
}
