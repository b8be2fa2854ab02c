/**
 * Keyboard shortcuts. A control says which keys press it in `data-shortcut`: one key ("t", "?", "[") or two in a row ("g o"); the
 * same control can be clicked, so there is nothing that only keys reach. Keys are left alone while text is being typed.
 */
const sequenceMilliseconds = 1200;
let pending = "";
let pendingSince = 0;

addEventListener("keydown", (event) => {
  // An open dialog has keys of its own.
  if (document.querySelector("dialog:modal")) {
    return;
  }
  if (event.key === "Escape") {
    closeOpenDetails();
    // What lies on top stands last in the document.
    /** @type {HTMLElement | undefined} */ ([...document.querySelectorAll("[data-shortcut='Escape']")].at(-1))?.click();
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.repeat || isTyping(event.target)) {
    return;
  }
  const prefix = performance.now() - pendingSince < sequenceMilliseconds ? pending : "";
  const control = find(prefix ? `${prefix} ${event.key}` : event.key) ?? find(event.key) ?? findInCard(event.key);
  pending = "";
  if (control) {
    event.preventDefault();
    control.click();
  } else if (event.key.length === 1 && document.querySelector(`[data-shortcut^="${CSS.escape(event.key)} "]`)) {
    pending = event.key;
    pendingSince = performance.now();
  }
});

// Blazor follows the link by scrolling alone; who skips to the content wants to go on from there.
addEventListener("click", (event) => {
  if (event.target instanceof Element && event.target.closest(".skip-link")) {
    document.getElementById("content")?.focus();
  }
});

// A panel that opens over the page closes when the page is clicked.
addEventListener("pointerdown", (event) => {
  for (const details of document.querySelectorAll("details[data-panel][open]")) {
    if (!details.contains(/** @type {Node} */ (event.target))) {
      details.removeAttribute("open");
    }
  }
});

// A choice from a menu closes it.
addEventListener("click", (event) => {
  if (event.target instanceof Element && event.target.closest(".chart-menu-item")) {
    closeOpenDetails();
  }
});

/** The control that a key presses in the card that is focused, else in the one under the pointer. @param {string} key */
function findInCard(key) {
  const cards = [document.activeElement?.closest(".card"), ...document.querySelectorAll(".card:hover")];
  return /** @type {HTMLElement | null} */ (cards.map((card) => card?.querySelector(`[data-card-shortcut="${CSS.escape(key)}"]`)).find(Boolean) ?? null);
}

/** @param {string} keys */
function find(keys) {
  return /** @type {HTMLElement | undefined} */ (
    [...document.querySelectorAll("[data-shortcut]")].find((element) => element.getAttribute("data-shortcut") === keys)
  );
}

function closeOpenDetails() {
  for (const details of document.querySelectorAll("details[data-panel][open]")) {
    details.removeAttribute("open");
    details.querySelector("summary")?.focus();
  }
}

/** @param {EventTarget | null} target */
function isTyping(target) {
  return target instanceof HTMLElement
    && (target.isContentEditable || target.matches("input:not([type=checkbox], [type=radio], [type=button]), textarea, select"));
}
