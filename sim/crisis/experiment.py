"""An experiment: a design over a scenario, as its file says it."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field

from sim.crisis.record import Finite, Flag, Line, Map, Names, Record, Text

__all__ = ["DRAWN", "ELICITED", "RESERVED", "SALTELLI", "SAMPLED", "ExperimentFile", "Factor"]

Design = Literal[
    "factorial", "one-at-a-time", "latin-hypercube", "sobol", "saltelli", "table", "elicited"
]
ELICITED, SALTELLI = "elicited", "saltelli"
#: Designs that draw points, and so need to know how many.
SAMPLED = ("latin-hypercube", "sobol", SALTELLI, ELICITED)
#: Designs whose points are a sample of something, and no levels that somebody chose.
DRAWN = (*SAMPLED, "table")

#: Columns that stand beside those of the factors.
RESERVED = ("point", "replicate", "estimate", "low", "high", "se", "n")

Distribution = Literal["uniform", "normal", "triangular", "log-uniform", "integer"]
#: Fields that a distribution needs, and others that it may have.
USES: dict[str, tuple[set[str], set[str]]] = {
    "uniform": ({"low", "high"}, set()),
    "log-uniform": ({"low", "high"}, set()),
    "integer": ({"low", "high"}, set()),
    "triangular": ({"low", "mode", "high"}, set()),
    "normal": ({"mean", "sd"}, {"low", "high"}),
}


class Factor(Record):
    """What an experiment varies: one value of the scenario, or several that move together."""

    model_config = ConfigDict(
        json_schema_extra={
            "oneOf": [{"required": ["path"]}, {"required": ["paths"]}],
            "not": {"required": ["levels", "distribution"]},
        }
    )

    path: Text | None = Field(None, description="Dotted path of the value; or give paths.")
    paths: Names = Field((), description="Dotted paths that all get the factor's value.")
    name: Line | None = Field(
        None, description="Name in tables and pictures; the first path where absent."
    )
    levels: tuple[Any, ...] = Field((), description="Its values, in order; or give distribution.")
    distribution: Distribution | None = Field(None, description="What its values are drawn from.")
    low: Finite | None = Field(None, description="Lower end; where a normal is cut off.")
    high: Finite | None = Field(None, description="Upper end; where a normal is cut off.")
    mode: Finite | None = Field(None, description="Most probable value of a triangular.")
    mean: Finite | None = Field(None, description="Mean of a normal before it is cut off.")
    sd: Annotated[Finite, Field(gt=0)] | None = Field(
        None, description="Standard deviation of a normal before it is cut off."
    )

    @property
    def title(self) -> str:
        """The name in tables and pictures."""
        return self.name or self.targets[0]

    @property
    def targets(self) -> tuple[str, ...]:
        """The dotted paths that get the factor's value."""
        return (self.path,) if self.path is not None else self.paths


class ExperimentFile(Record):
    """An experiment file, scenarios/experiments/NAME.toml."""

    title: Line | None = Field(None, description="Name in print.")
    asks: Line | None = Field(None, description="The question it asks, in one sentence.")
    scenario: Text = Field(description="Scenario that it varies: a bundled name or a path.")
    design: Design = Field(description="Which design points there are.")
    streams: Literal["common", "independent"] = Field(
        description="Whether replicate k of every design point has the same luck."
    )
    replicates: Annotated[int, Field(strict=True, ge=1, lt=2**32)] = Field(
        description="Histories at each design point."
    )
    points: Annotated[int, Field(strict=True, ge=1, le=10_000_000)] | None = Field(
        None, description="Design points that are drawn; of saltelli, base points."
    )
    second_order: Flag = Field(
        False, description="Whether a saltelli design is to give second-order indices too."
    )
    table: Text | None = Field(
        None, description="CSV file of design points, a column a factor: its name or path."
    )
    seed: Annotated[int, Field(strict=True, ge=0, lt=2**63)] = Field(
        1, description="Seed of the histories, and of the design where it draws points."
    )
    outcomes: Names = Field((), description="Outcomes that are kept; the usual ones where absent.")
    set: Map[str, Any] = Field(
        Map(), description="Values by dotted path that hold at every design point."
    )
    factors: tuple[Factor, ...] = Field((), description="What is varied.")
