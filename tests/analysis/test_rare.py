"""The interval of splitting is Wilson's for plain histories, and covers where trees are skewed."""

import numpy as np
import pytest
from scipy import stats

from sim.analysis import intervals, rare

REPEATS = 2_000


def covers(estimate, truth: float) -> bool:
    return estimate.low <= truth <= estimate.high


def compound(rng, n: int) -> np.ndarray:
    """What trees come to: mostly nothing, now and then a number of small amounts; mean 1e-5."""
    return 1e-5 / 0.15 * rng.poisson(0.05, n) * rng.gamma(3.0, 1.0, n)


def test_of_plain_histories_it_is_wilsons():
    plain = np.zeros(400)
    plain[:7] = 1.0
    found, known = rare.probability(plain), intervals.share(7, 400)
    # The variance of the sample is divided by n - 1.
    assert rare.equivalent(plain) == pytest.approx(399)
    assert (found.low, found.high) == pytest.approx((known.low, known.high), rel=5e-3)


def test_it_covers_what_it_says(alpha):
    rng = np.random.default_rng(1)
    hits = [covers(rare.probability(compound(rng, 1_500)), 1e-5) for _ in range(REPEATS)]
    assert stats.binomtest(sum(hits), REPEATS, 0.94, alternative="less").pvalue >= alpha
    assert sum(hits) < REPEATS
    # The control: the same without the one in a hundred that came to most.
    short = [covers(intervals.mean(np.sort(compound(rng, 1_500))[:-15]), 1e-5) for _ in range(200)]
    assert sum(short) < 150


def test_a_sample_that_never_varied_is_worth_its_size():
    none, all_of_them = rare.probability(np.zeros(100)), rare.probability(np.ones(100))
    assert none == intervals.Estimate(0.0, 0.0, intervals.share(0, 100).high, 100, "splitting")
    assert all_of_them.low == intervals.share(100, 100).low


@pytest.mark.parametrize("account", [[0.5, 1.5], [1.5, 1.4], [1.0, 1.0 + 2e-16, 1.0 - 2e-16]])
def test_a_mean_of_one_or_more_is_told_as_one_with_the_interval_of_so_many_histories(account):
    found = rare.probability(np.array(account))
    assert (found.mean, found.high) == (1.0, 1.0)
    assert found.low == intervals.share(len(account), len(account)).low


def test_chances_differ_by_no_more_than_all():
    few, many = np.array([0.0, 0.1, 0.0]), np.array([0.9, 1.0, 0.8])
    for pair, sign in (((few, many), 1), ((many, few), -1)):
        found = rare.difference(*pair).estimate
        low, high = sorted((sign * found.low, sign * found.high))
        assert low < sign * found.mean < high == 1.0


def test_differences_cover_what_they_say(alpha):
    rng = np.random.default_rng(2)
    hits = 0
    for _ in range(REPEATS):
        base = compound(rng, 1_500)
        other = 2.0 * base + compound(rng, 1_500)
        hits += covers(rare.difference(base, other).estimate, 2e-5)
    assert stats.binomtest(hits, REPEATS, 0.94, alternative="less").pvalue >= alpha
    assert hits < REPEATS


def test_differences_of_a_handful_of_trees_cover_too(alpha):
    rng = np.random.default_rng(4)
    base, other = rng.normal(1.0, 0.1, (2, REPEATS, 3))
    pairs = [rare.difference(a, b).estimate for a, b in zip(base, other, strict=True)]
    hits = sum(covers(found, 0.0) for found in pairs)
    assert stats.binomtest(hits, REPEATS, 0.95).pvalue >= alpha
    # The control: with the errors of a large sample they would cover some 81 %.
    normal = stats.norm.ppf(0.975) / stats.t.ppf(0.975, 2)
    short = sum(abs(found.mean) <= normal * found.half_width for found in pairs)
    assert stats.binomtest(short, REPEATS, 0.95).pvalue < alpha


def test_the_numbers_of_estimates_are_plain():
    account = compound(np.random.default_rng(5), 50)
    for found in (rare.probability(account), rare.difference(account, 2 * account).estimate):
        assert {type(value) for value in (found.mean, found.low, found.high)} == {float}


def test_pairing_shows_in_the_variance():
    rng = np.random.default_rng(3)
    base = compound(rng, 5_000)
    pair = rare.difference(base, base + compound(rng, 5_000) / 10)
    assert pair.variance_ratio > 10
    same = rare.difference(base, base)
    assert np.isnan(same.variance_ratio)
    assert same.estimate.low == same.estimate.high == 0.0
