// What the page knows: conversations and their messages, as the hub tells of them. No DOM, no network.

import { Conversation } from "./conversation.js";

/** @typedef {import("./types.js").HubEvent} HubEvent */
/** @typedef {import("./types.js").Message} Message */
/** @typedef {import("./types.js").Member} Member */
/** @typedef {import("./types.js").Person} Person */
/** @typedef {import("./types.js").View} View */
/** @typedef {import("./types.js").Command} Command */
/** @typedef {import("./conversation.js").Pending} Pending */

const TYPING_MS = 4000;
const PAGE_MESSAGES = 100;
/** When more than this is missing, the latest messages are asked for instead of all that are missing: the rest is there on scrolling back. */
const CATCH_UP_MESSAGES_MAX = 300;

/** Everything, and what follows from an event: the commands to send are given back. */
export class State {
  /** @type {Member | null} */
  me = null;
  /** @type {string | null} */
  away = null;
  /** @type {Map<number, Conversation>} */
  conversations = new Map();
  /** @type {number | null} */
  current = null;
  historyCount = PAGE_MESSAGES;
  messageBytesMax = Infinity;
  /** The rooms there are, as far as was asked. @type {{ id: number, room: string, people: number }[]} */
  roomsThere = [];
  /** Who is here, as far as was asked. @type {Person[]} */
  peopleThere = [];

  /** @returns {Conversation | null} */
  get shown() { return this.current === null ? null : this.conversations.get(this.current) ?? null; }

  get rooms() { return [...this.conversations.values()].filter(c => c.room !== null).sort((a, b) => a.title.localeCompare(b.title)); }

  get directs() { return [...this.conversations.values()].filter(c => c.room === null).sort((a, b) => a.title.localeCompare(b.title)); }

  get unread() { return [...this.conversations.values()].reduce((sum, c) => sum + c.unread, 0); }

  /** Those whom this page talks with one to one; null: they are not here. @type {Map<number, Person | null>} */
  partners = new Map();

  /** Who is here, of those who share a room with this page or talk with it. @returns {Map<number, Person>} */
  get known() {
    const known = new Map([...this.conversations.values()].flatMap(c => c.people).map(person => [person.id, person]));
    for (const [id, partner] of this.partners) {
      if (partner) known.set(id, partner);
      else known.delete(id);
    }
    return known;
  }

