// The eye's page: the connections, one of them as a sequence diagram, and an event of it in detail.

import { Live } from "./live.js";
import { Model } from "./model.js";
import { byId, counted } from "./shared/dom.js";
import { Detail } from "./view/detail.js";
import { Sequence } from "./shared/sequence.js";
import { Faults } from "./view/faults.js";
import { List, stateWords } from "./view/list.js";
import { Plots } from "./view/plots.js";
import { size, span } from "./shared/text.js";

const app = byId("app", HTMLElement);
const talk = byId("talk", HTMLElement);
const search = byId("search", HTMLInputElement);

const model = new Model();
const detail = new Detail(model, () => closeDetail());
const sequence = new Sequence({
  place: byId("diagram-frame", HTMLElement),
  show: byId("show", HTMLSelectElement),
  pause: byId("pause", HTMLButtonElement),
  chose: event => detail.show(event),
});
const { diagram } = sequence;
const plots = new Plots(model);
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
    if (heard && model.conversation) sequence.more(model.conversation, heard === "anew");
    detail.refresh();
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
  byId("talk-title", HTMLElement).textContent = `${each.client ?? "without a name"} → ${each.server ?? each.door ?? "?"}`;
  const facts = [stateWords[each.state], counted(each.events, "event", "events"), `${size(each.up)} up`, `${size(each.down)} down`];
  if (each.layer) facts.push(each.layer);
  if (each.clientRtt !== undefined) facts.push(`RTT ${span(each.clientRtt)}`);
  if (each.serverRtt !== undefined) facts.push(`server RTT ${span(each.serverRtt)}`);
  if (model.events.leftOut > 0) facts.push(`${model.events.leftOut} older events left out`);
  byId("talk-facts", HTMLElement).textContent = facts.join(" · ");
  diagram.name(each.client ?? "client", each.server ?? each.door ?? "server");
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
  search.value = detail.search = "";
  byId("search-said", HTMLElement).textContent = "";
  detail.show(null);
  const conversation = model.conversation;
  if (!conversation) return;
  app.dataset.view = "talk";
  talk.hidden = false;
  sequence.open(conversation, model.events);
  live.watch(id);
  byId("download", HTMLAnchorElement).href = `/api/conversations/${id}/pcapng`;
  drawFacts();
  drawList();
  plots.refresh();
  diagram.focus();
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

function closeDetail() {
  diagram.choose(null);
  diagram.focus();
}

/** Finds the events that hold what is searched for: text, or 0x and hexadecimal digits. */
async function find() {
  const said = byId("search-said", HTMLElement);
  const text = search.value.trim();
  detail.search = text;
  if (text === "") {
    said.textContent = "";
    diagram.mark(new Set());
    return;
  }
  const query = /^0x[0-9a-f ]+$/i.test(text) ? `hex=${text.slice(2).replaceAll(" ", "")}` : `text=${encodeURIComponent(text)}`;
  const answer = await fetch(`/api/conversations/${model.chosen}/search?${query}`);
  if (!answer.ok) {
    said.textContent = (await answer.text()).trim();
    return;
  }
  /** @type {{ matches: number[] }} */
  const { matches } = await answer.json();
  said.textContent = matches.length === 0 ? "nowhere" : `in ${counted(matches.length, "event", "events")}; n and N go through them`;
  diagram.mark(new Set(matches));
  if (matches.length > 0) {
    diagram.focus();
    diagram.toMatch(1);
  }
}

byId("back", HTMLButtonElement).addEventListener("click", close);
byId("search-form", HTMLFormElement).addEventListener("submit", submit => { submit.preventDefault(); find(); });
search.addEventListener("input", () => { if (search.value === "") find(); });

document.addEventListener("keydown", key => {
  const isTyping = key.target instanceof HTMLInputElement || key.target instanceof HTMLSelectElement;
  if (key.key === "/" && !isTyping) {
    key.preventDefault();
    (model.chosen === null ? byId("list-filter", HTMLInputElement) : search).focus();
  } else if (key.key === "p" && !isTyping && model.chosen !== null) {
    sequence.togglePause();
  } else if (key.key === "Escape") {
    if (isTyping && key.target instanceof HTMLElement && model.chosen !== null) diagram.focus();
    else if (diagram.chosen !== null) closeDetail();
    else if (model.chosen !== null) close();
  }
});

// Ages and sparklines go on without news.
setInterval(() => { if (model.conversations.size > 0 && !document.hidden) drawList(); }, 1000);

/** @type {{ title: string, showsSecrets: boolean, hasFaults: boolean }} */
const about = await fetch("/api/about").then(answer => answer.json());
byId("title", HTMLElement).textContent = about.title + (about.showsSecrets ? " (secrets are shown)" : "");
if (about.title) document.title = `${about.title} – the eye`;
if (about.hasFaults) new Faults();
live.open();
