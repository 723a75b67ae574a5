"""Two histories side by side, and what happens in them in a few words."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from datetime import timedelta
from itertools import zip_longest
from typing import TYPE_CHECKING

import click

from sim.cli.dates import Calendar, dead_in_words
from sim.cli.screen import BOLD, DIM, PLAIN, Screen

if TYPE_CHECKING:
    from sim import Counterfactual, Event, History

__all__ = ["Words", "side_by_side"]

DAY = 86400.0
ENDS = {"open_war": "open war", "settlement": "settlement", "horizon": "the horizon"}


class Words:
    """Names what happens in the histories of a scenario.

    Parameters
    ----------
    history : History
        Any of them.
    screen : Screen
    """

    def __init__(self, history: History, screen: Screen) -> None:
        scenario = history.scenario
        self.screen = screen
        self.start = scenario.start
        self.shorts: dict[str, str] = {a.id: a.short for a in scenario.crisis.actors}
        self.labels: dict[str, str] = {move.id: move.label for move in scenario.crisis.moves}
        self.places: dict[str, str] = {place.id: place.name for place in scenario.crisis.places}
        self.injects: dict[str, str] = {inject.id: inject.says for inject in scenario.injects}
        begin = min([scenario.start, *(event.date for event in history.opening)])
        last = scenario.start + timedelta(days=scenario.horizon_days)
        self.calendar = Calendar(begin, last)

    def when(self, day: float) -> str:
        """Write a date with its day."""
        date = self.start + timedelta(seconds=round(day * DAY))
        return f"{self.calendar.moment(date).strip()} (day {day:.2f})"

    def option(self, move: str, target: str | None) -> str:
        """Write an option."""
        return self.screen.option(self.labels[move], self.shorts[target] if target else None)

    def move(self, event: Event) -> str:
        """Write who makes which move against whom."""
        return f"{self.shorts[str(event.actor)]}: {self.option(str(event.move), event.target)}"

    def event(self, event: Event | None) -> str:
        """Tell an event in a few words; None is a decision to hold."""
        if event is None:
            return "hold"
        dead = dead_in_words(event.dead, self.shorts)
        if event.rung is not None:
            return self.move(event) + (f", dead: {dead}" if dead else "")
        if event.kind == "assessment":
            count = sum(event.dead.values()) or "none"
            return f"{self.shorts[str(event.actor)]} learns: {count} of its own died"
        if event.kind == "inject":
            says = self.injects[str(event.move)]
            return f"{says} (dead: {dead})" if dead else says
        return ENDS[event.kind]

    def end(self, history: History) -> str:
        """Tell how a history ends, how high it went and who died."""
        dead = dead_in_words(history.dead, self.shorts) or "none"
        return (
            f"ends in {ENDS[str(history.end)]} on {self.when(history.days)}; "
            f"peak rung {history.peak_rung}; dead: {dead}"
        )


def side_by_side(pair: Counterfactual, words: Words, everything: bool) -> Iterator[str]:
    """Tell both histories in two columns, what they share in short.

    Parameters
    ----------
    pair : Counterfactual
    words : Words
    everything : bool
        Whether to tell of every event; else of the first that differ, and of what is learnt up to
        the parting.
    """
    screen = words.screen
    margin = len(words.calendar.moment(words.start)) + 2
    cell = (screen.width - margin - 2) // 2
    yield click.style("Side by side, from the start", **BOLD)
    yield click.style(f"{'':{margin}}{'baseline':<{cell}}  counterfactual", **DIM)
    found = pair.stretches(everything)
    for stretch in found:
        if stretch.alike:
            yield click.style(f"{'':{margin}}{stretch.alike} events, the same in both", **DIM)
        for where, event in stretch.told:
            yield from _row(where, event, words, margin, cell)
    if left := sum(stretch.left for stretch in found):
        yield click.style(f"{'':{margin}}{left} more: --all tells them.", **DIM)
    for name, history in (("Baseline", pair.base), ("Counterfactual", pair.other)):
        yield from screen.flow(f"{name}: ", "  ", (words.end(history), PLAIN))


def _row(where: str, event: Event, words: Words, margin: int, cell: int) -> Iterator[str]:
    text = words.event(event)
    texts = {"both": (text, "the same"), "baseline": (text, "")}.get(where, ("", text))
    left, right = (textwrap.wrap(column, cell) for column in texts)
    date = words.calendar.moment(event.date)
    for k, (one, two) in enumerate(zip_longest(left, right, fillvalue="")):
        line = f"{date if k == 0 else '':<{margin}}{one:<{cell}}  {two}".rstrip()
        yield click.style(line, **DIM) if event.rung is None else line
