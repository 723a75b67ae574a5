"""What a factor counts for, and how sure its place among the factors is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.analysis.intervals import Estimate
from sim.analysis.multiple import ALPHA

#: What indices are computed by.
SOBOL, SWINGS, FACTORIAL, GIVEN = "sobol", "swings", "factorial", "given"


@dataclass(frozen=True, slots=True)
class Index:
    """One measure of one factor.

    Attributes
    ----------
    factor : str
    measure : str
        total, first_order, share, swing, pawn, spearman or prcc.
    estimate : Estimate
        With its 95 % interval; `n` counts design points.
    p : float
        Chance that a factor without effect, the strongest of all such, would do as much; nan where
        the measure is no test.
    raw : float
        The value before Monte Carlo noise was allowed for.
    dummy : float
        What the estimate must exceed for its own test to tell it from the strongest of all factors
        without effect; nan where the test has no such level.
    """

    factor: str
    measure: str
    estimate: Estimate
    p: float
    raw: float
    dummy: float = np.nan

    def to_dict(self) -> dict[str, Any]:
        """Return the fields, for JSON."""
        return {
            "factor": self.factor,
            "measure": self.measure,
            **self.estimate.to_dict(),
            "p": none_if_nan(self.p),
            "raw": none_if_nan(self.raw),
            "dummy": none_if_nan(self.dummy),
        }


@dataclass(frozen=True, slots=True)
class Pair:
    """What two factors do together beyond what each does alone: a second-order index.

    Attributes
    ----------
    factors : tuple of str and str
    estimate : Estimate
    p : float
        As an index has it, over all pairs.
    """

    factors: tuple[str, str]
    estimate: Estimate
    p: float

    @property
    def told(self) -> bool:
        """Whether it can be told from none."""
        return self.p < ALPHA

    def to_dict(self) -> dict[str, Any]:
        """Return the fields, for JSON."""
        return {"factors": list(self.factors), **self.estimate.to_dict(), "p": none_if_nan(self.p)}


@dataclass(frozen=True, slots=True)
class Standing:
    """A factor's place in the ranking.

    Attributes
    ----------
    factor : str
    told : bool
        Whether it can be told from a factor without effect.
    first, last : int
        The places, from 1, that its interval allows.
    """

    factor: str
    told: bool
    first: int
    last: int

    @property
    def settled(self) -> bool:
        """Whether one place alone is possible."""
        return self.first == self.last


def standings(by: Sequence[Index], indices: Sequence[Index]) -> tuple[Standing, ...]:
    """Rank the factors by one measure, the largest size first.

    One factor stands above another where their intervals do not overlap; whatever overlaps may
    stand in either order.  A factor is told from none where any of its tests says so.

    Parameters
    ----------
    by : sequence of Index
        The measure that ranks, an index a factor.
    indices : sequence of Index
        All measures; their p-values are adjusted for one another.
    """
    sizes = np.array([size_of(index.estimate) for index in by])
    told = {index.factor for index in indices if index.p < ALPHA}
    order = sorted(range(len(by)), key=lambda k: (by[k].factor not in told, -sizes[k, 0]))
    return tuple(
        Standing(
            by[k].factor,
            by[k].factor in told,
            1 + int(np.sum(sizes[:, 1] > sizes[k, 2])),
            len(by) - int(np.sum(sizes[:, 2] < sizes[k, 1])),
        )
        for k in order
    )


def size_of(estimate: Estimate) -> tuple[float, float, float]:
    """Return how large a value is without its sign, and the interval of that."""
    low, high = sorted((abs(estimate.low), abs(estimate.high)))
    return abs(estimate.mean), 0.0 if estimate.low <= 0 <= estimate.high else low, high


def none_if_nan(value: float) -> float | None:
    """Return a number that JSON knows."""
    return value if np.isfinite(value) else None
