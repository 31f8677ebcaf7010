// The page: what the hub tells goes into the state, what people do goes to the hub, and the views draw the state.

import { HELP, meaningOf } from "./commands.js";
import { Connection } from "./connection.js";
import { keepDrafts, takeDrafts } from "./drafts.js";
import { State } from "./state.js";
import { announce, byId, counted, notice } from "./shared/dom.js";
import { Finder } from "./view/finder.js";
import { drawLink } from "./view/link.js";
import { drawPeople } from "./view/people.js";
import { Profile } from "./view/profile.js";
import { drawSide } from "./view/side.js";
import { TalkView } from "./view/talk.js";
import { Welcome } from "./view/welcome.js";
import { WireView } from "./view/wire.js";

/** @typedef {import("./types.js").HubEvent} HubEvent */
/** @typedef {import("./types.js").Command} Command */

const TICK_MS = 1000;
const TYPING_INTERVAL_MS = 2000;
/** How long the hub may owe an answer before the connection is taken for dead. */
const ANSWER_MS = 15_000;

const state = new State();
const app = byId("app", HTMLElement);
const composer = byId("text", HTMLTextAreaElement);
const isWide = matchMedia("(min-width: 66rem)");
const isPhone = matchMedia("(max-width: 44rem)");
/** Whether the hub knows who this is, on the connection there is now. */
let isHere = false;
/** What was said at the door, until the hub has answered. @type {Command | null} */
let naming = null;
/** Whether this page has not been here before. */
let isNew = true;
/** Whether the hub said that it would end the connection. */
let wasClosed = false;
let typedAt = 0;
let isDrawing = false;
/** The room that was asked for, to be shown when the hub has opened it. @type {string | null} */
let openNext = null;
/** Whether the next conversation with one person that the hub opens is to be shown: who went elsewhere meanwhile stays there. */
let opensDirect = false;
/** What shall be said to whom, when the hub has opened the conversation. @type {{ to: string, text: string }[]} */
let sayNext = [];
/** Whether one shall be writing as soon as there is somewhere to write. */
let writeNext = true;
/** Whose text is in the composer. @type {number | null} */
let composing = null;

const connection = new Connection({
  opened() { wasClosed = false; draw(); },
  closed() {
    isHere = false;
    if (naming) welcome.wait("The hub cannot be reached just now. Trying again…");
    draw();
  },
  heard,
});

const talk = new TalkView({
  older: () => send(state.older()),
  seen: markRead,
  again: (conversation, key) => { say(() => state.again(conversation, key, Date.now())); },
  drop: (conversation, key) => {
    const text = state.drop(conversation, key);
    if (!composer.value) write(text);
    keepDrafts(state);
    draw();
  },
});
const wire = new WireView(id => send({ type: "watch", wire: id }));
const welcome = new Welcome((name, password) => {
  naming = password ? { type: "name", name, password } : { type: "name", name };
  if (!connection.send(naming)) connection.hurry();
});
const profile = new Profile(state, send);
const finder = new Finder(state, {
  choose,
  join,
  write: name => openDirect(name),
  ask: () => { send({ type: "rooms" }); send({ type: "people" }); },
});

/** @param {HubEvent} event */
function heard(event) {
  const away = state.away;
  for (const command of state.hear(event, Date.now())) send(command, true);
  switch (event.type) {
    case "hello":
      wire.reset();
      limitFields(event);
      // Who was here before is known by the browser's cookie, and need not be asked.
      if (naming) welcome.wait("");
      connection.send(naming ?? { type: "return" });
      break;
    case "named":
      isHere = true;
      naming = null;
      writeNext ||= welcome.isOpen;
      welcome.close();
      if (isNew) takeDrafts(state);
      isNew = false;
      claim();
      if (away !== null) send({ type: "away", why: away });
      for (const command of state.resend(Date.now())) send(command);
      if (app.dataset.pane === "wire") send({ type: "wires" });
      break;
    case "refused":
      refused(event);
      break;
    case "accepted":
      keepDrafts(state);
      break;
    case "message":
      if (event.conversation.id === state.current) announce(`${event.author.name}: ${event.text}`);
      break;
    case "joined":
      if (openNext !== null && event.room.conversation.room?.toLowerCase() === openNext.toLowerCase()) choose(event.room.conversation.id);
      break;
    case "direct":
      opened(event.with.conversation.id);
      break;
    case "renamed":
      profile.say(`You are ${event.me.name} now.`);
      break;
    case "password":
      profile.say(event.set ? "A password keeps your name now." : "No password keeps your name any more.");
      break;
    case "owner":
      notice("This hub is yours now.");
      break;
    case "closing":
      wasClosed = true;
      notice(event.why);
      break;
    case "wires":
      wire.draw(event);
      break;
    case "wire":
      wire.add(event);
      break;
  }
  if (finder.isOpen && (event.type === "rooms" || event.type === "people")) finder.draw();
  if (profile.isOpen) profile.draw();
  compose();
  draw();
}

