"""The evidence: what was reported to have been said or done."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, RootModel

from sim.crisis.record import Id, Line, Map, Name, Record, Text

__all__ = ["KINDS", "NOBODY", "STRENGTHS", "Statement", "StatementTable", "StatementsFile"]

NOBODY = "none"

Kind = Literal[
    "threat",
    "conditional-threat",
    "restraint",
    "condemnation",
    "mediation",
    "warning",
    "claim",
    "assessment",
    "doctrine",
    "context",
    "event",
]
KINDS: tuple[str, ...] = Kind.__args__  # type: ignore[attr-defined]

#: The largest weight of a rule that was coded from statements of a strength, in logits.
STRENGTHS: Map[str, float] = Map({"weak": 0.5, "moderate": 1.0, "strong": 2.0})


class StatementTable(Record):
    """A table [ID] of statements.toml."""

    actor: Name = Field(description="Actor that it binds; none for a reported fact.")
    speaker: Line = Field(description="Who said it, with the office.")
    line: Annotated[int, Field(strict=True, ge=1)] = Field(
        description="Line of the source on which it stands."
    )
    kind: Kind = Field(description="What sort of statement it is.")
    strength: Literal["weak", "moderate", "strong"] = Field(
        description="How firmly the words bind the actor."
    )
    says: Text = Field(description="Paraphrase.")
    bears_on: Text = Field(description="What it tells about the actor, in the model's words.")
    unused: Text | None = Field(None, description="Why it informs nothing, where it does.")


class Statement(StatementTable):
    """A reported statement or fact."""

    id: Id

    @property
    def logits(self) -> float:
        """The coded strength, in logits."""
        return STRENGTHS[self.strength]


class StatementsFile(RootModel[Map[Id, StatementTable]]):
    """The file statements.toml: one table a statement."""
