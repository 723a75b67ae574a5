"""Estimates as text: as many digits as the interval bears, and never more certain than it is."""

from __future__ import annotations

import math

__all__ = ["digits", "number", "odds", "outcome", "share"]

MOST_DIGITS = 7
TWO_DIGITS = 3  # a half width of 1 or 2 and something more is written with two digits


def digits(half: float, *smallest: float) -> int:
    """Choose the digits after the point: the interval's half width shows one or two of its own.

    Parameters
    ----------
    half : float
        Half the width of the interval.
    *smallest : float
        What must not be rounded to nothing, unless it is nothing.

    Examples
    --------
    >>> digits(0.04), digits(0.02), digits(0.4, 0.018), digits(12.0)
    (2, 3, 2, 0)
    """
    sizes = [abs(size) for size in (half / TWO_DIGITS, *smallest)]
    places = [-math.floor(math.log10(size)) for size in sizes if size and math.isfinite(size)]
    return max(0, min(MOST_DIGITS, max(places, default=0)))


def share(mean: float, low: float, high: float) -> tuple[str, str]:
    """Write a share and its interval in percent.

    Never as none or all of the histories unless so many were seen, and then as a bound; plainly
    where it is known, with an interval that has no width; nan where there are none.

    Examples
    --------
    >>> share(0.0043, 0.0039, 0.0047)
    ('0.43%', '0.39 to 0.47%')
    >>> share(0.0, 0.0, 0.000192)
    ('<0.02%', '0 to 0.02%')
    >>> share(0.0, 0.0, 0.0)
    ('0%', '0 to 0%')
    """
    if math.isnan(mean):
        return "-", "no history"
    mean, low, high = 100 * mean, 100 * low, 100 * high
    if low == high and low in (0, 100):
        # Known, and not estimated: what nobody can do.
        return f"{mean:g}%", f"{low:g} to {high:g}%"
    if low == 0 or high == 100:
        bound = high if low == 0 else 100 - low
        places = digits(0, bound)
        # Rounded away from the end: a bound must not promise more than it holds.
        step = math.ceil(round(bound * 10**places, 6)) / 10**places
        if mean == 0:
            return f"<{step:.{places}f}%", f"0 to {step:.{places}f}%"
        if mean == 100:
            return f">{100 - step:.{places}f}%", f"{100 - step:.{places}f} to 100%"
    places = digits((high - low) / 2, mean, low, 100 - mean, 100 - high)
    return f"{mean:.{places}f}%", f"{low:.{places}f} to {high:.{places}f}%"


def number(
    mean: float, low: float, high: float, n: float | None = None, *, every: bool = False
) -> tuple[str, str]:
    """Write a mean or a median and its interval.

    Parameters
    ----------
    mean, low, high : float
        nan where there is none.
    n : int, optional
        The histories that it rests on, told where they are too few for an interval.
    every : bool
        Whether it is a mean of histories, which has no width where all of them are the same. A
        median has none as well where those around it are.

    Examples
    --------
    >>> number(1.8331, 1.7590, 1.9072)
    ('1.83', '1.76 to 1.91')
    >>> number(0.172, float("nan"), float("nan"), 1)
    ('0.172', 'too few: n=1')
    """
    if math.isnan(mean):
        return "-", "in no history"
    if math.isnan(low):
        return f"{mean:.3g}", "no interval" if n is None else f"too few: n={n:,.0f}"
    if low == high:
        return f"{mean:g}", "in every history" if every else f"{low:g} to {high:g}"
    places = digits((high - low) / 2, mean)
    return f"{mean:.{places}f}", f"{low:.{places}f} to {high:.{places}f}"


def outcome(
    kind: str, mean: float, low: float, high: float, n: float | None = None
) -> tuple[str, str]:
    """Write an outcome of histories, a share, mean or median, and its interval."""
    if kind == "share":
        return share(mean, low, high)
    return number(mean, low, high, n, every=kind == "mean")


def odds(mean: float) -> str:
    """Write a small share as one in so many, nothing where percent tells enough.

    Examples
    --------
    >>> odds(0.0043), odds(0.3)
    ('about 1 in 230', '')
    """
    if not 0 < mean < 0.1:
        return ""
    many = 1 / mean
    size = 10 ** max(0, math.floor(math.log10(many)) - 1)
    return f"about 1 in {round(many / size) * size:,}"
