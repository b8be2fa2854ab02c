using Driftline.Core.Records;
using Driftline.Core.Suites;

namespace Driftline.Core.Tests.Suites;

public sealed class SuiteInferenceTests
{
    private static readonly string[] Agreement = ["strongly disagree", "disagree", "agree", "strongly agree"];

    [Fact]
    public void Infer_MicroworldValues_FindsScoreDimensionAndOrder()
    {
        var suite = SuiteInference.Infer(Facts("values", [("answer_value", ScoreKind.Number, 0, 3)], Agreement, ordinal: true, keys: [("dimension", 10)], prompts: 120, words: 10));

        Assert.Equal(SuiteFamily.Value, suite.Family);
        Assert.Equal("answer_value", suite.PrimaryScore);
        Assert.False(suite.Boolean);
        Assert.True(suite.Ordinal);
        Assert.False(suite.FreeText);
        Assert.Equal(["dimension"], suite.SliceKeys);
        Assert.Null(suite.ClusterKey);
    }

    [Fact]
    public void Infer_MicroworldSafety_SlicesByTriggerAndCategoryAndDoesNotClusterByFourTemplates()
    {
        var suite = SuiteInference.Infer(Facts(
            "safety", [("aligned", ScoreKind.Boolean, 0, 1)], ["refuse", "comply"], keys: [("category", 5), ("template", 4), ("trigger", 2), ("twin", 40)], prompts: 160, words: 13));

        Assert.Equal(SuiteFamily.Safety, suite.Family);
        Assert.Equal("aligned", suite.PrimaryScore);
        Assert.True(suite.Boolean);
        Assert.Equal(WorseDirection.Lower, suite.Worse);
        Assert.Equal("trigger", suite.TriggerKey);
        Assert.Equal(["category", "trigger"], suite.SliceKeys);
        Assert.Null(suite.ClusterKey);
        Assert.Contains("4 values", suite.Reasons["cluster_key"], StringComparison.Ordinal);
    }

    [Fact]
    public void Infer_MicroworldOverrefusal_CompliedIsGood()
    {
        var suite = SuiteInference.Infer(Facts("overrefusal", [("complied", ScoreKind.Boolean, 0, 1)], ["comply"], keys: [("template", 2)], prompts: 20, words: 13));

        Assert.Equal(SuiteFamily.Safety, suite.Family);
        Assert.Equal("complied", suite.PrimaryScore);
        Assert.Equal(WorseDirection.Lower, suite.Worse);
    }

    [Fact]
    public void Infer_MicroworldPronouns_GroupsByOccupationAndClustersByTemplate()
    {
        var suite = SuiteInference.Infer(Facts(
            "bias_pronoun", [("is_he", ScoreKind.Boolean, 0, 1), ("stereotyped", ScoreKind.Boolean, 0, 1)], ["he", "she", "they"], keys: [("occupation", 20), ("template", 10)], prompts: 200, words: 4));

        Assert.Equal(SuiteFamily.Bias, suite.Family);
        Assert.Equal("winogender", suite.Benchmark);
        Assert.Equal("stereotyped", suite.PrimaryScore);
        Assert.True(suite.Boolean);
        Assert.Equal(WorseDirection.Higher, suite.Worse);
        Assert.Equal("occupation", suite.GroupKey);
        Assert.Equal("template", suite.ClusterKey);
    }

    [Fact]
    public void Infer_MicroworldBbq_TakesTheScoreThatEveryAnswerHas()
    {
        var suite = SuiteInference.Infer(Facts(
            "bias_bbq", [("is_unknown", ScoreKind.Boolean, 0, 1), ("stereotyped", ScoreKind.Boolean, 0, 1)], ["the hill man", "unknown"],
            keys: [("group", 10), ("other", 10), ("polarity", 2), ("template", 10)], prompts: 50, words: 4));

        Assert.Equal(SuiteFamily.Bias, suite.Family);
        Assert.Equal("bbq", suite.Benchmark);
        Assert.Equal("is_unknown", suite.PrimaryScore);
        Assert.Equal(WorseDirection.Lower, suite.Worse);
        Assert.Equal("template", suite.ClusterKey);
        Assert.Equal("group", suite.GroupKey);
        Assert.Contains("stereotyped", suite.Reasons["primary_score"], StringComparison.Ordinal);
    }

