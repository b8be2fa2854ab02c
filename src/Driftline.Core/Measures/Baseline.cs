using System.Diagnostics.CodeAnalysis;
using Driftline.Core.Lineages;

namespace Driftline.Core.Measures;

/// <summary>What kind of thing a measurement compares with.</summary>
public enum BaselineKind
{
    /// <summary>Nothing: a level.</summary>
    None,

    /// <summary>Generation 0 of the branch.</summary>
    Origin,

    /// <summary>The heaviest data parent, else the init parent.</summary>
    Parent,

    /// <summary>The data that the generation was trained on.</summary>
    TrainingData,

    /// <summary>The same generation of another branch.</summary>
    Branch,

    /// <summary>One fixed model.</summary>
    Node,
}

/// <summary>
/// What a measurement compares with, as commands, links and documents write it: <c>none</c>, <c>origin</c>, <c>parent</c>,
/// <c>training_data</c>, <c>branch:B</c> (the node of branch B at the same generation), <c>node:ID</c> (a fixed model, see
/// <see cref="NodeKey.Id"/>).
/// </summary>
public readonly record struct Baseline
{
    private const string BranchPrefix = "branch:";
    private const string NodePrefix = "node:";

    private Baseline(BaselineKind kind, string? argument)
    {
        Kind = kind;
        Argument = argument;
    }

    /// <summary>Nothing: a level.</summary>
    public static Baseline None { get; }

    /// <summary>Generation 0 of the branch.</summary>
    public static Baseline Origin { get; } = new(BaselineKind.Origin, null);

    /// <summary>The heaviest data parent, else the init parent.</summary>
    public static Baseline Parent { get; } = new(BaselineKind.Parent, null);

    /// <summary>The data that the generation was trained on.</summary>
    public static Baseline TrainingData { get; } = new(BaselineKind.TrainingData, null);

    /// <summary>The kinds whose baseline is another model: what a measure that compares two evaluations takes.</summary>
    public static IReadOnlyList<BaselineKind> Models { get; } = [BaselineKind.Origin, BaselineKind.Parent, BaselineKind.Branch, BaselineKind.Node];

    /// <summary>The kind.</summary>
    public BaselineKind Kind { get; }

    /// <summary>The branch or the node's id; null for the other kinds.</summary>
    public string? Argument { get; }

    /// <summary>Whether it is computed only once somebody asked for it; the others are on every import.</summary>
    public bool IsAskedFor => Kind is BaselineKind.Branch or BaselineKind.Node;

    /// <summary>The same generation of another branch.</summary>
    public static Baseline OfBranch(string branch) => new(BaselineKind.Branch, branch);

    /// <summary>A fixed model.</summary>
    public static Baseline OfNode(NodeKey node) => new(BaselineKind.Node, node.Id);

    /// <summary>Reads a baseline.</summary>
    /// <exception cref="FormatException">It is none; the message says what there is.</exception>
    public static Baseline Parse(string text) => TryParse(text, out var baseline)
        ? baseline
        : throw new FormatException(text.StartsWith(NodePrefix, StringComparison.Ordinal)
            ? $"\"{text}\" names no node; write node:BRANCH/sSEED/GENERATION, such as node:replace/s1/3 (list generations --json shows the id of each)."
            : $"There is no baseline \"{text}\". It must be origin, parent, training_data, none, branch:B or node:ID.");

    /// <summary>Reads a baseline.</summary>
    /// <param name="text">What was written.</param>
    /// <param name="baseline">What it means.</param>
    /// <returns>Whether it is one.</returns>
    public static bool TryParse([NotNullWhen(true)] string? text, out Baseline baseline)
    {
        (baseline, var known) = text switch
        {
            "none" => (None, true),
            "origin" => (Origin, true),
            "parent" => (Parent, true),
            "training_data" => (TrainingData, true),
            { Length: > 7 } when text.StartsWith(BranchPrefix, StringComparison.Ordinal) => (OfBranch(text[BranchPrefix.Length..]), true),
            { Length: > 5 } when text.StartsWith(NodePrefix, StringComparison.Ordinal) && NodeKey.FromId("", text[NodePrefix.Length..]) is { } node => (OfNode(node), true),
            _ => (None, false),
        };
        return known;
    }

    /// <summary>How baselines of a kind are written: <c>branch:B</c>.</summary>
    public static string Form(BaselineKind kind) => kind switch
    {
        BaselineKind.Branch => BranchPrefix + "B",
        BaselineKind.Node => NodePrefix + "ID",
        _ => new Baseline(kind, null).ToString(),
    };

    /// <summary>As commands, links and documents write it.</summary>
    public override string ToString() => Kind switch
    {
        BaselineKind.Origin => "origin",
        BaselineKind.Parent => "parent",
        BaselineKind.TrainingData => "training_data",
        BaselineKind.Branch => BranchPrefix + Argument,
        BaselineKind.Node => NodePrefix + Argument,
        _ => "none",
    };

    /// <summary>Against what, as sentences say it: "against generation 0".</summary>
    public string InWords() => Kind switch
    {
        BaselineKind.Origin => "against generation 0",
        BaselineKind.Parent => "against the parent",
        BaselineKind.TrainingData => "against the training data",
        BaselineKind.Branch => $"against branch {Argument}",
        BaselineKind.Node => $"against {NodeKey.FromId("", Argument!)}",
        _ => "without a baseline",
    };
}
