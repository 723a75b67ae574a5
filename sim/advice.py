"""Advice to an actor at a moment: what each of its options leads to, ranked, with intervals."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from numbers import Integral, Real
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.counsel import Advice
from sim.crisis import Scenario
from sim.errors import InputError
from sim.forks import Fork
from sim.history import History, run
from sim.option_futures import FEWEST_WORLDS, MOST_WORLDS, Meter, Question, possible
from sim.sizes import ADVICE_BUDGET, ADVICE_REPLICATES, ADVICE_WORLDS

if TYPE_CHECKING:
    from sim.growth import Told

__all__ = ["Advice", "advise"]

ALL = "all"
PER_WORLD = 40  # so many times fewer futures of an option in each world


def advise(
    where: Scenario | str | Path | Fork | History,
    actor: str,
    *,
    seed: int = 1,
    at: float | None = None,
    replicates: int = ADVICE_REPLICATES,
    objective: Mapping[str, float] | None = None,
    interventions: Iterable[str] | str = (),
    depth: int = 1,
    budget: int | None = None,
    elicited: bool = False,
    worlds: int = ADVICE_WORLDS,
    rare: bool = False,
    threads: int | None = None,
    progress: Told | None = None,
) -> Advice:
    """Simulate what each option of an actor leads to, taken at once, and rank them.

    Parameters
    ----------
    where : Scenario, str, Path, Fork or History
        A scenario (its history of that seed), a history, or a moment of one.
    actor : str
        Who is advised.
    seed : int, 0 <= seed < 2**64
        Of the history where `where` is a scenario, and of the futures in every case.
    at : float, optional
        Day of the moment, in days from the start; the start itself if not given.
    replicates : int, >= 2
        Futures of each option.  Replicate k meets the same luck whichever option was taken.
    objective : mapping of str to float, optional
        Cost of a unit of each outcome (`sim.analysis.futures`), 0 or from 1e-30 to 1e30 in size:
        options are ranked by the expected sum.  By the probability of open war and then by the
        expected deaths if not given.
    interventions : str or iterable of str
        Injects of the scenario that are ranked with the moves, each named once: each happens at
        the moment, and the actor holds.  "all" are those that are off, kill nobody and add no
        tension.
    depth : int, 1 or 2
        Two: what each option is worth if the actor then gives the best reply to the adversary's
        likeliest answers (`sim.analysis.replies`).
    budget : int, >= 1, optional
        The most futures that two steps may take, all options together, besides `replicates`;
        400,000 if not given.
    elicited : bool
        Whether to see how each option does where the rules weigh otherwise, as far as their stated
        spreads go (`sim.analysis.robust`).
    worlds : int, 10..10,000
        How many draws of the weights; each has a fortieth of the futures of each option.
    rare : bool
        Whether the probability of open war is estimated by splitting (`sim.rare`), with a tree for
        every four futures.  With the objective that is not given alone.
    threads : int, optional
    progress : callable, optional
        Called with the futures finished and asked for, all options together.

    Returns
    -------
    Advice

    Raises
    ------
    InputError
        Where there is no such actor, outcome or inject, a number is out of range, the futures of
        all options take more memory than is free, the budget is too small for so many options, or
        the crisis is over.

    Examples
    --------
    >>> import sim
    >>> told = sim.advise("after-the-strike", "us", replicates=100)
    >>> "hold" in told.frame().index
    True
    """
    from sim.analysis.objectives import Objective

    _check(depth, budget, worlds, objective, rare)
    fork, aim = _moment(where, seed, at), Objective.of(objective)
    question = Question(
        fork, actor, aim, replicates, seed, threads, _chosen(fork.scenario, interventions)
    )
    question.check()
    call = {
        "objective": dict(aim.weights) or None,
        "interventions": list(question.interventions),
        "depth": depth,
        "budget": budget,
        "elicited": elicited,
        "worlds": worlds,
        "rare": rare,
    }
    budget = (budget or ADVICE_BUDGET) if depth > 1 else 0
    worlds = worlds if elicited else 0
    return advice_on(question, call, budget, worlds, rare=rare, progress=progress)


def advice_on(
    question: Question,
    call: dict[str, Any],
    budget: int = 0,
    worlds: int = 0,
    *,
    rare: bool = False,
    progress: Told | None = None,
) -> Advice:
    """Answer a question that has been checked.

    Parameters
    ----------
    question : Question
    call : dict
        What else was asked for, as `Advice.asked` keeps it.
    budget, worlds : int
        As of `advise`; none of what was not asked for.
    rare, progress
        As of `advise`.
    """
    from sim.analysis.advice import compare
    from sim.analysis.explanation import explain
    from sim.engines.nested import outer_of
    from sim.engines.replay import weighed

    assembly = question.fork.log.assembly
    explanation = explain(assembly, weighed(assembly, question.fork.state, question.actor))
    options = len(explanation.options) + len(question.interventions)
    if budget:
        outer_of(budget, options, len(explanation.options))
    each = max(4, question.replicates // PER_WORLD // 2 * 2)
    asked = question.replicates + (question.trees if rare else 0) + worlds * each
    meter = Meter(progress, options * asked + budget)
    began = time.perf_counter()
    candidates = question.candidates(explanation, meter)
    if rare:
        candidates = question.rarely(candidates, meter)
    courses, ranking = compare(candidates, question.aim, explanation)
    over_worlds = question.over_worlds(candidates, worlds, each, meter) if worlds else {}
    deep, spent = question.two_deep(candidates, budget, meter) if budget else ({}, 0)
    return Advice(
        question.fork,
        question.actor,
        question.seed,
        question.replicates,
        str(question.aim),
        courses,
        ranking,
        explanation,
        over_worlds,
        worlds,
        deep,
        spent,
        call,
        time.perf_counter() - began,
    )


def _chosen(scenario: Scenario, interventions: object) -> tuple[str, ...]:
    """Name the interventions that are meant."""
    if isinstance(interventions, str):
        return possible(scenario) if interventions == ALL else (interventions,)
    if not isinstance(interventions, Iterable):
        allowed = f"ids of injects, or {ALL!r}"
        raise InputError(f"{interventions!r} names none", key="interventions", allowed=allowed)
    return tuple(interventions)


def _moment(where: Scenario | str | Path | Fork | History, seed: int, at: float | None) -> Fork:
    if isinstance(where, Fork):
        if at is not None:
            raise InputError("a fork is a moment already", key="at")
        return where
    if at is not None and not _is(at, Real):
        raise InputError(f"{at!r} is no day", key="at", allowed="days from the start")
    history = where if isinstance(where, History) else run(where, seed)
    try:
        return history.at(0.0 if at is None else at)
    except InputError as error:
        raise InputError(error.problem, key="at", allowed=error.allowed) from None


def _is(value: object, kind: type) -> bool:
    """Whether a value is a number of that kind, which no flag is."""
    return isinstance(value, kind) and not isinstance(value, bool)


def _check(
    depth: int, budget: int | None, worlds: int, objective: Mapping[str, float] | None, rare: bool
) -> None:
    """Refuse more than there is."""
    for key, value in (("depth", depth), ("budget", budget), ("worlds", worlds)):
        if value is not None and not _is(value, Integral):
            raise InputError(f"{value!r} is no whole number", key=key, allowed="a whole number")
    if depth not in (1, 2):
        raise InputError(f"{depth} is out of range", key="depth", allowed="1 or 2")
    if budget is not None and budget < 1:
        raise InputError(f"{budget} is out of range", key="budget", allowed="1 or more")
    if budget is not None and depth == 1:
        raise InputError("one step takes no budget", key="budget", allowed="with a depth of 2")
    if not FEWEST_WORLDS <= worlds <= MOST_WORLDS:
        allowed = f"{FEWEST_WORLDS} to {MOST_WORLDS}"
        raise InputError(f"{worlds} is out of range", key="worlds", allowed=allowed)
    if rare and objective:
        problem = "trees estimate the chance of open war, no sum of outcomes"
        raise InputError(problem, key="rare", allowed="without an objective of your own")
