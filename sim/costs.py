"""What a player's choice cost, in words: outcome by outcome, with the range of the difference."""

from __future__ import annotations

from typing import NamedTuple

from sim.analysis.intervals import wilson
from sim.analysis.played import Parting
from sim.written import share

__all__ = ["Cost", "costs_of"]

#: Of each outcome of a parting: its name, and the unit of its differences.
UNITS = {
    "settlement": ("settled", 100, " points"),
    "open_war": ("open war", 100, " points"),
    "dead": ("dead", 1, ""),
}


class Cost(NamedTuple):
    """What a parting changed of one outcome.

    Attributes
    ----------
    text : str
        Both means and the range of the difference where that is clear of zero; else the range.
    clear, good : bool
        Whether it is, and whether the change is for the better.
    """

    text: str
    clear: bool
    good: bool


def costs_of(parting: Parting, war: bool) -> tuple[Cost, ...]:
    """Say what a parting changed.

    Parameters
    ----------
    parting : Parting
    war : bool
        Whether either option is open war, whose own dead lie beyond the model.

    Returns
    -------
    tuple of Cost
        Empty where the parting was not looked into.
    """
    told = []
    for name, pair in parting.costs().items():
        if pair is None or (war and name == "dead"):
            continue
        word, unit, points = UNITS[name]
        low, high = (unit * bound for bound in (pair.estimate.low, pair.estimate.high))
        between = f"{_signed(low)} to {_signed(high)}{points}"
        if low <= 0 <= high:
            told.append(Cost(f"{word} {between}", clear=False, good=False))
            continue
        own, model = (_written(name, value, pair.estimate.n) for value in (pair.other, pair.base))
        good = (low > 0) == (name == "settlement")
        told.append(Cost(f"{word} {own} instead of {model} ({between})", clear=True, good=good))
    return tuple(told)


def _written(name: str, value: float, n: int) -> str:
    """Write what an option led to in `n` futures; a share is never none or all of them.

    Examples
    --------
    >>> _written("open_war", 1.0, 2_000), _written("dead", 5.85, 2_000)
    ('>99.8%', '5.8')
    """
    return f"{value:.1f}" if name == "dead" else share(value, *wilson(value, n))[0]


def _signed(value: float) -> str:
    """Write a bound of a difference; one of 0.001 or more is not written as zero.

    Examples
    --------
    >>> _signed(-1.94), _signed(-0.04), _signed(-0.0)
    ('-1.9', '-0.04', '+0.0')
    """
    digits = next((d for d in (1, 2, 3) if round(value, d)), 1)
    # Of nothing there is no less.
    return f"{round(value, digits) + 0.0:+.{digits}f}"
