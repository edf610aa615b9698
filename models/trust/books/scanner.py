"""Paper, ageing and the machine that takes the picture.

A page is put together upright (paper, print, ink, seals, stains, what shines through), turned and,
by a telephone, seen askew; then come light, blur, noise. The corners of a box go through the same
matrix as the picture, so that boxes stay exact.
"""

from dataclasses import dataclass

import cv2
import numpy as np

# Colours are red, green, blue in 0..1.
INKS = {"blue": (0.13, 0.2, 0.55), "dark blue": (0.1, 0.12, 0.35), "black": (0.1, 0.1, 0.12), "violet": (0.3, 0.14, 0.45),
        "grey": (0.25, 0.25, 0.27)}
SEAL_RED = (0.75, 0.12, 0.15)
STAIN = (0.72, 0.5, 0.22)
LARGEST_SKEW = 2.5


@dataclass
class Machine:
    """How the pages of one book are taken; `trouble` in 0..1 scales all that spoils them."""

    dpi: int
    photo: bool
    grey: bool
    background: tuple[float, float, float]
    paper: tuple[float, float, float]
    ink: tuple[float, float, float]
    ink_darkness: float
    print_darkness: float
    fading: float
    through: float
    noise: float
    blur: float
    unevenness: float
    stains: float
    seal: float
    gutter: float
    trouble: float
    format: str
    quality: int


def draw_machine(rng: np.random.Generator, writing: str, table: bool, modern: bool, hard: float) -> Machine:
    """The machine and the state of the paper of one book."""
    trouble = float(np.clip(hard + rng.normal(0, 0.2), 0, 1))
    photo = bool(rng.random() < 0.24)
    dpi = int(rng.choice([150, 200, 200, 200, 200, 240, 300] if not table else [150, 175, 200, 200, 200]))
    if photo:
        dpi = int(rng.choice([170, 200, 200, 220]))
    white = rng.random() < (0.6 if modern else 0.3)
    brightness = rng.uniform(0.8, 0.97)
    paper = (brightness, brightness, brightness * 0.99) if white else (
        brightness, brightness * rng.uniform(0.93, 0.97), brightness * rng.uniform(0.72, 0.9))
    grey = bool(rng.random() < 0.4) and not photo
    if photo:
        tone = rng.uniform(0.12, 0.5)
        background = tuple(float(tone * part) for part in [(1, 1, 1.08), (1.1, 0.85, 0.62), (0.85, 0.95, 1.1)][rng.integers(3)])
    else:
        tone = float(rng.choice([0.08, 0.9, 0.93, 0.97]))
        background = (tone, tone, tone)
    names = {"hand": ["blue", "blue", "dark blue", "black", "violet" if not modern else "blue"],
             "typed": ["black", "grey", "dark blue", "violet"], "print": ["black"]}[writing]
    darkness = float(rng.uniform(0.95 - 0.4 * trouble, 1.0))
    return Machine(
        dpi=dpi, photo=photo, grey=grey, background=background, paper=paper,
        ink=INKS[names[rng.integers(len(names))]], ink_darkness=max(0.5, darkness * (0.92 if writing != "print" else 1.0)),
        print_darkness=float(rng.uniform(0.62, 0.98)), fading=float(rng.uniform(0, 0.5) * trouble),
        through=float(rng.choice([0, rng.uniform(0.02, 0.13)])) * (0.5 + trouble),
        noise=float(rng.uniform(0.003, 0.022) * (0.4 + trouble)), blur=float(rng.uniform(0, 0.75) * trouble) + (0.3 if photo else 0),
        unevenness=float(rng.uniform(0.02, 0.12)) + (0.12 if photo else 0), stains=float(rng.choice([0, 0.6, 1.5])),
        seal=float(rng.choice([0, 0.35, 0.8])), gutter=float(rng.choice([0, 0, rng.uniform(0.1, 0.4)])), trouble=trouble,
        format=str(rng.choice(["jpg", "jpg", "jpg", "jpg", "jpg", "png", "tif"])) if not photo else "jpg",
        quality=int(rng.integers(55, 93)),
    )


def slow_field(shape: tuple[int, int], size: float, rng: np.random.Generator) -> np.ndarray:
    """A smooth random field in -0.5..0.5 whose bumps are about `size` pixels wide."""
    rows, columns = (max(2, int(side / size) + 2) for side in shape)
    return cv2.resize(rng.random((rows, columns), np.float32), (shape[1], shape[0]), interpolation=cv2.INTER_CUBIC) - 0.5


