// The door: who comes in says a name, and its password where it has one.

import { byId } from "../shared/dom.js";

export class Welcome {
  #dialog = byId("welcome", HTMLDialogElement);
  #name = byId("name", HTMLInputElement);
  #password = byId("password", HTMLInputElement);
  #problem = byId("name-problem", HTMLElement);
  #button = byId("come-in", HTMLButtonElement);

  /** @param {(name: string, password: string) => void} enter */
  constructor(enter) {
    byId("host", HTMLElement).textContent = location.host;
    this.#dialog.addEventListener("cancel", event => event.preventDefault());
    this.#name.addEventListener("input", () => this.#askPassword(false));
    byId("name-form", HTMLFormElement).addEventListener("submit", event => {
      event.preventDefault();
      this.#problem.textContent = "";
      this.#button.disabled = true;
      enter(this.#name.value.trim(), byId("password-row", HTMLElement).hidden ? "" : this.#password.value);
    });
  }

  get isOpen() { return this.#dialog.open; }

  /** @param {string} problem @param {boolean} needsPassword @param {string} [name] */
  open(problem, needsPassword, name) {
    this.#button.disabled = false;
    this.#problem.textContent = needsPassword && !this.#password.value ? `${this.#name.value.trim() || name} is kept by a password.` : problem;
    if (needsPassword) this.#askPassword(true);
    if (!this.#dialog.open) {
      if (name && !this.#name.value) this.#name.value = name;
      this.#dialog.showModal();
    } else if (!this.#problem.textContent) {
      return;
    }
    (needsPassword ? this.#password : this.#name).select();
    (needsPassword ? this.#password : this.#name).focus();
  }

  /** What keeps one at the door. @param {string} text */
  wait(text) { this.#problem.textContent = text; }

  close() {
    this.#button.disabled = false;
    this.#password.value = "";
    this.#askPassword(false);
    if (this.#dialog.open) this.#dialog.close();
  }

  /** @param {boolean} isAsked */
  #askPassword(isAsked) {
    byId("password-row", HTMLElement).hidden = !isAsked;
    this.#password.required = isAsked;
  }
}
