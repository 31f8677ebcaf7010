// One conversation as the page has it. No DOM, no network.

/** @typedef {import("./types.js").Message} Message */
/** @typedef {import("./types.js").Member} Member */
/** @typedef {import("./types.js").Person} Person */
/** @typedef {import("./types.js").View} View */
/** @typedef {import("./types.js").ConversationName} ConversationName */

/**
 * What was written here and is not yet known to be kept by the hub.
 * @typedef {{ key: string, text: string, problem: string | null, sentAt: number }} Pending
 */

/** Who came or went, behind the message with a number. @typedef {{ after: number, who: string, kind: "came" | "left" | "renamed", to?: string }} Note */

/** How many messages are kept in mind before the oldest are let go; they are a question away. */
const MESSAGES_MAX = 1000;
const NOTES_MAX = 200;

/** A run of messages without gaps, which ends at the latest one that was heard of. */
export class Conversation {
  /** @type {Message[]} */
  messages = [];
  /** @type {Person[]} */
  people = [];
  peopleCount = 0;
  /** @type {Note[]} */
  notes = [];
  /** @type {Pending[]} */
  pending = [];
  /** @type {Map<number, { name: string, until: number }>} */
  typing = new Map();
  /** What was begun to be written. */
  draft = "";
  /** Whether everything that was said before the first message is here. */
  isComplete = false;
  /** Whether what was said before the first message has been asked for. */
  isFetching = false;
  /** Whether what is missing behind the last message has been asked for. */
  isCatchingUp = false;

  /** @param {View} view @param {number} me */
  constructor(view, me) {
    this.id = view.conversation.id;
    this.last = view.last;
    this.read = view.read;
    /** Up to where the hub knows that it was read. */
    this.marked = view.read;
    this.rename(view.conversation, me);
  }

  /** @param {ConversationName} name @param {number} me */
  rename(name, me) {
    this.room = name.room ?? null;
    this.other = name.room ? null : (name.first?.id === me ? name.second : name.first) ?? null;
  }

  get title() { return this.room ?? this.other?.name ?? "?"; }

  get unread() { return Math.max(0, this.last - this.read); }

  get firstNumber() { return this.messages[0]?.number ?? this.last + 1; }

  get lastNumber() { return this.messages.at(-1)?.number ?? null; }

  /** Whether messages are missing behind those that are here. */
  get hasGap() { return this.lastNumber !== null && this.last > this.lastNumber; }

  /**
   * Takes messages that follow those that are here, those it has already no second time.
   * @param {Message[]} messages In the order of their numbers.
   */
  add(messages) {
    for (const message of messages) {
      this.last = Math.max(this.last, message.number);
      const last = this.lastNumber;
      if (last === null || message.number === last + 1) this.messages.push(message);
    }
  }

  /**
   * Takes messages that were said before those that are here.
   * @param {Message[]} messages In the order of their numbers.
   */
  addBefore(messages) {
    const first = this.messages[0]?.number;
    const older = first === undefined ? messages : messages.filter(message => message.number < first);
    const next = older.at(-1);
    if (next && (first === undefined || next.number === first - 1)) this.messages.unshift(...older);
    if (next) this.last = Math.max(this.last, next.number);
  }

  /** Lets go of everything, because too much is missing behind it. */
  forget() {
    this.messages = [];
    this.notes = [];
    this.isComplete = false;
  }

  /** Lets go of the oldest messages where there are very many. */
  trim() {
    if (this.messages.length <= MESSAGES_MAX) return;
    this.messages.splice(0, this.messages.length - MESSAGES_MAX / 2);
    this.isComplete = false;
  }

  /** @param {Omit<Note, "after">} note */
  note(note) {
    this.notes.push({ after: this.last, ...note });
    if (this.notes.length > NOTES_MAX) this.notes.shift();
  }

  /** @param {number} now @returns {string[]} */
  typingNames(now) {
    return [...this.typing.values()].filter(entry => entry.until > now).map(entry => entry.name);
  }
}
