"""What a picture of one history shows: its moves by actor, date and rung, and a few reasons."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from sim.analysis import captions
from sim.analysis.dates import Calendar
from sim.analysis.ending import ending
from sim.analysis.explanation import RuleShare
from sim.analysis.path_summary import FORCE, Inject, Lane, MoveKind, Note, PathSummary, Point, Tick
from sim.analysis.telling import UNLIKELY, led, strongest
from sim.analysis.turning import MOST_NOTES, telling_moves
from sim.analysis.wording import day_of, title_of
from sim.crisis import Scenario
from sim.engines.log import Event, EventLog

__all__ = ["summarise_path"]

#: The opening takes at most this multiple of the simulated days; what is older is only counted.
OPENING_SHARE = 1.5


def _names(scenario: Scenario) -> dict[str, str]:
    return {actor.id: actor.short for actor in scenario.crisis.actors}


def _dead(event: Event, short: dict[str, str]) -> tuple[tuple[str, int], ...]:
    return tuple((short[actor], count) for actor, count in event.dead.items() if count > 0)


def _points(log: EventLog) -> list[Point]:
    """Turn the opening and the history into points, in order of time."""
    scenario = log.assembly.scenario
    short = _names(scenario)
    labels = {move.id: move.label for move in scenario.crisis.moves}
    opened = [event for event in log.opening if event.kind == "move"]
    names = [event.id for event in scenario.opening] + [None] * len(log.events)
    points = []
    moves = opened + [event for event in log.events if event.kind == "move"]
    for number, (event, name) in enumerate(zip(moves, names, strict=False)):
        assert event.actor is not None
        assert event.move is not None
        assert event.rung is not None
        points.append(
            Point(
                event.day,
                event.date,
                log.assembly.actors.index(event.actor),
                event.rung,
                event.move,
                labels[event.move],
                short[event.target] if event.target is not None else None,
                _dead(event, short),
                event.claimed,
                number < len(opened),
                name,
            )
        )
    return points


def _lanes(scenario: Scenario, points: Sequence[Point]) -> tuple[Lane, ...]:
    lanes = []
    for number, actor in enumerate(scenario.crisis.actors):
        own = [point for point in points if point.lane == number]
        aimed = Counter(point.target for point in own if point.target is not None)
        usual = aimed.most_common(1)[0][0] if aimed else None
        peak = max((point.rung for point in own), default=1)
        lanes.append(Lane(actor.short, usual, max(peak, 1)))
    return tuple(lanes)


def _notes(
    log: EventLog, points: Sequence[Point], because: Callable[[int], Sequence[RuleShare]]
) -> tuple[Note, ...]:
    """Take the strongest rule behind each telling move that the model chose."""
    opening = sum(point.opening for point in points)
    notes = {}
    for index in range(opening, len(points)):
        number = index - opening + 1
        decision = log.decisions[log.acted[number - 1]]
        if decision.option != decision.model:
            continue
        probability = float(decision.probability[decision.option])
        rule = strongest(because(number))
        unlikely = probability < UNLIKELY
        # That nothing spoke for a move is worth telling of force alone.
        if rule is not None or (unlikely and points[index].rung >= FORCE):
            why = led(probability, rule.says if rule else "")
            notes[index] = Note(index, why, tuple(rule.statements) if rule else (), unlikely)
    return tuple(notes[index] for index in telling_moves(points, list(notes))[:MOST_NOTES])


def _assessments(log: EventLog) -> tuple[Tick, ...]:
    return tuple(
        Tick(event.date, log.assembly.actors.index(event.actor))
        for event in log.events
        if event.kind == "assessment" and event.actor is not None
    )


def _end_of(log: EventLog) -> tuple[str, datetime]:
    """Return how and when a history ended, or where it stands."""
    start = log.assembly.scenario.start
    date = log.events[-1].date if log.events else start
    return log.end or "running", date


_ENDS = {
    "open_war": "open war",
    "settlement": "settled",
    "horizon": "horizon",
    "running": "so far",
}


def _question(scenario: Scenario) -> str:
    """Say what is asked; of a changed scenario what was changed, as the question may not fit it."""
    if scenario.overrides:
        return f"{scenario.title}, as changed: {captions.changes(scenario)}."
    return f"{scenario.title}. {scenario.asks}"


def _outcome(log: EventLog) -> str:
    """Say why a history ended as it did; nothing where the last move says it."""
    scenario = log.assembly.scenario
    last = next((event for event in reversed(log.events) if event.rung is not None), None)
    if log.end is None or (last is not None and scenario.crisis.move(str(last.move)).war):
        return ""
    first = min([scenario.start, *(event.date for event in log.opening)])
    told = ending(log, Calendar(first, scenario.start + timedelta(days=scenario.horizon_days)))
    return f"{told.headline} {told.reason}"


def summarise_path(log: EventLog, because: Callable[[int], Sequence[RuleShare]]) -> PathSummary:
    """Gather what the picture of one history draws.

    Parameters
    ----------
    log : EventLog
    because : callable of int to sequence of RuleShare
        Rules behind the chosen option of the K-th visible move (K from 1), the strongest first.

    Returns
    -------
    PathSummary
    """
    scenario = log.assembly.scenario
    short = _names(scenario)
    kind, end = _end_of(log)
    length = max(end - scenario.start, timedelta(days=1))
    every = _points(log)
    oldest = scenario.start - OPENING_SHARE * length
    points = [point for point in every if not point.opening or point.date >= oldest]
    lanes = _lanes(scenario, points)
    injects = tuple(
        Inject(event.date, event.move or "", _dead(event, short))
        for event in log.events
        if event.kind == "inject"
    )
    return PathSummary(
        title=title_of(points, injects, lanes, kind, end, scenario.horizon_days),
        question=_question(scenario),
        caption=captions.source_of_history(
            scenario,
            log.seed,
            log.replicate,
            "One simulated history, not a forecast.",
            _outcome(log),
        ),
        opened=min([scenario.start, *(point.date for point in points)]),
        start=scenario.start,
        end=end,
        end_kind=kind,
        end_label=f"{_ENDS[kind]}, {day_of(end)}",
        ladder=tuple(
            MoveKind(move.id, move.label, move.rung)
            for move in scenario.crisis.moves
            if move.id != "hold"
        ),
        lanes=lanes,
        points=tuple(points),
        steps=tuple(
            tuple((point.date, point.rung) for point in points if point.lane == number)
            for number in range(len(lanes))
        ),
        assessments=_assessments(log),
        injects=injects,
        notes=_notes(log, points, because),
        earlier=len(every) - len(points),
    )
