"""Sets Vietnamese marks on the letters of real lines, so that marks are seen on real ink too.

A trained checkpoint says where each letter of a real line stands (forced CTC alignment).
On some plain vowels and d's a pen as thick as the line's own then draws marks, and the
text is changed to match. Find the places once:

    python graft.py --checkpoint FILE --real DIR --to PLACES.npz

and give the result to `train.py --places`.
"""

import argparse
from pathlib import Path

import cv2
import numpy as np
import torch

import alphabet
import marks
from model import STRIDE
from normalise import normalise

# Lines are grafted with this much more room above and below than the reader's window has.
ROOM = 1.3
GRAFTED = {
    "a": "áàảãạăắằẳẵặâấầẩẫậ", "e": "éèẻẽẹêếềểễệ", "i": "íìỉĩị", "o": "óòỏõọôốồổỗộơớờởỡợ",
    "u": "úùủũụưứừửữự", "y": "ýỳỷỹỵ", "d": "đ",
}
GRAFTED |= {plain.upper(): marked.upper() for plain, marked in GRAFTED.items()}
# Mean log probability of the true text, per step, below which an alignment is not trusted.
TRUSTED = -0.45


def aligned(log_shares: np.ndarray, classes: list[int]) -> tuple[np.ndarray, float]:
    """Step at which each class is likeliest on the best path through a text, and the path's mean log share.

    `log_shares`: (steps, classes). Viterbi over the text with blanks between its letters.
    """
    states = [alphabet.BLANK]
    for index in classes:
        states += [index, alphabet.BLANK]
    states = np.array(states)
    skip = np.zeros(len(states), bool)
    skip[3::2] = states[3::2] != states[1:-2:2]
    score = np.full(len(states), -np.inf)
    score[:2] = log_shares[0, states[:2]]
    origin = np.zeros((len(log_shares), len(states)), np.int8)
    for step in range(1, len(log_shares)):
        before = np.stack([
            score, np.concatenate([[-np.inf], score[:-1]]),
            np.where(skip, np.concatenate([[-np.inf] * 2, score[:-2]]), -np.inf),
        ])
        origin[step] = before.argmax(axis=0)
        score = before.max(axis=0) + log_shares[step, states]
    state = len(states) - 1 - int(score[-2] > score[-1])
    total, at = score[state], np.full(len(classes), -1)
    best = np.full(len(classes), -np.inf)
    for step in range(len(log_shares) - 1, -1, -1):
        if state % 2 and log_shares[step, states[state]] > best[state // 2]:
            best[state // 2], at[state // 2] = log_shares[step, states[state]], step
        state -= int(origin[step, state])
    return at, float(total) / len(log_shares)


@torch.inference_mode()
def find_places(model: torch.nn.Module, lines, trusted: float = TRUSTED) -> tuple[list[np.ndarray | None], list[float]]:
    """For each (grey crop, text): the column of each letter's middle, or None where it cannot be told."""
    places, shares = [], []
    for grey, text in lines:
        picture = normalise(grey)
        padded = np.pad(picture, ((0, 0), (0, -picture.shape[1] % STRIDE)))
        logits = model(torch.from_numpy(padded)[None, None])[0].log_softmax(-1).numpy()
        at, share = aligned(logits, alphabet.encode(text)) if len(text) < len(logits) else (None, -9.0)
        shares.append(share)
        good = at is not None and share > trusted and (at >= 0).all()
        places.append((at * STRIDE + STRIDE / 2).astype(np.float32) if good else None)
    return places, shares


def body_at(ink: np.ndarray, column: float, unit: float) -> np.ndarray | None:
    """Ink pixels of the letter at `column` as points in x-heights, y upwards from row 0."""
    left, right = int(max(0, column - 0.45 * unit)), int(column + 0.45 * unit) + 1
    rows, columns = np.nonzero(ink[:, left:right] > 0.4)
    if len(rows) < 6:
        return None
    return np.stack([(columns + left) / unit, -rows / unit], axis=1)


def letter_height(ink: np.ndarray) -> float:
    """Height of small letters in pixels, by the rows that hold most of the ink."""
    profile = np.convolve((ink > 0.4).sum(axis=1), np.ones(3) / 3, "same")
    strong = np.flatnonzero(profile > 0.45 * profile.max())
    return float(np.clip(strong[-1] - strong[0] + 1, 6, 14))


def pen_width(ink: np.ndarray) -> float:
    """Usual width of the strokes in pixels."""
    mask = (ink > 0.5).astype(np.uint8)
    around = (ink > 0.5).sum() / max(1, (mask - cv2.erode(mask, np.ones((3, 3), np.uint8))).sum())
    return float(np.clip(2 * around, 1.0, 4.0))


def draw(ink: np.ndarray, stroke: np.ndarray, unit: float, width: float, dark: float) -> None:
    """Inks one stroke given in x-heights (in place), finer than the pixels of the picture."""
    fine = 3
    points = (stroke[:, :2] * (unit, -unit) + 0.5) * fine
    low = np.floor(points.min(axis=0) / fine - width - 1).astype(int)
    high = np.ceil(points.max(axis=0) / fine + width + 1).astype(int)
    low, high = np.maximum(low, 0), np.minimum(high, (ink.shape[1], ink.shape[0]))
    if (high <= low).any():
        return
    sheet = np.zeros(((high[1] - low[1]) * fine, (high[0] - low[0]) * fine), np.uint8)
    path = np.round((points - low * fine) * 8).astype(np.int32)
    cv2.polylines(sheet, [path], False, 255, max(1, round(width * fine)), cv2.LINE_AA, 3)
    small = cv2.resize(sheet, None, fx=1 / fine, fy=1 / fine, interpolation=cv2.INTER_AREA).astype(np.float32) / 255
    part = ink[low[1]:high[1], low[0]:high[0]]
    np.maximum(part, small * dark, out=part)


def grafted(grey: np.ndarray, text: str, places: np.ndarray, rng: np.random.Generator) -> tuple[np.ndarray, str]:
    """A real line with marks added to some of its letters: a grey crop (uint8) and the new text."""
    ink = normalise(grey, ROOM)
    unit, width = letter_height(ink), pen_width(ink) * rng.uniform(0.8, 1.2)
    hand, share, letters = marks.mark_hand(rng), rng.uniform(0.2, 0.8), list(text)
    for index, letter in enumerate(text):
        if letter not in GRAFTED or rng.random() > share:
            continue
        body = body_at(ink, places[index] / ROOM, unit)
        if body is None:
            continue
        letters[index] = GRAFTED[letter][rng.integers(len(GRAFTED[letter]))]
        base, shape, tone = alphabet.parts(letters[index])
        bottom = body[:, 1].min()
        for stroke in marks.marks_for(base, shape, tone, body - (0, bottom), hand, rng):
            draw(ink, stroke + (0, bottom, 0), unit, width, rng.uniform(0.7, 1.0))
    return (255 - 255 * ink).astype(np.uint8), "".join(letters)


def main() -> None:
    """Finds the places of the letters of all real lines and writes them down."""
    import data
    import evaluate

    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--checkpoint", type=Path, required=True)
    options.add_argument("--real", type=Path, required=True)
    options.add_argument("--to", type=Path, required=True)
    options.add_argument("--trusted", type=float, default=TRUSTED)
    chosen = options.parse_args()
    torch.set_num_threads(1)
    real = data.RealLines(chosen.real)
    lines = ((cv2.imdecode(coded, cv2.IMREAD_GRAYSCALE), text) for coded, text in zip(real.pictures, real.texts))
    places, shares = find_places(evaluate.load_model(chosen.checkpoint), lines, chosen.trusted)
    kept = {name: place for name, place in zip(real.files, places) if place is not None}
    np.savez_compressed(chosen.to, **kept)
    print(f"{len(kept)} of {len(places)} lines placed; quartiles {np.quantile(shares, [0.25, 0.5, 0.75]).round(2)}")


if __name__ == "__main__":
    main()
