// @ts-check
import { FONT_STACK } from "./paper.js";

/** A scene as pixels: the preview of the export dialog, and PNG with its resolution written in it. */

const POINTS_PER_INCH = 72;
const METRES_PER_INCH = 0.0254;
const SIGNATURE_AND_HEADER = 33;

/**
 * @param {import("./scene.js").Scene} scene
 * @param {HTMLCanvasElement} canvas takes the scene's size
 * @param {number} dpi
 */
export function paint(scene, canvas, dpi) {
  const scale = dpi / POINTS_PER_INCH;
  canvas.width = Math.round(scene.width * scale);
  canvas.height = Math.round(scene.height * scale);
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  context.fillStyle = "#ffffff";
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.scale(scale, scale);
  context.lineJoin = "round";
  scene.shapes.forEach((shape) => paintShape(shape, context));
}

/**
 * @param {import("./scene.js").Scene} scene
 * @param {number} dpi
 * @returns {Promise<Blob>}
 */
export async function toPng(scene, dpi) {
  const canvas = document.createElement("canvas");
  paint(scene, canvas, dpi);
  const blob = await new Promise((/** @type {(blob: Blob | null) => void} */ resolve) => canvas.toBlob(resolve, "image/png"));
  if (!blob) {
    throw new Error(`This browser cannot make a picture of ${canvas.width} × ${canvas.height} pixels. Choose fewer dpi.`);
  }
  const bytes = new Uint8Array(await blob.arrayBuffer());
  return new Blob([bytes.slice(0, SIGNATURE_AND_HEADER), resolutionChunk(dpi), bytes.slice(SIGNATURE_AND_HEADER)], { type: "image/png" });
}

/** @param {import("./scene.js").Shape} shape @param {CanvasRenderingContext2D} context */
function paintShape(shape, context) {
  switch (shape.type) {
    case "group":
      shape.children.forEach((child) => paintShape(child, context));
      break;
    case "polyline":
      trace(shape.points, context);
      outline(shape, context);
      break;
    case "polygon":
      trace(shape.points, context);
      context.closePath();
      fill(shape, context);
      outline(shape, context);
      break;
    case "circle":
      context.beginPath();
      context.arc(shape.x, shape.y, shape.r, 0, 2 * Math.PI);
      fill(shape, context);
      outline(shape, context);
      break;
    case "rect":
      context.fillStyle = shape.fill;
      context.fillRect(shape.x, shape.y, shape.width, shape.height);
      break;
    default:
      context.save();
      context.translate(shape.x, shape.y);
      context.rotate(((shape.rotate ?? 0) * Math.PI) / 180);
      context.font = `${shape.bold ? 600 : 400} ${shape.size}px ${FONT_STACK}`;
      context.textAlign = /** @type {CanvasTextAlign} */ ({ start: "left", middle: "center", end: "right" }[shape.anchor]);
      context.fillStyle = shape.fill;
      context.fillText(shape.text, 0, 0);
      context.restore();
  }
}

/** @param {number[][]} points @param {CanvasRenderingContext2D} context */
function trace(points, context) {
  context.beginPath();
  points.forEach(([x, y], i) => (i ? context.lineTo(x, y) : context.moveTo(x, y)));
}

/** @param {{fill: string, opacity?: number}} shape @param {CanvasRenderingContext2D} context */
function fill(shape, context) {
  if (shape.fill !== "none") {
    context.globalAlpha = shape.opacity ?? 1;
    context.fillStyle = shape.fill;
    context.fill();
    context.globalAlpha = 1;
  }
}

/** @param {{stroke?: string, width?: number, dash?: number[]}} shape @param {CanvasRenderingContext2D} context */
function outline(shape, context) {
  if (shape.stroke) {
    context.strokeStyle = shape.stroke;
    context.lineWidth = shape.width ?? 1;
    context.setLineDash(shape.dash ?? []);
    context.stroke();
    context.setLineDash([]);
  }
}

/** The chunk pHYs: pixels per metre, both ways. @param {number} dpi */
function resolutionChunk(dpi) {
  const chunk = new Uint8Array(21);
  const view = new DataView(chunk.buffer);
  view.setUint32(0, 9);
  chunk.set([0x70, 0x48, 0x59, 0x73], 4);
  view.setUint32(8, Math.round(dpi / METRES_PER_INCH));
  view.setUint32(12, Math.round(dpi / METRES_PER_INCH));
  chunk[16] = 1;
  view.setUint32(17, crc(chunk.subarray(4, 17)));
  return chunk;
}

/** CRC-32 as PNG has it (ISO 3309). @param {Uint8Array} bytes */
function crc(bytes) {
  let sum = 0xffffffff;
  for (const byte of bytes) {
    sum ^= byte;
    for (let bit = 0; bit < 8; bit++) {
      sum = sum & 1 ? (sum >>> 1) ^ 0xedb88320 : sum >>> 1;
    }
  }
  return (sum ^ 0xffffffff) >>> 0;
}
