// Finds while somebody types: one request at a time, the latest one wins.
import { element, keepPurpose, keptPurpose, said } from "./said.js";
import { tell } from "./sending.js";

const at = (id) => document.getElementById(id);
const box = at("text");
const list = at("hits");
const DELAY = 90;
// What was searched stays with whoever searched it.
const LAST = `hotich-search-${at("search").dataset.who}`;
let asking = null;
let waiting = 0;
let hits = [];
let chosen = -1;

function asked() {
  const value = (id) => at(id).value.trim();
  const year = (id) => Number.parseInt(value(id), 10) || null;
  return { text: box.value, kind: value("kind"), first: year("first"), last: year("last"), office: value("office"), sex: value("sex"), role: value("role") };
}

async function find() {
  asking?.abort();
  asking = new AbortController();
  const { signal } = asking;
  const body = JSON.stringify(asked());
  sessionStorage.setItem(LAST, body);
  try {
    const answer = await fetch("/api/search", { method: "POST", headers: { "Content-Type": "application/json" }, body, signal });
    if (answer.status === 401) return location.assign("/sign-in");
    if (!answer.ok) return tell(String(answer.status));
    show(await answer.json());
  } catch (error) {
    if (error.name !== "AbortError") tell(String(error.message));
  }
}

function soon() {
  clearTimeout(waiting);
  waiting = setTimeout(find, DELAY);
}

function show(found) {
  tell("");
  hits = found.hits;
  at("understood").textContent = found.understood.length ? `${said.understood}: ${found.understood.join(" · ")}` : "";
  const count = found.more ? `${hits.length}+ ${said.found} (${said.found_more})` : `${hits.length} ${said.found}`;
  at("count").textContent = found.understood.length === 0 && !hits.length ? "" : hits.length ? count : said.found_nothing;
  list.replaceChildren(...hits.map(line));
  choose(hits.length ? 0 : -1, false);
}

function line(hit, place) {
  const state = hit.unsettled ? `${said.state_unverified} (${hit.unsettled})` : said.state_verified;
  const item = element("li", { id: `hit-${place}`, className: "hit" },
    element("span", { className: "numbered", textContent: hit.number }),
    element("span", { className: "kind", textContent: hit.kind }),
    element("a", { className: "names", href: `/records/${hit.entry}`, tabIndex: -1, textContent: hit.names || "?" }),
    element("span", { className: "date", textContent: hit.date }),
    element("span", { className: `status ${hit.unsettled ? "review" : "verified"}`, textContent: state }),
    element("span", { className: "place", textContent: [hit.parents, hit.place].filter(Boolean).join(" · ") }),
    element("span", { className: `why${hit.other_reading ? " other" : ""}`, textContent: hit.why.join("; ") }));
  item.setAttribute("role", "option");
  item.addEventListener("click", (event) => {
    event.preventDefault();
    choose(place);
    open();
  });
  return item;
}

function choose(place, scroll = true) {
  chosen = place;
  for (const [at, item] of [...list.children].entries()) item.setAttribute("aria-selected", String(at === chosen));
  box.setAttribute("aria-activedescendant", chosen < 0 ? "" : `hit-${chosen}`);
  box.setAttribute("aria-expanded", String(hits.length > 0));
  if (scroll) list.children[chosen]?.scrollIntoView({ block: "nearest" });
}

/** Opens the chosen record, once it is said what for. */
function open() {
  const hit = hits[chosen];
  if (hit) openEntry(hit.entry);
}

function openEntry(entry) {
  if (keptPurpose() || at("search").dataset.mustSay !== "true") return location.assign(`/records/${entry}`);
  at("search").dataset.open = entry;
  tell(said.purpose_first);
  at("purposes").querySelector("input").focus();
}

box.addEventListener("input", soon);
box.addEventListener("keydown", (event) => {
  if (event.isComposing) return;
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step && hits.length) {
    event.preventDefault();
    choose((chosen + step + hits.length) % hits.length);
  } else if (event.key === "Enter") {
    event.preventDefault();
    open();
  } else if (event.key === "Escape") {
    box.value = "";
    soon();
  }
});
at("filters").addEventListener("input", soon);
at("filters").addEventListener("submit", (event) => { event.preventDefault(); open(); });

// What it is for.
const remark = at("remark");
function purposeChosen() {
  const chosenOne = at("purposes").querySelector("input[type=radio]:checked");
  remark.parentElement.hidden = chosenOne?.value !== "other";
  const complete = chosenOne && (chosenOne.value !== "other" || remark.value.trim());
  keepPurpose(complete ? { word: chosenOne.value, remark: chosenOne.value === "other" ? remark.value.trim() : "" } : null);
  return complete;
}
function goOn() {
  if (!purposeChosen()) return remark.focus();
  tell("");
  const { open: waitsFor } = at("search").dataset;
  if (waitsFor) location.assign(`/records/${waitsFor}`);
  else box.focus();
}
at("purposes").addEventListener("change", (event) => { if (event.target.type === "radio") purposeChosen(); });
remark.addEventListener("input", purposeChosen);
at("purposes").addEventListener("keydown", (event) => { if (event.key === "Enter") { event.preventDefault(); goOn(); } });
at("purposes").addEventListener("click", (event) => {
  // A click has coordinates, an arrow key on a radio button has none.
  if (event.target.type === "radio" && event.detail > 0 && event.target.value !== "other") goOn();
});
at("next").addEventListener("click", () => {
  keepPurpose(null);
  at("purposes").querySelectorAll("input[type=radio]").forEach((one) => { one.checked = false; });
  remark.value = "";
  remark.parentElement.hidden = true;
  at("filters").reset();
  sessionStorage.removeItem(LAST);
  delete at("search").dataset.open;
  show({ understood: [], hits: [], more: false });
  at("purposes").querySelector("input").focus();
});

const kept = keptPurpose();
if (kept) {
  at("purposes").querySelector(`input[value="${CSS.escape(kept.word)}"]`).checked = true;
  remark.value = kept.remark;
  remark.parentElement.hidden = kept.word !== "other";
}
const { open: waitsFor } = at("search").dataset;
if (waitsFor && !kept) {
  tell(said.purpose_first);
  at("purposes").querySelector("input").focus();
} else {
  const before = JSON.parse(sessionStorage.getItem(LAST) || "null");
  if (before) {
    for (const [id, value] of Object.entries(before)) at(id).value = value ?? "";
    find();
  }
  box.focus();
  box.select();
}
