"""escalation compare: the paired table, the JSON, and what it refuses."""

import re
import shutil
from itertools import pairwise

import click
import numpy as np
import pytest

import sim

PAIR = ("compare", "after-the-strike", "eighty-dead", "--replicates", "500", "--seed", "4")
NUDGE = ("compare", "after-the-strike", "--set-b", "tempo.us=0.63", "--replicates", "500")


@pytest.fixture(scope="module")
def pair():
    ensembles = [sim.ensemble(name, 500, 4) for name in ("after-the-strike", "eighty-dead")]
    return ensembles[0].compare(ensembles[1])


def test_json_is_the_paired_comparison(read, pair):
    found = read(*PAIR)
    assert {"a", "b", "replicates", "seed", "seconds", "outcomes"} == set(found)
    assert (found["replicates"], found["seed"]) == (500, 4)
    assert [found[side]["scenario"] for side in "ab"] == ["after-the-strike", "eighty-dead"]
    assert set(found["outcomes"]) == set(pair)
    for name, row in found["outcomes"].items():
        assert set(row) == {"a", "b", "mean", "low", "high", "n", "method", "variance_ratio"}
        assert row == pair[name].to_dict()
        assert row["mean"] == pytest.approx(row["b"] - row["a"])
        assert row["low"] <= row["high"]


def test_the_answer_comes_first_and_all_fits_eighty_columns(once):
    text = once(*PAIR)
    assert text.startswith("In B open war is more probable: ")
    assert max(map(len, text.splitlines())) <= 80
    assert "\x1b" not in text
    assert "A: after-the-strike\nB: eighty-dead\n" in text


ROW = r"^  (\S.*?)  +(\S+) +(\S+) +(\S+?)(\*?) +(\S+)x$"
BELOW = r"^ +(\S+) to (\S+) +(\S+) to (\S+) +(\S+) to (\S+)$"


def rows(text):
    """Of each row: its label, numbers, mark and pairing, and the ends of the intervals below."""
    lines = text.splitlines()
    for line, below in pairwise(lines):
        if found := re.match(ROW, line):
            yield found.groups(), [float(end) for end in re.match(BELOW, below).groups()]


def test_a_mark_stands_where_the_interval_has_no_zero(once, pair):
    told = list(rows(once(*PAIR)))
    assert {mark for (*_, mark, _), _ in told} == {"", "*"}
    for (*_, mark, _), (*_, low, high) in told:
        if low * high:  # What was rounded to nothing has lost its sign.
            assert (mark == "*") == (low > 0 or high < 0)
    sure = sum(d.estimate.low > 0 or d.estimate.high < 0 for d in pair.values())
    assert sum(mark == "*" for (*_, mark, _), _ in told) == sure
    assert len(told) >= 20


def test_both_sides_have_their_intervals(once, read):
    found = read(*PAIR)
    a, b = (sim.ensemble(name, 500, 4) for name in ("after-the-strike", "eighty-dead"))
    for side, ensemble in (("a", a), ("b", b)):
        assert set(found[side]["outcomes"]) == set(found["outcomes"])
        for name, told in found[side]["outcomes"].items():
            assert told == ensemble.probability(name).to_dict()
            assert told["mean"] == pytest.approx(found["outcomes"][name][side])
    text = once(*PAIR)
    head = " ".join(text.split("\n\n")[0].split())
    assert re.search(r": \S+% of histories \(\S+ to \S+%\) against \S+% \(\S+ to \S+%\)\.", head)
    war = next(ends for (label, *_), ends in rows(text) if label == "open war")
    expected = [100 * end for side in (a, b) for end in _ends(side.probability("open_war"))]
    assert war[:4] == pytest.approx(expected, abs=0.1)


def _ends(found):
    return found.low, found.high


def test_a_narrow_terminal_has_all_columns_below_one_another(pair):
    from sim.cli.compare import _table
    from sim.cli.screen import Screen

    sides = [sim.ensemble(name, 500, 4) for name in ("after-the-strike", "eighty-dead")]
    lines = [click.unstyle(line) for line in _table(*sides, pair, Screen(60, False))]
    assert max(map(len, lines)) <= 60
    heads = [line.split() for line in lines if line.split() and not line.strip()[0].islower()]
    assert ["A", "B"] in heads
    assert sum(line.startswith("  open war ") for line in lines) == 2


