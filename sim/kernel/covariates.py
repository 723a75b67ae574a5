"""What an actor sees: amounts that decay on their own, read only where somebody looks.

An amount is stored as it was when last written; ``value * exp(-rate * (now - since))`` is what it
is now, so that time costs nothing.
"""

from sim.kernel import layout as at
from sim.kernel.compiled import compiled
from sim.kernel.elementary import exp, log


@compiled
def amount(params, state, i, c, j):
    """Return stored covariate `c` of actor i toward j as it is now."""
    value = state.value[i, c, j]
    if value == 0.0:
        return 0.0
    days = state.time[at.NOW] - state.since[i, c, j]
    return value * exp(-params.decay[i, c] * days)


@compiled
def put(state, i, c, j, value):
    """Set stored covariate `c` of actor i toward j, as of now."""
    state.value[i, c, j] = value
    state.since[i, c, j] = state.time[at.NOW]


@compiled
def add(params, state, i, c, j, more):
    """Add to stored covariate `c` of actor i toward j."""
    if more != 0.0:
        put(state, i, c, j, amount(params, state, i, c, j) + more)


@compiled
def observe(params, state, i, c, j):
    """Return covariate `c` of actor i toward j in the unit that rules are written in."""
    if c == at.CONSTANT:
        return 1.0
    if c == at.WARNED:
        return amount(params, state, j, at.LINE, i)
    if c in (at.TENSION, at.MEDIATION):
        return amount(params, state, i, c, i)
    if c in (at.DEAD, at.PARTNERS_DEAD):
        return log(1.0 + amount(params, state, i, c, j))
    if c == at.HOSTILE_INTENT:
        return params.pair[at.PAIR_PRIOR, i, j] + amount(params, state, i, c, j)
    return amount(params, state, i, c, j)


@compiled
def alarm(params, state, i, j, share):
    """Move i's belief in j's hostile intent by `share` of the way to 1, or to 0 if negative."""
    belief = observe(params, state, i, at.HOSTILE_INTENT, j)
    if share > 0.0:
        belief += share * (1.0 - belief)
    else:
        belief += share * belief
    put(state, i, at.HOSTILE_INTENT, j, belief - params.pair[at.PAIR_PRIOR, i, j])
