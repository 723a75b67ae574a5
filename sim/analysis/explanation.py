"""Why an actor did what it did: its decision, exactly, as a sum over rules.

The utility of an option is its base propensity, plus the brake on repeating itself, plus the share
of each rule (weight times ramp); the probabilities are ``softmax(precision * utility)``.  Nothing
is approximated or attributed after the fact: the shares are the terms that the kernel added up.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sim.crisis import Scenario
from sim.engines.assemble import Assembly
from sim.engines.log import Decision, date_of

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True)
class RuleShare:
    """What one rule adds to the utility of an option.

    Attributes
    ----------
    rule : str
        Id of the rule.
    says : str
        Its gloss.
    logits : float
        Weight times ramp; of a rule read toward each other actor, their sum.
    statements : tuple of str
        Ids of the statements that it was coded from, as far as they count.
    """

    rule: str
    says: str
    logits: float
    statements: tuple[str, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return the fields, for JSON."""
        return {
            "rule": self.rule,
            "says": self.says,
            "logits": self.logits,
            "statements": list(self.statements),
        }


@dataclass(frozen=True, slots=True)
class OptionShare:
    """One option as it was weighed.

    Attributes
    ----------
    move, target : str, str or None
    utility : float
        Logits; `base` plus the rules' logits.
    probability : float, 0..1
    base : float
        `propensity` plus `repetition`: all that no statement supports.
    propensity, repetition : float
        Base propensity, and the brake on making the same move again; logits.
    rules : tuple of RuleShare
        Rules that pull at it, the strongest first; those without effect are left out.
    """

    move: str
    target: str | None
    utility: float
    probability: float
    base: float
    propensity: float
    repetition: float
    rules: tuple[RuleShare, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return the fields, for JSON."""
        return {
            "move": self.move,
            "target": self.target,
            "utility": self.utility,
            "probability": self.probability,
            "base": self.base,
            "propensity": self.propensity,
            "repetition": self.repetition,
            "rules": [share.to_dict() for share in self.rules],
        }


@dataclass(frozen=True, slots=True, repr=False)
class Explanation:
    """One decision in full.

    Attributes
    ----------
    day : float
    date : datetime
    actor : str
    precision : float
    options : tuple of OptionShare
        In the order of the ladder; the first is to hold.
    chosen, model : int
        Index of the option taken, and of the one that the model picked.
    number : int or None
        Number of the visible move, counted from 1; None for a decision to hold.
    """

    day: float
    date: datetime
    actor: str
    precision: float
    options: tuple[OptionShare, ...]
    chosen: int
    model: int
    number: int | None

    def __repr__(self) -> str:
        """Say which decision it explains."""
        option = self.options[self.chosen]
        choice = option.move if option.target is None else f"{option.move} {option.target}"
        return (
            f"<Explanation: {self.actor} on day {self.day:.2f} chose {choice}, "
            f"probability {option.probability:.2f}, of {len(self.options)} options>"
        )

    def to_dict(self) -> dict[str, Any]:
        """Return the fields, for JSON."""
        return {
            "day": self.day,
            "date": self.date.isoformat(),
            "actor": self.actor,
            "number": self.number,
            "chosen": self.chosen,
            "precision": self.precision,
            "options": [option.to_dict() for option in self.options],
        }

    def to_frame(self) -> pd.DataFrame:
        """Return a row per option: move, target, utility, probability, base, a column per rule."""
        import pandas as pd

        rows = []
        for option in self.options:
            row: dict[str, Any] = option.to_dict()
            row.pop("rules")
            rows.append(row | {share.rule: share.logits for share in option.rules})
        frame = pd.DataFrame(rows)
        return frame.fillna(dict.fromkeys(frame.columns[7:], 0.0))


def explain(assembly: Assembly, decision: Decision, number: int | None = None) -> Explanation:
    """Take a decision apart.

    Parameters
    ----------
    assembly : Assembly
    decision : Decision
    number : int, optional
        Number of the visible move that it led to.
    """
    params = assembly.phases[decision.phase]
    i = assembly.actors.index(decision.actor)
    first = int(params.rule_first[i])
    scenario = assembly.scenarios[decision.phase]
    pulls: list[dict[str, float]] = [{} for _ in assembly.options[i]]
    for o, pull in enumerate(pulls):
        for t in range(int(params.term_first[i, o]), int(params.term_first[i, o + 1])):
            q = int(params.term_rule[t])
            logits = float(params.term_weight[t] * decision.ramps[q - first])
            if logits != 0.0:
                rule = assembly.rows[q].rule.id
                pull[rule] = pull.get(rule, 0.0) + logits
    options = []
    for o, option in enumerate(assembly.options[i]):
        shares = [_share(scenario, rule, logits) for rule, logits in pulls[o].items()]
        shares.sort(key=lambda share: (-abs(share.logits), share.rule))
        propensity = float(params.propensity[i, o])
        repetition = float(decision.repetition[o])
        options.append(
            OptionShare(
                option.move,
                option.target,
                float(decision.utility[o]),
                float(decision.probability[o]),
                propensity + repetition,
                propensity,
                repetition,
                tuple(shares),
            )
        )
    return Explanation(
        decision.day,
        date_of(assembly, decision.day),
        decision.actor,
        scenario.crisis.propensities.precision[decision.actor],
        tuple(options),
        decision.option,
        decision.model,
        number,
    )


def _share(scenario: Scenario, rule_id: str, logits: float) -> RuleShare:
    crisis, weights = scenario.crisis, scenario.weights
    rule = crisis.rule(rule_id)
    counting = (name for name in rule.because if weights.logits(crisis.statements[name]) > 0)
    return RuleShare(rule.id, rule.says, logits, tuple(counting))
