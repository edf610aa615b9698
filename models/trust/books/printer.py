"""What the printing house made: the empty page of a form, and where its values go.

A `Printer` is drawn for a book: its type, its leaders, its wording of the labels. Positions are
millimetres on the sheet until they are drawn; a `Plan` holds pixels of the upright sheet.
"""

import random
import tomllib
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from tools import FORMS

LABEL_FACES = """tinos be-vietnam-pro roboto lora noto-serif eb-garamond merriweather source-serif-4 arimo noto-sans
open-sans literata crimson-pro gelasio alegreya spectral barlow montserrat inter vollkorn bitter faustina manuale
old-standard-tt texgyretermes-regular lmroman10-regular""".split()

# Labels that a form's list allows for the sake of reading, but that no printer sets at this field.
ODD_LABELS = {"Ngày tháng năm sinh của trẻ": "child.birth_date", "Tuổi": "", "Ngày giờ sinh": "", "Tuổi, sinh năm": "father|mother",
              "Nơi đăng ký kết hôn": "marriage", "Nơi đăng ký khai sinh": "birth", "Nơi đăng ký khai tử": "death",
              "Số CCCD": "2016", "Căn cước công dân số": "2016", "Ngày, tháng, năm sinh": "date", "Sinh ngày": "date"}

# Slots that a form's file lists without a field, in its order: they are printed and filled, but no truth tells of them.
NAMELESS = {"birth-2020": ["extra.mother_number", "extra.father_number"], "death-2020": ["extra.deceased_number"],
            "marriage-2016": ["extra.marriage_date"],
            "marriage-2020": ["extra.wife_number", "extra.husband_number", "extra.marriage_date"]}


@dataclass
class Printer:
    """Habits of one printing house; sizes in millimetres."""

    face: Path
    heading_face: Path
    size: float
    bold: float
    leader: str
    leader_weight: float
    leader_darkness: int
    colon: str
    rule_weight: float
    darkness: int
    numbered: bool
    small_seconds: bool
    margins: tuple[float, float, float, float]
    labels: dict[str, str] = field(default_factory=dict)


def allowed(label: str, name: str, kind: str, year: int) -> bool:
    """Whether a printer of that year would set `label` at the field `name`."""
    rule = ODD_LABELS.get(label)
    if rule is None:
        return True
    if rule == "2016":
        return year >= 2016
    if rule == "date":
        return not name.endswith("birth_year")
    return any(word in (name, kind) or name.startswith(f"{word}.") for word in rule.split("|"))


def read_form(name: str) -> dict:
    """One form of `models/forms`."""
    return tomllib.loads((FORMS / f"{name}.toml").read_text(encoding="utf-8"))


def wordings(form: dict, year: int, rng: random.Random) -> dict[str, str]:
    """One label for each slot of the form, by the names of its fields."""
    chosen, nameless = {}, iter(NAMELESS.get(form["id"], []))
    for slot in form["slot"]:
        fields = slot.get("fields") or [next(nameless)]
        ready = [label for label in slot["labels"] if allowed(label, fields[0], form["kind"], year)]
        # The first labels of a list are the common ones.
        chosen[" ".join(fields)] = rng.choice(ready[:4] if rng.random() < 0.5 else ready)
        for name, columns in zip(fields, slot.get("columns", [])):
            chosen[name] = rng.choice(columns)
    # A couple's and the parents' labels are set alike.
    for first, second in (("father", "mother"), ("husband", "wife")):
        for name in [name for name in chosen if name.startswith(first + ".") and " " not in name]:
            twin = second + name[len(first):]
            same = twin in chosen and not name.endswith(".name")
            labels = next((slot["labels"] for slot in form["slot"] if slot.get("fields") == [twin]), [])
            if same and chosen[name] in labels:
                chosen[twin] = chosen[name]
    return chosen


def draw_printer(form: dict, year: int, folder: Path, rng: random.Random) -> Printer:
    """The printer of one book."""
    faces = [folder / f"{name}{suffix}" for name in LABEL_FACES for suffix in (".ttf", ".otf")]
    faces = [path for path in faces if path.exists()]
    face = rng.choice(faces)
    return Printer(
        face=face, heading_face=face if rng.random() < 0.7 else rng.choice(faces),
        size=rng.uniform(3.5, 4.5), bold=rng.choice([0, 0, 0, 0.12]),
        leader=rng.choices(["dots", "dashes", "solid", "fine dots"], [45, 10, 30, 15])[0],
        leader_weight=rng.uniform(0.12, 0.28), leader_darkness=rng.randint(90, 230),
        colon=rng.choice([":", ":", "", " :"]), rule_weight=rng.uniform(0.12, 0.5), darkness=rng.randint(190, 255),
        numbered=rng.random() < 0.06, small_seconds=rng.random() < 0.4,
        margins=(rng.uniform(16, 34), rng.uniform(13, 20), rng.uniform(14, 26), rng.uniform(17, 28)),
        labels=wordings(form, year, rng),
    )


class PrintLayer:
    """The printed part of a sheet as ink coverage; all arguments are millimetres."""

    def __init__(self, width: float, height: float, dots_per_mm: float):
        self.dots = dots_per_mm
        self.picture = Image.new("L", (round(width * dots_per_mm), round(height * dots_per_mm)), 0)
        self.draw = ImageDraw.Draw(self.picture)
        self.fonts: dict[tuple[Path, int], ImageFont.FreeTypeFont] = {}

    def font(self, face: Path, size: float) -> ImageFont.FreeTypeFont:
        """A face at `size` millimetres."""
        key = (face, max(6, round(size * self.dots)))
        if key not in self.fonts:
            self.fonts[key] = ImageFont.truetype(str(face), key[1])
        return self.fonts[key]

    def width(self, text: str, face: Path, size: float) -> float:
        """The width of a text."""
        return self.font(face, size).getlength(text) / self.dots

    def text(self, at: tuple[float, float], text: str, face: Path, size: float, darkness: int, bold: float = 0,
             anchor: str = "ls") -> None:
        """Sets a text; `at` is the start (or middle) of its baseline."""
        place = (at[0] * self.dots, at[1] * self.dots)
        self.draw.text(place, text, darkness, self.font(face, size), anchor=anchor, stroke_width=bold * self.dots)

    def line(self, start: tuple[float, float], stop: tuple[float, float], weight: float, darkness: int) -> None:
        """A straight rule, at least one pixel wide."""
        points = [value * self.dots for point in (start, stop) for value in point]
        self.draw.line(points, darkness, max(1, round(weight * self.dots)))

    def leader(self, start: float, stop: float, y: float, printer: Printer) -> None:
        """The line to write on."""
        weight, darkness = printer.leader_weight, printer.leader_darkness
        if printer.leader == "solid":
            self.line((start, y), (stop, y), weight, darkness)
            return
        step, length = {"dots": (1.25, 0.0), "fine dots": (0.8, 0.0), "dashes": (2.4, 1.4)}[printer.leader]
        radius = max(0.6, weight * self.dots * (0.45 if printer.leader == "fine dots" else 0.65))
        for place in np.arange(start, stop, step):
            if length:
                self.line((place, y), (min(place + length, stop), y), weight, darkness)
            else:
                middle = (place * self.dots, y * self.dots)
                self.draw.ellipse([middle[0] - radius, middle[1] - radius, middle[0] + radius, middle[1] + radius], darkness)

    def coverage(self) -> np.ndarray:
        """What has been printed, 255 full ink."""
        return np.asarray(self.picture).copy()
