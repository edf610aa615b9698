// Field after field: the next task is here before the present one is answered.
import { fresh, post, postAnswer, sendKept, staleText, tell, waitingAnswers, windowWord, words } from "./sending.js";
import { attach } from "./typing.js";

const AHEAD = 5;
const RENEW = 60_000;
const NUMERIC = new Set(["number", "date", "time", "id_number", "document"]);

const lease = windowWord();
const at = (id) => document.getElementById(id);
const button = (name) => document.querySelector(`[data-do="${name}"]`);
const filter = Object.fromEntries(["book", "field", "kind", "reason"].map((name) => [name, at("filters")[name].value]));

let tasks = [];
let task = null;
let since = 0;
let pristine = true;
let struck = false;
let wide = false;
let chosen = null;
let sending = false;
let given = [];

const key = ({ entry, field }) => `${entry} ${field}`;

/** The picture as an address of this window's memory: nothing is left on the disk. */
async function picture(address) {
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(answer.status);
  return URL.createObjectURL(await answer.blob());
}

function prepare(next) {
  next.near = picture(next.picture);
  next.near.catch(() => {});
  return next;
}

async function fill() {
  const like = task ? [task.book, task.field] : null;
  const { status, body } = await post("/api/tasks", { lease, filter, count: AHEAD, like });
  if (status !== 200) {
    if (status !== 0) tell(body?.error || String(status));
    return;
  }
  at("done").textContent = body.done;
  at("waiting").textContent = body.waiting;
  const answered = new Set(given.map((one) => key(one.task)));
  const known = new Set([...tasks, ...(task ? [task] : [])].map(key));
  tasks.push(...body.tasks.filter((one) => !known.has(key(one)) && !(waitingAnswers() && answered.has(key(one)))).map(prepare));
}

async function next() {
  if (!tasks.length) await fill();
  show(tasks.shift() || null);
  if (tasks.length < AHEAD - 2) fill();
}

function show(one, text) {
  task = one;
  [pristine, struck, wide, chosen, since] = [text === undefined, false, false, null, performance.now()];
  at("task").hidden = !one;
  if (!one) {
    tell(words.nothing_left);
    return;
  }
  at("label").textContent = one.label;
  at("where").textContent = `${one.kind} · ${one.book} · ${one.place}`;
  at("value").value = text ?? one.best?.shown ?? "";
  at("value").classList.toggle("wrong", text !== undefined);
  at("value").focus();
  at("value").select();
  showReasons(one);
  showOffered(one.third ? [] : one.offered);
  button("keyings").hidden = !one.third;
  press("struck", false);
  press("wider", false);
  showPicture(one);
}

async function showPicture(one) {
  const image = at("picture");
  image.alt = `${one.label}: ${one.place}`;
  try {
    const address = await (wide ? (one.far ??= picture(`${one.picture}?view=wide`)) : one.near);
    if (task === one) image.src = address;
  } catch {
    if (task === one) image.removeAttribute("src");
  }
}

function showReasons(one) {
  const reasons = [...one.reasons, ...one.asked.map((remark) => `${words.colleague_asks}: ${remark || "?"}`)];
  if (one.blind) reasons.push(words.blind);
  if (one.third) reasons.push(words.third);
  at("why").replaceChildren(...reasons.map((reason) => Object.assign(document.createElement("li"), { textContent: reason })));
}

function showOffered(offered) {
  const item = (one, place) => {
    const choice = document.createElement("button");
    choice.type = "button";
    choice.append(Object.assign(document.createElement("kbd"), { textContent: NUMERIC.has(task.type) ? `Alt ${place + 1}` : place + 1 }), ` ${one.shown} `);
    const beside = one.origin ?? (one.hundredths === null ? null : `${one.hundredths} %`);
    if (beside !== null) choice.append(Object.assign(document.createElement("span"), { className: "likely", textContent: beside }));
    choice.addEventListener("click", () => choose(place));
    const line = document.createElement("li");
    line.append(choice);
    return line;
  };
  task.choices = offered;
  at("offered").replaceChildren(...offered.map(item));
}

function press(name, on) {
  button(name).setAttribute("aria-pressed", String(on));
}

function choose(place) {
  const one = task?.choices?.[place];
  if (!one) return;
  if (one.value.startsWith("\u0000")) return say(one.value.slice(1), "chosen");
  at("value").value = one.shown;
  chosen = one.shown;
  say("value", "chosen");
}

