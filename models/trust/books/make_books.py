"""Makes invented register books with exact truth.

    python make_books.py --to DIRECTORY --books N --seed S --fonts DIRECTORY [--have DIRECTORY]
        [--hard 0..1] [--workers N] [--writing HAND,TYPED,PRINT] [--faces held-out|trained|all]

The folder gets one folder a book (001.jpg ..., book.toml), truth.jsonl (one entry a line) and
truth-books.jsonl. The same seed, options and faces make the same books, whatever the workers.
"""

import argparse
import datetime
import json
import random
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from PIL import Image, ImageFont

import faces
import hands
import layout
import printer
import scanner
import values
from tools import training_fonts
from strokes import Face

# Form: (share of the books, first and last year, fewest and most pages, shares of hand, typed and print).
FORMS = {
    "birth-table-1956": (9, 1956, 1975, 3, 6, (0.6, 0.4, 0)),
    "birth-1961": (14, 1961, 1996, 3, 8, (0.5, 0.5, 0)),
    "marriage-1976": (9, 1976, 1998, 3, 7, (0.5, 0.5, 0)),
    "death-table-1976": (9, 1976, 1998, 3, 6, (0.5, 0.5, 0)),
    "birth-2006": (10, 2006, 2013, 4, 8, (0.55, 0.1, 0.35)),
    "marriage-2006": (8, 2006, 2014, 4, 8, (0.55, 0.1, 0.35)),
    "death-2006": (8, 2006, 2014, 4, 8, (0.55, 0.1, 0.35)),
    "birth-2010": (4, 2010, 2015, 4, 8, (0.45, 0.1, 0.45)),
    "marriage-2010": (3, 2010, 2015, 4, 8, (0.45, 0.1, 0.45)),
    "death-2010": (3, 2010, 2015, 4, 8, (0.45, 0.1, 0.45)),
    "birth-2016": (7, 2016, 2020, 4, 8, (0.4, 0.03, 0.57)),
    "marriage-2016": (5, 2016, 2020, 4, 8, (0.4, 0.03, 0.57)),
    "death-2016": (5, 2016, 2020, 4, 8, (0.4, 0.03, 0.57)),
    "birth-2020": (3, 2020, 2024, 4, 8, (0.3, 0.0, 0.7)),
    "marriage-2020": (2, 2020, 2024, 4, 8, (0.3, 0.0, 0.7)),
    "death-2020": (2, 2020, 2024, 4, 8, (0.3, 0.0, 0.7)),
}
SHORT_KINDS = {"birth": "ks", "marriage": "kh", "death": "kt"}
SHORT_WRITINGS = {"hand": "tay", "typed": "may", "print": "in"}
SMALLEST_WRITING = 0.62
SEAL_WORDS = ["ỦY BAN NHÂN DÂN", "ỦY BAN HÀNH CHÍNH", "UBND * HỘ TỊCH"]


@dataclass
class Order:
    """What one worker needs to make one book."""

    to: Path
    index: int
    seed: int
    fonts: Path
    hard: float
    writing: tuple[float, float, float]
    faces: str


