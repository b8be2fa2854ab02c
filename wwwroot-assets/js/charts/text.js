// @ts-check
/** Text in plots: its width, its escaping, and labels that keep clear of each other. */

/** @type {CanvasRenderingContext2D | null} */
let context = null;

/**
 * Plotly reads a subset of HTML in every text; names are text.
 * @param {string} text
 */
export function plain(text) {
  return text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");
}

/**
 * @param {string} text
 * @param {string} font family
 * @param {number} size px
 * @param {number} [weight]
 */
export function widthOf(text, font, size, weight = 400) {
  context ??= document.createElement("canvas").getContext("2d");
  if (!context) {
    return text.length * size * 0.6;
  }
  context.font = `${weight} ${size}px ${font}`;
  return context.measureText(text).width;
}

/**
 * A name cut to a width, with an ellipsis.
 * @param {string} text
 * @param {string} font
 * @param {number} size
 * @param {number} limit px
 */
export function cut(text, font, size, limit) {
  if (widthOf(text, font, size) <= limit) {
    return text;
  }
  let end = text.length;
  while (end > 1 && widthOf(text.slice(0, end) + "…", font, size) > limit) {
    end--;
  }
  return text.slice(0, end) + "…";
}

/**
 * Moves labels apart that would overlap, as little as possible and within the plot.
 * @param {number[]} wanted places in px, in any order
 * @param {number} distance px that two labels need
 * @param {number} low smallest place
 * @param {number} high largest place
 * @returns {number[]} places in the order of `wanted`
 */
export function spread(wanted, distance, low, high) {
  const order = wanted.map((place, index) => ({ place, index })).sort((a, b) => a.place - b.place || a.index - b.index);
  for (let pass = 0; pass < 40; pass++) {
    let moved = false;
    for (let i = 1; i < order.length; i++) {
      const overlap = distance - (order[i].place - order[i - 1].place);
      if (overlap > 0.01) {
        order[i - 1].place -= overlap / 2;
        order[i].place += overlap / 2;
        moved = true;
      }
    }
    order.forEach((label) => (label.place = Math.min(high, Math.max(low, label.place))));
    if (!moved) {
      break;
    }
  }
  const places = new Array(wanted.length);
  order.forEach((label) => (places[label.index] = label.place));
  return places;
}