/** Gives the answer: a verdict, how it was come to, and marks beside the value. */
async function say(verdict, action, marks = [], remark = "") {
  if (!task || sending) return;
  const text = at("value").value;
  if (verdict === "value" && !text.trim()) {
    if (pristine && task.best && task.best.shown === "") return say("blank", "confirmed", marks);
    tell(words.empty_value);
    return;
  }
  sending = true;
  const one = task;
  const id = fresh();
  const body = {
    id, lease, entry: one.entry, field: one.field, verdict, remark,
    action: action || (text === one.best?.shown ? "confirmed" : "typed"),
    text: verdict === "value" ? text : "",
    marks: struck ? [...marks, "struck"] : marks,
    seconds: (performance.now() - since) / 1000,
  };
  const { status, body: answer } = await postAnswer("/api/answers", body);
  sending = false;
  if (status === 422) {
    tell(words[answer.error] || answer.error);
    at("value").classList.add("wrong");
    return;
  }
  given.push({ id, task: one, text: body.text });
  given = given.slice(-50);
  if (status === 200) {
    at("done").textContent = Number(at("done").textContent) + 1 || 1;
    tell(answer.outcome === "keyed" ? words.keyed : answer.outcome === "differs" ? words.differs : "");
  } else if (status === 409) tell(staleText(answer.stale));
  else if (status !== 0 && status !== 503) tell(answer?.error || String(status));
  await next();
}

async function undo() {
  const last = given.pop();
  if (!last) return tell(words.nothing_to_undo);
  await sendKept(() => {});
  const { status, body } = await post("/api/undo", { id: fresh(), undoes: last.id });
  if (status !== 200) return tell(body?.stale ? staleText(body.stale) : words.nothing_to_undo);
  if (task) tasks.unshift(task);
  show(last.task);
  if (last.text) at("value").value = last.text;
  tell(words.undone);
}

function wholePage() {
  const dialog = at("whole");
  if (dialog.open) return dialog.close();
  const sheet = at("sheet");
  sheet.onload = () => {
    const [width, height] = [sheet.naturalWidth, sheet.naturalHeight];
    const [left, top, right, bottom] = task.box;
    const share = (part, whole) => `${(100 * part) / whole}%`;
    Object.assign(at("spot").style, { left: share(left, width), top: share(top, height), width: share(right - left, width), height: share(bottom - top, height) });
    at("spot").scrollIntoView({ block: "center" });
  };
  sheet.src = task.page;
  dialog.showModal();
}

const ACTIONS = {
  as_written: () => say("value", undefined, ["as_written"]),
  blank: () => say("blank", "said"),
  illegible: () => say("illegible", "said"),
  torn: () => say("torn", "said"),
  struck: () => { struck = !struck; press("struck", struck); },
  ask: () => at("asking").showModal(),
  keyings: () => showOffered(task.offered),
  wider: () => { wide = !wide; press("wider", wide); showPicture(task); },
  page: wholePage,
  record: () => window.open(`/records/${task.entry}`, "_blank", "noopener"),
  undo,
};
const LETTERS = { KeyT: "blank", KeyK: "illegible", KeyR: "torn", KeyX: "struck", KeyH: "ask", KeyY: "keyings", KeyW: "wider", KeyP: "page", KeyO: "record", KeyZ: "undo" };

document.addEventListener("keydown", (event) => {
  if (event.isComposing || (at("asking").open && event.key !== "Escape")) return;
  const digit = /^Digit([1-5])$/.exec(event.code)?.[1];
  if (event.altKey && !event.ctrlKey && (LETTERS[event.code] || digit)) {
    event.preventDefault();
    if (digit) choose(Number(digit) - 1);
    else if (task || LETTERS[event.code] === "undo") ACTIONS[LETTERS[event.code]]();
  } else if (!task || event.target !== at("value")) {
    return;
  } else if (event.key === "Enter" && event.ctrlKey) {
    event.preventDefault();
    ACTIONS.as_written();
  } else if (digit && pristine && !NUMERIC.has(task.type) && task.choices.length && !event.ctrlKey) {
    event.preventDefault();
    choose(Number(digit) - 1);
  } else if (event.key === "Escape") {
    show(task);
  }
});
document.querySelectorAll("[data-do]").forEach((one) => one.addEventListener("click", () => { ACTIONS[one.dataset.do](); if (!at("asking").open && !at("whole").open) at("value").focus(); }));
at("answer").addEventListener("submit", (event) => { event.preventDefault(); say("value"); });
at("value").addEventListener("input", () => { pristine = false; at("value").classList.remove("wrong"); });
at("whole").addEventListener("click", () => at("whole").close());
at("asking").addEventListener("close", () => { const remark = at("remark").value; at("remark").value = ""; if (at("asking").returnValue !== "cancel") say("asked", "asked", [], remark); });
at("asking").addEventListener("cancel", () => { at("asking").returnValue = "cancel"; });
at("asking").querySelector("form").addEventListener("submit", () => { at("asking").returnValue = "ask"; });
at("filters").addEventListener("change", (event) => { if (event.target !== at("method")) at("filters").submit(); });

at("method").value = localStorage.getItem("hotich-method") || "off";
at("method").addEventListener("change", () => { localStorage.setItem("hotich-method", at("method").value); at("value").focus(); });
attach(at("value"), () => at("method").value);

setInterval(async () => {
  await sendKept((body, status, answer) => tell(answer?.stale ? staleText(answer.stale) : String(status)));
  if (task) post("/api/leases", { lease });
}, RENEW / 12);
window.addEventListener("online", () => sendKept(() => {}));
window.addEventListener("pagehide", () => navigator.sendBeacon("/api/release", new Blob([JSON.stringify({ lease })], { type: "application/json" })));

await sendKept(() => {});
await next();
