"""The options of an actor over worlds that weigh otherwise, as rows."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sim.analysis import captions
from sim.analysis.captions import Words
from sim.analysis.intervals import Estimate
from sim.analysis.objectives import SUM
from sim.analysis.standing import HOLD, SUMMED, labels, leading, named
from sim.analysis.studied import Measure, capital, measure_of
from sim.crisis import Scenario

__all__ = ["OptionOverWorlds", "Worlds", "summarise_worlds"]

#: Where the line of an option begins, its box, its middle, and both end.
QUANTILES = ("0.05", "0.25", "0.5", "0.75", "0.95")


@dataclass(frozen=True, slots=True)
class OptionOverWorlds:
    """An option as a row.

    Attributes
    ----------
    label : str
    rank, bracket : int
        Over the worlds.
    terrible : bool
        Whether it is among the best, at the coded weights or over the worlds, and in a tenth of
        the worlds costs its average again, needlessly.
    quantiles : tuple of float
        Of the worlds: 5, 25, 50, 75 and 95 %.
    mean, worst : Estimate
        Over all worlds, and over the tenth that is worst for it.
    worst_regret : Estimate
        How much more than the best option of each world, in the tenth in which that is most.
    best : Estimate
        Share of the worlds in which nothing is told to be better.
    """

    label: str
    rank: int
    bracket: int
    terrible: bool
    quantiles: tuple[float, ...]
    mean: Estimate
    worst: Estimate
    worst_regret: Estimate
    best: Estimate


@dataclass(frozen=True)
class Worlds:
    """All that the picture draws.

    Attributes
    ----------
    words : Words
    measure : Measure
        What the options cost: the first criterion of the ranking.
    options : tuple of OptionOverWorlds
        In their order over the worlds.
    """

    words: Words
    measure: Measure
    options: tuple[OptionOverWorlds, ...]


def summarise_worlds(told: Mapping[str, Any], scenario: Scenario) -> Worlds:
    """Write advice over worlds as rows.

    Parameters
    ----------
    told : mapping
        As ``Advice.to_dict`` tells it, worlds and all.
    scenario : Scenario
    """
    names = labels(told, scenario)
    found = told["over_worlds"]
    first = next(iter(next(iter(found.values()))["criteria"]))
    kind = "share" if first == "open_war" else "mean"
    measure = SUMMED if first == SUM else measure_of(scenario, first, kind)
    rows = [_option(names[name], one, first) for name, one in found.items()]
    options = tuple(sorted(rows, key=lambda row: row.rank))
    return Worlds(_words(told, scenario, measure, options), measure, options)


def _option(label: str, one: Mapping[str, Any], criterion: str) -> OptionOverWorlds:
    spread = one["criteria"][criterion]
    return OptionOverWorlds(
        label,
        one["rank"],
        one["bracket"],
        criterion in one["fragile"],
        tuple(float(spread["quantiles"][q]["mean"]) for q in QUANTILES),
        Estimate.from_dict(spread["mean"]),
        Estimate.from_dict(spread["worst"]),
        Estimate.from_dict(spread["worst_regret"]),
        Estimate.from_dict(one["best"]),
    )


def _words(
    told: Mapping[str, Any],
    scenario: Scenario,
    measure: Measure,
    options: Sequence[OptionOverWorlds],
) -> Words:
    short = scenario.crisis.actor(told["actor"]).short
    worlds = told["worlds"]
    first = [row.label for row in options if row.bracket == 1]
    best = named(first, labels(told, scenario)[HOLD])
    title = f"{leading(short, first)} over {worlds} worlds: {best}"
    subtitle = (
        f"{capital(measure.label)} where the rules weigh otherwise, as far as their stated spreads "
        "go: half of the worlds are in the box, nine tenths on the line."
    )
    if any(math.isfinite(row.worst.mean) for row in options):
        subtitle += " Diamond: mean of the tenth that is worst."
    each = next(iter(told["over_worlds"].values()))["futures"]
    caption = captions.source(
        scenario,
        each,
        told["seed"],
        f"Of each option, in each of {worlds} worlds, from day {told['day']:.3g} of the history of "
        f"seed {told['history']['seed']}.",
        "The sum leaves out the dead of open war itself, which are not simulated."
        if told["blind"]
        else "",
        "In the order of their brackets over the worlds. Regret: over what ranks first in each "
        "world by one half of the futures, measured by the other, so that it may fall below 0. "
        "Whiskers: 95% intervals, each by itself; none where worlds are too few.",
        "No worst tenth: so few futures of an option in each world cannot tell it."
        if not any(math.isfinite(row.worst.mean) for row in options)
        else "",
        "Hollow: among the best, but in its worst tenth it costs, over what the best would, its "
        "average again."
        if any(row.terrible for row in options)
        else "",
    )
    return Words(title, subtitle, caption)
