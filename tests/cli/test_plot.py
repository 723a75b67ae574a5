"""``escalation plot``: what it draws, writes, says and refuses."""

import json
import os
import re
import shutil
import sys
from pathlib import Path

import pytest

import sim

QUICK = ("--kind", "outcomes", "--replicates", "60")


@pytest.fixture
def raid(repository):
    """A scenario that is soon drawn."""
    return str(repository / "tests" / "data" / "raid.toml")


@pytest.fixture
def written(told, tmp_path):
    """The files in a folder that a call wrote."""

    def call(folder, *args):
        told("plot", *args)
        return sorted(path.name for path in (tmp_path / folder).iterdir())

    return call


def test_a_scenario_is_played_and_drawn(told, tmp_path):
    said = told("plot", "after-the-strike", *QUICK, "--kind", "path", "--seed", "4")
    folder = tmp_path / "results" / "after-the-strike-pictures"
    assert sorted(path.name for path in folder.iterdir()) == ["outcomes.png", "path.png"]
    assert said.splitlines()[0] == "Written: results/after-the-strike-pictures"
    assert all(len(line) <= 80 for line in said.splitlines())
    assert "of histories end in open war" in said


def test_other_values_go_elsewhere(told):
    said = told("plot", "after-the-strike", *QUICK, "--set", "strike.dead=3")
    assert re.match(r"Written: results/after-the-strike-[0-9a-f]{8}-pictures\n", said)


def test_results_are_drawn_beside_themselves(told, written):
    told("ensemble", "after-the-strike", "--replicates", "60", "--out", "e")
    found = written("e", "e", "--kind", "matrix", "--format", "svg")
    assert "matrix.svg" in found
    told("run", "after-the-strike", "--out", "h")
    assert {"decision.png", "path.png"} <= set(written("h", "h"))


def test_the_same_call_writes_the_same_bytes(told, tmp_path):
    for out in ("a", "b"):
        told("plot", "after-the-strike", *QUICK, "--format", "pdf", "--out", out)
    assert (tmp_path / "a/outcomes.pdf").read_bytes() == (tmp_path / "b/outcomes.pdf").read_bytes()


@pytest.mark.parametrize("against", [("--against", "eighty-dead"), ("--set-b", "strike.dead=80")])
def test_two_scenarios_are_compared(told, against):
    size = ("--replicates", "60")
    said = told("plot", "after-the-strike", "--kind", "difference", *size, *against)
    assert "difference.png" in said


@pytest.mark.parametrize(
    "args,said",
    [
        (("--kind", "fam"), "kind: no such kind of picture: 'fam'"),
        (("--kind", "fam"), "did you mean 'fan'?"),
        (("--kind", "difference"), "--against names the other"),
        (("--format", "svgg"), "allowed: png, svg, pdf; did you mean 'svg'?"),
        (("--kind", "fan", "--move", "2"), "'move' means nothing to fan"),
        (("--kind", "decision", "--move", "999"), "there is no move 999"),
    ],
)
def test_what_cannot_be_drawn_is_refused(refused, args, said):
    assert said in refused("plot", "after-the-strike", *args)


def test_no_such_results(refused, tmp_path):
    assert "no bundled scenario has this name" in refused("plot", "nowhere")
    (tmp_path / "empty").mkdir()
    assert "empty: has no manifest.json: no results" in refused("plot", "empty")
    (tmp_path / "manifest.json").write_text("{}", encoding="utf-8")
    assert "'': no bundled scenario" in refused("plot", "")


def test_saved_results_are_drawn_as_they_are(told, refused):
    told("ensemble", "after-the-strike", "--replicates", "60", "--out", "e")
    for more in (("--seed", "2"), ("--set", "strike.dead=2"), ("--replicates", "9")):
        assert "results are shown as they are" in refused("plot", "e", *more)
    assert "--against names it" in refused("plot", "e", "--set-b", "strike.dead=2")
    assert "is a picture of a history" in refused("plot", "e", "--kind", "path")


def test_a_study_shows_an_outcome_and_says_what_it_has_too_little_for(told, refused, tmp_path):
    told("sweep", "us-dead", "--replicates", "40", "--out", "s")
    said = told("plot", "s")
    assert said.splitlines()[0] == "Written: s"
    assert "response.png Chance of open war" in said
    assert "of US force in 7 days" in told("plot", "s", "--outcome", "us_force_7d")
    found = {path.name for path in (tmp_path / "s").glob("*.png")}
    assert found == {"response.png", "response-us_force_7d.png"}
    assert "did you mean 'us_force_7d'?" in refused("plot", "s", "--outcome", "us_force_7")
    assert "has nothing that 'drivers' could show" in refused("plot", "s", "--kind", "drivers")
    # Pictures beside a study do not keep it from being taken up again.
    told("sweep", "us-dead", "--replicates", "40", "--out", "s", "--resume")


def test_what_statements_carry_is_drawn_from_its_folder(told, written):
    told("influence", "after-the-strike", "--replicates", "40", "--out", "i")
    assert "influence.png" in written("i", "i")