/** The hub has opened a conversation with one person. @param {number} id */
function opened(id) {
  if (opensDirect) choose(id);
  const conversation = state.conversations.get(id);
  const name = conversation?.title.toLowerCase();
  // The hub knows names that look alike for the same; where one alone is waited for, it is that one.
  const at = sayNext.length === 1 ? 0 : sayNext.findIndex(next => next.to.toLowerCase() === name);
  const [next] = at < 0 ? [] : sayNext.splice(at, 1);
  if (next) say(() => state.say(next.text, newKey(), Date.now(), conversation), id);
}

/** A refusal is said where the question was asked. @param {Extract<HubEvent, { type: "refused" }>} event */
function refused(event) {
  if (!isHere && event.code !== "noName") naming = null;
  if (!isHere && event.code === "noName" && state.me && !welcome.isOpen) connection.send({ type: "name", name: state.me.name });
  else if (!isHere) welcome.open(event.code === "noName" ? "" : event.text, event.code === "wrongPassword", state.me?.name);
  else if (event.key || event.tag) keepDrafts(state);
  else if (profile.isOpen) profile.say(event.text, true);
  else if (finder.isOpen) finder.refuse(event.text);
  else if (["badRoom", "tooManyRooms", "notInRoom", "noSuchMember", "badName", "nameTaken"].includes(event.code)) problem(event.text);
  else notice(event.text);
  if (!event.key && !event.tag) sayNext = [];
}

/** What can be typed is as long as the hub takes it; of a character as people count them there may be two units of text. @param {Extract<HubEvent, { type: "hello" }>} limits */
function limitFields(limits) {
  for (const id of ["name", "finder-field", "profile-name"]) byId(id, HTMLInputElement).maxLength = 2 * limits.nameCharactersMax;
  byId("profile-away", HTMLInputElement).maxLength = limits.awayCharactersMax;
  const password = byId("profile-password", HTMLInputElement);
  password.maxLength = limits.passwordCharactersMax;
  password.minLength = limits.passwordCharactersMin;
}

/** The owner's link has its secret behind the #, where it is sent to nobody but the hub. */
function claim() {
  const secret = /^#owner=([\w-]+)$/.exec(location.hash)?.[1];
  if (!secret) return;
  history.replaceState(history.state, "", location.pathname);
  send({ type: "claim", secret });
}

/**
 * Sends a command, if the hub knows who this is: what is said waits for that, anything else is not done.
 * @param {Command | null} command
 * @param {boolean} [isAnswer] It follows from what the hub said, and needs no name.
 */
function send(command, isAnswer = false) {
  if (command && (isHere || isAnswer)) connection.send(command);
}

function markRead() {
  if (isHere && !document.hidden && talk.isAtEnd && app.dataset.pane === "talk") send(state.markRead());
}

function draw() {
  if (isDrawing) return;
  isDrawing = true;
  // A page in the background has no frames, but a title with a number in it.
  if (document.hidden) setTimeout(drawNow);
  else requestAnimationFrame(drawNow);
}

function drawNow() {
  isDrawing = false;
  const { shown } = state;
  if (talk.isAtEnd) shown?.trim();
  talk.draw(state);
  markRead();
  drawSide(state, choose);
  drawPeople(state, name => { if (isPhone.matches) togglePeople(false); openDirect(name); });
  drawLink(connection, isHere, wasClosed, state);
  compose();
  composer.placeholder = shown ? `Write to ${shown.room === null ? shown.title : `#${shown.title}`}` : "";
  composer.disabled = shown === null;
  if (writeNext && isHere && shown !== null) {
    writeNext = false;
    if (!isPhone.matches && !document.querySelector("dialog[open]")) composer.focus();
  }
  drawSend();
}

