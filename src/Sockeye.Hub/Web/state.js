// What the page knows: conversations and their messages, as the hub tells of them. No DOM, no network.

/** @typedef {import("./types.js").HubEvent} HubEvent */
/** @typedef {import("./types.js").Message} Message */
/** @typedef {import("./types.js").Member} Member */
/** @typedef {import("./types.js").Person} Person */
/** @typedef {import("./types.js").View} View */
/** @typedef {import("./types.js").ConversationName} ConversationName */
/** @typedef {import("./types.js").Command} Command */

/** @typedef {{ key: string, text: string, problem: string | null }} Pending */

const TYPING_MS = 4000;

/** One conversation as the page has it: a run of messages without gaps, which ends at the latest one that was heard of. */
export class Conversation {
  /** @type {Message[]} */
  messages = [];
  /** @type {Person[]} */
  people = [];
  peopleCount = 0;
  /** Notes among the messages: who came and went, each behind the message with a number. @type {{ after: number, text: string }[]} */
  notes = [];
  /** @type {Pending[]} */
  pending = [];
  /** @type {Map<number, { name: string, until: number }>} */
  typing = new Map();
  /** Whether everything that was said before the first message is here. */
  isComplete = false;
  isFetching = false;

  /** @param {View} view @param {number} me */
  constructor(view, me) {
    this.id = view.conversation.id;
    this.last = view.last;
    this.read = view.read;
    this.rename(view.conversation, me);
  }

  /** @param {ConversationName} name @param {number} me */
  rename(name, me) {
    this.room = name.room ?? null;
    this.other = name.room ? null : (name.first?.id === me ? name.second : name.first) ?? null;
  }

  get title() { return this.room ?? this.other?.name ?? "?"; }

  get unread() { return Math.max(0, this.last - this.read); }

  get firstNumber() { return this.messages.length ? this.messages[0].number : this.last + 1; }

  get lastNumber() { return this.messages.length ? this.messages[this.messages.length - 1].number : null; }

  /**
   * Takes messages in the order of their numbers, those it has already no second time.
   * @param {Message[]} messages
   */
  add(messages) {
    for (const message of messages) {
      this.last = Math.max(this.last, message.number);
      const last = this.lastNumber;
      if (last === null || message.number === last + 1) this.messages.push(message);
      else if (message.number === this.firstNumber - 1) this.messages.unshift(message);
    }
  }

  /** Whether messages are missing behind those that are here. */
  get hasGap() { return this.lastNumber !== null && this.last > this.lastNumber; }

