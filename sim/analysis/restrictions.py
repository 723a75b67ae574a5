"""Restrictions of factors, and the boxes of design points that they leave."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy import stats

from sim.analysis import intervals
from sim.analysis.indices import none_if_nan
from sim.analysis.intervals import Estimate

if TYPE_CHECKING:
    import pandas as pd

AT_LEAST, AT_MOST, AMONG = "at least", "at most", "among"


@dataclass(frozen=True, slots=True)
class Restriction:
    """One limit on one factor.

    Attributes
    ----------
    factor : str
    side : str
        at least, at most, or among.
    limit : float or tuple
        The limit; of among, the texts or booleans.
    p : float
        Quasi-p-value: how often the box would hold so many points of interest if this limit did
        nothing, in the half of the points that the box was found in [@bryant2010].
    held_p : float
        The same in the other half, where it is a p-value.
    repeated : float
        Share of resamples in which a box limits the factor on this side; nan without resamples.
    low, high : float
        Least and largest limit in those resamples.
    """

    factor: str
    side: str
    limit: Any
    p: float = np.nan
    held_p: float = np.nan
    repeated: float = np.nan
    low: float = np.nan
    high: float = np.nan

    def keeps(self, levels: pd.DataFrame) -> np.ndarray:
        """Tell which points it leaves in."""
        column = levels[self.factor]
        if self.side == AMONG:
            return column.isin(list(self.limit)).to_numpy()
        numbers = column.to_numpy(np.float64)
        return np.asarray(numbers >= self.limit if self.side == AT_LEAST else numbers <= self.limit)

    def __str__(self) -> str:
        """Say it in words."""
        if self.side != AMONG:
            return f"{self.factor} is {self.side} {self.limit:.3g}"
        texts = [str(x).lower() if isinstance(x, bool) else str(x) for x in self.limit]
        return f"{self.factor} is {' or '.join(texts)}"

    def to_dict(self) -> dict[str, Any]:
        """Return the fields, for JSON."""
        limit = list(self.limit) if self.side == AMONG else self.limit
        numbers = ("p", "held_p", "repeated", "low", "high")
        return {
            "factor": self.factor,
            "side": self.side,
            "limit": limit,
            **{name: none_if_nan(getattr(self, name)) for name in numbers},
        }


@dataclass(frozen=True, slots=True)
class Box:
    """Design points within some restrictions, counted in the half that they were not found in.

    Attributes
    ----------
    restrictions : tuple of Restriction
    density : Estimate
        Share of its points that are of interest.
    before : Estimate
        The same share of the points that it was sought in: all, or those outside earlier boxes.
    coverage : Estimate
        Share of all points of interest that lie in it.
    mass : float, 0..1
        Share of all points that lie in it.
    mean, elsewhere : Estimate
        The outcome's mean over its points, and over the others that it was sought in.
    found_density : float, 0..1
        The density in the half that it was found in, which flatters it.
    p : float
        How often points that are of interest by chance alone would fill it so (Fisher's exact test
        in the other half), for all boxes sought.
    told : bool
        Whether the other half bears it out.
    """

    restrictions: tuple[Restriction, ...]
    density: Estimate
    before: Estimate
    coverage: Estimate
    mass: float
    mean: Estimate
    elsewhere: Estimate
    found_density: float
    p: float
    told: bool

    def __str__(self) -> str:
        """Say its restrictions in words."""
        limits = {(r.factor, r.side): r.limit for r in self.restrictions}
        told = []
        for r in self.restrictions:
            low, high = (limits.get((r.factor, side)) for side in (AT_LEAST, AT_MOST))
            if low is None or high is None:
                told.append(str(r))
            else:
                told.append(f"{r.factor} is between {low:.3g} and {high:.3g}")
        return " and ".join(dict.fromkeys(told))

    def to_dict(self) -> dict[str, Any]:
        """Return the fields, for JSON."""
        return {
            "says": str(self),
            "told": self.told,
            "p": self.p,
            "density": self.density.to_dict(),
            "before": self.before.to_dict(),
            "coverage": self.coverage.to_dict(),
            "mass": self.mass,
            "mean": self.mean.to_dict(),
            "elsewhere": self.elsewhere.to_dict(),
            "found_density": self.found_density,
            "restrictions": [restriction.to_dict() for restriction in self.restrictions],
        }


def inside(levels: pd.DataFrame, restrictions: Sequence[Restriction]) -> np.ndarray:
    """Tell which points all of the restrictions leave in."""
    kept = np.ones(len(levels), np.bool_)
    for restriction in restrictions:
        kept &= restriction.keeps(levels)
    return kept


def quasi_p(
    levels: pd.DataFrame, interest: np.ndarray, restrictions: Sequence[Restriction]
) -> list[float]:
    """Return how often each restriction would do as much if it did nothing [@bryant2010].

    One-sided binomial: at least as many points of interest in the box as there are, each point
    being one with the chance that it has in the box without that restriction.
    """
    kept = inside(levels, restrictions)
    n, hits = int(kept.sum()), int(interest[kept].sum())
    found = []
    for k in range(len(restrictions)):
        wider = inside(levels, [r for j, r in enumerate(restrictions) if j != k])
        chance = float(interest[wider].mean()) if wider.any() else 0.0
        found.append(float(stats.binom.sf(hits - 1, n, chance)) if n else 1.0)
    return found


@dataclass(frozen=True)
class Half:
    """Half of the design points.

    Attributes
    ----------
    levels : DataFrame, shape (points, factors)
    interest : bool array, shape (points,)
    outcome : float array, shape (points,)
    shares : bool
        Whether these are shares, of which a mean's interval ends at 0 and 1.
    """

    levels: pd.DataFrame
    interest: np.ndarray
    outcome: np.ndarray
    shares: bool = False

    def __len__(self) -> int:
        return len(self.interest)

    def rows(self, chosen: np.ndarray) -> Half:
        """Return some of the points, by a mask or by their places."""
        places = np.arange(len(self))[chosen]
        levels, interest = self.levels.iloc[places], self.interest[places]
        return Half(levels, interest, self.outcome[places], self.shares)

    def mean(self, chosen: np.ndarray) -> Estimate:
        """Estimate the outcome's mean over some of the points."""
        if not chosen.any():
            return Estimate(np.nan, np.nan, np.nan, 0, "normal")
        found = intervals.mean(self.outcome[chosen])
        return intervals.clipped(found) if self.shares else found


