"""Cumulative incidence where ends compete: worked by hand, covered, and unlike Kaplan-Meier."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from sim.analysis import intervals
from sim.analysis.incidence import CENSORED, cumulative_incidence

REPEATS = 600
OWN, OTHER = 1, 2


def test_by_hand_with_one_broken_off():
    day = np.array([1.0, 2.0, 2.0, 3.0, 4.0])
    kind = np.array([OWN, CENSORED, OTHER, OWN, OWN])
    found = cumulative_incidence(day, kind, OWN, np.array([0.5, 1.0, 2.0, 3.0, 3.9, 4.0, 9.0]))
    # Five at risk, then four (one of which is broken off at once with an other's end), two, one.
    assert found.share == pytest.approx([0.0, 0.2, 0.2, 0.5, 0.5, 0.8, 0.8])
    other = cumulative_incidence(day, kind, OTHER, np.array([1.9, 2.0, 9.0]))
    assert other.share == pytest.approx([0.0, 0.2, 0.2])


def test_the_variance_by_hand():
    # One of two has its event on day 1; then one is broken off. Binomial: 0.5 * 0.5 / 2.
    from sim.analysis.incidence import _aalen_johansen

    day, kind = np.array([1.0, 2.0]), np.array([OWN, CENSORED])
    _, variance = _aalen_johansen(day, kind, OWN, np.array([0.0, 1.0, 3.0]))
    assert variance == pytest.approx([0.0, 0.125, 0.125])


def test_it_is_the_plain_share_where_nothing_is_broken_off():
    rng = np.random.default_rng(5)
    day, kind = rng.exponential(size=200), rng.integers(1, 3, 200)
    moments = np.linspace(0.0, 4.0, 9)
    found = cumulative_incidence(day, kind, OWN, moments)
    for k, moment in enumerate(moments):
        plain = intervals.share(int(((day <= moment) & (kind == OWN)).sum()), 200)
        assert found.share[k] == plain.mean
        assert (found.low[k], found.high[k]) == pytest.approx((plain.low, plain.high))


def test_breaking_off_after_the_last_moment_changes_nothing():
    day, kind = np.array([1.0, 2.0, 5.0, 5.0]), np.array([OWN, OTHER, CENSORED, CENSORED])
    found = cumulative_incidence(day, kind, OWN, np.array([1.0, 5.0]))
    assert found.share == pytest.approx([0.25, 0.25])
    assert found.high[1] == intervals.share(1, 4).high


@given(
    st.lists(
        st.tuples(st.integers(1, 9), st.sampled_from([CENSORED, OWN, OTHER])),
        min_size=1,
        max_size=40,
    )
)
def test_shares_rise_stay_within_bounds_and_leave_room_for_one_another(drawn):
    day, kind = (np.array(column) for column in zip(*drawn, strict=True))
    moments = np.arange(0.0, 11.0)
    own = cumulative_incidence(day.astype(float), kind, OWN, moments)
    other = cumulative_incidence(day.astype(float), kind, OTHER, moments)
    for found in (own, other):
        assert np.all(np.diff(found.share) >= -1e-12)
        assert np.all((found.low <= found.share + 1e-12) & (found.share <= found.high + 1e-12))
        assert np.all((found.low >= 0.0) & (found.high <= 1.0))
    assert np.all(own.share + other.share <= 1.0 + 1e-12)


def test_intervals_cover_where_much_is_broken_off_and_kaplan_meier_does_not(alpha):
    own_rate, other_rate, cut_rate, moment, n = 0.4, 0.6, 0.5, 1.5, 120
    total = own_rate + other_rate
    truth = own_rate / total * (1.0 - np.exp(-total * moment))
    rng = np.random.default_rng(11)
    hits = naive = 0
    for _ in range(REPEATS):
        times = rng.exponential(1.0 / np.array([own_rate, other_rate, cut_rate]), (n, 3))
        day, kind = times.min(axis=1), np.array([OWN, OTHER, CENSORED])[times.argmin(axis=1)]
        found = cumulative_incidence(day, kind, OWN, np.array([moment]))
        hits += bool(found.low[0] <= truth <= found.high[0])
        # The control takes the other's ends for histories that were broken off.
        lone = np.where(kind == OTHER, CENSORED, kind)
        wrong = cumulative_incidence(day, lone, OWN, np.array([moment]))
        naive += bool(wrong.low[0] <= truth <= wrong.high[0])
    assert stats.binomtest(hits, REPEATS, 0.94, alternative="less").pvalue >= alpha
    assert stats.binomtest(naive, REPEATS, 0.94, alternative="less").pvalue < alpha
