"""The command report: one file, where it was asked for, and refusals of a line."""

import shlex

import pytest

import sim
from sim.saving import save_advice

QUICK = ("--replicates", "20", "--without", "2")


@pytest.fixture
def raid(repository):
    """A scenario that is soon reported."""
    return str(repository / "tests" / "data" / "raid.toml")


def test_the_command_in_a_report_makes_it_again(cli, tmp_path, raid):
    result = cli("report", raid, *QUICK, "--set", "raid.dead=5", "--days", "10")
    assert result.exit_code == 0, result.stderr
    for what in ("histories", "histories without a statement", "pictures"):
        assert f" {what}, " in result.stderr
    name = result.stdout.removeprefix("Written: ").rstrip("\n")
    # Other values go elsewhere.
    assert name.startswith("results/raid-")
    assert name.endswith("-report.html")
    assert len(name) > len("results/raid-report.html")
    first = (tmp_path / name).read_text(encoding="utf-8")
    assert "<code>raid.dead</code> = 5 (2 before)" in first
    command = first.split('aria-label="Commands"><code>')[1].split("\n")[0]
    words = shlex.split(command.replace("&#39;", "'"))
    # The file by its name alone: where it lies is told to nobody.
    assert words[:3] == ["escalation", "report", "raid.toml"]
    assert cli("report", raid, *words[3:], "--out", "new/b.html").stdout == "Written: new/b.html\n"
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["b.html"]
    assert (tmp_path / "new" / "b.html").read_text(encoding="utf-8") == first


def test_results_are_reported_beside_themselves(told, refused, tmp_path, raid):
    told("ensemble", raid, "--replicates", "20", "--out", "saved")
    own = ("report", "saved", "--scenario", raid, "--without", "2")
    assert told(*own) == "Written: saved/report.html\n"
    html = (tmp_path / "saved" / "report.html").read_text(encoding="utf-8")
    assert "of an ensemble" in html
    assert "report saved --scenario" in html
    assert "are simulated already" in refused(*own, "--replicates", "50")
    assert told(*own[:-2], "--quick") == "Written: saved/report.html\n"
    for option in (("--seed", "2"), ("--set", "raid.dead=1"), ("--days", "3")):
        assert "as they are" in refused(*own, *option)


def test_what_cannot_be_reported_is_refused_in_a_line(refused, tmp_path, raid):
    assert "did you mean 'after-the-strike'" in refused("report", "after-the-strik")
    (tmp_path / "empty").mkdir()
    assert "empty" in refused("report", "empty")
    (tmp_path / "file").write_text("", encoding="utf-8")
    line = refused("report", raid, *QUICK, "--out", "file/x.html", code=1)
    assert "cannot write file/x.html: " in line
    assert "--scenario says what" in refused("report", raid, "--scenario", raid)


def test_of_a_study_no_statement_is_left_out_and_quick_changes_nothing(
    told, refused, raid, tmp_path
):
    sim.sweep(sim.load(raid), {"raid.dead": [0, 5]}, replicates=20, out=tmp_path / "s")
    line = refused("report", "s", "--without", "50")
    assert "without: means nothing to a study" in line
    assert "a study keeps its own" in refused("report", "s", "--scenario", raid)
    assert told("report", "s", "--quick") == "Written: s/report.html\n"


def test_a_report_is_not_of_advice_nor_of_influence(told, refused, raid, tmp_path):
    told("influence", raid, "--replicates", "20", "--out", "i")
    save_advice(sim.advise(sim.load(raid), "north", replicates=20), tmp_path / "a")
    for folder, held in (("i", "influence"), ("a", "advise")):
        line = refused("report", folder, "--scenario", raid)
        assert f"{folder}: holds what `escalation {held}`" in line
        assert "a report is of a scenario, a history, an ensemble or a study" in line
