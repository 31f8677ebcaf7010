// The chosen event: its bytes as text, as a dump, as frames, and how they were cut.

import { byId, make } from "./dom.js";
import { bytesOf, dump, isText, line, lines, hex, size, span } from "./text.js";
import { makeCuts } from "./cuts.js";
import { title, way } from "./words.js";

/** @typedef {import("./types.js").WireEvent} WireEvent */

const SHOWN_MAX = 64 * 1024;
const CODECS = ["lines", "resp", "http", "length:4", "length:2", "delimiter:%00", "fixed:16", "varint", "netstring", "jsonl", "slip", "cobs"];

export class Detail {
  #pane = byId("detail", HTMLElement);
  #panel = byId("panel", HTMLElement);
  #codec = byId("codec", HTMLInputElement);
  #tabs = /** @type {HTMLElement[]} */ ([...this.#pane.querySelectorAll("[role=tab]")]);
  /** @type {WireEvent | null} */
  #event = null;
  #shown = "text";
  #asked = 0;

  /** @param {import("./scope.js").Scope} scope @param {() => void} close */
  constructor(scope, close) {
    this.scope = scope;
    byId("detail-close", HTMLButtonElement).addEventListener("click", close);
    for (const tab of this.#tabs) tab.addEventListener("click", () => this.#choose(tab.dataset.panel ?? "text"));
    this.#pane.querySelector("[role=tablist]")?.addEventListener("keydown", event => {
      const key = /** @type {KeyboardEvent} */ (event);
      const step = key.key === "ArrowRight" ? 1 : key.key === "ArrowLeft" ? -1 : 0;
      if (step === 0) return;
      const at = this.#tabs.findIndex(tab => tab.dataset.panel === this.#shown);
      const next = this.#tabs[(at + step + this.#tabs.length) % this.#tabs.length];
      this.#choose(next.dataset.panel ?? "text");
      next.focus();
      key.preventDefault();
    });
    this.#codec.addEventListener("change", () => this.draw());
  }

  /** What is searched for is marked in the text. */
  search = "";

  /** @param {WireEvent | null} event */
  show(event) {
    this.#event = event;
    this.#pane.hidden = event === null;
    if (event) this.draw();
  }

  /** There are more events: how the chosen one was cut may be known by now. */
  refresh() { if (this.#event && this.#shown === "cuts") this.draw(); }

  /** @param {string} panel */
  #choose(panel) {
    this.#shown = panel;
    this.draw();
  }

  draw() {
    const [event, conversation] = [this.#event, this.scope.talk];
    if (!event || !conversation) return;
    const isData = event.kind === "data";
    const isCut = event.offset !== undefined;
    byId("detail-title", HTMLElement).textContent = isData ? `${size(event.length ?? 0)}, ${way(event)}` : title(event, conversation);
    const facts = [`after ${span(event.at - conversation.startedAt)}`];
    if (isData && isCut) facts.push(`bytes ${(event.offset ?? 0).toLocaleString("en")} to ${((event.offset ?? 0) + (event.length ?? 0)).toLocaleString("en")}`);
    else facts.push(way(event));
    if (event.hidden) facts.push("not shown");
    if (event.masked) facts.push(`${event.masked} masked`);
    if (event.unmasked) facts.push("shown without the WebSocket's mask");
    byId("detail-facts", HTMLElement).textContent = facts.join(" · ");
    for (const tab of this.#tabs) {
      const chosen = tab.dataset.panel === this.#shown;
      tab.setAttribute("aria-selected", String(chosen));
      tab.tabIndex = chosen ? 0 : -1;
    }
    this.#panel.setAttribute("aria-labelledby", `tab-${this.#shown}`);
    byId("codec-row", HTMLElement).hidden = this.#shown !== "frames" || !isShown(event);
    this.#fill(event);
  }

  /** @param {WireEvent} event */
  async #fill(event) {
    const asked = ++this.#asked;
    const content = await this.#make(event).catch(error => [make("p", { class: "problem" }, `It cannot be had: ${error.message}`)]);
    if (asked === this.#asked) this.#panel.replaceChildren(...content);
  }

  /** @param {WireEvent} event @returns {Promise<(Node | string)[]>} */
  async #make(event) {
    const conversation = this.scope.talk;
    const isSaid = event.kind === "data" || event.kind === "taken";
    if (!isSaid || !conversation) return [make("p", { class: "soft" }, explanations[event.kind] ?? "")];
    if (this.#shown === "cuts") return [makeCuts(event, this.scope.events, conversation)];
    if (event.repeat) return [make("p", { class: "soft" }, "These are the bytes that were seen at their source before; here they went out. Choose that event for what they say.")];
    if (!isShown(event)) return [make("p", { class: "soft" }, event.hidden ? explanations.hidden : explanations.received)];
    if (this.#shown === "frames") return this.#frames(event);
    const bytes = await this.#bytes(event);
    const part = bytes.subarray(0, SHOWN_MAX);
    const shown = this.#shown === "hex" ? [dump(part, event.offset ?? 0)] : isText(part) ? mark(lines(part), this.search) : [hex(part)];
    const pre = make("pre", {}, ...shown);
    const rest = bytes.length > SHOWN_MAX ? [make("p", { class: "soft" }, `The first ${size(SHOWN_MAX)} of ${size(bytes.length)}.`)] : [];
    return [pre, ...rest];
  }

  /** @param {WireEvent} event */
  async #bytes(event) {
    if ((event.length ?? 0) <= 64 && event.preview !== undefined) return bytesOf(event.preview);
    const answer = await fetch(`${this.scope.base}/events/${event.index}/bytes`);
    if (!answer.ok) throw new Error(await answer.text());
    return new Uint8Array(await answer.arrayBuffer());
  }

  /** @param {WireEvent} event @returns {Promise<Node[]>} */
  async #frames(event) {
    const answer = await fetch(`${this.scope.base}/frames?event=${event.index}&codec=${encodeURIComponent(this.#codec.value)}`);
    if (!answer.ok) return [make("p", { class: "problem", role: "alert" }, await answer.text())];
    /** @type {import("./types.js").Frames} */
    const told = await answer.json();
    const from = event.offset ?? 0;
    const to = from + (event.length ?? 0);
    const list = make("ol", { class: "frames" });
    for (const frame of told.frames) {
      const bytes = bytesOf(frame.preview);
      const notes = [];
      if (frame.offset < from) notes.push("began before");
      if (frame.offset + frame.length > to) notes.push("ends later");
      list.append(make("li", {}, make("b", {}, size(frame.length)), make("code", {}, isText(bytes) ? line(bytes) : hex(bytes)), notes.length > 0 ? make("span", { class: "chip cut" }, notes.join(", ")) : ""));
    }
    /** @type {Node[]} */
    const said = told.frames.length === 0 ? [make("p", { class: "soft" }, `No frame of ${told.codec} ends in it.`)] : [list];
    if (told.error) said.push(make("p", { class: told.error.startsWith("The last") ? "soft" : "problem" }, told.error));
    if (!told.fromBeginning) said.push(make("p", { class: "soft" }, `Read from byte ${told.start.toLocaleString("en")}: what was before is not kept any more.`));
    return said;
  }
}

