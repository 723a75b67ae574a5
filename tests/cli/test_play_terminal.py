"""The command play in a real terminal: what it looks like at every width, and Ctrl-C anywhere."""

import os
import random

import pytest

import sim

if os.name == "nt":
    pytest.skip("no such terminals there", allow_module_level=True)

from tests.cli.terminal import Terminal

GAME = ["from-the-killing", "--as", "iran", "--seed", "6", "--save", "game.json", "--advice"]
SHORT = ["--days", "4"]
PROMPT = "? helps >"
SLOW = pytest.mark.slow
ONCE, MANY = 1, 20
INTERRUPTED = 130
#: What empties a terminal and begins at its top.
CLEARED = "\x1b[2J\x1b[1;1H"


@pytest.fixture
def play(tmp_path, environment):
    """Open a terminal in which the game is played."""

    def open_terminal(*words, width=80):
        return Terminal([*GAME, *words], tmp_path, environment, width)

    return open_terminal


def begin(terminal):
    """Get past the brief, and take a first decision."""
    terminal.until("begin.")
    terminal.type("")
    terminal.until(PROMPT)
    terminal.type("10")
    terminal.until(PROMPT)


@pytest.mark.parametrize(
    "width, blind",
    [
        (80, True),
        (32, False),
        *(pytest.param(width, False, marks=SLOW) for width in (100, 80, 60, 48, 40)),
        *(pytest.param(width, True, marks=SLOW) for width in (100, 60, 48, 40, 32)),
    ],
)
def test_a_whole_game_at_every_width(play, width, blind):
    with play(*SHORT, *(["--blind"] if blind else []), width=width) as terminal:
        terminal.until("begin.")
        terminal.type("")
        for typed in ("?", "l", "y", "y 10", "y 77", "retreat", "a", "n", "w soon", "u", "10"):
            assert terminal.until(">")
            terminal.type(typed)
        while terminal.until(PROMPT.split()[-2], "turn", "") == "helps":
            terminal.type("w")
        terminal.type("")
        assert terminal.status() == 0
        lines = terminal.lines()
    told = " ".join(" ".join(lines).split())
    # Of the prompts also what was typed into them.
    wide = [line for line in lines if len(line.rstrip()) > width]
    assert wide == []
    for whole in (
        "A settlement wins. Open war loses.",
        "how grave it is, from 0 (a step back) to 10 (open war); from 6 on it is force.",
        "notified strike → US",
        "wait: hold until something happens that concerns you",
        "No option 'retreat'; allowed: a number from 0 to 14, or ? for what else",
        "notified strike: limited and overt, with notice",
        "Where you parted from the model, and what it cost",
        "A draw: no settlement in time after 4 days, 1 dead since the start.",
    ):
        assert whole in told
    assert ("how likely it is for the model" in told) is not blind


def test_each_of_two_players_has_a_screen_of_its_own(tmp_path, environment):
    words = ["eighty-dead", "--as", "us", "--as", "iran", "--seed", "7", "--save", "game.json"]
    with Terminal(words, tmp_path, environment) as terminal:
        terminal.until("US decides first.")
        terminal.type("")
        for _ in range(3):
            terminal.until(PROMPT)
            terminal.type("")
        terminal.until("Iran decides next.")
        terminal.type("")
        terminal.until(PROMPT)
        terminal.type("q")
        assert terminal.status() == 0
    common, us, iran = terminal.all.split(CLEARED)
    for text, screens in (
        ("What counts.", (True, False, False)),
        ("as US sees it", (False, True, False)),
        ("as Iran sees it", (False, False, True)),
    ):
        assert tuple(text in screen for screen in (common, us, iran)) == screens
    assert us.count("as US sees it") == 1


def test_nothing_that_is_typed_before_the_start_is_swallowed(play):
    with play(*SHORT) as terminal:
        terminal.until("begin.")
        terminal.type("?")
        terminal.until("hold until something happens that concerns you")
        terminal.until("begin.")
        terminal.type("10")
        terminal.until("Nothing to decide yet: Enter goes on, ? lists all keys, q leaves.")
        terminal.until("begin.")
        terminal.type("")
        terminal.until(PROMPT)
        terminal.type("q")
        assert terminal.status() == 0
    assert sim.Game.load(terminal.folder / "game.json").taken == ()