/** The composer is that of the conversation that is shown, at once: what is typed before the next frame is typed there. */
function compose() {
  if (composing === state.current) return;
  keepDraft();
  composing = state.current;
  write(state.shown?.draft ?? "");
}

function drawSend() {
  const bytes = new TextEncoder().encode(composer.value).length;
  if (bytes > state.messageBytesMax) problem(`${counted(bytes - state.messageBytesMax, "byte", "bytes")} too long: say it in parts.`);
  byId("send", HTMLButtonElement).disabled = !composer.value.trim() || bytes > state.messageBytesMax;
}

/** @param {string} text What is wrong with what is being written. */
function problem(text) { byId("composer-problem", HTMLElement).textContent = text; }

/** @param {string} text */
function write(text) {
  composer.value = text;
  problem("");
  grow();
  drawSend();
}

/** @param {number} id */
function choose(id) {
  state.current = id;
  compose();
  openNext = null;
  opensDirect = false;
  finder.close();
  show("talk");
  if (!isPhone.matches) composer.focus();
  draw();
}

/** @param {string} room */
function join(room) {
  openNext = room.replace(/^#/, "");
  opensDirect = false;
  send({ type: "join", room });
}

/** @param {string} name @param {string} [text] What shall be said. */
function openDirect(name, text) {
  opensDirect = true;
  if (text) sayNext.push({ to: name, text });
  send({ type: "direct", with: name });
}

/** @param {"list" | "talk" | "wire"} pane */
function show(pane) {
  const before = app.dataset.pane;
  app.dataset.pane = pane;
  // On a phone the way back is the way it is anywhere else.
  if (isPhone.matches && before === "list" && pane !== "list") history.pushState("pane", "");
  byId("wire", HTMLElement).hidden = pane !== "wire";
  byId("talk", HTMLElement).hidden = pane === "wire";
  if (pane === "wire") send({ type: "wires" });
  else if (before === "wire") send({ type: "watch", wire: null });
  draw();
}

/** @param {() => Command | null} saying @param {number | null} [id] Where it is said. */
function say(saying, id = state.current) {
  send(saying());
  keepDrafts(state);
  draw();
  if (id === state.current) requestAnimationFrame(() => talk.toEnd());
}

function newKey() {
  return [...crypto.getRandomValues(new Uint8Array(12))].map(byte => byte.toString(16).padStart(2, "0")).join("");
}

function keepDraft() {
  const conversation = composing === null ? null : state.conversations.get(composing);
  if (conversation) conversation.draft = composer.value;
}

byId("composer", HTMLFormElement).addEventListener("submit", event => {
  event.preventDefault();
  const line = composer.value.trim();
  if (!line || !state.shown || byId("send", HTMLButtonElement).disabled) return;
  const meaning = meaningOf(line, state.shown.room ?? null, state.away !== null);
  if ("problem" in meaning) {
    problem(meaning.problem);
    return;
  }
  if (!("say" in meaning) && !isHere) {
    problem("The hub is not there: messages wait for it, commands do not.");
    return;
  }
  write("");
  state.shown.draft = "";
  if ("say" in meaning) {
    say(() => state.say(meaning.say, newKey(), Date.now()));
  } else if ("direct" in meaning) {
    openDirect(meaning.direct, meaning.text);
  } else if ("action" in meaning) {
    act(meaning.action);
  } else if (meaning.command.type === "join") {
    join(String(meaning.command.room));
  } else {
    send(meaning.command);
  }
});

/** @param {import("./commands.js").Action} action What the page does itself. */
function act(action) {
  switch (action) {
    case "people": togglePeople(true); break;
    case "everybody": finder.open("people"); break;
    case "rooms": finder.open("rooms"); break;
    case "earlier": talk.page(-1); break;
    case "profile": profile.open(); break;
    case "quit":
      connection.leave();
      draw();
      break;
  }
}

composer.addEventListener("keydown", event => {
  // Safari's Enter that ends a composition is told from one that sends by its code alone.
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing && event.keyCode !== 229) {
    event.preventDefault();
    byId("composer", HTMLFormElement).requestSubmit();
  } else if ((event.key === "PageUp" || event.key === "PageDown") && !event.shiftKey) {
    event.preventDefault();
    talk.page(event.key === "PageUp" ? -1 : 1);
  }
});
composer.addEventListener("input", () => {
  problem(composer.value === "/" ? HELP : "");
  grow();
  drawSend();
  if (state.current !== null && !composer.value.startsWith("/") && Date.now() - typedAt > TYPING_INTERVAL_MS) {
    typedAt = Date.now();
    send(state.shown?.other ? { type: "typing", to: state.shown.title } : { type: "typing", conversation: state.current });
  }
});

