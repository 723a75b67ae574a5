"""The ladder of moves, and how each maps onto the field's scales."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from sim.crisis.record import Amount, Finite, Flag, Id, Line, Probability, Record

__all__ = ["KINETIC_RUNG", "Ladder", "Move"]

KINETIC_RUNG = 6

Cameo = Annotated[str, Field(strict=True, pattern=r"^\d{2,4}$")]


class Move(Record):
    """One move of the ladder: its rung, its place on the field's scales, its consequences."""

    id: Id = Field(description="Name in rules and repertoires, such as limited_strike.")
    label: Line = Field(description="Name in print.")
    says: Line = Field(description="Meaning in a few words.")
    rung: Annotated[int, Field(strict=True, ge=0, le=10)] = Field(
        description="Height on the ladder; 6 and up use force."
    )
    cameo: tuple[Cameo, ...] = Field(description="CAMEO event codes.")
    goldstein: Annotated[Finite, Field(ge=-10, le=10)] = Field(description="Goldstein scale.")
    mid: Annotated[int, Field(strict=True, ge=1, le=5)] = Field(
        description="Hostility level of Militarized Interstate Disputes."
    )
    directed: Flag = Field(True, description="Whether it has a target.")
    deniable: Flag = Field(False, description="Whether its author may stay unknown.")
    notice: Flag = Field(False, description="Whether the target is told beforehand.")
    major: Flag = Field(False, description="Whether two of these on each other make a war.")
    war: Flag = Field(False, description="Whether it is open war, the absorbing end.")
    munitions: Amount = Field(0.0, description="Mean number of munitions; kinetic moves only.")
    lethality: Amount = Field(
        0.0, description="Dead per munition at exposure 1, without alert or notice."
    )
    provocation: Amount = Field(0.0, description="Harm with nobody killed, harm units.")
    satisfaction: Amount = Field(
        0.0, description="Harm of the actor's own grievance discharged with nobody killed."
    )
    restraint: Amount = Field(0.0, description="Signals of restraint that its target gets.")
    mediation: Amount = Field(0.0, description="Offers of mediation, to everyone.")
    line: Probability = Field(0.0, description="Strength of the line that it draws.")
    alarm: Annotated[Finite, Field(ge=-1, le=1)] = Field(
        0.0,
        description="Share of the way that it moves the target's belief in hostile intent; "
        "negative: toward 0.",
    )

    @property
    def kinetic(self) -> bool:
        """Whether it uses force."""
        return self.rung >= KINETIC_RUNG


class Ladder(Record):
    """The file ladder.toml: the moves, lowest rung first."""

    moves: tuple[Move, ...] = Field(min_length=1, description="Moves, lowest rung first.")
