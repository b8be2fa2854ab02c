// @ts-check
import { PAPER_THEME } from "./paper.js";
import { cutText, dashOf, group, label, marker, polyline, textWidth, wrapText } from "./scene.js";

/**
 * What figures on paper have in common: title, axes, legend, names at the end of lines. All lengths in points.
 *
 * @typedef {{left: number, top: number, width: number, height: number}} Box
 * @typedef {{text: string, at: number, colour: string, size: number}} EndLabel
 * @typedef {{label: string, colour: string, dash: string, marker: string, width: number}} Key
 */

const LINE_HEIGHT = 1.25;
const MOST_TITLE_LINES = 3;

/**
 * The title over the figure.
 * @param {string} title @param {import("./paper.js").Paper} paper @param {number} width
 * @returns {{height: number, shapes: import("./scene.js").Shape[]}}
 */
export function titleOf(title, paper, width) {
  if (!paper.title) {
    return { height: paper.fontSize * 0.5, shapes: [] };
  }
  const size = paper.fontSize * 1.1;
  const lines = wrapText(title, size, width - 4, MOST_TITLE_LINES, true);
  return {
    height: lines.length * size * LINE_HEIGHT + paper.fontSize * 0.8,
    shapes: [group("title", lines.map((line, i) => label(line, 2, (i + 0.6) * size * LINE_HEIGHT, size, { bold: true, fill: PAPER_THEME.text })))],
  };
}

/**
 * Room left of a value axis.
 * @param {import("../charts/types.js").Axis} axis @param {number} size @param {number} height of the plot
 */
export function leftRoom(axis, size, height) {
  return Math.max(...axis.ticks.map((tick) => textWidth(tick.text, size)), size) + size * (0.9 + axisTitle(axis, size, height).length * LINE_HEIGHT);
}

/** The title of a value axis in one line, or two where the plot is too low for it. @param {import("../charts/types.js").Axis} axis @param {number} size @param {number} height */
function axisTitle(axis, size, height) {
  return wrapText(axis.title, size, height, 2);
}

/** Room below a generation axis. @param {number} size */
export function bottomRoom(size) {
  return size * 3;
}

/**
 * The value axis: its title along it, ticks with thin lines across the plot.
 * @param {import("../charts/types.js").Axis} axis @param {Box} box @param {number} size @param {boolean} grid
 */
export function valueAxis(axis, box, size, grid) {
  const toY = scaleY(axis, box);
  const every = Math.max(1, Math.ceil((axis.ticks.length * size * 1.3) / box.height));
  const ticks = axis.ticks.filter((_, i) => i % every === 0);
  return group("value-axis", [
    ...(grid ? ticks.map((tick) => polyline([[box.left, toY(tick.at)], [box.left + box.width, toY(tick.at)]], PAPER_THEME.grid, 0.5)) : []),
    ...ticks.map((tick) => label(tick.text, box.left - size * 0.5, toY(tick.at), size, { anchor: "end", fill: PAPER_THEME.text })),
    // Turned, a line's base is its right edge; the first line lies at the edge of the paper.
    ...axisTitle(axis, size, box.height).map((line, i) => ({
      ...label(line, 0, 0, size), x: size * (1.1 + i * LINE_HEIGHT), y: box.top + box.height / 2, anchor: /** @type {"middle"} */ ("middle"), rotate: -90, fill: PAPER_THEME.muted,
    })),
  ]);
}

/**
 * The generation axis below the plot.
 * @param {string} title @param {{at: number, text: string}[]} ticks already thinned, at in points from the left of the plot
 * @param {Box} box @param {number} size
 */
export function generationAxis(title, ticks, box, size) {
  const bottom = box.top + box.height;
  return group("generation-axis", [
    ...ticks.map((tick) => label(tick.text, box.left + tick.at, bottom + size * 0.95, size, { anchor: "middle", fill: PAPER_THEME.text })),
    label(title, box.left + box.width / 2, bottom + size * 2.2, size, { anchor: "middle", fill: PAPER_THEME.muted }),
  ]);
}

/**
 * Every so many ticks as fit without touching each other.
 * @template T @param {T[]} ticks @param {(tick: T) => string} text @param {number} width of the axis @param {number} size @returns {T[]}
 */
export function thinned(ticks, text, width, size) {
  const widest = Math.max(...ticks.map((tick) => textWidth(text(tick), size)), 1) + size * 0.8;
  const every = Math.max(1, Math.ceil((ticks.length * widest) / Math.max(width, 1)));
  return ticks.filter((_, i) => i % every === 0);
}

/**
 * Names beside the plot, clear of each other; one that had to move is joined to its place by a thin line.
 * @param {EndLabel[]} labels `at` is the wanted height @param {number[]} places heights that they got @param {Box} box @param {number} size
 */
export function endLabels(labels, places, box, size) {
  const right = box.left + box.width;
  return group("labels", labels.flatMap((each, i) => {
    const text = label(each.text, right + size * 1.1, places[i], each.size, { fill: each.colour });
    return Math.abs(each.at - places[i]) > size * 0.4
      ? [polyline([[right + size * 0.15, each.at], [right + size * 0.9, places[i]]], PAPER_THEME.reference, 0.4), text]
      : [text];
  }));
}

/**
 * A legend in columns below the plot, read row by row.
 * @param {Key[]} keys @param {number} left @param {number} top @param {number} width @param {number} size
 * @returns {{height: number, shapes: import("./scene.js").Shape[]}}
 */
export function legendOf(keys, left, top, width, size) {
  const sample = size * 2.8;
  const texts = keys.map((key) => cutText(key.label, size, width - sample - size));
  const column = sample + size * 2 + Math.max(...texts.map((text) => textWidth(text, size)), 0);
  const columns = Math.max(1, Math.floor((width + size * 1.4) / column));
  const rows = Math.ceil(keys.length / columns);
  const children = keys.flatMap((key, i) => {
    const [text, at, y] = [texts[i], left + (i % columns) * column, top + (Math.floor(i / columns) + 0.5) * size * 1.4];
    return [
      polyline([[at, y], [at + sample, y]], key.colour, key.width, dashOf(key.dash, key.width)),
      marker(key.marker, at + sample / 2, y, size * 0.28, key.colour, key.colour, 0.6),
      label(text, at + sample + size * 0.6, y, size, { fill: PAPER_THEME.text }),
    ];
  });
  return { height: rows * size * 1.4, shapes: keys.length ? [group("legend", children)] : [] };
}

/** @param {{min: number, max: number}} axis @param {Box} box @returns {(value: number) => number} */
export function scaleY(axis, box) {
  return (value) => box.top + ((axis.max - value) / (axis.max - axis.min)) * box.height;
}

/** @param {{min: number, max: number}} axis @param {Box} box @returns {(value: number) => number} */
export function scaleX(axis, box) {
  return (value) => box.left + ((value - axis.min) / (axis.max - axis.min)) * box.width;
}
