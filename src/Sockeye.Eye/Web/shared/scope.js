// A conversation that is looked at: its sequence diagram, search and plots above it, and the chosen event beside it. Where its events come from is the page's business.

import { counted, make } from "./dom.js";
import { Detail, makeDetail } from "./detail.js";
import { Events } from "./events.js";
import { Plots } from "./plots.js";
import { Sequence } from "./sequence.js";

/** @typedef {import("./types.js").Talk} Talk */

export class Scope {
  /** @type {Talk | null} */
  talk = null;
  events = new Events();
  /** Where the page's address answers about the conversation; null: it does not yet. @type {string | null} */
  base = null;
  #search = make("input", { id: "search", type: "search", placeholder: "Search bytes: GET or 0x0d0a  ( / )", autocomplete: "off", spellcheck: "false", autocapitalize: "off" });
  #said = make("p", { id: "search-said", class: "soft", role: "status" });
  #download = make("a", { id: "download", class: "quiet", download: true, "aria-label": "Download this conversation as pcapng", title: "For Wireshark: a file of packets, pcapng" }, "pcapng");

  /**
   * @param {object} page
   * @param {HTMLElement} page.place Where it is drawn: an empty element.
   * @param {HTMLElement} page.controls Where its buttons are.
   * @param {[value: string, label: string][]} page.shows Which events can be shown, and how that is called.
   */
  constructor({ place, controls, shows }) {
    const show = make("select", { id: "show" }, ...shows.map(([value, label]) => make("option", { value }, label)));
    const showPlots = make("button", { id: "show-plots", type: "button", class: "quiet", "aria-expanded": "false", "aria-controls": "plots" }, "Plots");
    const pause = make("button", { id: "pause", type: "button", class: "quiet", "aria-pressed": "false" }, "Pause");
    const plots = make("div", { id: "plots", class: "plots", tabindex: "0", role: "group", "aria-label": "Plots", hidden: true });
    const frame = make("div", { id: "diagram-frame", class: "diagram-frame" });
    controls.append(this.#download, showPlots, pause);
    place.classList.add("scope");
    place.append(
      make("div", { class: "tools" },
        make("label", { class: "hidden", for: "show" }, "Show"), show,
        make("form", { id: "search-form", role: "search", submit: submit => { submit.preventDefault(); this.#find(); } },
          make("label", { class: "hidden", for: "search" }, "Search in the bytes"), this.#search),
        this.#said),
      plots,
      make("div", { class: "split" }, frame, makeDetail()));
    this.detail = new Detail(this, () => this.leaveEvent());
    this.sequence = new Sequence({ place: frame, show, pause, chose: event => this.detail.show(event) });
    this.plots = new Plots(this, plots, showPlots);
    this.#search.addEventListener("input", () => { if (this.#search.value === "") this.#find(); });
  }

  get diagram() { return this.sequence.diagram; }

  /** Looks at a conversation. @param {Talk} talk @param {Events} events @param {string | null} base */
  open(talk, events, base) {
    [this.talk, this.events] = [talk, events];
    this.#search.value = this.detail.search = this.#said.textContent = "";
    this.detail.show(null);
    this.sequence.open(talk, events);
    this.answerAt(base);
  }

  /** The page's address answers about it there. @param {string | null} base */
  answerAt(base) {
    this.base = base;
    if (base === null) this.#download.removeAttribute("href");
    else this.#download.href = `${base}/pcapng`;
    this.plots.refresh();
  }

  /** Other facts of the same conversation. @param {Talk} talk */
  know(talk) { this.talk = talk; }

  /** There are more events. @param {boolean} anew Older ones have left. */
  more(anew) {
    if (this.talk) this.sequence.more(this.talk, anew);
    this.detail.refresh();
  }

  /** Leaves the chosen event; false: there is none. */
  leaveEvent() {
    if (this.diagram.chosen === null) return false;
    this.diagram.choose(null);
    this.diagram.focus();
    return true;
  }

  /** What is pressed anywhere on the page while it is shown; true: that was for it. @param {KeyboardEvent} key */
  press(key) {
    const isTyping = key.target instanceof HTMLInputElement || key.target instanceof HTMLSelectElement;
    if (key.ctrlKey || key.altKey || key.metaKey) return false;
    if (key.key === "/" && !isTyping) {
      key.preventDefault();
      this.#search.focus();
    } else if (key.key === "p" && !isTyping) {
      this.sequence.togglePause();
    } else if (key.key === "Escape" && isTyping) {
      this.diagram.focus();
    } else {
      return key.key === "Escape" && this.leaveEvent();
    }
    return true;
  }

  /** Finds the events that hold what is searched for: text, or 0x and hexadecimal digits. */
  async #find() {
    const text = this.#search.value.trim();
    this.detail.search = text;
    if (text === "" || this.base === null) {
      this.#said.textContent = "";
      this.diagram.mark(new Set());
      return;
    }
    const base = this.base;
    const query = /^0x[0-9a-f ]+$/i.test(text) ? `hex=${text.slice(2).replaceAll(" ", "")}` : `text=${encodeURIComponent(text)}`;
    const answer = await fetch(`${base}/search?${query}`);
    if (base !== this.base) return;
    if (!answer.ok) {
      this.#said.textContent = (await answer.text()).trim();
      return;
    }
    /** @type {{ matches: number[] }} */
    const { matches } = await answer.json();
    this.#said.textContent = matches.length === 0 ? "nowhere" : `in ${counted(matches.length, "event", "events")}; n and N go through them`;
    this.diagram.mark(new Set(matches));
    if (matches.length > 0) {
      this.diagram.focus();
      this.diagram.toMatch(1);
    }
  }
}
