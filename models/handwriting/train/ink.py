"""Writes a line of text with a made-up hand: letters bent, marks drifting, ink laid by a pen.

A `Writer` is drawn for each line: its faces, slant, spacing, restlessness and pen. The
letters come from `strokes` (pen paths or outlines), every point is moved by the hand's
habits and by chance, and the paths are inked with a width that follows pressure.
"""

from dataclasses import dataclass

import cv2
import numpy as np

import alphabet
import marks
from fonts import PENNED_PRINT
from strokes import Face, Trace

SUBPIXEL_BITS = 3
DOTLESS = {"i": "ı", "j": "ȷ"}


@dataclass
class Writer:
    """Habits of one hand; lengths in x-heights."""

    face: Face
    other: Face | None
    pen: bool
    own_marks: marks.MarkHand | None
    joined: bool
    slant: float
    stretch: float
    gap: float
    tracking: float
    restless: float
    wobble: float
    calm: int
    mark_drift: tuple[float, float]
    base_wave: float
    width: float
    contrast: float
    pressure: float
    broken: float
    join: float


def draw_writer(faces: list[Face], rng: np.random.Generator, printed: bool, effort: float = 1.0,
                penned: float = 0.8, own_marks: float = 0.6) -> Writer:
    """A new hand on one of `faces`; `effort` scales all that departs from the face (0: the face itself).

    `penned` of the hands are written along pen paths, `own_marks` of those with marks that are not the face's.
    Print faces pass for a hand only where they are written with the pen.
    """
    face = faces[rng.integers(len(faces))]
    pen = not printed and (face.name in PENNED_PRINT or rng.random() < penned)
    strength = effort * (0.25 if printed else rng.choice([0.6, 1.0, 1.0, 1.5]))
    return Writer(
        face=face,
        other=faces[rng.integers(len(faces))] if not printed and rng.random() < 0.25 * effort else None,
        pen=pen,
        own_marks=marks.mark_hand(rng) if pen and rng.random() < own_marks * effort else None,
        joined=bool(rng.random() < 0.85),
        slant=strength * rng.normal(0.05, 0.2),
        stretch=float(np.exp(effort * rng.normal(0, 0.05 if printed else 0.18))),
        gap=float(np.clip(rng.normal(0.85, 0.25 * effort), 0.45, 1.8)),
        tracking=strength * rng.normal(0.0, 0.06),
        restless=strength * rng.uniform(0.01, 0.055),
        wobble=strength * rng.uniform(0.005, 0.04),
        calm=int(rng.integers(0, 4)) if pen else 0,
        mark_drift=(strength * rng.normal(0.1, 0.15), strength * rng.normal(0, 0.07)),
        base_wave=strength * rng.uniform(0, 0.12),
        width=float(np.exp(rng.uniform(np.log(0.045), np.log(0.17)))),
        contrast=rng.choice([0.0, 0.0, rng.uniform(0, 0.7)]),
        pressure=rng.uniform(0, 0.4),
        broken=rng.choice([0.0, 0.0, 0.0, rng.uniform(0.5, 1.0)]),
        join=rng.choice([0.0, 0.0, rng.uniform(0.2, 0.9)]) if pen else 0.0,
    )


def plain(word: str, face: Face) -> str:
    """The word without its marks, letter for letter; a toned i loses its dot as well."""
    letters = []
    for letter in word:
        base, shape, tone = alphabet.parts(letter)
        over = shape or (tone and tone != "nặng")
        letters.append(DOTLESS[base] if over and base in DOTLESS and face.draws(DOTLESS[base]) else base)
    return "".join(letters)


def moved(trace: Trace, at, writer: Writer, rng) -> np.ndarray:
    """One letter where it belongs, unsteady as the hand is, its marks drifting."""
    points = trace.points.copy()
    jitter = rng.normal(0, writer.restless, 6)
    middle = points[:, :2].mean(axis=0)
    shift = points[:, :2] - middle
    turned = np.stack([
        shift[:, 0] * (1 + jitter[0] * 1.3) + shift[:, 1] * jitter[1],
        shift[:, 1] * (1 + jitter[2] * 1.3) + shift[:, 0] * jitter[3] * 0.7,
    ], axis=1)
    points[:, :2] = turned + middle + jitter[4:] * 0.8 + at
    for part in range(1, int(trace.part.max(initial=0)) + 1):
        loose = trace.part == part
        drift = np.array(writer.mark_drift) + rng.normal(0, 1.5 * writer.restless, 2)
        points[loose, :2] += drift
    return points


