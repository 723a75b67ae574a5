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
    middle : float or None
        The outcome with every factor as coded; None where nothing tells.
    """

    words: Words
    measure: Measure
    reaches: tuple[Reach, ...]
    middle: float | None


def summarise_tornado(
    found: Sensitivity, measure: Measure, of: Studied, middle: float | None = None
) -> Tornado:
    """Order the factors by how far they move an outcome from one end of their levels to the other.

    Parameters
    ----------
    found : Sensitivity
        With swings.
    measure : Measure
    of : Studied
    middle : float, optional
        The outcome with every factor as coded.
    """
    ordered = sorted(found.swings, key=lambda swing: -abs(np.nan_to_num(swing.change.mean)))
    reaches = tuple(
        Reach(of.factor(swing.factor), swing, _told(found, swing)) for swing in ordered[:MOST]
    )
    title = _title(reaches, measure)
    whole = (
        "all others as coded" if middle is not None else "averaged over all levels of the others"
    )
    subtitle = f"From each factor’s lowest level to its highest, {whole}."
    hidden = len(found.swings) - len(reaches)
    caption = of.caption(
        "Whiskers: 95% intervals of the change, each by itself, at the bar’s far end.",
        "Grey: not told from none.",
        f"{hidden} factors that move it less are not drawn." if hidden else "",
    )
    return Tornado(Words(title, of.subtitle(subtitle), caption), measure, reaches, middle)


def _told(found: Sensitivity, swing: Swing) -> bool:
    """Tell whether a factor moves the outcome at all, and from one end to the other."""
    change = swing.change
    return swing.factor in found.told and not change.low <= 0.0 <= change.high


def _title(reaches: tuple[Reach, ...], measure: Measure) -> str:
    """Name the largest change of those told from none; as the most only where no other reaches."""
    told = [reach for reach in reaches if reach.told]
    first = told[0] if told else None
    if first is None:
        return f"No factor is told to move the {measure.label} from end to end"
    found = first.swing.change
    least = size_of(found)[1]
    alone = all(size_of(r.swing.change)[2] < least for r in reaches if r is not first)
    change, _ = measure.change(found.mean, found.low, found.high)
    unit = " points" if measure.kind == "share" else ""
    ends = f"{level(first.swing.low)} to {level(first.swing.high)}"
    which = "by" if len(told) == 1 else "largest told from none by"
    which = "most by" if alone and len(reaches) > 1 else which
    return f"{capital(measure.label)}: {which} {first.factor.label}, {ends}: {change}{unit}"
