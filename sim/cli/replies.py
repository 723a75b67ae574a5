"""Advice two steps deep: what an option is worth if it is followed up well, and how."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from sim.cli.cells import CELL, NONE, Column
from sim.cli.counsel import SHARES, Counsel
from sim.cli.screen import BOLD, DIM, PLAIN
from sim.counsel import HOLD
from sim.written import share, span

if TYPE_CHECKING:
    from sim.counsel import Course

__all__ = ["deep_lines"]

HEADS = {"open_war": "open war", "dead": "dead", "weighted_sum": "weighted sum"}
INDENT = 4


def deep_lines(counsel: Counsel) -> Iterator[str]:
    """Tell what each option is worth with the best replies, and which those are."""
    advice, flow = counsel.advice, counsel.screen.flow
    own = counsel.shorts[advice.actor]
    theirs = counsel.shorts.get(counsel.adversary, "its adversary")
    ordered = counsel.ordered(advice.deep)
    title = f"Two steps deep: if {own} then gives the best reply to {theirs}'s answer"
    yield from flow("", "", (title, BOLD))
    yield from flow("  ", "  ", (f"First steps. {ordered.verdict()}", PLAIN))
    told = (
        f"{own} takes the option; {theirs} answers with its first visible move within 7 days, if "
        f"it makes one; to each of the three likeliest answers {own} replies at once, with what is "
        f"best by {advice.objective}. From then on, and after any other answer, {own} too decides "
        "as the model has it."
    )
    yield from flow("  ", "  ", (told, DIM))

    def column(name: str) -> Column:
        def write(course: Course) -> tuple[str, str]:
            if not course.simulates(name):
                return NONE, ""
            return span(advice.deep[course.option].estimates[name], name in SHARES)

        return Column(HEADS[name], write, CELL)

    names = next(iter(advice.deep.values())).estimates
    yield ""
    yield from ordered.table("What each option then leads to", [*map(column, names)])
    yield ""
    title = f"{theirs}'s likeliest answers to each first step, and {own}'s best reply"
    yield from flow("", "", (title, BOLD))
    for course in ordered.advice.courses:
        yield from _answers(ordered, course)
    told = (
        f"{advice.spent:,} futures of two steps. Each reply was chosen by one half of the answers "
        "and valued by the other, so that the best of many does not look better than it is. "
        "Others: of the same bracket. In parentheses: 95% intervals."
    )
    yield from flow("", "", (told, DIM))


def _answers(counsel: Counsel, course: Course) -> Iterator[str]:
    """Write the likeliest answers to an option, each with the best reply."""
    replies = counsel.advice.deep[course.option].replies
    name = counsel.name(course)
    if course.adversary and course.adversary != counsel.adversary:
        name += f", answered by {counsel.shorts[course.adversary]}"
    told = "" if replies else ": no answer came often enough"
    yield from counsel.screen.flow("  ", "    ", (f"{name}{told}", PLAIN))
    for reply in replies:
        found = reply.probability
        chance, interval = share(found.mean, found.low, found.high)
        ordered = sorted((reply.reply, *reply.alike), key=lambda option: option != HOLD)
        first, *others = map(counsel.written, ordered)
        told = f"{counsel.written(reply.answer)}, {chance} ({interval}); "
        told += f"{'no single ' if others else ''}best reply{':' if others else ''} {first}"
        if others:
            told += f" or {others[0] if len(others) == 1 else f'{len(others)} others'}"
        yield from counsel.screen.flow(" " * INDENT, " " * (INDENT + 2), (told, DIM))
