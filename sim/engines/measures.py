"""The measures of a history that an ensemble counts, by name, replicate by replicate."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np

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
FIRST = "_first_force"
_WITHIN = re.compile(r"force_(\d{1,4})d")


@dataclass(frozen=True)
class Measures:
    """The measures of an ensemble's replicates (the names: `sim.analysis.outcomes`).

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

    def column(self, name: str) -> np.ndarray:
        """Return an outcome as it is stored: bool, int32 for what is counted, else float64."""
        values = self.values(name)
        whole = (name in MEANS and name != "days") or name.split("_")[-1] == "dead"
        return values.astype(np.int32) if whole else values

    @classmethod
    def check(cls, name: str, actors: tuple[str, ...]) -> None:
        """Raise InputError where there is no such outcome."""
        cls(Outcomes.empty(0, len(actors), 0), actors).values(name)

    @staticmethod
    def kind(name: str) -> str:
        """Return what summarises an outcome: a share, a mean or a median."""
        if name.endswith(FIRST):
            return "median"
        if name in MEANS or name.split("_")[-1] == "dead":
            return "mean"
        return "share"
