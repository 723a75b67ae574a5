"""Advice beyond one world: how options do where the rules weigh otherwise, as tables."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from sim.cli.cells import CELL, NONE, POINTS, Column
from sim.cli.counsel import SHARES, Counsel
from sim.cli.screen import BOLD, DIM, PLAIN
from sim.written import signed, span

if TYPE_CHECKING:
    from sim import Advice
    from sim.counsel import Course, OverWorlds

__all__ = ["worlds_lines"]

HEADS = {"open_war": "war", "dead": "dead", "weighted_sum": "sum"}
TITLES = {"open_war": "P(open war)", "dead": "Dead", "weighted_sum": "Weighted sum"}
REGRET, LAST = 14, 8
LEAST, ENOUGH = 1_600, 8_000  # replicates of an option, of which each world has a fortieth


def worlds_lines(counsel: Counsel) -> Iterator[str]:
    """Tell how each option does where the rules weigh otherwise."""
    advice, flow = counsel.advice, counsel.screen.flow
    names = list(_first(advice).spreads)
    title = f"In {advice.worlds} worlds in which the rules weigh otherwise"
    yield from flow("", "", (title, BOLD))
    yield from _verdict(counsel)
    thin = _first(advice).thin
    ordered = counsel.ordered(advice.over_worlds)
    for name in names:
        columns = [_of_worlds(counsel, name, "mean", "mean"), _median(counsel, name)]
        if not thin:
            columns.append(_of_worlds(counsel, name, "worst", "worst tenth"))
            if name == names[0]:
                columns.append(Column("best in", partial(_best, advice), LAST))
        yield from ordered.table(f"{TITLES[name]} over the worlds", columns)
    parts = (("regret", "mean"), ("worst_regret", "worst"))
    title = "Regret: over the option that ranks first in each world"
    for some in [names] if thin else [[name] for name in names]:
        columns = [
            _of_worlds(counsel, name, part, f"{HEADS[name]} {head}")
            for name in some
            for part, head in (parts[:1] if thin else parts)
        ]
        yield from ordered.table(title, columns)
    told = (
        "Each weight of a rule is drawn from a normal with its stated spread. Below a median: "
        "between what nine worlds of ten lie, the noise of their futures taken out; below the rest "
        "95% intervals. Order and brackets here are by the means over the worlds."
    )
    if not thin:
        told += (
            " Worst: the mean of the tenth of the worlds where it is most, found by one half of "
            "the futures and measured by the other; tried on known worlds, these intervals held in "
            "92 to 96%. Best in: the share of the worlds that have it in the first bracket."
        )
    yield from flow("", "", (told, DIM))


def _verdict(counsel: Counsel) -> Iterator[str]:
    """Say what is best most often, what is terrible in a tenth, and what cannot be relied on."""
    advice, flow = counsel.advice, counsel.screen.flow
    found = _first(advice)
    if found.thin:
        told = (
            f"{found.futures} futures of an option in each world are too few to tell how it does "
            f"in the worst tenth, or where it is best: take --replicates {LEAST} or more, better "
            f"{ENOUGH}."
        )
        yield from flow("", "  ", (told, BOLD))
        return
    shares = [advice.over_worlds[course.option].best.mean for course in advice.courses]
    most = max(shares)
    leading = zip(advice.courses, shares, strict=True)
    names = ", ".join(counsel.called(course) for course, share in leading if share == most)
    yield from flow(
        "", "  ", (f"Most often among the best: {names}, in {most:.0%} of them.", PLAIN)
    )
    fragile = [c for c in advice.courses if advice.fragile(c.option)]
    alike: dict[tuple[str, ...], list[str]] = {}
    for course in fragile:
        alike.setdefault(advice.fragile(course.option), []).append(counsel.called(course))
    for criteria, options in alike.items():
        where = " and ".join(HEADS[name] for name in criteria)
        told = f"{', '.join(options)} {'is' if len(options) == 1 else 'are'} among the best, and "
        told += (
            f"terrible in a tenth of the worlds ({where}): there each costs at least its average "
            "more than was needed."
        )
        yield from flow("", "  ", (told, BOLD))
    if not fragile:
        told = "No option that is among the best is terrible in a tenth of the worlds."
        yield from flow("", "  ", (told, PLAIN))
    if found.rough:
        told = (
            f"With {found.futures} futures of an option in each world, the worst tenths may be "
            f"told too low, and with them what is terrible: take --replicates {ENOUGH} or more."
        )
        yield from flow("", "  ", (told, BOLD))


def _first(advice: Advice) -> OverWorlds:
    """Return an option over the worlds: all have as many futures, and the same criteria."""
    return next(iter(advice.over_worlds.values()))


def _best(advice: Advice, course: Course) -> tuple[str, str]:
    """Write in what share of the worlds an option is among the best."""
    found = advice.over_worlds[course.option].best
    return f"{found.mean:.0%}", f"{100 * found.low:.0f} to {100 * found.high:.0f}"


def _of_worlds(counsel: Counsel, name: str, part: str, head: str) -> Column:
    regret, share = part.endswith("regret"), name in SHARES

    def write(course: Course) -> tuple[str, str]:
        if not course.simulates(name):
            return NONE, ""
        found = getattr(counsel.advice.over_worlds[course.option].spreads[name], part)
        return signed(found, share) if regret else span(found, share)

    unit = POINTS if regret and share else ""
    return Column(head, write, REGRET if regret else CELL, unit)


def _median(counsel: Counsel, name: str) -> Column:
    """Write the median of the worlds, and between what nine of ten of them lie."""
    share = name in SHARES

    def write(course: Course) -> tuple[str, str]:
        if not course.simulates(name):
            return NONE, ""
        found = counsel.advice.over_worlds[course.option].spreads[name].quantiles
        low, median, high = (found[q].mean for q in (0.05, 0.5, 0.95))
        if low == high:
            return f"{100 * median:.3g}%" if share else f"{median:.4g}", "in all"
        return span(replace(found[0.5], low=low, high=high), share)

    return Column("median", write, CELL, "5 to 95%")
