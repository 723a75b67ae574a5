"""Ranking options by several criteria, those that cannot be told apart together.

Every pair of options is tested on every criterion, on common luck: shares by the exact test of
McNemar on the pairs that differ [@mcnemar1947], means by normal theory on the paired differences.
Holm's procedure [@holm1979] over all of these tests keeps the chance that even one of them tells
apart what is the same below 5 %, whatever the table's reader compares.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import stats

from sim.analysis.multiple import ALPHA, holm


@dataclass(frozen=True)
class Ranking:
    """Options in order, in brackets.

    Attributes
    ----------
    order : tuple of int
        Options, the best first.
    bracket : tuple of int
        Bracket of each option, from 1, in the options' own order.
    worse : bool array, shape (criteria, options, options)
        Whether option i is told apart from option j as worse, after Holm.
    tests : int
        How many tests there were.
    """

    order: tuple[int, ...]
    bracket: tuple[int, ...]
    worse: np.ndarray
    tests: int


def paired_tests(values: np.ndarray, share: bool) -> tuple[np.ndarray, np.ndarray]:
    """Test every pair of options on one criterion, on common luck.

    Parameters
    ----------
    values : float64 array, shape (options, replicates)
    share : bool
        Whether the values are 0 and 1.

    Returns
    -------
    means : float64 array, shape (options,)
    p : float64 array, shape (options, options)
        Two-sided; 1 on the diagonal.
    """
    n = values.shape[1]
    means = values.mean(axis=1)
    centred = values - means[:, None]
    if share:
        both = values @ values.T
        ones = np.diag(both)
        up, down = ones[:, None] - both, ones[None, :] - both
        fewer = np.rint(np.minimum(up, down))
        p = np.minimum(1.0, 2.0 * stats.binom.cdf(fewer, np.rint(up + down), 0.5))
        return means, np.where(up + down == 0, 1.0, p)
    gram = centred @ centred.T
    own = np.diag(gram)
    variance = np.maximum(own[:, None] + own[None, :] - 2.0 * gram, 0.0) / max(n - 1, 1)
    # What is left where two rows are the same is rounding.
    variance[variance <= 1e-12 * (own[:, None] + own[None, :]) / max(n - 1, 1)] = 0.0
    gap = np.abs(means[:, None] - means[None, :])
    with np.errstate(divide="ignore", invalid="ignore"):
        t = np.where(gap > 0.0, gap / np.sqrt(variance / n), 0.0)
    return means, 2.0 * stats.t.sf(t, max(n - 1, 1))


def rank(criteria: list[np.ndarray], alpha: float = ALPHA) -> Ranking:
    """Rank options by criteria in order of importance, less being better.

    Of the options left, those that cannot be told from the best on the first criterion go on to
    the second, and so forth; what remains after the last is a bracket.  So each bracket is told
    apart from the best of the one before, and within one nothing is told from its best.

    Parameters
    ----------
    criteria : list of arrays, shape (options, replicates)
        Row by row on common luck; bool for shares.
    """
    found = [paired_tests(c.astype(np.float64), c.dtype == np.bool_) for c in criteria]
    means = [m for m, _ in found]
    size = len(means[0])
    upper = np.triu_indices(size, 1)
    rejected = holm(np.concatenate([p[upper] for _, p in found])) <= alpha
    worse = np.zeros((len(criteria), size, size), np.bool_)
    for c, told in enumerate(np.split(rejected, len(criteria))):
        apart = np.zeros((size, size), np.bool_)
        apart[upper] = told
        worse[c] = (apart | apart.T) & (means[c][:, None] > means[c][None, :])
    order, bracket = _brackets(means, worse)
    return Ranking(order, bracket, worse, len(rejected))


def _brackets(
    means: list[np.ndarray], worse: np.ndarray
) -> tuple[tuple[int, ...], tuple[int, ...]]:
    left = list(range(len(means[0])))
    order: list[int] = []
    bracket = [0] * len(left)
    number = 0
    while left:
        number += 1
        pool = left
        for c, mean in enumerate(means):
            best = min(pool, key=lambda i: mean[i])
            pool = [i for i in pool if not worse[c, i, best]]
        pool = sorted(pool, key=lambda i: tuple(mean[i] for mean in means))
        for i in pool:
            bracket[i] = number
        order += pool
        left = [i for i in left if i not in pool]
    return tuple(order), tuple(bracket)