def test_b_is_a_with_other_values(once, read):
    found = read(*NUDGE)
    assert found["a"]["scenario"] == found["b"]["scenario"] == "after-the-strike"
    assert (found["a"]["overrides"], found["b"]["overrides"]) == ({}, {"tempo.us": 0.63})
    assert found["outcomes"]["us_force"]["variance_ratio"] > 3
    assert "B: after-the-strike with tempo.us = 0.63 (0.6 before)" in once(*NUDGE)


def test_set_holds_for_both_and_set_b_for_one(read):
    found = read(*NUDGE, "--set", "strike.dead=2", "--days", "6")
    both = {"strike.dead": 2, "horizon_days": 6.0}
    assert found["a"]["overrides"] == both
    assert found["b"]["overrides"] == {**both, "tempo.us": 0.63}


def test_the_number_of_threads_changes_nothing(read):
    one, three = (read(*NUDGE, "--threads", threads) for threads in ("1", "3"))
    assert {**one, "seconds": 0} == {**three, "seconds": 0}


def test_a_scenario_does_not_differ_from_itself(once, read):
    alike = ("compare", "after-the-strike", "after-the-strike", "--replicates", "200")
    text = once(*alike)
    assert text.startswith("In B open war comes in the very same histories as in A.")
    assert "*" not in text.split("Below each number")[0]
    for row in read(*alike)["outcomes"].values():
        assert row["mean"] == 0
        assert row["variance_ratio"] is None
        assert row["low"] <= 0 <= row["high"]


def test_a_pair_that_tells_nothing_says_so(once):
    slight = ("--set", "strike.dead=1", "--set-b", "tempo.us=0.63", "--replicates", "2000")
    text = " ".join(once("compare", "after-the-strike", *slight).split())
    assert "2,000 pairs cannot tell:" in text


def test_pairing_loses_nothing_and_helps_small_changes(read):
    big = read(*PAIR)["outcomes"]["us_force_7d"]["variance_ratio"]
    small = read(*NUDGE)["outcomes"]["us_force_7d"]["variance_ratio"]
    assert 0.8 < big < small
    assert np.isfinite(small)


@pytest.mark.parametrize(
    "args, parts",
    [
        (["after-the-strike"], ["Give B, or --set-b"]),
        ([], ["missing argument 'A'"]),
        (["after-the-strike", "eighty-ded"], ["did you mean 'eighty-dead'?"]),
        (["after-the-strike", "--set-b", "strike.dead"], ["--set-b", "PATH=VALUE"]),
        (["after-the-strike", "--set-b", "strike.ded=1"], ["--set-b strike.ded: no such path"]),
        (["after-the-strike", "--set", "strike.ded=1"], ["compare with what"]),
        (["after-the-strike", "eighty-dead", "--replicates", "1"], ["allowed: 2 or more"]),
        (["after-the-strike", "eighty-dead", "--replicates", "-3"], ["-3 is out of range"]),
        (["after-the-strike", "eighty-dead", "--threads", "0"], ["'--threads': 0"]),
    ],
)
def test_bad_input_is_told_in_a_line(refused, args, parts):
    line = refused("compare", *args)
    for part in parts:
        assert part in line


def test_different_actors_are_told_in_a_line(refused, repository, tmp_path):
    shutil.copytree(repository / "scenarios", tmp_path / "other")
    file = tmp_path / "other/us-iran-2020/actors.toml"
    text = file.read_text(encoding="utf-8")
    iran = text[text.index("[actors.iran]") : text.index("[actors.iraq]")]
    file.write_text(iran + text.replace(iran, ""), encoding="utf-8")
    line = refused("compare", "after-the-strike", "other/after-the-strike.toml")
    assert line.endswith("not us, iran, iraq, uk and iran, us, iraq, uk")


def test_compiling_is_announced_once(cli, monkeypatch):
    monkeypatch.setattr(sim, "is_compiled", lambda function="": False)
    result = cli(*NUDGE, "--json")
    assert re.fullmatch(r"compiling the kernel .*\.\.\. done in \d+ s\n", result.stderr)
