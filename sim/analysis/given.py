"""What points drawn from any design tell of their factors.

Three questions, each with its test: does the outcome's mean change from slice to slice of a
factor's levels (`first_order`, the share of variance that it explains alone), does anything of its
distribution change (`pawn`), and does it rise or fall throughout (`prcc`, and where that cannot be
computed `spearman`)?
"""

from __future__ import annotations

import numpy as np
from scipy import stats

from sim.analysis.indices import Index
from sim.analysis.intervals import Estimate
from sim.analysis.multiple import ALPHA, holm
from sim.analysis.sample import Sample, normal

#: Dummies that a factor has to surpass: the strongest factor of each of so many permutations.
PERMUTATIONS = 199
#: Bootstrap resamples of PAWN.
FEW = 100
#: Quantiles of the outcome at which distributions are compared.
GRID = 512
#: Points beyond the number of factors that a partial correlation asks for.
SPARE = 10
#: Tests that each factor is put to.
TESTS = 3


def given_data(sample: Sample, noise: float, seed: int = 1) -> tuple[list[Index], list[str]]:
    """Estimate what every factor counts for from the points as they are.

    The p-values hold for all factors and all three tests together: those of `first_order` and
    `pawn` by the strongest of all factors in each of 199 permutations of the outcome
    [@westfall1993], that of `prcc`, or of `spearman` where there is no `prcc`, by Holm's method,
    each times three.

    Randomness: PCG64 from `seed`.

    Parameters
    ----------
    sample : Sample
    noise : float, 0..1
        Share of the variance that is Monte Carlo noise; where it is independent from point to point
        it is taken out of `first_order`, whose `raw` is the value before.

    Returns
    -------
    list of Index
    list of str
        What could not be computed, and why.
    """
    slices = [sample.slices(name) for name in sample.names]
    explained, pawn = Explained(slices), Pawn(slices, sample.estimate)
    y = sample.estimate
    rng = np.random.default_rng(seed)
    shuffled = [rng.permutation(len(y)) for _ in range(PERMUTATIONS)]
    p, _ = _against_dummies(explained.z(y), [explained.z(y[order]) for order in shuffled])
    indices = _first_order(sample, explained, p, noise)
    indices += _pawn(sample, pawn, [pawn.indices(order) for order in shuffled], rng)
    ranks, problems = correlations(sample)
    return indices + ranks, problems


class Explained:
    """Shares of variance explained by slices, for outcomes in any order."""

    def __init__(self, slices: list[np.ndarray]) -> None:
        self.slices = slices
        self.counts = [np.bincount(own) for own in slices]

    def z(self, y: np.ndarray) -> np.ndarray:
        """Return the F test of each factor as a normal deviate, comparable across factors."""
        n = len(y)
        centred = y - y.mean()
        whole = float(centred @ centred)
        between = np.array(
            [
                np.sum(np.bincount(own, centred) ** 2 / counts)
                for own, counts in zip(self.slices, self.counts, strict=True)
            ]
        )
        free = np.array([len(counts) - 1 for counts in self.counts])
        within = np.maximum(whole - between, np.finfo(float).tiny) / (n - free - 1)
        tail = stats.f.sf(between / free / within, free, n - free - 1)
        return np.asarray(stats.norm.isf(np.clip(tail, 1e-300, 1 - 1e-16)))

    def share(self, y: np.ndarray, k: int) -> tuple[float, float]:
        """Return the share of variance that factor `k` explains alone, and its standard error.

        Kelley's epsilon squared, 1 - (mean square within) / (mean square in all), which is 0 on
        average for a factor without effect [@kelley1935].  Its variance is linearised over points:
        ``4 * free / n**2`` of that comes from the error of the slices' means, which in truth adds
        half as much, and is all there is where the factor has no effect.
        """
        own, counts, n = self.slices[k], self.counts[k], len(y)
        means = np.bincount(own, y) / counts
        within, whole = (y - means[own]) ** 2, (y - y.mean()) ** 2
        part = within.sum() / whole.sum()
        free = len(counts) - 1
        value = 1.0 - part * (n - 1) / (n - 1 - free)
        linear = np.sum((within - part * whole) ** 2) / whole.sum() ** 2
        least = 2 * free / n**2
        return float(value), float(np.sqrt(max(linear - least, least)))


