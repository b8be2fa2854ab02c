using System.IO.Compression;
using System.Text;
using Driftline.Core.Measures.Tables;
using Driftline.Core.Statistics;
using Driftline.Core.Suites;

namespace Driftline.Core.Measures.Semantics;

/// <summary>
/// <c>compression_ratio</c>: bytes of the outputs over their bytes when compressed by gzip; repetitive texts compress better. Counted on
/// the same number of bytes for every generation: 80 % of generation 0's on the slice, at most 128 KiB.
/// </summary>
/// <remarks>
/// Outputs follow each other in an order that is the same for every generation: the first repeat of all prompts, by a hash of the
/// prompt, then the second of all, so that repeats of a prompt are not neighbours. The last output is cut where the bytes are used up.
/// The interval leaves prompts out of those bytes and fills nothing up.
/// </remarks>
public sealed class CompressionRatio : IMeasure
{
    private const double Share = 0.8;
    private const int MostBytes = 128 << 10;

    /// <inheritdoc/>
    public MeasureDefinition Definition { get; } = new()
    {
        Id = "compression_ratio",
        Family = SuiteFamily.Semantic,
        Title = "Compressibility",
        Meaning = "How much smaller the outputs get when compressed: higher is more repetition, within and across outputs.",
        Unit = "ratio",
        Range = "(0, ∞)",
        Worse = WorseDirection.Higher,
        Baselines = [BaselineKind.None],
        Needs = MeasureNeeds.Output,
        Comparability = ComparabilityKeys.Sampler,
        Formula = "bytes of the outputs as UTF-8 / bytes of their gzip, on the first 80 % of generation 0's bytes (at most 128 KiB), in one order of prompts",
        Interval = "delete-d jackknife of the log ratio: 200 subsamples without a twentieth of the prompts (clusters), t",
        Source = "Shaib et al. 2024",
        When = MeasureWhen.Deferred,
        Version = 2,
    };

    /// <inheritdoc/>
    public IEnumerable<SlicedEstimate> Compute(MeasureInput input) => [new SlicedEstimate(input.Slice, Of(input))];

    private static Estimate Of(MeasureInput input)
    {
        if (input.Origin is not { } origin)
        {
            return Estimate.Without(MeasureStatus.NoData, "The number of bytes to compare at is fixed from generation 0, which was not imported.");
        }

        var budget = (int)Math.Min(MostBytes, Math.Floor(Share * origin.Outputs().Sum(output => output is null ? 0L : Encoding.UTF8.GetByteCount(output) + 1L)));
        if (budget < 1)
        {
            return Estimate.Without(MeasureStatus.NoData, $"Generation {origin.Node.Generation} has no outputs here.");
        }

        var used = Take(input.Current, budget);
        var bytes = used.Sum(piece => piece.Bytes.Length);
        if (bytes < budget)
        {
            return Estimate.Without(
                MeasureStatus.TooFew,
                $"Generation {input.Current.Node.Generation} has {bytes} bytes here, fewer than the {budget} (80 % of generation {origin.Node.Generation}'s) that are compressed.",
                input.Current.Prompts.Count);
        }

        int[] prompts = [.. used.Select(piece => piece.Prompt).Distinct().Order()];
        return LeftOutEstimates.OfRatio(
            Ratio(used, _ => true),
            prompts.Length,
            input.Current.ClusterIds(input.Suite, prompts),
            left =>
            {
                var without = left.Select(unit => prompts[unit]).ToHashSet();
                return Ratio(used, prompt => !without.Contains(prompt));
            },
            new SeededRandom(input.Seed));
    }

    private static List<(int Prompt, byte[] Bytes)> Take(EvaluationTable table, int budget)
    {
        var outputs = table.Outputs();
        var order = Enumerable.Range(0, table.Prompts.Count)
            .SelectMany(prompt => Enumerable.Range(table.RowStart[prompt], table.RowStart[prompt + 1] - table.RowStart[prompt]).Select((row, repeat) => (Prompt: prompt, Row: row, Repeat: repeat)))
            .Where(each => outputs[each.Row] is not null)
            .OrderBy(each => each.Repeat)
            .ThenBy(each => table.Prompts[each.Prompt].StableHash())
            .ThenBy(each => each.Prompt);
        var taken = new List<(int, byte[])>();
        foreach (var (prompt, row, _) in order)
        {
            var bytes = Encoding.UTF8.GetBytes(outputs[row] + "\n");
            taken.Add((prompt, bytes.Length <= budget ? bytes : bytes[..budget]));
            budget -= bytes.Length;
            if (budget <= 0)
            {
                break;
            }
        }

        return taken;
    }

    private static double Ratio(List<(int Prompt, byte[] Bytes)> pieces, Func<int, bool> kept)
    {
        using var compressed = new MemoryStream();
        double bytes = 0;
        using (var gzip = new GZipStream(compressed, CompressionLevel.Optimal, leaveOpen: true))
        {
            foreach (var (prompt, piece) in pieces)
            {
                if (kept(prompt))
                {
                    gzip.Write(piece);
                    bytes += piece.Length;
                }
            }
        }

        return bytes / compressed.Length;
    }
}