function grow() {
  composer.style.height = "auto";
  composer.style.height = `${composer.scrollHeight}px`;
}

byId("find", HTMLButtonElement).addEventListener("click", () => finder.open("all"));
byId("add-room", HTMLButtonElement).addEventListener("click", () => finder.open("rooms"));
byId("add-direct", HTMLButtonElement).addEventListener("click", () => finder.open("people"));
byId("me", HTMLButtonElement).addEventListener("click", () => profile.open());
byId("leave", HTMLButtonElement).addEventListener("click", () => {
  const room = state.shown?.room;
  if (!room || !isHere) return;
  send({ type: "leave", room });
  notice(`You left #${room}.`, { label: "Go back in", act: () => join(room) });
});
byId("show-people", HTMLButtonElement).addEventListener("click", () => togglePeople());
byId("close-people", HTMLButtonElement).addEventListener("click", () => {
  togglePeople(false);
  byId("show-people", HTMLButtonElement).focus();
});
byId("back", HTMLButtonElement).addEventListener("click", () => { if (history.state === "pane") history.back(); else show("list"); });
byId("open-wire", HTMLButtonElement).addEventListener("click", () => show("wire"));
byId("close-wire", HTMLButtonElement).addEventListener("click", () => show("talk"));
byId("try-now", HTMLButtonElement).addEventListener("click", () => { if (connection.hasLeft) connection.open(); else connection.hurry(); });
addEventListener("popstate", () => { if (isPhone.matches && app.dataset.pane !== "list") show("list"); });
addEventListener("pagehide", () => { keepDraft(); keepDrafts(state); });
document.addEventListener("visibilitychange", draw);
document.addEventListener("keydown", event => {
  if (document.querySelector("dialog[open]")) return;
  if (app.dataset.pane === "wire" && wire.press(event)) return;
  if (event.altKey && (event.key === "ArrowUp" || event.key === "ArrowDown")) {
    event.preventDefault();
    const all = [...state.rooms, ...state.directs];
    const at = all.findIndex(c => c.id === state.current);
    const next = all[(at + (event.key === "ArrowDown" ? 1 : all.length - 1)) % all.length];
    if (next) choose(next.id);
  } else if ((event.ctrlKey || event.metaKey) && !event.shiftKey && event.key.toLowerCase() === "k") {
    event.preventDefault();
    finder.open("all");
  } else if (event.key === "Escape") {
    if (app.dataset.pane === "wire") show("talk");
    else if (!isWide.matches && !byId("people-pane", HTMLElement).hidden) togglePeople(false);
    else talk.toEnd();
    composer.focus();
  }
});

/** @param {boolean} [isShown] */
function togglePeople(isShown = byId("people-pane", HTMLElement).hidden) {
  byId("people-pane", HTMLElement).hidden = !isShown;
  byId("show-people", HTMLButtonElement).setAttribute("aria-expanded", String(isShown));
  if (isShown && state.shown?.room) send({ type: "people", room: state.shown.room });
}

setInterval(() => {
  const since = state.waitingSince;
  if (since !== null && isHere && Date.now() - Math.max(since, connection.heardAt) > ANSWER_MS) connection.renew();
  if (app.dataset.pane === "wire") send({ type: "wires" });
  else talk.drawTyping(state.shown);
  drawLink(connection, isHere, wasClosed, state);
}, TICK_MS);

if (isWide.matches) togglePeople(true);
isWide.addEventListener("change", () => togglePeople(isWide.matches));
connection.open();
