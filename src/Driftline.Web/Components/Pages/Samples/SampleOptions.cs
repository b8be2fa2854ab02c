using Driftline.Core.Measures;
using Driftline.Core.Samples;
using Driftline.Storage;
using Driftline.Storage.Queries;
using Driftline.Web.Api;

namespace Driftline.Web.Components.Pages.Samples;

/// <summary>What the filters of the page of samples offer.</summary>
public sealed record SampleOptions
{
    /// <summary>The suite that slices, keys, models and fields are of; null before they are read.</summary>
    public long? Suite { get; init; }

    /// <summary>Suites that have samples.</summary>
    public IReadOnlyList<(string Value, string Text)> Suites { get; init; } = [];

    /// <summary>Branches and seeds.</summary>
    public IReadOnlyList<(string Value, string Text)> Lines { get; init; } = [];

    /// <summary>Generations of the line.</summary>
    public IReadOnlyList<(string Value, string Text)> Generations { get; init; } = [];

    /// <summary>All prompts, then the slices by metadata and by behaviour.</summary>
    public IReadOnlyList<(string Value, string Text)> Slices { get; init; } = [];

    /// <summary>Metadata keys of samples.</summary>
    public IReadOnlyList<string> Keys { get; init; } = [];

    /// <summary>Models whose usage samples state.</summary>
    public IReadOnlyList<string> Models { get; init; } = [];

    /// <summary>What they state of it.</summary>
    public IReadOnlyList<UsageField> Fields { get; init; } = [];

    /// <summary>The same with what samples of a suite can be filtered by; read once a suite.</summary>
    public async Task<SampleOptions> OfSuiteAsync(long lineage, SuiteSummary suite, SampleQueries samples, UsageStore usage, BehaviourNames names, CancellationToken cancellation)
    {
        if (Suite == suite.Id)
        {
            return this;
        }

        var slices = new List<(string Value, string Text)> { ("", "all prompts") };
        foreach (var key in suite.Definition.SliceKeys)
        {
            var values = await samples.MetadataValuesAsync(lineage, suite.Id, key, cancellation);
            slices.AddRange(values.Select(value => (Slice.Of(key, value), $"{key} {value}")));
        }

        var behaviours = await names.OfSuiteAsync(lineage, suite.Definition.Name, cancellation);
        slices.AddRange(behaviours.OrderBy(behaviour => behaviour.Key).Select(behaviour => (Slice.Of(Slice.ClusterKey, $"{behaviour.Key}"), behaviour.Value)));
        var keys = await samples.MetadataKeysAsync(lineage, suite.Id, cancellation);
        var (models, fields) = await usage.KindsAsync(lineage, suite.Id, cancellation);
        return this with { Suite = suite.Id, Slices = slices, Keys = keys, Models = models, Fields = fields };
    }
}
