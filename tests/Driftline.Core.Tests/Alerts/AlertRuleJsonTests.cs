using Driftline.Core.Alerts;
using Driftline.Core.Measures;

namespace Driftline.Core.Tests.Alerts;

public sealed class AlertRuleJsonTests
{
    private const string Least = """{"name":"drift","measure":"js_distance","suite":"values","threshold":0.3}""";

    [Fact]
    public void What_is_written_is_read_back_as_it_was()
    {
        var rule = Loop.Rule() with
        {
            Branches = ["replace", "a\"b"],
            Seeds = [new AlertLine("replace", "1")],
            Condition = AlertCondition.Below,
            Basis = AlertBasis.Point,
            For = 2,
            Recovery = .4,
            RecoveryFor = 3,
            Enabled = false,
            Note = "ask Ada <ada@example.org>",
        };

        var (lineage, read) = Assert.Single(AlertRuleJson.Parse(AlertRuleJson.Write([("mw", rule)])));

        Assert.Equal("mw", lineage);
        Assert.Equal(AlertRuleJson.Write(rule), AlertRuleJson.Write(read));
        Assert.Equal(AlertRuleJson.Write(rule), AlertRuleJson.Write(AlertRuleJson.ParseOne(AlertRuleJson.Write(rule))));
    }

    [Fact]
    public void What_is_left_out_has_its_default()
    {
        var rule = Assert.Single(AlertRuleJson.Parse($"[{Least}]", "mw")).Rule;

        Assert.Equal(new WatchedSeries("js_distance", "values", null, Baseline.Origin), rule.Series);
        Assert.Equal((AlertSeverity.Warn, AlertCondition.Above, AlertBasis.Bound, 1, true), (rule.Severity, rule.Condition, rule.Basis, rule.For, rule.Enabled));
        Assert.Equal(Baseline.None, Assert.Single(AlertRuleJson.Parse($"[{Least.Replace("js_distance", "reported:perplexity", StringComparison.Ordinal)}]", "mw")).Rule.Series.Baseline);
    }

    [Theory]
    [InlineData("""{"rules":5}""", "rules: must be an array of rules")]
    [InlineData("[1]", "rules[0]: must be an object")]
    [InlineData("[{", "line 1, column 3: not JSON")]
    [InlineData("""[{"name":"a"}]""", "rules[0].threshold: is missing")]
    [InlineData("""[{"threshold":"high"}]""", "rules[0].threshold: must be a number, not \"high\"")]
    [InlineData("""[{"threshold":1,"condition":"over"}]""", "rules[0].condition: must be \"above\", \"below\", \"outside\", not \"over\"")]
    [InlineData("""[{"threshold":1,"measure":"js"}]""", "rules[0].measure: no measure is called \"js\"")]
    [InlineData("""[{"threshold":1,"measure":"trend:rate"}]""", "a rule tests each generation")]
    [InlineData("""[{"threshold":1,"measure":"rate"}]""", "rules[0].suite: is missing")]
    [InlineData("""[{"threshold":1,"measure":"rate","suite":"s","name":"n","baseline":"origin"}]""", "rules[0].baseline: rate has no baseline \"origin\"; it has none")]
    [InlineData("""[{"threshold":1,"measure":"rate","suite":"s","name":"n","for":0}]""", "rules[0].for: must be a number of generations from 1 to 1000, not 0")]
    [InlineData("""[{"threshold":1,"recovery":2}]""", "rules[0].recovery: must lie on the harmless side of the threshold, at or below it")]
    [InlineData("""[{"threshold":-1,"condition":"outside"}]""", "rules[0].threshold: must be 0 or more")]
    [InlineData("""[{"threshold":1,"measure":"rate","suite":"s","name":"n","seeds":["1"]}]""", "rules[0].seeds: must be an array such as")]
    [InlineData("""[{"threshold":1,"measure":"rate","suite":"s","name":"n","tier":"page"}]""", "rules[0].tier: must be \"plain\"")]
    [InlineData("""[{"threshold":1,"measure":"rate","suite":"s","name":"n","treshold":1}]""", "rules[0].treshold: is not a key of a rule; known: baseline, branches")]
    [InlineData("""[{"threshold":1,"measure":"rate","suite":"s","name":"n","slice":"right"}]""", "rules[0].slice: The slice 'right' is not of the form key=value")]
    public void A_mistake_is_named_by_its_key(string json, string message)
    {
        var mistake = Assert.Throws<FormatException>(() => AlertRuleJson.Parse(json, "mw"));

        Assert.Contains(message, mistake.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_of_several_lineages_must_name_them()
    {
        Assert.Contains("rules[0].lineage: is missing", Assert.Throws<FormatException>(() => AlertRuleJson.Parse($"[{Least}]")).Message, StringComparison.Ordinal);
    }
}
