using System.Globalization;
using System.Text;

namespace Driftline.Web.Tests.Commands;

/// <summary>Writes a small native log: a suite "quality" with one number a prompt, on nodes of one's choice.</summary>
internal sealed class LineageLog(string lineage, int prompts = 12)
{
    private readonly StringBuilder _lines = new();

    /// <summary>The log.</summary>
    public string Text => _lines.ToString();

    /// <summary>The score of a prompt on a node.</summary>
    public static double Score(int seed, int generation, int prompt) => generation * seed * 0.125 + (prompt * 7 * (generation + seed) % 5 / 4.0);

    /// <summary>Adds a node with all its prompts.</summary>
    public LineageLog Node(string branch, int? seed, int generation, string? parent)
    {
        var model = ModelOf(branch, seed, generation);
        for (var prompt = 0; prompt < prompts; prompt++)
        {
            var score = Score(seed ?? 0, generation, prompt).ToString("R", CultureInfo.InvariantCulture);
            _lines.Append(CultureInfo.InvariantCulture, $$$"""{"schema_version":"1","type":"sample","lineage":"{{{lineage}}}","branch":"{{{branch}}}","seed":{{{(seed is null ? "null" : seed)}}},"generation":{{{generation}}},"model":"{{{model}}}","parent_model":{{{(parent is null ? "null" : $"\"{parent}\"")}}},"task":"quality","sample_id":"p{{{prompt}}}","input":"question {{{prompt}}}","scores":{"s":{{{score}}}}}""");
            _lines.Append('\n');
        }

        return this;
    }

    /// <summary>Adds generations 1 to <paramref name="last"/> of a line that starts at the node base/0.</summary>
    public LineageLog Line(string branch, int seed, int last)
    {
        for (var generation = 1; generation <= last; generation++)
        {
            Node(branch, seed, generation, generation == 1 ? ModelOf("base", null, 0) : ModelOf(branch, seed, generation - 1));
        }

        return this;
    }

    /// <summary>The mean score of a node.</summary>
    public double Mean(int seed, int generation) => Enumerable.Range(0, prompts).Average(prompt => Score(seed, generation, prompt));

    private static string ModelOf(string branch, int? seed, int generation) => $"{branch}-{seed}-{generation}";
}