class Sheet:
    """Collects the points of a line: which stroke each belongs to and which letter."""

    def __init__(self):
        self.points, self.lines, self.letters, self.count, self.letter = [], [], [], 0, 0

    def add(self, points: np.ndarray, line: np.ndarray) -> None:
        """Takes in strokes of the current letter."""
        self.points.append(points)
        self.lines.append(line + self.count)
        self.letters.append(np.full(len(points), self.letter))
        self.count += int(line.max(initial=-1)) + 1

    def all(self):
        """Points (x, y, half width), stroke numbers and letter numbers of the whole line."""
        if not self.points:
            return np.zeros((0, 3)), np.zeros(0, int), np.zeros(0, int)
        return np.concatenate(self.points), np.concatenate(self.lines), np.concatenate(self.letters)


def joining(before: np.ndarray, after: np.ndarray, writer: Writer, rng) -> np.ndarray | None:
    """A stroke from the end of one letter to the start of the next, where the hand joins them."""
    low_before, low_after = before[before[:, 1] < 0.6], after[after[:, 1] < 1.1]
    if rng.random() > writer.join or not len(low_before) or not len(low_after):
        return None
    start = low_before[low_before[:, 0].argmax(), :2]
    end = low_after[low_after[:, 0].argmin(), :2]
    if not 0 < end[0] - start[0] < 0.9:
        return None
    bow = (start + end) / 2 - (0, rng.uniform(0, 0.15))
    t = np.linspace(0, 1, 6)[:, None]
    curve = (1 - t) ** 2 * start + 2 * t * (1 - t) * bow + t ** 2 * end
    return np.pad(curve, ((0, 0), (0, 1))).astype(np.float32)


def write_word(word: str, pen_x: float, sheet: Sheet, writer: Writer, rng) -> float:
    """Writes one word from `pen_x` on and returns where it ends."""
    face = writer.other if writer.other and rng.random() < 0.5 else writer.face
    own = writer.own_marks if not (writer.own_marks and rng.random() < 0.1) else None
    spelled = plain(word, face) if own else word
    placed, width = face.shape(spelled, writer.joined)
    word_at = np.array([0.0, rng.normal(0, writer.restless)])
    previous, drift = None, 0.0
    for glyph, letter, x, y in placed:
        trace = glyph.strokes if writer.pen else glyph.outline
        if not len(trace.points):
            continue
        sheet.letter += 1
        points = moved(trace, word_at + (pen_x + x + drift, y), writer, rng)
        sheet.add(points, trace.line)
        drift += writer.tracking
        body = points[trace.part == 0]
        link = joining(previous, body, writer, rng) if previous is not None else None
        if link is not None:
            sheet.add(link, np.zeros(len(link), int))
        base, shape, tone = alphabet.parts(word[letter])
        if own and (shape or tone):
            for stroke in marks.marks_for(base, shape, tone, body, own, rng):
                sheet.add(stroke, np.zeros(len(stroke), int))
        previous = body
    return pen_x + width + drift


def wavy(points: np.ndarray, amount: float, lengths, rng, count: int = 4) -> None:
    """Bends the plane with a few slow waves (in place): `amount` x-heights, wavelengths within `lengths`."""
    for _ in range(count):
        angle, length = rng.uniform(0, np.pi), rng.uniform(*lengths)
        along = points[:, 0] * np.cos(angle) + points[:, 1] * np.sin(angle)
        wave = amount * np.sin(2 * np.pi * along / length + rng.uniform(0, 2 * np.pi))
        points[:, 0] += wave * rng.normal(0, 0.7)
        points[:, 1] += wave * rng.normal(0, 0.7)


def calmed(points: np.ndarray, line: np.ndarray, times: int) -> None:
    """Rounds corners as a quick hand does (in place); ends of strokes stay."""
    inner = np.flatnonzero((line[1:-1] == line[:-2]) & (line[1:-1] == line[2:])) + 1
    for _ in range(times):
        points[inner, :2] = (points[inner - 1, :2] + 2 * points[inner, :2] + points[inner + 1, :2]) / 4


