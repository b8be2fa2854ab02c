using System.Diagnostics;
using System.Globalization;
using Driftline.Core.Figures;
using Driftline.Storage;
using Driftline.Web.Options;
using Driftline.Web.Workers.Embedding;
using Microsoft.AspNetCore.Components;

namespace Driftline.Web.Components.Settings;

/// <summary>The embedding endpoint of the installation: its address and model, and a way to try it.</summary>
public sealed partial class EndpointSettings : IDisposable
{
    private const string Sample = "The model prefers to be corrected by people.";

    private readonly CancellationTokenSource _left = new();
    private EmbeddingEndpoint? _stored;
    private string _address = "";
    private string _model = "";
    private bool _forNew = true;
    private bool _trying;
    private string? _fault;
    private string? _said;

    [Inject]
    private SettingsStore Settings { get; set; } = null!;

    [Inject]
    private EmbeddingClient Client { get; set; } = null!;

    [Inject]
    private DriftlineOptions Options { get; set; } = null!;

    private EmbeddingEndpoint Draft => new() { Address = _address.Trim(), Model = _model.Trim(), ForNewLineages = _forNew };

    /// <inheritdoc/>
    public void Dispose()
    {
        _left.Cancel();
        _left.Dispose();
    }

    /// <inheritdoc/>
    protected override async Task OnInitializedAsync()
    {
        _stored = await Settings.GetAsync<EmbeddingEndpoint>(SettingKeys.Embedder, CancellationToken.None);
        if (_stored is not null)
        {
            (_address, _model, _forNew) = (_stored.Address, _stored.Model, _stored.ForNewLineages);
        }
    }

    private async Task SaveAsync()
    {
        (_said, _fault) = (null, EmbeddingClient.Fault(Draft));
        if (_fault is null)
        {
            await Settings.SetAsync(SettingKeys.Embedder, Draft, CancellationToken.None);
            _stored = Draft;
            _said = "Saved. Lineages that are embedded already keep their embedder; each lineage's settings change it.";
        }
    }

    private async Task RemoveAsync()
    {
        await Settings.SetAsync<EmbeddingEndpoint>(SettingKeys.Embedder, null, CancellationToken.None);
        (_stored, _address, _model, _forNew) = (null, "", "", true);
        (_fault, _said) = (null, "Removed. Lineages that were embedded by it need it again for new outputs, or another embedder.");
    }

    private async Task TryAsync()
    {
        (_said, _fault) = (null, EmbeddingClient.Fault(Draft));
        if (_fault is not null)
        {
            return;
        }

        _trying = true;
        StateHasChanged();
        try
        {
            var watch = Stopwatch.StartNew();
            var vector = await Client.EmbedAsync(Draft, Sample, _left.Token);
            _said = string.Create(CultureInfo.InvariantCulture, $"It works: {NumberFormat.Count(vector.Length, "dimension")} in {watch.Elapsed.TotalSeconds:0.00} s.");
        }
        catch (EmbedderFailedException failure)
        {
            _fault = failure.Message;
        }
        catch (OperationCanceledException)
        {
            // The page was left.
            return;
        }

        _trying = false;
    }
}
