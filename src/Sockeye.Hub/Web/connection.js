// The WebSocket to the hub: it comes back by itself, and what is sent while it is away waits.

/** @typedef {import("./types.js").HubEvent} HubEvent */
/** @typedef {import("./types.js").Command} Command */

const FIRST_DELAY_MS = 300;
const LAST_DELAY_MS = 10_000;

/** Talks to the hub. Tells of `open`, `closed` (with the time of the next attempt) and each event of the hub. */
export class Connection {
  /** @type {WebSocket | null} */
  #socket = null;
  #delay = FIRST_DELAY_MS;
  /** @type {number | undefined} */
  #timer;

  /**
   * @param {object} listener
   * @param {() => void} listener.opened
   * @param {(inMilliseconds: number) => void} listener.closed
   * @param {(event: HubEvent) => void} listener.heard
   */
  constructor(listener) {
    this.listener = listener;
    addEventListener("online", () => this.#hurry());
    document.addEventListener("visibilitychange", () => { if (!document.hidden) this.#hurry(); });
  }

  get isOpen() { return this.#socket?.readyState === WebSocket.OPEN; }

  open() {
    clearTimeout(this.#timer);
    const scheme = location.protocol === "https:" ? "wss" : "ws";
    const socket = new WebSocket(`${scheme}://${location.host}/ws`);
    this.#socket = socket;
    socket.addEventListener("open", () => {
      this.#delay = FIRST_DELAY_MS;
      this.listener.opened();
    });
    socket.addEventListener("message", message => this.listener.heard(JSON.parse(message.data)));
    socket.addEventListener("close", () => {
      if (this.#socket !== socket) return;
      this.#socket = null;
      // Full jitter: a hub that comes back is not met by all of its pages at once.
      const wait = Math.ceil(this.#delay * (0.5 + Math.random() / 2));
      this.#delay = Math.min(this.#delay * 2, LAST_DELAY_MS);
      this.#timer = setTimeout(() => this.open(), wait);
      this.listener.closed(wait);
    });
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

  #hurry() {
    if (this.#socket === null) {
      this.#delay = FIRST_DELAY_MS;
      this.open();
    }
  }
}
