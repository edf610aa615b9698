"""Adapts the reader to a book or an office: goes on training its weights on verified lines.

    python adapt.py --lines FOLDER --weights ../ --to FOLDER

`--lines` holds line pictures and `labels.tsv` (image, text). A fifth of them is held back by a fixed
seed. The rest is trained on together with made lines (`../known/rehearsal.tar`), then the new weights
are mixed with the old ones, as far towards the new as no regression set is read worse: hands that are
never trained on and crops without writing (`../known/regression.tar`), the values of the sample pages
(`samples/` of the source, when it is there), and every folder given as `--regression`. The result goes to
`--to` (`reader.onnx`, `reader.toml`) only when the lines held back are read better, and not by chance.

Exit codes: 0 kept, 3 not kept, 1 wrong use, 2 nothing could be done.
"""

import argparse
import copy
import hashlib
import json
import sys
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path

import numpy as np
import torch

import evaluate
import export_onnx
import restore
import tune
from crops import Crop, WrongCrops, load_archive, load_crops, ready, split
from score import Score

HERE = Path(__file__).resolve().parent
KNOWN = HERE.parent / "known"
SAMPLES = HERE.parents[2] / "samples"
FEWEST_LINES = 60
HELD_OUT = 0.2
# How far from the old weights (0) to the new ones (1) the mixtures go that are tried, farthest first.
STEPS = (1.0, 0.8, 0.6, 0.5, 0.4, 0.3, 0.2)
# A regression set may be read worse by this share of its characters: what two such sets differ by chance.
TOLERANCE = 0.005
SURE = 0.95


@dataclass
class Known:
    """What the reader knows already: lines to rehearse with, and sets that must not be read worse."""

    rehearsal: list[Crop]
    regression: dict[str, evaluate.Lines]


@dataclass
class Result:
    """What came of adapting; errors are shares of the characters."""

    model: torch.nn.Module
    learned_from: int
    held_out: int
    before: float
    after: float
    sure: float
    step: float
    regression: list[dict] = field(default_factory=list)
    why: str = ""

    @property
    def kept(self) -> bool:
        """Whether the new weights are better."""
        return not self.why


def load_known(folders: list[Path]) -> Known:
    """The shipped sets and those in `folders`."""
    rehearsal = [crop for lines in load_archive(KNOWN / "rehearsal.tar").values() for crop in lines]
    regression = {name: ready(lines) for name, lines in load_archive(KNOWN / "regression.tar").items()}
    if (SAMPLES / "truth.jsonl").exists():
        for writing, count in (("hand", 150), ("typed", 60), ("print", 60)):
            regression[f"samples, {writing}"] = evaluate.register_values(SAMPLES, writing, count)
    for folder in folders:
        regression[str(folder)] = ready(load_crops(folder)[0])
    return Known(rehearsal, regression)


def errors_by_line(model: torch.nn.Module, lines: evaluate.Lines) -> np.ndarray:
    """Wrong characters and true characters of each line: (lines, 2)."""
    counts = []
    for read, (_, true) in zip(evaluate.read_lines(model, lines), lines):
        score = Score()
        score.add(read.strip(), true)
        counts.append((score.counts["errors"], score.counts["letters"]))
    return np.array(counts, float).reshape(-1, 2)


def error_of(counts: np.ndarray) -> float:
    """Character error; where nothing is written, the share of crops in which something is read."""
    wrong, true = counts.sum(axis=0) if len(counts) else (0.0, 0.0)
    return float(wrong / true) if true else float((counts[:, 0] > 0).mean()) if len(counts) else 0.0


def chance_of_better(before: np.ndarray, after: np.ndarray, seed: int = 1, draws: int = 4000) -> float:
    """Share of paired bootstrap draws of the lines in which fewer characters are wrong than before."""
    fewer = before[:, 0] - after[:, 0]
    drawn = np.random.default_rng(seed).integers(0, len(fewer), (draws, len(fewer)))
    return float((fewer[drawn].sum(axis=1) > 0).mean())


def mixed(old: torch.nn.Module, new: torch.nn.Module, step: float) -> torch.nn.Module:
    """Weights on the way from `old` (0) to `new` (1)."""
    between = copy.deepcopy(old)
    with torch.no_grad():
        for kept, wanted in zip(between.parameters(), new.parameters(), strict=True):
            kept.lerp_(wanted, step)
    return between


def farthest_unharmed(old, new, known: Known, say) -> tuple[torch.nn.Module, float, list[dict]]:
    """The mixture nearest to `new` that reads no regression set worse; the last one tried if each does."""
    before = {name: error_of(errors_by_line(old, lines)) for name, lines in known.regression.items()}
    for step in STEPS:
        between = mixed(old, new, step)
        after = {name: error_of(errors_by_line(between, lines)) for name, lines in known.regression.items()}
        say(f"{step:.2f} of the way: " + ", ".join(f"{n} {100 * before[n]:.1f} -> {100 * after[n]:.1f}" for n in after))
        if all(after[name] <= before[name] + TOLERANCE for name in after):
            break
    rows = [{"set": name, "before": before[name], "after": after[name], "allowed": before[name] + TOLERANCE} for name in after]
    return between, step, rows


