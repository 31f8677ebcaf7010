// What is made to go wrong, to be changed while it runs.

import { byId } from "../shared/dom.js";

/** @typedef {{ plan: string, seed: number, done: Record<string, number> }} Told */

/** @type {Record<string, string>} */
const words = { halfOpened: "half-opened", closedSlowly: "closed slowly" };

export class Faults {
  #form = byId("faults", HTMLFormElement);
  #button = byId("show-faults", HTMLButtonElement);
  #plan = byId("fault-plan", HTMLInputElement);
  #said = byId("fault-said", HTMLElement);

  constructor() {
    this.#button.hidden = false;
    this.#button.addEventListener("click", () => this.#toggle());
    this.#form.addEventListener("submit", submit => { submit.preventDefault(); this.#put(this.#plan.value.trim() || "none"); });
    byId("fault-none", HTMLButtonElement).addEventListener("click", () => this.#put("none"));
    this.#refresh();
    setInterval(() => { if (!this.#form.hidden && !document.hidden) this.#refresh(); }, 2000);
  }

  #toggle() {
    this.#form.hidden = !this.#form.hidden;
    this.#button.setAttribute("aria-expanded", String(!this.#form.hidden));
    if (!this.#form.hidden) this.#plan.focus();
  }

  async #refresh() {
    const answer = await fetch("/api/faults").catch(() => null);
    if (answer?.ok) this.#show(await answer.json());
  }

  /** @param {string} plan */
  async #put(plan) {
    const answer = await fetch("/api/faults", { method: "PUT", body: plan }).catch(() => null);
    this.#said.classList.toggle("problem", !answer?.ok);
    if (answer?.ok) {
      this.#plan.value = "";
      this.#show(await answer.json());
    } else {
      this.#said.textContent = answer ? (await answer.text()).trim() : "The page cannot be reached.";
    }
  }

  /** @param {Told} told */
  #show(told) {
    const isNone = told.plan === "none";
    this.#button.classList.toggle("on", !isNone);
    if (document.activeElement !== this.#plan) this.#plan.value = isNone ? "" : told.plan;
    if (this.#said.classList.contains("problem")) return;
    const done = Object.entries(told.done).filter(([, count]) => count > 0).map(([what, count]) => `${count} ${words[what] ?? what}`);
    this.#said.textContent = `${isNone ? "Nothing goes wrong now." : `Now: ${told.plan}.`} Seed ${told.seed}.${done.length > 0 ? ` So far: ${done.join(", ")}.` : ""}`;
  }
}
