using System.Text;
using Driftline.Core.Measures;
using Driftline.Core.Measures.Tables;
using Driftline.Core.Samples;
using Driftline.Storage.Columns;
using Driftline.Storage.Queries;

namespace Driftline.Storage.Samples;

/// <summary>Finds the prompts that a filter lets through.</summary>
/// <param name="reader">Reads the columns.</param>
/// <param name="indexes">What is kept of evaluations.</param>
/// <param name="lineageId">The lineage.</param>
/// <param name="readTexts">Reads texts by their numbers, now or later.</param>
internal sealed class PromptSelection(PartReader reader, SampleIndexes indexes, long lineageId, Func<IReadOnlyList<int>, IEnumerable<(int Text, byte[] Json)>> readTexts)
{
    // A generation and its baseline: the next one has mostly the same baseline, or this one.
    private const int MostKept = 2;

    private readonly LinkedList<(long Evaluation, (List<string> Labels, Dictionary<int, List<string>> OfPrompt) Answers)> _recent = [];

    /// <summary>The prompts that match, ascending.</summary>
    /// <param name="filter">Which.</param>
    /// <param name="progress">Hears how far it is, and what is found first.</param>
    /// <param name="cancellationToken">Ends it early.</param>
    /// <exception cref="FormatException">The slice or a condition is not of the form key=value.</exception>
    public async Task<int[]> FindAsync(PromptFilter filter, IProgress<SearchStep>? progress, CancellationToken cancellationToken)
    {
        var conditions = SampleCondition.Parse(filter.Where ?? "");
        var prompts = new List<int[]>();
        if (progress is not null && conditions.Count > 0 && filter is { FlippedAgainst: null, Slice: null or "", Text: null or "", Evaluations: [var first, ..] })
        {
            await FindFirstAsync(first, conditions, progress, cancellationToken);
        }

        foreach (var (at, evaluation) in filter.Evaluations.Index())
        {
            var index = await indexes.GetAsync(reader, lineageId, evaluation, cancellationToken);
            prompts.Add(conditions.Count == 0
                ? index.Prompts()
                : index.Prompts(await MatchesAsync(evaluation, index, conditions, new ShareOf(progress, at, filter.Evaluations.Count), cancellationToken)));
        }

        var matching = AscendingNumbers.Union(prompts);
        if (filter.FlippedAgainst is { } pairs)
        {
            var flipped = new HashSet<int>();
            foreach (var (evaluation, baseline) in pairs)
            {
                flipped.UnionWith(await FlippedAsync(evaluation, baseline, cancellationToken));
            }

            matching = Array.FindAll(matching, flipped.Contains);
        }

        if (filter.Slice is { Length: > 0 } slice)
        {
            var inSlice = await InSliceAsync(filter.Evaluations, slice, cancellationToken);
            matching = Array.FindAll(matching, inSlice.Contains);
        }

        if (filter.Text is { Length: > 0 } text)
        {
            var withText = await WithTextAsync(filter.Evaluations, matching, text, progress, cancellationToken);
            matching = Array.FindAll(matching, withText.Contains);
        }

        return matching;
    }

    /// <summary>For each stored row of an evaluation whether its sample meets conditions.</summary>
    public Task<bool[]> MatchesAsync(long evaluation, SampleIndex index, IReadOnlyList<SampleCondition> conditions, IProgress<SearchStep>? progress, CancellationToken cancellationToken) =>
        new SampleMatches(reader, () => indexes.MetadataAsync(lineageId, evaluation, index, () => SampleMetadata.ReadAsync(reader, index.Parts, KeysOf(conditions), readTexts, progress, cancellationToken)))
            .FindAsync(index, conditions, cancellationToken);

    /// <summary>Tells of the prompts that meet conditions in the first part of an evaluation: of a million samples, metadata of all take seconds to be read.</summary>
    private async Task FindFirstAsync(long evaluation, IReadOnlyList<SampleCondition> conditions, IProgress<SearchStep> progress, CancellationToken cancellationToken)
    {
        var index = await indexes.GetAsync(reader, lineageId, evaluation, cancellationToken);
        if (index.Parts.Count < 2 || indexes.HasMetadata(lineageId, evaluation, index))
        {
            // Soon read, or there.
            return;
        }

        var first = await SampleIndex.ReadAsync(reader, [index.Parts[0]], cancellationToken);
        var matches = await new SampleMatches(reader, () => SampleMetadata.ReadAsync(reader, first.Parts, KeysOf(conditions), readTexts, progress: null, cancellationToken))
            .FindAsync(first, conditions, cancellationToken);

        // What a later part replaces may say otherwise.
        progress.Report(new SearchStep(0, Array.FindAll(first.Prompts(matches), prompt => index.IsWhollyIn(prompt, part: 0))));
    }

