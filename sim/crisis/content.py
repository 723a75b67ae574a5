"""A scenario's content as plain data, and the digest of it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256
from typing import Any

from pydantic import BaseModel, RootModel

from sim.crisis.crisis import CrisisFile
from sim.crisis.scenario import Scenario
from sim.crisis.weights import Weights

__all__ = ["content", "digest", "part", "plain"]


def plain(value: object, leave: tuple[str, ...] = ()) -> Any:
    """Turn a record into dicts and lists; fields named in `leave` are left out at its top."""
    if value is None or isinstance(value, float | int | str):
        return value
    if isinstance(value, RootModel):
        return plain(value.root)
    if isinstance(value, BaseModel):
        fields = type(value).model_fields
        return {k: plain(getattr(value, k)) for k in fields if k not in leave}
    if isinstance(value, Mapping):
        return {k: plain(v) for k, v in value.items()}
    if isinstance(value, tuple | list):
        return [plain(v) for v in value]
    return value


def part(scenario: Scenario, kind: str) -> Any:
    """Give the record, or table of records, that holds the values of one kind of file."""
    crisis = scenario.crisis
    if kind == "actors":
        return {
            "actors": {actor.id: actor for actor in crisis.actors},
            "places": {place.id: place for place in crisis.places},
        }
    parts = {
        "scenario": scenario,
        "crisis": crisis,
        "ladder": {"moves": crisis.moves},
        "statements": crisis.statements,
        "rules": {"rules": crisis.rules},
        "weights": scenario.weights,
        "propensities": crisis.propensities,
    }
    return parts[kind]


def content(scenario: Scenario, kind: str) -> Any:
    """Give one part of a scenario as the file of that kind would hold it, defaults included."""
    found = part(scenario, kind)
    if kind == "scenario":
        names = ["title", "asks", "start", "horizon_days", "opening"]
        # What has no background, or sets nothing, reads as it did before there could be any.
        names += ["background"] if found.background is not None else []
        injects = [plain(i, leave=() if i.set else ("set",)) for i in found.injects]
        return {**{name: plain(getattr(found, name)) for name in names}, "injects": injects}
    if kind == "crisis":
        return {name: plain(getattr(found, name)) for name in CrisisFile.model_fields}
    if kind == "actors":
        return {
            table: {n: plain(item, leave=("id",)) for n, item in items.items()}
            for table, items in found.items()
        }
    if kind == "statements":
        return {n: plain(s, leave=("id",)) for n, s in found.items()}
    return plain(found)


def _written(value: object) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    raise TypeError(f"no canonical form for {value!r}")


def digest(scenario: Scenario) -> str:
    """Hash the content; the lists keep their order, for it can matter to a history.

    The background is left out, which no history hangs on: telling a crisis better leaves what was
    simulated of it valid.
    """
    kinds = ("scenario", "crisis", "ladder", "actors", "statements", "rules", "propensities")
    whole: list[Any] = [content(scenario, kind) for kind in kinds]
    whole[0].pop("background", None)
    # Actors and places are tables, but their order numbers the actors and places.
    whole.append([actor.id for actor in scenario.crisis.actors])
    whole.append([place.id for place in scenario.crisis.places])
    if scenario.weights != Weights():
        whole.append(content(scenario, "weights"))
    text = json.dumps(whole, sort_keys=True, ensure_ascii=False, default=_written)
    return sha256(text.encode("utf-8")).hexdigest()
