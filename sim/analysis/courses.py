"""An ensemble's histories as pictures look at them: every move of each, and how it ended."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np

from sim.analysis.outcomes import Counted
from sim.crisis import Scenario
from sim.engines.assembly import Assembly
from sim.engines.moves import Moves

__all__ = ["Courses"]


@dataclass(frozen=True)
class Courses:
    """The moves of many replicates and their ends.

    Attributes
    ----------
    assembly : Assembly
    moves : Moves
    counted : Counted
        The outcomes of the same replicates.
    seed : int
    first : float
        Day from which the replicates go their own ways: 0, or that of a fork.
    """

    assembly: Assembly
    moves: Moves
    counted: Counted
    seed: int
    first: float = 0.0

    def __len__(self) -> int:
        return len(self.counted.outcomes)

    @property
    def end(self) -> np.ndarray:
        """How each ended: WAR, SETTLEMENT or HORIZON of `sim.kernel.layout`."""
        return self.counted.outcomes.end

    @property
    def scenario(self) -> Scenario:
        """What they are replicates of."""
        return self.assembly.scenario

    @property
    def shorts(self) -> tuple[str, ...]:
        """Short names of the actors, in the order of the assembly."""
        return tuple(actor.short for actor in self.scenario.crisis.actors)

    @property
    def labels(self) -> tuple[str, ...]:
        """Labels of the moves, in the order of the ladder."""
        return tuple(move.label for move in self.scenario.crisis.moves)

    def date(self, day: float) -> datetime:
        """Return the date of a day."""
        return self.scenario.start + timedelta(days=float(day))

    def dates(self, days: np.ndarray) -> tuple[datetime, ...]:
        """Return the dates of days."""
        return tuple(self.date(day) for day in days)
