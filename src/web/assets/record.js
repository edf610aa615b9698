// The whole entry beside its page.
import { fresh, postAnswer, staleText, tell, words } from "./sending.js";

const at = (id) => document.getElementById(id);
const { entry, maySettle } = at("record").dataset;
const settles = maySettle === "true";
let record = null;
let lit = null;
let zoom = 1;
let turn = 0;

async function load() {
  const answer = await fetch(`/api/records/${entry}`);
  if (!answer.ok) return tell(String(answer.status));
  record = await answer.json();
  at("title").textContent = `${record.kind} · ${record.book} · ${words.number_on_page} ${record.number}`;
  at("where").textContent = `${record.scan} · ${record.form}`;
  at("rules").replaceChildren(...record.rules.map((rule) => element("li", { textContent: rule })));
  if (!at("picture").getAttribute("src")) at("picture").src = record.page;
  at("fields").replaceChildren(...record.fields.map(line));
  if (at("picture").complete && at("picture").naturalWidth) draw();
}

function element(name, properties = {}, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}

function line(field) {
  const shown = element("button", { type: "button", className: "shown", textContent: field.shown || "—" });
  shown.setAttribute("aria-label", `${field.label}: ${field.shown || words.blank}, ${field.status_shown}`);
  const status = element("span", { className: `status ${field.status}`, textContent: field.status_shown });
  const item = element("li", {}, element("span", { className: "label", textContent: field.label + (field.critical ? " *" : "") }), shown, status);
  item.dataset.field = field.name;
  shown.addEventListener("click", () => light(field.name, true));
  shown.addEventListener("focus", () => light(field.name, false));
  return item;
}

/** Lights a field on the page and in the list; `open` shows what is known of it. */
function light(name, open) {
  lit = name;
  const field = record.fields.find((one) => one.name === name);
  for (const item of at("fields").children) {
    item.classList.toggle("lit", item.dataset.field === name);
    if (item.dataset.field !== name || open) item.querySelector(".more")?.remove();
  }
  for (const box of at("boxes").children) box.classList.toggle("lit", box.dataset.field === name);
  const item = [...at("fields").children].find((one) => one.dataset.field === name);
  scrollTo(field.place);
  if (open) item.append(more(field));
  item.querySelector(".more input")?.select();
}

function more(field) {
  const box = element("div", { className: "more" });
  if (field.reasons.length) box.append(element("p", { textContent: `${words.why}: ${field.reasons.join("; ")}` }));
  if (settles) box.append(editor(field));
  if (field.alternatives.length) box.append(element("p", { textContent: `${words.alternatives}: ${field.alternatives.map(([, shown]) => shown).join(" · ")}` }));
  const events = field.events.map((event) => element("li", { textContent: `${event.at.replace("T", " ").replace("Z", "")} · ${event.who === "machine" ? words.machine : event.who}: “${event.value}”${event.applied ? "" : " (–)"}` }));
  box.append(element("details", {}, element("summary", { textContent: words.history }), element("ul", {}, ...events)));
  return box;
}

function editor(field) {
  const input = element("input", { value: field.shown, spellcheck: false, autocomplete: "off" });
  input.setAttribute("aria-label", field.label);
  const marks = () => (field.marks.includes("struck") ? ["struck"] : []);
  const say = (verdict, extra = []) => settle(field, verdict, input.value, [...marks(), ...extra]);
  const key = (text, verdict, extra) => {
    const made = element("button", { type: "button", textContent: text });
    made.addEventListener("click", () => say(verdict, extra));
    return made;
  };
  const form = element("form", { className: "filters" }, input, element("button", { className: "main", textContent: words.confirm }),
    key(words.as_written, "value", ["as_written"]), key(words.blank, "blank"), key(words.illegible, "illegible"), key(words.torn, "torn"));
  form.addEventListener("submit", (event) => { event.preventDefault(); say("value"); });
  return form;
}

async function settle(field, verdict, text, marks) {
  const body = { id: fresh(), field: field.name, verdict, text: verdict === "value" ? text : "", marks, shown: field.value };
  const { status, body: answer } = await postAnswer(`/api/records/${entry}/fields`, body);
  if (status === 422) return tell(words[answer.error] || answer.error);
  if (status === 409) tell(staleText(answer.stale));
  else if (status !== 200 && status !== 0) return tell(answer?.error || String(status));
  else tell("");
  await load();
  const places = record.fields.findIndex((one) => one.name === field.name);
  const following = record.fields.slice(places + 1).find((one) => one.status === "review") || record.fields[places];
  [...at("fields").children].find((one) => one.dataset.field === following.name).querySelector(".shown").focus();
}

function draw() {
  const picture = at("picture");
  at("boxes").setAttribute("viewBox", `0 0 ${picture.naturalWidth} ${picture.naturalHeight}`);
  const box = (field) => {
    const rect = document.createElementNS("http://www.w3.org/2000/svg", "rect");
    const [left, top, right, bottom] = field.place;
    for (const [name, value] of Object.entries({ x: left, y: top, width: right - left, height: bottom - top })) rect.setAttribute(name, value);
    rect.dataset.field = field.name;
    rect.classList.add(field.status);
    rect.classList.toggle("lit", field.name === lit);
    rect.addEventListener("click", () => light(field.name, true));
    return rect;
  };
  at("boxes").replaceChildren(...record.fields.map(box));
  arrange();
}

function arrange() {
  at("sheet").style.width = `${100 * zoom}%`;
  at("sheet").style.transform = turn ? `rotate(${turn}deg)` : "";
  at("sheet").style.transformOrigin = "center";
}

function scrollTo([left, top, right, bottom]) {
  const picture = at("picture");
  if (!picture.naturalWidth) return;
  const scale = picture.clientWidth / picture.naturalWidth;
  const view = at("view");
  view.scrollTo({ left: ((left + right) / 2) * scale - view.clientWidth / 2, top: ((top + bottom) / 2) * scale - view.clientHeight / 2 });
}

const DO = {
  in: () => { zoom = Math.min(zoom * 1.25, 6); },
  out: () => { zoom = Math.max(zoom / 1.25, 0.3); },
  fit: () => { zoom = 1; turn = 0; },
  rotate: () => { turn = (turn + 90) % 360; },
};
document.querySelectorAll("[data-do]").forEach((one) => one.addEventListener("click", () => { DO[one.dataset.do](); arrange(); if (lit) scrollTo(record.fields.find((field) => field.name === lit).place); }));
at("view").addEventListener("keydown", (event) => {
  const what = { "+": "in", "=": "in", "-": "out", 0: "fit", r: "rotate" }[event.key];
  if (what) { DO[what](); arrange(); }
});
let grabbed = null;
at("view").addEventListener("pointerdown", (event) => { grabbed = { x: event.clientX + at("view").scrollLeft, y: event.clientY + at("view").scrollTop }; });
at("view").addEventListener("pointermove", (event) => { if (grabbed) at("view").scrollTo(grabbed.x - event.clientX, grabbed.y - event.clientY); });
window.addEventListener("pointerup", () => { grabbed = null; });
at("picture").addEventListener("load", draw);
await load();
