"""What chance decides about a blow: where, from where, whether noticed, whose, and who dies."""

import numpy as np
import pytest
from scipy import stats

from sim.kernel import blows
from sim.kernel import layout as at


@pytest.fixture
def blow(world):
    """Strike many times, each with the luck of another decision, and give the events' rows."""

    def strike(many, actor, move, target, overrides=None, **key):
        here = world("plain", overrides, **key).start()
        i = here.actor(actor)
        rows = []
        for count in range(many):
            here.state.count[i] = count
            here.force(actor, move, target, 1.0)
            rows.append(here.work.row[: at.N_ROW + 3].copy())
        return np.array(rows)

    return strike


def fits(hits, many, chance, alpha):
    """Tell whether a share fits, and that a share off by 0.1 would not."""
    off = chance + 0.1 if chance < 0.5 else chance - 0.1
    assert stats.binomtest(int(hits), many, off).pvalue < alpha
    return stats.binomtest(int(hits), many, chance).pvalue > alpha


@pytest.mark.parametrize("chance", [0.0, 0.3, 1.0])
def test_deniable_blows_are_attributed_by_chance(blow, chance, alpha):
    rows = blow(1500, "bob", "proxy_strike", "ann", {"actors.bob.attribution": chance})
    assert fits(rows[:, at.ROW_ATTRIBUTED].sum(), 1500, chance, alpha / 3)


def test_overt_blows_are_their_actors_own(blow):
    rows = blow(50, "bob", "limited_strike", "ann", {"actors.bob.attribution": 0.0})
    assert rows[:, at.ROW_ATTRIBUTED].all()


@pytest.mark.parametrize("chance", [0.0, 0.6, 1.0])
def test_a_host_passes_notice_on_by_chance(blow, chance, alpha):
    rows = blow(1500, "bob", "notified_strike", "ann", {"actors.cal.passes_warning": chance})
    assert fits(rows[:, at.ROW_NOTICE].sum(), 1500, chance, alpha / 3)


def test_notice_at_home_always_arrives(blow):
    rows = blow(50, "ann", "notified_strike", "bob", {"actors.bob.passes_warning": 0.0})
    assert rows[:, at.ROW_NOTICE].all()


def test_without_notice_none_arrives(blow):
    assert not blow(50, "bob", "limited_strike", "ann")[:, at.ROW_NOTICE].any()


def test_blows_are_launched_from_hosts_by_chance(blow, alpha):
    rows = blow(1500, "bob", "limited_strike", "ann")
    assert fits((rows[:, at.ROW_LAUNCHED] == 2).sum(), 1500, 0.4, alpha)
    assert set(rows[:, at.ROW_LAUNCHED]) == {-1.0, 2.0}


def test_blows_fall_where_the_weights_say(blow, alpha):
    # 3 : 1 on the base and the port; never on the camp, where nobody strikes bob.
    rows = blow(1500, "ann", "major_strike", "bob")
    assert fits((rows[:, at.ROW_PLACE] == 1).sum(), 1500, 0.75, alpha)
    assert set(rows[:, at.ROW_PLACE]) == {1.0, 2.0}


# mean dead = munitions * lethality * exposure * (1 - alert) * (1 - averted share)
MEANS = [
    ("limited_strike", {}, 10.0),
    ("limited_strike", {"actors.ann.alert": 0.5}, 5.0),
    ("limited_strike", {"places.camp.exposure": 0.25}, 2.5),
    ("limited_strike", {"moves.limited_strike.lethality": 0.0}, 0.0),
    ("notified_strike", {"actors.cal.passes_warning": 1.0}, 2.5),
    ("notified_strike", {"actors.cal.passes_warning": 0.0}, 10.0),
    ("notified_strike", {"actors.cal.passes_warning": 1.0, "actors.ann.alert": 0.6}, 1.0),
]


@pytest.mark.parametrize("move, overrides, mean", MEANS)
def test_the_dead_are_poisson_with_the_stated_mean(blow, move, overrides, mean, alpha):
    many = 1000
    total = blow(many, "bob", move, "ann", overrides)[:, at.N_ROW :].sum()

    def p_value(m):
        below, above = stats.poisson.cdf(total, m * many), stats.poisson.sf(total - 1, m * many)
        return 2 * min(below, above)

    assert p_value(mean) > alpha / len(MEANS)
    assert p_value(mean * 1.1 + 0.1) < alpha / len(MEANS)


def test_the_dead_are_shared_by_who_is_there(blow, alpha):
    dead = blow(500, "bob", "limited_strike", "ann")[:, at.N_ROW :].sum(axis=0)
    assert dead[1] == 0
    shared = dead[[0, 2]]
    assert stats.chisquare(shared, dead.sum() * np.array([0.75, 0.25])).pvalue > alpha
    assert stats.chisquare(shared, dead.sum() * np.array([0.8, 0.2])).pvalue < alpha


def test_one_more_of_the_dead_never_changes_the_others(world):
    here = world("plain", seed=5)
    before = np.zeros(3)
    for deaths in range(30):
        row = np.zeros(at.N_ROW + at.MAX_ACTORS)
        blows.share_out(here.params, here.state.key, row, 0, 1, 7, 0, deaths)
        shared = row[at.N_ROW : at.N_ROW + 3]
        assert shared.sum() == deaths
        assert sorted(shared - before) == ([0, 0, 1] if deaths else [0, 0, 0])
        before = shared


def test_claims_are_habit_or_truth_whichever_is_more(blow):
    # bob claims a quarter of its ten munitions: 2.5, rounded up to 3.
    rows = blow(200, "bob", "limited_strike", "ann", {"moves.limited_strike.lethality": 0.3})
    dead = rows[:, at.N_ROW :].sum(axis=1)
    assert (rows[:, at.ROW_CLAIMED] == np.maximum(3, dead)).all()
    assert (dead > 3).any()
    assert (dead < 3).any()


def test_nothing_is_claimed_for_what_is_denied(blow):
    rows = blow(50, "bob", "proxy_strike", "ann", {"actors.bob.claims": 9.0})
    assert not rows[:, at.ROW_CLAIMED].any()
