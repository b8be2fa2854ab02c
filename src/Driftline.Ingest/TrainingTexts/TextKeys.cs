using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Driftline.Core.Training;
using Driftline.Ingest.Columns;
using Driftline.Ingest.Resolution;

namespace Driftline.Ingest.TrainingTexts;

/// <summary>The keys that rows of training data have, and what they say of who wrote them.</summary>
internal static class TextKeys
{
    public const string Generation = "generation";
    public const string Source = "source";
    public const string Synthetic = "synthetic";
    public const string WayOut = "name the key or column that holds the text (--column)";

    /// <summary>Keys of a whole text.</summary>
    public static readonly IReadOnlyList<string> Whole = ["text", "content"];

    /// <summary>Keys of what was asked.</summary>
    public static readonly IReadOnlyList<string> Asked = ["prompt", "instruction", "question", "input"];

    /// <summary>Keys of what was answered.</summary>
    public static readonly IReadOnlyList<string> Answered = ["completion", "response", "output", "answer", "chosen"];

    /// <summary>Keys of a transcript.</summary>
    public static readonly IReadOnlyList<string> Transcript = ["messages", "conversations", "conversation"];

    /// <summary>Whether a table with these columns could be training texts: it has their keys, and nothing that tells prompts from others.</summary>
    public static bool AreOf(IReadOnlyList<string> columns) =>
        !columns.Any(column => ColumnWords.Is(column, ColumnWords.SampleId))
        && (HasOne(columns, Transcript) || HasOne(columns, Whole) || (HasOne(columns, Asked) && HasOne(columns, Answered)));

    private static bool HasOne(IReadOnlyList<string> columns, IReadOnlyList<string> keys) => columns.Any(keys.Contains);

    /// <summary>Reads who wrote a text.</summary>
    /// <param name="generation">The field <c>generation</c>; null where there is none.</param>
    /// <param name="source">The field <c>source</c>: a model's name, a generation ("gen3"), or a corpus.</param>
    /// <param name="synthetic">The field <c>synthetic</c>.</param>
    /// <param name="models">Names of models, which are no names of generations whatever they hold.</param>
    /// <param name="author">Who wrote it.</param>
    /// <param name="problem">What is wrong with a field.</param>
    public static bool TryAuthor(string? generation, string? source, string? synthetic, IReadOnlyDictionary<string, string> models, out TextAuthor author, [NotNullWhen(false)] out string? problem)
    {
        (author, problem) = (default, null);
        int? number = null;
        if (!string.IsNullOrWhiteSpace(generation))
        {
            if (!int.TryParse(generation.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var stated))
            {
                problem = $"{Generation} must be a whole number of 0 or more, found {Json.ShownText.Shorten(generation, 60)}; leave it out where no generation wrote the text.";
                return false;
            }

            number = stated;
        }

        var word = synthetic?.Trim().ToLowerInvariant() ?? "";
        bool? isSynthetic = word is "true" or "1" or "yes" ? true : word is "false" or "0" or "no" ? false : null;
        if (isSynthetic is null && word.Length > 0)
        {
            problem = $"{Synthetic} must be true or false, found {Json.ShownText.Shorten(word, 60)}; leave it out where it is not known.";
            return false;
        }

        var name = string.IsNullOrWhiteSpace(source) ? null : source.Trim();
        if (number is null && name is not null && !models.ContainsKey(name))
        {
            number = int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var written) ? written : GenerationResolver.Candidates(name) is [var spoken] ? spoken : null;
        }

        author = new TextAuthor(number, number is null ? name : null, isSynthetic);
        return true;
    }
}
