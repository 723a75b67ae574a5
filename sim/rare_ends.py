"""Rare ends: the probability of what hardly ever happens, and of how it differs."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.crisis import Scenario, load
from sim.errors import InputError
from sim.forks import Fork

if TYPE_CHECKING:
    import numpy as np

    from sim.analysis.intervals import Difference, Estimate
    from sim.engines.assemble import Assembly
    from sim.engines.goals import Goal
    from sim.engines.splitting import Plan
    from sim.growth import Told

__all__ = ["REPLICATES", "RareEstimate", "rare"]

REPLICATES = 10_000
APART = (
    "two estimates pair only with the same outcome, seed, replicates, actors and moment of a fork"
)


def rare(
    scenario: Scenario | Fork | str | Path,
    outcome: str = "open_war",
    *,
    seed: int = 1,
    replicates: int = REPLICATES,
    threads: int | None = None,
    progress: Told | None = None,
    like: RareEstimate | None = None,
) -> RareEstimate:
    """Estimate the probability of a rare outcome by splitting.

    Unbiased, and the same probability that an ensemble estimates; where that is 0.01 it takes
    hundreds of times fewer histories for the same precision, and the rarer, the fewer.

    Parameters
    ----------
    scenario : Scenario, Fork, str or Path
        From its opening on, or from the moment of a fork, with whatever is forced there.
    outcome : str
        ``open_war``; ``rung_N`` (any move on rung N or above); ``force``, ``ACTOR_force``,
        ``ACTOR_force_7d`` (any whole number of days, from the scenario's start, of a fork too).
    seed : int, 0 <= seed < 2**64
    replicates : int, >= 2
        Independent replicates, each of which grows into a tree of branches.  Below 500 intervals
        may hold less often than they say.
    threads : int, 1..1024, optional
        As many as there are processors if not given; changes nothing but the time.
    progress : callable, optional
        Called with the replicates finished and asked for so far; first with none, before anything
        is compiled.
    like : RareEstimate, optional
        Of the same outcome, seed and actors, to be paired with: where the two probabilities are
        alike within a factor of two, trees branch by its plan, so that pairs differ less
        (`RareEstimate.compare`).  Neither is biased by that.

    Returns
    -------
    RareEstimate

    Raises
    ------
    InputError
        Where a number is out of range, no choice leads to such an outcome, or `like` cannot be
        paired with.

    Examples
    --------
    >>> import sim
    >>> war = sim.rare("after-the-strike", replicates=500)
    >>> 0 < war.low < war.mean < war.high < 0.05
    True
    """
    from sim.engines.assemble import assemble
    from sim.engines.ensemble import check_sizes, cores
    from sim.engines.goals import goal_of

    if isinstance(scenario, Fork):
        assembly, origin = scenario.log.assembly, scenario.state
    else:
        chosen = scenario if isinstance(scenario, Scenario) else load(scenario)
        assembly, origin = assemble(chosen), None
    threads = cores() if threads is None else threads
    check_sizes(assembly, replicates, seed, threads, paths=False)
    if replicates < 2:
        raise InputError("a replicate is no sample", key="replicates", allowed="2 or more")
    goal = goal_of(assembly, outcome)
    plan = None
    if like is not None:
        _check_pair((outcome, seed, replicates, assembly.actors, _fork(origin)), like, "like")
        plan = like.plan
    return _estimate(assembly, goal, origin, replicates, seed, threads, progress, plan)


def _estimate(
    assembly: Assembly,
    goal: Goal,
    origin: np.record | None,
    replicates: int,
    seed: int,
    threads: int,
    progress: Told | None,
    like: Plan | None,
) -> RareEstimate:
    """Learn where to branch, and grow the trees."""
    from sim.engines.splitting import compile_trees, grow_trees, plan_trees

    finished = 0

    def tell(more: int) -> None:
        nonlocal finished
        finished += more
        if progress is not None:
            progress(finished, replicates)

    tell(0)
    compile_trees(assembly, goal)
    began = time.perf_counter()
    plan = plan_trees(assembly, goal, seed, origin=origin, threads=threads, like=like)
    trees = grow_trees(
        assembly, goal, replicates, seed, plan, origin=origin, threads=threads, progress=tell
    )
    return RareEstimate(
        scenario=assembly.scenario,
        outcome=goal.outcome,
        seed=seed,
        account=trees.account,
        plan=plan,
        decisions=int(trees.decisions.sum()),
        seconds=time.perf_counter() - began,
        threads=threads,
        origin=origin,
    )


@dataclass(frozen=True, eq=False)
class RareEstimate:
    """The probability of a rare outcome, with its interval.

    Attributes
    ----------
    scenario : Scenario
    outcome : str
    seed : int
    account : float array, shape (replicates,)
        What each replicate estimates; their mean is the estimate.
    plan : Plan
        Where the trees branched, as pilots found, or as those of `like` had found.
    decisions : int
        Decisions taken by all branches, the pilots' not among them (they are ``plan.decisions``).
    seconds : float
        What it took, pilots and all, without compiling.
    threads : int
    origin : STATE record or None
        Where the replicates started; None for the opening.
    """

    scenario: Scenario
    outcome: str
    seed: int
    account: np.ndarray
    plan: Plan
    decisions: int
    seconds: float
    threads: int
    origin: np.record | None = None

    def __len__(self) -> int:
        """Return the number of replicates."""
        return len(self.account)

    def __repr__(self) -> str:
        """Say what it is an estimate of."""
        return f"<{self.outcome} in {self.scenario.name}: {self.mean:.3g}>"

    @property
    def estimate(self) -> Estimate:
        """The estimate as those of ensembles are."""
        from sim.analysis.rare import probability

        return probability(self.account)

    @property
    def mean(self) -> float:
        """The probability."""
        return self.estimate.mean

    @property
    def low(self) -> float:
        """Where its 95% interval begins."""
        return self.estimate.low

    @property
    def high(self) -> float:
        """Where its 95% interval ends."""
        return self.estimate.high

    @property
    def equivalent(self) -> float:
        """How many histories of an ensemble would be as sure."""
        from sim.analysis.rare import equivalent

        return equivalent(self.account)

    def compare(self, other: RareEstimate) -> Difference:
        """Estimate ``other - self``, replicate by replicate on the same luck.

        What two replicates share is the luck of their histories as long as these agree, and of
        their branches as long as the trees branch alike.  An estimate made with
        ``like=`` the other branches by the same plan, so its pairs agree for longer.

        Raises
        ------
        InputError
            Where the two do not share their streams or their outcome: another seed, number of
            replicates, set of actors, or moment of a fork; or `other` is no estimate.
        """
        from sim.analysis.rare import difference

        _check_pair(self._shared(), other, "compare")
        return difference(self.account, other.account)

    def _shared(self) -> tuple[object, ...]:
        """Return what two estimates must share to pair."""
        actors = tuple(actor.id for actor in self.scenario.crisis.actors)
        return self.outcome, self.seed, len(self), actors, _fork(self.origin)

    def to_dict(self) -> dict[str, Any]:
        """Return what was found, for JSON."""
        return {
            "scenario": self.scenario.name,
            "overrides": dict(self.scenario.overrides),
            "digest": self.scenario.digest(),
            "outcome": self.outcome,
            "seed": self.seed,
            "replicates": len(self),
            **self.estimate.to_dict(),
            "equivalent": self.equivalent,
            "decisions": self.decisions,
            "pilot_decisions": self.plan.decisions,
            "seconds": self.seconds,
        }

    def to_json(self) -> str:
        """Return it as a JSON text: without the seconds, the same for the same input."""
        found = {name: value for name, value in self.to_dict().items() if name != "seconds"}
        return json.dumps(found, indent=2, ensure_ascii=False, default=str) + "\n"


def _check_pair(own: tuple[object, ...], other: object, key: str) -> None:
    """Refuse what an estimate that must share `own` cannot be paired with."""
    if not isinstance(other, RareEstimate):
        allowed = "an estimate of a rare end, as sim.rare returns it"
        raise InputError(f"{other!r} cannot be paired with", key=key, allowed=allowed)
    if other._shared() != own:
        raise InputError(APART, key=key)


def _fork(origin: np.record | None) -> tuple[float, ...] | None:
    """Return what two moments of forks must share to pair: their luck and their day."""
    from sim.kernel.layout import NOW

    if origin is None:
        return None
    return (*(int(part) for part in origin.key), float(origin.time[NOW]))
