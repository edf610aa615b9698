"""Glyphs as geometry: the outline of each glyph and the pen's path through its middle.

All lengths are in x-heights of the face, y upwards, the baseline at 0. The path is the
skeleton of the glyph, traced into strokes, each point with the half width the face has
there, so that a letter can be bent and written again with another pen.
"""

import pickle
from dataclasses import dataclass
from pathlib import Path

import cv2
import freetype
import numpy as np
import uharfbuzz as hb
from skimage.morphology import skeletonize

# Pixels an x-height is drawn with before it is thinned to its skeleton.
THINNING_SCALE = 40
# Distance of neighbouring points of a traced stroke, in x-heights.
SPACING = 0.09
CURVE_STEPS = 5
# Script faces with tiny bodies under huge capitals are brought to these heights, as people write.
TALLEST_CAPITAL, DEEPEST_TAIL = 1.9, -1.1


@dataclass
class Trace:
    """Points (x, y, half width) of several lines: which line each belongs to, and which part of the glyph.

    Part 0 is the body; every other part is a mark that stands free of it.
    """

    points: np.ndarray
    line: np.ndarray
    part: np.ndarray


@dataclass
class Glyph:
    """One glyph as closed outlines and as pen strokes."""

    outline: Trace
    strokes: Trace


def bundled(lines: list[np.ndarray], parts: list[int]) -> Trace:
    """Several lines in one trace."""
    if not lines:
        return Trace(np.zeros((0, 3), np.float32), np.zeros(0, np.int32), np.zeros(0, np.int32))
    lengths = [len(line) for line in lines]
    return Trace(
        np.concatenate(lines).astype(np.float32),
        np.repeat(np.arange(len(lines), dtype=np.int32), lengths),
        np.repeat(np.array(parts, np.int32), lengths),
    )


def touching(lines: list[np.ndarray]) -> list[int]:
    """Numbers the lines so that lines that share an end have one number."""
    group = list(range(len(lines)))
    first_at: dict = {}
    for index, line in enumerate(lines):
        for end in (line[0, :2], line[-1, :2]):
            other = first_at.setdefault(tuple(np.round(end, 3)), index)
            if group[other] != group[index]:
                old, new = group[index], group[other]
                group = [new if number == old else number for number in group]
    return group


def parts_of(lines: list[np.ndarray], overlap: float) -> list[int]:
    """Numbers the parts of a glyph; the tallest part is number 0.

    Lines that touch are one part, and so are lines that share `overlap` of the smaller
    one's height: a mark lies above or below its letter.
    """
    group = touching(lines)
    heights = {number: np.concatenate([line[:, 1] for line, own in zip(lines, group) if own == number])
               for number in set(group)}
    spans = sorted(((high.min(), high.max(), number) for number, high in heights.items()),
                   key=lambda span: span[0] - span[1])
    bands: list[tuple[float, float]] = []
    part: dict = {}
    for low, high, number in spans:
        for index, band in enumerate(bands):
            if min(high, band[1]) - max(low, band[0]) >= overlap * (high - low) - 0.02:
                part[number] = index
                break
        else:
            part[number] = len(bands)
            bands.append((low, high))
    return [part[number] for number in group]


def neighbours(pixel, pixels):
    """The pixels of the skeleton next to `pixel`, straight ones first; corners cut short are left out."""
    x, y = pixel
    straight = [(x + dx, y + dy) for dx, dy in ((1, 0), (-1, 0), (0, 1), (0, -1)) if (x + dx, y + dy) in pixels]
    slanted = [
        (x + dx, y + dy)
        for dx, dy in ((1, 1), (1, -1), (-1, 1), (-1, -1))
        if (x + dx, y + dy) in pixels and (x + dx, y) not in pixels and (x, y + dy) not in pixels
    ]
    return straight + slanted


