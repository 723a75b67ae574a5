"""How an outcome answers to one factor, or to one at each level of another."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.analysis.captions import Words
from sim.analysis.figures import at_most
from sim.analysis.intervals import Difference, Estimate
from sim.analysis.studied import Factor, Measure, Studied, capital, level
from sim.analysis.surface import ordered, varied

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["MOST_LINES", "Line", "Response", "summarise_response"]

MOST_LINES = 5
#: Lines that a title names.
NAMED = 2


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
    texts : bool
        Whether the other factor's levels are texts, which name a line by themselves.
    """

    words: Words
    measure: Measure
    factor: Factor
    levels: tuple[Any, ...]
    other: Factor | None
    lines: tuple[Line, ...]
    texts: bool = False


def summarise_response(
    table: pd.DataFrame,
    measure: Measure,
    of: Studied,
    compare: Callable[[int, int], Difference] | None = None,
) -> Response:
    """Lay a grid of one or two factors out as lines.

    Parameters
    ----------
    table : DataFrame
        A column a factor, and estimate, low, high and n; a row a design point, all combinations.
    measure : Measure
    of : Studied
    compare : callable, optional
        Compares two points history by history, for the change from end to end.  Without it both
        ends are told with their own intervals.
    """
    names = sorted(varied(table, of), key=lambda name: -table[name].nunique())
    factor = of.factor(names[0])
    other = of.factor(names[1]) if len(names) > 1 else None
    levels = ordered(table[factor.name])
    lines, changes = [], []
    others = (None,) if other is None else ordered(table[other.name])
    for value in others:
        rows = table if other is None else table[table[other.name] == value]
        place = {x: point for point, x in zip(rows.index, rows[factor.name], strict=True)}
        points = [int(place[x]) for x in levels]
        bounds = ("estimate", "low", "high")
        estimate, low, high = (rows.loc[points, name].to_numpy(np.float64) for name in bounds)
        label = "" if other is None else level(value)
        lines.append(Line(label, estimate, low, high, rows.loc[points, "n"].to_numpy()))
        changes.append(_change(lines[-1], points, compare))
    texts = all(isinstance(value, str) for value in others)
    drawn = Response(Words("", "", ""), measure, factor, levels, other, tuple(lines), texts)
    return replace(drawn, words=_words(drawn, changes, of))


def _change(
    line: Line, points: list[int], compare: Callable[[int, int], Difference] | None
) -> Estimate | None:
    """Estimate the change from the first level that has an estimate to the last."""
    if compare is None or len(line.known) < 2:
        return None
    return compare(points[line.known[0]], points[line.known[-1]]).estimate


def _words(drawn: Response, changes: list[Estimate | None], of: Studied) -> Words:
    note = ""
    if drawn.other is None:
        title, note = _title(drawn, changes[0], of)
    else:
        title = _titles(drawn, changes, of)
    few = any(line.unsure.any() for line in drawn.lines)
    overlap = "" if drawn.other is None else ", and so may lines whose bands overlap"
    caption = of.caption(
        f"Bands, or bars: 95% intervals{_widest(drawn)}, each for its level alone.",
        f"Since all share their luck, levels whose bands overlap may still be told apart{overlap}."
        if of.common
        else "",
        "Dashed upright: as coded." if drawn.factor.coded in drawn.levels else "",
        "Hollow: too few histories for an interval." if few else "",
    )
    subtitle = " ".join(filter(None, (of.asks, note, of.sets(drawn.factor, drawn.other))))
    return Words(title, of.subtitle(subtitle), caption)


def _widest(drawn: Response) -> str:
    """Say how far intervals reach at most, as a band may be thinner than its line."""
    many, unit = (100.0, " points") if drawn.measure.kind == "share" else (1.0, "")
    sides = [(line.high - line.estimate, line.estimate - line.low) for line in drawn.lines]
    most = many * float(np.nan_to_num(np.array(sides)).max())
    if not most > 0.0:
        return ""
    return f" (at most ±{at_most(most)}{unit})"


