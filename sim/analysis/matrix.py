"""Who acts on whom: how many moves of each rung an actor makes at each other one."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from sim.analysis import captions
from sim.analysis.captions import Words
from sim.analysis.courses import Courses
from sim.analysis.intervals import Estimate, mean
from sim.analysis.levels import HOLD, Level, levels_of
from sim.analysis.path_summary import FORCE
from sim.analysis.written import digits

__all__ = ["Matrix", "Pair", "summarise_matrix"]

NOBODY = "nobody"
#: Pairs that are drawn.
MOST = 36
#: Digits after the point: at least, at most, and where there are a hundred moves or more.
LEAST_PLACES, MOST_PLACES, FEW_PLACES = 2, 3, 1


@dataclass(frozen=True)
class Pair:
    """What one actor does at another.

    Attributes
    ----------
    actor, target : str
        Short names; of moves at nobody in particular the target says so.
    rungs : tuple of Estimate
        Moves a history, by rung, as the matrix lists them.
    force, total : Estimate
        The same of all rungs of force, and of all.
    """

    actor: str
    target: str
    rungs: tuple[Estimate, ...]
    force: Estimate
    total: Estimate


@dataclass(frozen=True)
class Matrix:
    """All that the picture of who acts on whom draws.

    Attributes
    ----------
    words : Words
    levels : tuple of Level
        The rungs that moves have and what they are called, from the mildest.
    pairs : tuple of Pair
        Those with any move, by actor and target; of very many those with most force, then moves.
    places : int
        Digits after the point, the same for all.
    """

    words: Words
    levels: tuple[Level, ...]
    pairs: tuple[Pair, ...]
    places: int

    def written(self, value: float) -> str:
        """Write a number of moves; what rounds to nothing and is not, as a bound."""
        least = 10.0**-self.places
        if 0.0 < value < least / 2.0:
            return f"<{least:.{self.places}f}"
        return f"{value:.{self.places}f}"


def summarise_matrix(courses: Courses) -> Matrix:
    """Count the moves of a history by actor, target and rung, from the start on.

    Means carry the interval of normal theory.

    Parameters
    ----------
    courses : Courses
    """
    moves, n, shorts = courses.moves, len(courses), courses.shorts
    kept = moves.day >= courses.first
    replicate, actor, rung = moves.replicate[kept], moves.actor[kept], moves.rung[kept]
    target = np.where(moves.target[kept] < 0, len(shorts), moves.target[kept])
    levels = tuple(
        level for level in levels_of(courses.scenario) if level.height >= 0 and level.height != HOLD
    )

    def counted(which: np.ndarray) -> Estimate:
        return mean(np.bincount(replicate[which], minlength=n))

    pairs = []
    for i, name in enumerate(shorts):
        for j, other in enumerate((*shorts, NOBODY)):
            own = (actor == i) & (target == j)
            if own.any():
                rungs = tuple(counted(own & (rung == level.height)) for level in levels)
                pairs.append(Pair(name, other, rungs, counted(own & (rung >= FORCE)), counted(own)))
    told = _telling(pairs)
    places = LEAST_PLACES
    if told is not None:
        most = max(pair.total.mean for pair in pairs)
        places = min(MOST_PLACES, max(LEAST_PLACES, digits(0, _shown(told).mean / 10)))
        places = FEW_PLACES if most >= 100 else places
    drawn = sorted(pairs, key=lambda pair: (-pair.force.mean, -pair.total.mean))[:MOST]
    whole = Matrix(Words("", "", ""), levels, tuple(pairs), places)
    left = len(pairs) - len(drawn)
    words = _words(courses, whole, told, left)
    return replace(whole, pairs=tuple(pair for pair in pairs if pair in drawn), words=words)


def _telling(pairs: Sequence[Pair]) -> Pair | None:
    """Return the pair with most force, or where there is none with most moves."""
    return max(_rivals(pairs), key=lambda pair: _shown(pair).mean, default=None)


def _rivals(pairs: Sequence[Pair]) -> Sequence[Pair]:
    """Return the pairs with force; where there are none those that act on somebody, else all."""
    forced = [pair for pair in pairs if pair.force.mean > 0.0]
    named = [pair for pair in pairs if pair.target != NOBODY]
    return forced or named or pairs


def _shown(pair: Pair) -> Estimate:
    return pair.force if pair.force.mean > 0.0 else pair.total


def _words(courses: Courses, found: Matrix, told: Pair | None, hidden: int) -> Words:
    if told is None:
        title = "Nobody makes a move"
    else:
        number = _shown(told)
        times = found.written(number.mean)
        if not math.isnan(number.low):
            times += f" ({found.written(max(number.low, 0.0))} to {found.written(number.high)})"
        title = _title(found, told, f"{times} times a history")
    subtitle = (
        "Moves a history on average, from the start on: who acts on whom, at which rung. The "
        "stronger the colour, the more (by square roots, so that rare ones are seen); empty: never."
    )
    caption = captions.source(
        courses.scenario,
        len(courses),
        courses.seed,
        captions.forked(courses.first),
        "Means; ± is half of their 95% intervals, each by itself."
        if len(courses) > 1
        else "One history alone gives no intervals.",
        f"Not drawn, with less force or fewer moves: {hidden}." if hidden else "",
        f"Pairs without a move are left out. Force: rung {FORCE} and up.",
    )
    return Words(title, subtitle, caption)


def _title(found: Matrix, told: Pair, times: str) -> str:
    """Say who uses force, or acts, most; most is said only where no other interval reaches it."""
    number, at_all = _shown(told), told.force.mean > 0.0
    most = all(_shown(pair).high < number.low for pair in _rivals(found.pairs) if pair is not told)
    target = told.target if told.target != NOBODY else "nobody in particular"
    if at_all and most:
        return f"Force is used most by {told.actor} on {target}: {times}"
    if at_all:
        return f"{told.actor} uses force on {target} {times}; who uses it most is not settled"
    if most:
        return f"No force is used; {told.actor} acts most on {target}: {times}"
    return f"No force is used; {told.actor} acts on {target} {times}; who acts most is not settled"
