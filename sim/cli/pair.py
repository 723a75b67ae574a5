"""A counterfactual in lines: what differs first, which decision parts them, side by side."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING

import click

from sim.cli.dates import dead_in_words, shown
from sim.cli.screen import BOLD, DIM, PLAIN, Screen
from sim.cli.sidebyside import Words, side_by_side
from sim.written import percent

if TYPE_CHECKING:
    from sim import Counterfactual, Difference, Event, Foremost, Step, Term

__all__ = ["Pair"]

BASE, OTHER = "the baseline", "the counterfactual"
WHERE = {
    "dead": "dead",
    "claimed": "dead that are claimed",
    "place": "the place",
    "launched_from": "from where it is launched",
    "noticed": "whether notice arrived",
    "attributed": "whether it is known who struck",
    "move": "the move",
    "target": "the target",
    "date": "the date",
    "actor": "who makes it",
}


class Pair:
    """Tells a counterfactual in lines.

    Parameters
    ----------
    pair : Counterfactual
    screen : Screen
    everything : bool
        Whether to tell of every move and of what is learnt after the parting.
    """

    def __init__(self, pair: Counterfactual, screen: Screen, everything: bool = False) -> None:
        self.pair = pair
        self.screen = screen
        self.everything = everything
        self.words = Words(pair.base, screen)
        self.shorts = self.words.shorts

    def lines(self) -> Iterator[str]:
        """Give the whole, line by line."""
        yield from self._header()
        yield ""
        yield from self._difference()
        if self.pair.difference is not None:
            yield ""
            yield from self._parting()
            yield ""
            yield from side_by_side(self.pair, self.words, self.everything)

    def _header(self) -> Iterator[str]:
        flow, base = self.screen.flow, self.pair.base
        yield from flow("", "", (f"{base.scenario.title}, twice", BOLD))
        for path, before, was, now in self.pair.settings():
            if now == was:
                told = f"In both, {path} = {shown(now)} ({shown(before)} in the file)"
            else:
                told = f"{path} = {shown(now)} in {OTHER}, {shown(was)} in {BASE}"
            yield from flow("  ", "    ", (told, PLAIN))
        told = f"Seed {base.seed}, replicate {base.replicate}: both meet the same luck."
        yield from flow("", "", (told, DIM))

    # --- what differs first -----------------------------------------------------------------

    def _difference(self) -> Iterator[str]:
        first = self.pair.difference
        flow = self.screen.flow
        if first is None:
            yield from flow("", "", ("The two histories are the same, to the last event.", BOLD))
            told = "Not one decision, date or number differs: here the change does not matter."
            yield from flow("", "", (told, PLAIN))
            return
        yield click.style("What differs first", **BOLD)
        yield from flow("", "", (self._first(), PLAIN))

    def _first(self) -> str:
        first = self.pair.difference
        assert first is not None
        step = first.base or first.other
        assert step is not None
        who = self.shorts.get(str(step.actor), "")
        if first.kind == "decision":
            return f"{self.words.when(first.day)}: what {who} decides, below."
        if first.kind in ("opening", "consequences"):
            return self._fields(first)
        if first.kind == "inject":
            here = BASE if first.base is not None else OTHER
            return f"{self.words.when(first.day)}, in {here} alone: {self.words.event(step.event)}."
        sides = {BASE: first.base, OTHER: first.other}
        if first.kind == "clock":
            told = [self._dated(name, side, "") for name, side in sides.items()]
            return f"A clock: the same decision of {who} comes {', '.join(told)}."
        told = [
            self._dated(name, side, f": {self.words.event(side.event)}" if side is not None else "")
            for name, side in sides.items()
        ]
        head = "An end" if first.kind == "end" else "A count of the dead"
        return f"{head}: {'; '.join(told)}."

    def _dated(self, name: str, step: Step | None, told: str) -> str:
        return (
            f"never in {name}"
            if step is None
            else f"on {self.words.when(step.day)} in {name}{told}"
        )

    def _fields(self, first: Difference) -> str:
        """Say which marks of the same move differ."""
        base, other = first.base, first.other
        assert base is not None
        assert other is not None
        one, two = base.event, other.event
        assert one is not None
        assert two is not None
        told = []
        for mark in first.marks:
            ours, theirs = (self._field(event, mark) for event in (one, two))
            told.append(f"{WHERE[mark]}: {ours} in {BASE}, {theirs} in {OTHER}")
        when = self.words.when(base.day)
        if base.day < 0:
            when = f"Before the start, {self.words.calendar.moment(one.date).strip()}"
        return f"{when}, {self.words.move(one)}. What differs is {'; '.join(told)}."

    def _field(self, event: Event, field: str) -> str:
        value = getattr(event, field)
        if field == "dead":
            return dead_in_words(value, self.shorts) or "none"
        if isinstance(value, datetime):
            return self.words.calendar.moment(value).strip()
        if isinstance(value, bool):
            return "yes" if value else "no"
        names = {**self.words.places, **self.shorts, **self.words.labels}
        return "none" if value is None else names.get(value, str(value))

    # --- the decision that parts them ---------------------------------------------------------

    def _parting(self) -> Iterator[str]:
        part, flow = self.pair.parting, self.screen.flow
        if part is None:
            yield from flow("", "", ("No decision parts them", BOLD))
            told = (
                "As far as both go, every decision takes the same option in both: only dates, "
                "dead, or how long they go on differ."
            )
            yield from flow("", "", (told, PLAIN))
            return
        who = self.shorts[part.actor]
        yield from flow(
            "", "", (f"The decision at which they part: {who}, its {nth(part.count)}", BOLD)
        )
        sides = []
        for name, said in ((BASE, part.base), (OTHER, part.other)):
            option = self._option(said.chosen)
            sides.append((f"In {name}, {self.words.when(said.day)}:", PLAIN))
            sides.append((f"{option}.", BOLD))
        yield from flow("", "", *sides)
        yield from self._probabilities()
        if (foremost := part.foremost()) is not None:
            yield from self._bound(foremost)

    def _option(self, index: int) -> str:
        assert self.pair.parting is not None
        option = self.pair.parting.base.options[index]
        return self.words.option(option.move, option.target)

    def _probabilities(self) -> Iterator[str]:
        part = self.pair.parting
        assert part is not None
        base, other = part.taken
        width = self.screen.width - 4 - 2 * 16
        head = f"{'':{width + 4}}{'baseline':>16}{'counterfactual':>16}"
        yield click.style(head, **DIM)
        for index, one, two in part.compared():
            numbers = f"{percent(one):>16}{percent(two):>16}"
            name = f"{self._option(index)[:width]:<{width}}"
            marks = "<" * (index == base) + ">" * (index == other)
            style = BOLD if index in part.taken else PLAIN
            yield click.style(f"{marks:>2}  {name}{numbers}", **style)
        yield from self.screen.flow(
            "", "", ("< taken in the baseline, > in the counterfactual", DIM)
        )

    def _bound(self, foremost: Foremost) -> Iterator[str]:
        flow, odds = self.screen.flow, foremost.contrast
        told = (
            f"Log-odds of {self._group(odds.options)} against {self._group(odds.against)}: "
            f"{odds.base:+.2f} in {BASE}, {odds.other:+.2f} in {OTHER}. What moved them, by "
            f"{odds.shift:+.2f} in all:"
        )
        yield from flow("", "", (told, PLAIN))
        for term in foremost.terms:
            yield from self._term(term)
        if foremost.others:
            told = f"{foremost.others} more, none of them by {foremost.least:g}"
            yield from flow(f"  {foremost.shift:+6.2f}  ", " " * 10, (told, DIM))

    def _group(self, options: tuple[int, ...]) -> str:
        """Name all options up to one, or all from one on."""
        assert self.pair.parting is not None
        if len(options) == 1:
            return self._option(options[0])
        if options[0] == 0:
            return f"{self._option(options[-1])} and all before it"
        if options[0] == 1:
            return "every move"
        return f"{self._option(options[0])} and all that follow it on the ladder"

    def _term(self, term: Term) -> Iterator[str]:
        cited = f"[{', '.join(term.statements)}]" if term.statements else ""
        rule = f"({term.rule})" if term.rule else ""
        pieces = [(term.says, PLAIN), (rule, DIM), (cited, DIM)]
        yield from self.screen.flow(f"  {term.shift:+6.2f}  ", " " * 10, *pieces)


def nth(count: int) -> str:
    """Write an ordinal.

    Examples
    --------
    >>> nth(1), nth(12), nth(23)
    ('1st', '12th', '23rd')
    """
    if count % 100 in (11, 12, 13):
        return f"{count}th"
    ending = {1: "st", 2: "nd", 3: "rd"}.get(count % 10, "th")
    return f"{count}{ending}"
