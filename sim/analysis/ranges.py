"""Where an outcome climbs, as ranges: the levels that each box leaves of its factors."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.analysis.captions import Words
from sim.analysis.discovery import Discovery
from sim.analysis.restrictions import AMONG, AT_LEAST, AT_MOST, Box, Restriction
from sim.analysis.studied import (
    Factor,
    Measure,
    Studied,
    are_numbers,
    capital,
    level,
    listed_levels,
)
from sim.analysis.surface import ordered
from sim.analysis.written import share

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Leaf", "Leaves", "Range", "Ranges", "Regime", "summarise_leaves", "summarise_ranges"]

MOST_LEAVES = 8


@dataclass(frozen=True)
class Range:
    """What a box leaves of the levels of one factor.

    Attributes
    ----------
    factor : Factor
    levels : tuple
        All levels where they are texts or few numbers; else the least and the largest.
    kept : tuple
        Those left of texts; of numbers the ends of the range that is left.
    limits : tuple of Restriction
    """

    factor: Factor
    levels: tuple[Any, ...]
    kept: tuple[Any, ...]
    limits: tuple[Restriction, ...]

    @property
    def numbers(self) -> bool:
        """Whether the levels have an order and distances."""
        return are_numbers(self.levels)


@dataclass(frozen=True)
class Regime:
    """A box and its ranges."""

    box: Box
    ranges: tuple[Range, ...]


@dataclass(frozen=True)
class Ranges:
    """All that the picture of boxes draws.

    Attributes
    ----------
    words : Words
    measure : Measure
    regimes : tuple of Regime
        Those that the other half of the points bears out; else the one that it does not.
    """

    words: Words
    measure: Measure
    regimes: tuple[Regime, ...]


@dataclass(frozen=True)
class Leaf:
    """A leaf of the tree: the levels that lead there, a line a factor, and what it holds."""

    says: tuple[str, ...]
    box: Box


@dataclass(frozen=True)
class Leaves:
    """All that the picture of a tree's leaves draws.

    Attributes
    ----------
    words : Words
    measure : Measure
    leaves : tuple of Leaf
        The densest first.
    interest : float, 0..1
        Share of all points that are of interest.
    """

    words: Words
    measure: Measure
    leaves: tuple[Leaf, ...]
    interest: float


def summarise_ranges(
    found: Discovery, design: pd.DataFrame, measure: Measure, of: Studied
) -> Ranges:
    """Lay out the boxes of a discovery beside all levels of their factors.

    Parameters
    ----------
    found : Discovery
        With boxes.
    design : DataFrame
        A column a factor.
    measure : Measure
    of : Studied
    """
    boxes = found.told or (found.boxes or ())[:1]
    regimes = tuple(Regime(box, _ranges(box, design, of)) for box in boxes)
    reaches = f"{measure.label} reaches {found.written(found.threshold)}"
    if found.told:
        low, high = found.told[0].density, found.told[0].before
        title = (
            f"The {reaches} at {100 * low.mean:.0f}% of design points in a box, at "
            f"{100 * high.mean:.0f}% of all"
        )
    elif regimes:
        title = f"A box where the {reaches}, which the other points do not bear out"
    else:
        title = f"No box was found where the {reaches} more often"
    subtitle = "Coloured: the levels that the box keeps of all that were drawn."
    resampled = any(np.isfinite(r.repeated) for box in boxes for r in box.restrictions)
    caption = of.caption(
        "Found in one half of the points, counted in the other; 95% intervals, each by itself.",
        "Pale: where the limit falls in resamples of the points." if resampled else "",
        *(f"{capital(caution)}." for caution in found.cautions),
    )
    return Ranges(Words(title, of.subtitle(subtitle), caption), measure, regimes)


def _ranges(box: Box, design: pd.DataFrame, of: Studied) -> tuple[Range, ...]:
    names = dict.fromkeys(restriction.factor for restriction in box.restrictions)
    return tuple(_range(name, box, design, of) for name in names)


def _range(name: str, box: Box, design: pd.DataFrame, of: Studied) -> Range:
    limits = tuple(r for r in box.restrictions if r.factor == name)
    levels = ordered(design[name])
    if not are_numbers(levels):
        kept = tuple(x for x in levels if all(x in r.limit for r in limits))
        return Range(of.factor(name), levels, kept, limits)
    low, high = levels[0], levels[-1]
    for limit in limits:
        low, high = (limit.limit, high) if limit.side == AT_LEAST else (low, limit.limit)
    return Range(of.factor(name), (levels[0], levels[-1]), (low, high), limits)


def summarise_leaves(found: Discovery, measure: Measure, of: Studied) -> Leaves:
    """Lay out the leaves of a discovery's tree, the densest first.

    Parameters
    ----------
    found : Discovery
        With leaves.
    measure : Measure
    of : Studied
    """
    leaves = tuple(Leaf(_said(leaf, of), leaf) for leaf in (found.leaves or ())[:MOST_LEAVES])
    reaches = f"{measure.label} reaches {found.written(found.threshold)}"
    best = found.told_leaves[:1]
    if best:
        density, _ = share(best[0].density.mean, best[0].density.low, best[0].density.high)
        title = f"The {reaches} at {density} of the design points in the densest leaf"
    else:
        title = f"No split foretells where the {reaches}"
    hidden = len(found.leaves or ()) - len(leaves)
    subtitle = "Leaves of a classification tree: how many of their design points get there."
    caption = of.caption(
        "Grown in one half of the points, counted in the other. Upright: all points, "
        f"{100 * found.interest.mean:.1f}%. Whiskers: 95% intervals, each by itself.",
        "Grey: no denser than the rest.",
        f"{hidden} leaves of lower density are not drawn." if hidden else "",
        *(f"{capital(caution)}." for caution in found.cautions),
    )
    return Leaves(
        Words(title, of.subtitle(subtitle), caption), measure, leaves, found.interest.mean
    )


def _said(leaf: Box, of: Studied) -> tuple[str, ...]:
    """Write the levels that a leaf leaves of each factor."""
    told = []
    for name in dict.fromkeys(restriction.factor for restriction in leaf.restrictions):
        limits = {r.side: r.limit for r in leaf.restrictions if r.factor == name}
        low, high = limits.get(AT_LEAST), limits.get(AT_MOST)
        if AMONG in limits:
            kept = f"is {listed_levels(limits[AMONG])}"
        elif low is not None and high is not None:
            kept = f"{level(low)} to {level(high)}"
        else:
            kept = f"≤ {level(high)}" if low is None else f"≥ {level(low)}"
        told.append(f"{of.factor(name).label} {kept}")
    return tuple(told) or ("all points",)
