"""The ensemble is the Mesa model to the bit, and what is asked of it is what it played."""

import dataclasses
import functools

import numpy as np
import pytest

import sim
from sim.engines import model as mesa_face
from sim.engines.assemble import assemble
from sim.engines.ensemble import event_rows, play_ensemble
from sim.engines.moves import play_moves
from sim.errors import InputError
from sim.kernel import layout as at

REPLICATES, SLICES = 300, 6


@pytest.fixture(autouse=True)
def _assembled_once(monkeypatch):
    """Lay each scenario out once: that is a third of what a short history costs."""
    monkeypatch.setattr(mesa_face, "assemble", functools.cache(assemble))


@functools.cache
def assembly(name: str):
    return assemble(sim.load(name))


def told(scenario, k: int, origin=None):
    """Replicate k by the Mesa face."""
    model = mesa_face.CrisisModel(scenario, 1, replicate=k, origin=origin)
    while model.running:
        model.advance(scenario.horizon_days)
    return model.log


def same(one, other) -> bool:
    """Whether all columns are equal to the bit."""
    return all(
        getattr(one, field.name).tobytes() == getattr(other, field.name).tobytes()
        for field in dataclasses.fields(one)
    )


# --- the two engines --------------------------------------------------------------------------


@pytest.mark.parametrize("part", range(SLICES))
@pytest.mark.parametrize("name", sim.bundled())
def test_both_engines_play_the_same_history_to_the_bit(name, part):
    scenario = assembly(name).scenario
    outcomes = play_ensemble(assembly(name), REPLICATES, 1)
    for k in range(part, REPLICATES, SLICES):
        log = told(scenario, k)
        rows = event_rows(assembly(name), 1, k)
        assert len(rows) == len(log.rows)
        assert all(
            ours.tobytes() == theirs.tobytes() for ours, theirs in zip(rows, log.rows, strict=True)
        )
        moves = [event for event in log.events if event.kind == "move"]
        force = [event for event in moves if event.rung >= 6]
        assert outcomes.end[k] == log.state.end
        assert outcomes.day[k] == log.state.time[at.NOW]
        assert outcomes.moves[k] == len(moves)
        assert outcomes.peak[k] == max([1, *(event.rung for event in moves)])
        assert outcomes.force_moves[k] == len(force)
        assert outcomes.exchanges[k] == sum(event.answers for event in force)
        assert outcomes.decisions[k] == len(log.decisions)
        assert (outcomes.dead[k] == log.state.dead[: len(outcomes.dead[k])]).all()
        for i, actor in enumerate(assembly(name).actors):
            days = [event.day for event in force if event.actor == actor]
            assert outcomes.first_force[k, i] == min(days, default=np.inf)


def test_another_replicate_is_another_history():
    rows = [event_rows(assembly("after-the-strike"), 1, k).tobytes() for k in range(20)]
    assert len(set(rows)) == 20


@pytest.mark.parametrize("threads, batch", [(1, 2_000), (2, 7), (4, 100), (4, 1)])
def test_threads_and_batches_change_no_bit(threads, batch):
    one = play_ensemble(assembly("eighty-dead"), 300, 9, threads=1, batch=300, paths=True)
    two = play_ensemble(assembly("eighty-dead"), 300, 9, threads=threads, batch=batch, paths=True)
    assert same(one, two)


def test_a_later_part_is_the_same_as_in_the_whole():
    whole = play_ensemble(assembly("eighty-dead"), 60, 9)
    part = play_ensemble(assembly("eighty-dead"), 20, 9, first=40)
    assert part.day.tobytes() == whole.day[40:].tobytes()


# --- the moves in columns ---------------------------------------------------------------------


@pytest.mark.parametrize("name", ["from-the-killing", "no-notice"])
def test_moves_in_columns_are_those_of_the_histories(name):
    moves = play_moves(assembly(name), 40, 1)
    names = assembly(name).actors
    for k in range(40):
        log = told(assembly(name).scenario, k)
        mine = moves.replicate == k
        events = [e for e in [*log.opening, *log.events] if e.kind == "move"]
        assert mine.sum() == len(events)
        assert moves.end[k] == log.state.time[at.NOW]
        assert (moves.day[mine] == [e.day for e in events]).all()
        assert (moves.rung[mine] == [e.rung for e in events]).all()
        assert (moves.actor[mine] == [names.index(e.actor) for e in events]).all()
        assert (
            moves.target[mine] == [names.index(e.target) if e.target else -1 for e in events]
        ).all()
        assert (moves.known[mine] == [e.attributed for e in events]).all()
        assert (moves.dead[mine].sum(axis=1) == [sum(e.dead.values()) for e in events]).all()
        soils = {place.id: place.soil for place in assembly(name).scenario.crisis.places}
        assert (
            moves.soil[mine]
            == [names.index(soils[e.place]) if e.rung >= 6 and e.place else -1 for e in events]
        ).all()


def test_moves_are_the_same_by_any_number_of_threads():
    one, two = (play_moves(assembly("eighty-dead"), 1_200, 3, threads=n) for n in (1, 3))
    assert same(one, two)


@pytest.mark.parametrize("replicates, seed", [(0, 1), (10, -1), (10, 2**64)])
def test_moves_out_of_range_are_refused(replicates, seed):
    with pytest.raises(InputError, match="out of range"):
        play_moves(assembly("eighty-dead"), replicates, seed)


