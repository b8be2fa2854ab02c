using System.Globalization;
using Driftline.Core.Figures;
using Driftline.Storage;
using Driftline.Storage.Queries;
using Driftline.Storage.Samples;
using Driftline.Web.Api;
using Driftline.Web.Api.Figures;
using Driftline.Web.Components.Shared;
using Driftline.Web.Workers.Measuring;
using Microsoft.AspNetCore.Components;

namespace Driftline.Web.Components.Pages.Samples;

/// <summary>Every prompt at every generation: the list, and the open prompt with its answers side by side.</summary>
public sealed partial class SamplesPage : IDisposable
{
    private const int PageSize = 50;
    private const int MostSides = 4;

    private LineageScope? _loaded;
    private LineageSnapshot? _snapshot;
    private PromptFilter? _filter;
    private (string? Slice, long? Evaluation) _behaviour;
    private readonly Dictionary<(long Evaluation, long Baseline), IReadOnlySet<int>> _flipped = [];
    private IReadOnlyList<int> _matching = [];
    private CancellationTokenSource _loading = new();
    private SampleChoice _choice = new();
    private SampleContents? _shown;
    private SampleOptions _options = new();
    private int? _searched;

    /// <summary>The lineage and the view of it.</summary>
    [CascadingParameter]
    public required LineageScope Scope { get; set; }

    /// <summary>The lineage's name in the address; the layout has found it already.</summary>
    [Parameter]
    public string Lineage { get; set; } = "";

    [Inject]
    private LineageQueries Lineages { get; set; } = default!;

    [Inject]
    private SettingsStore Settings { get; set; } = default!;

    [Inject]
    private UsageStore Usage { get; set; } = default!;

    [Inject]
    private SampleQueries Samples { get; set; } = default!;

    [Inject]
    private BehaviourReader Behaviours { get; set; } = default!;

    [Inject]
    private BehaviourNames Names { get; set; } = default!;

    /// <inheritdoc />
    public void Dispose()
    {
        _loading.Cancel();
        _loading.Dispose();
    }

    /// <inheritdoc />
    protected override async Task OnParametersSetAsync()
    {
        var scope = Scope;
        if (scope == _loaded)
        {
            return;
        }

        var readAgain = _loaded is null || _loaded.Lineage.Id != scope.Lineage.Id || _loaded.Version != scope.Version;
        _loaded = scope;
        _choice = SampleChoice.Parse(scope.View.Other);
        await _loading.CancelAsync();
        _loading.Dispose();
        _loading = new CancellationTokenSource();
        var cancellation = _loading.Token;
        try
        {
            if (readAgain || _snapshot is null)
            {
                _snapshot = await LineageSnapshot.LoadAsync(Lineages, Settings, scope.Lineage.Id, cancellation);
                _filter = null;
                _options = new SampleOptions();
                _flipped.Clear();
            }

            var shown = await LoadAsync(scope, _snapshot, _choice, cancellation);
            if (_loaded != scope)
            {
                return;
            }

            if (shown is not { Rows.Count: > 0, HasAnswers: true })
            {
                _shown = shown;
                return;
            }

            var marking = FlippedAsync(scope.Lineage.Id, shown.Columns, cancellation);
            if (!marking.IsCompleted)
            {
                // Whole evaluations are compared for the marks; the rows are there before.
                _shown = shown;
                StateHasChanged();
            }

            var flipped = await marking;
            _shown = _loaded == scope ? shown.Marked(flipped) : _shown;
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // Another view was asked for meanwhile; its own load shows it.
        }
    }

    private async Task<SampleContents> LoadAsync(LineageScope scope, LineageSnapshot snapshot, SampleChoice choice, CancellationToken cancellation)
    {
        var suites = snapshot.Suites.Where(suite => snapshot.Nodes.Any(node => snapshot.Current(node.Id, suite.Id) is { Samples: > 0 })).ToList();
        // Answers that can flip say more than scores, so a suite that has them comes first where none is chosen.
        var suite = suites.Find(known => known.Definition.Name == choice.Suite) ?? suites.Find(known => known.Definition.Options.Count > 0) ?? suites.FirstOrDefault();
        var view = FigureRequest.ViewOf(scope.View);
        var lanes = FigureComposer.LanesOf(scope.Lineage, scope.Nodes).All.Where(view.Shows).ToList();
        // A chart of averages names the branch alone.
        var lane = lanes.Find(known => known.Label == choice.Line) ?? lanes.Find(known => known.Branch == choice.Line) ?? lanes.FirstOrDefault();
        if (suite is null || lane is null)
        {
            return new SampleContents { Suite = suite };
        }

        var all = SampleColumn.Of(scope, snapshot, suite, lane);
        var columns = SampleColumn.Fitting(all, choice.Generations.ToHashSet());
        var chosen = columns.FirstOrDefault(column => choice.Generations.Count > 0 && column.Generation == choice.Generations[0]) ?? (columns.Count > 0 ? columns[^1] : null);
        _options = _options with
        {
            Suites = [.. suites.Select(known => (known.Definition.Name, known.Definition.Name))],
            Lines = [.. lanes.Select(known => (known.Label, known.Label))],
            Generations = [.. all.Select(column => (Text(column.Generation), Text(column.Generation)))],
        };
        _options = await _options.OfSuiteAsync(scope.Lineage.Id, suite, Samples, Usage, Names, cancellation);

        var contents = new SampleContents
        {
            Suite = suite,
            Lane = lane,
            Columns = columns,
            Hidden = all.Count - columns.Count,
            Chosen = chosen,
        };
        _matching = await MatchingAsync(scope.Lineage.Id, contents, choice, cancellation);
        return await FilledAsync(scope.Lineage.Id, contents with { Matching = _matching }, choice, cancellation);
    }

