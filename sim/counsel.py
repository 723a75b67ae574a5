"""Advice as it was given: the options in order, and all that was found of each."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.errors import InputError, nearest_name

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from sim.analysis.advice import Course
    from sim.analysis.explanation import Explanation
    from sim.analysis.intervals import Estimate
    from sim.analysis.ranking import Ranking
    from sim.analysis.replies import Deep
    from sim.analysis.robust import OverWorlds
    from sim.crisis import Scenario
    from sim.forks import Fork

__all__ = ["HOLD", "MOVE", "SUM", "Advice", "Course", "Deep", "OverWorlds"]

HOLD, WAR, SUM = "hold", "open_war", "weighted_sum"
MOVE = "move"


@dataclass(frozen=True, repr=False, eq=False)
class Advice:
    """What each option of an actor leads to, in order.

    Attributes
    ----------
    fork : Fork
        The moment.
    actor : str
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
        Futures that two steps took, besides `replicates`.
    asked : mapping of str to object
        What else was asked for, as `sim.advise` takes it: objective (the weights), interventions,
        depth, budget, elicited, worlds, rare; of a game objective and then, which decides after it.
    seconds : float
        What it took.
    """

    fork: Fork
    actor: str
    seed: int
    replicates: int
    objective: str
    courses: tuple[Course, ...]
    ranking: Ranking
    explanation: Explanation
    over_worlds: dict[str, OverWorlds]
    worlds: int
    deep: dict[str, Deep]
    spent: int
    asked: Mapping[str, Any]
    seconds: float

    @property
    def scenario(self) -> Scenario:
        """The scenario of the moment."""
        return self.fork.scenario

    @property
    def day(self) -> float:
        """Days from the scenario's start to the moment."""
        return self.fork.day

    @property
    def date(self) -> datetime:
        """When the moment is."""
        return self.explanation.date

    def __repr__(self) -> str:
        """Say to whom, when, and what."""
        first = [
            course.option if course.kind == MOVE else f"{course.kind} {course.option}"
            for course in self.best()
        ]
        told = f"best {first[0]}" if len(first) == 1 else f"first bracket {', '.join(first)}"
        return f"<Advice to {self.actor} on day {self.day:g} of {self.scenario.name}: {told}>"

    def best(self) -> tuple[Course, ...]:
        """Return the first bracket, to hold first where it is one of it, then in order.

        Its options are those not told from the lowest of the first criterion, and of these those
        not told from the lowest of the next; and whatever is estimated to be no worse than one of
        them on every criterion.  Only where it is a single option is that option the best.
        """
        first = (course for course in self.courses if course.bracket == 1)
        return tuple(sorted(first, key=lambda course: course.option != HOLD))

    def own(self) -> tuple[Course, ...]:
        """Return the first bracket of the actor's moves alone, to hold first where it is one of it.

        By the same tests, all interventions left out: what `best` would be without them.
        """
        own = (course for course in self.courses if course.own)
        return tuple(sorted(own, key=lambda course: course.option != HOLD))

    def turning(self) -> tuple[Course, ...]:
        """Return what stands before holding although it is open war, or raises P(open war).

        The options of the brackets above that of holding whose estimate of P(open war) is above
        its own: the tests on the chance have not put them behind.  And open war itself, where it
        stands there: its own dead are not simulated.  None with an objective of one's own.
        """
        if self.summed:
            return ()
        own = self.course(HOLD).bracket
        above = (course for course in self.courses if course.bracket < own)
        return tuple(c for c in above if c.war or c.differences[WAR].estimate.mean > 0)

    @property
    def blind(self) -> bool:
        """Whether the objective counts dead or force, which open war hides, and lets that be."""
        from sim.analysis.objectives import ends_with_war

        weights = self.asked["objective"] or {}
        counted = any(ends_with_war(name) and weight > 0 for name, weight in weights.items())
        return counted and weights.get(WAR, 0.0) <= 0

    @property
    def summed(self) -> bool:
        """Whether options are ranked by a weighted sum, not by open war and then deaths."""
        return SUM in self.courses[0].estimates

    def fragile(self, option: str) -> tuple[str, ...]:
        """Name the criteria on which an option that is among the best is terrible in a tenth.

        Among the best: in the first bracket at the weights as they were coded, or over the worlds.
        """
        told = self.over_worlds[option]
        return told.terrible if 1 in (told.bracket, self.course(option).bracket) else ()

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
        would choose it then), hypothetical (an intervention that no statement reports), towards and
        away (statements that pull so); and for each measure X: X, X_low, X_high, and against
        holding X_difference, X_difference_low, X_difference_high; with weights weighted_sum is a
        measure.  The dead and force are those short of open war; of open war itself, whose own are
        not simulated, they are nan.
        Over worlds: worlds_rank, worlds_bracket, worlds_best (share in the first bracket),
        fragile, and of each criterion X_between, the quantiles X_q05, X_q25, X_q50, X_q75, X_q95,
        and X_worst, X_regret and X_worst_regret, each with its _low and _high.  Two deep:
        deep_rank, deep_bracket, deep_X with deep_X_low and deep_X_high, and replies (by answer).
        """
        import pandas as pd

        named = ("rank", "bracket", "kind", "move", "target", "adversary")
        fixed = (*named, "probability", "hypothetical")
        rows = []
        for course in self.courses:
            row: dict[str, Any] = {name: getattr(course, name) for name in fixed}
            row |= {"towards": course.statements(1), "away": course.statements(-1)}
            for name, found in course.estimates.items():
                columns = _columns(name, found)
                pair = course.differences.get(name)
                if pair is not None:
                    columns |= _columns(f"{name}_difference", pair.estimate)
                else:
                    columns |= {f"{name}_difference{end}": 0.0 for end in ("", "_low", "_high")}
                row |= columns if course.simulates(name) else dict.fromkeys(columns, math.nan)
            rows.append(row | self._further(course))
        index = pd.Index([course.option for course in self.courses], name="option")
        return pd.DataFrame(rows, index=index)

    def _further(self, course: Course) -> dict[str, Any]:
        """Return the columns of what was asked for beyond the futures themselves."""
        row: dict[str, Any] = {}
        option = course.option
        if option in self.over_worlds:
            told = self.over_worlds[option]
            row |= {"worlds_rank": told.rank, "worlds_bracket": told.bracket}
            row["worlds_best"] = told.best.mean
            row["fragile"] = self.fragile(option)
            for name, spread in told.spreads.items():
                columns = {f"{name}_between": spread.between}
                for q, found in spread.quantiles.items():
                    columns[f"{name}_q{100 * q:02.0f}"] = found.mean
                for part in ("worst", "regret", "worst_regret"):
                    columns |= _columns(f"{name}_{part}", getattr(spread, part))
                row |= columns if course.simulates(name) else dict.fromkeys(columns, math.nan)
        if option in self.deep:
            deep = self.deep[option]
            row |= {"deep_rank": deep.rank, "deep_bracket": deep.bracket}
            for name, found in deep.estimates.items():
                columns = _columns(f"deep_{name}", found)
                row |= columns if course.simulates(name) else dict.fromkeys(columns, math.nan)
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
            "blind": self.blind,
            "turning": [course.option for course in self.turning()],
            "worlds": self.worlds,
            "over_worlds": {
                name: self._told(name, told.to_dict(), "criteria")
                | {"fragile": list(self.fragile(name))}
                for name, told in self.over_worlds.items()
            },
            "budget_spent": self.spent,
            "two_deep": {
                name: self._told(name, told.to_dict(), "estimates")
                for name, told in self.deep.items()
            },
        }

    def _told(self, option: str, told: dict[str, Any], part: str) -> dict[str, Any]:
        """Withhold what is not simulated of an option from a part of what is told of it."""
        from sim.analysis.advice import withheld

        course = self.course(option)
        parts = {
            name: found if course.simulates(name) else withheld(found)
            for name, found in told[part].items()
        }
        return told | {part: parts}

    def to_json(self) -> str:
        """Return what was found as a JSON text, the same for the same input."""
        return json.dumps(self.to_dict(), indent=2, ensure_ascii=False, default=str) + "\n"

    def plot(self, kind: str = "options", ax: Axes | None = None) -> Axes:
        """Draw one of its kinds of picture: options, or worlds where they were asked for."""
        from sim.drawing import plot

        return plot(self, kind, ax)

    def save(self, folder: str | Path) -> Path:
        """Write advice.csv, advice.json, its pictures and manifest.json into `folder`.

        All are complete or not there; the same input gives the same bytes.

        Raises
        ------
        OSError
            Where the folder cannot be written.
        """
        from sim.saving import save_advice

        return save_advice(self, Path(folder))


def _columns(name: str, found: Estimate) -> dict[str, float]:
    """Name the columns of an estimate and its interval."""
    return {name: found.mean, f"{name}_low": found.low, f"{name}_high": found.high}
