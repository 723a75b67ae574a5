"""What an actor gets to hear of a history: moves, claims and reports, not the truth.

A blow is heard of at once, with what its author claims; who struck only where that is known; the
dead when those who count their own say so.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from sim.crisis import Scenario
from sim.engines.log import Event

__all__ = ["Ears", "News"]


@dataclass(frozen=True, slots=True)
class News:
    """Something that an actor has heard of.

    Attributes
    ----------
    day : float
        Days from the scenario's start; negative in the opening.
    date : datetime
    says : str
        In a sentence, to the actor: it is "you".
    rung : int or None
        Of a move.
    own : bool
        Whether the actor did it itself.
    pressing : bool
        Whether it calls for a look: force, a threat, a move at the actor, a count of the dead, an
        event from outside.
    """

    day: float
    date: datetime
    says: str
    rung: int | None
    own: bool
    pressing: bool


class Ears:
    """Turns events into what one actor hears of them.

    Parameters
    ----------
    scenario : Scenario
    actor : str
        Who listens.
    """

    def __init__(self, scenario: Scenario, actor: str) -> None:
        crisis = scenario.crisis
        self.actor = actor
        self.shorts = {record.id: record.short for record in crisis.actors}
        self.moves = {move.id: move for move in crisis.moves}
        self.places = {place.id: place for place in crisis.places}
        self.injects = {inject.id: inject.says for inject in scenario.injects}

    def hear(self, events: Iterable[Event]) -> tuple[News, ...]:
        """Return the news of events in order, counts that agree told together."""
        news = []
        for _, alike in groupby(events, key=self._alike):
            first, *others = alike
            if first.kind == "move":
                news.append(self._move(first))
            elif first.kind == "assessment":
                news.append(self._count(first, [event.actor or "" for event in (first, *others)]))
            elif first.kind == "inject":
                says = self.injects[str(first.move)]
                blamed = f"; {self._name(first.target)} blamed" if first.target else ""
                news.append(News(first.day, first.date, says + blamed, None, False, True))
        return tuple(news)

    def _alike(self, event: Event) -> tuple[object, ...]:
        """Tell counts by others apart from all else where they do not say the same at once."""
        if event.kind != "assessment" or event.actor == self.actor:
            return (id(event),)
        return event.date, event.target, sum(event.dead.values())

    def _name(self, actor: str | None, start: bool = False) -> str:
        if actor == self.actor:
            return "You" if start else "you"
        return self.shorts[str(actor)]

    def _count(self, event: Event, who: list[str]) -> News:
        count = sum(event.dead.values())
        own = self.actor in who
        if own:
            says = f"Counted: {count or 'none'} of yours died"
        else:
            names = [self.shorts[actor] for actor in who]
            listed = " and ".join([*filter(None, [", ".join(names[:-1])]), names[-1]])
            verb, whose = ("says", "its") if len(names) == 1 else ("say", "their")
            says = f"{listed} {verb}: {count or 'none'} of {whose} own died"
        if event.target == self.actor:
            says += " in your blow"
        elif event.target:
            says += f" in the blow by {self.shorts[event.target]}"
        pressing = own or count > 0 or event.target == self.actor
        return News(event.day, event.date, says, None, False, pressing)

    def _move(self, event: Event) -> News:
        move = self.moves[str(event.move)]
        own = event.actor == self.actor
        known = own or event.attributed
        who = self._name(event.actor, start=True) if known else "Somebody unknown"
        if move.war:
            says = f"{who} {'go' if own else 'goes'} to war against {self._name(event.target)}"
        elif event.target is None:
            says = f"{who}: {move.label}"
        else:
            way = "on" if move.kinetic else "at"
            says = f"{who}: {move.label}, {way} {self._name(event.target)}"
        if move.kinetic and not move.war:
            says = "; ".join([says, *self._blow(event, own, known)])
        pressing = move.kinetic or move.line > 0 or event.target == self.actor
        return News(event.day, event.date, says, event.rung, own, pressing and not own)

    def _blow(self, event: Event, own: bool, known: bool) -> list[str]:
        """Tell what is heard of a blow besides who struck whom."""
        parts = []
        if event.place is not None:
            place = self.places[event.place]
            parts.append(place.name)
            if event.noticed and self.actor in (event.target, place.soil):
                parts.append("you had notice")
        if event.launched_from and known:
            parts.append(f"launched from {self._name(event.launched_from)}")
        if event.claimed and known:
            parts.append(f"{'you claim' if own else 'it claims'} {event.claimed} dead")
        if own and self.moves[str(event.move)].deniable:
            found_out = "you have been found out" if event.attributed else "nobody knows by whom"
            parts.append(found_out)
        return parts
