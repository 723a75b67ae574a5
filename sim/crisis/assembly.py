"""From checked parts to one scenario, in a canonical form that forgets how it was written."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

from sim.crisis.actors import ALONE, Actor, ActorTable, Place, PlaceTable
from sim.crisis.checks import check_crisis
from sim.crisis.citations import check_citations
from sim.crisis.crisis import Crisis, CrisisFile
from sim.crisis.draft import Draft
from sim.crisis.events import check_scenario
from sim.crisis.propensities import DEFAULT, PER_ACTOR, Propensities
from sim.crisis.record import Map
from sim.crisis.rules import Rule
from sim.crisis.scenario import DRAWN, Inject, OpeningEvent, Scenario
from sim.crisis.statements import Statement, StatementTable

__all__ = ["assembled"]

V = TypeVar("V")


def assembled(draft: Draft, crisis: Crisis | None = None) -> Scenario:
    """Check the parts of a draft together and make the scenario.

    Tables come out in the order of the ladder and of the actors, defaults that depend on
    another file are filled in, and entries that say what holds anyway are left out.  A `crisis`
    that the draft leaves as it is need not be checked and made again.
    """
    if crisis is None:
        check_crisis(draft)
    check_scenario(draft)
    if crisis is None:
        check_citations(draft)
    story = draft.scenario
    actors = list(draft.actors.actors)
    opening = [_opening(event, draft, actors) for event in story.opening]
    names = ("title", "asks", "background", "start", "horizon_days")
    head = {name: getattr(story, name) for name in names}
    return Scenario.model_construct(
        **head,
        name=draft.name,
        crisis=_crisis(draft, actors) if crisis is None else crisis,
        opening=tuple(sorted(opening, key=lambda event: event.date)),
        injects=tuple(_inject(inject, actors) for inject in story.injects),
        weights=draft.weights.trimmed(draft.evidence()),
        overrides=Map(),
        replaced=Map(),
        files=draft.files,
    )


def ordered(table: Mapping[str, V], order: Iterable[str]) -> Map[str, V]:
    """Give the table's entries in the given order, and leave out what the order lacks."""
    return Map({name: table[name] for name in order if name in table})


def _crisis(draft: Draft, actors: list[str]) -> Crisis:
    ladder = [move.id for move in draft.ladder.moves]
    head = {name: getattr(draft.crisis, name) for name in CrisisFile.model_fields}
    return Crisis.model_construct(
        **head,
        name=draft.crisis_name,
        moves=draft.ladder.moves,
        actors=tuple(_actor(n, a, actors, ladder) for n, a in draft.actors.actors.items()),
        places=tuple(_place(n, p, actors, ladder) for n, p in draft.actors.places.items()),
        statements=Map({n: _statement(n, s) for n, s in draft.evidence().items()}),
        rules=tuple(_rule(rule, ladder) for rule in draft.rules.rules),
        propensities=_propensities(draft.propensities, actors, ladder),
    )


# A table that has its id has been through here before.
def _actor(name: str, table: ActorTable, actors: list[str], ladder: list[str]) -> Actor:
    if isinstance(table, Actor):
        return table
    fields = {key: getattr(table, key) for key in ActorTable.model_fields}
    others = [other for other in actors if other != name]
    for key in ("expects", "hostile_intent", "launches_from"):
        fields[key] = Map({other: fields[key].get(other, 0.0) for other in others})
    fields["repertoire"] = Map(
        {
            target: tuple(move for move in ladder if move in table.repertoire[target])
            for target in (*others, ALONE)
            if table.repertoire.get(target)
        }
    )
    fields["because"] = ordered(table.because, ActorTable.model_fields)
    return Actor.model_construct(id=name, **fields)


def _place(name: str, table: PlaceTable, actors: list[str], ladder: list[str]) -> Place:
    if isinstance(table, Place):
        return table
    fields: dict[str, Any] = {key: getattr(table, key) for key in PlaceTable.model_fields}
    fields["forces"] = ordered(table.forces, actors)
    fields["struck"] = ordered(table.struck, actors)
    if table.moves is not None:
        fields["moves"] = tuple(move for move in ladder if move in table.moves)
    return Place.model_construct(id=name, **fields)


def _statement(name: str, table: StatementTable) -> Statement:
    if isinstance(table, Statement):
        return table
    fields = {key: getattr(table, key) for key in StatementTable.model_fields}
    return Statement.model_construct(id=name, **fields)


def _rule(rule: Rule, ladder: list[str]) -> Rule:
    return rule.model_copy(update={"moves": ordered(rule.moves, ladder)})


def _propensities(numbers: Propensities, actors: list[str], ladder: list[str]) -> Propensities:
    changes: dict[str, object] = {
        name: ordered(getattr(numbers, name), actors) for name in PER_ACTOR
    }
    default = numbers.half_lives[DEFAULT]
    lives = {DEFAULT: Map(dict(sorted(default.items())))}
    for actor in actors:
        own = sorted(numbers.half_lives.get(actor, {}).items())
        if kept := {trace: days for trace, days in own if days != default[trace]}:
            lives[actor] = Map(kept)
    changes["half_lives"] = Map(lives)
    changes["base"] = Map({actor: ordered(numbers.base[actor], ladder) for actor in actors})
    return numbers.model_copy(update=changes)


def _opening(event: OpeningEvent, draft: Draft, actors: list[str]) -> OpeningEvent:
    kinetic = draft.moves()[event.move].kinetic
    dead = DRAWN if kinetic and event.dead is None else event.dead
    return event.model_copy(update={"dead": dead, "also_dead": _killed(event.also_dead, actors)})


def _inject(inject: Inject, actors: list[str]) -> Inject:
    return inject.model_copy(update={"dead": _killed(inject.dead, actors)})


def _killed(dead: Mapping[str, int], actors: list[str]) -> Map[str, int]:
    return Map({actor: dead[actor] for actor in actors if dead.get(actor)})
