"""Estimates with their Monte Carlo intervals.

Shares: Wilson's score interval [@wilson1927].  Means: normal theory.  Quantiles: order statistics,
free of any distribution [@david2003].  Paired differences of shares: Agresti and Min's adjusted
interval, which stays honest where few pairs differ [@agresti2005]; of means: normal theory on the
differences.  Differences of shares of independent histories: Newcombe's interval from Wilson's of
both [@newcombe1998].
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from scipy import stats

LEVEL = 0.95


@dataclass(frozen=True, slots=True)
class Estimate:
    """A statistic with its interval.

    Attributes
    ----------
    mean, low, high : float
        The estimate (a share, a mean or a quantile) and its interval; nan where there is none.
    n : int
        Replicates that it rests on.
    method : str
        wilson, normal, order statistics, paired shares, paired normal or independent shares, or
        what another module calls its own (splitting, worlds, nested and the like); with "clipped"
        where `clipped` cut it off at what is possible.
    """

    mean: float
    low: float
    high: float
    n: int
    method: str

    @property
    def half_width(self) -> float:
        """Half of the interval's width."""
        return (self.high - self.low) / 2

    def to_dict(self) -> dict[str, float | int | str | None]:
        """Return the fields, for JSON."""
        # JSON knows no nan and no infinity.
        bounds = {name: getattr(self, name) for name in ("mean", "low", "high")}
        return {
            **{name: value if np.isfinite(value) else None for name, value in bounds.items()},
            "n": self.n,
            "method": self.method,
        }

    @classmethod
    def from_dict(cls, told: Mapping[str, Any]) -> Estimate:
        """Return the estimate that `to_dict` told."""
        names = ("mean", "low", "high")
        mean, low, high = (np.nan if told[name] is None else told[name] for name in names)
        return cls(mean, low, high, told["n"], told["method"])


def z_score(level: float) -> float:
    """Return how many standard errors an interval of normal theory reaches to either side."""
    return float(stats.norm.ppf(0.5 + level / 2))


def simultaneous(level: float, comparisons: int) -> float:
    """Return the level at which each of many intervals must stand for all to hold together.

    Bonferroni's inequality, as Dunn uses it [@dunn1961].

    Examples
    --------
    >>> round(simultaneous(0.95, 100), 6)
    0.9995
    """
    return 1 - (1 - level) / comparisons


def wilson(p: float, n: float, level: float = LEVEL) -> tuple[float, float]:
    """Return Wilson's score interval of a share `p` of `n` trials, which need not be whole."""
    low, high = wilson_band(np.asarray(p), n, level)
    return float(low), float(high)


