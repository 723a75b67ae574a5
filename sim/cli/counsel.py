"""Advice as tables: what each option leads to, how it compares with holding, what pulls at it."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import click

from sim.cli.dates import Calendar
from sim.cli.screen import BOLD, DIM, PLAIN, Screen
from sim.cli.timeline import percent
from sim.written import digits, number
from sim.written import share as in_percent

if TYPE_CHECKING:
    from sim import Advice, Estimate
    from sim.counsel import Course

__all__ = ["CELL", "SHARES", "Column", "Counsel", "signed", "span"]

WAR, DEAD, FORCE, SETTLED, RUNG = (
    "open_war",
    "dead",
    "adversary_force_7d",
    "days_to_settlement",
    "peak_rung",
)
SHARES = (WAR, FORCE, "settlement")
MARGIN = 2  # for the bracket
CELL, PAIR, PICKED = 11, 18, 7
CORNERS = "┌│└", "/|\\"  # of a bracket: above, between, below
ENDS = [corners[-1] for corners in CORNERS]
MOST_DIGITS = 3  # of a difference
NAMED = 3  # of the statements that pull either way


@dataclass(frozen=True)
class Column:
    """A column of a table of options.

    Attributes
    ----------
    head : str
    write : callable
        Gives an option's cell, and what stands below it.
    width : int
    """

    head: str
    write: Callable[[Course], tuple[str, str]]
    width: int


class Counsel:
    """Tells advice in lines.

    Parameters
    ----------
    advice : Advice
    screen : Screen
    everything : bool
        Whether to compare every measure with holding, and to name every statement.
    """

    def __init__(self, advice: Advice, screen: Screen, everything: bool) -> None:
        self.advice = advice
        self.screen = screen
        self.everything = everything
        crisis = advice.scenario.crisis
        self.shorts = {actor.id: actor.short for actor in crisis.actors}
        self.labels = {move.id: move.label for move in crisis.moves}
        self.width = max(len(self.name(course)) for course in advice.courses)
        adversaries = [course.adversary for course in advice.courses]
        self.adversary = max(adversaries, key=adversaries.count)

    def name(self, course: Course) -> str:
        """Write an option."""
        if course.kind != "move":
            return course.option
        return self.written(course.option)

    def written(self, option: str) -> str:
        """Write a move and its target, of any actor, from their ids."""
        move, _, target = option.partition(" ")
        if move not in self.labels:
            return option
        return self.screen.option(self.labels[move], self.shorts[target] if target else None)

    def lines(self) -> Iterator[str]:
        """Give the answer, the tables and what pulls at each option."""
        yield from self._answer()
        yield ""
        names = [WAR, *([FORCE] if self.adversary else []), DEAD, RUNG]
        columns = [*map(self._estimate, names), Column("picked", self._picked, PICKED)]
        yield from self.table("What each option leads to", columns)
        yield from self._adversaries()
        yield from self._interventions()
        yield ""
        dead = [f"{actor}_dead" for actor in self.shorts]
        columns = [*map(self._estimate, [SETTLED, *dead])]
        yield from self.table("Days to settlement, and the dead by actor", columns)
        yield ""
        names = [WAR, FORCE, DEAD] if self.adversary else [WAR, DEAD]
        if self.everything:
            names += [RUNG, "settlement", SETTLED, *dead]
        title = "Against holding, on common luck: difference and 95% interval"
        yield from self.table(title, [*map(self._difference, names)])
        yield ""
        yield from self._pulls()

    def _interventions(self) -> Iterator[str]:
        """Say what the interventions are."""
        says = {inject.id: inject.says for inject in self.advice.scenario.injects}
        for course in self.advice.courses:
            if course.kind != "move":
                told = f"{course.option}: {says[course.option]}; the actor holds."
                yield from self.screen.flow("  ", "    ", (told, DIM))

    def _answer(self) -> Iterator[str]:
        advice, flow = self.advice, self.screen.flow
        actor = self.shorts[advice.actor]
        when = f"{Calendar.full(advice.date)} (day {advice.day:.2f})"
        yield from flow("", "", (f"Advice to {actor}, {when}", BOLD))
        best = advice.best()
        names = [self.name(course) for course in best]
        if len(best) == 1:
            told = f"Best by {advice.objective}: {names[0]}."
        elif len(best) == len(advice.courses):
            told = f"By {advice.objective}, no option can be told from another."
        else:
            told = f"Best by {advice.objective}, and not told apart: {', '.join(names)}."
        yield from flow("", "", (told, PLAIN))

    def _adversaries(self) -> Iterator[str]:
        """Say whose force is counted where it is not the common adversary's."""
        other: dict[str, list[str]] = {}
        for course in self.advice.courses:
            if course.adversary != self.adversary:
                other.setdefault(course.adversary, []).append(self.name(course))
        for adversary, names in other.items():
            told = f"Force is {self.shorts[adversary]}'s for: {', '.join(names)}."
            yield from self.screen.flow("  ", "  ", (told, DIM))

    def table(self, title: str, columns: list[Column]) -> Iterator[str]:
        """Write a table, in as many parts below one another as the width asks for."""
        yield from self.screen.flow("", "", (title, BOLD))
        left = columns
        while left:
            room = self.screen.width - MARGIN - self.width
            part = [left[0]]
            for column in left[1:]:
                if sum(c.width for c in part) + column.width > room:
                    break
                part.append(column)
            left = left[len(part) :]
            heads = "".join(f"{column.head:>{column.width}}" for column in part)
            yield click.style(f"{'':{MARGIN + self.width}}{heads}", **DIM)
            yield from self._rows(part)

    def _rows(self, part: list[Column]) -> Iterator[str]:
        """Write the options, each with what stands below its numbers."""
        for course, (mark, below) in zip(self.advice.courses, self._marks(), strict=True):
            cells = [(column.write(course), column.width) for column in part]
            top = "".join(f"{first:>{width}}" for (first, _), width in cells)
            under = "".join(f"{second:>{width}}" for (_, second), width in cells)
            if not under.strip() and below in ENDS:
                mark = below
            style = BOLD if course.bracket == 1 else PLAIN
            yield f"{mark} " + click.style(f"{self.name(course):<{self.width}}", **style) + top
            if under.strip():
                yield f"{below} {'':{self.width}}" + click.style(under, **DIM)

    def _marks(self) -> list[tuple[str, str]]:
        """Draw the brackets in the margin, for the two lines of each option."""
        brackets = [course.bracket for course in self.advice.courses]
        corners = CORNERS[0 if self.screen.blocks else 1]
        top, bar, end = corners[0], corners[1], corners[2]
        marks = []
        for k, bracket in enumerate(brackets):
            if brackets.count(bracket) == 1:
                marks.append((" ", " "))
            elif k == brackets.index(bracket):
                marks.append((top, bar))
            elif k + 1 < len(brackets) and brackets[k + 1] == bracket:
                marks.append((bar, bar))
            else:
                marks.append((bar, end))
        return marks

    def _head(self, name: str) -> str:
        if name.endswith("_dead"):
            return self.shorts[name.removesuffix("_dead")]
        force = f"{self.shorts.get(self.adversary, '')} in 7d"
        return {
            WAR: "open war",
            FORCE: force,
            DEAD: "dead",
            SETTLED: "settled",
            RUNG: "rung",
        }.get(name, name)

    def _picked(self, course: Course) -> tuple[str, str]:
        """Write how probable it is that the model's actor would choose an option."""
        return "" if course.probability is None else chance(course.probability), ""

    def _estimate(self, name: str) -> Column:
        """Write an estimate and its interval, with a star where it differs from holding."""

        def write(course: Course) -> tuple[str, str]:
            pair = course.differences.get(name)
            apart = pair is not None and (pair.estimate.low > 0 or pair.estimate.high < 0)
            value, interval = span(course.estimates[name], name in SHARES)
            return f"{value}{'*' if apart else ' '}", interval

        return Column(self._head(name), write, CELL)

    def _difference(self, name: str) -> Column:
        """Write a paired difference from holding and its interval."""

        def write(course: Course) -> tuple[str, str]:
            pair = course.differences.get(name)
            if pair is None:
                return "", ""
            if math.isnan(pair.variance_ratio):
                return "same", ""
            apart = pair.estimate.low > 0 or pair.estimate.high < 0
            value, interval = signed(pair.estimate, name in SHARES, " to ")
            return f"{value}{'*' if apart else ' '}", f"{interval} "

        return Column(self._head(name), write, PAIR)

    def _pulls(self) -> Iterator[str]:
        actor = self.shorts[self.advice.actor]
        told = f"What pulls {actor} towards each (+) and away from it (-), were it to decide then"
        yield from self.screen.flow("", "", (told, BOLD))
        for course in self.advice.courses:
            if course.probability is None:
                continue
            pieces = [(f"{self.name(course)}, picked {chance(course.probability)}:", PLAIN)]
            for sign in (1, -1):
                rules = [share for share in course.rules if share.logits * sign > 0]
                for share in rules if self.everything else rules[:NAMED]:
                    names = ", ".join(share.statements)
                    pieces.append((f"{share.logits:+.1f} {names};", DIM))
            if len(pieces) == 1:
                pieces.append(("no statement.", DIM))
            yield from self.screen.flow("  ", "    ", *pieces)


