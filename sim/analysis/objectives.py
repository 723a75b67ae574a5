"""What an actor is to be spared: the criteria by which options are ranked.

By default two, in order: the probability of open war, then the expected deaths.  Weights make one
of them: the expected weighted sum of outcomes, each weight a cost for a unit of its outcome.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass

import numpy as np

from sim.analysis.futures import Futures
from sim.engines.measures import FIRST
from sim.errors import InputError

DEFAULT = ("open_war", "dead")
SUM = "weighted_sum"
KEY = "objective"
#: Of force, besides what has its name from it.
FORCE, OF_FORCE = "force", ("widened", "exchanges")
#: Sizes of weights of which squares and cubes are still numbers, as tests of means take them.
LEAST, MOST = 1e-30, 1e30


@dataclass(frozen=True)
class Objective:
    """By what options are ranked; less is better.

    Attributes
    ----------
    weights : tuple of (str, float)
        Cost of a unit of each outcome, 0 or from 1e-30 to 1e30 in size; none for the default, open
        war and then deaths.
    """

    weights: tuple[tuple[str, float], ...] = ()

    @classmethod
    def of(cls, weights: object) -> Objective:
        """Take weights by outcome: a mapping of str to float, or None for none.

        Raises
        ------
        InputError
            Where they are something else, a weight is no such number, or all are 0.
        """
        if weights is None:
            return cls()
        if not isinstance(weights, Mapping):
            raise InputError(f"{weights!r} says no weights", key=KEY, allowed="weights by outcome")
        pairs = tuple((name, _weight(name, weight)) for name, weight in weights.items())
        if pairs and not any(weight for _, weight in pairs):
            raise InputError("no weight differs from 0: nothing to rank by", key=KEY)
        return cls(pairs)

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the criteria, the first first."""
        return (SUM,) if self.weights else DEFAULT

    def criteria(self, futures: Futures) -> list[np.ndarray]:
        """Return each criterion replicate by replicate, shape (replicates,).

        Raises
        ------
        InputError
            Where there is no such outcome, or it has no mean.
        """
        if not self.weights:
            return [futures.values(name) for name in DEFAULT]
        total = np.zeros(len(futures.outcomes))
        for name, weight in self.weights:
            if name.endswith(FIRST):
                raise InputError(f"{name!r} is a median, which adds up to nothing", key=KEY)
            try:
                values = futures.values(name)
            except InputError as error:
                raise InputError(
                    error.problem, key=KEY, allowed=error.allowed, nearest=error.nearest
                ) from None
            total += weight * values.astype(np.float64)
        return [total]

    def __str__(self) -> str:
        """Say what less of is better."""
        if not self.weights:
            return "P(open war), then expected deaths"
        terms = [f"{'-' if w < 0 else '+'} {abs(w):g} x {name}" for name, w in self.weights]
        first = terms[0].removeprefix("+ ").replace("- ", "-", 1)
        return " ".join([first, *terms[1:]])


def ends_with_war(outcome: str) -> bool:
    """Tell whether an outcome counts what goes on in open war, which no history shows: dead, force.

    Examples
    --------
    >>> [ends_with_war(name) for name in ("iran_dead", "us_force_7d", "settlement")]
    [True, True, False]
    """
    return outcome.endswith("dead") or FORCE in outcome or outcome in OF_FORCE


def _weight(name: object, weight: object) -> float:
    """Check a name and its weight."""
    if not isinstance(name, str):
        raise InputError(f"no such outcome {name!r}", key=KEY, allowed="names of outcomes")
    if isinstance(weight, (int, float, np.integer, np.floating)) and not isinstance(weight, bool):
        with suppress(OverflowError):
            if weight == 0 or LEAST <= abs(float(weight)) <= MOST:
                return float(weight)
    allowed = f"a finite number: 0, or from {LEAST:g} to {MOST:g} in size"
    raise InputError(f"{weight!r} is no weight of {name}", key=KEY, allowed=allowed)
