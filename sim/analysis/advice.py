"""Advice: what each option of an actor leads to, compared with holding, and ranked.

Every option is taken at once, at the same moment, and the futures that follow meet common luck:
replicate k of one option differs from replicate k of another by what the option brought about.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.analysis import intervals, rare
from sim.analysis.explanation import Explanation, RuleShare
from sim.analysis.futures import ADVERSARY, TO_SETTLEMENT, Futures
from sim.analysis.intervals import Difference, Estimate
from sim.analysis.objectives import SUM, Objective, ends_with_war
from sim.analysis.ranking import Ranking, rank
from sim.analysis.standing import picked
from sim.analysis.written import share
from sim.engines.assembly import Assembly
from sim.engines.measures import SOON

WAR = "open_war"
MOVE, INTERVENTION = "move", "intervention"
#: Of an estimate or a difference that is withheld: holding's side, and what it would rest on.
LEFT_IN = ("a", "n", "method", "terrible")


@dataclass(frozen=True, slots=True)
class Course:
    """One option with what it leads to.

    Attributes
    ----------
    option : str
        As it is written: a move and its target, or the id of an intervention.
    move, target : str, str or None
    kind : str
        move or intervention.
    adversary : str
        Whose force is counted.
    rank, bracket : int
        Place in the order, and bracket (`sim.analysis.ranking.rank`), from 1.
    estimates : dict of str to Estimate
        By measure, from the moment on; with weights also weighted_sum, by which they are ranked.
        The dead and force are those short of open war: of open war itself, whose own are not
        simulated, they say nothing (`simulates`).
    differences : dict of str to Difference
        The same measure against holding, replicate by replicate; none for holding itself.
    probability : float or None
        That the model's actor would choose it, were it to decide then; None for interventions.
    rules : tuple of RuleShare
        What each rule adds to the option's utility then, the strongest first.
    propensity : float
        Logits that no statement supports: base propensity, and the brake on repetition.
    because : tuple of str
        Statements that an intervention was coded from; none for moves.
    hypothetical : bool
        Whether it is an intervention that no statement reports.
    war : bool
        Whether the move is open war.
    own : bool
        Whether it is a move that stands in the first bracket of the actor's moves alone, all
        interventions left out, by the same tests.
    """

    option: str
    move: str
    target: str | None
    kind: str
    adversary: str
    rank: int
    bracket: int
    estimates: dict[str, Estimate]
    differences: dict[str, Difference]
    probability: float | None
    rules: tuple[RuleShare, ...]
    propensity: float
    because: tuple[str, ...] = ()
    hypothetical: bool = False
    war: bool = False
    own: bool = False

    def __repr__(self) -> str:
        """Say which it is, where it stands, and how likely it leads to open war."""
        found = self.estimates[WAR]
        value, interval = share(found.mean, found.low, found.high)
        kind = "Intervention" if self.kind == INTERVENTION else "Course"
        return f"<{kind} {self.option}: bracket {self.bracket}, open war {value} ({interval})>"

    def simulates(self, measure: str) -> bool:
        """Whether a measure of it is simulated: of open war itself neither dead nor force are."""
        return not (self.war and ends_with_war(measure))

    @property
    def picked(self) -> str:
        """Write how probable it is that the model's actor chooses it; nothing for interventions."""
        return "" if self.probability is None else picked(self.probability)

    def statements(self, sign: int) -> tuple[str, ...]:
        """Name the statements that pull towards the option (1) or away from it (-1), each once."""
        pulling = (share for share in self.rules if share.logits * sign > 0)
        return tuple(dict.fromkeys(name for share in pulling for name in share.statements))

    def to_dict(self) -> dict[str, Any]:
        """Return the fields, for JSON."""
        return {
            "option": self.option,
            "move": self.move,
            "target": self.target,
            "kind": self.kind,
            "rank": self.rank,
            "bracket": self.bracket,
            "adversary": self.adversary or None,
            "own": self.own,
            "estimates": self._told(self.estimates),
            "against_holding": self._told(self.differences),
            "probability": self.probability,
            "propensity": self.propensity,
            "rules": [share.to_dict() for share in self.rules],
            "towards": list(self.statements(1)),
            "away": list(self.statements(-1)),
            "because": list(self.because),
            "hypothetical": self.hypothetical,
        }

    def _told(self, found: Mapping[str, Estimate] | Mapping[str, Difference]) -> dict[str, Any]:
        told = {name: one.to_dict() for name, one in found.items()}
        return {name: one if self.simulates(name) else withheld(one) for name, one in told.items()}


def withheld(told: Mapping[str, Any]) -> dict[str, Any]:
    """Leave the numbers out of what was told of something that is not simulated.

    Examples
    --------
    >>> withheld({"mean": 0.0, "low": 0.0, "high": 0.1, "n": 40, "method": "wilson"})
    {'mean': None, 'low': None, 'high': None, 'n': 40, 'method': 'wilson'}
    """
    return {
        key: withheld(value) if isinstance(value, Mapping) else value if key in LEFT_IN else None
        for key, value in told.items()
    }


