"""Who acts on whom: how many moves of each rung an actor makes at each other one."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.analysis import captions
from sim.analysis.captions import Words
from sim.analysis.courses import Courses
from sim.analysis.intervals import Estimate, mean
from sim.analysis.levels import Level, levels_of
from sim.analysis.path_summary import FORCE

__all__ = ["Matrix", "summarise_matrix"]

RUNGS = 11
NOBODY = "nobody named"

#: By actor and target.
Cells = tuple[tuple[Estimate, ...], ...]


@dataclass(frozen=True)
class Matrix:
    """All that the picture of who acts on whom draws.

    Attributes
    ----------
    words : Words
    actors, targets : tuple of str
        Short names of rows and columns; the last column is of moves at nobody in particular.
    rungs : float array, shape (n_actors, n_targets, 11)
        Moves a history, by rung.
    totals : tuple of tuple of Estimate
        Moves a history of any rung, with the interval.
    force : tuple of tuple of Estimate
        The same of moves of force.
    levels : tuple of Level
        The rungs and what they are called.
    """

    words: Words
    actors: tuple[str, ...]
    targets: tuple[str, ...]
    rungs: np.ndarray
    totals: Cells
    force: Cells
    levels: tuple[Level, ...]


def summarise_matrix(courses: Courses) -> Matrix:
    """Count the moves of a history by actor, target and rung, from the start on.

    Means carry the interval of normal theory.

    Parameters
    ----------
    courses : Courses
    """
    moves, n, actors = courses.moves, len(courses), len(courses.shorts)
    kept = moves.day >= courses.first
    replicate, actor, rung = moves.replicate[kept], moves.actor[kept], moves.rung[kept]
    target = np.where(moves.target[kept] < 0, actors, moves.target[kept])
    rungs = np.zeros((actors, actors + 1, RUNGS))
    np.add.at(rungs, (actor, target, rung), 1.0 / n)

    def counted(kept: np.ndarray) -> Cells:
        return tuple(
            tuple(
                mean(np.bincount(replicate[kept & (actor == i) & (target == j)], minlength=n))
                for j in range(actors + 1)
            )
            for i in range(actors)
        )

    totals, force = counted(np.ones(len(rung), np.bool_)), counted(rung >= FORCE)
    return Matrix(
        _words(courses, totals, force),
        courses.shorts,
        (*courses.shorts, NOBODY),
        rungs,
        totals,
        force,
        levels_of(courses.scenario)[1:],
    )


def _most(shorts: tuple[str, ...], cells: Cells) -> tuple[float, str, str]:
    """Return the highest mean among the pairs, and of whom on whom it is."""
    pairs = (
        (cell.mean, actor, target)
        for actor, row in zip(shorts, cells, strict=True)
        for target, cell in zip(shorts, row, strict=False)
    )
    return max(pairs, key=lambda pair: pair[0])


def _words(courses: Courses, totals: Cells, force: Cells) -> Words:
    blows, actor, target = _most(courses.shorts, force)
    if blows > 0.0:
        title = f"Force is used most by {actor} on {target}: {blows:.2g} times a history on average"
    else:
        most, actor, target = _most(courses.shorts, totals)
        title = f"No force is used; {actor} acts most on {target}, {most:.2g} times a history"
    subtitle = (
        "Rows act, columns are acted on. Bars: moves by rung, from the mildest to the gravest; "
        "their heights go by square roots, so that rare ones are seen. Numbers: moves of any rung."
    )
    caption = captions.source(
        courses.scenario,
        len(courses),
        courses.seed,
        captions.forked(courses.first),
        "Means of a history; in brackets their 95% intervals.",
    )
    return Words(title, subtitle, caption)