def write(text: str, writer: Writer, rng: np.random.Generator):
    """The line as points (x, y, half width), stroke numbers and letter numbers."""
    sheet, pen_x = Sheet(), 0.0
    for word in text.split(" "):
        pen_x = write_word(word, pen_x, sheet, writer, rng) + writer.gap * rng.uniform(0.7, 1.4)
    points, line, letter = sheet.all()
    if not len(points):
        return points, line, letter
    calmed(points, line, writer.calm)
    wavy(points, writer.wobble, (0.8, 3.5), rng)
    points[:, 1] += writer.base_wave * np.sin(points[:, 0] / rng.uniform(3, 12) + rng.uniform(0, 6))
    points[:, 1] += points[:, 0] * rng.normal(0, 0.008)
    points[:, 0] += writer.slant * points[:, 1]
    points[:, 0] *= writer.stretch
    return points, line, letter


def half_widths(points: np.ndarray, line: np.ndarray, writer: Writer, rng) -> np.ndarray:
    """Half the width of the ink at each point: the pen's, the face's and the hand's pressure together."""
    own = np.where(points[:, 2] > 0, points[:, 2], writer.width / 2)
    width = (1 - writer.contrast) * writer.width / 2 + writer.contrast * own
    heading = np.gradient(points[:, 1]) if len(points) > 1 else np.zeros(len(points))
    width = width * (1 + writer.pressure * np.clip(-heading / 0.09, -1, 1) * 0.5)
    slow = np.sin(np.arange(len(points)) / rng.uniform(8, 30) + rng.uniform(0, 6))
    return width * (1 + 0.5 * writer.pressure * slow)


def ink_strokes(points, line, half, scale: float, shape, origin, writer: Writer, rng) -> np.ndarray:
    """Lays ink along pen strokes on a sheet of `shape`; returns uint8 coverage, 255 full."""
    sheet = np.zeros(shape, np.uint8)
    pixels = (points[:, :2] - origin) * (scale, -scale)
    same = line[1:] == line[:-1]
    if writer.broken:
        knots = np.arange(0, len(same) + 8, 7)
        noise = np.interp(np.arange(len(same)), knots, rng.random(len(knots)))
        same &= noise > 0.22 * writer.broken
    segments = np.stack([pixels[:-1], pixels[1:]], axis=1)[same]
    thick = np.maximum(1, np.round((half[1:] + half[:-1])[same] * scale)).astype(int)
    fine = np.round(segments * (1 << SUBPIXEL_BITS)).astype(np.int32)
    for thickness in np.unique(thick):
        cv2.polylines(sheet, list(fine[thick == thickness]), False, 255, int(thickness), cv2.LINE_AA, SUBPIXEL_BITS)
    return sheet


def ink_outlines(points, line, letter, scale: float, shape, origin) -> np.ndarray:
    """Fills outlines, letter by letter; returns uint8 coverage, 255 full."""
    sheet = np.zeros(shape, np.uint8)
    fine = np.round((points[:, :2] - origin) * (scale, -scale) * (1 << SUBPIXEL_BITS)).astype(np.int32)
    for number in np.unique(letter):
        chosen = letter == number
        edges = np.flatnonzero(np.diff(line[chosen])) + 1
        cv2.fillPoly(sheet, np.split(fine[chosen], edges), 255, cv2.LINE_AA, SUBPIXEL_BITS)
    return sheet


def ink_line(text: str, writer: Writer, x_height: float, rng: np.random.Generator):
    """The line in ink: coverage in 0..1 (float32), and the pixel row of the baseline.

    `x_height` is that of the result in pixels; the ink is laid finer and then shrunk.
    """
    points, line, letter = write(text, writer, rng)
    if not len(points):
        return np.zeros((int(3 * x_height), int(2 * x_height)), np.float32), 2 * x_height
    fineness = max(1.0, 24.0 / x_height)
    scale = x_height * fineness
    low, high = points[:, :2].min(axis=0), points[:, :2].max(axis=0)
    margin = rng.uniform(0.1, 0.7, 4)
    origin = np.array([low[0] - margin[0], max(high[1], 1.0) + margin[1]])
    size = np.array([high[0] + margin[2], min(low[1], 0.0) - margin[3]]) - origin
    shape = (max(8, int(-size[1] * scale)), max(8, int(size[0] * scale)))
    if writer.pen:
        half = half_widths(points, line, writer, rng)
        sheet = ink_strokes(points, line, half, scale, shape, origin, writer, rng)
    else:
        sheet = ink_outlines(points, line, letter, scale, shape, origin)
    small = (max(4, round(shape[1] / fineness)), max(4, round(shape[0] / fineness)))
    return cv2.resize(sheet, small, interpolation=cv2.INTER_AREA).astype(np.float32) / 255, origin[1] * x_height
