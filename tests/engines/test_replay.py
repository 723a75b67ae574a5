"""The same question, the same answer; another question, the same luck until they part."""

import math

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scipy import special

from sim import run
from sim.engines.assemble import INDEX
from sim.engines.model import CrisisModel
from sim.kernel import layout as at
from sim.kernel import loop, phases
from sim.kernel.covariates import observe

NAMES = ["raid", "ten-dead", "after-the-strike", "from-the-killing", "eighty-dead"]
some = settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
scenario_names = st.sampled_from(NAMES)
seeds = st.integers(0, 2**64 - 1)


def bits(history) -> bytes:
    return b"".join(row.tobytes() for row in history.log.rows)


@some
@given(scenario_names, seeds)
def test_a_replayed_seed_is_the_same_history_to_the_bit(everything, told, name, seed):
    first, again = run(everything[name], seed), run(everything[name], seed)
    assert first.log.rows
    assert bits(first) == bits(again)
    assert told(first.log) == told(again.log)
    assert first.log.state.tobytes() == again.log.state.tobytes()
    assert first.to_json() == again.to_json()


def test_seeds_and_replicates_are_different_histories(scenarios):
    scenario = scenarios["from-the-killing"]
    histories = [run(scenario, seed, replicate=k) for seed in range(6) for k in range(3)]
    assert len({bits(history) for history in histories}) == len(histories)


def test_seed_0_is_a_seed(scenarios):
    scenario = scenarios["from-the-killing"]
    assert run(scenario, 0).seed == 0
    assert bits(run(scenario, 0)) == bits(run(scenario, 0)) != bits(run(scenario, 1))


def test_days_step_by_step_are_the_history_in_one_go(scenarios):
    for seed in range(5):
        model = CrisisModel(scenarios["from-the-killing"], seed)
        while model.running:
            model.step()
        whole = run(scenarios["from-the-killing"], seed)
        assert b"".join(row.tobytes() for row in model.log.rows) == bits(whole)


@some
@given(scenario_names, seeds, st.floats(0.1, 20.0))
def test_a_snapshot_has_the_same_future(everything, name, seed, day):
    model = CrisisModel(everything[name], seed)
    model.advance(day)
    state, work = at.new_record(at.STATE), at.new_record(at.WORK)
    for field in at.STATE.names:
        state[field] = model.state[field]
    done = len(model.log.rows)
    rows = []
    while state.end == at.RUNNING:
        kind = phases.proceed(model.assembly.phases, state, work, math.inf)
        if kind == at.DECISION:
            kind = loop.perform(model.assembly.in_force(state), state, work, int(work.pick))
        if kind != at.HELD:
            rows.append(work.row.tobytes())
    model.advance(math.inf)
    assert rows == [row.tobytes() for row in model.log.rows[done:]]
    assert state.tobytes() == model.state.tobytes()


# --- overrides ------------------------------------------------------------------------------


NUMBERS = [
    "tempo.us",
    "precision.iran",
    "harm.per_log_dead",
    "half_lives.default.grievance",
    "actors.us.alert",
    "base.us.limited_strike",
    "repetition.brake",
    "strike.dead",
    "horizon_days",
]


@pytest.mark.parametrize("path", NUMBERS)
def test_an_override_that_changes_nothing_changes_nothing(scenarios, path):
    scenario = scenarios["after-the-strike"]
    same = scenario.with_(path, scenario.parameter(path))
    assert bits(run(same, 3)) == bits(run(scenario, 3))


@pytest.mark.parametrize("path", NUMBERS[:-1])
def test_an_override_that_changes_something_does(scenarios, path):
    # The control to the test above.
    scenario = scenarios["after-the-strike"]
    value = scenario.parameter(path)
    other = scenario.with_(path, 5 if path == "strike.dead" else value * 0.5)
    assert any(bits(run(other, seed)) != bits(run(scenario, seed)) for seed in range(10))


# --- common random numbers ------------------------------------------------------------------


def first_day(log, met) -> float:
    return min((event.day for event in log.events if met(event)), default=math.inf)


def until_dead(log):
    """Until anyone learns of a death."""
    return first_day(log, lambda e: e.kind == "assessment" and e.dead)


def until_force(log):
    return first_day(log, lambda e: e.rung is not None and e.rung >= 6)


def until_move(move):
    return lambda log: first_day(log, lambda e: e.move == move)


# scenario, path, its other value, and until when nobody can have met it
UNMET = [
    ("raid", "moves.major_strike.munitions", 1.0, until_move("major_strike")),
    ("raid", "moves.major_strike.provocation", 50.0, until_move("major_strike")),
    ("after-the-strike", "moves.major_strike.provocation", 50.0, until_move("major_strike")),
    ("after-the-strike", "moves.proxy_strike.provocation", 50.0, until_move("proxy_strike")),
    ("after-the-strike", "actors.iran.attribution", 1.0, until_move("proxy_strike")),
    ("after-the-strike", "war.within_days", 30.0, until_move("major_strike")),
    ("from-the-killing", "actors.us.alert", 0.0, until_force),
    ("from-the-killing", "places.al-asad.exposure", 3.0, until_force),
    ("from-the-killing", "notice.averts", 0.0, until_force),
    ("from-the-killing", "moves.notified_strike.restraint", 9.0, until_move("notified_strike")),
]


