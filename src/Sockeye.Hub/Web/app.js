// The page: what the hub tells goes into the state, what people do goes to the hub, and the views draw the state.

import { Connection } from "./connection.js";
import { State } from "./state.js";
import { ask, byId, notice } from "./view/dom.js";
import { drawPeople } from "./view/people.js";
import { drawSide } from "./view/side.js";
import { TalkView } from "./view/talk.js";
import { WireView } from "./view/wire.js";

/** @typedef {import("./types.js").HubEvent} HubEvent */
/** @typedef {import("./types.js").Command} Command */

const WIRE_INTERVAL_MS = 1000;
const TYPING_INTERVAL_MS = 2000;

const state = new State();
const app = byId("app", HTMLElement);
const composer = byId("text", HTMLTextAreaElement);
const linkState = byId("link-state", HTMLElement);
const welcome = byId("welcome", HTMLDialogElement);
/** What waits for the hub's word about a name. @type {{ name: string } | null} */
let naming = null;
let typedAt = 0;
let isDrawing = false;
/** @type {string | null} */
let openNext = null;

const connection = new Connection({
  opened() { linkState.textContent = ""; },
  closed(wait) {
    linkState.textContent = wait < 1000 ? "Reconnecting…" : `Back in ${Math.ceil(wait / 1000)} s`;
  },
  heard,
});

const talk = new TalkView({
  older: () => send(state.older()),
  seen: markRead,
  again: (conversation, key) => { send(state.again(conversation, key)); draw(); },
});
const wire = new WireView(id => send({ type: "watch", wire: id }));

/** @param {HubEvent} event */
function heard(event) {
  for (const command of state.hear(event, Date.now())) send(command);
  switch (event.type) {
    case "hello":
      // Who was here before is known by the browser's cookie, and need not be asked.
      if (state.me) send({ type: "name", name: state.me.name });
      else send({ type: "return" });
      break;
    case "named":
      naming = null;
      if (welcome.open) welcome.close();
      claim();
      for (const command of state.resend()) send(command);
      if (app.dataset.pane === "wire") send({ type: "wires" });
      break;
    case "refused":
      refused(event);
      break;
    case "joined":
      if (openNext !== null && event.room.conversation.room?.toLowerCase() === openNext.toLowerCase()) choose(event.room.conversation.id);
      break;
    case "direct":
      choose(event.with.conversation.id);
      break;
    case "password":
      notice(event.set ? "Your name is kept by a password now." : "Your name is kept by no password any more.");
      break;
    case "owner":
      notice("This hub is yours now.");
      break;
    case "closing":
      linkState.textContent = event.why;
      break;
    case "wires":
      wire.draw(event.wires);
      break;
    case "wire":
      wire.add(event.wire, event.lines);
      break;
  }
  draw();
}

/** @param {Extract<HubEvent, { type: "refused" }>} event */
function refused(event) {
  if (!state.me || naming) {
    if (event.code === "nameTaken" && state.me && !naming) return;
    showWelcome(event.code === "noName" ? "" : event.text, event.code === "wrongPassword");
  } else if (!event.key) {
    notice(event.text);
  }
}

/** @param {string} problem @param {boolean} needsPassword */
function showWelcome(problem, needsPassword) {
  byId("name-problem", HTMLElement).textContent = problem;
  if (needsPassword) byId("password-row", HTMLElement).hidden = false;
  if (!welcome.open) welcome.showModal();
  byId(needsPassword ? "password" : "name", HTMLInputElement).focus();
}

/** The owner's link has its secret behind the #, where it is sent to nobody but the hub. */
function claim() {
  const secret = /^#owner=([\w-]+)$/.exec(location.hash)?.[1];
  if (!secret) return;
  history.replaceState(null, "", location.pathname);
  send({ type: "claim", secret });
}

/** @param {Command | null} command */
function send(command) {
  if (command) connection.send(command);
}

function markRead() {
  if (!document.hidden && talk.isAtEnd && app.dataset.pane === "talk") send(state.markRead());
}

function draw() {
  if (isDrawing) return;
  isDrawing = true;
  requestAnimationFrame(() => {
    isDrawing = false;
    talk.draw(state);
    markRead();
    drawSide(state, choose);
    drawPeople(state, name => send({ type: "direct", with: name }));
    composer.placeholder = state.shown ? `Write to ${state.shown.room === null ? state.shown.title : `#${state.shown.title}`}` : "";
    composer.disabled = state.shown === null;
  });
}

