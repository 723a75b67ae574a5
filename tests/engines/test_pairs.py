"""Pairs of histories: found by the kernel as by hand, on the logs of the Mesa model."""

import numpy as np
import pytest

import sim
from sim.engines import pairs
from sim.engines.assemble import assemble
from sim.engines.ensemble import event_rows
from sim.kernel import parting

CHANGES = ({"strike.dead": 1}, {"rules.us.own-dead.scale": 3.0}, {"tempo.us": 2.0})


def by_hand(first, second):
    """Return the kind, the actor and the options, from two event logs."""
    if np.array(first.log.rows).tobytes() == np.array(second.log.rows).tobytes():
        return "same", None, None
    found = []
    acts = 0
    for actor in first.log.assembly.actors:
        a, b = ([d for d in one.log.decisions if d.actor == actor] for one in (first, second))
        differ = [
            (min(x.day, y.day), x, y) for x, y in zip(a, b, strict=False) if x.option != y.option
        ]
        found += [(day, actor, x.option, y.option) for day, x, y in differ]
        longer = a[len(b) :] + b[len(a) :]
        acts += sum(d.option > 0 for d in longer)
    if found:
        _, actor, option, other = min(found)
        return "decision", actor, (option, other)
    return ("length" if acts else "marks"), None, None


@pytest.mark.parametrize("change", CHANGES, ids=[next(iter(change)) for change in CHANGES])
def test_what_is_found_is_so_in_the_logs(change):
    base = sim.load("eighty-dead").with_("strike.dead", 2)
    other = base.with_(change)
    laid = assemble(base), assemble(other)
    found = pairs.play_pairs(*laid, 12, 4)
    for k in range(12):
        told = [sim.run(one, 4, replicate=k) for one in (base, other)]
        kind, actor, options = by_hand(*told)
        assert pairs.KINDS[int(found.kind[k])] == kind
        assert [sim.engines.log.ENDS[int(e[k])] for e in (found.end, found.other_end)] == [
            one.end for one in told
        ]
        if actor is None:
            assert found.actor[k] == -1
        else:
            assert laid[0].actors[found.actor[k]] == actor
            assert (found.option[k], found.other[k]) == options


def test_a_scenario_and_itself_differ_in_nothing():
    laid = assemble(sim.load("eighty-dead"))
    found = pairs.play_pairs(laid, laid, 300, 1)
    assert (found.kind == parting.SAME).all()
    assert np.isnan(found.day).all()


def test_the_share_of_the_same_is_that_of_equal_event_logs():
    laid = [
        assemble(sim.load("after-the-strike").with_("rules.us.own-dead.scale", s))
        for s in (1.0, 9.0)
    ]
    found = pairs.play_pairs(*laid, 300, 2)
    equal = [
        event_rows(laid[0], 2, k).tobytes() == event_rows(laid[1], 2, k).tobytes()
        for k in range(300)
    ]
    assert (found.kind == parting.SAME).tolist() == equal
    assert 0 < sum(equal) < 300


def test_threads_and_room_change_nothing(monkeypatch):
    laid = assemble(sim.load("eighty-dead")), assemble(sim.load("after-the-strike"))
    one = pairs.play_pairs(*laid, 600, 3, threads=1)
    monkeypatch.setattr(pairs, "ROOM", 8)
    two = pairs.play_pairs(*laid, 600, 3, threads=2)
    later = pairs.play_pairs(*laid, 100, 3, first=500)
    for name in ("kind", "actor", "option", "other", "end", "other_end"):
        assert np.array_equal(getattr(one, name), getattr(two, name))
        assert np.array_equal(getattr(one, name)[500:], getattr(later, name))
    assert np.array_equal(one.day, two.day, equal_nan=True)


def test_forks_pair_too():
    fork = sim.run("eighty-dead", 1).at(1.0)
    struck = fork.force("us", "limited_strike", "iran", now=True)
    laid = fork.log.assembly
    found = pairs.play_pairs(laid, laid, 100, 3, origins=(fork.state, struck.state))
    us = laid.actors.index("us")
    assert (found.kind == parting.DECISION).mean() > 0.9
    assert (found.actor[found.kind == parting.DECISION] == us).mean() > 0.9
    assert np.nanmin(found.day) == 1.0


def test_another_repertoire_is_refused_in_a_line():
    laid = assemble(sim.load("eighty-dead"))
    raid = assemble(sim.load("tests/data/raid.toml"))
    with pytest.raises(sim.InputError, match="the same actors with the same options"):
        pairs.play_pairs(laid, raid, 10, 1)


IDLE = """
extends = "after-the-strike"
title = "An idle intervention"
asks = "What if something happened that does nothing?"

[[injects]]
id = "idle"
says = "Nothing is said to be other than it is."
at = 2020-01-09T06:00:00
set = { "actors.us.alert" = 0.5, "tempo.iraq" = 2.5 }
hypothetical = true
"""


def test_an_inject_that_brings_nothing_about_changes_no_history(tmp_path):
    file = tmp_path / "idle.toml"
    base = sim.load("after-the-strike")
    values = {path: base.parameter(path) for path in ("actors.us.alert", "tempo.iraq")}
    file.write_text(
        IDLE.replace("0.5, ", f"{values['actors.us.alert']}, ").replace(
            "2.5 }", f"{values['tempo.iraq']} }}"
        )
    )
    idle = sim.load(file)
    laid = [assemble(idle.with_("injects.idle.on", on)) for on in (False, True)]
    found = pairs.play_pairs(*laid, 200, 1)
    assert (found.kind == parting.SAME).all()
    # The control: the same inject with another value.
    other = idle.with_({"injects.idle.on": True, "injects.idle.set.tempo.iraq": 9.0})
    found = pairs.play_pairs(laid[0], assemble(other), 200, 1)
    assert (found.kind != parting.SAME).mean() > 0.9
