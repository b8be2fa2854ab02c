using Driftline.Core.Lineages;
using Driftline.Core.Measures;
using Driftline.Core.Measures.Values;
using Driftline.Core.Records;
using Driftline.Core.Suites;

namespace Driftline.Core.Tests.Measures;

public sealed class ComparabilityTests
{
    private static readonly NodeKey Origin = new("l", "main", null, 0);
    private static readonly NodeKey Seventh = new("l", "replace", "2", 7);

    [Fact]
    public void Compare_OtherJudge_NamesKeyValuesAndTheWayOut()
    {
        var verdict = Comparability.Compare("""{"judge":"gpt-4o-2024-11"}""", """{"judge":"gpt-4o-2024-05"}""", ComparabilityKeys.Scorer, Seventh, Origin);

        Assert.Equal(ComparabilityState.NotComparable, verdict.State);
        Assert.Equal("judge", verdict.Key);
        Assert.Equal(
            "Generation 7 of replace-s2 is not comparable with generation 0: judge gpt-4o-2024-05 → gpt-4o-2024-11. Score generation 0 again with the new judge.", verdict.Sentence);
    }

    [Fact]
    public void Compare_SameArm_NamesOnlyGenerations()
    {
        var verdict = Comparability.Compare("""{"temperature":1}""", """{"temperature":0.8}""", ComparabilityKeys.Sampler, Seventh, Seventh with { Generation = 6 });

        Assert.Equal("Generation 7 is not comparable with generation 6: temperature 0.8 → 1. Sample generation 6 again with the same temperature.", verdict.Sentence);
    }

    [Fact]
    public void Compare_KnownOnOneSide_IsUnverified()
    {
        var verdict = Comparability.Compare("""{"scorer":"rules-1"}""", null, ComparabilityKeys.Scorer, Seventh, Origin);

        Assert.Equal(ComparabilityState.Unverified, verdict.State);
        Assert.Equal("Unverified: generation 7 of replace-s2 states scorer rules-1, generation 0 does not state it.", verdict.Sentence);
    }

    [Theory]
    [InlineData(null, null)]
    [InlineData("{}", null)]
    [InlineData("""{"temperature":1}""", """{"temperature":1.0}""")]
    [InlineData("""{"dataset_digest":"a","run":1}""", """{"dataset_digest":"b"}""")]
    [InlineData("""{"task_version":"1"}""", """{"task_version":"2"}""")]
    [InlineData("""{"top_p":null}""", """{"top_p":null}""")]
    public void Compare_NothingThatMatters_IsComparable(string? current, string? baseline) =>
        Assert.Equal(ComparabilityVerdict.Comparable, Comparability.Compare(current, baseline, ComparabilityKeys.Scorer | ComparabilityKeys.Sampler, Seventh, Origin));

    [Fact]
    public void Compare_KnownAndDifferent_BeatsUnverified()
    {
        var verdict = Comparability.Compare(
            """{"max_tokens":10,"temperature":1}""", """{"temperature":2}""", ComparabilityKeys.Sampler, Seventh, Origin);

        Assert.Equal("temperature", verdict.Key);
    }

    [Fact]
    public void Describe_WritesTheDeclaredKeysInOrder()
    {
        const string Config = """{"dataset_digest":"x","judge_role":"fixed","scorer":"rules-1","temperature":0.80}""";

        Assert.Equal("judge_role=fixed; scorer=rules-1; temperature=0.8", Comparability.Describe(Config, ComparabilityKeys.Scorer | ComparabilityKeys.Sampler));
        Assert.Null(Comparability.Describe(Config, ComparabilityKeys.Embedder));
        Assert.Null(Comparability.Describe(null, ComparabilityKeys.Sampler));
    }

    [Fact]
    public void Compare_Embedders_ByTheirNamesFirst()
    {
        var lexical = Embedded("lexical-1", """{"embedding_model":"a"}""");
        Assert.Equal(ComparabilityState.Comparable, Comparability.Compare(lexical, Embedded("lexical-1", null), ComparabilityKeys.Embedder).State);
        Assert.Equal("embedder", Comparability.Compare(lexical, Embedded("other", null), ComparabilityKeys.Embedder).Key);
        Assert.Equal(
            "embedding_model",
            Comparability.Compare(Embedded("default", """{"embedding_model":"a"}"""), Embedded("default", """{"embedding_model":"b"}"""), ComparabilityKeys.Embedder).Key);
    }

    [Fact]
    public void Run_NotComparable_KeepsTheSlicesWithoutValues()
    {
        var suite = new SuiteDefinition { Name = "s", Family = SuiteFamily.Value, PrimaryScore = "a" };
        var input = new MeasureInput
        {
            Suite = suite,
            Current = Scored(1, """{"scorer":"2"}""").Build(),
            Baseline = Scored(0, """{"scorer":"1"}""").Build(),
            Seed = 1,
        };

        var estimates = MeasureComputation.Run(new ScoreShift(), input);

        Assert.Equal([null, "score=b"], estimates.Select(e => e.Slice));
        Assert.All(estimates, e =>
        {
            Assert.Equal(MeasureStatus.NotComparable, e.Estimate.Status);
            Assert.Null(e.Estimate.Value);
            Assert.Contains("scorer 1 → 2", e.Estimate.Reason, StringComparison.Ordinal);
        });
    }

    [Fact]
    public void Run_IncompleteEvaluation_IsProvisional()
    {
        var suite = new SuiteDefinition { Name = "s", Family = SuiteFamily.Value, PrimaryScore = "a" };
        var started = Scored(1, null);
        started.Status = EvaluationStatus.Started;

        var estimate = MeasureComputation.Run(new MeanScore(), new MeasureInput { Suite = suite, Current = started.Build(), Seed = 1 })[0].Estimate;

        Assert.Equal(MeasureStatus.Provisional, estimate.Status);
        Assert.NotNull(estimate.Value);
        Assert.StartsWith("Provisional: the evaluation of generation 1", estimate.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_OneSideSilent_IsMarkedUnverified()
    {
        var suite = new SuiteDefinition { Name = "s", Family = SuiteFamily.Value, PrimaryScore = "a" };
        var input = new MeasureInput { Suite = suite, Current = Scored(1, """{"scorer":"2"}""").Build(), Baseline = Scored(0, null).Build(), Seed = 1 };

        var estimate = MeasureComputation.Run(new ScoreShift(), input)[0].Estimate;

        Assert.Equal(MeasureStatus.Ok, estimate.Status);
        Assert.Contains("Unverified", estimate.Reason, StringComparison.Ordinal);
    }

    private static TableBuilder Scored(int generation, string? config)
    {
        var builder = new TableBuilder(generation: generation) { Config = config };
        for (var i = 0; i < 6; i++)
        {
            builder.Add($"p{i}", scores: new Dictionary<string, object?> { ["a"] = i * generation, ["b"] = 1.0 });
        }

        return builder;
    }

    private static EvaluationTable Embedded(string embedder, string? config) =>
        new TableBuilder { Embedder = embedder, Config = config }.Add("p", embedding: [1, 0]).Build();
}
