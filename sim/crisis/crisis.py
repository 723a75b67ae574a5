"""A crisis: actors, evidence and rules, with the scales that they share."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from sim.crisis.actors import Actor, Place
from sim.crisis.ladder import Move
from sim.crisis.propensities import Propensities
from sim.crisis.record import Amount, Line, Map, Names, Positive, Probability, Record
from sim.crisis.rules import Rule
from sim.crisis.statements import Statement

__all__ = ["Crisis", "CrisisFile", "Harm", "Notice", "Settlement", "War"]


class Harm(Record):
    """The unit of harm: a limited strike in which nobody died."""

    per_log_dead: Amount = Field(description="n dead add this times ln(1+n) to a blow's harm.")
    because: Names = Field((), description="Statements behind it.")


class Notice(Record):
    """What advance notice does."""

    averts: Probability = Field(description="Share of the dead averted where it arrives.")
    because: Names = Field((), description="Statements behind it.")


class War(Record):
    """When mutual major strikes amount to open war."""

    major_strikes: Annotated[int, Field(strict=True, ge=1, le=8)] = Field(
        description="Major strikes by each of two actors on the other."
    )
    within_days: Positive = Field(description="Days within which they fall.")
    because: Names = Field((), description="Statements behind it.")


class Settlement(Record):
    """When a crisis counts as settled."""

    quiet_days: Positive = Field(description="Days without a kinetic move or a threat.")
    grievance_floor: Positive = Field(description="No grievance above this, harm units.")
    because: Names = Field((), description="Statements behind it.")


class CrisisFile(Record):
    """The file crisis.toml: what the crisis is, and the scales that all actors share."""

    title: Line = Field(description="Name in print.")
    source: Line = Field(description="Citation of the source of the statements.")
    clock: Line = Field(description="What the dates mean.")
    harm: Harm = Field(description="The unit of harm.")
    notice: Notice = Field(description="What advance notice does.")
    war: War = Field(description="When mutual major strikes amount to open war.")
    settlement: Settlement = Field(description="When a crisis counts as settled.")


class Crisis(CrisisFile):
    """A crisis: actors, places, statements, rules, ladder and propensities, checked."""

    name: str
    moves: tuple[Move, ...]
    actors: tuple[Actor, ...]
    places: tuple[Place, ...]
    statements: Map[str, Statement]
    rules: tuple[Rule, ...]
    propensities: Propensities

    def move(self, name: str) -> Move:
        """Give the move of that id; KeyError where there is none."""
        return {move.id: move for move in self.moves}[name]

    def actor(self, name: str) -> Actor:
        """Give the actor of that id; KeyError where there is none."""
        return {actor.id: actor for actor in self.actors}[name]

    def place(self, name: str) -> Place:
        """Give the place of that id; KeyError where there is none."""
        return {place.id: place for place in self.places}[name]

    def rule(self, name: str) -> Rule:
        """Give the rule of that id; KeyError where there is none."""
        return {rule.id: rule for rule in self.rules}[name]
