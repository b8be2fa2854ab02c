// @ts-check
import { FONT_SIZE, axisOf, generationAxis, layoutOf, leftOf } from "./layout.js";
import { cut, plain, spread, widthOf } from "./text.js";
import { isBright, mix } from "./theme.js";

/** Answer shares: one stacked bar a generation, in tints of the branch's colour, answers named at the last bar. */

const LABEL_GAP = 8;

/**
 * @param {import("./types.js").ShareFigure} figure
 * @param {import("./theme.js").Theme} theme
 * @param {{width: number, height: number}} size
 * @returns {import("./types.js").Drawing}
 */
export function drawShares(figure, theme, size) {
  const limit = Math.max(92, size.width * 0.28);
  const names = figure.answers.map((answer) => cut(answer.answer, theme.font, FONT_SIZE, limit));
  const room = Math.max(12, ...names.map((name) => widthOf(name, theme.font, FONT_SIZE) + LABEL_GAP + 4));
  const margin = { left: leftOf(figure.y, theme), right: Math.ceil(room), top: 8, bottom: 40 };
  const plot = { width: size.width - margin.left - margin.right, height: size.height - margin.top - margin.bottom };
  const axis = generationAxis(figure.x, plot.width);
  const x = { ...axis, min: figure.x.min - 0.5, max: figure.x.max + 0.5 };
  const tints = figure.answers.map((_, i) => tint(i, figure.answers.length, theme.branch(figure.style?.slot), theme));
  const barWidth = (plot.width / (x.max - x.min)) * 0.86;
  const middles = middlesAtEnd(figure);
  const places = spread(middles.map((middle) => (1 - middle) * plot.height), 15, 0, plot.height);
  return {
    data: figure.answers.map((answer, i) => ({
      type: "bar",
      name: plain(answer.answer),
      x: answer.points.map((point) => point.generation),
      y: answer.points.map((point) => point.value),
      width: 0.86,
      marker: { color: tints[i], line: { color: theme.surface, width: 1 } },
      text: answer.points.map((point) => (point.value * plot.height > 16 && barWidth > 26 ? point.value.toFixed(2).replace(/^0/, "") : "")),
      textposition: "inside",
      insidetextanchor: "middle",
      textangle: 0,
      textfont: { size: 11, color: isBright(tints[i]) ? "#1f2328" : "#ffffff" },
    })),
    layout: layoutOf(theme, margin, {
      barmode: "stack",
      xaxis: axisOf(x, theme, { showgrid: false }),
      yaxis: axisOf(figure.y, theme, { showgrid: false }),
      annotations: names.map((name, i) => ({
        text: plain(name), xref: "paper", x: 1, xanchor: "left", xshift: LABEL_GAP - 4, yref: "y", y: middles[i],
        yshift: (1 - middles[i]) * plot.height - places[i], yanchor: "middle", showarrow: false, font: { size: FONT_SIZE, color: theme.text },
      })),
    }),
    margin,
    series: figure.answers.length,
    points: figure.answers.reduce((sum, answer) => sum + answer.points.length, 0),
    stops: [...new Set(figure.answers.flatMap((answer) => answer.points.map((point) => point.generation)))].sort((a, b) => a - b),
    hoverAt: (left, top, width, height) => {
      const stop = Math.round(x.min + (left / width) * (x.max - x.min));
      const share = 1 - top / height;
      let below = 0;
      const rows = figure.answers.flatMap((answer, i) => {
        const point = answer.points.find((each) => each.generation === stop);
        if (!point) {
          return [];
        }
        const middle = below + point.value / 2;
        below += point.value;
        return [{
          away: Math.abs(middle - share),
          name: answer.answer,
          heading: `${answer.answer} · ${figure.label} · generation ${stop} · ${point.model}`,
          value: `${point.text}${point.n ? `  n = ${point.n.toLocaleString("en-US")}` : ""}`, lines: [], colour: tints[i], brief: false, line: figure.label,
        }];
      });
      rows.sort((a, b) => a.away - b.away);
      rows.slice(1).forEach((each) => (each.brief = true));
      const more = rows.length > 5 ? `${rows.length - 5} more answers at generation ${stop}` : "";
      return rows.length === 0 ? null : { stop, generation: stop, x: ((stop - x.min) / (x.max - x.min)) * width, rows: rows.slice(0, 5), more };
    },
  };
}

/** Middle of each answer's part of the last bar. */
export function middlesAtEnd(figure) {
  const last = Math.max(...figure.answers.flatMap((answer) => answer.points.map((point) => point.generation)));
  let below = 0;
  return figure.answers.map((answer) => {
    const share = answer.points.find((point) => point.generation === last)?.value ?? 0;
    below += share;
    return below - share / 2;
  });
}

/** From nearly the surface to the branch's full colour: the order of answers is the order of tints. */
export function tint(index, count, colour, theme) {
  return mix(theme.surface, colour, count === 1 ? 0.8 : 0.18 + (0.82 * index) / (count - 1));
}
