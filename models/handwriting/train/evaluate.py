"""Measures a model on lines it was not trained on.

Sets: `hands` (held-out faces, made with a fixed seed), folders of real lines with a
`labels.tsv` (image, text), and crops of register values cut with true boxes
(`truth.jsonl` beside the scans). Nothing here is ever trained on.

    python evaluate.py --checkpoint FILE --fonts DIR --lists DIR --lines DIR ... --registers DIR
"""

import argparse
import csv
import json
import pickle
import random
import statistics
from pathlib import Path

import cv2
import numpy as np
import torch

import alphabet
import data
import fonts
from model import LineReader
from normalise import normalise
from render import Renderer, load_faces
from score import Score
from text import Texts

Lines = list[tuple[np.ndarray, str]]


def held_out_hands(folder: Path, lists: Path, cache: Path | None, count: int = 240, seed: int = 20) -> Lines:
    """Register texts in faces that are not trained on, with half the usual restlessness."""
    faces = load_faces(folder, cache, fonts.HELD_OUT_HANDS)
    renderer = Renderer(faces, [], Texts(lists, plain=0.2, strings=0.0), seed, printed=0, blank=0, effort=0.5)
    lines = []
    while len(lines) < count:
        text = renderer.texts.draw(renderer.words)
        lines.append((normalise(renderer.crop(text)), text))
    return lines


def blank_crops(folder: Path, lists: Path, count: int = 60, seed: int = 21) -> Lines:
    """Crops with no writing in them; the true text is empty."""
    renderer = Renderer(load_faces(folder, None, fonts.HELD_OUT_HANDS[:1]), [], Texts(lists), seed, printed=0)
    renderer.crop("Nguyễn Văn An")
    return [(normalise(renderer.empty()), "") for _ in range(count)]


def real_lines(folder: Path) -> Lines:
    """A folder of line pictures with its labels."""
    with open(folder / "labels.tsv", encoding="utf-8", newline="") as table:
        rows = list(csv.DictReader(table, delimiter="\t", quoting=csv.QUOTE_NONE))
    return [(normalise(cv2.imread(str(folder / row["image"]), cv2.IMREAD_GRAYSCALE)), row["text"]) for row in rows]


def register_values(folder: Path, writing: str, count: int, seed: int = 22) -> Lines:
    """Crops of single-line values of the registers in `folder`, a fixed sample of them."""
    entries = [json.loads(line) for line in (folder / "truth.jsonl").read_text(encoding="utf-8").splitlines()]
    found = []
    for entry in (entry for entry in entries if entry["writing"] == writing):
        boxes = [(field["box"], field["written"]) for field in entry["fields"].values() if field.get("box")]
        usual = statistics.median(box[3] - box[1] for box, _ in boxes) if boxes else 0
        found += [(entry["scan"], box, text) for box, text in boxes if box[3] - box[1] < 1.6 * usual]
    random.Random(seed).shuffle(found)
    lines, scans = [], {}
    for scan, (left, top, right, bottom), text in sorted(found[:count]):
        if scan not in scans:
            scans = {scan: cv2.imread(str(folder / scan), cv2.IMREAD_GRAYSCALE)}
        crop = scans[scan][max(0, top):bottom, max(0, left):right]
        if crop.size and all(letter in alphabet.CLASS_OF for letter in text):
            lines.append((normalise(crop), text))
    return lines


def load_sets(chosen) -> dict[str, Lines]:
    """All sets that the options name, kept in the cache folder (they are the same at each start)."""
    kept = chosen.cache / "measured.pickle" if chosen.cache else None
    if kept and kept.exists():
        return pickle.loads(kept.read_bytes())
    sets = make_sets(chosen)
    if kept:
        kept.parent.mkdir(parents=True, exist_ok=True)
        kept.write_bytes(pickle.dumps(sets))
    return sets


def make_sets(chosen) -> dict[str, Lines]:
    """All sets that the options name."""
    sets = {"hands": held_out_hands(chosen.fonts, chosen.lists, chosen.cache)}
    for folder in chosen.lines or []:
        sets[folder.name] = real_lines(folder)
    if chosen.registers:
        for writing, count in (("hand", 250), ("typed", 60), ("print", 60)):
            sets[f"registers-{writing}"] = register_values(chosen.registers, writing, count)
    sets["blank"] = blank_crops(chosen.fonts, chosen.lists)
    return sets


@torch.inference_mode()
def read_lines(model: torch.nn.Module, lines: Lines, device="cpu", pixels: int = 12000) -> list[str]:
    """Best-path readings, lines of like width together."""
    order = sorted(range(len(lines)), key=lambda index: lines[index][0].shape[1])
    readings, start = [""] * len(lines), 0
    while start < len(order):
        stop = start + 1
        while stop < len(order) and lines[order[stop]][0].shape[1] * (stop - start + 1) <= pixels:
            stop += 1
        pictures, _, steps, _ = data.batched([(lines[index][0], "") for index in order[start:stop]])
        best = model(pictures.float().to(device)).argmax(-1).cpu().numpy()
        for row, index in enumerate(order[start:stop]):
            readings[index] = alphabet.decode(best[row, : int(steps[row])])
        start = stop
    return readings


def at_most(sets: dict[str, Lines], limit: int) -> dict[str, Lines]:
    """The sets thinned evenly to `limit` lines each."""
    return {name: lines[:: max(1, -(-len(lines) // limit))] for name, lines in sets.items()}


def measure(model: torch.nn.Module, sets: dict[str, Lines], device="cpu") -> dict[str, Score]:
    """The score of each set; `model` must be in evaluation mode."""
    scores = {}
    for name, lines in sets.items():
        scores[name] = Score()
        for read, (_, true) in zip(read_lines(model, lines, device), lines):
            scores[name].add(read.strip(), true)
    return scores


def add_options(options: argparse.ArgumentParser) -> None:
    """The options that name the measuring sets."""
    options.add_argument("--fonts", type=Path, required=True)
    options.add_argument("--lists", type=Path, required=True)
    options.add_argument("--cache", type=Path)
    options.add_argument("--lines", type=Path, nargs="*", help="folders of real lines, for measuring only")
    options.add_argument("--registers", type=Path, help="folder of register scans with truth.jsonl")


def load_model(checkpoint: Path) -> LineReader:
    """The averaged weights of a checkpoint, ready to read."""
    state = torch.load(checkpoint, map_location="cpu", weights_only=True)
    model = LineReader(**state["shape"])
    model.load_state_dict(state["average"])
    return model.eval()


def main() -> None:
    """Prints the score of a checkpoint on each set."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--checkpoint", type=Path, required=True)
    add_options(options)
    chosen = options.parse_args()
    for name, score in measure(load_model(chosen.checkpoint), load_sets(chosen)).items():
        print(f"{name}: {score}")


if __name__ == "__main__":
    main()