class Clerk:
    """Writes values into the places of a page."""

    def __init__(self, scribe, plan: layout.Plan, rng: np.random.Generator):
        self.scribe, self.plan, self.rng = scribe, plan, rng
        self.indent = float(rng.uniform(0.3, 2.5))
        self.centred = bool(rng.random() < 0.3)
        self.on_top = bool(rng.random() < 0.25)
        self.line_height = float(rng.uniform(0.95, 1.15))

    def lines(self, words: list[str], room: list[float], scale: float) -> list[list] | None:
        """The words as pieces in lines of the given widths (pixels); None where they do not fit."""
        lines: list[list] = [[]]
        used = 0.0
        for word in words:
            piece = self.scribe.word(word, scale)
            gap = self.scribe.space(scale) if lines[-1] else 0.0
            if lines[-1] and used + gap + piece.advance > room[len(lines) - 1]:
                if len(lines) == len(room):
                    return None
                lines.append([])
                used, gap = 0.0, 0.0
            lines[-1].append((used + gap, piece))
            used += gap + piece.advance
            if used > room[len(lines) - 1] and len(lines[-1]) == 1:
                return None
        return lines

    def fitted(self, words: list[str], room: list[float], first_line_alone: float) -> tuple[list[list], float]:
        """The words in as few lines as hold them, smaller if they must be; the last resort runs past the end."""
        scale = 1.0
        while True:
            lines = self.lines(words, room, scale)
            if lines is not None:
                return lines, scale
            if scale < SMALLEST_WRITING:
                loose = room[:-1] + [room[-1] * 9]
                return self.lines(words, loose, scale) or [[]], scale
            scale *= first_line_alone

    def put(self, ink: np.ndarray, line: list, x: float, baseline: float) -> list[tuple[int, int, int, int]]:
        """Lays one line of pieces; returns the boxes of its words."""
        boxes = [hands.lay(ink, piece, x + at, baseline, self.scribe.strength()) for at, piece in line]
        return [box for box in boxes if box]

    def on_leaders(self, ink: np.ndarray, text: str, place: layout.Place) -> tuple | None:
        """Writes on leaders; returns the box of the ink."""
        dots = self.plan.dots_per_mm
        start = (self.indent + abs(self.rng.normal(0, 1.2))) * dots
        room = [stop - begin - (start if index == 0 else 0) for index, (begin, stop, _) in enumerate(place.leaders)]
        lines, _ = self.fitted(text.split(" "), room, 0.93)
        boxes = []
        for index, line in enumerate(lines):
            begin, _, y = place.leaders[min(index, len(place.leaders) - 1)]
            boxes += self.put(ink, line, begin + (start if index == 0 else 0.6 * dots), y - self.scribe.lift() * dots)
        return union(boxes)

    def in_cell(self, ink: np.ndarray, texts: list[str], cell: tuple[float, float, float, float]) -> list[tuple | None]:
        """Writes one text under the other into a cell; returns the box of each."""
        dots = self.plan.dots_per_mm
        left, top, right, bottom = cell
        inner = right - left - 1.6 * dots
        size = getattr(self.scribe, "x_height", 0) * 3.6 or self.scribe.size * 1.25
        scale = 1.0
        while True:
            pitch = size * scale * dots * self.line_height
            most = max(1, int((bottom - top - 1.2 * dots) / pitch))
            laid = [self.lines(text.split(" "), [inner] * most, scale) if text else [] for text in texts]
            if all(lines is not None for lines in laid) and sum(len(lines) for lines in laid) <= most:
                break
            if scale < SMALLEST_WRITING * 0.85:
                laid = [self.fitted(text.split(" "), [inner] * most, 0.94)[0] if text else [] for text in texts]
                break
            scale *= 0.94
        rows = sum(len(lines) for lines in laid)
        first = top + 0.8 * dots if self.on_top else (top + bottom - rows * pitch) / 2
        baseline = first + pitch * 0.72
        boxes: list[tuple | None] = []
        for lines in laid:
            found = []
            for line in lines:
                width = line[-1][0] + line[-1][1].advance
                free = max(0.0, inner - width)
                shift = free / 2 if self.centred else min(free, abs(self.rng.normal(0, 1.5)) * dots)
                found += self.put(ink, line, left + 0.8 * dots + shift, baseline + self.rng.normal(0, 0.15) * dots)
                baseline += pitch
            boxes.append(union(found))
        return boxes

    def write(self, ink: np.ndarray, places: list[layout.Place], entry: dict[str, values.Value]) -> dict[str, tuple | None]:
        """Writes an entry; returns the box of the ink of each field on the upright page."""
        boxes: dict[str, tuple | None] = {}
        for place in places:
            texts = [entry[name][0] for name in place.fields]
            if place.cell is not None:
                boxes.update(zip(place.fields, self.in_cell(ink, texts, place.cell)))
            else:
                boxes[place.fields[0]] = self.on_leaders(ink, texts[0], place) if texts[0] else None
        return boxes


