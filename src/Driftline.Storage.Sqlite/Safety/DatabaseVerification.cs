using System.Globalization;
using System.Text.Json;
using Driftline.Core.Measures.Poisoning;
using Driftline.Core.Training;
using Driftline.Storage.Columns;
using Driftline.Storage.Entities;
using Driftline.Storage.Imports;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace Driftline.Storage.Sqlite.Safety;

/// <summary>
/// Looks whether a database is whole: the file's own structure, references, that every column decodes and every text is the one
/// that was imported, and that the counts and digests of evaluations are those of their rows. Changes nothing.
/// </summary>
internal sealed class DatabaseVerification(SqliteContextFactory contexts)
{
    private readonly SortedDictionary<string, long> _checked = new(StringComparer.Ordinal);
    private readonly List<string> _faults = [];
    private long _faultCount;

    /// <summary>Verifies.</summary>
    public async Task<VerifyReport> RunAsync(CancellationToken cancellationToken)
    {
        using (var connection = SqliteFile.Open(contexts.ConnectionString))
        {
            await VerifyFileAsync(connection, cancellationToken);
        }

        // Of a file whose structure is damaged the rest would only repeat that in other words.
        if (_faultCount == 0)
        {
            await VerifyEvaluationsAsync(cancellationToken);
        }

        return new VerifyReport { Checked = _checked, Faults = _faults, FaultCount = _faultCount };
    }

    private async Task VerifyFileAsync(SqliteConnection connection, CancellationToken cancellationToken)
    {
        await using (var command = connection.CreateCommand())
        {
            command.CommandText = $"PRAGMA integrity_check({VerifyReport.MaxListed})";
            await using var rows = await command.ExecuteReaderAsync(cancellationToken);
            while (await rows.ReadAsync(cancellationToken))
            {
                if (rows.GetString(0) is var line && line != "ok")
                {
                    Fault($"the file's structure: {line}");
                }
            }
        }

        await using (var command = connection.CreateCommand())
        {
            command.CommandText = "PRAGMA foreign_key_check";
            await using var rows = await command.ExecuteReaderAsync(cancellationToken);
            while (await rows.ReadAsync(cancellationToken))
            {
                Fault($"a row of {rows.GetString(0)} refers to a row of {rows.GetString(2)} that is not there");
            }
        }

        Count("pages", connection.ReadLong("PRAGMA page_count") ?? 0);
    }

    private async Task VerifyEvaluationsAsync(CancellationToken cancellationToken)
    {
        await using var context = contexts.CreateDbContext();
        await context.Database.OpenConnectionAsync(cancellationToken);

        // All of it as it is at one moment: imports go on meanwhile. It ends with the connection.
        await context.Database.ExecuteSqlRawAsync("BEGIN", cancellationToken);
        await VerifyEvaluationsAsync(context, cancellationToken);
        await context.Database.ExecuteSqlRawAsync("ROLLBACK", cancellationToken);
    }

    private async Task VerifyEvaluationsAsync(DriftlineContext context, CancellationToken cancellationToken)
    {
        foreach (var lineage in await context.Lineages.AsNoTracking().OrderBy(row => row.Id).ToListAsync(cancellationToken))
        {
            Count("lineages", 1);
            var evaluations = await context.Evaluations.AsNoTracking().Where(row => row.LineageId == lineage.Id).OrderBy(row => row.Id).ToListAsync(cancellationToken);
            await VerifyTrainingTextsAsync(lineage, context, cancellationToken);
            var reader = new PartReader(context.Database.GetDbConnection(), lineage.Id);
            foreach (var evaluation in evaluations)
            {
                cancellationToken.ThrowIfCancellationRequested();
                Count("evaluations", 1);
                await VerifyEvaluationAsync(reader, lineage.Name, evaluation, context, cancellationToken);
            }
        }
    }

