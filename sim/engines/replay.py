"""The state at any moment of a history: the history is played again up to there."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from sim.engines.assembly import Assembly
from sim.engines.log import Decision, EventLog, Forced, read_decision
from sim.kernel import layout as at
from sim.kernel import loop
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
    params = log.assembly.params
    work = at.new_record(at.WORK)
    if log.origin is None:
        state = at.new_state(log.seed, log.replicate)
        played = 0
        while True:
            kind = loop.begin(params, state, work, played)
            if kind == at.PAUSED:
                break
            played += kind == at.MOVE
    else:
        state = reseeded(params, log.origin, log.seed, log.replicate)
    forced = [force for force in log.forced if force.day <= day]
    decided = 0
    for force in forced:
        decided = _go_on(log, state, work, decided, force.day)
        press(log.assembly, state, force)
    decided = _go_on(log, state, work, decided, day)
    events = sum(event.day <= day for event in log.events)
    return replace(
        log,
        state=state,
        opening=list(log.opening),
        events=list(log.events[:events]),
        decisions=list(log.decisions[:decided]),
        acted=[index for index in log.acted if index < decided],
        forced=forced,
        replaced=list(log.replaced),
        rows=[row.copy() for row in log.rows[:events]],
    )


def _go_on(log: EventLog, state: np.record, work: np.record, decided: int, day: float) -> int:
    """Go on to `day`, with the decisions of `log` from number `decided` on; count those taken."""
    params = log.assembly.params
    while state.end == at.RUNNING:
        kind = loop.proceed(params, state, work, day)
        if kind == at.PAUSED:
            break
        if kind == at.DECISION:
            loop.perform(params, state, work, log.decisions[decided].option)
            decided += 1
    return decided


def press(assembly: Assembly, state: np.record, force: Forced) -> None:
    """Let a state bear what is forced on an actor's next decision; modifies `state`."""
    i = assembly.actors.index(force.actor)
    names = [str(option) for option in assembly.options[i]]
    state.forced[i] = names.index(force.option)
    if force.now:
        loop.hasten(state, i)


def weighed(assembly: Assembly, state: np.record, actor: str) -> Decision:
    """Weigh an actor's options as they are in `state`, as if it came to a decision then.

    Draws no random number and changes nothing; the decision is to hold.
    """
    work = at.new_record(at.WORK)
    i = assembly.actors.index(actor)
    weigh(assembly.params, state, work, i)
    return read_decision(assembly, work, i, float(state.time[at.NOW]), 0, 0)


def copied(log: EventLog) -> EventLog:
    """Return a log that can be continued without touching `log`."""
    return replace(
        log,
        state=at.copied(log.state),
        opening=list(log.opening),
        events=list(log.events),
        decisions=list(log.decisions),
        acted=list(log.acted),
        forced=list(log.forced),
        replaced=list(log.replaced),
        rows=[row.copy() for row in log.rows],
    )


def reseeded(params: np.record, origin: np.record, seed: int, replicate: int) -> np.record:
    """Return a copy of `origin` whose luck from now on is that of another seed and replicate.

    Every clock is wound anew, as `sim.kernel.ensemble.play` does: what is still to come is
    independent of what the history would have brought.
    """
    state = at.copied(origin)
    state.key[:] = seed, replicate, origin.key[2] + np.uint64(1)
    loop.rewind(params, state)
    return state
