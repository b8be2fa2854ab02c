// @ts-check
import { middlesAtEnd, tint } from "../charts/shares.js";
import { spread } from "../charts/text.js";
import { isBright } from "../charts/theme.js";
import { bottomRoom, endLabels, generationAxis, leftRoom, scaleX, scaleY, thinned, titleOf, valueAxis } from "./frame.js";
import { PAPER_THEME } from "./paper.js";
import { cutText, group, label, textWidth } from "./scene.js";

/** Answer shares on paper: a stacked bar a generation. */

const BAR = 0.86;
const LARGEST_LABEL_SHARE = 0.3;

/**
 * @param {import("../charts/types.js").ShareFigure} figure
 * @param {import("./paper.js").Paper} paper
 * @param {number} width points @param {number} height points
 * @returns {import("./scene.js").Shape[]}
 */
export function shareShapes(figure, paper, width, height) {
  const size = paper.fontSize;
  const title = titleOf(figure.title, paper, width);
  const names = figure.answers.map((answer) => cutText(answer.answer, size, width * LARGEST_LABEL_SHARE));
  const plotHeight = height - title.height - bottomRoom(size);
  const left = leftRoom(figure.y, size, plotHeight);
  const right = Math.max(...names.map((name) => textWidth(name, size)), 0) + size * 1.4;
  const box = { left, top: title.height, width: width - left - right, height: plotHeight };
  const x = { min: figure.x.min - 0.5, max: figure.x.max + 0.5 };
  const toX = scaleX(x, box), toY = scaleY(figure.y, box);
  const bar = (box.width / (x.max - x.min)) * BAR;
  const tints = figure.answers.map((_, i) => tint(i, figure.answers.length, PAPER_THEME.branch(figure.style?.slot), PAPER_THEME));
  const ticks = thinned(figure.x.ticks, (tick) => tick.text, box.width, size).map((tick) => ({ at: toX(tick.at) - box.left, text: tick.text }));
  const labels = middlesAtEnd(figure).map((middle, i) => ({ text: names[i], at: toY(middle), colour: PAPER_THEME.text, size }));
  const places = spread(labels.map((each) => each.at), size * 1.2, box.top + size / 2, box.top + box.height - size / 2);
  return [
    ...title.shapes,
    valueAxis(figure.y, box, size, false),
    generationAxis(figure.x.title, ticks, box, size),
    ...figure.answers.map((answer, i) => group(`answer-${i + 1}`, answer.points.flatMap((point) => {
      const below = figure.answers.slice(0, i).reduce((sum, lower) => sum + (lower.points.find((each) => each.generation === point.generation)?.value ?? 0), 0);
      const [top, bottom] = [toY(below + point.value), toY(below)];
      const [at, middle] = [toX(point.generation), (top + bottom) / 2];
      const text = point.value.toFixed(2).replace(/^0/, "");
      const fits = bottom - top > size * 1.2 && bar > textWidth(text, size) + 2;
      return [
        // A thin line of paper between two parts.
        { type: "rect", x: at - bar / 2, y: top, width: bar, height: Math.max(0, bottom - top - 0.5), fill: tints[i] },
        ...(fits ? [label(text, at, middle, size * 0.9, { anchor: "middle", fill: isBright(tints[i]) ? "#1a1a1a" : "#ffffff" })] : []),
      ];
    }))),
    endLabels(labels, places, box, size),
  ];
}