@pytest.mark.parametrize("moment", ["prompt", "begin", "advice", "model", "debrief"])
@pytest.mark.parametrize("times", [ONCE, pytest.param(MANY, marks=SLOW)])
def test_ctrl_c_is_never_lost_and_saves(play, moment, times):
    luck = random.Random(moment)
    for _ in range(times):
        with play(*SHORT) as terminal:
            terminal.until("begin.")
            if moment != "begin":
                terminal.type("")
                terminal.until(PROMPT)
                terminal.type("10")
                terminal.until(PROMPT)
            if moment == "advice":
                terminal.type("a")
                terminal.rest(luck.uniform(0.0, 1.0))
            elif moment == "model":
                terminal.type("w")
                terminal.rest(luck.uniform(0.0, 0.05))
            elif moment == "debrief":
                for _ in range(4):
                    terminal.type("w")
                terminal.until("The crisis is over.")
                terminal.rest(luck.uniform(0.0, 0.5))
            terminal.interrupt()
            terminal.until("The game is saved. To go on:")
            terminal.until("escalation play --resume game.json --advice")
            assert terminal.status() == INTERRUPTED
        game = sim.Game.load(terminal.folder / "game.json")
        taken = [taken.option for taken in game.taken]
        whole = ["notified_strike us", *["hold"] * 10]
        assert taken == ([] if moment == "begin" else whole[: len(taken)])
        assert moment == "begin" or taken
        os.remove(terminal.folder / "game.json")


@pytest.mark.parametrize("moment", ["prompt", "advice", "model", "debrief"])
@pytest.mark.parametrize("times", [ONCE, pytest.param(MANY, marks=SLOW)])
def test_however_often_ctrl_c_is_pressed_the_game_is_saved_and_how_to_go_on_told(
    play, moment, times
):
    luck = random.Random(f"often {moment}")
    typed, longest = {
        "prompt": ([], 0.0),
        "advice": (["a"], 1.0),
        "model": (["w"], 0.05),
        "debrief": (["w"] * 4, 0.5),
    }[moment]
    for _ in range(times):
        with play(*SHORT) as terminal:
            begin(terminal)
            for line in typed:
                terminal.type(line)
            if moment == "debrief":
                terminal.until("The crisis is over.")
                terminal.type("")
            terminal.rest(luck.uniform(0.0, longest))
            for _ in range(luck.randint(2, 5)):
                terminal.interrupt()
                terminal.rest(luck.uniform(0.0, 0.02))
            assert terminal.status() == INTERRUPTED, terminal.all
        # The terminal itself writes ^C for each, wherever it is.
        told = [line for line in terminal.lines() if line.strip("^C ")]
        assert [line.replace("^C", "") for line in told[-2:]] == [
            "The game is saved. To go on:",
            "  escalation play --resume game.json --advice",
        ]
        game = sim.Game.load(terminal.folder / "game.json")
        assert game.taken[0].option == "notified_strike us"
        os.remove(terminal.folder / "game.json")


def test_a_game_that_was_interrupted_goes_on_to_the_same_end(play):
    ends = []
    for interrupted in (False, True):
        with play(*SHORT) as terminal:
            begin(terminal)
            if interrupted:
                terminal.interrupt()
                assert terminal.status() == INTERRUPTED
            else:
                ends.append(played_out(terminal))
        if interrupted:
            with Terminal(
                ["--resume", "game.json", "--advice"], terminal.folder, terminal.environment
            ) as again:
                again.until(PROMPT)
                ends.append(played_out(again))
        os.remove(terminal.folder / "game.json")
    assert ends[0] == ends[1]
    assert ends[0][0] == "How it went"


def played_out(terminal):
    """Wait to the end, and give the debrief."""
    terminal.type("w")
    while terminal.until("helps >", "last turn >") == "helps >":
        terminal.type("w")
    terminal.type("")
    assert terminal.status() == 0
    lines = terminal.lines()
    return lines[lines.index("How it went") :]