    private async Task<SampleContents> FilledAsync(long lineage, SampleContents contents, SampleChoice choice, CancellationToken cancellation) =>
        (choice.Sample is null ? null : await WithOpenAsync(lineage, contents, choice, cancellation)) ?? await WithRowsAsync(lineage, contents, choice.Page, cancellation);

    /// <summary>Shows what a search has found so far, unless it has ended meanwhile.</summary>
    private async Task ShowFoundAsync(SearchProgress search, SampleContents contents, SampleChoice choice, CancellationToken cancellation)
    {
        try
        {
            var shown = await FilledAsync(Scope.Lineage.Id, contents, choice, cancellation);
            if (!search.IsOver && !cancellation.IsCancellationRequested && (shown.Rows.Count > 0 || shown.Open is not null))
            {
                _shown = shown;
                StateHasChanged();
            }
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // Another view was asked for meanwhile.
        }
        catch (Exception exception)
        {
            await DispatchExceptionAsync(exception);
        }
    }

    private async Task<IReadOnlyList<IReadOnlySet<int>>> FlippedAsync(long lineage, IReadOnlyList<SampleColumn> columns, CancellationToken cancellation)
    {
        var pairs = columns.Where(column => column.Baseline is not null).Select(PairOf).ToList();
        var unknown = pairs.Where(pair => !_flipped.ContainsKey(pair)).Distinct().ToList();
        if (unknown.Count > 0)
        {
            foreach (var (pair, prompts) in unknown.Zip(await Task.Run(() => Samples.FlippedAsync(lineage, unknown, cancellation), cancellation)))
            {
                _flipped[pair] = prompts;
            }
        }

        // What is not shown any more is not kept, so that the page's state stays small.
        foreach (var gone in _flipped.Keys.Except(pairs).ToList())
        {
            _flipped.Remove(gone);
        }

        return [.. columns.Select(column => column.Baseline is null ? new HashSet<int>() : _flipped[PairOf(column)])];

        static (long Evaluation, long Baseline) PairOf(SampleColumn column) => (column.Evaluation.Id, column.Baseline!.Id);
    }

    private async Task<IReadOnlyList<int>> MatchingAsync(
        long lineage, SampleContents contents, SampleChoice choice, CancellationToken cancellation)
    {
        var chosen = contents.Chosen;
        var filter = new PromptFilter
        {
            LineageId = lineage,
            Evaluations = [.. contents.Columns.Select(column => column.Evaluation.Id)],
            FlippedAgainst = choice.Flipped && chosen?.Baseline is { } baseline ? new Dictionary<long, long> { [chosen.Evaluation.Id] = baseline.Id } : null,
            Slice = BehaviourNames.NumberOf(choice.Slice) is null ? choice.Slice : null,
            Text = choice.Text,
            Where = choice.Conditions().Conditions.Count == 0 ? null : choice.Where,
        };
        if (_filter is { } before && Same(before, filter) && _behaviour == (choice.Slice, chosen?.Evaluation.Id))
        {
            return _matching;
        }

        var search = new SearchProgress(this, contents, choice, cancellation);
        try
        {
            // SQLite answers on the thread that asks, which is the circuit's.
            var matching = await Task.Run(() => Samples.FindAsync(filter, search, cancellation), cancellation);
            if (BehaviourNames.NumberOf(choice.Slice) is { } cluster && chosen is not null)
            {
                // No metadata say which behaviour an output is of: the chosen generation's outputs are assigned.
                var of = await Behaviours.PromptsAsync(Scope.Lineage.Name, chosen.Evaluation.Suite, chosen.Evaluation.Node, cluster, cancellation);
                matching = [.. (await Samples.PromptsAsync(lineage, matching, cancellation)).Where(prompt => of.Contains(prompt.SampleId)).Select(prompt => prompt.Id)];
            }

            (_filter, _behaviour) = (filter, (choice.Slice, chosen?.Evaluation.Id));
            return matching;
        }
        finally
        {
            search.IsOver = true;
            _searched = null;
        }
    }

