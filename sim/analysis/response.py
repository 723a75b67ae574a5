"""How an outcome answers to one factor, or to one at each level of another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.analysis.captions import Words
from sim.analysis.studied import Factor, Measure, Studied, are_numbers, capital, level
from sim.analysis.surface import between, ordered, varied

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["MOST_LINES", "Line", "Response", "summarise_response"]

MOST_LINES = 5
#: Lines that a title names.
NAMED = 3


@dataclass(frozen=True)
class Line:
    """Estimates along the levels of a factor, with pointwise 95 % intervals; nan where none is.

    Attributes
    ----------
    label : str
        The other factor's level; empty where there is none.
    estimate, low, high : float array, shape (levels,)
    n : int array, shape (levels,)
        Histories that each rests on.
    """

    label: str
    estimate: np.ndarray
    low: np.ndarray
    high: np.ndarray
    n: np.ndarray

    @property
    def known(self) -> list[int]:
        """The levels that have an estimate."""
        return [int(k) for k in np.flatnonzero(np.isfinite(self.estimate))]

    @property
    def unsure(self) -> np.ndarray:
        """Which levels have an estimate but no interval; bool array, shape (levels,)."""
        return np.asarray(np.isfinite(self.estimate) & ~np.isfinite(self.low))

    def at(self, k: int) -> tuple[float, float, float, int]:
        """Return the estimate at a level, its interval and its histories."""
        return float(self.estimate[k]), float(self.low[k]), float(self.high[k]), int(self.n[k])


@dataclass(frozen=True)
class Response:
    """All that the picture of a response draws.

    Attributes
    ----------
    words : Words
    measure : Measure
    factor : Factor
        Along the bottom.
    levels : tuple
        Its levels, rising where they are numbers.
    other : Factor or None
        By whose levels the lines differ.
    lines : tuple of Line
    """

    words: Words
    measure: Measure
    factor: Factor
    levels: tuple[Any, ...]
    other: Factor | None
    lines: tuple[Line, ...]


def summarise_response(table: pd.DataFrame, measure: Measure, of: Studied) -> Response:
    """Lay a grid of one or two factors out as lines.

    Parameters
    ----------
    table : DataFrame
        A column a factor, and estimate, low, high and n; a row a design point, all combinations.
    measure : Measure
    of : Studied
    """
    names = sorted(varied(table, of), key=lambda name: -table[name].nunique())
    factor = of.factor(names[0])
    other = of.factor(names[1]) if len(names) > 1 else None
    levels = ordered(table[factor.name])
    lines = []
    for value in (None,) if other is None else ordered(table[other.name]):
        rows = table if other is None else table[table[other.name] == value]
        own = rows.set_index(factor.name).loc[list(levels)]
        label = "" if other is None else level(value)
        bounds = ("estimate", "low", "high")
        estimate, low, high = (own[name].to_numpy(np.float64) for name in bounds)
        lines.append(Line(label, estimate, low, high, own["n"].to_numpy()))
    named = other is not None and are_numbers(ordered(table[other.name]))
    words = _words(measure, factor, levels, other, lines, named, of)
    return Response(words, measure, factor, levels, other, tuple(lines))


def _words(
    measure: Measure,
    factor: Factor,
    levels: Sequence[Any],
    other: Factor | None,
    lines: Sequence[Line],
    named: bool,
    of: Studied,
) -> Words:
    if other is None:
        title = _moves(measure, factor, levels, lines[0], of)
    else:
        shown = lines if len(lines) <= NAMED else [lines[0], lines[-1]]
        said = f"{other.label} " if named else ""
        told = [f"{_range(measure, line, of)} with {said}{line.label}" for line in shown]
        title = f"{capital(measure.label)}: {'; '.join(told)}"
    dashed = "; dashed upright: as coded" if factor.coded in levels else ""
    few = any(line.unsure.any() for line in lines)
    caption = of.caption(
        f"Bands, or bars: 95% intervals, each for its level alone{dashed}.",
        "Hollow: too few histories for an interval." if few else "",
    )
    return Words(title, of.subtitle(of.asks), caption)


def _range(measure: Measure, line: Line, of: Studied) -> str:
    """Say between which values an outcome stays."""
    if not line.known:
        return "never comes" if of.held is None else "not yet known"
    ends = (int(np.nanargmin(line.estimate)), int(np.nanargmax(line.estimate)))
    return between(*(measure.written(*line.at(k))[0] for k in ends))


def _moves(measure: Measure, factor: Factor, levels: Sequence[Any], line: Line, of: Studied) -> str:
    """Say from what to what it goes along the factor, or that this cannot be told."""
    known = line.known or [0, len(levels) - 1]
    first, last = line.at(known[0]), line.at(known[-1])
    span = f"{level(levels[known[0]])} to {level(levels[known[-1]])}"
    rest = ""
    if len(known) == 1:
        span = level(levels[known[0]])
    if len(line.known) not in (0, len(levels)):
        which = "comes" if of.held is None else "is known"
        rest = f"; it {which} at {len(known)} of {len(levels)} levels"
    if not (first[1] > last[2] or last[1] > first[2]):
        found = _range(measure, line, of)
        return f"{capital(measure.label)}: {found} over {factor.label} {span}{rest}"
    way = "rises" if last[0] > first[0] else "falls"
    ends = [measure.written(*end)[0] for end in (first, last)]
    comma = "," if "," in measure.label else ""
    return (
        f"{capital(measure.label)}{comma} {way} from {ends[0]} to {ends[1]} with {factor.label} "
        f"{span}{rest}"
    )