def wilson_band(
    p: np.ndarray, n: float | np.ndarray, level: float = LEVEL
) -> tuple[np.ndarray, np.ndarray]:
    """Return the lower and upper ends of Wilson's interval for each of many shares, pointwise."""
    z = z_score(level)
    centre = (p + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * np.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    # At the ends the bound is exact; rounding must not push it past.
    return np.where(p == 0, 0.0, centre - half), np.where(p == 1, 1.0, centre + half)


def share(successes: int, n: int, level: float = LEVEL) -> Estimate:
    """Estimate a probability with Wilson's score interval.

    Parameters
    ----------
    successes, n : int, 0 <= successes <= n, n >= 1
    level : float, 0..1
        Coverage.

    Examples
    --------
    >>> round(share(0, 100).high, 4)
    0.037
    """
    p = successes / n
    return Estimate(p, *wilson(p, n, level), n, "wilson")


def mean(values: np.ndarray, level: float = LEVEL) -> Estimate:
    """Estimate a mean, with the interval of normal theory.

    Parameters
    ----------
    values : float array, shape (n,), n >= 1
    level : float, 0..1
    """
    n = len(values)
    centre = float(np.mean(values, dtype=np.float64))
    if n < 2:
        return Estimate(centre, np.nan, np.nan, n, "normal")
    half = z_score(level) * float(np.std(values, ddof=1, dtype=np.float64)) / math.sqrt(n)
    return Estimate(centre, centre - half, centre + half, n, "normal")


def clipped(estimate: Estimate, least: float = 0.0, most: float = 1.0) -> Estimate:
    """Cut an interval off at what is possible, but never short of the estimate itself.

    Examples
    --------
    >>> clipped(Estimate(0.998, 0.993, 1.002, 50, "normal")).high
    1.0
    """
    low = max(estimate.low, min(least, estimate.mean))
    high = min(estimate.high, max(most, estimate.mean))
    if np.isnan(low) or (low, high) == (estimate.low, estimate.high):
        return estimate
    return replace(estimate, low=low, high=high, method=f"{estimate.method}, clipped")


def quantile(values: np.ndarray, q: float = 0.5, level: float = LEVEL) -> Estimate:
    """Estimate a quantile, with the interval between two order statistics.

    Coverage is at least `level` whatever the distribution, ties and infinite values included. Where
    the sample is too small for that, as one of five is for a median at 95 %, there is no interval.

    Parameters
    ----------
    values : float array, shape (n,)
    q : float, 0..1

    Examples
    --------
    >>> quantile(np.arange(5.0)).low, quantile(np.arange(6.0)).low
    (nan, 0.0)
    """
    n = len(values)
    if n == 0:
        return Estimate(np.nan, np.nan, np.nan, 0, "order statistics")
    ordered = np.sort(values)
    centre = float(ordered[min(int(np.ceil(q * n)) - 1 if q > 0 else 0, n - 1)])
    below, above, reached = ranks(np.array([n]), q, level)
    if not reached[0]:
        return Estimate(centre, np.nan, np.nan, n, "order statistics")
    low, high = float(ordered[below[0] - 1]), float(ordered[above[0] - 1])
    return Estimate(centre, low, high, n, "order statistics")


def ranks(
    n: np.ndarray, q: float = 0.5, level: float = LEVEL
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Choose the two order statistics that hold a quantile between them [@david2003].

    Equal tails, at the extremes where the sample is too small for those.

    Parameters
    ----------
    n : int array
        Sizes of samples.
    q : float, 0..1
    level : float, 0..1

    Returns
    -------
    low, high : int arrays
        Ranks from 1 to n.
    reached : bool array
        Whether what lies between them covers the quantile as often as `level` says.
    """
    some, tail = np.maximum(n, 1), (1 - level) / 2
    low = np.maximum(stats.binom.ppf(tail, some, q), 1).astype(np.int64)
    high = np.minimum(stats.binom.ppf(1 - tail, some, q) + 1, some).astype(np.int64)
    covers = stats.binom.cdf(high - 1, some, q) - stats.binom.cdf(low - 1, some, q)
    return low, high, (n > 0) & (covers >= level)


@dataclass(frozen=True, slots=True)
class Difference:
    """A paired difference, other minus base.

    Attributes
    ----------
    base, other : float
        The two estimates.
    estimate : Estimate
        Their difference, paired replicate by replicate.
    variance_ratio : float
        Variance of the difference between independent ensembles of this size, over that of the
        paired one: how many times the replicates that pairing saves.  nan where nothing differs.
    """

    base: float
    other: float
    estimate: Estimate
    variance_ratio: float

    def to_dict(self) -> dict[str, float | int | str | None]:
        """Return the fields, for JSON."""
        ratio = self.variance_ratio if np.isfinite(self.variance_ratio) else None
        estimates = {"a": self.base, "b": self.other}
        return {**estimates, **self.estimate.to_dict(), "variance_ratio": ratio}


def difference(base: np.ndarray, other: np.ndarray, level: float = LEVEL) -> Difference:
    """Estimate the mean of ``other - base`` over pairs that share their streams.

    Of shares never outside -1 to 1.

    Parameters
    ----------
    base, other : bool or float arrays, shape (n,), n >= 2
        The same outcome of the same replicates in two scenarios.
    """
    n = len(base)
    pairs = other.astype(np.float64) - base.astype(np.float64)
    unpaired = float(np.var(base, ddof=1) + np.var(other, ddof=1))
    paired = float(np.var(pairs, ddof=1))
    if base.dtype == np.bool_:
        # Agresti and Min: half a pair more in each of the four cells.
        up, down = int(np.sum(pairs > 0)) + 0.5, int(np.sum(pairs < 0)) + 0.5
        size = n + 2
        centre = (up - down) / size
        half = z_score(level) * np.sqrt(up + down - (up - down) ** 2 / size) / size
        # The half pairs push it past what two shares can differ by, where all pairs differ.
        low, high = max(float(centre - half), -1.0), min(float(centre + half), 1.0)
        estimate = Estimate(float(pairs.mean()), low, high, n, "paired shares")
    else:
        plain = mean(pairs, level)
        estimate = Estimate(plain.mean, plain.low, plain.high, n, "paired normal")
    ratio = unpaired / paired if paired > 0 else float("nan")
    return Difference(
        float(np.mean(base, dtype=np.float64)),
        float(np.mean(other, dtype=np.float64)),
        estimate,
        ratio,
    )


def independent_shares(base: float, n: int, other: float, m: int) -> Difference:
    """Estimate ``other - base`` of shares of histories that share no luck [@newcombe1998].

    Never outside -1 to 1, and never of width 0, not even where both shares are the same at an end.

    Parameters
    ----------
    base, other : float, 0..1
    n, m : int, >= 1
        The histories that each rests on.

    Examples
    --------
    >>> found = independent_shares(48 / 80, 80, 56 / 70, 70).estimate
    >>> round(found.low, 4), round(found.high, 4)
    (0.0524, 0.3339)
    """
    (low, high), (least, most) = wilson(base, n), wilson(other, m)
    gap = other - base
    down = float(np.hypot(other - least, high - base))
    up = float(np.hypot(most - other, base - low))
    estimate = Estimate(gap, gap - down, gap + up, min(n, m), "independent shares")
    return Difference(base, other, estimate, 1.0)
