// The list of conversations.

import { byId, make, mark } from "./dom.js";

/** @typedef {import("../state.js").State} State */
/** @typedef {import("../state.js").Conversation} Conversation */

/**
 * @param {State} state
 * @param {(id: number) => void} choose
 */
export function drawSide(state, choose) {
  const me = byId("me", HTMLButtonElement);
  if (state.me) {
    const status = state.away === null ? (state.me.owner ? "owner of this hub" : "here") : state.away ? `away: ${state.away}` : "away";
    me.replaceChildren(mark(state.me.name), make("span", {}, state.me.name, make("small", {}, status)));
  }
  draw(byId("rooms", HTMLElement), state.rooms, state.current, choose);
  draw(byId("directs", HTMLElement), state.directs, state.current, choose);
  const unread = [...state.conversations.values()].reduce((sum, c) => sum + c.unread, 0);
  document.title = unread > 0 ? `(${unread}) Sockeye hub` : "Sockeye hub";
}

/** @param {HTMLElement} list @param {Conversation[]} conversations @param {number | null} current @param {(id: number) => void} choose */
function draw(list, conversations, current, choose) {
  const focused = document.activeElement instanceof HTMLElement && list.contains(document.activeElement) ? document.activeElement.dataset.id : undefined;
  list.replaceChildren(...conversations.map(conversation => {
    const { unread } = conversation;
    const button = make("button", { "aria-current": String(conversation.id === current), "data-id": String(conversation.id), click: () => choose(conversation.id) },
      conversation.room === null ? mark(conversation.title) : make("span", { class: "mark room", "aria-hidden": "true" }, "#"),
      make("span", { class: "name" }, conversation.title));
    if (unread > 0) button.append(make("span", { class: "count", "aria-label": `${unread} unread` }, unread > 999 ? "999+" : String(unread)));
    return make("li", unread > 0 ? { class: "unread" } : {}, button);
  }));
  const again = focused ? list.querySelector(`[data-id="${focused}"]`) : null;
  if (again instanceof HTMLElement) again.focus();
}
