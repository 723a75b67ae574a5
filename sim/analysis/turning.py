"""Which moves of a history tell most about its course."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sim.analysis.path_summary import FORCE, Point

#: More reasons than a picture holds, for those that find no room in it.
MOST_NOTES = 7
MOST_IN_A_LANE = 2
HOLD_RUNG = 1


def _climbs(points: Sequence[Point]) -> list[int]:
    """Return how many rungs each move lies above its actor's last, hold before the first."""
    last: dict[int, int] = {}
    climbs = []
    for point in points:
        climbs.append(point.rung - last.get(point.lane, HOLD_RUNG))
        last[point.lane] = point.rung
    return climbs


def _turns(points: Sequence[Point], simulated: Sequence[int], peak: int) -> list[int]:
    """Find the first sign of peace after the peak by whoever went highest."""
    highest: dict[int, int] = {}
    for point in points:
        highest[point.lane] = max(point.rung, highest.get(point.lane, HOLD_RUNG))
    signs = [
        index
        for index in simulated
        if index > peak and points[index].rung == 0 and points[index].target is not None
    ]
    return sorted(signs, key=lambda index: (-highest[points[index].lane], index))[:1]


def telling_moves(points: Sequence[Point], explained: Collection[int]) -> list[int]:
    """Order the moves that can be explained by how much they tell, the most telling first.

    The highest; the first use of force by each other actor; where somebody who had gone high turns
    to another with a sign of peace; then the largest changes of rung. The first few of the order
    are spread over the lanes.

    Parameters
    ----------
    points : sequence of Point
        In order of time.
    explained : collection of int
        Indices of the moves that a rule spoke for.

    Returns
    -------
    list of int
        Indices into `points`.
    """
    simulated = sorted(explained)
    if not simulated:
        return []
    climbs = _climbs(points)
    order = [max(simulated, key=lambda index: (points[index].rung, -index))]
    forced = {points[order[0]].lane}
    for index in simulated:
        if points[index].rung >= FORCE and points[index].lane not in forced:
            forced.add(points[index].lane)
            order.append(index)
    order += _turns(points, simulated, order[0])
    order += sorted(simulated, key=lambda index: (-abs(climbs[index]), index))
    told: dict[int, int] = {}
    first: list[int] = []
    rest: list[int] = []
    for index in dict.fromkeys(order):
        lane = points[index].lane
        told[lane] = told.get(lane, 0) + 1
        (first if told[lane] <= MOST_IN_A_LANE else rest).append(index)
    return first + rest
