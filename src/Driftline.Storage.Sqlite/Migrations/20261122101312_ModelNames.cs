using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Driftline.Storage.Sqlite.Migrations
{
    /// <inheritdoc />
    public partial class ModelNames : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "model",
                table: "import_nodes",
                type: "TEXT",
                nullable: true);

            // What imports from before called the model is not known; that they agreed with its present name is the best that can be said.
            migrationBuilder.Sql(
                "UPDATE import_nodes SET model = (SELECT n.model FROM nodes n WHERE n.lineage_id = import_nodes.lineage_id AND n.id = import_nodes.node_id AND n.model NOT IN ('', 'unknown')) "
                + "WHERE evidence IS NULL OR evidence NOT LIKE 'moved by hand%'");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropColumn(
                name: "model",
                table: "import_nodes");
        }
    }
}
