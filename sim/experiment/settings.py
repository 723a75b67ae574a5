"""What the kernel needs for each design point, made quickly and only once."""

from __future__ import annotations

import re
from collections import OrderedDict
from dataclasses import replace
from typing import Any

import numpy as np

from sim.crisis.scenario import Scenario
from sim.engines.assemble import Assembly, assemble
from sim.engines.reweighting import Terms, factors
from sim.experiment.design import Design

__all__ = ["Settings"]

_WEIGHT = re.compile(r"rules\.(.+)\.moves\.([^.]+)")
#: Settings of everything but weights that are kept: some kilobytes each.
KEPT = 20_000


class Settings:
    """Lays out the scenario of any design point.

    Weights are put straight into the kernel's record.  Any other value goes through the scenario
    and all its checks; of what comes out, the words that differ from the base are kept.  Where
    injects may set values, every point is laid out from the start.

    Parameters
    ----------
    scenario : Scenario
    design : Design
    """

    def __init__(self, scenario: Scenario, design: Design) -> None:
        self.scenario = scenario
        self.design = design
        self.base = assemble(scenario)
        self.words = _words(self.base.params)
        found = [tuple(map(_WEIGHT.fullmatch, paths)) for paths in design.targets]
        self.weights = {
            k: tuple((match[1], match[2]) for match in matches if match)
            for k, matches in enumerate(found)
            if all(matches)
        }
        self.terms = Terms(self.base)
        self.factor = factors(scenario)
        paths = {path for named in design.targets for path in named}
        self.phased = any(
            inject.set and (inject.on or f"injects.{inject.id}.on" in paths)
            for inject in scenario.injects
        )
        self.known: OrderedDict[str, tuple[np.ndarray, np.ndarray, dict[str, float]]] = (
            OrderedDict()
        )

    def assembly(self, point: int) -> Assembly:
        """Return the scenario of a design point, laid out for the kernel.

        Raises
        ------
        InputError
            Where the values of the point may not stand together.
        """
        row = self.design.rows[point]
        if self.phased:
            values = {p: value for k, value in enumerate(row) for p in self.design.targets[k]}
            return assemble(self.scenario.with_(values, source=""))
        others = {
            path: value
            for k, value in enumerate(row)
            if k not in self.weights
            for path in self.design.targets[k]
        }
        phases = self.base.phases.copy()
        params = phases[0]
        factor = self._put(params, others) if others else self.factor
        weights = {weight: row[k] for k, named in self.weights.items() for weight in named}
        self.terms.put(params, weights, factor)
        return replace(self.base, phases=phases)

    def _put(self, params: np.record, values: dict[str, Any]) -> dict[str, float]:
        """Write all but weights into a record, and return the factors on the rules."""
        key = repr(values)
        entry = self.known.get(key)
        if entry is None:
            scenario = self.scenario.with_(values, source="")
            words, factor = _words(assemble(scenario).params), factors(scenario)
            places = np.flatnonzero(words != self.words)
            # Millions of points share the factors, which seldom change.
            factor = self.factor if factor == self.factor else factor
            entry = self.known[key] = places, words[places], factor
            if len(self.known) > KEPT:
                self.known.popitem(last=False)
        places, changed, factor = entry
        _words(params)[places] = changed
        return factor


def _words(params: np.record) -> np.ndarray:
    """View the memory of a record as words of 64 bits."""
    memory: Any = params.base  # NumPy's annotations know none
    return np.asarray(memory.view(np.ndarray).view(np.uint64))
