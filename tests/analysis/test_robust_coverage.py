"""Intervals over worlds: how often they hold what is known, for distributions of many shapes."""

import math
from collections import Counter

import numpy as np
import pytest
from scipy import stats

from sim.analysis import robust
from sim.analysis.robust import spreads

PARTS = ("mean", "worst", "regret", "worst_regret")
OPTIONS = 25  # each with worlds of its own, beside one that is best in all
AT_LEAST = 0.92
GRID = (np.arange(200_000) + 0.5) / 200_000


def logit_normal(u):
    return 1 / (1 + np.exp(2.7 - 0.95 * stats.norm.ppf(u)))


#: Quantile functions: what an option costs in a world beyond the best one.  The first is much like
#: the chance of open war over the elicited weights, the lognormal much like deaths.
SHARES = {
    "logit-normal": logit_normal,
    "beta(1, 9)": stats.beta(1, 9).ppf,
    "beta(2, 38)": stats.beta(2, 38).ppf,
}
COSTS = {
    "normal": stats.norm(3, 1).ppf,
    "lognormal 0.7": stats.lognorm(0.7).ppf,
    "lognormal 1": stats.lognorm(1.0).ppf,
}
EVERY = {**SHARES, **COSTS}


def played(shape, worlds, futures, rng):
    """Futures of the best option, which costs 0.1, and of others: shape (worlds, options, futures).

    All on common luck, as the futures of options are.
    """
    beyond = EVERY[shape](rng.random((worlds, OPTIONS)))
    luck = rng.random((worlds, 1, futures))
    best = np.full((worlds, 1), 0.1 if shape in SHARES else 1.0)
    if shape in SHARES:
        return luck < np.hstack([best, best + beyond * 0.9])[:, :, None]
    # Half of an exponential's noise is common.
    own = rng.standard_exponential((worlds, OPTIONS, futures))
    common = -np.log(luck) * best[:, :, None]
    return np.concatenate([common, common + beyond[:, :, None] * own], axis=1)


def truth(shape):
    """Mean and mean of the worst tenth, of the costs and of the regrets."""
    costs = EVERY[shape](GRID)
    tail = costs[int(0.9 * len(GRID)) :]
    regret, worst = (0.9 if shape in SHARES else 1.0) * np.array([costs.mean(), tail.mean()])
    best = 0.1 if shape in SHARES else 1.0
    return dict(zip(PARTS, (best + regret, best + worst, regret, worst), strict=True))


def covered(shape, worlds, futures, tables, seed=5):
    """In how many of `tables` x OPTIONS intervals each part holds what is true."""
    rng = np.random.default_rng(seed)
    known, hits = truth(shape), Counter()
    for _ in range(tables):
        values = played(shape, worlds, futures, rng)
        for spread in spreads(values, [np.zeros(worlds, int)] * 2)[1:]:
            for part, value in known.items():
                found = getattr(spread, part)
                hits[part] += found.low <= value <= found.high
    return hits


def fewest(intervals):
    """How many of many intervals must hold: fewer happen once in 10,000 seeds at 92 %."""
    return stats.binom.ppf(1e-4, intervals, AT_LEAST)


@pytest.mark.parametrize("shape", ["logit-normal", "lognormal 1"])
def test_intervals_over_worlds_cover(shape):
    tables = 16
    hits = covered(shape, 100, 500 if shape in SHARES else 100, tables)
    for part in PARTS:
        assert hits[part] >= fewest(tables * OPTIONS), (part, hits[part])
        assert hits[part] < tables * OPTIONS


@pytest.mark.slow
@pytest.mark.parametrize("worlds, futures", [(100, 500), (80, 500), (300, 500)])
@pytest.mark.parametrize("shape", EVERY)
def test_intervals_cover_for_many_shapes_and_sizes(shape, worlds, futures):
    tables = 60
    hits = covered(shape, worlds, futures, tables)
    for part in PARTS:
        assert hits[part] >= fewest(tables * OPTIONS), (part, hits[part])


@pytest.mark.slow
def test_below_the_floor_of_futures_the_worst_tenth_covers_too_seldom():
    tables = 40
    hits = covered("beta(2, 38)", 100, robust.TAIL_FUTURES // 4, tables)
    assert hits["worst"] < fewest(tables * OPTIONS)
    assert hits["mean"] >= fewest(tables * OPTIONS)


def test_below_the_least_of_futures_the_worst_tenth_is_noise_and_is_not_told(monkeypatch):
    def below(futures, tables):
        rng, found = np.random.default_rng(5), []
        for _ in range(tables):
            values = played("beta(2, 38)", 100, futures, rng)
            found += spreads(values, [np.zeros(100, int)] * 2)[1:]
        return found, np.mean([spread.worst.mean < spread.mean.mean for spread in found])

    told, _ = below(robust.LEAST_FUTURES - 2, 1)
    assert all(math.isnan(spread.worst.mean) for spread in told)
    assert all(math.isnan(spread.worst_regret.mean) for spread in told)
    told, _ = below(robust.LEAST_FUTURES, 1)
    assert all(math.isfinite(spread.worst.low) for spread in told)
    monkeypatch.setattr(robust, "LEAST_FUTURES", 4)
    # The reason, as a tenth that is the worst cannot be: half of the cases.
    assert below(4, 12)[1] > 0.2


def test_choosing_by_halves_alone_tells_the_worst_tenth_lower():
    """And drawing on to no noise takes most of that out, in 100 futures a world."""
    rng, crossed, found = np.random.default_rng(7), [], []
    for _ in range(25):
        values = played("beta(1, 9)", 100, 100, rng)
        halves = [values[:, 1:, h::2].mean(axis=2) for h in (0, 1)]
        for own, other in (halves, halves[::-1]):
            worst = np.argsort(-other, axis=0, kind="stable")[:10]
            crossed.append(np.take_along_axis(own, worst, axis=0).mean())
        told = spreads(values, [np.zeros(100, int)] * 2)[1:]
        found.append(np.mean([spread.worst.mean for spread in told]))
    known = truth("beta(1, 9)")["worst"]
    gap, left = np.mean(crossed) - known, np.mean(found) - known
    assert gap < -4 * np.std(crossed) / math.sqrt(len(crossed))
    assert abs(left) < -gap / 2


def test_a_tenth_taken_for_a_sample_of_its_own_covers_too_seldom():
    rng, tables, hits = np.random.default_rng(5), 16, 0
    known = truth("logit-normal")["worst"]
    for _ in range(tables):
        values = played("logit-normal", 100, 500, rng)
        halves = [values[:, :, h::2].mean(axis=2) for h in (0, 1)]
        for k in range(1, 1 + OPTIONS):
            worst = [
                halves[h][np.argsort(-halves[1 - h][:, k], kind="stable")[:10], k] for h in (0, 1)
            ]
            tail = np.concatenate(worst)
            half = stats.t.ppf(0.975, 9) * math.sqrt(tail.var(ddof=1) / 10)
            hits += abs(tail.mean() - known) <= half
    assert hits < fewest(tables * OPTIONS)
