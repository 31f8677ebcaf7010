// Throughput, round trip time and what is on the way, over the conversation's life. Drawn by uPlot, which stands in lib/.

import { byId, make } from "../shared/dom.js";
import { size, span } from "../shared/text.js";

/** @typedef {import("../types.js").Plot} Plot */

/** @typedef {[label: string, color: string, values: (number | null)[]]} Series */
/** @typedef {[name: string, write: (value: number) => string, series: Series[]]} Chart */

const REFRESH_MS = 1000;
const HEIGHT = 112;

/** @type {typeof import("uplot")} */
const UPlot = /** @type {any} */ (globalThis).uPlot;

export class Plots {
  #box = byId("plots", HTMLElement);
  #button = byId("show-plots", HTMLButtonElement);
  /** @type {import("uplot")[]} */
  #plots = [];
  /** @type {Plot | null} */
  #told = null;

  /** @param {import("../model.js").Model} model */
  constructor(model) {
    this.model = model;
    this.#button.addEventListener("click", () => this.toggle(this.#box.hidden));
    setInterval(() => { if (!this.#box.hidden && this.model.conversation?.endedAt === undefined) this.refresh(); }, REFRESH_MS);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.#draw());
    new ResizeObserver(() => { for (const plot of this.#plots) plot.setSize({ width: this.#width(), height: HEIGHT }); }).observe(this.#box);
  }

  /** @param {boolean} open */
  toggle(open) {
    this.#box.hidden = !open;
    this.#button.setAttribute("aria-expanded", String(open));
    if (open) this.refresh();
  }

  async refresh() {
    const id = this.model.chosen;
    if (this.#box.hidden || id === null) return;
    const answer = await fetch(`/api/conversations/${id}/plot`).catch(() => null);
    if (!answer?.ok || id !== this.model.chosen) return;
    this.#told = await answer.json();
    this.#draw();
  }

  #width() { 
    const width = this.#box.clientWidth - 28;
    return Math.max(180, width > 700 ? Math.floor((width - 20) / 3) : width);
   }

  #draw() {
    const told = this.#told;
    if (!told || this.#box.hidden) return;
    const perSecond = 1000 / told.width;
    const times = told.up.map((_, i) => i * told.width / 1000);
    const rate = (/** @type {number[]} */ bytes) => bytes.map(each => each * perSecond);
    /** @type {Chart[]} */
    const charts = [
      ["Throughput", value => `${size(Math.round(value))}/s`, [["up", "--up", rate(told.up)], ["down", "--down", rate(told.down)]]],
      ["Round trip", value => span(value), [["client", "--up", told.clientRtt], ["server", "--down", told.serverRtt]]],
      ["Waiting to go out", value => size(Math.round(value)), [["bytes", "--accent", told.onTheWay]]],
    ];
    for (const plot of this.#plots) plot.destroy();
    this.#box.replaceChildren();
    this.#plots = charts.map(([name, write, series]) => this.#chart(name, write, series, times));
  }

  /** @param {string} name @param {(value: number) => string} write @param {Series[]} series @param {number[]} times */
  #chart(name, write, series, times) {
    const style = getComputedStyle(document.documentElement);
    const color = (/** @type {string} */ variable) => style.getPropertyValue(variable).trim();
    const axis = { stroke: color("--soft"), grid: { stroke: color("--line"), width: 1 }, ticks: { show: false }, font: "11px system-ui" };
    const last = series.map(([label, , values]) => `${label} ${write(values.findLast(value => value !== null) ?? 0)}`).join(", ");
    const box = make("figure", { role: "img", "aria-label": `${name} over time; last: ${last}` }, make("figcaption", { "aria-hidden": "true" }, name));
    this.#box.append(box);
    return new UPlot({
      width: this.#width(),
      height: HEIGHT,
      legend: { show: false },
      cursor: { show: false },
      padding: [6, 8, 0, 0],
      scales: { x: { time: false }, y: { range: (_plot, _low, high) => [0, Math.max(high, 1e-3) * 1.1] } },
      axes: [{ ...axis, size: 24, values: (_plot, values) => values.map(value => `${value} s`) }, { ...axis, size: 62, values: (_plot, values) => values.map(write) }],
      series: [{}, ...series.map(([label, variable]) => ({ label, stroke: color(variable), width: 1.5, points: { show: times.length < 3 }, spanGaps: true }))],
    }, /** @type {any} */ ([times, ...series.map(([, , values]) => values)]), box);
  }
}