def seal_mark(radius: int, letters: list[np.ndarray], rng: np.random.Generator) -> np.ndarray:
    """A round seal as coverage in 0..1: two rings, a star, letters round the edge."""
    side = 2 * radius + 4
    sheet = np.zeros((side, side), np.float32)
    middle = (side // 2, side // 2)
    cv2.circle(sheet, middle, radius - 1, 1.0, max(1, radius // 22), cv2.LINE_AA)
    cv2.circle(sheet, middle, int(radius * 0.9), 1.0, 1, cv2.LINE_AA)
    cv2.circle(sheet, middle, int(radius * 0.62), 1.0, 1, cv2.LINE_AA)
    star = [(middle[0] + radius * part * np.sin(np.pi * step / 5), middle[1] - radius * part * np.cos(np.pi * step / 5))
            for step, part in zip(range(10), [0.3, 0.12] * 5)]
    cv2.fillPoly(sheet, [np.array(star, np.int32)], 1.0, cv2.LINE_AA)
    around = np.arange(len(letters)) / len(letters) * 1.5 * np.pi - 0.75 * np.pi
    for letter, angle in zip(letters, around):
        height, width = letter.shape
        turn = cv2.getRotationMatrix2D((width / 2, height / 2), -np.degrees(angle), 1.0)
        spot = np.array([middle[0] + radius * 0.76 * np.sin(angle), middle[1] - radius * 0.76 * np.cos(angle)])
        turn[:, 2] += spot - (width / 2, height / 2)
        sheet = np.maximum(sheet, cv2.warpAffine(letter, turn, (side, side), flags=cv2.INTER_LINEAR))
    worn = 1 + 1.1 * slow_field(sheet.shape, radius * 0.5, rng)
    tilt = cv2.getRotationMatrix2D((side / 2, side / 2), float(rng.uniform(-40, 40)), 1.0)
    return cv2.warpAffine(sheet * np.clip(worn, 0, 1), tilt, (side, side), flags=cv2.INTER_LINEAR)


def tinted(picture: np.ndarray, coverage: np.ndarray, colour: tuple[float, float, float], strength) -> None:
    """Lays ink of one colour over the picture (in place); `coverage` in 0..1."""
    for channel in range(picture.shape[2]):
        picture[..., channel] *= 1 - coverage * strength * (1 - colour[channel])


def paper_sheet(shape: tuple[int, int], machine: Machine, dots_per_mm: float, rng: np.random.Generator) -> np.ndarray:
    """An empty sheet, uneven and stained."""
    tone = 1 + 0.05 * slow_field(shape, 60 * dots_per_mm, rng)
    tone += 0.035 * (0.5 + machine.trouble) * slow_field(shape, 0.5 * dots_per_mm, rng)
    sheet = tone[..., None] * np.array(machine.paper, np.float32)
    for _ in range(rng.poisson(machine.stains)):
        centre = rng.random(2) * (shape[1], shape[0])
        radius = rng.uniform(5, 30) * dots_per_mm
        rows = slice(max(0, int(centre[1] - 2 * radius)), min(shape[0], int(centre[1] + 2 * radius)))
        columns = slice(max(0, int(centre[0] - 2 * radius)), min(shape[1], int(centre[0] + 2 * radius)))
        y, x = np.ogrid[rows, columns]
        away = np.hypot((x - centre[0]) / radius, (y - centre[1]) / radius * rng.uniform(0.7, 1.4))
        edge = rng.uniform(0.12, 0.5)
        spot = np.clip((1 - away) / edge + 0.5, 0, 1).astype(np.float32)
        if rng.random() < 0.25:
            spot *= 0.35 + 0.65 * np.clip(1 - np.abs(away - 0.95) / 0.12, 0, 1)
        tinted(sheet[rows, columns], spot, STAIN, float(rng.uniform(0.1, 0.45)))
    return sheet


def page_picture(printed: np.ndarray, ink: np.ndarray, behind: np.ndarray | None, marks: list, machine: Machine,
                 dots_per_mm: float, rng: np.random.Generator) -> np.ndarray:
    """The upright page in colour (float32, 0..1). `marks` are seals: (coverage, left, top)."""
    sheet = paper_sheet(printed.shape, machine, dots_per_mm, rng)
    if behind is not None and machine.through:
        ghost = cv2.GaussianBlur(behind[:, ::-1], (0, 0), 0.12 * dots_per_mm).astype(np.float32) / 255
        sheet *= (1 - machine.through * ghost)[..., None]
    fade = 1 - machine.fading * (slow_field(printed.shape, 45 * dots_per_mm, rng) + 0.5)
    tinted(sheet, printed.astype(np.float32) / 255, (0.12, 0.12, 0.13), machine.print_darkness * (1 - 0.6 * (1 - fade)))
    tinted(sheet, ink.astype(np.float32) / 255, machine.ink, machine.ink_darkness * fade)
    for mark, left, top in marks:
        rows, columns = slice(max(0, top), top + mark.shape[0]), slice(max(0, left), left + mark.shape[1])
        part = sheet[rows, columns]
        if part.size:
            cut = mark[rows.start - top:, columns.start - left:][:part.shape[0], :part.shape[1]]
            tinted(part, cut, SEAL_RED, float(rng.uniform(0.35, 0.8)))
    if machine.gutter:
        reach = np.exp(-np.arange(printed.shape[1]) / (9 * dots_per_mm)).astype(np.float32) * machine.gutter
        sheet *= 1 - (reach if rng.random() < 0.5 else reach[::-1])[None, :, None]
    return sheet


def view(size: tuple[int, int], machine: Machine, dots_per_mm: float, rng: np.random.Generator):
    """How the page lies in the picture: the matrix (3 x 3), the picture's width and height, the skew in degrees.

    A skew is clockwise where positive, and is measured before perspective.
    """
    width, height = size
    skew = rng.normal(0, 1.2) if rng.random() < 0.7 else rng.uniform(-1, 1) * LARGEST_SKEW
    skew = float(np.clip(skew, -LARGEST_SKEW, LARGEST_SKEW))
    around = rng.uniform(12, 26) * dots_per_mm if machine.photo else rng.uniform(2, 8) * dots_per_mm
    picture = (round(width + 2 * around), round(height + 2 * around))
    angle = np.radians(skew)
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    corners = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    turned = (corners - (width / 2, height / 2)) @ turn.T + (picture[0] / 2, picture[1] / 2)
    if machine.photo:
        turned += rng.uniform(-1, 1, (4, 2)) * 0.028 * np.array([width, height])
    else:
        turned += rng.uniform(-1.5, 1.5, 2) * dots_per_mm
    return cv2.getPerspectiveTransform(corners, turned.astype(np.float32)), picture, skew


def seen_box(box: tuple[float, float, float, float], matrix: np.ndarray, picture: tuple[int, int]) -> list[int]:
    """The box of the page as an upright box of the picture."""
    left, top, right, bottom = box
    corners = np.array([[[left, top], [right, top], [right, bottom], [left, bottom]]], np.float32)
    seen = cv2.perspectiveTransform(corners, matrix)[0]
    low, high = np.floor(seen.min(axis=0)), np.ceil(seen.max(axis=0))
    return [int(max(0, low[0])), int(max(0, low[1])), int(min(picture[0], high[0])), int(min(picture[1], high[1]))]


def taken(page: np.ndarray, matrix: np.ndarray, size: tuple[int, int], machine: Machine, dots_per_mm: float,
          rng: np.random.Generator) -> np.ndarray:
    """The picture of a page, uint8: red, green, blue, or grey."""
    if machine.grey:
        page = page @ np.array([0.3, 0.59, 0.11], np.float32)
    colour = machine.background if page.ndim == 3 else (machine.background[0],)
    picture = cv2.warpPerspective(page, matrix, size, flags=cv2.INTER_LINEAR, borderValue=colour)
    shape = picture.shape[:2]
    light = 1 + machine.unevenness * slow_field(shape, 110 * dots_per_mm, rng)
    if machine.photo:
        angle, depth = rng.uniform(0, 2 * np.pi), rng.uniform(0.05, 0.3)
        across = np.linspace(-0.5, 0.5, shape[1], dtype=np.float32)[None] * np.cos(angle)
        light = (light + depth * (across + np.linspace(-0.5, 0.5, shape[0], dtype=np.float32)[:, None] * np.sin(angle))) * 0.9
    picture *= light if picture.ndim == 2 else light[..., None]
    if machine.blur > 0.25:
        picture = cv2.GaussianBlur(picture, (0, 0), machine.blur * machine.dpi / 200)
    grain = rng.standard_normal(shape, np.float32) * machine.noise
    picture += grain if picture.ndim == 2 else grain[..., None]
    return (np.clip(picture, 0, 1) * 255 + 0.5).astype(np.uint8)
