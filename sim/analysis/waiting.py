"""By when a first reply, a settlement or a war has come."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np

from sim.analysis import captions
from sim.analysis.captions import Words
from sim.analysis.incidence import Incidence, cumulative_incidence
from sim.analysis.outcomes import Counted
from sim.analysis.written import share
from sim.crisis import Scenario
from sim.kernel import layout as at

__all__ = ["Event", "Waiting", "summarise_waiting"]

MOMENTS = 241
#: Kinds of event, besides being broken off.
OWN, OTHER = 1, 2


@dataclass(frozen=True)
class Event:
    """Something that may come, and by when it has.

    Attributes
    ----------
    name, label : str
        settlement, open_war or the id of an actor; what it is called.
    incidence : Incidence
    """

    name: str
    label: str
    incidence: Incidence


@dataclass(frozen=True)
class Waiting:
    """All that the picture of when things come draws.

    Attributes
    ----------
    words : Words
    dates : tuple of datetime
    events : tuple of Event
        The most frequent first.
    """

    words: Words
    dates: tuple[datetime, ...]
    events: tuple[Event, ...]


def summarise_waiting(
    counted: Counted, scenario: Scenario, seed: int, first: float = 0.0
) -> Waiting:
    """Estimate by when a settlement, a war and each actor's first use of force have come.

    What else ends a history competes: it keeps the event from coming.

    Parameters
    ----------
    counted : Counted
    scenario : Scenario
    seed : int
    first : float
        Day from which the replicates go their own ways.
    """
    out = counted.outcomes
    moments = np.linspace(first, scenario.horizon_days, MOMENTS)

    def event(name: str, label: str, own: np.ndarray, day: np.ndarray) -> Event:
        kind = np.where(own, OWN, OTHER)
        return Event(name, label, cumulative_incidence(day, kind, OWN, moments))

    events = [
        event("settlement", "settled", out.end == at.SETTLEMENT, out.day),
        event("open_war", "open war", out.end == at.WAR, out.day),
    ]
    for i, actor in enumerate(scenario.crisis.actors):
        came = np.isfinite(out.first_force[:, i])
        if came.any():
            day = np.where(came, out.first_force[:, i], out.day)
            events.append(event(actor.id, f"{actor.short} has used force", came, day))
    events.sort(key=lambda known: -float(known.incidence.share[-1]))
    dates = tuple(scenario.start + timedelta(days=float(day)) for day in moments)
    return Waiting(_words(events, scenario, len(out), seed, first), dates, tuple(events))


def _words(events: list[Event], scenario: Scenario, n: int, seed: int, first: float) -> Words:
    told = []
    for event in events[:3]:
        last = event.incidence
        mean, _ = share(float(last.share[-1]), float(last.low[-1]), float(last.high[-1]))
        told.append(f"{event.label} in {mean}")
    title = f"By day {scenario.horizon_days:g}: {', '.join(told)} of histories"
    subtitle = (
        "Share of histories in which it has come by a date. An end that comes first keeps the "
        "others from coming: they compete."
    )
    caption = captions.source(
        scenario,
        n,
        seed,
        captions.forked(first),
        f"A settlement takes {scenario.crisis.settlement.quiet_days:g} days of quiet.",
        "Cumulative incidence (Aalen-Johansen; nothing is broken off before the horizon, so these "
        "are plain shares). Shades: 95% intervals, for each moment by itself.",
    )
    return Words(title, subtitle, caption)
