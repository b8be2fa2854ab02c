// @ts-check
import { plain, widthOf } from "./text.js";

/** What all plots share: axes with the spec's own ticks, no decoration, the page's type. */

export const FONT_SIZE = 12;

/**
 * @param {import("./types.js").Axis} axis
 * @param {import("./theme.js").Theme} theme
 * @param {object} more
 */
export function axisOf(axis, theme, more) {
  return {
    title: { text: plain(axis.title), font: { size: FONT_SIZE, color: theme.muted }, standoff: 6 },
    range: [axis.min, axis.max],
    tickmode: "array",
    tickvals: axis.ticks.map((tick) => tick.at),
    ticktext: axis.ticks.map((tick) => plain(tick.text)),
    tickfont: { size: FONT_SIZE, color: theme.text },
    ticks: "",
    gridcolor: theme.grid,
    zeroline: false,
    showline: false,
    fixedrange: true,
    automargin: false,
    ...more,
  };
}

/**
 * @param {import("./theme.js").Theme} theme
 * @param {{left: number, right: number, top: number, bottom: number}} margin
 * @param {object} more
 */
export function layoutOf(theme, margin, more) {
  return {
    margin: { l: margin.left, r: margin.right, t: margin.top, b: margin.bottom, pad: 0 },
    paper_bgcolor: "rgba(0,0,0,0)",
    plot_bgcolor: "rgba(0,0,0,0)",
    font: { family: theme.font, size: FONT_SIZE, color: theme.text },
    showlegend: false,
    hovermode: false,
    dragmode: false,
    autosize: true,
    ...more,
  };
}

/**
 * Room that a value axis needs at the left: its ticks and its title.
 * @param {import("./types.js").Axis} axis
 * @param {import("./theme.js").Theme} theme
 */
export function leftOf(axis, theme) {
  return Math.ceil(Math.max(...axis.ticks.map((tick) => widthOf(tick.text, theme.font, FONT_SIZE)), 8)) + 32;
}

/**
 * The generation axis with room for the markers of its first and last point.
 * @param {import("./types.js").Axis} axis
 * @param {number} plotWidth px
 */
export function generationAxis(axis, plotWidth) {
  const span = Math.max(axis.max - axis.min, 1);
  const room = axis.max === axis.min ? 0.5 : (span / Math.max(plotWidth, 50)) * 8;
  // Ticks that would touch each other are thinned out; integers only.
  const fits = Math.max(2, Math.floor(plotWidth / 26));
  const every = Math.ceil(axis.ticks.length / fits);
  return { ...axis, min: axis.min - room, max: axis.max + room, ticks: axis.ticks.filter((_, i) => i % every === 0) };
}
