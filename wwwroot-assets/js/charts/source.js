// @ts-check
/** Figures from the server. The browser keeps them with their ETags, so that what has not changed is not sent again. */

/** @type {Map<string, Promise<import("./types.js").Figure>>} */
const underway = new Map();

/**
 * A figure; a tile and a card that ask for the same one at once share one request.
 *
 * @param {string} url
 * @param {number} version of the data, so that nobody is given what was asked for before the data changed
 * @returns {Promise<import("./types.js").Figure>}
 */
export function fetchFigure(url, version) {
  const key = `${version} ${url}`;
  const asked = underway.get(key) ?? readFigure(url).finally(() => underway.delete(key));
  underway.set(key, asked);
  return asked;
}

/**
 * A figure as it is now.
 *
 * @param {string} url
 * @returns {Promise<import("./types.js").Figure>}
 */
export async function readFigure(url) {
  const response = await fetch(url, { cache: "no-cache", headers: { Accept: "application/json" } });
  if (!response.ok) {
    throw new Error(await reasonOf(response));
  }
  return response.json();
}

/** @param {Response} response */
async function reasonOf(response) {
  if (response.headers.get("Content-Type")?.includes("json")) {
    const problem = await response.json();
    return problem.detail ?? problem.title ?? `The server answered ${response.status}.`;
  }
  return `The server answered ${response.status}.`;
}