@pytest.mark.parametrize("name, path, value, unmet", UNMET)
def test_a_history_is_shared_until_met(scenarios, told, name, path, value, unmet):
    base = scenarios[name]
    changed = base.with_(path, value)
    assert base.parameter(path) != value
    shared = 0
    for seed in range(15):
        a, b = run(base, seed).log, run(changed, seed).log
        # A decision at the very moment when it is met may be the one that meets it.
        day = min(unmet(a), unmet(b))
        assert told(a, day) == told(b, day)
        if day == math.inf:
            assert a.state.tobytes() == b.state.tobytes()
        shared += sum(map(len, told(a, day)))
    assert shared > 15


def test_a_rule_that_nothing_arouses_changes_nothing(scenarios, told):
    """Rules on partners' dead, until partners die; every rule alike, until it ramps."""
    base = scenarios["from-the-killing"]
    rules = [rule for rule in base.crisis.rules if rule.when == "partners_dead"]
    assert rules
    for rule in rules:
        path = f"rules.{rule.id}.moves.{next(iter(rule.moves))}"
        changed = base.with_(path, base.parameter(path) + 3.0)
        for seed in range(8):
            a, b = run(base, seed).log, run(changed, seed).log
            day = min(until_dead(a), until_dead(b))
            assert told(a, day) == told(b, day)


def test_a_half_life_that_nobody_reads_changes_nothing(scenarios, told):
    base = scenarios["raid"]
    read = {rule.when for rule in base.crisis.rules} | {"grievance"}
    for trace in ("restraint", "sovereignty", "exposed", "host_used", "dead", "no_dead"):
        assert trace not in read
        changed = base.with_(f"half_lives.default.{trace}", 0.01)
        for seed in range(5):
            assert told(run(base, seed).log) == told(run(changed, seed).log)


def test_a_late_inject_is_not_felt_before_its_date(scenarios, told):
    base = scenarios["after-the-strike"]
    rocket = base.with_("injects.rocket.on", True)
    day = (base.parameter("injects.rocket.at") - base.start).total_seconds() / 86400
    differ = 0
    for seed in range(12):
        a, b = run(base, seed).log, run(rocket, seed).log
        assert told(a, day) == told(b, day)
        differ += told(a) != told(b)
    assert differ > 6


def test_histories_part_where_the_difference_is_met(scenarios, told):
    """The control: a difference at the start is not overlooked."""
    base = scenarios["after-the-strike"]
    changed = base.with_("strike.dead", 80)
    assert all(told(run(base, s).log) != told(run(changed, s).log) for s in range(5))


# --- whatever is done to it -----------------------------------------------------------------

RANGES = {
    "line_crossed": 1.0,
    "answered": 1.0,
    "no_dead": 1.0,
    "awaiting_assessment": 1.0,
    "hostile_intent": 1.0,
    "warned": 1.0,
}


@some
@given(scenario_names, seeds, st.lists(st.integers(0, 10**6), min_size=5, max_size=60))
def test_covariates_stay_in_range_whatever_is_done(everything, name, seed, choices):
    model = CrisisModel(everything[name], seed)
    params, state, work = model.assembly.params, model.state, model._work
    actors = range(len(model.assembly.actors))
    for choice in choices:
        kind = loop.proceed(params, state, work, math.inf)
        if kind == at.DECISION:
            i = int(work.actor)
            options = int(params.n_options[i])
            assert work.probability[:options].sum() == pytest.approx(1.0, abs=1e-12)
            assert (work.probability[:options] >= 0.0).all()
            loop.perform(params, state, work, choice % options)
        if state.end in (at.SETTLEMENT, at.HORIZON):
            break
        # War ends a history; here it goes on, to see more.
        state.end = at.RUNNING
        for covariate, c in INDEX.items():
            for i in actors:
                for j in actors:
                    value = observe(params, state, i, c, j)
                    assert 0.0 <= value <= RANGES.get(covariate, math.inf) + 1e-12, covariate
        assert (state.known <= state.dead).all()
        assert (state.unknown >= 0).all()
        n = len(model.assembly.actors)
        assert (state.dead[:n] == state.known[:n] + state.unknown[:n].sum(axis=1)).all()
        assert (state.clock[:n, at.CLOCK_DUE] >= state.time[at.NOW]).all()
        assert np.isfinite(state.value).all()


@some
@given(scenario_names, seeds)
def test_explanations_add_up(everything, name, seed):
    history = run(everything[name], seed)
    for k in range(1, len(history.visible) + 1):
        explanation = history.explain(k)
        utilities = np.array([option.utility for option in explanation.options])
        for option in explanation.options:
            total = option.base + sum(share.logits for share in option.rules)
            assert total == pytest.approx(option.utility, abs=1e-12)
            assert option.base == option.propensity + option.repetition
        expected = special.softmax(explanation.precision * utilities)
        probabilities = [option.probability for option in explanation.options]
        assert probabilities == pytest.approx(expected, abs=1e-12)
        event = history.visible[k - 1]
        chosen = explanation.options[explanation.chosen]
        assert (chosen.move, chosen.target) == (event.move, event.target)
        assert (explanation.actor, explanation.day) == (event.actor, event.day)
