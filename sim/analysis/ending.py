"""How a history ended and why, in words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from sim.analysis.dates import Calendar, days_in_words

if TYPE_CHECKING:
    from sim.engines.log import Event, EventLog

__all__ = ["Ending", "ending"]

COERCION_RUNG, FORCE_RUNG = 4, 6


@dataclass(frozen=True, slots=True)
class Ending:
    """The end of a history in sentences.

    Attributes
    ----------
    headline : str
        How it ended, up to a colon.
    reason : str
        Why, after the colon.
    peak : str
        The highest rung since the start.
    dead : str
        The true dead, actor by actor.
    """

    headline: str
    reason: str
    peak: str
    dead: str


def ending(log: EventLog, calendar: Calendar) -> Ending:
    """Say how a history ended, why, how high it went and how many died."""
    crisis = log.assembly.scenario.crisis
    headline, reason = {"open_war": _war, "settlement": _settlement}.get(log.end or "", _horizon)(
        log, calendar
    )
    visible = _visible(log)
    height = max((event.rung or 0 for event in visible), default=1)
    reached = {event.move for event in visible}
    level = [move for move in crisis.moves if move.rung == height]
    labels = [move.label for move in level if move.id in reached] or [move.label for move in level]
    counts = log.counts(log.state.dead)
    dead = ", ".join(f"{actor.short} {counts[actor.id]}" for actor in crisis.actors)
    note = ", those before the start included" if any(e.dead for e in log.opening) else ""
    return Ending(
        headline,
        reason,
        f"Peak since the start: rung {height} of 10 ({', '.join(labels)}).",
        f"Dead: {dead}{note}.",
    )


def _visible(log: EventLog) -> list[Event]:
    return [event for event in log.events if event.move and event.rung is not None]


def _hot(log: EventLog) -> Event | None:
    """Find the last use of force or threat, of the opening too."""
    lines = {move.id for move in log.assembly.scenario.crisis.moves if move.line > 0}
    hot = [
        event
        for event in (*log.opening, *_visible(log))
        if event.rung is not None and (event.rung >= FORCE_RUNG or event.move in lines)
    ]
    return hot[-1] if hot else None


def _last(log: EventLog) -> datetime:
    return log.events[-1].date if log.events else log.assembly.scenario.start


def _unbroken(log: EventLog, calendar: Calendar) -> str:
    """Say what there has not been since when, and what of the rungs below force there has."""
    hot = _hot(log)
    told = "no force used and nothing threatened "
    told += f"since {calendar.day(hot.date)}" if hot else "at all"
    done = {
        event.move
        for event in (*log.opening, *_visible(log))
        if event.rung is not None and (hot is None or event.date >= hot.date)
    }
    labels = [
        move.label
        for move in log.assembly.scenario.crisis.moves
        if move.id in done and COERCION_RUNG <= move.rung < FORCE_RUNG and not move.line
    ]
    return f"{told} ({' and '.join(labels)} not counted)" if labels else told


def _settlement(log: EventLog, calendar: Calendar) -> tuple[str, str]:
    scenario = log.assembly.scenario
    rule = scenario.crisis.settlement
    hot = _hot(log)
    since = hot.date if hot else scenario.start
    quiet = days_in_words((_last(log) - since).total_seconds() / 86400)
    return (
        f"Settled on {calendar.day(_last(log))}, after {quiet} of quiet:",
        f"{_unbroken(log, calendar)}, and no grievance above {rule.grievance_floor:g}.",
    )


def _horizon(log: EventLog, calendar: Calendar) -> tuple[str, str]:
    scenario = log.assembly.scenario
    rule = scenario.crisis.settlement
    hot = _hot(log)
    since = max(hot.date, scenario.start) if hot else scenario.start
    quiet = (_last(log) - since).total_seconds() / 86400
    headline = f"Not settled after {days_in_words(scenario.horizon_days)}:"
    if hot and quiet < rule.quiet_days:
        return headline, (
            f"the last force or threat was on {calendar.day(hot.date)}, and a settlement takes "
            f"{days_in_words(rule.quiet_days)} of quiet."
        )
    if quiet < rule.quiet_days:
        return headline, f"a settlement takes {days_in_words(rule.quiet_days)} of quiet."
    return headline, (
        f"{_unbroken(log, calendar)}, but a grievance above {rule.grievance_floor:g} is left."
    )


def _war(log: EventLog, calendar: Calendar) -> tuple[str, str]:
    crisis = log.assembly.scenario.crisis
    shorts = {actor.id: actor.short for actor in crisis.actors}
    moves = [event for event in (*log.opening, *log.events) if event.rung is not None]
    last = moves[-1]
    pair = shorts[str(last.actor)], shorts[str(last.target)]
    headline = f"Open war on {calendar.day(last.date)}:"
    if crisis.move(str(last.move)).war:
        return headline, f"{pair[0]} went to war against {pair[1]}."
    strikes = crisis.war.major_strikes
    return headline, (
        f"{pair[0]} and {pair[1]} each made {strikes} major "
        f"{'strike' if strikes == 1 else 'strikes'} on the other "
        f"within {days_in_words(crisis.war.within_days)}."
    )
