"""How far each factor moves an outcome, from one end of its levels to the other."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.analysis.captions import Words
from sim.analysis.contrasts import Swing
from sim.analysis.sensitivity import Sensitivity
from sim.analysis.studied import Factor, Measure, Studied, capital, level

__all__ = ["Reach", "Tornado", "summarise_tornado"]

#: Factors that are drawn.
MOST = 16


@dataclass(frozen=True, slots=True)
class Reach:
    """How far one factor moves an outcome, and whether that can be told from nothing."""

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
        Reach(of.factor(swing.factor), swing, swing.factor in found.told)
        for swing in ordered[:MOST]
    )
    first = reaches[0]
    if first.told:
        swing = first.swing.change
        change, _ = measure.change(swing.mean, swing.low, swing.high)
        unit = " points" if measure.kind == "share" else ""
        ends = f"{level(first.swing.low)} to {level(first.swing.high)}"
        title = f"{capital(measure.label)}: most by {first.factor.label}, {ends}: {change}{unit}"
    else:
        title = f"No factor is told to move the {measure.label}"
    whole = (
        "all others as coded" if middle is not None else "averaged over all levels of the others"
    )
    subtitle = f"From each factor’s lowest level to its highest, {whole}."
    hidden = len(found.swings) - len(reaches)
    caption = of.caption(
        "Whiskers: 95% intervals of the change, at the bar’s far end. Grey: not told from none.",
        f"{hidden} factors that move it less are not drawn." if hidden else "",
    )
    return Tornado(Words(title, subtitle, caption), measure, reaches, middle)