    /// <summary>Whether two filters of one snapshot let the same prompts through, so that paging does not search again.</summary>
    private static bool Same(PromptFilter one, PromptFilter other) =>
        one.LineageId == other.LineageId && one.Slice == other.Slice && one.Text == other.Text && one.Where == other.Where && one.Evaluations.SequenceEqual(other.Evaluations)
        && (one.FlippedAgainst ?? new Dictionary<long, long>()).SequenceEqual(other.FlippedAgainst ?? new Dictionary<long, long>());

    private async Task<SampleContents> WithRowsAsync(long lineage, SampleContents contents, int wanted, CancellationToken cancellation)
    {
        var pages = Math.Max(1, (contents.Matching.Count + PageSize - 1) / PageSize);
        var page = Math.Min(wanted, pages);
        var ids = contents.Matching.Skip((page - 1) * PageSize).Take(PageSize).ToList();
        var prompts = await Samples.PromptsAsync(lineage, ids, cancellation);
        var answers = await Samples.AnswersAsync(lineage, [.. contents.Columns.Select(column => column.Evaluation.Id)], ids, cancellation);
        var rows = SampleRow.Of(prompts, contents.Columns, answers, contents.Suite!.Definition);
        var shown = contents with { Page = page, Pages = pages, Rows = rows, HasAnswers = rows.Count == 0 || answers.Any(answer => answer.Answer is not null) };
        return rows.Count > 0 && rows.All(row => row.Cells.All(cell => cell is null or { IsText: true })) ? WithTexts(shown) : shown;
    }

    /// <summary>Texts need room: only the chosen generations stay, beside what they are compared with.</summary>
    private SampleContents WithTexts(SampleContents contents)
    {
        var kept = contents.Columns.Index()
            .Where(column => column.Item == contents.Chosen || column.Item.Evaluation.Id == contents.Chosen?.Baseline?.Id || _choice.Generations.Contains(column.Item.Generation))
            .ToList();
        return contents with
        {
            Columns = [.. kept.Select(column => column.Item)],
            Hidden = contents.Hidden + contents.Columns.Count - kept.Count,
            Rows = [.. contents.Rows.Select(row => row with { Cells = [.. kept.Select(column => row.Cells[column.Index])] })],
        };
    }

    private async Task<SampleContents?> WithOpenAsync(long lineage, SampleContents contents, SampleChoice choice, CancellationToken cancellation)
    {
        var found = await Samples.FindPromptsAsync(lineage, contents.Suite!.Id, choice.Sample!, cancellation);
        var prompt = found.FirstOrDefault(known => known.Id == choice.Prompt) ?? found.FirstOrDefault(known => IndexOf(contents.Matching, known.Id) >= 0) ?? (found.Count > 0 ? found[0] : null);
        if (prompt is null || contents.Chosen is not { } chosen)
        {
            return null;
        }

        var looked = contents.Columns.Where(column => column == chosen || choice.Generations.Contains(column.Generation)).Take(MostSides).ToList();
        var baseline = chosen.Baseline is { } evaluation
            ? contents.Columns.FirstOrDefault(column => column.Evaluation.Id == evaluation.Id) ?? BaselineColumn(evaluation)
            : null;
        var sides = baseline is null ? looked : [baseline, .. looked.Where(column => column != baseline)];
        var answers = await Samples.AnswersAsync(lineage, [.. sides.Select(column => column.Evaluation.Id)], [prompt.Id], cancellation);
        var repeats = answers.Select(answer => answer.Repeat).Distinct().Order().ToList();
        var repeat = repeats.Contains(choice.Repeat) ? choice.Repeat : repeats.FirstOrDefault(1);
        var place = IndexOf(contents.Matching, prompt.Id);
        return contents with
        {
            Open = new OpenPrompt(
                prompt,
                SampleSide.Of(sides, answers, repeat, baseline is not null),
                repeats,
                repeat,
                place,
                place > 0 ? contents.Matching[place - 1] : null,
                place >= 0 && place + 1 < contents.Matching.Count ? contents.Matching[place + 1] : null),
        };
    }

    /// <summary>A baseline that is no generation of the line, such as one of another branch.</summary>
    private SampleColumn BaselineColumn(EvaluationSummary evaluation) => new(_snapshot!.Node(evaluation.NodeId), evaluation, null);

