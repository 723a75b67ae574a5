"""Sobol indices: how the variance over design points is shared out among the factors."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
from scipy import stats

from sim.analysis.indices import Index, Pair
from sim.analysis.intervals import Estimate
from sim.analysis.multiple import holm
from sim.analysis.sample import RESAMPLES, Sample
from sim.errors import InputError

LEAST_BASE = 16
#: Factors beyond which pairs are too many to be told from chance.
MOST_PAIRED = 20


def base_points(points: int, factors: int, second_order: bool) -> int:
    """Return how many base points a Saltelli design has.

    Raises
    ------
    InputError
        Where so many points are none, or too few.
    """
    step = (2 * factors if second_order else factors) + 2
    if points % step or points // step < LEAST_BASE:
        raise InputError(
            f"{points:,} design points are not Saltelli's for {factors} factors",
            allowed=f"a multiple of {step}, from {LEAST_BASE * step:,} on",
        )
    return points // step


def main_rows(points: int, factors: int, second_order: bool) -> np.ndarray:
    """Return the places of Saltelli's matrices A and B: the points drawn independently."""
    step = (2 * factors if second_order else factors) + 2
    firsts = np.arange(0, points, step)
    return np.sort(np.concatenate([firsts, firsts + step - 1]))


def sobol_indices(
    sample: Sample, second_order: bool, noise: float, seed: int = 1, resamples: int = RESAMPLES
) -> tuple[list[Index], list[Pair]]:
    """Estimate first-order and total indices, and of pairs where the design has them.

    First order: the share of the variance that fixing a factor would take away on average; total:
    the share that would be left if all others were fixed [@sobol2001; @saltelli2010].  Noise that
    is independent from point to point is no factor's: with a share s of it, an index S of the
    estimates stands for ``S / (1 - s)``, a total T for ``(T - s) / (1 - s)``, so that a factor
    without effect has a total of 0, not s [@marrel2012]; the uncorrected value is kept as `raw`.
    Where points share their luck, how much of s is in an index is not known: none is taken out, but
    a total has to exceed all of s to be told from none, since a factor that does no more than upset
    the luck has a total as well.

    Intervals: percentiles of the bootstrap over base points, which takes the sequence for
    independent points and is wide for a Sobol sequence [@archer1997].  p: one-sided, normal, of the
    total, Holm's over the factors; a pair's, two-sided.

    Parameters
    ----------
    sample : Sample
        In the order of rows of SALib.sample.sobol [@herman2017].
    second_order : bool
        Whether the design has the rows for pairs.
    noise : float, 0..1
        The share s.
    """
    names = sample.names
    n = base_points(len(sample), len(names), second_order)
    rows, pairs_too = _without_pairs(sample, second_order)
    found = _salib(names, rows, pairs_too, seed, resamples)
    taken = 0.0 if sample.common else noise
    kept = 1.0 - taken
    if kept <= 0:
        raise InputError("all of the variance over design points is Monte Carlo noise")
    first = _scaled(found["S1"], found["S1_conf_all"], 0.0, kept)
    total = _scaled(found["ST"], found["ST_conf_all"], taken, kept)
    spread = total[1].std(axis=0, ddof=1)
    least = noise if sample.common else 0.0
    z = np.divide(total[0] - least, spread, out=np.zeros(len(names)), where=spread > 0)
    p = holm(stats.norm.sf(z))
    indices = [
        *_indices(names, "total", found["ST"], *total, p, n),
        *_indices(names, "first_order", found["S1"], *first, np.full(len(names), np.nan), n),
    ]
    return indices, _pairs(names, found, kept, n) if pairs_too else []


def _without_pairs(sample: Sample, second_order: bool) -> tuple[np.ndarray, bool]:
    """Leave out the rows for pairs where there are too many to compute."""
    d = len(sample.names)
    if not second_order or d <= MOST_PAIRED:
        return sample.estimate, second_order
    blocks = sample.estimate.reshape(-1, 2 * d + 2)
    return np.concatenate([blocks[:, : d + 1], blocks[:, -1:]], axis=1).ravel(), False


def _salib(
    names: tuple[str, ...], rows: np.ndarray, second_order: bool, seed: int, resamples: int
) -> Any:
    from SALib.analyze import sobol

    problem = {"num_vars": len(names), "names": list(names), "bounds": [[0.0, 1.0]] * len(names)}
    with warnings.catch_warnings():
        # A resample may happen to hold one value alone.
        warnings.filterwarnings("ignore", message="Constant values encountered")
        return sobol.analyze(
            problem,
            rows,
            calc_second_order=second_order,
            num_resamples=resamples,
            keep_resamples=True,
            seed=seed + 1,  # 0 would be no seed to it
        )


def _scaled(
    value: np.ndarray, resampled: np.ndarray, taken: float, kept: float
) -> tuple[np.ndarray, np.ndarray]:
    return (value - taken) / kept, (resampled - taken) / kept


def _indices(
    names: tuple[str, ...],
    measure: str,
    raw: np.ndarray,
    value: np.ndarray,
    resampled: np.ndarray,
    p: np.ndarray,
    n: int,
) -> list[Index]:
    low, high = np.quantile(resampled, [0.025, 0.975], axis=0)
    return [
        Index(
            name,
            measure,
            Estimate(float(value[k]), float(low[k]), float(high[k]), n, "bootstrap"),
            float(p[k]),
            float(raw[k]),
        )
        for k, name in enumerate(names)
    ]


def _pairs(names: tuple[str, ...], found: Any, kept: float, n: int) -> list[Pair]:
    places = [(j, k) for j in range(len(names)) for k in range(j + 1, len(names))]
    value = np.array([found["S2"][place] for place in places]) / kept
    half = np.array([found["S2_conf"][place] for place in places]) / kept
    z = stats.norm.ppf(0.975) * np.divide(value, half, out=np.zeros_like(value), where=half > 0)
    p = holm(2 * stats.norm.sf(np.abs(z)))
    return [
        Pair(
            (names[j], names[k]),
            Estimate(float(v), float(v - h), float(v + h), n, "bootstrap"),
            float(q),
        )
        for (j, k), v, h, q in zip(places, value, half, p, strict=True)
    ]
