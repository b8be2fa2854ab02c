/**
 * Says when the connection to the server is lost, and brings the page back. Blazor marks the notice by classes (show, failed,
 * rejected, hide) and tries by itself, ever more slowly; here the server is asked every second whether it is there again, so that
 * nobody waits longer than that. A server that was started again does not know the page: it is loaded anew, and its address says
 * what it showed.
 */
const states = ["show", "failed", "rejected"].map((state) => `components-reconnect-${state}`);
const lost = "The connection to Driftline is lost. What you see stays as it was; the page comes back by itself.";
const back = "Driftline is back. Loading the page …";
const pollMilliseconds = 1000;

// A page that is being left loses its connection too; that needs no words.
const patienceMilliseconds = 300;

const notice = /** @type {HTMLElement} */ (document.getElementById("components-reconnect-modal"));
const words = /** @type {HTMLElement} */ (notice.querySelector("[role=status]"));
let isLost = false;

new MutationObserver(() => {
  const now = states.some((state) => notice.classList.contains(state));
  if (now && !isLost) {
    isLost = true;
    setTimeout(say, patienceMilliseconds);
    void comeBack();
  } else if (!now) {
    isLost = false;
    say();
  }
}).observe(notice, { attributeFilter: ["class"] });

/** Changes the words where they are read aloud; the notice shows while it has some. */
function say() {
  words.textContent = isLost ? lost : "";
  notice.toggleAttribute("data-lost", isLost);
}

/** Asks until the server answers, then goes on with it or, if it does not know the page, loads the page anew. */
async function comeBack() {
  while (isLost) {
    if (notice.classList.contains("components-reconnect-rejected") || ((await isThere()) && isLost && !(await reconnect()))) {
      words.textContent = back;
      location.reload();
      return;
    }
    await new Promise((resolve) => setTimeout(resolve, pollMilliseconds));
  }
}

/** Whether the server answers and is ready. */
async function isThere() {
  try {
    return (await fetch("healthz", { cache: "no-store" })).ok;
  } catch {
    return false;
  }
}

/** Whether the server still knows this page and goes on with it. */
async function reconnect() {
  try {
    return await /** @type {any} */ (window).Blazor.reconnect();
  } catch {
    // It went away again in the middle.
    return !(await isThere());
  }
}
