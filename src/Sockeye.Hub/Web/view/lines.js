// The lines of a conversation: days, messages, who came and went, what is on its way.

import { make, tint, withLinks } from "../shared/dom.js";

/** @typedef {import("../conversation.js").Conversation} Conversation */
/** @typedef {import("../conversation.js").Note} Note */
/** @typedef {import("../conversation.js").Pending} Pending */
/** @typedef {import("../types.js").Message} Message */
/** @typedef {import("../shared/dom.js").Row} Row */

const TOGETHER_MS = 5 * 60 * 1000;
const FEW_EMOJI = /^(?:\p{RGI_Emoji}\s*){1,4}$/v;

const clock = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit" });
const day = new Intl.DateTimeFormat(undefined, { weekday: "long", day: "numeric", month: "long" });
const dayOfOtherYear = new Intl.DateTimeFormat(undefined, { weekday: "long", day: "numeric", month: "long", year: "numeric" });

/** @param {Date} at @param {Date} now @returns {string} */
function dayName(at, now) {
  const days = Math.round((new Date(now).setHours(0, 0, 0, 0) - new Date(at).setHours(0, 0, 0, 0)) / 86_400_000);
  if (days === 0) return "Today";
  if (days === 1) return "Yesterday";
  return (at.getFullYear() === now.getFullYear() ? day : dayOfOtherYear).format(at);
}

/**
 * @param {Conversation} conversation
 * @param {object} around
 * @param {number} around.me
 * @param {number} around.unreadFrom The number of the first message that is marked as new.
 * @param {Date} around.now
 * @param {(key: string) => void} around.again
 * @param {(key: string) => void} around.drop
 * @returns {Row[]}
 */
export function linesOf(conversation, around) {
  const prefix = `${conversation.id}/`;
  /** @type {Row[]} */
  const rows = [];
  /** @param {string} key @param {string} signature @param {() => HTMLElement} make */
  const add = (key, signature, make) => rows.push({ key: prefix + key, signature, make });

  if (conversation.isComplete) {
    const text = beginningOf(conversation);
    add("beginning", text, () => make("div", { class: "row beginning" }, make("p", { class: "what" }, text)));
  }

  /** @type {Message | null} */
  let before = null;
  let note = 0;
  /** @param {number} upTo */
  const addNotes = upTo => {
    /** @type {Note[]} */
    const here = [];
    const first = note;
    for (; note < conversation.notes.length && conversation.notes[note].after <= upTo; note++) here.push(conversation.notes[note]);
    const text = saidOf(here);
    if (!text) return;
    add(`note${conversation.notes[first].after}`, text, () => make("div", { class: "row note" }, make("p", { class: "what" }, text)));
    before = null;
  };

  while (note < conversation.notes.length && conversation.notes[note].after < conversation.firstNumber - 1) note++;
  if (conversation.isComplete && conversation.firstNumber === 1) addNotes(0);
  for (const message of conversation.messages) {
    const at = new Date(message.at);
    if (!before || new Date(before.at).toDateString() !== at.toDateString()) {
      const last = lastDay(rows);
      const name = dayName(at, around.now);
      if (last !== at.toDateString()) {
        add(`day ${at.toDateString()}`, name, () => make("h2", { class: "row day" }, make("time", { class: "what", datetime: message.at }, name)));
        before = null;
      }
    }
    if (message.number === around.unreadFrom) {
      add("new", "", () => make("div", { class: "row new", role: "separator", "aria-label": "New messages" }, make("span", { class: "what", "aria-hidden": "true" }, "New")));
      before = null;
    }
    const isFirst = !before || before.author.id !== message.author.id || at.getTime() - new Date(before.at).getTime() > TOGETHER_MS;
    const isOwn = message.author.id === around.me;
    add(`m${message.number}`, `${isFirst}${isOwn}`, () => messageLine(message, at, isFirst, isOwn));
    before = message;
    addNotes(message.number);
  }
  addNotes(Infinity);
  conversation.pending.forEach((pending, index) => {
    const isFirst = index === 0 && before?.author.id !== around.me;
    add(`k${pending.key}`, `${isFirst}${pending.problem}`, () => pendingLine(pending, isFirst, around));
  });
  return rows;
}

