"""An outcome over two factors, and which neighbours on the grid can be told apart."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
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

__all__ = ["Surface", "between", "ordered", "summarise_surface", "varied"]


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
    n : int array, shape (y levels, x levels)
        Histories that each rests on.
    beside : bool array, shape (y levels, x levels - 1)
        Whether a cell and the one to its right have estimates that cannot be told apart.
    above : bool array, shape (y levels - 1, x levels)
        Whether a cell and the one at the next level of y have estimates that cannot.
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
    n: np.ndarray
    beside: np.ndarray
    above: np.ndarray

    @property
    def told(self) -> bool:
        """Whether any two neighbours can be told apart."""
        there = np.isfinite(self.estimate)
        beside, above = there[:, 1:] & there[:, :-1], there[1:] & there[:-1]
        return bool(np.any(beside & ~self.beside) or np.any(above & ~self.above))


def varied(table: pd.DataFrame, of: Studied) -> list[str]:
    """List the factors that have two levels or more, in the order of the design."""
    return [name for name in of.targets if table[name].nunique() > 1]


def ordered(column: pd.Series[Any]) -> tuple[Any, ...]:
    """Return the levels of a factor: numbers rising, texts as the design has them."""
    levels = column.drop_duplicates().tolist()
    return tuple(sorted(levels) if are_numbers(levels) else levels)


def between(low: str, high: str) -> str:
    """Write from where to where estimates go, once where both are written alike."""
    return low if low == high else f"{low} to {high}"


def summarise_surface(
    table: pd.DataFrame,
    measure: Measure,
    of: Studied,
    compare: Callable[[int, int], Difference] | None = None,
) -> Surface:
    """Lay a grid of two factors out as a map.

    Neighbours are told apart where the p-value of their difference, adjusted over all pairs of
    neighbours that have estimates by Holm's method [@holm1979], lies below 5 %.

    Parameters
    ----------
    table : DataFrame
        A column a factor, and estimate, low, high and n; a row a design point, all combinations.
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
    there = np.isfinite(table["estimate"].to_numpy(np.float64))
    both = there[a] & there[b]
    alike = np.zeros(len(a), np.bool_)
    alike[both] = holm(_chances(table, a[both], b[both], compare)) >= ALPHA
    cut = shape[0] * (shape[1] - 1)
    names = ("estimate", "low", "high")
    estimate, low, high = (table[name].to_numpy(np.float64)[places] for name in names)
    grids = estimate, low, high, table["n"].to_numpy()[places]
    beside, above = alike[:cut].reshape(shape[0], -1), alike[cut:].reshape(-1, shape[1])
    drawn = Surface(Words("", "", ""), measure, x, y, x_levels, y_levels, *grids, beside, above)
    return replace(drawn, words=_words(drawn, alike[both], of))


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


def _words(drawn: Surface, alike: np.ndarray, of: Studied) -> Words:
    measure, x, y, estimate = drawn.measure, drawn.x, drawn.y, drawn.estimate
    there = np.isfinite(estimate)
    found = "never comes" if of.held is None else "not yet known"
    if there.any():
        ends = []
        for k in (int(np.nanargmin(estimate)), int(np.nanargmax(estimate))):
            grids = (estimate, drawn.low, drawn.high, drawn.n)
            ends.append(measure.written(*(float(grid.ravel()[k]) for grid in grids))[0])
        found = between(*ends)
    title = f"{capital(measure.label)}: {found} over {x.label} and {y.label}"
    pairs = f"of {len(alike)} pairs of neighbours, all tested together at 95%"
    dots = ""
    if len(alike) and drawn.told:
        dots = f"A dot between two cells: they cannot be told apart ({int(alike.sum())} {pairs})."
    elif len(alike):
        title += "; no neighbouring cells can be told apart"
        dots = f"None {pairs}, can be told apart."
    grey = "it never comes" if of.held is None else "not yet known"
    few = there & ~np.isfinite(drawn.low)
    uneven = [one.label for one, at in ((x, drawn.x_levels), (y, drawn.y_levels)) if _uneven(at)]
    caption = of.caption(
        dots,
        "Contours run along borders of cells, dashed where the two cannot be told apart."
        if there.any()
        else "",
        f"n: histories, too few for one ({int(few.sum())} cells)." if few.any() else "",
        f"Grey: {grey}." if not there.all() else "",
        f"Cells are alike in size, the steps of {' and '.join(uneven)} are not." if uneven else "",
        "Framed: as coded." if x.coded in drawn.x_levels and y.coded in drawn.y_levels else "",
    )
    return Words(title, of.subtitle(" ".join(filter(None, (of.asks, of.sets(x, y))))), caption)


def _uneven(levels: tuple[Any, ...]) -> bool:
    """Tell whether numbers lie at distances that differ."""
    if not are_numbers(levels) or len(levels) < 3:
        return False
    steps = np.diff(np.array(levels, np.float64))
    return bool(np.ptp(steps) > 1e-6 * steps.max())
