"""escalation ensemble: the table, the JSON, the files, and what it refuses."""

import json
import os
import re
import signal
import subprocess
import sys
import time

import numpy as np
import pandas as pd
import pytest

import sim
from sim.analysis.intervals import quantile
from sim.engines.ensemble import Outcomes
from sim.written import digits, groups, number, odds, outcome, share, unforced

SMALL = ("ensemble", "after-the-strike", "--replicates", "600", "--seed", "3")
FILES = ["ensemble.json", "manifest.json", "outcomes.npz", "summary.csv"]
ROW = re.compile(r"^  (\S.{32}) +(\S+)  (.+)$", re.MULTILINE)


@pytest.fixture(scope="module")
def played():
    return sim.ensemble("after-the-strike", 600, 3)


def test_the_answer_comes_first(once, played):
    text = " ".join(once(*SMALL).split())
    war = played.probability("open_war")
    chance, interval = share(war.mean, war.low, war.high)
    assert text.startswith(f"The chance of open war within 30 days is {chance}, about 1 in ")
    assert f"of 600 histories, so the chance lies at {interval} with 95% confidence." in text


def test_the_table_tells_every_outcome_within_eighty_columns(once, played):
    text = once(*SMALL)
    assert max(map(len, text.splitlines())) <= 80
    assert "\x1b" not in text
    rows = [(label.strip(), value, interval) for label, value, interval in ROW.findall(text)]
    titles = {row: title for title, rows in groups(played.scenario) for row in rows}
    named = list(titles)
    assert len(rows) == len(named) > 20
    for (label, value, interval), row in zip(rows, named, strict=True):
        found = played.probability(row.outcome)
        write = share if row.kind == "share" else number
        assert (label, value, interval) == (row.label, *write(found.mean, found.low, found.high))
    kinds = {"wilson": "share", "normal": "mean", "order statistics": "median"}
    for row in named:
        assert kinds[played.probability(row.outcome).method] == row.kind
        assert row.kind == "share" or row.kind in f"{titles[row]} {row.label}"
    summarised = set(played.counted.names())
    never = {name for name in summarised if name.startswith("iraq_") and name != "iraq_dead"}
    assert {row.outcome for row in named} == summarised - never
    assert "No move of force to choose from: Iraq." in text


def test_json_has_every_outcome_with_its_interval(read, played):
    found = read(*SMALL)
    assert {"scenario", "overrides", "replicates", "seed", "seconds", "reached"} <= set(found)
    assert (found["scenario"], found["replicates"], found["seed"]) == ("after-the-strike", 600, 3)
    assert found["seconds"] > 0
    assert found["reached"] is None
    assert set(found["outcomes"]) == set(played.counted.names())
    for name, estimate in found["outcomes"].items():
        assert set(estimate) == {"mean", "low", "high", "n", "method"}
        assert estimate == played.probability(name).to_dict()
    war = found["outcomes"]["open_war"]
    assert 0 < war["low"] < war["mean"] < war["high"] < 1


def test_values_and_days_are_put_in_place(once, read):
    changed = (*SMALL, "--set", "strike.dead=80", "--days", "4")
    assert read(*changed)["overrides"] == {"horizon_days": 4.0, "strike.dead": 80}
    text = once(*changed)
    assert "With strike.dead = 80 (0 before)" in text
    assert "within 4 days" in text
    assert "within 7 days" not in text
    assert "--set strike.dead=80" in text.split("The worst", 1)[1]


def test_the_number_of_threads_changes_nothing(read):
    one, three = (read(*SMALL, "--threads", threads) for threads in ("1", "3"))
    assert {**one, "seconds": 0} == {**three, "seconds": 0}


def test_the_files_have_the_same_bytes_again(told, tmp_path, played):
    for folder, threads in (("one", "1"), ("deep/two", "2")):
        assert f"Written: {folder}" in told(*SMALL, "--threads", threads, "--out", folder)
    first, again = tmp_path / "one", tmp_path / "deep/two"
    assert sorted(path.name for path in first.iterdir()) == FILES
    for name in FILES:
        assert (first / name).read_bytes() == (again / name).read_bytes()
    summary = pd.read_csv(first / "summary.csv", index_col="outcome")
    pd.testing.assert_frame_equal(summary, played.summary())
    found = json.loads((first / "ensemble.json").read_text(encoding="utf-8"))
    assert "seconds" not in found
    manifest = json.loads((first / "manifest.json").read_text(encoding="utf-8"))
    assert (manifest["seed"], manifest["replicates"], manifest["fork"]) == (3, 600, None)
    assert manifest["digest"] == played.scenario.digest()
    with np.load(first / "outcomes.npz") as columns:
        assert set(columns) == {*Outcomes.__dataclass_fields__, "actors"}
        assert list(columns["actors"]) == ["us", "iran", "iraq", "uk"]
        for name, column in played.outcomes.columns().items():
            assert columns[name].dtype == column.dtype
            np.testing.assert_array_equal(columns[name], column)


