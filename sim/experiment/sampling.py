"""From points of the unit cube to the values of factors."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy import stats
from scipy.stats import qmc

from sim.crisis.experiment import Factor

__all__ = ["latin_hypercube", "quantiles", "saltelli", "sobol"]


def quantiles(factor: Factor, u: np.ndarray) -> list[Any]:
    """Return the quantiles of a factor's distribution; of levels, each is equally probable.

    Parameters
    ----------
    factor : Factor
    u : float array, shape (n,), 0..1
    """
    if factor.distribution is None:
        places = np.minimum((u * len(factor.levels)).astype(int), len(factor.levels) - 1)
        return [factor.levels[k] for k in places]
    if factor.distribution == "integer":
        low, high = int(factor.low or 0), int(factor.high or 0)
        return [int(k) for k in low + np.minimum((u * (high - low + 1)).astype(int), high - low)]
    return [float(x) for x in _frozen(factor).ppf(u)]


def _frozen(factor: Factor) -> Any:
    """Return scipy's distribution of a factor."""
    kind, low, high = factor.distribution, factor.low, factor.high
    if kind == "normal":
        mean, sd = factor.mean or 0.0, factor.sd or 1.0
        if low is None and high is None:
            return stats.norm(mean, sd)
        a = -np.inf if low is None else (low - mean) / sd
        b = np.inf if high is None else (high - mean) / sd
        return stats.truncnorm(a, b, mean, sd)
    if low is None or high is None:
        raise ValueError(f"a {kind} has ends")
    if kind == "uniform":
        return stats.uniform(low, high - low)
    if kind == "log-uniform":
        return stats.loguniform(low, high)
    return stats.triang(((factor.mode or 0.0) - low) / (high - low), low, high - low)


def latin_hypercube(n: int, d: int, seed: int) -> np.ndarray:
    """Return `n` points of a Latin hypercube [@mckay1979], shape (n, d)."""
    return np.asarray(qmc.LatinHypercube(d, rng=np.random.default_rng(seed)).random(n))


def sobol(n: int, d: int, seed: int) -> np.ndarray:
    """Return `n` points, a power of two, of a scrambled Sobol sequence [@owen1998].

    Kept off the faces of the cube, where a normal has no quantile.
    """
    points = qmc.Sobol(d, scramble=True, rng=np.random.default_rng(seed)).random(n)
    edge = 2.0**-31
    return np.asarray(np.clip(points, edge, 1.0 - edge))


def saltelli(n: int, d: int, second_order: bool, seed: int) -> np.ndarray:
    """Return Saltelli's rows of base points and their mixtures [@saltelli2010].

    Returns
    -------
    float array, shape (n * (d + 2), d), or (n * (2 * d + 2), d) with second order
        In the order that SALib's analysis reads.
    """
    base = sobol(n, 2 * d, seed)
    a, b = base[:, :d], base[:, d:]
    blocks = [a]
    for own, other in ((a, b), (b, a)) if second_order else ((a, b),):
        for k in range(d):
            mixed = own.copy()
            mixed[:, k] = other[:, k]
            blocks.append(mixed)
    blocks.append(b)
    return np.stack(blocks, axis=1).reshape(-1, d)
