using System.CommandLine;
using System.CommandLine.Parsing;
using System.Diagnostics;
using Driftline.Core.Figures;
using Driftline.Ingest;
using Driftline.Ingest.Columns;
using Driftline.Ingest.TrainingTexts;
using Driftline.Web.Api.Documents;
using Driftline.Web.Commands.Forwarding;
using Driftline.Web.Mappings;
using Driftline.Web.Workers;

namespace Driftline.Web.Commands;

/// <summary><c>driftline import</c>: logs go in.</summary>
public static class ImportCommand
{
    /// <summary>What it is called.</summary>
    public const string Name = "import";

    private const int IgnoredShown = 20;

    /// <summary>Declares the command.</summary>
    public static Command Create(CommandConsole console)
    {
        var paths = new Argument<string[]>("path") { Description = "Files, folders (taken with all their subfolders), or - for standard input", Arity = ArgumentArity.OneOrMore };
        paths.Validators.Add(RefuseUnknownOptions);
        var lineage = CommandOptions.Lineage("The lineage of all these logs, whatever they say");
        var branch = CommandOptions.Branch("The branch of all these logs, whatever they say");
        var seed = CommandOptions.Seed("The seed of all these logs, whatever they say");
        var generation = CommandOptions.Generation("The generation of all these logs, whatever they say");
        var mapping = new Option<string?>("--mapping") { Description = "Which column is what, for CSV, TSV and loose JSON: a JSON file, or the name of a saved mapping (without it, NAME.mapping.json beside a log, else the saved mapping whose file name pattern fits)" };
        var training = new Option<bool>("--training") { Description = "No log, but texts that the generation was trained on: JSON Lines with text, prompt and completion, or messages; CSV by a column; plain text, one a line. Only what is counted in them is kept (duplicates, contamination, who wrote them, rare words); --lineage and --generation are needed" };
        var column = new Option<string?>("--column") { Description = "With --training: the key or column that holds the text" };
        var dryRun = new Option<bool>("--dry-run") { Description = "Read and report, store nothing" };
        var command = new Command(
            Name,
            "Import logs\n\nExamples:\n  driftline import runs/\n  driftline import gen3.csv --mapping columns.json --generation 3\n  driftline import scores.csv --mapping political-bias\n  zcat old.jsonl.gz | driftline import - --lineage my-loop\n  driftline import train-g3.jsonl.zst --training --lineage my-loop --generation 3")
        {
            paths, lineage, branch, seed, generation, mapping, training, column, dryRun,
        };
        command.SetAction((parsed, cancellationToken) => RunAsync(
            console,
            parsed,
            parsed.GetRequiredValue(paths),
            new NodeOverrides { Lineage = parsed.GetValue(lineage), Branch = parsed.GetValue(branch), Seed = parsed.GetValue(seed), Generation = parsed.GetValue(generation) },
            parsed.GetValue(mapping),
            Texts(parsed.GetValue(training), parsed.GetValue(column)),
            parsed.GetValue(dryRun),
            cancellationToken));
        return command;
    }

    private static async Task<ColumnMapping> MappingAsync(CommandConsole console, string file, CancellationToken cancellationToken)
    {
        try
        {
            return await ColumnMapping.LoadAsync(console.FullPath(file), cancellationToken);
        }
        catch (MappingException wrong)
        {
            throw new CommandFailedException($"{file}: {string.Join(' ', wrong.Faults.Select(fault => fault.Sentence))}");
        }
    }

    /// <summary>What begins with a dash is a misspelt option, which must not be left out silently: without its --lineage a log goes to another one.</summary>
    private static void RefuseUnknownOptions(ArgumentResult result)
    {
        foreach (var token in result.Tokens.Where(token => token.Value.Length > 1 && token.Value[0] == '-'))
        {
            result.AddError($"import has no option {token.Value}; a file of that name is given as ./{token.Value}");
        }
    }

