"""When an actor comes to a decision: unit-exponential clocks, next-reaction method.

The rate of actor i is ``tempo * (1 + u(t))``, where the urgency u jumps when i is struck and decays
between jumps.  Its integral has a closed form, so the next decision is found exactly and moves only
when i's own urgency jumps (Gibson & Bruck 2000; Anderson 2007).
"""

import math

from sim.kernel import layout as at
from sim.kernel.compiled import compiled


@compiled
def _wait(left, tempo, urgency, decay):
    """Return the days in which ``tempo * integral(1 + urgency * exp(-decay * s))`` reaches `left`.

    Newton's method on an increasing concave function, from below: it never overshoots.
    """
    need = left / tempo
    if urgency <= 0.0:
        return need
    days = need / (1.0 + urgency)
    for _ in range(60):
        # Not 1 - exp: urgency that hardly decays would cancel away.
        gone = -math.expm1(-decay * days)
        missing = need - days - urgency * gone / decay
        step = missing / (1.0 + urgency * (1.0 - gone))
        days += step
        if step <= 1e-14 * days:
            break
    return days


@compiled
def restart(params, state, i, exponential):
    """Give actor i its next unit exponential, from now on.  Writes state.clock."""
    now = state.time[at.NOW]
    clock = state.clock[i]
    decay = params.decay[i, at.URGENCY]
    urgency = clock[at.CLOCK_URGENCY]
    if urgency > 0.0:
        urgency *= math.exp(-decay * (now - clock[at.CLOCK_SINCE]))
        # Below this a jump no longer moves a date by more than rounding does.
        urgency = urgency if urgency > 1e-12 else 0.0
    clock[at.CLOCK_LEFT] = exponential
    clock[at.CLOCK_URGENCY] = urgency
    clock[at.CLOCK_SINCE] = now
    clock[at.CLOCK_DUE] = now + _wait(exponential, params.actor[i, at.ACTOR_TEMPO], urgency, decay)


@compiled
def quicken(params, state, i, jump):
    """Raise actor i's urgency by `jump`: its clock keeps its exponential and runs faster."""
    if jump <= 0.0:
        return
    clock = state.clock[i]
    decay = params.decay[i, at.URGENCY]
    tempo = params.actor[i, at.ACTOR_TEMPO]
    urgency = clock[at.CLOCK_URGENCY]
    days = state.time[at.NOW] - clock[at.CLOCK_SINCE]
    gone = -math.expm1(-decay * days)
    used = tempo * (days + urgency * gone / decay)
    # However much happens, staffs and statements set a limit to how often a state can decide.
    clock[at.CLOCK_URGENCY] = min(urgency * (1.0 - gone) + jump, params.world[at.WORLD_CEILING])
    left = max(clock[at.CLOCK_LEFT] - used, 0.0)
    clock[at.CLOCK_LEFT] = left
    clock[at.CLOCK_SINCE] = state.time[at.NOW]
    clock[at.CLOCK_DUE] = state.time[at.NOW] + _wait(left, tempo, clock[at.CLOCK_URGENCY], decay)
