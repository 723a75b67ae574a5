"""What every record is made of: the frozen base, an immutable mapping, and number types."""

from __future__ import annotations

from collections.abc import Callable, ItemsView, Iterator, KeysView, Mapping, ValuesView
from typing import Annotated, Any, NoReturn, TypeVar, get_args

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, GetCoreSchemaHandler
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from sim.crisis.texts import LINE, TEXT
from sim.errors import FrozenError

K = TypeVar("K")
V = TypeVar("V")


class Map(Mapping[K, V]):
    """An immutable mapping: compares with any mapping, hashes, pickles, keeps its order.

    Examples
    --------
    >>> Map({"us": 1.0}) == {"us": 1.0}
    True
    """

    __slots__ = ("_items",)
    _items: dict[K, V]

    def __init__(self, items: Mapping[K, V] | None = None) -> None:
        object.__setattr__(self, "_items", dict(items or {}))

    def __getitem__(self, key: K) -> V:
        return self._items[key]

    def __iter__(self) -> Iterator[K]:
        return iter(self._items)

    def __len__(self) -> int:
        return len(self._items)

    def __contains__(self, key: object) -> bool:
        return key in self._items

    # What a mapping would make of the methods above, at the speed of a dict.
    def keys(self) -> KeysView[K]:
        """Give the keys, in order."""
        return self._items.keys()

    def values(self) -> ValuesView[V]:
        """Give the values, in the order of the keys."""
        return self._items.values()

    def items(self) -> ItemsView[K, V]:
        """Give the keys with their values, in order."""
        return self._items.items()

    def __hash__(self) -> int:
        return hash(frozenset(self._items.items()))

    def __repr__(self) -> str:
        return repr(self._items)

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise FrozenError(f"a mapping of a scenario is frozen, {name} included: use with_()")

    def __setitem__(self, key: K, value: V) -> NoReturn:
        raise FrozenError(f"a mapping of a scenario is frozen, so {key!r} stays: use with_()")

    def __reduce__(self) -> tuple[object, ...]:
        return (type(self), (self._items,))

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        key, value = get_args(source) or (Any, Any)
        table = handler.generate_schema(dict[key, value])  # type: ignore[valid-type]
        return core_schema.no_info_after_validator_function(
            cls,
            table,
            serialization=core_schema.wrap_serializer_function_ser_schema(
                lambda value, inner: inner(dict(value)), schema=table
            ),
        )


class Record(BaseModel):
    """Base of every record: frozen, and strict about keys."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)

    def __setattr__(self, name: str, value: object) -> None:
        raise FrozenError(
            f"{type(self).__name__} is frozen, so {name} stays as it is: "
            "scenario.with_(path, value) makes a new scenario with another value"
        )

    def __delattr__(self, name: str) -> None:
        raise FrozenError(f"{type(self).__name__} is frozen, so {name} cannot be deleted")


def _whole(value: object) -> object:
    """Let an integral float pass for a whole number: designs compute their levels."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value


def one_of(names: tuple[str, ...], what: str) -> Callable[[object], str]:
    """Make a validator that accepts `names` alone and says so otherwise."""

    def check(value: object) -> str:
        if isinstance(value, str) and value in names:
            return value
        raise PydanticCustomError(
            "one_of", f"no such {what}: {{given}}", {"given": repr(value), "names": list(names)}
        )

    return check


Id = Annotated[str, Field(strict=True, pattern=r"^[a-z0-9]+([-_][a-z0-9]+)*$", max_length=60)]
Line = Annotated[str, Field(strict=True, pattern=LINE, max_length=400)]
Text = Annotated[str, Field(strict=True, min_length=1, pattern=TEXT)]
Flag = Annotated[bool, Field(strict=True)]
Name = Annotated[str, Field(strict=True, min_length=1)]
Finite = Annotated[float, Field(strict=True, allow_inf_nan=False)]
Logits = Annotated[float, Field(strict=True, allow_inf_nan=False, ge=-1000, le=1000)]
Amount = Annotated[float, Field(strict=True, allow_inf_nan=False, ge=0, le=1e6)]
Positive = Annotated[float, Field(strict=True, allow_inf_nan=False, gt=0, le=1e6)]
Probability = Annotated[float, Field(strict=True, allow_inf_nan=False, ge=0, le=1)]
Count = Annotated[int, BeforeValidator(_whole), Field(strict=True, ge=0, le=10_000_000)]
Names = tuple[Name, ...]
