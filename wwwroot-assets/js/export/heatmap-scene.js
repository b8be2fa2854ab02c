// @ts-check
import { colourAt } from "../charts/heatmap.js";
import { isBright } from "../charts/theme.js";
import { bottomRoom, generationAxis, thinned, titleOf } from "./frame.js";
import { PAPER_THEME } from "./paper.js";
import { cutText, group, label, textWidth } from "./scene.js";

/** Heatmaps on paper: each cell a rectangle, so that they stay sharp at any size. */

const PALE = 0.3;
const LARGEST_NAME_SHARE = 0.3;
const SCALE_STEPS = 64;

/**
 * @param {import("../charts/types.js").HeatmapFigure} figure
 * @param {import("./paper.js").Paper} paper
 * @param {number} width points @param {number} height points
 * @returns {import("./scene.js").Shape[]}
 */
export function heatmapShapes(figure, paper, width, height) {
  const size = paper.fontSize;
  const title = titleOf(figure.title, paper, width);
  const names = figure.rows.map((row) => cutText(row.name, size, width * LARGEST_NAME_SHARE));
  const left = Math.max(...names.map((name) => textWidth(name, size)), size) + size;
  const ticks = Math.max(...figure.scaleTicks.map((tick) => textWidth(tick.text, size)), size);
  const bar = { width: size, gap: size * 1.2 };
  const right = bar.gap + bar.width + size * 0.5 + ticks + size * 1.6;
  const box = { left, top: title.height, width: width - left - right, height: height - title.height - bottomRoom(size) };
  const cell = { width: box.width / figure.generations.length, height: box.height / Math.max(figure.rows.length, 1) };
  const small = size * 0.88;
  const widest = Math.max(...figure.rows.flatMap((row) => row.cells.map((each) => textWidth(each.short ?? "", small))), 0);
  const numbers = cell.width >= widest + 2 && cell.height >= small * 1.2;
  const columns = figure.generations.map((generation, i) => ({ at: (i + 0.5) * cell.width, text: String(generation) }));
  return [
    ...title.shapes,
    generationAxis(figure.x.title, thinned(columns, (tick) => tick.text, box.width, size), box, size),
    group("rows", names.map((name, i) => label(name, box.left - size * 0.6, box.top + (i + 0.5) * cell.height, size, { anchor: "end", fill: PAPER_THEME.text }))),
    ...figure.rows.map((row, i) => group(`row-${i + 1}`, row.cells.flatMap((each, column) => {
      if (each.value === undefined) {
        return [];
      }
      const fill = colourAt(figure, PAPER_THEME, each.value, each.pale ? PALE : 1);
      const [x, y] = [box.left + column * cell.width, box.top + i * cell.height];
      const shapes = [{ type: "rect", x: x + 0.4, y: y + 0.4, width: cell.width - 0.8, height: cell.height - 0.8, fill }];
      const ink = each.pale ? PAPER_THEME.muted : isBright(fill) ? "#1a1a1a" : "#ffffff";
      return numbers ? [...shapes, label(each.short ?? "", x + cell.width / 2, y + cell.height / 2, small, { anchor: "middle", fill: ink })] : shapes;
    }))),
    scaleBar(figure, { left: box.left + box.width + bar.gap, top: box.top, width: bar.width, height: box.height }, size),
  ];
}

/** The colours with their values; a stack of rectangles, because gradients are not drawn alike everywhere. */
function scaleBar(figure, box, size) {
  const step = box.height / SCALE_STEPS;
  const toY = (/** @type {number} */ value) => box.top + ((figure.max - value) / (figure.max - figure.min)) * box.height;
  const colours = Array.from({ length: SCALE_STEPS }, (_, i) => ({
    type: "rect", x: box.left, y: box.top + i * step, width: box.width,
    // Over the next one, else the paper shows through between the two.
    height: i === SCALE_STEPS - 1 ? step : step + 0.3,
    fill: colourAt(figure, PAPER_THEME, figure.max - ((i + 0.5) / SCALE_STEPS) * (figure.max - figure.min), 1),
  }));
  const ticks = figure.scaleTicks.map((tick) => label(tick.text, box.left + box.width + size * 0.4, toY(tick.at), size, { fill: PAPER_THEME.text }));
  const room = Math.max(...figure.scaleTicks.map((tick) => textWidth(tick.text, size)), size);
  const title = cutText(figure.scaleTitle, size, box.height);
  return group("scale", [
    ...colours,
    ...ticks,
    { ...label(title, 0, 0, size), x: box.left + box.width + size * 1.5 + room, y: box.top + box.height / 2, anchor: "middle", rotate: -90, fill: PAPER_THEME.muted },
  ]);
}
