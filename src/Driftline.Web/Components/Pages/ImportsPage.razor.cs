using System.Globalization;
using Driftline.Storage;
using Driftline.Storage.Queries;
using Driftline.Web.Api.Documents;
using Microsoft.AspNetCore.Components;

namespace Driftline.Web.Components.Pages;

/// <summary>What comes in, how it fares, and what came in before. Page and open report are in the address.</summary>
public sealed partial class ImportsPage
{
    private const int PageSize = 50;
    private IReadOnlyList<ImportSummary>? _imports;
    private FileDocument? _report;
    private bool _more;
    private int _page = 1;

    /// <summary>The page of past imports, from 1.</summary>
    [SupplyParameterFromQuery(Name = "page")]
    public int? PageNumber { get; set; }

    /// <summary>The import whose report is open.</summary>
    [SupplyParameterFromQuery(Name = "import")]
    public long? Open { get; set; }

    [Inject]
    private ImportStore Imports { get; set; } = null!;

    /// <inheritdoc/>
    protected override Task OnParametersSetAsync()
    {
        _page = Math.Clamp(PageNumber ?? 1, 1, int.MaxValue / PageSize);
        return LoadAsync();
    }

    private static string PageLink(int page)
    {
        return page > 1 ? string.Create(CultureInfo.InvariantCulture, $"imports?page={page}") : "imports";
    }

    /// <summary>As cards, a row that says nothing is left out.</summary>
    private static string NumberClass(long count)
    {
        return count == 0 ? "number absent" : "number";
    }

    private async Task LoadAsync()
    {
        // One more than is shown says whether there is a further page.
        var listed = await Imports.ListAsync((_page - 1) * PageSize, PageSize + 1, CancellationToken.None);
        var report = Open is { } id ? await ReportAsync(id) : null;
        _imports = [.. listed.Take(PageSize)];
        _more = listed.Count > PageSize;
        _report = report;
    }

    private async Task<FileDocument?> ReportAsync(long id)
    {
        var import = await Imports.GetAsync(id, CancellationToken.None);
        return import is null ? null : FileDocument.Of(import) with { Errors = await Imports.ErrorsAsync(id, CancellationToken.None) };
    }

    private string LinkTo(ImportSummary import)
    {
        var address = PageLink(_page);
        return import.Id == Open
            ? address
            : string.Create(CultureInfo.InvariantCulture, $"{address}{(_page > 1 ? '&' : '?')}import={import.Id}");
    }
}
