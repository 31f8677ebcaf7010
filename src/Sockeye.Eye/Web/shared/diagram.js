// The sequence diagram: only the rows that can be seen are in the document, however many there are.

import { announce, make } from "./dom.js";
import { Rows, ROW_HEIGHT } from "./rows.js";
import { makeRow } from "./row.js";

/** @typedef {import("./types.js").Talk} Talk */
/** @typedef {import("./types.js").WireEvent} WireEvent */

const BEYOND = 12;
const NEAR_END = 40;

export class Diagram {
  #canvas = make("div", { class: "canvas", role: "presentation" });
  #frame = make("div", { id: "diagram", class: "diagram", tabindex: "0", role: "listbox", "aria-label": "Sequence of events: arrow keys or j and k go through them" }, this.#canvas);
  #toLatest = make("button", { type: "button", class: "to-latest", hidden: true }, "Latest ↓");
  #client = make("p", { class: "party-client" });
  #server = make("p", { class: "party-server" });
  #rows = new Rows("main");
  /** @type {Talk | null} */
  #conversation = null;
  /** @type {import("./events.js").Events | null} */
  #events = null;
  /** @type {number | null} */
  #chosen = null;
  /** @type {Set<number>} */
  #matches = new Set();
  #follows = true;
  #isDrawing = false;

  /** @param {HTMLElement} place Where it is drawn: an empty element. @param {(event: WireEvent | null) => void} chose */
  constructor(place, chose) {
    this.chose = chose;
    place.append(make("div", { class: "parties", "aria-hidden": "true" }, this.#client, this.#server), this.#frame, this.#toLatest);
    this.#frame.addEventListener("scroll", () => {
      this.#follows = this.#isAtEnd();
      this.draw();
    }, { passive: true });
    this.#canvas.addEventListener("click", click => {
      const row = click.target instanceof Element ? click.target.closest(".event") : null;
      if (row instanceof HTMLElement) this.choose(Number(row.dataset.index));
    });
    this.#frame.addEventListener("keydown", key => this.#press(key));
    this.#toLatest.addEventListener("click", () => { this.toEnd(); this.#frame.focus(); });
    new ResizeObserver(() => this.draw()).observe(this.#frame);
  }

  /** Who stands at the life lines. @param {string} client @param {string} server */
  name(client, server) { [this.#client.textContent, this.#server.textContent] = [client, server]; }

  /** @param {Talk} conversation @param {import("./events.js").Events} events @param {string} what */
  show(conversation, events, what) {
    const stays = this.#conversation?.id === conversation.id;
    [this.#conversation, this.#events, this.#rows] = [conversation, events, new Rows(what)];
    if (!stays) [this.#chosen, this.#matches, this.#follows] = [null, new Set(), true];
    this.#rows.add(events.all);
    this.draw();
    if (stays && this.#chosen !== null) this.#reveal(this.#rows.of(this.#chosen));
  }

  /** What came since. @param {Talk} conversation @param {WireEvent[]} more */
  add(conversation, more) {
    this.#conversation = conversation;
    this.#rows.add(more);
    this.draw();
  }

  /** @param {Set<number>} matches */
  mark(matches) {
    this.#matches = matches;
    this.draw();
  }

  get chosen() { return this.#chosen; }

  focus() { this.#frame.focus({ preventScroll: true }); }

  toEnd() {
    this.#follows = true;
    this.draw();
  }

  /** Chooses an event, by its index. @param {number | null} index */
  choose(index) {
    this.#chosen = index;
    const event = index === null ? undefined : this.#events?.find(index);
    if (event) this.#reveal(this.#rows.of(event.index));
    this.draw();
    this.chose(event ?? null);
  }

  /** The next match, or the one before; they go round. @param {number} step */
  toMatch(step) {
    const found = [...this.#matches].filter(index => this.#events?.find(index)).sort((a, b) => a - b);
    if (found.length === 0) return;
    const at = this.#chosen ?? -1;
    const next = step > 0 ? found.find(index => index > at) ?? found[0] : found.findLast(index => index < at) ?? found.at(-1);
    this.choose(next ?? null);
    announce(`Match ${found.indexOf(next ?? 0) + 1} of ${found.length}`);
  }

  /** Goes through the rows. @param {number} step */
  move(step) {
    const rows = this.#rows.all;
    if (rows.length === 0) return;
    const from = this.#chosen === null ? (step > 0 ? -1 : rows.length) : this.#rows.of(this.#chosen);
    const to = Math.max(0, Math.min(rows.length - 1, from + step));
    this.choose(rows[to].event.index);
  }

  draw() {
    if (this.#isDrawing) return;
    this.#isDrawing = true;
    requestAnimationFrame(() => { this.#isDrawing = false; this.#draw(); });
  }

  #draw() {
    if (!this.#conversation || !this.#events) return;
    const rows = this.#rows.all;
    this.#canvas.style.height = `${this.#rows.height + ROW_HEIGHT / 2}px`;
    if (this.#follows) this.#frame.scrollTop = this.#frame.scrollHeight;
    const first = Math.max(0, this.#rows.at(this.#frame.scrollTop) - BEYOND);
    const last = Math.min(rows.length, this.#rows.at(this.#frame.scrollTop + this.#frame.clientHeight) + BEYOND);
    const made = [];
    for (let i = first; i < last; i++) {
      const row = rows[i];
      const chosen = row.event.index === this.#chosen;
      made.push(makeRow(row, { conversation: this.#conversation, events: this.#events, chosen, matches: this.#matches.has(row.event.index) }, i + 1, rows.length));
    }
    this.#canvas.replaceChildren(...made);
    const isThere = made.some(row => row.id === `event-${this.#chosen}`);
    if (isThere) this.#frame.setAttribute("aria-activedescendant", `event-${this.#chosen}`);
    else this.#frame.removeAttribute("aria-activedescendant");
    this.#toLatest.hidden = this.#follows || this.#isAtEnd();
    this.#frame.dataset.rows = String(rows.length);
  }

  #isAtEnd() { return this.#frame.scrollTop + this.#frame.clientHeight >= this.#frame.scrollHeight - NEAR_END; }

  /** @param {number} position */
  #reveal(position) {
    const row = this.#rows.all[position];
    if (!row) return;
    const top = row.top - 12;
    const bottom = row.top + ROW_HEIGHT + 12;
    this.#canvas.style.height = `${this.#rows.height + ROW_HEIGHT / 2}px`;
    if (top < this.#frame.scrollTop) this.#frame.scrollTop = top;
    else if (bottom > this.#frame.scrollTop + this.#frame.clientHeight) this.#frame.scrollTop = bottom - this.#frame.clientHeight;
    this.#follows = position === this.#rows.all.length - 1;
  }

  /** @param {KeyboardEvent} key */
  #press(key) {
    if (key.ctrlKey || key.altKey || key.metaKey) return;
    const page = Math.max(1, Math.floor(this.#frame.clientHeight / ROW_HEIGHT) - 1);
    /** @type {Record<string, () => void>} */
    const acts = {
      ArrowDown: () => this.move(1),
      j: () => this.move(1),
      ArrowUp: () => this.move(-1),
      k: () => this.move(-1),
      PageDown: () => this.move(page),
      PageUp: () => this.move(-page),
      Home: () => this.move(-Infinity),
      End: () => this.move(Infinity),
      n: () => this.toMatch(1),
      N: () => this.toMatch(-1),
    };
    if (!acts[key.key]) return;
    key.preventDefault();
    acts[key.key]();
  }
}
