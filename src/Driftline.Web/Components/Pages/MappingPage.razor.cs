using System.Text.Json.Nodes;
using Driftline.Core.Figures;
using Driftline.Ingest;
using Driftline.Ingest.Columns;
using Driftline.Storage;
using Driftline.Web.Components.Imports;
using Driftline.Web.Components.Imports.Mapping;
using Driftline.Web.Mappings;
using Driftline.Web.Options;
using Driftline.Web.Workers;
using Microsoft.AspNetCore.Components;

namespace Driftline.Web.Components.Pages;

/// <summary>The mapping wizard: a table's first rows, what each column is, and what an import would store. Table and saved mapping are in the address.</summary>
public sealed partial class MappingPage : IDisposable
{
    private const int NamedAlike = 3;
    private const int ShownRows = 50;
    private const int LookedRows = 20_000;
    private static readonly TimeSpan Settling = TimeSpan.FromMilliseconds(200);

    private MappingWork _work = null!;
    private WaitingTable? _table;
    private WaitingTable? _joined;
    private IReadOnlyList<WaitingTable> _alike = [];
    private bool _takesAlike = true;
    private NamedMapping? _opened;
    private MappingGuess? _guess;
    private TrialOutcome? _outcome;
    private CancellationTokenSource? _trial;
    private string? _problem;
    private string? _lookedAs;
    private bool _loading = true;
    private bool _running;
    private Task _tried = Task.CompletedTask;
    private (Guid? File, string? Mapping)? _shown;

    /// <summary>The table, by its id among those that wait.</summary>
    [SupplyParameterFromQuery(Name = "file")]
    public Guid? FileId { get; set; }

    /// <summary>The saved mapping to start from.</summary>
    [SupplyParameterFromQuery(Name = "mapping")]
    public string? MappingName { get; set; }

    [Inject]
    private WaitingTables Tables { get; set; } = null!;

    [Inject]
    private MappingStore Mappings { get; set; } = null!;

    [Inject]
    private MappingTrial Trial { get; set; } = null!;

    [Inject]
    private LineageQueries Lineages { get; set; } = null!;

    [Inject]
    private ImportQueue Queue { get; set; } = null!;

    [Inject]
    private DriftlineOptions Options { get; set; } = null!;

    [Inject]
    private NavigationManager Navigation { get; set; } = null!;

    private string TableNote
    {
        get
        {
            var preview = _work.Preview!;
            var rows = preview.IsWhole ? NumberFormat.Count(preview.RowsSeen, "row") : $"more than {NumberFormat.Count(preview.RowsSeen, "row")}";
            var shown = preview.RowsSeen > preview.Rows.Count || !preview.IsWhole ? $", the first {NumberFormat.Count(preview.Rows.Count)} shown" : "";
            return $"{preview.Format} · {NumberFormat.Bytes(_table!.Bytes)} · {NumberFormat.Count(preview.Columns.Count, "column")} · {rows}{shown}";
        }
    }

    /// <summary>Whether there is something to keep: a table's mapping, an opened or a pasted one.</summary>
    private bool HasMapping => _table is not null || _opened is not null || _work.Draft.Document.Count > 0;

