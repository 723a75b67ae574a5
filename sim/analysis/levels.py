"""How high a crisis stands at a moment: the highest rung of the last days, or how it has ended.

A path of moves has no height between its moves.  Here a moment takes that of the highest move of
the `WINDOW` days before it, 1, to hold, where nobody moved.  What happened before the histories go
their own ways, in the opening or in the history that was forked, is the same in all and does not
count.
A history that has ended stands below the ladder if it is settled, and on its top if it is war.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.analysis.courses import Courses
from sim.crisis import Scenario
from sim.kernel import layout as at

__all__ = [
    "HOLD",
    "SETTLED",
    "WAR",
    "WINDOW",
    "Level",
    "levels_at",
    "levels_of",
    "moments",
    "remembered",
]

WINDOW = 3.0  # days
STEP = 0.25  # days between the moments that are looked at
MOST_MOMENTS = 400
SETTLED, HOLD, WAR = -1, 1, 10
NOTHING = -128


@dataclass(frozen=True, slots=True)
class Level:
    """One height that a crisis can stand at.

    Attributes
    ----------
    height : int
        -1 for settled, else the rung, 0..10; 10 is war.
    label : str
    """

    height: int
    label: str


def levels_of(scenario: Scenario) -> tuple[Level, ...]:
    """List the levels of a ladder from the lowest, each with the labels of its moves."""
    labels: dict[int, list[str]] = {}
    for move in scenario.crisis.moves:
        labels.setdefault(move.rung, []).append(move.label)
    labels[HOLD] = ["no move"]
    labels[WAR] = ["open war"]
    rungs = [Level(rung, ", ".join(labels[rung])) for rung in sorted(labels)]
    return (Level(SETTLED, "settled"), *rungs)


def moments(courses: Courses) -> np.ndarray:
    """Return the moments that are looked at: days up to the horizon, both ends included."""
    first, last = courses.first, courses.scenario.horizon_days
    step = max(STEP, (last - first) / MOST_MOMENTS)
    return np.linspace(first, last, max(2, round((last - first) / step) + 1))


def levels_at(
    courses: Courses, grid: np.ndarray, window: float = WINDOW, actor: int | None = None
) -> np.ndarray:
    """Return how high each replicate stands at each moment.

    Parameters
    ----------
    courses : Courses
    grid : float array, shape (n_moments,)
        Days, evenly spaced.
    window : float, > 0
        Days that a move is remembered.
    actor : int, optional
        By the moves of this actor alone; of anybody's if not given.

    Returns
    -------
    int8 array, shape (replicates, n_moments)
        -1 for settled, else 0..10.
    """
    moves = courses.moves
    start, step = float(grid[0]), float(grid[1] - grid[0])
    found = np.full((len(courses), len(grid)), NOTHING, np.int8)
    own = moves.day >= courses.first
    chosen = np.flatnonzero(own if actor is None else own & (moves.actor == actor))
    replicate, day, rung = moves.replicate[chosen], moves.day[chosen], moves.rung[chosen]
    # A move counts from the first moment that does not lie before it; rounding must not delay it.
    first = np.ceil((day - start) / step - 1e-9).astype(np.int64)
    for later in range(int(window / step) + 1):
        moment = first + later
        seen = (moment >= 0) & (moment < len(grid)) & (start + moment * step < day + window)
        np.maximum.at(found, (replicate[seen], moment[seen]), rung[seen])
    found[found == NOTHING] = HOLD
    over = grid[None, :] >= moves.end[:, None]
    found[over & (courses.end == at.SETTLEMENT)[:, None]] = SETTLED
    found[over & (courses.end == at.WAR)[:, None]] = WAR
    return found


def remembered(window: float = WINDOW) -> str:
    """Say how long a move counts."""
    return "24 hours" if window == 1 else f"{window:g} days"
