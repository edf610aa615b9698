// Sends to the server: what could not be sent is kept in this window and sent again.

const OUTBOX = "hotich-outbox";

export const words = JSON.parse(document.getElementById("words").textContent);

/** A word nobody else makes. */
export function fresh() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** The word by which the server knows this window; it outlives a reload. */
export function windowWord() {
  let word = sessionStorage.getItem("hotich-window");
  // A duplicated tab copies the storage: whoever opens with the same word while another uses it takes a new one.
  if (!word || performance.getEntriesByType("navigation")[0]?.type === "navigate") word = fresh();
  sessionStorage.setItem("hotich-window", word);
  return word;
}

/** Says something to the person. */
export function tell(text) {
  document.getElementById("notice").textContent = text || "";
}

/** Posts JSON. Resolves to {status, body}; status 0 when the server could not be reached. */
export async function post(path, body) {
  try {
    const answer = await fetch(path, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
    });
    if (answer.status === 401) {
      location.assign("/sign-in");
      return { status: 401, body: null };
    }
    const text = await answer.text();
    return { status: answer.status, body: text ? JSON.parse(text) : null };
  } catch {
    return { status: 0, body: null };
  }
}

function outbox() {
  return JSON.parse(sessionStorage.getItem(OUTBOX) || "[]");
}

function keep(letters) {
  sessionStorage.setItem(OUTBOX, JSON.stringify(letters));
}

/** Posts an answer. When the server cannot be reached or is too busy it is kept and sent later: an answer has an id,
 *  so that it counts once however often it is sent. */
export async function postAnswer(path, body) {
  const result = await post(path, body);
  if (result.status === 0 || result.status === 503) {
    keep([...outbox(), { path, body }]);
    tellOffline();
  }
  return result;
}

function tellOffline() {
  const count = outbox().length;
  if (count) tell(`${words.offline} (${count} ${words.sent_later})`);
}

/** How many answers wait to be sent. */
export function waitingAnswers() {
  return outbox().length;
}

/** Sends what was kept; calls `refused` with each answer the server would not take. */
export async function sendKept(refused) {
  let letters = outbox();
  const had = letters.length > 0;
  while (letters.length) {
    const { path, body } = letters[0];
    const { status, body: answer } = await post(path, body);
    if (status === 0 || status === 503 || status === 401) {
      tellOffline();
      return false;
    }
    letters = outbox().slice(1);
    keep(letters);
    if (status >= 400) refused(body, status, answer);
  }
  if (had) tell("");
  return true;
}

/** Tells why something that was posted was not done; whether it was. */
export function wasDone({ status, body }) {
  if (status === 0) tell(words.try_again);
  else if (status === 409) tell(staleText(body.stale));
  else if (status !== 200) tell(words[body?.error] || body?.error || String(status));
  return status === 200;
}

/** What changed, of an answer that came too late. */
export function staleText(stale) {
  if (stale === "held") return words.stale_held;
  if (stale === "gone") return words.stale_gone;
  if (stale === "overtaken") return words.stale_overtaken;
  if (stale.settled) return `${words.stale_settled} ${stale.settled.by}: “${stale.settled.value}”`;
  if (stale.changed) return `${words.stale_changed} “${stale.changed.value}”`;
  return JSON.stringify(stale);
}
