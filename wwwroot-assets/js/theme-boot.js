// Runs before the first paint, therefore a plain script in the head; js/theme.js is the rest of it.
(() => {
  let choice = null;
  try {
    choice = localStorage.getItem("driftline.theme");
  } catch {
    // A browser that keeps nothing for this page: it follows the system.
  }
  const dark = choice === "dark" || (choice !== "light" && matchMedia("(prefers-color-scheme: dark)").matches);
  document.documentElement.dataset.theme = dark ? "dark" : "light";
})();
