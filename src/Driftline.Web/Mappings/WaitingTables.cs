using System.Collections.Concurrent;
using System.Text.Json;
using Driftline.Web.Workers;

namespace Driftline.Web.Mappings;

/// <summary>A table that somebody is about to say the columns of.</summary>
/// <param name="Id">Names it in addresses.</param>
/// <param name="Name">The name as the user gave it.</param>
/// <param name="Path">The file on disk.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="IsSpooled">Whether the file is Driftline's own copy, which goes when it is not needed any more.</param>
/// <param name="Since">When it came, UTC.</param>
/// <param name="Reason">Why it could not be imported without a mapping; null where it was dropped for the wizard.</param>
public sealed record WaitingTable(Guid Id, string Name, string Path, long Bytes, bool IsSpooled, DateTime Since, string? Reason = null);

/// <summary>
/// Tables that were dropped for the mapping wizard, or came without a mapping: kept for a day, or until they are imported. A note beside
/// each, with the mapping that somebody had begun, lets it outlast the server.
/// </summary>
public sealed class WaitingTables(DataFolder folder, TimeProvider time)
{
    /// <summary>Tables that are kept at once; a further one takes the place of the oldest.</summary>
    public const int MaxTables = 40;

    private const string Ending = ".table";
    private const string NoteEnding = ".table.json";

    private static readonly TimeSpan Kept = TimeSpan.FromDays(1);

    private readonly ConcurrentDictionary<Guid, WaitingTable> _tables = new();
    private readonly ConcurrentDictionary<Guid, string> _drafts = new();

    /// <summary>Keeps a table.</summary>
    /// <param name="name">Its name as the user gave it.</param>
    /// <param name="path">The file.</param>
    /// <param name="isSpooled">Whether the file is Driftline's own copy.</param>
    /// <param name="reason">Why it could not be imported without a mapping; null where it was dropped for the wizard.</param>
    public WaitingTable Add(string name, string path, bool isSpooled, string? reason = null)
    {
        var id = Guid.NewGuid();
        Directory.CreateDirectory(folder.Incoming);
        if (isSpooled)
        {
            var own = Path.Combine(folder.Incoming, $"{id:N}{Ending}");
            File.Move(path, own);
            path = own;
        }

        var now = time.GetUtcNow().UtcDateTime;
        var table = new WaitingTable(id, name, path, new FileInfo(path).Length, isSpooled, now, reason);
        _tables[id] = table;
        Write(table, draft: null);
        var surplus = _tables.Values.OrderByDescending(known => known.Since).Skip(MaxTables);
        foreach (var old in surplus.Concat(_tables.Values.Where(known => now - known.Since > Kept)).ToList())
        {
            Drop(old.Id);
        }

        return table;
    }

    /// <summary>All that wait, the oldest first.</summary>
    public IReadOnlyList<WaitingTable> All => [.. _tables.Values.OrderBy(table => table.Since)];

    /// <summary>A table; null when it is gone.</summary>
    public WaitingTable? Find(Guid id) => _tables.TryGetValue(id, out var table) && File.Exists(table.Path) ? table : null;

    /// <summary>The mapping that somebody had made for a table when they left the page; null for none.</summary>
    public string? DraftOf(Guid id) => _drafts.GetValueOrDefault(id);

    /// <summary>Keeps the mapping of a table while somebody works on it.</summary>
    public void Remember(Guid id, string draft)
    {
        if (_tables.TryGetValue(id, out var table) && _drafts.GetValueOrDefault(id) != draft)
        {
            _drafts[id] = draft;
            Write(table, draft);
        }
    }

    /// <summary>Gives a table away: whoever takes it removes its file. Null when it is gone.</summary>
    public WaitingTable? Take(Guid id)
    {
        _drafts.TryRemove(id, out _);
        if (!_tables.TryRemove(id, out var table))
        {
            return null;
        }

        File.Delete(NoteOf(id));
        if (!File.Exists(table.Path))
        {
            return null;
        }

        if (!table.IsSpooled)
        {
            return table;
        }

        // Called as other logs that pages sent, so that the queue goes on with it when the server starts again.
        var path = Path.ChangeExtension(table.Path, DataFolder.SpooledEnding);
        File.Move(table.Path, path);
        return table with { Path = path };
    }

    /// <summary>Forgets a table and removes its file if it is Driftline's own.</summary>
    public void Drop(Guid id)
    {
        _drafts.TryRemove(id, out _);
        if (_tables.TryRemove(id, out var table))
        {
            Remove(table);
        }
    }

    /// <summary>Takes up the tables that an earlier server kept, the oldest first; what is too old, or nobody knows any more, is removed.</summary>
    public IReadOnlyList<WaitingTable> Restore()
    {
        if (!Directory.Exists(folder.Incoming))
        {
            return [];
        }

        var now = time.GetUtcNow().UtcDateTime;
        foreach (var path in Directory.GetFiles(folder.Incoming, "*" + NoteEnding))
        {
            if (Read(path) is not { } note)
            {
                File.Delete(path);
            }
            else if (!File.Exists(note.Table.Path) || now - note.Table.Since > Kept)
            {
                Remove(note.Table);
            }
            else if (_tables.TryAdd(note.Table.Id, note.Table) && note.Draft is { } draft)
            {
                _drafts[note.Table.Id] = draft;
            }
        }

        var own = _tables.Values.Select(table => table.Path).ToHashSet(StringComparer.Ordinal);
        foreach (var file in Directory.EnumerateFiles(folder.Incoming, "*" + Ending).Where(file => !own.Contains(file)))
        {
            File.Delete(file);
        }

        return All;
    }

    private string NoteOf(Guid id) => Path.Combine(folder.Incoming, $"{id:N}{NoteEnding}");

    private void Remove(WaitingTable table)
    {
        File.Delete(NoteOf(table.Id));
        if (table.IsSpooled)
        {
            File.Delete(table.Path);
        }
    }

    private void Write(WaitingTable table, string? draft)
    {
        // Written whole before it gets its name: nobody reads half of it.
        var note = NoteOf(table.Id);
        var unnamed = note + ".new";
        File.WriteAllText(unnamed, JsonSerializer.Serialize(new Note(table, draft)));
        File.Move(unnamed, note, overwrite: true);
    }

    private Note? Read(string path)
    {
        try
        {
            var note = JsonSerializer.Deserialize<Note>(File.ReadAllText(path));
            return note?.Table is { } table && Path.GetFileName(path) == $"{table.Id:N}{NoteEnding}" && (!table.IsSpooled || table.Path.EndsWith(Ending, StringComparison.Ordinal))
                // The data folder may have been moved meanwhile.
                ? note with { Table = table.IsSpooled ? table with { Path = Path.Combine(folder.Incoming, Path.GetFileName(table.Path)) } : table }
                : null;
        }
        catch (JsonException)
        {
            // A note of another version: its table can be dropped again.
            return null;
        }
    }

    private sealed record Note(WaitingTable Table, string? Draft);
}
