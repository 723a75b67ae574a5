"""Advice to an actor at a moment: what each of its options leads to, ranked, with intervals."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.crisis import Scenario
from sim.errors import InputError, nearest_name
from sim.forks import Fork
from sim.history import History, run

if TYPE_CHECKING:
    import pandas as pd

    from sim.analysis.advice import Candidate, Course
    from sim.analysis.explanation import Explanation
    from sim.analysis.objectives import Objective
    from sim.analysis.ranking import Ranking
    from sim.growth import Told

__all__ = ["REPLICATES", "Advice", "advise"]

REPLICATES = 20_000


def advise(
    where: Scenario | str | Path | Fork | History,
    actor: str,
    *,
    seed: int = 1,
    at: float | None = None,
    replicates: int = REPLICATES,
    objective: Mapping[str, float] | None = None,
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
    _check(fork, actor, replicates, seed, threads, aim)
    explanation = explain(fork.log.assembly, weighed(fork.log.assembly, fork.state, actor))
    began = time.perf_counter()
    candidates = _candidates(fork, actor, explanation, replicates, seed, threads, progress)
    courses, ranking = compare(candidates, aim, explanation)
    seconds = time.perf_counter() - began
    return Advice(fork, actor, seed, replicates, str(aim), courses, ranking, explanation, seconds)


def _moment(where: Scenario | str | Path | Fork | History, seed: int, at: float | None) -> Fork:
    if isinstance(where, Fork):
        if at is not None:
            raise InputError("a fork is a moment already", key="at")
        return where
    history = where if isinstance(where, History) else run(where, seed)
    return history.at(0.0 if at is None else at)


def _check(
    fork: Fork, actor: str, replicates: int, seed: int, threads: int | None, aim: Objective
) -> None:
    """Refuse what cannot be meant before anything is played."""
    from sim.analysis.futures import Futures
    from sim.engines.ensemble import Outcomes, check_sizes

    actors = fork.log.assembly.actors
    if actor not in actors:
        raise InputError(
            f"no such actor {actor!r}",
            key="actor",
            allowed=", ".join(actors),
            nearest=nearest_name(actor, actors),
        )
    if fork.log.end is not None:
        raise InputError(f"the crisis is over on day {fork.day:g}: nothing to decide", key="at")
    check_sizes(fork.log.assembly, replicates, seed, threads or 1, paths=False)
    if replicates < 2:
        raise InputError("a pair is no sample", key="replicates", allowed="2 or more")
    none = Outcomes.empty(0, len(actors), 0)
    aim.criteria(Futures(none, actors, 0.0, actor))


def _candidates(
    fork: Fork,
    actor: str,
    explanation: Explanation,
    replicates: int,
    seed: int,
    threads: int | None,
    progress: Told | None,
) -> list[Candidate]:
    """Play the futures of every option, holding first."""
    from sim.analysis.advice import MOVE, Candidate, adversary_of, threat
    from sim.analysis.futures import Futures

    assembly = fork.log.assembly
    options = explanation.options
    asked = replicates * len(options)
    threatening = ""
    found: list[Candidate] = []
    for place, option in enumerate(options):
        before = place * replicates

        def tell(finished: int, _: int, before: int = before) -> None:
            # None finished says that compiling is to begin, which happens once.
            if progress is not None and (finished or not before):
                progress(before + finished, asked)

        forced = fork.force(actor, option.move, option.target, now=True)
        ensemble = forced.ensemble(replicates, seed, threads=threads, progress=tell)
        horizon = fork.scenario.horizon_days
        whole = Futures.of(ensemble.outcomes, assembly.actors, fork.state, horizon)
        if place == 0:
            threatening = threat(whole, assembly, actor)
        futures = whole.against(adversary_of(assembly, actor, option.target) or threatening)
        name = option.move if option.target is None else f"{option.move} {option.target}"
        found.append(Candidate(name, option.move, option.target, MOVE, futures, place))
    return found


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
    seconds : float
        What it took.
    """

    def __init__(
        self,
        fork: Fork,
        actor: str,
        seed: int,
        replicates: int,
        objective: str,
        courses: tuple[Course, ...],
        ranking: Ranking,
        explanation: Explanation,
        seconds: float,
    ) -> None:
        self.fork = fork
        self.scenario = fork.scenario
        self.actor = actor
        self.day = fork.day
        self.date: datetime = explanation.date
        self.seed = seed
        self.replicates = replicates
        self.objective = objective
        self.courses = courses
        self.ranking = ranking
        self.explanation = explanation
        self.seconds = seconds

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
            rows.append(row)
        index = pd.Index([course.option for course in self.courses], name="option")
        return pd.DataFrame(rows, index=index)

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
        }

    def to_json(self) -> str:
        """Return what was found as a JSON text, the same for the same input."""
        return json.dumps(self.to_dict(), indent=2, ensure_ascii=False, default=str) + "\n"