def counted(
    restrictions: tuple[Restriction, ...],
    found: Half,
    held: Half,
    whole: Half,
    sought: int,
    alpha: float,
) -> Box:
    """Count a box in the half that it was not found in.

    Parameters
    ----------
    restrictions : tuple of Restriction
    found, held : Half
        The points that it was found in, and those of the other half, outside earlier boxes.
    whole : Half
        All of the other half.
    sought : int
        Boxes for which the p-value has to hold together.
    alpha : float
        A box is told where it lies below this.
    """
    kept = inside(held.levels, restrictions)
    n, hits, every = int(kept.sum()), int(held.interest[kept].sum()), int(held.interest.sum())
    p = min(1.0, sought * float(stats.hypergeom.sf(hits - 1, len(held), every, n)))
    values = quasi_p(held.levels, held.interest, restrictions)
    return Box(
        tuple(replace(r, held_p=q) for r, q in zip(restrictions, values, strict=True)),
        _share(hits, n),
        _share(every, len(held)),
        _share(hits, int(whole.interest.sum())),
        n / len(whole),
        held.mean(kept),
        held.mean(~kept),
        float(found.interest[inside(found.levels, restrictions)].mean()),
        p,
        p < alpha,
    )


def _share(hits: int, n: int) -> Estimate:
    return intervals.share(hits, n) if n else Estimate(np.nan, np.nan, np.nan, 0, "wilson")
