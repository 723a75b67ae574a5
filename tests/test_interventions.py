"""A fork lets an inject happen at its own moment: told by every engine, replayed, paired."""

import json

import numpy as np
import pytest

import sim
from sim.engines.ensemble import event_rows
from sim.kernel import layout as at

STORY = """
extends = "after-the-strike"
title = "With interventions"
asks = "What if somebody stepped in?"

[[injects]]
id = "line"
says = "A line between the two is opened."
at = 2020-01-12T06:00:00
effects = [{ covariate = "restraint", of = "us", toward = "iran", add = -9.0 }]
set = { "tempo.us" = 3.0, "actors.us.assessment_days" = 0.1, "weights.all" = 0.5 }
hypothetical = true

[[injects]]
id = "visits"
says = "A mediator comes, now and then."
rate = 0.25
effects = [{ covariate = "mediation", add = 2.0 }]
hypothetical = true
"""
DAY = 2.0


@pytest.fixture(scope="module")
def scenario(tmp_path_factory):
    file = tmp_path_factory.mktemp("story") / "story.toml"
    file.write_text(STORY)
    return sim.load(file)


@pytest.fixture(scope="module")
def history(scenario):
    histories = (sim.run(scenario, seed=seed) for seed in range(20))
    return next(history for history in histories if history.days > 12)


def bytes_of(history) -> bytes:
    return np.array(history.log.rows).tobytes()


def interventions(history) -> list[tuple[float, str]]:
    return [(event.day, event.move) for event in history.events if event.kind == "inject"]


@pytest.mark.parametrize("inject", ["line", "visits"])
def test_it_happens_at_the_forks_moment_and_once(history, inject):
    other = history.at(DAY).intervene(inject).run()
    assert interventions(other) == [(DAY, inject)]
    before = [np.array([row for row in h.log.rows if row[0] < DAY]) for h in (history, other)]
    assert before[0].tobytes() == before[1].tobytes()
    assert interventions(history) == []


def test_its_effects_keep_to_the_floor(history):
    fork = history.at(DAY)
    us, iran = (fork.log.assembly.actors.index(name) for name in ("us", "iran"))
    after = fork.intervene("line").run().at(DAY)
    assert fork.state.value[us, at.RESTRAINT, iran] > 0.0
    assert after.state.value[us, at.RESTRAINT, iran] == 0.0
    assert after.state.phase == 1


def test_the_luck_stays_what_it_was(history):
    """The decisions that are due come with the same uniform, only sooner or later."""
    fork = history.at(DAY)
    plain, other = fork.state, fork.intervene("visits").run().at(DAY).state
    assert np.array_equal(plain.clock, other.clock)
    assert np.array_equal(plain.count, other.count)


@pytest.mark.parametrize("inject", ["line", "visits"])
def test_replicates_are_told_alike_by_both_engines(history, inject):
    fork = history.at(DAY).intervene(inject)
    ensemble = fork.ensemble(20, seed=3)
    for k in range(10):
        rows = event_rows(fork.log.assembly, 3, k, origin=fork.state)
        assert rows[0, at.ROW_KIND] == at.INJECT
        assert rows[0, at.ROW_TIME] == DAY
        told = ensemble.history(k)
        assert bytes_of(told) == rows.tobytes()
        assert bytes_of(told.at(min(DAY + 2, told.days)).run()) == rows.tobytes()


def test_any_moment_of_it_can_be_forked_again(history):
    other = history.at(DAY).intervene("line").run()
    for day in (DAY, 5.0, other.days):
        assert bytes_of(other.at(day).run()) == bytes_of(other)


def test_a_dated_one_happens_in_place_of_its_date(scenario):
    history = sim.run(scenario.with_("injects.line.on", True), seed=3)
    assert interventions(history) == [(4.0, "line")]
    other = history.at(DAY).intervene("line").run()
    assert interventions(other) == [(DAY, "line")]


def test_one_at_a_rate_comes_besides(scenario):
    history = sim.run(scenario.with_("injects.visits.on", True), seed=3)
    other = history.at(DAY).intervene("visits").run()
    assert (DAY, "visits") in interventions(other)
    assert len(interventions(other)) > 1


@pytest.mark.parametrize("order", [("inject", "move"), ("move", "inject")])
def test_it_goes_with_a_forced_move_of_the_same_moment(history, order):
    fork = history.at(DAY)
    for what in order:
        if what == "inject":
            fork = fork.intervene("line")
        else:
            fork = fork.force("us", "display", "iran", now=True)
    other = fork.run()
    told = [(e.day, e.kind, e.actor) for e in other.events if e.day >= DAY][:2]
    assert told == [(DAY, "inject", None), (DAY, "move", "us")]
    for day in (DAY, 6.0):
        assert bytes_of(other.at(min(day, other.days)).run()) == bytes_of(other)


def test_one_after_the_other_at_the_same_moment(history):
    """What a fork of a fork does comes after what the first one did, in a replay too."""
    first = history.at(DAY).force("us", "display", "iran", now=True).run()
    other = first.at(DAY).intervene("line").force("iran", "conciliate", "us", now=True).run()
    told = [(e.kind, e.actor) for e in other.events if e.day == DAY][:3]
    assert told == [("move", "us"), ("inject", None), ("move", "iran")]
    assert bytes_of(other.at(min(6.0, other.days)).run()) == bytes_of(other)


def test_what_it_does_can_be_compared(history):
    fork = history.at(DAY)
    pair = fork.ensemble(300, seed=2).compare(fork.intervene("line").ensemble(300, seed=2))
    # The control: a fork compared with itself differs in nothing.
    same = fork.ensemble(300, seed=2).compare(fork.ensemble(300, seed=2))
    assert pair["moves"].estimate.mean != 0.0
    assert all(one.estimate.mean == 0.0 for one in same.values())


def test_the_manifests_say_so(history, tmp_path):
    fork = history.at(DAY).intervene("line")
    manifests = []
    for name, saved in (("history", fork.run()), ("ensemble", fork.ensemble(10))):
        saved.save(tmp_path / name)
        manifests.append(json.loads((tmp_path / name / "manifest.json").read_text()))
    assert manifests[0]["interventions"] == [[DAY, "line"]]
    assert manifests[1]["fork"]["interventions"] == ["line"]


def test_an_unknown_one_is_told_in_a_line(history):
    with pytest.raises(sim.InputError, match=r"no such inject .lime.;.*did you mean .line.") as e:
        history.at(DAY).intervene("lime")
    assert "\n" not in str(e.value)
