// The eye's page: the connections, one of them as a sequence diagram, and an event of it in detail.

import { Live } from "./live.js";
import { Model } from "./model.js";
import { byId, counted } from "./shared/dom.js";
import { Scope } from "./shared/scope.js";
import { stateWords } from "./shared/states.js";
import { Faults } from "./view/faults.js";
import { List } from "./view/list.js";
import { size, span } from "./shared/text.js";

const app = byId("app", HTMLElement);
const talk = byId("talk", HTMLElement);

const model = new Model();
const scope = new Scope({
  place: byId("scope", HTMLElement),
  controls: byId("talk-controls", HTMLElement),
  shows: [
    ["main", "What was said, connects and closes"],
    ["data", "Only what was said"],
    ["up", "Only the client"],
    ["down", "Only the server"],
    ["all", "Every event"],
  ],
});
const list = new List(model, id => open(id));
let isListDue = false;
let isRestored = false;

const live = new Live({
  changed(isOpen) {
    byId("link-text", HTMLElement).textContent = isOpen ? "live" : "not reached; trying again";
    byId("link-state", HTMLElement).classList.toggle("cut", !isOpen);
  },
  heard(told) {
    if (told.type === "conversations") {
      model.hearList(told);
      drawList();
      drawFacts();
      restore();
      return;
    }
    const heard = model.hearEvents(told);
    if (heard) scope.more(heard === "anew");
  },
});

/** At most once a frame. */
function drawList() {
  if (isListDue) return;
  isListDue = true;
  requestAnimationFrame(() => {
    isListDue = false;
    list.draw();
    const parts = [];
    if (model.dropped > 0) parts.push(`${counted(model.dropped, "event was", "events were")} dropped: the recorder did not keep up.`);
    if (model.forgotten > 0) parts.push(`${counted(model.forgotten, "older connection has", "older connections have")} left to make room.`);
    const lost = byId("lost", HTMLElement);
    lost.hidden = parts.length === 0;
    lost.textContent = parts.join(" ");
  });
}

function drawFacts() {
  const each = model.conversation;
  if (!each) return;
  scope.know(each);
  byId("talk-title", HTMLElement).textContent = `${each.client ?? "without a name"} → ${each.server ?? each.door ?? "?"}`;
  const facts = [stateWords[each.state], counted(each.events, "event", "events"), `${size(each.up)} up`, `${size(each.down)} down`];
  if (each.layer) facts.push(each.layer);
  if (each.clientRtt !== undefined) facts.push(`RTT ${span(each.clientRtt)}`);
  if (each.serverRtt !== undefined) facts.push(`server RTT ${span(each.serverRtt)}`);
  if (model.events.leftOut > 0) facts.push(`${model.events.leftOut} older events left out`);
  byId("talk-facts", HTMLElement).textContent = facts.join(" · ");
  scope.diagram.name(each.client ?? "client", each.server ?? each.door ?? "server");
}

/** Goes back to the conversation that the address line names, once. */
function restore() {
  if (isRestored) return;
  isRestored = true;
  const id = Number(location.hash.slice(1));
  if (model.conversations.has(id)) open(id);
}

/** @param {number} id */
function open(id) {
  if (model.chosen === id) return;
  model.choose(id);
  const conversation = model.conversation;
  if (!conversation) return;
  app.dataset.view = "talk";
  talk.hidden = false;
  scope.open(conversation, model.events, `/api/conversations/${id}`);
  live.watch(id);
  drawFacts();
  drawList();
  scope.diagram.focus();
  history.replaceState(null, "", `#${id}`);
}

function close() {
  const id = model.chosen;
  model.choose(null);
  live.watch(null);
  app.dataset.view = "list";
  talk.hidden = true;
  list.draw();
  history.replaceState(null, "", location.pathname);
  const row = document.querySelector(`#rows tr[data-id="${id}"] button`);
  if (row instanceof HTMLElement) row.focus();
}

byId("back", HTMLButtonElement).addEventListener("click", close);

document.addEventListener("keydown", key => {
  if (model.chosen !== null && scope.press(key)) return;
  if (model.chosen !== null && key.key === "Escape") close();
  if (model.chosen !== null || key.key !== "/" || key.target instanceof HTMLInputElement) return;
  key.preventDefault();
  byId("list-filter", HTMLInputElement).focus();
});

// Ages and sparklines go on without news.
setInterval(() => { if (model.conversations.size > 0 && !document.hidden) drawList(); }, 1000);

/** @type {{ title: string, showsSecrets: boolean, hasFaults: boolean }} */
const about = await fetch("/api/about").then(answer => answer.json());
byId("title", HTMLElement).textContent = about.title + (about.showsSecrets ? " (secrets are shown)" : "");
if (about.title) document.title = `${about.title} – the eye`;
if (about.hasFaults) new Faults();
live.open();
