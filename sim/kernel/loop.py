"""How a history goes on: the one loop that the Mesa face and the ensemble share.

The stages of an event, in this order:

1. `proceed` finds the earliest of what is due: an assessment, an inject, a decision, settlement,
   the horizon.  Ties go in that order; among actors, in the order of the scenario.
2. Time moves there.  Anything but a decision happens at once, with its consequences.
3. At a decision the actor's options are weighed and the model picks one (choice.py).
4. The caller may put another option in its place: a person, a policy, a fork.
5. `perform` takes the option's consequences (consequences.py) and winds the actor's clock.
"""

import math

import numpy as np

from sim.kernel import layout as at
from sim.kernel import streams
from sim.kernel.choice import pick, weigh
from sim.kernel.clocks import restart
from sim.kernel.compiled import compiled
from sim.kernel.consequences import assess, carry_out, intrude
from sim.kernel.elementary import log
from sim.kernel.ends import settlement_date


@compiled
def _wind(params, state, i):
    """Give actor i the exponential of its next decision."""
    draws = streams.draw(state.key, streams.OF_ACTOR, i, state.count[i], streams.DECIDE)
    state.clock[i, at.CLOCK_CHOICE] = draws[streams.LANE_CHOICE]
    restart(params, state, i, -log(draws[streams.LANE_CLOCK]))


@compiled
def _wind_inject(params, state, x):
    """Set when inject `x` comes next."""
    occurred = state.occurred[x]
    if params.inject[x, at.INJECT_RATE] > 0.0:
        who = int(params.inject[x, at.INJECT_ADDRESS])
        draws = streams.draw(state.key, streams.OF_INJECT, who, occurred, streams.DECIDE)
        gap = -log(draws[streams.LANE_CLOCK]) / params.inject[x, at.INJECT_RATE]
        state.inject_due[x] = state.time[at.NOW] + gap
    elif occurred == 0 and params.inject[x, at.INJECT_AT] >= 0.0:
        state.inject_due[x] = params.inject[x, at.INJECT_AT]
    else:
        state.inject_due[x] = math.inf


@compiled
def hasten(state, i):
    """Make actor i's next decision due now; nothing that happens before it can put it off."""
    state.clock[i, at.CLOCK_LEFT] = 0.0
    state.clock[i, at.CLOCK_DUE] = state.time[at.NOW]


@compiled
def rewind(params, state):
    """Wind every clock anew, from now on: at the start, and where a fork's luck parts ways.

    Exponential waiting times have no memory, so this changes no probability.  Only what a fork
    forces at once, a decision or an inject, stays due now.
    """
    for i in range(params.n):
        at_once = state.forced[i] >= 0 and state.clock[i, at.CLOCK_DUE] <= state.time[at.NOW]
        _wind(params, state, i)
        if at_once:
            hasten(state, i)
    for x in range(params.n_injects):
        if state.inject_due[x] > state.time[at.NOW]:
            _wind_inject(params, state, x)


@compiled
def begin(params, state, work, e):
    """Take the next step of the opening; return PAUSED when it is over and the crisis may start.

    Opening events and the assessments that fall due between them happen at their (negative) dates,
    through the same consequences as moves in a history, so that what they leave has faded by the
    start.  `e` is the number of opening events played so far; work.row tells what happened.
    """
    work.row[:] = 0.0
    assessment = state.time[at.NEXT_ASSESSMENT]
    date = params.opening[e, 0] if e < params.n_opening else 0.0
    if assessment <= date:
        state.time[at.NOW] = assessment
        work.row[at.ROW_TIME] = assessment
        work.row[at.ROW_KIND] = at.ASSESSMENT
        assess(params, state, work.row)
        return at.ASSESSMENT
    if e < params.n_opening:
        state.time[at.NOW] = date
        for k in range(params.n):
            work.row[at.N_ROW + k] = params.opening_dead[e, k]
        actor = int(params.opening[e, 1])
        move = int(params.opening[e, 2])
        target = int(params.opening[e, 3])
        option = int(params.opening[e, 4])
        blow = params.opening_blow[e]
        kind = streams.OF_OPENING
        who = int(params.opening[e, 5])
        first = np.int64(0)  # typed, so that all this is not compiled again for a constant
        carry_out(params, state, work.row, actor, move, target, blow, kind, who, first)
        if option > 0:
            state.made[actor, option] = date
        return at.MOVE
    state.time[at.NOW] = 0.0
    # A crisis in which nothing hot has happened yet begins its quiet spell now.
    if state.time[at.LAST_HOT] == -math.inf:
        state.time[at.LAST_HOT] = 0.0
    settlement_date(params, state)
    state.begun = 1
    rewind(params, state)
    return at.PAUSED


@compiled
def _earliest(params, state):
    """Return what is due first (kind, index, time)."""
    kind, index, due = at.ASSESSMENT, 0, state.time[at.NEXT_ASSESSMENT]
    for x in range(params.n_injects):
        if state.inject_due[x] < due:
            kind, index, due = at.INJECT, x, state.inject_due[x]
    for i in range(params.n):
        if state.clock[i, at.CLOCK_DUE] < due:
            kind, index, due = at.DECISION, i, state.clock[i, at.CLOCK_DUE]
    if state.time[at.SETTLES] < due:
        kind, due = at.SETTLEMENT, state.time[at.SETTLES]
    if params.world[at.WORLD_HORIZON] < due:
        kind, due = at.HORIZON, params.world[at.WORLD_HORIZON]
    return kind, index, due


@compiled
def proceed(params, state, work, until):
    """Go on to the next event at or before day `until`, and return its kind.

    At a DECISION, work.actor holds who decides and the option that the model picks, and the
    options are weighed in `work`; nothing else has changed, and `perform` must follow.  At PAUSED
    nothing was due.  Any other event has happened, and work.row tells of it; an inject may have
    begun another phase (phases.py).
    """
    kind, index, due = _earliest(params, state)
    if due > until:
        state.time[at.NOW] = max(until, state.time[at.NOW])
        return at.PAUSED
    state.time[at.NOW] = due
    if kind == at.DECISION:
        weigh(params, state, work, index)
        u = state.clock[index, at.CLOCK_CHOICE]
        option = pick(work.probability, params.n_options[index], u)
        work.model = option
        if state.forced[index] >= 0:
            option = state.forced[index]
        work.actor = index
        work.pick = option
        return at.DECISION
    work.row[:] = 0.0
    work.row[at.ROW_TIME] = due
    work.row[at.ROW_KIND] = kind
    if kind == at.ASSESSMENT:
        assess(params, state, work.row)
    elif kind == at.INJECT:
        intrude(params, state, work.row, index)
        state.occurred[index] += 1
        _wind_inject(params, state, index)
        state.phase = params.inject_phase[index]
    else:
        state.end = kind
        return kind
    settlement_date(params, state)
    return kind


@compiled
def perform(params, state, work, option):
    """Let the actor whose turn it is take `option`; return HELD, MOVE or WAR."""
    i = work.actor
    count = state.count[i]
    kind = at.HELD
    if option > 0:
        work.row[:] = 0.0
        move = params.option[i, option, 0]
        target = params.option[i, option, 1]
        blow = params.blow[move]
        stream = streams.OF_ACTOR
        carry_out(params, state, work.row, i, move, target, blow, stream, i, count)
        state.made[i, option] = state.time[at.NOW]
        settlement_date(params, state)
        kind = at.WAR if state.end == at.WAR else at.MOVE
    state.forced[i] = -1
    state.count[i] = count + 1
    _wind(params, state, i)
    return kind
