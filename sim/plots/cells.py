"""The figures in the cells of a map: an estimate over its interval, in letters that fit."""

from __future__ import annotations

from itertools import product
from typing import NamedTuple

import numpy as np

from sim.analysis.surface import Surface
from sim.analysis.written import digits
from sim.plots import style
from sim.plots.page import PRINTED, width_of

__all__ = ["FRAME", "Texts", "framed_cell", "texts_of"]

LINES = 0.36  # inches that two lines of figures take
#: Inches of a cell beside its figures; and of one that is framed, to the frame, of its line too.
CLEAR, FRAME = 0.08, 0.05
#: Points of an estimate and of its interval, the first of these that all cells have room for: the
#: smallest letters can still be read in the README.
SIZES = ((style.TEXT, style.SMALL), (style.SMALL, 8.25))


class Texts(NamedTuple):
    """The figures of the cells, estimate and interval, and how many points they have."""

    says: dict[tuple[int, int], tuple[str, str]]
    sizes: tuple[float, float]


def texts_of(summary: Surface, wide: float, high: float) -> Texts | None:
    """Write the figures of all cells of so many inches; None where they do not fit."""
    if high < LINES:
        return None
    cells = np.argwhere(np.isfinite(summary.estimate)).tolist()
    framed = framed_cell(summary)
    for sizes, joint in product(SIZES, (" to ", "–")):
        says = {(i, j): _figure(summary, i, j, joint) for i, j in cells}
        if all(
            max(width_of(text, size) for text, size in zip(pair, sizes, strict=True))
            <= PRINTED * (wide - CLEAR - (2.0 * FRAME if cell == framed else 0.0))
            for cell, pair in says.items()
        ):
            return Texts(says, sizes)
    return None


def framed_cell(summary: Surface) -> tuple[int, int] | None:
    """Return the row and the column of the cell at which both factors are as coded."""
    if summary.x.coded not in summary.x_levels or summary.y.coded not in summary.y_levels:
        return None
    return summary.y_levels.index(summary.y.coded), summary.x_levels.index(summary.x.coded)


def _figure(summary: Surface, i: int, j: int, joint: str) -> tuple[str, str]:
    """Write an estimate, and its interval; of too few histories, how many they are."""
    share = summary.measure.kind == "share"
    found = (float(grid[i, j]) for grid in (summary.estimate, summary.low, summary.high))
    mean, low, high = ((100.0 if share else 1.0) * value for value in found)
    if np.isnan(low):
        return f"{mean:.3g}", f"n={summary.n[i, j]:,}"
    if share and (low == 0.0 or high == 100.0):
        value, interval = summary.measure.written(mean / 100.0, low / 100.0, high / 100.0)
        return value, interval.removesuffix("%").replace(" to ", joint)
    places = digits((high - low) / 2.0, mean)
    sign = "%" if share else ""
    return f"{mean:.{places}f}{sign}", f"{low:.{places}f}{joint}{high:.{places}f}"
