"""Reading JSON files that a command wrote, with every way in which that fails told in one line."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from sim.crisis.complaints import dotted
from sim.crisis.texts import unprintable
from sim.errors import InputError

__all__ = ["parsed_json", "read_json", "read_results"]

Made = TypeVar("Made")


def read_json(path: Path) -> dict[str, Any]:
    """Read a JSON file that holds a table.

    Parameters
    ----------
    path : Path

    Returns
    -------
    dict
        Its content, unchecked.

    Raises
    ------
    InputError
        Where the file is missing, unreadable, no JSON, no table, or holds text that cannot be
        printed.
    """
    try:
        raw = path.read_bytes()
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise InputError(f"cannot be read: {reason}", file=str(path)) from None
    return parsed_json(raw, str(path))


def parsed_json(
    raw: bytes | str, file: str, hook: Callable[[dict[str, Any]], Any] | None = None
) -> dict[str, Any]:
    """Take the JSON of a file apart, and refuse what is no table of printable texts.

    Parameters
    ----------
    raw : bytes or str
    file : str
        As an error names it.
    hook : callable, optional
        Given each table, returns what stands in its place.
    """
    try:
        found = json.loads(raw, object_hook=hook)
    except (ValueError, TypeError, RecursionError):
        raise InputError("is torn or foreign: it is no JSON", file=file) from None
    if not isinstance(found, dict):
        raise InputError("is foreign: it is no table", file=file)
    if fault := unprintable(found):
        raise InputError(fault[1], file=file, key=dotted(fault[0]))
    return found


def read_results(
    path: Path, digest: str, command: str, make: Callable[[dict[str, Any]], Made]
) -> Made:
    """Read what a command found of a scenario.

    Parameters
    ----------
    path : Path
    digest : str
        Of the scenario that it must be of.
    command : str
        That writes such files, as an error names it.
    make : callable
        Given the table, returns what it stands for; fails where the table is damaged.

    Raises
    ------
    InputError
        Where the file cannot be read, is of another version of the scenario, or is damaged.
    """
    told = read_json(path)
    try:
        if told["digest"] != digest:
            raise InputError("is of another version of the scenario", file=str(path))
        return make(told)
    except (ValueError, TypeError, LookupError, AttributeError, StopIteration):
        raise InputError(f"is not what `escalation {command}` writes", file=str(path)) from None
