"""Vietnamese marks as a hurried pen makes them, to be set on plain letters.

A face draws its marks neatly over the letter; people do not. Each line of writing has
one `MarkHand` (its ways of making each mark and where it lets them fall), and each
mark varies a little around it. Lengths are in x-heights, y upwards.
"""

from dataclasses import dataclass

import numpy as np


@dataclass
class MarkHand:
    """One writer's marks: how far they drift, how big they are, which form each takes."""

    drift: tuple[float, float]
    size: float
    spread: float
    tilde: int
    circumflex: int
    breve: int
    hook: int
    dot: int
    horn: int
    stacked: bool
    bar: float


def mark_hand(rng: np.random.Generator) -> MarkHand:
    """Draws a writer's way with marks."""
    return MarkHand(
        drift=(rng.normal(0.15, 0.22), rng.normal(0.0, 0.1)),
        size=rng.uniform(0.65, 1.35),
        spread=rng.uniform(0.03, 0.2),
        tilde=int(rng.integers(4)), circumflex=int(rng.integers(4)), breve=int(rng.integers(3)),
        hook=int(rng.integers(4)), dot=int(rng.integers(3)), horn=int(rng.integers(3)),
        stacked=bool(rng.random() < 0.4), bar=rng.uniform(0.6, 1.5),
    )


def bent(points, at, size: float, rng: np.random.Generator) -> np.ndarray:
    """The form `points` at the place `at`, sized, turned and bent a little; half widths 0 (the pen's own)."""
    form = np.array(points, np.float32)
    form = form + rng.normal(0, 0.035, form.shape)
    angle = rng.normal(0, 0.12)
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    form = (form * size * rng.uniform(0.8, 1.2, 2)) @ turn.T + at
    along = np.linspace(0, len(form) - 1, 3 * len(form) - 2)
    fine = np.stack([np.interp(along, np.arange(len(form)), column) for column in form.T], axis=1)
    return np.pad(fine, ((0, 0), (0, 1))).astype(np.float32)


def arc(start: float, stop: float, radius: float, middle=(0.0, 0.0), count: int = 7):
    """Points of an arc between two angles in degrees."""
    angles = np.radians(np.linspace(start, stop, count))
    return [(middle[0] + radius * np.cos(a), middle[1] + radius * np.sin(a)) for a in angles]


TILDES = [
    [(-0.32, -0.06), (-0.2, 0.08), (-0.08, 0.06), (0.08, -0.06), (0.2, -0.08), (0.32, 0.08)],
    [(-0.34, -0.02), (0.0, 0.02), (0.34, 0.05)],
    [(-0.32, -0.1), (-0.15, 0.12), (0.1, -0.08), (0.34, 0.15)],
    [(-0.3, 0.05), (-0.1, 0.1), (0.1, -0.02), (0.25, 0.0), (0.35, 0.12)],
]
CIRCUMFLEXES = [
    [(-0.28, -0.12), (0.0, 0.16), (0.28, -0.12)],
    [(-0.3, -0.08), (-0.15, 0.08), (0.05, 0.12), (0.2, 0.04), (0.3, -0.1)],
    [(-0.22, -0.16), (0.02, 0.18), (0.14, 0.0), (0.3, -0.02)],
    [(-0.28, 0.0), (0.0, 0.08), (0.28, 0.0)],
]
BREVES = [
    [(-0.26, 0.12), (-0.14, -0.08), (0.05, -0.12), (0.2, -0.02), (0.28, 0.14)],
    [(-0.26, 0.1), (0.0, -0.14), (0.26, 0.12)],
    [(-0.28, 0.04), (-0.1, -0.1), (0.12, -0.08), (0.3, 0.1)],
]
HOOKS = [
    arc(160, -60, 0.16, (0.0, 0.1)) + [(0.0, -0.16)],
    arc(170, -80, 0.14, (0.0, 0.06)) + [(-0.02, -0.12), (-0.03, -0.2)],
    [(-0.1, 0.16), (0.1, 0.18), (0.12, 0.06), (0.0, -0.02), (-0.02, -0.16)],
    [(-0.12, 0.1), (0.06, 0.18), (0.1, 0.02), (0.0, -0.14)],
]
DOTS = [
    [(0.0, 0.0), (0.015, -0.015)],
    [(-0.05, 0.02), (0.06, -0.03)],
    [(0.04, 0.06), (-0.03, -0.08)],
]
HORNS = [
    [(-0.12, -0.08), (0.08, -0.02), (0.16, 0.1), (0.13, 0.24)],
    [(-0.04, -0.02), (0.1, 0.06), (0.18, 0.22)],
    [(-0.14, -0.02), (0.05, -0.08), (0.2, 0.02), (0.18, 0.16), (0.08, 0.18)],
]


def above(shape: str, tone: str, top: float, middle: float, hand: MarkHand, rng) -> list[np.ndarray]:
    """The marks over a letter whose body is topped at (middle, top)."""
    lift = top + 0.3 + hand.drift[1] + abs(rng.normal(0, hand.spread / 2))
    at = np.array([middle + hand.drift[0] + rng.normal(0, hand.spread), lift])
    drawn = []
    if shape in ("circumflex", "breve"):
        forms = CIRCUMFLEXES[hand.circumflex] if shape == "circumflex" else BREVES[hand.breve]
        drawn.append(bent(forms, at, hand.size, rng))
        at = at + ((0.0, 0.38 * hand.size) if hand.stacked else (0.36 * hand.size, 0.2 * hand.size))
    forms = {
        "sắc": [(-0.12, -0.16), (0.14, 0.18)], "huyền": [(-0.16, 0.17), (0.13, -0.14)],
        "ngã": TILDES[hand.tilde], "hỏi": HOOKS[hand.hook],
    }.get(tone)
    if forms is not None:
        drawn.append(bent(forms, at + rng.normal(0, hand.spread / 2, 2), hand.size, rng))
    return drawn


def bar_of_d(body: np.ndarray, letter: str, hand: MarkHand, rng) -> np.ndarray:
    """The bar through the stem of đ or Đ."""
    top = body[:, 1].max()
    height = (0.45 if letter == "D" else 0.8) * top + rng.normal(0, 0.08)
    close = body[np.abs(body[:, 1] - height) < 0.2]
    stem = (close[:, 0].min() if letter == "D" else close[:, 0].max()) if len(close) else body[:, 0].mean()
    reach = 0.35 * hand.bar
    return bent([(-1.0, 0.0), (0.0, 0.03), (1.0, 0.05)], (stem + rng.normal(0.03, 0.08), height), reach, rng)


def marks_for(base: str, shape: str, tone: str, body: np.ndarray, hand: MarkHand, rng) -> list[np.ndarray]:
    """Strokes of all marks of one letter, whose plain form's points are `body`."""
    left, right = body[:, 0].min(), body[:, 0].max()
    bottom, top = body[:, 1].min(), body[:, 1].max()
    middle = (left + right) / 2
    drawn = above(shape, tone, top, middle, hand, rng)
    if shape == "bar":
        drawn.append(bar_of_d(body, base, hand, rng))
    if shape == "horn":
        edge = body[body[:, 1] > top - 0.35][:, 0].max()
        drawn.append(bent(HORNS[hand.horn], (edge + rng.normal(0.02, 0.05), top - 0.08), hand.size * 1.1, rng))
    if tone == "nặng":
        below = min(0.0, bottom if base in "yY" else 0.0) - rng.uniform(0.25, 0.5)
        at = (middle + hand.drift[0] * 0.6 + rng.normal(0, hand.spread), below)
        drawn.append(bent(DOTS[hand.dot], at, hand.size, rng))
    return drawn
