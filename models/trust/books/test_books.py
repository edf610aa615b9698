"""Checks of the invented books: `FACES=DIRECTORY python -m unittest` (the folder that `faces.py` fills)."""

import datetime
import hashlib
import json
import os
import random
import tempfile
import tomllib
import unittest
from pathlib import Path

import numpy as np
from PIL import Image

import make_books
import printer
import values

FACES = Path(os.environ.get("FACES", "faces"))
SEED = 3


def order(to: Path, index: int) -> make_books.Order:
    """An order of one book of the tests."""
    return make_books.Order(to, index, SEED, FACES, 0.3, (1, 1, 1), "all")


class Values(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.lists = values.Lists()

    def writer(self, seed: int, year: int) -> values.Writer:
        rng = random.Random(seed)
        office = self.lists.unit(rng, year)
        return values.Writer(self.lists, values.draw_habits(rng, False), office, year, rng)

    def test_numbers_and_years_in_words(self):
        habits = values.draw_habits(random.Random(1), False)
        habits.thousand, habits.zero_word, habits.hundreds = "nghìn", "lẻ", True
        self.assertEqual(values.short_number(21, False), "hai mươi mốt")
        self.assertEqual(values.short_number(15, False), "mười lăm")
        self.assertEqual(values.short_number(11, False), "mười một")
        self.assertEqual(values.year_in_words(1981, habits), "một nghìn chín trăm tám mươi mốt")
        self.assertEqual(values.year_in_words(2000, habits), "hai nghìn")
        self.assertEqual(values.year_in_words(2009, habits), "hai nghìn không trăm lẻ chín")

    def test_figures_and_words_name_one_date(self):
        for seed in range(30):
            entry = self.writer(seed, 2012).entry("birth", 5, datetime.date(2012, 3, 4), "01")
            self.assertEqual(entry["child.birth_date"][1], entry["child.birth_date_words"][1])

    def test_nobody_is_registered_before_birth_nor_dies_after(self):
        for seed in range(60):
            day = datetime.date(1988, 5, 6)
            birth = self.writer(seed, 1988).entry("birth", 1, day, "01")
            self.assertLess(birth["child.birth_date"][1], day.isoformat())
            self.assertGreaterEqual(int(birth["child.birth_date"][1][:4]) - int(birth["mother.birth_year"][0] or 1965), 18)
            death = self.writer(seed, 1988).entry("death", 1, day, "01")
            self.assertLessEqual(death["death.date"][1], day.isoformat())
            self.assertLess(death["deceased.birth_date"][1], death["death.date"][1])

    def test_a_child_bears_the_name_of_a_parent(self):
        for seed in range(60):
            entry = self.writer(seed, 2008).entry("birth", 1, datetime.date(2008, 5, 6), "01")
            parents = {entry[f"{who}.name"][0].split(" ")[0].upper() for who in ("father", "mother") if entry[f"{who}.name"][0]}
            self.assertIn(entry["child.name"][0].split(" ")[0].upper(), parents)

    def test_every_form_finds_its_values_and_labels(self):
        for name, (_, first, *_rest) in make_books.FORMS.items():
            form = printer.read_form(name)
            self.assertTrue(form["from"] <= first <= form["to"])
            entry = self.writer(2, first).entry(form["kind"], 1, datetime.date(first, 5, 6), "01")
            labels = printer.wordings(form, first, random.Random(4))
            for slot in form["slot"]:
                for field in slot.get("fields", []):
                    self.assertIn(field, entry)
                if "fields" in slot:
                    self.assertIn(labels[" ".join(slot["fields"])], slot["labels"])


class Books(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        if not FACES.exists():
            raise unittest.SkipTest("no faces: see README.md")
        cls.folder = tempfile.TemporaryDirectory()
        cls.to = Path(cls.folder.name)
        cls.made = [make_books.make_book(order(cls.to, index)) for index in range(1, 7)]
        cls.entries = [entry for truth, _ in cls.made for entry in truth]

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def test_one_seed_makes_the_same_book(self):
        with tempfile.TemporaryDirectory() as again:
            truth, book = make_books.make_book(order(Path(again), 1))
            self.assertEqual((truth, book), self.made[0])
            for path in sorted((Path(again) / book["book"]).iterdir()):
                first = self.to / book["book"] / path.name
                self.assertEqual(hashlib.sha256(path.read_bytes()).digest(), hashlib.sha256(first.read_bytes()).digest())

    def test_truth_has_the_format_of_the_given_books(self):
        for entry in self.entries:
            self.assertEqual(list(entry), ["scan", "entry", "book", "kind", "form", "writing", "photo", "skew_deg", "fields"])
            form = printer.read_form(entry["form"])
            self.assertEqual(list(entry["fields"]), [name for slot in form["slot"] for name in slot.get("fields", [])])
            for field in entry["fields"].values():
                self.assertEqual(list(field), ["written", "value", "box"])
                self.assertEqual(bool(field["written"]), field["box"] is not None)
                self.assertEqual(bool(field["written"]), bool(field["value"]))
            json.dumps(entry)
        for _, book in self.made:
            self.assertEqual(list(book), ["book", "form", "kind", "year", "office", "first_number", "writing", "dpi", "photo",
                                          "last_number", "torn_pages"])
            cover = tomllib.loads((self.to / book["book"] / "book.toml").read_text(encoding="utf-8"))
            self.assertEqual((cover["kind"], cover["year"], cover["office"]), (book["kind"], book["year"], book["office"]))

    def test_numbers_run_on_and_days_do_not_go_back(self):
        for truth, book in self.made:
            before, last_day = None, ""
            for entry in truth:
                number = int(entry["fields"]["entry.number"]["written"])
                day = entry["fields"]["registration.date"]["value"]
                self.assertGreaterEqual(day, last_day)
                if before and not book["torn_pages"]:
                    self.assertIn(number, (before + 1, 1))
                    self.assertTrue(number != 1 or day[:4] > last_day[:4])
                before, last_day = number, day
            self.assertEqual(before, book["last_number"])

    def test_boxes_lie_on_the_page_and_on_ink(self):
        for scan in {entry["scan"] for entry in self.entries}:
            picture = np.asarray(Image.open(self.to / scan).convert("L"), np.float32)
            for entry in self.entries:
                boxes = [field["box"] for field in entry["fields"].values() if field["box"]] if entry["scan"] == scan else []
                for left, top, right, bottom in boxes:
                    self.assertTrue(0 <= left < right <= picture.shape[1] and 0 <= top < bottom <= picture.shape[0])
                    part = picture[top:bottom, left:right]
                    self.assertGreater(np.median(part) - part.min(), 15)


if __name__ == "__main__":
    unittest.main()
