"""The options of an actor as rows: in which bracket each stands, and what it leads to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sim.analysis import captions, written
from sim.analysis.captions import Words
from sim.analysis.intervals import Estimate
from sim.analysis.wording import day_of
from sim.crisis import Scenario

__all__ = ["Option", "Standing", "labels", "named", "summarise_standing"]

HOLD = "hold"
WAR, FORCE, DEAD = "open_war", "adversary_force_7d", "dead"
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
        Of the probability of open war against holding, pair by pair; None for holding.
    war, force : Estimate
        Probability of open war, and of force by the adversary within 7 days.
    dead : Estimate or None
        Expected dead; None for open war itself, whose own are not simulated.
    """

    label: str
    says: str
    bracket: int
    change: Estimate | None
    war: Estimate
    force: Estimate
    dead: Estimate | None


@dataclass(frozen=True)
class Standing:
    """All that the picture of the options draws.

    Attributes
    ----------
    words : Words
    whose : str
        Whose force is counted.
    options : tuple of Option
        The best first.
    """

    words: Words
    whose: str
    options: tuple[Option, ...]


def labels(told: Mapping[str, Any], scenario: Scenario) -> dict[str, str]:
    """Write each option of advice as a reader would, by what the advice calls it."""
    moves = {move.id: move.label for move in scenario.crisis.moves}
    shorts = {actor.id: actor.short for actor in scenario.crisis.actors}
    found = {}
    for option in told["options"]:
        name = option["option"]
        if option["kind"] == "move":
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
    options = tuple(_option(one, names[one["option"]], wars) for one in told["options"])
    adversaries = {one["adversary"] for one in told["options"] if one["adversary"]}
    whose = "the adversary"
    if len(adversaries) == 1:
        whose = scenario.crisis.actor(adversaries.pop()).short
    return Standing(_words(told, scenario, options), whose, options)


def _option(one: Mapping[str, Any], label: str, wars: set[str]) -> Option:
    change = one["against_holding"].get(WAR)
    war, force, dead = (Estimate.from_dict(one["estimates"][name]) for name in (WAR, FORCE, DEAD))
    picked = one["probability"]
    kind = "intervention" if picked is None else f"picked {_percent(picked)}"
    chance, interval = written.share(war.mean, war.low, war.high)
    return Option(
        label,
        f"open war {chance} ({interval}); {kind}",
        one["bracket"],
        None if change is None else Estimate.from_dict(change),
        war,
        force,
        None if one["move"] in wars else dead,
    )


def _percent(share: float) -> str:
    return "<0.1%" if share < 0.001 else f"{100 * share:.2g}%"


def _words(told: Mapping[str, Any], scenario: Scenario, options: Sequence[Option]) -> Words:
    short = scenario.crisis.actor(told["actor"]).short
    when = datetime.fromisoformat(told["date"])
    subtitle = (
        f"Each option of {short} on {day_of(when, short=False)}, {when:%H:%M}, taken at once: what "
        "it changes in the chance of open war against holding, on the same luck, and what it leads "
        f"to. Ranked by {told['objective']}."
    )
    history = told["history"]
    caption = captions.source(
        scenario,
        told["replicates"],
        told["seed"],
        f"{'Of each option' if len(options) > 1 else ''}, from day {told['day']:.3g} of the "
        f"history of seed {history['seed']}, replicate {history['replicate']}.".lstrip(", "),
        f"Open war by {options[0].war.n:,} trees of histories."
        if options[0].war.n != told["replicates"]
        else "",
        "Whiskers: 95% intervals, each by itself; hollow where a change’s holds 0. Brackets, by "
        f"number and band, part what can be told apart: {told['tests']} tests of pairs, 5% chance "
        "of any false alarm (Holm). Picked: by the model’s actor, were it to decide then.",
    )
    first = [option.label for option in options if option.bracket == 1]
    return Words(f"Ranked first for {short}: {named(first)}", subtitle, caption)


def named(first: Sequence[str]) -> str:
    """Name the first options of a bracket, and say how many there are besides.

    Examples
    --------
    >>> named(["hold"]), named(["hold", "protest", "threaten"])
    ('hold', 'hold or protest, or 1 more of their bracket')
    """
    more = len(first) - NAMED
    told = " or ".join(first[:NAMED])
    return f"{told}, or {more} more of their bracket" if more > 0 else told
