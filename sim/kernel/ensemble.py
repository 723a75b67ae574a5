"""Many replicates of one scenario, played by the loop of every other engine and counted.

Nothing here decides how a crisis goes: `play` calls `begin`, `proceed` and `perform`, and books
what they report.  Replicate k of a seed is the same history in whichever batch or thread it is
played.
"""

import math

import numpy as np

from sim.kernel import layout as at
from sim.kernel.compiled import compiled
from sim.kernel.loop import begin, perform, proceed, rewind
from sim.kernel.phases import change_over

# columns of the table of whole numbers, one row a replicate
TALLY_END = 0
TALLY_PEAK = 1
TALLY_MOVES = 2
TALLY_FORCE = 3
TALLY_EXCHANGES = 4
TALLY_WIDENED = 5
TALLY_DECISIONS = 6
N_TALLY = 7
NOTHING = -1  # a day on which an actor made no visible move


@compiled
def restore(params, origin, state, seed, replicate):
    """Make `state` equal to `origin`, but with the key of another replicate."""
    n = params.n
    state.key[0] = seed
    state.key[1] = replicate
    state.key[2] = origin.key[2]
    for k in range(at.N_TIME):
        state.time[k] = origin.time[k]
    state.begun = origin.begun
    state.end = origin.end
    state.phase = origin.phase
    for i in range(n):
        for c in range(at.N_STORED):
            for j in range(n):
                state.value[i, c, j] = origin.value[i, c, j]
                state.since[i, c, j] = origin.since[i, c, j]
        for o in range(params.n_options[i]):
            state.made[i, o] = origin.made[i, o]
        state.forced[i] = origin.forced[i]
        for k in range(at.N_CLOCK):
            state.clock[i, k] = origin.clock[i, k]
        state.count[i] = origin.count[i]
        state.dead[i] = origin.dead[i]
        state.known[i] = origin.known[i]
        for j in range(n + 1):
            state.pending[i, j] = origin.pending[i, j]
            state.unknown[i, j] = origin.unknown[i, j]
        for j in range(n):
            state.owed[i, j] = origin.owed[i, j]
            for k in range(params.war_major):
                state.major[i, j, k] = origin.major[i, j, k]
    for x in range(params.n_injects):
        state.occurred[x] = origin.occurred[x]
        state.inject_due[x] = origin.inject_due[x]


@compiled
def set_out(params, origin, state, work, seed, replicate):
    """Bring `state` to where the replicate's own luck begins: after the opening, or at a fork."""
    restore(params, origin, state, seed, replicate)
    if origin.begun == 0:
        played = 0
        while True:
            kind = begin(params, state, work, played)
            if kind == at.PAUSED:
                break
            if kind == at.MOVE:
                played += 1
    else:
        # A branch of its own: not even the same seed and replicate meets this luck elsewhere.
        state.key[2] += np.uint64(1)
        rewind(params, state)


@compiled
def book(params, row, tally, first, path):
    """Count a move: peak, force, exchanges, widening, the day's rung."""
    move = int(row[at.ROW_MOVE])
    rung = params.move[move, at.MOVE_RUNG]
    actor = int(row[at.ROW_ACTOR])
    target = int(row[at.ROW_TARGET])
    day = row[at.ROW_TIME]
    tally[TALLY_MOVES] += 1
    tally[TALLY_PEAK] = max(tally[TALLY_PEAK], int(rung))
    if len(path) > 0:
        today = min(int(day), len(path) - 1)
        path[today, actor] = max(path[today, actor], int(rung))
    if rung >= at.FORCE_RUNG:
        tally[TALLY_FORCE] += 1
        tally[TALLY_EXCHANGES] += int(row[at.ROW_ANSWERS])
        first[actor] = min(first[actor], day)
        for k in range(params.n):
            before = params.pair[at.PAIR_LAUNCH, k, target - 1] if target > 0 else 0.0
            if params.pair[at.PAIR_LAUNCH, k, target] > before:
                tally[TALLY_WIDENED] = 1


@compiled
def write_row(work, rows, written):
    """Keep the event in work.row if there is room, and return how many events there were."""
    if written < len(rows):
        for k in range(rows.shape[1]):
            rows[written, k] = work.row[k]
    return written + 1


@compiled
def play(phases, origin, state, work, seed, replicate, until, who, tally, first, path, rows):
    """Play one replicate from `origin` to its end, to day `until`, or to a visible move of `who`.

    Parameters
    ----------
    phases : PARAMS array, shape (phases,)
    origin, state, work : records
        `origin` is where the replicate starts: a state in which nothing has happened yet, or one
        taken from the middle of a history, whose luck is then drawn anew.
    until : float
        Day; inf for the end.
    who : int
        Actor after whose first visible move to stop; -1 for nobody.
    tally : int32 array, shape (N_TALLY,)
        Written: the whole numbers of the outcome.
    first : float64 array, shape (n,)
        Written: day of each actor's first kinetic move; inf for none.
    path : int8 array, shape (days, n) or (0, n)
        Written: highest rung of each actor's moves on each day; NOTHING for none.
    rows : float64 array, shape (most, N_ROW + MAX_ACTORS) or (0, ...)
        Written: the events from the start on.

    Returns
    -------
    kind : int
        PAUSED at `until`; MOVE after that move, which is work.pick; else how the replicate ended.
    written : int
        Number of events, which may be more than there was room for.
    """
    params = phases[origin.phase]
    set_out(params, origin, state, work, seed, replicate)
    tally[:] = 0
    tally[TALLY_PEAK] = 1
    first[:] = math.inf
    path[:] = NOTHING
    kind, written = state.end, 0
    while state.end == at.RUNNING:
        kind = proceed(params, state, work, until)
        if kind == at.PAUSED:
            break
        if kind == at.DECISION:
            tally[TALLY_DECISIONS] += 1
            kind = perform(params, state, work, work.pick)
            if kind == at.HELD:
                continue
            book(params, work.row, tally, first, path)
        elif kind == at.INJECT:
            change_over(params, phases[state.phase], state)
            params = phases[state.phase]
        written = write_row(work, rows, written)
        if kind == at.MOVE and work.actor == who:
            break
    tally[TALLY_END] = state.end
    return kind, written


@compiled
def play_many(phases, origin, state, work, seed, start, tally, first, path, dead, day):
    """Play replicates `start`, `start` + 1, ... of a seed, one for each row of the tables.

    Parameters
    ----------
    phases : PARAMS array, shape (phases,)
    tally : int32 array, shape (replicates, N_TALLY)
    first : float64 array, shape (replicates, n)
    path : int8 array, shape (replicates, days, n); days may be 0
    dead : int32 array, shape (replicates, n)
    day : float64 array, shape (replicates,)
        Day of the end.
    """
    n = phases[0].n
    rows = np.zeros((0, at.N_ROW + at.MAX_ACTORS))
    nobody = np.int64(-1)  # typed, so that all this is not compiled again for a constant
    for r in range(len(tally)):
        key = seed, start + np.uint64(r)
        counts = tally[r], first[r], path[r], rows
        play(phases, origin, state, work, *key, math.inf, nobody, *counts)
        for i in range(n):
            dead[r, i] = state.dead[i]
        day[r] = state.time[at.NOW]
