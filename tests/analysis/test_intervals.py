"""Intervals cover what they say they cover: exactly, by enumeration, where that is possible."""

import math

import numpy as np
import pytest
from scipy import stats

from sim.analysis import intervals
from sim.analysis.ratios import clustered_share, risk_ratio

REPEATS = 2_000


def covers(estimate, truth: float) -> bool:
    return estimate.low <= truth <= estimate.high


def at_least(hits: int, level: float, alpha: float) -> bool:
    return stats.binomtest(hits, REPEATS, level, alternative="less").pvalue >= alpha


@pytest.mark.parametrize("n", [20, 100])
def test_wilson_covers_on_average_what_it_says(n):
    ps = np.linspace(0.005, 0.995, 199)
    table = [intervals.share(k, n) for k in range(n + 1)]
    inside = np.array([[covers(estimate, p) for estimate in table] for p in ps])
    weights = stats.binom.pmf(np.arange(n + 1)[None, :], n, ps[:, None])
    coverage = (weights * inside).sum(axis=1)
    assert 0.945 <= coverage.mean() <= 0.96
    assert coverage.min() > 0.83
    # Wald's interval, the control, does not.
    share = np.arange(n + 1) / n
    half = 1.96 * np.sqrt(share * (1 - share) / n)
    wald = (weights * (np.abs(share[None, :] - ps[:, None]) <= half[None, :])).sum(axis=1)
    assert wald.mean() < 0.935


def test_wilson_at_the_ends():
    assert intervals.share(0, 50).low == 0.0
    assert intervals.share(50, 50).high == 1.0
    assert intervals.share(0, 50).high == pytest.approx(1 - intervals.share(50, 50).low)


@pytest.mark.parametrize("q", [0.1, 0.5])
def test_order_statistics_cover_at_least_what_they_say(alpha, q):
    rng = np.random.default_rng(1)
    truth = stats.expon.ppf(q)
    hits = sum(
        covers(intervals.quantile(rng.exponential(size=60), q), truth) for _ in range(REPEATS)
    )
    assert at_least(hits, 0.95, alpha)
    assert hits < REPEATS


def test_a_quantile_takes_infinite_values_and_nothing():
    found = intervals.quantile(np.array([1.0, 2.0, 3.0, 4.0, 5.0, np.inf]))
    assert (found.mean, found.low, found.high) == (3.0, 1.0, np.inf)
    assert np.isnan(intervals.quantile(np.array([])).mean)


def coverage(n: int, q: float, low: int, high: int) -> float:
    """Chance that a quantile of a continuous distribution lies between two ranks, by counting."""
    below = [math.comb(n, k) * q**k * (1 - q) ** (n - k) for k in range(n + 1)]
    return math.fsum(below[low:high])


@pytest.mark.parametrize("q", [0.05, 0.5, 0.9])
def test_every_interval_of_a_quantile_covers_what_it_says_and_else_there_is_none(q):
    for n in range(1, 130):
        found = intervals.quantile(np.arange(1.0, n + 1.0), q)
        widest = coverage(n, q, 1, n)
        if np.isnan(found.low):
            assert np.isnan(found.high)
            # Not even from the least to the greatest, or hardly: tails are equal where they can.
            assert widest < 0.95 or 1 - widest > 0.5 * 0.05
        else:
            assert coverage(n, q, int(found.low), int(found.high)) >= 0.95
            assert found.low <= found.mean <= found.high
    # A median at 95 % takes six: 1 - 2 / 2**6.
    lows = [intervals.quantile(np.arange(float(n))).low for n in (5, 6)]
    assert np.isnan(lows).tolist() == [True, False]


@pytest.mark.parametrize("n", [6, 9, 30])
def test_a_median_of_few_is_covered(alpha, n):
    rng = np.random.default_rng(n)
    hits = sum(covers(intervals.quantile(rng.random(n)), 0.5) for _ in range(REPEATS))
    assert at_least(hits, 0.95, alpha)
    # The control: the extremes of four, which were once given out as such an interval.
    four = rng.random((REPEATS, 4))
    assert not at_least(int(np.sum((four.min(1) <= 0.5) & (four.max(1) >= 0.5))), 0.95, alpha)


@pytest.mark.parametrize("only", [(0.03, 0.01), (0.2, 0.1), (0.002, 0.0)])
def test_paired_shares_cover_what_they_say(alpha, only):
    rng = np.random.default_rng(2)
    up, down = only
    hits = 0
    for _ in range(REPEATS):
        cell = rng.choice(4, size=200, p=[up, down, 0.1, 0.9 - up - down])
        base, other = np.isin(cell, [1, 2]), np.isin(cell, [0, 2])
        hits += covers(intervals.difference(base, other).estimate, up - down)
    assert at_least(hits, 0.94, alpha)


@pytest.mark.parametrize("n", [2, 40, 5_000])
def test_shares_differ_by_no_more_than_all(n):
    none, every = np.zeros(n, bool), np.ones(n, bool)
    up, down = (intervals.difference(*pair).estimate for pair in ((none, every), (every, none)))
    assert (up.mean, up.high, down.mean, down.low) == (1.0, 1.0, -1.0, -1.0)
    assert up.low == -down.high < 1.0
    # Of means it is not cut off: the dead have no such bounds.
    means = intervals.difference(3.0 * none, 3.0 * every + np.arange(n)).estimate
    assert means.high > 1.0