def union(boxes: list[tuple]) -> tuple | None:
    """The smallest box around all."""
    if not boxes:
        return None
    lefts, tops, rights, bottoms = zip(*boxes)
    return min(lefts), min(tops), max(rights), max(bottoms)


def sign(ink: np.ndarray, at: tuple[float, float], dots: float, rng: np.random.Generator) -> None:
    """A scrawl around the point `at`."""
    steps = int(rng.integers(6, 13))
    x = np.cumsum(rng.uniform(0.5, 2.6, steps)) * dots
    y = rng.normal(0, 2.2, steps) * dots
    fine = np.linspace(0, steps - 1, steps * 8)
    points = np.stack([at[0] - x.mean() + np.interp(fine, np.arange(steps), x), at[1] + np.interp(fine, np.arange(steps), y)], axis=1)
    for _ in range(6):
        points[1:-1] = (points[:-2] + 2 * points[1:-1] + points[2:]) / 4
    cv2.polylines(ink, [np.round(points * 8).astype(np.int32)], False, 210, max(1, round(0.28 * dots)), cv2.LINE_AA, 3)


def seal_letters(face: Path, size: int, words: str) -> list[np.ndarray]:
    """The letters of a seal as coverage in 0..1."""
    font = ImageFont.truetype(str(face), max(6, size))
    letters = []
    for letter in words:
        mask = font.getmask(letter)
        picture = np.array(mask, np.float32).reshape(mask.size[::-1]) / 255
        letters.append(np.pad(picture, 2))
    return letters


