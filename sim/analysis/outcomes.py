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

import re
from dataclasses import dataclass

import numpy as np

from sim.analysis import intervals
from sim.analysis.intervals import Difference, Estimate
from sim.engines.ensemble import Outcomes
from sim.errors import InputError, nearest_name
from sim.kernel import layout as at

ENDS = {"open_war": at.WAR, "settlement": at.SETTLEMENT, "horizon": at.HORIZON}
MEANS = {
    "days": "day",
    "peak_rung": "peak",
    "moves": "moves",
    "force_moves": "force_moves",
    "exchanges": "exchanges",
}
SOON = 7
_WITHIN = re.compile(r"force_(\d{1,4})d")


@dataclass(frozen=True)
class Counted:
    """An ensemble's outcomes with the names of its actors.

    Attributes
    ----------
    outcomes : Outcomes
    actors : tuple of str
    """

    outcomes: Outcomes
    actors: tuple[str, ...]

    def names(self) -> tuple[str, ...]:
        """List the outcomes that a summary reports."""
        per_actor = (f"force_{SOON}d", "force", "first_force", "dead")
        return (
            *ENDS,
            "force",
            "widened",
            *MEANS,
            "dead",
            *(f"{actor}_{what}" for actor in self.actors for what in per_actor),
        )

    def values(self, name: str) -> np.ndarray:
        """Return an outcome replicate by replicate: bool for shares, else float64.

        Raises
        ------
        InputError
            Where there is no such outcome.
        """
        out = self.outcomes
        if name in ENDS:
            return np.asarray(out.end == ENDS[name])
        if name in MEANS:
            return np.asarray(getattr(out, MEANS[name]), np.float64)
        if name == "force":
            return np.asarray(out.force_moves > 0)
        if name == "widened":
            return np.asarray(out.widened)
        if name == "dead":
            return np.asarray(out.dead.sum(axis=1), np.float64)
        for i, actor in enumerate(self.actors):
            if name.startswith(f"{actor}_"):
                found = self._of_actor(i, name.removeprefix(f"{actor}_"))
                if found is not None:
                    return found
        raise InputError(
            f"no such outcome {name!r}",
            key="outcome",
            allowed=", ".join(self.names()),
            nearest=nearest_name(name, self.names()),
        )

    def _of_actor(self, i: int, what: str) -> np.ndarray | None:
        if what == "dead":
            return np.asarray(self.outcomes.dead[:, i], np.float64)
        if what == "first_force":
            return np.asarray(self.outcomes.first_force[:, i])
        if what == "force":
            return np.asarray(np.isfinite(self.outcomes.first_force[:, i]))
        within = _WITHIN.fullmatch(what)
        if within:
            return np.asarray(self.outcomes.first_force[:, i] <= int(within[1]))
        return None

    def estimate(self, name: str, level: float = intervals.LEVEL) -> Estimate:
        """Estimate an outcome with its interval: share, mean, or median of the finite values."""
        values = self.values(name)
        if values.dtype == np.bool_:
            return intervals.share(int(values.sum()), len(values), level)
        if name.endswith("_first_force"):
            return intervals.quantile(values[np.isfinite(values)], 0.5, level)
        return intervals.mean(values, level)

    def difference(
        self, other: Counted, name: str, level: float = intervals.LEVEL
    ) -> Difference | None:
        """Estimate the paired difference ``other - self``; None for medians, which do not pair."""
        if name.endswith("_first_force"):
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
    distance = np.zeros(len(among))
    # Column by column: of a large ensemble there is no room for all of them at once.
    for column in (out.day, out.peak, out.moves, out.force_moves, out.dead.sum(axis=1)):
        values = column[among].astype(np.float64)
        distance += np.abs(values - np.median(values)) / (float(values.std()) or 1.0)
    return int(among[np.argmin(distance)])