    private static TrainingTextOptions? Texts(bool training, string? column) => training ? new TrainingTextOptions(column)
        : column is null ? null
        : throw new CommandFailedException("--column is for --training; columns of logs are said by --mapping", ExitCode.Usage);

    private static async Task<int> RunAsync(
        CommandConsole console, ParseResult parsed, string[] paths, NodeOverrides overrides, string? mapping, TrainingTextOptions? texts, bool dryRun, CancellationToken cancellationToken)
    {
        var watch = Stopwatch.StartNew();
        if (console.IsRemote)
        {
            throw new CommandFailedException("logs are posted to /api/v1/logs, not named by paths; a Driftline of this version does so by itself", ExitCode.Usage);
        }

        var remote = RemoteServer.Of(console, parsed);
        await using var services = remote is null ? await console.OpenAsync(parsed, cancellationToken) : null;
        var imports = remote is null ? services!.GetRequiredService<ILogImports>() : new RemoteImports(remote);
        var folder = new DataFolder(console.Options(parsed));
        var isFile = mapping is not null && File.Exists(console.FullPath(mapping));
        if (mapping is not null && !isFile && services is not null && await services.GetRequiredService<MappingStore>().FindAsync(mapping, cancellationToken) is null)
        {
            var saved = (await services.GetRequiredService<MappingStore>().ListAsync(cancellationToken)).Select(named => named.Name);
            throw new CommandFailedException($"--mapping {mapping} is no file, and {UnknownName.Sentence("saved mapping", mapping, saved)}", ExitCode.Usage);
        }

        var found = await LogFinder.FindAsync(paths, console.WorkingFolder, overrides, isFile ? await MappingAsync(console, mapping!, cancellationToken) : null, async () => await folder.SpoolAsync(console.OpenInput(), cancellationToken), cancellationToken);
        if (found.Ignored.Count > 0)
        {
            await console.Error.WriteLineAsync($"{NumberFormat.Count(found.Ignored.Count, "file")} in the folders {(found.Ignored.Count == 1 ? "is no log by its name and was" : "are no logs by their names and were")} left alone: {string.Join(", ", found.Ignored.Take(IgnoredShown).Select(Path.GetFileName))}{(found.Ignored.Count > IgnoredShown ? "; --json lists all" : "")}");
        }

        IReadOnlyList<ImportRequest> requests = mapping is null || isFile ? found.Requests : [.. found.Requests.Select(request => request with { Mapping = null, MappingName = mapping })];
        if (texts is not null)
        {
            requests = requests is [var only] ? [only with { TrainingTexts = texts, Mapping = null, MappingName = null, Fault = null }]
                : throw new CommandFailedException($"--training takes one file of one generation, and here {(requests.Count == 0 ? "is none" : $"are {NumberFormat.Count(requests.Count)}")}; put parts together: cat train-*.jsonl | driftline import - --training …", ExitCode.Usage);
        }

        using var progress = new TerminalProgress(console.Error, !console.IsWatched);
        var batch = await imports.RunAsync(requests, dryRun, progress, cancellationToken);
        var document = ImportDocument.Of(batch.Files, watch.Elapsed.TotalSeconds) with { DeferredSeconds = batch.DeferredSeconds, Ignored = found.Ignored.Count == 0 ? null : found.Ignored };
        if (parsed.GetValue(CommandOptions.Json))
        {
            console.WriteJson(document);
        }
        else
        {
            ImportReportText.Write(console.Output, document, dryRun);
        }

        if (batch.Fault is not null)
        {
            throw new CommandFailedException(batch.Fault);
        }

        if (document.Files.Count == 0)
        {
            throw new CommandFailedException($"there are no logs in {string.Join(", ", paths)}: files are taken whose names end as those of logs do (.jsonl, .json, .eval, .csv, .tsv, compressed or not)");
        }

        return document.Files.All(file => file.Status == "rejected" || file.PartOf is not null) ? ExitCode.Failure
            : document.Files.Any(file => file.Status is "rejected" or "partial") ? ExitCode.Partial
            : ExitCode.Success;
    }
}
