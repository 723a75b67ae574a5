"""The outcomes that an ensemble can be asked for, by name.

=====================  ============================================================
open_war, settlement,  share of histories that end so
horizon
force, widened         share with any kinetic move; with force against a host
ACTOR_force            share in which the actor makes a kinetic move
ACTOR_force_7d         the same within 7 days (any whole number of days)
days, peak_rung        day of the end; highest rung of any move (means)
moves, force_moves,    visible moves; kinetic ones; kinetic ones that answer a blow
exchanges              (means)
ACTOR_dead, dead       true dead, the opening's included (means)
ACTOR_first_force      median day of the actor's first kinetic move, where it makes one
=====================  ============================================================
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from sim.analysis import intervals
from sim.analysis.intervals import Difference, Estimate
from sim.engines.measures import ENDS, FIRST, Measures
from sim.errors import InputError, nearest_name
from sim.kernel import layout as at

__all__ = ["Counted", "middle", "typical", "worst"]


@dataclass(frozen=True)
class Counted(Measures):
    """An ensemble's outcomes with the names of its actors, to be estimated and compared."""

    def estimate(self, name: str, level: float = intervals.LEVEL) -> Estimate:
        """Estimate an outcome with its interval: share, mean, or median of the finite values."""
        values = self.values(name)
        if values.dtype == np.bool_:
            return intervals.share(int(values.sum()), len(values), level)
        if name.endswith(FIRST):
            return intervals.quantile(values[np.isfinite(values)], 0.5, level)
        return intervals.mean(values, level)

    def difference(
        self, other: Counted, name: str, level: float = intervals.LEVEL
    ) -> Difference | None:
        """Estimate the paired difference ``other - self``; None for medians, which do not pair."""
        if name.endswith(FIRST):
            return None
        return intervals.difference(self.values(name), other.values(name), level)


def worst(counted: Counted) -> int:
    """Return the replicate that went worst: by end, then peak rung, then dead, then the first."""
    out = counted.outcomes
    order = np.lexsort((-out.dead.sum(axis=1), -out.peak, out.end != at.WAR))
    return int(order[0])


def typical(counted: Counted, end: str | None = None) -> int:
    """Return the replicate nearest to the middle of those that end so (of all if not given).

    Nearest in day of the end, peak rung, moves, kinetic moves and dead, each in units of its own
    spread.

    Raises
    ------
    InputError
        Where no replicate ends so.
    """
    out = counted.outcomes
    if end is not None and end not in ENDS:
        raise InputError(
            f"no such end {end!r}",
            key="end",
            allowed=", ".join(ENDS),
            nearest=nearest_name(end, ENDS),
        )
    among = np.arange(len(out)) if end is None else np.flatnonzero(counted.values(end))
    if len(among) == 0:
        raise InputError(f"none of {len(out)} replicates ended in {end}", key="end")
    columns = (out.day, out.peak, out.moves, out.force_moves, out.dead.sum(axis=1))
    return int(among[middle(column[among] for column in columns)])


def middle(columns: Iterable[np.ndarray]) -> int:
    """Return the row nearest to the medians of all columns, each in units of its own spread.

    Columns are looked at one by one: of many rows there may be no room for all of them at once.
    """
    distance: np.ndarray | float = 0.0
    for column in columns:
        values = column.astype(np.float64)
        distance = distance + np.abs(values - np.median(values)) / (float(values.std()) or 1.0)
    return int(np.argmin(distance))
