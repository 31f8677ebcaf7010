// The events of the conversation that is looked at, and what follows from them.

/** @typedef {import("./types.js").WireEvent} WireEvent */

/** Where the pieces of one direction end, as they were cut at one side. Ordered; a hole does no harm. */
export class Ends {
  /** @type {number[]} */
  offsets = [];

  /** @param {WireEvent} event */
  add(event) {
    const end = (event.offset ?? 0) + (event.length ?? 0);
    if (end > (this.offsets.at(-1) ?? -1)) this.offsets.push(end);
  }

  /** The ends behind `from` and before or at `to`. @param {number} from @param {number} to @returns {number[]} */
  between(from, to) {
    const found = [];
    for (let i = this.#after(from); i < this.offsets.length && this.offsets[i] <= to; i++) found.push(this.offsets[i]);
    return found;
  }

  /** How far it is known. */
  get last() { return this.offsets.at(-1) ?? 0; }

  /** @param {number} offset */
  #after(offset) {
    let low = 0;
    let high = this.offsets.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.offsets[middle] <= offset) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** @typedef {{ inner: number[], pieces: number, joinsPrevious: boolean, joinsNext: boolean, known: boolean }} Cut How one piece was cut where it went to. */

/** The most events that the page keeps of a conversation. */
const EVENTS_MAX = 100_000;

export class Events {
  /** @type {WireEvent[]} */
  all = [];
  leftOut = 0;
  /** By direction (1: from the client), where it came from and where it went to. */
  #sources = [new Ends(), new Ends()];
  #sinks = [new Ends(), new Ends()];

  /** @param {WireEvent[]} more @param {number} leftOut @returns {boolean} Whether older ones had to leave. */
  add(more, leftOut) {
    this.leftOut += leftOut;
    for (const event of more) {
      this.all.push(event);
      if (event.kind !== "data") continue;
      (event.atSource ? this.#sources : this.#sinks)[event.fromClient ? 1 : 0].add(event);
    }
    if (this.all.length <= EVENTS_MAX) return false;
    const leaving = this.all.length - EVENTS_MAX / 2;
    this.all.splice(0, leaving);
    this.leftOut += leaving;
    return true;
  }

  /** @param {boolean} fromClient */
  sources(fromClient) { return this.#sources[fromClient ? 1 : 0]; }
  /** @param {boolean} fromClient */
  sinks(fromClient) { return this.#sinks[fromClient ? 1 : 0]; }

  /** @param {number} index @returns {WireEvent | undefined} */
  find(index) {
    let low = 0;
    let high = this.all.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.all[middle].index < index) low = middle + 1;
      else high = middle;
    }
    return this.all[low]?.index === index ? this.all[low] : undefined;
  }

  /** @param {WireEvent} event @returns {Cut} */
  cut(event) {
    const from = event.offset ?? 0;
    const to = from + (event.length ?? 0);
    const ends = this.sinks(event.fromClient);
    const within = ends.between(from, to);
    const inner = within.filter(end => end < to);
    return {
      inner,
      pieces: inner.length + 1,
      joinsPrevious: from > 0 && ends.last > from && !ends.between(from - 1, from).includes(from),
      joinsNext: ends.last > to && !within.includes(to),
      known: ends.last > from,
    };
  }
}