# --- what is asked of an ensemble -------------------------------------------------------------


@pytest.fixture(scope="module")
def war():
    """An ensemble in which much happens, with its paths."""
    return sim.ensemble("eighty-dead", replicates=2_000, seed=5, paths=True)


def test_paths_are_the_highest_rungs_of_the_days(war):
    for k in range(30):
        path = np.full(war.paths.shape[1:], -1)
        for event in war.history(k).visible:
            today = min(int(event.day), len(path) - 1)
            i = war.assembly.actors.index(event.actor)
            path[today, i] = max(path[today, i], event.rung)
        assert (path == war.paths[k]).all()


def test_paths_that_were_not_kept_are_refused():
    with pytest.raises(InputError, match="paths=True"):
        _ = sim.ensemble("eighty-dead", replicates=5).paths


def test_a_replicate_is_told_in_full(war):
    for k in (0, 17, 1_999):
        rows = np.array(war.history(k).log.rows)
        assert rows.tobytes() == event_rows(war.assembly, 5, k).tobytes()
    with pytest.raises(InputError, match="no replicate 2000"):
        war.history(2_000)


def test_the_worst_is_a_war_with_no_worse_one(war):
    worst = war.worst()
    assert worst.end == "open_war"
    out = war.outcomes
    among = out.end == at.WAR
    peak = max(event.rung for event in worst.visible)
    assert peak == out.peak[among].max()
    grave = among & (out.peak == peak)
    assert sum(worst.log.state.dead) == out.dead[grave].sum(axis=1).max()


@pytest.mark.parametrize("end", ["open_war", "settlement", "horizon"])
def test_the_typical_one_ends_as_asked_and_is_near_the_middle(war, end):
    typical = war.typical(end)
    assert typical.end == end
    moves = war.outcomes.moves[war.counted.values(end)]
    assert np.quantile(moves, 0.05) <= len(typical.visible) <= np.quantile(moves, 0.95)


def test_a_wrong_end_or_outcome_is_told_in_a_line(war):
    with pytest.raises(InputError, match="no such end"):
        war.typical("force")
    with pytest.raises(InputError, match="did you mean 'open_war'"):
        war.probability("open_wat")


def test_the_summary_is_every_outcome_with_its_interval(war):
    table = war.summary()
    assert list(table.index) == list(war.counted.names())
    sure = table[np.isfinite(table["mean"])]
    assert ((sure["low"] <= sure["mean"]) & (sure["mean"] <= sure["high"])).all()
    assert table.loc[["open_war", "settlement", "horizon"], "mean"].sum() == pytest.approx(1.0)
    assert len(war.frame()) == len(war)
    assert war.frame()["open_war"].mean() == table.loc["open_war", "mean"]


def test_precision_stops_when_it_is_reached():
    found = sim.ensemble("eighty-dead", precision=0.004, outcome="us_force_7d", seed=2)
    assert found.reached is True
    assert found.probability("us_force_7d").half_width <= 0.004
    assert len(found) > 2_000
    again = sim.ensemble("eighty-dead", replicates=len(found), seed=2)
    assert same(found.outcomes, again.outcomes)


def test_precision_says_that_it_gave_up():
    found = sim.ensemble("after-the-strike", precision=1e-6, most=3_000)
    assert found.reached is False
    assert len(found) == 3_000


@pytest.mark.parametrize(
    "asked, says",
    [
        ({"replicates": 10, "precision": 0.1}, "not both"),
        ({"precision": 0.0}, "above 0"),
        ({"precision": float("nan")}, "above 0"),
        ({"replicates": 0}, "out of range"),
        ({"replicates": 10, "threads": 0}, "out of range"),
        ({"replicates": 10, "seed": -1}, "out of range"),
    ],
)
def test_wrong_sizes_are_told_in_a_line(asked, says):
    with pytest.raises(InputError, match=says):
        sim.ensemble("after-the-strike", **asked)


def test_progress_is_told():
    heard = []
    sim.ensemble("after-the-strike", replicates=5_000, progress=lambda *two: heard.append(two))
    assert heard[-1] == (5_000, 5_000)
    assert [finished for finished, _ in heard] == sorted(finished for finished, _ in heard)


def test_a_comparison_pairs_replicate_by_replicate():
    scenario = sim.load("after-the-strike")
    none, one = (
        sim.ensemble(scenario.with_("strike.dead", dead), 5_000, seed=1) for dead in (0, 1)
    )
    found = none.compare(one)
    replies = [ensemble.counted.values("us_force_7d") for ensemble in (none, one)]
    difference = found["us_force_7d"]
    assert difference.estimate.mean == replies[1].mean() - replies[0].mean()
    assert difference.estimate.low > 0.0
    assert difference.variance_ratio > 1.0
    assert all(found.estimate.mean == 0.0 for found in none.compare(none).values())


@pytest.mark.parametrize("other", [{"seed": 2}, {"replicates": 51}])
def test_what_shares_no_streams_is_not_compared(other):
    one = sim.ensemble("after-the-strike", replicates=50)
    with pytest.raises(InputError, match="pair only"):
        one.compare(sim.ensemble("after-the-strike", **{"replicates": 50, **other}))
