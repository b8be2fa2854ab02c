using System.Text.Json.Nodes;
using Driftline.Core.Suites;
using Driftline.Storage;

namespace Driftline.Web.Components.Settings;

/// <summary>
/// A suite's definition while a person edits it: what is set stands beside what is inferred from it at once, as saving would have it.
/// </summary>
public sealed class SuiteDraft
{
    private readonly EditableSuite _suite;
    private readonly JsonObject _edits;

    /// <summary>Begins with what is stored.</summary>
    public SuiteDraft(EditableSuite suite)
    {
        _suite = suite;
        _edits = suite.Edits is null ? [] : JsonNode.Parse(suite.Edits)!.AsObject();
        Definition = suite.Definition;
        Infer();
    }

    /// <summary>The definition as saving would make it.</summary>
    public SuiteDefinition Definition { get; private set; }

    /// <summary>What is wrong with it; it cannot be saved before that is mended.</summary>
    public IReadOnlyList<SuiteFault> Faults { get; private set; } = [];

    /// <summary>What the person sets, as <see cref="SuiteStore.SaveAsync"/> takes it; null for nothing.</summary>
    public string? Edits => _edits.Count == 0 ? null : _edits.ToJsonString();

    /// <summary>Whether saving would change anything.</summary>
    public bool HasChanges => !JsonNode.DeepEquals(_edits, _suite.Edits is null ? new JsonObject() : JsonNode.Parse(_suite.Edits));

    /// <summary>Whether saving would change what measures read.</summary>
    public bool ChangesMeaning => SuiteDefinitionJson.Serialize(_suite.Definition.Meaning()) != SuiteDefinitionJson.Serialize(Definition.Meaning());

    /// <summary>Whether a person has set a key.</summary>
    public bool IsSet(string key) => _edits.ContainsKey(key);

    /// <summary>Why a key is what it is.</summary>
    public string Reason(string key) => Definition.Reasons.GetValueOrDefault(key, "");

    /// <summary>What is wrong with a key; null when nothing is.</summary>
    public string? FaultOf(string key) => Faults.FirstOrDefault(fault => fault.Key == key)?.Message;

    /// <summary>Sets a key.</summary>
    public void Set(string key, JsonNode? value)
    {
        _edits[key] = value;
        Infer();
    }

    /// <summary>Sets from which value on a number counts as yes; null says that the score is no yes or no.</summary>
    public void SetThreshold(double? threshold)
    {
        _edits["threshold"] = threshold;
        _edits["boolean"] = threshold is not null;
        Infer();
    }

    /// <summary>Goes back to what is inferred.</summary>
    public void Reset(params ReadOnlySpan<string> keys)
    {
        foreach (var key in keys)
        {
            _edits.Remove(key);
        }

        Infer();
    }

    private void Infer()
    {
        Definition = SuiteInference.Infer(_suite.Facts, _suite.Overrides, Edits) with { Version = _suite.Definition.Version };
        Faults = SuiteCheck.Faults(Definition, _suite.Facts);
    }
}
