using System.Globalization;
using System.Numerics.Tensors;
using Driftline.Core.Measures.Tables;
using Driftline.Core.Statistics;
using Driftline.Core.Suites;

namespace Driftline.Core.Measures.Grounding;

/// <summary>
/// <c>retrieval_at_1</c>: how often a prompt's own caption is nearer to it than those of 99 other prompts (all of them where there are
/// fewer), by the cosine of the log's embeddings of prompt and output (see <see cref="CycleConsistency"/>). The others are drawn anew for
/// each prompt, from a seed made of names. Where the log states a score <c>retrieval_at_1</c>, that is taken instead.
/// </summary>
public sealed class RetrievalAtOne : IMeasure
{
    private const string Id = "retrieval_at_1";
    private const int Candidates = 100;

    /// <inheritdoc/>
    public MeasureDefinition Definition { get; } = new()
    {
        Id = Id,
        Family = SuiteFamily.Grounding,
        Suites = [SuiteFamily.Grounding],
        Title = "Own caption found",
        Meaning = "How often the own caption of an image (or prompt) is the nearest among 100.",
        Unit = "share",
        Range = "[0, 1]; 1/100 is chance",
        Worse = WorseDirection.Lower,
        Baselines = [BaselineKind.None],
        Needs = MeasureNeeds.PromptEmbedding,
        Comparability = ComparabilityKeys.Sampler | ComparabilityKeys.Embedder,
        Formula = "share of outputs whose cosine with their prompt is above that of the outputs of 99 other prompts",
        Interval = "Wilson on the effective number of outputs (ratio estimator over prompts or clusters)",
        Source = "Radford et al. 2021 (image–text retrieval); Wilson 1927",
        Version = 2,
    };

    /// <inheritdoc/>
    public IEnumerable<SlicedEstimate> Compute(MeasureInput input) => [new SlicedEstimate(input.Slice, Of(input))];

    private static Estimate Of(MeasureInput input)
    {
        var table = input.Current;
        if (table.Scores.ContainsKey(Id))
        {
            return LevelEstimates.Rate(input, Id, threshold: null);
        }

        var vectors = new PromptVectors(table);
        var prompts = Enumerable.Range(0, table.Prompts.Count).Select(prompt => (Index: prompt, Own: vectors.Prompt(prompt), Outputs: vectors.Outputs(prompt))).Where(prompt => prompt.Own is not null && prompt.Outputs.Count > 0).ToArray();
        if (prompts.Length < 2)
        {
            return Estimate.Without(MeasureStatus.TooFew, "Fewer than 2 prompts here have an embedding of themselves beside one of their output.", prompts.Length);
        }

        var random = new SeededRandom(input.Seed);
        var hits = new double[prompts.Length];
        for (var i = 0; i < prompts.Length; i++)
        {
            // The others, a seeded draw of them in front.
            var own = random.Split((ulong)i);
            int[] others = [.. Enumerable.Range(0, prompts.Length).Where(other => other != i)];
            var drawn = Math.Min(Candidates - 1, others.Length);
            own.DrawToFront<int>(others, drawn);
            var nearest = others.Take(drawn).Max(other => TensorPrimitives.Dot<double>(prompts[i].Own, prompts[other].Outputs[0]));
            hits[i] = prompts[i].Outputs.Count(output => TensorPrimitives.Dot<double>(prompts[i].Own, output) > nearest);
        }

        var share = PooledShare.Of(hits, Array.ConvertAll(prompts, prompt => (double)prompt.Outputs.Count), table.ClusterIds(input.Suite, Array.ConvertAll(prompts, prompt => prompt.Index))).Value;
        return LevelEstimates.Share(share, prompts.Length < Candidates ? string.Create(CultureInfo.InvariantCulture, $"Among {prompts.Length} captions, of which chance finds 1 in {prompts.Length}.") : null);
    }
}
