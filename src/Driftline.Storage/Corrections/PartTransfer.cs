using System.Data.Common;
using Driftline.Storage.Columns;

namespace Driftline.Storage.Corrections;

/// <summary>
/// Moves parts from one lineage to another: prompts, metadata and options are numbered for each lineage by itself, so their columns are
/// written anew; all else goes as it is. What stands in digests is made of contents, which stay the same.
/// </summary>
internal sealed class PartTransfer : IAsyncDisposable
{
    private const string NewNumbers = "kind IN (0, 2, 3)";

    private readonly LineageLedger _from;
    private readonly LineageLedger _to;
    private readonly PartReader _reader;
    private readonly DbConnection _database;
    private readonly List<DbCommand> _commands = [];
    private readonly Dictionary<int, int> _prompts = new() { [0] = 0 };
    private readonly Dictionary<int, int> _texts = new() { [0] = 0 };
    private long? _nextPart;

    public PartTransfer(DbConnection database, LineageLedger from, LineageLedger to)
    {
        (_database, _from, _to) = (database, from, to);
        _reader = new PartReader(database, from.Lineage.Id);
    }

    /// <summary>Moves a part to an evaluation of the other lineage.</summary>
    /// <returns>The part as it is there.</returns>
    public async Task<LedgerPart> MoveAsync(LedgerPart part, long evaluation, CancellationToken cancellationToken)
    {
        _nextPart ??= Convert.ToInt64(
            await RunAsync("SELECT coalesce(max(id), 0) + 1 FROM parts WHERE lineage_id = @to", cancellationToken), System.Globalization.CultureInfo.InvariantCulture);
        var id = _nextPart.Value;
        _nextPart++;
        (string, object)[] keys = [("@part", part.Id), ("@new", id)];
        await RunAsync(
            "INSERT INTO parts (lineage_id, id, evaluation_id, import_id, rows, digest) SELECT @to, @new, @evaluation, import_id, rows, digest FROM parts WHERE lineage_id = @from AND id = @part",
            cancellationToken,
            [.. keys, ("@evaluation", evaluation)]);
        await RunAsync(
            $"""
            INSERT INTO part_columns (lineage_id, part_id, kind, name, variant, presence, body)
            SELECT @to, @new, kind, name, variant, presence, body FROM part_columns WHERE lineage_id = @from AND part_id = @part AND NOT ({NewNumbers})
            """,
            cancellationToken,
            keys);
        var columns = await _reader.ReadAsync(part.Id, part.Rows, cancellationToken, ColumnKind.Prompt, ColumnKind.Metadata, ColumnKind.Options);
        var stored = await StoredAsync(part, cancellationToken);
        await WriteAsync(ColumnKind.Prompt, columns.Prompts, _prompts, PromptAsync, stored, id, cancellationToken);
        await WriteAsync(ColumnKind.Metadata, columns.Metadata, _texts, TextAsync, stored, id, cancellationToken);
        await WriteAsync(ColumnKind.Options, columns.Options, _texts, TextAsync, stored, id, cancellationToken);
        await RunAsync(
            "INSERT INTO word_blocks (lineage_id, part_id, first_row, rows, body) SELECT @to, @new, first_row, rows, body FROM word_blocks WHERE lineage_id = @from AND part_id = @part",
            cancellationToken,
            keys);
        await RunAsync(
            "INSERT INTO samples (lineage_id, part_id, ordinal, output, extra) SELECT @to, @new, ordinal, output, extra FROM samples WHERE lineage_id = @from AND part_id = @part",
            cancellationToken,
            keys);
        await RunAsync("DELETE FROM word_blocks WHERE lineage_id = @from AND part_id = @part", cancellationToken, keys[..1]);
        await RunAsync("DELETE FROM samples WHERE lineage_id = @from AND part_id = @part", cancellationToken, keys[..1]);
        await RunAsync("DELETE FROM part_columns WHERE lineage_id = @from AND part_id = @part", cancellationToken, keys[..1]);
        await RunAsync("DELETE FROM parts WHERE lineage_id = @from AND id = @part", cancellationToken, keys[..1]);
        return part with { Id = id };
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var command in _commands)
        {
            await command.DisposeAsync();
        }
    }

    /// <summary>Which of the columns with numbers the part has, and under which names.</summary>
    private async Task<Dictionary<ColumnKind, (string Name, int Variant)>> StoredAsync(LedgerPart part, CancellationToken cancellationToken)
    {
        await using var command = _reader.Command($"SELECT kind, name, variant FROM part_columns WHERE lineage_id = @lineage AND part_id = @id AND {NewNumbers}", ("@id", part.Id));
        await using var rows = await command.ExecuteReaderAsync(cancellationToken);
        var stored = new Dictionary<ColumnKind, (string, int)>();
        while (await rows.ReadAsync(cancellationToken))
        {
            stored[(ColumnKind)rows.GetInt32(0)] = (rows.GetString(1), rows.GetInt32(2));
        }

        return stored;
    }

    private async Task WriteAsync(
        ColumnKind kind, int[] ids, Dictionary<int, int> known, Func<int, CancellationToken, Task<int>> find, Dictionary<ColumnKind, (string Name, int Variant)> stored, long part,
        CancellationToken cancellationToken)
    {
        if (!stored.TryGetValue(kind, out var column))
        {
            return;
        }

        var moved = new int[ids.Length];
        for (var row = 0; row < ids.Length; row++)
        {
            if (!known.TryGetValue(ids[row], out moved[row]))
            {
                known[ids[row]] = moved[row] = await find(ids[row], cancellationToken);
            }
        }

        await RunAsync(
            "INSERT INTO part_columns (lineage_id, part_id, kind, name, variant, body) VALUES (@to, @new, @kind, @name, @variant, @body)",
            cancellationToken,
            ("@new", part),
            ("@kind", (int)kind),
            ("@name", column.Name),
            ("@variant", column.Variant),
            ("@body", ColumnCodec.Encode<int>(moved).ToArray()));
    }

    private async Task<int> PromptAsync(int id, CancellationToken cancellationToken)
    {
        const string Known = "SELECT t.id FROM prompts s JOIN prompts t ON t.lineage_id = @to AND t.key_hash = s.key_hash WHERE s.lineage_id = @from AND s.id = @id";
        if (await NumberAsync(Known, id, cancellationToken) is { } known)
        {
            return known;
        }

        var suite = Convert.ToInt64(await RunAsync("SELECT suite_id FROM prompts WHERE lineage_id = @from AND id = @id", cancellationToken, ("@id", id)), System.Globalization.CultureInfo.InvariantCulture);
        await RunAsync(
            """
            INSERT INTO prompts (lineage_id, id, suite_id, sample_id, key_hash, content_hash, input, target)
            SELECT @to, (SELECT coalesce(max(id), 0) + 1 FROM prompts WHERE lineage_id = @to), @suite, sample_id, key_hash, content_hash, input, target
            FROM prompts WHERE lineage_id = @from AND id = @id
            """,
            cancellationToken,
            ("@id", id),
            ("@suite", SuiteOf(suite)));
        return (await NumberAsync(Known, id, cancellationToken))!.Value;
    }

    private async Task<int> TextAsync(int id, CancellationToken cancellationToken)
    {
        const string Known = "SELECT t.id FROM texts s JOIN texts t ON t.lineage_id = @to AND t.hash = s.hash WHERE s.lineage_id = @from AND s.id = @id";
        if (await NumberAsync(Known, id, cancellationToken) is { } known)
        {
            return known;
        }

        await RunAsync(
            """
            INSERT INTO texts (lineage_id, id, hash, text)
            SELECT @to, (SELECT coalesce(max(id), 0) + 1 FROM texts WHERE lineage_id = @to), hash, text FROM texts WHERE lineage_id = @from AND id = @id
            """,
            cancellationToken,
            ("@id", id));
        return (await NumberAsync(Known, id, cancellationToken))!.Value;
    }

    private long SuiteOf(long source) => _to.Suites.Values.First(suite => suite.Name == _from.Suites[source].Name).Id;

    private async Task<int?> NumberAsync(string sql, int id, CancellationToken cancellationToken) =>
        await RunAsync(sql, cancellationToken, ("@id", id)) is { } value ? Convert.ToInt32(value, System.Globalization.CultureInfo.InvariantCulture) : null;

    /// <summary>Runs a statement, prepared once, and returns the first column of its first row.</summary>
    private async Task<object?> RunAsync(string sql, CancellationToken cancellationToken, params IReadOnlyList<(string Name, object Value)> parameters)
    {
        var command = _commands.Find(known => known.CommandText == sql);
        if (command is null)
        {
            command = _database.CreateCommand();
            command.CommandText = sql;
            Bind(command, "@from", _from.Lineage.Id, sql);
            Bind(command, "@to", _to.Lineage.Id, sql);
            _commands.Add(command);
        }

        foreach (var (name, value) in parameters)
        {
            Bind(command, name, value, sql);
        }

        return await command.ExecuteScalarAsync(cancellationToken);
    }

    private static void Bind(DbCommand command, string name, object value, string sql)
    {
        if (!sql.Contains(name, StringComparison.Ordinal))
        {
            return;
        }

        if (!command.Parameters.Contains(name))
        {
            var parameter = command.CreateParameter();
            parameter.ParameterName = name;
            command.Parameters.Add(parameter);
        }

        command.Parameters[name].Value = value;
    }
}
