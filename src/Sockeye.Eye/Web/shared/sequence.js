// The sequence diagram with what is above it: which events it shows, and whether it stands still.

import { announce } from "./dom.js";
import { Diagram } from "./diagram.js";

/** @typedef {import("./types.js").Talk} Talk */
/** @typedef {import("./types.js").WireEvent} WireEvent */
/** @typedef {import("./events.js").Events} Events */

export class Sequence {
  /** @type {Talk | null} */
  #talk = null;
  /** @type {Events | null} */
  #events = null;
  #drawn = 0;
  #isPaused = false;

  /**
   * @param {object} page
   * @param {HTMLElement} page.place
   * @param {HTMLSelectElement} page.show
   * @param {HTMLButtonElement} page.pause
   * @param {(event: WireEvent | null) => void} page.chose
   */
  constructor({ place, show, pause, chose }) {
    this.show = show;
    this.pause = pause;
    this.diagram = new Diagram(place, chose);
    show.addEventListener("change", () => this.#drawAll());
    pause.addEventListener("click", () => this.#setPaused(!this.#isPaused));
  }

  /** Shows another conversation, or the same from its beginning. @param {Talk} talk @param {Events} events */
  open(talk, events) {
    [this.#talk, this.#events] = [talk, events];
    this.#drawAll();
    this.#setPaused(false);
  }

  /** There are more events. @param {Talk} talk As it is now. @param {boolean} anew Older ones have left. */
  more(talk, anew) {
    this.#talk = talk;
    if (anew) this.#drawAll();
    else if (this.#isPaused) this.pause.textContent = `Go on (${(this.#events?.all.length ?? 0) - this.#drawn} new)`;
    else this.#drawNew();
  }

  togglePause() {
    this.#setPaused(!this.#isPaused);
    announce(this.#isPaused ? "Paused" : "Going on");
  }

  /** @param {boolean} paused */
  #setPaused(paused) {
    this.#isPaused = paused;
    this.pause.setAttribute("aria-pressed", String(paused));
    this.pause.textContent = paused ? "Go on" : "Pause";
    if (!paused) this.#drawNew();
  }

  /** What came since it was drawn last. */
  #drawNew() {
    if (!this.#talk || !this.#events) return;
    this.diagram.add(this.#talk, this.#events.all.slice(this.#drawn));
    this.#drawn = this.#events.all.length;
  }

  /** All there are, as if they came now. */
  #drawAll() {
    if (!this.#talk || !this.#events) return;
    this.#drawn = this.#events.all.length;
    this.diagram.show(this.#talk, this.#events, this.show.value);
  }
}
