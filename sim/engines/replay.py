"""The state at any moment of a history: the history is played again up to there."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from sim.engines.assembly import Assembly
from sim.engines.log import Decision, EventLog, Forced, Intervened, read_decision
from sim.kernel import layout as at
from sim.kernel import loop, phases
from sim.kernel.choice import weigh


def log_until(log: EventLog, day: float) -> EventLog:
    """Return what was recorded of a history up to `day`, with the whole state then.

    Parameters
    ----------
    log : EventLog
        Its decisions are taken over as they were, whoever took them.
    day : float, not before the history starts
        Events at `day` itself have happened.

    Returns
    -------
    EventLog
        Shares no memory with `log`.
    """
    work = at.new_record(at.WORK)
    if log.origin is None:
        state = at.new_state(log.seed, log.replicate)
        played = 0
        while True:
            kind = loop.begin(log.assembly.params, state, work, played)
            if kind == at.PAUSED:
                break
            played += kind == at.MOVE
    else:
        state = reseeded(log.assembly, log.origin, log.seed, log.replicate)
    imposed = [one for one in log.imposed if one.what.day <= day]
    done = 0, 0
    for steps, what in imposed:
        done = _go_on(log, state, work, done, what.day, steps)
        state.time[at.NOW] = what.day
        impose(log.assembly, state, what)
    decided, _ = _go_on(log, state, work, done, day)
    events = sum(event.day <= day for event in log.events)
    return replace(
        log,
        state=state,
        opening=list(log.opening),
        events=list(log.events[:events]),
        decisions=list(log.decisions[:decided]),
        acted=[index for index in log.acted if index < decided],
        imposed=imposed,
        replaced=list(log.replaced),
        rows=[row.copy() for row in log.rows[:events]],
    )


def _go_on(
    log: EventLog,
    state: np.record,
    work: np.record,
    done: tuple[int, int],
    day: float,
    most: float = math.inf,
) -> tuple[int, int]:
    """Go on to `day`, `most` steps since the start at most, with the decisions of `log`.

    `done`, and what is returned, are the decisions and the steps so far.
    """
    decided, steps = done
    while state.end == at.RUNNING and steps < most:
        kind = phases.proceed(log.assembly.phases, state, work, day)
        if kind == at.PAUSED:
            break
        steps += 1
        if kind == at.DECISION:
            loop.perform(log.assembly.in_force(state), state, work, log.decisions[decided].option)
            decided += 1
    return decided, steps


def impose(assembly: Assembly, state: np.record, what: Forced | Intervened) -> None:
    """Let a state bear a forced decision, or an inject that happens now; modifies `state`."""
    if isinstance(what, Intervened):
        x = [inject.id for inject in assembly.injects].index(what.inject)
        state.inject_due[x] = state.time[at.NOW]
        return
    i = assembly.actors.index(what.actor)
    names = [str(option) for option in assembly.options[i]]
    state.forced[i] = names.index(what.option)
    if what.now:
        loop.hasten(state, i)


def weighed(assembly: Assembly, state: np.record, actor: str) -> Decision:
    """Weigh an actor's options as they are in `state`, as if it came to a decision then.

    Draws no random number and changes nothing; the decision is to hold.
    """
    work = at.new_record(at.WORK)
    i = assembly.actors.index(actor)
    weigh(assembly.in_force(state), state, work, i)
    return read_decision(assembly, work, i, float(state.time[at.NOW]), 0, 0, int(state.phase))


def copied(log: EventLog) -> EventLog:
    """Return a log that can be continued without touching `log`."""
    return replace(
        log,
        state=at.copied(log.state),
        opening=list(log.opening),
        events=list(log.events),
        decisions=list(log.decisions),
        acted=list(log.acted),
        imposed=list(log.imposed),
        replaced=list(log.replaced),
        rows=[row.copy() for row in log.rows],
    )


def reseeded(assembly: Assembly, origin: np.record, seed: int, replicate: int) -> np.record:
    """Return a copy of `origin` whose luck from now on is that of another seed and replicate.

    Every clock is wound anew, as `sim.kernel.ensemble.play` does: what is still to come is
    independent of what the history would have brought.
    """
    state = at.copied(origin)
    state.key[:] = seed, replicate, origin.key[2] + np.uint64(1)
    loop.rewind(assembly.in_force(state), state)
    return state
