"""Intervals of probabilities that were estimated by splitting.

Each replicate gives an independent number, 0 or more, whose mean is the probability.  Such numbers
are skewed, so the interval of normal theory would be too low; Wilson's, at the size of the sample
of plain histories that would vary as much, leans to the upper side as it should [@wilson1927].
"""

from __future__ import annotations

import numpy as np
from scipy import stats

from sim.analysis.intervals import LEVEL, Difference, Estimate, wilson

METHOD = "splitting"


def equivalent(account: np.ndarray) -> float:
    """Return how many plain histories would estimate the probability as surely.

    ``p (1 - p) n / variance``; n where the sample never varied.

    Parameters
    ----------
    account : float array, shape (n,), n >= 2
        What each replicate estimates.
    """
    n, p = len(account), float(np.mean(account))
    spread = float(np.var(account, ddof=1))
    return p * (1 - p) * n / spread if spread > 0.0 else float(n)


def probability(account: np.ndarray, level: float = LEVEL) -> Estimate:
    """Estimate the mean of `account`, with its interval.

    Parameters
    ----------
    account : float array, shape (n,), n >= 2
    level : float, 0..1
        Coverage.
    """
    p = float(np.mean(account))
    return Estimate(p, *wilson(p, equivalent(account), level), len(account), METHOD)


def difference(base: np.ndarray, other: np.ndarray, level: float = LEVEL) -> Difference:
    """Estimate ``other - base``, replicate by replicate on common streams: Student's interval.

    Parameters
    ----------
    base, other : float array, shape (n,), n >= 2
        What each replicate estimates.
    level : float, 0..1
        Coverage.
    """
    pairs = other - base
    n = len(pairs)
    centre = float(np.mean(pairs))
    paired = float(np.var(pairs, ddof=1))
    apart = float(np.var(base, ddof=1) + np.var(other, ddof=1))
    half = float(stats.t.ppf(0.5 + level / 2, n - 1) * np.sqrt(paired / n))
    estimate = Estimate(centre, centre - half, centre + half, n, f"paired {METHOD}")
    ratio = apart / paired if paired > 0.0 else float("nan")
    return Difference(float(np.mean(base)), float(np.mean(other)), estimate, ratio)
