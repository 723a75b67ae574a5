"""The judged numbers: tempo, precision, half-lives, base propensities."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from sim.crisis.record import (
    Amount,
    Flag,
    Logits,
    Map,
    Name,
    Names,
    Positive,
    Record,
    Text,
)

__all__ = ["DEFAULT", "PER_ACTOR", "Propensities", "Repetition"]

DEFAULT = "default"
PER_ACTOR = ("tempo", "precision", "urgency", "attention")


class Repetition(Record):
    """The brake on making the same move at the same target again."""

    brake: Logits = Field(description="Logits on a move just made.")
    half_life: Positive = Field(description="Days in which the brake loses half its force.")


class Propensities(Record):
    """The file propensities.toml: every number that no statement gives."""

    calibrated: Flag = Field(description="Whether they were fitted to historical disputes.")
    note: Text = Field(description="Where they come from.")
    repetition: Repetition = Field(description="Brake on repetition.")
    prompt: Amount = Field(description="Jump of urgency when an assessment arrives.")
    urgency_ceiling: Amount = Field(
        9.0, description="Most that urgency adds to the rate of decision, relative to rest."
    )
    tempo: Map[Name, Annotated[Positive, Field(le=1000)]] = Field(
        description="Decisions a day at rest, by actor."
    )
    precision: Map[Name, Amount] = Field(
        description="Factor on the utilities before the choice, by actor; 0: uniform."
    )
    urgency: Map[Name, Amount] = Field(
        description="Extra relative rate of decision per unit of harm suffered, by actor."
    )
    attention: Map[Name, Amount] = Field(
        description="Extra relative rate per unit of harm between others, by actor."
    )
    half_lives: Map[Name, Map[Name, Positive]] = Field(
        description="Half-lives in days: all of them in default, exceptions by actor."
    )
    base: Map[Name, Map[Name, Logits]] = Field(
        description="Logits of each move relative to hold, by actor."
    )
    because: Map[Name, Names] = Field(
        Map(), description="Statements behind a number, by its dotted path: precision.us."
    )

    def half_life(self, actor: str, trace: str) -> float:
        """Give the half-life of a trace for an actor, its own or the default, in days."""
        own = self.half_lives.get(actor)
        if own is not None and trace in own:
            return own[trace]
        return self.half_lives[DEFAULT][trace]