    private TrialSuite? ShownSuite
    {
        get
        {
            var name = _work.Draft.Constant("suite");
            return _outcome?.Suites.FirstOrDefault(suite => suite.Definition.Name == name) ?? (_outcome is { Suites: [var first, ..] } ? first : null);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _trial?.Cancel();
        _trial?.Dispose();
    }

    /// <inheritdoc/>
    protected override async Task OnParametersSetAsync()
    {
        if (_shown == (FileId, MappingName))
        {
            return;
        }

        _shown = (FileId, MappingName);
        _loading = true;
        (_problem, _outcome, _guess, _opened, _joined, _lookedAs) = (null, null, null, null, null, null);
        (_alike, _takesAlike) = ([], true);
        _table = FileId is { } id ? Tables.Find(id) : null;
        if (FileId is not null && _table is null)
        {
            _problem = "The file is not here any more: it has been imported, or has waited for more than a day. Drop it again.";
        }

        _work = new MappingWork { Draft = new MappingDraft([]), Changed = ChangedAsync, Lineages = [.. (await Lineages.LineagesAsync(CancellationToken.None)).Select(lineage => lineage.Name)] };
        await OpenAsync();
        _loading = false;
        StartTrial();
    }

    private async Task OpenAsync()
    {
        var draft = FileId is { } id ? Tables.DraftOf(id) : null;
        if (MappingName is { Length: > 0 } name)
        {
            _opened = await Mappings.FindAsync(name, CancellationToken.None);
            _problem ??= _opened is null ? $"There is no saved mapping called \"{name}\"." : null;
        }

        if ((draft ?? _opened?.Saved.Json) is { } json)
        {
            _work.Draft = MappingDraft.Parse(json);
        }

        if (_table is null)
        {
            return;
        }

        await LookAsync();
        if (_work.Preview is { } preview)
        {
            _guess = _work.Guess = MappingGuess.Of(preview, _table.Name, _work.Lineages);
            if (draft is null && _opened is null)
            {
                _work.Draft = new MappingDraft(_guess.Mapping.DeepClone().AsObject());
            }

            _alike = await AlikeTables.FindAsync(Tables, _table, [.. preview.Columns.Select(column => column.Name)], Trial.Options, CancellationToken.None);
        }
    }

    /// <summary>Looks at the table, as the mapping says that it is written.</summary>
    private async Task LookAsync()
    {
        try
        {
            _lookedAs = WrittenAs();
            var options = Trial.Options with { Mapping = _lookedAs.Length > 0 ? FormatOnly() : null };
            _work.Preview = await TablePreview.ReadAsync(LogSource.FromFile(_table!.Path, _table.Name), options, ShownRows, LookedRows, CancellationToken.None);
        }
        catch (LogRejectedException wrong)
        {
            (_problem, _table, _work.Preview) = (wrong.Message, null, null);
        }
    }

    private string WrittenAs() => _work.Draft.Constant("format") + _work.Draft.Constant("delimiter");

    /// <summary>A mapping that says nothing but how the table is written; null where even that is wrong, which the trial says.</summary>
    private ColumnMapping? FormatOnly()
    {
        var only = new JsonObject { ["suite"] = "s", ["metrics"] = new JsonObject { ["m"] = "m" } };
        foreach (var key in new[] { "format", "delimiter" })
        {
            if (_work.Draft.Constant(key) is { } value)
            {
                only[key] = value;
            }
        }

        try
        {
            return ColumnMapping.Parse(only.ToJsonString());
        }
        catch (MappingException)
        {
            return null;
        }
    }

    private async Task ChangedAsync()
    {
        if (_table is not null)
        {
            Tables.Remember(_table.Id, _work.Draft.Json);
            if (WrittenAs() != _lookedAs)
            {
                await LookAsync();
            }
        }

        StartTrial();
        StateHasChanged();
    }

    private void StartTrial()
    {
        _trial?.Cancel();
        _trial?.Dispose();
        _trial = new CancellationTokenSource();
        _tried = RunTrialAsync(_trial.Token);
    }

    private async Task RunTrialAsync(CancellationToken cancellationToken)
    {
        try
        {
            _running = true;
            // Somebody who types does not want an answer to each letter.
            await Task.Delay(Settling, cancellationToken);
            var outcome = _table is { } table ? await Task.Run(() => Trial.RunAsync(table, _joined, _work.Draft.Json, cancellationToken), cancellationToken) : new TrialOutcome { Faults = Check(_work.Draft.Json) };
            cancellationToken.ThrowIfCancellationRequested();
            (_outcome, _work.Faults, _running) = (outcome, outcome.Faults, false);
            await InvokeAsync(StateHasChanged);
        }
        catch (OperationCanceledException)
        {
            // A newer trial is under way, or the page is gone.
        }
        catch (Exception exception)
        {
            _running = false;
            await DispatchExceptionAsync(exception);
        }
    }

    /// <summary>What is wrong with a mapping that has no table; an empty one has not been begun.</summary>
    private IReadOnlyList<MappingFault> Check(string json)
    {
        if (_work.Draft.Document.Count == 0)
        {
            return [];
        }

        try
        {
            ColumnMapping.Parse(json);
            return [];
        }
        catch (MappingException wrong)
        {
            return wrong.Faults;
        }
    }

    private async Task TakenAsync(IReadOnlyList<TakenLog> taken)
    {
        Navigation.NavigateTo($"imports/map?file={taken[0].Id}{(MappingName is { Length: > 0 } name ? $"&mapping={Uri.EscapeDataString(name)}" : "")}");
        if (taken.Count > 1)
        {
            await JoinAsync([taken[1]]);
        }
    }

    private async Task JoinAsync(IReadOnlyList<TakenLog> taken)
    {
        if (Tables.Find(taken[0].Id) is not { IsSpooled: true } joined)
        {
            return;
        }

        try
        {
            var file = joined.Name.Split('/', '\\')[^1];
            _work.Joined = await TablePreview.ReadAsync(LogSource.FromFile(joined.Path, joined.Name), Trial.Options, ShownRows, LookedRows, CancellationToken.None);
            _joined = joined with { Name = file };
            var known = JoinDraft.Of(_work.Draft);
            (known.Pairs.Count > 0 ? known with { File = file } : JoinDraft.Guess(_work.Draft, file, _work.Joined)).Write(_work.Draft);
        }
        catch (LogRejectedException wrong)
        {
            (_work.Joined, _joined) = (null, null);
            _work.Faults = [new MappingFault("join", wrong.Message)];
        }

        await ChangedAsync();
    }

    private Task WithoutJoinAsync()
    {
        if (_joined is { } joined)
        {
            Tables.Drop(joined.Id);
        }

        foreach (var column in _work.Joined?.Columns ?? [])
        {
            foreach (var use in _work.Preview!.Columns.Any(own => own.Name == column.Name) ? [] : _work.Draft.RolesOf(column.Name))
            {
                _work.Draft.Remove(column.Name, use);
            }
        }

        (_work.Joined, _joined) = (null, null);
        _work.Draft.Document.Remove("join");
        return ChangedAsync();
    }

    private void ChooseSuite(ChangeEventArgs change) => _work.Draft.Suite = int.TryParse(change.Value?.ToString(), out var suite) ? suite : null;

    private Task AddSuiteAsync()
    {
        _work.Draft.AddSuite();
        return ChangedAsync();
    }

    private Task RemoveSuiteAsync()
    {
        _work.Draft.RemoveSuite();
        return ChangedAsync();
    }

    private Task GuessAgainAsync()
    {
        _work.Draft = new MappingDraft(_guess!.Mapping.DeepClone().AsObject());
        return ChangedAsync();
    }

    private void Saved(NamedMapping saved) => _opened = saved;

    /// <summary>Whether other tables can go with this one: a generation that is said for all rows, or a second table, is of this one alone.</summary>
    private bool CanTakeAlike => _alike.Count > 0 && _joined is null && _work.Draft.Constant("generation") is null;

    private bool CanImport => _outcome is { HasRecords: true, Faults.Count: 0 };

    private async Task ImportAsync()
    {
        // Somebody who clicks while the last change is still being tried means the mapping with that change.
        for (var tried = Task.CompletedTask; tried != _tried;)
        {
            tried = _tried;
            await tried;
        }

        if (!CanImport)
        {
            return;
        }

        if (Tables.Take(_table!.Id) is not { } table)
        {
            (_problem, _table) = ("The file is not here any more: drop it again.", null);
            return;
        }

        var joined = _joined is null ? null : Tables.Take(_joined.Id);
        // Where the one that is shown would go was just looked at; what is guessed of the others is asked once more.
        Queue.Enqueue(Request(table) with { JoinedPath = joined?.Path, IsPlaced = true });
        foreach (var other in CanTakeAlike && _takesAlike ? _alike : [])
        {
            if (Tables.Take(other.Id) is { } taken)
            {
                Queue.Enqueue(Request(taken));
            }
        }

        Navigation.NavigateTo("imports");
    }

    private static string Names(IReadOnlyList<WaitingTable> tables) =>
        string.Join(", ", tables.Take(NamedAlike).Select(table => table.Name)) + (tables.Count > NamedAlike ? ", …" : "");

    private ImportRequest Request(WaitingTable table)
    {
        var json = _work.Draft.Json;
        var isSaved = _opened?.Saved.Json == json;
        return new ImportRequest(table.Name, table.Path, NodeOverrides.None, isSaved ? null : ColumnMapping.Parse(json), DeleteWhenDone: table.IsSpooled)
        {
            MappingName = isSaved ? _opened!.Name : null,
            FromPage = true,
        };
    }
}
