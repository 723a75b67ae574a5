"""Histories as a report tells them: event by event, each move with its reasons."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np

from sim.analysis.ending import ending
from sim.analysis.explanation import Explanation
from sim.analysis.outcomes import Counted, middle, typical, worst
from sim.analysis.report import Reason, Step, Told
from sim.analysis.report_scene import calendar_of
from sim.analysis.telling import Teller, percent, together, weighty
from sim.engines.log import EventLog
from sim.engines.measures import ENDS

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["NEEDS", "WORST", "among", "chosen", "retold"]

#: How a history ends, as what follows a colon.
ENDING = {"open_war": "in open war", "settlement": "in a settlement", "horizon": "without either"}
TYPICAL, WORST = "A typical history", "The worst history"
#: Outcomes of a study that tell which of its histories are worth telling.
NEEDS = ("open_war", "settlement", "days", "peak_rung", "dead")
NO_RULE = "No rule spoke for it: the actor’s own inclination, and chance."
IMPOSED = "Imposed from outside, not chosen by the model."


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
        told = f"The most common other end, {ENDING[left]}"
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
        picked.setdefault(k, f"The most common other end, {ENDING[left]}")
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
    return Told(
        which,
        where,
        end.headline,
        end.reason,
        end.peak,
        end.dead,
        tuple(_steps(log, explain)),
        command=command,
    )


def _steps(log: EventLog, explain: Callable[[int], Explanation]) -> Iterator[Step]:
    scenario = log.assembly.scenario
    teller, calendar = Teller(scenario), calendar_of(scenario)
    k = 0
    for event, others in together(log.events):
        when = calendar.moment(event.date).strip()
        if event.rung is None:
            if told := teller.quiet(event, others):
                yield Step(when, told)
            continue
        k += 1
        explanation = explain(k)
        by_model = explanation.chosen == explanation.model
        reasons = _reasons(explanation) if by_model else ()
        yield Step(
            when,
            teller.move(event),
            teller.detail(event),
            k,
            event.rung,
            percent(explanation.options[explanation.chosen].probability).strip(),
            tuple(reasons),
            "" if reasons else NO_RULE if by_model else IMPOSED,
        )


def _reasons(explanation: Explanation) -> Sequence[Reason]:
    return [
        Reason(share.says, f"{share.logits:+.1f}", share.statements)
        for share in weighty(explanation)
    ]
