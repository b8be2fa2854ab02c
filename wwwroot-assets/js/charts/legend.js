// @ts-check
import { element } from "./hover.js";

const STROKES = { solid: "solid", dot: "dotted" };

/**
 * Fills a list with the names of series; hides it when they are labelled in the plot.
 * @param {HTMLElement} list
 * @param {import("./types.js").LegendItem[] | undefined} items
 * @returns {number} its height in px
 */
export function showLegend(list, items) {
  list.hidden = !items;
  list.replaceChildren(...(items ?? []).map((item) => {
    const entry = element("li", "", item.label);
    const key = element("span", "chart-key");
    key.style.borderTop = `2px ${STROKES[item.dash] ?? "dashed"} ${item.colour}`;
    entry.prepend(key);
    return entry;
  }));
  return items ? list.offsetHeight : 0;
}
