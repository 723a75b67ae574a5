"""An inject that sets values begins another phase: told alike, to the bit, by every engine."""

import numpy as np
import pytest

import sim
from sim.engines.assemble import arm, assemble
from sim.engines.ensemble import event_rows, play_ensemble
from sim.engines.moves import play_moves
from sim.engines.replay import weighed
from sim.kernel import layout as at

STORY = """
extends = "eighty-dead"
title = "With interventions"
asks = "What if the values change on the way?"

[[injects]]
id = "line"
says = "A line between the two is opened."
on = true
at = 2020-01-09T06:00:00
effects = [{ covariate = "commitment", of = "us", toward = "iran", add = -5.0 }]
set = { "tempo.us" = 3.0, "actors.us.assessment_days" = 0.1, "weights.kinds.restraint" = 1.5 }
hypothetical = true

[[injects]]
id = "alarm"
says = "A false alarm, now and then."
on = true
rate = 0.2
hypothetical = true
[injects.set]
"half_lives.iran.grievance" = 5.0
"actors.iran.hostile_intent.us" = 0.9
"urgency_ceiling" = 4.0

[[injects]]
id = "calm"
says = "And calm again."
rate = 0.3
set = { "half_lives.iran.grievance" = 60.0 }
hypothetical = true
"""
BEFORE, LINE, ALARM, BOTH = range(4)
REPLICATES = 20


@pytest.fixture(scope="module")
def scenario(tmp_path_factory):
    """A scenario in which one inject sets values at a date, and one at a rate."""
    file = tmp_path_factory.mktemp("phases") / "phased.toml"
    file.write_text(STORY)
    return sim.load(file)


@pytest.fixture(scope="module")
def assembly(scenario):
    return assemble(scenario)


def bytes_of(history) -> bytes:
    return np.array(history.log.rows).tobytes()


def test_every_engine_tells_the_same(scenario, assembly):
    outcomes = play_ensemble(assembly, REPLICATES, 5)
    moves = play_moves(assembly, REPLICATES, 5)
    phases = set()
    for k in range(REPLICATES):
        history = sim.run(scenario, 5, replicate=k)
        rows = event_rows(assembly, 5, k)
        assert bytes_of(history) == rows.tobytes()
        assert outcomes.day[k] == rows[-1, at.ROW_TIME]
        opened = [event.day for event in history.opening if event.kind == "move"]
        told = [*opened, *(event.day for event in history.visible)]
        assert moves.day[moves.replicate == k].tolist() == told
        phases |= {decision.phase for decision in history.log.decisions}
    assert phases == {BEFORE, LINE, ALARM, BOTH}


def test_what_is_set_does_something(scenario, assembly):
    without = scenario.with_({"injects.line.on": False, "injects.alarm.on": False})
    days = [play_ensemble(one, 200, 5).day for one in (assembly, assemble(without))]
    assert (days[0] != days[1]).mean() > 0.1


def test_a_switched_off_set_changes_no_bit(scenario):
    off = scenario.with_({"injects.line.on": False, "injects.alarm.on": False})
    laid = assemble(off)
    assert len(laid.phases) == 1
    for k in range(10):
        assert event_rows(laid, 5, k).tobytes() == bytes_of(sim.run("eighty-dead", 5, replicate=k))


@pytest.mark.parametrize("day", [0.0, 3.0, 9.0])
def test_a_fork_left_alone_is_the_same_history(scenario, day):
    for k in range(3):
        history = sim.run(scenario, 5, replicate=k)
        if history.days > day:
            fork = history.at(day)
            assert bytes_of(fork.run()) == bytes_of(history)
            # Its replicates start in the phase that holds there.
            rows = event_rows(fork.log.assembly, 3, 2, origin=fork.state)
            assert bytes_of(fork.ensemble(3, seed=3).history(2)) == rows.tobytes()


def test_a_phase_is_the_scenario_with_its_values(scenario, assembly):
    line = scenario.injects[[one.id for one in scenario.injects].index("line")]
    assert assembly.values[LINE] == line.set
    with_it = assemble(scenario.with_(dict(line.set)))
    for name in at.PARAMS.names or ():
        laid = np.asarray(assembly.phases[LINE][name]), np.asarray(with_it.params[name])
        assert np.array_equal(*laid) or name == "inject_phase", name


def test_explanations_add_up_in_every_phase(scenario):
    seen = set()
    for k in range(5):
        history = sim.run(scenario, 5, replicate=k)
        for number, index in enumerate(history.log.acted, start=1):
            decision = history.log.decisions[index]
            seen.add(decision.phase)
            for option in history.explain(number).options:
                total = option.base + sum(share.logits for share in option.rules)
                assert total == pytest.approx(option.utility, abs=1e-9)
    assert len(seen) > 2


def test_what_is_weighed_now_is_weighed_with_what_holds_now(scenario):
    history = next(
        history
        for history in (sim.run(scenario, 5, replicate=k) for k in range(20))
        if any(d.phase in (LINE, BOTH) and d.actor == "us" for d in history.log.decisions)
    )
    decision = next(d for d in history.log.decisions if d.phase in (LINE, BOTH) and d.actor == "us")
    fork = history.at(decision.day)
    again = weighed(fork.log.assembly, fork.state, "us")
    assert again.phase == decision.phase
    assert again.ramps.tobytes() == decision.ramps.tobytes()


def test_arming_keeps_the_numbers_of_the_phases(assembly, scenario):
    calm = next(one for one in scenario.injects if one.id == "calm")
    armed = arm(assembly, calm)
    assert armed.values[: len(assembly.values)] == assembly.values
    assert len(armed.values) > len(assembly.values)
    assert arm(armed, calm) is armed
    # It is still off: nothing happens of itself.
    for k in range(5):
        assert event_rows(armed, 5, k).tobytes() == event_rows(assembly, 5, k).tobytes()


def test_too_many_phases_are_refused_in_a_line(scenario):
    line = next(one for one in scenario.injects if one.id == "line")
    many = tuple(
        line.model_copy(update={"id": f"line-{k}", "set": {path: 1.0}})
        for k, path in enumerate(p for p in scenario.paths() if p.startswith("base.us."))
    )
    with pytest.raises(
        sim.InputError, match="too many injects set values; allowed: at most 6"
    ) as e:
        assemble(scenario.model_copy(update={"injects": many}))
    assert "\n" not in str(e.value)


def test_design_points_with_interventions_are_laid_out_in_full():
    from types import SimpleNamespace

    from sim.experiment.settings import Settings

    base = sim.load("eighty-dead")
    paths = [("injects.hotline.on",), ("rules.us.own-dead.moves.limited_strike",)]
    design = SimpleNamespace(targets=paths, rows=[(False, 2.0), (True, 1.0)])
    settings = Settings(base, design)
    for point, (on, weight) in enumerate(design.rows):
        laid = settings.assembly(point)
        whole = assemble(base.with_({paths[0][0]: on, paths[1][0]: weight}))
        assert len(laid.phases) == 1 + on
        assert np.asarray(laid.phases).tobytes() == np.asarray(whole.phases).tobytes()
