import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.kernel import layout as at
from sim.kernel.covariates import add, alarm, amount, observe, put

DAYS = st.floats(0.0, 1000.0)


def two_actors(prior=0.0, half_life=7.0):
    params, state = at.new_record(at.PARAMS), at.new_state(1, 0)
    params.n = 2
    params.decay[:] = math.log(2) / half_life
    params.pair[at.PAIR_PRIOR, 0, 1] = prior
    return params, state


@given(st.floats(0.0, 100.0), DAYS, st.floats(0.1, 1000.0))
def test_amounts_decay_by_their_half_life(value, days, half_life):
    params, state = two_actors(half_life=half_life)
    put(state, 0, at.GRIEVANCE, 1, value)
    state.time[at.NOW] = days
    expected = pytest.approx(value * 2.0 ** (-days / half_life), rel=1e-9, abs=1e-290)
    assert amount(params, state, 0, at.GRIEVANCE, 1) == expected


def test_what_does_not_decay_stays():
    params, state = two_actors()
    params.decay[0, at.AWAITING] = 0.0
    put(state, 0, at.AWAITING, 1, 1.0)
    state.time[at.NOW] = 1e4
    assert amount(params, state, 0, at.AWAITING, 1) == 1.0


@given(st.lists(st.tuples(st.floats(0.0, 20.0), st.floats(0.0, 5.0)), max_size=8))
def test_additions_fade_each_on_its_own(events):
    params, state = two_actors()
    total = 0.0
    for wait, more in events:
        state.time[at.NOW] += wait
        total = total * 2.0 ** (-wait / 7.0) + more
        add(params, state, 0, at.TENSION, 0, more)
    assert observe(params, state, 0, at.TENSION, 1) == pytest.approx(total, rel=1e-9, abs=1e-12)


@given(st.floats(0.0, 1.0), st.lists(st.tuples(st.floats(0.0, 30.0), st.floats(-1.0, 1.0))))
def test_belief_stays_between_0_and_1(prior, events):
    params, state = two_actors(prior)
    for wait, share in events:
        state.time[at.NOW] += wait
        alarm(params, state, 0, 1, share)
        assert -1e-12 <= observe(params, state, 0, at.HOSTILE_INTENT, 1) <= 1 + 1e-12


@given(st.floats(0.0, 1.0), st.floats(-1.0, 1.0))
def test_belief_drifts_back_to_its_prior(prior, share):
    params, state = two_actors(prior)
    alarm(params, state, 0, 1, share)
    state.time[at.NOW] = 7000.0
    assert observe(params, state, 0, at.HOSTILE_INTENT, 1) == pytest.approx(prior, abs=1e-12)


@pytest.mark.parametrize("dead", [0, 1, 10, 80])
def test_the_dead_are_seen_by_their_logarithm(dead):
    params, state = two_actors()
    for c in (at.DEAD, at.PARTNERS_DEAD):
        put(state, 0, c, 1, float(dead))
        assert observe(params, state, 0, c, 1) == pytest.approx(math.log(1 + dead), abs=1e-12)


def test_constants_and_lines():
    params, state = two_actors()
    put(state, 1, at.LINE, 0, 0.7)
    assert observe(params, state, 0, at.CONSTANT, 1) == 1.0
    assert observe(params, state, 0, at.WARNED, 1) == 0.7
    assert observe(params, state, 1, at.WARNED, 0) == 0.0