/** The day that the last day line stands for. @param {Row[]} rows @returns {string | null} */
function lastDay(rows) {
  for (let i = rows.length - 1; i >= 0; i--) {
    const found = /\/day (.*)$/.exec(rows[i].key);
    if (found) return found[1];
  }
  return null;
}

/** @param {Conversation} conversation @returns {string} */
function beginningOf(conversation) {
  const isEmpty = conversation.messages.length === 0;
  if (conversation.room === null) return isEmpty ? `Nothing between you and ${conversation.title} yet. Only the two of you read this.` : `You and ${conversation.title}, from the beginning.`;
  return isEmpty ? `Nothing has been said in #${conversation.room} yet. From any other door: /join ${conversation.room}` : `The beginning of #${conversation.room}.`;
}

/** Who came and went, short: who left and came back has done neither. @param {Note[]} notes @returns {string} */
function saidOf(notes) {
  /** @type {Map<string, string>} */
  const came = new Map();
  /** @type {string[]} */
  const others = [];
  for (const { who, kind, to } of notes) {
    if (kind === "renamed") others.push(`${who} is now ${to}`);
    else if (came.has(who) && came.get(who) !== kind) came.delete(who);
    else came.set(who, kind);
  }
  const names = (/** @type {string} */ kind) => [...came].filter(entry => entry[1] === kind).map(entry => entry[0]);
  const parts = [];
  if (names("came").length) parts.push(`${listed(names("came"))} came in`);
  if (names("left").length) parts.push(`${listed(names("left"))} left`);
  return [...parts, ...others].join(" · ");
}

/** @param {string[]} names @returns {string} */
function listed(names) {
  if (names.length > 4) return `${names.slice(0, 3).join(", ")} and ${names.length - 3} others`;
  return names.length < 2 ? names.join("") : `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;
}

/** @param {Message} message @param {Date} at @param {boolean} isFirst @param {boolean} isOwn @returns {HTMLElement} */
function messageLine(message, at, isFirst, isOwn) {
  const name = isFirst
    ? tint(make("b", { class: "author", dir: "auto" }, message.author.name), message.author.name)
    : make("span", { class: "hidden" }, message.author.name);
  const node = isOwn ? make("span", { class: "node kept", role: "img", "aria-label": "Kept", title: "Kept by the hub" }) : tint(make("span", { class: "node" }), message.author.name);
  return make("article", { class: `row message${isFirst ? " first" : ""}${isOwn ? " own" : ""}`, "data-number": String(message.number) },
    make("time", { class: "at", datetime: message.at, title: at.toLocaleString() }, clock.format(at)),
    node,
    make("div", { class: "what" }, name, body(message.text)));
}

/** @param {Pending} pending @param {boolean} isFirst @param {{ again: (key: string) => void, drop: (key: string) => void }} actions @returns {HTMLElement} */
function pendingLine(pending, isFirst, actions) {
  const line = make("article", { class: `row message own ${isFirst ? "first" : ""} ${pending.problem ? "failed" : "pending"}` },
    make("span", { class: "node", role: "img", "aria-label": pending.problem ? "Not sent" : "On its way", title: pending.problem ? "Not sent" : "On its way" }),
    make("div", { class: "what" }, body(pending.text)));
  if (pending.problem) {
    line.lastElementChild?.append(make("p", { class: "problem" }, `${pending.problem} `,
      make("button", { type: "button", click: () => actions.again(pending.key) }, "Try again"), " ",
      make("button", { type: "button", click: () => actions.drop(pending.key) }, "Take it back")));
  }
  return line;
}

/** @param {string} text @returns {HTMLElement} */
function body(text) {
  return make("div", { class: FEW_EMOJI.test(text) ? "body large" : "body", dir: "auto" }, ...withLinks(text));
}
