"""Which of many statements carries most, and which others may carry as much."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from sim.analysis.indices import size_of

if TYPE_CHECKING:
    from sim.analysis.influence import Effect
    from sim.analysis.intervals import Difference

__all__ = ["deviations", "largest", "rivals"]


def largest(effects: Sequence[Effect]) -> str:
    """Name the largest estimate told from none, and how many may be as large; empty without one.

    Parameters
    ----------
    effects : sequence of Effect
        The largest first.
    """
    first = next((effect for effect in effects if any(effect.distinct)), None)
    if first is None:
        return ""
    told = f"The largest estimate is that of {first.statement.id}"
    many = len(rivals(effects, first))
    return f"{told}; {many} more may be as large." if many else f"{told}, told from all others."


def rivals(effects: Sequence[Effect], first: Effect) -> tuple[Effect, ...]:
    """Return the effects that may be as large as one: their simultaneous intervals reach its own.

    Compared in the outcome whose change is told from none most clearly, without its sign.
    """
    found = [pair.estimate for pair in first.differences]
    k = max(range(len(found)), key=lambda n: abs(found[n].mean) / (found[n].half_width or 1.0))
    least = size_of(found[k])[1]
    return tuple(
        other
        for other in effects
        if other is not first
        and not other.identical
        and size_of(other.differences[k].estimate)[2] >= least
    )


def deviations(difference: Difference, values: tuple[np.ndarray, np.ndarray]) -> float:
    """Give a difference in standard deviations of its outcome as it is with all statements.

    By the same measure for all statements: their order in an outcome is that of the differences.
    A share has a history more on either side: what was never seen has a deviation too.  What is one
    number with all statements has that of all values together.

    Parameters
    ----------
    difference : Difference
    values : pair of bool or float arrays, shape (n,)
        With all statements and without one, of the same histories.
    """
    base, other = values
    spread = float(np.var(base, dtype=np.float64)) or float(np.var([base, other]))
    if base.dtype == np.bool_:
        share = (np.count_nonzero(base) + 1.0) / (len(base) + 2.0)
        spread = share * (1.0 - share)
    return abs(difference.estimate.mean) / math.sqrt(spread) if spread > 0.0 else 0.0