def trace(skeleton: np.ndarray) -> list[list[tuple[int, int]]]:
    """The skeleton as runs of pixels between ends and crossings, loops included."""
    pixels = set(zip(*np.nonzero(skeleton.T)))
    near = {pixel: neighbours(pixel, pixels) for pixel in pixels}
    nodes = sorted(pixel for pixel in pixels if len(near[pixel]) != 2)
    seen, runs = set(), []

    def walk(start, step):
        run = [start, step]
        seen.update(((start, step), (step, start)))
        while len(near[run[-1]]) == 2:
            ahead = [pixel for pixel in near[run[-1]] if (run[-1], pixel) not in seen]
            if not ahead:
                break
            seen.update(((run[-1], ahead[0]), (ahead[0], run[-1])))
            run.append(ahead[0])
        return run

    for node in nodes:
        if not near[node]:
            runs.append([node, node])
        for step in near[node]:
            if (node, step) not in seen:
                runs.append(walk(node, step))
    for pixel in sorted(pixels):
        for step in near[pixel]:
            if (pixel, step) not in seen:
                runs.append(walk(pixel, step))
    return runs


def is_spur(run, ends: dict, radius: np.ndarray) -> bool:
    """True for a short twig that thinning leaves at the corners of a thick stroke."""
    free = [pixel for pixel in (run[0], run[-1]) if ends[pixel] == 1]
    joined = [pixel for pixel in (run[0], run[-1]) if ends[pixel] > 1]
    return bool(free and joined) and len(run) < 1.1 * radius[joined[0][1], joined[0][0]] + 2


def evenly(points: np.ndarray, spacing: float) -> np.ndarray:
    """`points` (x, y, ...) at even distances along their line."""
    lengths = np.hypot(*np.diff(points[:, :2], axis=0).T)
    along = np.concatenate([[0.0], np.cumsum(lengths)])
    if along[-1] < 1e-6:
        return points[:1].repeat(2, axis=0)
    wanted = np.linspace(0, along[-1], max(2, int(along[-1] / spacing) + 1))
    return np.stack([np.interp(wanted, along, column) for column in points.T], axis=1)


def smoothed(points: np.ndarray, share: float = 1.0) -> np.ndarray:
    """Points drawn towards the middle of their neighbours by `share`; the ends stay."""
    if len(points) < 3:
        return points
    calm = points.copy()
    calm[1:-1, :2] = (points[:-2, :2] + 2 * points[1:-1, :2] + points[2:, :2]) / 4
    return points + share * (calm - points)


def pen_strokes(mask: np.ndarray, left: float, top: float) -> list[np.ndarray]:
    """Strokes through the middle of a glyph drawn in `mask`, whose top left corner lies at (left, top)."""
    radius = cv2.distanceTransform(mask.astype(np.uint8), cv2.DIST_L2, 3)
    runs = trace(skeletonize(mask))
    ends: dict = {}
    for run in runs:
        for pixel in (run[0], run[-1]):
            ends[pixel] = ends.get(pixel, 0) + 1
    strokes = []
    for run in runs:
        if is_spur(run, ends, radius):
            continue
        points = np.array([(x / THINNING_SCALE + left, top - y / THINNING_SCALE,
                            radius[y, x] / THINNING_SCALE) for x, y in run], np.float32)
        strokes.append(smoothed(smoothed(evenly(points, SPACING))).astype(np.float32))
    return strokes


def flat_outline(points, tags) -> np.ndarray:
    """One quadratic contour as a polygon (TrueType faces have no other curves)."""
    on = [bool(tag & 1) for tag in tags]
    full = []
    for index, point in enumerate(points):
        full.append((point, on[index]))
        following = (index + 1) % len(points)
        if not on[index] and not on[following]:
            full.append((((point[0] + points[following][0]) / 2, (point[1] + points[following][1]) / 2), True))
    start = next((index for index, (_, flag) in enumerate(full) if flag), 0)
    full = full[start:] + full[:start] + [full[start]]
    polygon, index = [full[0][0]], 1
    while index < len(full):
        point, flag = full[index]
        if flag or index + 1 == len(full):
            polygon.append(point)
        else:
            begin, end = np.array(polygon[-1]), np.array(full[index + 1][0])
            for t in np.linspace(0, 1, CURVE_STEPS + 1)[1:]:
                polygon.append(tuple((1 - t) ** 2 * begin + 2 * t * (1 - t) * np.array(point) + t * t * end))
            index += 1
        index += 1
    return np.array(polygon, np.float32)


