// @ts-check
import { element } from "../charts/hover.js";
import { FORMATS, download, figureAt, sceneOf } from "./figure.js";
import { LIMITS, MM, VENUES, defaultPaper, heightFor } from "./paper.js";
import { paint } from "./pixels.js";

/** The export dialog: format and size beside a preview that is drawn as the file will be. */

const PREVIEW_WIDTH = 460;
const PREVIEW_HEIGHT = 420;

/**
 * Opens the dialog for a figure; the focus goes back when it is closed.
 * @param {string} address of the figure @param {string} name what the chart is called
 */
export async function openExport(address, name) {
  const figure = await figureAt(address);
  new ExportDialog(figure, address, name).open();
}

class ExportDialog {
  /** @param {import("../charts/types.js").Figure} figure @param {string} address @param {string} name */
  constructor(figure, address, name) {
    this.figure = figure;
    this.address = address;
    this.paper = defaultPaper(figure);
    /** @type {keyof typeof FORMATS} */
    this.format = "svg";
    this.dialog = /** @type {HTMLDialogElement} */ (element("dialog", "export-dialog"));
    this.form = document.createElement("form");
    this.form.method = "dialog";
    this.form.noValidate = true;
    this.canvas = document.createElement("canvas");
    this.canvas.setAttribute("role", "img");
    this.canvas.setAttribute("aria-label", `Preview of ${name}`);
    this.size = element("p", "export-size");
    this.size.setAttribute("role", "status");
    this.error = element("p", "export-error");
    this.error.setAttribute("role", "alert");
    this.build(name);
  }

  open() {
    document.body.append(this.dialog);
    this.dialog.addEventListener("close", () => this.dialog.remove());
    this.dialog.showModal();
    this.show();
  }

  /** @param {string} name */
  build(name) {
    const heading = element("h2", "", "Export figure");
    heading.id = "export-title";
    this.dialog.setAttribute("aria-labelledby", heading.id);
    const formats = /** @type {[string, string][]} */ (Object.entries(FORMATS).map(([key, format]) => [key, format.name]));
    const venues = /** @type {[string, string][]} */ ([...VENUES.map((venue, i) => [String(i), venue.name]), ["custom", "Custom"]]);
    this.formatField = this.select("Format", formats, (value) => (this.format = /** @type {keyof typeof FORMATS} */ (value)));
    this.venue = this.select("Size for", venues, (value) => value !== "custom" && this.choose(VENUES[Number(value)]));
    this.width = this.number("Width, inches", LIMITS.least, LIMITS.most, (value) => this.custom({ width: value }));
    this.height = this.number("Height, inches", LIMITS.least, LIMITS.most, (value) => (this.paper.height = value));
    this.font = this.number("Type, points", LIMITS.leastFont, LIMITS.mostFont, (value) => this.custom({ fontSize: value }));
    this.dpi = this.number("Resolution, dpi", LIMITS.leastDpi, LIMITS.mostDpi, (value) => (this.paper.dpi = value));
    const title = document.createElement("input");
    title.type = "checkbox";
    title.checked = this.paper.title;
    title.addEventListener("change", () => {
      this.paper.title = title.checked;
      this.show();
    });
    const titleField = element("label", "export-check", "Title in the figure");
    titleField.prepend(title);
    const caption = element("textarea", "");
    Object.assign(caption, { value: this.figure.caption, readOnly: true, rows: 4 });
    const fields = element("div", "export-fields");
    fields.append(...[this.formatField, this.venue, this.width, this.height, this.font, this.dpi].map((field) => field.label), titleField, labelled("Caption to copy", caption));
    const preview = element("div", "export-preview");
    preview.append(this.canvas, this.size);
    const actions = element("div", "export-actions");
    this.save = /** @type {HTMLButtonElement} */ (element("button", "button button-main", "Download"));
    this.save.addEventListener("click", (event) => this.download(event));
    const cancel = /** @type {HTMLButtonElement} */ (element("button", "button", "Close"));
    cancel.value = "close";
    actions.append(this.error, cancel, this.save);
    const body = element("div", "export-body");
    body.append(fields, preview);
    this.form.append(heading, element("p", "muted", name), body, actions);
    this.dialog.append(this.form);
  }

