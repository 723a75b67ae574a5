"""Two histories that share their luck, on one time axis: what both have, and what is told of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from sim.engines.log import Event

__all__ = ["Stretch", "aligned", "stretches"]

BOTH, BASELINE, COUNTERFACTUAL = "both", "baseline", "counterfactual"
ENDS = ("open_war", "settlement", "horizon")
#: So many events in a row that are the same are told one by one.
FEW = 2
#: So many events that are not the same are told, unless all of them are asked for.
MOST = 14

Placed = tuple[str, Event]


@dataclass(frozen=True, slots=True)
class Stretch:
    """Events in a row that both histories have, or that either has alone.

    Attributes
    ----------
    told : tuple of (str, Event)
        Those to tell, each with where it is: both, baseline or counterfactual.
    alike : int
        How many both have that are only counted.
    left : int
        How many are left out, because so much has been told before.
    """

    told: tuple[Placed, ...]
    alike: int = 0
    left: int = 0


def aligned(base: Sequence[Event], other: Sequence[Event]) -> list[Placed]:
    """List the events of two histories in order of time, those that both have once."""
    ours, theirs = list(base), list(other)
    told: list[Placed] = []
    while ours and theirs:
        if ours[0] == theirs[0]:
            told.append((BOTH, ours.pop(0)))
            theirs.pop(0)
        elif ours[0] in theirs or (theirs[0] not in ours and theirs[0].day < ours[0].day):
            told.append((COUNTERFACTUAL, theirs.pop(0)))
        else:
            told.append((BASELINE, ours.pop(0)))
    told += [(BASELINE, event) for event in ours]
    return told + [(COUNTERFACTUAL, event) for event in theirs]


def stretches(events: Sequence[Placed], parted: float, everything: bool) -> list[Stretch]:
    """Choose what to tell of two histories side by side, their ends left out.

    Parameters
    ----------
    events : sequence of (str, Event)
        As `aligned` lists them.
    parted : float, days
        When a decision parts the two: what is learnt of the dead after it is not told.
    everything : bool
        Whether to tell every event all the same, those that both have only counted where many.
    """
    chosen = [
        (where, event)
        for where, event in events
        if event.kind not in ENDS
        and (everything or event.kind != "assessment" or event.day <= parted)
    ]
    found: list[Stretch] = []
    told = 0
    for same, group in groupby(chosen, key=lambda one: one[0] == BOTH):
        row = tuple(group)
        if told >= MOST and not everything:
            found.append(Stretch((), left=len(row)))
        elif same and len(row) > FEW:
            found.append(Stretch((), alike=len(row)))
        else:
            shown = row if same or everything else row[: MOST - told]
            told += 0 if same else len(shown)
            found.append(Stretch(shown, left=len(row) - len(shown)))
    return found
