"""Turning what is wrong with a file into one line that says where and what to do."""

from __future__ import annotations

import types
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Annotated, Any, Literal, TypeVar, Union, get_args, get_origin

import annotated_types
from pydantic import BaseModel, RootModel, ValidationError
from pydantic_core import ErrorDetails

from sim.crisis.texts import LINE, unprintable
from sim.errors import InputError, listed, nearest_name

__all__ = ["Key", "Where", "dotted", "validated"]

Key = tuple[str | int, ...]
M = TypeVar("M", bound=BaseModel)

EXPECTED = {
    "float_type": "a number",
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "string_type": "a text",
    "bool_type": "true or false",
    "datetime_type": "a date and time such as 2020-01-08T06:00:00",
    "tuple_type": "a list",
    "dict_type": "a table",
    "mapping_type": "a table",
    "model_type": "a table",
    "model_attributes_type": "a table",
    "finite_number": "a finite number",
}
BOUND = {
    "greater_than": ("too small", "more than {gt}"),
    "greater_than_equal": ("too small", "at least {ge}"),
    "less_than": ("too large", "less than {lt}"),
    "less_than_equal": ("too large", "at most {le}"),
}
PATTERNS = {
    r"^[a-z0-9_-]+\.[a-z0-9._-]+$": ("not the id of a rule", "actor, dot, short-name"),
    r"^[A-Za-z][A-Za-z0-9]{0,7}$": ("not the id of a pattern", "letters and digits, such as P1a"),
    r"^\d{2,4}$": ("not a CAMEO code", "two to four digits, such as 190"),
    LINE: ("not a line of text", "one line without a tab that starts with no space"),
}


def dotted(loc: Iterable[str | int]) -> str:
    """Write a location as a key path: ``rules[3].because[0]``."""
    path = ""
    for part in loc:
        if isinstance(part, int):
            path += f"[{part}]"
        else:
            plain = part.replace("-", "").replace("_", "").isalnum()
            path += ("." if path else "") + (part if plain else f'"{part}"')
    return path


@dataclass
class Where:
    """Which file each part of a scenario came from, so that an error can name it."""

    files: dict[str, str] = field(default_factory=dict)
    items: dict[tuple[str, int], tuple[str, int]] = field(default_factory=dict)

    def error(
        self,
        kind: str,
        loc: Key,
        problem: str,
        *,
        allowed: str | None = None,
        name: object = None,
        names: Iterable[str] | None = None,
    ) -> InputError:
        """Make the error for a location; `names` are what `name` could have been."""
        file = self.files.get(kind, f"{kind}.toml")
        if kind == "scenario" and len(loc) > 1 and isinstance(loc[1], int):
            file, index = self.items.get((str(loc[0]), loc[1]), (file, loc[1]))
            loc = (loc[0], index, *loc[2:])
        nearest = None
        if names is not None:
            known = list(names)
            allowed = listed(known)
            nearest = nearest_name(name, known)
        return InputError(problem, file=file, key=dotted(loc), allowed=allowed, nearest=nearest)


def validated(model: type[M], content: object, kind: str, where: Where) -> M:
    """Validate the content of a file, and raise the most telling error in one line."""
    if fault := unprintable(content):
        raise where.error(kind, *fault, allowed="text that can be printed")
    try:
        return model.model_validate(content)
    except ValidationError as error:
        # A default that was not computed is no mistake of the file's.
        found = [
            e for e in error.errors(include_url=False) if e["type"] != "default_factory_not_called"
        ]
        # A misspelt key is both unknown and missing: the unknown one says more.
        first = next((e for e in found if e["type"] == "extra_forbidden"), found[0])
        told = _told(model, first, kind, where)
        if len(found) > 1:
            told.problem += f" (and {len(found) - 1} more)"
        raise told from None


