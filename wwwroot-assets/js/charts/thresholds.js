// @ts-check
import { plain } from "./text.js";

/** Alert rules on a line figure: their thresholds, and the points at which alerts began. Red is page, amber is warn; the word stands beside. */

/** @param {string} severity @param {import("./theme.js").Theme} theme */
export function severityColour(severity, theme) {
  return severity === "page" ? theme.alert : theme.warn;
}

/**
 * Plotly shapes.
 * @param {import("./types.js").LineFigure} figure @param {import("./theme.js").Theme} theme
 */
export function thresholdShapes(figure, theme) {
  return figure.thresholds.map((threshold) => ({
    type: "line", layer: "above", xref: "paper", x0: 0, x1: 1, yref: "y", y0: threshold.value, y1: threshold.value,
    line: { color: severityColour(threshold.severity, theme), width: threshold.draft ? 2 : 1.4, dash: threshold.draft ? "dash" : "solid" },
  }));
}

/**
 * Plotly traces: a ring around each point at which an alert began, with its word.
 * @param {import("./types.js").LineFigure} figure @param {import("./theme.js").Theme} theme
 */
export function firedTraces(figure, theme) {
  const fired = figure.lines.flatMap((line) => line.points.filter((point) => point.alert && point.value !== undefined));
  return fired.length === 0 ? [] : [{
    type: "scatter", mode: "markers+text", name: "alerts", cliponaxis: false,
    x: fired.map((point) => point.generation),
    y: fired.map((point) => point.value),
    text: fired.map((point) => plain(`▲ ${point.alert?.severity}`)),
    // The last point has the names of lines at its right.
    textposition: "top left",
    textfont: { size: 11, color: fired.map((point) => severityColour(point.alert?.severity ?? "", theme)) },
    marker: { symbol: "circle-open", size: 15, line: { width: 2 }, color: fired.map((point) => severityColour(point.alert?.severity ?? "", theme)) },
  }];
}
