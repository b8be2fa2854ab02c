using System.Data.Common;
using System.Runtime.CompilerServices;
using Driftline.Core.Samples;
using Driftline.Storage.Columns;
using Driftline.Storage.Entities;
using Driftline.Storage.Queries;
using Driftline.Storage.Samples;
using Microsoft.EntityFrameworkCore;

namespace Driftline.Storage;

/// <summary>
/// Reads single samples: pages of prompts, the answers of several generations to them, and whole evaluations as a stream. Only
/// published rows are seen; of rows of one prompt and repeat the later wins, column by column. Thread-safe.
/// </summary>
public sealed class SampleQueries(IDbContextFactory<DriftlineContext> contexts)
{
    private const int StreamBatch = 1000;

    private readonly SampleIndexes _indexes = new();

    /// <summary>Forgets what it keeps of evaluations, after some were moved or removed.</summary>
    internal void Forget() => _indexes.Clear();

    /// <summary>A page of prompts in the order in which they first came in.</summary>
    /// <param name="filter">Which prompts.</param>
    /// <param name="after">The last page's <see cref="PromptPage.Next"/>; null for the first page.</param>
    /// <param name="take">Most prompts on the page.</param>
    /// <param name="cancellationToken">Ends it early.</param>
    /// <exception cref="FormatException">The slice is not of the form key=value.</exception>
    public async Task<PromptPage> PromptsAsync(PromptFilter filter, int? after, int take, CancellationToken cancellationToken)
    {
        await using var context = await OpenAsync(cancellationToken);
        var reader = Reader(context, filter.LineageId);
        var matching = await Selection(reader, filter.LineageId).FindAsync(filter, progress: null, cancellationToken);
        var from = after is { } last ? Array.BinarySearch(matching, last) is var at && at >= 0 ? at + 1 : ~at : 0;
        var page = matching.AsSpan(from, Math.Min(take, matching.Length - from)).ToArray();
        return new PromptPage(await PromptsAsync(reader, page, cancellationToken), matching.Length, from + page.Length < matching.Length ? page[^1] : null);
    }

    /// <summary>The numbers of all prompts that a filter lets through, in the order in which they first came in.</summary>
    /// <exception cref="FormatException">The slice or a condition is not of the form key=value; the message is a sentence.</exception>
    public Task<IReadOnlyList<int>> FindAsync(PromptFilter filter, CancellationToken cancellationToken) => FindAsync(filter, progress: null, cancellationToken);

    /// <inheritdoc cref="FindAsync(PromptFilter, CancellationToken)"/>
    /// <param name="filter">Which prompts.</param>
    /// <param name="progress">Hears how far it is: a text is looked for in every output, and metadata are read when they are asked for first. What is found first it hears before all is searched.</param>
    /// <param name="cancellationToken">Ends it early.</param>
    public async Task<IReadOnlyList<int>> FindAsync(PromptFilter filter, IProgress<SearchStep>? progress, CancellationToken cancellationToken)
    {
        await using var context = await OpenAsync(cancellationToken);
        return await Selection(Reader(context, filter.LineageId), filter.LineageId).FindAsync(filter, progress, cancellationToken);
    }

    /// <summary>The metadata keys that occur in a suite, in ordinal order.</summary>
    public async Task<IReadOnlyList<string>> MetadataKeysAsync(long lineageId, long suiteId, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var keys = await context.SuiteMetadata.AsNoTracking().Where(row => row.LineageId == lineageId && row.SuiteId == suiteId).Select(row => row.Key).Distinct().ToListAsync(cancellationToken);
        return [.. keys.Order(StringComparer.Ordinal)];
    }

    /// <summary>The values of a metadata key that occur in a suite, in ordinal order; at most 1,000 are known.</summary>
    public async Task<IReadOnlyList<string>> MetadataValuesAsync(long lineageId, long suiteId, string key, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var values = await context.SuiteMetadata.AsNoTracking()
            .Where(row => row.LineageId == lineageId && row.SuiteId == suiteId && row.Key == key)
            .Select(row => row.Value)
            .ToListAsync(cancellationToken);
        return [.. values.Order(StringComparer.Ordinal)];
    }

    /// <summary>Prompts by their numbers, in the order asked for; those that are not there are left out.</summary>
    public async Task<IReadOnlyList<SamplePrompt>> PromptsAsync(long lineageId, IReadOnlyList<int> prompts, CancellationToken cancellationToken)
    {
        await using var context = await OpenAsync(cancellationToken);
        return await PromptsAsync(Reader(context, lineageId), prompts, cancellationToken);
    }

    /// <summary>The prompts of a suite that have a name, by which logs call them.</summary>
    public async Task<IReadOnlyList<SamplePrompt>> FindPromptsAsync(long lineageId, long suiteId, string sampleId, CancellationToken cancellationToken)
    {
        await using var context = await OpenAsync(cancellationToken);
        await using var command = Reader(context, lineageId).Command(
            "SELECT id, sample_id, input, target FROM prompts WHERE lineage_id = @lineage AND suite_id = @suite AND sample_id = @name ORDER BY id",
            ("@suite", suiteId),
            ("@name", sampleId));
        await using var rows = await command.ExecuteReaderAsync(cancellationToken);
        var found = new List<SamplePrompt>();
        while (await rows.ReadAsync(cancellationToken))
        {
            found.Add(Prompt(rows));
        }

        return found;
    }

