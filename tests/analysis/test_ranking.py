"""Ranking with brackets: known tests, and an error rate that holds over the whole table."""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from sim.analysis.multiple import ALPHA, holm
from sim.analysis.ranking import FEW, mean_tests, rank, share_tests


def test_means_are_tested_as_paired_differences():
    rng = np.random.default_rng(1)
    common = rng.normal(size=200)
    values = np.array([common, common + rng.normal(0.2, 1.0, 200), 2.0 * common])
    p = mean_tests(values)
    for i in range(3):
        for j in range(i):
            known = stats.ttest_rel(values[i], values[j]).pvalue
            # The little skewness of a normal sample can only make it larger.
            assert known * (1 - 1e-9) <= p[i, j] == p[j, i] < known + 0.02
    assert (np.diag(p) == 1.0).all()


@pytest.mark.parametrize("way", [1, -1])
def test_skewness_is_taken_out_as_hall_has_it(way):
    rng = np.random.default_rng(5)
    gap = way * (1.3 - rng.exponential(1.0, 300))  # the long tail away from the mean
    t = stats.ttest_1samp(gap, 0.0).statistic
    a = stats.skew(gap) / np.sqrt(300)
    known = 2 * stats.t.sf(abs(t + a * t**2 / 3 + a**2 * t**3 / 27 + a / 6), 299)
    p = mean_tests(np.array([gap, np.zeros(300)]))[0, 1]
    assert p == pytest.approx(known, rel=1e-9)
    assert p > 1.2 * stats.ttest_1samp(gap, 0.0).pvalue
    towards = way * (0.7 + rng.exponential(1.0, 300) - 0.9)
    p = mean_tests(np.array([towards, np.zeros(300)]))[0, 1]
    assert p == pytest.approx(stats.ttest_1samp(towards, 0.0).pvalue, rel=1e-9)


