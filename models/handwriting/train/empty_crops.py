"""Makes crops in which nothing is written, to see what the reader takes for writing.

    python empty_crops.py --to FOLDER --count 1000 [--kinds paper stamp ...] [--fonts FACES --cache TRACED]
    find FOLDER -name '*.png' | xargs hotich read --line > readings.jsonl
    python score_readings.py --readings readings.jsonl --empty

Kinds: `paper` (bare, uneven, stained), `noise`, `rules` (solid, dashed, dotted, frames), `stamp` (part of a
round stamp), `ring` (one bare ring as high as a line), and with `--fonts` also `strike` (ink struck out until nothing can be read) and `turned` (a line
upside down). The same seed gives the same pictures.
"""

import argparse
from pathlib import Path

import cv2
import numpy as np

import fonts
import paper
from render import Renderer, load_faces

PLAIN = ("paper", "noise", "rules", "stamp", "ring")
WITH_INK = ("strike", "turned")
SEEDED = ("paper", "noise", "rules", "stamp", "strike", "turned", "ring")


def shape_of(rng: np.random.Generator) -> tuple[int, int]:
    """Rows and columns of a crop."""
    return int(rng.integers(28, 72)), int(rng.integers(60, 700))


def bare(rng: np.random.Generator) -> np.ndarray:
    """Paper as scanned."""
    return paper.scanned(paper.sheet_tone(shape_of(rng), rng), rng)


def noise(rng: np.random.Generator) -> np.ndarray:
    """Paper under heavy noise, fine or coarse."""
    shape = shape_of(rng)
    grain = rng.uniform(1, 5)
    speckled = paper.slow_noise(shape, grain, rng) - 0.5
    return paper.scanned(np.clip(paper.sheet_tone(shape, rng) + rng.uniform(0.1, 0.7) * speckled, 0, 1), rng)


def ruled(rng: np.random.Generator) -> np.ndarray:
    """One to three rules, solid, dashed or dotted."""
    shape = shape_of(rng)
    grey = paper.sheet_tone(shape, rng)
    for _ in range(rng.integers(1, 4)):
        grey *= 1 - paper.rules(shape, rng.uniform(0.2, 0.95) * shape[0], shape[0] * 0.25, rng) * rng.uniform(0.3, 0.9)
    return paper.scanned(grey, rng)


def stamp(rng: np.random.Generator) -> np.ndarray:
    """Part of a round stamp."""
    shape = shape_of(rng)
    drawn = paper.seal(shape, rng)
    while drawn.max() < 0.2:
        drawn = paper.seal(shape, rng)
    return paper.scanned(paper.sheet_tone(shape, rng) * (1 - drawn * rng.uniform(0.3, 0.9)), rng)


def ring(rng: np.random.Generator) -> np.ndarray:
    """One bare ring as high as a line: all that can be seen is a 0."""
    shape = shape_of(rng)
    tone, drawn = paper.sheet_tone(shape, rng), np.zeros(shape, np.float32)
    radius = int(shape[0] * rng.uniform(0.25, 0.47))
    middle = (int(rng.integers(radius, max(radius + 1, shape[1] - radius))), shape[0] // 2)
    cv2.circle(drawn, middle, radius, 1.0, int(rng.integers(1, 4)), cv2.LINE_AA)
    drawn *= 0.4 + 0.6 * paper.slow_noise(shape, 6, rng)
    return paper.scanned(tone * (1 - drawn * rng.uniform(0.3, 0.9)), rng)


class Inked:
    """Crops that need a hand: lines struck out and lines upside down."""

    def __init__(self, folder: Path, lists: Path, cache: Path | None, seed: int):
        from text import Texts

        faces = load_faces(folder, cache, fonts.HELD_OUT_HANDS)
        self.renderer = Renderer(faces, [], Texts(lists, plain=0.3, strings=0.1, longest=24), seed, effort=0.5)

    def line(self) -> np.ndarray:
        """A line of writing, large enough to be read."""
        while True:
            grey = self.renderer.crop(self.renderer.texts.draw(self.renderer.words))
            if grey.shape[0] >= 24 and grey.shape[1] >= 48:
                return grey

    def turned(self, rng: np.random.Generator) -> np.ndarray:
        """A line upside down."""
        return np.ascontiguousarray(self.line()[::-1, ::-1])

    def strike(self, rng: np.random.Generator) -> np.ndarray:
        """Writing under a zigzag that leaves no letter."""
        grey = self.line()
        height, width = grey.shape
        pitch, dark = height * rng.uniform(0.08, 0.16), int(grey.min())
        for _ in range(2):
            columns = np.arange(-rng.uniform(0, pitch), width + pitch, pitch)
            rows = np.where(np.arange(len(columns)) % 2, 0.15, 0.85) * height + rng.normal(0, 0.05 * height, len(columns))
            points = np.stack([columns, rows], axis=1).round().astype(np.int32)
            cv2.polylines(grey, [points], False, dark, max(2, int(height * rng.uniform(0.05, 0.09))), cv2.LINE_AA)
        return grey


def main() -> None:
    """Makes the crops."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--to", type=Path, required=True)
    options.add_argument("--count", type=int, default=1000, help="crops of each kind")
    options.add_argument("--kinds", nargs="*", choices=PLAIN + WITH_INK)
    options.add_argument("--fonts", type=Path, help="folder of the faces, for struck-out and turned lines")
    options.add_argument("--lists", type=Path, default=Path(__file__).resolve().parents[2] / "lists")
    options.add_argument("--cache", type=Path)
    options.add_argument("--seed", type=int, default=30)
    chosen = options.parse_args()
    kinds = chosen.kinds or (PLAIN + WITH_INK if chosen.fonts else PLAIN)
    makers = {"paper": bare, "noise": noise, "rules": ruled, "stamp": stamp, "ring": ring}
    if set(kinds) & set(WITH_INK):
        if not chosen.fonts:
            options.error("struck-out and turned lines need --fonts")
        inked = Inked(chosen.fonts, chosen.lists, chosen.cache, chosen.seed)
        makers |= {"strike": inked.strike, "turned": inked.turned}
    chosen.to.mkdir(parents=True, exist_ok=True)
    for kind in kinds:
        rng = np.random.default_rng([chosen.seed, SEEDED.index(kind)])
        for index in range(chosen.count):
            cv2.imwrite(str(chosen.to / f"{kind}-{index:04}.png"), makers[kind](rng))


if __name__ == "__main__":
    main()
