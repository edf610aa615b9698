// Beside a record: its notes, the copies issued of it, entries that may be about the same people.
import { element, said } from "./said.js";
import { post, tell } from "./sending.js";

const part = document.getElementById("related");
const { entry } = part.dataset;
const at = (name) => part.querySelector(`[data-part=${name}]`);

function fill(name, count, ...children) {
  const drawer = at(name);
  drawer.querySelector(".number").textContent = count;
  drawer.querySelector(".inside").replaceChildren(...children);
}

function notes(related) {
  const text = related.notes || said.notes_none;
  const state = related.notes_settled ? said.state_verified : said.why_nobody_settled_it;
  fill("notes", related.notes ? "1" : "0", element("p", { textContent: text }), element("p", { className: `status ${related.notes_settled ? "verified" : "review"}`, textContent: state }));
}

function copies(related) {
  const line = (copy) => element("li", {},
    element("a", { href: `/copies/${copy.number.split("/").reverse().join("/")}/document`, target: "_blank", rel: "noopener", textContent: copy.number }),
    ` ${copy.on} · ${copy.name} · ${copy.requester}`,
    copy.voided === null ? "" : element("b", { className: "problem", textContent: ` ${said.voided}: ${copy.voided}` }));
  const lines = related.copies.map(line);
  fill("copies", related.copies.length, lines.length ? element("ul", {}, ...lines) : element("p", { textContent: said.copies_none }));
}

function links(related) {
  const lines = related.links.map((link) => person(link, related.may_settle));
  const open = related.links.filter((link) => link.state !== "refused").length;
  fill("links", open, element("p", { className: "where", textContent: lines.length ? said.related_note : said.related_none }), element("ul", { className: "links" }, ...lines));
}

function person(link, maySettle) {
  const key = (text, same, state) => {
    const button = element("button", { type: "button", textContent: text });
    button.setAttribute("aria-pressed", String(link.state === state));
    button.addEventListener("click", () => settle(link.id, same));
    return button;
  };
  const about = [link.date, link.parents, link.place].filter(Boolean).join(" · ");
  return element("li", { className: link.state },
    element("a", { href: `/records/${link.entry}`, textContent: `${link.kind} ${link.number}: ${link.names || "?"}` }),
    element("span", { className: "likely", textContent: ` ${link.how} · ${link.hundredths} % · ${link.state_shown} ` }),
    ...(maySettle ? [key(said.link_same, true, "confirmed"), " ", key(said.link_not, false, "refused")] : []),
    element("div", { className: "where", textContent: about }),
    element("div", { className: "where", textContent: link.reasons.join("; ") }));
}

async function settle(link, same) {
  const { status } = await post(`/api/links/${link}`, { same });
  tell(status === 200 ? "" : String(status));
  await load();
}

async function load() {
  const answer = await fetch(`/api/records/${entry}/related`);
  if (!answer.ok) return;
  const related = await answer.json();
  notes(related);
  copies(related);
  links(related);
}

// One drawer at a time: they lie over the page.
part.querySelectorAll("details").forEach((one) => one.addEventListener("toggle", () => {
  if (one.open) part.querySelectorAll("details").forEach((other) => { if (other !== one) other.open = false; });
}));
part.addEventListener("keydown", (event) => {
  const open = part.querySelector("details[open]");
  if (event.key !== "Escape" || !open) return;
  open.open = false;
  open.querySelector("summary").focus();
});

await load();
