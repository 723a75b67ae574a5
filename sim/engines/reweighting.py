"""Other weights for rules in a scenario that is laid out already: no reading, no checking anew."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from sim.crisis.scenario import Scenario
from sim.engines.assembly import Assembly

__all__ = ["Terms", "factors"]

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
