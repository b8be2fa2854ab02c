// @ts-check
import { widthOf } from "../charts/text.js";
import { FONT_STACK } from "./paper.js";

/**
 * A figure as shapes in points (1/72 inch) on white, before it is a file: every format draws the same scene.
 *
 * @typedef {{type: "group", id: string, children: Shape[]}} Group
 * @typedef {{type: "polyline", points: number[][], stroke: string, width: number, dash?: number[]}} Polyline
 * @typedef {{type: "polygon", points: number[][], fill: string, opacity?: number, stroke?: string, width?: number}} Polygon
 * @typedef {{type: "circle", x: number, y: number, r: number, fill: string, stroke?: string, width?: number}} Circle
 * @typedef {{type: "rect", x: number, y: number, width: number, height: number, fill: string}} Rect
 * @typedef {{type: "text", x: number, y: number, text: string, size: number, fill: string, anchor: "start" | "middle" | "end", bold?: boolean, rotate?: number}} Text
 * @typedef {Group | Polyline | Polygon | Circle | Rect | Text} Shape
 * @typedef {{width: number, height: number, title: string, description: string, shapes: Shape[]}} Scene
 */

const MEASURED_AT = 100;

// Where the type is not installed, the next one of the stack (Arial and its kin) is up to a tenth wider.
const ROOM_FOR_OTHER_TYPE = 1.1;

/**
 * Room for a text in points. It is measured large, because small type is fitted to pixels.
 * @param {string} text
 * @param {number} size points
 * @param {boolean} [bold]
 */
export function textWidth(text, size, bold) {
  return ((widthOf(text, FONT_STACK, MEASURED_AT, bold ? 600 : 400) * size) / MEASURED_AT) * ROOM_FOR_OTHER_TYPE;
}

/**
 * A text cut to a width, with an ellipsis.
 * @param {string} text @param {number} size points @param {number} limit points
 */
export function cutText(text, size, limit) {
  const letters = [...text];
  let shown = text;
  while (letters.length > 1 && textWidth(shown, size) > limit) {
    letters.pop();
    shown = letters.join("").trimEnd() + "…";
  }
  return shown;
}

/**
 * A text in as many lines as it needs, at most so many; the last is cut.
 * @param {string} text @param {number} size points @param {number} limit points @param {number} most lines @param {boolean} [bold]
 */
export function wrapText(text, size, limit, most, bold) {
  const lines = [""];
  for (const word of text.split(" ")) {
    const longer = lines[lines.length - 1] ? `${lines[lines.length - 1]} ${word}` : word;
    if (textWidth(longer, size, bold) <= limit || lines.length === most || !lines[lines.length - 1]) {
      lines[lines.length - 1] = longer;
    } else {
      lines.push(word);
    }
  }
  return lines.map((line) => cutText(line, size, limit));
}

/** @param {number[][]} points @param {string} stroke @param {number} width @param {number[]} [dash] @returns {Polyline} */
export function polyline(points, stroke, width, dash) {
  return { type: "polyline", points, stroke, width, dash };
}

/** @param {string} text @param {number} x @param {number} y middle of the line @param {number} size @param {Partial<Text>} [more] @returns {Text} */
export function label(text, x, y, size, more) {
  // Capitals and figures of the type are about two thirds of its size high.
  return { type: "text", text, x, y: y + size * 0.33, size, fill: "#1a1a1a", anchor: "start", ...more };
}

/** @param {string} id @param {Shape[]} children @returns {Group} */
export function group(id, children) {
  return { type: "group", id, children };
}

const DASHES = { solid: [], dash: [5, 3], dashdot: [5, 2, 1, 2], longdash: [9, 3], longdashdot: [9, 2, 1, 2], dot: [1, 2] };

/** A line style as lengths in points. @param {string} name Plotly's @param {number} width points @returns {number[]} */
export function dashOf(name, width) {
  return (DASHES[name] ?? DASHES.dash).map((/** @type {number} */ length) => length * width);
}

/**
 * A marker.
 * @param {string} name Plotly's @param {number} x @param {number} y @param {number} r @param {string} fill @param {string} stroke @param {number} width
 * @returns {Shape}
 */
export function marker(name, x, y, r, fill, stroke, width) {
  const corners = CORNERS[name];
  return corners
    ? { type: "polygon", points: corners.map(([dx, dy]) => [x + dx * r, y + dy * r]), fill, stroke, width }
    : { type: "circle", x, y, r, fill, stroke, width };
}

/** @type {Record<string, number[][]>} */
const CORNERS = {
  square: [[-0.9, -0.9], [0.9, -0.9], [0.9, 0.9], [-0.9, 0.9]],
  diamond: [[0, -1.3], [1.3, 0], [0, 1.3], [-1.3, 0]],
  "triangle-up": [[0, -1.2], [1.15, 0.85], [-1.15, 0.85]],
  "triangle-down": [[0, 1.2], [1.15, -0.85], [-1.15, -0.85]],
  x: [[-1.1, -0.5], [-0.5, -1.1], [0, -0.6], [0.5, -1.1], [1.1, -0.5], [0.6, 0], [1.1, 0.5], [0.5, 1.1], [0, 0.6], [-0.5, 1.1], [-1.1, 0.5], [-0.6, 0]],
};
