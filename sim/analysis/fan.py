"""How the replicates of an ensemble are spread over the ladder, moment by moment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import numpy as np

from sim.analysis import captions
from sim.analysis.captions import Words
from sim.analysis.courses import Courses
from sim.analysis.intervals import wilson_band
from sim.analysis.levels import WINDOW, Level, levels_at, levels_of, moments, remembered
from sim.analysis.path_summary import FORCE
from sim.analysis.wording import day_of
from sim.analysis.written import share

__all__ = ["Fan", "Fans", "summarise_fans"]


@dataclass(frozen=True)
class Fan:
    """The spread of an ensemble over the levels, by everybody's moves or one actor's.

    Attributes
    ----------
    who : str
        Short name of the actor, or All.
    below : float array, shape (n_levels, n_moments)
        Share of replicates at each level or a lower one; the last row is 1.
    low, high : float arrays, of the same shape
        Its interval, pointwise.
    """

    who: str
    below: np.ndarray
    low: np.ndarray
    high: np.ndarray

    @property
    def share(self) -> np.ndarray:
        """Share of replicates at each level."""
        return np.diff(self.below, axis=0, prepend=0.0)


@dataclass(frozen=True)
class Fans:
    """All that the picture of an ensemble's spread draws.

    Attributes
    ----------
    words : Words
    dates : tuple of datetime
    levels : tuple of Level
        From settled to war.
    fans : tuple of Fan
        Of anybody's moves first, then each actor's.
    replicates : int
    """

    words: Words
    dates: tuple[datetime, ...]
    levels: tuple[Level, ...]
    fans: tuple[Fan, ...]
    replicates: int


def summarise_fans(courses: Courses, window: float = WINDOW) -> Fans:
    """Count, moment by moment, at which level the replicates stand.

    A replicate stands at the highest rung of the last days (`sim.analysis.levels`), and where it
    has ended, at how it ended.  Shares carry Wilson's interval, pointwise.

    Parameters
    ----------
    courses : Courses
    window : float, > 0
        Days that a move is remembered.
    """
    days = moments(courses)
    levels = levels_of(courses.scenario)
    heights = np.array([level.height for level in levels])
    fans = [_fan("All", levels_at(courses, days, window), heights)]
    for actor, short in enumerate(courses.shorts):
        fans.append(_fan(short, levels_at(courses, days, window, actor), heights))
    return Fans(
        _words(courses, fans[0], levels, days, window),
        courses.dates(days),
        levels,
        tuple(fans),
        len(courses),
    )


def _fan(who: str, found: np.ndarray, heights: np.ndarray) -> Fan:
    n = len(found)
    below = np.stack([(found <= height).sum(axis=0) / n for height in heights])
    low, high = wilson_band(below, n)
    return Fan(who, below, low, high)


def _words(
    courses: Courses, fan: Fan, levels: tuple[Level, ...], days: np.ndarray, window: float
) -> Words:
    force = next(k for k, level in enumerate(levels) if level.height >= FORCE)
    # War is an end and no use of force of the last days.
    active = fan.below[-2] - fan.below[force - 1]
    later = days - days[0] >= window
    peak = int(np.argmax(np.where(later, active, -1.0))) if later.any() else len(days) - 1
    settled, war = fan.below[0, -1], 1.0 - fan.below[-2, -1]
    n = len(courses)
    chance, _ = share(float(war), 1.0 - float(fan.high[-2, -1]), 1.0 - float(fan.low[-2, -1]))
    settles, _ = share(float(settled), float(fan.low[0, -1]), float(fan.high[0, -1]))
    fought = f"{100 * active[peak]:.0f}%"
    title = (
        f"By day {days[-1]:g}, {settles} of histories are settled and {chance} at war; the use of "
        f"force peaks at {fought} of them, around {day_of(courses.date(days[peak]))}"
    )
    subtitle = (
        f"Share of histories by the highest move of the last {remembered(window)}: of all actors, "
        "and of each. A history that has ended stays in the band of its end."
    )
    widest = 100 * float(np.max(fan.high - fan.low)) / 2
    caption = captions.source(
        courses.scenario,
        n,
        courses.seed,
        captions.forked(courses.first),
        f"White borders between bands are as wide as their 95% interval (at most ±{widest:.1g} "
        "points, for each moment by itself).",
    )
    return Words(title, subtitle, caption)
