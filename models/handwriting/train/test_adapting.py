"""Checks of adapting: `python -m unittest test_adapting`. Needs the shipped weights and lines, no faces."""

import copy
import tempfile
import unittest
from pathlib import Path

import cv2
import numpy as np
import torch

import adapt
import alphabet
import crops
import export_onnx
import known_lines
import restore
import score_readings
import tune
from cross_validate import folds_of
from model import HEIGHT

WEIGHTS = adapt.HERE.parent


class Restoring(unittest.TestCase):
    def test_the_shipped_weights_come_back_with_equal_logits(self):
        self.assertLess(export_onnx.largest_difference(restore.restored(WEIGHTS), WEIGHTS / "reader.onnx"), 1e-4)

    def test_damaged_weights_are_refused(self):
        with tempfile.TemporaryDirectory() as folder:
            (Path(folder) / "reader.onnx").write_bytes(b"no network")
            (Path(folder) / "reader.toml").write_bytes((WEIGHTS / "reader.toml").read_bytes())
            with self.assertRaises(restore.WrongWeights):
                restore.restored(Path(folder))

    def test_what_is_kept_can_be_restored_again(self):
        model = restore.restored(WEIGHTS)
        with torch.no_grad():
            model.classes.bias.add_(0.25)
        with tempfile.TemporaryDirectory() as folder:
            adapt.keep(model, Path(folder), "test 1", "a test")
            again = restore.restored(Path(folder))
            self.assertEqual(sorted(path.name for path in Path(folder).iterdir()), ["reader.onnx", "reader.toml"])
        line = torch.rand(1, 1, HEIGHT, 128)
        with torch.inference_mode():
            self.assertLess(float((again(line) - model(line)).abs().max()), 1e-4)


class Judging(unittest.TestCase):
    def test_chance_and_gain_are_told_apart(self):
        before = np.array([[4, 20]] * 30, float)
        same = np.array([[3, 20], [5, 20]] * 15, float)
        self.assertGreater(adapt.chance_of_better(before, np.array([[2, 20]] * 30, float)), 0.99)
        self.assertLess(adapt.chance_of_better(before, same), 0.95)
        self.assertEqual(adapt.chance_of_better(before, before), 0.0)

    def test_errors_are_shares_of_characters_or_of_empty_crops(self):
        self.assertAlmostEqual(adapt.error_of(np.array([[2, 10], [0, 30]], float)), 0.05)
        self.assertAlmostEqual(adapt.error_of(np.array([[7, 0], [0, 0]], float)), 0.5)

    def test_a_mixture_lies_between(self):
        old = restore.restored(WEIGHTS)
        new = copy.deepcopy(old)
        with torch.no_grad():
            new.classes.bias.add_(1.0)
        self.assertTrue(torch.allclose(adapt.mixed(old, new, 0.25).classes.bias, old.classes.bias + 0.25))

    def test_training_leaves_the_base_and_the_norms_alone(self):
        base = restore.restored(WEIGHTS)
        kept = copy.deepcopy(base.state_dict())
        lines = crops.load_archive(adapt.KNOWN / "rehearsal.tar")["hand"][:12]
        new = tune.tuned(base, lines[:8], lines[8:], tune.Plan(passes=1), lambda text: None)
        self.assertTrue(all(torch.equal(kept[name], values) for name, values in base.state_dict().items()))
        self.assertFalse(torch.equal(new.classes.bias, base.classes.bias))
        self.assertTrue(torch.equal(new.collapse[1].running_var, base.collapse[1].running_var))


class Lines(unittest.TestCase):
    def test_unusable_lines_are_left_out_and_named(self):
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            line = np.full((40, 300), 240, np.uint8)
            line[10:30, 10:290:5] = 30
            cv2.imwrite(str(folder / "a.png"), line)
            cv2.imwrite(str(folder / "narrow.png"), line[:, :20])
            rows = ["image\ttext", "a.png\tLê  Ân", "a.png\t10 €", "a.png\t", "gone.png\tLê", "narrow.png\t" + "dài " * 20]
            (folder / "labels.tsv").write_text("\n".join(rows) + "\n", encoding="utf-8")
            usable, left_out = crops.load_crops(folder)
        self.assertEqual([crop.text for crop in usable], ["Lê Ân"])
        self.assertEqual(left_out, ["a.png", "a.png", "gone.png", "narrow.png"])

    def test_the_same_seed_holds_the_same_lines_back(self):
        lines = [crops.Crop(np.zeros((9, 9), np.uint8), str(number)) for number in range(50)]
        learned, held = crops.split(lines, 10, 1)
        self.assertEqual(([line.text for line in held], len(learned)), ([line.text for line in crops.split(lines, 10, 1)[1]], 40))
        self.assertFalse({line.text for line in learned} & {line.text for line in held})

    def test_shipped_sets_are_readable_and_share_no_line(self):
        rehearsal = crops.load_archive(adapt.KNOWN / "rehearsal.tar")
        judged = crops.load_archive(adapt.KNOWN / "regression.tar")
        self.assertEqual({name: len(lines) for name, lines in rehearsal.items()}, known_lines.REHEARSED)
        self.assertEqual({name: len(lines) for name, lines in judged.items()}, known_lines.JUDGED)
        self.assertTrue(all(letter in alphabet.CLASS_OF for line in judged["hand"] for letter in line.text))

    def test_folds_part_the_lines(self):
        for seed in (7, None):
            self.assertEqual(sorted(index for fold in folds_of(11, 3, seed) for index in fold), list(range(11)))


class Readings(unittest.TestCase):
    def test_readings_are_matched_by_file_name(self):
        readings = [{"image": "x/b.png", "text": "Nguyên", "confidence": 0.9}, {"image": "x/a.png", "text": "An", "confidence": 1}]
        score = score_readings.scored(readings, {"a.png": "An", "b.png": "Nguyễn"})
        self.assertEqual((score.counts["errors"], score.counts["tone"], score.counts["exact"]), (1, 1, 1))
        self.assertEqual(score_readings.kind_of("x/stamp-0012.png"), "stamp")


if __name__ == "__main__":
    unittest.main()
