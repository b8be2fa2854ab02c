// @ts-check
import { FONT_STACK } from "./paper.js";

/**
 * A scene as SVG 1.1 in the plain subset that drawing programs and LaTeX read: shapes with presentation attributes, text as text; no
 * style sheet, no script, no picture, no reference. The same scene gives the same bytes.
 * @param {import("./scene.js").Scene} scene
 * @returns {string}
 */
export function toSvg(scene) {
  const [width, height] = [number(scene.width), number(scene.height)];
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<svg xmlns="http://www.w3.org/2000/svg" version="1.1" width="${width}pt" height="${height}pt" viewBox="0 0 ${width} ${height}" font-family="${escape(FONT_STACK.replaceAll('"', "'"))}">`,
    `<title>${escape(scene.title)}</title>`,
    `<desc>${escape(scene.description)}</desc>`,
    `<rect x="0" y="0" width="${width}" height="${height}" fill="#ffffff"/>`,
    ...scene.shapes.map(shapeToSvg),
    "</svg>",
    "",
  ].join("\n");
}

/** @param {import("./scene.js").Shape} shape @returns {string} */
function shapeToSvg(shape) {
  switch (shape.type) {
    case "group":
      return [`<g id="${escape(shape.id)}">`, ...shape.children.map(shapeToSvg), "</g>"].join("\n");
    case "polyline":
      return `<polyline points="${points(shape.points)}" fill="none"${stroke(shape)} stroke-linejoin="round"${shape.dash?.length ? ` stroke-dasharray="${shape.dash.map(number).join(" ")}"` : ""}/>`;
    case "polygon":
      return `<polygon points="${points(shape.points)}" fill="${hex(shape.fill)}"${shape.opacity === undefined ? "" : ` fill-opacity="${number(shape.opacity)}"`}${stroke(shape)}/>`;
    case "circle":
      return `<circle cx="${number(shape.x)}" cy="${number(shape.y)}" r="${number(shape.r)}" fill="${hex(shape.fill)}"${stroke(shape)}/>`;
    case "rect":
      return `<rect x="${number(shape.x)}" y="${number(shape.y)}" width="${number(shape.width)}" height="${number(shape.height)}" fill="${hex(shape.fill)}"/>`;
    default:
      return `<text x="${number(shape.x)}" y="${number(shape.y)}" font-size="${number(shape.size)}"${shape.bold ? ' font-weight="600"' : ""}`
        + `${shape.anchor === "start" ? "" : ` text-anchor="${shape.anchor}"`} fill="${hex(shape.fill)}"`
        + `${shape.rotate ? ` transform="rotate(${number(shape.rotate)} ${number(shape.x)} ${number(shape.y)})"` : ""} xml:space="preserve">${escape(shape.text)}</text>`;
  }
}

/** @param {{stroke?: string, width?: number}} shape */
function stroke(shape) {
  return shape.stroke ? ` stroke="${hex(shape.stroke)}" stroke-width="${number(shape.width ?? 1)}"` : "";
}

/** @param {number[][]} list */
function points(list) {
  return list.map(([x, y]) => `${number(x)},${number(y)}`).join(" ");
}

/** A thousandth of a point is nothing that can be seen. @param {number} value */
function number(value) {
  return String(Number(value.toFixed(3)));
}

/** rgb(r,g,b) or #rrggbb as #rrggbb. @param {string} colour */
function hex(colour) {
  const channels = colour.match(/^rgb\((\d+), ?(\d+), ?(\d+)\)$/);
  return channels ? "#" + channels.slice(1).map((channel) => Number(channel).toString(16).padStart(2, "0")).join("") : colour;
}

/** Text and attribute values of XML; characters that XML does not have become its replacement character. @param {string} text */
function escape(text) {
  return text
    .toWellFormed()
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, "\ufffd")
    .replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}
