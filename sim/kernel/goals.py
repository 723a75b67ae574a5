"""The chance that a decision reaches a goal, known exactly before it is taken.

A goal is a set of options (open war; any move on rung 9 or above; an actor's moves of force) that a
history reaches when somebody chooses one of them.  Open war has a second way in: the major strike
with which two actors have each made k within the window (ends.py).
"""

import math

from sim.kernel import layout as at
from sim.kernel.compiled import compiled
from sim.kernel.elementary import log

RANKS_PER_E = 4  # ranks in which the distance to the goal is told: steps of e**(1/4)
N_RANKS = 256  # the lowest stands for e**-63.75, some 2e-28, and everything below


@compiled
def strikes_missing(params, state, i, j):
    """Return how many of the k major strikes of i on j lie outside the window, or are to come."""
    since = state.time[at.NOW] - params.world[at.WORLD_WAR_DAYS]
    missing = 0
    for k in range(params.war_major):
        if state.major[i, j, k] < since:
            missing += 1
    return missing


@compiled
def steps_to_war(params, state, i, o):
    """Return how many major strikes are missing for war if option `o` of actor i is one; else 0.

    1 says that this very strike would make it war.
    """
    j = params.option[i, o, 1]
    if params.move[params.option[i, o, 0], at.MOVE_MAJOR] == 0.0 or j == i:
        return 0
    theirs = strikes_missing(params, state, j, i)
    # The oldest of its own gives way to the one that it makes now.
    return max(strikes_missing(params, state, i, j), 1) + theirs


@compiled
def reaches(params, state, goal, exchange, i, o):
    """Tell whether option `o` of actor i, chosen now, reaches the goal.

    Parameters
    ----------
    goal : bool array, shape (n, MAX_OPTIONS)
        The options that reach it outright.
    exchange : bool
        Whether an exchange of major strikes reaches it as well.
    """
    return goal[i, o] or (exchange and steps_to_war(params, state, i, o) == 1)


@compiled
def sort_out(params, state, work, goal, exchange):
    """Take the options that reach the goal out of the choice of the actor that decides.

    Writes 0 into work.probability for each of them, and into work.utility 1 for each option that
    brings war by an exchange of major strikes a step nearer, else 0.

    Returns
    -------
    chance : float
        The probability of those that reach it, all together.
    climb : float
        The probability of those that bring it a step nearer.
    closeness : float
        The largest of `chance` and of what the exchange would take if all strikes that are missing
        were as probable as the actor's next: a measure of how near the goal is, on which nothing
        but the efficiency of splitting depends.
    """
    i = work.actor
    chance = climb = closeness = 0.0
    for o in range(params.n_options[i]):
        probability = work.probability[o]
        steps = steps_to_war(params, state, i, o) if exchange else 0
        work.utility[o] = 0.0
        if goal[i, o] or steps == 1:
            chance += probability
            work.probability[o] = 0.0
        elif steps > 1:
            closeness = max(closeness, probability**steps)
            if strikes_missing(params, state, i, params.option[i, o, 1]) > 0:
                climb += probability
                work.utility[o] = 1.0
    return chance, climb, max(closeness, chance)


@compiled
def rank_of(closeness):
    """Return on which rank of closeness to the goal a decision stands, 0 to N_RANKS - 1."""
    if closeness < 1e-300:
        return 0
    return max(0, N_RANKS - 1 + math.ceil(RANKS_PER_E * log(min(closeness, 1.0))))


@compiled
def pick_among(work, options, climbing, share, u):
    """Return the option that is picked if it is one that climbs, or one that does not.

    Parameters
    ----------
    work : WORK record
        As `sort_out` leaves it.
    climbing : float
        1 to pick among those that climb, 0 among the others, -1 among all that are left.
    share : float
        What those to pick among have together.
    u : float, 0..1
    """
    level = u * share
    below = 0.0
    last = 0
    for o in range(options):
        if work.probability[o] > 0.0 and (climbing < 0.0 or work.utility[o] == climbing):
            last = o
            below += work.probability[o]
            if level < below:
                return o
    # Rounding: the sum is short of what is left by a hair.
    return last
