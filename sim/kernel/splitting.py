"""Rare ends: replicates grown into trees, which branch where the goal comes near.

Every replicate yields one number whose mean is the probability of reaching the goal, exactly.
Three devices make it vary less than the 0 or 1 of a plain history.  At a decision of a branch of
weight w, in this order:

1. *Splitting.*  A branch that comes nearer to the goal than ever before, and weighs at least twice
   what it should so near, becomes R branches of weight w / R, alike up to this decision.
2. *The last step is never taken.*  The options that reach the goal are set aside; their
   probability g goes on the account as w g, and the branch carries on without them as w (1 - g).
3. *Climbs are forced.*  Where a step towards the goal has a probability c below `force`, a branch
   of weight w c / force takes it with probability `force`, and w becomes w (1 - c) without it.

A new branch has luck of its own from its decision on: exponential clocks have no memory.  All three
keep the expected account as it was, whatever the numbers chosen.  The branches are followed one
after the other, deepest first, so a tree needs the memory of its depth alone; replicates know
nothing of each other and are independent.
"""

from typing import NamedTuple

import numpy as np

from sim.kernel import layout as at
from sim.kernel import streams
from sim.kernel.compiled import compiled
from sim.kernel.ensemble import restore, set_out
from sim.kernel.goals import N_RANKS, pick_among, rank_of, reaches, sort_out
from sim.kernel.loop import hasten, perform, proceed, rewind
from sim.kernel.phases import change_over

DEEPEST = 32  # moments kept at a time for branches still to follow
MOST_BRANCHES = 32  # of one split
OF_TREE = 3  # kind of address of the numbers that no history draws
LANE_FORCE, LANE_CLIMB = 0, 1

# What is known of a branch, besides its STATE; and of a moment that is kept.
BRANCH = np.dtype(
    [
        ("weight", np.float64),
        ("rank", np.int64),  # the closest that it ever came
        ("climbs", np.int64),  # forced climbs that it has behind it
        ("depth", np.int64),  # moments kept that it has behind it
        ("left", np.int64),  # of a moment: branches still to follow from there
        ("actor", np.int64),  # of a moment: who was deciding
        ("option", np.int64),  # of a moment: what it decided; -1 to decide anew with new luck
    ]
)

# columns of the profile, a row a rank: what pilots learn from
REACHED = 0  # weight that came to this rank or a closer one
EARNED = 1  # what the account took in while this rank was the closest
CLIMBED = 2  # of that, by branches with a forced climb behind them
TREES = 3  # replicates that came there
BRANCHES = 4  # branches that came there
N_PROFILE = 5


class Aim(NamedTuple):
    """What to reach, and how to go about it.

    Attributes
    ----------
    goal : bool array, shape (n, MAX_OPTIONS)
        The options that reach it outright.
    exchange : bool
        Whether an exchange of major strikes reaches it as well.
    until : float
        Day after which it no longer counts; inf for never.
    worth : float64 array, shape (N_RANKS,)
        One over the weight that a branch should have on each rank; 1 on all to split nowhere.
    force : float, 0..1
        Probability with which climbs are forced; 0 for never.
    """

    goal: np.ndarray
    exchange: bool
    until: float
    worth: np.ndarray
    force: float


class Tree(NamedTuple):
    """Scratch space of a tree.

    Attributes
    ----------
    store : STATE array, shape (DEEPEST,)
    held : BRANCH array, shape (DEEPEST + 1,)
        The moments kept; last, the branch that is being followed.
    serial : uint64 array, shape (1,)
        Address of the latest branch: no two of a tree share one.
    trail : float64 array, shape (N_RANKS, N_PROFILE)
        The profile of the tree.
    """

    store: np.ndarray
    held: np.ndarray
    serial: np.ndarray
    trail: np.ndarray


@compiled
def own_luck(state, tree):
    """Give a new branch an address of its own."""
    tree.serial[0] += np.uint64(1)
    state.key[2] = tree.serial[0]


@compiled
def keep(params, state, tree, left, actor, option):
    """Keep this moment of the branch, to come back to `left` times."""
    branch = tree.held[DEEPEST]
    kept = tree.held[branch.depth]
    restore(params, state, tree.store[branch.depth], state.key[0], state.key[1])
    branch.depth += 1
    kept.weight = branch.weight
    kept.rank = branch.rank
    kept.climbs = branch.climbs
    kept.left = left
    kept.actor = actor
    kept.option = option


@compiled
def take_up(phases, state, work, tree):
    """Come back to the latest moment that is kept, as another branch; False if there is none."""
    branch = tree.held[DEEPEST]
    if branch.depth == 0:
        return False
    kept = tree.held[branch.depth - 1]
    start = tree.store[branch.depth - 1]
    params = phases[start.phase]
    restore(params, start, state, start.key[0], start.key[1])
    branch.weight = kept.weight
    branch.rank = kept.rank
    branch.climbs = kept.climbs
    kept.left -= 1
    if kept.left == 0:
        branch.depth -= 1
    if kept.option >= 0:
        work.actor = kept.actor
        perform(params, state, work, kept.option)
    else:
        own_luck(state, tree)
        rewind(params, state)
        hasten(state, kept.actor)
    return True


