"""A scenario as one JSON text, and back: what a study keeps so as to stay replayable."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from sim.crisis.assembly import assembled
from sim.crisis.complaints import Where, validated
from sim.crisis.content import content
from sim.crisis.draft import PARTS, Draft
from sim.crisis.json_files import parsed_json
from sim.crisis.paths import located
from sim.crisis.record import Map, Name, Names, Record
from sim.crisis.scenario import Scenario
from sim.errors import InputError

__all__ = ["dumps", "from_json", "loads", "to_json"]

_DATE = "$date"  # no key of a scenario has a dollar


class _Stored(Record):
    name: Name
    crisis: Name
    files: Names
    overrides: Map[str, Any]
    replaced: Map[str, Any]
    content: Map[str, Any]


def to_json(scenario: Scenario) -> str:
    """Write a scenario whole: its content, and what was changed in it."""
    whole = {
        "name": scenario.name,
        "crisis": scenario.crisis.name,
        "files": list(scenario.files),
        "overrides": dict(scenario.overrides),
        "replaced": dict(scenario.replaced),
        "content": {kind: content(scenario, kind) for kind in PARTS},
    }
    return dumps(whole, indent=1) + "\n"


def from_json(text: str, file: str) -> Scenario:
    """Read what `to_json` wrote, and check it as a scenario's files are checked.

    Raises
    ------
    InputError
        Where anything is wrong with it; the line names `file`.
    """
    whole = validated(_Stored, parsed_json(text, file, _read), "stored", Where({"stored": file}))
    where = Where(dict.fromkeys(PARTS, file))
    parts: dict[str, Any] = {
        kind: validated(model, _part(whole, kind, file), kind, where)
        for kind, model in PARTS.items()
    }
    scenario = assembled(
        Draft(
            **parts,
            name=whole.name,
            crisis_name=whole.crisis,
            files=whole.files,
            where=where,
        )
    )
    known = located(scenario, whole.overrides)
    for path in whole.overrides:
        if path not in known or path not in whole.replaced:
            raise InputError("is no path of it, or replaced nothing", file=file, key=path)
    changes = {"overrides": whole.overrides, "replaced": whole.replaced}
    return scenario.model_copy(update=changes)


def _part(whole: _Stored, kind: str, file: str) -> Any:
    if kind not in whole.content:
        raise InputError("is missing", file=file, key=f"content.{kind}")
    return whole.content[kind]


def dumps(value: object, indent: int | None = None) -> str:
    """Write values of a scenario as JSON, dates included."""
    return json.dumps(value, indent=indent, ensure_ascii=False, default=_written)


def loads(text: str) -> Any:
    """Read what `dumps` wrote."""
    return json.loads(text, object_hook=_read)


def _written(value: object) -> dict[str, str]:
    if isinstance(value, datetime):
        return {_DATE: value.isoformat()}
    raise TypeError(f"no JSON for {value!r}")


def _read(table: dict[str, Any]) -> Any:
    if set(table) == {_DATE}:
        return datetime.fromisoformat(table[_DATE])
    return table
