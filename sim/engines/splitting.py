"""Rare ends: trees grown over the cores, and the pilots that say where they should branch.

Whatever a pilot finds, the estimate is unbiased: it is made of other replicates, and every plan
keeps its mean.  What a good plan changes is its variance.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from sim.engines.assemble import Assembly
from sim.engines.ensemble import Progress, check_sizes, cores
from sim.engines.goals import Goal
from sim.engines.pool import spread
from sim.kernel import layout as at
from sim.kernel import splitting as kernel
from sim.kernel.goals import N_RANKS

BATCH = 50  # replicates; never another number, as sums of floats depend on it
PILOT = 2**63  # first replicate of the pilots, far from those of any estimate
PILOT_REPLICATES = 250
MOST_PILOTS = 12
LEAST_TREES, LEAST_BRANCHES = 5, 25  # that a rank must have been reached by to learn from it
CLIMBS = 2.0  # forced climbs in a history, where they matter
WATCH = 0.1  # the same, where they hardly do: a cheap way of being told otherwise
MATTERS = 0.2  # share of the probability that climbs must bring to be forced so often
SLIGHT = 0.02  # share of the probability beyond which there is nothing to look for
ALIKE = 2.0  # times by which two chances may differ for one plan to serve both well


@dataclass(frozen=True)
class Plan:
    """Where trees branch.

    Attributes
    ----------
    worth : float64 array, shape (N_RANKS,)
        One over the weight that a branch should have on each rank of closeness to the goal.
    force : float, 0..1
        Probability with which a step towards an exchange of major strikes is forced.
    decisions : int
        What the pilots cost.
    chance : float
        What the last of them took the probability of the goal for; 0 where they met none.
    """

    worth: np.ndarray
    force: float = 0.0
    decisions: int = 0
    chance: float = 0.0

    @classmethod
    def plain(cls) -> Plan:
        """Return the plan of trees that never branch."""
        return cls(np.ones(N_RANKS))


@dataclass(frozen=True)
class Trees:
    """What replicates grown into trees came to.

    Attributes
    ----------
    account : float64, shape (replicates,)
        Of each an unbiased estimate of the probability of reaching the goal, 0 or more.
    decisions : int64, shape (replicates,)
        Decisions that its branches took.
    profile : float64, shape (N_RANKS, N_PROFILE)
        How near to the goal they came, summed; columns as in `sim.kernel.splitting`.
    """

    account: np.ndarray
    decisions: np.ndarray
    profile: np.ndarray


def grow_trees(
    assembly: Assembly,
    goal: Goal,
    replicates: int,
    seed: int,
    plan: Plan,
    *,
    first: int = 0,
    origin: np.record | None = None,
    threads: int | None = None,
    progress: Progress | None = None,
) -> Trees:
    """Grow replicates `first` to `first + replicates - 1` of a seed.

    Parameters
    ----------
    assembly, replicates, seed, first, origin, threads, progress
        As of `sim.engines.ensemble.play_ensemble`.
    goal : Goal
    plan : Plan

    Returns
    -------
    Trees
        The same bits for every number of threads.
    """
    threads = cores() if threads is None else threads
    check_sizes(assembly, replicates, seed, threads, paths=False)
    start = at.new_state(0, 0) if origin is None else origin
    account, decisions = np.zeros(replicates), np.zeros(replicates, np.int64)

    total = np.zeros((N_RANKS, kernel.N_PROFILE))

    def grown(low: int) -> tuple[int, np.ndarray]:
        rows = slice(low, min(low + BATCH, replicates))
        found = _grow_part(
            assembly, goal, plan, start, seed, first + low, account[rows], decisions[rows]
        )
        return rows.stop - low, found

    def take(part: tuple[int, np.ndarray]) -> None:
        size, profile = part
        np.add(total, profile, out=total)
        if progress is not None:
            progress(size)

    spread(grown, range(0, replicates, BATCH), threads, take)
    return Trees(account, decisions, total)


def _grow_part(
    assembly: Assembly,
    goal: Goal,
    plan: Plan,
    origin: np.record,
    seed: int,
    first: int,
    account: np.ndarray,
    decisions: np.ndarray,
) -> np.ndarray:
    """Grow the replicates of one batch into their rows, and return the sum of their profiles."""
    profile = np.zeros((N_RANKS, kernel.N_PROFILE))
    kernel.grow_many(
        assembly.phases,
        origin,
        at.new_record(at.STATE),
        at.new_record(at.WORK),
        kernel.Aim(goal.options, goal.exchange, goal.until, plan.worth, plan.force),
        kernel.Tree(
            np.zeros(kernel.DEEPEST, at.STATE),
            np.zeros(kernel.DEEPEST + 1, kernel.BRANCH),
            np.zeros(1, np.uint64),
            np.zeros((N_RANKS, kernel.N_PROFILE)),
        ),
        np.uint64(seed),
        np.uint64(first),
        account,
        decisions,
        profile,
    )
    return profile


def compile_trees(assembly: Assembly, goal: Goal) -> None:
    """Compile what has yet to be compiled, in this thread, where Ctrl-C is heard at once."""
    nothing = np.zeros(0), np.zeros(0, np.int64)
    _grow_part(assembly, goal, Plan.plain(), at.new_state(0, 0), 0, 0, *nothing)


def plan_trees(
    assembly: Assembly,
    goal: Goal,
    seed: int,
    *,
    origin: np.record | None = None,
    threads: int | None = None,
    like: Plan | None = None,
) -> Plan:
    """Learn from pilots where trees should branch.

    The first pilot never branches.  The following ones climb: a branch weighs one over the
    probability of coming to its rank, so that all ranks known are reached equally often, and some
    more become known.  They end where that brings nothing new, or where the rest is so improbable
    that it cannot matter (what is gained beyond a rank is at most the probability of reaching it).
    The plan then weighs each rank by what a branch has to expect there, the importance function
    that theory recommends [@booth1984; @garvels2000; @lecuyer2007].

    Parameters
    ----------
    assembly, goal, seed, origin, threads
        As of `grow_trees`.
    like : Plan, optional
        Of estimates that this one is to be paired with.  It is followed, for trees that branch
        alike share more luck, unless the pilots find a chance more than twice as large or small:
        then trees would branch far too often or too seldom, and would share little anyway.
    """

    def pilot(number: int, plan: Plan) -> Trees:
        low = PILOT + number * PILOT_REPLICATES
        return grow_trees(
            assembly,
            goal,
            PILOT_REPLICATES,
            seed,
            plan,
            first=low,
            origin=origin,
            threads=threads,
        )

    trees = pilot(0, Plan.plain())
    known, spent = _known(trees.profile), int(trees.decisions.sum())
    force = min(CLIMBS * PILOT_REPLICATES / max(spent, 1), 1.0) if goal.exchange else 0.0
    for number in range(1, MOST_PILOTS):
        trees = pilot(number, Plan(_balanced(trees.profile, known), force))
        spent += int(trees.decisions.sum())
        before, known = known, _known(trees.profile)
        rest = trees.profile[known, kernel.REACHED]
        if known <= before or rest <= SLIGHT * trees.account.sum():
            break
    earned = trees.profile[:, kernel.EARNED].sum()
    climbed = trees.profile[:, kernel.CLIMBED].sum()
    if earned > 0.0:
        force *= min(max(climbed / earned / MATTERS, WATCH / CLIMBS), 1.0)
    worth = _valued(trees.profile, known) if earned > 0.0 else _balanced(trees.profile, known)
    found = Plan(worth, force, spent, float(trees.account.mean()))
    if like is not None and _alike(like, found):
        return replace(found, worth=like.worth, force=like.force)
    return found


def _alike(like: Plan, found: Plan) -> bool:
    least, most = sorted((like.chance, found.chance))
    return least > 0.0 and most <= ALIKE * least


def _known(profile: np.ndarray) -> int:
    """Return the highest rank that enough trees and branches came to."""
    enough = profile[:, kernel.TREES] >= LEAST_TREES
    enough &= profile[:, kernel.BRANCHES] >= LEAST_BRANCHES
    return int(np.flatnonzero(enough)[-1])


def _balanced(profile: np.ndarray, known: int) -> np.ndarray:
    """Weigh each rank by one over the probability of reaching it."""
    worth = np.empty(N_RANKS)
    worth[: known + 1] = profile[0, kernel.REACHED] / profile[: known + 1, kernel.REACHED]
    worth[known + 1 :] = worth[known]
    return worth


def _valued(profile: np.ndarray, known: int) -> np.ndarray:
    """Weigh each rank by what a branch that has come there may expect to earn from there on."""
    ahead = np.cumsum(profile[::-1, kernel.EARNED])[::-1]
    worth = np.zeros(N_RANKS)
    worth[: known + 1] = ahead[: known + 1] / profile[: known + 1, kernel.REACHED]
    return np.asarray(np.maximum.accumulate(worth) / worth[0])
