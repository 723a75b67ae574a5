"""What a summary needs of the replicates, counted part by part in memory that does not grow.

Means and squared deviations are merged by the rule of @chan1983, always in the order of the parts,
so that the same study gives the same bits whoever played which part.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.engines.measures import Measures

__all__ = ["BINS", "Moments", "Tally"]

BINS = 512  # of the day of an actor's first force, from the start to the horizon


@dataclass
class Moments:
    """Of one outcome at some design points: one number a point in each array.

    Attributes
    ----------
    kind : str
        share, mean or median.
    n : int64 array, shape (points,)
        Replicates; of a median, those in which it came at all.
    mean, squares : float64 arrays, shape (points,)
        Mean, and sum of squared deviations from it; of a share the count of successes is
        ``n * mean``, to the whole number.
    bins : uint32 array, shape (points, BINS)
        Of a median: how many fall into each part of the time; no rows otherwise.
    """

    kind: str
    n: np.ndarray
    mean: np.ndarray
    squares: np.ndarray
    bins: np.ndarray

    @classmethod
    def none(cls, kind: str, points: int) -> Moments:
        """Return those of no replicates."""
        bins = np.zeros((points if kind == "median" else 0, BINS), np.uint32)
        return cls(kind, np.zeros(points, np.int64), np.zeros(points), np.zeros(points), bins)

    @classmethod
    def of(cls, kind: str, values: np.ndarray, starts: np.ndarray, horizon: float) -> Moments:
        """Count one column of a part, whose rows are sorted by design point.

        Parameters
        ----------
        kind : str
        values : bool, int32 or float64 array, shape (rows,)
        starts : int array, shape (points,)
            The first row of each design point.
        horizon : float
            Days.
        """
        rows = np.diff(np.append(starts, len(values)))
        if kind == "median":
            point = np.repeat(np.arange(len(starts)), rows)
            came = np.isfinite(values)
            place = np.minimum(values[came] / horizon * BINS, BINS - 1).astype(np.int64)
            flat = np.bincount(point[came] * BINS + place, minlength=len(starts) * BINS)
            bins = flat.reshape(len(starts), BINS).astype(np.uint32)
            n = bins.sum(axis=1, dtype=np.int64)
            return cls(kind, n, np.zeros(len(starts)), np.zeros(len(starts)), bins)
        numbers = values.astype(np.float64)
        mean = np.add.reduceat(numbers, starts) / rows
        squares = np.add.reduceat((numbers - np.repeat(mean, rows)) ** 2, starts)
        return cls(kind, rows.astype(np.int64), mean, squares, np.zeros((0, BINS), np.uint32))

    def add(self, points: np.ndarray, other: Moments) -> None:
        """Merge those of some more replicates at `points`."""
        if self.kind == "median":
            self.n[points] += other.n
            self.bins[points] += other.bins
            return
        n = self.n[points] + other.n
        shift = other.mean - self.mean[points]
        share = other.n / n
        self.squares[points] += other.squares + shift**2 * self.n[points] * share
        self.mean[points] += shift * share
        self.n[points] = n


@dataclass
class Tally:
    """Of every outcome, at the design points of a part or of a study.

    Attributes
    ----------
    points : int array, shape (points,)
    moments : dict of str to Moments
    """

    points: np.ndarray
    moments: dict[str, Moments]

    @classmethod
    def none(cls, outcomes: tuple[str, ...], points: int) -> Tally:
        """Return the tally of a study of which nothing has been played."""
        return cls(np.arange(points), {o: Moments.none(Measures.kind(o), points) for o in outcomes})

    @classmethod
    def of(cls, outcomes: tuple[str, ...], columns: dict[str, np.ndarray], horizon: float) -> Tally:
        """Count the columns of a part, sorted by `point`."""
        points, starts = np.unique(columns["point"], return_index=True)
        return cls(
            points,
            {o: Moments.of(Measures.kind(o), columns[o], starts, horizon) for o in outcomes},
        )

    def add(self, other: Tally) -> None:
        """Merge the tally of a part."""
        for name, moments in self.moments.items():
            moments.add(other.points, other.moments[name])
