// One event of the diagram: an arrow between the life lines, or a note at one of them.

import { make } from "./dom.js";
import { moment, span } from "./text.js";
import { cutWords, place, preview, sentence, title } from "./words.js";

/** @typedef {import("./types.js").Talk} Talk */
/** @typedef {import("./rows.js").Row} Row */

/**
 * @param {Row} row
 * @param {object} state
 * @param {Talk} state.conversation
 * @param {import("./events.js").Events} state.events
 * @param {boolean} state.chosen
 * @param {boolean} state.matches
 * @param {number} position From 1.
 * @param {number} count
 */
export function makeRow(row, { conversation, events, chosen, matches }, position, count) {
  const event = row.event;
  const where = place(event);
  const isData = event.kind === "data";
  const cut = isData && !event.repeat && conversation.bothSides ? events.cut(event) : null;
  const arrow = where === "up" || where === "down";
  const element = make("div", {
    id: `event-${event.index}`,
    role: "option",
    class: ["event", where, event.kind, event.repeat ? "repeat" : "", matches ? "match" : ""].filter(Boolean).join(" "),
    "aria-selected": String(chosen),
    "aria-posinset": String(position),
    "aria-setsize": String(count),
    "aria-label": sentence(event, conversation, cut),
  });
  element.style.top = `${row.top}px`;
  element.dataset.index = String(event.index);
  if (row.gapHeight >= 8) element.append(makeGap(row));
  element.append(make("span", { class: "at" }, moment(event.at - conversation.startedAt)));
  const lane = make("span", { class: "lane" }, make("span", { class: "label" }, ...label(row, conversation, cut)));
  if (arrow) lane.append(makeArrow(event, cut));
  element.append(lane);
  return element;
}

/** @param {Row} row @param {Talk} conversation @param {import("./events.js").Cut | null} cut @returns {(Node | string)[]} */
function label({ event }, conversation, cut) {
  const parts = [make("b", {}, title(event, conversation))];
  const said = preview(event);
  if (said) parts.push(make("span", { class: "said" }, said));
  if (event.hidden) parts.push(make("span", { class: "chip" }, "not shown"));
  if (event.masked) parts.push(make("span", { class: "chip" }, "masked"));
  const words = cut ? cutWords(cut, conversation) : "";
  if (words) parts.push(make("span", { class: "chip cut" }, words));
  return parts;
}

/** The line, with a mark wherever it was cut on the other side. @param {import("./types.js").WireEvent} event @param {import("./events.js").Cut | null} cut */
function makeArrow(event, cut) {
  const arrow = make("span", { class: "arrow" });
  if (!cut) return arrow;
  const length = event.length ?? 1;
  for (const end of cut.inner.slice(0, 40)) {
    const share = (end - (event.offset ?? 0)) / length * 100;
    const mark = make("i", {});
    // The first byte arrives first: it is at the arrow's head.
    mark.style.left = `${event.fromClient ? 100 - share : share}%`;
    arrow.append(mark);
  }
  if (cut.joinsNext) arrow.classList.add("joins-next");
  if (cut.joinsPrevious) arrow.classList.add("joins-previous");
  return arrow;
}

/** The silence before it. @param {Row} row */
function makeGap(row) {
  const why = row.event.kind === "watched" ? "not watched" : row.compressed ? "of silence" : "";
  const gap = make("span", { class: row.compressed ? "gap compressed" : "gap" }, row.gap >= 100 ? make("span", {}, `${span(row.gap)} ${why}`) : "");
  gap.style.height = `${row.gapHeight}px`;
  gap.style.top = `${-row.gapHeight}px`;
  return gap;
}
