"""Scores what `hotich read --line` answered against the texts of the lines.

    hotich read --line FOLDER/*.png > readings.jsonl
    python score_readings.py --readings readings.jsonl --labels FOLDER/labels.tsv

prints the character error by the rule of `score.py` (errors per true character, also split into base letters,
shape marks and tones), and the share of lines read without a fault. With `--empty` instead of `--labels` nothing is
written in any of the pictures: it prints how many give some text, and with how high a confidence, by the kind of crop
(the part of the file's name before the number).
"""

import argparse
import csv
import json
import sys
import unicodedata
from collections import defaultdict
from pathlib import Path

from score import Score

CONFIDENCES = (0.5, 0.7, 0.9, 0.95)


def readings_in(file: Path) -> list[dict]:
    """The answers in a file of JSON lines."""
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines() if line.strip()]


def texts_in(file: Path) -> dict[str, str]:
    """The text of each picture by the name of its file."""
    with open(file, encoding="utf-8", newline="") as table:
        return {row["image"]: row["text"] for row in csv.DictReader(table, delimiter="\t", quoting=csv.QUOTE_NONE)}


def scored(readings: list[dict], texts: dict[str, str]) -> Score:
    """The score of the answers; a line of `texts` without an answer is an error of the caller."""
    answers = {Path(reading["image"]).name: reading["text"] for reading in readings}
    missing = sorted(set(texts) - set(answers))
    if missing:
        sys.exit(f"{len(missing)} lines have no answer, the first is {missing[0]}")
    score = Score()
    for image, text in texts.items():
        score.add(unicodedata.normalize("NFC", answers[image]).strip(), unicodedata.normalize("NFC", text))
    return score


def kind_of(image: str) -> str:
    """`stamp-0012.png` is a stamp."""
    return Path(image).stem.rsplit("-", 1)[0]


def show_empty(readings: list[dict]) -> None:
    """Counts of crops that give text, by kind."""
    by_kind: dict[str, list[float]] = defaultdict(list)
    for reading in readings:
        confidence = reading["confidence"] if reading["text"].strip() else -1.0
        by_kind[kind_of(reading["image"])].append(confidence)
        by_kind["all"].append(confidence)
    print("\t".join(["kind", "crops", "some text", *(f">= {level}" for level in CONFIDENCES), "highest"]))
    for kind, confidences in sorted(by_kind.items(), key=lambda item: (item[0] == "all", item[0])):
        counts = [sum(confidence >= level for confidence in confidences) for level in (0.0, *CONFIDENCES)]
        print("\t".join([kind, str(len(confidences)), *map(str, counts), f"{max(0.0, max(confidences)):.2f}"]))


def main() -> None:
    """Scores by the command line."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--readings", type=Path, required=True, help="what hotich read --line printed")
    which = options.add_mutually_exclusive_group(required=True)
    which.add_argument("--labels", type=Path, help="table of the texts (image, text)")
    which.add_argument("--empty", action="store_true", help="nothing is written in the pictures")
    chosen = options.parse_args()
    readings = readings_in(chosen.readings)
    if chosen.empty:
        show_empty(readings)
    else:
        score = scored(readings, texts_in(chosen.labels))
        print(f"{score.counts['lines']} lines, {score.counts['letters']} characters: {score}")


if __name__ == "__main__":
    main()
