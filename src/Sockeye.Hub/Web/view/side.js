// The list of conversations, and oneself.

import { byId, keep, make } from "../shared/dom.js";

/** @typedef {import("../state.js").State} State */
/** @typedef {import("../conversation.js").Conversation} Conversation */
/** @typedef {import("../types.js").Person} Person */

/**
 * @param {State} state
 * @param {(id: number) => void} choose
 */
export function drawSide(state, choose) {
  const me = byId("me", HTMLButtonElement);
  if (state.me) {
    const status = state.away === null ? (state.me.owner ? "Owner of this hub" : "Here") : state.away ? `Away: ${state.away}` : "Away";
    const shown = `${state.me.name}\n${status}`;
    if (me.dataset.shown !== shown) {
      me.dataset.shown = shown;
      me.replaceChildren(make("span", { class: state.away === null ? "dot here" : "dot away" }),
        make("span", { class: "name" }, make("b", {}, state.me.name), make("small", {}, status)));
    }
  }
  const known = state.known;
  draw(byId("rooms", HTMLElement), state.rooms, state, known, choose);
  draw(byId("directs", HTMLElement), state.directs, state, known, choose);
  byId("no-directs", HTMLElement).hidden = state.directs.length > 0;
  const unread = state.unread;
  const title = state.shown ? `${state.shown.room === null ? "" : "#"}${state.shown.title} · Sockeye` : "Sockeye";
  document.title = unread > 0 ? `(${unread}) ${title}` : title;
  const back = byId("back-count", HTMLElement);
  back.textContent = unread > 0 ? String(unread) : "";
  back.classList.toggle("personal", state.directs.some(c => c.unread > 0));
}

/**
 * The mark before a person's name: whether they are here.
 * @param {Person | undefined} person
 * @returns {[kind: string, said: string]}
 */
export function presenceOf(person) {
  if (!person) return ["gone", ""];
  return person.away === null ? ["here", "here"] : ["away", person.away ? `away: ${person.away}` : "away"];
}

/** @param {HTMLElement} list @param {Conversation[]} conversations @param {State} state @param {Map<number, Person>} known @param {(id: number) => void} choose */
function draw(list, conversations, state, known, choose) {
  keep(list, conversations.map(conversation => {
    const { unread, title, id } = conversation;
    const isCurrent = id === state.current;
    const [kind, said] = conversation.room === null ? presenceOf(known.get(conversation.other?.id ?? 0)) : ["room", ""];
    const hasProblem = conversation.pending.some(p => p.problem !== null);
    return {
      key: String(id),
      signature: `${title}\n${unread}\n${isCurrent}\n${kind}\n${said}\n${hasProblem}`,
      make: () => {
        const button = make("button", { type: "button", "data-id": String(id), click: () => choose(id) },
          kind === "room" ? make("span", { class: "hash", "aria-hidden": "true" }, "#") : make("span", { class: `dot ${kind}` }),
          make("span", { class: "name" }, title));
        if (isCurrent) button.setAttribute("aria-current", "true");
        if (said) button.append(make("span", { class: "hidden" }, `, ${said}`));
        if (hasProblem) button.append(make("span", { class: "count problem" }, make("span", { "aria-hidden": "true" }, "!"), make("span", { class: "hidden" }, ", a message was not sent")));
        else if (unread > 0) button.append(make("span", { class: "count" }, unread > 999 ? "999+" : String(unread), make("span", { class: "hidden" }, " unread")));
        return make("li", unread > 0 ? { class: "unread" } : {}, button);
      },
    };
  }));
}