@compiled
def approach(params, state, aim, tree, rank, actor):
    """Let the branch come as near as `rank`, splitting where it weighs too much for that."""
    branch = tree.held[DEEPEST]
    while branch.rank < rank:
        branch.rank += 1
        tree.trail[branch.rank, REACHED] += branch.weight
        tree.trail[branch.rank, TREES] = 1.0
        tree.trail[branch.rank, BRANCHES] += 1.0
        times = int(min(branch.weight * aim.worth[branch.rank], MOST_BRANCHES))
        if times > 1 and branch.depth < DEEPEST:
            branch.weight /= times
            keep(params, state, tree, times - 1, actor, -1)


@compiled
def climb(params, state, work, aim, tree, chance, c):
    """Choose, where the step towards the goal, of probability `c`, may be forced.

    If it is, a new branch takes it, and the old one is kept for later.
    """
    i = work.actor
    branch = tree.held[DEEPEST]
    options = params.n_options[i]
    draws = streams.draw(state.key, OF_TREE, i, state.count[i], streams.DECIDE)
    rest = max(1.0 - chance - c, 0.0)
    option = pick_among(work, options, 0.0, rest, state.clock[i, at.CLOCK_CHOICE])
    weight = branch.weight
    branch.weight = weight * rest
    if draws[LANE_FORCE] >= aim.force:
        perform(params, state, work, option)
        return
    keep(params, state, tree, 1, i, option)
    branch.weight = weight * c / aim.force
    branch.climbs += 1
    own_luck(state, tree)
    perform(params, state, work, pick_among(work, options, 1.0, c, draws[LANE_CLIMB]))
    rewind(params, state)


@compiled
def decide(params, state, work, aim, tree):
    """Take one decision of the branch, and return what goes on the account."""
    i = work.actor
    branch = tree.held[DEEPEST]
    chance, c, closeness = sort_out(params, state, work, aim.goal, aim.exchange)
    approach(params, state, aim, tree, rank_of(closeness), i)
    option = state.forced[i]
    if option >= 0:
        chance = 1.0 if reaches(params, state, aim.goal, aim.exchange, i, option) else 0.0
    chance = min(chance, 1.0)
    earned = branch.weight * chance
    tree.trail[branch.rank, EARNED] += earned
    if branch.climbs > 0:
        tree.trail[branch.rank, CLIMBED] += earned
    if chance == 1.0:
        branch.weight = 0.0
    elif option >= 0:
        perform(params, state, work, option)
    elif 0.0 < c < aim.force and branch.depth < DEEPEST:
        climb(params, state, work, aim, tree, chance, c)
    else:
        u = state.clock[i, at.CLOCK_CHOICE]
        branch.weight *= 1.0 - chance
        option = pick_among(work, params.n_options[i], -1.0, 1.0 - chance, u)
        perform(params, state, work, option)
    return earned


@compiled
def grow(phases, origin, state, work, aim, tree, seed, replicate):
    """Grow one replicate into its tree.

    Parameters
    ----------
    phases, origin, state, work : PARAMS array and records
        As of `ensemble.play`.
    aim : Aim
    tree : Tree
        Overwritten; its trail holds the profile afterwards.
    seed, replicate : uint64

    Returns
    -------
    account : float
        Unbiased for the probability of reaching the goal.
    decisions : int
        What it cost.
    """
    set_out(phases[origin.phase], origin, state, work, seed, replicate)
    tree.serial[0] = state.key[2]
    tree.trail[:] = 0.0
    branch = tree.held[DEEPEST]
    branch.weight = 1.0
    branch.rank = branch.climbs = branch.depth = 0
    tree.trail[0, REACHED] = tree.trail[0, TREES] = tree.trail[0, BRANCHES] = 1.0
    account, decisions = 0.0, 0
    if aim.exchange and state.end == at.WAR:
        return 1.0, decisions
    while True:
        params = phases[state.phase]
        while state.end == at.RUNNING and branch.weight > 0.0:
            kind = proceed(params, state, work, aim.until)
            if kind == at.PAUSED:
                break
            if kind == at.DECISION:
                decisions += 1
                account += decide(params, state, work, aim, tree)
            elif kind == at.INJECT:
                change_over(params, phases[state.phase], state)
                params = phases[state.phase]
        if not take_up(phases, state, work, tree):
            return account, decisions


@compiled
def grow_many(phases, origin, state, work, aim, tree, seed, start, account, decisions, profile):
    """Grow replicates `start`, `start` + 1, ... of a seed, one for each entry of `account`.

    Parameters
    ----------
    account : float64 array, shape (replicates,)
    decisions : int64 array, shape (replicates,)
    profile : float64 array, shape (N_RANKS, N_PROFILE)
        The trees' trails are added to it.
    """
    for k in range(len(account)):
        replicate = start + np.uint64(k)
        account[k], decisions[k] = grow(phases, origin, state, work, aim, tree, seed, replicate)
        for rank in range(N_RANKS):
            for column in range(N_PROFILE):
                profile[rank, column] += tree.trail[rank, column]
