"""What a sensitivity analysis found, in sentences."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from sim.analysis.indices import FACTORIAL, GIVEN, SOBOL, SWINGS
from sim.analysis.written import share

if TYPE_CHECKING:
    from sim.analysis.sensitivity import Sensitivity

_LUCK = {
    True: "the points share their luck and are compared history by history",
    False: "the points are independent",
}
_LEFT_IN = "the points share their luck, so it is left in: an effect no larger may be that luck's"
_EFFECT = {
    SOBOL: "it is taken out of the indices, and makes their intervals wider",
    GIVEN: "it is taken out of first_order, and weakens the other measures",
    FACTORIAL: "it is taken out of the indices, and is all that their intervals hold",
}


def verdict(found: Sensitivity) -> tuple[str, str, str]:
    """Say which factors matter, whether their order is settled, and how much is noise."""
    return _matter(found), _order(found), _noise(found)


def _matter(found: Sensitivity) -> str:
    told, all_of = len(found.told), len(found.standings)
    if all_of == 1:
        name = found.standings[0].factor
        if told:
            return f"{name} moves {found.outcome}, as far as {found.points:,} design points tell."
        return (
            f"{name} cannot be told from a factor without effect on {found.outcome}: "
            f"{found.points:,} design points are too few, or it does not matter."
        )
    if not told:
        return (
            f"None of {all_of} factors can be told from one without effect on {found.outcome}: "
            f"{found.points:,} design points are too few, or nothing varied matters."
        )
    rest = "" if told == all_of else "; the others cannot be told from none"
    return (
        f"{told} of {all_of} factors {'moves' if told == 1 else 'move'} {found.outcome}, as far "
        f"as {found.points:,} design points tell{rest}."
    )


def _order(found: Sensitivity) -> str:
    told, settled = len(found.told), len(found.settled)
    if len(found.standings) == 1:
        return "There is nothing to rank."
    if told == 0:
        return "The sample is too small to rank them."
    if told == 1:
        # Places are counted among all the factors, those not told from none with them.
        if settled:
            return f"Its place among all of them, {found.settled[0]}, is settled."
        return "Its place among all of them is not settled: other intervals overlap its own."
    if found.ranked:
        return "Their order is settled: no intervals of neighbours overlap."
    if settled == 0:
        return "The sample is too small to rank them: intervals of neighbours overlap throughout."
    places = _joined([str(place) for place in found.settled])
    return (
        f"{'Place' if settled == 1 else 'Places'} {places} of {told} "
        f"{'is' if settled == 1 else 'are'} settled; elsewhere intervals of neighbours overlap, "
        "and the sample is too small to rank."
    )


def _noise(found: Sensitivity) -> str:
    if found.method == SWINGS:
        return f"The intervals hold Monte Carlo noise alone; {_LUCK[found.common]}."
    if np.isnan(found.noise.mean):
        return "How much of the variance over points is Monte Carlo noise is not known."
    if found.noise.high == 0:
        return "There is no Monte Carlo noise."
    bound = "At most" if found.common else "About"
    value, interval = share(found.noise.mean, found.noise.low, found.noise.high)
    # All of it is an estimate cut off there, no count of which a bound could be told.
    value = "100%" if found.noise.mean == 1 else value
    effect = _LEFT_IN if found.common else _EFFECT[found.method]
    return (
        f"{bound} {value} (95% interval {interval}) of the variance over points is Monte Carlo "
        f"noise; {effect}."
    )


def _joined(words: Sequence[str]) -> str:
    """Join words as a sentence does."""
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)
