// Oneself: the name, being away, and the password that keeps the name.

import { byId } from "../shared/dom.js";

/** @typedef {import("../state.js").State} State */
/** @typedef {import("../types.js").Command} Command */

/** The dialog behind one's own name. */
export class Profile {
  #dialog = byId("profile", HTMLDialogElement);
  #name = byId("profile-name", HTMLInputElement);
  #why = byId("profile-away", HTMLInputElement);
  #password = byId("profile-password", HTMLInputElement);

  /** @param {State} state @param {(command: Command) => void} send */
  constructor(state, send) {
    this.state = state;
    this.send = send;
    this.#on("profile-name-form", () => {
      const name = this.#name.value.trim();
      if (name && name !== state.me?.name) this.#ask({ type: "name", name });
    });
    this.#on("profile-away-form", () => this.#ask({ type: "away", why: state.away === null ? this.#why.value.trim() : null }));
    this.#on("profile-password-form", () => {
      if (this.#password.value) this.#ask({ type: "password", password: this.#password.value });
      this.#password.value = "";
    });
    byId("profile-no-password", HTMLButtonElement).addEventListener("click", () => this.#ask({ type: "password", password: null }));
    byId("profile-close", HTMLButtonElement).addEventListener("click", () => this.#dialog.close());
    this.#dialog.addEventListener("click", event => { if (event.target === this.#dialog) this.#dialog.close(); });
  }

  get isOpen() { return this.#dialog.open; }

  open() {
    this.#name.value = this.state.me?.name ?? "";
    this.#why.value = "";
    this.#password.value = "";
    this.say("");
    this.draw();
    this.#dialog.showModal();
  }

  draw() {
    const { me, away } = this.state;
    byId("profile-away-button", HTMLElement).textContent = away === null ? "I am away" : "I am back";
    this.#why.disabled = away !== null;
    if (away !== null) this.#why.value = away;
    byId("profile-password-state", HTMLElement).textContent = me?.password
      ? "A password keeps your name: from another browser, or telnet, it is asked for."
      : "Nobody else can come in by your name once it has a password.";
    byId("profile-password-button", HTMLElement).textContent = me?.password ? "Change" : "Set";
    byId("profile-no-password", HTMLElement).hidden = !me?.password;
  }

  /** What the hub said to what was asked here. @param {string} text @param {boolean} [isProblem] */
  say(text, isProblem = false) {
    const line = byId("profile-said", HTMLElement);
    line.textContent = text;
    line.classList.toggle("problem", isProblem);
  }

  /** @param {Command} command */
  #ask(command) {
    this.say("");
    this.send(command);
  }

  /** @param {string} form @param {() => void} submitted */
  #on(form, submitted) {
    byId(form, HTMLFormElement).addEventListener("submit", event => {
      event.preventDefault();
      submitted();
    });
  }
}
