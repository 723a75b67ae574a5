"""Intervals for ratios: shares of events that come in clusters, and risk ratios of pairs."""

from __future__ import annotations

import numpy as np

from sim.analysis import intervals
from sim.analysis.intervals import Estimate


def clustered_share(
    successes: np.ndarray, trials: np.ndarray, level: float = intervals.LEVEL
) -> Estimate:
    """Estimate a share of trials of which each replicate has several, or none.

    The ratio estimator ``sum(successes) / sum(trials)`` with Wilson's interval at the effective
    sample size, that is the number of independent trials that would give the ratio its linearised
    variance over replicates [@korn1998].

    Parameters
    ----------
    successes, trials : int arrays, shape (replicates,), 0 <= successes <= trials
    level : float, 0..1

    Returns
    -------
    Estimate
        `n` counts the trials.
    """
    n = int(trials.sum())
    if n == 0:
        return Estimate(np.nan, np.nan, np.nan, 0, "clustered")
    p = float(successes.sum()) / n
    clusters = int(np.count_nonzero(trials))
    spread = float(np.sum((successes - p * trials) ** 2)) * clusters / max(clusters - 1, 1)
    # Never more than the trials: clusters that balance by chance are no reason to be surer.
    effective = min(float(n), p * (1 - p) * n * n / spread) if spread > 0 else float(clusters)
    low, high = intervals.wilson(p, effective, level)
    return Estimate(p, low, high, n, "clustered")


def risk_ratio(base: np.ndarray, other: np.ndarray, level: float = intervals.LEVEL) -> Estimate:
    """Estimate P(other) / P(base) over pairs that share their streams.

    The interval is normal on the logarithm, whose variance for pairs of which `both` succeed in
    both and b + c in one is ``(b + c) / (n_base * n_other)``, with n the successes
    [@nam2002].

    Parameters
    ----------
    base, other : bool arrays, shape (n,)
        The same outcome of the same replicates in two scenarios.
    """
    first, second = int(base.sum()), int(other.sum())
    if first == 0 or second == 0:
        return Estimate(np.nan, 0.0, np.inf, len(base), "log ratio")
    half = intervals.z_score(level) * np.sqrt(int(np.sum(base != other)) / (first * second))
    centre = second / first
    low, high = centre * np.exp(-half), centre * np.exp(half)
    return Estimate(centre, float(low), float(high), len(base), "log ratio")
