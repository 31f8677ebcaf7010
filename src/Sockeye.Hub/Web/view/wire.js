// The wire: connections to the hub as they are now, and what crosses one of them.

import { byId, keep, make } from "../shared/dom.js";
import { Scope } from "../shared/scope.js";
import { spark } from "../shared/spark.js";
import { stateMark } from "../shared/states.js";
import { age, size, span } from "../shared/text.js";
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
  #place = byId("wire-scope", HTMLElement);
  #controls = byId("wire-controls", HTMLElement);
  #scope = new Scope({
    place: this.#place,
    controls: this.#controls,
    shows: [
      ["main", "What was said, and closes"],
      ["data", "Only what was said"],
      ["up", "Only what came"],
      ["down", "Only what the hub said"],
      ["all", "Every event"],
    ],
  });

  /** @param {(id: string | null) => void} watch */
  constructor(watch) { this.watch = watch; }

  /** @param {Extract<HubEvent, { type: "wires" }>} event */
  draw(event) {
    const body = byId("wire-rows", HTMLTableSectionElement);
    // The one that is looked at stays for as long as it is.
    const last = this.watched === null ? undefined : this.#wires.get(this.watched);
    const wires = last && !event.wires.some(wire => wire.id === last.id) ? [...event.wires, { ...last, state: this.#log?.state ?? "closed" }] : event.wires;
    this.#wires = new Map(wires.map(wire => [wire.id, wire]));
    this.#rates.hear(wires);
    keep(body, wires.map(({ id }) => ({ key: id, signature: "", make: () => this.#makeRow(id) })));
    wires.forEach((wire, index) => this.#fill(body.rows[index], wire));
    const more = event.count - event.wires.length;
    byId("wire-subtitle", HTMLElement).textContent = (event.wires.every(wire => wire.own)
      ? "Your connections to this hub, as they are now." : `The ${event.count} connections to this hub, as they are now.`)
      + (more > 0 ? ` ${more} of them are not listed.` : "");
  }

  /** A row stays the same while what is in it changes: it may just be clicked. @param {string} id @returns {HTMLElement} */
  #makeRow(id) {
    const choose = () => { const wire = this.#wires.get(id); if (wire) this.choose(wire); };
    return make("tr", { click: choose },
      make("td", {}, make("button", { type: "button", "data-wire": id }), make("span")), make("td"), make("td"), make("td"), make("td"),
      make("td", { class: "number" }), make("td", { class: "number" }), make("td"), make("td", { class: "number" }), make("td", { class: "number" }));
  }

  /** @param {HTMLTableRowElement} row @param {Wire} wire */
  #fill(row, wire) {
    const [name, page] = row.cells[0].children;
    name.textContent = wire.who ?? "(no name yet)";
    name.setAttribute("aria-pressed", String(wire.id === this.watched));
    page.textContent = wire.page ? " · this page" : "";
    row.classList.toggle("is-watched", wire.id === this.watched);
    const [, door, from, state, aged, received, sent, rate, roundTrip, queue] = row.cells;
    door.textContent = wire.layer === null ? wire.door : `${wire.door}, ${wire.layer}`;
    from.textContent = wire.from;
    state.replaceChildren(stateMark(wire.state));
    aged.textContent = age(wire.seconds * 1000);
    received.textContent = size(wire.received);
    sent.textContent = size(wire.sent);
    rate.replaceChildren(spark(this.#rates.of(wire.id)));
    roundTrip.textContent = wire.roundTrip === null ? "–" : span(wire.roundTrip);
    queue.textContent = String(wire.queue);
    queue.title = `${wire.queueBytes} bytes`;
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
    this.#show(true);
    this.#scope.diagram.name(wire.who ?? wire.from, "the hub");
    this.#scope.open(this.#log.talk, this.#log.events, null);
    this.watch(wire.id);
  }

  /** The hub has begun anew with this page: nothing is watched any more. */
  reset() {
    if (this.watched === null) return;
    this.watched = this.#log = null;
    byId("wire-live-title", HTMLElement).textContent = CHOOSE;
    this.#show(false);
  }

  /** @param {Extract<HubEvent, { type: "wire" }>} event */
  add(event) {
    if (event.wire !== this.watched || !this.#log) return;
    const anew = this.#log.hear(event);
    this.#scope.more(anew);
    if (event.key) this.#scope.answerAt(`/api/wires/${event.key}`);
  }

  /** What is pressed while the wire is shown; true: that was for it. @param {KeyboardEvent} key */
  press(key) { return !this.#place.hidden && this.#scope.press(key); }

  /** @param {boolean} isShown */
  #show(isShown) {
    for (const part of [this.#place, this.#controls]) part.hidden = !isShown;
  }
}