class Pawn:
    """PAWN indices: median distance between the outcome's distribution in a slice and in all.

    Kolmogorov and Smirnov's distance of the distribution functions [@pianosi2015; @pianosi2018],
    compared at up to 512 quantiles of the outcome.
    """

    def __init__(self, slices: list[np.ndarray], y: np.ndarray) -> None:
        values, codes = np.unique(y, return_inverse=True)
        if len(values) > GRID:
            edges = np.quantile(y, np.linspace(0, 1, GRID + 1)[1:-1])
            values, codes = np.unique(np.searchsorted(edges, y), return_inverse=True)
        self.codes, self.values = codes, len(values)
        self.most = max(int(own.max()) for own in slices) + 1
        first = np.arange(len(slices)) * self.most
        # A cell for each factor, slice and value, in which all factors are counted at once.
        self.cells = (np.array(slices) + first[:, None]) * self.values

    def indices(self, order: np.ndarray | None = None) -> np.ndarray:
        """Return the index of every factor, the outcomes taken in another order."""
        return self._indices(self.cells, self.codes if order is None else self.codes[order])

    def resampled(self, places: np.ndarray) -> np.ndarray:
        """Return the index of every factor in a resample of the points."""
        return self._indices(self.cells[:, places], self.codes[places])

    def _indices(self, cells: np.ndarray, codes: np.ndarray) -> np.ndarray:
        shape = (len(cells), self.most, self.values)
        counts = np.bincount((cells + codes).ravel(), minlength=int(np.prod(shape)))
        table = counts.reshape(shape).astype(np.float64)
        held = table.sum(axis=2)
        np.cumsum(table, axis=2, out=table)
        whole = table.sum(axis=1) / len(codes)
        with np.errstate(invalid="ignore"):
            table /= held[:, :, None]
        table -= whole[:, None, :]
        return np.asarray(np.nanmedian(np.abs(table, out=table).max(axis=2), axis=1))


def _against_dummies(values: np.ndarray, dummies: list[np.ndarray]) -> tuple[np.ndarray, float]:
    """Return how often the strongest dummy does as much as each factor, for three tests.

    Returns
    -------
    float array, shape (factors,)
    float
        What a factor must exceed for that to be told.
    """
    strongest = np.sort([dummy.max() for dummy in dummies])
    beaten = 1 + np.sum(strongest[:, None] >= values[None, :], axis=0)
    p = np.minimum(TESTS * beaten / (len(dummies) + 1), 1.0)
    allowed = int(np.ceil(ALPHA * (len(dummies) + 1) / TESTS)) - 2
    return np.asarray(p), float(strongest[-1 - allowed])


def _first_order(sample: Sample, explained: Explained, p: np.ndarray, noise: float) -> list[Index]:
    n, kept = len(sample), 1.0 if sample.common else max(1.0 - noise, np.finfo(float).tiny)
    found = []
    for k, name in enumerate(sample.names):
        raw, se = explained.share(sample.estimate, k)
        estimate = normal(raw / kept, se / kept, n, "linearised")
        found.append(Index(name, "first_order", estimate, float(p[k]), raw))
    return found


