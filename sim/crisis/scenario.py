"""A scenario: a crisis, its opening events, its injects and its horizon."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, ConfigDict, Field, PlainValidator, WithJsonSchema
from pydantic_core import PydanticCustomError

from sim.crisis.crisis import Crisis
from sim.crisis.record import (
    Amount,
    Count,
    Finite,
    Flag,
    Id,
    Line,
    Map,
    Name,
    Names,
    Positive,
    Record,
    Text,
)
from sim.crisis.rules import CovariateName
from sim.crisis.weights import Weights
from sim.errors import InputError

__all__ = ["DRAWN", "Inject", "InjectEffect", "OpeningEvent", "Scenario", "ScenarioFile"]

DRAWN: Literal["drawn"] = "drawn"
MOST_DEAD = 10_000_000


def _dead(value: object) -> object:
    if value is None or value == DRAWN:
        return value
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= MOST_DEAD:
        return value
    raise PydanticCustomError(
        "dead",
        "must be a number of dead, is {given}",
        {"given": repr(value), "allowed": "a whole number from 0, or 'drawn'"},
    )


def _local(value: datetime) -> datetime:
    if value.tzinfo is not None:
        raise PydanticCustomError(
            "local",
            "must be a local time without an offset, is {given}",
            {"given": value.isoformat(), "allowed": "a date and time such as 2020-01-08T06:00:00"},
        )
    return value


# TOML's local dates have no offset, so they are no date-time to a JSON Schema.
Moment = Annotated[
    datetime,
    Field(strict=True),
    AfterValidator(_local),
    WithJsonSchema({"type": "string", "examples": ["2020-01-08T06:00:00"]}),
]
Dead = Annotated[
    int | Literal["drawn"] | None,
    PlainValidator(_dead),
    WithJsonSchema({"anyOf": [{"type": "integer", "minimum": 0}, {"const": DRAWN}]}),
]


class OpeningEvent(Record):
    """A dated move that was made before the scenario starts."""

    id: Id = Field(description="Name in dotted paths, such as strike in strike.dead.")
    date: Moment = Field(description="When, on the crisis's clock.")
    actor: Name = Field(description="Who moved.")
    move: Name = Field(description="Which move of the ladder.")
    target: Name | None = Field(None, description="At whom; absent for undirected moves.")
    place: Name | None = Field(None, description="Where it fell; drawn where absent.")
    dead: Dead = Field(
        None, description="The target's dead, or drawn (the default of kinetic moves)."
    )
    also_dead: Map[Name, Count] = Field(Map(), description="Dead of others there.")
    claimed: Count | None = Field(None, description="Dead that the actor claims.")
    provocation: Amount | None = Field(None, description="Harm in place of the move's own.")
    munitions: Amount | None = Field(None, description="Number in place of the move's own.")
    because: Names = Field((), description="Statements that report it.")


class InjectEffect(Record):
    """What an inject adds to a covariate."""

    covariate: CovariateName = Field(description="Covariate that it adds to.")
    of: Name | None = Field(None, description="Actor whose it is; every actor's where absent.")
    toward: Name | None = Field(
        None, description="Actor that it points at; every other where absent."
    )
    add: Finite = Field(
        description="Amount, in the covariate's unit; of dead and partners_dead, persons."
    )


class Inject(Record):
    """An exogenous event, at a date or at a random time of a given rate."""

    id: Id = Field(description="Name in dotted paths: injects.ID.on.")
    says: Line = Field(description="What happens, in a line.")
    on: Flag = Field(False, description="Whether it takes part.")
    at: Moment | None = Field(None, description="When it happens; or give rate.")
    rate: Amount | None = Field(None, description="Events a day; or give at.")
    effects: tuple[InjectEffect, ...] = Field((), description="What it adds to covariates.")
    dead: Map[Name, Count] = Field(Map(), description="Dead by actor.")
    set: Map[str, Any] = Field(
        Map(), description="Values by dotted path that hold from its moment on."
    )
    blamed: Name | None = Field(None, description="Actor held to blame; nobody where absent.")
    because: Names = Field((), description="Statements that it was coded from.")
    hypothetical: Flag = Field(False, description="True where no statement reports it.")


class ScenarioFile(Record):
    """A scenario file, scenarios/NAME.toml."""

    model_config = ConfigDict(
        json_schema_extra={"oneOf": [{"required": ["crisis"]}, {"required": ["extends"]}]}
    )

    title: Line | None = Field(None, description="Name in print.")
    asks: Line | None = Field(None, description="The question it asks, in one sentence.")
    background: Text | None = Field(
        None,
        description="What happened and who is concerned, in a paragraph for those who do not know; "
        "ids of statements in brackets, [ev-strike], where it rests on them.",
    )
    crisis: Text | None = Field(None, description="Folder of the crisis; or give extends.")
    extends: Text | None = Field(None, description="Scenario that this one changes.")
    start: Moment | None = Field(None, description="From when histories are simulated.")
    horizon_days: Annotated[Positive, Field(le=3660)] | None = Field(
        None, description="Days until they are broken off."
    )
    opening: tuple[OpeningEvent, ...] = Field((), description="What has happened already.")
    injects: tuple[Inject, ...] = Field((), description="Exogenous events, off by default.")
    set: Map[str, Any] = Field(
        Map(), description="Values by dotted path that replace those of the files."
    )


class Scenario(Record):
    """A crisis, its opening and its horizon: frozen; `with_` makes a changed one.

    Examples
    --------
    >>> from sim.crisis import load
    >>> load("after-the-strike").with_("strike.dead", 5).parameter("strike.dead")
    5
    """

    name: str
    title: str
    asks: str
    background: str | None = None
    crisis: Crisis
    start: datetime
    horizon_days: float
    opening: tuple[OpeningEvent, ...]
    injects: tuple[Inject, ...]
    weights: Weights = Field(Weights(), description="How rules and statements weigh.")
    overrides: Map[str, Any] = Field(
        Map(), description="What with_ changed: dotted path to the new value."
    )
    replaced: Map[str, Any] = Field(
        Map(), description="For every path in overrides, the value in its place before."
    )
    files: tuple[str, ...] = Field((), description="Files read, relative to the scenario's folder.")

    def __repr__(self) -> str:
        """Say which scenario it is, and what was changed in it."""
        changed = "".join(f", {path}={value!r}" for path, value in self.overrides.items())
        return f"<Scenario {self.name}{changed}>"

    __str__ = __repr__

    def with_(
        self,
        path: str | Mapping[str, object],
        value: object = ...,
        /,
        *,
        source: str = "",
    ) -> Scenario:
        """Make the scenario in which one value, or several, are other ones.

        Parameters
        ----------
        path : str or mapping of str to object
            Dotted path such as ``strike.dead``, or several with their values.
        value : object
            The new value, where `path` is a single one. None removes an optional value.
        source : str
            Where the values come from, as an error names it before their paths.

        Returns
        -------
        Scenario
            Equal to this one where nothing changes.

        Raises
        ------
        InputError
            Where there is no such path, or the value may not stand there.
        """
        from sim.crisis.overrides import changed

        if isinstance(path, str):
            if value is ...:
                raise TypeError(f"with_({path!r}) needs a value as well")
            return changed(self, {path: value}, source)
        values: object = path
        if not isinstance(values, Mapping):
            allowed = "a dotted path and a value, or a mapping of paths to values"
            raise InputError(f"{path!r} is no path", file="with_", allowed=allowed)
        return changed(self, values, source)

    @property
    def blows(self) -> tuple[OpeningEvent, ...]:
        """The opening's moves of force at somebody, in order."""
        kinetic = {move.id for move in self.crisis.moves if move.kinetic}
        return tuple(event for event in self.opening if event.move in kinetic and event.target)

    def parameter(self, path: str) -> Any:
        """Give the value at a dotted path; InputError names the nearest where there is none."""
        from sim.crisis.paths import parameters

        return parameters(self, [path])[path]

    def paths(self) -> tuple[str, ...]:
        """List every dotted path that `with_` takes."""
        from sim.crisis.paths import slots

        return tuple(slots(self))

    def digest(self) -> str:
        """Give the SHA-256 of the content, in hexadecimal; names of files don't count."""
        from sim.crisis.content import digest

        return digest(self)
