"""What all histories of a scenario share, for the plain Mesa version: looked up once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from sim.crisis import Scenario
from sim.crisis.rules import EACH

UNDIRECTED = ("tension", "mediation")
AT_MOST_ONE = ("line", "line_crossed", "answered", "no_dead", "awaiting_assessment")


class Option(NamedTuple):
    """A move and its target, None where it has none."""

    move: str
    target: str | None


HOLD = Option("hold", None)


class BoundRule(NamedTuple):
    """A rule read toward one actor, with the options that it pulls at."""

    covariate: str
    toward: str
    scale: float
    pulls: list[tuple[Option, float]]


@dataclass
class Blow:
    """What a move does when it lands; None where chance or habit decides."""

    provocation: float
    munitions: float
    place: str | None = None
    dead: dict[str, int] | None = None
    claimed: float | None = None


@dataclass
class Event:
    """What a kinetic move did."""

    place: str
    launched_from: str | None
    noticed: bool
    attributed: bool
    dead: dict[str, int]
    claimed: float


class Setting:
    """What all histories of a scenario share, looked up once."""

    def __init__(self, scenario: Scenario) -> None:
        self.scenario = scenario
        self.crisis = crisis = scenario.crisis
        self.actors = {actor.id: actor for actor in crisis.actors}
        self.moves = {move.id: move for move in crisis.moves}
        self.places = {place.id: place for place in crisis.places}
        self.shares = {place.id: place.shares() for place in crisis.places}
        self.options = {a.id: [HOLD, *map(Option._make, a.options())] for a in crisis.actors}
        self.rules = {name: list(self._bind(name)) for name in self.actors}

    def _bind(self, name: str) -> Iterator[BoundRule]:
        own = set(self.options[name])
        for rule in self.crisis.rules:
            if rule.actor != name:
                continue
            others = [other for other in self.actors if other != name]
            for toward in others if rule.toward == EACH else [rule.toward]:
                pulls = []
                for move, weight in rule.moves.items():
                    directed = self.moves[move].directed
                    option = Option(move, (rule.against or toward) if directed else None)
                    if option in own:
                        pulls.append((option, weight))
                yield BoundRule(rule.when, toward, rule.scale, pulls)

    def day(self, date: datetime) -> float:
        """Give days from the scenario's start."""
        return (date - self.scenario.start).total_seconds() / 86400.0
