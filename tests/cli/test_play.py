"""The command play: whole games through a pipe, what they show, and interruptions."""

import contextlib
import json
import re
import signal
from dataclasses import replace
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

import sim
from sim.analysis.intervals import wilson
from sim.cli import main
from sim.cli.asides import keys, ladder, why
from sim.cli.debriefing import Debriefing
from sim.cli.keyboard import Keyboard
from sim.cli.outlook import outlook
from sim.cli.playing import _measured
from sim.cli.scene import Scene
from sim.cli.screen import Screen
from sim.costs import _signed
from sim.engines.model import CrisisModel
from sim.errors import InputError
from sim.written import share

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
    assert "You play: Iran." in result.stdout
    assert "A settlement wins. Open war loses." in result.stdout
    assert "1 of its own died in your blow" in result.stdout
    assert "A draw: no settlement in time after 4 days, 1 dead since the start." in told
    assert "Where you parted from the model, and what it cost" in told
    assert "With the same luck, the model in place of Iran: a draw, no settlement" in told
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
    assert "You play" not in gone_on.stdout
    assert end_of(gone_on) == whole


def test_bad_input_never_loses_the_game(played):
    typed = [
        "99",
        "3 4",
        "9" * 5_000,
        "threten us",
        "w -1",
        "w soon",
        "y 77",
        "a",
        "u",
        "?",
        "l",
        "n",
        "y",
        "y 4",
        "q",
    ]
    result = played(*SHORT, typed=typed)
    assert result.exit_code == 0
    for told in (
        "No option 99; allowed: a number from 0 to 14, or its name.",
        "No option '3 4'; allowed: a number from 0 to 14, or ? for what else.",
        "did\n  you mean 'threaten us'?",
        "-1 days are none to wait",
        "Cannot wait 'soon'; allowed: a number of days.",
        "No option '77'; allowed: 0 to 14.",
        "No advice in this game. To get some, leave (q) and go on with --advice.",
        "Nothing has been decided yet.",
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
    told = " ".join(result.stdout.split())
    assert "The crisis is over. Open war on 3 Jan: Iran went to war against US." in told
    assert [taken["option"] for taken in saved()["taken"]] == ["hold", "threaten us"]
    assert result.stdout.rstrip().endswith("--resume game.json")


def test_a_lost_game_says_so(played):
    told = end_of(played(*SHORT, typed=["14"]))
    assert "Iran went to war against US." in told
    assert "You have lost: open war after" in told
    assert "Your one decision was not the model's." in told
    assert "open war >99.8% instead of" in told
    # The dead of a war itself lie beyond the model: none were spared by it.
    assert "dead 0" not in told


def test_advice_is_given_where_it_was_asked_for(played):
    result = played(*SHORT, "--advice", typed=["a", "q"])
    assert "What each option would lead to" in result.stdout
    assert re.search(r"^  14  open war → US +99.6 to 100% +0 to 0.4% +-$", result.stdout, re.M)
    told = " ".join(result.stdout.split())
    assert "best" in told[: told.index(" open war settled dead")].rpartition("lead to")[2]
    assert "short of open war, whose own are not simulated (-)." in told
    assert "in brackets (parted by lines): in one stand" in told
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


TWO = ["eighty-dead", "--as", "us", "--as", "iran", "--seed", "7", "--save", "game.json"]


def test_two_players_are_told_whose_turn_is_taken_back(played):
    result = played(*TWO, typed=["", "", "", "u", "", "u", "", "open war us", "u", "q"])
    assert result.exit_code == 0
    told = " ".join(result.stdout.split())
    assert "u takes your last turn back, and what the others decided after it." in told
    refused, undone, other, ended = (
        told.index(text)
        for text in (
            "This player has decided nothing yet.",
            "Your last turn is undone, and so is what Iran decided after it.",
            "US has taken a turn back: what you decided after it is undone too.",
            "Enter shows how it went, u undoes the last turn, that of Iran >",
        )
    )
    assert refused < undone < other < ended
    assert [(taken["turn"], taken["actor"]) for taken in saved()["taken"]] == [
        *((1, "us"), (2, "us"), (3, "us"))
    ]


def test_an_open_score_has_a_scale(played):
    told = " ".join(played(*TWO, typed=["q"]).stdout.split())
    assert "your score with it is open" in told
    assert "A score of 0.5 or less is closed; a strike that kills nobody makes it 1." in told
    free = " ".join(played("from-the-killing", "--as", "us", typed=["q"]).stdout.split())
    assert "score of 0.5" not in free
    assert "your score with it is open" not in free


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


def test_a_picture_takes_no_other_files_place(played):
    mine = b"a photograph"
    Path("game.png").write_bytes(mine)
    told = end_of(played(*SHORT, typed=["10", "w", "w", "w", ""]))
    assert "The course as a picture: game-2.png" in told
    assert Path("game.png").read_bytes() == mine
    picture = Path("game-2.png").read_bytes()
    assert picture.startswith(b"\x89PNG")
    # The same course has its picture already; another end of it has another one.
    assert end_of(played("--resume", "game.json")) == told
    other = end_of(played("--resume", "game.json", typed=["u", "14", ""]))
    assert "The course as a picture: game-3.png" in other
    assert Path("game-2.png").read_bytes() == picture != Path("game-3.png").read_bytes()
    assert sorted(path.name for path in Path().iterdir()) == [
        *("game-2.png", "game-3.png"),
        *("game.json", "game.png"),
    ]


def test_a_game_that_has_a_pictures_name_is_not_lost_to_its_picture(played):
    refused = played(*SHORT[:-1], "game.PNG")
    assert (refused.exit_code, refused.stdout) == (2, "")
    assert "--save: game.PNG is a picture's name" in refused.stderr
    game = sim.Game("from-the-killing", "us", seed=1)
    game.choose("open_war iran")
    before = game.save("game.png").read_bytes()
    assert "The course as a picture: game-2.png" in end_of(played("--resume", "game.png"))
    assert sim.Game.load("game.png").taken == game.taken
    assert Path("game.png").read_bytes() == before


@pytest.mark.parametrize(
    "args, told",
    [
        ([], "name a scenario to play"),
        (["from-the-killing"], "say whose decisions you take: --as ACTOR"),
        (["from-the-killing", "--as", "irann"], "--as: no such actor 'irann'"),
        (["nowhere", "--as", "iran"], "no bundled scenario"),
        (["--resume", "nothing.json"], "nothing.json: cannot be read: no such file"),
        (["--resume", "game.json", "--as", "us"], "a saved game settles --as itself"),
        (["--resume", "game.json", "--seed", "2"], "a saved game settles --seed itself"),
    ],
)
def test_refusals_are_one_line(played, args, told):
    result = played(*args)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.count("\n") == 1
    assert told in result.stderr


def everything(game, width):
    """All that a player gets to read, without colours, in a list of paragraphs of lines."""
    scene = Scene(game, Screen(width), advice=True)
    said = game.situation()
    parts = [
        scene.briefing(),
        scene.situation(said),
        why(scene, said, None),
        *(why(scene, said, choice.number) for choice in said.options),
        ladder(scene),
        keys(scene),
    ]
    return [[click.unstyle(line) for line in part] for part in parts]


@pytest.mark.parametrize("width", [28, 32, 40, 48, 60, 80, 100])
@pytest.mark.parametrize("blind", [False, True])
@pytest.mark.parametrize("name, player", [("eighty-dead", "us"), ("from-the-killing", "iran")])
def test_nothing_is_wider_than_the_screen_and_no_word_broken(name, player, blind, width):
    game = sim.Game(name, player, seed=4, blind=blind)
    parts = everything(game, width)
    assert max(len(line) for part in parts for line in part) <= width
    assert all(line == line.rstrip() for part in parts for line in part)
    words = {word for part in everything(game, 1000) for line in part for word in line.split()}
    narrow = {word for part in parts for line in part for word in line.split()}
    broken = {word for word in narrow - words if re.search(r"[^\W\d_]", word)}
    # A list without bars has a head of its own.
    assert broken <= {"Number,", "rung,", "move,", "move", "and", "how", "likely"}
    assert Screen(width, blocks=False).option("a", "b") == "a -> b"


@pytest.mark.parametrize("width", [28, 32, 40, 48, 60, 80, 100])
def test_a_debrief_fits_every_width(width, debriefed):
    game, found = debriefed
    lines, whole = (
        [click.unstyle(line) for line in Debriefing(found, Scene(game, Screen(w), True)).lines()]
        for w in (width, 1000)
    )
    assert max(map(len, lines)) <= width
    assert " ".join(" ".join(lines).split()) == " ".join(" ".join(whole).split())


@pytest.mark.parametrize("width", [28, 40, 80, 100])
def test_advice_fits_every_width(width):
    game = sim.Game("eighty-dead", "us", seed=2)
    lines = [
        click.unstyle(line) for line in outlook(game.advise(50), Scene(game, Screen(width), True))
    ]
    assert max(map(len, lines)) <= width
    assert all(line == line.rstrip() for line in lines)


@pytest.fixture(scope="module")
def debriefed():
    game = sim.Game("eighty-dead", ["us", "iran"], seed=2)
    game.choose("threaten us")
    while not game.over:
        game.wait()
    return game, game.debrief(200)


def test_costs_are_told_as_they_were_estimated(debriefed):
    game, found = debriefed
    text = " ".join(
        " ".join(map(click.unstyle, Debriefing(found, Scene(game, Screen(), True)).lines())).split()
    )
    looked = [parting for parting in found.partings if parting.dead is not None]
    assert 0 < len(looked) < len(found.partings)
    assert f"This was done for the {len(looked)} choices that lie most rungs apart." in text
    for parting in looked:
        pair = parting.settlement
        low, high = 100 * pair.estimate.low, 100 * pair.estimate.high
        if low > 0 or high < 0:
            own, model = (
                share(mean, *wilson(mean, pair.estimate.n))[0] for mean in (pair.other, pair.base)
            )
            told = f"settled {own} instead of {model} ({low:+.1f}"
        else:
            told = f"settled {low:+.1f} to {high:+.1f} points"
        assert told in text
    # None of the dead before the start is anybody's choice.
    assert all(parting.dead.base < 80 for parting in looked)


@pytest.mark.parametrize(
    "value, told",
    [(-1.94, "-1.9"), (-0.04, "-0.04"), (0.004, "+0.004"), (-0.0, "+0.0"), (-1e-9, "+0.0")],
)
def test_a_bound_that_is_not_zero_is_not_told_as_zero(value, told):
    assert _signed(value) == told


@pytest.mark.parametrize("columns", [20, 32, 40, 48, 60, 80, 200])
def test_a_bar_fits_its_line(columns):
    cells, eta = _measured(columns)
    assert cells >= 1
    told = "playing  [" + cells * "#" + "]  100%" + "  00:00:00" * eta
    assert len(told) < columns


# --- Ctrl-C ----------------------------------------------------------------------------------


def test_an_interruption_that_was_swallowed_is_raised_at_the_next_prompt():
    with Keyboard() as keyboard:
        with contextlib.suppress(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
        with pytest.raises(KeyboardInterrupt):
            keyboard.line("? ")
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_after_one_interruption_no_other_breaks_off_what_it_is_caught_by(monkeypatch):
    clock = [100.0]
    monkeypatch.setattr("sim.cli.keyboard.time.monotonic", lambda: clock[0])
    with Keyboard():
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
        signal.raise_signal(signal.SIGINT)
        # By now the first one must have been swallowed.
        clock[0] += 10.0
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)


def test_whoever_leaves_is_not_interrupted_any_more_not_while_python_shuts_down():
    try:
        with Keyboard() as keyboard:
            keyboard.leave()
            signal.raise_signal(signal.SIGINT)
            keyboard.look()
        assert signal.getsignal(signal.SIGINT) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def test_without_standard_input_one_line_says_so(monkeypatch):
    monkeypatch.setattr("sys.stdin", None)
    with pytest.raises(InputError, match="there is no standard input to read the choices from"):
        Keyboard()


@pytest.mark.parametrize("moment", range(6))
def test_an_interrupted_turn_leaves_the_game_as_it_was(monkeypatch, moment):
    game = sim.Game("from-the-killing", "iran", seed=6)
    game.choose("notified_strike us")
    before = game.taken, game.situation()
    calls = []

    def broken(self, *args):
        calls.append(None)
        if len(calls) == moment + 1:
            raise KeyboardInterrupt
        return real(self, *args)

    real = CrisisModel._book
    monkeypatch.setattr(CrisisModel, "_book", broken)
    with contextlib.suppress(KeyboardInterrupt):
        game.undo()
    undone = len(calls) <= moment
    monkeypatch.undo()
    if undone:
        assert game.taken == ()
        return
    assert (game.taken, game.situation()) == before


@pytest.mark.parametrize("moment", range(6))
def test_an_interrupted_wait_keeps_whole_decisions(monkeypatch, moment):
    game, whole = (sim.Game("from-the-killing", "iran", seed=6) for _ in range(2))
    while not whole.over:
        whole.wait()
    calls = []
    real = CrisisModel._book

    def broken(self):
        calls.append(None)
        if len(calls) == moment + 1:
            raise KeyboardInterrupt
        return real(self)

    monkeypatch.setattr(CrisisModel, "_book", broken)
    with contextlib.suppress(KeyboardInterrupt):
        while not game.over:
            game.wait()
    monkeypatch.undo()
    assert len(calls) > moment
    # A wait that was broken off is over: its player is asked again.
    assert all(taken.until is None for taken in game.taken)
    kept = [replace(taken, until=None) for taken in whole.taken]
    assert list(game.taken) == kept[: len(game.taken)]
    again = sim.Game("from-the-killing", "iran", seed=6, taken=game.taken)
    assert again.situation() == game.situation()
