// Vietnamese typed on a plain keyboard: Telex and VNI, for computers that have no input method.

const VOWELS = {
  a: "aàảãáạ", ă: "ăằẳẵắặ", â: "âầẩẫấậ", e: "eèẻẽéẹ", ê: "êềểễếệ", i: "iìỉĩíị",
  o: "oòỏõóọ", ô: "ôồổỗốộ", ơ: "ơờởỡớợ", u: "uùủũúụ", ư: "ưừửữứự", y: "yỳỷỹýỵ",
};
// Tones by their place in the rows above: none, huyền, hỏi, ngã, sắc, nặng.
const TELEX_TONES = { z: 0, f: 1, r: 2, x: 3, s: 4, j: 5 };
const VNI_TONES = { 0: 0, 2: 1, 3: 2, 4: 3, 1: 4, 5: 5 };

const PLAIN = new Map();
for (const [base, row] of Object.entries(VOWELS))
  [...row].forEach((letter, tone) => PLAIN.set(letter, { base, tone }));

/** A letter as its base (with hook or hat, without tone), its tone and its case. */
function taken(letter) {
  const lower = letter.toLowerCase();
  const known = PLAIN.get(lower);
  return { base: known ? known.base : lower, tone: known ? known.tone : 0, vowel: !!known, upper: letter !== lower };
}

function made({ base, tone, vowel, upper }) {
  const letter = vowel ? VOWELS[base][tone] : base;
  return upper ? letter.toUpperCase() : letter;
}

/** The place of the letter that bears the tone; -1 when the word has no vowel. The old style, as registers
 *  have it: hòa, thúy; but khoẻ's rhyme with a last consonant takes the second vowel: hoàn, thuyền. */
function bearer(word) {
  const vowels = [];
  word.forEach((letter, place) => {
    if (!letter.vowel) return;
    // The u of qu and the i of gi before another vowel belong to the consonant.
    const before = word[place - 1]?.base;
    const after = word[place + 1]?.vowel;
    if (place === 1 && after && ((before === "q" && letter.base === "u") || (before === "g" && letter.base === "i"))) return;
    vowels.push(place);
  });
  if (!vowels.length) return -1;
  const marked = vowels.filter((place) => "ăâêôơư".includes(word[place].base));
  if (marked.length) return marked[marked.length - 1];
  const last = vowels[vowels.length - 1];
  const closed = last < word.length - 1;
  if (vowels.length === 1) return vowels[0];
  if (vowels.length === 2) return closed ? vowels[1] : vowels[0];
  return vowels[1];
}

function tone(word) {
  return word.find((letter) => letter.tone)?.tone || 0;
}

function withTone(word, wanted) {
  const place = bearer(word);
  return word.map((letter, at) => (letter.vowel ? { ...letter, tone: at === place ? wanted : 0 } : letter));
}

const HATS = { a: "â", e: "ê", o: "ô" };
const HOOKS = { a: "ă", o: "ơ", u: "ư" };

/** Changes the last letter that `rule` knows; null when there is none, "undone" when it was changed already. */
function reshape(word, rule, only) {
  for (let at = word.length - 1; at >= 0; at--) {
    const { base } = word[at];
    if (rule[base] && (!only || only === base)) {
      const changed = [...word];
      changed[at] = { ...word[at], base: rule[base] };
      return changed;
    }
    if (Object.values(rule).includes(base) && (!only || rule[only] === base)) {
      const from = Object.keys(rule).find((key) => rule[key] === base);
      const changed = [...word];
      changed[at] = { ...word[at], base: from };
      return { undone: changed };
    }
  }
  return null;
}

/** uo with a hook becomes ươ, wherever it stands. */
function hooked(word) {
  const changed = reshape(word, HOOKS);
  if (!changed || changed.undone) return changed;
  for (let at = 1; at < changed.length; at++)
    if (changed[at].base === "ơ" && changed[at - 1].base === "u" && word[at - 2]?.base !== "q")
      changed[at - 1] = { ...changed[at - 1], base: "ư" };
  return changed;
}

function crossed(word) {
  const at = word.findIndex((letter) => letter.base === "d" || letter.base === "đ");
  if (at < 0) return null;
  const changed = [...word];
  if (word[at].base === "đ") {
    changed[at] = { ...word[at], base: "d" };
    return { undone: changed };
  }
  changed[at] = { ...word[at], base: "đ" };
  return changed;
}

/** What the key does to the word, by the input method; null when it is a letter like any other. */
function acted(word, key, method) {
  const lower = key.toLowerCase();
  const hasVowel = word.some((letter) => letter.vowel);
  const tones = method === "telex" ? TELEX_TONES : VNI_TONES;
  if (hasVowel && lower in tones) {
    const wanted = tones[lower];
    if (tone(word) === wanted && wanted) return { undone: withTone(word, 0) };
    return wanted === 0 && tone(word) === 0 ? null : withTone(word, wanted);
  }
  if (method === "telex") {
    if (lower in HATS && word.some((letter) => [lower, HATS[lower]].includes(letter.base))) return reshape(word, HATS, lower);
    if (lower === "w") return hooked(word) || [...word, { base: "ư", tone: 0, vowel: true, upper: key !== lower }];
    if (lower === "d") return word.length === 1 || word.some((l) => l.base === "đ") ? crossed(word) : null;
    return null;
  }
  if (lower === "6") return reshape(word, HATS);
  if (lower === "7") return reshape(word, { o: "ơ", u: "ư" }) && hooked(word);
  if (lower === "8") return reshape(word, { a: "ă" });
  if (lower === "9") return crossed(word);
  return null;
}

/** The word after one more key. */
export function typed(text, key, method) {
  const word = [...text.normalize("NFC")].map(taken);
  const done = acted(word, key, method);
  if (done?.undone) return done.undone.map(made).join("") + key;
  if (done) return withTone(done, tone(done)).map(made).join("");
  const longer = [...word, taken(key)];
  return withTone(longer, tone(word)).map(made).join("");
}

/** Lets an input take Telex or VNI, as `method()` says ("off" leaves it alone). */
export function attach(input, method) {
  input.addEventListener("beforeinput", (event) => {
    const way = method();
    if (way === "off" || event.isComposing || event.inputType !== "insertText" || event.data?.length !== 1) return;
    if (!/[a-z0-9]/i.test(event.data)) return;
    const { selectionStart: start, selectionEnd: end, value } = input;
    if (start !== end) return;
    const before = value.slice(0, start).match(/[\p{L}\p{M}]+$/u)?.[0] || "";
    if (/[0-9]/.test(event.data) && !before) return;
    const word = typed(before, event.data, way);
    if (word === before + event.data) return;
    event.preventDefault();
    input.setRangeText(word, start - before.length, start, "end");
    input.dispatchEvent(new Event("input", { bubbles: true }));
  });
}
