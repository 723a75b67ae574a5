import math

import pytest

from sim.kernel import layout as at
from sim.kernel.ends import settlement_date


def settle(here, day=0.0):
    here.state.time[at.NOW] = day
    settlement_date(here.params, here.state)
    return float(here.state.time[at.SETTLES])


def silence(here):
    """Nobody ever comes to a decision."""
    here.state.clock[:, at.CLOCK_DUE] = math.inf
    return here


def test_a_crisis_in_which_nothing_happens_settles_after_the_quiet_spell(world):
    here = silence(world("plain").start())
    assert here.proceed() == at.SETTLEMENT
    assert here.state.time[at.NOW] == 10.0
    assert here.state.end == at.SETTLEMENT


@pytest.mark.parametrize("move, hot", [("threaten", 1), ("proxy_strike", 1), ("conciliate", 0)])
def test_threats_and_blows_break_the_quiet(world, move, hot):
    here = world("plain", {"settlement.grievance_floor": 100.0}).start()
    here.force("bob", move, "ann", 4.0)
    assert here.state.time[at.SETTLES] == 10.0 + 4.0 * hot


def test_grievances_settle_when_they_have_faded_to_the_floor(world):
    # Four units are half a unit after three half-lives of ten days.
    here = world("plain", {"horizon_days": 100.0}).start()
    here.force("ann", "major_strike", "bob", 2.0)
    assert here.state.time[at.SETTLES] == pytest.approx(2.0 + 30.0, abs=1e-12)
    silence(here)
    while (kind := here.proceed()) == at.ASSESSMENT:
        silence(here)
    assert kind == at.SETTLEMENT
    assert here.state.time[at.NOW] == pytest.approx(32.0, abs=1e-12)
    assert here.see("bob", "grievance", "ann") == pytest.approx(0.5, abs=1e-12)


def test_settlement_is_never_in_the_past(world):
    here = world("plain").start()
    here.state.time[at.LAST_HOT] = -50.0
    assert settle(here, 3.0) == 3.0


def test_the_horizon_ends_what_nothing_else_does(world):
    here = silence(world("plain", {"horizon_days": 6.5}).start())
    assert here.proceed() == at.HORIZON
    assert here.state.time[at.NOW] == 6.5
    assert here.state.end == at.HORIZON


def test_open_war_is_war_at_once(world):
    here = world("plain").start()
    assert here.force("ann", "open_war", "bob", 1.0) == at.WAR
    assert here.state.end == at.WAR


def strikes(world, *days, k=2, within=7.0):
    """Let ann and bob strike at the signed days (ann's positive); say when it became war."""
    here = world("plain", {"war.major_strikes": k, "war.within_days": within}).start()
    for day in days:
        pair = ("ann", "bob") if day > 0 else ("bob", "ann")
        kind = here.force(pair[0], "major_strike", pair[1], abs(day))
        if here.state.end == at.WAR:
            assert kind == at.WAR
            return day
        assert kind == at.MOVE
    return None


def test_mutual_major_strikes_within_the_window_are_war(world):
    assert strikes(world, 1, -2, 3, -4) == -4
    assert strikes(world, 1, 2, -3, -8) == -8  # the first is exactly seven days old
    assert strikes(world, 1, 2, -3, -8.001) is None
    assert strikes(world, 1, 2, -3, -8.1, 8.2) == 8.2


def test_one_side_alone_makes_no_war(world):
    assert strikes(world, 1, 2, 3, 4, 5, 6, -7) is None


@pytest.mark.parametrize("k", range(1, 9))
def test_war_needs_k_strikes_of_each(world, k):
    turns = [(n + 1) * 0.1 * (-1) ** n for n in range(2 * k)]
    assert strikes(world, *turns, k=k) == turns[-1]
    assert strikes(world, *turns[:-1], k=k) is None


def test_limited_strikes_never_add_up_to_war(world):
    here = world("plain").start()
    turns = (("ann", "bob"), ("bob", "ann")) * 4
    for day, (i, j) in enumerate(turns, start=1):
        assert here.force(i, "limited_strike", j, float(day)) == at.MOVE


def test_strikes_on_a_third_party_do_not_count(world):
    here = world("plain").start()
    ann, bob, cal = (here.actor(name) for name in ("ann", "bob", "cal"))
    here.force("ann", "major_strike", "bob", 1.0)
    here.force("ann", "major_strike", "bob", 1.1)
    assert (here.state.major[ann, bob, :2] > 0).all()
    assert not (here.state.major[[bob, cal]] > 0).any()


def test_ties_go_assessment_first_and_in_the_order_of_the_actors(world):
    # ann and cal stand in the camp; here they count their dead equally long.
    here = silence(world("plain", {"actors.cal.assessment_days": 1.0}).start())
    here.force("bob", "limited_strike", "ann", 1.0)
    here.state.clock[:, at.CLOCK_DUE] = 2.0
    told = []
    for _ in range(2):
        assert here.proceed() == at.ASSESSMENT
        told.append(int(here.work.row[at.ROW_ACTOR]))
        here.state.clock[:, at.CLOCK_DUE] = 2.0
    assert told == [here.actor("ann"), here.actor("cal")]
    assert here.proceed() == at.DECISION
    assert here.work.actor == here.actor("ann")


def test_a_second_blow_begins_the_count_anew(world):
    here = silence(world("plain").start())
    here.force("bob", "limited_strike", "ann", 1.0)
    first = here.dead()[0]
    here.force("bob", "limited_strike", "ann", 1.8)
    both = first + here.dead()[0]
    silence(here)
    assert here.proceed() == at.ASSESSMENT
    assert here.state.time[at.NOW] == pytest.approx(2.8)
    assert here.dead()[0] == both
    assert here.state.known[0] == both
