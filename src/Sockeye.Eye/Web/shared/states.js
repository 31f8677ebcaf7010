// How far a connection has come, in a word and as a dot.

import { make } from "./dom.js";

/** @typedef {"connecting" | "open" | "halfClosed" | "closed" | "reset" | "failed"} State */

/** @type {Record<State, string>} */
export const stateWords = { connecting: "connecting", open: "open", halfClosed: "half-closed", closed: "closed", reset: "reset", failed: "failed" };

/** @param {State} state */
export function stateMark(state) {
  return make("span", { class: `state ${state}` }, make("span", { class: "dot", "aria-hidden": "true" }), stateWords[state]);
}
