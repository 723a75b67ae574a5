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
from sim.errors import InputError

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Leaf", "Leaves", "Range", "Ranges", "Regime", "summarise_leaves", "summarise_ranges"]

MOST_LEAVES = 8
LOGITS = "weight, logits"


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
    def unit(self) -> str:
        """What numbers of a rule's weight are; empty for any other factor."""
        return LOGITS if self.numbers and is_weight(self.factor) else ""

    @property
    def coded(self) -> bool:
        """Whether the scenario's own level is among them."""
        own = self.factor.coded
        if not self.numbers:
            return own in self.levels
        return are_numbers((own,)) and bool(self.levels[0] <= own <= self.levels[-1])

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
    reaches : str
        What a point does that is of interest.
    """

    words: Words
    measure: Measure
    regimes: tuple[Regime, ...]
    reaches: str


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
    reaches : str
        What a point does that is of interest.
    before : float, 0..1
        Share of all points that do, in the half that the leaves are counted in.
    """

    words: Words
    measure: Measure
    leaves: tuple[Leaf, ...]
    reaches: str
    before: float


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

    Raises
    ------
    InputError
        Where no box was found.
    """
    boxes = found.told or (found.boxes or ())[:1]
    if not boxes:
        raise _nothing("box", found)
    regimes = tuple(Regime(box, _ranges(box, design, of)) for box in boxes)
    reaches = _reaches(found, measure)
    if found.told:
        title = _of_points(
            "the box" if len(boxes) == 1 else "the first box", found.told[0], reaches
        )
    else:
        title = f"A box of points with a {reaches}, which the other points do not bear out"
    subtitle = (
        "A box is a range of levels for each factor below: a point is in the box where all of its "
        "levels are in these ranges. Coloured: what the box keeps. Grey: what it leaves out."
    )
    resampled = any(np.isfinite(r.repeated) for box in boxes for r in box.restrictions)
    caption = of.caption(
        "Found in one half of the points, counted in the other; 95% intervals, each by itself.",
        "Whiskers: where the limit falls in resamples of the points." if resampled else "",
        *(f"{capital(caution)}." for caution in found.cautions),
    )
    return Ranges(Words(title, of.subtitle(subtitle), caption), measure, regimes, reaches)


def is_weight(factor: Factor) -> bool:
    """Tell whether a factor is what a rule says for or against a move."""
    return bool(factor.says)


def _reaches(found: Discovery, measure: Measure) -> str:
    comma = "," if "," in measure.label else ""
    return f"{measure.label}{comma} of {found.written(found.threshold)} or more"


def _of_points(where: str, box: Box, reaches: str) -> str:
    """Say how many points in a box or leaf are of interest, and how many of all."""
    mean, interval = share(box.density.mean, box.density.low, box.density.high)
    return f"{mean} ({interval}) of the points in {where} have a {reaches}; of all, {_part(box)}"


def _part(box: Box) -> str:
    """Write how many of all points are of interest, in the half that the box is counted in."""
    return f"{100 * box.before.mean:.2g}%"


def _nothing(what: str, found: Discovery) -> InputError:
    return InputError(
        f"no {what} was found where it reaches {found.written(found.threshold)} more "
        "often: there is nothing to draw",
        key=found.outcome,
        allowed="another --outcome, or more design points",
    )


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

    Raises
    ------
    InputError
        Where nothing was split.
    """
    whole = found.leaves or ()
    if not any(leaf.restrictions for leaf in whole):
        raise _nothing("split of the points", found)
    leaves = tuple(Leaf(_said(leaf, of), leaf) for leaf in whole[:MOST_LEAVES])
    reaches = _reaches(found, measure)
    best = found.told_leaves[:1]
    title = f"No split is borne out that foretells a {reaches}"
    if best:
        title = _of_points("the densest leaf", best[0], reaches)
    hidden = len(whole) - len(leaves)
    names = dict.fromkeys(r.factor for leaf in leaves for r in leaf.box.restrictions)
    told = dict.fromkeys(text for name in names if (text := _glossed(of.factor(name))))
    if any(is_weight(of.factor(name)) for name in names):
        told = {"Weights of rules (→) are in logits.": None, **told}
    subtitle = " ".join(["Leaves of a classification tree.", *told])
    caption = of.caption(
        "Grown in one half of the points, counted in the other. Upright: all points of that other "
        f"half, {_part(whole[0])}. Whiskers: 95% intervals, each by itself.",
        "Grey: not told to be denser, all leaves tested together."
        if not all(leaf.box.told for leaf in leaves)
        else "",
        f"{hidden} leaves of lower density are not drawn." if hidden else "",
        *(f"{capital(caution)}." for caution in found.cautions),
    )
    words = Words(title, of.subtitle(subtitle), caption)
    return Leaves(words, measure, leaves, reaches, whole[0].before.mean)


def _glossed(factor: Factor) -> str:
    """Say what a factor is, where its name alone does not."""
    if factor.gloss:
        return f"{factor.label.partition(' → ')[0]}: {factor.gloss}."
    return f"{capital(factor.label)} sets {factor.sets}." if factor.sets else ""


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
