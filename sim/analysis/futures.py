"""What happens from a moment on: the outcomes of a fork's ensemble, counted from the fork.

Besides the outcomes of `sim.analysis.outcomes`, all from the moment on (days from it, force within
days of it, dead after it):

======================  ===========================================================
days_to_settlement      days until the settlement; to the horizon where there is none
                        (a restricted mean, which needs no model of the tail
                        [@royston2013])
adversary_force_7d      share in which the adversary uses force within 7 days
======================  ===========================================================
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from sim.analysis.outcomes import Counted
from sim.engines.ensemble import Outcomes
from sim.engines.measures import SOON
from sim.kernel import layout as at

TO_SETTLEMENT = "days_to_settlement"
ADVERSARY = f"adversary_force_{SOON}d"


@dataclass(frozen=True)
class Futures(Counted):
    """Outcomes counted from a moment on.

    Attributes
    ----------
    left : float
        Days from the moment to the horizon.
    adversary : str
        Whose force `adversary_force_7d` counts; empty where there is none.
    """

    left: float
    adversary: str = ""

    def names(self) -> tuple[str, ...]:
        """List the outcomes that a summary reports."""
        more = (TO_SETTLEMENT, ADVERSARY) if self.adversary else (TO_SETTLEMENT,)
        return (*super().names(), *more)

    def values(self, name: str) -> np.ndarray:
        """Return an outcome replicate by replicate: bool for shares, else float64."""
        if name == TO_SETTLEMENT:
            settled = super().values("settlement")
            return np.where(settled, super().values("days"), self.left)
        if name == ADVERSARY and self.adversary:
            return super().values(f"{self.adversary}_force_{SOON}d")
        return super().values(name)

    def against(self, adversary: str) -> Futures:
        """Count the force of that adversary."""
        return replace(self, adversary=adversary)

    @classmethod
    def of(
        cls,
        outcomes: Outcomes,
        actors: tuple[str, ...],
        origin: np.record,
        horizon: float,
    ) -> Futures:
        """Count what a fork's ensemble found from its origin on.

        Parameters
        ----------
        outcomes : Outcomes
            As the engine counts them: days from the scenario's start, all dead.
        actors : tuple of str
        origin : STATE record
            Where the replicates start.
        horizon : float
            Days from the scenario's start.
        """
        day = float(origin.time[at.NOW])
        since = replace(
            outcomes,
            day=outcomes.day - day,
            first_force=outcomes.first_force - day,
            dead=outcomes.dead - origin.dead[: len(actors)].astype(np.int32),
        )
        return cls(since, actors, horizon - day)
