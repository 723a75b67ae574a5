"""Scenario discovery: under which levels of its factors an outcome climbs [@bryant2010].

What is found in one half of the points is counted in the other, so that a box owes nothing to its
having been sought.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.analysis import boxes, cart, intervals
from sim.analysis.intervals import Estimate
from sim.analysis.multiple import ALPHA
from sim.analysis.restrictions import Box, Half, counted, inside
from sim.analysis.sample import Sample, checked, entangled, noise_share
from sim.errors import InputError, listed

if TYPE_CHECKING:
    import pandas as pd

BOXES, TREE = "boxes", "tree"
METHODS = (BOXES, TREE)
#: Share of the points that are of interest where no threshold is given.
TOP = 0.1
MOST_BOXES = 3
RESAMPLES = 20
LEAST_POINTS, LEAST_OF_INTEREST = 100, 20
NOISY = 0.25


@dataclass(frozen=True)
class Discovery:
    """Under which levels an outcome climbs, as far as one half of the points bears out the other.

    Attributes
    ----------
    outcome, kind : str
        Its name; share, mean or median.
    threshold : float
        A point is of interest where the outcome is at least this.
    points : int
    interest : Estimate
        Share of the points that are of interest.
    mean : Estimate
        The outcome's mean over all points.
    boxes : tuple of Box or None
        Boxes as they were found, each in the points that those before it left; None where none
        were sought.
    leaves : tuple of Box or None
        Leaves of the tree, the densest first; a single one without restrictions where it is but a
        root.
    noise : Estimate
        Share of the variance over points that is Monte Carlo noise.
    cautions : tuple of str
    seed : int
        Of the halves and the resampling.
    """

    outcome: str
    kind: str
    threshold: float
    points: int
    interest: Estimate
    mean: Estimate
    boxes: tuple[Box, ...] | None
    leaves: tuple[Box, ...] | None
    noise: Estimate
    cautions: tuple[str, ...]
    seed: int

    @property
    def told(self) -> tuple[Box, ...]:
        """The boxes that the other half bears out."""
        return tuple(box for box in self.boxes or () if box.told)

    @property
    def told_leaves(self) -> tuple[Box, ...]:
        """The leaves that are denser than the rest in the other half too."""
        return tuple(leaf for leaf in self.leaves or () if leaf.told)

    @property
    def found(self) -> bool:
        """Whether anything was."""
        return bool(self.told or self.told_leaves)

    def frame(self) -> pd.DataFrame:
        """Return a row a restriction of every box and leaf, with what the box holds."""
        import pandas as pd

        rows: list[dict[str, Any]] = []
        for kind, found in (("box", self.boxes), ("leaf", self.leaves)):
            for number, box in enumerate(found or (), 1):
                held = {
                    "kind": kind,
                    "number": number,
                    "told": box.told,
                    "density": box.density.mean,
                    "density_low": box.density.low,
                    "density_high": box.density.high,
                    "coverage": box.coverage.mean,
                    "mass": box.mass,
                    "mean": box.mean.mean,
                    "mean_low": box.mean.low,
                    "mean_high": box.mean.high,
                }
                rows += [held | restriction.to_dict() for restriction in box.restrictions]
        return pd.DataFrame(rows)

    def to_dict(self) -> dict[str, Any]:
        """Return the fields, for JSON."""
        return {
            "outcome": self.outcome,
            "kind": self.kind,
            "threshold": self.threshold,
            "points": self.points,
            "seed": self.seed,
            "interest": self.interest.to_dict(),
            "mean": self.mean.to_dict(),
            "noise": self.noise.to_dict(),
            "found": self.found,
            "boxes": None if self.boxes is None else [box.to_dict() for box in self.boxes],
            "leaves": None if self.leaves is None else [leaf.to_dict() for leaf in self.leaves],
            "says": list(self.says),
            "cautions": list(self.cautions),
        }

    def written(self, value: float) -> str:
        """Write a value of the outcome, a share in percent."""
        return f"{100 * value:.3g}%" if self.kind == "share" else f"{value:.3g}"

    @property
    def says(self) -> tuple[str, ...]:
        """What was found, in sentences: under which levels it climbs, or that nothing was found."""
        told = [self._climbs(box, later=k > 0) for k, box in enumerate(self.told)]
        if not told:
            told = [self._climbs(leaf) for leaf in self.told_leaves[:1]]
        return tuple(told) or (
            f"Nothing was found: no levels of the factors at which {self.outcome} reaches "
            f"{self.written(self.threshold)} more often in both halves of the {self.points:,} "
            "points.",
        )

    def _climbs(self, box: Box, later: bool = False) -> str:
        low, high = (f"{100 * share:.0f}" for share in (box.density.low, box.density.high))
        other = "all points outside" if later else "all points"
        return (
            f"{'Outside that, it' if later else self.outcome} climbs when {box}: it reaches "
            f"{self.written(self.threshold)} at {100 * box.density.mean:.0f}% of such points (95% "
            f"interval {low} to {high}%), at {100 * box.before.mean:.0f}% of {other}."
        )


def discover(
    sample: Sample,
    outcome: str,
    kind: str = "share",
    *,
    threshold: float | None = None,
    top: float | None = None,
    methods: Sequence[str] = METHODS,
    resamples: int = RESAMPLES,
    seed: int = 1,
    cautions: Sequence[str] = (),
    begun: Callable[[], None] | None = None,
) -> Discovery:
    """Find the levels at which an outcome climbs, and count them in points kept for it.

    The points are halved at random.  In one half, boxes are peeled and a tree is grown; in the
    other their density (Wilson's interval), coverage and mean are counted, and each is told only
    where Fisher's exact test there says that it holds more points of interest than chance alone
    would put into it, at 5 % shared over all boxes, and over all leaves.  The density suffers from
    Monte Carlo noise, which puts points on the wrong side of the threshold; the mean does not.

    Randomness: PCG64 from `seed`.

    Parameters
    ----------
    sample : Sample
        Points drawn independently, or a grid.
    threshold : float, optional
        Points where the outcome is at least this are of interest.
    top : float, 0..0.5, optional
        In place of a threshold, the share of points with the largest outcomes; a tenth if neither
        is given.
    methods : sequence of str
        boxes, tree or both.
    resamples : int
        How often boxes are sought anew; 0 for never.
    begun : callable, optional
        Called when the points are known to do and the search begins.

    Raises
    ------
    InputError
        Where the points, or those of interest, are too few, or nothing varies.
    """
    if unknown := [method for method in methods if method not in METHODS]:
        raise InputError(f"no such method: {unknown[0]!r}", key="method", allowed=listed(METHODS))
    checked(sample, outcome, LEAST_POINTS)
    if BOXES in methods:
        boxes.prim()
    notes = [*cautions]
    varied, constant = sample.varied()
    if constant:
        notes.append(f"left out, with one level alone: {listed(constant)}")
    notes += entangled(varied)
    if sample.common:
        notes.append("the points share their luck, whose error is in no interval of a mean")
    limit = _threshold(sample.estimate, outcome, threshold, top)
    interest = sample.estimate >= limit
    noise = noise_share(sample, seed)
    if noise.mean > NOISY:
        notes.append(
            "noise puts many points on the wrong side of the threshold, so densities come out low"
        )
    if begun is not None:
        begun()
    rng = np.random.default_rng(seed)
    order = rng.permutation(len(sample))
    own, other = np.sort(order[: len(order) // 2]), np.sort(order[len(order) // 2 :])
    whole = Half(varied.levels, interest, sample.estimate, kind == "share")
    found, held = whole.rows(own), whole.rows(other)
    return Discovery(
        outcome,
        kind,
        limit,
        len(sample),
        intervals.share(int(interest.sum()), len(sample)),
        whole.mean(np.ones(len(sample), np.bool_)),
        _boxes(found, held, resamples, rng) if BOXES in methods else None,
        _leaves(found, held, seed) if TREE in methods else None,
        noise,
        tuple(notes),
        seed,
    )


def _threshold(
    values: np.ndarray, outcome: str, threshold: float | None, top: float | None
) -> float:
    """Return the least value of a point of interest."""
    if threshold is not None and top is not None:
        raise InputError("a threshold and a top share: give either", key=outcome)
    if threshold is None:
        share = TOP if top is None else top
        if not 0 < share <= 0.5:
            raise InputError(f"{share:g} is out of range", key="top", allowed="above 0, to 0.5")
        ordered = np.sort(values)[::-1]
        least = max(int(share * len(values)), 1)
        # No value is cut in two: where many points have the same, all of them or none are in.
        larger = ordered[ordered > ordered[least]] if least < len(values) else ordered
        threshold = float(larger[-1] if len(larger) else ordered[0])
    count = int(np.sum(values >= threshold))
    if min(count, len(values) - count) < LEAST_OF_INTEREST:
        raise InputError(
            f"reaches {threshold:g} at {count:,} of {len(values):,} design points: from so few on "
            f"either side nothing can be learnt",
            key=outcome,
            allowed=f"a threshold with {LEAST_OF_INTEREST} points or more on either side",
        )
    return float(threshold)


def _boxes(found: Half, held: Half, resamples: int, rng: np.random.Generator) -> tuple[Box, ...]:
    """Seek boxes, each in what those before left, until one is not borne out."""
    told: list[Box] = []
    whole = held
    for _ in range(MOST_BOXES):
        limits = boxes.find_box(found.levels, found.interest)
        if not limits:
            break
        limits = boxes.resampled(found.levels, found.interest, limits, resamples, rng)
        told.append(counted(limits, found, held, whole, MOST_BOXES, ALPHA))
        if not told[-1].told:
            break
        found, held = (half.rows(~inside(half.levels, limits)) for half in (found, held))
    return tuple(told)


def _leaves(found: Half, held: Half, seed: int) -> tuple[Box, ...]:
    """Grow the tree; the densest leaf first."""
    grown = cart.leaves(found.levels, found.interest, seed)
    told = [counted(path, found, held, held, len(grown), ALPHA) for path in grown]
    return tuple(sorted(told, key=lambda leaf: -np.nan_to_num(leaf.density.mean)))