  /** @param {{width: number, height?: number, fontSize: number}} venue */
  choose(venue) {
    this.paper.width = venue.width;
    this.paper.height = venue.height ?? heightFor(this.figure, venue.width);
    this.paper.fontSize = venue.fontSize;
  }

  /** What a venue prescribes was changed by hand. @param {Partial<import("./paper.js").Paper>} change */
  custom(change) {
    Object.assign(this.paper, change);
    this.venue.control.value = "custom";
  }

  show() {
    const { paper } = this;
    for (const [field, value] of /** @type {[Field, number][]} */ ([[this.width, paper.width], [this.height, paper.height], [this.font, paper.fontSize], [this.dpi, paper.dpi]])) {
      if (document.activeElement !== field.control) {
        field.control.value = String(Math.round(value * 100) / 100);
      }
    }
    this.dpi.label.hidden = this.format !== "png";
    const wrong = [this.width, this.height, this.font, this.dpi].find((field) => !field.label.hidden && !field.control.checkValidity());
    const pixels = [Math.round(paper.width * paper.dpi), Math.round(paper.height * paper.dpi)];
    const large = this.format === "png" && Math.max(...pixels) > LIMITS.mostPixels;
    this.error.textContent = wrong ? `${wrong.name} must be from ${wrong.control.min} to ${wrong.control.max}.`
      : large ? `${pixels[0]} × ${pixels[1]} pixels are more than the ${LIMITS.mostPixels} a side that browsers can draw. Choose fewer dpi.` : "";
    this.save.disabled = Boolean(wrong) || large;
    if (wrong) {
      return;
    }
    const inches = `${paper.width.toFixed(2)} × ${paper.height.toFixed(2)} in, ${(paper.width / MM).toFixed(0)} × ${(paper.height / MM).toFixed(0)} mm`;
    this.size.textContent = this.format === "png" ? `${inches}, ${pixels[0]} × ${pixels[1]} pixels` : inches;
    const scale = Math.min(PREVIEW_WIDTH / paper.width, PREVIEW_HEIGHT / paper.height);
    paint(sceneOf(this.figure, paper), this.canvas, scale * Math.max(2, devicePixelRatio));
    this.canvas.style.aspectRatio = `${paper.width} / ${paper.height}`;
    this.canvas.style.width = `${Math.round(paper.width * scale)}px`;
  }

  /** @param {Event} event */
  async download(event) {
    event.preventDefault();
    try {
      await download(this.address, this.format, this.paper);
      this.dialog.close();
    } catch (error) {
      this.error.textContent = /** @type {Error} */ (error).message;
    }
  }

  /**
   * @typedef {{name: string, label: HTMLElement, control: HTMLInputElement}} Field
   * @param {string} name @param {number} least @param {number} most @param {(value: number) => void} change
   * @returns {Field}
   */
  number(name, least, most, change) {
    const control = document.createElement("input");
    Object.assign(control, { type: "number", min: String(least), max: String(most), step: "any", required: true, inputMode: "decimal" });
    control.addEventListener("input", () => {
      if (control.checkValidity()) {
        change(Number(control.value));
      }
      this.show();
    });
    control.addEventListener("blur", () => this.show());
    return { name, control, label: labelled(name, control) };
  }

  /** @param {string} name @param {[string, string][]} options @param {(value: string) => void} change */
  select(name, options, change) {
    const control = document.createElement("select");
    control.append(...options.map(([value, text]) => new Option(text, value)));
    control.addEventListener("change", () => {
      change(control.value);
      this.show();
    });
    return { name, control, label: labelled(name, control) };
  }
}

/** @param {string} name @param {HTMLElement} control */
function labelled(name, control) {
  const label = element("label", "export-field", name);
  label.append(control);
  return label;
}
