using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Driftline.Core.Figures;
using Driftline.Storage;
using Driftline.Storage.Queries;
using Driftline.Storage.Sqlite;
using Driftline.Web.Api.Documents;
using Driftline.Web.Live;
using Driftline.Web.Workers;
using Driftline.Web.Workers.Measuring;

namespace Driftline.Web.Commands;

/// <summary><c>driftline recompute</c>: computes measures again, whatever is stored.</summary>
public static class RecomputeCommand
{
    /// <summary>Declares the command.</summary>
    public static Command Create(CommandConsole console)
    {
        var lineage = CommandOptions.Lineage("Only this lineage; without it, every one");
        var measure = new Option<string?>("--measure") { Description = "Only this measure: an id of \"driftline list measures\", or reported:NAME; without it, all" };
        var command = new Command(
            "recompute",
            "Compute measures again, after a definition changed or a measure failed\n\nExamples:\n  driftline recompute\n  driftline recompute --lineage my-loop --measure js_distance")
        {
            lineage, measure,
        };
        command.SetAction((parsed, cancellationToken) => RunAsync(console, parsed, parsed.GetValue(lineage), parsed.GetValue(measure), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(CommandConsole console, ParseResult parsed, string? lineage, string? measure, CancellationToken cancellationToken)
    {
        if (measure is not null && RecomputableMeasure.Fault(measure) is { } fault)
        {
            throw new CommandFailedException(fault, ExitCode.Usage);
        }

        await using var services = await console.OpenAsync(parsed, cancellationToken);
        var chosen = await ChooseAsync(services.GetRequiredService<LineageQueries>(), lineage, cancellationToken);
        var documents = new List<RecomputedDocument>();
        using (var progress = new TerminalProgress(console.Error, !console.IsWatched))
        {
            using var held = await services.GetRequiredService<DriftlineDatabase>().HoldWriterLockAsync(DriftlineDatabase.DefaultWait, cancellationToken);
            foreach (var each in chosen)
            {
                var watch = Stopwatch.StartNew();
                var summary = await services.GetRequiredService<MeasureRunner>().RunAsync(
                    each.Id, new Recompute(Again: true, measure), new Step(progress, each.Name), cancellationToken);
                services.GetRequiredService<GenerationFeed>().Publish(each.Name);
                documents.Add(new RecomputedDocument(each.Name, measure, summary.Evaluations, summary.Runs, summary.Failed, watch.Elapsed.TotalSeconds));
            }
        }

        if (parsed.GetValue(CommandOptions.Json))
        {
            console.WriteJson(new { Lineages = documents });
        }
        else
        {
            foreach (var document in documents)
            {
                await console.Output.WriteLineAsync(Sentence(document));
            }
        }

        return documents.Exists(document => document.Failed > 0) ? ExitCode.Partial : ExitCode.Success;
    }

    private static async Task<IReadOnlyList<LineageSummary>> ChooseAsync(LineageQueries lineages, string? name, CancellationToken cancellationToken)
    {
        var known = await lineages.LineagesAsync(cancellationToken);
        return name is null ? known
            : known.FirstOrDefault(each => each.Name == name) is { } found ? [found]
            : throw new CommandFailedException(UnknownName.Sentence("lineage", name, known.Select(each => each.Name)));
    }

    private static string Sentence(RecomputedDocument document)
    {
        var failed = document.Failed == 0 ? "" : $"; {NumberFormat.Count(document.Failed)} failed (driftline series says why)";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{document.Lineage}: {NumberFormat.Count(document.Computations, "measure")} of {NumberFormat.Count(document.Evaluations, "evaluation")} computed in {document.Seconds:0.0} s{failed}");
    }

    private sealed class Step(IProgress<BatchProgress> progress, string lineage) : IProgress<MeasureProgress>
    {
        public void Report(MeasureProgress value) => progress.Report(BatchProgress.Measures(lineage, value));
    }
}