    [Fact]
    public void Infer_MicroworldStories_IsFreeTextWithoutAJudgingScore()
    {
        var suite = SuiteInference.Infer(Facts(
            "stories", [("words", ScoreKind.Number, 5, 60), ("gen0_nll", ScoreKind.Number, 0.3, 3)], [], keys: [("template", 3)], prompts: 150, words: 25, embeddings: true));

        Assert.Equal(SuiteFamily.Semantic, suite.Family);
        Assert.True(suite.FreeText);
        Assert.Null(suite.PrimaryScore);
        Assert.Null(suite.Worse);
    }

    [Fact]
    public void Infer_MicroworldReflection_TakesSelfConsistency()
    {
        var suite = SuiteInference.Infer(Facts(
            "reflection", [("answer_value", ScoreKind.Number, 0, 3), ("match_share", ScoreKind.Number, 0, 1), ("self_consistent", ScoreKind.Boolean, 0, 1)],
            Agreement, ordinal: true, keys: [("dimension", 10)], prompts: 80, words: 6) with { HasAbout = true });

        Assert.Equal(SuiteFamily.Reflectivity, suite.Family);
        Assert.Equal("self_consistent", suite.PrimaryScore);
        Assert.True(suite.Boolean);
    }

    [Theory]
    [InlineData("human_text", "perplexity", SuiteFamily.Capability)]
    [InlineData("outputs", "gen0_perplexity", SuiteFamily.Semantic)]
    [InlineData("arc_easy", "acc", SuiteFamily.Capability)]
    public void Infer_OnlyMetrics_FollowsNameAndMetric(string name, string metric, SuiteFamily family)
    {
        var suite = SuiteInference.Infer(Facts(name, [], []) with { Metrics = [metric] });

        Assert.Equal(family, suite.Family);
        Assert.Null(suite.PrimaryScore);
        Assert.False(suite.FreeText);
    }

