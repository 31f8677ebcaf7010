// How many bytes crossed each connection in each of the last seconds, from totals that are told once a second.

/** @typedef {import("./types.js").Wire} Wire */

const SECONDS = 30;

export class Rates {
  /** @type {Map<string, { total: number, second: number, rate: number[] }>} */
  #known = new Map();

  /** @param {Wire[]} wires */
  hear(wires) {
    const before = this.#known;
    this.#known = new Map(wires.map(wire => {
      const total = wire.received + wire.sent;
      const second = Math.floor(wire.seconds);
      const known = before.get(wire.id) ?? { total, second, rate: new Array(SECONDS).fill(0) };
      const passed = Math.min(SECONDS, Math.max(0, second - known.second));
      const rate = [...known.rate.slice(passed), ...new Array(passed).fill(0)];
      rate[SECONDS - 1] += total - known.total;
      return [wire.id, { total, second, rate }];
    }));
  }

  /** The bytes of each of the last seconds, the present one last. @param {string} id */
  of(id) { return this.#known.get(id)?.rate ?? new Array(SECONDS).fill(0); }
}
