"""What a move, an assessment or an inject does to the state.

The stages of a move, in the order in which `carry_out` follows them:

1. Chance decides where a blow lands, from where, whether notice arrives, who dies.
2. Attribution: an overt move is its actor's; a deniable one is with some probability.
3. The target is harmed: grievance, urgency, a line crossed, its belief, its old answer undone.
4. Others who stand at the place, own its soil or lent theirs for the launch take note.
5. The dead go on the books as true, and wait for each victim's assessment.
6. The actor's own account: what it claims discharges grievance, promise and crossed line.
7. Signals: restraint, mediation, a line drawn, a promise made.
8. The books of the crisis: the last hot move, major strikes, war.
"""

import math

import numpy as np

from sim.kernel import blows, streams
from sim.kernel import layout as at
from sim.kernel.clocks import quicken
from sim.kernel.compiled import compiled
from sim.kernel.covariates import add, alarm, amount, put
from sim.kernel.elementary import log
from sim.kernel.ends import book_major


@compiled
def harm(params, state, i, culprit, author, units):
    """Harm actor i by `culprit` (n: nobody known): grievance, urgency, everyone's tension.

    Its true `author` (n: not one of the actors) is not stirred by its own doing.
    """
    if units <= 0.0:
        return
    n = params.n
    if culprit < n:
        add(params, state, i, at.GRIEVANCE, culprit, units)
    for k in range(n):
        add(params, state, k, at.TENSION, k, units)
        if k == i:
            quicken(params, state, k, params.actor[k, at.ACTOR_URGENCY] * units)
        elif k != author:
            quicken(params, state, k, params.actor[k, at.ACTOR_ATTENTION] * units)


@compiled
def await_assessment(params, state, i, culprit, deaths):
    """Make actor i count its dead by `culprit`; a blow in the meantime begins the wait anew."""
    if state.pending[i, culprit] == math.inf and culprit < params.n:
        put(state, i, at.AWAITING, culprit, 1.0)
    state.unknown[i, culprit] += deaths
    due = state.time[at.NOW] + params.actor[i, at.ACTOR_ASSESSMENT]
    state.pending[i, culprit] = due
    find_next_assessment(params.n, state)


@compiled
def find_next_assessment(n, state):
    """Write when the next assessment arrives; inf for none."""
    earliest = math.inf
    for i in range(n):
        for j in range(n + 1):
            earliest = min(earliest, state.pending[i, j])
    state.time[at.NEXT_ASSESSMENT] = earliest


@compiled
def assess(params, state, row):
    """Let the assessment that is due arrive: a victim learns its dead, and so do its partners."""
    n = params.n
    due = state.time[at.NEXT_ASSESSMENT]
    # Typed, so that what is called with them is not compiled once more for constants.
    i, culprit = np.int64(-1), np.int64(-1)
    for a in range(n):
        for b in range(n + 1):
            if i < 0 and state.pending[a, b] == due:
                i, culprit = np.int64(a), np.int64(b)
    deaths = state.unknown[i, culprit]
    state.pending[i, culprit] = math.inf
    state.unknown[i, culprit] = 0
    state.known[i] += deaths
    find_next_assessment(params.n, state)
    row[at.ROW_ACTOR] = i
    row[at.ROW_TARGET] = culprit if culprit < n else -1
    row[at.N_ROW + i] = deaths
    quicken(params, state, i, params.world[at.WORLD_PROMPT])
    if culprit < n:
        put(state, i, at.AWAITING, culprit, 0.0)
        if deaths == 0:
            put(state, i, at.NO_DEAD, culprit, 1.0)
        else:
            put(state, i, at.NO_DEAD, culprit, 0.0)
            add(params, state, i, at.DEAD, culprit, np.float64(deaths))
            for k in range(n):
                if k != culprit and params.pair[at.PAIR_PARTNER, k, i] > 0.0:
                    add(params, state, k, at.PARTNERS_DEAD, culprit, np.float64(deaths))
    if deaths > 0:
        harm(
            params,
            state,
            i,
            culprit,
            culprit,
            params.world[at.WORLD_PER_LOG_DEAD] * log(1.0 + deaths),
        )


