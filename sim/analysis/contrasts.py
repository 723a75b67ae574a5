"""Designs whose points are chosen, not drawn: one factor at a time, and all combinations.

Nothing is sampled but the histories at each point, so that the intervals hold Monte Carlo noise
alone.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import stats

from sim.analysis import intervals
from sim.analysis.indices import Index
from sim.analysis.intervals import Difference, Estimate
from sim.analysis.multiple import holm
from sim.analysis.sample import RESAMPLES, Sample, normal
from sim.errors import InputError
from sim.experiment.design import BASELINE

#: Compares two points by what is known of their replicates, the second minus the first.
Paired = Callable[[int, int], Difference]


@dataclass(frozen=True, slots=True)
class Swing:
    """How far a factor moves the outcome, from one end of its levels to the other.

    Attributes
    ----------
    factor : str
    low, high : number, bool or str
        Its levels: the lowest and highest number, or the texts with the least and the largest
        outcome.
    at_low, at_high : float
        The outcome there.
    change : Estimate
        ``at_high - at_low``.
    """

    factor: str
    low: Any
    high: Any
    at_low: float
    at_high: float
    change: Estimate

    def to_dict(self) -> dict[str, Any]:
        """Return the fields, for JSON."""
        ends = {"low_level": self.low, "high_level": self.high}
        values = {"at_low": self.at_low, "at_high": self.at_high}
        return {"factor": self.factor, **ends, **values, **self.change.to_dict()}


def one_at_a_time(
    sample: Sample, paired: Paired | None = None
) -> tuple[list[Index], tuple[Swing, ...]]:
    """Estimate the change of the outcome along each factor, all others at the baseline.

    p: normal, of shares from the interval; Holm's over the factors; of texts, for all pairs of
    levels that could have been the ends.

    Parameters
    ----------
    sample : Sample
        The baseline, then each factor alone at its levels.
    paired : callable, optional
        Compares two points: history by history, or as independent shares.  Without it the points
        count as independent and normal, which is too wide where they share their luck: what chance
        does to both cancels out.

    Raises
    ------
    InputError
        Where the points are not of that kind.
    """
    same = sample.levels.eq(sample.levels.iloc[BASELINE], axis=1)
    if np.any((~same).sum(axis=1) > 1):
        raise InputError("a design point differs from the first in more than one factor")
    found, tails = [], []
    for name in sample.names:
        places = np.flatnonzero(same.drop(columns=name).all(axis=1))
        low, high, compared = _ends(sample, name, places)
        if paired is None:
            value = sample.estimate[high] - sample.estimate[low]
            se = float(np.sqrt(sample.variance[high] + sample.variance[low]))
            change = normal(value, se, 2, "normal")
        else:
            change = paired(low, high).estimate
        found.append(_swing(sample, name, low, high, change))
        tails.append(min(1.0, compared * tail(change)))
    p = holm(np.array(tails))
    indices = [
        Index(swing.factor, "swing", swing.change, float(q), swing.change.mean)
        for swing, q in zip(found, p, strict=True)
    ]
    return indices, tuple(found)


def _ends(sample: Sample, name: str, places: np.ndarray) -> tuple[int, int, int]:
    """Return the points at both ends of a factor, and how many pairs could have been."""
    numbers = sample.numbers(name)
    if numbers is not None:
        own = numbers[places]
        return int(places[own.argmin()]), int(places[own.argmax()]), 1
    own = sample.estimate[places]
    pairs = len(places) * (len(places) - 1) // 2
    return int(places[own.argmin()]), int(places[own.argmax()]), max(pairs, 1)


def _swing(sample: Sample, name: str, low: int, high: int, change: Estimate) -> Swing:
    levels = sample.levels[name]
    return Swing(
        name,
        _plain(levels.iloc[low]),
        _plain(levels.iloc[high]),
        float(sample.estimate[low]),
        float(sample.estimate[high]),
        change,
    )


def _plain(level: Any) -> Any:
    """Return a level as Python has it."""
    return level.item() if isinstance(level, np.generic) else level


def tail(change: Estimate) -> float:
    """Return how often chance alone moves an outcome as far, either way."""
    if np.isnan(change.low):
        return 1.0
    if change.half_width == 0:
        return float(change.mean == 0)
    # The middle of an adjusted interval is not its estimate.
    middle = (change.low + change.high) / 2
    z = abs(middle) / change.half_width * intervals.z_score(intervals.LEVEL)
    return float(2 * stats.norm.sf(z))


def factorial(sample: Sample, seed: int = 1) -> tuple[list[Index], tuple[Swing, ...]]:
    """Share out the variance over a full grid among its factors, all levels as probable.

    `first_order` is the variance of the means at a factor's levels over that of all points, `total`
    the mean variance along the factor, all others fixed, over the same.  Both are exact for the
    grid but for Monte Carlo noise, which is taken out where it is independent from point to point.
    A swing is the difference of the means at its ends.

    Intervals: normal, their width from noise added anew, cut off at 0 and 1; of swings, as wide as
    their noise.  p of `total`: the variance along the factor against that of noise alone, a scaled
    chi-square [@satterthwaite1946], Holm's over the factors.  Where the noise is not known there
    are no intervals, and p is 1: nothing is told.

    Randomness: PCG64 from `seed`.

    Raises
    ------
    InputError
        Where a combination is missing or stands twice.
    """
    grid, codes = _grid(sample)
    unknown = bool(np.isnan(sample.variance).any())
    known = np.nan_to_num(sample.variance)
    rng = np.random.default_rng(seed)
    noise = np.empty((RESAMPLES, *grid.shape))
    noise.reshape(RESAMPLES, -1)[:, np.ravel_multi_index(codes, grid.shape)] = rng.normal(
        size=(RESAMPLES, len(sample))
    ) * np.sqrt(known)
    taken = 0.0 if sample.common else float(known.mean())
    indices: list[Index] = []
    found, tails = [], []
    for axis, name in enumerate(sample.names):
        for measure in ("total", "first_order"):
            value = _share(grid[None], axis, measure, taken)[0]
            raw = _share(grid[None], axis, measure, 0.0)[0]
            spread = np.nan
            if not unknown:
                spread = _share(grid + noise, axis, measure, taken).std(ddof=1)
            estimate = intervals.clipped(normal(value, spread, len(sample), "parametric bootstrap"))
            indices.append(Index(name, measure, estimate, np.nan, float(raw)))
        beyond = _noise_tail(_along(grid[None], axis)[0], _along(noise, axis))
        tails.append(1.0 if unknown else beyond)
        found.append(_mean_swing(sample, name))
    p = dict(zip(sample.names, holm(np.array(tails)), strict=True))
    told = [
        Index(i.factor, i.measure, i.estimate, float(p[i.factor]), i.raw)
        if i.measure == "total"
        else i
        for i in indices
    ]
    told += [Index(s.factor, "swing", s.change, np.nan, s.change.mean) for s in found]
    return told, tuple(found)


def _grid(sample: Sample) -> tuple[np.ndarray, tuple[np.ndarray, ...]]:
    """Return the estimates on the grid of all levels, and each point's place in it."""
    import pandas as pd

    codes = tuple(pd.factorize(sample.levels[name])[0] for name in sample.names)
    shape = tuple(int(own.max()) + 1 for own in codes)
    places = np.ravel_multi_index(codes, shape)
    if len(sample) != np.prod(shape) or len(np.unique(places)) < len(sample):
        raise InputError(
            f"{len(sample):,} design points are no grid of {' x '.join(map(str, shape))} levels"
        )
    grid = np.empty(shape)
    grid.ravel()[places] = sample.estimate
    return grid, codes


