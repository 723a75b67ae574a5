"""Advice in a game: what each option would lead to, the best first."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from sim.cli.screen import BOLD, DIM, PLAIN
from sim.written import number, share

if TYPE_CHECKING:
    from sim import Advice, Estimate
    from sim.cli.scene import Scene

__all__ = ["outlook"]


def outlook(advice: Advice, scene: Scene) -> Iterator[str]:
    """Tell what each option leads to, in brackets that part what can be told apart."""
    yield click.style("What each option would lead to", **BOLD)
    text = (
        f"From {advice.replicates:,} futures each, in which the model decides for everybody "
        "afterwards: between what and what the chances lie, and the mean dead of all sides from "
        "now on. They start from how things really are, which you may not know. From the top by "
        "a win against a loss; a line parts what can be told apart."
    )
    yield from scene.screen.flow("", "", (text, DIM))
    names = [scene.named(course.move, course.target) for course in advice.courses]
    rows = [
        [write(course.estimates[name]) for name, _, write in MEASURES] for course in advice.courses
    ]
    widths = [max(len(row[n]) for row in rows) for n in range(len(MEASURES))]
    longest = max(map(len, names))
    roomy = 6 + longest + sum(widths) + 2 * len(widths) <= scene.screen.width
    if roomy:
        head = "".join(f"  {word:<{w}}" for (_, word, _), w in zip(MEASURES, widths, strict=True))
        yield click.style((" " * (6 + longest) + head).rstrip(), **DIM)
    numbers = {option: n for n, option in enumerate(_order(advice))}
    bracket = 1
    for course, name, row in zip(advice.courses, names, rows, strict=True):
        if course.bracket != bracket:
            bracket = course.bracket
            yield click.style("  " + ("─" if scene.screen.blocks else "-") * 24, **DIM)
        first = f"  {numbers[course.option]:>2}  "
        if roomy:
            cells = "".join(f"  {cell:<{w}}" for cell, w in zip(row, widths, strict=True))
            yield f"{first}{click.style(f'{name:<{longest}}', **BOLD)}{cells}".rstrip()
        else:
            told = ", ".join(
                f"{word} {cell}" for (_, word, _), cell in zip(MEASURES, row, strict=True)
            )
            yield from scene.screen.flow(first, "      ", (f"{name}:", BOLD), (told, PLAIN))


def _share(found: Estimate) -> str:
    return share(found.mean, found.low, found.high)[1]


def _mean(found: Estimate) -> str:
    same = found.low == found.high
    return f"{found.mean:g}" if same else number(found.mean, found.low, found.high)[1]


def _order(advice: Advice) -> list[str]:
    """Return the options in the order in which they are numbered."""
    written = []
    for option in advice.explanation.options:
        written.append(option.move if option.target is None else f"{option.move} {option.target}")
    return written


MEASURES = (
    ("open_war", "open war", _share),
    ("settlement", "settled", _share),
    ("dead", "dead", _mean),
)
