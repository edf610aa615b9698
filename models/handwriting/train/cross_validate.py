"""Shows what adapting brings on lines with known text: adapts to all folds but one and reads that one.

    python cross_validate.py --lines FOLDER --to FOLDER [--hotich PROGRAM]

The lines are shuffled by the seed and cut into folds, or, with `--in-order`, cut into runs of neighbours
(which keeps apart writers whose lines lie together). For each fold the reader is adapted exactly as by
`adapt.py` to the other folds, and the fold, of which it has seen nothing, is read before and after: by the network alone
(best path), and with `--hotich` as `hotich read --line` reads it, with its search over what a field may
say. The weights and the readings of each fold stay in `--to`.
"""

import argparse
import json
import random
import subprocess
import sys
from pathlib import Path

import torch

import adapt
import restore
import tune
from crops import load_crops, ready
from evaluate import measure
from score import Score


def folds_of(count: int, folds: int, seed: int | None) -> list[list[int]]:
    """The lines of each fold: shuffled by `seed`, or runs of neighbours without one."""
    order = list(range(count))
    if seed is None:
        return [order[count * fold // folds:count * (fold + 1) // folds] for fold in range(folds)]
    random.Random(seed).shuffle(order)
    return [order[fold::folds] for fold in range(folds)]


def read_by_program(program: Path, weights: Path, pictures: list[tuple[Path, str]], to: Path) -> Score:
    """The score of `hotich read --line` on line pictures; its answers go to the file `to`."""
    command = [str(program), "read", "--handwriting", str(weights)]
    for path, _ in pictures:
        command += ["--line", str(path)]
    answers = subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()
    to.write_text("\n".join(answers) + "\n", encoding="utf-8")
    score = Score()
    for answer, (_, text) in zip(answers, pictures, strict=True):
        score.add(json.loads(answer)["text"].strip(), text)
    return score


def percent(score: Score) -> str:
    """The error of a score."""
    return f"{100 * score.share('errors'):.2f} %"


def add(total: dict[str, Score], name: str, score: Score) -> None:
    """Adds the counts of one fold to those of all."""
    total.setdefault(name, Score()).counts.update(score.counts)


def main() -> None:
    """Cross-validates by the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--lines", type=Path, required=True, help="folder of line pictures with labels.tsv")
    parser.add_argument("--weights", type=Path, default=adapt.HERE.parent, help="folder of the weights to begin with")
    parser.add_argument("--to", type=Path, required=True, help="folder for weights and readings")
    parser.add_argument("--hotich", type=Path, help="the program, to measure what it reads as well")
    parser.add_argument("--folds", type=int, default=3)
    parser.add_argument("--fold-seed", type=int, default=7)
    parser.add_argument("--in-order", action="store_true", help="folds of neighbouring lines")
    parser.add_argument("--only", type=int, nargs="*", help="only these folds, from 0")
    parser.add_argument("--adapt-to", type=int, default=10**6, help="so many lines at most, for the curve")
    parser.add_argument("--regression", type=Path, action="append", default=[])
    parser.add_argument("--threads", type=int, default=1)
    tune.add_options(parser)
    chosen = parser.parse_args()
    torch.set_num_threads(chosen.threads)
    crops, left_out = load_crops(chosen.lines)
    if left_out:
        print(f"left out: {' '.join(left_out)}")
    base, known = restore.restored(chosen.weights), adapt.load_known(chosen.regression)
    total: dict[str, Score] = {}
    folds = folds_of(len(crops), chosen.folds, None if chosen.in_order else chosen.fold_seed)
    for number, fold in enumerate(folds):
        if chosen.only is not None and number not in chosen.only:
            continue
        others = [crops[index] for index in range(len(crops)) if index not in set(fold)]
        if len(others) > chosen.adapt_to:
            others = random.Random(chosen.fold_seed).sample(others, chosen.adapt_to)
        result = adapt.adapted(base, others, known, tune.plan_of(chosen), lambda text: print(text, file=sys.stderr, flush=True))
        apart, folder = [crops[index] for index in fold], chosen.to / f"fold-{number}"
        folder.mkdir(parents=True, exist_ok=True)
        adapt.keep(result.model, folder, f"fold {number}", "cross_validate.py")
        lines = ready(apart)
        for name, model in (("network before", base), ("network after", result.model)):
            add(total, name, measure(model, {"": lines})[""])
        if chosen.hotich:
            pictures = [(chosen.lines / crop.name, crop.text) for crop in apart]
            for name, weights in (("hotich read before", chosen.weights), ("hotich read after", folder)):
                add(total, name, read_by_program(chosen.hotich, weights, pictures, folder / f"{name.split()[-1]}.jsonl"))
        print(
            f"fold {number}: adapted to {len(others)}, step {result.step}, held back {100 * result.before:.2f} -> "
            f"{100 * result.after:.2f} %, {'kept' if result.kept else 'not kept: ' + result.why}; so far "
            + ", ".join(f"{name} {percent(score)}" for name, score in total.items()),
            flush=True,
        )
    for name, score in total.items():
        print(f"{name}: {score}")


if __name__ == "__main__":
    main()