    /// <summary>Counts of words must be those that the facts of the same texts name.</summary>
    private async Task VerifyTrainingTextsAsync(LineageRow lineage, DriftlineContext context, CancellationToken cancellationToken)
    {
        await foreach (var texts in context.TrainingTexts.AsNoTracking().Where(row => row.LineageId == lineage.Id).AsAsyncEnumerable().WithCancellation(cancellationToken))
        {
            Count("training texts", 1);
            var name = string.Create(CultureInfo.InvariantCulture, $"training texts of node {texts.NodeId} of {lineage.Name}, import {texts.ImportId}");
            try
            {
                if (TrainingFacts.Read(texts.Facts)?.WordTable != WordTable.Digest(texts.Words))
                {
                    Fault($"{name}: the counts of words are not those that were taken");
                }
            }
            catch (JsonException e)
            {
                Fault($"{name} cannot be read: {e.Message}");
            }
        }
    }

    private async Task VerifyEvaluationAsync(PartReader reader, string lineage, EvaluationRow evaluation, DriftlineContext context, CancellationToken cancellationToken)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"evaluation {evaluation.Id} of {lineage}");
        try
        {
            var rows = new RowSet();
            foreach (var (partId, count) in await reader.PartsAsync(evaluation.Id, importId: null, cancellationToken))
            {
                Count("parts", 1);
                var part = await reader.ReadAsync(partId, count, cancellationToken);
                for (var row = 0; row < part.Rows; row++)
                {
                    rows.Add(part.Prompts[row], part.Repeats[row]);
                }

                cancellationToken.ThrowIfCancellationRequested();
                VerifyWords(reader, name, part);
            }

            Count("samples", rows.Count);
            var (prompts, repeats) = rows.Extent();
            if ((rows.Count, prompts, repeats) != (evaluation.Samples, evaluation.Prompts, evaluation.Repeats))
            {
                Fault($"{name} has {rows.Count} rows, {prompts} prompts, {repeats} repeats, but says {evaluation.Samples}, {evaluation.Prompts}, {evaluation.Repeats}");
            }

            var merge = await EvaluationMerge.ComputeAsync(context.Database.GetDbConnection(), evaluation.LineageId, evaluation.Id, importId: null, cancellationToken);
            if (!merge.Digest.ToBytes().AsSpan().SequenceEqual(evaluation.Digest))
            {
                Fault($"{name} has other values than were imported: its digest differs");
            }
        }
        catch (Exception e) when (e is InvalidDataException or ArgumentException or IndexOutOfRangeException or OverflowException or SqliteException)
        {
            // A column of wrong length shows as any of these, depending on which byte is wrong.
            Fault($"{name} cannot be read: {e.Message}");
        }
    }

    /// <summary>Compares each output and what is kept beside it with the hash that was taken at its import.</summary>
    private void VerifyWords(PartReader reader, string name, PartColumns part)
    {
        var seen = 0;
        foreach (var (row, output, extra) in reader.ReadWords(part.Id))
        {
            seen++;
            if (row >= part.Rows || Hash(output) != part.Outputs[row] || Hash(extra) != part.Extras[row])
            {
                Fault($"{name}: the text of row {row} of part {part.Id} is not the one that was imported");
            }
        }

        var expected = Enumerable.Range(0, part.Rows).Count(row => part.Outputs[row] != 0 || part.Extras[row] != 0);
        if (seen != expected)
        {
            Fault($"{name}: part {part.Id} has {seen} texts of {expected}");
        }
    }

    private static ulong Hash(ReadOnlyMemory<byte>? text) => text is { } bytes ? Hash128.Fold(Hash128.Compute(bytes.Span)) : 0;

    private void Count(string what, long count) => _checked[what] = _checked.GetValueOrDefault(what) + count;

    private void Fault(string sentence)
    {
        _faultCount++;
        if (_faults.Count < VerifyReport.MaxListed)
        {
            _faults.Add(sentence);
        }
    }
}
