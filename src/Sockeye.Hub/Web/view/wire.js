// The wire: connections to the hub as they are now, and what crosses one of them.

import { byId, make } from "./dom.js";

/** @typedef {import("../types.js").Wire} Wire */
/** @typedef {import("../types.js").WireEvent} WireEvent */
/** @typedef {import("../types.js").HubEvent} HubEvent */

const EVENTS_MAX = 2000;
const CHOOSE = "Choose a connection to watch it.";

/** How an event is written: which way it goes, and what it is. @type {Record<string, [string, string]>} */
const KINDS = {
  received: ["<-", "received"],
  sent: ["->", "sent"],
  frame: ["<-", "frame"],
  decrypted: ["<-", "decrypted"],
  encrypting: ["->", "encrypting"],
  handshaken: ["--", "TLS has shaken hands"],
  halfClosedByPeer: ["<-", "half-closed by the peer"],
  halfClosedByUs: ["->", "half-closed by us"],
  reset: ["<-", "reset by the peer"],
  error: ["--", "error"],
  closed: ["--", "closed"],
  aborted: ["--", "cut off"],
};

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

/** @param {Element} element @param {string} text */
function write(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/** @param {WireEvent} event @returns {HTMLElement} */
function row(event) {
  const [way, what] = KINDS[event.kind] ?? ["--", event.kind];
  return make("div", { class: way === "<-" ? "in" : way === "->" ? "out" : "" },
    make("span", { class: "at" }, event.at.toFixed(6)),
    make("span", { class: "way" }, way),
    make("span", {}, event.bytes > 0 ? `${what} ${event.bytes}` : what),
    event.hidden ? make("span", { class: "not-shown" }, "not shown") : make("code", {}, event.text ?? ""));
}

/** Draws the connections, and the events of the one that is watched. */
export class WireView {
  /** @type {string | null} */
  watched = null;
  /** @type {Map<string, HTMLElement>} */
  #rows = new Map();

  /** @param {(id: string | null) => void} watch */
  constructor(watch) { this.watch = watch; }

  /** @param {Extract<HubEvent, { type: "wires" }>} event */
  draw(event) {
    // Rows stay what they are: whoever presses on one, or has come to it by keyboard, shall not lose it to the next second.
    const ids = new Set(event.wires.map(wire => wire.id));
    for (const [id, line] of this.#rows) {
      if (ids.has(id)) continue;
      line.remove();
      this.#rows.delete(id);
    }
    for (const wire of event.wires) {
      let line = this.#rows.get(wire.id);
      if (!line) {
        line = make("tr", { click: () => this.choose(wire) },
          make("td", {}, make("button", { type: "button", "data-wire": wire.id }), make("span")), ...Array.from({ length: 7 }, (_, at) => make("td", at > 2 ? { class: "number" } : {})));
        this.#rows.set(wire.id, line);
        byId("wire-rows", HTMLElement).append(line);
      }
      this.#fill(line, wire);
    }
    const more = event.count - event.wires.length;
    byId("wire-subtitle", HTMLElement).textContent = (event.wires.every(wire => wire.own)
      ? "Your connections to this hub, as they are now." : `The ${event.count} connections to this hub, as they are now.`)
      + (more > 0 ? ` ${more} of them are not listed.` : "");
  }

  /** @param {HTMLElement} line @param {Wire} wire */
  #fill(line, wire) {
    line.classList.toggle("is-watched", wire.id === this.watched);
    const [who, ...cells] = line.children;
    const [button, page] = who.children;
    button.setAttribute("aria-pressed", String(wire.id === this.watched));
    write(button, wire.who ?? "(no name yet)");
    write(page, wire.page ? " · this page" : "");
    const roundTrip = wire.roundTrip === null ? "–" : `${wire.roundTrip.toFixed(wire.roundTrip < 10 ? 2 : 0)} ms`;
    [wire.door, wire.from, age(wire.seconds), size(wire.received), size(wire.sent), roundTrip, String(wire.queue)].forEach((text, at) => write(cells[at], text));
    cells[6].setAttribute("title", `${wire.queueBytes} bytes`);
  }

  /** @param {Wire} wire */
  choose(wire) {
    this.watched = wire.id;
    byId("wire-events-title", HTMLElement).textContent = `Live: ${wire.door}, ${wire.from}`
      + (wire.own ? "" : ". It is not yours: what is said on it is not shown.");
    byId("wire-events", HTMLElement).replaceChildren();
    this.watch(wire.id);
  }

  /** The hub has begun anew with this page: nothing is watched any more. */
  reset() {
    if (this.watched === null) return;
    this.watched = null;
    byId("wire-events-title", HTMLElement).textContent = CHOOSE;
  }

  /** @param {Extract<HubEvent, { type: "wire" }>} event */
  add(event) {
    if (event.wire !== this.watched) return;
    const pane = byId("wire-events", HTMLElement);
    const isAtEnd = pane.scrollHeight - pane.scrollTop - pane.clientHeight < 40;
    pane.append(...event.events.map(row));
    if (event.notShown > 0) pane.append(make("div", { class: "not-shown" }, `… ${event.notShown} events not shown`));
    if (event.gone) pane.append(make("div", { class: "not-shown" }, "The connection is gone."));
    while (pane.childElementCount > EVENTS_MAX) pane.firstElementChild?.remove();
    if (isAtEnd) pane.scrollTop = pane.scrollHeight;
  }
}
