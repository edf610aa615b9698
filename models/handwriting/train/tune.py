"""Goes on training restored weights on a few hundred lines, with other lines mixed in so that little is forgotten."""

import argparse
import copy
import math
from dataclasses import dataclass, fields

import numpy as np
import torch
from torch import nn

import alphabet
import restore
from crops import Crop, varied_crop
from data import batched

WARM_UP_STEPS = 30
LOWEST = 0.02


@dataclass
class Plan:
    """How weights are adapted; README.md says what else was tried."""

    passes: int = 8
    rate: float = 4e-4
    rehearsal: float = 0.67
    pixels: int = 6400
    averaging: float = 0.98
    dropout: float = 0.2
    seed: int = 1


def add_options(parser: argparse.ArgumentParser) -> None:
    """An option for each value of the plan."""
    for value in fields(Plan):
        parser.add_argument(f"--{value.name}", type=value.type, default=value.default, help=f"[{value.default}]")


def plan_of(chosen) -> Plan:
    """The plan that the command line asks for."""
    return Plan(**{value.name: getattr(chosen, value.name) for value in fields(Plan)})


def rate_at(share: float, step: int, peak: float) -> float:
    """Learning rate at a share of the way: a short rise, then half a cosine down."""
    rise = min(1.0, (step + 1) / WARM_UP_STEPS)
    return peak * rise * (LOWEST + (1 - LOWEST) * 0.5 * (1 + math.cos(math.pi * share)))


def tuned(base: nn.Module, crops: list[Crop], rehearsal: list[Crop], plan: Plan, say=print) -> nn.Module:
    """The running average of a copy of `base` trained on `crops`; `base` is left as it is."""
    torch.manual_seed(plan.seed)
    rng = np.random.default_rng(plan.seed)
    model, average = copy.deepcopy(base), copy.deepcopy(base).eval()
    model.dropout.p = plan.dropout
    restore.train_frozen(model)
    optimiser = torch.optim.AdamW(model.parameters(), lr=plan.rate, betas=(0.9, 0.98), weight_decay=0.01)
    step = 0
    for number in range(plan.passes):
        groups = batches(crops, rehearsal, plan, rng)
        losses = []
        for index, group in enumerate(groups):
            rate = rate_at((number + index / len(groups)) / plan.passes, step, plan.rate)
            losses.append(one_step(model, optimiser, group, rate))
            step += 1
            follow(average, model, min(plan.averaging, (1 + step) / (10 + step)))
        say(f"pass {number + 1} of {plan.passes}, loss {sum(losses) / len(losses):.3f}")
    return average


def one_step(model: nn.Module, optimiser, group: list, rate: float) -> float:
    """One batch; returns its loss. Works in half precision where the processor has it."""
    pictures, classes, steps, lengths = batched(group)
    for part in optimiser.param_groups:
        part["lr"] = rate
    half = torch.cpu._is_avx512_bf16_supported()
    with torch.autocast("cpu", dtype=torch.bfloat16, enabled=half):
        logits = model(pictures.float().contiguous(memory_format=torch.channels_last))
    shares = logits.float().log_softmax(-1).transpose(0, 1)
    loss = nn.functional.ctc_loss(shares, classes, steps, lengths, blank=alphabet.BLANK, zero_infinity=True)
    optimiser.zero_grad(set_to_none=True)
    loss.backward()
    nn.utils.clip_grad_norm_(model.parameters(), 2.0)
    optimiser.step()
    return float(loss.detach())


@torch.no_grad()
def follow(average: nn.Module, model: nn.Module, keep: float) -> None:
    """Moves the averaged weights a little towards the newest ones; the norms' statistics never change."""
    torch._foreach_lerp_(list(average.parameters()), list(model.parameters()), 1 - keep)


def batches(crops: list[Crop], rehearsal: list[Crop], plan: Plan, rng: np.random.Generator) -> list[list]:
    """One pass: every crop once, rehearsal by its share, in batches of like width, in random order."""
    again = round(len(crops) * plan.rehearsal / max(0.01, 1 - plan.rehearsal)) if rehearsal else 0
    others = [rehearsal[index] for index in rng.integers(0, max(1, len(rehearsal)), again)]
    lines = sorted((varied_crop(crop, rng) for crop in crops + others), key=lambda line: line[0].shape[1])
    groups, group = [], []
    for line in lines:
        if group and line[0].shape[1] * (len(group) + 1) > plan.pixels:
            groups.append(group)
            group = []
        group.append(line)
    groups.append(group)
    return [groups[index] for index in rng.permutation(len(groups))]
