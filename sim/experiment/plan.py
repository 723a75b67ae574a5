"""A study laid out: its design points, and the parts in which it is played and stored.

A part holds a block of replicates of a group of design points.  Parts are in rounds: the first
round plays the first block at every point, and so on.  Groups mix the points, so that wherever a
sweep is interrupted, what is there is an even sample over the design and never its first corner.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from sim.crisis.experiment_reading import Experiment
from sim.crisis.scenario import Scenario
from sim.engines.measures import Measures
from sim.errors import InputError
from sim.experiment.design import Design, design_points

__all__ = ["Layout", "Plan", "plan"]

MOST_ROWS = 131_072  # of a part: some seconds of one processor, some megabytes
FEWEST_ROWS = 5_000
PARTS = 32  # of a sweep whose parts may be that small
HORIZON = "horizon_days"
LEAST_BLOCK = 250  # replicates for which laying out a design point pays


@dataclass(frozen=True)
class Layout:
    """Which design points and replicates each part holds.

    Attributes
    ----------
    points, replicates : int
        Design points, and replicates of each.
    """

    points: int
    replicates: int

    @cached_property
    def block(self) -> int:
        """Replicates of a design point in a part; fewer in the last round."""
        rows = self._rows
        most = max(LEAST_BLOCK, rows // self.points)
        return math.ceil(self.replicates / math.ceil(self.replicates / most))

    @cached_property
    def groups(self) -> int:
        """Groups of design points."""
        return math.ceil(self.points / max(1, self._rows // self.block))

    @property
    def rounds(self) -> int:
        """Blocks of replicates."""
        return math.ceil(self.replicates / self.block)

    @property
    def parts(self) -> int:
        """How many there are."""
        return self.rounds * self.groups

    @property
    def _rows(self) -> int:
        wanted = self.points * self.replicates // PARTS
        return min(MOST_ROWS, max(FEWEST_ROWS, wanted))

    @cached_property
    def _order(self) -> np.ndarray:
        """The design points, mixed by a permutation that depends on their number alone."""
        return np.random.Generator(np.random.Philox(key=self.points)).permutation(self.points)

    def part(self, k: int) -> tuple[np.ndarray, range]:
        """Return the design points, ascending, and the replicates of part `k`."""
        turn, group = divmod(k, self.groups)
        first = turn * self.block
        points = np.sort(self._order[group :: self.groups])
        return points, range(first, min(first + self.block, self.replicates))


@dataclass(frozen=True)
class Plan:
    """All that a worker needs to play any part.

    Attributes
    ----------
    scenario : Scenario
    design : Design
    replicates : int
        Of each design point.
    seed : int
    common : bool
        Whether replicate k of every design point is the seed's replicate k; else replicate k of
        point p is the seed's replicate ``p * replicates + k``.
    outcomes : tuple of str
    """

    scenario: Scenario
    design: Design
    replicates: int
    seed: int
    common: bool
    outcomes: tuple[str, ...]

    @cached_property
    def layout(self) -> Layout:
        """The parts."""
        return Layout(len(self.design), self.replicates)

    @cached_property
    def horizon(self) -> float:
        """The longest horizon of any design point, in days."""
        whole = [self.scenario.horizon_days]
        for k, paths in enumerate(self.design.targets):
            if HORIZON in paths:
                whole = [float(days) for days in self.design.column(k)]
        return max(whole)

    def first(self, point: int) -> int:
        """Return which replicate of the seed is replicate 0 of a design point."""
        return 0 if self.common else point * self.replicates


def usual_outcomes(scenario: Scenario) -> tuple[str, ...]:
    """Return the outcomes that are kept where none are named."""
    actors = [actor.id for actor in scenario.crisis.actors]
    each = [f"{actor}_{what}" for actor in actors for what in ("force_7d", "dead")]
    return ("open_war", "settlement", "force", "days", "peak_rung", "dead", *each)


def plan(experiment: Experiment) -> Plan:
    """Lay out the study of an experiment.

    Raises
    ------
    InputError
        Where a level may not stand in the scenario, or there is no such outcome.
    """
    file, scenario = experiment.file, experiment.scenario
    outcomes = file.outcomes or usual_outcomes(scenario)
    actors = tuple(actor.id for actor in scenario.crisis.actors)
    for n, name in enumerate(file.outcomes):
        try:
            Measures.check(name, actors)
        except InputError as error:
            told = experiment.error(("outcomes", n), error.problem, allowed=error.allowed)
            told.nearest = error.nearest
            raise told from None
    design = design_points(experiment)
    for name in design.names:
        if name in outcomes:
            raise experiment.error(("factors",), f"{name!r} is the name of an outcome")
    common = file.streams == "common"
    return Plan(scenario, design, file.replicates, file.seed, common, outcomes)