def _pawn(
    sample: Sample, pawn: Pawn, dummies: list[np.ndarray], rng: np.random.Generator
) -> list[Index]:
    n = len(sample)
    values = pawn.indices()
    # In each factor's own standard deviations from its dummies' mean, all are comparable.
    centre, scale = np.mean(dummies, axis=0), np.std(dummies, axis=0, ddof=1)
    scale[scale == 0] = 1.0
    standard = [(dummy - centre) / scale for dummy in dummies]
    p, limit = _against_dummies((values - centre) / scale, standard)
    level = centre + scale * limit
    resampled = [pawn.resampled(rng.integers(n, size=n)) for _ in range(FEW)]
    spread = np.std(resampled, axis=0, ddof=1)
    return [
        Index(
            name,
            "pawn",
            normal(values[k], spread[k], n, "bootstrap"),
            float(p[k]),
            float(values[k]),
            float(level[k]),
        )
        for k, name in enumerate(sample.names)
    ]


def correlations(sample: Sample) -> tuple[list[Index], list[str]]:
    """Correlate ranks with ranks: alone (Spearman's), and with all other factors held fixed.

    The partial rank correlation takes out what the other factors explain [@marino2008].  Intervals:
    Fisher's z, with Bonett and Wright's variance for ranks [@bonett2000].  Factors of texts have
    no ranks; they are held fixed all the same.  One of the two is a test, the partial one where it
    can be computed.
    """
    n = len(sample)
    columns = {name: sample.numbers(name) for name in sample.names}
    ranked = {
        name: stats.rankdata(column) for name, column in columns.items() if column is not None
    }
    if not ranked:
        return [], []
    y = stats.rankdata(sample.estimate)
    names = tuple(ranked)
    alone = np.array([np.corrcoef(column, y)[0, 1] for column in ranked.values()])
    fixed = _indicators(sample, [name for name, column in columns.items() if column is None])
    table = np.column_stack([*ranked.values(), *fixed, y])
    others = table.shape[1] - 2
    if n < others + SPARE:
        problem = f"{n} points are too few for partial rank correlations of {len(columns)} factors"
        return _correlated("spearman", names, alone, n, 0), [problem]
    correlation = np.corrcoef(table, rowvar=False)
    if np.linalg.cond(correlation) > 1e8:
        problem = "factors move together, so that none can be correlated with others fixed"
        return _correlated("spearman", names, alone, n, 0), [problem]
    inverse = np.linalg.inv(correlation)
    partial = -inverse[:-1, -1] / np.sqrt(np.diag(inverse)[:-1] * inverse[-1, -1])
    partial = np.clip(partial[: len(ranked)], -1.0, 1.0)
    found = _correlated("spearman", names, alone, n, 0, test=False)
    return found + _correlated("prcc", names, partial, n, others), []


def _correlated(
    measure: str, names: tuple[str, ...], r: np.ndarray, n: int, fixed: int, *, test: bool = True
) -> list[Index]:
    """Return correlations of `n` points, so many other columns held fixed, and their t tests."""
    p = np.full(len(r), np.nan)
    if test:
        free = n - 2 - fixed
        t = r * np.sqrt(free / np.maximum(1 - r**2, 1e-300))
        p = np.minimum(TESTS * holm(2 * stats.t.sf(np.abs(t), free)), 1.0)
    return [
        Index(name, measure, _fisher(float(x), n, fixed), float(q), float(x))
        for name, x, q in zip(names, r, p, strict=True)
    ]


def _fisher(r: float, n: int, fixed: int) -> Estimate:
    r_safe = float(np.clip(r, -1 + 1e-12, 1 - 1e-12))
    se = np.sqrt((1 + r_safe**2 / 2) / (n - 3 - fixed))
    between = normal(np.arctanh(r_safe), se, n, "Fisher's z")
    return Estimate(r, float(np.tanh(between.low)), float(np.tanh(between.high)), n, "Fisher's z")


def _indicators(sample: Sample, names: list[str]) -> list[np.ndarray]:
    """Return a column for every text of each factor but its first."""
    columns = []
    for name in names:
        codes = sample.slices(name)
        columns += [(codes == level).astype(np.float64) for level in range(1, codes.max() + 1)]
    return columns