def test_json_writes_no_file_without_out(told, tmp_path):
    told(*SMALL, "--json")
    told(*SMALL)
    assert list(tmp_path.iterdir()) == []


def test_the_manifest_of_a_fork_says_where_it_starts(tmp_path):
    fork = sim.run("after-the-strike", 7, replicate=2).at(1.5)
    for now in (False, True):
        fork.force("us", "display", "iran", now=now).ensemble(20).save(tmp_path)
        manifest = json.loads((tmp_path / "manifest.json").read_text(encoding="utf-8"))
        where = {"seed": 7, "replicate": 2, "branch": 0, "day": 1.5}
        forced = {
            "forced": {"us": "display iran"},
            "now": ["us"] if now else [],
            "interventions": [],
        }
        assert manifest["fork"] == where | forced


def test_the_hints_lead_to_the_worst_and_to_a_typical_history(once, read, played):
    text = once(*SMALL)
    hints = re.findall(r"^(The worst|A typical one), .*:\n((?:.*\\\n)*.*)", text, re.MULTILINE)
    assert [which for which, _ in hints] == ["The worst", "A typical one"]
    picked = (played.worst_replicate(), played.typical_replicate())
    for (_, command), k in zip(hints, picked, strict=True):
        history = read(*command.replace("\\\n", " ").split()[1:])
        assert history["replicate"] == k
        assert history["end"] == played.history(k).end
        assert history["days"] == played.outcomes.day[k]
    assert played.worst().replicate == picked[0]
    assert played.typical().replicate == picked[1]


def test_the_cost_is_told(once):
    text = " ".join(once(*SMALL, "--threads", "1").split())
    assert re.search(r"600 histories of seed 3 in [\d.]+ s on 1 thread: [\d,]+ crises and", text)


def test_a_precision_is_reached(once, read):
    asked = ("ensemble", "after-the-strike", "--precision", "0.02", "--outcome", "force")
    found = read(*asked)
    force = found["outcomes"]["force"]
    assert found["reached"] is True
    assert (force["high"] - force["low"]) / 2 <= 0.02
    assert force["n"] == found["replicates"] < 10_000
    assert "As asked, force is known to 0.02 either side" in " ".join(once(*asked).split())


def test_a_precision_out_of_reach_is_given_up_and_says_so(once, read):
    asked = ("ensemble", "after-the-strike", "--precision", "0.0001", "--most", "2500")
    found = read(*asked)
    assert found["reached"] is False
    assert found["replicates"] == 2500
    text = " ".join(once(*asked).split())
    assert "Gave up after 2,500 histories: open_war is known to 0.00" in text
    assert "either side, not to 0.0001 as asked" in text


@pytest.mark.parametrize(
    "args, parts",
    [
        (["--replicates", "0"], ["'--replicates': 0 is out of range; allowed: 1 or more"]),
        (["--replicates", "-5"], ["'--replicates': -5 is out of range"]),
        (["--replicates", "1e5"], ["'1e5' is not a valid integer"]),
        (["--replicates", "9", "--precision", "0.1"], ["give either"]),
        (["--precision", "nan"], ["'--precision': nan is out of range; allowed: above 0"]),
        (["--precision", "inf"], ["inf is out of range"]),
        (["--precision", "0"], ["0 is out of range"]),
        (["--precision", "0.1", "--outcome", "opn_war"], ["did you mean 'open_war'?"]),
        (["--precision", "0.1", "--outcome", ""], ["no such outcome ''"]),
        (["--precision", "0.1", "--most", "0"], ["'--most': 0 is out of range"]),
        (["--outcome", "force"], ["--outcome and --most go with --precision"]),
        (["--threads", "0"], ["'--threads': 0 is out of range; allowed: 1 to 1024"]),
        (["--seed", "-1"], ["'--seed': -1 is out of range"]),
        (["--set", "strike.ded=1"], ["did you mean 'strike.dead'?"]),
        (["--days", "nan"], ["--days"]),
        (["--replicates", str(2**31)], ["GB of memory, more than is free; allowed: 1 to "]),
        (
            ["--replicates", str(2**40)],
            ["out of range; allowed: a whole number from 1 to 4294967295"],
        ),
    ],
)
def test_bad_input_is_told_in_a_line(refused, args, parts, monkeypatch):
    monkeypatch.setattr("sim.engines.ensemble.available_memory", lambda: 10**9)
    line = refused("ensemble", "after-the-strike", *args)
    for part in parts:
        assert part in line


def test_a_folder_that_cannot_be_written_is_a_failure(refused, tmp_path):
    (tmp_path / "taken").touch()
    line = refused(*SMALL, "--out", "taken/below", code=1)
    assert "cannot write taken/below" in line


def test_compiling_is_announced_on_standard_error(cli, monkeypatch):
    monkeypatch.setattr(sim, "is_compiled", lambda function="": False)
    result = cli(*SMALL, "--json")
    assert re.fullmatch(r"compiling the kernel .*\.\.\. done in \d+ s\n", result.stderr)
    json.loads(result.stdout)


