using Driftline.Core.Suites;

namespace Driftline.Core.Measures.Semantics;

/// <summary><c>answer_length</c>: mean number of words of the outputs, repeats averaged first. Always read it beside diversity.</summary>
public sealed class AnswerLength : IPromptMean
{
    /// <inheritdoc/>
    public MeasureDefinition Definition { get; } = new()
    {
        Id = "answer_length",
        Family = SuiteFamily.Semantic,
        Title = "Length of outputs",
        Meaning = "How many words an output has on average.",
        Unit = "words",
        Range = "[0, ∞)",
        Baselines = [BaselineKind.None],
        Needs = MeasureNeeds.Output,
        Comparability = ComparabilityKeys.Sampler,
        Formula = "mean over prompts of the mean number of words of their repeats; words are runs of letters and numbers joined by apostrophes",
        Interval = "t with prompts − 1 degrees of freedom; clustered SE with Satterthwaite's degrees of freedom (clusters − 1 where they are of one size) where the suite has a cluster key",
        Source = "Driftline",
        Version = 2,
        OfAllOutputs = true,
    };

    /// <inheritdoc/>
    public IEnumerable<SlicedEstimate> Compute(MeasureInput input) =>
        [new SlicedEstimate(input.Slice, LevelEstimates.Mean(input, ByPrompt(input.Current), $"Generation {input.Current.Node.Generation} has no outputs here."))];

    /// <inheritdoc/>
    public IEnumerable<PromptValues> ValuesByPrompt(MeasureInput input) => [PromptValues.Of(input.Slice, ByPrompt(input.Current))];

    private static double[] ByPrompt(EvaluationTable table)
    {
        var lengths = TokenizedOutputs.Of(table).Lengths;
        var means = new double[table.Prompts.Count];
        for (var i = 0; i < means.Length; i++)
        {
            double words = 0;
            var count = 0;
            for (var row = table.RowStart[i]; row < table.RowStart[i + 1]; row++)
            {
                if (lengths[row] >= 0)
                {
                    words += lengths[row];
                    count++;
                }
            }

            means[i] = count == 0 ? double.NaN : words / count;
        }

        return means;
    }
}
