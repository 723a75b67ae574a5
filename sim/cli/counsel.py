"""Advice as tables: what each option leads to, how it compares with holding, what pulls at it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

import click

from sim.cli.cells import (
    CELL,
    NONE,
    PAIR,
    PICKED,
    POINTS,
    Column,
    Filled,
    parted,
    star,
)
from sim.cli.dates import Calendar
from sim.cli.screen import BOLD, DIM, PLAIN, Screen
from sim.counsel import MOVE, SUM
from sim.written import signed, span

if TYPE_CHECKING:
    from sim import Advice
    from sim.counsel import Course, Deep, OverWorlds

__all__ = ["SHARES", "WAR", "Counsel"]

WAR, DEAD, FORCE, SETTLED, RUNG = (
    "open_war",
    "dead",
    "adversary_force_7d",
    "days_to_settlement",
    "peak_rung",
)
SHARES = (WAR, FORCE, "settlement")
MARGIN = 2  # for the bracket
CORNERS = "┌│└", "/|\\"  # of a bracket: above, between, below
ENDS = [corners[-1] for corners in CORNERS]
PLACE = ("rank", "bracket", "own")
NAMED = 3  # of the statements that pull either way


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
        if course.kind != MOVE:
            return course.option
        return self.written(course.option)

    def called(self, course: Course) -> str:
        """Write an option in a sentence, where an intervention must be told from a move."""
        name = self.name(course)
        return name if course.kind == MOVE else f"the intervention {name}"

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
        force = [FORCE] if self.adversary else []
        summed = self.advice.summed
        names = [SUM, WAR, DEAD] if summed else [WAR, *force, DEAD]
        columns = [*map(self._estimate, names), Column("picked", self._picked, PICKED)]
        # Where it would not fit beside them, the rung stands in the next table.
        rung = self._estimate(RUNG)
        fits = len(self._parts([*columns, rung])) == 1
        yield from self.table("What each option leads to", [*columns, *[rung] * fits])
        yield from self._adversaries()
        yield from self._interventions()
        yield ""
        dead = [f"{actor}_dead" for actor in self.shorts]
        columns = [*[rung] * (not fits), *map(self._estimate, [SETTLED, *dead])]
        title = "Days to settlement, and the dead by actor"
        title = title if fits else f"Highest rung, {title.lower()}"
        if summed and force:
            columns.insert(0, self._estimate(FORCE))
            title = f"Force, {title[0].lower()}{title[1:]}"
        yield from self.table(title, columns)
        yield ""
        names = [*[SUM] * summed, WAR, *force, DEAD]
        if self.everything:
            names += [RUNG, "settlement", SETTLED, *dead]
        title = "Against holding, on common luck: difference and 95% interval"
        yield from self.table(title, [*map(self._difference, names)])
        yield ""
        yield from self._pulls()

    def _interventions(self) -> Iterator[str]:
        """Say what the interventions are, and what they rest on."""
        says = {inject.id: inject.says for inject in self.advice.scenario.injects}
        told = [course for course in self.advice.courses if course.kind != MOVE]
        for course in told:
            rests = "hypothetical" if course.hypothetical else f"from {', '.join(course.because)}"
            text = f"{course.option} ({rests}): {says[course.option]}; the actor holds."
            yield from self.screen.flow("  ", "    ", (text, DIM))
        if told:
            text = "An intervention costs nothing here, and always succeeds."
            yield from self.screen.flow("  ", "    ", (text, DIM))

    def verdict(self) -> str:
        """Name the best option where there is a single one, else all of the first bracket.

        Where interventions are among them, which no actor can choose, so of its moves alone.
        """
        objective, best = self.advice.objective, self.advice.best()
        first = [self.called(course) for course in best]
        if len(first) == 1:
            told = f"Best by {objective}: {first[0]}."
        else:
            every = len(first) == len(self.advice.courses)
            where = "All options stand in the first bracket" if every else "First bracket"
            told = f"No single best by {objective}. {where}: {', '.join(first)}."
        if all(course.kind == MOVE for course in best):
            return told
        own = [self.name(course) for course in self.advice.own()]
        single = "Best" if len(own) == 1 else "No single best"
        return f"{told} {single} of {self.shorts[self.advice.actor]}'s own moves: {', '.join(own)}."

    def ordered(self, places: Mapping[str, OverWorlds | Deep]) -> Counsel:
        """Tell the options in another order, with its brackets."""
        courses = (
            replace(c, **{name: getattr(places[c.option], name) for name in PLACE})
            for c in self.advice.courses
        )
        advice = replace(self.advice, courses=tuple(sorted(courses, key=lambda c: c.rank)))
        return Counsel(advice, self.screen, self.everything)

    def _answer(self) -> Iterator[str]:
        advice, flow = self.advice, self.screen.flow
        actor = self.shorts[advice.actor]
        when = f"{Calendar.full(advice.date)} (day {advice.day:.2f})"
        yield from flow("", "", (f"Advice to {actor}, {when}", BOLD))
        yield from flow("", "", (self.verdict(), PLAIN))
        yield from self._turning()
        if advice.blind:
            told = (
                "The dead of open war itself and the force in it are not simulated: what starts or "
                "risks one looks better here than it is, as long as open_war has no weight of its "
                "own."
            )
            yield from flow("", "", (told, BOLD))

    def _turning(self) -> Iterator[str]:
        """Say where deaths decide before a chance that is not told apart."""
        turning = self.advice.turning()
        wars = [self.name(course) for course in turning if course.war]
        raised: dict[bool, list[str]] = {True: [], False: []}
        for course in (course for course in turning if not course.war):
            value, interval = signed(course.differences[WAR].estimate, share=True)
            fewer = course.differences[DEAD].estimate.high < 0
            raised[fewer].append(f"{self.name(course)} {value} points ({interval})")
        split = self.advice.courses[0].estimates[WAR].method == "splitting"
        better = "more futures" if split else "--rare"
        for fewer, names in raised.items():
            if names:
                told = "The order turns on deaths: fewer of them put" if fewer else "There stands"
                told += " before holding what by estimate raises the chance of open war"
                told += "" if fewer else " and is not told from the best"
                told += f", {', '.join(names)}; {better} may tell the chances apart."
                yield from self.screen.flow("", "", (told, BOLD))
        if wars:
            told = (
                f"{', '.join(wars)} {'stands' if len(wars) == 1 else 'stand'} before holding only "
                "because the dead of open war itself are not simulated."
            )
            yield from self.screen.flow("", "", (told, BOLD))

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
        for part in self._parts(columns):
            for line in zip(*(column.heads for column in part), strict=True):
                heads = "".join(
                    f"{head:>{column.width}}" for head, column in zip(line, part, strict=True)
                )
                if heads.strip():
                    yield click.style(f"{'':{MARGIN + self.width}}{heads}", **DIM)
            yield from self._rows(part)

    def _parts(self, columns: list[Column]) -> list[list[Filled]]:
        """Part columns into what fits beside one another on the screen."""
        room = self.screen.width - MARGIN - self.width
        return parted(columns, self.advice.courses, room)

    def _rows(self, part: list[Filled]) -> Iterator[str]:
        """Write the options, each with what stands below its numbers."""
        courses = zip(self.advice.courses, self._marks(), strict=True)
        for k, (course, (mark, below)) in enumerate(courses):
            top = "".join(f"{column.cells[k][0]:>{column.width}}" for column in part)
            under = "".join(f"{column.cells[k][1]:>{column.width}}" for column in part)
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
            SUM: "sum",
        }.get(name, name)

    def _picked(self, course: Course) -> tuple[str, str]:
        """Write how probable it is that the model's actor would choose an option."""
        return course.picked, ""

    def _estimate(self, name: str) -> Column:
        """Write an estimate and its interval, with a star where it differs from holding."""

        def write(course: Course) -> tuple[str, str]:
            if not course.simulates(name):
                return f"{NONE} ", ""
            pair = course.differences.get(name)
            value, interval = span(course.estimates[name], name in SHARES)
            return f"{value}{star(pair.estimate if pair else None)}", interval

        return Column(self._head(name), write, CELL)

    def _difference(self, name: str) -> Column:
        """Write a paired difference from holding and its interval."""
        share = name in SHARES

        def write(course: Course) -> tuple[str, str]:
            pair = course.differences.get(name)
            if pair is None:
                return "", ""
            if not course.simulates(name):
                return f"{NONE} ", ""
            value, interval = signed(pair.estimate, share)
            return f"{value}{star(pair.estimate)}", interval

        return Column(self._head(name), write, PAIR, POINTS if share else "")

    def _pulls(self) -> Iterator[str]:
        actor = self.shorts[self.advice.actor]
        told = f"What pulls {actor} towards each (+) and away from it (-), were it to decide then"
        yield from self.screen.flow("", "", (told, BOLD))
        for course in self.advice.courses:
            if course.probability is None:
                continue
            pieces = [(f"{self.name(course)}, picked {course.picked}:", PLAIN)]
            for sign in (1, -1):
                rules = [share for share in course.rules if share.logits * sign > 0]
                shown = rules if self.everything else rules[:NAMED]
                for share in shown:
                    names = ", ".join(share.statements)
                    pieces.append((f"{share.logits:+.1f} {names};", DIM))
                if rest := rules[len(shown) :]:
                    total = sum(share.logits for share in rest)
                    pieces.append((f"{total:+.1f} by {len(rest)} more;", DIM))
            if len(pieces) == 1:
                pieces.append(("no statement.", DIM))
            yield from self.screen.flow("  ", "    ", *pieces)
