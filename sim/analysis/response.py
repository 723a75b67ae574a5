"""How an outcome answers to one factor, or to one at each level of another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.analysis.captions import Words
from sim.analysis.studied import Factor, Measure, Studied, are_numbers, capital, level
from sim.analysis.surface import ordered, varied

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
    """

    label: str
    estimate: np.ndarray
    low: np.ndarray
    high: np.ndarray


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
        A column a factor, and estimate, low and high; a row a design point, all combinations.
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
        columns = (own[name].to_numpy(np.float64) for name in ("estimate", "low", "high"))
        lines.append(Line("" if other is None else level(value), *columns))
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
        title = _moves(measure, factor, levels, lines[0])
    else:
        shown = lines if len(lines) <= NAMED else [lines[0], lines[-1]]
        said = f"{other.label} " if named else ""
        told = [f"{_range(measure, line)} with {said}{line.label}" for line in shown]
        title = f"{capital(measure.label)}: {'; '.join(told)}"
    dashed = "; dashed upright: as coded" if factor.coded in levels else ""
    caption = of.caption(f"Bands: 95% intervals, each for its level alone{dashed}.")
    return Words(title, of.asks, caption)


def _range(measure: Measure, line: Line) -> str:
    """Say between which values an outcome stays."""
    if not np.isfinite(line.estimate).any():
        return "never comes"
    ends = [_at(line, int(pick(line.estimate))) for pick in (np.nanargmin, np.nanargmax)]
    low, high = (measure.written(*end)[0] for end in ends)
    return low if low == high else f"{low} to {high}"


def _at(line: Line, k: int) -> tuple[float, float, float]:
    return float(line.estimate[k]), float(line.low[k]), float(line.high[k])


def _moves(measure: Measure, factor: Factor, levels: Sequence[Any], line: Line) -> str:
    """Say from what to what it goes along the factor, or that this cannot be told."""
    first, last = _at(line, 0), _at(line, -1)
    span = f"{level(levels[0])} to {level(levels[-1])}"
    if not (first[1] > last[2] or last[1] > first[2]):
        return f"{capital(measure.label)}: {_range(measure, line)} over {factor.label} {span}"
    way = "rises" if last[0] > first[0] else "falls"
    ends = [measure.written(*end)[0] for end in (first, last)]
    return f"{capital(measure.label)} {way} from {ends[0]} to {ends[1]} with {factor.label} {span}"
