// Small helpers for the document. Text goes in as text, never as markup.

/**
 * The element with an id.
 * @template {HTMLElement} T
 * @param {string} id
 * @param {new () => T} type
 * @returns {T}
 */
export function byId(id, type) {
  const element = document.getElementById(id);
  if (!(element instanceof type)) throw new Error(`there is no ${type.name} #${id}`);
  return element;
}

/**
 * Makes an element.
 * @param {string} name
 * @param {Record<string, string | boolean | ((event: Event) => void)>} [attributes] Functions listen, under their event's name.
 * @param {...(Node | string)} children
 * @returns {HTMLElement}
 */
export function make(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (typeof value === "function") element.addEventListener(key, value);
    else if (value === true) element.setAttribute(key, "");
    else if (value !== false) element.setAttribute(key, value);
  }
  element.append(...children);
  return element;
}

/** The round mark of a member, in a colour of their own. @param {string} name @returns {HTMLElement} */
export function mark(name) {
  let hue = 0;
  for (const character of name) hue = (hue * 31 + (character.codePointAt(0) ?? 0)) % 360;
  const element = make("span", { class: "mark", "aria-hidden": "true" }, [...name][0]?.toUpperCase() ?? "?");
  element.style.setProperty("--hue", String(hue));
  return element;
}

/**
 * Text with its links (http and https only) as links.
 * @param {string} text
 * @returns {(Node | string)[]}
 */
export function withLinks(text) {
  /** @type {(Node | string)[]} */
  const parts = [];
  let at = 0;
  for (const found of text.matchAll(/https?:\/\/[^\s<>"'`]+[^\s<>"'`.,;:!?)\]}]/g)) {
    parts.push(text.slice(at, found.index), make("a", { href: found[0], target: "_blank", rel: "noopener noreferrer" }, found[0]));
    at = found.index + found[0].length;
  }
  parts.push(text.slice(at));
  return parts;
}

/**
 * Asks for one line; null when it is cancelled.
 * @param {{ title: string, text: string, label: string, value?: string, ok?: string, type?: string }} question
 * @returns {Promise<string | null>}
 */
export function ask(question) {
  const dialog = byId("ask", HTMLDialogElement);
  const input = byId("ask-value", HTMLInputElement);
  byId("ask-title", HTMLElement).textContent = question.title;
  byId("ask-text", HTMLElement).textContent = question.text;
  byId("ask-label", HTMLElement).textContent = question.label;
  byId("ask-ok", HTMLButtonElement).textContent = question.ok ?? "OK";
  input.type = question.type ?? "text";
  input.value = question.value ?? "";
  return new Promise(resolve => {
    const end = new AbortController();
    const done = (/** @type {string | null} */ answer) => {
      end.abort();
      dialog.close();
      resolve(answer);
    };
    byId("ask-form", HTMLFormElement).addEventListener("submit", event => { event.preventDefault(); done(input.value.trim()); }, { signal: end.signal });
    byId("ask-cancel", HTMLButtonElement).addEventListener("click", () => done(null), { signal: end.signal });
    dialog.addEventListener("cancel", event => { event.preventDefault(); done(null); }, { signal: end.signal });
    dialog.showModal();
    input.select();
  });
}

/** Says something for a few seconds. @param {string} text */
export function notice(text) {
  const line = make("p", {}, text);
  byId("notices", HTMLElement).append(line);
  setTimeout(() => line.remove(), 6000);
}
