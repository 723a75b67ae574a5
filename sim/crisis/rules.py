"""The rules: what pulls an actor towards a move or away from it, and why."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import AfterValidator, Field, WithJsonSchema

from sim.crisis.covariates import COVARIATES
from sim.crisis.record import Amount, Logits, Map, Name, Names, Positive, Record, one_of
from sim.crisis.texts import LINE

__all__ = ["EACH", "CovariateName", "Rule", "RulesFile"]

EACH = "each"

CovariateName = Annotated[
    str,
    AfterValidator(one_of(COVARIATES, "covariate")),
    Field(strict=True),
    WithJsonSchema({"enum": list(COVARIATES)}),
]


def _half_the_largest(data: dict[str, Any]) -> float:
    return 0.5 * max((abs(weight) for weight in data.get("moves", {}).values()), default=0.0)


class Rule(Record):
    """A rule: weights on moves, in logits, ramped by a covariate, with its evidence."""

    id: Annotated[str, Field(strict=True, pattern=r"^[a-z0-9_-]+\.[a-z0-9._-]+$")] = Field(
        description="Actor, dot, short name: iran.account-settled."
    )
    actor: Name = Field(description="Actor whose choice it weighs on.")
    says: Annotated[str, Field(strict=True, pattern=LINE, max_length=60)] = Field(
        description="Gloss of at most 60 characters."
    )
    when: CovariateName = Field(description="Covariate that switches it on.")
    toward: Name = Field(
        description="Actor that the covariate points at, or each: one copy for every other."
    )
    against: Name | None = Field(
        None, description="Target of the options that it weighs on; toward where absent."
    )
    scale: Positive = Field(
        1.0, description="Value of the covariate at full strength: ramp = min(1, value/scale)."
    )
    moves: Map[Name, Logits] = Field(
        min_length=1, description="Weight on each move at full strength, logits."
    )
    sd: Amount = Field(
        default_factory=_half_the_largest,
        description="Elicited spread of the weights, logits; half the largest where absent.",
    )
    because: Names = Field(min_length=1, description="Statements that it was coded from.")


class RulesFile(Record):
    """The file rules.toml: the rules, in order."""

    rules: tuple[Rule, ...] = Field(min_length=1, description="Rules.")
