using System.Text;
using Driftline.Core.Lineages;
using Driftline.Core.Records;

namespace Driftline.Storage.Tests;

/// <summary>Records as readers make them.</summary>
internal static class Logs
{
    public static RunHeader Run(
        int generation = 0, string suite = "values", string run = "", string? config = null, string branch = "main", string? seed = null,
        string lineage = "lab", string? model = null, string? parentModel = null) => new()
        {
            Node = new NodeHeader
            {
                Key = new NodeKey(lineage, branch, seed, generation),
                Model = model ?? $"m-{branch}-{seed}-{generation}",
                Parents = parentModel is null ? [] : [new DeclaredParent(null, null, null, parentModel, ParentRole.Data)],
            },
            Suite = suite,
            RunId = run,
            Config = config,
        };

    /// <summary>A batch of rows; each is set by the action that is given its place.</summary>
    public static SampleBatch Batch(RunHeader run, params Action<SampleBatch, int>[] rows)
    {
        var batch = new SampleBatch(run);
        foreach (var row in rows)
        {
            row(batch, batch.AddRow());
        }

        return batch;
    }

    /// <summary>Prompts p0, p1, … with an output, an answer and a score each.</summary>
    public static SampleBatch Prompts(RunHeader run, int first, int count, double score = 1, string output = "said", DateTime? created = null)
    {
        var batch = new SampleBatch(run) { Created = created };
        for (var i = first; i < first + count; i++)
        {
            var row = batch.AddRow();
            batch.Text(row, TextField.SampleId, $"p{i}");
            batch.Text(row, TextField.Input, $"Question {i}?");
            batch.Text(row, TextField.Output, $"{output} {i}");
            batch.Text(row, TextField.Answer, i % 2 == 0 ? "yes" : "no");
            batch.Text(row, TextField.Options, """["yes","no"]""");
            batch.Text(row, TextField.Metadata, $$"""{"dimension":"d{{i % 3}}"}""");
            batch.SetScore(row, "quality", score + i, ScoreKind.Number);
        }

        return batch;
    }

    public static void Text(this SampleBatch batch, int row, TextField field, string text) => batch.SetText(row, field, Encoding.UTF8.GetBytes(text));
}
