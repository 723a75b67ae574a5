"""Advice to an actor at a moment: what each of its options leads to, ranked, with intervals."""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.advising import FEWEST_WORLDS, Meter, Question
from sim.crisis import Scenario
from sim.errors import InputError, nearest_name
from sim.forks import Fork
from sim.history import History, run

if TYPE_CHECKING:
    import pandas as pd

    from sim.analysis.advice import Course
    from sim.analysis.explanation import Explanation
    from sim.analysis.ranking import Ranking
    from sim.analysis.replies import Deep
    from sim.analysis.robust import OverWorlds
    from sim.growth import Told

__all__ = ["BUDGET", "REPLICATES", "WORLDS", "Advice", "advise"]

REPLICATES = 20_000
BUDGET = 400_000  # futures of two steps
WORLDS = 100
PER_WORLD = 40  # so many times fewer futures of an option in each world


def advise(
    where: Scenario | str | Path | Fork | History,
    actor: str,
    *,
    seed: int = 1,
    at: float | None = None,
    replicates: int = REPLICATES,
    objective: Mapping[str, float] | None = None,
    interventions: Iterable[str] = (),
    depth: int = 1,
    budget: int = BUDGET,
    elicited: bool = False,
    worlds: int = WORLDS,
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
        Cost of a unit of each outcome (`sim.analysis.futures`): options are ranked by the expected
        sum.  By the probability of open war and then by the expected deaths if not given.
    interventions : iterable of str
        Injects of the scenario that are ranked with the moves: each happens at the moment, and the
        actor holds.
    depth : int, 1 or 2
        Two: what each option is worth if the actor then gives the best reply to the adversary's
        likeliest answers (`sim.analysis.replies`).
    budget : int, >= 1
        Futures that two steps may take, all options together.
    elicited : bool
        Whether to see how each option does where the rules weigh otherwise, as far as their stated
        spreads go (`sim.analysis.robust`).
    worlds : int, >= 10
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
        Where there is no such actor or outcome, a number is out of range, or the crisis is over.

    Examples
    --------
    >>> import sim
    >>> told = sim.advise("after-the-strike", "us", replicates=100)
    >>> "hold" in told.frame().index
    True
    """
    from sim.analysis.advice import compare
    from sim.analysis.explanation import explain
    from sim.analysis.objectives import Objective
    from sim.engines.replay import weighed

    fork = _moment(where, seed, at)
    aim = Objective.of(objective)
    question = Question(fork, actor, aim, replicates, seed, threads, tuple(interventions))
    question.check()
    _check(depth, budget, worlds, objective, rare)
    explanation = explain(fork.log.assembly, weighed(fork.log.assembly, fork.state, actor))
    options = len(explanation.options) + len(question.interventions)
    each = max(4, replicates // PER_WORLD // 2 * 2)
    asked = replicates + rare * question.trees + elicited * worlds * each
    meter = Meter(progress, options * asked + (depth > 1) * budget)
    began = time.perf_counter()
    candidates = question.candidates(explanation, meter)
    if rare:
        candidates = question.rarely(candidates, meter)
    courses, ranking = compare(candidates, question.aim, explanation)
    found = Advice(question, courses, ranking, explanation)
    if elicited:
        found.over_worlds = question.over_worlds(candidates, worlds, each, meter)
        found.worlds = worlds
    if depth > 1:
        found.deep, found.spent = question.two_deep(candidates, budget, meter)
    found.seconds = time.perf_counter() - began
    return found


def _moment(where: Scenario | str | Path | Fork | History, seed: int, at: float | None) -> Fork:
    if isinstance(where, Fork):
        if at is not None:
            raise InputError("a fork is a moment already", key="at")
        return where
    history = where if isinstance(where, History) else run(where, seed)
    return history.at(0.0 if at is None else at)


def _check(
    depth: int, budget: int, worlds: int, objective: Mapping[str, float] | None, rare: bool
) -> None:
    """Refuse more than there is."""
    if depth not in (1, 2):
        raise InputError(f"{depth} is out of range", key="depth", allowed="1 or 2")
    if budget < 1:
        raise InputError(f"{budget} is out of range", key="budget", allowed="1 or more")
    if worlds < FEWEST_WORLDS:
        allowed = f"{FEWEST_WORLDS} or more"
        raise InputError(f"{worlds} worlds have no worst tenth", key="worlds", allowed=allowed)
    if rare and objective:
        problem = "trees estimate the chance of open war, no sum of outcomes"
        raise InputError(problem, key="rare", allowed="without an objective of your own")


class Advice:
    """What each option of an actor leads to, in order.

    Attributes
    ----------
    fork : Fork
        The moment.
    scenario : Scenario
    actor : str
    day : float
    date : datetime
    seed, replicates : int
        Of the futures of each option.
    objective : str
        What less of is better.
    courses : tuple of Course
        The options, the best first.
    ranking : Ranking
        Which of them are told apart.
    explanation : Explanation
        What the actor itself would weigh at the moment.
    over_worlds : dict of str to OverWorlds
        By option, over draws of the weights; empty unless asked for.
    worlds : int
        How many draws; 0 unless asked for.
    deep : dict of str to Deep
        By option, two steps deep; empty unless asked for.
    spent : int
        Futures that the second step took.
    seconds : float
        What it took.
    """

    def __init__(
        self,
        question: Question,
        courses: tuple[Course, ...],
        ranking: Ranking,
        explanation: Explanation,
    ) -> None:
        self.fork = question.fork
        self.scenario = question.fork.scenario
        self.actor = question.actor
        self.day = question.fork.day
        self.date: datetime = explanation.date
        self.seed = question.seed
        self.replicates = question.replicates
        self.objective = str(question.aim)
        self.courses = courses
        self.ranking = ranking
        self.explanation = explanation
        self.over_worlds: dict[str, OverWorlds] = {}
        self.worlds = 0
        self.deep: dict[str, Deep] = {}
        self.spent = 0
        self.seconds = 0.0

    def __repr__(self) -> str:
        """Say to whom, when, and what."""
        first = ", ".join(course.option for course in self.best())
        return f"<Advice to {self.actor} on day {self.day:g} of {self.scenario.name}: {first}>"

    def best(self) -> tuple[Course, ...]:
        """Return the first bracket: the best option, and what cannot be told from it."""
        return tuple(course for course in self.courses if course.bracket == 1)

    def course(self, option: str) -> Course:
        """Return one option.

        Raises
        ------
        InputError
            Where there is none of that name.
        """
        names = [course.option for course in self.courses]
        if option not in names:
            raise InputError(
                f"no such option {option!r}",
                key="option",
                allowed=", ".join(names),
                nearest=nearest_name(option, names),
            )
        return self.courses[names.index(option)]

    def frame(self) -> pd.DataFrame:
        """Return a row an option, the best first.

        Columns: rank, bracket, kind, move, target, adversary, probability (that the model's actor
        would choose it then), towards and away (statements that pull so); and for each measure X:
        X, X_low, X_high, and against holding X_difference, X_difference_low, X_difference_high.
        Over worlds: worlds_bracket, worlds_best (share in which nothing is told to be better),
        fragile, and of each criterion X_between, X_worst, X_regret and X_worst_regret.  Two deep:
        deep_bracket, deep_X with deep_X_low and deep_X_high, and replies (by answer).
        """
        import pandas as pd

        fixed = ("rank", "bracket", "kind", "move", "target", "adversary", "probability")
        rows = []
        for course in self.courses:
            row: dict[str, Any] = {name: getattr(course, name) for name in fixed}
            row |= {"towards": course.statements(1), "away": course.statements(-1)}
            for name, found in course.estimates.items():
                row |= {name: found.mean, f"{name}_low": found.low, f"{name}_high": found.high}
                pair = course.differences.get(name)
                if pair is not None:
                    row[f"{name}_difference"] = pair.estimate.mean
                    row[f"{name}_difference_low"] = pair.estimate.low
                    row[f"{name}_difference_high"] = pair.estimate.high
                else:
                    row |= {f"{name}_difference{end}": 0.0 for end in ("", "_low", "_high")}
            rows.append(row | self._further(course.option))
        index = pd.Index([course.option for course in self.courses], name="option")
        return pd.DataFrame(rows, index=index)

    def _further(self, option: str) -> dict[str, Any]:
        """Return the columns of what was asked for beyond the futures themselves."""
        row: dict[str, Any] = {}
        if option in self.over_worlds:
            told = self.over_worlds[option]
            row |= {"worlds_bracket": told.bracket, "worlds_best": told.best.mean}
            row["fragile"] = told.fragile
            for name, spread in told.spreads.items():
                row[f"{name}_between"] = spread.between
                for part in ("worst", "regret", "worst_regret"):
                    row[f"{name}_{part}"] = getattr(spread, part).mean
        if option in self.deep:
            deep = self.deep[option]
            row["deep_bracket"] = deep.bracket
            for name, found in deep.estimates.items():
                row[f"deep_{name}"] = found.mean
                row |= {f"deep_{name}_low": found.low, f"deep_{name}_high": found.high}
            row["replies"] = {reply.answer: reply.reply for reply in deep.replies}
        return row

    def to_dict(self) -> dict[str, Any]:
        """Return what was found, for JSON."""
        log = self.fork.log
        return {
            "scenario": self.scenario.name,
            "overrides": dict(self.scenario.overrides),
            "digest": self.scenario.digest(),
            "history": {"seed": log.seed, "replicate": log.replicate},
            "actor": self.actor,
            "day": self.day,
            "date": self.date.isoformat(),
            "seed": self.seed,
            "replicates": self.replicates,
            "objective": self.objective,
            "tests": self.ranking.tests,
            "options": [course.to_dict() for course in self.courses],
            "worlds": self.worlds,
            "over_worlds": {name: told.to_dict() for name, told in self.over_worlds.items()},
            "budget_spent": self.spent,
            "two_deep": {name: told.to_dict() for name, told in self.deep.items()},
        }

    def to_json(self) -> str:
        """Return what was found as a JSON text, the same for the same input."""
        return json.dumps(self.to_dict(), indent=2, ensure_ascii=False, default=str) + "\n"