/** @param {number} id */
function choose(id) {
  state.current = id;
  openNext = null;
  show("talk");
  if (matchMedia("(min-width: 44rem)").matches) composer.focus();
  draw();
}

/** @param {"list" | "talk" | "wire"} pane */
function show(pane) {
  app.dataset.pane = pane;
  byId("wire", HTMLElement).hidden = pane !== "wire";
  byId("talk", HTMLElement).hidden = pane === "wire";
  if (pane === "wire") send({ type: "wires" });
  else send({ type: "watch", wire: null });
  draw();
}

byId("name-form", HTMLFormElement).addEventListener("submit", event => {
  event.preventDefault();
  const name = byId("name", HTMLInputElement).value.trim();
  const password = byId("password", HTMLInputElement).value;
  naming = { name };
  byId("name-problem", HTMLElement).textContent = "";
  send(password ? { type: "name", name, password } : { type: "name", name });
});
welcome.addEventListener("cancel", event => event.preventDefault());

byId("composer", HTMLFormElement).addEventListener("submit", event => {
  event.preventDefault();
  const text = composer.value.trim();
  if (!text || !state.shown) return;
  const command = state.say(text, crypto.randomUUID?.() ?? `${Date.now()}-${Math.random()}`);
  composer.value = "";
  grow();
  send(command);
  draw();
  requestAnimationFrame(() => talk.toEnd());
});
composer.addEventListener("keydown", event => {
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    byId("composer", HTMLFormElement).requestSubmit();
  }
});
composer.addEventListener("input", () => {
  grow();
  if (state.current !== null && Date.now() - typedAt > TYPING_INTERVAL_MS) {
    typedAt = Date.now();
    send({ type: "typing", conversation: state.current });
  }
});

function grow() {
  composer.style.height = "auto";
  composer.style.height = `${composer.scrollHeight + 2}px`;
}

byId("add-room", HTMLButtonElement).addEventListener("click", async () => {
  const room = await ask({ title: "Join a room", text: "A room that is not there yet is made.", label: "Room", ok: "Join" });
  if (!room) return;
  openNext = room.replace(/^#/, "");
  send({ type: "join", room });
});
byId("add-direct", HTMLButtonElement).addEventListener("click", async () => {
  const name = await ask({ title: "Write to somebody", text: "They read it when they are here again.", label: "Name", ok: "Write" });
  if (name) send({ type: "direct", with: name });
});
byId("leave", HTMLButtonElement).addEventListener("click", () => {
  if (state.shown?.room) send({ type: "leave", room: state.shown.room });
});
byId("me", HTMLButtonElement).addEventListener("click", async () => {
  if (state.away !== null) {
    send({ type: "away", why: null });
    return;
  }
  const why = await ask({ title: "Away", text: "Others see it beside your name until you are back.", label: "Why (may be empty)", ok: "I am away" });
  if (why !== null) send({ type: "away", why });
});
byId("show-people", HTMLButtonElement).addEventListener("click", () => togglePeople());
byId("close-people", HTMLButtonElement).addEventListener("click", () => togglePeople(false));
byId("back", HTMLButtonElement).addEventListener("click", () => show("list"));
byId("open-wire", HTMLButtonElement).addEventListener("click", () => show("wire"));
byId("close-wire", HTMLButtonElement).addEventListener("click", () => show("talk"));
document.addEventListener("visibilitychange", markRead);
document.addEventListener("keydown", event => {
  if (!event.altKey || (event.key !== "ArrowUp" && event.key !== "ArrowDown")) return;
  const all = [...state.rooms, ...state.directs];
  const at = all.findIndex(c => c.id === state.current);
  const next = all[(at + (event.key === "ArrowDown" ? 1 : all.length - 1)) % all.length];
  if (next) choose(next.id);
  event.preventDefault();
});

/** @param {boolean} [isShown] */
function togglePeople(isShown = byId("people-pane", HTMLElement).hidden) {
  byId("people-pane", HTMLElement).hidden = !isShown;
  byId("show-people", HTMLButtonElement).setAttribute("aria-expanded", String(isShown));
  if (isShown && state.shown?.room) send({ type: "people", room: state.shown.room });
}

setInterval(() => {
  if (app.dataset.pane === "wire") send({ type: "wires" });
  else talk.drawTyping(state.shown);
}, WIRE_INTERVAL_MS);

connection.open();