    /// <summary>What evaluations answered to prompts: by evaluation in the order asked for, then prompt, then repeat.</summary>
    public async Task<IReadOnlyList<SampleAnswer>> AnswersAsync(
        long lineageId, IReadOnlyList<long> evaluations, IReadOnlyList<int> prompts, CancellationToken cancellationToken)
    {
        await using var context = await OpenAsync(cancellationToken);
        var reader = Reader(context, lineageId);
        var rows = new SampleRows(reader);
        var answers = new List<SampleAnswer>();
        foreach (var evaluation in evaluations)
        {
            var index = await _indexes.GetAsync(reader, lineageId, evaluation, cancellationToken);
            foreach (var prompt in prompts.Order())
            {
                answers.AddRange(await rows.ReadAsync(evaluation, index, index.First(prompt), index.First(prompt + 1), cancellationToken));
            }
        }

        return answers;
    }

    /// <summary>The prompts of an evaluation whose single or most frequent answer differs from the baseline's, as <c>flip_rate</c> counts them.</summary>
    public async Task<IReadOnlySet<int>> FlippedAsync(long lineageId, long evaluationId, long baselineId, CancellationToken cancellationToken)
    {
        await using var context = await OpenAsync(cancellationToken);
        return await Selection(Reader(context, lineageId), lineageId).FlippedAsync(evaluationId, baselineId, cancellationToken);
    }

    /// <summary>The flipped prompts of several evaluations, each against its baseline; what neighbouring pairs share is read once.</summary>
    public async Task<IReadOnlyList<IReadOnlySet<int>>> FlippedAsync(long lineageId, IReadOnlyList<(long Evaluation, long Baseline)> pairs, CancellationToken cancellationToken)
    {
        await using var context = await OpenAsync(cancellationToken);
        var selection = Selection(Reader(context, lineageId), lineageId);
        var flipped = new List<IReadOnlySet<int>>(pairs.Count);
        foreach (var (evaluation, baseline) in pairs)
        {
            flipped.Add(await selection.FlippedAsync(evaluation, baseline, cancellationToken));
        }

        return flipped;
    }

    /// <summary>The suites and inputs of all prompts of a lineage, in the order in which they first came in; those without an input are left out.</summary>
    public async IAsyncEnumerable<(string Suite, string Input)> InputsAsync(long lineageId, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var context = await OpenAsync(cancellationToken);
        await using var command = Reader(context, lineageId).Command(
            """
            SELECT s.name, p.input FROM prompts p JOIN suites s ON s.lineage_id = p.lineage_id AND s.id = p.suite_id
            WHERE p.lineage_id = @lineage AND p.input IS NOT NULL AND s.definition IS NOT NULL ORDER BY p.id
            """);
        await using var rows = await command.ExecuteReaderAsync(cancellationToken);
        while (await rows.ReadAsync(cancellationToken))
        {
            yield return (rows.GetString(0), rows.GetString(1));
        }
    }

    /// <summary>All that a node answered in words, whatever it was asked, earlier answers that later ones replaced among it.</summary>
    public async IAsyncEnumerable<string> OutputsAsync(long lineageId, long nodeId, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var context = await OpenAsync(cancellationToken);
        var reader = Reader(context, lineageId);
        await using var command = reader.Command(
            $"""
            SELECT p.id FROM evaluations e
            JOIN parts p ON p.lineage_id = e.lineage_id AND p.evaluation_id = e.id
            JOIN imports i ON i.id = p.import_id
            WHERE e.lineage_id = @lineage AND e.node_id = @node AND i.status <> '{ImportStatus.Writing}'
            ORDER BY p.id
            """,
            ("@node", nodeId));
        await using var parts = await command.ExecuteReaderAsync(cancellationToken);
        while (await parts.ReadAsync(cancellationToken))
        {
            foreach (var words in reader.ReadWords(parts.GetInt64(0)))
            {
                if (words.Output is { } output)
                {
                    yield return output;
                }
            }
        }
    }

    /// <summary>All rows of an evaluation by prompt and repeat, read a thousand at a time whatever their number.</summary>
    /// <param name="lineageId">The lineage.</param>
    /// <param name="evaluationId">The evaluation.</param>
    /// <param name="baselineId">Only prompts that flipped against this evaluation; null for all.</param>
    /// <param name="after">Start after this prompt and repeat; null at the start.</param>
    /// <param name="cancellationToken">Ends it early.</param>
    public IAsyncEnumerable<SampleOfPrompt> StreamAsync(
        long lineageId, long evaluationId, long? baselineId, (int Prompt, int Repeat)? after, CancellationToken cancellationToken) =>
        StreamAsync(lineageId, evaluationId, baselineId, [], after, cancellationToken);