class Book:
    """One book: what was drawn by lot for all of it, and the making of its pages."""

    def __init__(self, order: Order):
        self.order = order
        self.random = random.Random(order.seed * 1_000_003 + order.index)
        self.numbers = np.random.default_rng([order.seed, order.index])
        rng = self.random
        self.form_name, self.writing = draw_form(rng, order.writing)
        _, first, last, fewest, most, _ = FORMS[self.form_name]
        self.form = printer.read_form(self.form_name)
        self.kind, self.table = self.form["kind"], self.form["layout"] == "table"
        self.year = rng.randint(first, last)
        self.pages = rng.randint(fewest, most)
        self.machine = scanner.draw_machine(self.numbers, self.writing, self.table, self.year >= 2006, order.hard)
        self.dots = self.machine.dpi / 25.4
        lists = values.Lists()
        self.office = lists.unit(rng, self.year)
        self.habits = values.draw_habits(rng, self.table)
        self.values = values.Writer(lists, self.habits, self.office, self.year, rng)
        self.volume = f"{rng.choice([1, 1, 1, 2, 3]):02d}"
        self.printer = printer.draw_printer(self.form, self.year, order.fonts, rng)
        self.plan = layout.Page(self.form, self.printer, self.dots, rng).plan()
        self.name = f"{SHORT_KINDS[self.kind]}-{order.index:03d}-{self.year}-{SHORT_WRITINGS[self.writing]}"
        self.name += "-anh" if self.machine.photo else ""
        self.scribe = self.draw_scribe()
        self.habits.capital_names &= self.scribe.writes_capitals
        self.clerk = Clerk(self.scribe, self.plan, self.numbers)
        self.torn = sorted(rng.sample(range(2, self.pages), 1)) if self.pages > 3 and rng.random() < 0.1 else []

    def draw_scribe(self):
        """The hand or machine that fills the book."""
        faces: list[Face] = []
        if self.writing == "hand":
            names = [name for name in hands.hand_names(self.order.faces) if (self.order.fonts / f"{name}.ttf").exists()]
            if self.habits.capital_names:
                names = [name for name in names if name in hands.BLOCK_HANDS] or names
            name = self.random.choice(names)
            faces = [Face(self.order.fonts / f"{name}.ttf", None, training_fonts.WRONG_LETTERS.get(name, ""))]
        return hands.draw_scribe(self.writing, faces, self.order.fonts, 7.0 if self.table else self.plan.pitch, self.dots,
                                 self.machine.trouble, self.numbers, self.table)

    def days(self) -> list[datetime.date]:
        """Days of registration of all entries, none before the one above it."""
        count = self.pages * len(self.plan.entries)
        late = self.year < 2000 and self.random.random() < 0.15
        day = datetime.date(self.year, 12, 15)
        if not late:
            day = datetime.date(self.year, 1, 4) + datetime.timedelta(days=self.random.randrange(300))
        days = []
        for _ in range(count):
            days.append(day)
            step = self.random.choices([0, 1, 2, 3, 6], [40, 30, 16, 10, 4])[0]
            following = day + datetime.timedelta(days=step)
            day = following if late or following.year == day.year else day
        return days

    def entries(self) -> list[dict[str, values.Value]]:
        """The values of all entries of the book, also of those on torn pages; numbers begin anew with a year."""
        number, entries, before = self.random.randint(1, 160), [], None
        for day in self.days():
            number = 1 if before is not None and day.year != before.year else number
            entries.append(self.values.entry(self.kind, number, day, self.volume))
            number, before = number + 1, day
        if len(self.plan.entries) > 1 and self.random.random() < 0.2:
            entries = entries[: -self.random.randint(1, len(self.plan.entries) - 1)]
        return entries

    def marks(self) -> list:
        """Seals on a page: coverage, left, top."""
        placed = []
        for x, y in self.plan.seals:
            if self.numbers.random() < self.machine.seal:
                radius = int(self.numbers.uniform(14, 18) * self.dots)
                letters = seal_letters(self.printer.face, int(radius * 0.2), self.random.choice(SEAL_WORDS))
                mark = scanner.seal_mark(radius, letters, self.numbers)
                shift = self.numbers.normal(0, 5 * self.dots, 2)
                placed.append((mark, int(x + shift[0] - radius), int(y + shift[1] - radius)))
        return placed

    def page(self, entries: list[dict[str, values.Value]], behind: np.ndarray | None):
        """One page: its picture, its ink with the print, the boxes of each entry in the picture, the skew."""
        ink = np.zeros_like(self.plan.printed)
        upright = [self.clerk.write(ink, places, entry) for places, entry in zip(self.plan.entries, entries)]
        for spot in self.plan.signatures:
            sign(ink, (spot[0] + self.numbers.normal(0, 4) * self.dots, spot[1]), self.dots, self.numbers)
        sheet = scanner.page_picture(self.plan.printed, ink, behind, self.marks(), self.machine, self.dots, self.numbers)
        matrix, size, skew = scanner.view(ink.shape[::-1], self.machine, self.dots, self.numbers)
        picture = scanner.taken(sheet, matrix, size, self.machine, self.dots, self.numbers)
        boxes = [{name: scanner.seen_box(box, matrix, size) if box else None for name, box in entry.items()} for entry in upright]
        return picture, np.maximum(self.plan.printed, ink), boxes, skew

    def make(self) -> tuple[list[dict], dict]:
        """Writes the book's folder; returns the truth of its entries and of the book."""
        folder = self.order.to / self.name
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "book.toml").write_text(self.cover(), encoding="utf-8")
        entries, truth, behind = self.entries(), [], None
        on_page = len(self.plan.entries)
        for number in range(1, self.pages + 1):
            share = entries[(number - 1) * on_page:number * on_page]
            if number in self.torn or not share:
                continue
            picture, behind, boxes, skew = self.page(share, behind)
            scan = f"{number:03d}.{self.machine.format}"
            self.save(picture, folder / scan)
            truth += [self.entry_truth(f"{self.name}/{scan}", place + 1, entry, box, skew)
                      for place, (entry, box) in enumerate(zip(share, boxes))]
        return truth, {
            "book": self.name, "form": self.form_name, "kind": self.kind, "year": self.year, "office": self.office_text(),
            "first_number": int(entries[0]["entry.number"][0]), "writing": self.writing, "dpi": self.machine.dpi,
            "photo": self.machine.photo, "last_number": int(entries[-1]["entry.number"][0]), "torn_pages": self.torn,
        }

    def entry_truth(self, scan: str, place: int, entry: dict, boxes: dict, skew: float) -> dict:
        """One line of truth.jsonl."""
        names = [name for slot in self.form["slot"] for name in slot.get("fields", [])]
        unwritten = [name for name in names if entry[name][0] and not boxes[name]]
        if unwritten:
            raise ValueError(f"{scan}: no room on the page for {', '.join(unwritten)}")
        fields = {name: {"written": entry[name][0], "value": entry[name][1], "box": boxes[name]} for name in names}
        return {"scan": scan, "entry": place, "book": self.name, "kind": self.kind, "form": self.form_name,
                "writing": self.writing, "photo": self.machine.photo, "skew_deg": round(skew, 3), "fields": fields}

    def office_text(self) -> str:
        """The office as it stands on the cover."""
        return f"{self.office.commune}, {self.office.district}, {self.office.province}"

    def cover(self) -> str:
        """book.toml."""
        return (f'# What stands on the cover of the book.\nkind = "{self.kind}"\nyear = {self.year}\n'
                f'office = "{self.office_text()}"\nvolume = "{self.volume}"\n')

    def save(self, picture: np.ndarray, path: Path) -> None:
        """Writes a picture with its resolution."""
        image = Image.fromarray(picture)
        dpi = (self.machine.dpi, self.machine.dpi)
        if path.suffix == ".jpg":
            image.save(path, quality=self.machine.quality, dpi=dpi)
        elif path.suffix == ".png":
            image.save(path, compress_level=3, dpi=dpi)
        else:
            image.save(path, compression="tiff_lzw", dpi=dpi)


