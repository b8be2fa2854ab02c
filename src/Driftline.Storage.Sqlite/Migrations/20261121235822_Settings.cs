using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Driftline.Storage.Sqlite.Migrations
{
    /// <inheritdoc />
    public partial class Settings : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "embedding_vectors",
                columns: table => new
                {
                    model = table.Column<string>(type: "TEXT", nullable: false),
                    text_hash = table.Column<byte[]>(type: "BLOB", nullable: false),
                    vector = table.Column<byte[]>(type: "BLOB", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_embedding_vectors", x => new { x.model, x.text_hash });
                });

            migrationBuilder.CreateTable(
                name: "lineage_settings",
                columns: table => new
                {
                    lineage_id = table.Column<long>(type: "INTEGER", nullable: false),
                    key = table.Column<string>(type: "TEXT", nullable: false),
                    value = table.Column<string>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_lineage_settings", x => new { x.lineage_id, x.key });
                    table.ForeignKey(
                        name: "FK_lineage_settings_lineages_lineage_id",
                        column: x => x.lineage_id,
                        principalTable: "lineages",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "settings",
                columns: table => new
                {
                    key = table.Column<string>(type: "TEXT", nullable: false),
                    value = table.Column<string>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_settings", x => x.key);
                });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "embedding_vectors");

            migrationBuilder.DropTable(
                name: "lineage_settings");

            migrationBuilder.DropTable(
                name: "settings");
        }
    }
}
