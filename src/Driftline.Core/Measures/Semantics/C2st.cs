using Driftline.Core.Measures.Tables;
using Driftline.Core.Statistics;
using Driftline.Core.Suites;

namespace Driftline.Core.Measures.Semantics;

/// <summary>
/// <c>c2st</c>: how often a classifier that has not seen a prompt tells which of the two generations wrote its outputs. About .5 where
/// nothing changed. The classifier is Fisher's linear discriminant (a ridge regression of the generation on the embedding), cross-validated
/// over five groups of prompts (whole clusters), on at most 64 principal components of both generations together.
/// </summary>
/// <remarks>
/// The interval is that of the mean over prompts given the classifiers, and not narrower than the null's spread: accuracies of prompts that
/// shared a classifier hang together. p is exact: swapping the generations within prompt trains and tests anew each time.
/// </remarks>
public sealed class C2st : IMeasure
{
    private const int MostComponents = 64;

    /// <inheritdoc/>
    public MeasureDefinition Definition { get; } = new()
    {
        Id = "c2st",
        Family = SuiteFamily.Semantic,
        Title = "Telling generations apart",
        Meaning = "How often a classifier tells the outputs now from the baseline's, on prompts that it has not seen; one half is guessing.",
        Unit = "share",
        Range = "[0, 1]; about .5 when nothing changed",
        Worse = WorseDirection.Higher,
        Baselines = Baseline.Models,
        Needs = MeasureNeeds.Embedding,
        Comparability = ComparabilityKeys.Sampler | ComparabilityKeys.Embedder,
        Formula = "mean over prompts of the share of outputs that a linear discriminant trained on the other prompts attributes rightly; five groups of prompts",
        Interval = "t over prompts (clusters), not narrower than the null; noise floor and p from 999 swaps of the generations within prompt, each with classifiers of its own",
        Source = "Lopez-Paz and Oquab 2017; Fisher 1936",
        When = MeasureWhen.OnDemand,
        Version = 2,
    };

    /// <inheritdoc/>
    public IEnumerable<SlicedEstimate> Compute(MeasureInput input) => [new SlicedEstimate(input.Slice, Of(input))];

    private static Estimate Of(MeasureInput input)
    {
        if (PairedOutputs.Of(input, out var refusal) is not { } outputs)
        {
            return refusal;
        }

        var random = new SeededRandom(input.Seed);
        var axes = outputs.Dimension <= MostComponents ? null : PrincipalAxes.Of([.. outputs.Vectors.SelectMany(vectors => vectors.Chunk(outputs.Dimension))], MostComponents, random.Split(5));
        double[][][] projected = [.. outputs.Vectors.Select(vectors => vectors.Chunk(outputs.Dimension).Select(vector => axes?.Project(vector) ?? vector).ToArray())];
        if (DiscriminantTest.Of(projected, outputs.Clusters, outputs.Spaces, random.Split(6)) is not { } test)
        {
            return Estimate.Without(
                MeasureStatus.TooFew, $"There are too few prompts or clusters to cross-validate: at least {DiscriminantTest.FewestUnits} are needed in each space of embeddings.", outputs.Prompts.Length);
        }

        var accuracies = test.Accuracies(new bool[projected.Length]);
        var value = ClusteredMean.MeanOf(accuracies);
        var drawn = SwappedPrompts.Draw(projected.Length, projected.Sum(prompt => (long)prompt.Length) * projected[0][0].Length, swapped => ClusteredMean.MeanOf(test.Accuracies(swapped)), random.Split(7));
        var half = Quantiles.Z * System.Numerics.Tensors.TensorPrimitives.StdDev<double>(drawn);
        var floor = PermutationNull.Of(drawn, value);
        var estimate = ClusteredMean.Of(accuracies, outputs.Clusters).TryGet(out var mean, out var reason)
            ? new Estimate
            {
                Value = value,
                Lo = Math.Max(0, Math.Min(mean.Interval.Lo, value - half)),
                Hi = Math.Min(1, Math.Max(mean.Interval.Hi, value + half)),
                StdErr = mean.StdErr,
                N = mean.N,
                Clusters = mean.Clusters,
            }
            : new Estimate { Value = value, N = accuracies.Length, Clusters = PromptClusters.Count(outputs.Clusters), Reason = reason };
        return estimate with { PValue = floor.PValue, FloorMean = floor.Mean, FloorP95 = floor.P95, Reason = Reasons.Join(outputs.Note, estimate.Reason) };
    }
}
