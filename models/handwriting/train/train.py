"""Trains the line reader, on a GPU when there is one and on the CPU otherwise.

    python train.py --to DIRECTORY --fonts DIR --lists DIR --cache DIR --real DIR --minutes 90

Run again with the same `--to` it goes on where it stopped. `last.pt` is the newest
state, `best.pt` the one with the lowest error on the sets measured, `log.tsv` the curve.
"""

import argparse
import copy
import math
import time
from pathlib import Path

import torch
from torch import nn

import alphabet
import evaluate
from data import Feed
from model import LineReader, parameters

AVERAGING = 0.999
WARM_UP_STEPS = 200
LOWEST = 0.02


def rate_at(share: float, step: int, peak: float, fall_from: float) -> float:
    """Learning rate at a share of the time budget: a short rise, a long level, half a cosine down.

    The rate stays level until `fall_from`, so that a run that is held up by other programs, or is
    given more time later, loses nothing.
    """
    rise = min(1.0, (step + 1) / WARM_UP_STEPS)
    fall = min(1.0, max(0.0, (share - fall_from) / (1 - fall_from)))
    return peak * rise * (LOWEST + (1 - LOWEST) * 0.5 * (1 + math.cos(math.pi * fall)))


class Trainer:
    """The model, its running average, the optimiser and how far they have come."""

    def __init__(self, chosen, device: str):
        self.chosen, self.device = chosen, device
        self.shape = {"widths": tuple(chosen.widths), "row": chosen.row, "memory": chosen.memory}
        self.model = LineReader(**self.shape).to(device, memory_format=torch.channels_last)
        self.average = copy.deepcopy(self.model).eval()
        decayed = [tensor for tensor in self.model.parameters() if tensor.dim() > 1]
        others = [tensor for tensor in self.model.parameters() if tensor.dim() <= 1]
        self.optimiser = torch.optim.AdamW(
            [{"params": decayed, "weight_decay": 0.01}, {"params": others, "weight_decay": 0.0}],
            lr=chosen.rate, betas=(0.9, 0.98), fused=True,
        )
        self.loss = nn.CTCLoss(blank=alphabet.BLANK, zero_infinity=True)
        self.seconds, self.lines, self.steps, self.best = 0.0, 0, 0, math.inf

    def step(self, batch, rate: float) -> float:
        """One batch; returns its loss."""
        pictures, classes, steps, lengths = (tensor.to(self.device, non_blocking=True) for tensor in batch)
        for group in self.optimiser.param_groups:
            group["lr"] = rate
        pictures = pictures.float().contiguous(memory_format=torch.channels_last)
        with torch.autocast(self.device, dtype=torch.bfloat16):
            logits = self.model(pictures)
        shares = logits.float().log_softmax(-1).transpose(0, 1)
        loss = self.loss(shares, classes, steps, lengths)
        self.optimiser.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(self.model.parameters(), 2.0)
        self.optimiser.step()
        self.follow()
        self.lines += len(pictures)
        self.steps += 1
        return loss.detach()

    @torch.no_grad()
    def follow(self) -> None:
        """Moves the averaged weights a little towards the newest ones."""
        keep = min(AVERAGING, (1 + self.steps) / (10 + self.steps))
        torch._foreach_lerp_(list(self.average.parameters()), list(self.model.parameters()), 1 - keep)
        for mean, new in zip(self.average.buffers(), self.model.buffers()):
            mean.copy_(new)

    def save(self, path: Path) -> None:
        """Writes everything needed to go on; never leaves half a file."""
        scratch = path.with_suffix(".part")
        torch.save({
            "shape": self.shape, "model": self.model.state_dict(), "average": self.average.state_dict(),
            "optimiser": self.optimiser.state_dict(), "seconds": self.seconds, "lines": self.lines,
            "steps": self.steps, "best": self.best,
        }, scratch)
        scratch.replace(path)

    def resume(self, path: Path) -> None:
        """Takes up the state that `save` wrote."""
        state = torch.load(path, map_location=self.device, weights_only=True)
        self.model.load_state_dict(state["model"])
        self.average.load_state_dict(state["average"])
        self.optimiser.load_state_dict(state["optimiser"])
        self.seconds, self.lines = state["seconds"], state["lines"]
        self.steps, self.best = state["steps"], state["best"]


def measured(trainer: Trainer, sets: dict, folder: Path, loss: float) -> None:
    """Measures the averaged weights, logs the curve and keeps the best."""
    scores = evaluate.measure(trainer.average, sets, trainer.device)
    with open(folder / "log.tsv", "a", encoding="utf-8") as log:
        for name, score in scores.items():
            line = f"{trainer.seconds:.0f}\t{trainer.lines}\t{loss:.3f}\t{name}\t{score}"
            print(line, flush=True)
            print(line, file=log)
    judged = [score.share("errors") for name, score in scores.items() if name != "blank"]
    mean = sum(judged) / len(judged)
    if mean < trainer.best:
        trainer.best = mean
        trainer.save(folder / "best.pt")
    trainer.save(folder / "last.pt")


