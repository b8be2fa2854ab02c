using System.CommandLine;
using System.Globalization;
using Driftline.Core.Measures;
using Driftline.Web.Api;
using Driftline.Web.Api.Documents;

namespace Driftline.Web.Commands;

/// <summary><c>driftline series</c>: the measurements behind a chart.</summary>
public static class SeriesCommand
{
    /// <summary>Declares the command.</summary>
    public static Command Create(CommandConsole console)
    {
        var lineage = new Option<string>("--lineage") { Description = "The lineage", Required = true };
        var measure = new Option<string>("--measure") { Description = "The measure: an id of \"driftline list measures\", reported:NAME, or trend:LEVEL", Required = true };
        var suite = new Option<string?>("--suite") { Description = "The suite; may be left out where only one has the measure" };
        var slice = new Option<string?>("--slice") { Description = "The slice, such as answer=right or dimension=power; the whole suite without it" };
        var branch = CommandOptions.Branch("Only this branch, with the origin that it shares");
        var seed = CommandOptions.Seed("Only this seed, with the origin that it shares");
        var baseline = new Option<string?>("--baseline") { Description = "origin, parent, branch:B, node:ID, training_data or none (default: origin for changes, none for levels)" };
        var aggregate = new Option<string?>("--aggregate") { Description = "seeds: average the seeds of each branch, with seeds as replicates" };
        aggregate.AcceptOnlyFromAmong("seeds");
        var command = new Command(
            "series",
            "Print the measurements behind a chart\n\nExamples:\n  driftline series --lineage microworld --measure js_distance --suite values --json\n  driftline series --lineage gpt2-political-bias --measure answer_share --suite political_bias --slice answer=right --branch synthetic")
        {
            lineage, measure, suite, slice, branch, seed, baseline, aggregate,
        };
        command.SetAction((parsed, cancellationToken) => RunAsync(
            console,
            parsed,
            new SeriesRequest
            {
                Lineage = parsed.GetRequiredValue(lineage),
                Measure = parsed.GetRequiredValue(measure),
                Suite = parsed.GetValue(suite),
                Slice = parsed.GetValue(slice),
                Branch = parsed.GetValue(branch),
                Seed = parsed.GetValue(seed),
                Baseline = parsed.GetValue(baseline),
                AverageSeeds = parsed.GetValue(aggregate) is not null,
                Wait = true,
            },
            cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(CommandConsole console, ParseResult parsed, SeriesRequest request, CancellationToken cancellationToken)
    {
        await using var services = await console.OpenAsync(parsed, cancellationToken);
        var series = await services.GetRequiredService<SeriesReader>().ReadAsync(request, cancellationToken);
        if (parsed.GetValue(CommandOptions.Json))
        {
            console.WriteJson(SeriesDocument.Of(series));
        }
        else
        {
            TextTable.Write(console.Output, Columns, series.Points);
        }

        return ExitCode.Success;
    }

    private static readonly IReadOnlyList<(string, Func<SeriesPoint, string?>)> Columns =
    [
        ("branch", point => point.Branch), ("seed", point => point.Seed), ("generation", point => $"{point.Generation}"), ("model", point => point.Model),
        ("value", point => Number(point.Estimate.Value)), ("lo", point => Number(point.Estimate.Lo)), ("hi", point => Number(point.Estimate.Hi)), ("n", point => $"{point.Estimate.N}"),
        ("recipe lo", point => Number(point.Recipe?.Lo)), ("recipe hi", point => Number(point.Recipe?.Hi)),
        ("p", point => Number(point.Estimate.PValue)), ("noise floor", point => Number(point.Estimate.FloorP95)),
        ("status", point => point.Estimate.Status.ToString().ToLowerInvariant()), ("reason", point => point.Estimate.Reason),
    ];

    private static string? Number(double? value) => value?.ToString("G5", CultureInfo.InvariantCulture);
}
