// Throughput, round trip time and what is on the way, over the conversation's life. Drawn by uPlot, which stands in lib/.

import { make } from "./dom.js";
import { size, span } from "./text.js";

/** @typedef {import("./types.js").Plot} Plot */

/** @typedef {[label: string, color: string, values: (number | null)[]]} Series */
/** @typedef {[name: string, write: (value: number) => string, series: Series[]]} Chart */

const REFRESH_MS = 1000;
const HEIGHT = 112;

/** @type {Promise<typeof import("uplot")> | null} */
let loading = null;

/** uPlot, which is no module; once somebody looks at plots. @returns {Promise<typeof import("uplot")>} */
function load() {
  return loading ??= new Promise((resolve, reject) => {
    const script = make("script", { src: "/shared/lib/uPlot.iife.min.js" });
    script.addEventListener("load", () => resolve(/** @type {any} */ (globalThis).uPlot));
    script.addEventListener("error", () => { loading = null; reject(new Error("The page cannot be reached.")); });
    document.head.append(script);
  });
}

export class Plots {
  #box;
  #button;
  /** @type {import("uplot")[]} */
  #plots = [];
  /** @type {Plot | null} */
  #told = null;
  /** @type {typeof import("uplot") | null} */
  #uPlot = null;

  /** @param {import("./scope.js").Scope} scope @param {HTMLElement} box Where they are drawn. @param {HTMLButtonElement} button Shows them. */
  constructor(scope, box, button) {
    this.scope = scope;
    this.#box = box;
    this.#button = button;
    this.#button.addEventListener("click", () => this.toggle(this.#box.hidden));
    setInterval(() => { if (!this.#box.hidden && this.scope.talk?.endedAt === undefined) this.refresh(); }, REFRESH_MS);
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
    const base = this.scope.base;
    if (this.#box.hidden || base === null) return;
    const [answer, uPlot] = await Promise.all([fetch(`${base}/plot`), load()]).catch(() => []);
    if (!answer?.ok || !uPlot || base !== this.scope.base) return;
    this.#told = await answer.json();
    this.#uPlot = uPlot;
    this.#draw();
  }

  #width() { 
    const width = this.#box.clientWidth - 28;
    return Math.max(180, width > 700 ? Math.floor((width - 20) / 3) : width);
   }

  #draw() {
    const told = this.#told;
    const uPlot = this.#uPlot;
    if (!told || !uPlot || this.#box.hidden) return;
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
    this.#plots = charts.map(([name, write, series]) => this.#chart(uPlot, name, write, series, times));
  }

  /** @param {typeof import("uplot")} UPlot @param {string} name @param {(value: number) => string} write @param {Series[]} series @param {number[]} times */
  #chart(UPlot, name, write, series, times) {
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