def run(trainer: Trainer, feed, chosen) -> None:
    """Trains until the budget is spent."""
    sets: dict = {}
    budget, last, mean = 60 * chosen.minutes, time.perf_counter(), 0.0
    next_look = trainer.seconds + 60 * chosen.look_every
    next_save = trainer.seconds + 120
    for batch in feed:
        loss = trainer.step(batch, rate_at(trainer.seconds / budget, trainer.steps, chosen.rate, chosen.fall_from))
        if trainer.steps % 20 == 0:
            mean = 0.8 * mean + 0.2 * float(loss) if mean else float(loss)
        now = time.perf_counter()
        trainer.seconds, last = trainer.seconds + now - last, now
        if trainer.steps % 100 == 0:
            speed = trainer.lines / max(1.0, trainer.seconds)
            print(f"{trainer.seconds:.0f} s, {trainer.lines} lines, {speed:.0f}/s, loss {mean:.3f}", flush=True)
        if trainer.seconds >= next_save:
            trainer.save(chosen.to / "last.pt")
            next_save = trainer.seconds + 120
        if trainer.seconds >= next_look or trainer.seconds >= budget:
            sets = sets or evaluate.at_most(evaluate.load_sets(chosen), chosen.look_at)
            measured(trainer, sets, chosen.to, mean)
            next_look = trainer.seconds + 60 * chosen.look_every
            last = time.perf_counter()
        if trainer.seconds >= budget:
            return


def options() -> argparse.ArgumentParser:
    """The command line, without its help (`ablate` has the same options and more)."""
    parser = argparse.ArgumentParser(add_help=False)
    evaluate.add_options(parser)
    parser.add_argument("--to", type=Path, required=True, help="folder of checkpoints and log")
    parser.add_argument("--real", type=Path, help="folder of real lines that may be trained on")
    parser.add_argument("--places", type=Path, help="places of the letters of the real lines (see graft.py)")
    parser.add_argument("--minutes", type=float, default=90, help="time budget, measuring not counted")
    parser.add_argument("--look-every", type=float, default=10, help="minutes between measurements")
    parser.add_argument("--look-at", type=int, default=100000, help="lines of each set measured meanwhile")
    parser.add_argument("--threads", type=int, default=2, help="threads of the trainer on the CPU")
    parser.add_argument("--workers", type=int, default=1, help="rendering processes")
    parser.add_argument("--pixels", type=int, default=6400, help="columns in a batch")
    parser.add_argument("--widest", type=int, default=1100, help="lines wider than this are left out")
    parser.add_argument("--longest", type=int, default=48, help="letters in a made line (real ones: twice that)")
    parser.add_argument("--rate", type=float, default=2e-3, help="highest learning rate")
    parser.add_argument("--fall-from", type=float, default=0.7, help="share of the budget after which the rate falls")
    parser.add_argument("--real-share", type=float, default=0.25, help="share of real lines")
    parser.add_argument("--plain", type=float, default=0.5, help="share of plain syllables in made text")
    parser.add_argument("--strings", type=float, default=0.1, help="share of random strings in made text")
    parser.add_argument("--penned", type=float, default=0.8, help="share of made hands written along pen paths")
    parser.add_argument("--own-marks", type=float, default=0.6, help="share of those whose marks are not the face's")
    parser.add_argument("--widths", type=int, nargs=4, default=[24, 48, 96, 160], help="channels of the stages")
    parser.add_argument("--row", type=int, default=256, help="channels of a step")
    parser.add_argument("--memory", type=int, default=192, help="cells of the LSTM, each way")
    parser.add_argument("--seed", type=int, default=1)
    return parser


def fed(chosen) -> dict:
    """What the feed must know of the options."""
    made = ("fonts", "lists", "cache", "real", "places", "plain", "strings", "real_share", "pixels", "widest", "longest",
            "penned", "own_marks")
    return {name: getattr(chosen, name) for name in made}


def main() -> None:
    """Trains by the command line."""
    chosen = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter, parents=[options()]
    ).parse_args()
    chosen.to.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(chosen.seed)
    torch.set_num_threads(chosen.threads)
    device = "cuda" if torch.cuda.is_available() else "cpu"
    trainer = Trainer(chosen, device)
    if (chosen.to / "last.pt").exists():
        trainer.resume(chosen.to / "last.pt")
    print(f"{parameters(trainer.model) / 1e6:.2f} million parameters on {device}", flush=True)
    feed = Feed(fed(chosen), chosen.workers, chosen.seed + trainer.steps)
    run(trainer, feed, chosen)


if __name__ == "__main__":
    main()
