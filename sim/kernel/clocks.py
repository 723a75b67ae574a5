"""When an actor comes to a decision: unit-exponential clocks, next-reaction method.

The rate of actor i is ``tempo * (1 + u(t))``, where the urgency u jumps when i is struck and decays
between jumps.  Its integral has a closed form, so the next decision is found exactly and moves only
when i's own urgency jumps (Gibson & Bruck 2000; Anderson 2007).
"""

from sim.kernel import layout as at
from sim.kernel.compiled import compiled
from sim.kernel.elementary import exp


@compiled
def _integral(decay, days, fading):
    """Return the integral of ``exp(-decay * s)`` over `days`, given that exponential at its end."""
    x = decay * days
    if x < 1e-4:
        # Here 1 - exp would cancel; what the series leaves out is below rounding.
        return days * (1.0 - x * (0.5 - x * (1.0 / 6.0 - x * (1.0 / 24.0))))
    return (1.0 - fading) / decay


@compiled
def faded(decay, days):
    """Return the integral of ``exp(-decay * s)`` over `days`."""
    return _integral(decay, days, exp(-decay * days))


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
        fading = exp(-decay * days)
        missing = need - days - urgency * _integral(decay, days, fading)
        step = missing / (1.0 + urgency * fading)
        days += step
        # What a step leaves is less than the curvature times its square.
        if step * step * urgency * decay <= 1e-15 * days:
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
        urgency *= exp(-decay * (now - clock[at.CLOCK_SINCE]))
        # Below this a jump no longer moves a date by more than rounding does.
        urgency = urgency if urgency > 1e-12 else 0.0
    clock[at.CLOCK_LEFT] = exponential
    clock[at.CLOCK_URGENCY] = urgency
    clock[at.CLOCK_SINCE] = now
    clock[at.CLOCK_DUE] = now + _wait(exponential, params.actor[i, at.ACTOR_TEMPO], urgency, decay)


@compiled
def _read(params, state, i):
    """Return what is left of actor i's exponential now, and its urgency now."""
    clock = state.clock[i]
    decay = params.decay[i, at.URGENCY]
    urgency = clock[at.CLOCK_URGENCY]
    # The opening lies before day 0, since when a clock that nothing has hastened counts.
    days = max(state.time[at.NOW] - clock[at.CLOCK_SINCE], 0.0)
    used = params.actor[i, at.ACTOR_TEMPO] * (days + urgency * faded(decay, days))
    return max(clock[at.CLOCK_LEFT] - used, 0.0), urgency * exp(-decay * days)


@compiled
def _run_on(params, state, i, left, urgency):
    """Let actor i's clock run on from now with what is left of its exponential."""
    clock = state.clock[i]
    # However much happens, staffs and statements set a limit to how often a state can decide.
    urgency = min(urgency, params.world[at.WORLD_CEILING])
    wait = _wait(left, params.actor[i, at.ACTOR_TEMPO], urgency, params.decay[i, at.URGENCY])
    clock[at.CLOCK_URGENCY] = urgency
    clock[at.CLOCK_LEFT] = left
    clock[at.CLOCK_SINCE] = state.time[at.NOW]
    clock[at.CLOCK_DUE] = state.time[at.NOW] + wait


@compiled
def quicken(params, state, i, jump):
    """Raise actor i's urgency by `jump`: its clock keeps its exponential and runs faster."""
    if jump <= 0.0:
        return
    left, urgency = _read(params, state, i)
    _run_on(params, state, i, left, urgency + jump)


@compiled
def change_pace(old, new, state, i):
    """Let actor i's clock run on with other numbers: what is left of its exponential stays."""
    same = old.actor[i, at.ACTOR_TEMPO] == new.actor[i, at.ACTOR_TEMPO]
    same = same and old.decay[i, at.URGENCY] == new.decay[i, at.URGENCY]
    if same and old.world[at.WORLD_CEILING] == new.world[at.WORLD_CEILING]:
        return
    left, urgency = _read(old, state, i)
    _run_on(new, state, i, left, urgency)