@dataclass(frozen=True, slots=True)
class Candidate:
    """What is to be compared: a way of going on and the futures that it leads to.

    Attributes
    ----------
    option, move, target, kind
        As of `Course`.
    futures : Futures
    place : int or None
        Index among the actor's options in the explanation; None for interventions.
    assembly : Assembly
    origin : STATE record
        From which the futures go on, and in what.
    war : float64 array, shape (trees,), or None
        What each of many trees estimates of the probability of open war, where that was asked for.
    """

    option: str
    move: str
    target: str | None
    kind: str
    futures: Futures
    place: int | None
    assembly: Assembly
    origin: np.record
    war: np.ndarray | None = None

    def criteria(self, objective: Objective) -> list[np.ndarray]:
        """Return each criterion of an objective replicate by replicate, shape (replicates,)."""
        found = objective.criteria(self.futures)
        return found if self.war is None else [self.war, *found[1:]]

    def estimate(self, name: str) -> Estimate:
        """Estimate a measure; none is less than nothing, and no day beyond the horizon."""
        if self.war is not None and name == WAR:
            return rare.probability(self.war)
        most = self.futures.left if name == TO_SETTLEMENT else math.inf
        return intervals.clipped(self.futures.estimate(name), 0.0, most)

    def difference(self, holding: Candidate, name: str) -> Difference:
        """Estimate a measure less that of holding, on common luck."""
        if self.war is not None and holding.war is not None and name == WAR:
            return rare.difference(holding.war, self.war)
        # Whose force is counted may differ from option to option.
        base = holding.futures.against(self.futures.adversary)
        return intervals.difference(base.values(name), self.futures.values(name))

    @property
    def war_itself(self) -> bool:
        """Whether the move is open war."""
        return any(m.war for m in self.assembly.scenario.crisis.moves if m.id == self.move)

    @property
    def grounds(self) -> tuple[tuple[str, ...], bool]:
        """Statements behind an intervention, and whether there are none; of a move nothing."""
        for inject in self.assembly.scenario.injects:
            if self.kind == INTERVENTION and inject.id == self.option:
                return tuple(inject.because), inject.hypothetical
        return (), False


def adversary_of(assembly: Assembly, actor: str, target: str | None) -> str:
    """Return the target, where it has a move of force against the actor; else nothing."""
    if target is None or actor not in _within_reach(assembly, target):
        return ""
    return target


def threat(holding: Futures, assembly: Assembly, actor: str) -> str:
    """Return the actor that threatens most: likeliest to use force within 7 days of a hold.

    Of those that have a move of force against the actor, or, where nobody has, against anyone.
    """
    others = [other for other in assembly.actors if other != actor]
    against = [other for other in others if actor in _within_reach(assembly, other)]
    armed = against or [other for other in others if _within_reach(assembly, other)]
    share = {other: holding.values(f"{other}_force_{SOON}d").mean() for other in armed}
    return max(armed, key=lambda other: share[other], default="")


def _within_reach(assembly: Assembly, actor: str) -> set[str | None]:
    """Return against whom an actor has a move of force."""
    force = {move.id for move in assembly.scenario.crisis.moves if move.kinetic}
    own = assembly.options[assembly.actors.index(actor)]
    return {option.target for option in own if option.move in force}


def measures(actors: tuple[str, ...], adversary: bool) -> tuple[str, ...]:
    """Name the measures that advice reports of every option."""
    against = (ADVERSARY,) if adversary else ()
    dead = (f"{actor}_dead" for actor in actors)
    return (WAR, *against, "dead", *dead, TO_SETTLEMENT, "settlement", "peak_rung")


def expected(values: np.ndarray) -> Estimate:
    """Estimate a criterion; no less than nothing where none of its values is."""
    least = 0.0 if values.min() >= 0.0 else -math.inf
    return intervals.clipped(intervals.mean(values), least, math.inf)


def compare(
    options: list[Candidate], objective: Objective, explanation: Explanation
) -> tuple[tuple[Course, ...], Ranking]:
    """Compare options, the first of which is to hold, and put them in order.

    Parameters
    ----------
    options : list of Candidate
        On common luck.
    objective : Objective
    explanation : Explanation
        Of the actor's decision at that moment.
    """
    found = [option.criteria(objective) for option in options]
    ranking = rank([np.array(rows) for rows in zip(*found, strict=True)])
    own = ranking.first([k for k, option in enumerate(options) if option.kind == MOVE])
    courses = []
    for place, k in enumerate(ranking.order, start=1):
        option = options[k]
        names = measures(option.futures.actors, bool(option.futures.adversary))
        told = None if option.place is None else explanation.options[option.place]
        estimates = {name: option.estimate(name) for name in names}
        differences = {name: option.difference(options[0], name) for name in (names if k else ())}
        if objective.weights:
            estimates |= {SUM: expected(found[k][0])}
            if k:
                differences |= {SUM: intervals.difference(found[0][0], found[k][0])}
        courses.append(
            Course(
                option.option,
                option.move,
                option.target,
                option.kind,
                option.futures.adversary,
                place,
                ranking.bracket[k],
                estimates,
                differences,
                told.probability if told else None,
                told.rules if told else (),
                told.base if told else 0.0,
                *option.grounds,
                option.war_itself,
                k in own,
            )
        )
    return tuple(courses), ranking
