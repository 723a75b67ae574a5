"""Files are written all or none: what stood there stands there again when something fails."""

import json
import os

import pytest

import sim
from sim.saving import write_files

NEW = {"a.txt": b"new a", "b.txt": b"new b", "c.txt": lambda file: file.write(b"new c")}


class Stop(BaseException):
    """Stands for an interruption."""


def held(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.fixture
def folder(tmp_path):
    """A folder with two of the files, as they were."""
    (tmp_path / "a.txt").write_bytes(b"old a")
    (tmp_path / "b.txt").write_bytes(b"old b")
    return tmp_path


def test_all_are_written_and_nothing_else_is_left(folder):
    write_files(folder, NEW)
    assert held(folder) == {"a.txt": b"new a", "b.txt": b"new b", "c.txt": b"new c"}


@pytest.mark.parametrize("links", [True, False])
@pytest.mark.parametrize("moves", [0, 1, 2])
@pytest.mark.parametrize("error", [OSError, Stop])
def test_a_move_that_fails_leaves_the_folder_as_it_was(folder, monkeypatch, links, moves, error):
    before, done, move = held(folder), [], os.replace

    def replace(*args):
        if len(done) == moves:
            monkeypatch.setattr(os, "replace", move)
            raise error
        done.append(move(*args))

    def link(*args):
        raise OSError

    monkeypatch.setattr(os, "replace", replace)
    if not links:
        monkeypatch.setattr(os, "link", link)
    with pytest.raises(error):
        write_files(folder, NEW)
    assert len(done) == moves
    assert held(folder) == before


def test_a_folder_in_the_place_of_a_file_changes_no_other(folder):
    (folder / "c.txt").mkdir()
    with pytest.raises(IsADirectoryError):
        write_files(folder, NEW)
    assert (folder / "a.txt").read_bytes() == b"old a"
    assert sorted(path.name for path in folder.iterdir()) == ["a.txt", "b.txt", "c.txt"]


@pytest.mark.parametrize("error", [ValueError, Stop])
def test_content_that_fails_leaves_no_folder_that_it_made(folder, error):
    def fail(file):
        file.write(b"half")
        raise error

    with pytest.raises(error):
        write_files(folder / "x" / "y" / "z", {"a.txt": b"", "b.txt": fail})
    assert sorted(path.name for path in folder.iterdir()) == ["a.txt", "b.txt"]
    (folder / "x").mkdir()
    with pytest.raises(error):
        write_files(folder / "x" / "y", {"b.txt": fail})
    assert list((folder / "x").iterdir()) == []


def test_a_folder_that_cannot_be_made_leaves_none_above_it(folder):
    with pytest.raises(NotADirectoryError):
        write_files(folder / "a.txt" / "y", NEW)
    assert held(folder) == {"a.txt": b"old a", "b.txt": b"old b"}


CALLS = {
    "plain": {"replicates": 60, "seed": 4},
    "objective": {"replicates": 60, "objective": {"dead": 0.1 + 0.2, "open_war": 1e3}},
    "interventions": {"replicates": 60, "interventions": "all", "rare": True},
    "worlds": {"replicates": 60, "elicited": True, "worlds": 11},
    "two steps": {"replicates": 60, "depth": 2, "budget": 5_000},
}


def given_again(told):
    """Advice from what its manifest says, and from nothing else."""
    saved = told["history"]
    scenario = sim.load(told["scenario"])
    if told["overrides"]:
        scenario = scenario.with_(told["overrides"])
    history = sim.run(scenario, saved["seed"], replicate=saved["replicate"])
    for day, actor, option, now in saved["forced"]:
        move, _, target = option.partition(" ")
        history = history.at(day).force(actor, move, target or None, now=now).run()
    assert (saved["fork"], saved["interventions"], saved["decided_by_others"]) == (None, [], [])
    names = ("seed", "replicates", "objective", "interventions", "rare")
    names += ("depth", "budget", "elicited", "worlds")
    how = {name: told[name] for name in names}
    return sim.advise(history, told["actor"], at=told["day"], **how)


@pytest.mark.parametrize("how", CALLS.values(), ids=CALLS)
def test_advice_is_had_again_from_its_manifest_alone(tmp_path, how):
    scenario = sim.load("eighty-dead").with_("precision.us", 0.9)
    fork = sim.run(scenario, 7, replicate=3).at(0.5).force("us", "threaten", "iran", now=True)
    advice = sim.advise(fork.run().at(1.0 + 1 / 3), "us", threads=1, **how)
    advice.save(tmp_path / "one")
    told = json.loads((tmp_path / "one" / "manifest.json").read_bytes())
    assert "threads" not in told
    given_again(told).save(tmp_path / "two")
    assert held(tmp_path / "two") == held(tmp_path / "one")
