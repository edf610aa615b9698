"""Who fills the form: a hand, a typewriter or a computer's printer.

A scribe turns a word into a `Piece` of ink coverage. Hands come from the made-up writers of the
handwriting reader's training (`models/handwriting/train/ink.py`), one writer for a whole book,
each word a little different; the others draw the letters of a print face. Sizes are millimetres
on paper, pieces are pixels of the scan.
"""

import dataclasses
import random
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFont

import tools  # noqa: F401  (makes the training's modules importable)
import fonts as training_fonts
import ink
from strokes import Face

INK_THRESHOLD = 40
# Thinnest pen line in pixels that a scanner still shows.
THINNEST_PEN = 1.5

# Hands that no reader of the project was trained on, beside `fonts.HELD_OUT_HANDS`.
UNSEEN_HANDS = "shantell-sans mynerve charmonman ephesis oooh-baby".split()
# Faces that no clerk's hand comes near: flourished ones, and one that strikes its noughts through.
NO_CLERK = "carattere festive moon-dance my-soul sassy-frass puppies-play mea-culpa splash borel updock sedgwick-ave".split()
BLOCK_HANDS = training_fonts.BLOCK_HANDS + ["shantell-sans", "mynerve"]
TYPEWRITERS = """cousine ibm-plex-mono roboto-mono noto-sans-mono inconsolata space-mono lmmono10-regular
texgyrecursor-regular FreeMono""".split()
COMPUTER_FACES = """tinos arimo roboto noto-serif noto-sans open-sans lora be-vietnam-pro source-serif-4
texgyretermes-regular gelasio inter barlow""".split()


@dataclass
class Piece:
    """Ink of one word: coverage (255 full), where it begins from the pen, its rows above the baseline, its advance."""

    coverage: np.ndarray
    left: int
    above: int
    advance: float


def trimmed(coverage: np.ndarray, baseline: float, advance: float | None = None) -> Piece:
    """The piece without its empty margins; without `advance` the ink's own width is the advance."""
    rows = np.flatnonzero((coverage > INK_THRESHOLD).any(axis=1))
    columns = np.flatnonzero((coverage > INK_THRESHOLD).any(axis=0))
    if not len(rows):
        return Piece(np.zeros((1, 1), np.uint8), 0, 0, advance or 1.0)
    cut = coverage[rows[0]:rows[-1] + 1, columns[0]:columns[-1] + 1]
    left = int(columns[0]) if advance else 0
    return Piece(cut, left, int(round(baseline)) - int(rows[0]), advance or float(cut.shape[1]))


def hand_names(which: str) -> list[str]:
    """Names of the hand faces: `trained`, `held-out` or `all`."""
    trained = [name for name in training_fonts.HANDS if name not in training_fonts.HELD_OUT_HANDS + NO_CLERK]
    unseen = [name for name in training_fonts.HELD_OUT_HANDS + UNSEEN_HANDS if name not in NO_CLERK]
    return {"trained": trained, "held-out": unseen, "all": trained + unseen}[which]


class HandScribe:
    """One hand. `trouble` in 0..1 says how far it strays from neat writing."""

    def __init__(self, faces: list[Face], x_height: float, dots_per_mm: float, trouble: float, rng: np.random.Generator):
        self.rng, self.dots_per_mm = rng, dots_per_mm
        self.x_height = x_height
        penned = 0.55
        writer = ink.draw_writer(faces, rng, False, effort=0.45 + 0.5 * trouble, penned=penned, own_marks=0.4 * trouble + 0.1)
        finest = THINNEST_PEN / (x_height * dots_per_mm)
        self.writer = dataclasses.replace(
            writer, other=None, width=float(np.clip(writer.width, max(0.07, finest), 0.16)),
            slant=float(np.clip(writer.slant, -0.2, 0.5)), stretch=float(np.clip(writer.stretch, 0.72, 1.3)),
            broken=writer.broken if rng.random() < trouble else 0.0,
        )
        self.gap = self.writer.gap

    @property
    def writes_capitals(self) -> bool:
        """Whether a word of capitals is what this hand would write."""
        return self.writer.face.name in BLOCK_HANDS

    def space(self, scale: float) -> float:
        """Width of the gap between words in pixels, not the same twice."""
        return self.gap * self.x_height * scale * self.dots_per_mm * self.rng.uniform(0.75, 1.35)

    def word(self, text: str, scale: float) -> Piece:
        """One word, `scale` times the hand's usual size."""
        writer = dataclasses.replace(
            self.writer, slant=self.writer.slant + self.rng.normal(0, 0.02),
            join=0.0 if any(letter.isdigit() for letter in text) else self.writer.join,
            stretch=self.writer.stretch * float(np.exp(self.rng.normal(0, 0.03))))
        coverage, baseline = ink.ink_line(text, writer, self.x_height * scale * self.dots_per_mm, self.rng)
        return trimmed((coverage * 255).astype(np.uint8), baseline)

    def strength(self) -> float:
        """How dark a word comes out, 1 as dark as the pen gets."""
        return float(np.clip(1 - abs(self.rng.normal(0, 0.1)), 0.6, 1))

    def lift(self) -> float:
        """Height of a value above its line in millimetres."""
        return float(self.rng.normal(0.6, 0.45))


