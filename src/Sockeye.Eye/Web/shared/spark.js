// The rate of the last seconds, as a small line.

const WIDTH = 72;
const HEIGHT = 18;

/** The bytes of each of the last seconds, up to now. @param {{ rate: number[], rateSecond: number }} conversation @param {number} second */
export function lately(conversation, second) {
  const late = Math.max(0, Math.min(conversation.rate.length, second - conversation.rateSecond));
  return [...conversation.rate.slice(late), ...new Array(late).fill(0)];
}

/** @param {number[]} values */
export function spark(values) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", `0 0 ${WIDTH} ${HEIGHT}`);
  svg.setAttribute("class", "spark");
  svg.setAttribute("aria-hidden", "true");
  const most = Math.max(...values, 1);
  const step = WIDTH / (values.length - 1);
  const points = values.map((value, i) => `${(i * step).toFixed(1)},${(HEIGHT - 1.5 - value / most * (HEIGHT - 3)).toFixed(1)}`);
  const line = document.createElementNS("http://www.w3.org/2000/svg", "polyline");
  line.setAttribute("points", points.join(" "));
  svg.append(line);
  return svg;
}
