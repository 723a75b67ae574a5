"""Where things stand in the picture of a path: lanes above one another, a rung the unit of all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from matplotlib.dates import date2num

from sim.analysis.path_summary import FORCE, PathSummary
from sim.analysis.wording import MONTHS

__all__ = ["BELOW", "Lanes", "lay_lanes", "number_of", "ticks_between"]

#: Rungs' worth of room below rung 0 and above the highest of a lane.
BELOW = 1.0
ABOVE = 1.1
#: Every lane goes up to where force begins, so that all show whether it was used.
LEAST_TOP = FORCE + 0.4
#: Rungs' worth of room on top of a lane for notes, where they do not fit otherwise: some, or more.
HEADROOM = (3.0, 4.5, 6.0)

_STEPS_DAYS = (1, 2, 3, 5, 7, 10, 14, 28, 56, 91, 182, 365)
_STEPS_HOURS = (1, 2, 3, 6, 12)


@dataclass(frozen=True)
class Lanes:
    """Geometry of the lanes in data units.

    Attributes
    ----------
    base : tuple of float
        y of rung 0 of each lane; the first lane is on top.
    top : tuple of float
        Upper edge of each lane.
    peak : tuple of float
        y up to which each lane has moves; room for notes may lie between it and the edge.
    height : float
        Upper edge of the first lane; the lower edge of the last is 0.
    left, right : float
        Limits of time, as matplotlib's dates.
    roomy : tuple of int
        Lanes with room for notes on top.
    headroom : float
        How much, in rungs.
    """

    base: tuple[float, ...]
    top: tuple[float, ...]
    peak: tuple[float, ...]
    height: float
    left: float
    right: float
    roomy: tuple[int, ...] = ()
    headroom: float = 0.0

    def y(self, lane: int, rung: float) -> float:
        """Return the height of a rung in a lane."""
        return self.base[lane] + rung

    def bottom(self, lane: int) -> float:
        """Return the lower edge of a lane."""
        return self.base[lane] - BELOW


def number_of(date: datetime) -> float:
    """Return a date as matplotlib counts it, in days."""
    return float(date2num(date))  # type: ignore[no-untyped-call]


def lay_lanes(summary: PathSummary, roomy: Sequence[int] = (), headroom: float = 0.0) -> Lanes:
    """Stack the lanes, each as tall as its highest rung needs.

    Parameters
    ----------
    summary : PathSummary
    roomy : sequence of int
        Lanes that get room for notes on top.
    headroom : float
        How much, in rungs.
    """
    base, top, peak = [], [], []
    edge = 0.0
    for number in reversed(range(len(summary.lanes))):
        base.append(edge + BELOW)
        edge += BELOW + max(summary.lanes[number].peak, LEAST_TOP) + ABOVE
        peak.append(edge)
        edge += headroom if number in roomy else 0.0
        top.append(edge)
    left, right = number_of(summary.opened), number_of(summary.end)
    # A history that ends at once still needs a width.
    right = max(right, number_of(summary.start) + 0.25)
    margin = 0.022 * (right - left)
    edges = tuple(base[::-1]), tuple(top[::-1]), tuple(peak[::-1])
    return Lanes(*edges, edge, left - margin, right + margin, tuple(roomy), headroom)


def ticks_between(first: datetime, last: datetime, most: int = 11) -> list[tuple[datetime, str]]:
    """Return dates for the axis, at most `most`, each with its label.

    Counted from the last midnight before `first`; the locale plays no part.
    """
    midnight = first.replace(hour=0, minute=0, second=0, microsecond=0)
    span = last - first
    steps = [timedelta(hours=hours) for hours in _STEPS_HOURS]
    steps += [timedelta(days=days) for days in _STEPS_DAYS]
    step = next((step for step in steps if span / step <= most - 1), steps[-1])
    ticks: list[tuple[datetime, str]] = []
    date = midnight
    while date <= last:
        if date >= first:
            ticks.append((date, _label(date, ticks)))
        date += step
    return ticks


def _label(date: datetime, before: list[tuple[datetime, str]]) -> str:
    """Name the day once, the month and the year where they are new."""
    old = before[-1][0] if before else None
    hour = f"{date:%H:%M}"
    day = f"{date.day} {MONTHS[date.month - 1][:3]}"
    if old is not None and old.date() == date.date():
        return hour
    year = f"{date.year}" if old is None or old.year != date.year else ""
    if date.hour:
        return f"{hour}\n{day} {year}".rstrip()
    return f"{day}\n{year}".rstrip()