def draw_form(rng: random.Random, weights: tuple[float, float, float]) -> tuple[str, str]:
    """A form and how it is filled; `weights` favour hand, typewriter or computer."""
    while True:
        name = rng.choices(list(FORMS), [form[0] for form in FORMS.values()])[0]
        shares = [share * weight for share, weight in zip(FORMS[name][5], weights)]
        if sum(shares):
            return name, rng.choices(["hand", "typed", "print"], shares)[0]


def make_book(order: Order) -> tuple[list[dict], dict]:
    """Makes one book in a worker."""
    cv2.setNumThreads(1)
    return Book(order).make()


def written_lines(rows: list[dict]) -> str:
    """Rows as JSON lines."""
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def main() -> None:
    """Reads the options and makes the books."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--to", type=Path, required=True, help="folder of the books")
    options.add_argument("--books", type=int, required=True)
    options.add_argument("--seed", type=int, required=True)
    options.add_argument("--fonts", type=Path, required=True, help="folder of the faces (see faces.py)")
    options.add_argument("--have", type=Path, help="folder of ready faces, to be copied into --fonts")
    options.add_argument("--hard", type=float, default=0.4, help="0 clean pages and neat hands, 1 the worst (default 0.4)")
    options.add_argument("--workers", type=int, default=1)
    options.add_argument("--writing", default="1,1,1", help="weights of hand, typed and print")
    options.add_argument("--faces", choices=("held-out", "trained", "all"), default="all", help="which hands may write")
    chosen = options.parse_args()
    if chosen.have:
        faces.copy_ready(chosen.have, chosen.fonts)
    chosen.to.mkdir(parents=True, exist_ok=True)
    weights = tuple(float(part) for part in chosen.writing.split(","))
    orders = [Order(chosen.to, index, chosen.seed, chosen.fonts, chosen.hard, weights, chosen.faces)
              for index in range(1, chosen.books + 1)]
    entries, books = [], []
    with ProcessPoolExecutor(chosen.workers) as workers:
        for truth, book in workers.map(make_book, orders):
            entries += truth
            books.append(book)
            print(f"{book['book']}: {book['form']}, {len(truth)} entries", flush=True)
    (chosen.to / "truth.jsonl").write_text(written_lines(entries), encoding="utf-8")
    (chosen.to / "truth-books.jsonl").write_text(written_lines(books), encoding="utf-8")


if __name__ == "__main__":
    main()
