"""Finds room for labels in a crowded picture: no two overlap, and the same picture comes twice.

Everything here is in pixels, on boxes (left, bottom, right, top).
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import NamedTuple

import numpy as np
from matplotlib.text import Text

__all__ = ["Box", "Room", "overlapping", "text_box"]

_NEAR = 2.0  # a gap, in units of `Room.pad`
_APART = 4.0  # one between small labels, where there is room for it
_RINGS = 14
_CHOICES = 9  # labels look no further for a place off the lines
_STEP = 2.5
_LINE_COST, _BAR_COST = 20.0, 80.0
_STRANGER = 0.5


class Box(NamedTuple):
    """A rectangle in pixels."""

    left: float
    bottom: float
    right: float
    top: float

    def meets(self, other: Box, gap: float = 0.0) -> bool:
        """Whether two boxes come closer than `gap`."""
        return (
            self.left < other.right + gap
            and other.left < self.right + gap
            and self.bottom < other.top + gap
            and other.bottom < self.top + gap
        )

    def within(self, other: Box) -> bool:
        """Whether the box lies inside another."""
        return (
            self.left >= other.left
            and self.right <= other.right
            and self.bottom >= other.bottom
            and self.top <= other.top
        )

    def nearest(self, x: float, y: float) -> tuple[float, float]:
        """Return the point of the box that is nearest to (x, y)."""
        return min(max(x, self.left), self.right), min(max(y, self.bottom), self.top)


def text_box(text: Text) -> Box:
    """Return the box that a text covers."""
    return Box(*text.get_window_extent().extents)


def overlapping(boxes: Sequence[Box]) -> list[tuple[int, int]]:
    """Return the pairs of boxes that overlap."""
    return [(i, j) for i in range(len(boxes)) for j in range(i) if boxes[i].meets(boxes[j], -0.5)]


class Room:
    """Free space within bounds: what is taken may not be covered; lines are better not.

    Parameters
    ----------
    bounds : Box
    pad : float
        Least gap between things, pixels.
    """

    def __init__(self, bounds: Box, pad: float) -> None:
        self.bounds = bounds
        self.pad = pad
        self.taken: list[Box] = []
        self.lines: list[Box] = []
        self.bars: list[Box] = []
        self.texts: list[Box] = []
        self.leaders: list[tuple[float, float, float, float]] = []
        self.markers: list[tuple[float, float]] = []

    def is_free(self, box: Box) -> bool:
        """Whether a box lies within the bounds and clear of everything taken."""
        return (
            box.within(self.bounds)
            and not any(box.meets(other, self.pad) for other in self.taken)
            and not any(_crosses(line, box) for line in self.leaders)
        )

    def beside(
        self,
        x: float,
        y: float,
        radius: float,
        width: float,
        height: float,
        home: Box,
        rings: int = _RINGS,
    ) -> Box | None:
        """Take a free place within `home` for a small label at a marker, the nearest ones first.

        `rings` says how far from the marker it may stand, a ring half a radius wide.

        Returns
        -------
        Box or None
            None where there is no room.
        """
        every = list(_around(x, y, radius + self.pad, width, height, rings))
        for apart in (_APART * self.pad, 0.0):
            choices = (
                box
                for box in every
                if box.within(home)
                and self.is_free(box)
                and not any(box.meets(text, apart) for text in self.texts)
                and self._is_clear((x, y, *box.nearest(x, y)), radius)
            )
            best = min(islice(choices, _CHOICES), key=self._lines_under, default=None)
            if best is not None:
                self.claim(x, y, best)
                return best
        return None

    def claim(self, x: float, y: float, box: Box) -> None:
        """Take a place for a small label at a marker."""
        self.taken.append(box)
        self.texts.append(box)
        self.leaders.append((x, y, *box.nearest(x, y)))

    def release(self, x: float, y: float, box: Box) -> None:
        """Give a place back that was taken for a small label."""
        self.taken.remove(box)
        self.texts.remove(box)
        self.leaders.remove((x, y, *box.nearest(x, y)))

    def anywhere(
        self,
        x: float,
        y: float,
        radius: float,
        width: float,
        height: float,
        home: Box,
        far: float = math.inf,
    ) -> Box | None:
        """Take the best free place for a note about the marker at (x, y).

        The best is near, off the lines, within `home`, its leader meets nothing and is no longer
        than `far`.

        Returns
        -------
        Box or None
            None where there is no room.
        """
        step = self.pad * _STEP
        lefts = np.arange(home.left, home.right - width + 1e-9, step)
        bottoms = np.arange(home.bottom, home.top - height + 1e-9, step)
        if not len(lefts) or not len(bottoms):
            return None
        left, bottom = (grid.ravel() for grid in np.meshgrid(lefts, bottoms))
        right, top = left + width, bottom + height
        free = np.ones(len(left), dtype=bool)
        for box in self.taken:
            free &= ~(
                (left < box.right + self.pad * _NEAR)
                & (box.left < right + self.pad * _NEAR)
                & (bottom < box.top + self.pad * _NEAR)
                & (box.bottom < top + self.pad * _NEAR)
            )
        cost = np.hypot(x - np.clip(x, left, right), y - np.clip(y, bottom, top))
        free &= cost <= far
        for mx, my in self.markers:
            # A note that stands much nearer to another marker would be read as that one's.
            other = np.hypot(mx - np.clip(mx, left, right), my - np.clip(my, bottom, top))
            free &= other >= _STRANGER * cost
        for line, price in [(line, _LINE_COST) for line in self.lines] + [
            (bar, _BAR_COST) for bar in self.bars
        ]:
            under = (
                (left < line.right)
                & (line.left < right)
                & (bottom < line.top)
                & (line.bottom < top)
            )
            cost += under * price * self.pad
        order = np.lexsort((left, bottom, cost))
        for index in order[free[order]]:
            box = Box(*(float(edge[index]) for edge in (left, bottom, right, top)))
            leader = (x, y, *box.nearest(x, y))
            if self._is_clear(leader, radius) and not any(
                _crosses(line, box) for line in self.leaders
            ):
                self.taken.append(box)
                self.leaders.append(leader)
                return box
        return None

    def _lines_under(self, box: Box) -> int:
        return sum(box.meets(line) for line in self.lines + self.bars)

    def _is_clear(self, leader: tuple[float, float, float, float], radius: float) -> bool:
        """Whether a leader meets nothing taken, but for what it starts in."""
        x, y = leader[:2]
        start = Box(x - radius, y - radius, x + radius, y + radius)
        return not any(
            _crosses(leader, box) for box in self.taken if not box.meets(start)
        ) and not any(_cross(leader, other) for other in self.leaders)


def _around(
    x: float, y: float, gap: float, width: float, height: float, rings: int
) -> Iterator[Box]:
    """Yield boxes about a point: right, left, above and below first, then in wider rings."""
    for ring in range(rings):
        far = gap * (1.0 + 0.5 * ring)
        for dx, dy in ((1, 0), (-1, 0), (0, 1), (0, -1), (1, 1), (1, -1), (-1, 1), (-1, -1)):
            # On a diagonal the corner comes to the circle about the marker.
            away = far / math.sqrt(2.0) if dx and dy else far
            centre_x = x + dx * (away + width / 2.0)
            centre_y = y + dy * (away + height / 2.0)
            yield Box(
                centre_x - width / 2.0,
                centre_y - height / 2.0,
                centre_x + width / 2.0,
                centre_y + height / 2.0,
            )


def _crosses(line: tuple[float, float, float, float], box: Box) -> bool:
    """Whether a segment passes through a box (Liang and Barsky's clipping)."""
    x0, y0, x1, y1 = line
    enter, leave = 0.0, 1.0
    for delta, low, high in (
        (x1 - x0, box.left - x0, box.right - x0),
        (y1 - y0, box.bottom - y0, box.top - y0),
    ):
        if delta == 0.0:
            if low >= 0.0 or high <= 0.0:
                return False
            continue
        first, second = sorted((low / delta, high / delta))
        enter, leave = max(enter, first), min(leave, second)
    return enter < leave


def _cross(a: tuple[float, float, float, float], b: tuple[float, float, float, float]) -> bool:
    """Whether two segments cross."""

    def side(line: tuple[float, float, float, float], x: float, y: float) -> float:
        x0, y0, x1, y1 = line
        return (x1 - x0) * (y - y0) - (y1 - y0) * (x - x0)

    return (
        side(a, b[0], b[1]) * side(a, b[2], b[3]) < 0.0
        and side(b, a[0], a[1]) * side(b, a[2], a[3]) < 0.0
    )
