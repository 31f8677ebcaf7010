// The conversation that is shown, and where in it one looks.

import { byId, counted, keep } from "../shared/dom.js";
import { linesOf } from "./lines.js";
import { presenceOf } from "./side.js";

/** @typedef {import("../state.js").State} State */
/** @typedef {import("../conversation.js").Conversation} Conversation */

const NEAR_END_PX = 60;

/** Draws a conversation, and keeps what is looked at where it is. */
export class TalkView {
  #list = byId("messages", HTMLElement);
  #toLatest = byId("to-latest", HTMLElement);
  /** @type {number | null} */
  #conversation = null;
  /** The first number that was unread when the conversation was opened. */
  #unreadFrom = Infinity;
  #isAtEnd = true;
  /** Whether the line of what is new was looked for since the conversation was opened. */
  #isPlaced = false;

  /** @param {{ older: () => void, seen: () => void, again: (conversation: Conversation, key: string) => void, drop: (conversation: Conversation, key: string) => void }} actions */
  constructor(actions) {
    this.actions = actions;
    this.#list.addEventListener("scroll", () => this.#looked());
    // A phone's keyboard, or a message of many lines that is being written, takes room: the last message stays in sight.
    new ResizeObserver(() => { if (this.#isAtEnd) this.#scrollToEnd(); }).observe(this.#list);
    this.#toLatest.addEventListener("click", () => this.toEnd());
  }

  get isAtEnd() { return this.#isAtEnd; }

  /** To the latest message; what was new is so no longer. */
  toEnd() {
    this.#unreadFrom = Infinity;
    this.#isAtEnd = true;
    this.#scrollToEnd();
    this.#looked();
  }

  /** One screen up or down. @param {number} direction */
  page(direction) { this.#list.scrollBy({ top: direction * this.#list.clientHeight * 0.85 }); }

  /** @param {State} state */
  draw(state) {
    const conversation = state.shown;
    this.#drawHead(conversation, state.known.get(conversation?.other?.id ?? 0));
    if (!conversation) {
      this.#conversation = null;
      keep(this.#list, []);
      this.drawTyping(null);
      return;
    }
    if (this.#conversation !== conversation.id) {
      this.#conversation = conversation.id;
      this.#unreadFrom = Infinity;
      this.#isAtEnd = true;
      this.#isPlaced = false;
    }
    if (this.#unreadFrom === Infinity && conversation.unread > 0 && (!this.#isPlaced || document.hidden || !this.#isAtEnd)) this.#unreadFrom = conversation.read + 1;
    const anchor = this.#isAtEnd ? null : this.#anchor();
    keep(this.#list, linesOf(conversation, {
      me: state.me?.id ?? 0,
      unreadFrom: this.#unreadFrom,
      now: new Date(),
      again: key => this.actions.again(conversation, key),
      drop: key => this.actions.drop(conversation, key),
    }));
    if (this.#isAtEnd) this.#scrollToEnd();
    else if (anchor) this.#list.scrollTop += (this.#list.querySelector(`[data-number="${anchor.number}"]`)?.getBoundingClientRect().top ?? anchor.top) - anchor.top;
    if (!this.#isPlaced && conversation.messages.length > 0) this.#placeNew();
    this.#drawToLatest(conversation);
    this.drawTyping(conversation);
    if (this.#list.scrollHeight <= this.#list.clientHeight) this.actions.older();
  }

  /** @param {Conversation | null} conversation */
  drawTyping(conversation) {
    const names = conversation?.typingNames(Date.now()) ?? [];
    const text = names.length === 0 ? "" : names.length === 1 ? `${names[0]} is writing…` : names.length === 2 ? `${names[0]} and ${names[1]} are writing…` : "Several people are writing…";
    const line = byId("typing", HTMLElement);
    if (line.textContent !== text) line.textContent = text;
  }

  /** @param {Conversation | null} conversation @param {import("../types.js").Person | undefined} other */
  #drawHead(conversation, other) {
    const isRoom = conversation !== null && conversation.room !== null;
    const [, presence] = presenceOf(other);
    byId("title", HTMLElement).textContent = !conversation ? "No conversation" : isRoom ? `#${conversation.title}` : conversation.title;
    byId("subtitle", HTMLElement).textContent = !conversation ? "Find a room, or make one."
      : isRoom ? "" : `${presence && `${presence[0].toUpperCase()}${presence.slice(1)}. `}Only the two of you read this.`;
    byId("talk", HTMLElement).classList.toggle("is-direct", !isRoom);
    byId("leave", HTMLElement).hidden = !isRoom;
    const people = byId("show-people", HTMLElement);
    people.hidden = !isRoom;
    people.textContent = conversation && conversation.peopleCount <= 1 ? "Only you" : counted(conversation?.peopleCount ?? 0, "person", "people");
  }

  /** @param {Conversation} conversation */
  #drawToLatest(conversation) {
    this.#toLatest.hidden = this.#isAtEnd;
    this.#toLatest.textContent = conversation.unread > 0 ? `${counted(conversation.unread, "new message", "new messages")} ↓` : "Latest messages ↓";
  }

  #looked() {
    this.#isAtEnd = this.#list.scrollHeight - this.#list.scrollTop - this.#list.clientHeight < NEAR_END_PX;
    this.#toLatest.hidden = this.#isAtEnd;
    // A screen ahead, so that there is seldom anything to wait for.
    if (this.#list.scrollTop < this.#list.clientHeight) this.actions.older();
    if (this.#isAtEnd) this.actions.seen();
  }

  /** Begins where the unread begins, when that is more than fits. */
  #placeNew() {
    this.#isPlaced = true;
    const line = this.#list.querySelector(".row.new");
    if (!line) return;
    const above = line.getBoundingClientRect().top - this.#list.getBoundingClientRect().top;
    if (above >= 0) return;
    this.#list.scrollTop += above - this.#list.clientHeight / 5;
    this.#isAtEnd = false;
  }

  #scrollToEnd() { this.#list.scrollTop = this.#list.scrollHeight; }

  /** The first message in sight, and where it is. @returns {{ number: string, top: number } | null} */
  #anchor() {
    const top = this.#list.getBoundingClientRect().top;
    for (const element of this.#list.querySelectorAll(".message")) {
      const box = element.getBoundingClientRect();
      const number = element.getAttribute("data-number");
      if (number !== null && box.bottom > top) return { number, top: box.top };
    }
    return null;
  }
}
