"""Makes line pictures with exact text: a text, a hand, ink, paper.

    python render.py --fonts DIRECTORY --lists DIRECTORY --cache DIRECTORY --sheet PICTURE

draws a sheet of examples, crop and normalised, and prints the speed.
"""

import argparse
import random
import re
import time
from pathlib import Path

import cv2
import numpy as np

import alphabet
import fonts
import ink
import paper
from normalise import normalise
from strokes import Face
from text import Texts


# Two capitals in a row: nobody writes a word of them in a flourished script.
CAPITALS = re.compile("[" + "".join(letter for letter in alphabet.LETTERS if letter.isupper()) + "]{2}")


def load_faces(folder: Path, cache: Path, names: list[str]) -> list[Face]:
    """The named faces that lie in `folder`."""
    return [
        Face(folder / f"{name}.ttf", cache, fonts.WRONG_LETTERS.get(name, ""))
        for name in names if (folder / f"{name}.ttf").exists()
    ]


class Renderer:
    """An endless source of line pictures, each from its own hand, text and paper."""

    def __init__(self, hands: list[Face], print_faces: list[Face], texts: Texts, seed: int, printed: float = 0.12,
                 blank: float = 0.015, effort: float = 1.0, penned: float = 0.8, own_marks: float = 0.6):
        self.hands, self.print_faces, self.texts = hands, print_faces, texts
        self.printed, self.blank, self.effort = printed, blank, effort
        self.pens = {"penned": penned, "own_marks": own_marks}
        self.numbers, self.words = np.random.default_rng(seed), random.Random(seed)
        self.spare: list[np.ndarray] = []
        self.penned = [face for face in print_faces if face.name in fonts.PENNED_PRINT]
        self.block = [face for face in hands if face.name in fonts.BLOCK_HANDS] + self.penned

    def writer_for(self, text: str) -> ink.Writer:
        """A hand that can write all of `text`."""
        while True:
            printed = bool(self.print_faces) and self.numbers.random() < self.printed
            faces = self.print_faces if printed else self.hands + self.penned
            if not printed and CAPITALS.search(text):
                faces = self.block or faces
            writer = ink.draw_writer(faces, self.numbers, printed, self.effort, **self.pens)
            used = [writer.face] + ([writer.other] if writer.other else [])
            if all(face.draws(letter) for face in used for letter in set(text) - {" "}):
                return writer

    def spare_ink(self) -> np.ndarray | None:
        """Ink of an earlier line."""
        return self.spare[self.numbers.integers(len(self.spare))] if self.spare else None

    def crop(self, text: str) -> np.ndarray:
        """`text` as a grey crop of a page (uint8)."""
        x_height = float(np.exp(self.numbers.uniform(np.log(11), np.log(25))))
        coverage, baseline = ink.ink_line(text, self.writer_for(text), x_height, self.numbers)
        picture = paper.on_paper(coverage, baseline, x_height, self.spare_ink(), self.numbers)
        self.spare = (self.spare + [coverage])[-40:]
        return picture

    def empty(self) -> np.ndarray:
        """A crop with no writing: paper, rules, stains, a stamp, or feet of other lines."""
        shape = (int(self.numbers.integers(24, 70)), int(self.numbers.integers(30, 500)))
        return paper.on_paper(np.zeros(shape, np.float32), shape[0] * 0.7, shape[0] * 0.25, self.spare_ink(), self.numbers)

    def line(self) -> tuple[np.ndarray, str]:
        """A normalised line and its text."""
        if self.numbers.random() < self.blank:
            return normalise(self.empty()), ""
        text = self.texts.draw(self.words)
        zoom, lift = self.numbers.normal(1.0, 0.07), self.numbers.normal(0, 0.03)
        return normalise(self.crop(text), zoom, lift), text


def sheet(renderer: Renderer, count: int) -> np.ndarray:
    """Examples, one under the other: the crop and what the reader is given."""
    rows = []
    for _ in range(count):
        crop = renderer.crop(renderer.texts.draw(renderer.words))
        ready = (255 - 255 * normalise(crop)).astype(np.uint8)
        for picture in (crop, ready):
            row = np.full((max(44, picture.shape[0]), 900), 128, np.uint8)
            row[: picture.shape[0], : min(900, picture.shape[1])] = picture[:, :900]
            rows.append(row)
    return np.concatenate(rows)


def main() -> None:
    """Draws a sheet of examples and measures the speed."""
    options = argparse.ArgumentParser(description=__doc__)
    for name in ("fonts", "lists", "cache", "sheet"):
        options.add_argument(f"--{name}", type=Path, required=True)
    options.add_argument("--count", type=int, default=14)
    options.add_argument("--seed", type=int, default=1)
    chosen = options.parse_args()
    hands = load_faces(chosen.fonts, chosen.cache, fonts.HANDS)
    prints = load_faces(chosen.fonts, chosen.cache, fonts.PRINT)
    renderer = Renderer(hands, prints, Texts(chosen.lists), chosen.seed)
    cv2.imwrite(str(chosen.sheet), sheet(renderer, chosen.count))
    start = time.perf_counter()
    for _ in range(200):
        renderer.line()
    print(f"{200 / (time.perf_counter() - start):.0f} lines/s")
    for face in hands + prints:
        face.keep()


if __name__ == "__main__":
    main()