    private static HashSet<string> KeysOf(IReadOnlyList<SampleCondition> conditions) =>
        conditions.Where(condition => !condition.IsUsage).Select(condition => condition.Key).ToHashSet(StringComparer.Ordinal);

    /// <summary>The prompts whose single or most frequent answer differs between two evaluations, as <c>flip_rate</c> counts them.</summary>
    public async Task<HashSet<int>> FlippedAsync(long evaluationId, long baselineId, CancellationToken cancellationToken)
    {
        var now = await RecentAnswersAsync(evaluationId, cancellationToken);
        var then = await RecentAnswersAsync(baselineId, cancellationToken);

        // Of equally frequent answers the first in this order counts.
        List<string> labels = [.. now.Labels.Union(then.Labels, StringComparer.Ordinal)];
        var codeOf = labels.Index().ToDictionary(label => label.Item, label => label.Index, StringComparer.Ordinal);
        var counts = new int[labels.Count];
        var flipped = new HashSet<int>();
        foreach (var (prompt, answers) in now.OfPrompt)
        {
            if (then.OfPrompt.TryGetValue(prompt, out var before) && Modal(answers) != Modal(before))
            {
                flipped.Add(prompt);
            }
        }

        return flipped;

        int Modal(List<string> answers) => PromptAnswers.Modal([.. answers.Select(answer => codeOf[answer])], counts);
    }

    private async Task<(List<string> Labels, Dictionary<int, List<string>> OfPrompt)> RecentAnswersAsync(long evaluationId, CancellationToken cancellationToken)
    {
        var known = _recent.FirstOrDefault(entry => entry.Evaluation == evaluationId);
        if (known.Answers.OfPrompt is not null)
        {
            _recent.Remove(known);
        }
        else
        {
            known = (evaluationId, await AnswersAsync(evaluationId, cancellationToken));
        }

        _recent.AddFirst(known);
        if (_recent.Count > MostKept)
        {
            _recent.RemoveLast();
        }

        return known.Answers;
    }

    private async Task<(List<string> Labels, Dictionary<int, List<string>> OfPrompt)> AnswersAsync(long evaluationId, CancellationToken cancellationToken)
    {
        var index = await indexes.GetAsync(reader, lineageId, evaluationId, cancellationToken);
        var answersOf = new int[index.Parts.Count][];
        var labelsOf = new string[index.Parts.Count][];
        var options = new HashSet<int>();
        for (var p = 0; p < answersOf.Length; p++)
        {
            var part = await reader.ReadAsync(index.Parts[p].Id, index.Parts[p].Rows, cancellationToken, ColumnKind.Answer, ColumnKind.Options);
            answersOf[p] = part.Answers;
            labelsOf[p] = Array.ConvertAll(part.AnswerLabels, Encoding.UTF8.GetString);
            options.UnionWith(part.Options);
        }

        options.Remove(0);
        var lists = new List<string>();
        await reader.LookUpAsync("SELECT text FROM texts WHERE lineage_id = @lineage AND id = @id", options, (_, row) => lists.Add(row.GetString(0)), cancellationToken);
        var said = new SortedSet<string>(labelsOf.SelectMany(labels => labels), StringComparer.Ordinal);
        var ofPrompt = new Dictionary<int, List<string>>();
        string? answer = null;
        for (var row = 0; row < index.Count; row++)
        {
            // Of rows of one prompt and repeat the last that has an answer counts.
            var (place, ordinal) = index.Place(row);
            answer = index.Continues(row) ? answer : null;
            if (answersOf[place].Length > 0 && answersOf[place][ordinal] >= 0)
            {
                answer = labelsOf[place][answersOf[place][ordinal]];
            }

            if (answer is not null && (row + 1 == index.Count || !index.Continues(row + 1)))
            {
                (ofPrompt.TryGetValue(index.Prompt(row), out var known) ? known : ofPrompt[index.Prompt(row)] = []).Add(answer);
            }
        }

        return (MergedRows.LabelOrder(lists, said), ofPrompt);
    }