    private static int IndexOf(IReadOnlyList<int> ascending, int prompt)
    {
        var (low, high) = (0, ascending.Count - 1);
        while (low <= high)
        {
            var middle = low + ((high - low) / 2);
            if (ascending[middle] == prompt)
            {
                return middle;
            }

            (low, high) = ascending[middle] < prompt ? (middle + 1, high) : (low, middle - 1);
        }

        return -1;
    }

    private void Choose(Func<SampleChoice, SampleChoice> change) => Scope.Show(view => view with { Other = change(SampleChoice.Parse(view.Other)).ToQuery() });

    /// <summary>Puts a generation beside the others, or takes it away; the last one stays.</summary>
    private void Toggle(int generation)
    {
        var present = _shown?.Open?.Sides.Where(side => !side.IsBaseline).Select(side => side.Column.Generation).ToList() ?? [];
        IReadOnlyList<int> wanted = present.Contains(generation) ? [.. present.Where(each => each != generation)] : [.. present.TakeLast(MostSides - 1), generation];
        if (wanted.Count > 0)
        {
            Choose(choice => choice with { Generations = wanted });
        }
    }

    private async Task StepAsync(int? prompt)
    {
        if (prompt is { } id && (await Samples.PromptsAsync(Scope.Lineage.Id, [id], CancellationToken.None)) is [var next])
        {
            Choose(choice => With(choice, next, null));
        }
    }

    private string AddressOf(SamplePrompt prompt, int? generation) => (Scope.View with { Other = With(_choice, prompt, generation).ToQuery() }).ToUri();

    private static SampleChoice With(SampleChoice choice, SamplePrompt prompt, int? generation) => choice with
    {
        Sample = prompt.SampleId,
        Prompt = null,
        Repeat = 1,
        Generations = generation is { } one ? [one] : choice.Generations,
    };

    private string Heading(SampleContents shown) =>
        _choice.Flipped && shown.Chosen is { Baseline: not null } chosen
            ? $"Flipped at generation {chosen.Generation}"
            : "Prompts by generation";

    private string? Meaning(SampleContents shown) => !shown.HasAnswers || shown.Rows.Count == 0 || shown.Chosen is not { Baseline: not null } chosen ? null
        : shown.Flipped is not { } flipped ? "Comparing the answers with the baseline's …"
        : $"{NumberFormat.Count(flipped.Count, "prompt")} answered differently at generation {chosen.Generation} than {Scope.View.Baseline.InWords().Replace("against", "at", StringComparison.Ordinal)}; ⇄ marks them.";

    private string WhyEmpty(SampleContents shown) => shown.Columns.Count == 0
        ? $"{shown.Lane?.Label} has no samples of {shown.Suite?.Definition.Name} in the chosen generations. Choose another line or suite, or a wider range."
        : _choice.Flipped && shown.Chosen?.Baseline is null
            ? $"Generation {shown.Chosen?.Generation} has nothing to be compared with. Choose a later generation."
            : "No prompt passes all filters.";

    private static string Place(SampleContents shown, OpenPrompt open) => open.Place < 0
        ? $"{shown.Suite?.Definition.Name} · {shown.Lane?.Label}"
        : $"{NumberFormat.Count(open.Place + 1)} of {NumberFormat.Count(shown.Matching.Count, "prompt")} · {shown.Suite?.Definition.Name} · {shown.Lane?.Label}";

    private static string Text(int generation) => generation.ToString(CultureInfo.InvariantCulture);

    /// <summary>Shows how far a search is, a few times a second, and what it has found first.</summary>
    private sealed class SearchProgress(SamplesPage page, SampleContents contents, SampleChoice choice, CancellationToken cancellation) : IProgress<SearchStep>
    {
        private long _shown = Environment.TickCount64;
        private Task _showing = Task.CompletedTask;

        /// <summary>Whether the search has ended; set by the page alone.</summary>
        public bool IsOver { get; set; }

        public void Report(SearchStep value)
        {
            // What a behaviour is of is told only when all is found.
            if (value.Found is { } found && _showing.IsCompleted && BehaviourNames.NumberOf(choice.Slice) is null)
            {
                _showing = page.InvokeAsync(() => page.ShowFoundAsync(this, contents with { Matching = found, IsPartial = true }, choice, cancellation));
            }

            if (Environment.TickCount64 - _shown < 150)
            {
                return;
            }

            _shown = Environment.TickCount64;
            _ = page.InvokeAsync(() =>
            {
                page._searched = IsOver ? null : (int)(100 * value.Share);
                page.StateHasChanged();
            });
        }
    }
}
