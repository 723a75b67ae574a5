"""What a table calls the outcomes of a scenario, in the order of reading."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.analysis.dates import days_in_words

if TYPE_CHECKING:
    from sim.crisis import Scenario

__all__ = ["Group", "Named", "groups", "unforced"]

SOON = 7.0


@dataclass(frozen=True)
class Named:
    """An outcome and what a table calls it.

    Attributes
    ----------
    outcome, label : str
    kind : str
        share, mean or median.
    """

    outcome: str
    label: str
    kind: str


Group = tuple[str, list[Named]]


def groups(scenario: Scenario) -> Iterator[Group]:
    """Give the outcomes of a scenario in the order of reading, those that cannot be left out."""
    whole = days_in_words(scenario.horizon_days)
    yield (
        "How it ends",
        [
            Named("open_war", "open war", "share"),
            Named("settlement", "settlement", "share"),
            Named("horizon", f"neither by day {scenario.horizon_days:g}", "share"),
            Named("days", "day of the end, mean", "mean"),
        ],
    )
    yield (
        "Force",
        [
            Named("force", "any move of force", "share"),
            Named("widened", "force against a host", "share"),
            Named("force_moves", "moves of force, mean", "mean"),
            Named("exchanges", "answers to a blow, mean", "mean"),
            Named("moves", "moves of any kind, mean", "mean"),
            Named("peak_rung", "highest rung, mean", "mean"),
        ],
    )
    actors = scenario.crisis.actors
    dead = [Named(f"{actor.id}_dead", actor.short, "mean") for actor in actors]
    yield ("Dead, mean, those before the start included", [Named("dead", "all", "mean"), *dead])
    never = unforced(scenario)
    for actor in actors:
        if actor.id in never:
            continue
        rows = [
            Named(f"{actor.id}_force", f"within {whole}", "share"),
            Named(f"{actor.id}_first_force", "first day, median where any", "median"),
        ]
        if scenario.horizon_days > SOON:
            rows.insert(0, Named(f"{actor.id}_force_7d", "within 7 days", "share"))
        yield (f"Force by {actor.short}", rows)


def unforced(scenario: Scenario) -> dict[str, str]:
    """Name the actors that have no move of force to make, by id."""
    force = {move.id for move in scenario.crisis.moves if move.kinetic}
    return {
        actor.id: actor.short
        for actor in scenario.crisis.actors
        if not any(force & set(moves) for moves in actor.repertoire.values())
    }
