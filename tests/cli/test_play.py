"""The command play: whole games through a pipe, and a real terminal with Ctrl-C."""

import json
import os
import re
import signal
import sys
import time
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

import sim
from sim.cli import main
from sim.cli.asides import keys, ladder, why
from sim.cli.scene import Scene
from sim.cli.screen import Screen

SHORT = ["from-the-killing", "--as", "iran", "--seed", "6", "--days", "4", "--save", "game.json"]


@pytest.fixture
def played(tmp_path, monkeypatch, warm):
    """Play with these lines typed, in an empty folder."""
    monkeypatch.chdir(tmp_path)

    def play(*args, typed=()):
        return CliRunner().invoke(
            main, ["play", *args], input="".join(f"{line}\n" for line in typed)
        )

    return play


def end_of(result):
    assert result.exit_code == 0, result.output
    return result.stdout[result.stdout.index("How it went") :]


def saved():
    return json.loads(Path("game.json").read_text())


def test_a_whole_game_through_a_pipe(played):
    result = played(*SHORT, typed=["10", "w", "w", "w", ""])
    told = end_of(result)
    assert result.stdout.startswith("From the killing\n")
    assert "You are Iran." in result.stdout
    assert "A settlement wins. Open war loses." in result.stdout
    assert "1 of its own died in your blow" in result.stdout
    assert "A draw: no settlement in time after 4 days, 1 dead since the start." in told
    assert "Where you parted from the model's Iran" in told
    assert "With the same luck, the model's Iran: drawn" in told
    assert Path("game.png").read_bytes().startswith(b"\x89PNG")
    assert saved()["over"]
    assert max(map(len, result.stdout.splitlines())) <= 80
    # Looked back on, it is the very same.
    assert end_of(played("--resume", "game.json")) == told


def test_a_game_that_was_left_goes_on_to_the_same_end(played):
    whole = end_of(played(*SHORT, typed=["10", "w", "w", "w", ""]))
    Path("game.json").unlink()
    left = played(*SHORT, typed=["10"])
    assert left.exit_code == 0
    assert left.stdout.rstrip().endswith("escalation play --resume game.json")
    assert [taken["option"] for taken in saved()["taken"]] == ["notified_strike us"]
    gone_on = played("--resume", "game.json", typed=["w", "w", "w"])
    assert "You are Iran" not in gone_on.stdout
    assert end_of(gone_on) == whole


def test_bad_input_never_loses_the_game(played):
    typed = ["99", "threten us", "w -1", "w soon", "y 77", "a", "u", "?", "l", "n", "y", "y 4", "q"]
    result = played(*SHORT, typed=typed)
    assert result.exit_code == 0
    for told in (
        "No option 99; allowed: a number from 0 to 14, or its name.",
        "did\n  you mean 'threaten us'?",
        "-1 days are none to wait",
        "Cannot wait 'soon'; allowed: a number of days.",
        "No option '77'; allowed: 0 to 14.",
        "No advice in this game; it takes --advice.",
        "nothing has been decided yet",
        "hold until something happens that concerns you",
        "9  major strike: on the homeland, or far above the harm received",
        "towards ####",
        "Promises the funeral crowds a hard and definitive revenge.",
        "The game is saved.",
    ):
        assert told in result.stdout, told
    assert "  a       advice" not in result.stdout
    assert saved()["taken"] == []


def test_enter_holds_names_do_and_the_end_can_be_taken_back(played):
    result = played(*SHORT, typed=["Open war US", "u", "", "threaten us", "q"])
    assert "The crisis is over." in result.stdout
    assert [taken["option"] for taken in saved()["taken"]] == ["hold", "threaten us"]
    assert result.stdout.rstrip().endswith("--resume game.json")


def test_a_lost_game_says_so(played):
    told = end_of(played(*SHORT, typed=["14"]))
    assert "Iran went to war against US." in told
    assert "You have lost: open war after" in told
    assert "0 of your 1 decision were what the model did." in told
    assert "open war 100.0% instead of" in told
    # The dead of a war itself lie beyond the model: none were spared by it.
    assert "dead 0" not in told


def test_advice_is_given_where_it_was_asked_for(played):
    result = played(*SHORT, "--advice", typed=["a", "q"])
    assert "What each option would lead to" in result.stdout
    assert re.search(r"^  14  open war → US +99.6 to 100% +0 to 0.4% +0$", result.stdout, re.M)
    assert result.stdout.rstrip().endswith("--resume game.json --advice")


