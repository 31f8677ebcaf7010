// The table of connections.

import { byId, counted, keep, make } from "../shared/dom.js";
import { age, size, span } from "../shared/text.js";
import { lately, spark } from "../shared/spark.js";
import { stateMark, stateWords } from "../shared/states.js";

/** @typedef {import("../types.js").Conversation} Conversation */

/** The other party's round trip, whichever is known. @param {Conversation} conversation */
function roundTrip(conversation) {
  const [client, server] = [conversation.clientRtt, conversation.serverRtt];
  if (client !== undefined && server !== undefined) return `${span(client)} / ${span(server)}`;
  const one = client ?? server;
  return one === undefined ? "" : span(one);
}

export class List {
  #rows = byId("rows", HTMLTableSectionElement);
  #filter = byId("list-filter", HTMLInputElement);
  #count = byId("list-count", HTMLElement);
  #empty = byId("list-empty", HTMLElement);

  /** @param {import("../model.js").Model} model @param {(id: number) => void} open */
  constructor(model, open) {
    this.model = model;
    this.open = open;
    this.#filter.addEventListener("input", () => this.draw());
    this.#rows.addEventListener("click", click => {
      const row = click.target instanceof Element ? click.target.closest("tr") : null;
      if (row instanceof HTMLElement) open(Number(row.dataset.id));
    });
    byId("list-scroll", HTMLElement).addEventListener("keydown", key => this.#press(key));
  }

  draw() {
    const terms = this.#filter.value.toLowerCase().split(/\s+/).filter(Boolean);
    const all = [...this.model.conversations.values()];
    const found = all.filter(each => terms.every(term => this.#words(each).includes(term))).sort((a, b) => b.id - a.id);
    this.#count.textContent = terms.length > 0 ? `${found.length} of ${counted(all.length, "connection", "connections")}` : counted(all.length, "connection", "connections");
    this.#empty.hidden = found.length > 0;
    this.#empty.textContent = all.length > 0 ? "None of them has that." : "Nothing has come yet. What connects shows here at once.";
    const second = Math.floor(this.model.now() / 1000);
    keep(this.#rows, found.map(each => ({
      key: String(each.id),
      signature: JSON.stringify([each.state, each.up, each.down, each.client, each.server, each.clientRtt, each.serverRtt, each.retransmits, each.layer, this.#age(each), this.#seconds(each, second), each.id === this.model.chosen]),
      make: () => this.#row(each, second),
    })));
  }

  /** What a filter finds it by. @param {Conversation} each */
  #words(each) {
    return `#${each.id} ${each.client ?? ""} ${each.door ?? ""} ${each.server ?? ""} ${stateWords[each.state]} ${each.layer ?? ""} ${each.type}`.toLowerCase();
  }

  /** @param {Conversation} each */
  #age(each) { return age((each.endedAt ?? this.model.now()) - each.startedAt); }

  /** The line moves only while there is something on it. @param {Conversation} each @param {number} second */
  #seconds(each, second) { return second - each.rateSecond < each.rate.length ? second : -1; }

  /** @param {Conversation} each @param {number} second */
  #row(each, second) {
    const chosen = each.id === this.model.chosen;
    const row = make("tr", { class: [each.state, chosen ? "chosen" : ""].filter(Boolean).join(" ") },
      make("td", { class: "number id" }, String(each.id)),
      make("td", { class: "from" }, make("button", { type: "button", class: "peer", "aria-current": chosen ? "true" : "false" }, each.client ?? "without a name")),
      make("td", { class: "wide" }, each.relayed || each.client === null ? each.door ?? "" : ""),
      make("td", { class: "wide" }, each.server ?? each.door ?? ""),
      make("td", {}, stateMark(each.state), each.layer ? make("span", { class: "chip" }, each.layer) : ""),
      make("td", { class: "number wide" }, this.#age(each)),
      make("td", { class: "number" }, size(each.up)),
      make("td", { class: "number" }, size(each.down)),
      make("td", { class: "wide" }),
      make("td", { class: "number wide" }, roundTrip(each)),
      make("td", { class: `number wide${each.retransmits ? " problem" : ""}` }, each.retransmits === undefined ? "" : String(each.retransmits)));
    row.children[8].append(spark(lately(each, second)));
    row.dataset.id = String(each.id);
    return row;
  }

  /** @param {KeyboardEvent} key */
  #press(key) {
    const step = key.key === "ArrowDown" || key.key === "j" ? 1 : key.key === "ArrowUp" || key.key === "k" ? -1 : 0;
    if (step === 0 || key.ctrlKey || key.altKey || key.metaKey) return;
    const buttons = [...this.#rows.querySelectorAll("button.peer")];
    if (buttons.length === 0) return;
    const at = document.activeElement ? buttons.indexOf(document.activeElement) : -1;
    const next = buttons[Math.max(0, Math.min(buttons.length - 1, at + step))];
    if (next instanceof HTMLElement) next.focus();
    key.preventDefault();
  }
}
