"""What became of a history in which people decided: the verdict, and where they parted ways."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.analysis.intervals import Difference, Estimate, share
from sim.analysis.objectives import SUM, Objective
from sim.analysis.outcomes import Counted
from sim.crisis import Scenario
from sim.engines.log import EventLog, date_of

if TYPE_CHECKING:
    from sim.analysis.futures import Futures

__all__ = [
    "COUNTS",
    "OUTCOMES",
    "Parting",
    "Standings",
    "Verdict",
    "dead_before",
    "partings_of",
    "ranked",
    "rungs",
    "score_of_a_game",
    "secrets_of",
    "settles",
    "verdict_of",
]

#: The ends from the best to the worst, and what they are to a player.
WORDS = {"settlement": "won", "horizon": "drawn", "open_war": "lost"}
ENDS = tuple(WORDS)
COUNTS = (
    "A settlement wins. Open war loses. If neither comes in time, it is a draw. Among equal ends, "
    "fewer dead on all sides is better."
)
#: What a parting is judged by.
OUTCOMES = ("settlement", "open_war", "dead")


class _Score(Objective):
    """By what options are ranked in a game: a loss against a win, then the expected deaths."""

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the criteria, the first first."""
        return SUM, "dead"

    def criteria(self, futures: Futures) -> list[np.ndarray]:
        """Return each criterion replicate by replicate, shape (replicates,)."""
        return [*super().criteria(futures), futures.values("dead")]

    def __str__(self) -> str:
        """Say what less of is better."""
        return "P(open war) - P(settlement), then expected deaths"


def score_of_a_game() -> Objective:
    """Return by what a game counts the options of a decision, as `Verdict.rank` does their ends."""
    return _Score((("open_war", 1.0), ("settlement", -1.0)))


@dataclass(frozen=True, slots=True)
class Verdict:
    """How a history ended, as a game counts it: by its end, and among equal ends by the dead.

    Attributes
    ----------
    end : str
        settlement, horizon or open_war: won, drawn or lost.
    dead : int
        True dead of all sides from the start on; those of a war itself lie beyond the model.
    days : float
        Day of the end.
    """

    end: str
    dead: int
    days: float

    @property
    def word(self) -> str:
        """Return won, drawn or lost."""
        return WORDS[self.end]

    @property
    def rank(self) -> tuple[int, int]:
        """Return what verdicts are ordered by, the best first."""
        return ENDS.index(self.end), self.dead

    def to_dict(self) -> dict[str, Any]:
        """Return the fields, for JSON."""
        return {"end": self.end, "word": self.word, "dead": self.dead, "days": self.days}


@dataclass(frozen=True, slots=True)
class Parting:
    """A decision at which a player did something else than the model with the same luck.

    Attributes
    ----------
    number : int
        Which of the actor's decisions, from 1.
    day, date, actor : float, datetime, str
    chosen, model : str
        The two options, as they are written.
    probability : float
        That the model would have chosen the player's.
    step : int
        Rungs that the player's lies above the model's.
    settlement, open_war, dead : Difference or None
        What the player's option changed, with the model deciding for everybody from then on:
        base is the model's option, other the player's. The dead are those since the start. None
        where it was not estimated.
    """

    number: int
    day: float
    date: datetime
    actor: str
    chosen: str
    model: str
    probability: float
    step: int
    settlement: Difference | None = None
    open_war: Difference | None = None
    dead: Difference | None = None

    def costs(self) -> dict[str, Difference | None]:
        """Return the differences by outcome."""
        return {name: getattr(self, name) for name in OUTCOMES}

    def to_dict(self) -> dict[str, Any]:
        """Return the fields, for JSON."""
        return {
            "number": self.number,
            "day": self.day,
            "date": self.date.isoformat(),
            "actor": self.actor,
            "chosen": self.chosen,
            "model": self.model,
            "probability": self.probability,
            "step": self.step,
            **{name: pair.to_dict() if pair else None for name, pair in self.costs().items()},
        }