def test_a_blind_game_shows_no_probabilities(played):
    result = played(*SHORT, "--blind", typed=["y", "q"])
    assert "This game is blind: what would pull you is hidden." in result.stdout
    assert "%" not in result.stdout[result.stdout.index("What you may do") :]
    assert "pulls" not in result.stdout


def test_whoever_never_decides_is_told(played):
    told = end_of(played("from-the-killing", "--as", "iran", "--days", "0.01"))
    assert "Iran never came to a decision before the crisis ended." in told
    assert Path("results/play-from-the-killing-iran-seed1.json").exists()


def test_no_game_is_written_over(played):
    for _ in range(2):
        assert played("from-the-killing", "--as", "us", "--seed", "3").exit_code == 0
    names = sorted(path.name for path in Path("results").iterdir())
    assert names == [f"play-from-the-killing-us-seed3{n}.json" for n in ("-2", "")]
    played(*SHORT, typed=["10"])
    before = Path("game.json").read_bytes()
    refused = played(*SHORT)
    assert refused.exit_code == 2
    assert "game.json: is there already; --resume goes on with it" in refused.stderr
    assert Path("game.json").read_bytes() == before


@pytest.mark.parametrize(
    "args, told",
    [
        ([], "name a scenario to play"),
        (["from-the-killing"], "say whose decisions you take: --as ACTOR"),
        (["from-the-killing", "--as", "irann"], "--as: no such actor 'irann'"),
        (["nowhere", "--as", "iran"], "no bundled scenario"),
        (["--resume", "nothing.json"], "nothing.json: cannot be read: no such file"),
        (["--resume", "game.json", "--seed", "2"], "a saved game settles --seed itself"),
    ],
)
def test_refusals_are_one_line(played, args, told):
    result = played(*args)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.count("\n") == 1
    assert told in result.stderr


@pytest.mark.parametrize("width", [50, 60, 80, 100])
@pytest.mark.parametrize("name, player", [("eighty-dead", "us"), ("from-the-killing", "iran")])
def test_nothing_is_wider_than_the_screen(name, player, width):
    game = sim.Game(name, player, seed=4)
    scene = Scene(game, Screen(width), advice=True)
    said = game.situation()
    lines = [
        *scene.briefing(),
        *scene.situation(said),
        *why(scene, said, None),
        *(line for choice in said.options for line in why(scene, said, choice.number)),
        *ladder(scene),
        *keys(scene),
    ]
    plain = [click.unstyle(line) for line in lines]
    assert max(map(len, plain)) <= width
    assert Screen(width, blocks=False).option("a", "b") == "a -> b"


@pytest.mark.skipif(os.name == "nt", reason="no such terminals there")
def test_ctrl_c_in_a_terminal_saves_and_says_how_to_go_on(tmp_path, environment):
    import pty
    import select

    child, terminal = pty.fork()
    if child == 0:
        os.chdir(tmp_path)
        words = [sys.executable, "-m", "sim.cli", "play", *SHORT]
        os.execve(sys.executable, words, environment)
    read = b""

    def until(text):
        nonlocal read
        limit = time.monotonic() + 120
        while text not in read:
            assert time.monotonic() < limit, read.decode()
            if select.select([terminal], [], [], 1.0)[0]:
                read += os.read(terminal, 65536)
        read = read[read.index(text) + len(text) :]

    try:
        until(b"Press Enter to begin.")
        os.write(terminal, b"\n")
        until(b"? helps >")
        os.write(terminal, b"threaten us\n")
        until(b"You: threaten, at US")
        until(b"? helps >")
        time.sleep(1.0)  # until it reads: Python drops an interruption that falls into a finaliser
        os.write(terminal, b"\x03")  # what the terminal turns into SIGINT
        until(b"--resume game.json")
    except BaseException:
        os.kill(child, signal.SIGKILL)
        raise
    finally:
        _, status = os.waitpid(child, 0)
        os.close(terminal)
    assert os.waitstatus_to_exitcode(status) == 0
    game = sim.Game.load(tmp_path / "game.json")
    assert [taken.option for taken in game.taken] == ["threaten us"]
