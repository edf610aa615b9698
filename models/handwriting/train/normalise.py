"""Brings a crop of a line to what the reader takes: ink on nothing, level, 40 pixels high.

The same steps run at inference, so they are few and plain: the paper is divided away,
the slope of the ink taken out, and the line scaled by the spread of its ink about its
middle row, which says how large the letters are whatever the crop's height.
"""

import cv2
import numpy as np

from model import HEIGHT

# Rows of ink kept above and below the middle row, in standard deviations of the ink's rows.
ABOVE, BELOW = 3.1, 2.7
STEEPEST = 0.12
# Crops are first brought to this many rows, so that the work does not grow with the scan.
WORKING_HEIGHT = 64
NARROWEST, WIDEST = 16, 2400


def ink_of(grey: np.ndarray) -> np.ndarray:
    """Ink in 0..1 (float32) of a grey crop (uint8): darkness against the paper around it."""
    height, width = grey.shape
    small = cv2.resize(grey, (max(1, width // 8), max(1, height // 8)), interpolation=cv2.INTER_AREA)
    paper = cv2.dilate(small, np.ones((9, 9), np.uint8))
    paper = cv2.resize(cv2.blur(paper, (5, 5)), (width, height), interpolation=cv2.INTER_LINEAR)
    ink = 1 - grey.astype(np.float32) / np.maximum(paper, 1)
    dark = float(np.quantile(ink, 0.985))
    return np.clip(ink / max(dark, 0.15), 0, 1)


def slope_of(ink: np.ndarray) -> float:
    """Rows the writing falls per column, from the middle of the ink in each column."""
    strong = np.where(ink > 0.35, ink, 0)
    mass = strong.sum(axis=0)
    if mass.sum() < 20 or ink.shape[1] < 3 * ink.shape[0]:
        return 0.0
    rows = np.arange(ink.shape[0])[:, None]
    columns = np.arange(ink.shape[1])
    middle = (strong * rows).sum(axis=0) / np.maximum(mass, 1e-6)
    centre_x, centre_y = np.average(columns, weights=mass), np.average(middle, weights=mass)
    lean = np.average((columns - centre_x) * (middle - centre_y), weights=mass)
    spread = np.average((columns - centre_x) ** 2, weights=mass)
    return float(np.clip(lean / max(spread, 1e-6), -STEEPEST, STEEPEST))


def band_of(ink: np.ndarray, slope: float) -> tuple[float, float]:
    """First row of the writing at column 0 and the number of rows to keep."""
    rows = np.arange(ink.shape[0])[:, None] - slope * np.arange(ink.shape[1])[None, :]
    strong = np.where(ink > 0.35, ink, 0)
    total = strong.sum()
    if total < 5:
        return 0.0, float(ink.shape[0])
    middle = (strong * rows).sum() / total
    spread = max(float(np.sqrt((strong * (rows - middle) ** 2).sum() / total)), 2.0)
    return float(middle - ABOVE * spread), (ABOVE + BELOW) * spread


def normalise(grey: np.ndarray, zoom: float = 1.0, lift: float = 0.0) -> np.ndarray:
    """A grey crop (uint8) as the reader's input: float32 ink, `HEIGHT` rows.

    `zoom` and `lift` (a share of the height) shift the window; training varies them.
    """
    scale = WORKING_HEIGHT / grey.shape[0]
    working = (max(8, round(grey.shape[1] * scale)), WORKING_HEIGHT)
    way = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    ink = ink_of(cv2.resize(grey, working, interpolation=way))
    slope = slope_of(ink)
    top, rows = band_of(ink, slope)
    top, rows = top + rows * (lift + (1 - zoom) / 2), rows * zoom
    size = HEIGHT / rows
    width = int(np.clip(round(ink.shape[1] * size), NARROWEST, WIDEST))
    across = width / ink.shape[1]
    matrix = np.array([[1 / across, 0, 0.5 / across - 0.5], [slope / across, 1 / size, top + 0.5 / size - 0.5]], np.float32)
    if size < 0.8:
        ink = cv2.GaussianBlur(ink, (0, 0), 0.4 / size)
    return cv2.warpAffine(ink, matrix, (width, HEIGHT), flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP)