    private async Task<HashSet<int>> InSliceAsync(IReadOnlyList<long> evaluations, string slice, CancellationToken cancellationToken)
    {
        var parts = Slice.Parse(slice).Where(part => part.Key is not (Slice.AnswerKey or Slice.ScoreKey)).ToArray();
        var matches = new Dictionary<int, bool>();
        var found = new HashSet<int>();
        foreach (var evaluation in evaluations)
        {
            var index = await indexes.GetAsync(reader, lineageId, evaluation, cancellationToken);
            for (var p = 0; p < index.Parts.Count; p++)
            {
                var metadata = (await reader.ReadAsync(index.Parts[p].Id, index.Parts[p].Rows, cancellationToken, ColumnKind.Metadata)).Metadata;
                await reader.LookUpAsync(
                    "SELECT text FROM texts WHERE lineage_id = @lineage AND id = @id",
                    metadata.Where(id => id != 0 && !matches.ContainsKey(id)).ToHashSet(),
                    (id, row) =>
                    {
                        var values = MetadataText.Parse(Encoding.UTF8.GetBytes(row.GetString(0)));
                        matches[id] = Array.TrueForAll(parts, part => values.TryGetValue(part.Key, out var value) && value == part.Value);
                    },
                    cancellationToken);
                for (var row = 0; row < metadata.Length; row++)
                {
                    if (metadata[row] != 0 ? matches[metadata[row]] : parts.Length == 0)
                    {
                        found.Add(index.PromptsOfPart[p][row]);
                    }
                }
            }
        }

        return found;
    }

    private async Task<HashSet<int>> WithTextAsync(IReadOnlyList<long> evaluations, int[] among, string text, IProgress<SearchStep>? progress, CancellationToken cancellationToken)
    {
        var found = new HashSet<int>();
        if (among.Length == 0)
        {
            return found;
        }

        var search = new TextSearch(text);
        var told = new FoundSoFar(found, among, progress);
        var indexed = new List<SampleIndex>();
        foreach (var evaluation in evaluations)
        {
            indexed.Add(await indexes.GetAsync(reader, lineageId, evaluation, cancellationToken));
        }

        // Prompts and parts of all evaluations step by step, so that prompts that came in first are found first.
        var steps = Math.Max(1, indexed.Max(index => index.Parts.Count));
        for (var step = 0; step < steps; step++)
        {
            var share = (double)step / steps;
            progress?.Report(new SearchStep(share));
            var (from, to) = ((int)((long)among.Length * step / steps), (int)((long)among.Length * (step + 1) / steps));
            if (to > from)
            {
                await FindInPromptsAsync(among[from], among[to - 1], search, found, cancellationToken);
                told.Tell(share);
            }

            foreach (var index in indexed.Where(index => step < index.Parts.Count))
            {
                foreach (var row in reader.FindWords(index.Parts[step].Id, words => words.OutputBytes is { } output && search.IsIn(output.Span), cancellationToken))
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    found.Add(index.PromptsOfPart[step][row]);
                    told.Tell(share);
                }
            }
        }

        return found;
    }

    private async Task FindInPromptsAsync(int first, int last, TextSearch search, HashSet<int> found, CancellationToken cancellationToken)
    {
        await using var command = reader.Command(
            "SELECT id, sample_id, input, target FROM prompts WHERE lineage_id = @lineage AND id BETWEEN @first AND @last", ("@first", first), ("@last", last));
        await using var rows = await command.ExecuteReaderAsync(cancellationToken);
        while (await rows.ReadAsync(cancellationToken))
        {
            if (search.IsIn(rows, 1) || search.IsIn(rows, 2) || search.IsIn(rows, 3))
            {
                found.Add(rows.GetInt32(0));
            }
        }
    }

    /// <summary>Tells what a search has found, seldom enough to take no time.</summary>
    private sealed class FoundSoFar(HashSet<int> found, int[] among, IProgress<SearchStep>? progress)
    {
        private int _next = SearchStep.FirstFound;

        public void Tell(double share)
        {
            if (progress is not null && found.Count >= _next)
            {
                var counted = Array.FindAll(among, found.Contains);
                _next = Math.Max(2 * found.Count, found.Count + SearchStep.FirstFound - counted.Length);
                progress.Report(new SearchStep(share, counted));
            }
        }
    }

    /// <summary>Passes the share of one evaluation on as the share of all.</summary>
    private sealed class ShareOf(IProgress<SearchStep>? all, int done, int total) : IProgress<SearchStep>
    {
        public void Report(SearchStep value) => all?.Report(value with { Share = (done + value.Share) / total });
    }
}
