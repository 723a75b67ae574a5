"""The parts of a scenario as the files give them, each valid alone, not yet checked together."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from pydantic import BaseModel

from sim.crisis.actors import ActorsFile
from sim.crisis.complaints import Where
from sim.crisis.crisis import CrisisFile
from sim.crisis.ladder import Ladder, Move
from sim.crisis.propensities import Propensities
from sim.crisis.record import Map
from sim.crisis.rules import RulesFile
from sim.crisis.scenario import ScenarioFile
from sim.crisis.statements import StatementsFile, StatementTable
from sim.crisis.weights import Weights

__all__ = ["KINDS", "PARTS", "Draft"]

KINDS: dict[str, type[BaseModel]] = {
    "crisis": CrisisFile,
    "ladder": Ladder,
    "actors": ActorsFile,
    "statements": StatementsFile,
    "rules": RulesFile,
    "propensities": Propensities,
    "scenario": ScenarioFile,
}

#: The files, and what is said by dotted paths alone.
PARTS: dict[str, type[BaseModel]] = {**KINDS, "weights": Weights}


@dataclass
class Draft:
    """What was read, part by part, and where it was read from."""

    crisis: CrisisFile
    ladder: Ladder
    actors: ActorsFile
    statements: StatementsFile
    rules: RulesFile
    propensities: Propensities
    scenario: ScenarioFile
    weights: Weights = field(default_factory=Weights)
    name: str = ""
    crisis_name: str = ""
    files: tuple[str, ...] = ()
    folder: Path | None = None
    where: Where = field(default_factory=Where)

    def moves(self) -> dict[str, Move]:
        """Give the moves of the ladder by id, in its order."""
        return {move.id: move for move in self.ladder.moves}

    def evidence(self) -> Map[str, StatementTable]:
        """Give the statements by id."""
        return self.statements.root

    def may(self, actor: str, move: str, target: str | None) -> bool:
        """Tell whether an option is in an actor's repertoire, hold included."""
        if move == "hold" and target is None:
            return True
        return move in self.actors.actors[actor].repertoire.get(target or "alone", ())
