import dataclasses
import json
import os
from importlib.util import find_spec

import numpy as np
import pandas as pd
import pytest

import sim
from sim import InputError
from sim.history import COLUMNS

PICTURES = find_spec("sim.plots") is not None and find_spec("sim.plots.path") is not None


@pytest.fixture(scope="module")
def history():
    """One in which something happens, and somebody dies."""
    scenario = sim.load("from-the-killing")
    return next(
        h
        for h in (sim.run(scenario, seed) for seed in range(50))
        if sum(e.dead != {} for e in h.visible) and len(h.visible) > 4
    )


@pytest.fixture(scope="module")
def quiet():
    """One in which nobody moves: there is nothing but holding."""
    scenario = sim.load("after-the-strike")
    hold = {actor.id: lambda view: "hold" for actor in scenario.crisis.actors}
    return sim.run(scenario, 1, decide=hold)


def test_moves_are_a_frame_numbered_from_1(history):
    frame = history.moves
    assert list(frame.columns) == [*COLUMNS, "probability", "because"]
    assert list(frame.index) == list(range(1, len(history.visible) + 1))
    assert frame["day"].is_monotonic_increasing
    assert frame["probability"].between(0, 1).all()
    assert pd.api.types.is_datetime64_any_dtype(frame["date"])
    spent = (frame["date"] - history.scenario.start) / pd.Timedelta(days=1)
    assert np.abs(spent - frame["day"]).max() < 1e-5
    assert frame["rung"].max() == history.peak_rung
    opening = sum(sum(event.dead.values()) for event in history.opening if event.move)
    injected = sum(sum(e.dead.values()) for e in history.events if e.kind == "inject")
    assert frame["dead"].sum() + opening + injected == sum(history.dead.values())


def test_a_history_without_moves_is_whole(quiet):
    assert quiet.moves.empty
    assert quiet.peak_rung == 1
    assert quiet.end == "settlement"
    assert json.loads(quiet.to_json())["moves"] == []
    with pytest.raises(InputError, match="nobody moved"):
        quiet.explain(1)


def test_every_move_is_explained_by_rules_and_statements(history):
    statements = history.scenario.crisis.statements
    for k, event in enumerate(history.visible, start=1):
        explanation = history.explain(k)
        assert (explanation.number, explanation.actor) == (k, event.actor)
        shares = history.because(k)
        assert [abs(s.logits) for s in shares] == sorted(abs(s.logits) for s in shares)[::-1]
        for share in shares:
            assert share.logits != 0.0
            assert share.statements
            assert all(name in statements for name in share.statements)
        assert history.moves.loc[k, "because"] == tuple(s.rule for s in shares if s.logits > 0)


def test_an_explanation_is_a_frame_too(history):
    frame = history.explain(1).to_frame()
    rules = frame.columns[7:]
    assert len(rules)
    assert not frame[rules].isna().any().any()
    total = frame["base"] + frame[rules].sum(axis=1)
    assert np.abs(total - frame["utility"]).max() < 1e-12


@pytest.mark.parametrize("k", [0, -1, 10_000])
def test_a_move_that_was_not_made_cannot_be_explained(history, k):
    with pytest.raises(InputError) as caught:
        history.explain(k)
    assert f"1 to {len(history.visible)}" in str(caught.value)


def test_holding_is_explained_too(history, quiet):
    explanation = quiet.explain_at("us", 3.0)
    assert (explanation.actor, explanation.chosen, explanation.number) == ("us", 0, None)
    own = [d.day for d in quiet.log.decisions if d.actor == "us"]
    assert abs(explanation.day - 3.0) == min(abs(day - 3.0) for day in own)
    # And a move found by its day is the move found by its number.
    event = history.visible[2]
    assert history.explain_at(event.actor, event.day) == history.explain(3)


def test_nobody_by_that_name_is_told_in_a_line(history):
    with pytest.raises(InputError) as caught:
        history.explain_at("irak", 1.0)
    assert "did you mean" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_json_says_what_happened(history):
    told = json.loads(history.to_json())
    assert told["scenario"] == "from-the-killing"
    assert told["seed"] == history.seed
    assert told["end"] in ("open_war", "settlement", "horizon")
    assert told["days"] == history.days
    assert told["dead"] == history.dead
    assert len(told["moves"]) == len(history.visible)
    for move, event in zip(told["moves"], history.visible, strict=True):
        for name in ("day", "date", "actor", "move", "rung", "target", "dead", "because"):
            assert name in move
        assert move["dead"] == sum(event.dead.values())
        for share in move["because"]:
            assert {"rule", "statements", "logits"} <= set(share)


def test_json_is_the_same_text_each_time(history):
    again = sim.run(history.scenario, history.seed)
    assert again.to_json() == history.to_json()
    assert json.loads(json.dumps(history.to_dict())) == json.loads(history.to_json())


def test_overrides_are_told():
    history = sim.run(sim.load("after-the-strike").with_("strike.dead", 5), seed=7)
    assert json.loads(history.to_json())["overrides"] == {"strike.dead": 5}
    assert history.dead["us"] >= 5


def test_events_are_frozen(history):
    with pytest.raises(dataclasses.FrozenInstanceError):
        history.visible[0].day = 0.0


@pytest.mark.skipif(not PICTURES, reason="there are no pictures yet")
def test_saving_twice_gives_the_same_bytes(history, tmp_path):
    folders = [history.save(tmp_path / name) for name in ("a", "deeper/b")]
    files = [{p.name: p.read_bytes() for p in sorted(folder.iterdir())} for folder in folders]
    assert set(files[0]) == {"history.csv", "history.json", "path.png", "manifest.json"}
    assert files[0] == files[1]
    assert files[0]["path.png"].startswith(b"\x89PNG")
    table = pd.read_csv(folders[0] / "history.csv")
    assert len(table) == len(history.visible)
    manifest = json.loads(files[0]["manifest.json"])
    assert manifest["digest"] == history.scenario.digest()
    assert manifest["seed"] == history.seed


@pytest.mark.skipif(not PICTURES, reason="there are no pictures yet")
def test_saving_over_an_older_history_replaces_it(history, quiet, tmp_path):
    quiet.save(tmp_path)
    history.save(tmp_path)
    assert json.loads((tmp_path / "history.json").read_text())["seed"] == history.seed
    assert len(list(tmp_path.iterdir())) == 4


@pytest.mark.skipif(not PICTURES, reason="there are no pictures yet")
def test_a_save_that_fails_leaves_no_half_file(history, tmp_path, monkeypatch):
    calls = []

    def fail(source, target):
        calls.append(target)
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.replace", fail)
    with pytest.raises(OSError, match="No space"):
        history.save(tmp_path)
    assert calls
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(not PICTURES, reason="there are no pictures yet")
def test_saving_where_a_file_is_in_the_way_fails(history, tmp_path):
    (tmp_path / "taken").write_text("mine")
    with pytest.raises(OSError, match="taken"):
        history.save(tmp_path / "taken")
    assert (tmp_path / "taken").read_text() == "mine"


@pytest.mark.skipif(not PICTURES or os.geteuid() == 0, reason="nothing is unwritable to root")
def test_saving_into_an_unwritable_folder_fails(history, tmp_path):
    tmp_path.chmod(0o555)
    try:
        with pytest.raises(PermissionError):
            history.save(tmp_path)
    finally:
        tmp_path.chmod(0o755)
