"""How much rules and statements weigh, where that is not what was coded.

A rule's coded weights are multiplied by ``all * actor * rule * m``.  Of the rule's statements, each
with the coded strength s in logits, ``m = sum(s * k * on) / sum(s)``: k is the new strength over
the coded one, times the factor on statements of the kind, and `on` is 0 where a statement does not
count, else 1.  ``s / sum(s)`` is a statement's share of the rule, which leaving it out takes away.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import Field, PlainValidator
from pydantic_core import PydanticCustomError

from sim.crisis.complaints import Key
from sim.crisis.record import Flag, Map, Record, one_of
from sim.crisis.rules import Rule
from sim.crisis.statements import STRENGTHS, Statement, StatementTable

__all__ = ["Reading", "Weights"]

MOST_LOGITS = 10.0
_WORDS = {logits: word for word, logits in STRENGTHS.items()}
_word = one_of(tuple(STRENGTHS), "strength")

Factor = Annotated[float, Field(strict=True, allow_inf_nan=False, ge=0, le=100)]


def _strength(value: object) -> str | float | None:
    """Take a word or a number of logits; a number that has a word becomes the word."""
    if value is None:
        return None
    if isinstance(value, str):
        return _word(value)
    # A truth value is a number to Python.
    logits = value if isinstance(value, int | float) and not isinstance(value, bool) else -1.0
    if 0 <= logits <= MOST_LOGITS:
        return _WORDS.get(logits, float(logits))
    raise PydanticCustomError(
        "strength",
        "must be a strength, is {given}",
        {
            "given": repr(value),
            "allowed": f"{', '.join(STRENGTHS)}, or logits from 0 to {MOST_LOGITS:g}",
        },
    )


class Reading(Record):
    """How a statement is read, where not as it was coded."""

    strength: Annotated[str | float | None, PlainValidator(_strength)] = Field(
        None, description="Strength in place of the coded one: a word, or logits."
    )
    counts: Flag = Field(True, description="Whether it counts; else its rules lose its share.")


_AS_CODED = Reading.model_construct(strength=None, counts=True)


class Weights(Record):
    """Factors on the coded weights; what is 1, or as coded, is left out.

    Examples
    --------
    >>> from sim.crisis import load
    >>> quiet = load("after-the-strike").with_({"weights.all": 0.5, "weights.actors.us": 0.5})
    >>> quiet.weights.of_rule(quiet.crisis.rule("us.own-dead"), quiet.crisis.statements)
    0.25
    """

    all: Factor = Field(1.0, description="Factor on every weight.")
    actors: Map[str, Factor] = Field(Map(), description="Factor on an actor's rules.")
    rules: Map[str, Factor] = Field(Map(), description="Factor on a rule.")
    kinds: Map[str, Factor] = Field(Map(), description="Factor on a kind of statement.")
    statements: Map[str, Reading] = Field(Map(), description="Statements not read as coded.")

    def of_rule(self, rule: Rule, statements: Mapping[str, Statement]) -> float:
        """Give the factor on the coded weights of a rule."""
        cited = [statements[name] for name in rule.because]
        share = sum(map(self.logits, cited)) / sum(statement.logits for statement in cited)
        actor, own = self.actors.get(rule.actor, 1.0), self.rules.get(rule.id, 1.0)
        return self.all * actor * own * share

    def logits(self, statement: Statement) -> float:
        """Give the strength with which a statement is read, in logits; 0 if it does not count."""
        read = self.statements.get(statement.id, _AS_CODED)
        if not read.counts:
            return 0.0
        word = statement.strength if read.strength is None else read.strength
        strength = STRENGTHS[word] if isinstance(word, str) else word
        return strength * self.kinds.get(statement.kind, 1.0)

    def value(self, loc: Key, statements: Mapping[str, Statement]) -> Any:
        """Give the value at a location, as coded where nothing else was set."""
        if loc[0] == "all":
            return self.all
        table, name = str(loc[0]), str(loc[1])
        if table != "statements":
            return getattr(self, table).get(name, 1.0)
        read = self.statements.get(name, _AS_CODED)
        if loc[2] == "counts":
            return read.counts
        return statements[name].strength if read.strength is None else read.strength

    def trimmed(self, statements: Mapping[str, StatementTable]) -> Weights:
        """Leave out what changes nothing, and put the rest in the order of names."""
        factors: dict[str, Any] = {
            table: Map({n: f for n, f in sorted(getattr(self, table).items()) if f != 1.0})
            for table in ("actors", "rules", "kinds")
        }
        read = {}
        for name, reading in sorted(self.statements.items()):
            if reading.strength == statements[name].strength:
                reading = Reading.model_construct(strength=None, counts=reading.counts)
            if reading != _AS_CODED:
                read[name] = reading
        return Weights.model_construct(all=self.all, **factors, statements=Map(read))
