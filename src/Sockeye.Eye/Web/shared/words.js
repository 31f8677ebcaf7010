// What happened, in words: for the labels of arrows, and for those who hear the page.

import { bytesOf, line, hex, isText, size, span } from "./text.js";

/** @typedef {import("./types.js").WireEvent} WireEvent */
/** @typedef {import("./types.js").Talk} Talk */
/** @typedef {"up" | "down" | "client" | "server" | "middle"} Place An arrow, or a note at a life line or between them. */

/** Where it is drawn. What bytes and ends do has a direction; the rest stands at the side that it was seen at. @param {WireEvent} event @returns {Place} */
export function place(event) {
  switch (event.kind) {
    case "opened": return "client";
    case "faulted": return "middle";
    case "data": case "encrypted": case "ended": case "reset": case "connecting": case "connected": return event.fromClient ? "up" : "down";
    default: return event.fromClient === event.atSource ? "client" : "server";
  }
}

/** Where that is, in words. @param {WireEvent} event */
export function way(event) {
  return { up: "client to server", down: "server to client", client: "at the client", server: "at the server", middle: "in between" }[place(event)];
}

/** @param {WireEvent} event */
export function preview(event) {
  if (event.preview === undefined) return event.said ?? "";
  const bytes = bytesOf(event.preview);
  const text = isText(bytes) ? line(bytes) : hex(bytes.subarray(0, 24));
  return (event.length ?? 0) > bytes.length ? text + "…" : text;
}

/** In a few words, without its bytes. @param {WireEvent} event @param {Talk} conversation @returns {string} */
export function title(event, conversation) {
  switch (event.kind) {
    case "opened": return conversation.type === "dgram" ? "first datagram" : conversation.client ? `${conversation.client} connects` : "a connection";
    case "connecting": return `connect to ${event.text ?? "the server"}`;
    case "connected": return `connected in ${span(event.duration ?? 0)}`;
    case "handshaking": return `${event.text} handshake`;
    case "handshaken": return event.duration === undefined ? `${event.text} has shaken hands` : `${event.text}, in ${span(event.duration)}`;
    case "data": return size(event.length ?? 0);
    case "encrypted": return `${size(event.length ?? 0)} encrypted`;
    case "taken": return `taken as one: ${size(event.length ?? 0)}`;
    case "frame": return `a frame of ${size(event.length ?? 0)}`;
    case "ended": return "FIN: says no more";
    case "reset": return conversation.relayed && !event.atSource ? "RST: cut off by the relay" : "RST: cut off";
    case "faulted": return event.text ?? "a fault";
    case "error": return `error: ${event.text}`;
    case "closed": return "closed";
    case "watched": return "watched from here on";
    case "lost": return event.text ?? "not shown";
    default: return "over";
  }
}

/** All of it, as a sentence. @param {WireEvent} event @param {Talk} conversation @param {import("./events.js").Cut | null} cut */
export function sentence(event, conversation, cut) {
  const at = `at ${span(event.at - conversation.startedAt)}`;
  const parts = [`${at}, ${way(event)}: ${title(event, conversation)}`];
  if (preview(event)) parts.push(preview(event));
  if (event.hidden) parts.push("not shown");
  if (event.masked) parts.push(`${event.masked} bytes masked`);
  if (event.unmasked) parts.push("shown without the WebSocket's mask");
  if (cut) parts.push(cutWords(cut, conversation));
  return parts.filter(Boolean).join(", ");
}

/** @param {import("./events.js").Cut} cut @param {Talk} conversation */
export function cutWords(cut, conversation) {
  if (!cut.known) return "";
  const verb = conversation.relayed ? "passed on" : "read";
  const parts = [];
  if (cut.pieces > 1) parts.push(`${verb} in ${cut.pieces} pieces`);
  if (cut.joinsPrevious && cut.joinsNext) parts.push(`${verb} with what is around it`);
  else if (cut.joinsNext) parts.push(`${verb} with the next`);
  else if (cut.joinsPrevious) parts.push(`${verb} with the one before`);
  return parts.join(", ");
}
