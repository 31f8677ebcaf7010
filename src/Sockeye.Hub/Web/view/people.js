// Who is in the room that is shown.

import { byId, make, mark } from "./dom.js";

/** @param {import("../state.js").State} state @param {(name: string) => void} writeTo */
export function drawPeople(state, writeTo) {
  const conversation = state.shown;
  const list = byId("people", HTMLElement);
  const people = [...(conversation?.people ?? [])].sort((a, b) => a.name.localeCompare(b.name));
  list.replaceChildren(...people.map(person => make("li", {},
    make("button", { title: `Write to ${person.name}`, click: () => writeTo(person.name) },
      mark(person.name),
      make("span", { class: person.away === null ? "name" : "name away" }, person.name + (person.away === null ? "" : person.away ? ` (away: ${person.away})` : " (away)"))))));
  const more = (conversation?.peopleCount ?? 0) - people.length;
  if (more > 0) list.append(make("li", { class: "note" }, `and ${more} more`));
}
