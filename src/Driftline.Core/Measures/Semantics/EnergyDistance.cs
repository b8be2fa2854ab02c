using System.Runtime.InteropServices;
using Driftline.Core.Embeddings;
using Driftline.Core.Measures.Tables;
using Driftline.Core.Statistics;
using Driftline.Core.Suites;

namespace Driftline.Core.Measures.Semantics;

/// <summary>
/// <c>energy_distance</c>: how far the distribution of outputs moved in embedding space, over pairs of different prompts only. Around
/// 0 (also below it) when nothing changed.
/// </summary>
/// <remarks>
/// Interval: the statistic is a U-statistic of degree 2, for which a bootstrap over prompts would pair prompts with themselves;
/// the delete-one jackknife over prompts (clusters) is valid for it away from the null (Arvesen 1969). At the null the kernel is
/// degenerate and the interval only indicative: there the permutation floor and p speak.
/// </remarks>
public sealed class EnergyDistance : IMeasure
{
    /// <inheritdoc/>
    public MeasureDefinition Definition { get; } = new()
    {
        Id = "energy_distance",
        Family = SuiteFamily.Semantic,
        Title = "Energy distance",
        Meaning = "How far the meaning of the outputs moved from the baseline.",
        Unit = "distance",
        Range = "[−2, 4]; about 0 when nothing changed",
        Worse = WorseDirection.Higher,
        Baselines = Baseline.Models,
        Needs = MeasureNeeds.Embedding,
        Comparability = ComparabilityKeys.Sampler | ComparabilityKeys.Embedder,
        Formula = "Σ_{i≠j} H_ij/(n(n−1)), H_ij = mean over repeats of d(X_i,Y_j) + d(Y_i,X_j) − d(X_i,X_j) − d(Y_i,Y_j); d Euclidean between L2-normalised embeddings",
        Interval = "delete-one jackknife over prompts (clusters where there are some), t widened for skewness; noise floor and p from 999 swaps of the generations within prompt",
        Source = "Székely and Rizzo 2013; jackknife of U-statistics: Arvesen 1969; skewness: Hall 1992",
        Version = 2,
    };

    /// <inheritdoc/>
    public IEnumerable<SlicedEstimate> Compute(MeasureInput input) => [new SlicedEstimate(input.Slice, Of(input))];

    private static Estimate Of(MeasureInput input)
    {
        if (input.Baseline is not { } baseline)
        {
            return Reasons.NoBaseline();
        }

        if (baseline.EmbeddingDimension == 0 || baseline.EmbeddingDimension != input.Current.EmbeddingDimension)
        {
            return baseline.EmbeddingDimension == 0
                ? Estimate.Without(MeasureStatus.NoData, $"Generation {baseline.Node.Generation} has no embeddings here.")
                : Estimate.Without(
                    MeasureStatus.NotComparable,
                    $"Generation {input.Current.Node.Generation} is not comparable with generation {baseline.Node.Generation}: length of embeddings {baseline.EmbeddingDimension} → {input.Current.EmbeddingDimension}. Embed both with the same model.");
        }

        var pairs = PromptPairs.Of(input.Current, baseline);
        if (pairs.Count == 0)
        {
            return Estimate.Without(MeasureStatus.NoData, Reasons.NothingInCommon(input));
        }

        var random = new SeededRandom(input.Seed);
        var vectors = new List<double[]>(pairs.Count);
        var prompts = new List<int>(pairs.Count);
        var cut = 0;
        for (var i = 0; i < pairs.Count; i++)
        {
            var now = UnitVectors.OfPrompt(input.Current, pairs.Current[i]);
            var then = UnitVectors.OfPrompt(baseline, pairs.Baseline[i]);
            var repeats = Math.Min(now.Count, then.Count);
            if (repeats > 0)
            {
                cut += now.Count == then.Count ? 0 : 1;
                var own = random.Split(1_000_000UL + (ulong)i);
                vectors.Add(Join(Draw(now, repeats, ref own), Draw(then, repeats, ref own), input.Current.EmbeddingDimension));
                prompts.Add(pairs.Current[i]);
            }
        }

        if (prompts.Count == 0)
        {
            return Estimate.Without(MeasureStatus.NoData, "No common prompt has an embedding on both sides.");
        }

        var clusters = input.Current.ClusterIds(input.Suite, prompts.ToArray());
        var spaces = input.Current.Embedder == LexicalEmbedder.Name ? prompts.ConvertAll(prompt => LexicalEmbedder.HalfOf(input.Current.Prompts[prompt])).ToArray() : [];
        var energy = new PairedEnergy(vectors, input.Current.EmbeddingDimension, clusters, spaces);
        if (!energy.Compute(random.Split(0)).TryGet(out var estimate, out var reason))
        {
            return Estimate.Without(MeasureStatus.TooFew, reason, prompts.Count);
        }

        return new Estimate
        {
            Value = estimate.Value,
            Lo = estimate.Interval?.Lo,
            Hi = estimate.Interval?.Hi,
            StdErr = estimate.StdErr,
            N = prompts.Count,
            Clusters = clusters.Length == 0 ? null : estimate.Units,
            PValue = estimate.Null.PValue,
            FloorMean = estimate.Null.Mean,
            FloorP95 = estimate.Null.P95,
            Reason = Reasons.Join(
                pairs.MissingNote,
                cut == 0 ? null : $"{cut} prompts have unequal numbers of embeddings; the larger side was cut to the smaller at random.",
                estimate.StdErr is null ? "Fewer than 3 prompts or clusters: no interval." : null),
        };
    }

    private static List<double[]> Draw(List<double[]> vectors, int count, ref SeededRandom random)
    {
        if (vectors.Count > count)
        {
            random.DrawToFront(CollectionsMarshal.AsSpan(vectors), count);
            vectors.RemoveRange(count, vectors.Count - count);
        }

        return vectors;
    }

    private static double[] Join(List<double[]> now, List<double[]> then, int dimension)
    {
        var joined = new double[(now.Count + then.Count) * dimension];
        for (var r = 0; r < now.Count; r++)
        {
            now[r].CopyTo(joined, r * dimension);
            then[r].CopyTo(joined, (now.Count + r) * dimension);
        }

        return joined;
    }
}
