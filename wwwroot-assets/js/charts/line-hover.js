// @ts-check
/** What the hover box of a line figure says: the points of one generation, nearest first. */

const MOST_ROWS = 5;

/**
 * @param {import("./types.js").LineFigure} figure
 * @param {{line: import("./types.js").Line, colour: string}[]} lines
 * @param {import("./types.js").Axis} x the axis as drawn
 * @returns {import("./types.js").Drawing["hoverAt"]}
 */
export function lineHover(figure, lines, x) {
  const generations = [...new Set(figure.lines.flatMap((line) => line.points.map((point) => point.generation)))];
  return (left, top, width, height) => {
    const at = x.min + (left / width) * (x.max - x.min);
    const value = figure.y.max - (top / height) * (figure.y.max - figure.y.min);
    const stop = generations.reduce((best, generation) => (Math.abs(generation - at) < Math.abs(best - at) ? generation : best), generations[0]);
    const found = lines
      .map(({ line, colour }) => ({ line, colour, point: line.points.find((point) => point.generation === stop) }))
      .filter((row) => row.point)
      .sort((a, b) => distance(a.point, value) - distance(b.point, value));
    if (found.length === 0) {
      return null;
    }
    const rows = found.slice(0, MOST_ROWS).map(({ line, colour, point }) => row(line, colour, /** @type {any} */ (point)));
    // The nearest says everything; the others give way to it until the box is pinned.
    rows.slice(1).forEach((each) => (each.brief = true));
    const floor = figure.floor.find((point) => point.generation === stop);
    const more = [
      found.length > MOST_ROWS ? `${found.length - MOST_ROWS} more lines at generation ${stop}` : "",
      floor ? `noise floor: 95 % ${floor.base > floor.p95 ? "above" : "below"} ${short(floor.p95)}${floor.mean === undefined ? "" : `, mean ${short(floor.mean)}`}` : "",
    ].filter(Boolean).join(" · ");
    return { stop, generation: stop, x: ((stop - x.min) / (x.max - x.min)) * width, rows, more };
  };
}

/**
 * @param {import("./types.js").Line} line
 * @param {string} colour
 * @param {import("./types.js").Point} point
 */
function row(line, colour, point) {
  const lines = [];
  const changes = [
    point.sinceOrigin ? `since origin ${point.sinceOrigin}` : "",
    point.sinceParent ? `since parent ${point.sinceParent}` : "",
  ].filter(Boolean);
  if (changes.length) {
    lines.push(changes.join(" · "));
  }
  if (point.alert) {
    lines.push(`▲ ${point.alert.severity} alert: ${point.alert.text}`);
  }
  if (point.provisional) {
    lines.push("provisional: the evaluation is not complete");
  } else if (point.status !== "ok") {
    lines.push(point.status.replace("_", " "));
  }
  if (point.reason) {
    lines.push(point.reason);
  }
  const gap = line.breaks.find((each) => each.before === point.generation);
  if (gap && gap.reason !== point.reason) {
    lines.push(`⌇ ${gap.reason}`);
  }
  return {
    name: line.label,
    heading: `${line.label} · generation ${point.generation} · ${point.model}`,
    value: `${point.text}${point.n ? `  n = ${point.n.toLocaleString("en-US")}` : ""}`,
    lines,
    colour,
    brief: false,
    line: line.label,
    point: point.value === undefined || point.joint ? undefined : { branch: line.branch, seed: line.seed, generation: point.generation, value: point.value },
  };
}

/** @param {import("./types.js").Point | undefined} point @param {number} value */
function distance(point, value) {
  return point?.value === undefined ? Infinity : Math.abs(point.value - value);
}

/** @param {number} value */
function short(value) {
  return value.toPrecision(2).replace(/^(-?)0\./, "$1.").replace("-", "−");
}
