"""What moves the odds between options from one decision to another, rule by rule."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sim.analysis.explanation import Explanation, OptionShare

__all__ = ["Contrast", "Term", "contrast"]

#: What the terms are called that are no rules'.
BASE, BRAKE = ("", "its base propensity"), ("", "the brake on doing the same again")


@dataclass(frozen=True, slots=True)
class Term:
    """What one term of the utilities adds to the log-odds of some options against others.

    Attributes
    ----------
    rule : str
        Id of the rule; empty for the base propensity and for the brake on repetition.
    says : str
    base, other : float
        Logits times the actor's precision, in each history; of several options their weighted sum.
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
    """The log-odds of some options against others in two histories, and what moved them.

    Attributes
    ----------
    options, against : tuple of int
    base, other : float
        The log-odds in each.
    terms : tuple of Term
        Those that differ, the one that moved most first: their shifts add up to the whole.
    """

    options: tuple[int, ...]
    against: tuple[int, ...]
    base: float
    other: float
    terms: tuple[Term, ...]

    @property
    def shift(self) -> float:
        """How far the log-odds moved: the sum of the terms' shifts."""
        return self.other - self.base

    def to_dict(self, options: tuple[OptionShare, ...]) -> dict[str, Any]:
        """Return the fields, for JSON; options by move and target."""
        named = {"options": self.options, "against": self.against}
        return {
            **{key: [[options[o].move, options[o].target] for o in n] for key, n in named.items()},
            "base": self.base,
            "other": self.other,
            "shift": self.shift,
            "terms": [term.to_dict() for term in self.terms],
        }


def contrast(
    base: Explanation, other: Explanation, options: Sequence[int], against: Sequence[int]
) -> Contrast:
    """Take the log-odds of some options against others apart, in two decisions of one actor.

    Exact: of two options the terms are ``precision * (U(option) - U(against))``; of several on a
    side each counts with its Sato-Vartia weight, the logarithmic mean of its shares of that side
    in the two decisions over the sum of such means, with which the shifts add up to that of the
    log-odds (Sato 1976; Vartia 1976), whatever is added to every utility.
    """
    weights = _weights(base, other, options)
    weights |= {o: -weight for o, weight in _weights(base, other, against).items()}
    sides = [_parts(said, weights) for said in (base, other)]
    cited = {
        share.rule: share.statements
        for said in (base, other)
        for o in weights
        for share in said.options[o].rules
    }
    terms = [
        Term(*key, sides[0].get(key, 0.0), sides[1].get(key, 0.0), cited.get(key[0], ()))
        for key in dict.fromkeys([*sides[0], *sides[1]])
    ]
    differing = sorted((t for t in terms if t.shift != 0.0), key=lambda t: -abs(t.shift))
    one, two = (_log_sum(said, options) - _log_sum(said, against) for said in (base, other))
    return Contrast(tuple(options), tuple(against), one, two, tuple(differing))


def _log_sum(said: Explanation, options: Sequence[int]) -> float:
    """Give the logarithm of what a side weighs: of utilities, since probabilities have a floor."""
    logs = [said.precision * said.options[o].utility for o in options]
    return max(logs) + math.log(sum(math.exp(log - max(logs)) for log in logs))


def _weights(base: Explanation, other: Explanation, options: Sequence[int]) -> dict[int, float]:
    """Weigh the options of a side: how much each counts in what moves their sum."""
    sides = [(said, _log_sum(said, options)) for said in (base, other)]
    means = {
        o: _logarithmic_mean(
            *(said.precision * said.options[o].utility - whole for said, whole in sides)
        )
        for o in options
    }
    total = sum(means.values())
    return {o: mean / total for o, mean in means.items()}


def _logarithmic_mean(a: float, b: float) -> float:
    """Return ``(exp(a) - exp(b)) / (a - b)``, the logarithmic mean of two shares, of their logs."""
    fall = min(a, b) - max(a, b)
    return math.exp(max(a, b)) * (math.expm1(fall) / fall if fall else 1.0)


def _parts(said: Explanation, weights: dict[int, float]) -> dict[tuple[str, str], float]:
    """Add up what each term adds to the weighted utilities, times the precision."""
    parts: dict[tuple[str, str], float] = {}
    for o, weight in weights.items():
        one = said.options[o]
        logits = [
            (BASE, one.propensity),
            (BRAKE, one.repetition),
            *(((share.rule, share.says), share.logits) for share in one.rules),
        ]
        for key, amount in logits:
            parts[key] = parts.get(key, 0.0) + said.precision * weight * amount
    return parts
