// What the page knows: the conversations, and the events of the one that is looked at.

import { Events } from "./shared/events.js";

/** @typedef {import("./types.js").Conversation} Conversation */

export class Model {
  /** @type {Map<number, Conversation>} */
  conversations = new Map();
  /** @type {number | null} */
  chosen = null;
  events = new Events();
  dropped = 0;
  forgotten = 0;
  #nowThere = 0;
  #nowHere = performance.now();

  /** The recorder's time, in ms. */
  now() { return this.#nowThere + performance.now() - this.#nowHere; }

  get conversation() { return this.chosen === null ? undefined : this.conversations.get(this.chosen); }

  /** @param {number | null} id */
  choose(id) {
    this.chosen = id;
    this.events = new Events();
  }

  /** @param {import("./types.js").ConversationsMessage} told */
  hearList(told) {
    [this.#nowThere, this.#nowHere] = [told.now, performance.now()];
    [this.dropped, this.forgotten] = [told.dropped, told.forgotten];
    for (const conversation of told.conversations) this.conversations.set(conversation.id, conversation);
    // The one that is looked at stays for as long as it is.
    for (const id of told.gone) if (id !== this.chosen) this.conversations.delete(id);
  }

  /** @param {import("./types.js").EventsMessage} told @returns {"new" | "anew" | null} Whether there are more, or the older ones left; null: they are of another conversation. */
  hearEvents(told) {
    if (told.conversation !== this.chosen) return null;
    return this.events.add(told.events, told.leftOut) ? "anew" : "new";
  }
}
