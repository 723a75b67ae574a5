"""Design points and what was estimated at each: where every analysis of a study starts."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from scipy import stats

from sim.analysis import intervals
from sim.analysis.intervals import Estimate
from sim.errors import InputError

if TYPE_CHECKING:
    import pandas as pd

RESAMPLES = 500
LEAST_POINTS = 20
#: Slices that a factor of many levels is cut into, and the points that each holds at least.
MOST_SLICES, LEAST_IN_SLICE = 10, 15
#: How seldom independent factors would look as entangled, before that is told; points a block.
ENTANGLED, BLOCK = 1e-6, 4_096


@dataclass(frozen=True)
class Sample:
    """The points of a design with the estimates of one outcome.

    Attributes
    ----------
    levels : DataFrame, shape (points, factors)
        A column a factor: numbers, booleans or texts.
    estimate : float array, shape (points,)
    variance : float array, shape (points,)
        Square of each estimate's standard error; nan where none is known.
    common : bool
        Whether the points share their luck.
    """

    levels: pd.DataFrame
    estimate: np.ndarray
    variance: np.ndarray
    common: bool = False

    def __len__(self) -> int:
        return len(self.estimate)

    @property
    def names(self) -> tuple[str, ...]:
        """The factors."""
        return tuple(str(name) for name in self.levels.columns)

    def numbers(self, name: str) -> np.ndarray | None:
        """Return a factor's levels as numbers, booleans as 0 and 1; None where they are texts."""
        column = self.levels[name].infer_objects()
        return column.to_numpy(np.float64) if column.dtype.kind in "biuf" else None

    def slices(self, name: str) -> np.ndarray:
        """Cut the points into slices of like level: one a level, or a quantile of many numbers.

        Returns
        -------
        int array, shape (points,)
            Numbers from 0 on, without a gap.

        Raises
        ------
        InputError
            Where a factor has more texts than can be compared.
        """
        import pandas as pd

        codes = pd.factorize(self.levels[name])[0]
        numbers = self.numbers(name)
        if numbers is None:
            if 2 * (codes.max() + 1) > len(self):
                problem = f"its {codes.max() + 1} texts at {len(self)} points cannot be compared"
                raise InputError(problem, key=name)
            return codes
        most = max(2, min(MOST_SLICES, len(self) // LEAST_IN_SLICE))
        if codes.max() < most:
            return codes
        edges = np.quantile(numbers, np.linspace(0, 1, most + 1)[1:-1])
        return np.unique(np.searchsorted(edges, numbers, side="right"), return_inverse=True)[1]

    def rows(self, chosen: np.ndarray) -> Sample:
        """Return some of the points, by a mask or by their places."""
        places = np.arange(len(self))[chosen]
        return replace(
            self,
            levels=self.levels.iloc[places],
            estimate=self.estimate[places],
            variance=self.variance[places],
        )

    def varied(self) -> tuple[Sample, tuple[str, ...]]:
        """Return the sample without the factors that have one level alone, and their names."""
        constant = [name for name in self.names if self.levels[name].nunique() < 2]
        return replace(self, levels=self.levels.drop(columns=constant)), tuple(constant)


def checked(sample: Sample, outcome: str, least: int = LEAST_POINTS) -> Sample:
    """Refuse points that nothing can be learnt from.

    Raises
    ------
    InputError
        Where they are too few, or the outcome or every factor is the same at all of them.
    """
    if len(sample) < least:
        points = "1 design point is" if len(sample) == 1 else f"{len(sample)} design points are"
        raise InputError(f"{points} too few", key=outcome, allowed=f"{least} or more")
    if not np.all(np.isfinite(sample.estimate)):
        missing = int(np.sum(~np.isfinite(sample.estimate)))
        raise InputError(f"has no estimate at {missing:,} design points", key=outcome)
    if np.ptp(sample.estimate) == 0:
        told = f"is {sample.estimate[0]:g} at every design point: nothing moves it"
        raise InputError(told, key=outcome)
    if all(sample.levels[name].nunique() < 2 for name in sample.names):
        raise InputError("has no factor with two levels or more", key=outcome)
    return sample


def entangled(sample: Sample) -> tuple[str, ...]:
    """Say where factors do not vary independently of one another over the points.

    A chi-square of each pair's slices against independence.  Tables of design points that belong
    together have such pairs, and so has a Sobol sequence in many dimensions, whose projections on
    two late ones leave most of the square empty: whatever one factor does is then laid at the
    other's door too, and neither permutations nor a half kept back would tell.

    Returns
    -------
    tuple of str
        A caution, or none.
    """
    names = sample.names
    slices = [sample.slices(name) for name in names]
    sizes = np.array([int(own.max()) + 1 for own in slices])
    first = np.cumsum(sizes) - sizes
    cells = np.array(slices).T + first
    held = np.zeros((sizes.sum(), sizes.sum()))
    for start in range(0, len(sample), BLOCK):
        block = cells[start : start + BLOCK]
        marks = np.zeros((len(block), sizes.sum()), np.float32)
        marks[np.arange(len(block))[:, None], block] = 1.0
        held += marks.T @ marks
    alone = np.diag(held)
    expected = np.outer(alone, alone) / len(sample)
    excess = (held - expected) ** 2 / expected
    chi2 = np.add.reduceat(np.add.reduceat(excess, first, axis=0), first, axis=1)
    tail = np.triu(stats.chi2.logsf(chi2, np.outer(sizes - 1, sizes - 1)), 1)
    pairs = np.argwhere(tail < np.log(ENTANGLED))
    if not len(pairs):
        return ()
    worst = np.unravel_index(int(tail.argmin()), tail.shape)
    return (
        f"{len(pairs):,} pairs of factors do not vary independently over the points, most of all "
        f"{names[worst[0]]} with {names[worst[1]]}: what one does can be taken for the other's",
    )


def noise_share(sample: Sample, seed: int = 1, resamples: int = RESAMPLES) -> Estimate:
    """Estimate how much of the variance over points is Monte Carlo noise of their estimates.

    The mean square of the standard errors over the variance of the estimates, with a bootstrap
    interval over points; never above 1.  Where points
    share their luck this is an upper bound, since what chance does to all of them alike is no
    variance between them.

    Randomness: PCG64 from `seed`.
    """
    n = len(sample)
    if np.any(np.isnan(sample.variance)):
        return Estimate(np.nan, np.nan, np.nan, n, "bootstrap")
    rng = np.random.default_rng(seed)
    counts = rng.multinomial(n, np.full(n, 1 / n), size=resamples).astype(np.float64)
    centred = sample.estimate - sample.estimate.mean()
    noise = counts @ sample.variance / n
    spread = (counts @ centred**2 / n) - (counts @ centred / n) ** 2
    shares = noise[spread > 0] / (spread[spread > 0] * n / (n - 1))
    low, high = np.quantile(np.minimum(shares, 1.0), [0.025, 0.975])
    share = float(sample.variance.mean() / sample.estimate.var(ddof=1))
    return Estimate(min(share, 1.0), float(low), float(high), n, "bootstrap")


def normal(value: float, se: float, n: int, method: str) -> Estimate:
    """Return an estimate with the interval of normal theory."""
    half = intervals.z_score(intervals.LEVEL) * se
    return Estimate(float(value), float(value - half), float(value + half), n, method)
