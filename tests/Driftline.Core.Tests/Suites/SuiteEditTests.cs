using Driftline.Core.Records;
using Driftline.Core.Suites;

namespace Driftline.Core.Tests.Suites;

/// <summary>What a person sets of a suite, beside mappings and inference.</summary>
public sealed class SuiteEditTests
{
    private static readonly SuiteFacts Facts = new()
    {
        Name = "quality",
        Scores = new Dictionary<string, ScoreFacts>
        {
            ["quality"] = new(ScoreKind.Number, 0, 4, 100),
            ["Left_Score"] = new(ScoreKind.Number, 0, 1, 100),
            ["Right_Score"] = new(ScoreKind.Number, 0, 1, 100),
        },
        Answers = ["a", "b"],
        Options = ["b", "a"],
        MetadataKeys = new Dictionary<string, int> { ["template"] = 20, ["author"] = 200, ["topic"] = 4 },
        Prompts = 100,
        Metrics = [],
    };

    [Fact]
    public void What_a_person_sets_beats_a_mapping_and_says_so()
    {
        var definition = SuiteInference.Infer(Facts, """{"worse":"lower","family":"safety"}""", """{"worse":"higher"}""");

        Assert.Equal(WorseDirection.Higher, definition.Worse);
        Assert.Equal(SuiteFamily.Safety, definition.Family);
        Assert.Equal(SuiteInference.SetByPerson, definition.Reasons["worse"]);
        Assert.Equal(SuiteInference.SetByMapping, definition.Reasons["family"]);
        Assert.Equal("""{"worse":"higher"}""", SuiteInference.EditsOf(definition));
    }

    [Fact]
    public void With_nothing_set_everything_is_as_inferred()
    {
        Assert.Null(SuiteInference.EditsOf(SuiteInference.Infer(Facts)));
        Assert.Equal(
            SuiteDefinitionJson.Serialize(SuiteInference.Infer(Facts)),
            SuiteDefinitionJson.Serialize(SuiteInference.Infer(Facts, editsJson: "{}")));
    }

    [Fact]
    public void Another_primary_score_takes_nothing_over_that_a_mapping_said_of_the_one_before()
    {
        const string Mapping = """{"primary_score":"quality","boolean":true,"threshold":2,"worse":"lower"}""";

        var definition = SuiteInference.Infer(Facts, Mapping, """{"primary_score":"Left_Score"}""");

        Assert.Equal("Left_Score", definition.PrimaryScore);
        Assert.Equal((false, null, null), (definition.Boolean, definition.Threshold, definition.Worse));
        Assert.Equal(2, SuiteInference.Infer(Facts, Mapping, """{"primary_score":"quality"}""").Threshold);
    }

    [Fact]
    public void A_threshold_makes_a_number_a_yes_or_no()
    {
        var definition = SuiteInference.Infer(Facts, editsJson: """{"threshold":2}""");

        Assert.True(definition.Boolean);
        Assert.Equal(["boolean", "threshold"], definition.Reasons.Where(reason => reason.Value == SuiteInference.SetByPerson).Select(reason => reason.Key).Order());
    }

    [Fact]
    public void The_order_of_options_means_something_only_where_it_was_set()
    {
        var logged = SuiteInference.Infer(Facts);
        var set = SuiteInference.Infer(Facts, editsJson: """{"options":["a","b"]}""");

        Assert.False(logged.OrdersOptions);
        Assert.True(set.OrdersOptions);
        Assert.Empty(logged.Meaning().Options);
        Assert.Equal(["a", "b"], set.Meaning().Options);
    }

    [Theory]
    [InlineData("""{"primary_score":"none"}""", "primary_score", "no score called 'none'; it has Left_Score, Right_Score, quality")]
    [InlineData("""{"threshold":9}""", "threshold", "All values of 'quality' lie between 0 and 4")]
    [InlineData("""{"boolean":true}""", "threshold", "say from which value on")]
    [InlineData("""{"primary_answer":"c"}""", "primary_answer", "no answer called 'c'; it has a, b")]
    [InlineData("""{"answer_scores":["Left_Score"]}""", "answer_scores", "two scores or more")]
    [InlineData("""{"answer_scores":["Left_Score","Up_Score"]}""", "answer_scores", "no score called 'Up_Score'")]
    [InlineData("""{"options":["a"]}""", "options", "leaves out b")]
    [InlineData("""{"dimension_key":"nothing"}""", "dimension_key", "no metadata key called 'nothing'; it has author, template, topic")]
    [InlineData("""{"group_key":"author"}""", "group_key", "more than the 50")]
    [InlineData("""{"cluster_key":"author"}""", "cluster_key", "differs for every prompt")]
    public void What_the_data_do_not_offer_is_named_with_what_they_do(string edits, string key, string sentence)
    {
        var fault = Assert.Single(SuiteCheck.Faults(SuiteInference.Infer(Facts, editsJson: edits), Facts));

        Assert.Equal(key, fault.Key);
        Assert.Contains(sentence, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_inferred_has_no_faults() => Assert.Empty(SuiteCheck.Faults(SuiteInference.Infer(Facts), Facts));

    [Fact]
    public void A_file_that_was_exported_changes_nothing_and_a_changed_one_what_it_changes()
    {
        var definition = SuiteInference.Infer(Facts);
        var file = SuiteExchange.Write([definition]);

        Assert.Empty(SuiteExchange.Changes(definition, SuiteExchange.Read(file)["quality"]));

        var changes = SuiteExchange.Changes(definition, SuiteExchange.Read("""{"name":"quality","worse":"higher","family":"semantic"}""")["quality"]);
        var change = Assert.Single(changes);
        Assert.Equal(new SuiteChange("quality", "worse", "\"lower\"", "\"higher\""), change);
        Assert.Equal("""{"threshold":2,"worse":"higher"}""", SuiteExchange.Apply("""{"threshold":2}""", changes));
    }

    [Theory]
    [InlineData("[", "", "not valid JSON (line 1)")]
    [InlineData("3", "", "must be a JSON array")]
    [InlineData("""[{"family":"bias"}]""", "name", "Definition 1: the key 'name' is missing")]
    [InlineData("""[{"name":"a"},{"name":"b","famly":"bias"}]""", "famly", "Definition 2: the suite definition has no key 'famly'")]
    [InlineData("""[{"name":"a","family":"biased"}]""", "family", "does not fit the key 'family'")]
    [InlineData("""[{"name":"a"},{"name":"a"}]""", "name", "stands in the file twice")]
    public void A_file_that_cannot_be_read_names_the_place_and_the_key(string file, string key, string sentence)
    {
        var fault = Assert.Throws<SuiteDefinitionException>(() => SuiteExchange.Read(file));

        Assert.Equal(key, fault.Key);
        Assert.Contains(sentence, fault.Message, StringComparison.Ordinal);
    }
}
