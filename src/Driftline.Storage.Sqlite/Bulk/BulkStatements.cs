using Microsoft.Data.Sqlite;

namespace Driftline.Storage.Sqlite.Bulk;

/// <summary>The statements of the import's hot path, prepared once.</summary>
internal sealed class BulkStatements : IDisposable
{
    private readonly List<Statement> _all = [];

    public BulkStatements(SqliteConnection connection)
    {
        Statement Prepare(string sql)
        {
            var statement = new Statement(connection.Handle!, sql);
            _all.Add(statement);
            return statement;
        }

        Begin = Prepare("BEGIN IMMEDIATE");
        Commit = Prepare("COMMIT");
        FindPrompt = Prepare("SELECT id FROM prompts WHERE lineage_id = ?1 AND key_hash = ?2");
        AddPrompt = Prepare("INSERT INTO prompts (lineage_id, id, suite_id, sample_id, key_hash, content_hash, input, target) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)");
        FindText = Prepare("SELECT id FROM texts WHERE lineage_id = ?1 AND hash = ?2");
        AddText = Prepare("INSERT INTO texts (lineage_id, id, hash, text) VALUES (?1, ?2, ?3, ?4)");
        AddWords = Prepare("INSERT INTO word_blocks (lineage_id, part_id, first_row, rows, body) VALUES (?1, ?2, ?3, ?4, ?5)");
        AddPart = Prepare("INSERT INTO parts (lineage_id, id, evaluation_id, import_id, rows, digest) VALUES (?1, ?2, ?3, ?4, ?5, ?6)");
        AddColumn = Prepare("INSERT INTO part_columns (lineage_id, part_id, kind, name, variant, presence, body) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)");
    }

    public Statement Begin { get; }

    public Statement Commit { get; }

    public Statement FindPrompt { get; }

    public Statement AddPrompt { get; }

    public Statement FindText { get; }

    public Statement AddText { get; }

    public Statement AddWords { get; }

    public Statement AddPart { get; }

    public Statement AddColumn { get; }

    /// <inheritdoc/>
    public void Dispose() => _all.ForEach(statement => statement.Dispose());
}
