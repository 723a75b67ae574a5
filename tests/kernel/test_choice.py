import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import special, stats

from sim.kernel import choice, loop
from sim.kernel import layout as at


def weighed(bare, utilities, precision=1.0):
    """Probabilities of options that differ in their base propensities only."""
    bare.params.n_options[0] = len(utilities)
    bare.params.propensity[0, : len(utilities)] = utilities
    bare.params.actor[0, at.ACTOR_PRECISION] = precision
    choice.weigh(bare.params, bare.state, bare.work, 0)
    return bare.work.probability[: len(utilities)].copy()


@pytest.mark.parametrize("precision, advantage", [(1.0, 1.0), (0.5, -3.0), (2.0, 0.25)])
def test_two_options_are_chosen_as_the_logistic_says(bare, precision, advantage, alpha):
    weighed(bare, [0.0, advantage], precision)
    expected = 1.0 / (1.0 + math.exp(-precision * advantage))
    bare.state.time[at.LAST_HOT] = 0.0
    loop.begin(bare.params, bare.state, bare.work, 0)
    many, second = 4000, 0
    for _ in range(many):
        loop.proceed(bare.params, bare.state, bare.work, math.inf)
        second += int(bare.work.pick)
        loop.perform(bare.params, bare.state, bare.work, 0)
    assert stats.binomtest(second, many, expected).pvalue > alpha / 3
    # The negative control: an advantage that is a quarter of a logit off.
    wrong = 1.0 / (1.0 + math.exp(-precision * advantage - 0.25))
    assert stats.binomtest(second, many, wrong).pvalue < alpha / 3


UTILITIES = arrays(float, st.integers(1, 40), elements=st.floats(-1000.0, 1000.0))
INSIDE = st.floats(2.0**-53, 1.0 - 2.0**-53)


@given(UTILITIES, st.floats(0.0, 50.0))
def test_probabilities_are_the_softmax_and_sum_to_one(utilities, precision):
    bare = _bare()
    probability = weighed(bare, utilities, precision)
    assert probability.sum() == pytest.approx(1.0, abs=1e-12)
    assert probability == pytest.approx(special.softmax(precision * utilities), abs=1e-12)


def _bare():
    from types import SimpleNamespace

    params = at.new_record(at.PARAMS)
    params.n = 1
    return SimpleNamespace(params=params, state=at.new_state(1, 0), work=at.new_record(at.WORK))


def test_without_precision_all_options_are_alike(bare):
    assert weighed(bare, [0.0, 5.0, -700.0], 0.0) == pytest.approx([1 / 3] * 3, abs=1e-15)


@pytest.mark.parametrize("precision", [1e3, 1e6])
def test_with_much_precision_the_best_is_certain(bare, precision):
    assert weighed(bare, [0.0, 1000.0, 999.9, -1000.0], precision) == pytest.approx([0, 1, 0, 0])


def test_ties_stay_ties_however_precise(bare):
    assert weighed(bare, [0.0, 7.0, 7.0], 1e6) == pytest.approx([0.0, 0.5, 0.5])


@given(st.lists(st.floats(0.0, 1.0), min_size=1, max_size=12).filter(lambda w: sum(w) > 0), INSIDE)
def test_pick_holds_the_stretch_in_which_u_lies(weights, u):
    probability = np.array(weights) / sum(weights)
    option = choice.pick(probability, len(weights), u)
    edges = np.concatenate([[0.0], np.cumsum(probability)])
    assert edges[option] - 1e-12 <= u
    assert u <= edges[option + 1] + 1e-12 or option == len(weights) - 1


@given(st.lists(st.sampled_from([0.0, 0.25, 0.5]), min_size=2, max_size=8), INSIDE)
def test_what_has_no_chance_is_not_picked(weights, u):
    total = sum(weights[:-1])
    # Exact in binary, so no rest is left over for the last.
    if total not in (0.25, 0.5, 1.0):
        return
    probability = np.array([*weights[:-1], 0.0]) / total
    assert probability[choice.pick(probability, len(weights), u)] > 0.0


def test_repetition_brakes_and_is_forgotten(bare):
    bare.params.world[at.WORLD_BRAKE] = -2.0
    bare.params.world[at.WORLD_BRAKE_DECAY] = math.log(2) / 3.0
    bare.state.made[0, 1] = 0.0
    bare.state.time[at.NOW] = 6.0
    weighed(bare, [0.0, 1.0, 1.0])
    assert bare.work.repetition[:3] == pytest.approx([0.0, -0.5, 0.0], abs=1e-12)
    assert bare.work.utility[:3] == pytest.approx([0.0, 0.5, 1.0], abs=1e-12)


def test_rules_add_up(world):
    # Grievance 1 of scale 2 is half of ann's rule; 1 dead is ln 2 of scale 1.
    here = world("plain").start()
    state, ann, bob = here.state, here.actor("ann"), here.actor("bob")
    state.value[ann, at.GRIEVANCE, bob] = 1.0
    state.value[ann, at.DEAD, bob] = 1.0
    choice.weigh(here.params, state, here.work, ann)
    strike, major = (here.option("ann", move, "bob") for move in ("limited_strike", "major_strike"))
    assert here.work.utility[strike] == pytest.approx(-2.0 + 2.0 * 0.5 + math.log(2), abs=1e-12)
    assert here.work.utility[major] == pytest.approx(-3.0 + 1.0 * 0.5, abs=1e-12)
    assert here.work.utility[here.option("ann", "mediate")] == -1.0
    assert here.work.utility[0] == 0.0


@pytest.mark.parametrize("value, ramp", [(-1.0, 0.0), (0.0, 0.0), (1.0, 0.5), (9.0, 1.0)])
def test_a_ramp_is_flat_below_nothing_and_above_its_scale(world, value, ramp):
    here = world("plain").start()
    here.state.value[here.actor("ann"), at.GRIEVANCE, here.actor("bob")] = value
    choice.weigh(here.params, here.state, here.work, here.actor("ann"))
    strike = here.option("ann", "limited_strike", "bob")
    assert here.work.utility[strike] == pytest.approx(-2.0 + 2.0 * ramp, abs=1e-12)


def test_a_rule_toward_each_pulls_once_for_each(world):
    # bob minds a tension of 2, half of its scale, toward ann and cal; it may move at ann only.
    here = world("plain").start()
    bob = here.actor("bob")
    here.state.value[bob, at.TENSION, bob] = 2.0
    choice.weigh(here.params, here.state, here.work, bob)
    assert here.work.utility[here.option("bob", "limited_strike", "ann")] == pytest.approx(-2.5)
    assert here.work.utility[here.option("bob", "conciliate", "ann")] == pytest.approx(-0.5)