    /// <inheritdoc cref="StreamAsync(long, long, long?, ValueTuple{int, int}?, CancellationToken)"/>
    /// <param name="lineageId">The lineage.</param>
    /// <param name="evaluationId">The evaluation.</param>
    /// <param name="baselineId">Only prompts that flipped against this evaluation; null for all.</param>
    /// <param name="where">Only samples that meet all of these; empty for all.</param>
    /// <param name="after">Start after this prompt and repeat; null at the start.</param>
    /// <param name="cancellationToken">Ends it early.</param>
    public async IAsyncEnumerable<SampleOfPrompt> StreamAsync(
        long lineageId, long evaluationId, long? baselineId, IReadOnlyList<SampleCondition> where, (int Prompt, int Repeat)? after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var context = await OpenAsync(cancellationToken);
        var reader = Reader(context, lineageId);
        var index = await _indexes.GetAsync(reader, lineageId, evaluationId, cancellationToken);
        var selection = Selection(reader, lineageId);
        var flipped = baselineId is { } baseline ? await selection.FlippedAsync(evaluationId, baseline, cancellationToken) : null;
        var matches = where.Count == 0 ? null : await selection.MatchesAsync(evaluationId, index, where, progress: null, cancellationToken);
        var rows = new SampleRows(reader);
        for (var from = after is { } last ? index.After(last.Prompt, last.Repeat) : 0; from < index.Count;)
        {
            var to = Math.Min(from + StreamBatch, index.Count);
            while (to < index.Count && index.Continues(to))
            {
                to++;
            }

            foreach (var sample in await BatchAsync(evaluationId, reader, rows, index, from, to, row => (flipped?.Contains(index.Prompt(row)) ?? true) && (matches?[row] ?? true), cancellationToken))
            {
                yield return sample;
            }

            from = to;
        }
    }

    private static async Task<IEnumerable<SampleOfPrompt>> BatchAsync(
        long evaluationId, PartReader reader, SampleRows rows, SampleIndex index, int from, int to, Func<int, bool> isWanted, CancellationToken cancellationToken)
    {
        var wanted = Enumerable.Range(from, to - from).Where(isWanted).Select(row => (Prompt: index.Prompt(row), Repeat: index.Repeat(row))).ToHashSet();
        if (wanted.Count == 0)
        {
            return [];
        }

        var prompts = (await PromptsAsync(reader, [.. wanted.Select(sample => sample.Prompt).Distinct()], cancellationToken)).ToDictionary(prompt => prompt.Id);
        var answers = await rows.ReadAsync(evaluationId, index, from, to, cancellationToken);
        return answers.Where(answer => wanted.Contains((answer.PromptId, answer.Repeat)) && prompts.ContainsKey(answer.PromptId)).Select(answer => new SampleOfPrompt(prompts[answer.PromptId], answer));
    }

    private static async Task<IReadOnlyList<SamplePrompt>> PromptsAsync(PartReader reader, IReadOnlyList<int> ids, CancellationToken cancellationToken)
    {
        var found = new Dictionary<int, SamplePrompt>();
        if (ids.Count == 0)
        {
            return [];
        }

        // Prompts of a suite are mostly numbered in a row: then one scan reads them all.
        var (first, last) = (ids.Min(), ids.Max());
        var ranges = last - first < 4L * ids.Count ? [(first, last)] : ids.Select(id => (id, id));
        var wanted = ids.ToHashSet();
        foreach (var (low, high) in ranges)
        {
            await using var command = reader.Command(
                "SELECT id, sample_id, input, target FROM prompts WHERE lineage_id = @lineage AND id BETWEEN @first AND @last", ("@first", low), ("@last", high));
            await using var rows = await command.ExecuteReaderAsync(cancellationToken);
            while (await rows.ReadAsync(cancellationToken))
            {
                if (wanted.Contains(rows.GetInt32(0)))
                {
                    found[rows.GetInt32(0)] = Prompt(rows);
                }
            }
        }

        return [.. ids.Where(found.ContainsKey).Select(id => found[id])];
    }

    private PromptSelection Selection(PartReader reader, long lineageId) => new(reader, _indexes, lineageId, ids => ReadTexts(lineageId, ids));

    private IEnumerable<(int Text, byte[] Json)> ReadTexts(long lineageId, IReadOnlyList<int> ids)
    {
        if (ids.Count == 0)
        {
            yield break;
        }

        using var context = contexts.CreateDbContext();
        context.Database.OpenConnection();
        foreach (var text in Reader(context, lineageId).ReadTexts(ids))
        {
            yield return text;
        }
    }

    private static SamplePrompt Prompt(DbDataReader row) =>
        new(row.GetInt32(0), row.GetString(1), row.IsDBNull(2) ? null : row.GetString(2), row.IsDBNull(3) ? null : row.GetString(3));

    private async Task<DriftlineContext> OpenAsync(CancellationToken cancellationToken)
    {
        var context = await contexts.CreateDbContextAsync(cancellationToken);
        await context.Database.OpenConnectionAsync(cancellationToken);
        return context;
    }

    private static PartReader Reader(DriftlineContext context, long lineageId) => new(context.Database.GetDbConnection(), lineageId);
}
