"""Options over sampled worlds: how they do, how far from the best, and in the worst of them.

A world is one draw of everything that was elicited.  What an option costs in a world is known only
up to the noise of the futures played there, and choosing by noisy numbers flatters the choice.  So
whatever is chosen (the best option of a world, an option's worst worlds) is chosen by one half of
the futures and measured by the other, both ways round.

The mean over the worst tenth of the worlds is an expected shortfall, of which two things are known.
Its variance has a part from where the tenth begins, besides the scatter within it [@manistre2005];
a world's influence on the estimate has both, and the intervals rest on the influences.  And noise
in the inner sample biases it by what is first of all a multiple of that noise's variance
[@gordy2010]: worlds chosen by noisy numbers are not quite the worst, so that the mean comes out
low.  Quarters of the futures have twice the variance of halves, and the line through both, drawn on
to no noise, takes that out.  What is left is of second order, and low as well.

Intervals are bootstrap-t, worlds being resampled whole [@diciccio1996]: few worlds are far worse
than the rest, and Student's intervals, which take the errors for symmetrical, would miss most often
on that side.  The same 2,000 resamples serve every option, so the same futures give the same
intervals.  At a nominal 95 % they cover 92 to 96 % in 100 worlds of 500 futures, whether costs are
normal, lognormal or probabilities (simulated, Monte Carlo error 0.6 points:
tests/analysis/test_robust_coverage.py).  In fewer than 80 worlds no interval of a worst tenth is
given, since it would not hold.  With fewer than 200 futures a world worst tenths are told too low
wherever the futures' noise is as large as what sets the worlds apart: in 100 worlds of 100 futures
the intervals of a small probability (beta, mean 0.15, deviation 0.03) cover 88 %, of 40 86 %.  With
fewer than 40 no worst tenth is told at all, as noise would drown it: of that probability it would
lie below the mean of all worlds, which cannot be, in half of the cases for 4 futures a world, in a
third for 20 (and in a sixth for 40, in a tenth for 60: Monte Carlo error 2 to 5 points).

Quantiles are of the worlds' means, drawn towards their average until they scatter no more than the
worlds do without the futures' noise [@louis1984].  Its shape stays in: no share is told more finely
than one future in a world, which the lowest quantiles of a small one feel.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from scipy import stats

from sim.analysis import intervals
from sim.analysis.intervals import Estimate
from sim.analysis.ranking import rank

TAIL = 0.1
QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)
#: Below these the intervals of worst tenths cover less than they say, by simulation.
TAIL_WORLDS = 80
TAIL_FUTURES = 200
#: Below this a worst tenth is noise: it comes out below the mean of all worlds.
LEAST_FUTURES = 40
METHOD = "worlds"
RESAMPLES = 2_000
SMALLEST = 0.2  # standard deviation of a resample, in those of the sample
ROUNDING = 1e-9


@dataclass(frozen=True, slots=True)
class Spread:
    """One option over the worlds, on one criterion.

    Attributes
    ----------
    mean : Estimate
        Over the worlds.
    between : float
        Standard deviation from world to world, what the futures' own noise adds taken out.
    quantiles : dict of float to Estimate
        Of the worlds: 0.05, 0.25, 0.5, 0.75 and 0.95, the futures' own noise taken out of their
        scatter.  Each interval says how sure so many worlds are of it.
    worst : Estimate
        Mean of the tenth of the worlds in which it costs most; no interval (nan) from fewer than
        80 worlds, and nan itself from fewer than 40 futures a world.
    regret : Estimate
        How much more it costs than the option that ranks first in each world, mean over the worlds.
        First by half of its futures: where these choose wrongly, regret comes out low.
    worst_regret : Estimate
        The same in the tenth of the worlds in which that is most; nan as above.
    """

    mean: Estimate
    between: float
    quantiles: dict[float, Estimate]
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
        quantiles = {f"{q:g}": found.to_dict() for q, found in self.quantiles.items()}
        return {**told, "quantiles": quantiles, "between": self.between, "terrible": self.terrible}


@dataclass(frozen=True, slots=True)
class OverWorlds:
    """One option over the worlds.

    Attributes
    ----------
    futures : int
        Of the option in each world.
    rank, bracket : int
        By the means over the worlds, which count as the sample.
    best : Estimate
        Share of the worlds in which it is in the first bracket.
    alone : Estimate
        And alone there.
    own : bool
        Whether it is a move in the first bracket of the moves alone.
    spreads : dict of str to Spread
        By criterion.
    """

    futures: int
    rank: int
    bracket: int
    best: Estimate
    alone: Estimate
    own: bool
    spreads: dict[str, Spread]

    @property
    def rough(self) -> bool:
        """Whether so few futures a world leave the worst tenths too low by more than a little."""
        return self.futures < TAIL_FUTURES

    @property
    def thin(self) -> bool:
        """Whether there are too few futures a world to tell a worst tenth at all."""
        return self.futures < LEAST_FUTURES

    @property
    def terrible(self) -> tuple[str, ...]:
        """Name the criteria on which it is terrible in a tenth of the worlds."""
        return tuple(name for name, spread in self.spreads.items() if spread.terrible)

    def to_dict(self) -> dict[str, Any]:
        """Return the fields, for JSON."""
        return {
            "futures": self.futures,
            "rough": self.rough,
            "rank": self.rank,
            "bracket": self.bracket,
            "best": self.best.to_dict(),
            "alone": self.alone.to_dict(),
            "own": self.own,
            "terrible": list(self.terrible),
            "criteria": {name: spread.to_dict() for name, spread in self.spreads.items()},
        }


def over_worlds(criteria: dict[str, np.ndarray], moves: int | None = None) -> list[OverWorlds]:
    """Summarise options over worlds.

    Parameters
    ----------
    criteria : dict of str to array, shape (worlds, options, replicates)
        In order of importance, less being better; bool for shares.  At least 10 worlds (80 for an
        interval of the worst tenth) and 4 replicates (40 for a worst tenth, 200 for one whose
        interval holds its coverage).
    moves : int, optional
        So many of the first options are the actor's moves; all of them if not given.
    """
    arrays = list(criteria.values())
    worlds, options, replicates = arrays[0].shape
    first = np.array([np.equal(rank([v[w] for v in arrays]).bracket, 1) for w in range(worlds)])
    overall = rank([values.mean(axis=2).T for values in arrays])
    best = [
        np.array([rank([values[w, :, h::2] for values in arrays]).order[0] for w in range(worlds)])
        for h in (0, 1)
    ]
    told = {name: spreads(values, best) for name, values in criteria.items()}
    own = overall.first(range(options if moves is None else moves))
    alone = first & (first.sum(axis=1, keepdims=True) == 1)
    return [
        OverWorlds(
            replicates,
            overall.order.index(k) + 1,
            overall.bracket[k],
            intervals.share(int(first[:, k].sum()), worlds),
            intervals.share(int(alone[:, k].sum()), worlds),
            k in own,
            {name: spread[k] for name, spread in told.items()},
        )
        for k in range(options)
    ]


def spreads(values: np.ndarray, best: list[np.ndarray]) -> list[Spread]:
    """Summarise every option on one criterion.

    Parameters
    ----------
    values : array, shape (worlds, options, replicates)
        As of `over_worlds`.
    best : list of int arrays, shape (worlds,)
        The option that ranks first in each world, by the even and by the odd replicates.
    """
    worlds, options, replicates = values.shape
    share = values.dtype == np.bool_
    least = 0.0 if values.min() >= 0 else -math.inf
    limits = least, 1.0 if share else math.inf
    apart = (-1.0, 1.0) if share else (-math.inf, math.inf)
    means = values.mean(axis=2)
    noise = values.var(axis=2, ddof=1).mean(axis=0) / replicates
    between = np.sqrt(np.maximum(means.var(axis=0, ddof=1) - noise, 0.0))
    rows = np.arange(worlds)[:, None]
    costs = [values[:, :, h::2].mean(axis=2) for h in (0, 1)]
    quarters = [values[:, :, q::4].mean(axis=2) for q in range(4)]
    # Each half measures against the option that the other half found best, ...
    regrets = [half - half[rows, best[1 - h][:, None]] for h, half in enumerate(costs)]
    # ... in the worlds that the other half, or a quarter in it, all by itself found worst.
    feared = [half - half[rows, best[h][:, None]] for h, half in enumerate(costs)]
    doubted = [part - part[rows, best[q % 2][:, None]] for q, part in enumerate(quarters)]
    worst, worst_regret = _tail(costs, costs, quarters), _tail(regrets, feared, doubted)
    # The worlds of the tenths that the two halves choose say how much it scatters.
    few = 2 * math.ceil(TAIL * worlds) - 1 if worlds >= TAIL_WORLDS else 0
    tails = _estimates(worst, few, limits, share), _estimates(worst_regret, few, apart)
    if replicates < LEAST_FUTURES:
        tails = ([Estimate(math.nan, math.nan, math.nan, worlds, METHOD)] * options,) * 2
    regret = _estimates((regrets[0] + regrets[1]) / 2, worlds - 1, apart)
    parts = _estimates(means, worlds - 1, limits, share), tails[0], regret, tails[1]
    return [
        Spread(mean, float(own), _quantiles(means[:, k], float(own)), *rest)
        for k, (own, mean, *rest) in enumerate(zip(between, *parts, strict=True))
    ]


def _tail(
    measured: list[np.ndarray], halves: list[np.ndarray], quarters: list[np.ndarray]
) -> np.ndarray:
    """Return each world's influence on the mean over the worst tenth; their mean is the estimate.

    What a half measured, in the worlds that the other half fears most, twice, less the same in
    those that its quarters fear most: the noise by which worlds are chosen is thereby drawn on to
    none.  Even and odd quarters are of even and odd halves.  Shapes (worlds, options).
    """
    found = np.zeros_like(measured[0])
    for h, own in enumerate(measured):
        other = 1 - h
        found += 2 * _chosen(own, halves[other])
        found -= (_chosen(own, quarters[other]) + _chosen(own, quarters[other + 2])) / 2
    return found / len(measured)


def _chosen(measured: np.ndarray, feared: np.ndarray) -> np.ndarray:
    """Return each world's influence on the mean of `measured` over the tenth most `feared`.

    Within the tenth by how much a world exceeds what is expected where the tenth begins, for one
    world more there drives one out [@manistre2005].
    """
    worlds = len(measured)
    size = math.ceil(TAIL * worlds)
    order = np.argsort(-feared, axis=0, kind="stable")
    ranked = np.take_along_axis(measured, order, axis=0)
    edge = ranked[size // 2 : size + (size + 1) // 2].mean(axis=0)
    inside = np.zeros_like(measured)
    np.put_along_axis(inside, order[:size], worlds / size, axis=0)
    influence: np.ndarray = edge + (measured - edge) * inside
    return influence


def _quantiles(means: np.ndarray, between: float) -> dict[float, Estimate]:
    """Estimate quantiles of means that scatter as much as `between`, whatever they do."""
    centre, scatter = float(means.mean()), float(means.std(ddof=1))
    drawn = centre + (means - centre) * (between / scatter if scatter > 0 else 0.0)
    return {q: intervals.quantile(drawn, q) for q in QUANTILES}


@lru_cache(maxsize=8)
def _resamples(worlds: int) -> np.ndarray:
    """Return how often each world is drawn, shape (resamples, worlds), as shares of all."""
    random = np.random.default_rng(0)
    return random.multinomial(worlds, np.full(worlds, 1 / worlds), size=RESAMPLES) / worlds


def _estimates(
    values: np.ndarray,
    df: int,
    limits: tuple[float, float] = (-math.inf, math.inf),
    share: bool = False,
) -> list[Estimate]:
    """Estimate the mean over worlds of each column, with bootstrap-t intervals within limits.

    The errors of the resamples are stretched as Student's distribution of `df` is to the normal;
    no intervals where that is 0.  A resample without the few worlds that differ says nothing of
    how much they do: its standard deviation is taken for a fifth of the sample's at least.  Where
    every world has the same share, Wilson's interval, since none of them says that others have not.
    """
    n = len(values)
    centre, spread = values.mean(axis=0), values.std(axis=0)
    held = np.clip(centre, *limits)
    if df < 1:
        return [Estimate(float(mean), math.nan, math.nan, n, METHOD) for mean in held]
    off = values - centre
    errors, squares = np.hsplit(_resamples(n) @ np.hstack((off, off * off)), 2)
    scale = np.sqrt(np.maximum(squares - errors**2, (SMALLEST * spread) ** 2))
    t = np.divide(errors, scale, out=np.zeros_like(errors), where=scale > 0)
    tail = (1 - intervals.LEVEL) / 2
    wide = stats.t.ppf(tail, df) / stats.norm.ppf(tail)
    most, least = np.quantile(t, [1 - tail, tail], axis=0) * wide
    found = []
    # About what is told: a mean beyond the limits would leave an interval that does not hold it.
    for mean, low, high in zip(held, held - most * spread, held - least * spread, strict=True):
        if high - low <= ROUNDING * abs(mean):
            low, high = intervals.wilson(mean, n) if share else (mean, mean)
        estimate = Estimate(float(mean), float(low), float(high), n, METHOD)
        found.append(intervals.clipped(estimate, *limits))
    return found
