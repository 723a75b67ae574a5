"""What the manifest of a study must say for the rest of the study to be read."""

from __future__ import annotations

import json
from hashlib import sha256
from pathlib import Path
from typing import Annotated, Any

from pydantic import ConfigDict, Field

from sim.crisis.complaints import Where, validated
from sim.crisis.record import Map, Names, Positive, Record
from sim.errors import InputError

__all__ = ["check_inputs", "digest_of", "parsed_manifest"]

_KIND = "manifest"
Whole = Annotated[int, Field(strict=True, ge=1)]


class _Manifest(Record):
    model_config = ConfigDict(extra="ignore")

    digest: str
    inputs: Map[str, Any]
    study: str
    title: str
    status: str
    points: Whole
    parts: Whole
    asks: str = ""
    targets: tuple[Annotated[Names, Field(min_length=1)], ...]
    horizon_days: Positive
    versions: Map[str, str]
    machine: str
    failures: tuple[Map[str, Any], ...]


def parsed_manifest(raw: bytes, place: Path) -> dict[str, Any]:
    """Take a study's manifest apart.

    Raises
    ------
    InputError
        Where it is torn, or of something else; the line names the file.
    """
    try:
        found: Any = json.loads(raw)
    except (ValueError, RecursionError) as error:
        raise InputError(f"is torn or foreign: {error}", file=str(place)) from None
    said = "is no table" if not isinstance(found, dict) else None
    for key, field in _Manifest.model_fields.items():
        if said is None and field.is_required() and key not in found:
            said = f"says no {key}"
    if said:
        raise InputError(f"is no manifest of a study: it {said}", file=str(place))
    validated(_Manifest, found, _KIND, Where({_KIND: str(place)}))
    return dict(found)


def digest_of(inputs: dict[str, Any]) -> str:
    """Return the SHA-256 of all that decides what a study holds."""
    return sha256(repr(sorted(inputs.items(), key=lambda item: item[0])).encode()).hexdigest()


def check_inputs(found: dict[str, Any], place: Path) -> None:
    """Refuse a manifest whose inputs are not those that its digest was made of."""
    if digest_of(found["inputs"]) != found["digest"]:
        raise InputError("is torn: its inputs are not those of its digest", file=str(place))
