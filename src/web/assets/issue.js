// The counter: settle what nobody has settled, say who asks, get a number and a document.
import { element, said } from "./said.js";
import { fresh, post, staleText, tell, words } from "./sending.js";
import { attach } from "./typing.js";

const at = (id) => document.getElementById(id);
const { entry } = at("entry").dataset;
const ORDER = `hotich-order-${entry}`;
let missing = [];
let feeTyped = false;

// An order has its id before it is sent, and keeps it through a reload: sent twice it is one copy.
function order() {
  const kept = JSON.parse(sessionStorage.getItem(ORDER) || "null");
  if (kept) return kept;
  const made = { id: fresh(), done: null };
  sessionStorage.setItem(ORDER, JSON.stringify(made));
  return made;
}

async function load() {
  const answer = await fetch(`/api/records/${entry}/issue?paper=${encodeURIComponent(at("paper").value)}`);
  if (answer.status === 401) return location.assign("/sign-in");
  const body = await answer.json().catch(() => ({}));
  if (!answer.ok) return tell(said[body.error] || body.error || String(answer.status));
  missing = body.missing;
  at("left").textContent = missing.length;
  at("settle-keys").textContent = missing.length ? said.settle_keys : said.to_settle_none;
  at("settling").replaceChildren(...missing.map(line));
  at("issue").disabled = missing.length > 0 || !!at("no-office") || !at("paper").value;
  at("preview").hidden = missing.length > 0;
  at("preview").href = `/records/${entry}/preview?paper=${encodeURIComponent(at("paper").value)}&proof=${at("proof").checked}`;
}

function line(field) {
  const input = element("input", { value: field.shown, spellcheck: false, autocomplete: "off" });
  input.setAttribute("aria-label", `${field.label}: ${field.why}`);
  attach(input, () => localStorage.getItem("hotich-method") || "off");
  const say = (verdict, marks = []) => settle(field, verdict, input.value, marks);
  const confirm = () => (input.value.trim() ? say("value") : field.shown ? tell(words.empty_value) : say("blank"));
  const key = (text, verdict, marks) => {
    const button = element("button", { type: "button", textContent: text });
    button.addEventListener("click", () => say(verdict, marks));
    return button;
  };
  const form = element("form", {}, input, element("button", { className: "main", textContent: words.confirm }),
    key(words.as_written, "value", ["as_written"]), key(words.blank, "blank"), key(words.illegible, "illegible"), key(words.torn, "torn"));
  form.addEventListener("submit", (event) => { event.preventDefault(); confirm(); });
  input.addEventListener("keydown", (event) => {
    const verdict = event.altKey && !event.ctrlKey && { KeyT: "blank", KeyK: "illegible", KeyR: "torn" }[event.code];
    if (event.isComposing || !(verdict || (event.key === "Enter" && event.ctrlKey))) return;
    event.preventDefault();
    if (verdict) say(verdict);
    else say("value", ["as_written"]);
  });
  const others = field.others.length ? element("div", { className: "where", textContent: `${words.alternatives}: ${field.others.join(" · ")}` }) : "";
  const item = element("li", {},
    element("img", { src: field.picture, alt: field.label, loading: "lazy" }),
    element("div", {}, element("span", { className: "label", textContent: field.label }), element("div", { className: "where", textContent: field.why }), form, others));
  item.dataset.field = field.field;
  input.addEventListener("focus", () => { for (const one of at("settling").children) one.classList.toggle("here", one === item); input.select(); });
  return item;
}

async function settle(field, verdict, text, marks) {
  const body = { id: fresh(), field: field.field, verdict, text: verdict === "value" ? text : "", marks, shown: field.value };
  const { status, body: answer } = await post(`/api/records/${entry}/fields`, body);
  if (status === 422) return tell(words[answer.error] || answer.error);
  if (status === 409) tell(staleText(answer.stale));
  else if (status !== 200) return tell(status === 0 ? words.offline : answer?.error || String(status));
  else tell("");
  const place = missing.findIndex((one) => one.field === field.field);
  await load();
  const settled = !missing.some((one) => one.field === field.field);
  focusOn(settled ? place : place + 1);
}

/** Goes to the field at `place`, to the first one behind the last, to the request when none is left. */
function focusOn(place) {
  const items = [...at("settling").children];
  const input = (items[place] || items[0])?.querySelector("input");
  (input || at("requester")).focus();
}

function fee() {
  if (!feeTyped) at("fee").value = Number(at("fee").dataset.each) * (Number(at("copies").value) || 1);
}

function showDone({ number, document: address }) {
  at("number").textContent = number;
  at("document").href = address;
  at("issued").hidden = false;
  at("request").hidden = true;
  at("before").hidden = true;
  at("document").focus();
}

async function issue() {
  const kept = order();
  if (kept.done) return showDone(kept.done);
  at("issue").disabled = true;
  const value = (id) => at(id).value.trim();
  const body = {
    id: kept.id, paper: value("paper"), requester: value("requester"), relation: value("relation"), identity_paper: value("identity_paper"),
    copies: Number(value("copies")), fee: Number(value("fee")), signer: value("signer"), signer_title: value("signer_title"), note: value("note"), proof: at("proof").checked,
  };
  const { status, body: answer } = await post(`/api/records/${entry}/copies`, body);
  at("issue").disabled = false;
  if (status !== 200) return tell(status === 0 ? words.offline : said[answer?.error] || answer?.error || String(status));
  tell("");
  sessionStorage.setItem(ORDER, JSON.stringify({ ...kept, done: answer }));
  showDone(answer);
  window.open(answer.document, "_blank", "noopener");
}

at("request").addEventListener("submit", (event) => { event.preventDefault(); if (!at("issue").disabled) issue(); });
at("paper").addEventListener("change", load);
at("proof").addEventListener("change", load);
at("copies").addEventListener("input", fee);
at("fee").addEventListener("input", () => { feeTyped = true; });
at("another").addEventListener("click", () => {
  sessionStorage.removeItem(ORDER);
  at("issued").hidden = true;
  at("request").hidden = false;
  at("before").hidden = false;
  at("requester").focus();
});
for (const id of ["requester", "relation", "identity_paper", "note", "signer"]) attach(at(id), () => localStorage.getItem("hotich-method") || "off");

fee();
await load();
const { done } = order();
if (done) showDone(done);
else focusOn(0);
