// Many crops that were read alike: pick out what differs, confirm the rest.
import { fresh, post, postAnswer, sendKept, tell, windowWord, words } from "./sending.js";

const lease = windowWord();
const at = (id) => document.getElementById(id);
const book = at("group").dataset.book;
let screen = null;
let without = [];
let since = 0;
let sending = false;

async function next() {
  const { status, body } = await post("/api/group", { lease, book, without });
  if (status !== 200) return tell(body?.error || words.offline);
  screen = body;
  if (screen && !screen.members.length) {
    without.push([screen.field, screen.value]);
    return next();
  }
  at("group").hidden = !screen;
  if (!screen) return tell(words.group_none);
  show();
}

function show() {
  since = performance.now();
  at("label").textContent = screen.label;
  at("value").textContent = screen.shown || words.group_nothing;
  at("where").textContent = `${words.book}: ${screen.book} · ${words.waiting}: ${screen.waiting}`;
  at("members").replaceChildren(...screen.members.map(crop));
  at("members").querySelector("button").focus();
  count();
  window.scrollTo(0, 0);
}

function crop(member, place) {
  const one = document.createElement("button");
  one.type = "button";
  one.setAttribute("aria-pressed", "false");
  one.dataset.entry = member.entry;
  const image = Object.assign(document.createElement("img"), { src: member.picture, alt: `${screen.label} ${place + 1}` });
  one.append(image);
  one.addEventListener("click", () => { one.setAttribute("aria-pressed", String(one.getAttribute("aria-pressed") === "false")); count(); });
  return one;
}

function count() {
  const picked = at("members").querySelectorAll('[aria-pressed="true"]').length;
  at("picked").textContent = picked ? `${picked} ${words.group_picked}` : "";
}

async function confirm() {
  if (!screen || sending) return;
  sending = true;
  const kept = [...at("members").querySelectorAll('[aria-pressed="false"]')].map((one) => Number(one.dataset.entry));
  const picked = screen.members.length - kept.length;
  const body = { id: fresh(), lease, field: screen.field, value: screen.value, confirmed: kept, seconds: (performance.now() - since) / 1000 };
  const { status, body: answer } = await postAnswer("/api/group-answers", body);
  sending = false;
  if (status !== 200 && status !== 0 && status !== 503) return tell(answer?.error || String(status));
  tell(status === 200 && answer.overtaken.length ? `${words.stale_settled} ${answer.overtaken.length}` : "");
  // What was picked out goes field by field, not into the next screen of the same group.
  if (picked) without.push([screen.field, screen.value]);
  await next();
}

function later() {
  if (!screen) return;
  without.push([screen.field, screen.value]);
  post("/api/release", { lease }).then(next);
}

/** Arrows go from crop to crop. */
function move(event) {
  const crops = [...at("members").children];
  const place = crops.indexOf(document.activeElement);
  if (place < 0) return;
  const row = crops.filter((one) => one.offsetTop === crops[0].offsetTop).length;
  const to = { ArrowRight: place + 1, ArrowLeft: place - 1, ArrowDown: place + row, ArrowUp: place - row }[event.key];
  if (to === undefined || !crops[to]) return;
  event.preventDefault();
  crops[to].focus();
}

document.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && event.ctrlKey) { event.preventDefault(); confirm(); }
  else if (event.altKey && event.code === "KeyN") { event.preventDefault(); later(); }
  else move(event);
});
at("confirm").addEventListener("click", confirm);
at("later").addEventListener("click", later);
setInterval(() => { sendKept(() => {}); if (screen) post("/api/leases", { lease }); }, 30_000);
window.addEventListener("pagehide", () => navigator.sendBeacon("/api/release", new Blob([JSON.stringify({ lease })], { type: "application/json" })));
await sendKept(() => {});
await next();
