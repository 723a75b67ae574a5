"""Ranking with brackets: known tests, and an error rate that holds over the whole table."""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from sim.analysis.multiple import ALPHA, holm
from sim.analysis.ranking import paired_tests, rank


def test_means_are_tested_as_paired_differences():
    rng = np.random.default_rng(1)
    common = rng.normal(size=200)
    values = np.array([common, common + rng.normal(0.2, 1.0, 200), 2.0 * common])
    _, p = paired_tests(values, share=False)
    for i in range(3):
        for j in range(3):
            if i != j:
                known = stats.ttest_rel(values[i], values[j]).pvalue
                assert p[i, j] == pytest.approx(known, rel=1e-6)
    assert (np.diag(p) == 1.0).all()


def test_shares_are_tested_by_the_pairs_that_differ():
    rng = np.random.default_rng(2)
    values = rng.random((4, 300)) < np.array([0.05, 0.1, 0.1, 0.5])[:, None]
    _, p = paired_tests(values.astype(float), share=True)
    for i in range(4):
        for j in range(i):
            up, down = int((values[i] & ~values[j]).sum()), int((values[j] & ~values[i]).sum())
            assert p[i, j] == pytest.approx(stats.binomtest(up, up + down).pvalue, rel=1e-9)


@pytest.mark.parametrize("share", [False, True])
def test_what_is_equal_in_every_replicate_is_never_told_apart(share):
    row = (np.arange(50) % 3 == 0).astype(float)
    _, p = paired_tests(np.array([row, row]), share)
    assert p[0, 1] == 1.0


def test_what_differs_by_the_same_in_every_replicate_is_told_apart():
    row = np.arange(50.0)
    assert paired_tests(np.array([row, row + 1.0]), share=False)[1][0, 1] == 0.0


def test_holms_procedure_by_hand():
    # Thresholds 0.01, 0.0125, 0.0167, 0.025, 0.05; the third smallest fails, and all after it.
    p = np.array([0.02, 0.009, 0.024, 0.012, 0.04])
    assert (holm(p) <= ALPHA).tolist() == [False, True, False, True, False]


def criteria(rows):
    """Rows of (share of war, mean deaths) for 2,000 replicates, apart beyond doubt."""
    rng = np.random.default_rng(3)
    war = [rng.random(2_000) < share for share, _ in rows]
    dead = [rng.normal(mean, 1.0, 2_000) for _, mean in rows]
    return [np.array(war), np.array(dead)]


def test_deaths_decide_where_war_cannot():
    ranking = rank(criteria([(0.1, 9.0), (0.1, 5.0), (0.6, 0.0), (0.1, 5.0)]))
    assert ranking.bracket == (2, 1, 3, 1)
    assert set(ranking.order[:2]) == {1, 3}
    assert ranking.order[2:] == (0, 2)
    assert ranking.tests == 2 * 6


@given(st.integers(0, 2**32 - 1), st.integers(2, 7), st.integers(2, 60))
def test_the_brackets_part_the_options(seed, size, replicates):
    rng = np.random.default_rng(seed)
    war = rng.random((size, replicates)) < rng.random((size, 1))
    dead = rng.normal(rng.normal(size=(size, 1)), 1.0, (size, replicates))
    ranking = rank([war, dead])
    assert sorted(ranking.order) == list(range(size))
    along = [ranking.bracket[i] for i in ranking.order]
    assert along[0] == 1
    assert all(after - before in (0, 1) for before, after in itertools.pairwise(along))
    assert not (ranking.worse & ranking.worse.transpose(0, 2, 1)).any()
    calmest = int(np.argmin(war.mean(axis=1)))
    assert not ranking.worse[0, list(ranking.order[: along.count(1)]), calmest].any()


def false_alarms(tell, tables, size, replicates):
    """In how many of many tables of like options anything is told apart."""
    rng = np.random.default_rng(4)
    count = 0
    for _ in range(tables):
        luck = rng.normal(size=(1, replicates))
        count += tell(luck + rng.normal(size=(size, replicates)))
    return count


def test_like_options_are_told_apart_in_at_most_one_table_of_twenty():
    tables = 400
    alarms = false_alarms(lambda values: rank([values]).worse.any(), tables, 6, 80)
    # Above this by chance once in 10,000 seeds.
    assert alarms <= stats.binom.ppf(1 - 1e-4, tables, ALPHA)


def test_without_holm_they_would_be_told_apart_far_more_often():
    tables = 400

    def unadjusted(values):
        return (paired_tests(values, share=False)[1] < ALPHA).any()

    alarms = false_alarms(unadjusted, tables, 6, 80)
    assert alarms > stats.binom.ppf(1 - 1e-4, tables, ALPHA)