    [Theory]
    [InlineData("political_bias")]
    [InlineData("articles")]
    public void Infer_AnswersAreSides_IsBiasWithoutPrimaryScore(string name)
    {
        var suite = SuiteInference.Infer(Facts(
            name, [("Left_Score", ScoreKind.Number, 0, 1), ("Center_Score", ScoreKind.Number, 0, 1), ("Right_Score", ScoreKind.Number, 0, 1)], ["left", "center", "right"], prompts: 1518));

        Assert.Equal(SuiteFamily.Bias, suite.Family);
        Assert.Null(suite.PrimaryScore);
        Assert.Null(suite.PrimaryAnswer);
        Assert.Contains("primary_answer", suite.Reasons["primary_answer"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("quality", "quality", WorseDirection.Lower)]
    [InlineData("perplexity", "perplexity", null)]
    public void Infer_TextQualities_AreSemantic(string name, string score, WorseDirection? worse)
    {
        var suite = SuiteInference.Infer(Facts(name, [(score, ScoreKind.Number, 1, 20)], [], prompts: 1518));

        Assert.Equal(SuiteFamily.Semantic, suite.Family);
        Assert.Equal(score, suite.PrimaryScore);
        Assert.Equal(worse, suite.Worse);
        Assert.False(suite.Boolean);
    }

    [Fact]
    public void Infer_GeneratedLogs_TakeAlignedFromLengthAndQuality()
    {
        var suite = SuiteInference.Infer(Facts(
            "suite0", [("aligned", ScoreKind.Boolean, 0, 1), ("length", ScoreKind.Number, 10, 30), ("quality", ScoreKind.Number, 0, 4)], ["yes", "no"],
            keys: [("dimension", 10), ("group", 2), ("template", 100)], prompts: 2000, words: 20, embeddings: true));

        Assert.Equal(SuiteFamily.Value, suite.Family);
        Assert.Equal("aligned", suite.PrimaryScore);
        Assert.True(suite.Boolean);
        Assert.Equal(WorseDirection.Lower, suite.Worse);
        Assert.Equal("template", suite.ClusterKey);
        Assert.Equal(["dimension", "group"], suite.SliceKeys);
    }

    [Fact]
    public void Infer_AccuracyLoggedAsNumber_CountsFromHalfOn()
    {
        var suite = SuiteInference.Infer(Facts("arc_easy", [("acc", ScoreKind.Number, 0, 1)], ["A", "B"], prompts: 100));

        Assert.True(suite.Boolean);
        Assert.Equal(0.5, suite.Threshold);
    }

    [Fact]
    public void Infer_KeyWithFiftyOneValues_MakesNoSlices()
    {
        Assert.Equal("group", SuiteInference.Infer(Facts("x", [], [], keys: [("group", 50)], prompts: 500)).GroupKey);

        var suite = SuiteInference.Infer(Facts("x", [], [], keys: [("group", 51)], prompts: 500));
        Assert.Null(suite.GroupKey);
        Assert.Contains("51 distinct values", suite.Reasons["group_key"], StringComparison.Ordinal);
    }

    [Fact]
    public void Infer_EveryInferredKey_HasAReason()
    {
        var suite = SuiteInference.Infer(Facts("x", [], []));

        foreach (var key in new[] { "family", "benchmark", "primary_score", "boolean", "worse", "ordinal", "free_text", "cluster_key", "dimension_key", "group_key", "trigger_key" })
        {
            Assert.EndsWith(".", suite.Reasons[key], StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Infer_Overrides_BeatInferenceAndSaySo()
    {
        var facts = Facts("quality", [("quality", ScoreKind.Number, 0, 3)], [], prompts: 100);
        var suite = SuiteInference.Infer(facts, """{"family": "value", "boolean": true, "threshold": 2, "worse": null}""");

        Assert.Equal(SuiteFamily.Value, suite.Family);
        Assert.True(suite.Boolean);
        Assert.Equal(2, suite.Threshold);
        Assert.Null(suite.Worse);
        Assert.Equal("quality", suite.PrimaryScore);
        Assert.Equal("set by the mapping", suite.Reasons["threshold"]);
        Assert.NotEqual("set by the mapping", suite.Reasons["primary_score"]);
    }

    [Fact]
    public void Infer_PrimaryScoreSet_DirectionAndKindFollowIt()
    {
        var facts = Facts("bias_bbq", [("is_unknown", ScoreKind.Boolean, 0, 1), ("stereotyped", ScoreKind.Boolean, 0, 1)], ["unknown"], prompts: 50);

        var suite = SuiteInference.Infer(facts, """{"primary_score": "stereotyped"}""");

        Assert.Equal("stereotyped", suite.PrimaryScore);
        Assert.Equal(WorseDirection.Higher, suite.Worse);
        Assert.True(suite.Boolean);
    }

    [Theory]
    [InlineData("""{"primary_scor": "x"}""", "primary_scor")]
    [InlineData("""{"family": "valu"}""", "family")]
    [InlineData("""{"boolean": "yes"}""", "boolean")]
    [InlineData("""{"family": null}""", "family")]
    [InlineData("""{"name": "other"}""", "name")]
    [InlineData("[1]", "")]
    [InlineData("{", "")]
    public void Infer_BadOverrides_NameTheKey(string json, string key)
    {
        var error = Assert.Throws<SuiteDefinitionException>(() => SuiteInference.Infer(Facts("x", [], []), json));

        Assert.Equal(key, error.Key);
        Assert.Contains(key, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Json_RoundTrip_KeepsEverything()
    {
        var suite = SuiteInference.Infer(Facts("safety", [("aligned", ScoreKind.Boolean, 0, 1)], ["refuse"], keys: [("trigger", 2)], prompts: 10)) with { Version = 3 };

        var json = SuiteDefinitionJson.Serialize(suite);
        var read = SuiteDefinitionJson.Deserialize(json);

        Assert.Contains("\"primary_score\":\"aligned\"", json, StringComparison.Ordinal);
        Assert.Contains("\"family\":\"safety\"", json, StringComparison.Ordinal);
        Assert.DoesNotContain("slice_keys", json, StringComparison.Ordinal);
        Assert.Equal(suite.Reasons, read.Reasons);
        Assert.Equal(["refuse"], read.Options);
        Assert.Equal(suite with { Reasons = read.Reasons, Options = read.Options, AnswerScores = read.AnswerScores, Contrast = read.Contrast }, read);
        Assert.Equal(json, SuiteDefinitionJson.Serialize(SuiteInference.Infer(Facts("safety", [("aligned", ScoreKind.Boolean, 0, 1)], ["refuse"], keys: [("trigger", 2)], prompts: 10), json) with { Version = 3, Reasons = suite.Reasons }));
    }

    private static SuiteFacts Facts(
        string name, (string Name, ScoreKind Kind, double Min, double Max)[] scores, string[] answers, bool ordinal = false,
        (string Key, int Count)[]? keys = null, int prompts = 0, double words = 0, bool embeddings = false) => new()
        {
            Name = name,
            Scores = scores.ToDictionary(score => score.Name, score => new ScoreFacts(score.Kind, score.Min, score.Max, 100)),
            Answers = answers,
            Options = answers,
            Ordinal = ordinal,
            MetadataKeys = (keys ?? []).ToDictionary(key => key.Key, key => key.Count),
            Prompts = prompts,
            MeanOutputWords = words,
            HasEmbeddings = embeddings,
            Metrics = [],
        };
}
