"""What happened in a history, event by event, in words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import TYPE_CHECKING

from sim.analysis.dates import dead_in_words
from sim.analysis.written import digits

if TYPE_CHECKING:
    from sim.analysis.explanation import Explanation, RuleShare
    from sim.crisis import Scenario
    from sim.engines.log import Event

__all__ = ["UNLIKELY", "Teller", "chance", "led", "percent", "strongest", "together", "weighty"]

MOST_RULES = 3
#: Below this a rule changes the odds by less than a tenth: not worth a line.
LEAST_LOGITS = 0.1
#: Below this probability a move was rather chance than reasons.
UNLIKELY = 0.05


class Teller:
    """Puts the events of a scenario's histories into words.

    Parameters
    ----------
    scenario : Scenario

    Attributes
    ----------
    shorts, labels, places : dict of str to str
        Short names of actors, labels of moves and names of places, by id.
    """

    def __init__(self, scenario: Scenario) -> None:
        crisis = scenario.crisis
        self.shorts = {actor.id: actor.short for actor in crisis.actors}
        self.labels = {move.id: move.label for move in crisis.moves}
        self.places = {place.id: place.name for place in crisis.places}
        self._wars = {move.id for move in crisis.moves if move.war}
        self._injects = {inject.id: inject.says for inject in scenario.injects}

    def move(self, event: Event) -> str:
        """Write who did what, and to whom."""
        told = f"{self.shorts[str(event.actor)]}: {self.labels[str(event.move)]}"
        return f"{told} → {self.shorts[event.target]}" if event.target else told

    def detail(self, event: Event) -> str:
        """Tell where a blow fell, whom it killed, and what is said about it."""
        if event.place is None or event.move in self._wars:
            return ""
        dead = dead_in_words(event.dead, self.shorts)
        parts = [self.places[event.place], f"dead: {dead}" if dead else "nobody killed"]
        if event.claimed > sum(event.dead.values()):
            parts.append(f"{self.shorts[str(event.actor)]} claims {event.claimed}")
        if event.noticed:
            parts.append("notice arrived")
        if not event.attributed:
            parts.append("nobody knows by whom")
        if event.launched_from:
            parts.append(f"launched from {self.shorts[event.launched_from]}")
        return "; ".join(parts)

    def quiet(self, event: Event, others: Sequence[Event] = ()) -> str:
        """Tell of an assessment or an inject; nothing of an end, which is told by itself."""
        if event.kind == "assessment":
            names = [self.shorts[str(learner.actor)] for learner in (event, *others)]
            who = " and ".join([", ".join(names[:-1]), names[-1]]) if others else names[0]
            whose = "their" if others else "its"
            count = sum(event.dead.values()) or "none"
            return f"{who} {'learn' if others else 'learns'}: {count} of {whose} own died"
        if event.kind == "inject":
            dead = dead_in_words(event.dead, self.shorts)
            return self._injects[str(event.move)] + (f" (dead: {dead})" if dead else "")
        return ""


def together(events: Sequence[Event]) -> Iterator[tuple[Event, list[Event]]]:
    """Give each event, with those that find the same at the same minute where it is a count."""

    def same(event: Event) -> tuple[object, ...]:
        if event.kind != "assessment":
            return (id(event),)
        return event.kind, event.date, event.target, tuple(event.dead.items())

    for _, alike in groupby(events, key=same):
        first, *others = alike
        yield first, others


def weighty(explanation: Explanation) -> tuple[RuleShare, ...]:
    """Give the rules that spoke most for what was chosen, the strongest first."""
    shares = [s for s in explanation.options[explanation.chosen].rules if s.logits > 0]
    return tuple([s for s in shares[:MOST_RULES] if s.logits >= LEAST_LOGITS] or shares[:1])


def strongest(rules: Sequence[RuleShare]) -> RuleShare | None:
    """Give the rule that spoke most for a move, of those that a choice worth a line hangs on."""
    found = max(rules, key=lambda share: share.logits, default=None)
    return None if found is None or found.logits < LEAST_LOGITS else found


def led(probability: float, says: str = "") -> str:
    """Lead from a move to its strongest reason, and say where it was chance that made it.

    Parameters
    ----------
    probability : float, 0..1
        Of the option at that decision, holding still among the others.
    says : str
        Gloss of the rule that spoke most for it; empty where none did that is worth a line.

    Examples
    --------
    >>> led(0.3, "Americans are dead")
    'because Americans are dead'
    >>> led(0.0312, "Americans are dead")
    'against the odds (3.1%); for it spoke: Americans are dead'
    >>> led(0.0014)
    'against the odds (0.14%): no rule of weight spoke for it'
    """
    if probability >= UNLIKELY:
        return f"because {says}" if says else "though no rule of weight spoke for it"
    odds = f"against the odds ({chance(probability)})"
    return f"{odds}; for it spoke: {says}" if says else f"{odds}: no rule of weight spoke for it"


def chance(probability: float) -> str:
    """Write a probability that is known exactly: two digits, and never all where it is not so.

    Examples
    --------
    >>> chance(0.234), chance(0.0014), chance(0.9996)
    ('23%', '0.14%', '99.96%')
    """
    value = 100.0 * probability
    return f"{value:.{digits(0, value / 10, 100 - value)}f}%"


def percent(probability: float) -> str:
    """Write a probability, four characters wide.

    Examples
    --------
    >>> percent(0.234), percent(0.004), percent(0.996), percent(1.0)
    (' 23%', ' <1%', '>99%', '100%')
    """
    if 0 < probability < 0.005:
        return " <1%"
    if 0.995 <= probability < 1:
        return ">99%"
    return f"{probability:4.0%}"