def adapted(base: torch.nn.Module, crops: list[Crop], known: Known, plan: tune.Plan, say) -> Result:
    """Adapts `base` to `crops` and judges the result."""
    learned, held = split(crops, max(1, round(len(crops) * HELD_OUT)), plan.seed)
    judged = ready(held)
    before = errors_by_line(base, judged)
    say(f"{len(learned)} lines to learn from, {len(held)} held back, read with {100 * error_of(before):.1f} % errors so far")
    new = tune.tuned(base, learned, known.rehearsal, plan, say)
    model, step, rows = farthest_unharmed(base, new, known, say)
    after = errors_by_line(model, judged)
    sure = chance_of_better(before, after)
    result = Result(model, len(learned), len(held), error_of(before), error_of(after), sure, step, rows)
    if any(row["after"] > row["allowed"] for row in rows):
        result.why = "other lines would be read worse"
    elif sure < SURE:
        result.why = "the lines held back are not read better, or no more so than by chance"
    return result


def fingerprint(crops: list[Crop]) -> str:
    """A short name for the lines adapted to, which tells nothing of them."""
    digest = hashlib.sha256()
    for crop in crops:
        digest.update(crop.grey.tobytes() + crop.text.encode())
    return digest.hexdigest()[:8]


def keep(model: torch.nn.Module, to: Path, version: str, made_by: str) -> None:
    """Writes the weights as ONNX beside `to`, checks them, and puts them in place at the end."""
    scratch = to / "unfinished"
    scratch.mkdir(parents=True, exist_ok=True)
    path = scratch / "reader.onnx"
    export_onnx.export(model, path)
    if export_onnx.largest_difference(model, path) > export_onnx.LARGEST_DIFFERENCE:
        raise SystemExit("onnxruntime and PyTorch do not agree")
    export_onnx.describe(path, version, made_by)
    for name in ("reader.onnx", "reader.toml"):
        (scratch / name).replace(to / name)
    scratch.rmdir()


def report(result: Result, version: str, left_out: list[str], seconds: float) -> dict:
    """What the program that called reads."""
    return {
        "kept": result.kept, "why": result.why, "version": version, "learned_from": result.learned_from,
        "held_out": result.held_out, "left_out": left_out, "error": {"before": result.before, "after": result.after},
        "sure": result.sure, "regression": result.regression, "step": result.step, "seconds": round(seconds, 1),
    }


def options() -> argparse.ArgumentParser:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--lines", type=Path, required=True, help="folder of verified lines with labels.tsv")
    parser.add_argument("--weights", type=Path, default=HERE.parent, help="folder of the weights to begin with")
    parser.add_argument("--to", type=Path, required=True, help="folder for the new weights")
    parser.add_argument("--regression", type=Path, action="append", default=[], help="lines that must not be read worse")
    parser.add_argument("--threads", type=int, default=1, help="threads of the trainer")
    parser.add_argument("--json", action="store_true", help="print the report as one line of JSON on stdout")
    tune.add_options(parser)
    return parser


def run(chosen, say) -> dict:
    """Adapts by the command line; returns the report."""
    start = time.perf_counter()
    crops, left_out = load_crops(chosen.lines)
    if len(crops) < FEWEST_LINES:
        raise WrongCrops(
            f"{len(crops)} usable lines are too few to learn from: at least {FEWEST_LINES - len(crops)} more are "
            f"needed ({FEWEST_LINES} in all, 200 do well)"
        )
    plan = tune.plan_of(chosen)
    base = restore.restored(chosen.weights)
    result = adapted(base, crops, load_known(chosen.regression), plan, say)
    old = restore.description_of(chosen.weights)
    version = f"{old['version']}, adapted {fingerprint(crops)}"
    if result.kept:
        made_by = f"{old['made_by']}; adapt.py on {result.learned_from} lines, {asdict(plan)}, step {result.step}"
        chosen.to.mkdir(parents=True, exist_ok=True)
        keep(result.model, chosen.to, version, made_by)
    return report(result, version, left_out, time.perf_counter() - start)


def main() -> int:
    """Adapts; returns the exit code."""
    chosen = options().parse_args()
    torch.set_num_threads(chosen.threads)

    def say(text: str) -> None:
        print(text, file=sys.stderr, flush=True)

    try:
        told = run(chosen, say)
    except (WrongCrops, restore.WrongWeights, OSError) as error:
        say(f"hotich adapt: {error}")
        return 2
    if chosen.json:
        print(json.dumps(told, ensure_ascii=False))
    else:
        before, after = told["error"]["before"], told["error"]["after"]
        print(f"character error on {told['held_out']} lines held back: {100 * before:.1f} % before, {100 * after:.1f} % after")
        print(f"kept as {chosen.to}" if told["kept"] else f"not kept: {told['why']}")
    return 0 if told["kept"] else 3


if __name__ == "__main__":
    sys.exit(main())
