"""Pages of the forms: which fields stand on which line or in which column, and what is printed around them."""

import random
from dataclasses import dataclass

import numpy as np

from printer import Printer, PrintLayer

A4 = (210.0, 297.0)
A3_OPEN = (420.0, 297.0)

# Millimetres that a value of a field takes up when it is written at the usual size.
ROOM = {"number": 20, "book": 26, "place": 70, "date": 38, "name": 55, "sex": 16, "birth_date": 42, "date_words": 110,
        "birth_date_words": 110, "birth_place": 75, "ethnicity": 24, "nationality": 28, "origin": 75, "birth_year": 18,
        "residence": 95, "document": 42, "relation": 26, "title": 34, "notes": 60, "occupation": 34, "time": 36,
        "cause": 60, "marriage_count": 28, "id_number": 45}
# No value is written on a shorter leader, in millimetres.
LEAST_ROOM = 6
LONG = {"residence", "birth_place", "date_words", "birth_date_words", "notes", "origin", "cause", "place"}
# Widths of columns of a table, as shares.
COLUMNS = {"entry.number": 12, "registration.date": 27, "child.name": 44, "child.sex": 14, "child.birth_date": 27,
           "child.birth_place": 40, "father.name father.occupation": 42, "mother.name mother.occupation": 42,
           "father.name": 38, "father.occupation": 22, "mother.name": 38, "mother.occupation": 22,
           "father.residence": 45, "declarant.name": 38, "notes": 24, "deceased.name": 46, "deceased.sex": 14,
           "deceased.birth_date": 27, "deceased.ethnicity": 19, "deceased.occupation": 25, "deceased.residence": 45,
           "death.date": 27, "death.place": 36, "death.cause": 31}
TITLES = {"birth": ["SỔ ĐĂNG KÝ KHAI SINH", "SỔ KHAI SINH", "SỔ BỘ KHAI SINH"],
          "death": ["SỔ ĐĂNG KÝ KHAI TỬ", "SỔ KHAI TỬ"], "marriage": ["SỔ ĐĂNG KÝ KẾT HÔN", "SỔ KẾT HÔN"]}

PERSONS_2006 = {
    "birth": """= PHẦN GHI VỀ NGƯỜI ĐƯỢC KHAI SINH|PHẦN GHI VỀ TRẺ EM|I. NGƯỜI ĐƯỢC KHAI SINH
        child.name child.sex / child.birth_date / child.birth_date_words / child.birth_place
        child.ethnicity child.nationality / child.origin
        = PHẦN GHI VỀ CHA, MẸ|PHẦN GHI VỀ CHA MẸ CỦA NGƯỜI ĐƯỢC KHAI SINH|II. CHA, MẸ
        father.name father.birth_year / father.ethnicity father.nationality / father.residence
        mother.name mother.birth_year / mother.ethnicity mother.nationality / mother.residence
        = PHẦN GHI VỀ NGƯỜI ĐI KHAI SINH|III. NGƯỜI ĐI KHAI
        declarant.name declarant.relation / declarant.document""",
    "death": """= PHẦN GHI VỀ NGƯỜI CHẾT|PHẦN GHI VỀ NGƯỜI ĐƯỢC KHAI TỬ
        deceased.name deceased.sex / deceased.birth_date / deceased.ethnicity deceased.nationality
        deceased.residence / deceased.document / death.time death.date / death.date_words / death.place / death.cause
        = PHẦN GHI VỀ NGƯỜI ĐI KHAI TỬ|PHẦN GHI VỀ NGƯỜI KHAI
        declarant.name declarant.relation / declarant.document""",
}
PERSON = "{0}.name / {0}.birth_date / {0}.ethnicity / {0}.nationality / {0}.residence / {0}.document / {0}.marriage_count"
ENTRY_2006 = "entry.number registration.place / registration.date"
ENTRY_2010 = "entry.number registration.book / registration.place / registration.date"
ENTRY_2016 = "entry.number registration.book registration.date"
END = "signer.name signer.title / notes"
FORMS = {
    "birth-1961": """entry.number registration.date / child.name child.sex / child.birth_date / child.birth_date_words
        child.birth_place / father.name father.birth_year / father.ethnicity father.occupation / father.residence
        mother.name mother.birth_year / mother.ethnicity mother.occupation / mother.residence
        declarant.name declarant.relation / signer.name notes""",
    "marriage-1976": """entry.number registration.date / husband.name / husband.birth_date husband.ethnicity husband.occupation
        husband.residence / wife.name / wife.birth_date wife.ethnicity wife.occupation / wife.residence / signer.name notes""",
    "birth-2016": f"""{ENTRY_2016}
        = PHẦN GHI VỀ NGƯỜI ĐƯỢC KHAI SINH|NGƯỜI ĐƯỢC KHAI SINH
        child.name child.sex / child.birth_date / child.birth_date_words / child.ethnicity child.nationality
        child.birth_place / child.origin / child.id_number
        mother.name mother.birth_year / mother.ethnicity mother.nationality / mother.residence / extra.mother_number
        father.name father.birth_year / father.ethnicity father.nationality / father.residence / extra.father_number
        declarant.name / declarant.document / {END}""",
    "death-2016": f"""{ENTRY_2016}
        = PHẦN GHI VỀ NGƯỜI CHẾT|PHẦN GHI VỀ NGƯỜI ĐƯỢC KHAI TỬ
        deceased.name deceased.sex / deceased.birth_date / deceased.ethnicity deceased.nationality / extra.deceased_number
        deceased.document
        deceased.residence / death.time death.date / death.date_words / death.place / death.cause
        declarant.name / declarant.document / {END}""",
    "marriage-2016": f"""{ENTRY_2016}
        = PHẦN GHI VỀ NGƯỜI VỢ|VỢ
        wife.name / wife.birth_date / wife.ethnicity wife.nationality / wife.residence / wife.document / extra.wife_number
        = PHẦN GHI VỀ NGƯỜI CHỒNG|CHỒNG
        husband.name / husband.birth_date / husband.ethnicity husband.nationality / husband.residence / husband.document
        extra.husband_number / extra.marriage_date / {END}""",
}
ENTRIES_ON_A_PAGE = {"birth-1961": 2, "marriage-1976": 3}
SIGNATURES = {"birth": ["Người đi khai sinh", "Người thực hiện", "Người ký Giấy khai sinh"],
              "death": ["Người đi khai tử", "Người thực hiện", "Người ký"],
              "marriage": ["Chồng", "Vợ", "Người ký Giấy chứng nhận kết hôn"]}