@pytest.mark.parametrize("differ", [4, FEW - 1, FEW])
def test_few_differing_pairs_are_told_apart_by_their_signs_too(differ):
    gap = np.zeros(2_000)
    gap[:differ] = 5.0
    gap[: differ // 4] = -5.0
    signs = stats.binomtest(differ // 4, differ).pvalue
    student = stats.ttest_1samp(gap, 0.0).pvalue
    p = mean_tests(np.array([np.zeros(2_000), gap]))[0, 1]
    assert p >= student
    if differ < FEW:
        assert p >= signs * (1 - 1e-9)
    else:
        assert p < signs


def test_shares_are_tested_by_the_pairs_that_differ():
    rng = np.random.default_rng(2)
    values = rng.random((4, 300)) < np.array([0.05, 0.1, 0.1, 0.5])[:, None]
    p = share_tests(values)
    for i in range(4):
        for j in range(i):
            up, down = int((values[i] & ~values[j]).sum()), int((values[j] & ~values[i]).sum())
            assert p[i, j] == pytest.approx(stats.binomtest(up, up + down).pvalue, rel=1e-9)


def test_what_is_equal_in_every_replicate_is_never_told_apart():
    row = np.arange(50) % 3 == 0
    assert share_tests(np.array([row, row]))[0, 1] == 1.0
    assert mean_tests(np.array([row, row]) / 3.0)[0, 1] == 1.0


def test_what_differs_by_the_same_in_every_replicate_is_told_apart():
    row = np.arange(50.0)
    assert mean_tests(np.array([row, row + 1.0]))[0, 1] == pytest.approx(2 * 0.5**50)
    row = np.arange(200.0)
    assert mean_tests(np.array([row, row + 1.0]))[0, 1] == 0.0


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
    ranking = rank(criteria([(0.1, 9.0), (0.1, 5.0), (0.6, 6.0), (0.1, 5.0)]))
    assert ranking.bracket == (2, 1, 3, 1)
    assert set(ranking.order[:2]) == {1, 3}
    assert ranking.order[2:] == (0, 2)
    assert ranking.tests == 2 * 6


def test_the_first_criterion_orders_what_is_not_told_apart():
    war = np.zeros((3, 1_000), np.bool_)
    war[0, :3] = war[1, :2] = war[2, :1] = True
    dead = np.tile(np.random.default_rng(6).poisson(2.0, 1_000).astype(float), (3, 1))
    dead[2, :500] += 9.0
    dead[1, 0] += 2.0
    ranking = rank([war, dead])
    # War tells none of them apart; their dead tell the last one from the first two, and no more.
    assert ranking.order == (1, 0, 2)
    assert ranking.bracket == (1, 1, 2)


@pytest.mark.parametrize("replicates", [1, 2, 5, 9, 13, 14, 30])
def test_war_without_dead_never_leads_however_few_the_replicates(replicates):
    rng = np.random.default_rng(11)
    war = rng.random((15, replicates)) < 0.02
    dead = rng.poisson(5.0, (15, replicates)).astype(float)
    war[14], dead[14] = True, 0.0
    assert rank([war, dead]).order[0] != 14


def joining():
    """Four options: the last is told from the best, and beats the third on everything."""
    war = np.zeros((4, 10_000), np.bool_)
    war[0, 0:400] = True
    war[1, 0:410] = True
    war[2, 400:860] = True  # no war in common with the best: its tests see little
    war[3, 0:450] = True  # every war of the best, and 50 more
    return war


def test_what_is_told_from_the_best_joins_one_that_it_beats():
    ranking = rank([joining()])
    assert not ranking.worse[0, 2, 0]
    assert ranking.worse[0, 3, 0]
    assert ranking.bracket == (1, 1, 1, 1)
    assert ranking.order == (0, 1, 3, 2)


def test_nothing_joins_by_one_criterion_alone():
    dead = np.zeros((4, 10_000))
    dead[3, :40] = 1.0
    ranking = rank([joining(), dead])
    assert ranking.bracket == (1, 1, 1, 2)


def test_one_option_is_the_best():
    ranking = rank([np.zeros((1, 9), np.bool_), np.zeros((1, 9))])
    assert (ranking.order, ranking.bracket, ranking.tests) == ((0,), (1,), 0)


@st.composite
def tables(draw):
    """Two criteria of two to seven options, on luck that is partly common; ties are frequent."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    size, replicates = draw(st.integers(2, 7)), draw(st.integers(2, 200))
    common = rng.random(replicates)
    own = rng.random((size, replicates))
    luck = np.where(rng.random((size, 1)) < draw(st.floats(0, 1)), common, own)
    war = luck < rng.random((size, 1)) * draw(st.sampled_from([0.05, 0.5, 1.0]))
    scale = draw(st.sampled_from([0.0, 0.3, 3.0]))
    dead = np.floor(luck * 10 + scale * rng.normal(size=(size, 1)))
    return [war, dead]


@given(tables())
def test_the_brackets_part_the_options(table):
    ranking = rank(table)
    size = len(table[0])
    assert sorted(ranking.order) == list(range(size))
    along = [ranking.bracket[i] for i in ranking.order]
    assert along[0] == 1
    assert all(after - before in (0, 1) for before, after in itertools.pairwise(along))
    assert not (ranking.worse & ranking.worse.transpose(0, 2, 1)).any()


@given(tables())
def test_nothing_stands_below_what_it_equals_or_beats_on_everything(table):
    ranking = rank(table)
    means = [values.mean(axis=1) for values in table]
    for i, j in itertools.permutations(range(len(table[0])), 2):
        if all(mean[i] <= mean[j] for mean in means):
            assert ranking.bracket[i] <= ranking.bracket[j]
            if any(mean[i] < mean[j] for mean in means):
                assert ranking.order.index(i) < ranking.order.index(j)
            else:
                assert ranking.bracket[i] == ranking.bracket[j]


def not_told_from_the_lowest(pool, mean, worse):
    least = min(mean[i] for i in pool)
    return {i for i in pool if any(mean[j] == least and not worse[i, j] for j in pool)}


@given(tables())
def test_a_bracket_holds_what_is_said_of_it_and_nothing_else(table):
    ranking = rank(table)
    war, dead = (values.mean(axis=1) for values in table)
    for number in range(1, max(ranking.bracket) + 1):
        left = {i for i, bracket in enumerate(ranking.bracket) if bracket >= number}
        core = not_told_from_the_lowest(left, war, ranking.worse[0])
        core = not_told_from_the_lowest(core, dead, ranking.worse[1])
        for i in left:
            joins = any(war[i] <= war[j] and dead[i] <= dead[j] for j in core)
            assert (ranking.bracket[i] == number) == (i in core or joins)


@given(tables(), st.randoms(use_true_random=False))
def test_the_places_of_the_options_do_not_matter(table, random):
    places = list(range(len(table[0])))
    random.shuffle(places)
    ranking, moved = rank(table), rank([values[places] for values in table])
    assert moved.bracket == tuple(ranking.bracket[i] for i in places)
    means = {tuple(values.mean(axis=1)[i] for values in table) for i in places}
    if len(means) == len(places):
        assert [places[i] for i in moved.order] == list(ranking.order)


def within(alarms, tables, rate=ALPHA):
    """Whether so many alarms are no more than a rate explains, but for one seed in 10,000."""
    return alarms <= stats.binom.ppf(1 - 1e-4, tables, rate)


def false_alarms(tell, tables, size, replicates):
    """In how many of many tables of like options anything is told apart."""
    rng = np.random.default_rng(4)
    count = 0
    for _ in range(tables):
        luck = rng.normal(size=(1, replicates))
        count += tell(luck + rng.normal(size=(size, replicates)))
    return count


def test_like_options_are_told_apart_in_at_most_one_table_of_twenty():
    alarms = false_alarms(lambda values: rank([values]).worse.any(), 400, 6, 80)
    assert within(alarms, 400)


def test_without_holm_they_would_be_told_apart_far_more_often():
    alarms = false_alarms(lambda values: (mean_tests(values) < ALPHA).any(), 400, 6, 80)
    assert not within(alarms, 400)


def rare_deaths(rng, size, replicates, rate, tail):
    """Deaths of like options: in most replicates the same, elsewhere drawn anew, mostly none."""

    def drawn(count):
        heavy = np.ceil(20 * (1 + rng.pareto(1.5, count))) if tail else np.ones(count)
        return np.where(rng.random(count) < 0.5, heavy, 0.0)

    values = np.tile(np.where(rng.random(replicates) < 0.02, 30.0, 0.0), (size, 1))
    own = rng.random((size, replicates)) < rate
    values[own] = drawn(own.sum())
    return values


def rare_alarms(tell, tables, size, replicates, rate, tail):
    rng = np.random.default_rng(7)
    return sum(tell(rare_deaths(rng, size, replicates, rate, tail)).any() for _ in range(tables))


RATES = (1e-4, 3e-4, 1e-3, 3e-3, 1e-2, 1e-1)


@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize("tail", [False, True], ids=["one each", "heavy"])
def test_rare_deaths_are_told_apart_in_at_most_one_table_of_twenty(rate, tail):
    # 300 tables of four like options.
    alarms = rare_alarms(lambda v: rank([v]).worse, 300, 4, 4_000, rate, tail)
    assert within(alarms, 300)


@pytest.mark.slow
@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize("tail", [False, True], ids=["one each", "heavy"])
@pytest.mark.parametrize("size", [2, 4, 10])
def test_rare_deaths_over_many_tables(rate, tail, size):
    # 2,000 tables: 8 in 100 would be seen.
    alarms = rare_alarms(lambda v: rank([v]).worse, 2_000, size, 4_000, rate, tail)
    assert within(alarms, 2_000)


def test_students_test_alone_would_tell_four_differing_pairs_apart():
    # All four on one side, one time in eight.
    rng = np.random.default_rng(8)
    student = signs = 0
    for _ in range(400):
        gap = np.zeros((2, 1_000))
        gap[1, :4] = rng.choice([-1.0, 1.0], 4)
        student += stats.ttest_rel(*gap).pvalue <= ALPHA
        signs += rank([gap]).worse.any()
    assert not within(student, 400)
    assert within(signs, 400)


def skewed(rng, replicates, heavy):
    """Two options of the same mean: one costs 1 often, the other 4 a quarter as often."""
    often = rng.random(replicates) < 4 * heavy / replicates
    seldom = rng.random(replicates) < heavy / replicates
    return np.array([often * 1.0, seldom * 4.0])


@pytest.mark.parametrize("heavy", [12, 100])
def test_skewed_differences_of_one_mean_are_seldom_told_apart(heavy):
    rng = np.random.default_rng(9)
    alarms = sum(rank([skewed(rng, 4_000, heavy)]).worse.any() for _ in range(500))
    assert within(alarms, 500)


def test_at_the_levels_of_holm_students_test_alone_errs_on_skewed_differences():
    # At 5 % over 90 tests, with some 12 of the heavy ones: five times too often, or more.
    rng = np.random.default_rng(10)
    student = hall = 0
    for _ in range(3_000):
        values = skewed(rng, 4_000, 12)
        student += stats.ttest_rel(*values).pvalue <= ALPHA / 90
        hall += mean_tests(values)[0, 1] <= ALPHA / 90
    assert not within(student, 3_000, ALPHA / 90)
    assert within(hall, 3_000, ALPHA / 90)


def test_the_first_of_some_alone_are_those_of_a_ranking_without_the_others():
    rng = np.random.default_rng(5)
    luck = rng.random((1, 4_000))
    chances = np.array([0.05, 0.2, 0.2, 0.4])[:, None]
    found = rank([luck < chances])
    assert found.bracket == (1, 2, 2, 3)
    assert found.first([1, 2, 3]) == (1, 2)
    assert found.first([3]) == (3,)
    assert found.first(range(4)) == (0,)
    # Not told apart from one another by the tests of all, and so of one bracket without the first.
    close = rank([luck < np.array([0.20, 0.2001, 0.2003])[:, None]])
    assert close.first([1, 2]) == (1, 2)
