using System.Globalization;
using Driftline.Ingest;
using Driftline.Ingest.Columns;
using Driftline.Ingest.TrainingTexts;
using Driftline.Web.Mappings;
using Driftline.Web.Workers;

namespace Driftline.Web.Api;

/// <summary>What a request says about the log that it brings: the same words in forms, queries and headers.</summary>
public static class PostedLog
{
    /// <summary>The words there are.</summary>
    public static readonly IReadOnlyList<string> Fields = ["name", "lineage", "branch", "seed", "generation", "mapping", "complete", "training", "column"];

    /// <summary>The longest name of a log.</summary>
    public const int MaxNameLength = 1000;

    /// <summary>Reads what is said; the log itself is not there yet. A mapping is a document, or the name of a saved one.</summary>
    /// <param name="fields">Word → what is said; words that are missing or blank say nothing.</param>
    /// <exception cref="InvalidDataException">A word says what it cannot; the message names it.</exception>
    /// <exception cref="MappingException">The mapping is none.</exception>
    public static ImportRequest Request(IReadOnlyDictionary<string, string> fields)
    {
        if (!fields.TryGetValue("name", out var name) || name.Length is 0 or > MaxNameLength)
        {
            throw new InvalidDataException($"the field name must have 1 to {MaxNameLength} characters and stand before the log");
        }

        var overrides = new NodeOverrides
        {
            Lineage = Text(fields, "lineage"),
            Branch = Text(fields, "branch"),
            Seed = Text(fields, "seed"),
            Generation = Generation(Text(fields, "generation")),
        };
        var mapping = Text(fields, "mapping");
        var isDocument = mapping?.StartsWith('{') == true;
        return new ImportRequest(name, Path: "", overrides, isDocument ? ColumnMapping.Parse(mapping!) : null, DeleteWhenDone: true, Complete(Text(fields, "complete")))
        {
            MappingName = isDocument ? null : mapping,
            SaysComplete = Text(fields, "complete") is not null,
            TrainingTexts = Training(Text(fields, "training"), Text(fields, "column")),
        };
    }

    /// <summary>Reads what is said, and makes sure that a mapping that is named is there.</summary>
    /// <exception cref="InvalidDataException">A word says what it cannot; the message names it.</exception>
    /// <exception cref="MappingException">The mapping is none, or none of that name is saved.</exception>
    public static async Task<ImportRequest> RequestAsync(IReadOnlyDictionary<string, string> fields, MappingStore mappings, CancellationToken cancellationToken)
    {
        var request = Request(fields);
        if (request.MappingName is { } name)
        {
            await mappings.RequireAsync(name, cancellationToken);
        }

        return request;
    }

    private static string? Text(IReadOnlyDictionary<string, string> fields, string name)
    {
        return fields.TryGetValue(name, out var text) && !string.IsNullOrWhiteSpace(text) ? text.Trim() : null;
    }

    private static int? Generation(string? text)
    {
        if (text is null)
        {
            return null;
        }

        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var generation)
            ? generation
            : throw new InvalidDataException($"the generation \"{text}\" is no whole number of 0 or more");
    }

    private static TrainingTextOptions? Training(string? text, string? column) => text switch
    {
        "true" => new TrainingTextOptions(column),
        null or "false" => column is null ? null : throw new InvalidDataException("column is for training texts (training=true); columns of logs are said by mapping"),
        _ => throw new InvalidDataException($"training is \"{text}\"; it says true for texts that the generation was trained on, or false for a log (the default)"),
    };

    private static bool Complete(string? text) => text switch
    {
        null or "true" => true,
        "false" => false,
        _ => throw new InvalidDataException($"complete is \"{text}\"; it says true (the default), or false when more of the run will come"),
    };
}
