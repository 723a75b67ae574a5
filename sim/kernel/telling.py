"""Many replicates of one scenario with every move written down, the opening's included."""

import math

import numpy as np

from sim.kernel import layout as at
from sim.kernel.compiled import compiled
from sim.kernel.ensemble import restore, write_row
from sim.kernel.loop import begin, perform, proceed
from sim.kernel.phases import change_over


@compiled
def tell(phases, origin, state, work, seed, replicate, rows, written):
    """Play one replicate and write its moves behind the `written` ones; return how many there are.

    Where there is no room the count goes on all the same.
    """
    params = phases[origin.phase]
    restore(params, origin, state, seed, replicate)
    played = 0
    while True:
        kind = begin(params, state, work, played)
        if kind == at.PAUSED:
            break
        if kind == at.MOVE:
            played += 1
            written = write_row(work, rows, written)
    while state.end == at.RUNNING:
        kind = proceed(params, state, work, math.inf)
        if kind == at.DECISION:
            kind = perform(params, state, work, work.pick)
            if kind != at.HELD:
                written = write_row(work, rows, written)
        elif kind == at.INJECT:
            change_over(params, phases[state.phase], state)
            params = phases[state.phase]
    return written


@compiled
def tell_many(phases, origin, state, work, seed, start, rows, upto, end):
    """Play replicates `start`, `start` + 1, ... of a seed while there is room for their moves.

    Parameters
    ----------
    phases : PARAMS array, shape (phases,)
    origin : STATE record
        A state in which nothing has happened yet.
    rows : float64 array, shape (most, N_ROW + MAX_ACTORS)
        Written: the moves, replicate by replicate in order of time.
    upto : int64 array, shape (replicates,)
        Written: number of moves of all replicates up to and with each.
    end : float64 array, shape (replicates,)
        Written: day on which each ended.

    Returns
    -------
    int
        Replicates that were told in full.
    """
    written = 0
    for r in range(len(upto)):
        replicate = start + np.uint64(r)
        written = tell(phases, origin, state, work, seed, replicate, rows, written)
        if written > len(rows):
            return r
        upto[r] = written
        end[r] = state.time[at.NOW]
    return len(upto)