def chance(probability: float) -> str:
    """Write a probability in percent, a small one as a bound."""
    if 0 < probability < 0.0005:
        return "<0.1%"
    return f"{probability:.1%}" if probability < 0.1 else percent(probability).strip()


def span(found: Estimate, share: bool, *, room: int = CELL - 1) -> tuple[str, str]:
    """Write an estimate and its interval, short.

    Parameters
    ----------
    room : int
        Characters for the interval, to which digits are given up.

    Examples
    --------
    >>> from sim import Estimate
    >>> span(Estimate(0.0043, 0.0039, 0.0047, 1000, "wilson"), share=True)
    ('0.43%', '0.39-0.47')
    >>> span(Estimate(29.4531, 29.4352, 29.4718, 1000, "normal"), share=False)
    ('29.5', '29.4-29.5')
    """
    if found.low == found.high:
        return f"{found.mean:.6g}", ""
    value, interval = (in_percent if share else number)(found.mean, found.low, found.high)
    interval = interval.replace(" to ", "-").removesuffix("%")
    unit = "%" if share else ""
    places = len(interval.rpartition(".")[2])
    while len(interval) > room and places > 0:
        places -= 1
        mean, low, high = _scaled(found, share)
        value, interval = f"{mean:.{places}f}{unit}", f"{low:.{places}f}-{high:.{places}f}"
    return value, interval


def signed(found: Estimate, share: bool, between: str) -> tuple[str, str]:
    """Write a difference and its interval, with their signs.

    Examples
    --------
    >>> from sim import Estimate
    >>> signed(Estimate(1.234, 1.1, 1.368, 1000, "paired normal"), False, " to ")
    ('+1.23', '+1.10 to +1.37')
    """
    mean, low, high = _scaled(found, share)
    places = min(MOST_DIGITS, digits((high - low) / 2))
    value = f"{mean:+.{places}f}{'%' if share else ''}"
    return value, f"{low:+.{places}f}{between}{high:+.{places}f}"


def _scaled(found: Estimate, share: bool) -> tuple[float, float, float]:
    scale = 100 if share else 1
    return found.mean * scale, found.low * scale, found.high * scale
