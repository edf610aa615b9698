"""What each idea of the training is worth: one left out or changed at a time, all else alike.

    python ablate.py --from CHECKPOINT --lines-each 40000 --to TABLE.tsv --fonts DIR --lists DIR --cache DIR \\
        --real DIR --places FILE --lines DIR ... --registers DIR

Every arm goes on from the same checkpoint for the same number of lines, its learning rate falling to the end, and
is judged on the measuring sets. An arm that the table holds already is not run again.
"""

import argparse
from pathlib import Path

import torch

import evaluate
from data import Feed
from train import Trainer, fed, options, rate_at

# Name of an arm: the options that differ from how the shipped weights were begun (without grafted marks).
ARMS: dict[str, dict] = {
    "as trained": {},
    "no real lines": {"real_share": 0.0},
    "half of the lines real": {"real_share": 0.5},
    "Vietnamese marks grafted on real lines": {"places": True},
    "outlines of the faces only": {"penned": 0.0},
    "pen paths, the faces' own marks": {"own_marks": 0.0},
    "no plain syllables, no random strings": {"plain": 0.0, "strings": 0.0},
}
RATE = 2e-3


def run_arm(changed: dict, chosen) -> dict:
    """Trains one arm; the scores of its averaged weights by set."""
    arm = argparse.Namespace(**vars(chosen))
    arm.places = chosen.places if changed.get("places") else None
    for name, value in changed.items():
        if name != "places":
            setattr(arm, name, value)
    torch.manual_seed(arm.seed)
    trainer = Trainer(arm, "cuda" if torch.cuda.is_available() else "cpu")
    trainer.resume(arm.start)
    first, end = trainer.lines, trainer.lines + arm.lines_each
    feed = Feed(fed(arm), arm.workers, arm.seed)
    try:
        for step, batch in enumerate(feed):
            trainer.step(batch, rate_at((trainer.lines - first) / arm.lines_each, step, RATE, 0.0))
            if trainer.lines >= end:
                break
    finally:
        feed.stop()
    return evaluate.measure(trainer.average, evaluate.load_sets(arm), trainer.device)


def main() -> None:
    """Runs the arms that the table lacks."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter,
                                     parents=[options()], conflict_handler="resolve")
    parser.add_argument("--to", type=Path, required=True, help="table of the results, one line an arm and set")
    parser.add_argument("--from", dest="start", type=Path, required=True, help="checkpoint all arms go on from")
    parser.add_argument("--lines-each", type=int, default=40000, help="lines an arm sees")
    chosen = parser.parse_args()
    torch.set_num_threads(chosen.threads)
    done = {row.split("\t")[0] for row in chosen.to.read_text(encoding="utf-8").splitlines()} if chosen.to.exists() else set()
    with open(chosen.to, "a", encoding="utf-8") as table:
        if "before" not in done:
            before = evaluate.measure(evaluate.load_model(chosen.start), evaluate.load_sets(chosen))
            write_down("before", before, table)
        for name, changed in ARMS.items():
            if name not in done:
                write_down(name, run_arm(changed, chosen), table)


def write_down(arm: str, scores: dict, table) -> None:
    """One line a set, on the screen and in the table."""
    for name, score in scores.items():
        line = f"{arm}\t{name}\t{score}"
        print(line, flush=True)
        print(line, file=table)
    table.flush()


if __name__ == "__main__":
    main()
