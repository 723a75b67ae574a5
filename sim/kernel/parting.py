"""Pairs of replicates that share their luck: whether they differ at all, and where they part.

Both are played and written down, and what was written is compared number by number: a history is
the same if and only if every event from the start on is, to the bit.  Injects do not count: what
they bring about does.  Decisions are paired by actor and count, for such pairs draw the same
numbers; the earliest that takes another option is where two histories part.
"""

import math

import numpy as np

from sim.kernel import layout as at
from sim.kernel.compiled import compiled
from sim.kernel.ensemble import set_out, write_row
from sim.kernel.loop import perform, proceed
from sim.kernel.phases import change_over

# how two histories differ
SAME = 0
MARKS = 1  # every decision the same, but dates, dead or what is learnt of them
LENGTH = 2  # every decision the same as far as both go, but one of them goes on to others that act
DECISION = 3
# columns of what is found, one row a pair
FOUND_KIND = 0
FOUND_ACTOR = 1  # whose decision parts them; -1 if none does
FOUND_OPTION = 2  # what it takes in the first
FOUND_OTHER = 3  # and in the second
FOUND_END = 4
FOUND_OTHER_END = 5
N_FOUND = 6
# columns of decisions
TAKEN_DAY = 0
TAKEN_ACTOR = 1
TAKEN_OPTION = 2
N_TAKEN = 3


@compiled
def note(phases, origin, state, work, seed, replicate, rows, taken):
    """Play one replicate from `origin` to its end, and write its events and decisions down.

    Parameters
    ----------
    phases, origin, state, work, seed, replicate, rows
        As of `ensemble.play`, which writes injects down as well.
    taken : float64 array, shape (most, N_TAKEN)
        Written: every decision, holds included.

    Returns
    -------
    events, decisions : int
        Which may be more than there was room for.
    """
    params = phases[origin.phase]
    set_out(params, origin, state, work, seed, replicate)
    events, decisions = 0, 0
    while state.end == at.RUNNING:
        kind = proceed(params, state, work, math.inf)
        if kind == at.DECISION:
            if decisions < len(taken):
                taken[decisions, TAKEN_DAY] = state.time[at.NOW]
                taken[decisions, TAKEN_ACTOR] = work.actor
                taken[decisions, TAKEN_OPTION] = work.pick
            decisions += 1
            kind = perform(params, state, work, work.pick)
            if kind == at.HELD:
                continue
        elif kind == at.INJECT:
            change_over(params, phases[state.phase], state)
            params = phases[state.phase]
            continue
        events = write_row(work, rows, events)
    return events, decisions


@compiled
def _alike(rows, other, events):
    for e in range(events):
        for k in range(rows.shape[1]):
            if rows[e, k] != other[e, k]:
                return False
    return True


@compiled
def _next(taken, decisions, actor, k):
    """Return the row of the actor's first decision from row `k` on, or `decisions`."""
    while k < decisions and taken[k, TAKEN_ACTOR] != actor:
        k += 1
    return k


@compiled
def part(n, taken, decisions, other, others, found, day):
    """Find the earliest decision that takes another option in the second history.

    Writes `found` from FOUND_KIND to FOUND_OTHER, and to `day` when it is taken in each.
    """
    found[FOUND_KIND] = MARKS
    found[FOUND_ACTOR] = found[FOUND_OPTION] = found[FOUND_OTHER] = -1
    day[0] = day[1] = math.nan
    earliest = math.inf
    more = False
    for i in range(n):
        a = _next(taken, decisions, i, 0)
        b = _next(other, others, i, 0)
        while a < decisions and b < others:
            option, instead = taken[a, TAKEN_OPTION], other[b, TAKEN_OPTION]
            if option != instead:
                when = min(taken[a, TAKEN_DAY], other[b, TAKEN_DAY])
                if when < earliest:
                    earliest = when
                    found[FOUND_KIND] = DECISION
                    found[FOUND_ACTOR] = i
                    found[FOUND_OPTION], found[FOUND_OTHER] = int(option), int(instead)
                    day[0], day[1] = taken[a, TAKEN_DAY], other[b, TAKEN_DAY]
                break
            a = _next(taken, decisions, i, a + 1)
            b = _next(other, others, i, b + 1)
        while a < decisions:
            more = more or taken[a, TAKEN_OPTION] > 0.0
            a = _next(taken, decisions, i, a + 1)
        while b < others:
            more = more or other[b, TAKEN_OPTION] > 0.0
            b = _next(other, others, i, b + 1)
    if more and found[FOUND_KIND] == MARKS:
        found[FOUND_KIND] = LENGTH


@compiled
def part_many(phases, other, origins, state, work, seed, start, rows, taken, found, day):
    """Compare replicates `start`, `start` + 1, ... of a seed in two scenarios.

    Parameters
    ----------
    phases, other : PARAMS arrays, shape (phases,)
        Of the same actors and options.
    origins : STATE array, shape (2,)
        Where the histories of each start.
    rows : float64 array, shape (2, most, N_ROW + MAX_ACTORS)
        Scratch space for the events of each.
    taken : float64 array, shape (2, most, N_TAKEN)
        Scratch space for their decisions.
    found : int16 array, shape (replicates, N_FOUND)
        Written.
    day : float64 array, shape (replicates, 2)
        Written: when the decision at which they part is taken in each; nan where there is none.

    Returns
    -------
    int
        Pairs compared: all of them, or those up to the first for which there was no room.
    """
    most = min(rows.shape[1], taken.shape[1])
    for r in range(len(found)):
        replicate = start + np.uint64(r)
        events, decisions = note(
            phases, origins[0], state, work, seed, replicate, rows[0], taken[0]
        )
        found[r, FOUND_END] = state.end
        also, others = note(other, origins[1], state, work, seed, replicate, rows[1], taken[1])
        found[r, FOUND_OTHER_END] = state.end
        if max(max(events, also), max(decisions, others)) > most:
            return r
        if events == also and _alike(rows[0], rows[1], events):
            found[r, FOUND_KIND] = SAME
            found[r, FOUND_ACTOR] = found[r, FOUND_OPTION] = found[r, FOUND_OTHER] = -1
            day[r, 0] = day[r, 1] = math.nan
        else:
            n = phases[0].n
            part(n, taken[0], decisions, taken[1], others, found[r], day[r])
    return len(found)
