"""The texts of ``escalation play``: the briefing, how things stand, and the options."""

from __future__ import annotations

import shutil
import sys
import textwrap
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import click

from sim.cli.dates import Calendar, days_in_words
from sim.cli.screen import BOLD, DIM, PLAIN, Screen, Style, rung_style
from sim.errors import InputError, nearest_name
from sim.written import percent

if TYPE_CHECKING:
    from sim.games import Choice, Game, News, Situation

__all__ = ["Scene", "play_screen"]

#: Below a telephone's terminal lines are left to break; other commands' tables need more.
NARROWEST, WIDEST = 28, 100
#: Below this width later lines of news begin near the margin.
ROOMY = 72
#: With less room than this beside an option, what it is is left to the ladder.
GLOSS = 30
CELLS_PER_RUNG = 0.1


def play_screen() -> Screen:
    """Give the screen of a game, which may be narrower than that of tables."""
    screen = Screen.current()
    if sys.stdout is None or not sys.stdout.isatty():
        return screen
    columns = shutil.get_terminal_size((screen.width, 24)).columns
    return replace(screen, width=max(NARROWEST, min(columns, WIDEST)))


class Scene:
    """Tells a game to its players in lines.

    Parameters
    ----------
    game : Game
    screen : Screen
    advice : bool
        Whether advice may be asked for.
    """

    def __init__(self, game: Game, screen: Screen, advice: bool) -> None:
        self.game = game
        self.screen = screen
        self.advice = advice
        scenario = game.scenario
        self.shorts = {actor.id: actor.short for actor in scenario.crisis.actors}
        self._told: dict[str, list[str]] = {}
        last = scenario.start + timedelta(days=scenario.horizon_days)
        first = min([scenario.start, *(event.date for event in scenario.opening)])
        self.calendar = Calendar(first, last)

    def briefing(self) -> Iterator[str]:
        """Say what the crisis is, who the player is, what counts, and how to play."""
        scenario, flow = self.game.scenario, self.screen.flow
        names = [scenario.crisis.actor(player).name for player in self.game.players]
        yield from flow("", "", (scenario.title, BOLD))
        yield from flow("", "", (scenario.asks, PLAIN))
        yield ""
        yield from flow(
            "",
            "",
            (f"You play: {' and '.join(names)}.", BOLD),
            (
                f"It is {Calendar.full(scenario.start)}; the crisis lasts "
                f"{scenario.horizon_days:g} days at most. The model decides for all others, by "
                "rules coded from what was said at the time. You see what your state would: the "
                "dead as they are reported, and who did what only where that is known.",
                PLAIN,
            ),
        )
        yield ""
        yield from self.counts()
        yield from flow("", "", (self.game.rules[1], PLAIN))
        yield ""
        yield from flow("", "", ("How to play.", BOLD), (self._manual(), PLAIN))
        # Of several players each is told when the others do not look.
        if len(self.game.players) == 1:
            yield from self.before(self.game.players[0])

    def before(self, player: str) -> Iterator[str]:
        """Tell what had happened before the start, as a player's actor has heard it."""
        news = [heard for heard in self.game.heard(player) if heard.day < 0]
        if news:
            yield ""
            yield from self.head(f"What has happened, as {self.shorts[player]} sees it")
            yield from self.news(news)

    def _manual(self) -> str:
        """Say in a few sentences what to type, and what a rung is."""
        others = "" if len(self.game.players) == 1 else ", and what the others decided after it"
        told = [
            "Type the number of what you want to do, then Enter. Enter alone holds: you do nothing "
            f"for now. w waits until something happens. u takes your last turn back{others}.",
            "a asks what each option would lead to." if self.advice else "",
            f"? lists all keys. {self.rungs()}",
        ]
        return " ".join(filter(None, told))

    def rungs(self) -> str:
        """Say what a rung is."""
        return self.game.rules[2]

    def counts(self) -> Iterator[str]:
        """Say what winning is."""
        yield from self.screen.flow("", "", ("What counts.", BOLD), (self.game.rules[0], PLAIN))

    def head(self, text: str) -> list[str]:
        """Write a heading."""
        return self.screen.flow("", "", (text, BOLD))

    def situation(self, said: Situation) -> Iterator[str]:
        """Say how things stand, as the actor that has to decide sees them."""
        rule = "─" if self.screen.blocks else "-"
        yield click.style(rule * self.screen.width, **DIM)
        title = f"{said.short}, {self.calendar.moment(said.date).strip()}."
        left = f"Your decision {said.number}; {days_in_words(said.days_left)} left."
        yield from self.screen.flow("", "", (title, BOLD), (left, DIM))
        if said.news:
            yield from self.head("News")
            yield from self.news(said.news)
        yield from self.head("How you see it")
        yield from self._standings(said)
        yield from self.head("What you may do")
        yield from self._options(said)
        yield from self._pulls(said)

    def news(self, news: Iterable[News]) -> Iterator[str]:
        """Tell news, a line or two each."""
        for heard in news:
            date = f"  {self.calendar.moment(heard.date)}  "
            style: Style = PLAIN if heard.rung is None else rung_style(heard.rung)
            if heard.own:
                style = {**style, "bold": True}
            elif not heard.pressing:
                style = DIM
            rest = " " * (len(date) if self.screen.width >= ROOMY else 4)
            yield from self.screen.flow(date, rest, (heard.says, style))

    def _standings(self, said: Situation) -> Iterator[str]:
        flow, width = self.screen.flow, max(map(len, self.shorts.values())) + 4
        yield from flow("  ", "    ", (said.dead, PLAIN))
        for other in said.others:
            if other.notes:
                text = "; ".join(other.notes)
                yield from flow(f"  {other.short:<{width - 2}}", " " * width, (text, PLAIN))
        scale = f". {self.game.scale}" if any(o.score > said.floor for o in said.others) else ""
        yield from flow("  ", "    ", (f"{said.quiet}{scale}", PLAIN))

    def option(self, choice: Choice) -> str:
        """Write an option."""
        return self.screen.option(choice.label, choice.whom)

    def named(self, move: str, target: str | None = None) -> str:
        """Write a move and its target by their ids."""
        label = self.game.scenario.crisis.move(move).label
        return self.screen.option(label, self.shorts[target] if target else None)

    @staticmethod
    def meant(typed: str, said: Situation) -> int:
        """Find the option that was typed by name; InputError with the nearest where there is none.

        Ids and labels both do: "proxy_strike us", "Proxy strike US".
        """
        names: dict[str, int] = {}
        for choice in said.options:
            label = f"{choice.label} {choice.whom}" if choice.whom else choice.label
            ids = f"{choice.move} {choice.target}" if choice.target else choice.move
            names |= {_plain(label): choice.number, _plain(ids): choice.number}
        if _plain(typed) in names:
            return names[_plain(typed)]
        raise InputError(
            f"no option {typed!r}",
            allowed=f"a number from 0 to {len(said.options) - 1}, or ? for what else",
            nearest=nearest_name(_plain(typed), names),
        )

    def _options(self, said: Situation) -> Iterator[str]:
        """List the options; on a narrow screen the rung is a number, and not a bar."""
        blind = said.options[0].probability is None
        longest = max(len(self.option(choice)) for choice in said.options)
        chances = 0 if blind else 5
        head = f"  {'':>2}  {'rung':<10}  "
        room = self.screen.width - len(head) - longest - chances
        if room < 0:
            yield from self._listed(said, chances)
            return
        likely = "" if blind else "how likely it is for the model"
        yield click.style(f"{head}{likely:>{longest + room + chances}}".rstrip(), **DIM)
        for choice in said.options:
            bar = self.screen.bar(choice.rung * CELLS_PER_RUNG)
            glosses = textwrap.wrap(choice.says, room - 2) if room - 2 >= GLOSS else [""]
            for n, gloss in enumerate(glosses):
                cells = [(f"{'':{len(head)}}{'':{longest}}", PLAIN)]
                chance = ""
                if n == 0:
                    cells = [
                        (f"  {choice.number:>2}  ", PLAIN),
                        (bar, rung_style(choice.rung)),
                        (f"  {self.option(choice):<{longest}}", PLAIN),
                    ]
                    chance = "" if choice.probability is None else percent(choice.probability)
                cells += [(f"  {gloss}" if gloss else "", DIM)]
                yield _row(cells, chance, self.screen.width)

    def _listed(self, said: Situation, chances: int) -> Iterator[str]:
        """List the options without bars, the name over two lines where it is long."""
        likely = ", and how likely it is for the model" if chances else ""
        yield from self.screen.flow("", "", (f"Number, rung, move{likely}", DIM))
        for choice in said.options:
            chance = "" if choice.probability is None else percent(choice.probability)
            head = f"{choice.number:>2} {choice.rung:>2} "
            name = (self.option(choice), rung_style(choice.rung))
            first, *others = self.screen.flow(head, " " * 8, name, right=chances)
            yield _row([(first, PLAIN)], chance, self.screen.width)
            yield from others

    def _pulls(self, said: Situation) -> Iterator[str]:
        """Tell what pulls most, unless it is what was told last time."""
        texts = [
            f"{'towards' if pull.rule.logits > 0 else 'away from'} {self.option(pull.choice)}: "
            f"{pull.rule.says}"
            for pull in said.pulls
        ]
        if not texts:
            return
        if self._told.get(said.actor) == texts:
            text = "What was said pulls as before (y tells more)."
            yield from self.screen.flow("", "", (text, DIM))
            return
        self._told[said.actor] = texts
        yield from self.head("What was said at the time pulls (y tells more)")
        for text in texts:
            yield from self.screen.flow("  ", "    ", (text, PLAIN))


def _row(cells: Iterable[tuple[str, Style]], right: str, width: int) -> str:
    """Join cells, with something at the right end of the line."""
    kept = [(text, style) for text, style in cells if text]
    told = "".join(click.style(text, **style) if style else text for text, style in kept)
    if not right:
        return told.rstrip()
    return told + " " * (width - len(click.unstyle(told)) - len(right)) + right


def _plain(name: str) -> str:
    """Write a name as any of its spellings."""
    return " ".join(name.lower().replace("_", " ").split())
