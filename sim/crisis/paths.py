"""Dotted paths: every single value of a scenario that a study may want to change."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from sim.crisis.complaints import Key
from sim.crisis.content import content, plain
from sim.crisis.covariates import HALF_LIVES
from sim.crisis.propensities import DEFAULT, PER_ACTOR
from sim.crisis.scenario import Scenario
from sim.errors import InputError, listed, nearest_name

__all__ = ["Slot", "parameters", "slot", "slots"]

Slot = tuple[str, Key]
Found = Iterator[tuple[str, Slot]]

EVENT = ("date", "actor", "move", "target", "place", "dead", "claimed", "provocation", "munitions")
INJECT = ("on", "at", "rate", "blamed")


def slots(scenario: Scenario) -> dict[str, Slot]:
    """Map every dotted path to the part and the location within it that it stands for."""
    return dict(
        pair
        for found in (_story(scenario), _crisis(scenario), _numbers(scenario), _weights(scenario))
        for pair in found
    )


def slot(
    known: Mapping[str, Slot], path: str, *, value: object = None, in_file: bool = False
) -> Slot:
    """Find the slot of a path, or raise InputError with the nearest valid path.

    A `value` that is a table, `in_file`, is a path whose quotes were left out.
    """
    if path in known:
        return known[path]
    below = [name for name in known if name.startswith(f"{path}.")]
    if below:
        allowed = listed(below)
        if in_file and isinstance(value, Mapping) and value:
            allowed = f"{_quoted(path, value)}, the whole path in quotes"
        raise InputError("is a table, not a single value", key=path, allowed=allowed)
    parent = path.rpartition(".")[0]
    siblings = [name for name in known if name.startswith(f"{parent}.")] if parent else []
    nearest = nearest_name(path, siblings) or nearest_name(path, known)
    citing = "statements that a rule cites" if path.startswith("statements.") else None
    raise InputError("no such path", key=path, allowed=citing, nearest=nearest)


def _quoted(path: str, value: object) -> str:
    """Write the first value of a table below `path` as an override of a scenario file."""
    while isinstance(value, Mapping) and value:
        name, value = next(iter(value.items()))
        path = f"{path}.{name}"
    text = value.isoformat() if isinstance(value, date) else json.dumps(value, default=str)
    return f'"{path}" = {text}'


def parameters(scenario: Scenario, paths: Iterable[str]) -> dict[str, Any]:
    """Give the values at dotted paths; None where an optional one is absent."""
    known = slots(scenario)
    found = {path: slot(known, path) for path in paths}
    parts = {kind: content(scenario, kind) for kind in {kind for kind, _ in found.values()}}
    return {path: _value(scenario, kind, parts[kind], loc) for path, (kind, loc) in found.items()}


def _value(scenario: Scenario, kind: str, part: Any, loc: Key) -> Any:
    if kind == "weights":
        return scenario.weights.value(loc, scenario.crisis.statements)
    if loc[0] == "half_lives":
        return scenario.crisis.propensities.half_life(str(loc[1]), str(loc[2]))
    for step in loc:
        if isinstance(part, dict) and step not in part:
            return 0
        part = part[step]
    return part


def _story(scenario: Scenario) -> Found:
    yield "start", ("scenario", ("start",))
    yield "horizon_days", ("scenario", ("horizon_days",))
    actors = [actor.id for actor in scenario.crisis.actors]
    for n, event in enumerate(scenario.opening):
        for name in EVENT:
            yield f"{event.id}.{name}", ("scenario", ("opening", n, name))
        for actor in actors:
            at: Key = ("opening", n, "also_dead", actor)
            yield f"{event.id}.also_dead.{actor}", ("scenario", at)
    for n, inject in enumerate(scenario.injects):
        head = f"injects.{inject.id}"
        for name in INJECT:
            yield f"{head}.{name}", ("scenario", ("injects", n, name))
        for actor in actors:
            yield f"{head}.dead.{actor}", ("scenario", ("injects", n, "dead", actor))
        for k, _ in enumerate(inject.effects):
            yield f"{head}.effects[{k}].add", ("scenario", ("injects", n, "effects", k, "add"))


def _crisis(scenario: Scenario) -> Found:
    crisis = scenario.crisis
    for part in ("harm", "notice", "war", "settlement"):
        yield from _leaves(part, ("crisis", (part,)), plain(getattr(crisis, part)))
    for n, move in enumerate(content(scenario, "ladder")["moves"]):
        yield from _leaves(f"moves.{move['id']}", ("ladder", ("moves", n)), move)
    for table, items in content(scenario, "actors").items():
        for name, item in items.items():
            yield from _leaves(f"{table}.{name}", ("actors", (table, name)), item)
    for n, rule in enumerate(crisis.rules):
        for key in ("scale", "sd"):
            yield f"rules.{rule.id}.{key}", ("rules", ("rules", n, key))
        for move in rule.moves:
            yield f"rules.{rule.id}.moves.{move}", ("rules", ("rules", n, "moves", move))


def _numbers(scenario: Scenario) -> Found:
    numbers = content(scenario, "propensities")
    for table in (*PER_ACTOR, "base", "repetition"):
        yield from _leaves(table, ("propensities", (table,)), numbers[table])
    for name in ("prompt", "urgency_ceiling"):
        yield name, ("propensities", (name,))
    for name in (DEFAULT, *(actor.id for actor in scenario.crisis.actors)):
        for trace in HALF_LIVES:
            yield f"half_lives.{name}.{trace}", ("propensities", ("half_lives", name, trace))


def _weights(scenario: Scenario) -> Found:
    crisis = scenario.crisis
    cited = {name: crisis.statements[name] for rule in crisis.rules for name in rule.because}
    yield "weights.all", ("weights", ("all",))
    for table, names in (
        ("actors", [actor.id for actor in crisis.actors]),
        ("rules", [rule.id for rule in crisis.rules]),
        ("kinds", dict.fromkeys(statement.kind for statement in cited.values())),
    ):
        for name in names:
            yield f"weights.{table}.{name}", ("weights", (table, name))
    for name in cited:
        for key in ("strength", "counts"):
            yield f"statements.{name}.{key}", ("weights", ("statements", name, key))


def _leaves(path: str, at: Slot, value: object) -> Found:
    """Yield the numbers and flags below a table; texts and lists are no parameters."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _leaves(f"{path}.{key}", (at[0], (*at[1], key)), inner)
    elif isinstance(value, bool | int | float):
        yield path, at
