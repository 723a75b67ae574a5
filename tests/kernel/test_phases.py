"""Where one phase follows another, what goes on and what runs differently: worked by hand."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.kernel import clocks, phases
from sim.kernel import layout as at
from sim.kernel.covariates import amount, observe, put

DAYS = st.floats(0.01, 30.0)


def pair():
    """Two PARAMS records of two actors that differ in nothing yet, and a state."""
    old, new = at.new_record(at.PARAMS), at.new_record(at.PARAMS)
    for params in (old, new):
        params.n = 2
        params.war_major = 1
        params.actor[:2, at.ACTOR_TEMPO] = 1.0
        params.actor[:2, at.ACTOR_ASSESSMENT] = 0.5
        params.decay[:2] = math.log(2) / 10.0
        params.world[at.WORLD_CEILING] = 100.0
        params.world[at.WORLD_QUIET_DAYS] = 14.0
        params.world[at.WORLD_FLOOR] = 0.5
    state = at.new_state(1, 0)
    state.begun = 1
    state.time[at.LAST_HOT] = 0.0
    return old, new, state


def test_an_amount_goes_on_from_where_it_is_and_fades_at_the_new_rate():
    old, new, state = pair()
    new.decay[0, at.TENSION] = math.log(2) / 2.0
    put(state, 0, at.TENSION, 0, 8.0)
    put(state, 1, at.TENSION, 1, 8.0)
    state.time[at.NOW] = 10.0
    phases.change_over(old, new, state)
    assert amount(new, state, 0, at.TENSION, 0) == pytest.approx(4.0)
    state.time[at.NOW] = 14.0
    assert amount(new, state, 0, at.TENSION, 0) == pytest.approx(1.0)
    # The other actor's half-life is as it was, and its amount untouched.
    assert state.value[1, at.TENSION, 1] == 8.0
    assert state.since[1, at.TENSION, 1] == 0.0


def test_a_belief_stays_where_it_is_and_drifts_to_the_new_prior():
    old, new, state = pair()
    old.pair[at.PAIR_PRIOR, 0, 1], new.pair[at.PAIR_PRIOR, 0, 1] = 0.2, 0.6
    put(state, 0, at.HOSTILE_INTENT, 1, 0.4)
    state.time[at.NOW] = 10.0
    before = observe(old, state, 0, at.HOSTILE_INTENT, 1)
    phases.change_over(old, new, state)
    assert observe(new, state, 0, at.HOSTILE_INTENT, 1) == pytest.approx(before) == 0.4
    state.time[at.NOW] = 1e4
    assert observe(new, state, 0, at.HOSTILE_INTENT, 1) == pytest.approx(0.6)


def test_a_count_under_way_keeps_the_share_that_is_left():
    old, new, state = pair()
    new.actor[0, at.ACTOR_ASSESSMENT] = 0.1
    state.time[at.NOW] = 1.0
    state.pending[0, 1], state.pending[1, 0] = 1.3, 1.25
    phases.change_over(old, new, state)
    assert state.pending[0, 1] == pytest.approx(1.06)
    assert state.pending[1, 0] == 1.25
    assert state.time[at.NEXT_ASSESSMENT] == state.pending[0, 1]


def test_the_date_of_settlement_is_found_anew():
    old, new, state = pair()
    put(state, 0, at.GRIEVANCE, 1, 4.0)
    phases.change_over(old, old, state)
    assert state.time[at.SETTLES] == pytest.approx(30.0)
    new.decay[0, at.GRIEVANCE] = math.log(2) / 6.0
    phases.change_over(old, new, state)
    assert state.time[at.SETTLES] == pytest.approx(18.0)


@given(st.floats(0.1, 20.0), DAYS, DAYS, st.floats(0.0, 5.0), st.floats(0.01, 0.99))
def test_a_clock_uses_up_the_same_exponential(left, tempo, other, jump, share):
    old, new, state = pair()
    old.actor[0, at.ACTOR_TEMPO], new.actor[0, at.ACTOR_TEMPO] = tempo, other
    new.decay[0, at.URGENCY] = math.log(2) / 3.0
    clocks.restart(old, state, 0, left)
    clocks.quicken(old, state, 0, jump)
    due = float(state.clock[0, at.CLOCK_DUE])
    moment = share * due
    state.time[at.NOW] = moment
    phases.change_over(old, new, state)
    rest = float(state.clock[0, at.CLOCK_DUE]) - moment
    first = float(old.decay[0, at.URGENCY])
    second = float(new.decay[0, at.URGENCY])

    def integral(decay, days):
        return (1 - math.exp(-decay * days)) / decay

    fading = jump * math.exp(-first * moment)
    used = tempo * (moment + jump * integral(first, moment))
    used += other * (rest + fading * integral(second, rest))
    assert used == pytest.approx(left, rel=1e-9)
    # A control: had the pace stayed, it would not have come out.
    if abs(other / tempo - 1) > 0.1 and rest > 1e-3:
        stayed = tempo * (moment + rest + jump * integral(first, moment + rest))
        assert stayed != pytest.approx(left, rel=1e-9)


def test_urgency_keeps_below_the_new_ceiling():
    old, new, state = pair()
    new.world[at.WORLD_CEILING] = 2.0
    clocks.restart(old, state, 0, 1.0)
    clocks.quicken(old, state, 0, 50.0)
    phases.change_over(old, new, state)
    assert state.clock[0, at.CLOCK_URGENCY] == 2.0


def test_where_nothing_differs_nothing_moves():
    old, new, state = pair()
    clocks.restart(old, state, 0, 1.0)
    clocks.quicken(old, state, 0, 3.0)
    put(state, 0, at.GRIEVANCE, 1, 4.0)
    state.time[at.NOW] = 0.1
    phases.change_over(old, old, state)
    before = at.copied(state)
    phases.change_over(old, new, state)
    assert before.tobytes() == state.tobytes()
