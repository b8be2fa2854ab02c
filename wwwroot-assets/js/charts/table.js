// @ts-check
import { element } from "./hover.js";

/**
 * The figure as a table, for those who read numbers rather than shapes.
 * @param {import("./types.js").Figure} figure
 */
export function tableOf(figure) {
  const { corner, columns, rows } = { line: lineTable, shares: shareTable, heatmap: heatmapTable }[figure.kind](/** @type {any} */ (figure));
  const table = element("table", "chart-table");
  table.append(element("caption", "visually-hidden", figure.title));
  const head = table.appendChild(document.createElement("thead")).appendChild(document.createElement("tr"));
  head.append(headCell(corner, "col"), ...columns.map((name) => headCell(name, "col")));
  const body = table.appendChild(document.createElement("tbody"));
  for (const row of rows) {
    const line = body.appendChild(document.createElement("tr"));
    line.append(headCell(row.name, "row"), ...row.cells.map((text) => element("td", "", text)));
  }
  return table;
}

/** @param {import("./types.js").LineFigure} figure */
function lineTable(figure) {
  const generations = sorted(figure.lines.flatMap((line) => line.points.map((point) => point.generation)));
  return {
    corner: "generation",
    columns: figure.lines.map((line) => line.label),
    rows: generations.map((generation) => ({
      name: String(generation),
      cells: figure.lines.map((line) => {
        const point = line.points.find((each) => each.generation === generation);
        return point ? (point.value === undefined ? point.reason ?? point.status : point.text) : "";
      }),
    })),
  };
}

/** @param {import("./types.js").ShareFigure} figure */
function shareTable(figure) {
  const generations = sorted(figure.answers.flatMap((answer) => answer.points.map((point) => point.generation)));
  return {
    corner: "generation",
    columns: figure.answers.map((answer) => answer.answer),
    rows: generations.map((generation) => ({
      name: String(generation),
      cells: figure.answers.map((answer) => answer.points.find((point) => point.generation === generation)?.text ?? ""),
    })),
  };
}

/** @param {import("./types.js").HeatmapFigure} figure */
function heatmapTable(figure) {
  return {
    corner: figure.rowKey,
    columns: figure.generations.map((generation) => `generation ${generation}`),
    rows: figure.rows.map((row) => ({ name: row.name, cells: row.cells.map((cell) => cell.text) })),
  };
}

/** @param {string} text @param {string} scope */
function headCell(text, scope) {
  const cell = /** @type {HTMLTableCellElement} */ (element("th", "", text));
  cell.scope = scope;
  return cell;
}

/** @param {number[]} numbers */
function sorted(numbers) {
  return [...new Set(numbers)].sort((a, b) => a - b);
}
