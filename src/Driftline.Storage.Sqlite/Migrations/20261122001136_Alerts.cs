using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Driftline.Storage.Sqlite.Migrations
{
    /// <inheritdoc />
    public partial class Alerts : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "alert_closures",
                columns: table => new
                {
                    lineage_id = table.Column<long>(type: "INTEGER", nullable: false),
                    branch = table.Column<string>(type: "TEXT", nullable: false),
                    seed = table.Column<string>(type: "TEXT", nullable: false),
                    generation = table.Column<int>(type: "INTEGER", nullable: false),
                    created = table.Column<DateTime>(type: "TEXT", nullable: false),
                    author = table.Column<string>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_alert_closures", x => new { x.lineage_id, x.branch, x.seed, x.generation });
                    table.ForeignKey(
                        name: "FK_alert_closures_lineages_lineage_id",
                        column: x => x.lineage_id,
                        principalTable: "lineages",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "alert_events",
                columns: table => new
                {
                    lineage_id = table.Column<long>(type: "INTEGER", nullable: false),
                    rule_id = table.Column<string>(type: "TEXT", nullable: false),
                    branch = table.Column<string>(type: "TEXT", nullable: false),
                    seed = table.Column<string>(type: "TEXT", nullable: false),
                    generation = table.Column<int>(type: "INTEGER", nullable: false),
                    kind = table.Column<string>(type: "TEXT", nullable: false),
                    severity = table.Column<string>(type: "TEXT", nullable: false),
                    threshold = table.Column<double>(type: "REAL", nullable: false),
                    revised = table.Column<bool>(type: "INTEGER", nullable: false),
                    created = table.Column<DateTime>(type: "TEXT", nullable: false),
                    acknowledged = table.Column<DateTime>(type: "TEXT", nullable: true),
                    acknowledged_by = table.Column<string>(type: "TEXT", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_alert_events", x => new { x.lineage_id, x.rule_id, x.branch, x.seed, x.generation, x.kind });
                    table.ForeignKey(
                        name: "FK_alert_events_lineages_lineage_id",
                        column: x => x.lineage_id,
                        principalTable: "lineages",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "alert_rule_versions",
                columns: table => new
                {
                    lineage_id = table.Column<long>(type: "INTEGER", nullable: false),
                    rule_id = table.Column<string>(type: "TEXT", nullable: false),
                    version = table.Column<int>(type: "INTEGER", nullable: false),
                    rule = table.Column<string>(type: "TEXT", nullable: false),
                    applies_from = table.Column<string>(type: "TEXT", nullable: false),
                    deleted = table.Column<bool>(type: "INTEGER", nullable: false),
                    created = table.Column<DateTime>(type: "TEXT", nullable: false),
                    author = table.Column<string>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_alert_rule_versions", x => new { x.lineage_id, x.rule_id, x.version });
                    table.ForeignKey(
                        name: "FK_alert_rule_versions_lineages_lineage_id",
                        column: x => x.lineage_id,
                        principalTable: "lineages",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "alert_states",
                columns: table => new
                {
                    lineage_id = table.Column<long>(type: "INTEGER", nullable: false),
                    rule_id = table.Column<string>(type: "TEXT", nullable: false),
                    branch = table.Column<string>(type: "TEXT", nullable: false),
                    seed = table.Column<string>(type: "TEXT", nullable: false),
                    state = table.Column<string>(type: "TEXT", nullable: false),
                    since = table.Column<int>(type: "INTEGER", nullable: true),
                    tested = table.Column<int>(type: "INTEGER", nullable: true),
                    reason = table.Column<string>(type: "TEXT", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_alert_states", x => new { x.lineage_id, x.rule_id, x.branch, x.seed });
                    table.ForeignKey(
                        name: "FK_alert_states_lineages_lineage_id",
                        column: x => x.lineage_id,
                        principalTable: "lineages",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "alert_summaries",
                columns: table => new
                {
                    lineage_id = table.Column<long>(type: "INTEGER", nullable: false),
                    revision = table.Column<long>(type: "INTEGER", nullable: false),
                    state = table.Column<string>(type: "TEXT", nullable: false),
                    firing = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_alert_summaries", x => x.lineage_id);
                    table.ForeignKey(
                        name: "FK_alert_summaries_lineages_lineage_id",
                        column: x => x.lineage_id,
                        principalTable: "lineages",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "alert_tests",
                columns: table => new
                {
                    lineage_id = table.Column<long>(type: "INTEGER", nullable: false),
                    rule_id = table.Column<string>(type: "TEXT", nullable: false),
                    branch = table.Column<string>(type: "TEXT", nullable: false),
                    seed = table.Column<string>(type: "TEXT", nullable: false),
                    generation = table.Column<int>(type: "INTEGER", nullable: false),
                    version = table.Column<int>(type: "INTEGER", nullable: false),
                    model = table.Column<string>(type: "TEXT", nullable: false),
                    value = table.Column<double>(type: "REAL", nullable: false),
                    lo = table.Column<double>(type: "REAL", nullable: true),
                    hi = table.Column<double>(type: "REAL", nullable: true),
                    std_err = table.Column<double>(type: "REAL", nullable: true),
                    n = table.Column<int>(type: "INTEGER", nullable: false),
                    created = table.Column<DateTime>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_alert_tests", x => new { x.lineage_id, x.rule_id, x.branch, x.seed, x.generation });
                    table.ForeignKey(
                        name: "FK_alert_tests_lineages_lineage_id",
                        column: x => x.lineage_id,
                        principalTable: "lineages",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "alert_closures");

            migrationBuilder.DropTable(
                name: "alert_events");

            migrationBuilder.DropTable(
                name: "alert_rule_versions");

            migrationBuilder.DropTable(
                name: "alert_states");

            migrationBuilder.DropTable(
                name: "alert_summaries");

            migrationBuilder.DropTable(
                name: "alert_tests");
        }
    }
}
