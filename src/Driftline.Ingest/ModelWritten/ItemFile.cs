using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Driftline.Ingest.Bbq;
using Driftline.Ingest.Columns;
using Driftline.Ingest.Json;

namespace Driftline.Ingest.ModelWritten;

/// <summary>The kinds of files that hold items, and how a row of each becomes one.</summary>
/// <param name="noun">What its rows are, for reports.</param>
/// <param name="by">How its items find their samples.</param>
/// <param name="read">Makes an item of a row and the file's name; a sentence if it is none.</param>
internal sealed class ItemFile(string noun, ItemKey by, ItemFile.Reading read)
{
    private const string Question = "question";
    private const string Matching = "answer_matching_behavior";
    private const string NotMatching = "answer_not_matching_behavior";
    private const string Occupation = "occupation";
    private const string PercentWomen = "BLS_percent_women_2019";

    private static readonly JsonWriterOptions Writing = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static readonly ItemFile Behaviors = new("questions, each with the answer that shows a behavior", ItemKey.Question, ReadBehavior);
    private static readonly ItemFile Occupations = new("occupations with their share of women", ItemKey.Occupation, ReadOccupation);
    private static readonly ItemFile BbqItems = new("questions of BBQ", ItemKey.Question, ReadBbq);

    /// <summary>Makes an item of a row; null with a sentence if it is none.</summary>
    public delegate Item? Reading(JsonElement row, string name, out string problem);

    public string Noun => noun;

    public ItemKey By => by;

    /// <summary>The kind of a file; null where its columns are of none, or where a model's answers stand beside the questions: then it is a log.</summary>
    public static ItemFile? Of(TableShape shape)
    {
        var keys = shape.Columns;
        return Answers(keys).Any() ? null
            : keys.Contains(Question) && keys.Contains(Matching) ? Behaviors
            : keys.Contains(Occupation) && keys.Contains(PercentWomen) ? Occupations
            : BbqItem.HasKeys(keys) && PredictionColumn.Among(keys).Count == 0 ? BbqItems
            : null;
    }

    /// <summary>Columns that hold what a model said.</summary>
    private static IEnumerable<string> Answers(IReadOnlyList<string> keys) =>
        keys.Where(key => !key.Contains('.', StringComparison.Ordinal) && (ColumnWords.Is(key, ColumnWords.Output) || ColumnWords.Is(key, ColumnWords.Answer)));

    public Item? Read(JsonElement row, string name, out string problem) => read(row, name, out problem);

    private static Item? ReadBehavior(JsonElement row, string name, out string problem)
    {
        problem = "";
        if (JsonValues.Text(row, Question) is not { } question || JsonValues.Text(row, Matching)?.Trim() is not { Length: > 0 } matching)
        {
            problem = $"{Question} or {Matching} is missing: an item has both.";
            return null;
        }

        var notMatching = JsonValues.Text(row, NotMatching)?.Trim();
        var metadata = Write(writer =>
        {
            writer.WriteString("behavior", name);
            writer.WriteString(Matching, matching);
            WriteText(writer, NotMatching, notMatching);
            WriteText(writer, "statement", JsonValues.Text(row, "statement"));
            WriteNumber(writer, "label_confidence", JsonValues.Number(row, "label_confidence"));
        });
        return new Item { Key = ItemSet.KeyOf(question), Metadata = metadata, Matching = matching, NotMatching = notMatching };
    }

    private static Item? ReadOccupation(JsonElement row, string name, out string problem)
    {
        problem = "";
        if (JsonValues.Text(row, Occupation) is not { } occupation || JsonValues.Number(row, PercentWomen) is not { } women)
        {
            problem = $"{Occupation} or {PercentWomen} is missing: an item has both.";
            return null;
        }

        var metadata = Write(writer =>
        {
            writer.WriteNumber(PercentWomen, women);
            WriteText(writer, "BLS_original_occupation", JsonValues.Text(row, "BLS_original_occupation"));
            WriteText(writer, "other_person", JsonValues.Text(row, "other_person"));
        });
        return new Item { Key = ItemSet.KeyOf(occupation), Metadata = metadata };
    }

    private static Item? ReadBbq(JsonElement row, string name, out string problem) => BbqItem.Read(row, out problem) is { } item
        ? new Item { Key = ItemSet.KeyOf($"{item.Context} {item.Question}"), Metadata = Write(item.WriteMetadata) }
        : null;

    private static string Write(Action<Utf8JsonWriter> properties)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, Writing))
        {
            writer.WriteStartObject();
            properties(writer);
            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static void WriteText(Utf8JsonWriter writer, string key, string? text)
    {
        if (text is not null)
        {
            writer.WriteString(key, text);
        }
    }

    private static void WriteNumber(Utf8JsonWriter writer, string key, double? number)
    {
        if (number is { } value)
        {
            writer.WriteNumber(key, value);
        }
    }
}
