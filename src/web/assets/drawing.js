// A box drawn on the picture of a page: with the mouse, or with the arrow keys.
import { at, place, rectangle, scrollTo } from "./looking.js";

/** Pixels of the picture that an arrow key moves or sizes by. */
const STEP = 8;
const SMALLEST = 8;
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

let box = null;
let rect = null;
let from = null;
let finished = null;

/** Whether a box is being drawn. */
export const drawing = () => box !== null;

/** Lets a box be drawn, beginning with `start`. Resolves to the box, or null when it was given up. */
export function draw(start) {
  end(null);
  box = start.map(Math.round);
  rect = rectangle(box);
  rect.classList.add("drawn");
  at("boxes").append(rect);
  at("view").classList.add("drawing");
  at("drawing").hidden = false;
  scrollTo(box);
  at("view").focus({ preventScroll: true });
  return new Promise((resolve) => { finished = resolve; });
}

function end(result) {
  rect?.remove();
  const tell = finished;
  [box, rect, from, finished] = [null, null, null, null];
  at("view").classList.remove("drawing");
  at("drawing").hidden = true;
  tell?.(result);
}

function limits() {
  return [at("picture").naturalWidth, at("picture").naturalHeight];
}

function put([left, top, right, bottom]) {
  const [width, height] = limits();
  const within = (value, most) => Math.round(Math.min(Math.max(value, 0), most));
  box = [within(Math.min(left, right), width), within(Math.min(top, bottom), height), within(Math.max(left, right), width), within(Math.max(top, bottom), height)];
  place(rect, box);
}

function key(event) {
  if (!drawing()) return;
  if (event.key === "Enter" || event.key === "Escape") {
    event.preventDefault();
    return end(event.key === "Enter" ? box : null);
  }
  const arrow = ARROWS[event.key];
  if (!arrow) return;
  event.preventDefault();
  const [across, down] = arrow.map((way) => way * (event.ctrlKey ? 1 : STEP));
  const [left, top, right, bottom] = box;
  const [width, height] = limits();
  if (event.shiftKey) {
    put([left, top, Math.max(right + across, left + SMALLEST), Math.max(bottom + down, top + SMALLEST)]);
  } else if (left + across >= 0 && right + across <= width && top + down >= 0 && bottom + down <= height) {
    put([left + across, top + down, right + across, bottom + down]);
  }
  scrollTo(box);
}

/** Where the pointer is on the picture. */
function point(event) {
  const { x, y } = new DOMPoint(event.clientX, event.clientY).matrixTransform(at("boxes").getScreenCTM().inverse());
  return [x, y];
}

function press(event) {
  if (!drawing() || event.button !== 0) return;
  event.preventDefault();
  at("view").focus({ preventScroll: true });
  const [x, y] = point(event);
  const [left, top, right, bottom] = box;
  const inside = x > left && x < right && y > top && y < bottom;
  from = { x, y, moved: inside ? box : null };
}

function drag(event) {
  if (!from || !drawing()) return;
  const [x, y] = point(event);
  if (!from.moved) return put([from.x, from.y, x, y]);
  const [left, top, right, bottom] = from.moved;
  const [width, height] = limits();
  const across = Math.min(Math.max(x - from.x, -left), width - right);
  const down = Math.min(Math.max(y - from.y, -top), height - bottom);
  put([left + across, top + down, right + across, bottom + down]);
}

at("view").addEventListener("keydown", key);
at("view").addEventListener("pointerdown", press);
window.addEventListener("pointermove", drag);
window.addEventListener("pointerup", () => { from = null; });
at("drawing-done").addEventListener("click", () => end(box));
at("drawing-cancel").addEventListener("click", () => end(null));
