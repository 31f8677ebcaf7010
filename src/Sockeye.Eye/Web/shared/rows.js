// Which events the diagram shows, and where: gaps in time are gaps on the screen, to scale, and long silences are compressed.

/** @typedef {import("./types.js").WireEvent} WireEvent */
/** @typedef {{ event: WireEvent, top: number, gap: number, gapHeight: number, compressed: boolean }} Row `gap`: ms before it. */

export const ROW_HEIGHT = 38;
const PIXELS_PER_MS = 0.08;
const GAP_MAX = 48;

/** @param {WireEvent} event */
function isSaid(event) { return (event.kind === "data" && !event.repeat) || event.kind === "taken"; }

/** @type {Record<string, (event: WireEvent) => boolean>} */
const shown = {
  main: event => !event.repeat && event.kind !== "encrypted" && event.kind !== "frame",
  data: isSaid,
  up: event => isSaid(event) && event.fromClient,
  down: event => isSaid(event) && !event.fromClient,
  all: () => true,
};

export class Rows {
  /** @type {Row[]} */
  all = [];
  height = 0;

  /** @param {string} what */
  constructor(what) { this.isShown = shown[what] ?? shown.main; }

  /** @param {WireEvent[]} events */
  add(events) {
    for (const event of events) {
      if (!this.isShown(event)) continue;
      const before = this.all.at(-1);
      const gap = before ? event.at - before.event.at : 0;
      const wanted = gap * PIXELS_PER_MS;
      const gapHeight = Math.round(Math.min(wanted, GAP_MAX));
      this.all.push({ event, top: this.height + gapHeight, gap, gapHeight, compressed: wanted > GAP_MAX });
      this.height += gapHeight + ROW_HEIGHT;
    }
  }

  /** The first row that ends below a height. @param {number} y @returns {number} */
  at(y) {
    let low = 0;
    let high = this.all.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.all[middle].top + ROW_HEIGHT <= y) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Where an event is, or the next that is shown. @param {number} index */
  of(index) {
    let low = 0;
    let high = this.all.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.all[middle].event.index < index) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
