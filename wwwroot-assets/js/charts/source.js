// @ts-check
/** Specs from the server, kept with their ETags so that what has not changed is not sent again. */

const MOST_KEPT = 60;

/** @type {Map<string, {etag: string, figure: import("./types.js").Figure}>} */
const kept = new Map();

/**
 * @param {string} url
 * @param {AbortSignal} signal
 * @returns {Promise<import("./types.js").Figure>}
 */
export async function fetchFigure(url, signal) {
  const known = kept.get(url);
  const response = await fetch(url, {
    signal,
    cache: "no-store",
    headers: { Accept: "application/json", ...(known ? { "If-None-Match": known.etag } : {}) },
  });
  if (response.status === 304 && known) {
    return known.figure;
  }
  if (!response.ok) {
    throw new Error(await reasonOf(response));
  }
  const figure = await response.json();
  kept.delete(url);
  kept.set(url, { etag: response.headers.get("ETag") ?? "", figure });
  if (kept.size > MOST_KEPT) {
    kept.delete(/** @type {string} */ (kept.keys().next().value));
  }
  return figure;
}

/** @param {Response} response */
async function reasonOf(response) {
  if (response.headers.get("Content-Type")?.includes("json")) {
    const problem = await response.json();
    return problem.detail ?? problem.title ?? `The server answered ${response.status}.`;
  }
  return `The server answered ${response.status}.`;
}
