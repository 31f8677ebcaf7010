// Writes against reads: how the bytes around an event were cut where they came from, and where they went to.

import { counted, make } from "./dom.js";

/** @typedef {import("./types.js").WireEvent} WireEvent */
/** @typedef {import("./types.js").Talk} Talk */

const SVG = "http://www.w3.org/2000/svg";
const WIDTH = 400;
const BAR = 26;
const AROUND = 4;

/** @param {string} name @param {Record<string, string | number>} attributes @param {string} [text] */
function draw(name, attributes, text) {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, String(value));
  if (text !== undefined) element.textContent = text;
  return element;
}

/** The pieces that stand between ends. @param {number[]} ends @param {number} from @param {number} to @returns {{ from: number, to: number }[]} */
function pieces(ends, from, to) {
  const found = [];
  let at = from;
  for (const end of [...ends.filter(end => end > from && end < to), to]) {
    if (end > at) found.push({ from: at, to: end });
    at = end;
  }
  return found;
}

/**
 * @param {WireEvent} event
 * @param {import("./events.js").Events} events
 * @param {Talk} conversation
 * @returns {HTMLElement}
 */
export function makeCuts(event, events, conversation) {
  const box = make("div", { class: "cuts" });
  if (!conversation.bothSides) {
    box.append(make("p", { class: "soft" }, "Only one side of this connection is seen here. How the other side's reads cut it shows when both are: through a relay, or with both ends in one program."));
    return box;
  }
  const [wrote, read] = conversation.relayed ? ["came in as", "went out as"] : ["written as", "read as"];
  const sources = events.sources(event.fromClient);
  const sinks = events.sinks(event.fromClient);
  const from = event.offset ?? 0;
  const to = from + (event.length ?? 0);
  const before = sources.offsets.filter(end => end <= from).slice(-AROUND);
  const start = before.length === AROUND ? before[0] : Math.min(from, 0);
  const end = sources.offsets.filter(each => each > to)[AROUND - 1] ?? Math.max(to, sources.last);
  const known = Math.min(end, sinks.last);
  const above = pieces(sources.offsets, start, end);
  const below = known > start ? pieces(sinks.offsets, start, known) : [];
  box.append(
    make("p", {}, `${event.fromClient ? "Client to server" : "Server to client"}, bytes ${start.toLocaleString("en")} to ${end.toLocaleString("en")}: ${wrote} ${counted(above.length, "piece", "pieces")}, ${read} ${counted(below.length, "piece", "pieces")}.`),
    makeRuler({ start, end, above, below, from, to, wrote, read }),
    makeTable(above, below, wrote, read));
  return box;
}

/** @param {{ start: number, end: number, above: { from: number, to: number }[], below: { from: number, to: number }[], from: number, to: number, wrote: string, read: string }} ruler */
function makeRuler({ start, end, above, below, from, to, wrote, read }) {
  const scale = WIDTH / Math.max(1, end - start);
  const svg = draw("svg", { viewBox: `0 0 ${WIDTH} ${2 * BAR + 42}`, class: "ruler", "aria-hidden": "true" });
  svg.append(draw("text", { x: 0, y: 11 }, wrote), draw("text", { x: 0, y: 2 * BAR + 40 }, read));
  for (const [list, y, kind] of /** @type {[typeof above, number, string][]} */ ([[above, 16, "source"], [below, 16 + BAR, "sink"]])) {
    for (const piece of list) {
      const x = (piece.from - start) * scale;
      const width = Math.max(1.5, (piece.to - piece.from) * scale - 1.5);
      const isThis = kind === "source" && piece.from >= from && piece.to <= to;
      svg.append(draw("rect", { x, y, width, height: BAR - 3, rx: Math.min(4, width / 2), class: `${kind}${isThis ? " chosen" : ""}` }));
      const text = String(piece.to - piece.from);
      if (width > text.length * 7 + 4) svg.append(draw("text", { x: x + width / 2, y: y + 16, class: `count${isThis ? " chosen" : ""}` }, text));
    }
  }
  return svg;
}

/** @param {{ from: number, to: number }[]} above @param {{ from: number, to: number }[]} below @param {string} wrote @param {string} read */
function makeTable(above, below, wrote, read) {
  const sizes = (/** @type {{ from: number, to: number }[]} */ list) => list.map(piece => piece.to - piece.from).join(" + ") || "nothing yet";
  return make("dl", {}, make("dt", {}, wrote), make("dd", {}, sizes(above)), make("dt", {}, read), make("dd", {}, sizes(below)));
}
