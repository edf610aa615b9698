"""Checks of the parts that training and inference must agree on: `python -m unittest`."""

import random
import unicodedata
import unittest

import numpy as np

import alphabet
import graft
import text
from data import batched, fits
from model import HEIGHT, STRIDE
from normalise import normalise
from score import Score


class Alphabet(unittest.TestCase):
    def test_holds_every_vietnamese_letter_in_both_cases(self):
        for vowel in "aăâeêioôơuưy":
            for tone in ["", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323"]:
                letter = unicodedata.normalize("NFC", vowel + tone)
                self.assertIn(letter, alphabet.CLASS_OF)
                self.assertIn(letter.upper(), alphabet.CLASS_OF)
        for letter in "bcdđghklmnpqrstvxfjwz" + "0123456789 .,-/:;()":
            self.assertIn(letter, alphabet.CLASS_OF)
            self.assertIn(letter.upper(), alphabet.CLASS_OF)

    def test_no_character_has_two_classes(self):
        self.assertEqual(len(set(alphabet.CHARACTERS)), len(alphabet.CHARACTERS))

    def test_a_letter_is_taken_apart(self):
        self.assertEqual(alphabet.parts("Ễ"), ("E", "circumflex", "ngã"))
        self.assertEqual(alphabet.parts("ợ"), ("o", "horn", "nặng"))
        self.assertEqual(alphabet.parts("đ"), ("d", "bar", ""))
        self.assertEqual(alphabet.parts("7"), ("7", "", ""))

    def test_decoding_merges_repeats_and_drops_blanks(self):
        a, b = alphabet.CLASS_OF["a"], alphabet.CLASS_OF["b"]
        self.assertEqual(alphabet.decode([0, a, a, 0, a, b, b, 0]), "aab")

    def test_foreign_letters_are_folded_or_refused(self):
        self.assertEqual(alphabet.fold_foreign("Straße  Süd"), "Strasse Sud")
        self.assertIsNone(alphabet.fold_foreign("10 €"))


class Text(unittest.TestCase):
    def test_tone_stands_on_the_right_vowel(self):
        acute = "\u0301"
        for rime, toned in (("a", "á"), ("oa", "óa"), ("oan", "oán"), ("ươn", "ướn"), ("uyên", "uyến"), ("iêu", "iếu"),
                            ("ia", "ía"), ("ai", "ái"), ("oai", "oái")):
            self.assertEqual(text.put_tone(rime, acute), toned)
        self.assertEqual(text.put_tone("oa", acute, modern=True), "oá")

    def test_numbers_in_words(self):
        rng = random.Random(1)
        self.assertEqual(text.below_hundred(10, rng), "mười")
        self.assertEqual(text.below_hundred(15, rng), "mười lăm")
        self.assertIn(text.below_hundred(21, rng), ("hai mươi mốt", "hai mốt"))
        self.assertTrue(text.year_words(1954, rng).startswith("một n"))

    def test_parts_of_a_text_keep_the_limit(self):
        rng = random.Random(2)
        for _ in range(200):
            part = text.part_of("thôn Phú Thượng - xã Bình Hưng", 9, rng)
            self.assertTrue(0 < len(part) <= 9)


class Reading(unittest.TestCase):
    def test_normalised_lines_have_the_reader_s_height(self):
        paper = np.full((70, 400), 230, np.uint8)
        paper[30:44, 20:380:9] = 40
        self.assertEqual(normalise(paper).shape[0], HEIGHT)
        self.assertEqual(normalise(np.full((9, 5), 255, np.uint8)).shape[0], HEIGHT)

    def test_size_does_not_depend_on_the_margin(self):
        rng = np.random.default_rng(1)
        line = np.full((40, 300), 240, np.uint8)
        line[10:30, 10:290][rng.random((20, 280)) < 0.3] = 30
        loose = np.pad(line, ((30, 30), (0, 0)), constant_values=240)
        tight, wide = normalise(line).shape[1], normalise(loose).shape[1]
        self.assertLess(abs(tight - wide) / tight, 0.12)

    def test_blank_paper_gives_no_ink_to_speak_of(self):
        self.assertLess(normalise(np.full((60, 300), 210, np.uint8)).max(), 0.05)

    def test_batches_pad_to_whole_steps(self):
        pictures, classes, steps, lengths = batched([(np.zeros((HEIGHT, 30), np.float32), "ab"),
                                                     (np.zeros((HEIGHT, 41), np.float32), "")])
        self.assertEqual(tuple(pictures.shape), (2, 1, HEIGHT, 44))
        self.assertEqual(pictures.shape[-1] % STRIDE, 0)
        self.assertEqual((steps.tolist(), lengths.tolist(), len(classes)), ([8, 11], [2, 0], 2))

    def test_a_text_needs_a_step_more_where_a_letter_repeats(self):
        picture = np.zeros((HEIGHT, 3 * STRIDE), np.float32)
        self.assertTrue(fits(picture, "abc", 99))
        self.assertFalse(fits(picture, "aab", 99))

    def test_alignment_finds_the_steps_of_letters(self):
        shares = np.log(np.array([[.9, .05, .05], [.1, .8, .1], [.7, .2, .1], [.1, .8, .1], [.1, .1, .8], [.9, .05, .05]]))
        self.assertEqual(graft.aligned(shares, [1, 1, 2])[0].tolist(), [1, 3, 4])

    def test_grafting_changes_text_and_ink_together(self):
        paper = np.full((56, 300), 235, np.uint8)
        for left in range(20, 280, 20):
            paper[24:36, left:left + 9] = 40
        places = np.arange(20, 280, 20, dtype=np.float32) * normalise(paper).shape[1] / 300 + 4
        plain = "a" * len(places)
        picture, marked = graft.grafted(paper, plain, places, np.random.default_rng(3))
        self.assertEqual(len(marked), len(plain))
        self.assertNotEqual(marked, plain)
        self.assertLess(picture.mean(), (255 - 255 * normalise(paper, graft.ROOM)).mean())

    def test_errors_are_sorted_by_what_is_wrong(self):
        score = Score()
        score.add("Nguyên", "Nguyễn")
        self.assertEqual((score.counts["errors"], score.counts["tone"], score.counts["shape"], score.counts["base"]), (1, 1, 0, 0))


if __name__ == "__main__":
    unittest.main()
