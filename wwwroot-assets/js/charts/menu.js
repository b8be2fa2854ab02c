// @ts-check
/** The menu of a chart: what is done in the browser. Exporters are loaded when something is exported. */

/** @typedef {{url: string, label: string}} Chart */

/**
 * Listens to the menu of the card that a chart stands in.
 * @param {Element} host the chart's element
 * @param {() => Chart} chart what is shown now
 * @param {AbortSignal} signal ends it
 */
export function listenToMenu(host, chart, signal) {
  const menu = host.closest(".card")?.querySelector("[data-chart-menu]");
  menu?.addEventListener("click", (event) => {
    const item = event.target instanceof Element ? event.target.closest("[data-chart-action]") : null;
    if (item instanceof HTMLElement) {
      act(item, chart()).catch((/** @type {Error} */ error) => report(error, menu));
    }
  }, { signal });
}

/** @param {HTMLElement} item @param {Chart} chart */
async function act(item, chart) {
  switch (item.dataset.chartAction) {
    case "export":
      return (await import("../export/dialog.js")).openExport(chart.url, chart.label);
    case "svg":
    case "png":
      return (await import("../export/figure.js")).download(chart.url, item.dataset.chartAction);
    default:
      return navigator.clipboard?.writeText(location.href);
  }
}

/** What went wrong stands in the card's footer until the figure is drawn again. @param {Error} error @param {Element} menu */
function report(error, menu) {
  const text = document.createElement("p");
  text.className = "chart-menu-error";
  text.setAttribute("role", "alert");
  text.textContent = `Nothing was exported. ${error.message}`;
  menu.closest(".card")?.querySelector(".card-body")?.append(text);
  setTimeout(() => text.remove(), 10_000);
}
