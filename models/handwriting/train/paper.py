"""Register paper around a line of ink: rules, label, neighbours, stains, age, and the scanner.

All pictures are float32 in 0..1; ink coverage 1 is full ink, a grey picture 1 is white.
"""

import cv2
import numpy as np


def slow_noise(shape, cells: float, rng) -> np.ndarray:
    """A smooth random field in 0..1 whose bumps are about `cells` pixels wide."""
    rows, columns = (max(2, int(side / cells) + 2) for side in shape)
    return cv2.resize(rng.random((rows, columns), np.float32), (shape[1], shape[0]), interpolation=cv2.INTER_LINEAR)


def rules(shape, baseline: float, x_height: float, rng) -> np.ndarray:
    """Coverage of a solid, dashed or dotted line to write on, and now and then of a frame beside it."""
    height, width = shape
    drawn = np.zeros(shape, np.float32)
    row = baseline + x_height * rng.normal(0.15, 0.2)
    slope = rng.normal(0, 0.006)
    thick = int(rng.integers(1, 3))
    kind = rng.integers(3)
    step, dash = {0: (width + 1, width + 1), 1: (rng.uniform(3, 9), 1.0), 2: (rng.uniform(6, 20), 4.0)}[int(kind)]
    for x in np.arange(-rng.uniform(0, step), width, step):
        start, stop = (x, row + slope * x), (x + dash, row + slope * (x + dash))
        cv2.line(drawn, tuple(int(8 * v) for v in start), tuple(int(8 * v) for v in stop), 1.0, thick, cv2.LINE_AA, 3)
    if rng.random() < 0.2:
        x = int(rng.choice([rng.integers(0, 4), max(0, width - 1 - rng.integers(0, 4))]))
        cv2.line(drawn, (x, 0), (x, height), 1.0, thick)
    return drawn * rng.uniform(0.3, 1.0)


def laid(over: np.ndarray, piece: np.ndarray, top: int, left: int, strength: float) -> None:
    """Lays a piece of coverage on `over` (in place), cut at the edges."""
    height, width = over.shape
    first_row, first_column = max(0, top), max(0, left)
    last_row, last_column = min(height, top + piece.shape[0]), min(width, left + piece.shape[1])
    if last_row > first_row and last_column > first_column:
        part = piece[first_row - top:last_row - top, first_column - left:last_column - left]
        target = over[first_row:last_row, first_column:last_column]
        np.maximum(target, part * strength, out=target)


def with_neighbours(ink: np.ndarray, spare: np.ndarray, rng) -> np.ndarray:
    """Feet of the line above or heads of the line below, cut into the crop."""
    height = ink.shape[0]
    depth = int(height * rng.uniform(0.05, 0.22))
    around = ink.copy()
    left = -int(rng.integers(0, max(1, spare.shape[1] // 2)))
    top = depth - spare.shape[0] if rng.random() < 0.6 else height - depth
    laid(around, spare, top, left, rng.uniform(0.5, 1.0))
    return around


def seal(shape, rng) -> np.ndarray:
    """Coverage of part of a round stamp."""
    drawn = np.zeros(shape, np.float32)
    radius = int(shape[0] * rng.uniform(0.6, 2.0))
    middle = (int(rng.integers(0, shape[1])), int(rng.integers(-shape[0], 2 * shape[0])))
    for inner in (1.0, 0.93, 0.65):
        cv2.circle(drawn, middle, int(radius * inner), 1.0, max(1, radius // 30), cv2.LINE_AA)
    return drawn * slow_noise(shape, 6, rng)


def faded(ink: np.ndarray, rng) -> np.ndarray:
    """Ink that runs dry, spreads or bleaches in places."""
    field = 1 - rng.uniform(0, 0.55) * slow_noise(ink.shape, rng.uniform(15, 120), rng)
    if rng.random() < 0.3:
        field *= 1 - rng.uniform(0.1, 0.6) * slow_noise(ink.shape, rng.uniform(1.5, 4), rng)
    return ink * field


def sheet_tone(shape, rng) -> np.ndarray:
    """The paper: its grey, unevenness, grain and stains."""
    tone = np.full(shape, rng.uniform(0.62, 1.0), np.float32)
    tone += rng.uniform(0, 0.14) * (slow_noise(shape, rng.uniform(40, 300), rng) - 0.5)
    if rng.random() < 0.5:
        tone += rng.uniform(0, 0.05) * (slow_noise(shape, rng.uniform(1.5, 5), rng) - 0.5)
    if rng.random() < 0.12:
        spot = slow_noise(shape, rng.uniform(20, 80), rng)
        tone -= rng.uniform(0.05, 0.3) * np.clip(spot - 0.6, 0, 1)
    return tone


def scanned(grey: np.ndarray, rng) -> np.ndarray:
    """What a scanner or a phone makes of it: blur, coarse sampling, noise, contrast, JPEG; uint8."""
    if rng.random() < 0.25:
        small = rng.uniform(0.6, 0.95)
        size = (max(8, int(grey.shape[1] * small)), max(8, int(grey.shape[0] * small)))
        grey = cv2.resize(grey, size, interpolation=cv2.INTER_AREA)
    if rng.random() < 0.5:
        grey = cv2.GaussianBlur(grey, (0, 0), rng.uniform(0.3, 1.1))
    if rng.random() < 0.6:
        grey = grey + rng.normal(0, rng.uniform(0.005, 0.05), grey.shape).astype(np.float32)
    if rng.random() < 0.15:
        cut = rng.uniform(0.35, 0.7)
        grey = np.clip((grey - cut) * rng.uniform(2, 8) + 0.5, 0, 1)
    picture = (np.clip(grey, 0, 1) * 255).astype(np.uint8)
    if rng.random() < 0.4:
        coded = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, int(rng.integers(20, 90))])[1]
        picture = cv2.imdecode(coded, cv2.IMREAD_GRAYSCALE)
    return picture


def on_paper(ink: np.ndarray, baseline: float, x_height: float, spare: np.ndarray | None, rng) -> np.ndarray:
    """A line of ink as a crop of a scanned register page (uint8); `spare` is some other line's ink."""
    shape = ink.shape
    dark = rng.uniform(0.4, 0.95)
    grey = sheet_tone(shape, rng)
    if spare is not None and rng.random() < 0.1:
        through = np.zeros(shape, np.float32)
        laid(through, spare[:, ::-1], int(rng.integers(-10, 10)), int(rng.integers(-20, 20)), 1.0)
        grey -= rng.uniform(0.03, 0.2) * cv2.GaussianBlur(through, (0, 0), rng.uniform(0.8, 2))
    if rng.random() < 0.45:
        grey *= 1 - rules(shape, baseline, x_height, rng) * rng.uniform(0.3, 0.9)
    if rng.random() < 0.04:
        grey *= 1 - seal(shape, rng) * rng.uniform(0.2, 0.6)
    if spare is not None and rng.random() < 0.18:
        ink = with_neighbours(ink, spare, rng)
    return scanned(grey * (1 - dark * faded(ink, rng)), rng)