@compiled
def land(params, state, row, actor, move, target, blow, kind, who, count):
    """Follow stages 1 and 2 of a kinetic move; write `row`, with the dead unless they are given."""
    decide = streams.draw(state.key, kind, who, count, streams.DECIDE)
    lands = streams.draw(state.key, kind, who, count, streams.LAND)
    place = blows.place_of(params, move, target, blow, decide[streams.LANE_PLACE])
    noticed = blows.notice_arrives(params, move, target, place, lands[streams.LANE_NOTICE])
    launched = blows.launched_from(params, actor, lands[streams.LANE_LAUNCH])
    if blow[at.BLOW_DEAD] < 0.0:
        munitions = blow[at.BLOW_MUNITIONS]
        mean = blows.mean_dead(params, move, target, place, noticed, munitions)
        deaths = streams.poisson(mean, lands[streams.LANE_DEAD])
        blows.share_out(params, state.key, row, kind, who, count, place, deaths)
    attributed = True
    if params.move[move, at.MOVE_DENIABLE] > 0.0:
        chance = params.actor[actor, at.ACTOR_ATTRIBUTION]
        attributed = decide[streams.LANE_ATTRIBUTION] < chance
    total = 0.0
    for k in range(params.n):
        total += row[at.N_ROW + k]
    claimed = blow[at.BLOW_CLAIMED]
    if claimed < 0.0:
        claimed = 0.0
        if params.move[move, at.MOVE_DENIABLE] == 0.0:
            habit = params.actor[actor, at.ACTOR_CLAIMS] * blow[at.BLOW_MUNITIONS]
            claimed = max(total, math.floor(habit + 0.5))
    row[at.ROW_PLACE] = place
    row[at.ROW_LAUNCHED] = launched
    row[at.ROW_NOTICE] = 1.0 if noticed else 0.0
    row[at.ROW_ATTRIBUTED] = 1.0 if attributed else 0.0
    row[at.ROW_CLAIMED] = claimed


@compiled
def struck(params, state, row, actor, target, culprit):
    """Follow stages 3 to 5 of a blow: lines, hosts, people at the place, the count of the dead."""
    n = params.n
    place = np.int64(row[at.ROW_PLACE])
    host = params.soil[place]
    launched = np.int64(row[at.ROW_LAUNCHED])
    if culprit < n:
        crossed = max(
            amount(params, state, target, at.LINE_CROSSED, actor),
            amount(params, state, target, at.LINE, actor),
        )
        put(state, target, at.LINE_CROSSED, actor, crossed)
        put(state, target, at.ANSWERED, actor, 0.0)
        state.owed[target, actor] = 1
        if host != actor:
            add(params, state, host, at.SOVEREIGNTY, actor, 1.0)
        if launched >= 0 and launched != target:
            add(params, state, target, at.HOST_USED, launched, 1.0)
    below = 0.0
    for k in range(n):
        present = params.forces[place, k] > below
        below = params.forces[place, k]
        deaths = np.int64(row[at.N_ROW + k])
        state.dead[k] += deaths
        if k == actor:
            # Its own dead there are known to it at once, and nobody's fault but its own.
            state.known[k] += deaths
        elif present or deaths > 0 or k == target:
            if culprit < n:
                add(params, state, k, at.EXPOSED, actor, 1.0)
            await_assessment(params, state, k, culprit, deaths)


@compiled
def settle_account(params, state, actor, move, target, claimed):
    """Follow stage 6: the actor's own public counts what the actor claims.

    A blow discharges ``satisfaction + c * ln(1 + claimed)`` harm; the same share of the promise and
    of the crossed line is made good.
    """
    satisfaction = params.move[move, at.MOVE_SATISFACTION]
    if satisfaction <= 0.0:
        return
    grievance = amount(params, state, actor, at.GRIEVANCE, target)
    relief = satisfaction + params.world[at.WORLD_PER_LOG_DEAD] * log(1.0 + claimed)
    share = min(1.0, relief / max(grievance, 1.0))
    keep = 1.0 - share
    put(state, actor, at.GRIEVANCE, target, max(0.0, grievance - relief))
    for c in (at.COMMITMENT, at.LINE_CROSSED):
        put(state, actor, c, target, keep * amount(params, state, actor, c, target))
    if grievance > 0.0:
        answered = amount(params, state, actor, at.ANSWERED, target)
        put(state, actor, at.ANSWERED, target, answered + share * (1.0 - answered))


@compiled
def signal(params, state, row, actor, move, target, grievance):
    """Follow stage 7: restraint, offers of mediation, a line drawn and a promise made."""
    n = params.n
    restraint = params.move[move, at.MOVE_RESTRAINT]
    kinetic = params.move[move, at.MOVE_RUNG] >= at.FORCE_RUNG
    if restraint > 0.0 and (not kinetic or row[at.ROW_NOTICE] > 0.0):
        add(params, state, target, at.RESTRAINT, actor, restraint)
        if kinetic:
            host = params.soil[np.int64(row[at.ROW_PLACE])]
            if host not in (target, actor):
                add(params, state, host, at.RESTRAINT, actor, restraint)
    offers = params.move[move, at.MOVE_MEDIATION]
    if offers > 0.0:
        for k in range(n):
            if k != actor:
                add(params, state, k, at.MEDIATION, k, offers)
    line = params.move[move, at.MOVE_LINE]
    if line > 0.0:
        drawn = max(line, amount(params, state, actor, at.LINE, target))
        put(state, actor, at.LINE, target, drawn)
        # A threat by one who has something to avenge is a promise; without, it is a condition.
        add(params, state, actor, at.COMMITMENT, target, line * min(1.0, grievance))


