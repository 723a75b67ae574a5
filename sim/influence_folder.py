"""What the statements carry, read from the folder that it was saved in."""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sim.crisis import Scenario
from sim.crisis.json_files import read_results
from sim.influences import Influence

__all__ = ["INFLUENCE_FILE", "read_influence"]

INFLUENCE_FILE = "influence.json"


def read_influence(place: Path, scenario: Scenario) -> Influence:
    """Read what `Influence.save` wrote; what it took is not known any more.

    Parameters
    ----------
    place : Path
        The file influence.json.
    scenario : Scenario
        What it is of, with the values that were put in its place.

    Raises
    ------
    InputError
        Where the file cannot be read, or is of another version of the scenario.
    """

    def made(told: dict[str, Any]) -> Influence:
        return Influence(scenario, _summary(told, scenario), math.nan)

    return read_results(place, scenario.digest(), "influence", made)


def _summary(told: Mapping[str, Any], scenario: Scenario) -> Any:
    from sim.analysis.influence import InfluenceSummary, Silent
    from sim.analysis.intervals import Estimate

    statements = scenario.crisis.statements
    names = tuple(told["outcomes"])
    return InfluenceSummary(
        told["scenario"],
        names,
        tuple(told["outcomes"].values()),
        told["actor"],
        tuple(Estimate.from_dict(told["baseline"][name]) for name in names),
        tuple(_effect(one, scenario, names) for one in told["effects"]),
        tuple(Silent(statements[s["statement"]], tuple(s["informs"])) for s in told["silent"]),
        float(told["level"]),
        int(told["comparisons"]),
        int(told["replicates"]),
        int(told["seed"]),
    )


def _effect(told: Mapping[str, Any], scenario: Scenario, names: tuple[str, ...]) -> Any:
    from sim.analysis.influence import Effect
    from sim.analysis.intervals import Difference, Estimate

    changes = [told["changes"][name] for name in names]
    return Effect(
        scenario.crisis.statements[told["statement"]],
        tuple(told["rules"]),
        tuple(told["rules"].values()),
        tuple(
            Difference(c["a"], c["b"], Estimate.from_dict(c), _number(c["variance_ratio"]))
            for c in changes
        ),
        tuple(Estimate.from_dict(c | c["alone"]) for c in changes),
        tuple(float(c["size"]) for c in changes),
        Estimate.from_dict(told["touched"]),
        told["identical"],
    )


def _number(value: float | None) -> float:
    """Return a number; JSON has none for nan."""
    return math.nan if value is None else value
