"""The report on the patterns: in words, as JSON, and as the table of the documentation."""

import shutil

import pytest

SMALL = ("patterns", "--replicates", "100")


def test_every_pattern_has_its_measure_range_and_verdict(once):
    text = once(*SMALL)
    lines = text.splitlines()
    heads = [line.split() for line in lines if line.startswith("P")]
    assert [head[0] for head in heads] == [
        *("P1a", "P1b", "P2", "P3a", "P3b", "P3c", "P4a", "P4b"),
        *("P5a", "P5b", "P6", "P7a", "P7b", "P8a", "P8b"),
    ]
    assert {head[1] for head in heads} <= {"holds", "fails", "undecided"}
    holding = sum(head[1] == "holds" for head in heads)
    assert f"{holding} of 15 patterns hold" in text
    assert "not calibrated" in " ".join(text.split())
    assert "100 replicates of each scenario, seed 1" in text
    assert "\x1b" not in text
    assert max(len(line) for line in lines) <= 80


def test_json_has_it_all(read):
    measured = read(*SMALL)
    assert len(measured) == 15
    for one in measured:
        assert one["verdict"] in ("holds", "fails", "undecided")
        assert one["low"] <= one["mean"] <= one["high"]
        assert one["holds"]
        assert one["calibrated"] is False
        assert all(len(digest) == 64 for digest in one["scenarios"].values())
    steps = next(one for one in measured if one["id"] == "P3c")["steps"]
    assert len(steps) == 7
    assert steps[0] < steps[-1]


def test_the_table_in_markdown_has_a_row_a_pattern(once):
    text = once(*SMALL, "--markdown")
    assert text.startswith("Seed 1, 100 replicates of each scenario; propensities judged, not")
    assert len([line for line in text.splitlines() if line.startswith("| P")]) == 15
    assert "| after-the-strike (strike.dead=drawn) | `" in text


def test_the_same_seed_measures_the_same_and_another_does_not(told):
    one, two = (told(*SMALL, "--markdown") for _ in range(2))
    assert one == two
    assert told(*SMALL, "--markdown", "--seed", "2") != one


def test_a_failing_pattern_is_a_report_and_no_failure(told, repository, tmp_path):
    copied(repository, tmp_path, "at_least = 0.7 }", "at_least = 0.99 }")
    text = told("patterns", str(tmp_path / "s" / "us-iran-2020"), "--replicates", "100")
    assert text.splitlines()[1].split()[:2] == ["P1a", "fails"]
    assert "1 fails" in text


def test_a_crisis_without_patterns_is_told(told, repository, tmp_path):
    copied(repository, tmp_path)
    (tmp_path / "s" / "us-iran-2020" / "patterns.toml").unlink()
    folder = str(tmp_path / "s" / "us-iran-2020")
    assert told("patterns", folder) == f"{folder} has no patterns.toml\n"


@pytest.mark.parametrize(
    "args, says",
    [
        (("us-iran",), "did you mean 'us-iran-2020'?"),
        (("--replicates", "1"), "replicates: 1 is out of range"),
        (("--replicates", "10", "--seed", "-1"), "'--seed': -1 is out of range"),
    ],
)
def test_bad_input_is_one_line(refused, args, says):
    assert says in refused("patterns", *args)


def test_a_wrong_pattern_is_found_by_check(cli, repository, tmp_path):
    copied(repository, tmp_path, 'by = "iran"', 'by = "irann"')
    result = cli("check", str(tmp_path / "s" / "us-iran-2020"))
    assert result.exit_code == 2
    assert "patterns[0].move.by: no such actor: 'irann'" in result.stderr
    assert result.stderr.count("\n") == 1


def copied(repository, tmp_path, old="", new=""):
    """Copy the scenarios, with a change to the patterns."""
    shutil.copytree(repository / "scenarios", tmp_path / "s")
    file = tmp_path / "s" / "us-iran-2020" / "patterns.toml"
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")
