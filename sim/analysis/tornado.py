"""How far each factor moves an outcome, from one end of its levels to the other."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.analysis.captions import Words
from sim.analysis.contrasts import Swing
from sim.analysis.indices import size_of
from sim.analysis.sensitivity import Sensitivity
from sim.analysis.studied import Factor, Measure, Studied, capital, level

__all__ = ["Reach", "Tornado", "summarise_tornado"]

#: Factors that are drawn.
MOST = 16


@dataclass(frozen=True, slots=True)
class Reach:
    """How far one factor moves an outcome, and whether that change can be told from none."""

    factor: Factor
    swing: Swing
    told: bool


@dataclass(frozen=True)
class Tornado:
    """All that a tornado draws.

    Attributes
    ----------
    words : Words
    measure : Measure
    reaches : tuple of Reach
        The largest first.
    """

    words: Words
    measure: Measure
    reaches: tuple[Reach, ...]


def summarise_tornado(
    found: Sensitivity,
    measure: Measure,
    of: Studied,
    coded: tuple[float, float, float, int] | None = None,
) -> Tornado:
    """Order the factors by how far they move an outcome from one end of their levels to the other.

    Parameters
    ----------
    found : Sensitivity
        With swings.
    measure : Measure
    of : Studied
    coded : (float, float, float, int), optional
        The outcome with every factor as coded, its interval and its histories.
    """
    ordered = sorted(found.swings, key=lambda swing: -abs(np.nan_to_num(swing.change.mean)))
    reaches = tuple(
        Reach(of.factor(swing.factor), swing, _told(found, swing)) for swing in ordered[:MOST]
    )
    whole = "averaged over all levels of the others"
    if coded is not None:
        mean, interval = measure.written(*coded)
        whole = f"all others as coded (where it is {mean}, {interval})"
    subtitle = f"From each factor’s lowest level to its highest, {whole}."
    hidden = len(found.swings) - len(reaches)
    caption = of.caption(
        "Whiskers: 95% intervals of the change, each by itself.",
        "Grey: not told from none, all factors tested together.",
        f"{hidden} factors that move it less are not drawn." if hidden else "",
    )
    return Tornado(
        Words(_title(reaches, measure), of.subtitle(subtitle), caption), measure, reaches
    )


def _told(found: Sensitivity, swing: Swing) -> bool:
    """Tell whether a factor moves the outcome at all, and from one end to the other."""
    change = swing.change
    return swing.factor in found.told and not change.low <= 0.0 <= change.high


def _title(reaches: tuple[Reach, ...], measure: Measure) -> str:
    """Name the largest change of those told from none; as the most only where no other reaches."""
    told = [reach for reach in reaches if reach.told]
    if not told:
        none = "No factor can" if len(reaches) > 1 else f"{reaches[0].factor.label} cannot"
        return f"{none} be shown to move the {measure.label} from end to end"
    first = told[0]
    found = first.swing.change
    least = size_of(found)[1]
    change, interval = measure.change(found.mean, found.low, found.high)
    by = f"{change}{' points' if measure.kind == 'share' else ''} ({interval})"
    name = f"{first.factor.label}, {level(first.swing.low)} to {level(first.swing.high)},"
    # A dotted path is written as it is.
    begun = name if "." in first.factor.label else capital(name)
    if len(reaches) == 1:
        return f"{begun} moves the {measure.label}: {by}"
    if all(size_of(r.swing.change)[2] < least for r in reaches if r is not first):
        return f"{begun} moves the {measure.label} most: {by}"
    if len(told) == 1:
        return (
            f"Of {len(reaches)} factors only {name} can be shown to move the {measure.label}: {by}"
        )
    # Not by name as the first: which of them moves it most is not known.
    return f"{len(told)} of {len(reaches)} factors move the {measure.label}; {name} by {by}"