class Face:
    """One face: shapes text with HarfBuzz and hands out its glyphs, traced once and remembered."""

    def __init__(self, path: Path, cache: Path | None = None, wrong: str = ""):
        self.name = path.stem
        self.wrong = wrong
        blob = hb.Blob.from_file_path(str(path))
        self.shaper = hb.Font(hb.Face(blob))
        self.drawer = freetype.Face(str(path))
        self.units = self.extent("x")[1]
        self.upper = self.squeeze(self.extent("H")[1] / self.units, TALLEST_CAPITAL, 1.0)
        self.lower = self.squeeze(self.extent("g")[0] / self.units, DEEPEST_TAIL, 0.0)
        self.glyphs: dict[int, Glyph] = {}
        self.cache = cache / f"{path.stem}.pickle" if cache else None
        if self.cache and self.cache.exists():
            self.glyphs = pickle.loads(self.cache.read_bytes())

    def extent(self, letter: str) -> tuple[float, float]:
        """Lowest and highest point of a letter in font units."""
        self.drawer.load_char(letter, freetype.FT_LOAD_NO_SCALE)
        box = self.drawer.glyph.outline.get_bbox()
        return float(box.yMin), float(box.yMax)

    @staticmethod
    def squeeze(reach: float, limit: float, start: float) -> float:
        """Share by which heights beyond `start` are kept, so that `reach` does not pass `limit`."""
        return min(1.0, (limit - start) / (reach - start)) if reach != start else 1.0

    def placed(self, x: float, y: float) -> tuple[float, float]:
        """A point of the face in x-heights."""
        x, y = x / self.units, y / self.units
        if y > 1:
            y = 1 + (y - 1) * self.upper
        return x, y * self.lower if y < 0 else y

    def draws(self, letter: str) -> bool:
        """True when the face has the letter and draws it right."""
        return letter not in self.wrong and self.drawer.get_char_index(letter) != 0

    def shape(self, text: str, joined: bool = True):
        """Glyphs of `text` as (glyph, index of the letter, x, y), and the width of the whole."""
        buffer = hb.Buffer()
        buffer.add_str(text)
        buffer.guess_segment_properties()
        hb.shape(self.shaper, buffer, {"calt": joined, "liga": False, "clig": False})
        placed, pen = [], 0.0
        for info, position in zip(buffer.glyph_infos, buffer.glyph_positions):
            glyph = self.glyph(info.codepoint)
            at = pen + position.x_offset / self.units
            placed.append((glyph, info.cluster, at, position.y_offset / self.units))
            pen += position.x_advance / self.units
        return placed, pen

    def glyph(self, index: int) -> Glyph:
        """The glyph of that number, traced when asked for the first time."""
        if index not in self.glyphs:
            self.glyphs[index] = self.traced(index)
        return self.glyphs[index]

    def traced(self, index: int) -> Glyph:
        """Outline and pen strokes of one glyph."""
        self.drawer.load_glyph(index, freetype.FT_LOAD_NO_SCALE)
        outline = self.drawer.glyph.outline
        outlines, start = [], 0
        for end in outline.contours:
            if end - start >= 2:
                points = [self.placed(x, y) for x, y in outline.points[start:end + 1]]
                outlines.append(flat_outline(points, outline.tags[start:end + 1]))
            start = end + 1
        if not outlines:
            return Glyph(bundled([], []), bundled([], []))
        everything = np.concatenate(outlines)
        left, bottom = everything.min(axis=0) - 0.1
        right, top = everything.max(axis=0) + 0.1
        size = (int((top - bottom) * THINNING_SCALE) + 1, int((right - left) * THINNING_SCALE) + 1)
        mask = np.zeros(size, np.uint8)
        pixels = [((part - (left, top)) * (THINNING_SCALE, -THINNING_SCALE)).round().astype(np.int32) for part in outlines]
        cv2.fillPoly(mask, pixels, 1)
        strokes = pen_strokes(mask > 0, left, top)
        flat = [np.pad(part, ((0, 0), (0, 1))) for part in outlines]
        return Glyph(bundled(flat, parts_of(flat, 0.3)), bundled(strokes, parts_of(strokes, 0.3)))

    def keep(self) -> None:
        """Writes the traced glyphs to the cache, where there is one."""
        if self.cache:
            self.cache.parent.mkdir(parents=True, exist_ok=True)
            scratch = self.cache.with_suffix(".part")
            scratch.write_bytes(pickle.dumps(self.glyphs))
            scratch.replace(self.cache)
