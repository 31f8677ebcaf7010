// Who is in the room that is shown.

import { byId, keep, make } from "../shared/dom.js";
import { presenceOf } from "./side.js";

/** @param {import("../state.js").State} state @param {(name: string) => void} writeTo */
export function drawPeople(state, writeTo) {
  const conversation = state.shown;
  const list = byId("people", HTMLElement);
  const people = [...(conversation?.people ?? [])].sort((a, b) => Number(a.away !== null) - Number(b.away !== null) || a.name.localeCompare(b.name));
  const rows = people.map(person => {
    const [kind, said] = presenceOf(person);
    const isMe = person.id === state.me?.id;
    return {
      key: String(person.id),
      signature: `${person.name}\n${said}\n${isMe}`,
      make: () => make("li", {},
        make("button", { type: "button", title: isMe ? "Notes to yourself" : `Write to ${person.name}`, click: () => writeTo(person.name) },
          make("span", { class: `dot ${kind}` }),
          make("span", { class: "name" }, person.name, isMe ? make("small", {}, " you") : "", kind === "away" ? make("small", { class: "why" }, said) : ""))),
    };
  });
  const more = (conversation?.peopleCount ?? 0) - people.length;
  if (conversation && more > 0) rows.push({ key: "more", signature: String(more), make: () => make("li", { class: "more" }, `and ${more} more`) });
  keep(list, rows);
}
