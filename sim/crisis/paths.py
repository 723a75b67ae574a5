"""Dotted paths: every single value of a scenario that a study may want to change."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from sim.crisis.complaints import Key
from sim.crisis.content import part, plain
from sim.crisis.covariates import HALF_LIVES
from sim.crisis.propensities import DEFAULT, PER_ACTOR
from sim.crisis.scenario import Scenario
from sim.errors import InputError, listed, nearest_name

__all__ = ["Slot", "located", "parameters", "slot", "slots"]

Slot = tuple[str, Key]
Found = Iterator[tuple[str, Slot]]

EVENT = ("date", "actor", "move", "target", "place", "dead", "claimed", "provocation", "munitions")
INJECT = ("on", "at", "rate", "blamed")


def slots(scenario: Scenario, heads: Iterable[str] | None = None) -> dict[str, Slot]:
    """Map every dotted path to the part and the location within it that it stands for.

    Only those whose first word is among `heads`, where it is given; a word that heads nothing
    else may be the id of an opening event.
    """
    chosen: Iterable[str] = ("", *GROUPS)
    if heads is not None:
        chosen = dict.fromkeys(head if head in GROUPS else "" for head in heads)
    found = (GROUPS[head](scenario, head) if head else _story(scenario) for head in chosen)
    return {path: at for group in found for path, at in group}


def located(scenario: Scenario, paths: Iterable[str]) -> dict[str, Slot]:
    """Give the slots of paths; what is missing among them is no path."""
    known = slots(scenario, [path.partition(".")[0] for path in paths])
    return {path: known[path] for path in paths if path in known}


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


def parameters(scenario: Scenario, paths: Collection[str]) -> dict[str, Any]:
    """Give the values at dotted paths; None where an optional one is absent."""
    found = located(scenario, paths)
    for path in paths:
        if path not in found:
            slot(slots(scenario), path)
    parts = {kind: part(scenario, kind) for kind in {kind for kind, _ in found.values()}}
    return {path: _value(scenario, parts[kind], found[path]) for path, (kind, _) in found.items()}


def _value(scenario: Scenario, found: Any, at: Slot) -> Any:
    kind, loc = at
    if kind == "weights":
        return scenario.weights.value(loc, scenario.crisis.statements)
    if loc[0] == "half_lives":
        return scenario.crisis.propensities.half_life(str(loc[1]), str(loc[2]))
    for step in loc:
        if isinstance(found, Mapping):
            if step not in found:
                return 0
            found = found[step]
        else:
            found = found[step] if isinstance(step, int) else getattr(found, step)
    return found


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
        for path in inject.set:
            yield f"{head}.set.{path}", ("scenario", ("injects", n, "set", path))


def _scales(scenario: Scenario, head: str) -> Found:
    yield from _leaves(head, ("crisis", (head,)), plain(getattr(scenario.crisis, head)))


def _moves(scenario: Scenario, head: str) -> Found:
    for n, move in enumerate(scenario.crisis.moves):
        yield from _leaves(f"{head}.{move.id}", ("ladder", (head, n)), plain(move))


def _tables(scenario: Scenario, head: str) -> Found:
    for item in getattr(scenario.crisis, head):
        at: Slot = ("actors", (head, item.id))
        yield from _leaves(f"{head}.{item.id}", at, plain(item, leave=("id",)))


def _rules(scenario: Scenario, head: str) -> Found:
    for n, rule in enumerate(scenario.crisis.rules):
        for key in ("scale", "sd"):
            yield f"{head}.{rule.id}.{key}", ("rules", (head, n, key))
        for move in rule.moves:
            yield f"{head}.{rule.id}.moves.{move}", ("rules", (head, n, "moves", move))


def _numbers(scenario: Scenario, head: str) -> Found:
    numbers = plain(getattr(scenario.crisis.propensities, head))
    yield from _leaves(head, ("propensities", (head,)), numbers)


def _half_lives(scenario: Scenario, head: str) -> Found:
    for name in (DEFAULT, *(actor.id for actor in scenario.crisis.actors)):
        for trace in HALF_LIVES:
            yield f"{head}.{name}.{trace}", ("propensities", (head, name, trace))


def _weights(scenario: Scenario, head: str) -> Found:
    crisis = scenario.crisis
    kinds = {crisis.statements[name].kind: None for name in _cited(scenario)}
    yield f"{head}.all", ("weights", ("all",))
    for table, names in (
        ("actors", [actor.id for actor in crisis.actors]),
        ("rules", [rule.id for rule in crisis.rules]),
        ("kinds", list(kinds)),
    ):
        for name in names:
            yield f"{head}.{table}.{name}", ("weights", (table, name))


def _statements(scenario: Scenario, head: str) -> Found:
    for name in _cited(scenario):
        for key in ("strength", "counts"):
            yield f"{head}.{name}.{key}", ("weights", (head, name, key))


def _cited(scenario: Scenario) -> dict[str, None]:
    """Give the statements that a rule cites, each once."""
    return {name: None for rule in scenario.crisis.rules for name in rule.because}


def _leaves(path: str, at: Slot, value: object) -> Found:
    """Yield the numbers and flags below a table; texts and lists are no parameters."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _leaves(f"{path}.{key}", (at[0], (*at[1], key)), inner)
    elif isinstance(value, bool | int | float):
        yield path, at


#: What has paths beside the opening and the injects, by the first word of the path.
GROUPS: dict[str, Callable[[Scenario, str], Found]] = {
    **dict.fromkeys(("harm", "notice", "war", "settlement"), _scales),
    "moves": _moves,
    **dict.fromkeys(("actors", "places"), _tables),
    "rules": _rules,
    **dict.fromkeys((*PER_ACTOR, "base", "repetition", "prompt", "urgency_ceiling"), _numbers),
    "half_lives": _half_lives,
    "weights": _weights,
    "statements": _statements,
}
