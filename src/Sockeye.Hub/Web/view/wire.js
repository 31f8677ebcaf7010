// The wire: connections to the hub as they are now, and what crosses one of them.

import { byId, keep, make } from "./dom.js";

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

  /** @type {Map<string, Wire>} */
  #wires = new Map();

  /** @param {(id: string | null) => void} watch */
  constructor(watch) { this.watch = watch; }

  /** @param {Extract<HubEvent, { type: "wires" }>} event */
  draw(event) {
    const body = byId("wire-rows", HTMLTableSectionElement);
    this.#wires = new Map(event.wires.map(wire => [wire.id, wire]));
    keep(body, event.wires.map(({ id }) => ({ key: id, signature: "", make: () => this.#makeRow(id) })));
    event.wires.forEach((wire, index) => this.#fill(body.rows[index], wire));
    const more = event.count - event.wires.length;
    byId("wire-subtitle", HTMLElement).textContent = (event.wires.every(wire => wire.own)
      ? "Your connections to this hub, as they are now." : `The ${event.count} connections to this hub, as they are now.`)
      + (more > 0 ? ` ${more} of them are not listed.` : "");
  }

  /** A row stays the same while what is in it changes: it may just be clicked. @param {string} id @returns {HTMLElement} */
  #makeRow(id) {
    const choose = () => { const wire = this.#wires.get(id); if (wire) this.choose(wire); };
    return make("tr", { click: choose },
      make("td", {}, make("button", { type: "button", "data-wire": id }), make("span")), make("td"), make("td"), make("td"),
      make("td", { class: "number" }), make("td", { class: "number" }), make("td", { class: "number" }), make("td", { class: "number" }));
  }

  /** @param {HTMLTableRowElement} row @param {Wire} wire */
  #fill(row, wire) {
    const [name, page] = row.cells[0].children;
    name.textContent = wire.who ?? "(no name yet)";
    name.setAttribute("aria-pressed", String(wire.id === this.watched));
    page.textContent = wire.page ? " · this page" : "";
    row.classList.toggle("is-watched", wire.id === this.watched);
    [wire.door, wire.from, age(wire.seconds), size(wire.received), size(wire.sent),
      wire.roundTrip === null ? "–" : `${wire.roundTrip.toFixed(wire.roundTrip < 10 ? 2 : 0)} ms`, String(wire.queue)]
      .forEach((text, index) => { row.cells[index + 1].textContent = text; });
    row.cells[7].title = `${wire.queueBytes} bytes`;
  }

  /** @param {Wire} wire */
  choose(wire) {
    this.watched = wire.id;
    for (const row of byId("wire-rows", HTMLTableSectionElement).rows) {
      const isWatched = row.querySelector("button")?.dataset.wire === wire.id;
      row.classList.toggle("is-watched", isWatched);
      row.querySelector("button")?.setAttribute("aria-pressed", String(isWatched));
    }
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
