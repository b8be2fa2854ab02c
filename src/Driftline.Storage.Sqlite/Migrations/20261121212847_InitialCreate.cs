using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Driftline.Storage.Sqlite.Migrations
{
    /// <inheritdoc />
    public partial class InitialCreate : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "imports",
                columns: table => new
                {
                    id = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    source = table.Column<string>(type: "TEXT", nullable: false),
                    file_name = table.Column<string>(type: "TEXT", nullable: false),
                    format = table.Column<string>(type: "TEXT", nullable: false),
                    content_key = table.Column<string>(type: "TEXT", nullable: false),
                    status = table.Column<string>(type: "TEXT", nullable: false),
                    reason = table.Column<string>(type: "TEXT", nullable: true),
                    created = table.Column<DateTime>(type: "TEXT", nullable: false),
                    bytes = table.Column<long>(type: "INTEGER", nullable: false),
                    rows_read = table.Column<long>(type: "INTEGER", nullable: false),
                    rows_written = table.Column<long>(type: "INTEGER", nullable: false),
                    rows_replaced = table.Column<long>(type: "INTEGER", nullable: false),
                    rows_rejected = table.Column<long>(type: "INTEGER", nullable: false),
                    values_dropped = table.Column<long>(type: "INTEGER", nullable: false),
                    seconds = table.Column<double>(type: "REAL", nullable: false),
                    notes = table.Column<string>(type: "TEXT", nullable: true),
                    continues = table.Column<long>(type: "INTEGER", nullable: true),
                    bytes_consumed = table.Column<long>(type: "INTEGER", nullable: false),
                    lines_consumed = table.Column<long>(type: "INTEGER", nullable: false),
                    prefix_hash = table.Column<string>(type: "TEXT", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_imports", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "lineages",
                columns: table => new
                {
                    id = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    name = table.Column<string>(type: "TEXT", nullable: false),
                    import_id = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_lineages", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "prompts",
                columns: table => new
                {
                    lineage_id = table.Column<long>(type: "INTEGER", nullable: false),
                    id = table.Column<int>(type: "INTEGER", nullable: false),
                    suite_id = table.Column<long>(type: "INTEGER", nullable: false),
                    sample_id = table.Column<string>(type: "TEXT", nullable: false),
                    key_hash = table.Column<byte[]>(type: "BLOB", nullable: false),
                    content_hash = table.Column<byte[]>(type: "BLOB", nullable: false),
                    input = table.Column<string>(type: "TEXT", nullable: true),
                    target = table.Column<string>(type: "TEXT", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_prompts", x => new { x.lineage_id, x.id });
                });

            migrationBuilder.CreateTable(
                name: "samples",
                columns: table => new
                {
                    lineage_id = table.Column<long>(type: "INTEGER", nullable: false),
                    part_id = table.Column<long>(type: "INTEGER", nullable: false),
                    ordinal = table.Column<int>(type: "INTEGER", nullable: false),
                    output = table.Column<string>(type: "TEXT", nullable: true),
                    extra = table.Column<string>(type: "TEXT", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_samples", x => new { x.lineage_id, x.part_id, x.ordinal });
                });

            migrationBuilder.CreateTable(
                name: "texts",
                columns: table => new
                {
                    lineage_id = table.Column<long>(type: "INTEGER", nullable: false),
                    id = table.Column<int>(type: "INTEGER", nullable: false),
                    hash = table.Column<byte[]>(type: "BLOB", nullable: false),
                    text = table.Column<string>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_texts", x => new { x.lineage_id, x.id });
                });

            migrationBuilder.CreateTable(
                name: "import_errors",
                columns: table => new
                {
                    import_id = table.Column<long>(type: "INTEGER", nullable: false),
                    ordinal = table.Column<int>(type: "INTEGER", nullable: false),
                    line = table.Column<long>(type: "INTEGER", nullable: false),
                    column = table.Column<int>(type: "INTEGER", nullable: true),
                    reason = table.Column<string>(type: "TEXT", nullable: false),
                    raw = table.Column<string>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_import_errors", x => new { x.import_id, x.ordinal });
                    table.ForeignKey(
                        name: "FK_import_errors_imports_import_id",
                        column: x => x.import_id,
                        principalTable: "imports",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "parts",
                columns: table => new
                {
                    lineage_id = table.Column<long>(type: "INTEGER", nullable: false),
                    id = table.Column<long>(type: "INTEGER", nullable: false),
                    evaluation_id = table.Column<long>(type: "INTEGER", nullable: false),
                    import_id = table.Column<long>(type: "INTEGER", nullable: false),
                    rows = table.Column<int>(type: "INTEGER", nullable: false),
                    digest = table.Column<byte[]>(type: "BLOB", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_parts", x => new { x.lineage_id, x.id });
                    table.ForeignKey(
                        name: "FK_parts_imports_import_id",
                        column: x => x.import_id,
                        principalTable: "imports",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "embedders",
                columns: table => new
                {
                    lineage_id = table.Column<long>(type: "INTEGER", nullable: false),
                    name = table.Column<string>(type: "TEXT", nullable: false),
                    model = table.Column<byte[]>(type: "BLOB", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_embedders", x => new { x.lineage_id, x.name });
                    table.ForeignKey(
                        name: "FK_embedders_lineages_lineage_id",
                        column: x => x.lineage_id,
                        principalTable: "lineages",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "import_lineages",
                columns: table => new
                {
                    import_id = table.Column<long>(type: "INTEGER", nullable: false),
                    lineage_id = table.Column<long>(type: "INTEGER", nullable: false),
                    first_part = table.Column<long>(type: "INTEGER", nullable: false),
                    first_prompt = table.Column<int>(type: "INTEGER", nullable: false),
                    first_text = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_import_lineages", x => new { x.lineage_id, x.import_id });
                    table.ForeignKey(
                        name: "FK_import_lineages_imports_import_id",
                        column: x => x.import_id,
                        principalTable: "imports",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "FK_import_lineages_lineages_lineage_id",
                        column: x => x.lineage_id,
                        principalTable: "lineages",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "nodes",
                columns: table => new
                {
                    lineage_id = table.Column<long>(type: "INTEGER", nullable: false),
                    id = table.Column<long>(type: "INTEGER", nullable: false),
                    branch = table.Column<string>(type: "TEXT", nullable: false),
                    seed = table.Column<string>(type: "TEXT", nullable: true),
                    generation = table.Column<int>(type: "INTEGER", nullable: false),
                    checkpoint = table.Column<string>(type: "TEXT", nullable: true),
                    model = table.Column<string>(type: "TEXT", nullable: false),
                    declared_parents = table.Column<string>(type: "TEXT", nullable: true),
                    origin_id = table.Column<long>(type: "INTEGER", nullable: true),
                    is_reference = table.Column<bool>(type: "INTEGER", nullable: false),
                    guess = table.Column<string>(type: "TEXT", nullable: true),
                    created = table.Column<DateTime>(type: "TEXT", nullable: true),
                    step = table.Column<long>(type: "INTEGER", nullable: true),
                    tokens = table.Column<long>(type: "INTEGER", nullable: true),
                    recipe = table.Column<string>(type: "TEXT", nullable: true),
                    training_data = table.Column<string>(type: "TEXT", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_nodes", x => new { x.lineage_id, x.id });
                    table.ForeignKey(
                        name: "FK_nodes_lineages_lineage_id",
                        column: x => x.lineage_id,
                        principalTable: "lineages",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "suites",
                columns: table => new
                {
                    lineage_id = table.Column<long>(type: "INTEGER", nullable: false),
                    id = table.Column<long>(type: "INTEGER", nullable: false),
                    name = table.Column<string>(type: "TEXT", nullable: false),
                    definition = table.Column<string>(type: "TEXT", nullable: true),
                    edited = table.Column<bool>(type: "INTEGER", nullable: false),
                    overrides = table.Column<string>(type: "TEXT", nullable: true),
                    observations = table.Column<string>(type: "TEXT", nullable: true),
                    import_id = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_suites", x => new { x.lineage_id, x.id });
                    table.ForeignKey(
                        name: "FK_suites_lineages_lineage_id",
                        column: x => x.lineage_id,
                        principalTable: "lineages",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "part_columns",
                columns: table => new
                {
                    lineage_id = table.Column<long>(type: "INTEGER", nullable: false),
                    part_id = table.Column<long>(type: "INTEGER", nullable: false),
                    kind = table.Column<int>(type: "INTEGER", nullable: false),
                    name = table.Column<string>(type: "TEXT", nullable: false),
                    variant = table.Column<int>(type: "INTEGER", nullable: false),
                    presence = table.Column<byte[]>(type: "BLOB", nullable: true),
                    body = table.Column<byte[]>(type: "BLOB", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_part_columns", x => new { x.lineage_id, x.part_id, x.kind, x.name, x.variant });
                    table.ForeignKey(
                        name: "FK_part_columns_parts_lineage_id_part_id",
                        columns: x => new { x.lineage_id, x.part_id },
                        principalTable: "parts",
                        principalColumns: new[] { "lineage_id", "id" },
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "node_parents",
                columns: table => new
                {
                    lineage_id = table.Column<long>(type: "INTEGER", nullable: false),
                    node_id = table.Column<long>(type: "INTEGER", nullable: false),
                    parent_id = table.Column<long>(type: "INTEGER", nullable: false),
                    role = table.Column<string>(type: "TEXT", nullable: false),
                    weight = table.Column<double>(type: "REAL", nullable: true),
                    ordinal = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_node_parents", x => new { x.lineage_id, x.node_id, x.parent_id, x.role });
                    table.ForeignKey(
                        name: "FK_node_parents_nodes_lineage_id_node_id",
                        columns: x => new { x.lineage_id, x.node_id },
                        principalTable: "nodes",
                        principalColumns: new[] { "lineage_id", "id" },
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "FK_node_parents_nodes_lineage_id_parent_id",
                        columns: x => new { x.lineage_id, x.parent_id },
                        principalTable: "nodes",
                        principalColumns: new[] { "lineage_id", "id" },
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "evaluations",
                columns: table => new
                {
                    lineage_id = table.Column<long>(type: "INTEGER", nullable: false),
                    id = table.Column<long>(type: "INTEGER", nullable: false),
                    node_id = table.Column<long>(type: "INTEGER", nullable: false),
                    suite_id = table.Column<long>(type: "INTEGER", nullable: false),
                    run_id = table.Column<string>(type: "TEXT", nullable: false),
                    config = table.Column<string>(type: "TEXT", nullable: false),
                    status = table.Column<string>(type: "TEXT", nullable: false),
                    status_stated = table.Column<bool>(type: "INTEGER", nullable: false),
                    created = table.Column<DateTime>(type: "TEXT", nullable: true),
                    is_current = table.Column<bool>(type: "INTEGER", nullable: false),
                    content_hash = table.Column<string>(type: "TEXT", nullable: false),
                    digest = table.Column<byte[]>(type: "BLOB", nullable: false),
                    samples = table.Column<long>(type: "INTEGER", nullable: false),
                    replaced = table.Column<long>(type: "INTEGER", nullable: false),
                    prompts = table.Column<int>(type: "INTEGER", nullable: false),
                    repeats = table.Column<int>(type: "INTEGER", nullable: false),
                    scores = table.Column<string>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_evaluations", x => new { x.lineage_id, x.id });
                    table.ForeignKey(
                        name: "FK_evaluations_nodes_lineage_id_node_id",
                        columns: x => new { x.lineage_id, x.node_id },
                        principalTable: "nodes",
                        principalColumns: new[] { "lineage_id", "id" },
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "FK_evaluations_suites_lineage_id_suite_id",
                        columns: x => new { x.lineage_id, x.suite_id },
                        principalTable: "suites",
                        principalColumns: new[] { "lineage_id", "id" },
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "measure_runs",
                columns: table => new
                {
                    lineage_id = table.Column<long>(type: "INTEGER", nullable: false),
                    id = table.Column<long>(type: "INTEGER", nullable: false),
                    node_id = table.Column<long>(type: "INTEGER", nullable: false),
                    suite_id = table.Column<long>(type: "INTEGER", nullable: false),
                    measure = table.Column<string>(type: "TEXT", nullable: false),
                    baseline = table.Column<string>(type: "TEXT", nullable: false),
                    input_hash = table.Column<string>(type: "TEXT", nullable: false),
                    definition_version = table.Column<int>(type: "INTEGER", nullable: false),
                    comparability = table.Column<string>(type: "TEXT", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_measure_runs", x => new { x.lineage_id, x.id });
                    table.ForeignKey(
                        name: "FK_measure_runs_nodes_lineage_id_node_id",
                        columns: x => new { x.lineage_id, x.node_id },
                        principalTable: "nodes",
                        principalColumns: new[] { "lineage_id", "id" },
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "FK_measure_runs_suites_lineage_id_suite_id",
                        columns: x => new { x.lineage_id, x.suite_id },
                        principalTable: "suites",
                        principalColumns: new[] { "lineage_id", "id" },
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "reported_metrics",
                columns: table => new
                {
                    lineage_id = table.Column<long>(type: "INTEGER", nullable: false),
                    node_id = table.Column<long>(type: "INTEGER", nullable: false),
                    suite_id = table.Column<long>(type: "INTEGER", nullable: false),
                    run_id = table.Column<string>(type: "TEXT", nullable: false),
                    metric = table.Column<string>(type: "TEXT", nullable: false),
                    value = table.Column<double>(type: "REAL", nullable: true),
                    std_err = table.Column<double>(type: "REAL", nullable: true),
                    samples = table.Column<int>(type: "INTEGER", nullable: true),
                    higher_is_better = table.Column<bool>(type: "INTEGER", nullable: true),
                    created = table.Column<DateTime>(type: "TEXT", nullable: true),
                    config = table.Column<string>(type: "TEXT", nullable: true),
                    import_id = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_reported_metrics", x => new { x.lineage_id, x.node_id, x.suite_id, x.run_id, x.metric });
                    table.ForeignKey(
                        name: "FK_reported_metrics_imports_import_id",
                        column: x => x.import_id,
                        principalTable: "imports",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "FK_reported_metrics_nodes_lineage_id_node_id",
                        columns: x => new { x.lineage_id, x.node_id },
                        principalTable: "nodes",
                        principalColumns: new[] { "lineage_id", "id" },
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "FK_reported_metrics_suites_lineage_id_suite_id",
                        columns: x => new { x.lineage_id, x.suite_id },
                        principalTable: "suites",
                        principalColumns: new[] { "lineage_id", "id" },
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "suite_metadata",
                columns: table => new
                {
                    lineage_id = table.Column<long>(type: "INTEGER", nullable: false),
                    suite_id = table.Column<long>(type: "INTEGER", nullable: false),
                    key = table.Column<string>(type: "TEXT", nullable: false),
                    value = table.Column<string>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_suite_metadata", x => new { x.lineage_id, x.suite_id, x.key, x.value });
                    table.ForeignKey(
                        name: "FK_suite_metadata_suites_lineage_id_suite_id",
                        columns: x => new { x.lineage_id, x.suite_id },
                        principalTable: "suites",
                        principalColumns: new[] { "lineage_id", "id" },
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "measurements",
                columns: table => new
                {
                    lineage_id = table.Column<long>(type: "INTEGER", nullable: false),
                    run_id = table.Column<long>(type: "INTEGER", nullable: false),
                    slice = table.Column<string>(type: "TEXT", nullable: false),
                    value = table.Column<double>(type: "REAL", nullable: true),
                    lo = table.Column<double>(type: "REAL", nullable: true),
                    hi = table.Column<double>(type: "REAL", nullable: true),
                    std_err = table.Column<double>(type: "REAL", nullable: true),
                    n = table.Column<int>(type: "INTEGER", nullable: false),
                    clusters = table.Column<int>(type: "INTEGER", nullable: true),
                    p_value = table.Column<double>(type: "REAL", nullable: true),
                    floor_mean = table.Column<double>(type: "REAL", nullable: true),
                    floor_p95 = table.Column<double>(type: "REAL", nullable: true),
                    tau = table.Column<double>(type: "REAL", nullable: true),
                    status = table.Column<string>(type: "TEXT", nullable: false),
                    reason = table.Column<string>(type: "TEXT", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_measurements", x => new { x.lineage_id, x.run_id, x.slice });
                    table.ForeignKey(
                        name: "FK_measurements_measure_runs_lineage_id_run_id",
                        columns: x => new { x.lineage_id, x.run_id },
                        principalTable: "measure_runs",
                        principalColumns: new[] { "lineage_id", "id" },
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateIndex(
                name: "IX_evaluations_lineage_id_node_id_suite_id_run_id_config",
                table: "evaluations",
                columns: new[] { "lineage_id", "node_id", "suite_id", "run_id", "config" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_evaluations_lineage_id_suite_id",
                table: "evaluations",
                columns: new[] { "lineage_id", "suite_id" });

            migrationBuilder.CreateIndex(
                name: "IX_import_lineages_import_id",
                table: "import_lineages",
                column: "import_id");

            migrationBuilder.CreateIndex(
                name: "IX_imports_content_key",
                table: "imports",
                column: "content_key");

            migrationBuilder.CreateIndex(
                name: "IX_imports_file_name",
                table: "imports",
                column: "file_name");

            migrationBuilder.CreateIndex(
                name: "IX_imports_status",
                table: "imports",
                column: "status");

            migrationBuilder.CreateIndex(
                name: "IX_lineages_name",
                table: "lineages",
                column: "name",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_measure_runs_lineage_id_node_id",
                table: "measure_runs",
                columns: new[] { "lineage_id", "node_id" });

            migrationBuilder.CreateIndex(
                name: "IX_measure_runs_lineage_id_suite_id_measure_baseline_node_id",
                table: "measure_runs",
                columns: new[] { "lineage_id", "suite_id", "measure", "baseline", "node_id" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_node_parents_lineage_id_parent_id",
                table: "node_parents",
                columns: new[] { "lineage_id", "parent_id" });

            migrationBuilder.CreateIndex(
                name: "IX_parts_import_id",
                table: "parts",
                column: "import_id");

            migrationBuilder.CreateIndex(
                name: "IX_parts_lineage_id_evaluation_id",
                table: "parts",
                columns: new[] { "lineage_id", "evaluation_id" });

            migrationBuilder.CreateIndex(
                name: "IX_prompts_lineage_id_key_hash",
                table: "prompts",
                columns: new[] { "lineage_id", "key_hash" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_reported_metrics_import_id",
                table: "reported_metrics",
                column: "import_id");

            migrationBuilder.CreateIndex(
                name: "IX_reported_metrics_lineage_id_suite_id",
                table: "reported_metrics",
                columns: new[] { "lineage_id", "suite_id" });

            migrationBuilder.CreateIndex(
                name: "IX_suites_lineage_id_name",
                table: "suites",
                columns: new[] { "lineage_id", "name" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_texts_lineage_id_hash",
                table: "texts",
                columns: new[] { "lineage_id", "hash" },
                unique: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "embedders");

            migrationBuilder.DropTable(
                name: "evaluations");

            migrationBuilder.DropTable(
                name: "import_errors");

            migrationBuilder.DropTable(
                name: "import_lineages");

            migrationBuilder.DropTable(
                name: "measurements");

            migrationBuilder.DropTable(
                name: "node_parents");

            migrationBuilder.DropTable(
                name: "part_columns");

            migrationBuilder.DropTable(
                name: "prompts");

            migrationBuilder.DropTable(
                name: "reported_metrics");

            migrationBuilder.DropTable(
                name: "samples");

            migrationBuilder.DropTable(
                name: "suite_metadata");

            migrationBuilder.DropTable(
                name: "texts");

            migrationBuilder.DropTable(
                name: "measure_runs");

            migrationBuilder.DropTable(
                name: "parts");

            migrationBuilder.DropTable(
                name: "nodes");

            migrationBuilder.DropTable(
                name: "suites");

            migrationBuilder.DropTable(
                name: "imports");

            migrationBuilder.DropTable(
                name: "lineages");
        }
    }
}
