"""Making a scenario with other values, and checking it anew."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from typing import Any

from sim.crisis.actors import ActorsFile
from sim.crisis.assembly import assembled
from sim.crisis.complaints import Where, dotted, validated
from sim.crisis.content import content
from sim.crisis.draft import KINDS, PARTS, Draft
from sim.crisis.paths import Slot, located, parameters, slot, slots
from sim.crisis.record import Map
from sim.crisis.scenario import Scenario
from sim.errors import InputError

__all__ = ["changed", "parsed", "replaced"]

#: What the source of a value says that stands in a scenario file.
_IN_FILE = ": [set] "


def parsed(text: str) -> tuple[str, Any]:
    """Take PATH=VALUE apart, the value read as TOML, or as a text where it is a bare word.

    Examples
    --------
    >>> parsed("strike.dead=80")
    ('strike.dead', 80)
    >>> parsed("strike.dead=drawn")
    ('strike.dead', 'drawn')
    """
    path, equals, value = text.partition("=")
    if not equals or not path.strip() or not value.strip():
        raise InputError(f"cannot read {text!r}", file="--set", allowed="PATH=VALUE")
    try:
        table = tomllib.loads(f"value = {value.strip()}")
    except (ValueError, RecursionError):
        table = {}
    single = list(table) == ["value"]
    return path.strip(), table["value"] if single else value.strip()


def changed(scenario: Scenario, values: Mapping[str, object], source: str) -> Scenario:
    """Make the scenario with these values on top, and keep account of what they replaced."""
    new = replaced(scenario, values, {path: f"{source} {path}".strip() for path in values})
    origin = parameters(scenario, values) | dict(scenario.replaced)
    now = parameters(new, (*scenario.overrides, *values))
    kept = [path for path in sorted(now) if now[path] != origin[path]]
    return new.model_copy(
        update={
            "overrides": Map({path: now[path] for path in kept}),
            "replaced": Map({path: origin[path] for path in kept}),
        }
    )


def replaced(
    scenario: Scenario, values: Mapping[str, object], sources: Mapping[str, str]
) -> Scenario:
    """Make the scenario with these values in place; `sources` says where each came from."""
    found = located(scenario, values)
    for path in values:
        if path not in found:
            in_file = _IN_FILE in sources[path]
            try:
                slot(slots(scenario), path, value=values[path], in_file=in_file)
            except InputError as error:
                raise _relabelled(error, sources[path], keep=False) from None
    parts = {kind: content(scenario, kind) for kind in {kind for kind, _ in found.values()}}
    for path, (kind, loc) in found.items():
        _put(parts[kind], loc, values[path])
    try:
        same = parts.keys() <= {"scenario", "weights"}
        new = assembled(_draft(scenario, parts), scenario.crisis if same else None)
        if any(loc[0] == "injects" and "set" in loc for _, loc in found.values()):
            from sim.crisis.interventions import check_sets

            check_sets(new, Where())
        return new
    except InputError as error:
        culprits = [p for p in found if _concerns(found[p], error)] or list(found)
        keep = len(culprits) != 1 or not _concerns(found[culprits[0]], error)
        source = ", ".join(dict.fromkeys(sources[path] for path in culprits))
        raise _relabelled(error, source, keep=keep) from None


def _put(part: Any, loc: tuple[str | int, ...], value: object) -> None:
    item = getattr(value, "item", None)
    for step in loc[:-1]:
        part = part.setdefault(step, {}) if isinstance(part, dict) else part[step]
    # A number of NumPy's is a number: designs are arrays.
    part[loc[-1]] = item() if callable(item) else value


def _concerns(at: Slot, error: InputError) -> bool:
    return error.file == f"{at[0]}.toml" and error.key == dotted(at[1])


def _relabelled(error: InputError, source: str, keep: bool) -> InputError:
    key = f"{error.file}: {error.key}" if keep and error.key else None
    return InputError(
        error.problem, file=source, key=key, allowed=error.allowed, nearest=error.nearest
    )


def _draft(scenario: Scenario, parts: Mapping[str, Any]) -> Draft:
    """Validate the parts that changed, and take the others as they are."""
    where = Where()
    crisis = scenario.crisis
    made: dict[str, Any] = {
        kind: validated(PARTS[kind], part, kind, where) for kind, part in parts.items()
    }
    made.setdefault("crisis", crisis)
    made.setdefault("propensities", crisis.propensities)
    made.setdefault("weights", scenario.weights)
    if "actors" not in made:
        made["actors"] = ActorsFile.model_construct(
            actors=Map({actor.id: actor for actor in crisis.actors}),
            places=Map({place.id: place for place in crisis.places}),
        )
    unchanged: dict[str, Any] = {
        "ladder": {"moves": crisis.moves},
        "statements": {"root": crisis.statements},
        "rules": {"rules": crisis.rules},
        "scenario": {
            "title": scenario.title,
            "asks": scenario.asks,
            "background": scenario.background,
            "start": scenario.start,
            "horizon_days": scenario.horizon_days,
            "opening": scenario.opening,
            "injects": scenario.injects,
        },
    }
    for kind, fields in unchanged.items():
        if kind not in made:
            made[kind] = KINDS[kind].model_construct(**fields)
    return Draft(
        **made, name=scenario.name, crisis_name=crisis.name, files=scenario.files, where=where
    )
