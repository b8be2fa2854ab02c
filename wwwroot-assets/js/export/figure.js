// @ts-check
import { readFigure } from "../charts/source.js";
import { heatmapShapes } from "./heatmap-scene.js";
import { lineShapes } from "./line-scene.js";
import { defaultPaper, loadFonts } from "./paper.js";
import { toPng } from "./pixels.js";
import { shareShapes } from "./shares-scene.js";
import { toSvg } from "./svg.js";

/**
 * From a figure's address to its file: the spec, drawn on paper as a scene, written by the format's exporter. The numbers (CSV, JSON)
 * come from the server under the same address.
 */

const POINTS_PER_INCH = 72;

const SHAPES = { line: lineShapes, shares: shareShapes, heatmap: heatmapShapes };

/** Each format: what it is called and how a scene becomes its file. */
export const FORMATS = {
  svg: { name: "SVG, vector", blob: async (/** @type {import("./scene.js").Scene} */ scene) => new Blob([toSvg(scene)], { type: "image/svg+xml" }) },
  png: { name: "PNG, pixels", blob: (/** @type {import("./scene.js").Scene} */ scene, /** @type {import("./paper.js").Paper} */ paper) => toPng(scene, paper.dpi) },
};

/**
 * @param {import("../charts/types.js").Figure} figure
 * @param {import("./paper.js").Paper} paper
 * @returns {import("./scene.js").Scene}
 */
export function sceneOf(figure, paper) {
  const [width, height] = [paper.width * POINTS_PER_INCH, paper.height * POINTS_PER_INCH];
  const shapes = /** @type {(figure: any, paper: any, width: number, height: number) => import("./scene.js").Shape[]} */ (SHAPES[figure.kind]);
  return { width, height, title: figure.title, description: figure.caption, shapes: shapes(figure, paper, width, height) };
}

/**
 * The figure at an address, with the type it is drawn with.
 * @param {string} address
 * @returns {Promise<import("../charts/types.js").Figure>}
 */
export async function figureAt(address) {
  const [figure] = await Promise.all([readFigure(address), loadFonts()]);
  if (figure.empty) {
    throw new Error(figure.empty);
  }
  return figure;
}

/**
 * Makes a file and hands it to the browser's downloads.
 * @param {string} address of the figure @param {keyof typeof FORMATS} format @param {import("./paper.js").Paper} [paper]
 */
export async function download(address, format, paper) {
  const figure = await figureAt(address);
  const chosen = paper ?? defaultPaper(figure);
  save(await FORMATS[format].blob(sceneOf(figure, chosen), chosen), `${figure.file}.${format}`);
}

/** @param {Blob} blob @param {string} name */
function save(blob, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  // The download has its own hold on the bytes by then.
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
