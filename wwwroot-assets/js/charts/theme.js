// @ts-check
/** Colours and type of the page, read from its style sheet, so that a chart follows the theme. */

/**
 * @typedef {object} Theme
 * @property {string} text
 * @property {string} muted
 * @property {string} grid
 * @property {string} surface
 * @property {string} reference marks and models that are shown for comparison
 * @property {string} floor noise floors
 * @property {string} warn alerts that warn
 * @property {string} alert alerts that page
 * @property {string} low first colour of diverging scales
 * @property {string} middle colour of no change
 * @property {string} high last colour of diverging scales
 * @property {string} font
 * @property {(slot: number | undefined) => string} branch
 */

/**
 * @param {Element} element
 * @returns {Theme}
 */
export function readTheme(element) {
  const style = getComputedStyle(element);
  /** @param {string} name @param {string} otherwise where the style sheet has not arrived */
  const read = (name, otherwise) => style.getPropertyValue(name).trim() || otherwise;
  const reference = read("--chart-reference", "#85898f");
  return {
    text: read("--text", "#1d2126"),
    muted: read("--muted", "#5c636b"),
    grid: read("--chart-grid", "#ecece7"),
    surface: read("--surface", "#ffffff"),
    reference,
    floor: read("--chart-floor", "rgb(120 126 134 / 18%)"),
    warn: read("--warn", "#945300"),
    alert: read("--alert", "#b3261e"),
    low: read("--chart-low", "#0072b2"),
    middle: read("--chart-middle", "#fbfbf9"),
    high: read("--chart-high", "#d55e00"),
    font: style.fontFamily || "system-ui, sans-serif",
    branch: (slot) => (slot ? read(`--branch-${slot}`, "#0072b2") : reference),
  };
}

/**
 * Calls back when the page changes between light and dark (see js/theme.js).
 * @param {() => void} callback
 * @returns {() => void} ends it
 */
export function onThemeChange(callback) {
  document.addEventListener("driftline:theme", callback);
  return () => document.removeEventListener("driftline:theme", callback);
}

/**
 * A mix of two colours.
 * @param {string} from #rrggbb
 * @param {string} to #rrggbb
 * @param {number} share 0 is from, 1 is to
 */
export function mix(from, to, share) {
  const [a, b] = [channels(from), channels(to)];
  return `rgb(${a.map((value, i) => Math.round(value + (b[i] - value) * share)).join(",")})`;
}

/**
 * @param {string} colour #rrggbb
 * @param {number} alpha
 */
export function fade(colour, alpha) {
  return `rgba(${channels(colour).join(",")},${alpha})`;
}

/**
 * Whether dark text reads better on a colour than light text.
 * @param {string} colour rgb(r,g,b) or #rrggbb
 */
export function isBright(colour) {
  const [r, g, b] = channels(colour);
  return 0.299 * r + 0.587 * g + 0.114 * b > 140;
}

/**
 * @param {string} colour
 * @returns {number[]}
 */
function channels(colour) {
  const numbers = colour.match(/^rgba?\(([^)]*)\)/);
  if (numbers) {
    return numbers[1].split(/[\s,/]+/).slice(0, 3).map(Number);
  }
  let hex = colour.replace("#", "");
  if (hex.length === 3) {
    hex = [...hex].map((digit) => digit + digit).join("");
  }
  return [0, 2, 4].map((at) => parseInt(hex.slice(at, at + 2), 16) || 0);
}
