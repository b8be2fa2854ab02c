/**
 * Light, dark or as the system says. The choice is kept in localStorage, the theme that results is `data-theme` on the root
 * element, and every change of it is a "driftline:theme" event on the document (charts draw themselves again).
 * @typedef {"system" | "light" | "dark"} Choice
 */
const key = "driftline.theme";
const system = matchMedia("(prefers-color-scheme: dark)");

/** @type {Choice} */
let choice = stored();

system.addEventListener("change", apply);
addEventListener("storage", (event) => {
  if (event.key === key) {
    choice = stored();
    apply();
  }
});

/** @returns {Choice} */
export function current() {
  return choice;
}

/** @param {Choice} wanted */
export function choose(wanted) {
  choice = wanted;
  try {
    if (wanted === "system") {
      localStorage.removeItem(key);
    } else {
      localStorage.setItem(key, wanted);
    }
  } catch {
    // Nothing is kept for this page; the choice lasts until it is left.
  }
  apply();
}

function apply() {
  const theme = choice === "dark" || (choice === "system" && system.matches) ? "dark" : "light";
  const root = document.documentElement;
  if (root.dataset.theme !== theme) {
    root.dataset.theme = theme;
    document.dispatchEvent(new CustomEvent("driftline:theme", { detail: theme }));
  }
}

/** @returns {Choice} */
function stored() {
  try {
    const value = localStorage.getItem(key);
    return value === "light" || value === "dark" ? value : "system";
  } catch {
    return "system";
  }
}
