// The whole entry beside its page.
import { fresh, post, postAnswer, staleText, tell, wasDone, words } from "./sending.js";
import { at, drawBoxes, element, formChoices, lookAround, moment, rectangle, scrollTo } from "./looking.js";
import { draw, drawing } from "./drawing.js";

const { entry, maySettle, mayKeep, page } = at("record").dataset;
const [settles, keeps] = [maySettle === "true", mayKeep === "true"];
let record = null;
let lit = null;

async function load() {
  const answer = await fetch(`/api/records/${entry}`);
  if (!answer.ok) return tell(String(answer.status));
  record = await answer.json();
  at("title").textContent = `${record.kind} · ${record.book} · ${words.number_on_page} ${record.number}`;
  at("where").textContent = `${record.scan} · ${record.form}`;
  at("rules").replaceChildren(...record.rules.map((rule) => element("li", { textContent: rule })));
  if (!at("picture").getAttribute("src")) at("picture").src = record.page;
  at("fields").replaceChildren(...record.fields.map(line));
  if (keeps) at("form").replaceChildren(...formChoices(record.forms, record.form));
  at("events").replaceChildren(...record.events.map(eventLine));
  boxes();
}

function line(field) {
  const shown = element("button", { type: "button", className: "shown", textContent: field.shown || "—" });
  shown.setAttribute("aria-label", `${field.label}: ${field.shown || words.blank}, ${field.status_shown}`);
  const status = element("span", { className: `status ${field.status}`, textContent: field.status_shown });
  const ink = element("img", { className: "ink-of", src: `${field.picture}?view=close`, alt: `${words.ink}: ${field.label}`, loading: "lazy" });
  ink.addEventListener("error", () => ink.remove());
  const item = element("li", {}, element("span", { className: "label", textContent: field.label + (field.critical ? " *" : "") }), shown, ink, status);
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
  if (settles) box.append(redrawing(field));
  if (field.alternatives.length) box.append(element("p", { textContent: `${words.alternatives}: ${field.alternatives.map(([, shown]) => shown).join(" · ")}` }));
  const events = field.events.map((event) => element("li", { textContent: `${moment(event.at)} · ${event.who === "machine" ? words.machine : event.who}: “${event.value}”${event.applied ? "" : " (–)"}` }));
  box.append(element("details", {}, element("summary", { textContent: words.history }), element("ul", {}, ...events)));
  return box;
}

function redrawing(field) {
  const made = element("button", { type: "button", textContent: words.redraw, className: "redraw" });
  made.setAttribute("aria-label", `${words.redraw}: ${field.label}`);
  made.addEventListener("click", () => redraw(field));
  return element("p", {}, made, field.placed_by ? ` ${words.placed_by} ${field.placed_by}` : "");
}

/** Has the box of a field drawn, and reads what is in it. */
async function redraw(field) {
  boxes();
  tell(words.draw_help);
  const box = await draw(field.place);
  if (!box) { tell(""); return light(field.name, true); }
  tell(words.reading);
  const sent = await post(`/api/records/${entry}/box`, { id: fresh(), field: field.name, box });
  if (wasDone(sent)) {
    await load();
    const read = record.fields.find((one) => one.name === field.name);
    tell(`${words.read_again}: ${read.raw ? `“${read.raw}”` : words.blank}`);
  }
  light(field.name, true);
}

function eventLine(event) {
  const line = element("li", { textContent: `${moment(event.at)} · ${event.who}: ${event.shown}${event.remark ? ` · “${event.remark}”` : ""} ` });
  if (event.can_be_undone && (keeps || (settles && event.what === "box_moved"))) {
    const undo = element("button", { type: "button", textContent: words.undo });
    undo.setAttribute("aria-label", `${words.undo}: ${event.shown}`);
    undo.addEventListener("click", () => undoEvent(event));
    line.append(undo);
  }
  return line;
}

async function undoEvent(event) {
  const sent = await post(`/api/records/${entry}/undo`, { id: fresh(), undoes: event.id });
  if (!wasDone(sent)) return;
  // An entry that was drawn is gone when that is taken back.
  if (event.what === "added" || event.what === "brought_back") return location.assign(page);
  tell(words.undone);
  await load();
}

async function correctForm(event) {
  event.preventDefault();
  if (at("form").value === record.form) return;
  if (wasDone(await post(`/api/records/${entry}/form`, { id: fresh(), form: at("form").value }))) {
    tell(words.event_form_corrected);
    await load();
  }
}

async function withdraw(event) {
  event.preventDefault();
  const reason = at("reason").value;
  if (wasDone(await post(`/api/records/${entry}/withdraw`, { id: fresh(), reason }))) location.assign(page);
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

function boxes() {
  if (drawing()) return;
  drawBoxes(record.fields.map((field) => {
    const rect = rectangle(field.place);
    rect.dataset.field = field.name;
    rect.classList.add(field.status);
    rect.classList.toggle("lit", field.name === lit);
    rect.addEventListener("click", () => light(field.name, true));
    return rect;
  }));
}

if (keeps) {
  at("correct").addEventListener("submit", correctForm);
  at("withdraw").addEventListener("submit", withdraw);
}
at("picture").addEventListener("load", boxes);
lookAround(drawing);
await load();
// Whoever was sent here about a field finds it open.
const asked = record?.fields.find((one) => `#${one.name}` === location.hash);
if (asked) {
  light(asked.name, true);
  [...at("fields").children].find((one) => one.dataset.field === asked.name).scrollIntoView({ block: "center" });
}