def _along(grids: np.ndarray, axis: int) -> np.ndarray:
    """Return the mean variance along a factor, the others fixed; a value a grid."""
    variance = grids.var(axis=axis + 1)
    return np.asarray(variance.reshape(len(grids), -1).mean(axis=1))


def _share(grids: np.ndarray, axis: int, measure: str, taken: float) -> np.ndarray:
    """Return a factor's share of the variance of each grid, noise of variance `taken` left out."""
    size, levels = grids[0].size, grids.shape[axis + 1]
    whole = grids.reshape(len(grids), -1).var(axis=1) - taken * (1 - 1 / size)
    if measure == "total":
        part = _along(grids, axis) - taken * (1 - 1 / levels)
    else:
        others = tuple(k + 1 for k in range(grids.ndim - 1) if k != axis)
        part = grids.mean(axis=others).var(axis=1) - taken * (levels - 1) / size
    return np.asarray(np.divide(part, whole, out=np.zeros_like(part), where=whole > 0))


def _noise_tail(value: float, noise: np.ndarray) -> float:
    """Return how often noise alone varies as much."""
    mean, variance = float(noise.mean()), float(noise.var(ddof=1))
    if variance == 0:
        return float(value == 0)
    return float(stats.chi2.sf(value * 2 * mean / variance, 2 * mean**2 / variance))


def _mean_swing(sample: Sample, name: str) -> Swing:
    """Compare the means over all points at both ends of a factor."""
    import pandas as pd

    numbers = sample.numbers(name)
    codes = pd.factorize(sample.levels[name])[0]
    held = np.bincount(codes)
    means = np.bincount(codes, sample.estimate) / held
    by = means if numbers is None else np.bincount(codes, numbers) / held
    low, high = int(by.argmin()), int(by.argmax())
    variances = np.bincount(codes, sample.variance) / held**2
    se = float(np.sqrt(variances[low] + variances[high]))
    change = normal(means[high] - means[low], se, len(sample), "normal")
    levels = sample.levels[name]
    at_low, at_high = (_plain(levels.iloc[int(np.argmax(codes == end))]) for end in (low, high))
    return Swing(name, at_low, at_high, float(means[low]), float(means[high]), change)
