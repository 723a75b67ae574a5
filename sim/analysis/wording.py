"""Says in words what the path of a history shows."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sim.analysis.path_summary import FORCE, Inject, Lane, Point

WAR_RUNG = 10

# Spelt out here, since strftime's follow the reader's locale.
MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


def day_of(date: datetime, *, short: bool = True) -> str:
    """Return a date as 8 Jan, or 8 January in full."""
    month = MONTHS[date.month - 1]
    return f"{date.day} {month[:3] if short else month}"


def _dead_of(points: Sequence[Point], injects: Sequence[Inject]) -> str:
    """Count the dead from the start on; "more" where the opening has some."""
    events: list[Point | Inject] = [*(point for point in points if not point.opening), *injects]
    dead = sum(count for event in events for _, count in event.dead)
    before = any(point.dead for point in points if point.opening)
    return f", {dead:,} {'more ' if before else ''}dead" if dead else ""


def _height(points: Sequence[Point], lanes: Sequence[Lane], before: bool) -> str:
    """Say how high the moves went, and who went there if it was force.

    `before` says whether the opening had force, which is drawn and is not counted.
    """
    if not points:
        return "Nobody moves"
    top = max(points, key=lambda point: point.rung)
    labels = dict.fromkeys(point.label for point in points if point.rung == top.rung)
    rung = f"rung {top.rung} ({' or '.join(labels)})"
    if top.rung < FORCE:
        return f"{'No further force' if before else 'No force used'}, nobody above {rung}"
    level = [lane.short for n, lane in enumerate(lanes) if _peak(points, n) == top.rung]
    if len(level) == 1:
        return f"{level[0]} climbs to {rung}"
    return f"{', '.join(level[:-1])} and {level[-1]} climb to {rung}"


def _peak(points: Sequence[Point], lane: int) -> int:
    return max((point.rung for point in points if point.lane == lane), default=-1)


def title_of(
    points: Sequence[Point],
    injects: Sequence[Inject],
    lanes: Sequence[Lane],
    kind: str,
    end: datetime,
    days: float,
) -> str:
    """Say how high the simulated moves went, how many died, and how it ended.

    Parameters
    ----------
    points : sequence of Point
        Of opening moves it only counts whether there was force among them.
    injects : sequence of Inject
    lanes : sequence of Lane
    kind : str
        open_war, settlement, horizon or running.
    end : datetime
    days : float
        Horizon, days.
    """
    moves = [point for point in points if not point.opening]
    date = day_of(end, short=False)
    dead = _dead_of(points, injects)
    last = moves[-1] if moves else None
    if kind == "open_war" and last is not None and last.rung == WAR_RUNG:
        return f"{lanes[last.lane].short} goes to {last.label} on {date}{dead}"
    ends = {
        "open_war": f"open war on {date}",
        "settlement": f"settled on {date}",
        "horizon": f"unsettled after {days:g} days",
        "running": f"still open on {date}",
    }
    before = any(point.opening and point.rung >= FORCE for point in points)
    return f"{_height(moves, lanes, before)}{dead}; {ends[kind]}"