@dataclass(frozen=True, slots=True)
class Standings:
    """Where a verdict stands among histories in which the model decides for everybody.

    Attributes
    ----------
    worse, level, better : Estimate
        Shares of them that ended worse than the verdict, like it, and better.
    won, lost : Estimate
        Shares of them that ended in a settlement, and in open war.
    """

    worse: Estimate
    level: Estimate
    better: Estimate
    won: Estimate
    lost: Estimate

    def to_dict(self) -> dict[str, Any]:
        """Return the fields, for JSON."""
        return {name: getattr(self, name).to_dict() for name in self.__dataclass_fields__}


def settles(scenario: Scenario) -> str:
    """Say what a settlement takes, in a sentence."""
    return (
        f"A settlement takes {scenario.crisis.settlement.quiet_days:g} days in which nobody uses "
        "force or threatens it, and no open score on any side: harm that a state has neither "
        "answered nor forgotten (its grievance)."
    )


def rungs(scenario: Scenario) -> str:
    """Say what a rung is, in a sentence."""
    moves = scenario.crisis.moves
    low, high = min(move.rung for move in moves), max(move.rung for move in moves)
    force = min(move.rung for move in moves if move.kinetic)
    return (
        f"A move's rung says how grave it is, from {low} (a step back) to {high} (open war); from "
        f"{force} on it is force."
    )


def verdict_of(log: EventLog) -> Verdict:
    """Judge a history that has ended."""
    assert log.end is not None
    days = log.events[-1].day
    return Verdict(log.end, int(log.state.dead.sum()) - dead_before(log), days)


def dead_before(log: EventLog) -> int:
    """Count the dead of all sides before the start; no player could help those."""
    return sum(sum(event.dead.values()) for event in log.opening if event.kind == "move")


def ranked(verdict: Verdict, counted: Counted, before: int) -> Standings:
    """Place a verdict among the replicates of an ensemble.

    Parameters
    ----------
    verdict : Verdict
    counted : Counted
    before : int
        Dead before the start, which the ensemble's count includes.
    """
    ends = np.select([counted.values(end) for end in ENDS], range(len(ENDS)), -1)
    dead = counted.values("dead") - before
    end, own = verdict.rank
    better = (ends < end) | ((ends == end) & (dead < own))
    level = (ends == end) & (dead == own)

    def estimated(which: np.ndarray) -> Estimate:
        return share(int(which.sum()), len(which))

    return Standings(
        estimated(~better & ~level),
        estimated(level),
        estimated(better),
        counted.estimate("settlement"),
        counted.estimate("open_war"),
    )


def partings_of(log: EventLog, players: Collection[str]) -> tuple[Parting, ...]:
    """Find the decisions at which players parted from the model, in order of time."""
    assembly = log.assembly
    rungs = {move.id: move.rung for move in assembly.scenario.crisis.moves}
    count = dict.fromkeys(players, 0)
    found = []
    for decision in log.decisions:
        if decision.actor not in count:
            continue
        count[decision.actor] += 1
        options = assembly.options[assembly.actors.index(decision.actor)]
        chosen, model = options[decision.option], options[decision.model]
        if chosen != model:
            found.append(
                Parting(
                    count[decision.actor],
                    decision.day,
                    date_of(assembly, decision.day),
                    decision.actor,
                    str(chosen),
                    str(model),
                    float(decision.probability[decision.option]),
                    rungs[chosen.move] - rungs[model.move],
                )
            )
    return tuple(found)


def secrets_of(log: EventLog, players: Collection[str]) -> tuple[str, ...]:
    """Tell what some player could not know: hidden authors, dead that nobody reported."""
    crisis = log.assembly.scenario.crisis
    shorts = {actor.id: actor.short for actor in crisis.actors}
    told = []
    for event in (*log.opening, *log.events):
        if event.kind == "move" and not event.attributed and {event.actor} != set(players):
            move = crisis.move(str(event.move)).label
            who, whom = shorts[str(event.actor)], shorts[str(event.target)]
            told.append(f"The {move} on {whom} on day {event.day:.1f} was by {who}.")
    for name, dead, known in zip(
        log.assembly.actors, log.state.dead, log.state.known, strict=False
    ):
        if dead != known:
            told.append(f"{shorts[name]} had {dead} dead, and had counted {known} at the end.")
    return tuple(told)
