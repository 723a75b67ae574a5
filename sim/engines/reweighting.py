"""Other weights for rules in a scenario that is laid out already: no reading, no checking anew."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from sim.crisis.scenario import Scenario
from sim.engines.assembly import Assembly

__all__ = ["Terms", "elicited_weights", "factors", "reweighted"]

Weight = tuple[str, str]  # rule and move


def factors(scenario: Scenario) -> dict[str, float]:
    """Return what the coded weights of each rule are multiplied by (`sim.crisis.weights`)."""
    crisis = scenario.crisis
    return {rule.id: scenario.weights.of_rule(rule, crisis.statements) for rule in crisis.rules}


class Terms:
    """Where the weights of rules stand in the kernel's records of a crisis.

    Parameters
    ----------
    assembly : Assembly
    """

    def __init__(self, assembly: Assembly) -> None:
        params = assembly.params
        self.places: dict[Weight, list[int]] = {}
        for i, options in enumerate(assembly.options):
            for o, option in enumerate(options):
                for t in range(int(params.term_first[i, o]), int(params.term_first[i, o + 1])):
                    rule = assembly.rows[int(params.term_rule[t])].rule.id
                    self.places.setdefault((rule, option.move), []).append(t)

    def put(
        self, params: np.record, weights: Mapping[Weight, float], factor: Mapping[str, float]
    ) -> None:
        """Write coded weights, in logits, into a PARAMS record, each times the factor on its rule.

        Equal to the bit to that of the scenario in which ``rules.RULE.moves.MOVE`` is so.
        """
        table = params["term_weight"]
        for (rule, move), weight in weights.items():
            for t in self.places.get((rule, move), ()):
                table[t] = weight * factor[rule]


def reweighted(
    assembly: Assembly, weights: Mapping[Weight, float], terms: Terms | None = None
) -> Assembly:
    """Return the same scenario, laid out with other coded weights; the rest is shared.

    Its ``scenario`` is left as it is, and knows nothing of them.

    Parameters
    ----------
    weights : mapping of (rule, move) to float
        Logits in place of the coded ones.
    terms : Terms, optional
        Of that assembly: found once for many.
    """
    phases, found = assembly.phases.copy(), terms or Terms(assembly)
    for params, scenario, values in zip(phases, assembly.scenarios, assembly.values, strict=True):
        # What an inject sets holds whatever was coded.
        coded = {w: v for w, v in weights.items() if "rules.{}.moves.{}".format(*w) not in values}
        found.put(params, coded, factors(scenario))
    return replace(assembly, phases=phases)


def elicited_weights(scenario: Scenario, worlds: int, seed: int) -> list[dict[Weight, float]]:
    """Draw the coded weights anew for each of many worlds.

    Each weight of a rule is normal, independent of the others, with the coded value as its mean
    and the rule's stated spread; the same convention as that of `elicited` designs.

    Randomness: NumPy's PCG64 from the seed, a normal a weight and world.
    """
    drawn = [(rule, move) for rule in scenario.crisis.rules if rule.sd > 0 for move in rule.moves]
    z = np.random.default_rng(seed).standard_normal((worlds, len(drawn)))
    return [
        {
            (rule.id, move): rule.moves[move] + rule.sd * float(draw)
            for (rule, move), draw in zip(drawn, row, strict=True)
        }
        for row in z
    ]
