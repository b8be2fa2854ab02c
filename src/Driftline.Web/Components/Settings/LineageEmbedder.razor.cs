using Driftline.Core.Embeddings;
using Driftline.Storage;
using Driftline.Storage.Queries;
using Driftline.Web.Live;
using Driftline.Web.Options;
using Driftline.Web.Workers.Embedding;
using Driftline.Web.Workers.Measuring;
using Microsoft.AspNetCore.Components;

namespace Driftline.Web.Components.Settings;

/// <summary>The embedder that a lineage is measured with.</summary>
public sealed partial class LineageEmbedder
{
    private string _current = LexicalEmbedder.Name;
    private bool _isFrozen;
    private string? _asked;
    private List<string> _choices = [];

    /// <summary>The lineage.</summary>
    [Parameter, EditorRequired]
    public required LineageSummary Lineage { get; set; }

    [Inject]
    private SettingsStore Settings { get; set; } = null!;

    [Inject]
    private FrozenEmbedder Embedder { get; set; } = null!;

    [Inject]
    private RecomputeQueue Queue { get; set; } = null!;

    [Inject]
    private GenerationFeed Feed { get; set; } = null!;

    [Inject]
    private DriftlineOptions Options { get; set; } = null!;

    private string Present => _isFrozen
        ? $"Outputs without embeddings are embedded by {Words(_current)}, for all generations."
        : $"Nothing had to be embedded so far; it would be done by {Words(_current)}.";

    /// <inheritdoc/>
    protected override async Task OnParametersSetAsync()
    {
        _isFrozen = await Settings.GetAsync<string>(Lineage.Id, SettingKeys.FrozenEmbedder, CancellationToken.None) is not null;
        _current = await Embedder.OfAsync(Lineage.Id, CancellationToken.None);
        var endpoint = await Settings.GetAsync<EmbeddingEndpoint>(SettingKeys.Embedder, CancellationToken.None);
        _choices = [.. new[] { LexicalEmbedder.Name, _current, endpoint is null ? null : EndpointEmbedder.NameOf(endpoint.Model) }.OfType<string>().Distinct(StringComparer.Ordinal)];
    }

    private static string Words(string? embedder) =>
        embedder is null ? "" : EndpointEmbedder.ModelOf(embedder) is { } model ? $"the endpoint's model {model}" : "the built-in embedder (lexical drift)";

    private async Task ChangeAsync()
    {
        var chosen = _asked!;
        _asked = null;
        await Embedder.ChangeAsync(Lineage.Id, chosen, CancellationToken.None);
        (_current, _isFrozen) = (chosen, true);
        Feed.Publish(Lineage.Name);
        Queue.Enqueue(Lineage.Id, Lineage.Name, Recompute.Outdated);
    }
}
