"""Where a blow lands, whether it was announced, who dies, and who is known to have struck it.

Dead are Poisson with mean munitions * lethality * exposure, lowered by the target's alert and by
notice that arrives; each of the dead is then one of the actors whose people are at the place, in
proportion to their numbers there.
"""

import numpy as np

from sim.kernel import layout as at
from sim.kernel import streams
from sim.kernel.compiled import compiled


@compiled
def place_of(params, move, target, blow, u):
    """Return the place where a blow at `target` lands: the given one, or one drawn by weight."""
    if blow[at.BLOW_PLACE] >= 0.0:
        return np.int64(blow[at.BLOW_PLACE])
    place = 0
    while place < params.n_places - 1 and u >= params.falls[target, move, place]:
        place += 1
    return place


@compiled
def launched_from(params, actor, u):
    """Return the host from whose soil the blow is launched, or -1 for the actor's own means."""
    for host in range(params.n):
        if u < params.pair[at.PAIR_LAUNCH, actor, host]:
            return host
    return -1


@compiled
def notice_arrives(params, move, target, place, u):
    """Tell whether notice reaches the people at the place; a host may fail to pass it on."""
    if params.move[move, at.MOVE_NOTICE] == 0.0:
        return False
    host = params.soil[place]
    return host == target or u < params.actor[host, at.ACTOR_PASSES_WARNING]


@compiled
def mean_dead(params, move, target, place, noticed, munitions):
    """Return the expected dead of a blow, all actors together."""
    mean = munitions * params.move[move, at.MOVE_LETHALITY] * params.exposure[place]
    mean *= 1.0 - params.actor[target, at.ACTOR_ALERT]
    if noticed:
        mean *= 1.0 - params.world[at.WORLD_AVERTS]
    return mean


@compiled
def share_out(params, key, row, kind, who, count, place, deaths):
    """Add each of `deaths` to its actor in `row`, by the shares of the people at the place.

    The k-th of the dead has a number of its own, so one more death never changes the others.
    """
    for first in range(0, deaths, 4):
        draws = streams.draw(key, kind, who, count, streams.VICTIMS + first // 4)
        for k in range(min(4, deaths - first)):
            u = draws[k]
            i = 0
            while i < params.n - 1 and u >= params.forces[place, i]:
                i += 1
            row[at.N_ROW + i] += 1.0