def test_options_that_nothing_shown_heeds_are_refused(told, refused, raid, tmp_path):
    told("ensemble", raid, "--replicates", "20", "--out", "e")
    sim.sweep(sim.load(raid), {"raid.dead": [0, 5]}, replicates=20, out=tmp_path / "s")
    assert "'move' means nothing to any picture of raid" in refused(
        "plot", "e", "--scenario", raid, "--move", "3"
    )
    line = refused("plot", "s", "--move", "2")
    assert "'move' means nothing to any picture of s; allowed: outcome" in line
    assert "'outcome' means nothing" in refused("plot", raid, "--outcome", "open_war")
    assert "--scenario says what" in refused("plot", raid, "--scenario", raid)
    assert "a study keeps its own" in refused("plot", "s", "--scenario", raid)


@pytest.mark.parametrize("command", ["plot", "report"])
def test_a_folder_without_results_is_called_that(refused, told, tmp_path, command):
    (tmp_path / "empty").mkdir()
    assert refused(command, "empty") == "escalation: empty: has no manifest.json: no results"
    # A scenario that ships is found although a folder happens to have its name.
    (tmp_path / "after-the-strike").mkdir()
    told("plot", "after-the-strike", *QUICK)


@pytest.mark.parametrize("command", ["plot", "report"])
def test_a_damaged_folder_is_told_in_a_line(told, refused, tmp_path, raid, command):
    told("ensemble", raid, "--replicates", "20", "--out", "e")
    told("run", raid, "--out", "h")
    told("influence", raid, "--replicates", "20", "--out", "i")
    sim.sweep(sim.load(raid), {"raid.dead": [0, 5]}, replicates=20, out=tmp_path / "s")
    npz = tmp_path / "e" / "outcomes.npz"
    npz.write_bytes(npz.read_bytes()[:-100])
    of = ("--scenario", raid)
    assert "e/outcomes.npz: cannot be read: it is torn" in refused(command, "e", *of)
    npz.unlink()
    assert "e/outcomes.npz: cannot be read: no such file" in refused(command, "e", *of)
    (tmp_path / "i" / "influence.json").unlink()
    assert "i/influence.json: cannot be read: no such file" in refused(command, "i", *of)
    manifest = json.loads((tmp_path / "h" / "manifest.json").read_text("utf-8"))
    del manifest["seed"]
    (tmp_path / "h" / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    assert "h/manifest.json: seed: is missing" in refused(command, "h", *of)
    shutil.copytree(tmp_path / "s", tmp_path / "t")
    shutil.rmtree(tmp_path / "s" / "outcomes")
    if command == "report":
        assert "s/outcomes: there is no such folder" in refused(command, "s")
    said = json.loads((tmp_path / "t" / "manifest.json").read_text("utf-8"))
    del said["inputs"]["replicates"]
    (tmp_path / "t" / "manifest.json").write_text(json.dumps(said), encoding="utf-8")
    assert "t/manifest.json: is torn: its inputs are not" in refused(command, "t")
    (tmp_path / "t" / "manifest.json").write_bytes((tmp_path / "s" / "manifest.json").read_bytes())
    (tmp_path / "t" / "scenario.json").write_text("{}", encoding="utf-8")
    assert "t/scenario.json: name: is missing" in refused(command, "t")


@pytest.mark.parametrize(
    "command, out", [("plot", "file/x"), ("report", "file/x.html"), ("plot", "file/x/y")]
)
def test_a_place_that_is_none_is_refused_before_anything_is_simulated(
    refused, tmp_path, raid, monkeypatch, command, out
):
    monkeypatch.setattr("sim.reports.ensemble", None)
    monkeypatch.setattr("sim.drawing.ensemble", None)
    (tmp_path / "file").write_text("", encoding="utf-8")
    line = refused(command, raid, "--out", out, code=1)
    assert f"cannot write {out}: " in line
    assert "not a directory; --out " in line


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has other rights")
@pytest.mark.parametrize("command, out", [("plot", "shut"), ("report", "shut/x.html")])
def test_a_folder_without_rights_is_refused_at_once(
    refused, tmp_path, raid, monkeypatch, command, out
):
    # Root may write anywhere, so that the system's own answer would be another.
    def access(place, mode):
        return Path(place).name != "shut" or not mode & os.W_OK

    monkeypatch.setattr(os, "access", access)
    (tmp_path / "shut").mkdir()
    line = refused(command, raid, "--out", out, code=1)
    assert f"cannot write {out}: permission denied; --out " in line
    assert list((tmp_path / "shut").iterdir()) == []


def test_characters_that_the_font_lacks_are_told_in_one_line(cli, tmp_path, repository):
    shutil.copytree(repository / "tests" / "data" / "border", tmp_path / "border")
    text = (repository / "tests" / "data" / "raid.toml").read_text("utf-8")
    (tmp_path / "raid.toml").write_text(text.replace('title = "', 'title = "核 🦀 ', 1), "utf-8")
    told = (
        "escalation: boxes in pictures stand for what their font lacks: 核 (U+6838), 🦀 (U+1F980)"
    )
    drawn = ("plot", "raid.toml", "--replicates", "20", "--kind", "outcomes", "--kind", "path")
    for args in (drawn, ("run", "raid.toml")):
        result = cli(*args)
        assert result.exit_code == 0, result.stderr
        lines = result.stderr.splitlines()
        assert [line for line in lines if line.startswith("escalation")] == [told]
        assert "UserWarning" not in result.stderr
    assert "boxes" not in cli("plot", "after-the-strike", *QUICK).stderr
