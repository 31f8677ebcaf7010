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
  if (!(element instanceof type)) throw new Error(`The page has no ${type.name} #${id}.`);
  return element;
}

/**
 * Makes an element: attributes by name, functions as listeners, texts and elements as children.
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} name
 * @param {Record<string, string | boolean | ((event: Event) => void)>} [attributes]
 * @param {...(Node | string)} children
 * @returns {HTMLElementTagNameMap[K]}
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

/** @typedef {{ key: string, signature: string, make: () => HTMLElement }} Row A child: which it is, what it shows, and how it is made. */

/** @type {WeakMap<HTMLElement, Map<string, { signature: string, element: HTMLElement }>>} */
const kept = new WeakMap();

/**
 * Makes the children of an element be these rows, and touches none that stays as it is: what is chosen, focused or read aloud in it stays so.
 * @param {HTMLElement} parent
 * @param {Row[]} rows
 */
export function keep(parent, rows) {
  const before = kept.get(parent) ?? new Map();
  /** @type {Map<string, { signature: string, element: HTMLElement }>} */
  const now = new Map();
  const keys = new Set(rows.map(row => row.key));
  for (const [key, { element }] of before) if (!keys.has(key)) element.remove();
  let at = parent.firstElementChild;
  for (const row of rows) {
    const known = before.get(row.key);
    let element = known?.element;
    if (!known || known.signature !== row.signature) {
      element = row.make();
      if (known) {
        const hadFocus = known.element.contains(document.activeElement);
        if (at === known.element) at = element;
        known.element.replaceWith(element);
        if (hadFocus) (element.querySelector("button") ?? element).focus();
      }
    }
    if (!element) continue;
    now.set(row.key, { signature: row.signature, element });
    if (element === at) at = element.nextElementSibling;
    else parent.insertBefore(element, at);
  }
  kept.set(parent, now);
}

/** Gives an element a colour of its own by a name. @template {HTMLElement} T @param {T} element @param {string} name @returns {T} */
export function tint(element, name) {
  let hash = 0;
  for (const character of name) hash = (hash * 31 + (character.codePointAt(0) ?? 0)) % 3600;
  element.style.setProperty("--hue", String(hash / 10));
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
  for (const found of text.matchAll(/\bhttps?:\/\/[^\s<>"'`]*[^\s<>"'`.,;:!?)\]}。，、！？）」]/g)) {
    parts.push(text.slice(at, found.index), make("a", { href: found[0], target: "_blank", rel: "noopener noreferrer" }, found[0]));
    at = found.index + found[0].length;
  }
  parts.push(text.slice(at));
  return parts;
}

/** @param {number} count @param {string} one @param {string} many @returns {string} */
export function counted(count, one, many) { return `${count} ${count === 1 ? one : many}`; }

/**
 * Says something for a few seconds.
 * @param {string} text
 * @param {{ label: string, act: () => void }} [offer] What can be done about it.
 */
export function notice(text, offer) {
  const line = make("p", {}, text);
  if (offer) line.append(make("button", { type: "button", click: () => { line.remove(); offer.act(); } }, offer.label));
  byId("notices", HTMLElement).append(line);
  setTimeout(() => line.remove(), 7000);
}

/** Has a screen reader say something. @param {string} text */
export function announce(text) {
  byId("announcer", HTMLElement).textContent = text;
}