class FaceScribe:
    """Letters of a print face: a typewriter (each letter struck on its own) or a computer's printer."""

    def __init__(self, face: Path, size: float, dots_per_mm: float, typed: bool, trouble: float, rng: np.random.Generator):
        self.rng, self.dots_per_mm, self.size, self.typed = rng, dots_per_mm, size, typed
        self.path, self.trouble = face, trouble
        self.fonts: dict[int, ImageFont.FreeTypeFont] = {}
        self.bold = float(rng.choice([0, 0, 0, 0.35])) if not typed else float(rng.uniform(0, 0.25))
        self.rise = float(rng.uniform(0.1, 0.9))
        self.unsteady = float(rng.uniform(0.0, 0.09) * (0.4 + trouble)) if typed else 0.0
        self.sloppy = float(rng.uniform(0.02, 0.3) * (0.4 + trouble))

    writes_capitals = True

    def font(self, scale: float) -> ImageFont.FreeTypeFont:
        """The face at `scale` times its usual size."""
        pixels = max(6, round(self.size * scale * self.dots_per_mm))
        if pixels not in self.fonts:
            self.fonts[pixels] = ImageFont.truetype(str(self.path), pixels)
        return self.fonts[pixels]

    def space(self, scale: float) -> float:
        """Width of a blank in pixels."""
        return self.font(scale).getlength(" ")

    def word(self, text: str, scale: float) -> Piece:
        """One word, `scale` times the usual size."""
        font = self.font(scale)
        advance = font.getlength(text)
        margin = font.size
        sheet = Image.new("L", (int(advance) + 2 * margin, 3 * margin), 0)
        draw = ImageDraw.Draw(sheet)
        stroke = self.bold * self.dots_per_mm / 4
        if not self.typed:
            draw.text((margin, 2 * margin), text, 255, font, anchor="ls", stroke_width=stroke)
        else:
            pen = float(margin)
            for letter in text:
                shake = self.rng.normal(0, self.unsteady * self.dots_per_mm, 2)
                dark = int(np.clip(self.rng.normal(245, 40 * self.sloppy * 3), 130, 255))
                draw.text((pen + shake[0], 2 * margin + shake[1]), letter, dark, font, anchor="ls", stroke_width=stroke)
                pen += font.getlength(letter)
        coverage = np.asarray(sheet)
        if self.typed:
            coverage = cv2.GaussianBlur(coverage, (0, 0), 0.35 + 0.03 * self.dots_per_mm * self.sloppy)
        piece = trimmed(coverage, 2 * margin, advance)
        return dataclasses.replace(piece, left=piece.left - margin)

    def strength(self) -> float:
        """How dark a word comes out: ribbons and toner run out."""
        return float(np.clip(1 - abs(self.rng.normal(0, self.sloppy)), 0.45, 1))

    def lift(self) -> float:
        """Height of a value above its line in millimetres."""
        return float(self.rise + self.rng.normal(0, 0.25 if self.typed else 0.05))


def lay(layer: np.ndarray, piece: Piece, x: float, baseline: float, strength: float) -> tuple[int, int, int, int] | None:
    """Lays a piece on the ink layer (in place); returns the box of its ink, None where none of it is on the sheet."""
    top, left = int(round(baseline)) - piece.above, int(round(x)) + piece.left
    height, width = piece.coverage.shape
    first_row, first_column = max(0, top), max(0, left)
    last_row, last_column = min(layer.shape[0], top + height), min(layer.shape[1], left + width)
    if last_row <= first_row or last_column <= first_column:
        return None
    part = piece.coverage[first_row - top:last_row - top, first_column - left:last_column - left]
    target = layer[first_row:last_row, first_column:last_column]
    np.maximum(target, (part * strength).astype(np.uint8), out=target)
    return first_column, first_row, last_column, last_row


def draw_scribe(writing: str, faces: list[Face], folder: Path, room: float, dots_per_mm: float, trouble: float,
                rng: np.random.Generator, cell: bool):
    """A scribe for a form whose lines are `room` millimetres apart; in a `cell` of a table writing is smaller."""
    if writing == "hand":
        x_height = float(np.clip(room * rng.uniform(0.19, 0.26), 1.3 if cell else 1.55, 2.7))
        return HandScribe(faces, x_height, dots_per_mm, trouble, rng)
    names = TYPEWRITERS if writing == "typed" else COMPUTER_FACES
    ready = [folder / f"{name}{suffix}" for name in names for suffix in (".ttf", ".otf")]
    ready = [path for path in ready if path.exists()]
    path = ready[rng.integers(len(ready))]
    if writing == "typed":
        probe = ImageFont.truetype(str(path), 100).getlength("n") / 100
        advance = rng.choice([2.54, 2.12]) if room > 7.5 and not cell else rng.choice([2.12, 1.9])
        return FaceScribe(path, float(advance / probe), dots_per_mm, True, trouble, rng)
    size = float(np.clip(room * rng.uniform(0.42, 0.52), 3.2, 4.9))
    return FaceScribe(path, size, dots_per_mm, False, trouble, rng)
