// Whether the hub is there.

import { byId, counted, make } from "../shared/dom.js";

/**
 * @param {import("../connection.js").Connection} connection
 * @param {boolean} isHere Whether the hub knows who this is.
 * @param {boolean} wasClosed Whether the hub said that it would end the connection.
 * @param {import("../state.js").State} state
 */
export function drawLink(connection, isHere, wasClosed, state) {
  const place = byId("link-state", HTMLElement);
  const short = isHere ? "Connected" : connection.isOpen ? "Connecting…" : "Not connected";
  if (place.dataset.shown !== short) {
    place.dataset.shown = short;
    place.replaceChildren(make("span", { class: `dot ${isHere ? "here" : connection.isOpen ? "away" : "lost"}` }), short);
  }

  const isLost = !isHere && connection.wasLost;
  byId("offline", HTMLElement).hidden = !isLost;
  byId("app", HTMLElement).classList.toggle("is-cut", isLost);
  if (!isLost) return;
  const seconds = Math.ceil((connection.nextAt - Date.now()) / 1000);
  const waiting = [...state.conversations.values()].reduce((sum, c) => sum + c.pending.filter(p => p.problem === null).length, 0);
  const text = connection.hasLeft ? "You have left." : [
    wasClosed ? "The hub has closed the connection." : "The hub cannot be reached.",
    seconds > 1 ? `Trying again in ${seconds} s.` : "Trying again…",
    waiting > 0 ? `${counted(waiting, "message waits", "messages wait")} here and will be sent.` : state.me ? "What you write now will be sent when it is back." : "",
  ].filter(Boolean).join(" ");
  const line = byId("offline-text", HTMLElement);
  if (line.textContent !== text) line.textContent = text;
  const back = byId("try-now", HTMLElement);
  back.hidden = !connection.hasLeft && seconds <= 1;
  back.textContent = connection.hasLeft ? "Come back" : "Try now";
}