def _title(drawn: Response, change: Estimate | None, of: Studied) -> tuple[str, str]:
    """Say from what to what a single line goes, or that this cannot be told, in a note."""
    (line,), measure, levels = drawn.lines, drawn.measure, drawn.levels
    name, known = capital(measure.label), line.known
    absent = "never comes" if of.held is None else "not yet known"
    if not known:
        return f"{name}: {absent} over {drawn.factor.label} {_span(drawn, line)}", ""
    rest = ""
    if len(known) < len(levels):
        comes = "comes" if of.held is None else "is known"
        rest = f"; it {comes} at {len(known)} of {len(levels)} levels"
    where = f"{drawn.factor.label} {_span(drawn, line)}{rest}"
    if len(known) == 1:
        mean, interval = measure.written(*line.at(known[0]))
        return f"{name}: {mean} ({interval}) over {where}", ""
    ends = [line.at(known[k]) for k in (0, -1)]
    told = [measure.written(*end) for end in ends]
    (_, first_low, first_high, _), (_, last_low, last_high, _) = ends
    apart = first_low > last_high or last_low > first_high
    if change is not None:
        apart = not change.low <= 0.0 <= change.high
    if not apart:
        most, least = (int(of_all(line.estimate)) for of_all in (np.nanargmax, np.nanargmin))
        low, high = (measure.written(*line.at(k))[0] for k in (least, most))
        found = f"between {low} (at {level(levels[least])}) and {high} (at {level(levels[most])})"
        if low == high:
            found = low
        note = "No rise or fall is told from one end to the other."
        return f"{name}: {found} over {where}", note
    way = "rises" if ends[1][0] > ends[0][0] else "falls"
    comma = "," if "," in measure.label else ""
    if change is None:
        (first, span), (last, other) = told
        return f"{name}{comma} {way} from {first} ({span}) to {last} ({other}) with {where}", ""
    by, interval = _size(measure, change)
    ends_told = f"from {told[0][0]} to {told[1][0]}"
    return f"{name}{comma} {way} {ends_told}, by {by} ({interval}), with {where}", ""


def _titles(drawn: Response, changes: list[Estimate | None], of: Studied) -> str:
    """Say how the lines change from end to end, of many the first and the last."""
    measure, lines = drawn.measure, drawn.lines
    shown = range(len(lines)) if len(lines) <= NAMED else (0, len(lines) - 1)
    unit = " points" if measure.kind == "share" else ""
    said = "" if drawn.texts or drawn.other is None else f"{drawn.other.label} "
    told = []
    for k in shown:
        change, line = changes[k], lines[k]
        if not line.known:
            found = "never comes" if of.held is None else "not yet known"
        elif change is None:
            ends = [measure.written(*line.at(line.known[end]))[0] for end in (0, -1)]
            found = " to ".join(ends)
        else:
            mean, interval = measure.change(change.mean, change.low, change.high)
            found, unit = f"{mean}{unit} ({interval})", ""
        told.append(f"{found} with {said}{line.label}")
        said = ""
    span = f"{level(drawn.levels[0])} to {level(drawn.levels[-1])}"
    return f"{capital(measure.label)}, over {drawn.factor.label} {span}: {'; '.join(told)}"


def _span(drawn: Response, line: Line) -> str:
    """Write the levels at both ends of those that have an estimate."""
    ends = [drawn.levels[k] for k in (line.known or [0, -1])]
    return " to ".join(level(value) for value in dict.fromkeys([ends[0], ends[-1]]))


def _size(measure: Measure, change: Estimate) -> tuple[str, str]:
    """Write how large a change is that is told from none, whichever its way."""
    sign = 1.0 if change.mean > 0 else -1.0
    low, high = sorted((sign * change.low, sign * change.high))
    mean, interval = measure.change(sign * change.mean, low, high)
    unit = " points" if measure.kind == "share" else ""
    return mean.lstrip("+") + unit, interval.replace("+", "")
