"""The three ends of a crisis: open war, settlement, horizon."""

from sim.kernel import layout as at
from sim.kernel.compiled import compiled
from sim.kernel.elementary import log


@compiled
def settlement_date(params, state):
    """Write when the crisis settles if nothing more happens.

    That is the later of: a quiet spell after the last kinetic move or threat, and the moment when
    the last grievance has decayed to the floor.
    """
    date = state.time[at.LAST_HOT] + params.world[at.WORLD_QUIET_DAYS]
    floor = params.world[at.WORLD_FLOOR]
    n = params.n
    for i in range(n):
        for j in range(n):
            grievance = state.value[i, at.GRIEVANCE, j]
            if grievance > floor:
                days = log(grievance / floor) / params.decay[i, at.GRIEVANCE]
                date = max(date, state.since[i, at.GRIEVANCE, j] + days)
    state.time[at.SETTLES] = max(date, state.time[at.NOW])


@compiled
def book_major(params, state, actor, target):
    """Book a major strike; it is war once two actors have each made k of them within the window."""
    last = params.war_major - 1
    for k in range(last):
        state.major[actor, target, k] = state.major[actor, target, k + 1]
    state.major[actor, target, last] = state.time[at.NOW]
    oldest = min(state.major[actor, target, 0], state.major[target, actor, 0])
    if oldest >= state.time[at.NOW] - params.world[at.WORLD_WAR_DAYS]:
        state.end = at.WAR
