"""Single paths of an ensemble among one another, their median, and a few that are told in full."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from sim.analysis import captions
from sim.analysis.captions import Words
from sim.analysis.courses import Courses
from sim.analysis.intervals import Estimate, quantile
from sim.analysis.levels import (
    SETTLED,
    WINDOW,
    Level,
    levels_at,
    levels_of,
    moments,
    remembered,
)
from sim.analysis.outcomes import typical, worst
from sim.analysis.wording import day_of
from sim.engines.measures import ENDS

__all__ = ["Strand", "Strands", "summarise_strands"]

MOST = 40
_TYPICAL = {
    "open_war": "a typical open war",
    "settlement": "a typical settlement",
    "horizon": "a typical one without an end",
}


@dataclass(frozen=True)
class Strand:
    """The path of one replicate.

    Attributes
    ----------
    replicate : int
    end : str
        open_war, settlement or horizon.
    heights : int8 array, shape (n_moments,)
        -1 for settled, else the rung.
    told : str
        What it is picked out as; empty where it is one of many.
    """

    replicate: int
    end: str
    heights: np.ndarray
    told: str = ""


@dataclass(frozen=True)
class Strands:
    """All that the picture of many paths draws.

    Attributes
    ----------
    words : Words
    dates : tuple of datetime
    levels : tuple of Level
    strands : tuple of Strand
        The first replicates, unselected.
    told : tuple of Strand
        Those picked out.
    median, low, high : float arrays, shape (n_moments,)
        Of all replicates, with its interval, pointwise.
    replicates : int
    """

    words: Words
    dates: tuple[datetime, ...]
    levels: tuple[Level, ...]
    strands: tuple[Strand, ...]
    told: tuple[Strand, ...]
    median: np.ndarray
    low: np.ndarray
    high: np.ndarray
    replicates: int


def summarise_strands(courses: Courses, window: float = WINDOW, most: int = MOST) -> Strands:
    """Gather the paths of the first replicates, the median of all, and a few to be told.

    The median is that of the levels (`sim.analysis.levels`), a settled history below all others and
    war above; its interval lies between two order statistics [@david2003].

    Parameters
    ----------
    courses : Courses
    window : float, > 0
        Days that a move is remembered.
    most : int, >= 1
        Paths to draw, besides those that are told.
    """
    days = moments(courses)
    heights = levels_at(courses, days, window)
    names = {number: name for name, number in ENDS.items()}

    def strand(replicate: int, told: str = "") -> Strand:
        end = names[int(courses.end[replicate])]
        return Strand(replicate, end, heights[replicate], told)

    middle = [quantile(column) for column in heights.T.astype(np.float64)]
    told = _told(courses)
    return Strands(
        _words(courses, window, min(most, len(courses)), days, middle, told),
        courses.dates(days),
        levels_of(courses.scenario),
        tuple(strand(replicate) for replicate in range(min(most, len(courses)))),
        tuple(strand(replicate, name) for name, replicate in told),
        np.array([found.mean for found in middle]),
        np.array([found.low for found in middle]),
        np.array([found.high for found in middle]),
        len(courses),
    )


def _told(courses: Courses) -> list[tuple[str, int]]:
    """Pick the replicate nearest to the middle of each end that is seen, and the worst."""
    picked: dict[int, str] = {}
    for end, number in ENDS.items():
        if np.any(courses.end == number):
            picked[typical(courses.counted, end)] = _TYPICAL[end]
    # The worst is told as the worst, even where it stands for all of its end.
    first = worst(courses.counted)
    picked[first] = f"the worst{_dead(courses, first)}"
    return [(told, replicate) for replicate, told in picked.items()]


def _dead(courses: Courses, replicate: int) -> str:
    """Count the dead from the start on, as the path of the same history does.

    Those before it are in the count where they are not known: drawn, or of a history that was
    forked.
    """
    dead = int(courses.counted.outcomes.dead[replicate].sum())
    blows = courses.scenario.blows
    if courses.first or not all(isinstance(blow.dead, int) for blow in blows):
        return f", {dead:,} dead in all" if dead else ""
    before = sum(int(str(blow.dead)) + sum(blow.also_dead.values()) for blow in blows)
    return f", {dead - before:,} {'more ' if before else ''}dead" if dead > before else ""


def _words(
    courses: Courses,
    window: float,
    drawn: int,
    days: np.ndarray,
    middle: list[Estimate],
    told: list[tuple[str, int]],
) -> Words:
    subtitle = (
        f"Thin: {_drawn(drawn, len(courses))}, each at its highest move of the "
        f"last {remembered(window)}, blue where it settles; spread out within a rung, so that all "
        "are seen. Thick: the median of all, and a few told ones."
    )
    caption = captions.source(
        courses.scenario,
        len(courses),
        courses.seed,
        captions.forked(courses.first),
        "The shade around the median is its 95% interval, for each moment by itself."
        if math.isfinite(middle[0].low)
        else "So few histories give the median no interval.",
        f"Told are replicates {_numbered(told)}; the worst by war, then rung, then dead.",
    )
    return Words(_title(courses, days, middle), subtitle, caption)


def _drawn(drawn: int, of: int) -> str:
    if drawn < of:
        return f"the first {drawn:,} of {of:,} histories"
    return f"all {of:,} histories" if of > 1 else "the only history"


def _title(courses: Courses, days: np.ndarray, middle: list[Estimate]) -> str:
    """Say by when half of all are settled, if they are, and how sure that is."""

    def first(bounds: list[float]) -> str:
        reached = np.flatnonzero(np.array(bounds) == SETTLED)
        return day_of(courses.date(days[reached[0]])) if len(reached) else ""

    settled = first([at.mean for at in middle])
    early, late = first([at.low for at in middle]), first([at.high for at in middle])
    if settled:
        sure = f" ({early} {f'to {late}' if late else 'or later'})" if early else ""
        return f"Half of all histories are settled by {settled}{sure}"
    if early:
        return "Whether half of all histories settle by the horizon cannot be told"
    return "At the horizon, fewer than half of all histories are settled"


def _numbered(told: list[tuple[str, int]]) -> str:
    return ", ".join(f"{replicate} ({name.split(',')[0]})" for name, replicate in told)
