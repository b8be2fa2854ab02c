using Driftline.Core.Measures;
using Driftline.Core.Statistics;
using Driftline.Core.Suites;

namespace Driftline.Core.Tests.Measures;

/// <summary>Seeded simulations of a model that did not change: prompts differ from each other, generations only by sampling.</summary>
public sealed class UnchangedModelTests
{
    private const int Trials = 300;

    private static readonly SuiteDefinition Suite = new() { Name = "suite", Family = SuiteFamily.Bias, GroupKey = "group" };

    /// <summary>Measure, prompts, repeats, prompts a cluster (0: no clusters).</summary>
    public static TheoryData<string, int, int, int> Settings { get; } = new()
    {
        { "excess_disagreement", 60, 2, 0 },
        { "excess_disagreement", 60, 4, 0 },
        { "excess_disagreement", 60, 3, 5 },
        { "excess_disagreement", 12, 4, 0 },
        { "prompt_cosine", 60, 2, 0 },
        { "prompt_cosine", 60, 3, 5 },
        { "prompt_cosine", 12, 4, 0 },
        { "biasamp_mals", 60, 2, 0 },
        { "biasamp_mals", 60, 4, 0 },
        { "biasamp_mals", 60, 3, 5 },
        { "biasamp_mals", 16, 4, 0 },
    };

    [Theory]
    [MemberData(nameof(Settings))]
    public void AMeasureOfChange_IsZeroOnAverage_AndItsIntervalCoversZeroAtItsLevel(string id, int prompts, int repeats, int perCluster)
    {
        var estimates = Simulate(id, prompts, repeats, perCluster);
        var values = estimates.ConvertAll(estimate => estimate.Value!.Value);
        var mean = values.Average();
        var deviation = Math.Sqrt(values.Sum(value => (value - mean) * (value - mean)) / (Trials - 1));

        Assert.InRange(mean / (deviation / Math.Sqrt(Trials)), -3, 3);
        Assert.InRange(estimates.Count(estimate => estimate.Lo <= 0 && estimate.Hi >= 0) / (double)Trials, 0.91, 0.995);
    }

    [Theory]
    [InlineData("excess_disagreement")]
    [InlineData("prompt_cosine")]
    public void APermutationP_IsSpreadEvenly_AndItsFloorIsPassedAsOftenAsItSays(string id)
    {
        var estimates = Simulate(id, 30, 3, 0);

        Assert.InRange(estimates.Count(estimate => estimate.PValue <= 0.2) / (double)Trials, 0.14, 0.26);
        Assert.InRange(estimates.Count(estimate => estimate.Value > estimate.FloorP95) / (double)Trials, 0.02, 0.08);
    }

    private static List<Estimate> Simulate(string id, int prompts, int repeats, int perCluster)
    {
        var measure = MeasureCatalogue.Measures.Single(measure => measure.Definition.Id == id);
        var estimates = new List<Estimate>(Trials);
        for (var trial = 0; trial < Trials; trial++)
        {
            var random = new SeededRandom((ulong)trial + 1000);
            var chances = Enumerable.Range(0, prompts).Select(_ => random.NextDouble()).ToArray();
            var then = Table(0, chances, repeats, perCluster, ref random);
            var now = Table(1, chances, repeats, perCluster, ref random);
            estimates.Add(measure.Compute(new MeasureInput
            {
                Suite = perCluster == 0 ? Suite : Suite with { ClusterKey = "cluster" },
                Current = now,
                Baseline = then,
                Origin = then,
                Seed = (ulong)trial,
            }).Single().Estimate);
        }

        return estimates;
    }

    /// <summary>A prompt's chance of "he" is its own and the same in both generations; so is the middle of its outputs' embeddings.</summary>
    private static EvaluationTable Table(int generation, double[] chances, int repeats, int perCluster, ref SeededRandom random)
    {
        var builder = new TableBuilder(generation: generation);
        for (var prompt = 0; prompt < chances.Length; prompt++)
        {
            var metadata = new Dictionary<string, string> { ["group"] = $"g{prompt % 4}", ["cluster"] = perCluster == 0 ? "" : $"c{prompt / perCluster}" };
            for (var repeat = 1; repeat <= repeats; repeat++)
            {
                var answer = random.NextDouble() < 0.1 ? "they" : random.NextDouble() < chances[prompt] ? "he" : "she";
                float[] embedding = [(float)(chances[prompt] + random.NextNormal()), (float)random.NextNormal(), (float)(1 + random.NextNormal())];
                builder.Add($"p{prompt:00}", repeat, answer, embedding: embedding, metadata: metadata);
            }
        }

        return builder.Build();
    }
}
