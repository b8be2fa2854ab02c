using System.Data.Common;
using Microsoft.EntityFrameworkCore;

namespace Driftline.Storage.Corrections;

/// <summary>Removes all that a lineage has, with its rules and settings. The caller holds the transaction.</summary>
internal sealed class LineageErasure(DriftlineContext context, long lineageId)
{
    // What refers to others comes before them.
    private static readonly string[] Tables =
    [
        "alert_events", "alert_states", "alert_tests", "alert_closures", "alert_rule_versions", "alert_summaries",
        "measurements", "measure_runs", "embedders", "lineage_settings",
        "samples", "word_blocks", "part_columns", "parts", "reported_metrics", "replaced_metrics", "evaluations",
        "suite_metadata", "prompts", "texts", "suites",
        "training_texts", "import_nodes", "import_lineages", "node_parents", "nodes",
    ];

    /// <summary>Removes.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        // What is tracked of it is gone, and must not be written.
        await context.SaveChangesAsync(cancellationToken);
        context.ChangeTracker.Clear();
        foreach (var table in Tables)
        {
            await DeleteAsync($"DELETE FROM {table} WHERE lineage_id = @lineage", cancellationToken);
        }

        await DeleteAsync("DELETE FROM lineages WHERE id = @lineage", cancellationToken);
    }

    private async Task DeleteAsync(string sql, CancellationToken cancellationToken)
    {
        await using DbCommand command = new Columns.PartReader(context.Database.GetDbConnection(), lineageId).Command(sql);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
