"""Estimates and differences of options in few characters, as tables and pictures write them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.analysis.written import digits, number
from sim.analysis.written import share as in_percent

if TYPE_CHECKING:
    from sim.analysis.intervals import Estimate

__all__ = ["apart", "signed", "span"]

ROOM = 12  # characters for an interval
MOST_DIGITS = 3  # of a difference that may be none
BOUND_DIGITS = 2  # more, for an end of an interval that is near nothing


def span(found: Estimate, share: bool, *, room: int = ROOM) -> tuple[str, str]:
    """Write an estimate and its interval, short.

    Parameters
    ----------
    room : int
        Characters for the interval, to which digits are given up.

    Examples
    --------
    >>> from sim.analysis.intervals import Estimate
    >>> span(Estimate(0.0043, 0.0039, 0.0047, 1000, "wilson"), share=True)
    ('0.43%', '0.39 to 0.47')
    >>> span(Estimate(129.4531, 129.4352, 129.4718, 1000, "normal"), share=False)
    ('129', '129 to 129')
    """
    if found.low == found.high:
        return f"{found.mean:.4g}", "in every one"
    value, interval = (in_percent if share else number)(found.mean, found.low, found.high)
    interval = interval.removesuffix("%")
    unit = "%" if share else ""
    places = len(interval.rpartition(".")[2])
    while len(interval) > room and places > 0:
        places -= 1
        mean, low, high = _scaled(found, share)
        value, interval = f"{mean:.{places}f}{unit}", f"{low:.{places}f} to {high:.{places}f}"
    return value, interval


def signed(found: Estimate, share: bool) -> tuple[str, str]:
    """Write a difference and its interval, with their signs; of shares, in percentage points.

    What differs from nothing by its interval never reads as nothing.

    Examples
    --------
    >>> from sim.analysis.intervals import Estimate
    >>> signed(Estimate(1.234, 1.1, 1.368, 1000, "paired normal"), False)
    ('+1.23', '+1.10 to +1.37')
    >>> signed(Estimate(0.000004, 0.000001, 0.000007, 1000, "paired splitting"), True)
    ('+0.0004', '+0.0001 to +0.0007')
    """
    if found.low == found.high:
        same = found.mean == 0
        return "0" if same else f"{found.mean:+.4g}", "no pair differs" if same else "in every pair"
    mean, low, high = _scaled(found, share)
    half = (high - low) / 2
    places = min(MOST_DIGITS, digits(half))
    if apart(found):
        fine = digits(half, mean)
        # Two digits of a tiny difference will do, however sure it is.
        most = fine + BOUND_DIGITS if fine <= MOST_DIGITS else digits(0, mean) + 1
        places = min(digits(half, mean, min(abs(low), abs(high))), most)
    value, lowest, highest = (_sign(x, places) for x in (mean, low, high))
    return value, f"{lowest} to {highest}"


def _sign(number: float, places: int) -> str:
    """Write a number with its sign; 0 has none."""
    text = f"{number:+.{places}f}"
    return "0" if text in ("+0", "-0") else text


def apart(found: Estimate) -> bool:
    """Whether nothing lies outside an interval."""
    return found.low > 0 or found.high < 0


def _scaled(found: Estimate, share: bool) -> tuple[float, float, float]:
    scale = 100 if share else 1
    return found.mean * scale, found.low * scale, found.high * scale