  /**
   * Takes an event of the hub.
   * @param {HubEvent} event
   * @param {number} now Milliseconds.
   * @returns {Command[]} What to ask for because of it.
   */
  hear(event, now) {
    switch (event.type) {
      case "hello":
        this.historyCount = Math.min(PAGE_MESSAGES, event.historyMessagesMax);
        this.messageBytesMax = event.messageBytesMax;
        return [];
      case "named":
        return this.#named(event.me, event.conversations);
      case "joined": {
        const conversation = this.#know(event.room);
        conversation.people = event.people.some;
        conversation.peopleCount = event.people.count;
        this.current ??= conversation.id;
        return this.#catchUp(conversation);
      }
      case "direct":
        return this.#catchUp(this.#know(event.with));
      case "left":
        this.conversations.delete(event.room);
        if (this.current === event.room) this.current = this.rooms[0]?.id ?? null;
        return [];
      case "message":
        return this.#take(event);
      case "accepted": {
        const conversation = this.conversations.get(event.conversation.id);
        if (conversation) conversation.pending = conversation.pending.filter(p => p.key !== event.key);
        return this.#take(event);
      }
      case "refused":
        if (event.key) this.#refuse(event.key, event.text);
        if (event.tag) for (const conversation of this.conversations.values()) conversation.isFetching = conversation.isCatchingUp = false;
        return [];
      case "history":
        return this.#history(event);
      case "rooms":
        this.roomsThere = event.rooms;
        return [];
      case "people": {
        const conversation = event.people.room === undefined ? null : this.conversations.get(event.people.room);
        if (conversation) {
          conversation.people = event.people.some;
          conversation.peopleCount = event.people.count;
        } else {
          this.peopleThere = event.people.some;
        }
        return [];
      }
      case "entered":
        this.#came(event.room, event.who);
        return [];
      case "departed":
        this.#went(event.room, event.who);
        return [];
      case "changed":
        this.#changed(event.who, event.away, event.formerName);
        return [];
      case "partner":
        this.partners.set(event.who.id, event.here ? { id: event.who.id, name: event.who.name, away: event.away } : null);
        return [];
      case "read": {
        const conversation = this.conversations.get(event.conversation);
        if (!conversation) return [];
        conversation.read = Math.max(conversation.read, Math.min(event.number, conversation.last));
        conversation.marked = Math.max(conversation.marked, conversation.read);
        return [];
      }
      case "typing":
        (event.conversation === undefined ? this.directs.find(c => c.other?.id === event.who.id) : this.conversations.get(event.conversation))?.typing.set(event.who.id, { name: event.who.name, until: now + TYPING_MS });
        return [];
      case "behind":
        return [...this.conversations.values()].map(c => this.#after(c, c.lastNumber ?? c.last));
      case "owner":
      case "renamed":
        this.me = event.me;
        return [];
      case "password":
        if (this.me) this.me = { ...this.me, password: event.set };
        return [];
      default:
        return [];
    }
  }

  /** What is to be sent again after a connection was lost: the hub knows by its key what it has. @param {number} now @returns {Command[]} */
  resend(now) {
    return [...this.conversations.values()].flatMap(c => c.pending.filter(p => p.problem === null).map(p => this.#saying(c, p, now)));
  }

  /** Since when the hub owes an answer; null: it owes none. @returns {number | null} */
  get waitingSince() {
    const sent = [...this.conversations.values()].flatMap(c => c.pending).filter(p => p.problem === null && p.sentAt > 0).map(p => p.sentAt);
    return sent.length ? Math.min(...sent) : null;
  }

  /**
   * Says something in a conversation, the one that is shown unless told.
   * @param {string} text @param {string} key @param {number} now @param {Conversation | null} [conversation]
   * @returns {Command | null}
   */
  say(text, key, now, conversation = this.shown) {
    if (!conversation) return null;
    const pending = { key, text, problem: null, sentAt: 0 };
    conversation.pending.push(pending);
    return this.#saying(conversation, pending, now);
  }

  /** Says again what was refused. @param {Conversation} conversation @param {string} key @param {number} now @returns {Command | null} */
  again(conversation, key, now) {
    const pending = conversation.pending.find(p => p.key === key);
    if (!pending) return null;
    pending.problem = null;
    return this.#saying(conversation, pending, now);
  }

  /** Gives up what was refused. @param {Conversation} conversation @param {string} key @returns {string} What it was. */
  drop(conversation, key) {
    const text = conversation.pending.find(p => p.key === key)?.text ?? "";
    conversation.pending = conversation.pending.filter(p => p.key !== key);
    return text;
  }

  /** Everything in the conversation that is shown has been seen. @returns {Command | null} */
  markRead() {
    const conversation = this.shown;
    const last = conversation?.lastNumber ?? null;
    if (!conversation || last === null || last <= conversation.marked) return null;
    conversation.read = conversation.marked = last;
    return { type: "read", conversation: conversation.id, number: last };
  }

  /** What was said before what is here. @returns {Command | null} */
  older() {
    const conversation = this.shown;
    if (!conversation || conversation.isComplete || conversation.isFetching || !conversation.messages.length) return null;
    conversation.isFetching = true;
    return { type: "history", conversation: conversation.id, before: conversation.firstNumber, count: this.historyCount, tag: "before" };
  }

  /** @param {Conversation} conversation @param {Pending} pending @param {number} now @returns {Command} */
  #saying(conversation, pending, now) {
    pending.sentAt = now;
    return conversation.room !== null
      ? { type: "say", room: conversation.room, text: pending.text, key: pending.key }
      : { type: "tell", to: conversation.title, text: pending.text, key: pending.key };
  }

  /** @param {Member} me @param {View[]} views @returns {Command[]} */
  #named(me, views) {
    if (this.me && this.me.id !== me.id) {
      // Somebody else than before: what the other read is not theirs.
      this.conversations.clear();
      this.current = null;
    }
    this.me = me;
    this.partners.clear();
    const ids = new Set(views.map(view => view.conversation.id));
    for (const conversation of this.conversations.values()) {
      conversation.isFetching = conversation.isCatchingUp = false;
      if (!ids.has(conversation.id) && conversation.pending.length === 0) this.conversations.delete(conversation.id);
    }
    const commands = views.flatMap(view => this.#catchUp(this.#know(view)));
    if (this.current === null || !this.conversations.has(this.current)) this.current = this.rooms[0]?.id ?? null;
    return commands;
  }

  /** @param {View} view @returns {Conversation} */
  #know(view) {
    const id = view.conversation.id;
    const known = this.conversations.get(id);
    if (known) {
      known.rename(view.conversation, this.me?.id ?? 0);
      known.last = Math.max(known.last, view.last);
      known.read = Math.max(known.read, view.read);
      known.marked = Math.max(known.marked, view.read);
      return known;
    }
    const conversation = new Conversation(view, this.me?.id ?? 0);
    this.conversations.set(id, conversation);
    return conversation;
  }

  /** @param {Message} message @returns {Command[]} */
  #take(message) {
    const conversation = this.conversations.get(message.conversation.id)
      ?? this.#know({ conversation: message.conversation, last: message.number - 1, read: message.number - 1 });
    conversation.typing.delete(message.author.id);
    if (conversation.lastNumber === null && conversation.last !== message.number - 1) {
      conversation.last = Math.max(conversation.last, message.number);
      return this.#catchUp(conversation);
    }
    if (conversation.lastNumber === null && message.number === 1) conversation.isComplete = true;
    conversation.add([message]);
    if (conversation.id !== this.current) conversation.trim();
    // Whoever writes has read what was there.
    if (message.author.id === this.me?.id) conversation.read = Math.max(conversation.read, message.number);
    return this.#catchUp(conversation);
  }

