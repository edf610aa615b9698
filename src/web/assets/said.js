// The words of the clerk's pages, elements, and what records are opened for.

export const said = JSON.parse(document.getElementById("clerk-words").textContent);

export function element(name, properties = {}, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}

const COOKIE = "hotich-purpose";

/** The purpose that is kept for the present citizen as {word, remark}; null when none is. */
export function keptPurpose() {
  const pair = document.cookie.split("; ").find((one) => one.startsWith(`${COOKIE}=`));
  if (!pair) return null;
  const [word, figures = ""] = pair.slice(COOKIE.length + 1).split("-");
  const bytes = (figures.match(/../g) || []).map((two) => parseInt(two, 16));
  return { word, remark: new TextDecoder().decode(new Uint8Array(bytes)) };
}

/** Keeps the purpose until the browser is closed or the next citizen comes; null forgets it. */
export function keepPurpose(purpose) {
  const figures = [...new TextEncoder().encode(purpose?.remark || "")].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  const value = purpose ? purpose.word + (figures && `-${figures}`) : "";
  document.cookie = `${COOKIE}=${value}; Path=/; SameSite=Strict${purpose ? "" : "; Max-Age=0"}`;
}
