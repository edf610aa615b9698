"""Character error, also split into base letters, shape marks (ă â ê ô ơ ư đ) and tones."""

from collections import Counter

import numpy as np

import alphabet


def steps_between(read: list, true: list) -> list[tuple]:
    """The cheapest alignment of two sequences as pairs; None stands for a missing element."""
    cost = np.zeros((len(read) + 1, len(true) + 1), np.int32)
    cost[:, 0], cost[0, :] = np.arange(len(read) + 1), np.arange(len(true) + 1)
    for i, r in enumerate(read, 1):
        for j, t in enumerate(true, 1):
            cost[i, j] = min(cost[i - 1, j - 1] + (r != t), cost[i - 1, j] + 1, cost[i, j - 1] + 1)
    pairs, i, j = [], len(read), len(true)
    while i or j:
        if i and j and cost[i, j] == cost[i - 1, j - 1] + (read[i - 1] != true[j - 1]):
            i, j = i - 1, j - 1
            pairs.append((read[i], true[j]))
        elif i and cost[i, j] == cost[i - 1, j] + 1:
            i -= 1
            pairs.append((read[i], None))
        else:
            j -= 1
            pairs.append((None, true[j]))
    return pairs[::-1]


class Score:
    """Adds up errors over lines."""

    def __init__(self):
        self.counts: Counter = Counter()

    def add(self, read: str, true: str) -> None:
        """Counts the errors of one line."""
        self.counts["lines"] += 1
        self.counts["exact"] += read == true
        for seen, wanted in steps_between(list(read), list(true)):
            self.counts["letters"] += wanted is not None
            self.counts["errors"] += seen != wanted
            self.split(seen, wanted)

    def split(self, seen: str | None, wanted: str | None) -> None:
        """Sorts one error by what is wrong with it."""
        if seen is None or wanted is None:
            self.counts["base"] += 1
            return
        for kind, first, second in zip(("base", "shape", "tone"), alphabet.parts(seen), alphabet.parts(wanted)):
            self.counts[kind] += first != second

    def share(self, kind: str) -> float:
        """Errors of a kind per true character (`exact`: share of lines read without fault)."""
        whole = self.counts["lines" if kind == "exact" else "letters"]
        return self.counts[kind] / max(1, whole)

    def __str__(self) -> str:
        shares = " ".join(f"{kind} {100 * self.share(kind):.1f}" for kind in ("base", "shape", "tone", "exact"))
        return f"CER {100 * self.share('errors'):.2f} ({shares})"
