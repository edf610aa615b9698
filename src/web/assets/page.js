// A page as a whole: its entries, those withdrawn, and one that was missed.
import { fresh, post, tell, wasDone, words } from "./sending.js";
import { at, drawBoxes, element, formChoices, lookAround, moment, rectangle, scrollTo } from "./looking.js";
import { draw, drawing } from "./drawing.js";

const { scan, half, mayKeep } = at("page").dataset;
const keeps = mayKeep === "true";
let page = null;

async function load() {
  const answer = await fetch(`/api/pages/${scan}/${half}`);
  if (!answer.ok) return tell(String(answer.status));
  page = await answer.json();
  at("entries").replaceChildren(...page.entries.map(entryLine));
  at("withdrawn").replaceChildren(...page.withdrawn.map(withdrawnLine));
  at("withdrawn-head").hidden = page.withdrawn.length === 0;
  if (keeps && !at("form").options.length) at("form").append(...formChoices(page.forms, page.form));
  if (keeps) at("add").disabled = !page.picture;
  if (page.picture && !at("picture").getAttribute("src")) at("picture").src = page.picture;
  boxes();
}

function boxes() {
  if (drawing()) return;
  drawBoxes(page.entries.map((entry) => {
    const rect = rectangle(entry.box);
    rect.addEventListener("click", () => at(`entry-${entry.id}`).focus());
    return rect;
  }));
}

function entryLine(entry) {
  const link = element("a", { href: `/records/${entry.id}`, id: `entry-${entry.id}`, textContent: `${words.number_on_page} ${entry.number} · ${entry.kind} · ${entry.form}` });
  link.addEventListener("focus", () => scrollTo(entry.box));
  return element("li", {}, link);
}

function withdrawnLine(entry) {
  const line = element("li", { textContent: `${words.number_on_page} ${entry.number} · ${entry.kind_shown} · ${moment(entry.at)} · ${entry.who}${entry.why ? ` · “${entry.why}”` : ""} ` });
  if (keeps) {
    const back = element("button", { type: "button", textContent: words.bring_back });
    back.setAttribute("aria-label", `${words.bring_back}: ${words.number_on_page} ${entry.number}`);
    back.addEventListener("click", () => bringBack(entry.id));
    line.append(back);
  }
  return line;
}

async function bringBack(entry) {
  const sent = await post(`/api/records/${entry}/bring-back`, { id: fresh() });
  if (wasDone(sent)) tell(words.event_brought_back);
  await load();
}

async function add() {
  const { naturalWidth: width, naturalHeight: height } = at("picture");
  const last = page.entries.at(-1)?.box;
  // Below the last entry, as large as it is; else the middle of the page.
  const start = last ? [last[0], Math.min(last[3], height - 40), last[2], Math.min(last[3] + (last[3] - last[1]), height)]
    : [width * 0.1, height * 0.3, width * 0.9, height * 0.6];
  tell(words.draw_help);
  const box = await draw(start);
  if (!box) { tell(""); return at("add").focus(); }
  tell(words.reading);
  const sent = await post(`/api/pages/${scan}/${half}/entries`, { id: fresh(), form: at("form").value, box, number: at("number").value });
  if (!wasDone(sent)) return at("add").focus();
  tell(words.event_added);
  at("number").value = "";
  await load();
  at(`entry-${sent.body.entry}`).focus();
}

if (keeps) at("add").addEventListener("click", add);
at("picture").addEventListener("load", boxes);
lookAround(drawing);
await load();
