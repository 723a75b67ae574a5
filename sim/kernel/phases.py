"""Phases: what a scenario says may change at an inject, and from then on other numbers hold.

A phase is one PARAMS record; ``state.phase`` tells which of them holds.  Nothing jumps where one
phase follows another but what the new numbers say: amounts go on from where they were and fade at
the new rate, clocks keep what is left of their exponentials and run at the new pace, a count of
the dead keeps the share of it that is left.

Whoever calls `loop.proceed` changes over when it returns INJECT, as `proceed` here does.
"""

import math

from sim.kernel import layout as at
from sim.kernel import loop
from sim.kernel.clocks import change_pace
from sim.kernel.compiled import compiled
from sim.kernel.consequences import find_next_assessment
from sim.kernel.covariates import amount, observe, put
from sim.kernel.ends import settlement_date


@compiled
def proceed(phases, state, work, until):
    """Go on to the next event at or before day `until` as `loop.proceed`, whatever phase holds.

    Parameters
    ----------
    phases : PARAMS array, shape (phases,)
        The first is what the scenario says before any inject.
    """
    params = phases[state.phase]
    kind = loop.proceed(params, state, work, until)
    if kind == at.INJECT:
        change_over(params, phases[state.phase], state)
    return kind


@compiled
def change_over(old, new, state):
    """Let the numbers of `new` hold from now on, where those of `old`, maybe the same, held."""
    for i in range(new.n):
        _fade_anew(old, new, state, i)
        change_pace(old, new, state, i)
        _count_anew(old, new, state, i)
    find_next_assessment(new.n, state)
    settlement_date(new, state)


@compiled
def _fade_anew(old, new, state, i):
    """Take down the amounts of actor i whose half-life or prior changes, as of now."""
    for c in range(at.N_STORED):
        for j in range(new.n):
            same = old.decay[i, c] == new.decay[i, c]
            if c == at.HOSTILE_INTENT:
                prior = new.pair[at.PAIR_PRIOR, i, j]
                if not same or old.pair[at.PAIR_PRIOR, i, j] != prior:
                    put(state, i, c, j, observe(old, state, i, c, j) - prior)
            elif not same and state.value[i, c, j] != 0.0:
                put(state, i, c, j, amount(old, state, i, c, j))


@compiled
def _count_anew(old, new, state, i):
    """Let what is left of the wait for the dead of actor i stretch or shrink with the whole."""
    before = old.actor[i, at.ACTOR_ASSESSMENT]
    after = new.actor[i, at.ACTOR_ASSESSMENT]
    if before == after or before <= 0.0:
        return
    now = state.time[at.NOW]
    for j in range(new.n + 1):
        if state.pending[i, j] < math.inf:
            state.pending[i, j] = now + (state.pending[i, j] - now) * (after / before)
