"""Differences, and how far intervals reach, as text."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from sim.analysis.written import digits, number

if TYPE_CHECKING:
    from sim.analysis.intervals import Difference, Estimate

__all__ = ["Figures", "at_most", "measured"]

PLACES = 2  # of what differs in no history


class Figures:
    """A difference and its parts, in as many digits as its interval bears.

    Parameters
    ----------
    pair : Difference
    kind : str
        share, written in percent without the sign, or mean.

    Attributes
    ----------
    a, b, difference, interval : str
    same : bool
        Whether no pair differs.
    marked : bool
        Whether the interval leaves 0 out.
    pairing : str
        How many times smaller common luck makes the variance.
    """

    def __init__(self, pair: Difference, kind: str) -> None:
        found, whole = pair.estimate, 100 if kind == "share" else math.inf
        unit = 100 if kind == "share" else 1
        low, high = found.low * unit, found.high * unit
        places = digits((high - low) / 2) if low < high else PLACES
        self.a, self.b = (
            # Never none or all of the histories where it is not so.
            f"{side:.{max(places, digits(0, side, whole - side))}f}"
            for side in (pair.base * unit, pair.other * unit)
        )
        self.difference = f"{found.mean * unit:+.{places}f}"
        self.interval = f"{low:+.{places}f} to {high:+.{places}f}"
        self.same = math.isnan(pair.variance_ratio)
        self.marked = low > 0 or high < 0
        ratio = pair.variance_ratio
        self.pairing = "" if self.same else f"{ratio:.{1 if ratio < 10 else 0}f}x"


def at_most(value: float, figures: int = 2) -> str:
    """Write an upper bound, rounded up: nothing that it bounds may be larger than is said.

    Parameters
    ----------
    value : float, > 0
    figures : int, >= 1
        Digits that are told.

    Examples
    --------
    >>> at_most(0.3412), at_most(0.14, 1), at_most(39.7, 1)
    ('0.35', '0.2', '40')
    """
    step = 10.0 ** (math.floor(math.log10(value)) - figures + 1)
    return f"{math.ceil(round(value / step, 6)) * step:.10g}"


def measured(estimate: Estimate, measure: str, kind: str) -> tuple[str, str]:
    """Write what a factor counts for: shares of the variance, and of histories, in percent.

    Parameters
    ----------
    estimate : Estimate
    measure : str
        As of `sim.analysis.indices.Index`.
    kind : str
        Of the outcome: share, mean or median.
    """
    percent = measure in ("total", "first_order") or (measure == "swing" and kind == "share")
    unit = 100 if percent else 1
    value, interval = number(*(unit * x for x in (estimate.mean, estimate.low, estimate.high)))
    sign = "+" if measure in ("swing", "prcc", "spearman") and estimate.mean > 0 else ""
    return sign + value, interval