@dataclass
class Place:
    """Where the values of fields go: leaders (start, stop, row) or a cell (left, top, right, bottom), in pixels."""

    fields: list[str]
    leaders: list[tuple[float, float, float]]
    cell: tuple[float, float, float, float] | None = None


@dataclass
class Plan:
    """One kind of page of a book: the print, the places of its entries, and where people sign and stamp (pixels)."""

    printed: np.ndarray
    entries: list[list[Place]]
    signatures: list[tuple[float, float]]
    seals: list[tuple[float, float]]
    pitch: float
    dots_per_mm: float


def rows_of(text: str, rng: random.Random, headings: bool) -> list[list[str] | str]:
    """The lines of a form: lists of fields, and headings as texts."""
    rows: list[list[str] | str] = []
    for line in text.strip().splitlines():
        line = line.strip()
        if line.startswith("="):
            if headings:
                rows.append(rng.choice(line[1:].strip().split("|")))
        else:
            rows += [row.split() for row in line.split(" / ")]
    return rows


def room(name: str) -> float:
    """Millimetres that a value of the field needs."""
    return ROOM.get(name.split(".")[-1], 45)


class Page:
    """Lays out one page of a form for one printer."""

    def __init__(self, form: dict, printer: Printer, dots_per_mm: float, rng: random.Random):
        self.form, self.printer, self.dots, self.rng = form, printer, dots_per_mm, rng
        self.kind = form["kind"]
        self.table = form["layout"] == "table"
        width, height = A3_OPEN if self.table else A4
        self.layer = PrintLayer(width, height, dots_per_mm)
        self.width, self.height = width, height
        self.signatures: list[tuple[float, float]] = []
        self.seals: list[tuple[float, float]] = []
        self.two_lines = {name for name, chance in (("residence", 0.25), ("notes", 0.35), ("date_words", 0.15),
                                                    ("birth_date_words", 0.15)) if rng.random() < chance}
        self.count = 0

    # --- forms with lines ---------------------------------------------------------------------

    def label_of(self, name: str, second: bool) -> str:
        """The label as this printer sets it; `second`: it is not the first on its line."""
        label = self.printer.labels[name]
        if second and self.printer.small_seconds and not label.split(" ")[0].isupper():
            label = label[0].lower() + label[1:]
        if self.printer.numbered and not second:
            self.count += 1
            label = f"{self.count}. {label}"
        return label + self.printer.colon

    def present(self, names: list[str]) -> list[str]:
        """The fields of a line that this form has."""
        return [name for name in names if name in self.printer.labels]

    def packed(self, rows: list[list[str] | str], width: float) -> list:
        """The rows with every field put on a line of its own where the line is too short for all."""
        result = []
        for row in rows:
            if isinstance(row, str):
                result.append(row)
                continue
            line, used = [], 0.0
            for name in self.present(row):
                size = self.printer.size
                need = self.layer.width(self.printer.labels[name], self.printer.face, size) + 6 + room(name) * 0.85
                if line and used + need > width:
                    result.append(line)
                    line, used = [], 0.0
                line.append(name)
                used += need
            if line:
                result.append(line)
        return result

    def lines_for(self, name: str, narrow: bool) -> int:
        """How many leaders a field has."""
        short = name.split(".")[-1]
        return 2 if short in self.two_lines or (narrow and short in ("residence",)) else 1

    def row(self, names: list[str], left: float, right: float, y: float, pitch: float, narrow: bool) -> tuple[list[Place], float]:
        """Prints one line of labels and leaders; returns the places and the height used."""
        printer, size = self.printer, self.printer.size
        labels = [self.label_of(name, index > 0) for index, name in enumerate(names)]
        widths = [self.layer.width(label, printer.face, size) for label in labels]
        rooms = [room(name) for name in names]
        gap = 2.5
        spare = right - left - sum(widths) - sum(rooms) - gap * (len(names) - 1)
        shares = [value / sum(rooms) for value in rooms]
        x, used, places = left, 1, []
        for name, label, wide, need, share in zip(names, labels, widths, rooms, shares):
            self.layer.text((x, y), label, printer.face, size, printer.darkness, printer.bold * 0.3)
            stop = right if name == names[-1] else x + wide + need + spare * share
            start = x + wide + 1.2
            # A label as long as its column leaves its value the next line.
            leaders = [(start, stop, y + 0.6)] if stop - start >= LEAST_ROOM else []
            if len(names) == 1:
                for extra in range(1, max(self.lines_for(name, narrow), 1 if leaders else 2)):
                    leaders.append((left, right, y + 0.6 + extra * pitch))
                    used = extra + 1
            for first, last, at in leaders:
                self.layer.leader(first, last, at, printer)
            places.append(Place([name], [tuple(value * self.dots for value in leader) for leader in leaders]))
            x = stop + gap
        return places, used * pitch

    def heading(self, text: str, middle: float, y: float, size: float | None = None) -> None:
        """A centred heading."""
        printer = self.printer
        self.layer.text((middle, y), text, printer.heading_face, size or printer.size * 1.12, printer.darkness, printer.bold, "ms")

    def column_block(self, left: float, right: float, y: float, pitch: float) -> tuple[list[Place], float]:
        """Husband and wife side by side."""
        middle = (left + right) / 2
        weight = self.printer.rule_weight
        headings = {section["id"]: section["headings"] for section in self.form["section"]}
        pair = self.rng.randrange(5)
        top = y - pitch * 0.55
        places, heights = [], []
        for who, (first, last) in (("husband", (left, middle - 2)), ("wife", (middle + 2, right))):
            self.heading(headings[who][pair], (first + last) / 2, y + pitch * 0.2)
            line = y + pitch * 1.25
            for names in self.packed(rows_of(PERSON.format(who), self.rng, False), last - first):
                done, height = self.row(names, first, last, line, pitch, True)
                places += done
                line += height
            heights.append(line)
        bottom = max(heights) - pitch * 0.45
        if self.rng.random() < 0.85:
            self.layer.line((middle, top), (middle, bottom), weight, self.printer.darkness)
        if self.rng.random() < 0.7:
            self.layer.line((left, top), (right, top), weight, self.printer.darkness)
            self.layer.line((left, bottom), (right, bottom), weight, self.printer.darkness)
        return places, max(heights) - y + pitch * 0.35

    def rows(self) -> list:
        """The lines of the form; "columns" stands for the block of husband and wife."""
        name, era = self.form["id"], self.form["id"].rsplit("-", 1)[1]
        headings = self.rng.random() < 0.7
        if name in FORMS:
            return rows_of(FORMS[name], self.rng, headings)
        if era == "2020":
            return rows_of(FORMS[f"{self.kind}-2016"], self.rng, headings)
        start = rows_of(ENTRY_2006 if era == "2006" else ENTRY_2010, self.rng, False)
        end = rows_of(END, self.rng, False)
        if self.kind == "marriage":
            return start + ["columns"] + end
        middle = rows_of(PERSONS_2006[self.kind], self.rng, headings)
        if self.rng.random() < 0.15:
            return start[:1] + middle + start[1:] + end
        return start + middle + end

    def line_form(self) -> Plan:
        """A page of one, two or three entries with lines to write on."""
        top, right_margin, bottom, left = self.printer.margins
        right = self.width - right_margin
        count = ENTRIES_ON_A_PAGE.get(self.form["id"], 1)
        rows = self.packed(self.rows(), right - left)
        if count > 1:
            top, bottom = min(top, 24), min(bottom, 18)
            self.two_lines = set()
        lines = sum(1.35 if isinstance(row, str) else max(self.lines_for(row[0], False) if len(row) == 1 else 1, 1) for row in rows)
        lines += 9.5 if "columns" in rows else 0
        free = (self.height - top - bottom - (32 if count == 1 else 0)) / count - (6 if count > 1 else 0)
        pitch = min(free / lines, self.rng.uniform(8.6, 11.4) if count == 1 else 11.0)
        self.printer.size = min(self.printer.size, pitch * 0.5)
        if count == 1 and self.rng.random() < 0.25:
            top = max(top, 30)
            self.heading(self.rng.choice(TITLES[self.kind]), (left + right) / 2, top - 7, self.printer.size * 1.35)
        entries = []
        for index in range(count):
            y = top + pitch * 0.6 + index * (self.height - top - bottom) / count
            self.count = 0
            places: list[Place] = []
            for row in rows:
                if row == "columns":
                    done, height = self.column_block(left, right, y, pitch)
                elif isinstance(row, str):
                    self.heading(row, (left + right) / 2, y)
                    done, height = [], pitch * 1.25
                else:
                    done, height = self.row(row, left, right, y, pitch, False)
                places += done
                y += height
            entries.append(places)
            self.finish(index, count, left, right, y, top, bottom)
        self.edge(left, right)
        return Plan(self.layer.coverage(), entries, [(x * self.dots, at * self.dots) for x, at in self.signatures],
                    [(x * self.dots, at * self.dots) for x, at in self.seals], pitch, self.dots)

    def finish(self, index: int, count: int, left: float, right: float, y: float, top: float, bottom: float) -> None:
        """What stands below an entry: a rule, or the places to sign."""
        if count > 1:
            if index + 1 < count:
                at = top - 1.5 + (index + 1) * (self.height - top - bottom) / count
                self.layer.line((left - 6, at - 1.5), (right + 6, at - 1.5), self.printer.rule_weight, self.printer.darkness)
                if self.printer.numbered:
                    self.layer.line((left - 6, at - 0.5), (right + 6, at - 0.5), self.printer.rule_weight, self.printer.darkness)
            self.seals.append((left + (right - left) * 0.72, y - 12))
            return
        if self.rng.random() < 0.88:
            for part, text in enumerate(SIGNATURES[self.kind]):
                x = left + (right - left) * (part + 0.5) / 3
                self.heading(text, x, y + 2, self.printer.size * 0.85)
                self.signatures.append((x, y + 15))
        self.seals.append((left + (right - left) * 0.8, y + 14))

    def edge(self, left: float, right: float) -> None:
        """A page number, a code of the form, a frame."""
        small = self.printer.size * 0.75
        if self.rng.random() < 0.35:
            text = self.rng.choice(["Trang số: ........", f"{self.rng.randint(3, 190)}", f"- {self.rng.randint(3, 190)} -"])
            self.heading(text, (left + right) / 2, self.height - 8, small)
        if self.form["from"] >= 2006 and self.rng.random() < 0.3:
            code = {"birth": "KS", "death": "KT", "marriage": "KH"}[self.kind]
            self.layer.text((right, 10), f"TP/HT-{self.form['from']}-{code}", self.printer.face, small, self.printer.darkness, 0, "rs")
        if self.rng.random() < 0.1:
            for inset in (0, 1.2):
                corners = [(left - 7 + inset, 12.5 + inset), (right + 7 - inset, 12.5 + inset),
                           (right + 7 - inset, self.height - 13 - inset), (left - 7 + inset, self.height - 13 - inset)]
                for start, stop in zip(corners, corners[1:] + corners[:1]):
                    self.layer.line(start, stop, 0.25, self.printer.darkness)

    # --- tables -------------------------------------------------------------------------------

    def columns(self) -> list[list[str]]:
        """The fields of each column, from left to right."""
        columns = []
        split = self.rng.random() < 0.35
        for slot in self.form["slot"]:
            columns += [[name] for name in slot["fields"]] if split and len(slot["fields"]) > 1 else [slot["fields"]]
        return columns

    def header_text(self, fields: list[str]) -> str:
        """The label of a column."""
        return self.printer.labels[" ".join(fields)]

    def wrapped(self, text: str, width: float, size: float) -> list[str]:
        """A label in lines that fit the column."""
        lines: list[str] = []
        for word in text.split(" "):
            joined = f"{lines[-1]} {word}" if lines else word
            if lines and self.layer.width(joined, self.printer.face, size) <= width:
                lines[-1] = joined
            else:
                lines.append(word)
        return lines

    def table_form(self) -> Plan:
        """A double page with one entry a row."""
        printer, rng = self.printer, self.rng
        left, right, top, bottom = rng.uniform(18, 30), self.width - rng.uniform(14, 28), rng.uniform(30, 44), rng.uniform(14, 24)
        count = rng.choice([7, 8, 8, 8, 9, 10])
        size = min(printer.size, rng.uniform(2.7, 3.4))
        columns = self.columns()
        widths = np.array([COLUMNS[" ".join(fields)] * rng.uniform(0.94, 1.06) for fields in columns])
        edges = left + (right - left) * np.concatenate([[0], np.cumsum(widths) / widths.sum()])
        if rng.random() < 0.85:
            self.heading(rng.choice(TITLES[self.kind]), (left + right) / 2, top - 7, size * rng.uniform(1.4, 1.9))
        parents = [index for index, fields in enumerate(columns) if len(fields) == 1 and fields[0] in
                   ("father.name", "father.occupation", "mother.name", "mother.occupation")]
        header = rng.uniform(14, 19) + (5 if parents else 0)
        numbers = 6.0 if rng.random() < 0.3 else 0.0
        for index, fields in enumerate(columns):
            over = 6.5 if index in parents else 0
            lines = self.wrapped(self.header_text(fields), edges[index + 1] - edges[index] - 1.5, size)
            y = top + over + (header - over) / 2 - (len(lines) - 1) * size * 0.6 + size * 0.35
            for line in lines:
                self.layer.text(((edges[index] + edges[index + 1]) / 2, y), line, printer.face, size, printer.darkness,
                                printer.bold * 0.3, "ms")
                y += size * 1.2
            if numbers:
                self.layer.text(((edges[index] + edges[index + 1]) / 2, top + header + 4.2), str(index + 1), printer.face,
                                size, printer.darkness, 0, "ms")
        for start in parents[::2]:
            word = rng.choice(["Cha", "Người cha"]) if columns[start][0].startswith("father") else rng.choice(["Mẹ", "Người mẹ"])
            self.layer.text(((edges[start] + edges[start + 2]) / 2, top + 4.6), word, printer.face, size, printer.darkness, 0, "ms")
            self.layer.line((edges[start], top + 6.5), (edges[start + 2], top + 6.5), printer.rule_weight, printer.darkness)
        body = top + header + numbers
        pitch = (self.height - bottom - body) / count
        levels = [top, top + header] + ([body] if numbers else []) + [body + pitch * (row + 1) for row in range(count)]
        self.grid(edges, levels, {parents[index] for index in range(1, len(parents), 2)}, top + 6.5)
        entries = []
        for row in range(count):
            y = body + row * pitch
            entries.append([Place(fields, [], tuple(value * self.dots for value in (edges[index], y, edges[index + 1], y + pitch)))
                            for index, fields in enumerate(columns)])
        if rng.random() < 0.3:
            self.edge(left, right)
        return Plan(self.layer.coverage(), entries, [], [((right - 60) * self.dots, (self.height - 40) * self.dots)],
                    pitch, self.dots)

    def grid(self, edges: np.ndarray, levels: list[float], halves: set[int], below: float) -> None:
        """The rulings; the columns in `halves` begin at `below`, under a common heading."""
        outer = self.printer.rule_weight * self.rng.choice([1, 1, 1.8])
        inner_rows = self.rng.choice([True, True, True, False])
        darkness = self.rng.choice([self.printer.darkness, self.printer.leader_darkness])
        for index, level in enumerate(levels):
            strong = index < 2 or index == len(levels) - 1
            weight = outer if strong or not inner_rows else self.printer.rule_weight * 0.7
            self.layer.line((edges[0], level), (edges[-1], level), weight, darkness)
        for index, edge in enumerate(edges):
            start = below if index in halves else levels[0]
            weight = outer if index in (0, len(edges) - 1) else self.printer.rule_weight * 0.8
            self.layer.line((edge, start), (edge, levels[-1]), weight, darkness)

    def plan(self) -> Plan:
        """The page."""
        return self.table_form() if self.table else self.line_form()