def test_an_interruption_leaves_nothing_behind(environment, tmp_path):
    endless = ["ensemble", "after-the-strike", "--replicates", "20000000", "--out", "here"]
    with subprocess.Popen(
        [sys.executable, "-m", "sim.cli", *endless],
        env=environment,
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as running:
        time.sleep(4)
        assert running.poll() is None
        running.send_signal(signal.SIGINT)
        began = time.monotonic()
        out, err = running.communicate(timeout=60)
        spent = time.monotonic() - began
    assert (running.returncode, out) == (130, b"")
    assert err.decode().strip() == "escalation: interrupted"
    assert list(tmp_path.iterdir()) == []
    assert spent < 10  # A second at most on a machine with nothing else to do.


@pytest.mark.skipif(os.name == "nt", reason="no terminals of this kind")
def test_a_terminal_gets_a_bar_and_a_file_none(environment, tmp_path):
    pty = pytest.importorskip("pty")
    shown = {}
    for terminal in ("xterm", "dumb"):
        ours, theirs = pty.openpty()
        with subprocess.Popen(
            [sys.executable, "-m", "sim.cli", *SMALL, "--json"],
            env={**environment, "TERM": terminal},
            cwd=tmp_path,
            stdout=subprocess.PIPE,
            stderr=theirs,
        ) as running:
            out, _ = running.communicate(timeout=120)
        json.loads(out)
        os.close(theirs)
        shown[terminal] = b""
        try:
            while part := os.read(ours, 65536):
                shown[terminal] += part
        except OSError:  # Linux ends a terminal so.
            pass
        os.close(ours)
    assert re.search(rb"playing  \[#+\]  100%", shown["xterm"])
    assert shown["dumb"] == b""


@pytest.mark.parametrize("n", [1, 7, 30, 1000, 10**6])
def test_a_share_is_never_written_as_what_it_is_not(n):
    from sim.analysis.intervals import share as estimate

    for k in {0, 1, n // 2, n - 1, n}:
        found = estimate(k, n)
        value, interval = share(found.mean, found.low, found.high)
        low, high = (float(bound.rstrip("%")) for bound in interval.split(" to "))
        assert (value.startswith("<"), value.startswith(">")) == (k == 0, k == n)
        bare = float(value.strip("<>%"))
        assert low <= bare <= high
        assert (low == 0) == (k == 0)
        assert (high == 100) == (k == n)
        if 0 < k < n:
            assert 0 < bare < 100
        # Rounding shows at least the first digit of the half width, and no bound that is too good.
        assert abs(high - 100 * found.high) <= 0.5 * 10 ** -digits(
            50 * (found.high - found.low)
        ) or (k in (0, n))
        if k == 0:
            assert high >= 100 * found.high
        if k == n:
            assert low <= 100 * found.low


def test_numbers_without_an_interval_say_why():
    nan = float("nan")
    assert number(nan, nan, nan) == ("-", "in no history")
    assert number(3.0, nan, nan) == ("3", "no interval")
    assert number(3.0, nan, nan, 4) == ("3", "too few: n=4")
    assert share(nan, nan, nan) == ("-", "no history")


def test_only_what_is_so_in_every_history_is_said_to_be():
    assert number(1.0, 1.0, 1.0, 30, every=True) == ("1", "in every history")
    assert outcome("mean", 1.0, 1.0, 1.0, 30) == ("1", "in every history")
    # The interval of a median of ties has no width, and yet some come later.
    found = quantile(np.repeat([1.0, 2.0], [60, 30]))
    assert (found.low, found.high) == (1.0, 1.0)
    assert outcome("median", found.mean, found.low, found.high, found.n) == ("1", "1 to 1")


def test_a_median_of_too_few_histories_has_no_interval_and_says_of_how_many(told):
    found = sim.ensemble("after-the-strike", 2000, 14).probability("uk_first_force")
    # The seed was chosen for it: the UK uses force so seldom.
    assert 1 <= found.n <= 5
    assert np.isnan([found.low, found.high]).all()
    text = told("ensemble", "after-the-strike", "--replicates", "2000", "--seed", "14")
    assert f"{found.mean:.3g}  too few: n={found.n}" in text
    row = found.to_dict()
    assert (row["low"], row["high"], row["n"]) == (None, None, found.n)


def test_odds_are_given_where_percent_tells_little():
    assert [odds(p) for p in (0.0, 0.5, 0.0991, 0.00714, 1e-6)] == [
        "",
        "",
        "about 1 in 10",
        "about 1 in 140",
        "about 1 in 1,000,000",
    ]


def test_one_history_is_an_ensemble_too(told):
    text = told("ensemble", "after-the-strike", "--replicates", "1", "--days", "2")
    assert "too few: n=1" in text


def test_only_who_can_use_force_has_rows_of_it():
    scenario = sim.load("after-the-strike")
    assert unforced(scenario) == {"iraq": "Iraq"}