/** The pane, empty. */
export function makeDetail() {
  const tab = (/** @type {string} */ panel, /** @type {string} */ label) =>
    make("button", { type: "button", role: "tab", id: `tab-${panel}`, "aria-controls": "panel", "data-panel": panel }, label);
  return make("section", { id: "detail", class: "detail", "aria-labelledby": "detail-title", hidden: true },
    make("header", { class: "detail-head" },
      make("h2", { id: "detail-title" }),
      make("button", { id: "detail-close", type: "button", class: "icon", "aria-label": "Close the event" }, "×")),
    make("p", { id: "detail-facts", class: "soft" }),
    make("div", { class: "tabs", role: "tablist", "aria-label": "How to show it" }, tab("text", "Text"), tab("hex", "Hex"), tab("frames", "Frames"), tab("cuts", "Cuts")),
    make("div", { id: "codec-row", class: "codec", hidden: true },
      make("label", { for: "codec" }, "Frames are"),
      make("input", { id: "codec", list: "codecs", value: "lines", autocomplete: "off", spellcheck: "false", autocapitalize: "off" }),
      make("datalist", { id: "codecs" }, ...CODECS.map(codec => make("option", {}, codec)))),
    make("div", { id: "panel", role: "tabpanel", tabindex: "0", "aria-labelledby": "tab-text" }));
}

/** @type {Record<string, string>} */
const explanations = {
  opened: "The first that was heard of this conversation.",
  connecting: "The three-way handshake of TCP begins: SYN.",
  connected: "The connection is made: SYN, SYN+ACK, ACK.",
  handshaking: "From here on the bytes on the wire belong to this protocol; what is shown as said is what it carries.",
  handshaken: "Both have agreed; what was agreed on stands in the title.",
  ended: "This side says no more, and may still listen: shutdown, a FIN on the wire.",
  reset: "The connection was cut off: what was on its way is lost.",
  faulted: "It went wrong on purpose: the plan of the faults says so.",
  closed: "A socket of the conversation was closed.",
  finished: "Nothing more will be told of it.",
  watched: "What was before is not known.",
  hidden: "What it says is not shown: it may hold a secret, or the connection is not yours.",
  received: "What came is shown as what was made of it: see the events “taken as one” behind this one.",
};

/** Whether what it says can be asked for. @param {WireEvent} event */
function isShown(event) { return !event.hidden && (event.preview !== undefined || event.said !== undefined); }

/** Text with what is searched for marked. @param {string} text @param {string} search @returns {(Node | string)[]} */
function mark(text, search) {
  if (!search || search.startsWith("0x")) return [text];
  const parts = [];
  const lower = text.toLowerCase();
  const wanted = search.toLowerCase();
  let at = 0;
  for (let found = lower.indexOf(wanted); found >= 0; found = lower.indexOf(wanted, at)) {
    parts.push(text.slice(at, found), make("mark", {}, text.slice(found, found + wanted.length)));
    at = found + wanted.length;
  }
  return [...parts, text.slice(at)];
}