  /** @param {number} now @returns {string[]} */
  typingNames(now) {
    return [...this.typing.values()].filter(entry => entry.until > now).map(entry => entry.name);
  }
}

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
  historyCount = 100;

  /** @returns {Conversation | null} */
  get shown() { return this.current === null ? null : this.conversations.get(this.current) ?? null; }

  get rooms() { return [...this.conversations.values()].filter(c => c.room !== null).sort((a, b) => a.title.localeCompare(b.title)); }

  get directs() { return [...this.conversations.values()].filter(c => c.room === null).sort((a, b) => a.title.localeCompare(b.title)); }

  /**
   * Takes an event of the hub.
   * @param {HubEvent} event
   * @param {number} now Milliseconds.
   * @returns {Command[]} What to ask for because of it.
   */
  hear(event, now) {
    switch (event.type) {
      case "hello":
        this.historyCount = Math.min(100, event.historyMessagesMax);
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
      case "message": {
        const conversation = this.#know({ conversation: event.conversation, last: event.number - 1, read: event.number - 1 });
        conversation.typing.delete(event.author.id);
        conversation.add([event]);
        return conversation.hasGap ? this.#catchUp(conversation) : [];
      }
      case "accepted":
        return this.#accepted(event);
      case "refused":
        if (event.key) this.#refuse(event.key, event.text);
        return [];
      case "history": {
        const conversation = this.conversations.get(event.conversation);
        if (!conversation) return [];
        conversation.isFetching = false;
        if (event.tag === "before" || event.tag === "latest") {
          conversation.add([...event.messages].reverse().filter(message => message.number < conversation.firstNumber || conversation.lastNumber === null));
          if (event.tag === "latest") conversation.messages.sort((a, b) => a.number - b.number);
          conversation.isComplete = !event.more;
          return conversation.hasGap ? this.#catchUp(conversation) : [];
        }
        conversation.add(event.messages);
        return conversation.hasGap && event.messages.length > 0 ? this.#catchUp(conversation) : [];
      }
      case "people": {
        const conversation = event.people.room === undefined ? null : this.conversations.get(event.people.room);
        if (conversation) {
          conversation.people = event.people.some;
          conversation.peopleCount = event.people.count;
        }
        return [];
      }
      case "entered":
        return this.#came(event.room, event.who);
      case "departed":
        return this.#went(event.room, event.who);
      case "changed":
        return this.#changed(event.who, event.away, event.formerName);
      case "typing":
        this.conversations.get(event.conversation)?.typing.set(event.who.id, { name: event.who.name, until: now + TYPING_MS });
        return [];
      case "behind":
        return [...this.conversations.values()].map(c => ({ type: "history", conversation: c.id, after: c.lastNumber ?? c.last, count: this.historyCount, tag: "after" }));
      case "owner":
        this.me = event.me;
        return [];
      default:
        return [];
    }
  }

  /** What is to be sent again after a connection was lost: the hub knows by its key what it has. @returns {Command[]} */
  resend() {
    return [...this.conversations.values()].flatMap(c => c.pending.filter(p => p.problem === null).map(p => this.#saying(c, p)));
  }

  /**
   * Says something in the conversation that is shown.
   * @param {string} text @param {string} key
   * @returns {Command | null}
   */
  say(text, key) {
    const conversation = this.shown;
    if (!conversation) return null;
    const pending = { key, text, problem: null };
    conversation.pending.push(pending);
    return this.#saying(conversation, pending);
  }

  /** Says again what was refused. @param {Conversation} conversation @param {string} key @returns {Command | null} */
  again(conversation, key) {
    const pending = conversation.pending.find(p => p.key === key);
    if (!pending) return null;
    pending.problem = null;
    return this.#saying(conversation, pending);
  }

  /** Everything in the conversation that is shown has been seen. @returns {Command | null} */
  markRead() {
    const conversation = this.shown;
    const last = conversation?.lastNumber ?? null;
    if (!conversation || last === null || last <= conversation.read) return null;
    conversation.read = last;
    return { type: "read", conversation: conversation.id, number: last };
  }

  /** What was said before what is here. @returns {Command | null} */
  older() {
    const conversation = this.shown;
    if (!conversation || conversation.isComplete || conversation.isFetching || !conversation.messages.length) return null;
    conversation.isFetching = true;
    return { type: "history", conversation: conversation.id, before: conversation.firstNumber, count: this.historyCount, tag: "before" };
  }

  /** @param {Conversation} conversation @param {Pending} pending @returns {Command} */
  #saying(conversation, pending) {
    return conversation.room !== null
      ? { type: "say", room: conversation.room, text: pending.text, key: pending.key }
      : { type: "tell", to: conversation.title, text: pending.text, key: pending.key };
  }

  /** @param {Member} me @param {View[]} views @returns {Command[]} */
  #named(me, views) {
    this.me = me;
    const commands = views.flatMap(view => this.#catchUp(this.#know(view)));
    for (const conversation of this.conversations.values()) conversation.isFetching &&= commands.some(c => c.conversation === conversation.id);
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
      return known;
    }
    const conversation = new Conversation(view, this.me?.id ?? 0);
    this.conversations.set(id, conversation);
    return conversation;
  }

  /** @param {Conversation} conversation @returns {Command[]} */
  #catchUp(conversation) {
    if (conversation.lastNumber === null) {
      if (conversation.last === 0) conversation.isComplete = true;
      if (conversation.last === 0 || conversation.isFetching) return [];
      conversation.isFetching = true;
      return [{ type: "history", conversation: conversation.id, count: this.historyCount, tag: "latest" }];
    }
    return conversation.hasGap ? [{ type: "history", conversation: conversation.id, after: conversation.lastNumber, count: this.historyCount, tag: "after" }] : [];
  }

  /** @param {Extract<HubEvent, { type: "accepted" }>} event @returns {Command[]} */
  #accepted(event) {
    const conversation = this.#know({ conversation: event.conversation, last: event.number - 1, read: event.number - 1 });
    conversation.pending = conversation.pending.filter(p => p.key !== event.key);
    conversation.add([event]);
    if (conversation.read === event.number - 1) conversation.read = event.number;
    return conversation.hasGap ? this.#catchUp(conversation) : [];
  }

  /** @param {string} key @param {string} problem */
  #refuse(key, problem) {
    for (const conversation of this.conversations.values()) {
      for (const pending of conversation.pending) if (pending.key === key) pending.problem = problem;
    }
  }

  /** @param {number} room @param {Member} who @returns {Command[]} */
  #came(room, who) {
    const conversation = this.conversations.get(room);
    if (!conversation || conversation.people.some(p => p.id === who.id)) return [];
    conversation.people.push({ id: who.id, name: who.name, away: null });
    conversation.peopleCount++;
    conversation.notes.push({ after: conversation.last, text: `${who.name} came in` });
    return [];
  }

  /** @param {number} room @param {Member} who @returns {Command[]} */
  #went(room, who) {
    const conversation = this.conversations.get(room);
    if (!conversation) return [];
    conversation.people = conversation.people.filter(p => p.id !== who.id);
    conversation.peopleCount = Math.max(conversation.people.length, conversation.peopleCount - 1);
    conversation.typing.delete(who.id);
    conversation.notes.push({ after: conversation.last, text: `${who.name} left` });
    return [];
  }

  /** @param {Member} who @param {string | null} away @param {string | null} former @returns {Command[]} */
  #changed(who, away, former) {
    if (who.id === this.me?.id) {
      this.me = who;
      this.away = away;
    }
    for (const conversation of this.conversations.values()) {
      if (conversation.other?.id === who.id) conversation.other = who;
      for (const person of conversation.people) {
        if (person.id !== who.id) continue;
        if (former && conversation.room !== null) conversation.notes.push({ after: conversation.last, text: `${former} is now ${who.name}` });
        person.name = who.name;
        person.away = away;
      }
    }
    return [];
  }
}
