using System.Text;
using Driftline.Core.Suites;
using Driftline.Storage;
using Driftline.Storage.Queries;
using Driftline.Web.Live;
using Driftline.Web.Workers.Measuring;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Forms;

namespace Driftline.Web.Components.Settings;

/// <summary>Exports the suites of a lineage, and imports such a file after showing what it would change.</summary>
public sealed partial class SuiteTransfer
{
    private const int MaxBytes = 1 << 20;

    private string? _file;
    private string? _error;
    private string? _done;
    private Dictionary<string, string?> _edits = [];
    private List<SuiteChange> _changes = [];
    private List<string> _faults = [];
    private List<string> _leftOut = [];

    /// <summary>The lineage.</summary>
    [Parameter, EditorRequired]
    public required LineageSummary Lineage { get; set; }

    /// <summary>Whether nothing may be set.</summary>
    [Parameter]
    public bool ReadOnly { get; set; }

    /// <summary>Definitions have changed.</summary>
    [Parameter]
    public EventCallback Changed { get; set; }

    [Inject]
    private SuiteStore Suites { get; set; } = null!;

    [Inject]
    private RecomputeQueue Queue { get; set; } = null!;

    [Inject]
    private GenerationFeed Feed { get; set; } = null!;

    private async Task ReadAsync(InputFileChangeEventArgs chosen)
    {
        Forget();
        if (chosen.File.Size > MaxBytes)
        {
            _error = $"{chosen.File.Name} is larger than 1 MiB, so it is no file of suite definitions.";
            return;
        }

        try
        {
            using var reader = new StreamReader(chosen.File.OpenReadStream(MaxBytes), Encoding.UTF8);
            await PreviewAsync(SuiteExchange.Read(await reader.ReadToEndAsync()));
            _file = chosen.File.Name;
        }
        catch (SuiteDefinitionException fault)
        {
            _error = $"{chosen.File.Name}: {fault.Message}";
        }
        catch (IOException fault)
        {
            _error = $"{chosen.File.Name} could not be read ({fault.Message}); choose it again.";
        }
    }

    private async Task PreviewAsync(IReadOnlyDictionary<string, string> definitions)
    {
        var known = (await Suites.ListAsync(Lineage.Id, CancellationToken.None)).ToDictionary(suite => suite.Definition.Name, StringComparer.Ordinal);
        foreach (var (name, keys) in definitions)
        {
            if (!known.TryGetValue(name, out var suite))
            {
                _leftOut.Add(name);
                continue;
            }

            var changes = SuiteExchange.Changes(suite.Definition, keys);
            var edits = SuiteExchange.Apply(suite.Edits, changes);
            _changes.AddRange(changes);
            if (changes.Count > 0)
            {
                _edits[name] = edits;
                _faults.AddRange(SuiteCheck.Faults(SuiteInference.Infer(suite.Facts, suite.Overrides, edits), suite.Facts).Select(fault => $"{name}, {fault.Key}: {fault.Message}"));
            }
        }
    }

    private async Task ApplyAsync()
    {
        var edits = _edits;
        Forget();
        await Suites.SaveAsync(Lineage.Id, edits, CancellationToken.None);
        Feed.Publish(Lineage.Name);
        Queue.Enqueue(Lineage.Id, Lineage.Name, Recompute.Outdated);
        _done = "Applied. What changed is computed again in the background.";
        await Changed.InvokeAsync();
    }

    private void Forget()
    {
        (_file, _error, _done) = (null, null, null);
        (_edits, _changes, _faults, _leftOut) = ([], [], [], []);
    }
}
