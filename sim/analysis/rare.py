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

    ``p (1 - p) n / variance``; n where the sample never varied, or where its mean is 1 or more.

    Parameters
    ----------
    account : float array, shape (n,), n >= 2
        What each replicate estimates.
    """
    n, p = len(account), float(np.mean(account))
    spread = float(np.var(account, ddof=1))
    return p * (1 - p) * n / spread if spread > 0.0 and p < 1.0 else float(n)


def probability(account: np.ndarray, level: float = LEVEL) -> Estimate:
    """Estimate the mean of `account`, with its interval.

    Single replicates may say more than 1, and so may the mean of a few: that is told as 1.

    Parameters
    ----------
    account : float array, shape (n,), n >= 2
    level : float, 0..1
        Coverage.
    """
    p = min(float(np.mean(account)), 1.0)
    return Estimate(p, *wilson(p, equivalent(account), level), len(account), METHOD)


def difference(base: np.ndarray, other: np.ndarray, level: float = LEVEL) -> Difference:
    """Estimate ``other - base``, replicate by replicate on common streams: Student's interval.

    Never outside -1 to 1, except to hold the estimate itself.

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
    low, high = max(centre - half, min(centre, -1.0)), min(centre + half, max(centre, 1.0))
    estimate = Estimate(centre, low, high, n, f"paired {METHOD}")
    ratio = apart / paired if paired > 0.0 else float("nan")
    return Difference(float(np.mean(base)), float(np.mean(other)), estimate, ratio)
