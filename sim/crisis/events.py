"""Checks of a scenario's opening events and injects against its crisis."""

from __future__ import annotations

from datetime import datetime

from sim.crisis.background import passages
from sim.crisis.checks import MOST_EXPECTED_DEAD, known, known_statements
from sim.crisis.complaints import Key
from sim.crisis.covariates import covariate
from sim.crisis.draft import Draft
from sim.crisis.ladder import Move
from sim.crisis.scenario import DRAWN, Inject, OpeningEvent

__all__ = ["HEADS", "check_scenario"]

# First words of dotted paths, which an opening event may therefore not be called.
HEADS = (
    "injects",
    "actors",
    "places",
    "moves",
    "rules",
    "statements",
    "weights",
    "tempo",
    "precision",
    "urgency",
    "attention",
    "half_lives",
    "base",
    "repetition",
    "prompt",
    "urgency_ceiling",
    "harm",
    "notice",
    "war",
    "settlement",
    "start",
    "horizon_days",
)


def check_scenario(draft: Draft) -> None:
    """Raise InputError at the first thing in the scenario that its crisis does not bear out."""
    story = draft.scenario
    for name in ("title", "asks", "start", "horizon_days"):
        if getattr(story, name) is None:
            raise draft.where.error("scenario", (name,), "is missing")
    assert story.start is not None
    for _, names in passages(story.background or ""):
        for name in names:
            known(draft, "scenario", ("background",), name, draft.evidence(), "statement")
    for table in ("opening", "injects"):
        seen: set[str] = set()
        for n, item in enumerate(getattr(story, table)):
            if item.id in seen:
                raise draft.where.error("scenario", (table, n, "id"), f"duplicate id {item.id!r}")
            seen.add(item.id)
    for n, event in enumerate(story.opening):
        _opening(draft, event, ("opening", n), story.start)
    for n, inject in enumerate(story.injects):
        _inject(draft, inject, ("injects", n), story.start)


def _opening(draft: Draft, event: OpeningEvent, at: Key, start: datetime) -> None:
    error, actors = draft.where.error, draft.actors.actors
    if event.id in HEADS:
        raise error("scenario", (*at, "id"), f"{event.id!r} is the first word of other paths")
    known(draft, "scenario", (*at, "actor"), event.actor, actors, "actor")
    known(draft, "scenario", (*at, "move"), event.move, draft.moves(), "move")
    move = draft.moves()[event.move]
    if event.date > start:
        raise error(
            "scenario",
            (*at, "date"),
            f"{event.date.isoformat()} is after the start",
            allowed=f"up to {start.isoformat()}",
        )
    others = [name for name in actors if name != event.actor]
    if move.directed and event.target is None:
        raise error(
            "scenario", (*at, "target"), f"is missing: {move.id} has a target", names=others
        )
    if event.target is not None:
        if not move.directed:
            raise error("scenario", (*at, "target"), f"{move.id} takes no target")
        known(draft, "scenario", (*at, "target"), event.target, others, "other actor")
    if move.kinetic:
        _blow(draft, event, at, move)
    else:
        for name in ("place", "dead", "claimed", "munitions"):
            if getattr(event, name) is not None:
                raise error("scenario", (*at, name), f"{move.id} uses no force: leave it out")
        if any(event.also_dead.values()):
            raise error("scenario", (*at, "also_dead"), f"{move.id} uses no force: leave it out")
    known_statements(draft, "scenario", (*at, "because"), event.because)


def _blow(draft: Draft, event: OpeningEvent, at: Key, move: Move) -> None:
    error, places = draft.where.error, draft.actors.places
    target = event.target or ""
    if event.place is not None:
        known(draft, "scenario", (*at, "place"), event.place, places, "place")
        fallen = [places[event.place]]
    else:
        fallen = [place for place in places.values() if place.hit(target, move.id)]
        if not fallen:
            raise error(
                "scenario",
                (*at, "place"),
                f"no place where {move.id} at {target} could fall: name one",
                names=places,
            )
    for name, dead in event.also_dead.items():
        spot = (*at, "also_dead", name)
        known(draft, "scenario", spot, name, draft.actors.actors, "actor")
        if name == target and dead:
            raise error("scenario", spot, f"the dead of {target}, the target, are given by dead")
    if event.dead in (None, DRAWN):
        if any(event.also_dead.values()):
            raise error(
                "scenario", (*at, "also_dead"), "needs dead as a number: here dead is drawn"
            )
        munitions = move.munitions if event.munitions is None else event.munitions
        mean = munitions * move.lethality * max(place.exposure for place in fallen)
        if mean > MOST_EXPECTED_DEAD:
            raise error(
                "scenario",
                (*at, "munitions"),
                f"would kill {mean:g} on average (munitions * lethality * exposure)",
                allowed=f"at most {MOST_EXPECTED_DEAD:g}",
            )


def _inject(draft: Draft, inject: Inject, at: Key, start: datetime) -> None:
    error, actors = draft.where.error, draft.actors.actors
    if (inject.at is None) == (inject.rate is None):
        problem = "has neither at nor rate" if inject.at is None else "has both at and rate"
        raise error("scenario", at, problem, allowed="exactly one of at and rate")
    if inject.at is not None and inject.at < start:
        raise error(
            "scenario",
            (*at, "at"),
            f"{inject.at.isoformat()} is before the start",
            allowed=f"from {start.isoformat()}",
        )
    if bool(inject.because) == inject.hypothetical:
        problem = "has both" if inject.because else "has neither"
        raise error(
            "scenario",
            at,
            f"{problem} because and hypothetical = true".replace(
                "neither because and", "neither because nor"
            ),
            allowed="exactly one of them",
        )
    if not inject.effects and not inject.set and not any(inject.dead.values()):
        raise error("scenario", at, "does nothing", allowed="effects, dead, set or several")
    for name in inject.dead:
        known(draft, "scenario", (*at, "dead", name), name, actors, "actor")
    if inject.blamed is not None:
        known(draft, "scenario", (*at, "blamed"), inject.blamed, actors, "actor")
    _effects(draft, inject, at)
    known_statements(draft, "scenario", (*at, "because"), inject.because)


def _effects(draft: Draft, inject: Inject, at: Key) -> None:
    actors = list(draft.actors.actors)
    for n, effect in enumerate(inject.effects):
        spot = (*at, "effects", n)
        if effect.covariate == "constant":
            raise draft.where.error("scenario", (*spot, "covariate"), "constant never changes")
        if effect.of is not None:
            known(draft, "scenario", (*spot, "of"), effect.of, actors, "actor")
        if effect.toward is not None:
            if covariate(effect.covariate).undirected:
                raise draft.where.error(
                    "scenario", (*spot, "toward"), f"{effect.covariate} points at nobody"
                )
            others = [actor for actor in actors if actor != effect.of]
            known(draft, "scenario", (*spot, "toward"), effect.toward, others, "other actor")
