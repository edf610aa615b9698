// The picture of a page: zoom, turn, push about, and the boxes on it.

export const at = (id) => document.getElementById(id);

/** A new element with properties and children. */
export function element(name, properties = {}, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}

/** A moment of the log (UTC) as the clock on the wall has it. */
export function moment(at) {
  return new Date(at).toLocaleString(document.documentElement.lang, { dateStyle: "short", timeStyle: "medium" });
}

/** The forms of `all` to choose from, by what they register. */
export function formChoices(all, chosen) {
  const kinds = [...new Set(all.map(({ kind }) => kind))];
  const option = ({ form }) => element("option", { value: form, textContent: form, selected: form === chosen });
  return kinds.map((kind) => element("optgroup", { label: kind }, ...all.filter((one) => one.kind === kind).map(option)));
}

const SVG = "http://www.w3.org/2000/svg";

/** Puts a rectangle of the picture into an SVG rect. */
export function place(rect, [left, top, right, bottom]) {
  for (const [name, value] of Object.entries({ x: left, y: top, width: right - left, height: bottom - top })) rect.setAttribute(name, value);
  return rect;
}

/** A rect over the picture. */
export function rectangle(box) {
  return place(document.createElementNS(SVG, "rect"), box);
}

let zoom = 1;
let turn = 0;
let shown = null;

function arrange() {
  at("sheet").style.width = `${100 * zoom}%`;
  at("sheet").style.transform = turn ? `rotate(${turn}deg)` : "";
  at("sheet").style.transformOrigin = "center";
  if (shown) scrollTo(shown);
}

/** Shows these rects over the picture, once it is there. */
export function drawBoxes(rects) {
  const picture = at("picture");
  if (!picture.naturalWidth) return;
  at("boxes").setAttribute("viewBox", `0 0 ${picture.naturalWidth} ${picture.naturalHeight}`);
  at("boxes").replaceChildren(...rects);
}

/** Brings a rectangle of the picture to the middle. */
export function scrollTo(box) {
  shown = box;
  const [left, top, right, bottom] = box;
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

/** Lets the picture be worked with tools, keys and mouse; `busy` says when the mouse does something else. */
export function lookAround(busy) {
  document.querySelectorAll("[data-do]").forEach((one) => one.addEventListener("click", () => { DO[one.dataset.do](); arrange(); }));
  const view = at("view");
  view.addEventListener("keydown", (event) => {
    const what = { "+": "in", "=": "in", "-": "out", 0: "fit", r: "rotate" }[event.key];
    if (what && !event.ctrlKey && !event.altKey) { DO[what](); arrange(); }
  });
  let grabbed = null;
  view.addEventListener("pointerdown", (event) => { if (!busy()) grabbed = { x: event.clientX + view.scrollLeft, y: event.clientY + view.scrollTop }; });
  view.addEventListener("pointermove", (event) => { if (grabbed) view.scrollTo(grabbed.x - event.clientX, grabbed.y - event.clientY); });
  window.addEventListener("pointerup", () => { grabbed = null; });
  at("picture").addEventListener("dragstart", (event) => event.preventDefault());
}
