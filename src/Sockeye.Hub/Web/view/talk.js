// The conversation that is shown.

import { byId, make, mark, withLinks } from "./dom.js";

/** @typedef {import("../state.js").State} State */
/** @typedef {import("../state.js").Conversation} Conversation */
/** @typedef {import("../types.js").Message} Message */

const TOGETHER_MS = 5 * 60 * 1000;
const NEAR_END_PX = 80;

const clock = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit" });
const day = new Intl.DateTimeFormat(undefined, { weekday: "long", day: "numeric", month: "long", year: "numeric" });

/** Draws a conversation, and keeps what is looked at where it is. */
export class TalkView {
  #list = byId("messages", HTMLElement);
  /** @type {number | null} */
  #conversation = null;
  /** The first number that was unread when the conversation was opened. */
  #unreadFrom = Infinity;
  #isAtEnd = true;

  /** @param {{ older: () => void, seen: () => void, again: (conversation: Conversation, key: string) => void }} actions */
  constructor(actions) {
    this.actions = actions;
    this.#list.addEventListener("scroll", () => {
      this.#isAtEnd = this.#list.scrollHeight - this.#list.scrollTop - this.#list.clientHeight < NEAR_END_PX;
      byId("to-latest", HTMLElement).hidden = this.#isAtEnd;
      if (this.#list.scrollTop < NEAR_END_PX) actions.older();
      if (this.#isAtEnd) actions.seen();
    });
    byId("to-latest", HTMLElement).addEventListener("click", () => this.toEnd());
  }

  get isAtEnd() { return this.#isAtEnd; }

  toEnd() { this.#list.scrollTop = this.#list.scrollHeight; }

  /** @param {State} state */
  draw(state) {
    const conversation = state.shown;
    byId("title", HTMLElement).textContent = conversation ? (conversation.room === null ? conversation.title : `#${conversation.title}`) : "No conversation";
    byId("subtitle", HTMLElement).textContent = !conversation ? "Join a room on the left."
      : conversation.room === null ? "Only the two of you read this."
      : conversation.peopleCount === 1 ? "You are alone here." : `${conversation.peopleCount} people`;
    byId("leave", HTMLElement).hidden = conversation?.room == null;
    byId("show-people", HTMLElement).hidden = conversation?.room == null;
    if (!conversation) {
      this.#list.replaceChildren();
      return;
    }
    if (this.#conversation !== conversation.id) {
      this.#conversation = conversation.id;
      this.#unreadFrom = conversation.unread > 0 ? conversation.read + 1 : Infinity;
      this.#isAtEnd = true;
    }
    const fromEnd = this.#list.scrollHeight - this.#list.scrollTop;
    this.#list.replaceChildren(...this.#lines(conversation, state.me?.id ?? 0));
    this.#list.scrollTop = this.#isAtEnd ? this.#list.scrollHeight : this.#list.scrollHeight - fromEnd;
    this.drawTyping(conversation);
  }

  /** @param {Conversation | null} conversation */
  drawTyping(conversation) {
    const names = conversation?.typingNames(Date.now()) ?? [];
    byId("typing", HTMLElement).textContent = names.length === 0 ? "" : names.length === 1 ? `${names[0]} is writing…` : names.length === 2 ? `${names[0]} and ${names[1]} are writing…` : "Several people are writing…";
  }

  /** @param {Conversation} conversation @param {number} me @returns {Node[]} */
  #lines(conversation, me) {
    /** @type {Node[]} */
    const lines = [];
    if (conversation.isComplete) lines.push(make("p", { class: "note" }, conversation.room === null ? `This is where you and ${conversation.title} began.` : `This is where #${conversation.title} began.`));
    /** @type {Message | null} */
    let before = null;
    let note = 0;
    for (const message of conversation.messages) {
      const at = new Date(message.at);
      if (!before || new Date(before.at).toDateString() !== at.toDateString()) {
        lines.push(make("h2", { class: "day" }, make("time", { datetime: message.at }, day.format(at))));
        before = null;
      }
      if (message.number === this.#unreadFrom) {
        lines.push(make("div", { class: "unread-line", role: "separator" }, "New"));
        before = null;
      }
      lines.push(this.#line(message, before, me));
      before = message;
      for (; note < conversation.notes.length && conversation.notes[note].after <= message.number; note++) {
        if (conversation.notes[note].after < message.number) continue;
        lines.push(make("p", { class: "note" }, conversation.notes[note].text));
        before = null;
      }
    }
    for (; note < conversation.notes.length; note++) lines.push(make("p", { class: "note" }, conversation.notes[note].text));
    for (const pending of conversation.pending) lines.push(this.#pendingLine(conversation, pending));
    return lines;
  }

  /** @param {Message} message @param {Message | null} before @param {number} me @returns {HTMLElement} */
  #line(message, before, me) {
    const at = new Date(message.at);
    const isFirst = !before || before.author.id !== message.author.id || at.getTime() - new Date(before.at).getTime() > TOGETHER_MS;
    const line = make("article", { class: `message${isFirst ? " first" : ""}${message.author.id === me ? " own" : ""}`, "data-number": String(message.number) });
    const time = make("time", { datetime: message.at, title: at.toLocaleString() }, clock.format(at));
    line.append(isFirst ? mark(message.author.name) : make("span"), make("div", {},
      isFirst ? make("div", { class: "head" }, make("b", {}, message.author.name), time) : make("span", { class: "hidden" }, `${message.author.name}: `),
      make("div", { class: "body" }, ...withLinks(message.text))));
    return line;
  }

  /** @param {Conversation} conversation @param {import("../state.js").Pending} pending @returns {HTMLElement} */
  #pendingLine(conversation, pending) {
    const line = make("article", { class: `message own first${pending.problem ? " failed" : ""}` }, make("span"), make("div", {}, make("div", { class: "body" }, pending.text)));
    const state = make("div", { class: "state" }, pending.problem ?? "Sending…");
    if (pending.problem) state.append(" ", make("button", { type: "button", click: () => this.actions.again(conversation, pending.key) }, "Try again"));
    line.append(state);
    return line;
  }
}
