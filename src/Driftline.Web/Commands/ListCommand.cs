using System.CommandLine;
using System.Text.Json;
using Driftline.Core.Figures;
using Driftline.Core.Measures;
using Driftline.Storage;
using Driftline.Storage.Queries;
using Driftline.Web.Alerts;
using Driftline.Web.Api;
using Driftline.Web.Api.Documents;
using Driftline.Web.Items;

namespace Driftline.Web.Commands;

/// <summary><c>driftline list</c>: what is in the database.</summary>
public static class ListCommand
{
    private const int ImportsAtATime = 500;

    private static readonly string[] Kinds = ["lineages", "generations", "suites", "evaluations", "measures", "alerts", "behaviours", "items", "corrections", "imports"];

    /// <summary>Declares the command.</summary>
    public static Command Create(CommandConsole console)
    {
        var kind = new Argument<string>("what") { Description = string.Join(", ", Kinds) };
        kind.AcceptOnlyFromAmong(Kinds);
        var lineage = CommandOptions.Lineage("Only this lineage");
        var suite = new Option<string?>("--suite") { Description = "Of which suite (behaviours)" };
        var generation = CommandOptions.Generation("Show outputs of this generation (behaviours)");
        var branch = CommandOptions.Branch("Only this branch (behaviours)");
        var seed = CommandOptions.Seed("Only this seed (behaviours)");
        var search = new Option<string?>("--search") { Description = "Words that must occur in an import's name, models, suites, runs, metrics, tags or metadata of runs, or in models whose usage is stated (imports)" };
        var command = new Command(
            "list", "List what is in the database\n\nExamples:\n  driftline list lineages\n  driftline list evaluations --lineage microworld --json\n  driftline list behaviours --lineage microworld --suite stories --generation 8\n  driftline list imports --search gpt-4o")
        {
            kind, lineage, suite, generation, branch, seed, search,
        };
        command.SetAction((parsed, cancellationToken) => parsed.GetRequiredValue(kind) == "behaviours"
            ? BehaviourList.RunAsync(console, parsed, parsed.GetValue(lineage), named => new BehaviourRequest(named, parsed.GetValue(suite), parsed.GetValue(generation), parsed.GetValue(branch), parsed.GetValue(seed)), cancellationToken)
            : RunAsync(console, parsed, parsed.GetRequiredValue(kind), parsed.GetValue(lineage), parsed.GetValue(search), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(CommandConsole console, ParseResult parsed, string kind, string? lineageName, string? search, CancellationToken cancellationToken)
    {
        await using var services = await console.OpenAsync(parsed, cancellationToken);
        var queries = services.GetRequiredService<LineageQueries>();
        var lineages = await LineagesAsync(queries, lineageName, cancellationToken);
        var json = parsed.GetValue(CommandOptions.Json);
        switch (kind)
        {
            case "lineages":
                Print(console, json, lineages.Select(LineageDocument.Of), Columns.Lineages);
                break;
            case "generations":
                Print(console, json, await EachAsync(lineages, async lineage => GenerationDocument.Of(await queries.NodesAsync(lineage.Id, cancellationToken))), Columns.Generations);
                break;
            case "suites":
                Print(
                    console,
                    json,
                    await EachAsync(lineages, async lineage => (await queries.SuitesAsync(lineage.Id, cancellationToken)).Select(suite => new SuiteDocument(lineage.Name, suite.Definition))),
                    Columns.Suites);
                break;
            case "evaluations":
                var usage = services.GetRequiredService<UsageStore>();
                Print(
                    console,
                    json,
                    await EachAsync(lineages, async lineage =>
                    {
                        var used = await usage.TotalsAsync(lineage.Id, evaluations: null, cancellationToken);
                        return (await queries.EvaluationsAsync(lineage.Id, cancellationToken)).Select(evaluation => EvaluationDocument.Of(evaluation, used));
                    }),
                    Columns.Evaluations);
                break;
            case "alerts":
                var alerts = services.GetRequiredService<AlertStore>();
                Print(
                    console,
                    json,
                    await EachAsync(lineages, async lineage => (await alerts.ListAsync(lineage.Id, cancellationToken)).Standings.Select(standing => AlertDocument.Of(lineage.Name, standing))),
                    Columns.Alerts);
                break;
            case "imports":
                var filter = new ImportFilter { Text = search, Lineage = lineageName };
                Print(console, json, (await ImportsAsync(services.GetRequiredService<ImportStore>(), filter, cancellationToken)).Select(FileDocument.Of), Columns.Imports);
                break;
            case "items":
                var sets = (await services.GetRequiredService<ItemStore>().ListAsync(cancellationToken)).Select(ItemsDocument.Of);
                Print(console, json, lineageName is null ? sets : sets.Where(set => set.Suites.Any(suite => suite.Lineage == lineageName)), Columns.Items);
                break;
            case "corrections":
                var standing = StandingMoveDocument.Of(await services.GetRequiredService<CorrectionStore>().StandingAsync(cancellationToken));

                // A token that is limited to a lineage shows nothing of another.
                Print(
                    console,
                    json,
                    standing.Where(correction => (lineageName is null || correction.Lineages().Contains(lineageName)) && correction.Lineages().All(name => console.Access?.Bars(name) is null)),
                    Columns.Corrections);
                break;
            default:
                Print(console, json, await MeasuresAsync(services.GetRequiredService<MeasurementStore>(), lineages, cancellationToken), Columns.Measures);
                break;
        }

        return ExitCode.Success;
    }

    private static async Task<IReadOnlyList<LineageSummary>> LineagesAsync(LineageQueries queries, string? name, CancellationToken cancellationToken)
    {
        var all = await queries.LineagesAsync(cancellationToken);
        if (name is null)
        {
            return all;
        }

        return all.FirstOrDefault(lineage => lineage.Name == name) is { } found
            ? [found]
            : throw new CommandFailedException(UnknownName.Sentence("lineage", name, all.Select(lineage => lineage.Name)));
    }

    private static async Task<IEnumerable<MeasureDocument>> MeasuresAsync(MeasurementStore store, IReadOnlyList<LineageSummary> lineages, CancellationToken cancellationToken)
    {
        var listings = new List<SeriesListing>();
        foreach (var lineage in lineages)
        {
            listings.AddRange(await store.ListingsAsync(lineage.Id, cancellationToken));
        }

        var suites = listings
            .GroupBy(listing => listing.Measure.Split(':')[0])
            .ToDictionary(group => group.Key, group => group.Select(listing => listing.Suite).Distinct().Order(StringComparer.Ordinal).ToArray());
        return MeasureCatalogue.Definitions.Select(definition => MeasureDocument.Of(definition, suites.GetValueOrDefault(definition.Id) ?? []));
    }

    private static async Task<IReadOnlyList<ImportSummary>> ImportsAsync(ImportStore store, ImportFilter filter, CancellationToken cancellationToken)
    {
        var imports = new List<ImportSummary>();
        ImportPage page;
        do
        {
            page = await store.SearchAsync(filter, imports.Count, ImportsAtATime, cancellationToken);
            imports.AddRange(page.Imports);
        }
        while (page.Imports.Count == ImportsAtATime);
        return imports;
    }

    private static async Task<IReadOnlyList<T>> EachAsync<T>(IReadOnlyList<LineageSummary> lineages, Func<LineageSummary, Task<IEnumerable<T>>> read)
    {
        var rows = new List<T>();
        foreach (var lineage in lineages)
        {
            rows.AddRange(await read(lineage));
        }

        return rows;
    }

    private static void Print<T>(CommandConsole console, bool json, IEnumerable<T> rows, IReadOnlyList<(string Title, Func<T, string?> Cell)> columns)
    {
        if (json)
        {
            console.WriteJson(rows.ToList());
        }
        else
        {
            TextTable.Write(console.Output, columns, rows);
        }
    }

    private static class Columns
    {
        public static readonly IReadOnlyList<(string, Func<AlertDocument, string?>)> Alerts =
        [
            ("lineage", row => row.Lineage), ("rule", row => row.Name), ("severity", row => row.Severity.ToString().ToLowerInvariant()), ("branch", row => row.Branch), ("seed", row => row.Seed),
            ("state", row => AlertWords.State(row.State, row.Tested is not null)), ("since", row => $"{row.Since}"), ("tested", row => $"{row.Tested}"),
            ("value", row => NumberFormat.WithInterval(row.Value, row.Lo, row.Hi)), ("threshold", row => NumberFormat.Number(row.Threshold)), ("watches", row => row.Watches), ("reason", row => row.Reason),
        ];

        public static readonly IReadOnlyList<(string, Func<FileDocument, string?>)> Imports =
        [
            ("import", row => $"{row.Id}"), ("state", row => row.Status), ("format", row => row.Format), ("written", row => $"{row.RowsWritten}"), ("rejected", row => $"{row.RowsRejected}"),
            ("came in", row => row.Created is { } created ? TimeFormat.Table(created) : ""), ("log", row => row.Path),
        ];

        public static readonly IReadOnlyList<(string, Func<ItemsDocument, string?>)> Items =
        [
            ("items", row => row.Name), ("number", row => $"{row.Items}"), ("found by", row => row.By.ToString().ToLowerInvariant()), ("import", row => $"{row.Import}"), ("from", row => row.Source),
            ("joined suites", row => string.Join("; ", row.Suites.Select(suite => $"{suite.Lineage} {suite.Suite} ({suite.Samples})"))),
        ];

        public static readonly IReadOnlyList<(string, Func<LineageDocument, string?>)> Lineages =
        [
            ("lineage", row => row.Lineage), ("branches", row => string.Join(", ", row.Branches)), ("nodes", row => $"{row.Generations}"),
            ("last generation", row => $"{row.LastGeneration}"), ("suites", row => string.Join(", ", row.Suites)), ("samples", row => $"{row.Samples}"),
            ("alerts", row => JsonNamingPolicy.SnakeCaseLower.ConvertName(row.AlertState.ToString())),
        ];

        public static readonly IReadOnlyList<(string, Func<GenerationDocument, string?>)> Generations =
        [
            ("lineage", row => row.Lineage), ("branch", row => row.Branch), ("seed", row => row.Seed), ("generation", row => $"{row.Generation}"),
            ("model", row => row.Model), ("parent", row => row.ParentModel), ("guessed from", row => row.Guess),
        ];

        public static readonly IReadOnlyList<(string, Func<SuiteDocument, string?>)> Suites =
        [
            ("lineage", row => row.Lineage), ("suite", row => row.Definition.Name), ("family", row => row.Definition.Family.ToString().ToLowerInvariant()),
            ("primary", row => row.Definition.PrimaryScore ?? row.Definition.PrimaryAnswer), ("worse", row => row.Definition.Worse?.ToString().ToLowerInvariant()),
        ];

        public static readonly IReadOnlyList<(string, Func<StandingMoveDocument, string?>)> Corrections =
        [
            ("correction", row => $"{row.Id}"), ("made", row => TimeFormat.Exact(row.Created)), ("what follows", row => string.Join("; ", row.Words())),
        ];

        public static readonly IReadOnlyList<(string, Func<EvaluationDocument, string?>)> Evaluations =
        [
            ("lineage", row => row.Lineage), ("branch", row => row.Branch), ("seed", row => row.Seed), ("generation", row => $"{row.Generation}"), ("suite", row => row.Suite),
            ("status", row => row.Status.ToString().ToLowerInvariant()), ("samples", row => $"{row.Samples}"), ("prompts", row => $"{row.Prompts}"), ("repeats", row => $"{row.Repeats}"),
        ];

        public static readonly IReadOnlyList<(string, Func<MeasureDocument, string?>)> Measures =
        [
            ("measure", row => row.Id), ("family", row => row.Family.ToString().ToLowerInvariant()), ("unit", row => row.Unit), ("baselines", row => string.Join(", ", row.Baselines)),
            ("suites", row => string.Join(", ", row.Suites)), ("what it tells", row => row.Meaning),
        ];
    }
}