@compiled
def carry_out(params, state, row, actor, move, target, blow, kind, who, count):
    """Let a visible move happen now, with all its consequences.

    Parameters
    ----------
    row : float64 array, shape (N_ROW + n,)
        Overwritten with the event, except for dead that are given (``blow[BLOW_DEAD] >= 0``).
    blow : float64 array, shape (N_BLOW,)
        What the move does when it lands.
    kind, who, count : int64
        Address of the random numbers.
    """
    n = params.n
    now = state.time[at.NOW]
    kinetic = params.move[move, at.MOVE_RUNG] >= at.FORCE_RUNG
    grievance = amount(params, state, actor, at.GRIEVANCE, target)
    row[at.ROW_TIME] = now
    row[at.ROW_KIND] = at.MOVE
    row[at.ROW_ACTOR] = actor
    row[at.ROW_MOVE] = move
    row[at.ROW_TARGET] = target
    row[at.ROW_PLACE] = -1.0
    row[at.ROW_LAUNCHED] = -1.0
    row[at.ROW_ATTRIBUTED] = 1.0
    if kinetic:
        land(params, state, row, actor, move, target, blow, kind, who, count)
    culprit = actor if row[at.ROW_ATTRIBUTED] > 0.0 else n
    if target != actor:
        share = params.move[move, at.MOVE_ALARM]
        if share != 0.0 and culprit < n:
            if share > 0.0:
                # An answer that was priced in surprises less.
                share *= 1.0 - params.pair[at.PAIR_EXPECTS, target, actor] * min(1.0, grievance)
            alarm(params, state, target, actor, share)
        harm(params, state, target, culprit, actor, blow[at.BLOW_PROVOCATION])
        if kinetic:
            row[at.ROW_ANSWERS] = state.owed[actor, target]
            state.owed[actor, target] = 0
            struck(params, state, row, actor, target, culprit)
        settle_account(params, state, actor, move, target, row[at.ROW_CLAIMED])
    signal(params, state, row, actor, move, target, grievance)
    if kinetic or params.move[move, at.MOVE_LINE] > 0.0:
        state.time[at.LAST_HOT] = now
    if params.move[move, at.MOVE_WAR] > 0.0:
        state.end = at.WAR
    elif params.move[move, at.MOVE_MAJOR] > 0.0:
        book_major(params, state, actor, target)


@compiled
def intrude(params, state, row, x):
    """Let inject `x` happen now: its effects on covariates, and its dead."""
    n = params.n
    row[at.ROW_TIME] = state.time[at.NOW]
    row[at.ROW_KIND] = at.INJECT
    row[at.ROW_ACTOR] = -1.0
    row[at.ROW_MOVE] = x
    blamed = np.int64(params.inject[x, at.INJECT_BLAMED])
    row[at.ROW_TARGET] = blamed
    culprit = blamed if blamed >= 0 else n
    for f in range(params.n_effects):
        if params.effect[f, at.EFFECT_INJECT] == x:
            i = params.effect[f, at.EFFECT_OF]
            c = params.effect[f, at.EFFECT_COVARIATE]
            j = params.effect[f, at.EFFECT_TOWARD]
            changed = amount(params, state, i, c, j) + params.effect_add[f]
            low = -params.pair[at.PAIR_PRIOR, i, j] if c == at.HOSTILE_INTENT else 0.0
            high = math.inf
            if c in (at.LINE, at.LINE_CROSSED, at.ANSWERED, at.NO_DEAD, at.AWAITING):
                high = 1.0
            elif c == at.HOSTILE_INTENT:
                high = 1.0 - params.pair[at.PAIR_PRIOR, i, j]
            put(state, i, c, j, min(high, max(low, changed)))
    for i in range(n):
        deaths = params.inject_dead[x, i]
        if deaths > 0:
            row[at.N_ROW + i] = deaths
            state.dead[i] += deaths
            # Nobody bears a grievance against itself.
            await_assessment(params, state, i, culprit if culprit != i else n, deaths)
