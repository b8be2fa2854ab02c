// @ts-check
/** What figures on paper look like: sizes of venues, colours on white, the type that is shipped with the program. */

/**
 * @typedef {object} Paper
 * @property {number} width inches
 * @property {number} height inches
 * @property {number} dpi of pixel formats
 * @property {number} fontSize points
 * @property {boolean} title whether the title is drawn
 */

export const FONT = "Source Sans 3";
export const FONT_STACK = `"${FONT}", "Source Sans Pro", "Helvetica Neue", Arial, sans-serif`;
export const MM = 1 / 25.4;

/** Widths of a column and of a page as the venues' templates have them. */
export const VENUES = [
  { name: "NeurIPS, ICLR", width: 5.5, fontSize: 8 },
  { name: "ICML, one column", width: 3.25, fontSize: 7.5 },
  { name: "ICML, two columns", width: 6.75, fontSize: 8 },
  { name: "ACL, one column", width: 3.03, fontSize: 7.5 },
  { name: "ACL, two columns", width: 6.3, fontSize: 8 },
  { name: "Nature, one column", width: 89 * MM, fontSize: 7 },
  { name: "Nature, two columns", width: 183 * MM, fontSize: 7 },
  { name: "Slides, 16:9", width: 10, height: 5.625, fontSize: 16 },
];

/** What paper can be: beyond, a page is no page and a picture no browser can hold. */
export const LIMITS = { least: 1, most: 20, leastDpi: 72, mostDpi: 1200, mostPixels: 16000, leastFont: 4, mostFont: 40 };

/**
 * @param {import("../charts/types.js").Figure} figure
 * @param {number} width inches
 * @returns {number} a height in inches that suits it
 */
export function heightFor(figure, width) {
  // A legend of many lines takes its rows below the plot.
  const legend = figure.kind === "line" && !figure.directLabels ? Math.ceil(figure.lines.length / Math.max(1, Math.floor(width / 1.6))) * 0.16 : 0;
  const height = figure.kind === "heatmap" ? (figure.rows.length * 13 + 62) / 72 : Math.min(width * 0.52, 4.5) + legend;
  return Math.round(Math.min(LIMITS.most, Math.max(height, 1.9)) * 100) / 100;
}

/** The paper that is offered first. @param {import("../charts/types.js").Figure} figure @returns {Paper} */
export function defaultPaper(figure) {
  const [venue] = VENUES;
  return { width: venue.width, height: heightFor(figure, venue.width), dpi: 300, fontSize: venue.fontSize, title: true };
}

// The light colours of css/tokens.css, whatever the page's theme is; a test holds the branches' against BranchPalette.
const BRANCHES = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#56b4e9", "#000000"];

/** @type {import("../charts/theme.js").Theme} */
export const PAPER_THEME = {
  text: "#1a1a1a",
  muted: "#444444",
  grid: "#e6e6e6",
  surface: "#ffffff",
  reference: "#777777",
  floor: "#787e86",
  warn: "#945300",
  alert: "#b3261e",
  low: "#0072b2",
  middle: "#fbfbf9",
  high: "#d55e00",
  font: FONT_STACK,
  branch: (slot) => (slot ? BRANCHES[slot - 1] : "#777777"),
};

/** @type {Promise<unknown> | null} */
let fonts = null;

/** Loads the type, so that widths are measured and pixels drawn with it. */
export function loadFonts() {
  fonts ??= Promise.all([["SourceSans3-Regular.ttf", "400"], ["SourceSans3-SemiBold.ttf", "600"]].map(async ([file, weight]) => {
    const face = new FontFace(FONT, `url(${new URL(`../../lib/fonts/${file}`, import.meta.url)})`, { weight });
    document.fonts.add(await face.load());
  }));
  return fonts;
}