def test_pairing_is_no_illusion():
    rng = np.random.default_rng(3)
    base = rng.random(5_000) < 0.3
    same = intervals.difference(base, base ^ (rng.random(5_000) < 0.01))
    fresh = intervals.difference(base, rng.random(5_000) < 0.3)
    assert same.variance_ratio > 20
    assert fresh.variance_ratio == pytest.approx(1.0, abs=0.1)


def test_means_cover_what_they_say(alpha):
    rng = np.random.default_rng(4)
    hits = sum(covers(intervals.mean(rng.gamma(2.0, size=200)), 2.0) for _ in range(REPEATS))
    assert at_least(hits, 0.94, alpha)


def clusters(rng, size: int = 300) -> tuple[np.ndarray, np.ndarray]:
    """Trials that succeed or fail together, four of five times; their share is 0.9."""
    trials = rng.poisson(1.5, size)
    p = np.where(rng.random(size) < 0.8, rng.random(size) < 0.9, 0.9)
    return rng.binomial(trials, p), trials


def test_clusters_are_covered_and_independence_would_not_do(alpha):
    rng = np.random.default_rng(5)
    hits = naive = 0
    for _ in range(REPEATS):
        successes, trials = clusters(rng)
        hits += covers(clustered_share(successes, trials), 0.9)
        naive += covers(intervals.share(int(successes.sum()), int(trials.sum())), 0.9)
    assert at_least(hits, 0.94, alpha)
    assert not at_least(naive, 0.94, alpha)


def test_single_trials_are_wilsons():
    rng = np.random.default_rng(6)
    successes = (rng.random(400) < 0.3).astype(int)
    found = clustered_share(successes, np.ones(400, int))
    wilson = intervals.share(int(successes.sum()), 400)
    assert (found.low, found.high) == pytest.approx((wilson.low, wilson.high), rel=0.01)


def test_all_or_nothing_keeps_an_interval():
    trials = np.array([3, 0, 2])
    assert clustered_share(trials, trials).low < 0.9
    assert clustered_share(trials, trials).high == 1.0
    assert clustered_share(0 * trials, trials).high > 0.1
    assert np.isnan(clustered_share(trials * 0, trials * 0).mean)


def test_ratios_of_pairs_cover_what_they_say(alpha):
    rng = np.random.default_rng(7)
    hits = 0
    for _ in range(REPEATS):
        luck = rng.random(2_000)
        base = luck < 0.02
        other = (luck < 0.015) | ((luck > 0.5) & (luck < 0.545))
        hits += covers(risk_ratio(base, other), 3.0)
    assert at_least(hits, 0.94, alpha)


def test_independent_shares_are_newcombe_s():
    """Of his examples, method 10: 56 of 70 against 48 of 80, and 10 of 10 against 0 of 10."""
    for (a, n, b, m), bounds in (
        ((48, 80, 56, 70), (0.0524, 0.3339)),
        ((0, 10, 10, 10), (0.6075, 1.0)),
    ):
        found = intervals.independent_shares(a / n, n, b / m, m).estimate
        assert (found.low, found.high) == pytest.approx(bounds, abs=5e-5)


@pytest.mark.parametrize("p, q", [(0.0, 0.0), (0.01, 0.05), (0.5, 0.6), (0.97, 1.0)])
def test_differences_of_independent_shares_cover_what_they_say(p, q):
    """By enumeration; nowhere far below, where Wald's would hold a width of 0."""
    n, m = 30, 40
    found = 0.0
    for a, pa in enumerate(stats.binom.pmf(range(n + 1), n, p)):
        for b, pb in enumerate(stats.binom.pmf(range(m + 1), m, q)):
            if pa * pb > 1e-9:
                estimate = intervals.independent_shares(a / n, n, b / m, m).estimate
                assert -1 <= estimate.low < estimate.high <= 1
                found += pa * pb * (estimate.low <= q - p <= estimate.high)
    assert found > 0.92


def test_an_interval_is_cut_off_at_what_is_possible_and_says_so():
    cut = intervals.clipped(intervals.Estimate(0.998, 0.993, 1.002, 9, "normal"))
    assert (cut.low, cut.high, cut.method) == (0.993, 1.0, "normal, clipped")
    kept = intervals.Estimate(0.5, 0.4, 0.6, 9, "normal")
    assert intervals.clipped(kept) is kept
    below = intervals.clipped(intervals.Estimate(-0.01, -0.02, 0.0, 9, "normal"))
    assert below.low == below.mean


def test_the_numbers_of_estimates_are_plain():
    """Not of numpy: an estimate that is printed is read by people."""
    base, other = np.arange(30) % 3 == 0, np.arange(30) % 4 == 0
    for found in (
        intervals.share(3, 30),
        intervals.mean(np.arange(30.0)),
        intervals.quantile(np.arange(30.0)),
        intervals.difference(base, other).estimate,
        intervals.difference(1.0 * base, 2.0 * other).estimate,
        intervals.independent_shares(0.1, 30, 0.2, 30).estimate,
    ):
        assert {type(value) for value in (found.mean, found.low, found.high)} == {float}


def test_a_ratio_to_nothing_is_anything():
    none, some = np.zeros(10, bool), np.ones(10, bool)
    assert risk_ratio(none, some).high == np.inf
    assert risk_ratio(some, some).mean == risk_ratio(some, some).low == 1.0
