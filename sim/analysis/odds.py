"""What moves the odds between two options from one decision to another, rule by rule."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sim.analysis.explanation import Explanation, OptionShare

__all__ = ["Contrast", "Term", "contrast"]


@dataclass(frozen=True, slots=True)
class Term:
    """What one term of the utilities adds to the log-odds of one option against another.

    Attributes
    ----------
    rule : str
        Id of the rule; empty for the base propensity and for the brake on repetition.
    says : str
    base, other : float
        Logits times the actor's precision, in each history.
    statements : tuple of str
    """

    rule: str
    says: str
    base: float
    other: float
    statements: tuple[str, ...]

    @property
    def shift(self) -> float:
        """How far it moves the log-odds."""
        return self.other - self.base

    def to_dict(self) -> dict[str, Any]:
        """Return the fields, for JSON."""
        return {
            "rule": self.rule or None,
            "says": self.says,
            "base": self.base,
            "other": self.other,
            "shift": self.shift,
            "statements": list(self.statements),
        }


@dataclass(frozen=True, slots=True)
class Contrast:
    """The log-odds of one option against another in two histories, term by term.

    Attributes
    ----------
    option, against : int
    base, other : float
        The log-odds in each: the sums of the terms.
    terms : tuple of Term
        Those that differ, the one that moved most first.
    """

    option: int
    against: int
    base: float
    other: float
    terms: tuple[Term, ...]

    @property
    def shift(self) -> float:
        """How far the log-odds moved: the sum of the terms' shifts."""
        return self.other - self.base

    def to_dict(self, options: tuple[OptionShare, ...]) -> dict[str, Any]:
        """Return the fields, for JSON; options by move and target."""
        named = {"option": options[self.option], "against": options[self.against]}
        return {
            **{key: [one.move, one.target] for key, one in named.items()},
            "base": self.base,
            "other": self.other,
            "shift": self.shift,
            "terms": [term.to_dict() for term in self.terms],
        }


def contrast(base: Explanation, other: Explanation, option: int, against: int) -> Contrast:
    """Take the log-odds of `option` against `against` apart, in two decisions of one actor.

    Exact: the terms add up to ``precision * (U(option) - U(against))`` in each.
    """
    sides = []
    for said in (base, other):
        plus, minus = said.options[option], said.options[against]
        parts: dict[tuple[str, str], float] = {
            ("", "its base propensity"): plus.propensity - minus.propensity,
            ("", "the brake on doing the same again"): plus.repetition - minus.repetition,
        }
        for sign, one in ((1.0, plus), (-1.0, minus)):
            for share in one.rules:
                key = share.rule, share.says
                parts[key] = parts.get(key, 0.0) + sign * share.logits
        sides.append({key: said.precision * logits for key, logits in parts.items()})
    cited = {
        share.rule: share.statements
        for said in (base, other)
        for one in (said.options[option], said.options[against])
        for share in one.rules
    }
    terms = [
        Term(*key, sides[0].get(key, 0.0), sides[1].get(key, 0.0), cited.get(key[0], ()))
        for key in dict.fromkeys([*sides[0], *sides[1]])
    ]
    differing = sorted((t for t in terms if t.shift != 0.0), key=lambda t: -abs(t.shift))
    totals = sum(sides[0].values()), sum(sides[1].values())
    return Contrast(option, against, totals[0], totals[1], tuple(differing))
