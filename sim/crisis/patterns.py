"""The patterns that a model of the crisis must reproduce, each as something to measure.

They are no part of a scenario: nothing that is simulated depends on them.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from sim.crisis.record import Finite, Flag, Line, Map, Name, Names, Positive, Record, Text

__all__ = ["DOER", "Given", "Pattern", "PatternsFile", "Range", "Than", "Which"]

DOER = "doer"
Measure = Literal[
    "share", "delay", "first_kind", "reaction", "rising", "outcome", "difference", "ratio"
]
Rung = Annotated[int, Field(strict=True, ge=0, le=10)]
# That there are two, in order, is checked where it can be told better.
Rungs = Annotated[tuple[Rung, ...], Field(json_schema_extra={"minItems": 2, "maxItems": 2})]

#: Fields that a measure needs, and others that it may have.
USES: dict[str, tuple[set[str], set[str]]] = {
    "share": ({"move", "within_days"}, {"after", "given"}),
    "delay": ({"move"}, {"after"}),
    "first_kind": ({"move", "within_days", "rungs"}, {"after"}),
    "reaction": ({"move", "trigger", "within_days"}, {"before_days", "opening"}),
    "rising": ({"move", "within_days", "along", "values"}, {"after"}),
    "outcome": ({"outcome"}, set()),
    "difference": ({"outcome", "than"}, set()),
    "ratio": ({"outcome", "than"}, set()),
}
SPECIAL = set().union(*(needs | may for needs, may in USES.values()))


class Which(Record):
    """Which moves are meant: those that fit everything given here."""

    by: Name | None = Field(None, description="Who makes it; anybody where absent.")
    toward: Name | None = Field(
        None, description="At whom; in a reaction, doer is whoever made the move reacted to."
    )
    moves: Names = Field((), description="Moves; any where absent.")
    rungs: Rungs | None = Field(None, description="Lowest and highest rung; any where absent.")
    soil: Name | None = Field(None, description="Actor on whose soil the blow falls.")
    known: Flag = Field(False, description="Only where it is known who made it.")


class Given(Record):
    """What must not have come before the move, for a replicate to count: one of the two."""

    none_of: Which | None = Field(None, description="Moves none of which came before.")
    no_dead: Name | None = Field(None, description="Actor that had no dead before.")


class Range(Record):
    """Where the measure lies if the pattern holds, both ends included."""

    at_least: Finite | None = Field(None, description="Lower end.")
    at_most: Finite | None = Field(None, description="Upper end.")


class Than(Record):
    """The scenario to compare with."""

    scenario: Text = Field(description="Its name, or path from the folder above the crisis's.")
    set: Map[str, Any] = Field(Map(), description="Values by dotted path that replace its own.")


class Pattern(Record):
    """A pattern: what to measure in which scenario, and where it must lie."""

    id: Annotated[str, Field(strict=True, pattern=r"^[A-Za-z][A-Za-z0-9]{0,7}$")] = Field(
        description="Short name: P1, P1a."
    )
    says: Line = Field(description="The pattern in words.")
    lines: tuple[Annotated[int, Field(strict=True, ge=1)], ...] = Field(
        (), description="Lines of the source that it rests on."
    )
    because: Names = Field((), description="Statements that it rests on.")
    scenario: Text = Field(description="Its name, or path from the folder above the crisis's.")
    set: Map[str, Any] = Field(Map(), description="Values by dotted path that replace its own.")
    measure: Measure = Field(description="What is measured.")
    effort: Annotated[int, Field(strict=True, ge=1, le=1000)] = Field(
        1, description="Replicates that it takes, as a multiple of those asked for."
    )
    holds: Range = Field(description="Where the measure lies if the pattern holds.")
    move: Which | None = Field(None, description="The moves that are looked for.")
    within_days: Positive | None = Field(None, description="Days in which the move must come.")
    before_days: Positive | None = Field(
        None, description="Days before the trigger in which a reaction counts too."
    )
    after: Name | None = Field(
        None, description="Opening event from which days count; the start where absent."
    )
    given: Given | None = Field(None, description="Condition on what came before.")
    rungs: Rungs | None = Field(None, description="Rungs whose share is measured.")
    trigger: Which | None = Field(
        None, description="Moves that call for the reaction, never the reactor's own."
    )
    opening: Flag = Field(False, description="Whether moves of the opening are triggers too.")
    outcome: Name | None = Field(None, description="Outcome, as an ensemble names it.")
    than: Than | None = Field(None, description="The scenario compared with.")
    along: Name | None = Field(None, description="Dotted path whose value rises.")
    values: Annotated[tuple[Any, ...], Field(max_length=20)] = Field(
        (), description="Its values, in order."
    )


class PatternsFile(Record):
    """The file patterns.toml: what a model of the crisis must reproduce."""

    patterns: tuple[Pattern, ...] = Field(min_length=1, description="Patterns.")
