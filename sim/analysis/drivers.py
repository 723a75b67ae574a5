"""What moves an outcome of a study, as rows: the factors that count, each with its measures."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from sim.analysis.captions import Words
from sim.analysis.indices import GIVEN, Index
from sim.analysis.intervals import Estimate
from sim.analysis.multiple import ALPHA
from sim.analysis.sensitivity import Sensitivity
from sim.analysis.spread import part_of_variance
from sim.analysis.studied import Factor, Measure, Studied, capital

__all__ = ["Column", "Drivers", "Mark", "summarise_drivers"]

#: Factors that are drawn: of those told from none at most so many, of all at least so many.
MOST, LEAST = 10, 8


@dataclass(frozen=True, slots=True)
class Mark:
    """One measure of one factor.

    Attributes
    ----------
    estimate : Estimate
    dummy : float
        What its own test asks it to exceed; nan where nothing.
    told : bool
        Whether that test tells it from a factor without effect; of a measure that is no test,
        whether any other of the factor does.
    """

    estimate: Estimate
    dummy: float
    told: bool


@dataclass(frozen=True, slots=True)
class Column:
    """A column of marks.

    Attributes
    ----------
    heading, says : str
        What the measure is called, and what it tells.
    measures : tuple of str
        One, or a part and the whole that holds it.
    percent : bool
        Whether it is a share of the variance.
    signed : bool
        Whether it says which way the factor moves the outcome.
    marks : tuple of tuple of Mark or None
        A tuple a row, a mark a measure; None where a factor has none.
    """

    heading: str
    says: str
    measures: tuple[str, ...]
    percent: bool
    signed: bool
    marks: tuple[tuple[Mark | None, ...], ...]


@dataclass(frozen=True)
class Drivers:
    """All that the picture of what moves an outcome draws.

    Attributes
    ----------
    words : Words
    factors : tuple of Factor
        A row each, the largest first.
    told : tuple of bool
        Which of them can be told from a factor without effect.
    columns : tuple of Column
    """

    words: Words
    factors: tuple[Factor, ...]
    told: tuple[bool, ...]
    columns: tuple[Column, ...]


def summarise_drivers(found: Sensitivity, measure: Measure, of: Studied) -> Drivers:
    """Choose the factors worth a row, and say in words how many there are besides."""
    standings = found.standings[: max(min(len(found.told), MOST), min(LEAST, len(found.standings)))]
    names = [standing.factor for standing in standings]
    told = tuple(standing.told for standing in standings)
    columns = tuple(_columns(found, names))
    factors = tuple(of.factor(name) for name in names)
    words = _words(found, measure, factors, columns, of)
    return Drivers(words, factors, told, columns)


def _columns(found: Sensitivity, names: list[str]) -> Iterator[Column]:
    if found.method != GIVEN:
        marks = _marks(found, names, ("total", "first_order"))
        says = "faint: that it has a part in (total); full: that it explains alone (first order)"
        yield Column("share of the variance", says, ("total", "first_order"), True, False, marks)
        return
    yield Column("alone", "share of the variance that it explains by itself",
                 ("first_order",), True, False, _marks(found, names, ("first_order",)))  # fmt: skip
    if rank := found.correlation:
        says = ", all others fixed (PRCC)" if rank == "prcc" else " (Spearman’s)"
        yield Column("rank correlation", f"which way it moves the outcome{says}",
                     (rank,), False, True, _marks(found, names, (rank,)))  # fmt: skip
    yield Column("PAWN", "change of the distribution; tick: what idle factors reach",
                 ("pawn",), False, False, _marks(found, names, ("pawn",)))  # fmt: skip


def _marks(
    found: Sensitivity, names: list[str], measures: tuple[str, ...]
) -> tuple[tuple[Mark | None, ...], ...]:
    rows = []
    for name in names:
        row = (found.index(name, measure) for measure in measures)
        any_told = name in found.told
        rows.append(tuple(i if i is None else _mark(i, any_told) for i in row))
    return tuple(rows)


def _mark(index: Index, any_told: bool) -> Mark:
    told = any_told if np.isnan(index.p) else index.p < ALPHA
    return Mark(index.estimate, index.dummy, bool(told))


def _title(found: Sensitivity, measure: Measure, first: Factor) -> str:
    told, every, name = len(found.told), len(found.standings), measure.label
    if every == 1:
        return f"{first.label} {'moves' if told else 'cannot be shown to move'} the {name}"
    if not told:
        return f"None of {every} factors can be shown to move the {name}"
    if told == 1:
        return f"Of {every} factors one can be shown to move the {name}: {first.label}"
    # Which moves it most is known only where no other interval reaches as far.
    most = (
        f", most {first.label}"
        if found.standings[0].last == 1
        else "; which moves it most is not settled"
    )
    return f"{told} of {every} factors move the {name}{most}"


def _words(
    found: Sensitivity,
    measure: Measure,
    factors: tuple[Factor, ...],
    columns: tuple[Column, ...],
    of: Studied,
) -> Words:
    told, every = len(found.told), len(found.standings)
    title = _title(found, measure, factors[0])
    hidden = every - len(factors)
    more = told - sum(factor.name in found.told for factor in factors)
    rest = ""
    if hidden:
        untold = hidden - more
        rest = f"Not drawn: {more} that move it less, " if more else "Not drawn: "
        rest += f"{untold} that cannot be told from none."
    by = "each bar by its own measure, " if found.method == GIVEN else ""
    caption = of.caption(
        "Whiskers: 95% intervals, each by itself. Grey: not told from a factor without effect, "
        f"{by}corrected for all that were tested.",
        _cut(columns),
        rest,
        _noise(found),
        *(f"{capital(caution)}." for caution in found.cautions),
    )
    return Words(title, of.subtitle(found.says[1]), caption)


def _cut(columns: tuple[Column, ...]) -> str:
    """Say that intervals of shares end at none and all, where any would reach beyond."""
    marks = [mark.estimate for c in columns if c.percent for row in c.marks for mark in row if mark]
    if not any(found.low < 0.0 or found.high > 1.0 for found in marks):
        return ""
    return "A whisker without a cap goes on beyond 0 or 100%."


def _noise(found: Sensitivity) -> str:
    if np.isnan(found.noise.mean):
        return ""
    bound = "at most " if found.common else ""
    return (
        f"Monte Carlo noise: {bound}{part_of_variance(found.noise)[0]} of the variance over points."
    )
