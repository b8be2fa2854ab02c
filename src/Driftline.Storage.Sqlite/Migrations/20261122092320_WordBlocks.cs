using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Driftline.Storage.Sqlite.Migrations
{
    /// <inheritdoc />
    public partial class WordBlocks : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "word_blocks",
                columns: table => new
                {
                    lineage_id = table.Column<long>(type: "INTEGER", nullable: false),
                    part_id = table.Column<long>(type: "INTEGER", nullable: false),
                    first_row = table.Column<int>(type: "INTEGER", nullable: false),
                    rows = table.Column<int>(type: "INTEGER", nullable: false),
                    body = table.Column<byte[]>(type: "BLOB", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_word_blocks", x => new { x.lineage_id, x.part_id, x.first_row });
                });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "word_blocks");
        }
    }
}
