"""By when a first reply, a first use of force, a settlement or a war has come."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import numpy as np

from sim.analysis import captions, written
from sim.analysis.bars import RARE
from sim.analysis.captions import Words
from sim.analysis.courses import Courses
from sim.analysis.incidence import Incidence, cumulative_incidence
from sim.analysis.levels import HOLD
from sim.crisis import Scenario
from sim.kernel import layout as at

__all__ = ["RARE", "Event", "Waiting", "summarise_waiting"]

MOMENTS = 481
#: Kinds of event, besides being broken off.
OWN, OTHER = 1, 2


@dataclass(frozen=True)
class Event:
    """Something that may come, and by when it has.

    Attributes
    ----------
    name, label : str
        settlement, open_war, reply or the id of an actor; what it is called.
    incidence : Incidence
    place : int
        Of an actor, which of the scenario's it is.
    """

    name: str
    label: str
    incidence: Incidence
    place: int = 0

    @property
    def rare(self) -> bool:
        """Whether it comes so seldom that it takes a scale of its own."""
        return float(self.incidence.share[-1]) < RARE


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


def summarise_waiting(courses: Courses) -> Waiting:
    """Estimate by when a settlement, a war, a reply and each actor's first use of force have come.

    What else ends a history competes: it keeps the event from coming.  A reply is the first move
    above `HOLD` that whoever was struck last in the opening makes at the one who struck.  What came
    before the histories go their own ways is not counted.

    Parameters
    ----------
    courses : Courses
    """
    out, scenario = courses.counted.outcomes, courses.scenario
    moments = np.linspace(courses.first, scenario.horizon_days, MOMENTS)

    def event(name: str, label: str, day: np.ndarray, place: int = 0) -> Event:
        came = np.isfinite(day)
        kind = np.where(came, OWN, OTHER)
        days = np.where(came, day, out.day)
        return Event(name, label, cumulative_incidence(days, kind, OWN, moments), place)

    events = [
        event("settlement", "settled", np.where(out.end == at.SETTLEMENT, out.day, np.inf)),
        event("open_war", "open war", np.where(out.end == at.WAR, out.day, np.inf)),
    ]
    pair = _struck(scenario)
    if pair is not None:
        shorts = [scenario.crisis.actor(who).short for who in pair]
        label = f"{shorts[0]} has replied to {shorts[1]}"
        events.append(event("reply", label, _first_reply(courses, *pair)))
    for i, actor in enumerate(scenario.crisis.actors):
        if np.isfinite(out.first_force[:, i]).any():
            label = f"{actor.short} has used force"
            events.append(event(actor.id, label, out.first_force[:, i], i))
    events.sort(key=lambda known: -float(known.incidence.share[-1]))
    dates = courses.dates(moments)
    return Waiting(_words(courses, events, pair is not None), dates, tuple(events))


def _struck(scenario: Scenario) -> tuple[str, str] | None:
    """Name who was struck last in the opening, and who struck; None where nobody was."""
    blows = scenario.blows
    return (str(blows[-1].target), str(blows[-1].actor)) if blows else None


def _first_reply(courses: Courses, who: str, whom: str) -> np.ndarray:
    """Return the day of each replicate's first reply, infinite where there is none."""
    moves, actors = courses.moves, courses.assembly.actors
    reply = (moves.actor == actors.index(who)) & (moves.target == actors.index(whom))
    reply &= (moves.rung > HOLD) & (moves.day >= courses.first)
    day = np.full(len(courses), np.inf)
    np.minimum.at(day, moves.replicate[reply], moves.day[reply])
    return day


def _words(courses: Courses, events: list[Event], replies: bool) -> Words:
    scenario = courses.scenario
    told = []
    for name, words in (("open_war", "at war"), ("settlement", "settled")):
        last = next(event.incidence for event in events if event.name == name)
        ends = (float(x[-1]) for x in (last.share, last.low, last.high))
        told.append(f"{written.share(*ends)[0]} {words}")
    title = f"By day {scenario.horizon_days:g}, {told[0]} and {told[1]}: when it comes"
    subtitle = (
        "Share of histories in which something has come by a date. An end that comes first keeps "
        "the others from coming: they compete."
    )
    if courses.first:
        subtitle += f" What came before day {courses.first:g} is not counted."
    if replies:
        mildest = min(
            (move for move in scenario.crisis.moves if move.rung > HOLD), key=lambda move: move.rung
        )
        subtitle += f" A reply: any move back from rung {mildest.rung} ({mildest.label}) up."
    caption = captions.source(
        scenario,
        len(courses),
        courses.seed,
        captions.forked(courses.first),
        f"A settlement takes {scenario.crisis.settlement.quiet_days:g} days of quiet.",
        "Cumulative incidence (Aalen-Johansen; nothing is broken off before the horizon, so these "
        "are plain shares). Shades: 95% intervals, for each moment by itself.",
    )
    return Words(title, subtitle, caption)
