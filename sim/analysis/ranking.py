"""Ranking options by several criteria, in brackets that part what can be told apart.

Every pair of options is tested on every criterion, on common luck: shares by the exact test of
McNemar on the pairs that differ [@mcnemar1947], means as `mean_tests` says.  Holm's procedure
[@holm1979] over all of these tests keeps the chance that even one of them tells apart what is the
same below 5 %, whatever the table's reader compares.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import stats

from sim.analysis.multiple import ALPHA, holm

#: Where fewer pairs differ, the signs must tell two means apart as well.  Where differences are as
#: likely up as down and of one size, Student's test rejects up to 2.5 times as often as it states
#: if 2 to 9 pairs differ (all 4 on one side: 12 %), up to 1.6 times if 10 to 99 do, and as often as
#: it states on average over 100 to 199 (1.2 times at the unluckiest number, at the 5 % level).
FEW = 100


@dataclass(frozen=True)
class Ranking:
    """Options in order, in brackets.

    Attributes
    ----------
    order : tuple of int
        Options, the best first.
    bracket : tuple of int
        Bracket of each option, from 1, in the options' own order; never falls along `order`.
    worse : bool array, shape (criteria, options, options)
        Whether option i is told apart from option j as worse, after Holm.
    tests : int
        How many tests there were.
    means : float array, shape (criteria, options)
    """

    order: tuple[int, ...]
    bracket: tuple[int, ...]
    worse: np.ndarray
    tests: int
    means: np.ndarray

    def first(self, among: Sequence[int]) -> tuple[int, ...]:
        """Return what would be the first bracket of some options alone, by the same tests."""
        pool = list(among)
        return tuple(_members(pool, _core(pool, self.means, self.worse), self.means))


def share_tests(values: np.ndarray) -> np.ndarray:
    """Test every pair of options on a share: McNemar's exact test on the pairs that differ.

    Parameters
    ----------
    values : bool array, shape (options, replicates)

    Returns
    -------
    float64 array, shape (options, options)
        Two-sided p-values; 1 on the diagonal.
    """
    found = values.astype(np.float64)
    both = found @ found.T
    alone = np.diag(both)[:, None] - both
    return _signs(np.rint(alone), np.rint(alone.T))


def mean_tests(values: np.ndarray) -> np.ndarray:
    """Test every pair of options on a mean, by the paired differences.

    The largest of two-sided p-values, so that none of what each overlooks is told: Student's t; t
    after Hall's transformation, which takes out the skewness of the differences [@hall1992]; and,
    where fewer than 100 pairs differ, the exact test of the signs.  What none of them can know of
    is a difference so rare that no replicate shows it [@bahadur1956].

    Parameters
    ----------
    values : float64 array, shape (options, replicates)

    Returns
    -------
    float64 array, shape (options, options)
        1 on the diagonal.
    """
    size, n = values.shape
    p = np.ones((size, size))
    if size == 1:
        return p
    upper = np.triu_indices(size, 1)
    found = [_differences(values[i + 1 :] - values[i]) for i in range(size - 1)]
    mean, variance, skewness, up, down = np.concatenate(found, axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        t = np.where(mean == 0.0, 0.0, np.abs(mean) / np.sqrt(variance / max(n - 1, 1)))
        # Positive where the long tail is on the side of the mean.
        skew = np.sign(mean) * skewness / np.sqrt(n)
        hall = t + skew * (t * t / 3 + 1 / 6) + skew * skew * t**3 / 27
    # Where every replicate differs by the same there is no skewness, and t is infinite.
    least = np.where(np.isfinite(hall), np.clip(hall, 0.0, t), t)
    told = 2.0 * stats.t.sf(least, max(n - 1, 1))
    told = np.where(up + down < FEW, np.maximum(told, _signs(up, down)), told)
    p[upper] = p.T[upper] = told
    return p


def _differences(gaps: np.ndarray) -> np.ndarray:
    """Return mean, variance, skewness, how many are up, and down; shape (5, rows)."""
    mean = gaps.mean(axis=1)
    off = gaps - mean[:, None]
    squares = off * off
    variance = squares.mean(axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        skewness = (squares * off).mean(axis=1) / variance**1.5
    up, down = (gaps > 0.0).sum(axis=1), (gaps < 0.0).sum(axis=1)
    return np.array([mean, variance, skewness, up, down])


def _signs(up: np.ndarray, down: np.ndarray) -> np.ndarray:
    """Test whether differences up are as likely as differences down, exactly; two-sided."""
    fewer = stats.binom.cdf(np.minimum(up, down), up + down, 0.5)
    return np.asarray(np.minimum(1.0, 2.0 * fewer))


def rank(criteria: list[np.ndarray], alpha: float = ALPHA) -> Ranking:
    """Rank options by criteria in order of importance, less being better.

    The core of a bracket: of the options left, those not told from the lowest of the first
    criterion, and of these those not told from the lowest of the next, and so forth; where several
    are lowest, not told from one of them.  Whatever else is left and is estimated to be no worse
    than one of the core on every criterion joins them.  So nothing stands below what it equals or
    beats on everything; but two of one bracket may well be told apart from each other, and what no
    test tells from the first of a bracket may stand below it, where another of the core is lower on
    a later criterion.

    Within a bracket nothing precedes what beats it on everything; then the core comes first, in the
    order of the first criterion, then of the next.  (By the last one first, what nobody wants would
    lead wherever there are too few replicates to tell it apart: open war, which kills nobody short
    of open war.)

    Parameters
    ----------
    criteria : list of arrays, shape (options, replicates)
        Row by row on common luck; bool for shares.
    alpha : float, 0..1
        Chance that anything at all is told apart where nothing differs.
    """
    means = np.array([values.mean(axis=1, dtype=np.float64) for values in criteria])
    p = [(share_tests if c.dtype == np.bool_ else mean_tests)(c) for c in criteria]
    upper = np.triu_indices(means.shape[1], 1)
    rejected = holm(np.concatenate([found[upper] for found in p])) <= alpha
    worse = np.zeros((len(criteria), *p[0].shape), np.bool_)
    for c, told in enumerate(np.split(rejected, len(criteria))):
        apart = np.zeros_like(worse[c])
        apart[upper] = told
        worse[c] = (apart | apart.T) & (means[c][:, None] > means[c][None, :])
    order, bracket = _brackets(means, worse)
    return Ranking(order, bracket, worse, len(rejected), means)


def _brackets(means: np.ndarray, worse: np.ndarray) -> tuple[tuple[int, ...], tuple[int, ...]]:
    no_worse = np.all(means[:, :, None] <= means[:, None, :], axis=0)
    left = list(range(means.shape[1]))
    order: list[int] = []
    bracket = [0] * len(left)
    number = 0
    while left:
        number += 1
        core = _core(left, means, worse)
        members = _members(left, core, means)
        for i in members:
            bracket[i] = number
        order += _ordered(members, core, means, no_worse & ~no_worse.T)
        left = [i for i in left if i not in members]
    return tuple(order), tuple(bracket)


def _members(pool: list[int], core: list[int], means: np.ndarray) -> list[int]:
    """Return the core of a pool, and what is estimated to be no worse than one of it."""
    # No worse than one that joined is no worse than one of the core: once is enough.
    return [i for i in pool if np.any(np.all(means[:, i, None] <= means[:, core], axis=0))]


def _core(pool: list[int], means: np.ndarray, worse: np.ndarray) -> list[int]:
    """Return those not told from the lowest, criterion by criterion."""
    for c, mean in enumerate(means):
        least = mean[pool].min()
        # Where several are lowest, it is enough not to be told from one of them.
        lowest = [i for i in pool if mean[i] == least]
        pool = [i for i in pool if not worse[c, i, lowest].all()]
    return pool


def _ordered(
    members: list[int], core: list[int], means: np.ndarray, beats: np.ndarray
) -> list[int]:
    """Order the members of a bracket."""
    order: list[int] = []
    left = members
    while left:
        free = [i for i in left if not beats[left, i].any()]
        first = min(free, key=lambda i: (i not in core, *means[:, i], i))
        order.append(first)
        left = [i for i in left if i != first]
    return order
