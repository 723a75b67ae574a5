"""How the replicates of an ensemble are spread over the ladder, moment by moment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import numpy as np

from sim.analysis import captions, intervals, written
from sim.analysis.captions import Words
from sim.analysis.courses import Courses
from sim.analysis.figures import at_most
from sim.analysis.intervals import Estimate, wilson_band
from sim.analysis.levels import WINDOW, Level, levels_at, levels_of, moments, remembered
from sim.analysis.wording import day_of
from sim.kernel import layout as at

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
    ends : tuple of Estimate
        Share of replicates at each level in the end.
    replicates : int
    """

    words: Words
    dates: tuple[datetime, ...]
    levels: tuple[Level, ...]
    fans: tuple[Fan, ...]
    ends: tuple[Estimate, ...]
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
    found = levels_at(courses, days, window)
    ends = tuple(
        intervals.share(int(np.sum(found[:, -1] == height)), len(found)) for height in heights
    )
    fans = [_fan("All", found, heights)]
    for actor, short in enumerate(courses.shorts):
        fans.append(_fan(short, levels_at(courses, days, window, actor), heights))
    return Fans(
        _words(courses, ends, fans, window),
        courses.dates(days),
        levels,
        tuple(fans),
        ends,
        len(courses),
    )


def _fan(who: str, found: np.ndarray, heights: np.ndarray) -> Fan:
    n = len(found)
    below = np.stack([(found <= height).sum(axis=0) / n for height in heights])
    low, high = wilson_band(below, n)
    return Fan(who, below, low, high)


def _words(courses: Courses, ends: tuple[Estimate, ...], fans: list[Fan], window: float) -> Words:
    n, horizon = len(courses), courses.scenario.horizon_days
    settled, war = (written.share(e.mean, e.low, e.high) for e in (ends[0], ends[-1]))
    unseen = intervals.share(0, n)
    title = f"By day {horizon:g}, {settled[0]} of histories are settled and {war[0]} at war"
    subtitle = (
        f"Share of histories by their highest move of the last {remembered(window)}, whoever made "
        "it, and by each actor’s own; what happened before the start does not count. A history "
        "that has ended stays in the band of its end."
    )
    widest = 100 * float(np.max([fan.high - fan.low for fan in fans])) / 2
    caption = captions.source(
        courses.scenario,
        n,
        courses.seed,
        captions.forked(courses.first),
        f"At the end settled {settled[1]}, at war {war[1]}.{_earliest(courses)}",
        "Borders left open are as wide as the 95% interval of the share below them (at most "
        f"±{at_most(widest, 1)} points), for each moment by itself; what is never seen may have "
        f"{written.share(unseen.mean, unseen.low, unseen.high)[0]}.",
    )
    return Words(title, subtitle, caption)


def _earliest(courses: Courses) -> str:
    """Say from when on there are settlements, and what they take."""
    settled = courses.moves.end[courses.end == at.SETTLEMENT]
    if not len(settled):
        return ""
    rule = courses.scenario.crisis.settlement
    first = day_of(courses.date(float(settled.min())))
    return (
        f" None settles before {first}: it takes {rule.quiet_days:g} quiet days, and no grievance "
        f"above {rule.grievance_floor:g}."
    )
