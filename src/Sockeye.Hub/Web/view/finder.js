// Finds a conversation, a room or a person by a few letters, or makes the room.

import { byId, counted, make } from "../shared/dom.js";

/** @typedef {import("../state.js").State} State */
/** @typedef {{ mark: string, label: string, detail: string, act: () => void }} Found */
/** @typedef {"all" | "rooms" | "people"} Scope */

const FOUND_MAX = 50;
const TITLES = { all: "Find", rooms: "Join or make a room", people: "Write to somebody" };

/** The dialog: a field, and under it what fits. */
export class Finder {
  #dialog = byId("finder", HTMLDialogElement);
  #field = byId("finder-field", HTMLInputElement);
  #list = byId("finder-list", HTMLElement);
  #problem = byId("finder-problem", HTMLElement);
  /** @type {Scope} */
  #scope = "all";
  /** @type {Found[]} */
  #found = [];
  #at = 0;

  /**
   * @param {State} state
   * @param {{ choose: (id: number) => void, join: (room: string) => void, write: (name: string) => void, ask: () => void }} actions
   */
  constructor(state, actions) {
    this.state = state;
    this.actions = actions;
    this.#field.addEventListener("input", () => { this.#at = 0; this.#problem.textContent = ""; this.draw(); });
    this.#field.addEventListener("keydown", event => this.#pressed(event));
    this.#dialog.addEventListener("click", event => { if (event.target === this.#dialog) this.close(); });
    byId("finder-form", HTMLFormElement).addEventListener("submit", event => {
      event.preventDefault();
      this.#found[this.#at]?.act();
    });
  }

  get isOpen() { return this.#dialog.open; }

  /** @param {Scope} scope */
  open(scope) {
    this.#scope = scope;
    this.#at = 0;
    this.#field.value = "";
    this.#problem.textContent = "";
    byId("finder-title", HTMLElement).textContent = TITLES[scope];
    this.#field.placeholder = scope === "rooms" ? "Name of a room" : scope === "people" ? "Name of a person" : "Room or person";
    this.actions.ask();
    this.draw();
    if (!this.#dialog.open) this.#dialog.showModal();
    this.#field.focus();
  }

  close() { if (this.#dialog.open) this.#dialog.close(); }

  /** @param {string} text */
  refuse(text) { this.#problem.textContent = text; }

  draw() {
    const asked = this.#field.value.trim().replace(/^#/, "");
    this.#found = this.#find(asked);
    this.#at = Math.min(this.#at, Math.max(0, this.#found.length - 1));
    this.#list.replaceChildren(...this.#found.map((found, index) => make("li",
      { id: `found-${index}`, role: "option", "aria-selected": String(index === this.#at), click: found.act, pointermove: () => this.#mark(index) },
      make("span", { class: found.mark === "#" || found.mark === "+" ? "hash" : `dot ${found.mark}`, "aria-hidden": "true" }, found.mark === "#" || found.mark === "+" ? found.mark : ""),
      make("span", { class: "name" }, found.label),
      make("small", {}, found.detail))));
    this.#mark(this.#at);
  }

  /** @param {string} asked @returns {Found[]} */
  #find(asked) {
    const wanted = asked.toLocaleLowerCase();
    const fits = (/** @type {string} */ name) => name.toLocaleLowerCase().includes(wanted);
    const { state, actions } = this;
    /** @type {Found[]} */
    const found = [];
    if (this.#scope !== "people") {
      for (const room of state.rooms.filter(c => fits(c.title)).sort((a, b) => Number(b.unread > 0) - Number(a.unread > 0)))
        found.push({ mark: "#", label: room.title, detail: room.unread ? `${room.unread} unread` : "you are in it", act: () => this.#go(() => actions.choose(room.id)) });
      for (const room of state.roomsThere.filter(r => fits(r.room) && !state.conversations.has(r.id)))
        found.push({ mark: "#", label: room.room, detail: room.people ? counted(room.people, "person there", "people there") : "nobody there now", act: () => actions.join(room.room) });
    }
    if (this.#scope !== "rooms") {
      const here = new Map([...state.peopleThere, ...state.known.values()].map(person => [person.id, person]));
      for (const direct of state.directs.filter(c => fits(c.title) && !here.has(c.other?.id ?? 0)))
        found.push({ mark: "gone", label: direct.title, detail: "not here now", act: () => this.#go(() => actions.choose(direct.id)) });
      for (const person of [...here.values()].filter(p => fits(p.name)).sort((a, b) => a.name.localeCompare(b.name)))
        found.push({ mark: person.away === null ? "here" : "away", label: person.name, detail: person.id === state.me?.id ? "you" : "", act: () => actions.write(person.name) });
    }
    found.sort((a, b) => Number(b.label.toLocaleLowerCase().startsWith(wanted)) - Number(a.label.toLocaleLowerCase().startsWith(wanted)));
    found.splice(FOUND_MAX);
    const isThere = found.some(f => f.label.toLocaleLowerCase() === wanted);
    if (asked && !isThere && this.#scope !== "people") found.push({ mark: "+", label: asked, detail: "make this room", act: () => actions.join(asked) });
    if (asked && !isThere && this.#scope === "people") found.push({ mark: "gone", label: asked, detail: "not here now", act: () => actions.write(asked) });
    return found;
  }

  /** @param {() => void} act */
  #go(act) {
    this.close();
    act();
  }

  /** @param {number} index */
  #mark(index) {
    this.#at = index;
    [...this.#list.children].forEach((child, i) => child.setAttribute("aria-selected", String(i === index)));
    if (this.#found.length) this.#field.setAttribute("aria-activedescendant", `found-${index}`);
    else this.#field.removeAttribute("aria-activedescendant");
  }

  /** @param {KeyboardEvent} event */
  #pressed(event) {
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp" || this.#found.length === 0) return;
    event.preventDefault();
    this.#mark((this.#at + (event.key === "ArrowDown" ? 1 : this.#found.length - 1)) % this.#found.length);
    this.#list.children[this.#at]?.scrollIntoView({ block: "nearest" });
  }
}
