"""An outcome over two factors, and which neighbours on the grid can be told apart."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy import stats

from sim.analysis.captions import Words
from sim.analysis.contrasts import tail
from sim.analysis.intervals import LEVEL, Difference, z_score
from sim.analysis.multiple import ALPHA, holm
from sim.analysis.studied import Factor, Measure, Studied, are_numbers, capital

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Surface", "ordered", "summarise_surface", "varied"]


@dataclass(frozen=True)
class Surface:
    """All that the map of an outcome over two factors draws.

    Attributes
    ----------
    words : Words
    measure : Measure
    x, y : Factor
    x_levels, y_levels : tuple
        Rising where they are numbers.
    estimate, low, high : float array, shape (y levels, x levels)
        With pointwise 95 % intervals; nan where there is none.
    beside : bool array, shape (y levels, x levels - 1)
        Whether a cell can be told from the one to its right.
    above : bool array, shape (y levels - 1, x levels)
        Whether a cell can be told from the one at the next level of y.
    """

    words: Words
    measure: Measure
    x: Factor
    y: Factor
    x_levels: tuple[Any, ...]
    y_levels: tuple[Any, ...]
    estimate: np.ndarray
    low: np.ndarray
    high: np.ndarray
    beside: np.ndarray
    above: np.ndarray


def varied(table: pd.DataFrame, of: Studied) -> list[str]:
    """List the factors that have two levels or more, in the order of the design."""
    return [name for name in of.targets if table[name].nunique() > 1]


def ordered(column: pd.Series[Any]) -> tuple[Any, ...]:
    """Return the levels of a factor: numbers rising, texts as the design has them."""
    levels = column.drop_duplicates().tolist()
    return tuple(sorted(levels) if are_numbers(levels) else levels)


def summarise_surface(
    table: pd.DataFrame,
    measure: Measure,
    of: Studied,
    compare: Callable[[int, int], Difference] | None = None,
) -> Surface:
    """Lay a grid of two factors out as a map.

    Neighbours are told apart where the p-value of their difference, adjusted over all pairs of
    neighbours by Holm's method [@holm1979], lies below 5 %.

    Parameters
    ----------
    table : DataFrame
        A column a factor, and estimate, low, high and se; a row a design point, all combinations.
    measure : Measure
    of : Studied
    compare : callable, optional
        Compares two points history by history.  Without it they count as independent.
    """
    x, y = (of.factor(name) for name in varied(table, of))
    x_levels, y_levels = ordered(table[x.name]), ordered(table[y.name])
    shape = len(y_levels), len(x_levels)
    places = np.empty(shape, np.int64)
    rows = [y_levels.index(value) for value in table[y.name]]
    columns = [x_levels.index(value) for value in table[x.name]]
    places[rows, columns] = np.arange(len(table))
    pairs = [
        *zip(places[:, :-1].ravel().tolist(), places[:, 1:].ravel().tolist(), strict=True),
        *zip(places[:-1].ravel().tolist(), places[1:].ravel().tolist(), strict=True),
    ]
    a, b = (np.array(side, np.int64) for side in zip(*pairs, strict=True))
    told = holm(_chances(table, a, b, compare)) < ALPHA
    cut = shape[0] * (shape[1] - 1)
    grids = (table[name].to_numpy(np.float64)[places] for name in ("estimate", "low", "high"))
    estimate, low, high = grids
    beside, above = told[:cut].reshape(shape[0], -1), told[cut:].reshape(-1, shape[1])
    words = _words(measure, x, y, estimate, low, high, told, of)
    return Surface(words, measure, x, y, x_levels, y_levels, estimate, low, high, beside, above)


def _chances(
    table: pd.DataFrame,
    a: np.ndarray,
    b: np.ndarray,
    compare: Callable[[int, int], Difference] | None,
) -> np.ndarray:
    """Return how often chance alone sets the two points of each pair as far apart."""
    if compare is not None:
        points = table.index.to_numpy()
        pairs = zip(points[a].tolist(), points[b].tolist(), strict=True)
        return np.array([tail(compare(*pair).estimate) for pair in pairs])
    middle, low, high = (table[name].to_numpy(np.float64) for name in ("estimate", "low", "high"))
    # From the interval, since a share of 0 has an error as well.
    error = (high - low) / (2 * z_score(LEVEL))
    gap, whole = np.abs(middle[b] - middle[a]), np.hypot(error[a], error[b])
    with np.errstate(invalid="ignore", divide="ignore"):
        p = np.where(whole > 0, 2 * stats.norm.sf(gap / whole), gap == 0)
    return np.where(np.isfinite(gap) & np.isfinite(whole), p, 1.0)


def _words(
    measure: Measure,
    x: Factor,
    y: Factor,
    estimate: np.ndarray,
    low: np.ndarray,
    high: np.ndarray,
    told: np.ndarray,
    of: Studied,
) -> Words:
    ends = []
    for k in (int(np.nanargmin(estimate)), int(np.nanargmax(estimate))):
        found = (float(grid.ravel()[k]) for grid in (estimate, low, high))
        ends.append(measure.written(*found)[0])
    title = f"{capital(measure.label)}: from {ends[0]} to {ends[1]} over {x.label} and {y.label}"
    caption = of.caption(
        f"A dot between two cells: they cannot be told apart ({int(np.sum(~told))} of {len(told)} "
        "pairs of neighbours, all tested together at 95%).",
        "Small figures, or bars: half of each cell’s own 95% interval. Contours follow borders of "
        "cells. Dashed: as coded.",
    )
    return Words(title, of.asks, caption)