def _told(model: type[BaseModel], error: ErrorDetails, kind: str, where: Where) -> InputError:
    loc = tuple(part for part in error["loc"] if part != "[key]")
    what, value, context = error["type"], error["input"], error.get("ctx", {})
    problem, allowed = f"is wrong: {error['msg']}", None
    name, names = None, None
    if what == "extra_forbidden":
        problem, name, names = "unknown key", loc[-1], _keys(model, loc[:-1])
    elif what == "missing":
        problem, allowed = "is missing", ", ".join(_choices(model, loc)) or None
    elif what in EXPECTED:
        problem, allowed = f"must be {EXPECTED[what]}, is {_quoted(value)}", _range(model, loc)
    elif what in BOUND:
        size, bound = BOUND[what]
        problem = f"{_quoted(value)} is {size}"
        allowed = _range(model, loc) or bound.format(**context)
    elif what == "literal_error":
        choices = _choices(model, loc)
        problem, name, names = f"must be one of a few words, is {_quoted(value)}", value, choices
    elif what == "one_of":
        problem, name, names = error["msg"], value, context["names"]
    elif what in ("too_short", "string_too_short"):
        problem = "must not be empty"
    elif what in ("too_long", "string_too_long"):
        problem, allowed = "is too long", f"at most {context.get('max_length')} characters"
    elif what == "string_pattern_mismatch":
        default = ("not a valid id", "lower-case letters and digits, joined by - or _")
        size, allowed = PATTERNS.get(context["pattern"], default)
        problem = f"{_quoted(value)} is {size}"
    elif "allowed" in context:
        problem, allowed = error["msg"], context["allowed"]
    return where.error(kind, loc, problem, allowed=allowed, name=name, names=names)


def _quoted(value: object) -> str:
    if isinstance(value, Mapping):
        return "a table"
    if isinstance(value, Sequence) and not isinstance(value, str):
        return "a list"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if value is None:
        return "absent"
    try:
        text = repr(value)
    except ValueError:
        return "a number of too many digits"
    return text if len(text) <= 50 else text[:46] + "..." + text[0] * isinstance(value, str)


def _walk(model: object, loc: Key) -> object:
    """Follow a location through the annotations of a model."""
    node: object = model
    for part in loc:
        node = _bare(node)
        if isinstance(node, type) and issubclass(node, RootModel):
            node = _bare(node.model_fields["root"].annotation)
        if isinstance(node, type) and issubclass(node, BaseModel):
            info = node.model_fields.get(str(part))
            if info is None:
                return None
            node = (
                Annotated[(info.annotation, *info.metadata)] if info.metadata else info.annotation
            )
        elif args := get_args(node):
            node = args[0] if isinstance(part, int) else args[-1]
        else:
            return None
    return node


def _bare(node: object) -> object:
    """Strip Annotated and the None of an optional."""
    while True:
        if get_origin(node) is Annotated:
            node = get_args(node)[0]
        elif get_origin(node) in (Union, types.UnionType):
            node = next(a for a in get_args(node) if a is not type(None))
        else:
            return node


def _keys(model: object, loc: Key) -> list[str]:
    node = _bare(_walk(model, loc))
    if isinstance(node, type) and issubclass(node, BaseModel):
        return list(node.model_fields)
    return []


def _choices(model: object, loc: Key) -> list[str]:
    node = _bare(_walk(model, loc))
    return [str(a) for a in get_args(node)] if get_origin(node) is Literal else []


def _range(model: object, loc: Key) -> str | None:
    """Tell the bounds of a number from its annotation."""
    marks = list(_marks(_walk(model, loc)))
    low = [f"at least {_exact(m.ge)}" for m in marks if isinstance(m, annotated_types.Ge)]
    low += [f"more than {_exact(m.gt)}" for m in marks if isinstance(m, annotated_types.Gt)]
    high = [f"at most {_exact(m.le)}" for m in marks if isinstance(m, annotated_types.Le)]
    high += [f"less than {_exact(m.lt)}" for m in marks if isinstance(m, annotated_types.Lt)]
    return " and ".join(low[-1:] + high[-1:]) or None


def _exact(bound: Any) -> str:
    return str(bound) if isinstance(bound, int) else f"{bound:.12g}"


def _marks(node: object) -> Iterable[object]:
    if get_origin(node) is Annotated:
        inner, *marks = get_args(node)
        yield from _marks(inner)
        for mark in marks:
            yield from getattr(mark, "metadata", [mark])
    elif get_origin(node) in (Union, types.UnionType):
        for arm in get_args(node):
            yield from _marks(arm)
