using System.Security.Cryptography;
using System.Text;
using Driftline.Core.Measures;
using Driftline.Core.Suites;
using Driftline.Storage;
using Driftline.Storage.Queries;

namespace Driftline.Web.Workers.Measuring;

/// <summary>
/// Decides which measures of a lineage are to be computed: all that apply, less those whose inputs are as they were. Inputs are
/// known by hashes of contents, so the order of imports does not matter and nothing runs twice.
/// </summary>
public static class MeasurePlanner
{
    /// <summary>Every run that the lineage should have, with the hash of its inputs.</summary>
    public static IEnumerable<PlannedRun> Plan(LineageSnapshot lineage, IReadOnlyList<IMeasure> measures)
    {
        foreach (var suite in lineage.Suites)
        {
            var definition = suite.Definition;
            var applicable = measures.Where(measure => measure.Definition.Suites.Count == 0 || measure.Definition.Suites.Contains(definition.Family)).ToList();
            var suiteHash = Hash(SuiteDefinitionJson.Serialize(definition with { Reasons = new Dictionary<string, string>(), Options = [], Version = 1 }));
            foreach (var node in lineage.Nodes)
            {
                if (lineage.Current(node.Id, suite.Id) is not { Samples: > 0 } current)
                {
                    continue;
                }

                var origin = node.OriginId is { } originId ? lineage.Current(originId, suite.Id) : null;
                foreach (var measure in applicable)
                {
                    foreach (var kind in measure.Definition.Baselines)
                    {
                        if (PlanOne(lineage, suite, suiteHash, node, current, origin, measure, kind) is { } run)
                        {
                            yield return run;
                        }
                    }
                }
            }
        }
    }

    /// <summary>SHA-256 of the parts, lower-case hexadecimal, cut to 128 bits.</summary>
    public static string Hash(params ReadOnlySpan<string?> parts)
    {
        var text = new StringBuilder();
        foreach (var part in parts)
        {
            // The length in front keeps ("a", "bc") apart from ("ab", "c").
            text.Append(part?.Length ?? -1).Append(':').Append(part);
        }

        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())).AsSpan(0, 16));
    }

    private static PlannedRun? PlanOne(
        LineageSnapshot lineage,
        SuiteSummary suite,
        string suiteHash,
        NodeSummary node,
        EvaluationSummary current,
        EvaluationSummary? origin,
        IMeasure measure,
        BaselineKind kind)
    {
        var key = new MeasureRunKey(node.Id, suite.Id, measure.Definition.Id, kind);
        EvaluationSummary? baseline = null;
        string? missing = null;
        if (kind != BaselineKind.None)
        {
            if (node.IsReference || (node.Key.Generation == 0 && node.OriginId == node.Id))
            {
                return null;
            }

            var baselineNode = lineage.BaselineNode(node, kind);
            baseline = baselineNode is null ? null : lineage.Current(baselineNode.Id, suite.Id);
            if (baseline is not { Samples: > 0 })
            {
                baseline = null;
                missing = baselineNode is null
                    ? $"the {(kind == BaselineKind.Origin ? "origin (generation 0)" : $"parent (generation {node.Key.Generation - 1})")} of {node.Key} has not been imported"
                    : $"{baselineNode.Key} has no samples of {suite.Definition.Name}";
            }
        }

        var hash = Hash(
            measure.Definition.Id, $"{measure.Definition.Version}", kind.ToString(), suiteHash, current.ContentHash, baseline?.ContentHash, origin?.ContentHash, missing);
        return new PlannedRun(key, measure, current, baseline, origin, missing, hash);
    }
}
