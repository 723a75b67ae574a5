"""A scenario laid out for the kernel, with the names by which its rows can be told to a reader."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

import numpy as np

from sim.crisis.interventions import changed_by
from sim.crisis.record import Map
from sim.crisis.rules import Rule
from sim.crisis.scenario import Inject, Scenario
from sim.kernel import layout as at

DAY = 86400.0

#: Kernel index of each covariate by name.
INDEX: Map[str, int] = Map(
    {
        "grievance": at.GRIEVANCE,
        "commitment": at.COMMITMENT,
        "line_crossed": at.LINE_CROSSED,
        "answered": at.ANSWERED,
        "dead": at.DEAD,
        "partners_dead": at.PARTNERS_DEAD,
        "no_dead": at.NO_DEAD,
        "awaiting_assessment": at.AWAITING,
        "hostile_intent": at.HOSTILE_INTENT,
        "restraint": at.RESTRAINT,
        "tension": at.TENSION,
        "mediation": at.MEDIATION,
        "sovereignty": at.SOVEREIGNTY,
        "host_used": at.HOST_USED,
        "exposed": at.EXPOSED,
        "warned": at.WARNED,
        "constant": at.CONSTANT,
    }
)


@dataclass(frozen=True, slots=True)
class Option:
    """One thing an actor may do: a move against a target (None for undirected moves)."""

    move: str
    target: str | None

    def __str__(self) -> str:
        return self.move if self.target is None else f"{self.move} {self.target}"


@dataclass(frozen=True)
class RuleRow:
    """One row of the kernel's rules: a rule read toward one actor."""

    rule: Rule
    toward: str


@dataclass(frozen=True)
class Assembly:
    """A scenario laid out for the kernel, with the names of its rows.

    Attributes
    ----------
    scenario : Scenario
    phases : PARAMS array, shape (phases,)
        What the scenario says, first as it is, then as injects may change it.
    values : tuple of mapping of str to object
        What each phase sets, by dotted path; nothing in the first.
    actors, moves, places, injects : tuple of str
        Ids in the kernel's order.
    options : tuple of tuple of Option
        Options of each actor, in the order of the ladder; option 0 holds.
    rows : tuple of RuleRow
        What each rule row of the kernel stands for.
    """

    scenario: Scenario
    phases: np.ndarray
    values: tuple[Map[str, Any], ...]
    actors: tuple[str, ...]
    moves: tuple[str, ...]
    places: tuple[str, ...]
    injects: tuple[Inject, ...]
    options: tuple[tuple[Option, ...], ...]
    rows: tuple[RuleRow, ...]

    @property
    def params(self) -> np.record:
        """What the scenario says before any inject; of the structure, what it says throughout."""
        return self.phases[0]  # type: ignore[no-any-return]

    @cached_property
    def scenarios(self) -> tuple[Scenario, ...]:
        """The scenario as it is in each phase."""
        return tuple(changed_by(self.scenario, values) for values in self.values)

    def in_force(self, state: np.record) -> np.record:
        """Return the PARAMS record that holds in a state."""
        return self.phases[int(state.phase)]  # type: ignore[no-any-return]

    def day(self, date: datetime) -> float:
        """Return days from the scenario's start to `date`."""
        return (date - self.scenario.start).total_seconds() / DAY
