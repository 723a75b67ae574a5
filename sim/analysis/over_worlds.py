"""The options of an actor over worlds that weigh otherwise, as rows."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from sim.analysis import captions
from sim.analysis.captions import Words
from sim.analysis.intervals import Estimate
from sim.analysis.objectives import SUM
from sim.analysis.standing import (
    BLIND,
    HOLD,
    MOVE,
    SUMMED,
    best_of_own,
    called,
    labels,
    leading,
    left_out,
    named,
)
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
    intervention : bool
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
    intervention: bool = False


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

    @property
    def thin(self) -> bool:
        """Whether there are too few futures a world to tell of a worst tenth, or where it is best.

        Of each of all options then only the mean is drawn, besides its spread.
        """
        return not any(math.isfinite(row.worst.mean) for row in self.options)


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
    kinds = {option["option"]: option["kind"] for option in told["options"]}
    rows = [_option(names[name], kinds[name], one, first) for name, one in found.items()]
    none = Words("", "", "")
    summary = Worlds(none, measure, tuple(sorted(rows, key=lambda row: row.rank)))
    return replace(summary, words=_words(told, scenario, summary))


def _option(label: str, kind: str, one: Mapping[str, Any], criterion: str) -> OptionOverWorlds:
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
        kind != MOVE,
    )


def _words(told: Mapping[str, Any], scenario: Scenario, summary: Worlds) -> Words:
    short = scenario.crisis.actor(told["actor"]).short
    worlds, names = told["worlds"], labels(told, scenario)
    kinds = {option["option"]: option["kind"] for option in told["options"]}
    places = sorted(
        ({"option": name, "kind": kinds[name], **one} for name, one in told["over_worlds"].items()),
        key=lambda one: one["rank"],
    )
    first = called(places, names)
    where = f" over {worlds} worlds{left_out(told)}"
    title = f"{leading(short, first, where)}: {named(first, names[HOLD])}"
    own = best_of_own(places, names)
    each = next(iter(told["over_worlds"].values()))["futures"]
    subtitle = f"{own} " if own else ""
    subtitle += (
        f"{capital(summary.measure.label)} where the rules weigh otherwise, as far as their stated "
        "spreads go: half of the worlds are in the box, nine tenths on the line."
    )
    if summary.thin:
        few = "1 future" if each == 1 else f"{each} futures"
        subtitle += (
            f" Dot: mean. From {few} of an option in each world its worst tenth cannot be told, "
            "nor where it is among the best."
        )
    else:
        subtitle += " Diamond: mean of the tenth that is worst."
    caption = captions.source(
        scenario,
        each,
        told["seed"],
        f"Of each option, in each of {worlds} worlds, from day {told['day']:.3g} of the history of "
        f"seed {told['history']['seed']}.",
        BLIND if told["blind"] else "",
        "In the order of their brackets, by number and band, by the means over the worlds.",
        ""
        if summary.thin
        else "Regret: over what ranks first in each world by one half of the futures, measured by "
        "the other, so that it may fall below 0.",
        "Whiskers: 95% intervals, each by itself; none where worlds are too few.",
        "Hollow: among the best, but in its worst tenth it costs, over what the best would, its "
        "average again."
        if any(row.terrible for row in summary.options)
        else "",
    )
    return Words(title, subtitle, caption)
