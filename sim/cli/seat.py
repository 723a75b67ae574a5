"""The prompt of ``escalation play``: what a player types, turn by turn, and what it does."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sim.cli.asides import keys, ladder, why
from sim.cli.options import unwritable
from sim.cli.outlook import outlook
from sim.cli.playing import shown_progress
from sim.cli.screen import BOLD, PLAIN
from sim.errors import InputError
from sim.written import ending

if TYPE_CHECKING:
    from sim.cli.keyboard import Keyboard
    from sim.cli.scene import Scene
    from sim.games import Game, Situation

__all__ = ["Left", "Seat"]

#: Digits of a number that is typed: more are no option's, and Python may refuse to read them.
DIGITS = 4
#: Characters that are left free for the answer to a prompt.
ANSWER = 6
QUIT = ("q", "quit", "exit")
HELP = ("?", "help")
#: Of anything else that is typed where only Enter is waited for.
PAUSED = "Nothing to decide yet: Enter goes on, ? lists all keys, q leaves."


class Left(Exception):
    """A player has left the game."""


class Seat:
    """Asks players for their decisions, turn by turn, until the crisis is over.

    Parameters
    ----------
    game : Game
    scene : Scene
    file : Path
        Where the game is saved after every turn.
    keyboard : Keyboard
    """

    def __init__(self, game: Game, scene: Scene, file: Path, keyboard: Keyboard) -> None:
        self.game = game
        self.scene = scene
        self.file = file
        self.keyboard = keyboard
        self.last: str | None = None
        self.notes: dict[str, str] = {}

    def brief(self) -> None:
        """Say what is played, and let it be read in peace."""
        self.say(self.scene.briefing())
        # Several players are asked who takes the seat.
        if self.keyboard.terminal and len(self.game.players) == 1:
            self._pause("Press Enter to begin.")

    def play(self) -> None:
        """Take turns until the crisis is over and nobody wants to take the last one back.

        Raises
        ------
        Left
            Where a player leaves, or there is nothing more to read.
        """
        while True:
            while not self.game.over:
                self._hand_over()
                self._turn()
                self.keep()
            if not self._regrets():
                return

    def keep(self) -> None:
        """Save the game."""
        try:
            self.game.save(self.file)
        except OSError as error:
            raise unwritable(self.file, error, "--save FILE") from error

    def ask(self, prompt: str) -> str:
        """Read what is typed after a prompt.

        Raises
        ------
        Left
            Where there is nothing more to read.
        """
        *before, last = self.scene.screen.flow("", "", (prompt, PLAIN), right=ANSWER)
        self.say(before)
        try:
            return self.keyboard.line(f"{last} ")
        except EOFError:
            click.echo()
            raise Left from None

    def _pause(self, text: str) -> None:
        """Wait for Enter; whoever wants to leave or to know the keys can."""
        while typed := self.ask(text).lower():
            if typed in QUIT:
                raise Left
            if typed in HELP:
                self.say(keys(self.scene))
            else:
                self.say(self.scene.screen.flow("", "  ", (PAUSED, PLAIN)))
            click.echo()

    def _hand_over(self) -> None:
        """Let the next player take the seat, without a look at what the last one saw."""
        turn = str(self.game.turn)
        if len(self.game.players) > 1 and self.last != turn and self.keyboard.terminal:
            when = "first" if self.last is None else "next"
            who = self.scene.shorts[turn]
            click.echo()
            self._pause(f"{who} decides {when}. The others look away, and {who} presses Enter.")
            click.clear()
        self.last = turn

    def _turn(self) -> None:
        """Show how things stand, and do what is typed until it takes a decision."""
        said = self.game.situation()
        if len(self.game.players) > 1 and said.number == 1:
            self.say(self.scene.before(said.actor))
        if note := self.notes.pop(said.actor, None):
            self.say(["", *self.scene.screen.flow("", "", (note, BOLD))])
        self.say(self.scene.situation(said))
        click.echo()
        while True:
            typed = self.ask(f"{said.short}: number, Enter holds, w waits, ? helps >")
            try:
                if self._done(typed, said):
                    return
            except InputError as error:
                self.say(self.scene.screen.flow("", "  ", (_friendly(error), PLAIN)))

    def _done(self, typed: str, said: Situation) -> bool:
        """Do what was typed; whether the turn is over."""
        word, *rest = typed.lower().split() or [""]
        told: dict[str, Callable[[], Iterator[str]]] = {
            **dict.fromkeys(HELP, lambda: keys(self.scene)),
            "l": lambda: ladder(self.scene),
            "n": lambda: self.scene.news(self.game.heard(said.actor)),
            "y": lambda: why(self.scene, said, _number(rest, said)),
            "a": self._advice,
        }
        if word in told:
            self.say(told[word]())
            click.echo()
            return False
        if word in QUIT:
            raise Left
        if not word:
            self.game.choose(0)
        elif word in ("u", "undo"):
            self.notes |= self.game.undo()
        elif word in ("w", "wait"):
            self.game.wait(_days(rest))
        elif _is_number(word) and not rest:
            self.game.choose(int(word))
        else:
            self.game.choose(self.scene.meant(typed, said))
        return True

    def _advice(self) -> Iterator[str]:
        if not self.scene.advice:
            text = "No advice in this game. To get some, leave (q) and go on with --advice."
            yield from self.scene.screen.flow("", "", (text, PLAIN))
            return
        with shown_progress() as progress:
            found = self.game.advise(progress=progress)
        yield from outlook(found, self.scene)

    def _regrets(self) -> bool:
        """Ask whether the last turn is to be taken back now that the crisis is over."""
        if not self.game.taken:
            return False
        told = ending(self.game.history.log, self.scene.calendar)
        how = (f"{told.headline} {told.reason}", PLAIN)
        click.echo()
        self.say(self.scene.screen.flow("", "", ("The crisis is over.", BOLD), how))
        whose = "your last turn"
        if len(self.game.players) > 1:
            latest = max(self.game.taken, key=lambda taken: taken.turn)
            whose = f"the last turn, that of {self.scene.shorts[latest.actor]}"
        try:
            typed = self.ask(f"Enter shows how it went, u undoes {whose} >")
        except Left:
            return False
        if typed.lower() not in ("u", "undo"):
            return False
        self.notes |= self.game.undo()
        self.keep()
        return True

    @staticmethod
    def say(lines: Iterator[str] | list[str]) -> None:
        """Write lines."""
        for line in lines:
            click.echo(line)


def _number(rest: list[str], said: Situation) -> int | None:
    """Read the number of an option, if there is one."""
    if not rest:
        return None
    if _is_number(rest[0]) and int(rest[0]) < len(said.options):
        return int(rest[0])
    raise InputError(f"no option {rest[0]!r}", allowed=f"0 to {len(said.options) - 1}")


def _is_number(word: str) -> bool:
    return word.isdecimal() and len(word) <= DIGITS


def _days(rest: list[str]) -> float:
    """Read for how many days to wait; as long as it takes where nothing is said."""
    if not rest:
        return math.inf
    try:
        return float(rest[0])
    except ValueError:
        raise InputError(f"cannot wait {rest[0]!r}", allowed="a number of days") from None


def _friendly(error: InputError) -> str:
    """Write what is wrong as a sentence."""
    text = str(error)
    return text[:1].upper() + text[1:] + ("" if text.endswith(("?", ".")) else ".")
