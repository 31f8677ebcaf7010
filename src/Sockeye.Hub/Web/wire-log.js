// What the hub tells of a connection, as the sequence diagram has it. The hub is the server in it: what reaches it came from the client.

import { Events } from "./shared/events.js";

/** @typedef {import("./types.js").Wire} Wire */
/** @typedef {import("./types.js").HubEvent} HubEvent */
/** @typedef {import("./shared/types.js").Talk} Talk */
/** @typedef {import("./shared/types.js").WireEvent} WireEvent */
/** @typedef {import("./shared/types.js").EventKind} EventKind */

/** What happens, and whether it comes from the client. @type {Record<string, [EventKind, boolean]>} */
const KINDS = {
  received: ["data", true],
  sent: ["data", false],
  frame: ["taken", true],
  decrypted: ["data", true],
  encrypting: ["data", false],
  handshaken: ["handshaken", true],
  halfClosedByPeer: ["ended", true],
  halfClosedByUs: ["ended", false],
  reset: ["reset", true],
  error: ["error", true],
  closed: ["closed", true],
  aborted: ["reset", false],
};

/** Without the quotes around it; what is invisible stays an escape. @param {string} text */
function unquote(text) { return text.replace(/^"/, "").replace(/"(…?)$/, "$1").replaceAll("\\\"", "\""); }

/** A connection from the moment on from which it is watched. */
export class WireLog {
  events = new Events();
  /** @type {Talk} */
  talk;
  /** What TLS makes of what is said is on the wire, and what is said inside of it. */
  #isEncrypted;
  /** Whether the hub has said that it watches. */
  #isWatched = false;
  #next = 0;
  #at = 0;
  /** How it ended, as far as was seen. @type {import("./shared/states.js").State} */
  state = "closed";

  /** @param {Wire} wire */
  constructor(wire) {
    this.talk = { id: wire.id, type: wire.door === "udp" ? "dgram" : "stream", client: wire.from, relayed: false, bothSides: false, startedAt: 0 };
    this.#isEncrypted = wire.layer?.startsWith("TLS") ?? false;
    this.#add([this.#make("opened", true)]);
    this.#at = wire.seconds * 1000;
  }

  /** @param {Extract<HubEvent, { type: "wire" }>} told @returns {boolean} Whether older events had to leave. */
  hear(told) {
    /** @type {WireEvent[]} */
    const more = [];
    if (!this.#isWatched && !told.gone) {
      this.#isWatched = true;
      this.#at = (told.seconds ?? Math.min(this.#at / 1000, ...told.events.map(event => event.at))) * 1000;
      more.push(this.#make("watched", true));
    }
    // What the hub keeps of it goes by the same numbers.
    this.#next = told.first ?? this.#next;
    for (const event of told.events) {
      const [kind, fromClient] = KINDS[event.kind] ?? ["lost", true];
      const isRaw = this.#isEncrypted && (event.kind === "received" || event.kind === "sent");
      this.#at = Math.max(this.#at, event.at * 1000);
      /** @type {Partial<WireEvent>} */
      const facts = { length: event.bytes };
      if (kind === "handshaken") facts.text = "TLS";
      else if (kind === "lost") facts.text = event.kind;
      else if (kind === "error") facts.text = event.text;
      else if (event.text) facts.said = unquote(event.text);
      if (event.hidden) facts.hidden = true;
      if (kind === "reset") this.state = "reset";
      more.push(this.#make(isRaw ? "encrypted" : kind, fromClient, facts));
    }
    if (told.notShown > 0) more.push(this.#make("lost", true, { text: `${told.notShown} events not shown` }));
    if (told.gone) more.push(this.#make("finished", true));
    return this.#add(more);
  }

  /** All is seen at the hub: where what it says comes from, and what it hears goes to. @param {EventKind} kind @param {boolean} fromClient @param {Partial<WireEvent>} [facts] @returns {WireEvent} */
  #make(kind, fromClient, facts) {
    return { index: this.#next++, at: this.#at, kind, fromClient, atSource: !fromClient, ...facts };
  }

  /** @param {WireEvent[]} more */
  #add(more) { return this.events.add(more, 0); }
}
