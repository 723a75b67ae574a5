"""The options of an actor as rows: in which bracket each stands, and what it leads to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sim.analysis import captions, written
from sim.analysis.captions import Words
from sim.analysis.intervals import Estimate
from sim.analysis.objectives import SUM
from sim.analysis.studied import Measure, capital
from sim.analysis.wording import day_of
from sim.crisis import Scenario

__all__ = [
    "BLIND",
    "Option",
    "Standing",
    "best_of_own",
    "called",
    "labels",
    "leading",
    "left_out",
    "named",
    "picked",
    "summarise_standing",
]

HOLD, MOVE = "hold", "move"
WAR, FORCE, DEAD = "open_war", "adversary_force_7d", "dead"
SUMMED = Measure(SUM, "mean", "weighted sum")
BLIND = "The sum leaves out the dead of open war itself and the force in it: not simulated."
SMALL = 0.0005  # a probability so near to none or all is written as a bound
NAMED = 2  # options that a title names


@dataclass(frozen=True, slots=True)
class Option:
    """An option as a row.

    Attributes
    ----------
    label : str
        Move and target, or the intervention.
    says : str
        The probability of open war, and how likely the model's actor is to pick the option, or
        that it is an intervention.
    bracket : int
    change : Estimate or None
        Of what is ranked first by, against holding, pair by pair; None for holding.
    war : Estimate
        Probability of open war.
    force : Estimate or None
        Of force by the adversary within 7 days; known to be 0 where nobody else has a move of it.
    dead : Estimate or None
        Expected dead.  None of both for open war itself, whose own are not simulated.
    """

    label: str
    says: str
    bracket: int
    change: Estimate | None
    war: Estimate
    force: Estimate | None
    dead: Estimate | None


@dataclass(frozen=True)
class Standing:
    """All that the picture of the options draws.

    Attributes
    ----------
    words : Words
    whose : str
        Whose force is counted.
    measure : Measure
        What changes: the chance of open war, or the weighted sum of an objective of one's own.
    options : tuple of Option
        The best first.
    """

    words: Words
    whose: str
    measure: Measure
    options: tuple[Option, ...]


def labels(told: Mapping[str, Any], scenario: Scenario) -> dict[str, str]:
    """Write each option of advice as a reader would, by what the advice calls it."""
    moves = {move.id: move.label for move in scenario.crisis.moves}
    shorts = {actor.id: actor.short for actor in scenario.crisis.actors}
    found = {}
    for option in told["options"]:
        name = option["option"]
        if option["kind"] == MOVE:
            label = moves.get(option["move"], option["move"])
            name = f"{label} → {shorts[option['target']]}" if option["target"] else label
        found[option["option"]] = name.replace("_", " ")
    return found


def summarise_standing(told: Mapping[str, Any], scenario: Scenario) -> Standing:
    """Write advice as rows.

    Parameters
    ----------
    told : mapping
        As ``Advice.to_dict`` tells it.
    scenario : Scenario
    """
    names = labels(told, scenario)
    wars = {move.id for move in scenario.crisis.moves if move.war}
    # Only an objective of one's own has a sum.
    summed = SUM in told["options"][0]["estimates"]
    measure = SUMMED if summed else Measure(WAR, "share", "chance of open war")
    rows = told["options"]
    options = tuple(_option(one, names[one["option"]], wars, measure.name) for one in rows)
    adversaries = {one["adversary"] for one in told["options"] if one["adversary"]}
    whose = "the adversary"
    if len(adversaries) == 1:
        whose = scenario.crisis.actor(adversaries.pop()).short
    return Standing(_words(told, scenario, measure, options), whose, measure, options)


def _option(one: Mapping[str, Any], label: str, wars: set[str], first: str) -> Option:
    change = one["against_holding"].get(first)
    war, dead = (Estimate.from_dict(one["estimates"][name]) for name in (WAR, DEAD))
    itself = one["move"] in wars
    force: Estimate | None = Estimate(0.0, 0.0, 0.0, war.n, "known")
    if one["adversary"]:
        force = None if itself else Estimate.from_dict(one["estimates"][FORCE])
    kind = f"intervention{', hypothetical' if one['hypothetical'] else ''}"
    if one["probability"] is not None:
        kind = f"picked {picked(one['probability'])}"
    chance, interval = written.share(war.mean, war.low, war.high)
    return Option(
        label,
        f"open war {chance} ({interval}); {kind}",
        one["bracket"],
        None if change is None else Estimate.from_dict(change),
        war,
        force,
        None if itself else dead,
    )


def picked(probability: float) -> str:
    """Write how probable it is that the model's actor picks an option; bounds near none and all.

    Examples
    --------
    >>> picked(0.0002), picked(0.07), picked(0.234), picked(0.9998)
    ('<0.1%', '7.0%', '23%', '>99.9%')
    """
    if 0 < probability < SMALL:
        return "<0.1%"
    if 1 - SMALL < probability < 1:
        return ">99.9%"
    return f"{probability:.{1 if probability < 0.1 or 0.99 < probability < 1 else 0}%}"


def _words(
    told: Mapping[str, Any], scenario: Scenario, measure: Measure, options: Sequence[Option]
) -> Words:
    short = scenario.crisis.actor(told["actor"]).short
    when = datetime.fromisoformat(told["date"])
    subtitle = (
        f"Each option of {short} on {day_of(when, short=False)}, {when:%H:%M}, taken at once: what "
        f"it changes in the {measure.label} against holding, on the same luck, and what it leads "
        f"to. Ranked by {told['objective']}"
    )
    names = labels(told, scenario)
    own = best_of_own(told["options"], names)
    # What is ranked by a sum has but one criterion.
    summed = measure is SUMMED
    subtitle += "." if summed or own else ", which decide where the first is not told apart."
    history = told["history"]
    where = (
        f"from day {told['day']:.3g} of the history of seed {history['seed']}, replicate "
        f"{history['replicate']}."
    )
    caption = captions.source(
        scenario,
        told["replicates"],
        told["seed"],
        f"Of each option, {where}" if len(options) > 1 else capital(where),
        f"Open war by {options[0].war.n:,} trees of histories."
        if options[0].war.n != told["replicates"]
        else "",
        BLIND if told["blind"] else "",
        "" if any(one["adversary"] for one in told["options"]) else "Nobody else can use force.",
        "Whiskers: 95% intervals, each by itself; hollow where a change’s holds 0. Brackets, by "
        f"number and band, part what can be told apart: {told['tests']} tests of pairs, 5% chance "
        "of any false alarm (Holm). Picked: by the model’s actor, were it to decide then.",
    )
    first = called(told["options"], names)
    hold = next(option.label for option in options if option.change is None)
    wars = {move.id for move in scenario.crisis.moves if move.war}
    unfounded = any(
        one["move"] in wars and one["option"] in told["turning"]
        for one in told["options"]
        if one["bracket"] == 1
    )
    where = " if open war itself costs no dead" if unfounded else left_out(told)
    title = f"{leading(short, first, where)}: {named(first, hold)}"
    return Words(title, " ".join(text for text in (own, subtitle) if text), caption)


def left_out(told: Mapping[str, Any]) -> str:
    """Say on what condition the best by a sum is so, where that leaves open war itself out."""
    return " if open war itself costs nothing" if told["blind"] else ""


def called(places: Iterable[Mapping[str, Any]], names: Mapping[str, str]) -> list[str]:
    """Write the options of the first bracket, an intervention as one."""
    return [
        names[one["option"]] if one["kind"] == MOVE else f"the {one['kind']} {names[one['option']]}"
        for one in places
        if one["bracket"] == 1
    ]


def best_of_own(places: Sequence[Mapping[str, Any]], names: Mapping[str, str]) -> str:
    """Say what is best of an actor's own moves, where an intervention is among the first."""
    if all(one["kind"] == MOVE for one in places if one["bracket"] == 1):
        return ""
    own = [names[one["option"]] for one in places if one.get("own")]
    single = "Best" if len(own) == 1 else "No single best"
    return f"{single} of its own moves: {named(own, names[HOLD])}." if own else ""


def leading(short: str, first: Sequence[str], where: str = "") -> str:
    """Say of an actor's first bracket whether it holds one option, and on what condition."""
    return f"{'Best' if len(first) == 1 else 'No single best'} for {short}{where}"


def named(first: Sequence[str], hold: str = HOLD) -> str:
    """Name the options of a bracket, to hold first where it is one; how many there are besides.

    Examples
    --------
    >>> named(["protest"]), named(["protest", "hold"]), named(["protest", "threaten", "hold"])
    ('protest', 'hold or protest', 'hold, protest or 1 more of their bracket')
    """
    ordered = sorted(first, key=lambda name: name != hold)
    more = len(ordered) - NAMED
    if more > 0:
        return f"{', '.join(ordered[:NAMED])} or {more} more of their bracket"
    return " or ".join(ordered)
