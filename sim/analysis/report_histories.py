"""Histories as a report tells them: event by event, each move with its reasons."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np

from sim.analysis.ending import ending
from sim.analysis.explanation import Explanation
from sim.analysis.outcomes import Counted, middle, typical, worst
from sim.analysis.path_summary import Point
from sim.analysis.report import Reason, Step, Told, Turn
from sim.analysis.report_scene import calendar_of
from sim.analysis.telling import Teller, chance, led, strongest, together, weighty
from sim.analysis.turning import telling_moves
from sim.engines.log import Event, EventLog
from sim.engines.measures import ENDS

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["NEEDS", "WORST", "among", "chosen", "retold"]

#: How a history ends, as what follows a colon.
ENDING = {"open_war": "in open war", "settlement": "in a settlement", "horizon": "without either"}
TYPICAL, WORST, OTHER = "A typical history", "The worst history", "One that ends otherwise"
#: Outcomes of a study that tell which of its histories are worth telling.
NEEDS = ("open_war", "settlement", "days", "peak_rung", "dead")
NO_RULE = "No rule spoke for it: the actor’s own inclination, and chance."
IMPOSED = "Imposed from outside, not chosen by the model."
#: Moves by which a history is told in short.
MOST_TURNS, MOST_DEADLY = 7, 2


def chosen(counted: Counted, most: int = 3, besides: int | None = None) -> dict[int, str]:
    """Choose the replicates that a report tells, each with what it is called.

    The typical one; the worst; and that nearest to the middle of those with the most common end
    that neither of them has.

    Parameters
    ----------
    counted : Counted
    most : int
        How many.
    besides : int, optional
        A replicate that is told already.
    """
    picked: dict[int, str] = {}
    for k, told in ((typical(counted), TYPICAL), (worst(counted), WORST)):
        picked.setdefault(k, told)
    had = {end for end in ENDS for k in picked if counted.values(end)[k]}
    counts = {end: int(np.sum(counted.values(end))) for end in ENDS if end not in had}
    left = max(counts, key=lambda end: counts[end], default=None)
    if left is not None and counts[left]:
        told = f"{OTHER}, {ENDING[left]}"
        picked.setdefault(typical(counted, left), told)
    kept = {k: told for k, told in picked.items() if k != besides}
    return dict(list(kept.items())[:most])


def among(rows: pd.DataFrame) -> dict[int, str]:
    """Choose the histories of a study that a report tells, as `chosen` does.

    Parameters
    ----------
    rows : DataFrame
        A row a history, of all design points; as many of the columns `NEEDS` as were kept.

    Returns
    -------
    dict of int to str
        By the number of the row, what each is called.
    """
    n = len(rows)
    columns = {name: rows[name].to_numpy() for name in NEEDS if name in rows}
    none = np.zeros(n, np.bool_)
    war, settled = columns.get("open_war", none), columns.get("settlement", none)
    ends = {"open_war": war, "settlement": settled, "horizon": ~(war | settled)}
    sizes = [columns.get(name, none).astype(np.float64) for name in ("days", "peak_rung", "dead")]
    picked = {middle(sizes): TYPICAL}
    picked.setdefault(int(np.lexsort((-sizes[2], -sizes[1], ~war))[0]), WORST)
    had = {end for end, column in ends.items() for k in picked if column[k]}
    whole = {"open_war", "settlement"} <= columns.keys()
    counts = {end: int(column.sum()) for end, column in ends.items() if end not in had and whole}
    left = max(counts, key=lambda end: counts[end], default=None)
    if left is not None and counts[left]:
        own = np.flatnonzero(ends[left])
        k = int(own[middle(size[own] for size in sizes)])
        picked.setdefault(k, f"{OTHER}, {ENDING[left]}")
    return picked


def retold(
    log: EventLog,
    explain: Callable[[int], Explanation],
    which: str,
    where: str,
    command: str = "",
) -> Told:
    """Tell a history.

    Parameters
    ----------
    log : EventLog
    explain : callable of int to Explanation
        Explains the K-th visible move, K from 1.
    which, where, command : str
        As of `Told`.
    """
    end = ending(log, calendar_of(log.assembly.scenario))
    explained = [explain(k) for k in range(1, len(log.acted) + 1)]
    return Told(
        which,
        where,
        end.headline,
        end.reason,
        end.peak,
        end.dead,
        tuple(_turns(log, explained)),
        tuple(_steps(log, explained)),
        command=command,
    )


def _by_model(explanation: Explanation) -> bool:
    return explanation.chosen == explanation.model


def _turns(log: EventLog, explained: Sequence[Explanation]) -> Iterator[Turn]:
    """Tell the moves that tell most about the course, in order of time, each with its reason."""
    scenario = log.assembly.scenario
    teller, calendar = Teller(scenario), calendar_of(scenario)
    before = [event for event in log.opening if event.rung is not None]
    since = [event for event in log.events if event.rung is not None]
    points = [_point(event, log) for event in (*before, *since)]
    order = telling_moves(points, range(len(before), len(points)))
    deadly = sorted(order, key=lambda index: -sum(since[index - len(before)].dead.values()))
    chosen = dict.fromkeys((*order[:1], *deadly[:MOST_DEADLY], *order))
    for index in sorted(list(chosen)[:MOST_TURNS]):
        event, explanation = since[index - len(before)], explained[index - len(before)]
        option = explanation.options[explanation.chosen]
        rule = strongest(option.rules)
        why = led(option.probability, rule.says if rule else "")
        if not _by_model(explanation):
            why, rule = "imposed from outside", None
        yield Turn(
            f"{calendar.moment(event.date).strip()}, day {event.day:.0f}",
            teller.move(event),
            teller.detail(event),
            why,
            rule.statements if rule else (),
        )


def _point(event: Event, log: EventLog) -> Point:
    """Give an event as a move of a path, as far as its weight in the course hangs on it."""
    lane = log.assembly.actors.index(str(event.actor))
    move, rung = str(event.move), int(event.rung or 0)
    return Point(event.day, event.date, lane, rung, move, move, event.target, (), 0, event.day < 0)


def _steps(log: EventLog, explained: Sequence[Explanation]) -> Iterator[Step]:
    scenario = log.assembly.scenario
    teller, calendar = Teller(scenario), calendar_of(scenario)
    k = 0
    for event, others in together(log.events):
        when = calendar.moment(event.date).strip()
        if event.rung is None:
            if told := teller.quiet(event, others):
                yield Step(when, told)
            continue
        explanation = explained[k]
        k += 1
        by_model = _by_model(explanation)
        reasons = _reasons(explanation) if by_model else ()
        yield Step(
            when,
            teller.move(event),
            teller.detail(event),
            k,
            event.rung,
            chance(explanation.options[explanation.chosen].probability),
            tuple(reasons),
            "" if reasons else NO_RULE if by_model else IMPOSED,
        )


def _reasons(explanation: Explanation) -> Sequence[Reason]:
    return [
        Reason(share.says, f"{share.logits:+.1f}", share.statements)
        for share in weighty(explanation)
    ]
