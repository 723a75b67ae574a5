"""Advice in a game: what each option would lead to, the best first."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from sim.cli.screen import BOLD, DIM, PLAIN
from sim.game_advice import COLUMNS, rows_of, told_of

if TYPE_CHECKING:
    from sim import Advice
    from sim.cli.scene import Scene

__all__ = ["outlook"]


def outlook(advice: Advice, scene: Scene) -> Iterator[str]:
    """Tell what each option leads to, in brackets that part what can be told apart."""
    flow = scene.screen.flow
    names = {course.option: scene.named(course.move, course.target) for course in advice.courses}
    answer, notes = told_of(advice, lambda option: names[option], "parted by lines")
    yield from scene.head("What each option would lead to")
    for text in answer:
        yield from flow("", "", (text, PLAIN))
    rows = rows_of(advice)
    widths = [max(len(row.cells[n]) for row in rows) for n in range(len(COLUMNS))]
    longest = max(map(len, names.values()))
    roomy = 6 + longest + sum(widths) + 2 * len(widths) <= scene.screen.width
    if roomy:
        head = "".join(f"  {word:<{w}}" for word, w in zip(COLUMNS, widths, strict=True))
        yield click.style((" " * (6 + longest) + head).rstrip(), **DIM)
    numbers = {option: n for n, option in enumerate(_order(advice))}
    bracket = 1
    for row in rows:
        if row.bracket != bracket:
            bracket = row.bracket
            yield click.style("  " + ("─" if scene.screen.blocks else "-") * 24, **DIM)
        first, name = f"  {numbers[row.option]:>2}  ", names[row.option]
        if roomy:
            cells = "".join(f"  {cell:<{w}}" for cell, w in zip(row.cells, widths, strict=True))
            yield f"{first}{click.style(f'{name:<{longest}}', **BOLD)}{cells}".rstrip()
        else:
            told = ", ".join(
                f"{word} {cell}" for word, cell in zip(COLUMNS, row.cells, strict=True)
            )
            yield from flow(first, "      ", (f"{name}:", BOLD), (told, PLAIN))
    for text in notes:
        yield from flow("", "", (text, DIM))


def _order(advice: Advice) -> list[str]:
    """Return the options in the order in which they are numbered."""
    written = []
    for option in advice.explanation.options:
        written.append(option.move if option.target is None else f"{option.move} {option.target}")
    return written
