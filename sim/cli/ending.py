"""How a history ended and why, in words."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING

from sim.cli.dates import Calendar, days_in_words
from sim.cli.screen import BOLD, PLAIN, Screen

if TYPE_CHECKING:
    from sim import Event, History

__all__ = ["ended"]

COERCION_RUNG, FORCE_RUNG = 4, 6


def ended(history: History, screen: Screen, calendar: Calendar) -> Iterator[str]:
    """Give the paragraph on the end: how, why, how high, how many dead."""
    headline, reason = {"open_war": _war, "settlement": _settlement}.get(
        history.end or "", _horizon
    )(history, calendar)
    yield from screen.flow("", "", (headline, BOLD), (reason, PLAIN))
    crisis = history.scenario.crisis
    peak = [move.label for move in crisis.moves if move.rung == history.peak_rung]
    reached = {event.move for event in history.visible}
    peak = [
        move.label for move in crisis.moves if move.id in reached and move.label in peak
    ] or peak
    yield from screen.flow(
        "",
        "",
        (f"Peak since the start: rung {history.peak_rung} of 10 ({', '.join(peak)}).", PLAIN),
    )
    dead = ", ".join(f"{a.short} {history.dead[a.id]}" for a in crisis.actors)
    note = ", those before the start included" if any(e.dead for e in history.opening) else ""
    yield from screen.flow("", "", (f"Dead: {dead}{note}.", PLAIN))


def _hot(history: History) -> Event | None:
    """Find the last use of force or threat, of the opening too."""
    lines = {move.id for move in history.scenario.crisis.moves if move.line > 0}
    hot = [
        event
        for event in (*history.opening, *history.visible)
        if event.rung is not None and (event.rung >= FORCE_RUNG or event.move in lines)
    ]
    return hot[-1] if hot else None


def _last(history: History) -> datetime:
    return history.events[-1].date if history.events else history.scenario.start


def _unbroken(history: History, calendar: Calendar) -> str:
    """Say what there has not been since when, and what of the rungs below force there has."""
    hot = _hot(history)
    told = "no force used and nothing threatened "
    told += f"since {calendar.day(hot.date)}" if hot else "at all"
    done = {
        event.move
        for event in (*history.opening, *history.visible)
        if event.rung is not None and (hot is None or event.date >= hot.date)
    }
    labels = [
        move.label
        for move in history.scenario.crisis.moves
        if move.id in done and COERCION_RUNG <= move.rung < FORCE_RUNG and not move.line
    ]
    return f"{told} ({' and '.join(labels)} not counted)" if labels else told


def _settlement(history: History, calendar: Calendar) -> tuple[str, str]:
    rule = history.scenario.crisis.settlement
    hot = _hot(history)
    since = hot.date if hot else history.scenario.start
    quiet = days_in_words((_last(history) - since).total_seconds() / 86400)
    return (
        f"Settled on {calendar.day(_last(history))}, after {quiet} of quiet:",
        f"{_unbroken(history, calendar)}, and no grievance above {rule.grievance_floor:g}.",
    )


def _horizon(history: History, calendar: Calendar) -> tuple[str, str]:
    rule = history.scenario.crisis.settlement
    hot = _hot(history)
    since = max(hot.date, history.scenario.start) if hot else history.scenario.start
    quiet = (_last(history) - since).total_seconds() / 86400
    headline = f"Not settled after {days_in_words(history.scenario.horizon_days)}:"
    if hot and quiet < rule.quiet_days:
        return headline, (
            f"the last force or threat was on {calendar.day(hot.date)}, and a settlement takes "
            f"{days_in_words(rule.quiet_days)} of quiet."
        )
    if quiet < rule.quiet_days:
        return headline, f"a settlement takes {days_in_words(rule.quiet_days)} of quiet."
    return headline, (
        f"{_unbroken(history, calendar)}, but a grievance above {rule.grievance_floor:g} is left."
    )


def _war(history: History, calendar: Calendar) -> tuple[str, str]:
    crisis = history.scenario.crisis
    shorts = {actor.id: actor.short for actor in crisis.actors}
    moves = [event for event in (*history.opening, *history.events) if event.rung is not None]
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
