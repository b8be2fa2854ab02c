using System.Buffers;
using System.CommandLine;
using System.Globalization;
using System.Text;
using Driftline.Web.Api;
using Driftline.Web.Api.Documents;

namespace Driftline.Web.Commands;

/// <summary><c>driftline samples</c>: single samples, as a stream of any length.</summary>
public static class SamplesCommand
{
    private const int ShownOutput = 80;

    /// <summary>Declares the command.</summary>
    public static Command Create(CommandConsole console)
    {
        var lineage = new Option<string>("--lineage") { Description = "The lineage", Required = true };
        var suite = new Option<string?>("--suite") { Description = "The suite; may be left out where the lineage has only one" };
        var generation = CommandOptions.Generation("Only this generation");
        var branch = CommandOptions.Branch("Only this branch, with the origin that it shares");
        var seed = CommandOptions.Seed("Only this seed, with the origin that it shares");
        var flipped = new Option<bool>("--flipped") { Description = "Only prompts whose single or most frequent answer differs from the baseline's" };
        var baseline = new Option<string?>("--baseline") { Description = "What --flipped compares with: origin (the default), parent, branch:B or node:ID" };
        var where = new Option<string?>("--where") { Description = "Only samples that meet these conditions on metadata and usage: dimension=power usage.output_tokens>500 (=, !=, <, <=, >, >=, ~ contains; usage has input_tokens, output_tokens, total_tokens, cost, seconds, model; usage.cost[MODEL] for one model)" };
        var command = new Command(
            "samples",
            "Print samples; with --json one JSON object a line\n\nExamples:\n  driftline samples --lineage microworld --suite values --generation 3 --json\n  driftline samples --lineage microworld --suite values --flipped --branch replace\n  driftline samples --lineage microworld --suite values --where \"dimension=power usage.output_tokens>500\"")
        {
            lineage, suite, generation, branch, seed, flipped, baseline, where,
        };
        command.SetAction((parsed, cancellationToken) => RunAsync(
            console,
            parsed,
            new SampleRequest
            {
                Lineage = parsed.GetRequiredValue(lineage),
                Suite = parsed.GetValue(suite),
                Generation = parsed.GetValue(generation),
                Branch = parsed.GetValue(branch),
                Seed = parsed.GetValue(seed),
                Flipped = parsed.GetValue(flipped),
                Baseline = parsed.GetValue(baseline),
                Where = parsed.GetValue(where),
            },
            cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(CommandConsole console, ParseResult parsed, SampleRequest request, CancellationToken cancellationToken)
    {
        await using var services = await console.OpenAsync(parsed, cancellationToken);
        var reader = services.GetRequiredService<SampleReader>();
        var plan = await reader.PlanAsync(request, cancellationToken);
        var asJson = parsed.GetValue(CommandOptions.Json);
        var bytes = new ArrayBufferWriter<byte>();
        await using var json = SampleDocument.Writer(bytes);
        await foreach (var line in reader.ReadAsync(plan, cancellationToken))
        {
            if (asJson)
            {
                bytes.ResetWrittenCount();
                json.Reset(bytes);
                SampleDocument.Write(json, line, withCursor: false);
                await json.FlushAsync(cancellationToken);
                await console.Output.WriteLineAsync(Encoding.UTF8.GetString(bytes.WrittenSpan));
            }
            else
            {
                await console.Output.WriteLineAsync(Text(line));
            }
        }

        return ExitCode.Success;
    }

    private static string Text(SampleLine line)
    {
        var answer = line.Sample.Answer;
        var scores = string.Join(' ', answer.Scores.Select(score => string.Create(CultureInfo.InvariantCulture, $"{score.Key}={score.Value:G4}")));
        var output = string.Join(' ', (answer.Output ?? "").Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        return $"{line.Evaluation.Node.Id}\t{line.Sample.Prompt.SampleId}\t{answer.Repeat}\t{answer.Answer}\t{scores}\t{(output.Length > ShownOutput ? output[..ShownOutput] + "…" : output)}";
    }
}
