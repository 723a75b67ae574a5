"""What goes wrong is one line and an exit status."""

from datetime import datetime

import pytest

import sim
from sim.cli.options import assignment
from sim.errors import InputError, SimError


@pytest.mark.parametrize(
    "args, parts",
    [
        (["rum"], ["no command 'rum'", "did you mean 'run'?"]),
        (["run"], ["missing argument 'SCENARIO'", "'escalation run --help' says more"]),
        (["run", "--sede", "1", "after-the-strike"], ["--sede"]),
        (["run", "after-the-strik"], ["did you mean 'after-the-strike'?"]),
        (["run", "us-iran-2020"], ["is a crisis, not a scenario"]),
        (["run", "nowhere.toml"], ["nowhere.toml: there is no such file"]),
        (["run", ""], ["''"]),
        (["run", "after-the-strike", "more"], ["unexpected extra argument"]),
        (["run", "after-the-strike", "--seed", "x"], ["--seed", "'x' is not a valid integer"]),
        (["run", "after-the-strike", "--seed", "-1"], ["'--seed': -1 is out of range"]),
        (["run", "after-the-strike", "--seed", str(2**64)], ["out of range", "2**64 - 1"]),
        (["run", "after-the-strike", "--days", "0"], ["--days horizon_days", "more than 0"]),
        (["run", "after-the-strike", "--days", "nan"], ["--days horizon_days"]),
        (["run", "after-the-strike", "--days", "1e9"], ["--days horizon_days", "3660"]),
        (
            ["run", "after-the-strike", "--set", "strike.ded=1"],
            ["--set strike.ded: no such path; did you mean 'strike.dead'?"],
        ),
        (["run", "after-the-strike", "--set", "strike.dead"], ["--set", "PATH=VALUE"]),
        (["run", "after-the-strike", "--set", "strike.dead=-3"], ["--set strike.dead", "-3"]),
        (["run", "after-the-strike", "--set", "strike.dead=some"], ["--set strike.dead", "'some'"]),
        (["run", "after-the-strike", "--set", "actors.us.alert=1.5"], ["at most 1"]),
        (["check"], ["missing argument 'FILE...'"]),
        (["statements", "--scenario", "nowhere"], ["no bundled scenario"]),
    ],
)
def test_bad_input_is_told_in_a_line(refused, args, parts):
    line = refused(*args)
    for part in parts:
        assert part in line


@pytest.mark.parametrize(
    "args, start",
    [
        (["explain", "--move", "99"], "--move: there is no move 99; allowed: 1 to "),
        (["explain", "--actor", "uss", "--at", "1"], "--actor: no such actor 'uss'"),
        (["plot", "--kind", "fann"], "--kind: no such kind of picture: 'fann'"),
        (["ensemble", "--replicates", str(2**40)], f"--replicates: {2**40} is out of range"),
        (["advise", "--actor", "us", "--at", "99"], "--at: day 99 lies outside this history"),
        (["advise", "--actor", "us", "--intervention", "x"], "--intervention: no such inject 'x'"),
        (["ensemble", "--rare", "--outcome", "days"], "--outcome: 'days' is no outcome"),
    ],
)
def test_what_the_library_refuses_is_named_as_it_was_asked_for(refused, args, start):
    line = refused(args[0], "after-the-strike", *args[1:])
    assert line.startswith(f"escalation: {start}")


@pytest.mark.parametrize(
    "args",
    [
        ("r\x1b[31mun",),
        ("run", "\x1b[31mx.toml"),
        ("run", "after-the-strike", "--se\x1b[31med", "1"),
        ("run", "after-the-strike", "--seed", "\x1b[31m"),
        ("sensitivity", "\x1b[31mx"),
    ],
)
def test_what_steers_a_terminal_is_not_repeated_to_it(refused, args):
    assert "\x1b" not in refused(*args)


def test_nothing_to_do_shows_the_help_and_is_bad_input(cli):
    result = cli()
    assert result.exit_code == 2
    assert result.stdout == ""
    assert result.stderr.startswith("Usage: escalation")


@pytest.mark.parametrize(
    "args",
    [
        ("run", "after-the-strike", "--out", ""),
        ("plot", "after-the-strike", "--out", ""),
        ("report", "after-the-strike", "--out", ""),
        ("advise", "after-the-strike", "--actor", "us", "--history", ""),
        ("play", "after-the-strike", "--as", "us", "--save", ""),
        ("sensitivity", ""),
    ],
)
def test_an_empty_path_is_not_this_folder(refused, tmp_path, args):
    assert "'' is no path" in refused(*args)
    assert list(tmp_path.iterdir()) == []


def test_out_that_is_a_file_is_bad_input(refused, tmp_path):
    (tmp_path / "taken").touch()
    assert "taken" in refused("run", "after-the-strike", "--days", "1", "--out", "taken")


def test_out_that_cannot_be_made_is_a_failure(refused, tmp_path):
    (tmp_path / "taken").touch()
    line = refused("run", "after-the-strike", "--days", "1", "--out", "taken/below", code=1)
    assert line.startswith("escalation: cannot write taken/below: not a directory; --out DIR ")


def failing(monkeypatch, error):
    def fail(*args, **extra):
        raise error

    monkeypatch.setattr(sim, "load", fail)


@pytest.mark.parametrize(
    "error, code, line",
    [
        (KeyboardInterrupt(), 130, "escalation: interrupted"),
        (SimError("too\nbad"), 1, "escalation: too bad"),
        (
            ZeroDivisionError("division by zero"),
            1,
            "escalation: unexpected ZeroDivisionError: division by zero "
            "(ESCALATION_TRACEBACK=1 shows where)",
        ),
        (
            MemoryError(),
            1,
            "escalation: unexpected MemoryError (ESCALATION_TRACEBACK=1 shows where)",
        ),
        (OSError(28, "No space left on device"), 1, "escalation: no space left on device"),
        (
            PermissionError(13, "Permission denied", "a.toml"),
            1,
            "escalation: a.toml: permission denied",
        ),
    ],
)
def test_any_failure_is_a_line(cli, monkeypatch, error, code, line):
    failing(monkeypatch, error)
    result = cli("rules")
    assert result.exit_code == code
    assert result.stdout == ""
    assert result.stderr.strip() == line


def test_a_traceback_where_it_is_asked_for(cli, monkeypatch):
    monkeypatch.setenv("ESCALATION_TRACEBACK", "1")
    failing(monkeypatch, ZeroDivisionError("division by zero"))
    assert "Traceback (most recent call last)" in cli("rules").stderr


@pytest.mark.parametrize(
    "text, value",
    [
        ("80", 80),
        (" 0.5 ", 0.5),
        ("true", True),
        ("drawn", "drawn"),
        ('"drawn"', "drawn"),
        ("2020-01-09T06:00:00", datetime(2020, 1, 9, 6)),
        ("[1, 2]", [1, 2]),
        ("a=b", "a=b"),
        ("1\nother = 2", "1\nother = 2"),
    ],
)
def test_a_value_is_toml_or_a_bare_word(text, value):
    assert assignment(f"some.path={text}") == ("some.path", value)


@pytest.mark.parametrize("text", ["", "=", "strike.dead", "strike.dead=", "=80"])
def test_a_value_without_a_path_or_a_path_without_a_value(text):
    with pytest.raises(InputError, match="allowed: PATH=VALUE"):
        assignment(text)


def test_a_replicate_that_does_not_exist(refused):
    line = refused("run", "after-the-strike", "--replicate", "-1")
    assert "-1 is out of range; allowed: 0 to 2**64 - 1" in line
