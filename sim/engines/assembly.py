"""A scenario laid out for the kernel, with the names by which its rows can be told to a reader."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import numpy as np

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
    params : PARAMS record
    actors, moves, places, injects : tuple of str
        Ids in the kernel's order.
    options : tuple of tuple of Option
        Options of each actor, in the order of the ladder; option 0 holds.
    rows : tuple of RuleRow
        What each rule row of the kernel stands for.
    """

    scenario: Scenario
    params: np.record
    actors: tuple[str, ...]
    moves: tuple[str, ...]
    places: tuple[str, ...]
    injects: tuple[Inject, ...]
    options: tuple[tuple[Option, ...], ...]
    rows: tuple[RuleRow, ...]

    def day(self, date: datetime) -> float:
        """Return days from the scenario's start to `date`."""
        return (date - self.scenario.start).total_seconds() / DAY
