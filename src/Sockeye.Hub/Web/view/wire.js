// The wire: connections to the hub as they are now, and what crosses one of them.

import { byId, keep, make } from "../shared/dom.js";
import { Sequence } from "../shared/sequence.js";
import { spark } from "../shared/spark.js";
import { age, size, span } from "../shared/text.js";
import { preview, sentence } from "../shared/words.js";
import { WireLog } from "../wire-log.js";
import { Rates } from "../rates.js";

/** @typedef {import("../types.js").Wire} Wire */
/** @typedef {import("../types.js").HubEvent} HubEvent */

const CHOOSE = "Choose a connection to watch it.";

/** Draws the connections, and the one that is watched as a sequence diagram. */
export class WireView {
  /** @type {string | null} */
  watched = null;

  /** @type {Map<string, Wire>} */
  #wires = new Map();

  #rates = new Rates();
  /** @type {WireLog | null} */
  #log = null;
  #place = byId("wire-diagram", HTMLElement);
  #show = byId("wire-show", HTMLSelectElement);
  #pause = byId("wire-pause", HTMLButtonElement);
  #sequence = new Sequence({ place: this.#place, show: this.#show, pause: this.#pause, chose: event => this.#tell(event) });

  /** @param {(id: string | null) => void} watch */
  constructor(watch) { this.watch = watch; }

  /** @param {Extract<HubEvent, { type: "wires" }>} event */
  draw(event) {
    const body = byId("wire-rows", HTMLTableSectionElement);
    this.#wires = new Map(event.wires.map(wire => [wire.id, wire]));
    this.#rates.hear(event.wires);
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
      make("td", { class: "number" }), make("td", { class: "number" }), make("td"), make("td", { class: "number" }), make("td", { class: "number" }));
  }

  /** @param {HTMLTableRowElement} row @param {Wire} wire */
  #fill(row, wire) {
    const [name, page] = row.cells[0].children;
    name.textContent = wire.who ?? "(no name yet)";
    name.setAttribute("aria-pressed", String(wire.id === this.watched));
    page.textContent = wire.page ? " · this page" : "";
    row.classList.toggle("is-watched", wire.id === this.watched);
    const texts = [wire.layer === null ? wire.door : `${wire.door}, ${wire.layer}`, wire.from, age(wire.seconds * 1000), size(wire.received), size(wire.sent)];
    texts.forEach((text, index) => { row.cells[index + 1].textContent = text; });
    row.cells[6].replaceChildren(spark(this.#rates.of(wire.id)));
    row.cells[7].textContent = wire.roundTrip === null ? "–" : span(wire.roundTrip);
    row.cells[8].textContent = String(wire.queue);
    row.cells[8].title = `${wire.queueBytes} bytes`;
  }

  /** @param {Wire} wire */
  choose(wire) {
    this.watched = wire.id;
    for (const row of byId("wire-rows", HTMLTableSectionElement).rows) {
      const isWatched = row.querySelector("button")?.dataset.wire === wire.id;
      row.classList.toggle("is-watched", isWatched);
      row.querySelector("button")?.setAttribute("aria-pressed", String(isWatched));
    }
    byId("wire-live-title", HTMLElement).textContent = `Live: ${wire.door}, ${wire.from}`
      + (wire.own ? "" : ". It is not yours: what is said on it is not shown.");
    this.#log = new WireLog(wire);
    this.#showDiagram(true);
    this.#sequence.diagram.name(wire.who ?? wire.from, "the hub");
    this.#sequence.open(this.#log.talk, this.#log.events);
    this.watch(wire.id);
  }

  /** The hub has begun anew with this page: nothing is watched any more. */
  reset() {
    if (this.watched === null) return;
    this.watched = this.#log = null;
    byId("wire-live-title", HTMLElement).textContent = CHOOSE;
    this.#showDiagram(false);
  }

  /** @param {Extract<HubEvent, { type: "wire" }>} event */
  add(event) {
    if (event.wire !== this.watched || !this.#log) return;
    const anew = this.#log.hear(event);
    this.#sequence.more(this.#log.talk, anew);
  }

  /** Leaves the event that is chosen; false: none is. */
  leaveEvent() {
    if (this.#sequence.diagram.chosen === null || this.#place.hidden) return false;
    this.#sequence.diagram.choose(null);
    return true;
  }

  /** @param {boolean} isShown */
  #showDiagram(isShown) {
    for (const part of [this.#place, this.#show, this.#pause]) part.hidden = !isShown;
    this.#tell(null);
  }

  /** The chosen event in words, with all that is shown of it. @param {import("../shared/types.js").WireEvent | null} event */
  #tell(event) {
    const line = byId("wire-chosen", HTMLElement);
    line.hidden = event === null;
    if (event && this.#log) line.replaceChildren(sentence({ ...event, said: undefined }, this.#log.talk, null), make("code", {}, preview(event)));
  }
}
