"""The actors of a crisis and the places where blows fall."""

from __future__ import annotations

from pydantic import Field

from sim.crisis.record import (
    Amount,
    Id,
    Line,
    Map,
    Name,
    Names,
    Positive,
    Probability,
    Record,
)

__all__ = ["ALONE", "Actor", "ActorTable", "ActorsFile", "Place", "PlaceTable"]

ALONE = "alone"


class ActorTable(Record):
    """A table [actors.ID] of actors.toml."""

    name: Line = Field(description="Name in print.")
    short: Line = Field(description="Short name for pictures and timelines.")
    partners: Names = Field((), description="Actors whose dead count as partners' dead.")
    assessment_days: Positive = Field(description="Days from a blow to knowing one's own dead.")
    alert: Probability = Field(0.0, description="Share of its dead that its alert averts.")
    claims: Amount = Field(
        0.0, description="Dead that it claims per munition of its own overt blows."
    )
    attribution: Probability = Field(
        0.0, description="Probability that a deniable blow of its own is attributed to it."
    )
    passes_warning: Probability = Field(
        1.0,
        description="Probability that notice given to it, as host, reaches the forces there.",
    )
    expects: Map[Name, Probability] = Field(
        Map(), description="How far it has priced in an answer of that actor to its blows."
    )
    hostile_intent: Map[Name, Probability] = Field(
        Map(), description="Prior belief that the other means to climb; 0 where not given."
    )
    launches_from: Map[Name, Probability] = Field(
        Map(), description="Probability that a blow of its own starts from that host's soil."
    )
    repertoire: Map[Name, Names] = Field(
        description="Moves it may make against each actor, and alone = undirected ones."
    )
    because: Map[Name, Names] = Field(
        Map(), description="Statements behind a number above, by the name of its key."
    )

    def options(self) -> tuple[tuple[str, str | None], ...]:
        """List its options as (move, target), target None for undirected moves; no hold."""
        return tuple(
            (move, None if target == ALONE else target)
            for target, moves in self.repertoire.items()
            for move in moves
        )

    def moves(self) -> frozenset[str]:
        """Give the moves of its repertoire, whatever their target; hold is not listed."""
        return frozenset(move for moves in self.repertoire.values() for move in moves)


class Actor(ActorTable):
    """An actor: a state that comes to decisions."""

    id: Id


class PlaceTable(Record):
    """A table [places.ID] of actors.toml."""

    name: Line = Field(description="Name in print.")
    soil: Name = Field(description="Actor whose soil it is.")
    exposure: Amount = Field(1.0, description="Factor on the dead of a blow that falls here.")
    forces: Map[Name, Positive] = Field(
        min_length=1, description="Who is there: weights of the people by actor, normalised."
    )
    struck: Map[Name, Positive] = Field(
        min_length=1, description="Weight with which a blow at that actor falls here."
    )
    moves: Names | None = Field(
        None, description="The kinetic moves that may fall here; all where absent."
    )
    because: Names = Field((), description="Statements behind the numbers above.")

    def shares(self) -> dict[str, float]:
        """Give each actor's share of the people there; they sum to 1."""
        total = sum(self.forces.values())
        return {actor: weight / total for actor, weight in self.forces.items()}

    def hit(self, target: str, move: str) -> float:
        """Give the weight with which a blow by `move` at `target` falls here, 0 for never."""
        if self.moves is not None and move not in self.moves:
            return 0.0
        return self.struck.get(target, 0.0)


class Place(PlaceTable):
    """A place where blows fall."""

    id: Id


class ActorsFile(Record):
    """The file actors.toml: actors, and places where their forces stand."""

    actors: Map[Id, ActorTable] = Field(min_length=1, description="Actors by id.")
    places: Map[Id, PlaceTable] = Field(Map(), description="Places by id.")
