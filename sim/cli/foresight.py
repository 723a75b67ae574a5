"""Advice beyond one world: how options do where the rules weigh otherwise, as tables."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from sim.cli.counsel import CELL, SHARES, Column, Counsel, signed, span
from sim.cli.screen import BOLD, DIM, PLAIN

if TYPE_CHECKING:
    from sim import Advice
    from sim.counsel import Course

__all__ = ["worlds_lines"]

HEADS = {"open_war": "war", "dead": "dead", "weighted_sum": "sum"}
REGRET, LAST = 14, 8


def worlds_lines(counsel: Counsel) -> Iterator[str]:
    """Tell how each option does where the rules weigh otherwise."""
    advice, flow = counsel.advice, counsel.screen.flow
    names = list(next(iter(advice.over_worlds.values())).spreads)
    columns = [
        _of_worlds(advice, name, part, f"{HEADS[name]} {head}")
        for name in names
        for part, head in (("mean", "mean"), ("worst", "worst"))
    ]

    def best(course: Course) -> tuple[str, str]:
        share = advice.over_worlds[course.option].best.mean
        return f"{share:.0%}", ""

    columns.append(Column("best in", best, LAST))
    title = f"In {advice.worlds} worlds in which the rules weigh otherwise"
    yield from counsel.table(title, columns)
    columns = [
        _of_worlds(advice, name, part, f"{HEADS[name]} {head}")
        for name in names
        for part, head in (("regret", "mean"), ("worst_regret", "worst"))
    ]
    yield from counsel.table("Regret: over the best option of each world", columns)
    fragile = [c for c in advice.courses if advice.fragile(c.option)]
    for course in fragile:
        where = " and ".join(HEADS[name] for name in advice.fragile(course.option))
        told = (
            f"{counsel.name(course)} is among the best, and terrible in a tenth of the worlds "
            f"({where}): there it costs at least its average more than was needed."
        )
        yield from flow("", "  ", (told, BOLD))
    if not fragile:
        told = "No option that is among the best is terrible in a tenth of the worlds."
        yield from flow("", "  ", (told, PLAIN))
    told = (
        "Each weight of a rule is drawn from a normal with its stated spread. Worst: the mean of "
        "the tenth of the worlds where it is most, found by one half of the futures and measured "
        "by the other. Best in: the share of the worlds in which no option is told to be better."
    )
    yield from flow("", "", (told, DIM))


def _of_worlds(advice: Advice, name: str, part: str, head: str) -> Column:
    regret = part.endswith("regret")

    def write(course: Course) -> tuple[str, str]:
        found = getattr(advice.over_worlds[course.option].spreads[name], part)
        if regret:
            return signed(found, name in SHARES, ",")
        return span(found, name in SHARES)

    return Column(head, write, REGRET if regret else CELL)
