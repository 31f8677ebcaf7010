// The WebSocket to the hub: it comes back by itself.

/** @typedef {import("./types.js").HubEvent} HubEvent */
/** @typedef {import("./types.js").Command} Command */

const FIRST_DELAY_MS = 300;
const LAST_DELAY_MS = 10_000;

/** Talks to the hub, and tells when it is there, when it is not, and each thing that it says. */
export class Connection {
  /** @type {WebSocket | null} */
  #socket = null;
  #delay = FIRST_DELAY_MS;
  /** @type {number | undefined} */
  #timer;
  /** When the next attempt is made, while there is no connection. */
  nextAt = 0;
  /** Whether there was one that went away, or could not be had. */
  wasLost = false;
  /** Whether whoever is here went, and has not come back. */
  hasLeft = false;
  /** When the hub was heard last. */
  heardAt = 0;

  /**
   * @param {object} listener
   * @param {() => void} listener.opened
   * @param {() => void} listener.closed
   * @param {(event: HubEvent) => void} listener.heard
   */
  constructor(listener) {
    this.listener = listener;
    addEventListener("online", () => this.hurry());
    document.addEventListener("visibilitychange", () => { if (!document.hidden) this.hurry(); });
  }

  get isOpen() { return this.#socket?.readyState === WebSocket.OPEN; }

  open() {
    clearTimeout(this.#timer);
    this.hasLeft = false;
    this.nextAt = 0;
    const scheme = location.protocol === "https:" ? "wss" : "ws";
    const socket = new WebSocket(`${scheme}://${location.host}/ws`);
    this.#socket = socket;
    socket.addEventListener("open", () => {
      if (this.#socket !== socket) return;
      this.heardAt = Date.now();
      this.listener.opened();
    });
    socket.addEventListener("message", message => {
      if (this.#socket !== socket) return;
      this.heardAt = Date.now();
      this.#delay = FIRST_DELAY_MS;
      // What waited together comes together.
      const told = JSON.parse(message.data);
      for (const event of Array.isArray(told) ? told : [told]) this.listener.heard(event);
    });
    socket.addEventListener("close", () => { if (this.#socket === socket) this.#lost(); });
  }

  /**
   * Sends a command, if there is a connection.
   * @param {Command} command
   * @returns {boolean} Whether it went out.
   */
  send(command) {
    if (!this.isOpen) return false;
    this.#socket?.send(JSON.stringify(command));
    return true;
  }

  /** Goes, and does not come back by itself. */
  leave() {
    const socket = this.#socket;
    this.hasLeft = true;
    this.#lost();
    clearTimeout(this.#timer);
    socket?.close();
  }

  /** Tries at once, where an attempt is waited for. */
  hurry() {
    if (this.#socket !== null || this.hasLeft) return;
    this.#delay = FIRST_DELAY_MS;
    this.open();
  }

  /** Gives up a connection that is silent where it should not be: a network that went away says nothing. */
  renew() {
    const silent = this.#socket;
    if (silent?.readyState !== WebSocket.OPEN) return;
    this.#lost();
    silent.close();
  }

  #lost() {
    this.#socket = null;
    this.wasLost = true;
    // Jitter: a hub that comes back is not met by all of its pages at once.
    const wait = Math.ceil(this.#delay * (0.5 + Math.random() / 2));
    this.#delay = Math.min(this.#delay * 2, LAST_DELAY_MS);
    this.nextAt = Date.now() + wait;
    this.#timer = setTimeout(() => this.open(), wait);
    this.listener.closed();
  }
}