  /** @param {Extract<HubEvent, { type: "history" }>} event @returns {Command[]} */
  #history(event) {
    const conversation = this.conversations.get(event.conversation);
    if (!conversation) return [];
    if (event.tag === "before" || event.tag === "latest") {
      conversation.isFetching = false;
      conversation.addBefore(event.messages);
      conversation.isComplete = !event.more;
    } else {
      conversation.isCatchingUp = false;
      conversation.add(event.messages);
      if (event.messages.length === 0) return [];
    }
    return this.#catchUp(conversation);
  }

  /** @param {Conversation} conversation @returns {Command[]} */
  #catchUp(conversation) {
    const have = conversation.lastNumber;
    if (have !== null && conversation.last - have > CATCH_UP_MESSAGES_MAX) conversation.forget();
    if (conversation.lastNumber === null) {
      if (conversation.last === 0) conversation.isComplete = true;
      if (conversation.last === 0 || conversation.isFetching) return [];
      conversation.isFetching = true;
      return [{ type: "history", conversation: conversation.id, count: this.historyCount, tag: "latest" }];
    }
    return conversation.hasGap && !conversation.isCatchingUp ? [this.#after(conversation, conversation.lastNumber)] : [];
  }

  /** @param {Conversation} conversation @param {number} number @returns {Command} */
  #after(conversation, number) {
    conversation.isCatchingUp = true;
    return { type: "history", conversation: conversation.id, after: number, count: this.historyCount, tag: "after" };
  }

  /** @param {string} key @param {string} problem */
  #refuse(key, problem) {
    for (const conversation of this.conversations.values()) {
      for (const pending of conversation.pending) if (pending.key === key) pending.problem = problem;
    }
  }

  /** @param {number} room @param {Member} who */
  #came(room, who) {
    const conversation = this.conversations.get(room);
    if (!conversation || conversation.people.some(p => p.id === who.id)) return;
    conversation.people.push({ id: who.id, name: who.name, away: null });
    conversation.peopleCount++;
    conversation.note({ who: who.name, kind: "came" });
  }

  /** @param {number} room @param {Member} who */
  #went(room, who) {
    const conversation = this.conversations.get(room);
    if (!conversation) return;
    conversation.people = conversation.people.filter(p => p.id !== who.id);
    conversation.peopleCount = Math.max(conversation.people.length, conversation.peopleCount - 1);
    conversation.typing.delete(who.id);
    conversation.note({ who: who.name, kind: "left" });
  }

  /** @param {Member} who @param {string | null} away @param {string | null} former */
  #changed(who, away, former) {
    if (who.id === this.me?.id) {
      this.me = who;
      this.away = away;
    }
    for (const conversation of this.conversations.values()) {
      if (conversation.other?.id === who.id) conversation.other = who;
      for (const person of conversation.people) {
        if (person.id !== who.id) continue;
        if (former && conversation.room !== null) conversation.note({ who: former, kind: "renamed", to: who.name });
        person.name = who.name;
        person.away = away;
      }
    }
  }
}
