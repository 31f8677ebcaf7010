// The wire: connections to the hub as they are now, and what crosses one of them.

import { byId, make } from "./dom.js";

/** @typedef {import("../types.js").Wire} Wire */

const LINES_MAX = 2000;

/** @param {number} bytes @returns {string} */
function size(bytes) {
  if (bytes < 1000) return `${bytes} B`;
  return bytes < 1e6 ? `${(bytes / 1e3).toFixed(1)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}

/** @param {number} seconds @returns {string} */
function age(seconds) {
  if (seconds < 60) return `${Math.floor(seconds)} s`;
  return seconds < 3600 ? `${Math.floor(seconds / 60)} min` : `${Math.floor(seconds / 3600)} h ${Math.floor(seconds % 3600 / 60)} min`;
}

/** Draws the connections, and the events of the one that is watched. */
export class WireView {
  /** @type {string | null} */
  watched = null;
  /** @type {string[]} */
  #lines = [];

  /** @param {(id: string | null) => void} watch */
  constructor(watch) { this.watch = watch; }

  /** @param {Wire[]} wires */
  draw(wires) {
    const rows = byId("wire-rows", HTMLElement);
    const focused = document.activeElement instanceof HTMLElement && rows.contains(document.activeElement) ? document.activeElement.dataset.wire : undefined;
    rows.replaceChildren(...wires.map(wire => make("tr", { "aria-selected": String(wire.id === this.watched), click: () => this.choose(wire.id, wire.from) },
      make("td", {}, make("button", { type: "button", "data-wire": wire.id }, wire.who ?? "(no name yet)"), wire.own ? " · this page" : ""),
      make("td", {}, wire.door),
      make("td", {}, wire.from),
      make("td", {}, age(wire.seconds)),
      make("td", { class: "number" }, size(wire.received)),
      make("td", { class: "number" }, size(wire.sent)),
      make("td", { class: "number" }, wire.roundTrip === null ? "–" : `${wire.roundTrip.toFixed(wire.roundTrip < 10 ? 2 : 0)} ms`),
      make("td", { class: "number" }, String(wire.queue)))));
    const again = focused ? rows.querySelector(`[data-wire="${CSS.escape(focused)}"]`) : null;
    if (again instanceof HTMLElement) again.focus();
  }

  /** @param {string} id @param {string} from */
  choose(id, from) {
    this.watched = id;
    this.#lines = [];
    byId("wire-events-title", HTMLElement).textContent = `Live: ${from}`;
    byId("wire-events", HTMLElement).textContent = "";
    this.watch(id);
  }

  /** @param {string} id @param {string[]} lines */
  add(id, lines) {
    if (id !== this.watched) return;
    this.#lines.push(...lines);
    if (this.#lines.length > LINES_MAX) this.#lines.splice(0, this.#lines.length - LINES_MAX);
    const pane = byId("wire-events", HTMLElement);
    const isAtEnd = pane.scrollHeight - pane.scrollTop - pane.clientHeight < 40;
    pane.textContent = this.#lines.join("\n");
    if (isAtEnd) pane.scrollTop = pane.scrollHeight;
  }
}
