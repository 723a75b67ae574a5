"""Options over sampled worlds: how they do, how far from the best, and in the worst of them.

A world is one draw of everything that was elicited.  What an option costs in a world is known only
up to the noise of the futures played there, and choosing by noisy numbers flatters the choice.  So
whatever is chosen (the best option of a world, an option's worst worlds) is chosen by one half of
the futures and measured by the other, both ways round.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import stats

from sim.analysis import intervals
from sim.analysis.intervals import Estimate
from sim.analysis.ranking import rank

TAIL = 0.1
METHOD = "worlds"


@dataclass(frozen=True, slots=True)
class Spread:
    """One option over the worlds, on one criterion.

    Attributes
    ----------
    mean : Estimate
        Over the worlds.
    between : float
        Standard deviation from world to world, what the futures' own noise adds taken out.
    worst : Estimate
        Mean of the tenth of the worlds in which it costs most.
    regret : Estimate
        How much more it costs than the option that ranks first in each world, mean over the worlds.
    worst_regret : Estimate
        The same in the tenth of the worlds in which that is most.
    """

    mean: Estimate
    between: float
    worst: Estimate
    regret: Estimate
    worst_regret: Estimate

    @property
    def terrible(self) -> bool:
        """Whether in a tenth of the worlds it costs at least its average again, needlessly."""
        found = self.worst_regret
        return found.low > 0 and found.mean >= abs(self.mean.mean)

    def to_dict(self) -> dict[str, Any]:
        """Return the fields, for JSON."""
        parts = {name: getattr(self, name) for name in ("mean", "worst", "regret", "worst_regret")}
        told = {name: found.to_dict() for name, found in parts.items()}
        return {**told, "between": self.between, "terrible": self.terrible}


@dataclass(frozen=True, slots=True)
class OverWorlds:
    """One option over the worlds.

    Attributes
    ----------
    bracket : int
        By the means over the worlds, which count as the sample.
    best : Estimate
        Share of the worlds in which it is in the first bracket.
    alone : Estimate
        Share of the worlds in which it is alone there.
    spreads : dict of str to Spread
        By criterion.
    """

    bracket: int
    best: Estimate
    alone: Estimate
    spreads: dict[str, Spread]

    @property
    def terrible(self) -> tuple[str, ...]:
        """Name the criteria on which it is terrible in a tenth of the worlds."""
        return tuple(name for name, spread in self.spreads.items() if spread.terrible)

    def to_dict(self) -> dict[str, Any]:
        """Return the fields, for JSON."""
        return {
            "bracket": self.bracket,
            "best": self.best.to_dict(),
            "alone": self.alone.to_dict(),
            "terrible": list(self.terrible),
            "criteria": {name: spread.to_dict() for name, spread in self.spreads.items()},
        }


def over_worlds(criteria: dict[str, np.ndarray]) -> list[OverWorlds]:
    """Summarise options over worlds.

    Parameters
    ----------
    criteria : dict of str to array, shape (worlds, options, replicates)
        In order of importance, less being better; an even number of replicates, at least 4, and
        at least 10 worlds.
    """
    arrays = list(criteria.values())
    worlds, options, _ = arrays[0].shape
    within = [rank([values[w] for values in arrays]) for w in range(worlds)]
    first = np.array([[b == 1 for b in ranking.bracket] for ranking in within])
    overall = rank([values.mean(axis=2).T for values in arrays])
    halves = [[values[:, :, h::2].mean(axis=2) for values in arrays] for h in (0, 1)]
    best = [
        np.array([rank([values[w, :, h::2] for values in arrays]).order[0] for w in range(worlds)])
        for h in (0, 1)
    ]
    shares = [bool(np.isin(values, (0.0, 1.0)).all()) for values in arrays]
    found = []
    for k in range(options):
        alone = first[:, k] & (first.sum(axis=1) == 1)
        spreads = {
            name: _spread(values[:, k], [half[c] for half in halves], best, k, shares[c])
            for c, (name, values) in enumerate(criteria.items())
        }
        found.append(
            OverWorlds(
                overall.bracket[k],
                intervals.share(int(first[:, k].sum()), worlds),
                intervals.share(int(alone.sum()), worlds),
                spreads,
            )
        )
    return found


def _spread(
    values: np.ndarray, halves: list[np.ndarray], best: list[np.ndarray], k: int, share: bool
) -> Spread:
    """Summarise option `k` on one criterion; `values` has shape (worlds, replicates)."""
    worlds, replicates = values.shape
    means = values.mean(axis=1)
    noise = float(np.mean(values.var(axis=1, ddof=1))) / replicates
    between = math.sqrt(max(0.0, float(means.var(ddof=1)) - noise))
    rows = np.arange(worlds)
    costs = [half[:, k] for half in halves]
    # Each half measures against the option that the other half found best, ...
    regrets = [half[:, k] - half[rows, best[1 - h]] for h, half in enumerate(halves)]
    # ... in the worlds that the other half, all by itself, found worst.
    feared = [half[:, k] - half[rows, best[h]] for h, half in enumerate(halves)]
    return Spread(
        _mean(means, worlds, share),
        between,
        _tail(costs, costs, share),
        _mean((regrets[0] + regrets[1]) / 2, worlds),
        _tail(regrets, feared),
    )


def _tail(measured: list[np.ndarray], feared: list[np.ndarray], share: bool = False) -> Estimate:
    """Estimate the mean of each half over the tenth of the worlds that the other one fears most."""
    size = math.ceil(TAIL * len(measured[0]))
    parts = [
        own[np.argsort(-other, kind="stable")[:size]]
        for own, other in zip(measured, feared[::-1], strict=True)
    ]
    # The two halves may have chosen the same worlds, so they count as one sample of that size.
    return _mean(np.concatenate(parts), size, share)


def _mean(values: np.ndarray, n: int, share: bool = False) -> Estimate:
    """Estimate a mean over `n` worlds: Student's interval, or Wilson's at what shares scatter."""
    centre, spread = float(values.mean()), float(values.var(ddof=1))
    if share:
        size = centre * (1 - centre) * n / spread if spread > 0 else float(n)
        return Estimate(centre, *intervals.wilson(centre, size), n, METHOD)
    half = float(stats.t.ppf(0.5 + intervals.LEVEL / 2, n - 1)) * math.sqrt(spread / n)
    return Estimate(centre, centre - half, centre + half, n, METHOD)
