// The WebSocket that tells what is new. It comes back by itself, and asks for what it missed.

/** @typedef {import("./types.js").ConversationsMessage} ConversationsMessage */
/** @typedef {import("./types.js").EventsMessage} EventsMessage */

const FIRST_DELAY_MS = 300;
const LAST_DELAY_MS = 5000;

export class Live {
  /** @type {WebSocket | null} */
  #socket = null;
  #delay = FIRST_DELAY_MS;
  /** @type {{ watch: number | null, from: number }} */
  #watch = { watch: null, from: 0 };

  /**
   * @param {object} listener
   * @param {(open: boolean) => void} listener.changed
   * @param {(message: ConversationsMessage | EventsMessage) => void} listener.heard
   */
  constructor(listener) { this.listener = listener; }

  open() {
    const socket = new WebSocket(`${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/api/live`);
    this.#socket = socket;
    socket.addEventListener("open", () => {
      this.#delay = FIRST_DELAY_MS;
      this.listener.changed(true);
      this.#send();
    });
    socket.addEventListener("message", message => {
      /** @type {ConversationsMessage | EventsMessage} */
      const told = JSON.parse(message.data);
      if (told.type === "events" && told.conversation === this.#watch.watch) this.#watch.from = told.next;
      this.listener.heard(told);
    });
    socket.addEventListener("close", () => {
      this.#socket = null;
      this.listener.changed(false);
      setTimeout(() => this.open(), this.#delay);
      this.#delay = Math.min(this.#delay * 2, LAST_DELAY_MS);
    });
  }

  /** Looks at a conversation from its first event on; null: at none. @param {number | null} id */
  watch(id) {
    this.#watch = { watch: id, from: 0 };
    this.#send();
  }

  #send() {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(this.#watch));
  }
}
