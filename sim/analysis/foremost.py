"""Which of many statements carries most, and which others may carry as much."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from sim.analysis.indices import size_of

if TYPE_CHECKING:
    from sim.analysis.influence import Effect

__all__ = ["largest", "rivals"]


def largest(effects: Sequence[Effect]) -> str:
    """Name the largest estimate told from none, and how many may be as large; empty without one.

    Parameters
    ----------
    effects : sequence of Effect
        The largest first.
    """
    first = next((effect for effect in effects if any(effect.distinct)), None)
    if first is None:
        return ""
    told = f"The largest estimate is that of {first.statement.id}"
    many = len(rivals(effects, first))
    return f"{told}; {many} more may be as large." if many else f"{told}, told from all others."


def rivals(effects: Sequence[Effect], first: Effect) -> tuple[Effect, ...]:
    """Return the effects that may be as large as one: their simultaneous intervals reach its own.

    Compared in the outcome whose change is told from none most clearly, without its sign.
    """
    found = [pair.estimate for pair in first.differences]
    k = max(range(len(found)), key=lambda n: abs(found[n].mean) / (found[n].half_width or 1.0))
    least = size_of(found[k])[1]
    return tuple(
        other
        for other in effects
        if other is not first
        and not other.identical
        and size_of(other.differences[k].estimate)[2] >= least
    )
