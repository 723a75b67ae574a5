"""Columns of a table whose rows have two lines, a number and its interval below."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from sim.written import apart

if TYPE_CHECKING:
    from sim import Estimate

__all__ = [
    "CELL",
    "NONE",
    "PAIR",
    "PICKED",
    "POINTS",
    "Column",
    "Filled",
    "parted",
    "star",
]

CELL, PAIR, PICKED = 14, 18, 7
NONE = "-"  # of what is not simulated
POINTS = "points"  # of percentage: what differences of shares are in


@dataclass(frozen=True)
class Column:
    """A column of a table.

    Attributes
    ----------
    head : str
    write : callable
        Gives the cell of a row, such as an option, and what stands below it.
    width : int
        So many characters, if there is room; fewer or more as the cells need.
    unit : str
        Stands below the head.
    """

    head: str
    write: Callable[[Any], tuple[str, str]]
    width: int
    unit: str = ""


@dataclass(frozen=True)
class Filled:
    """A column with its cells, all of one width.

    Attributes
    ----------
    heads : tuple of str
        Head and unit.
    cells : tuple of (str, str)
        The two lines of each row.
    width, least : int
        Characters, and how few would do.
    """

    heads: tuple[str, str]
    cells: tuple[tuple[str, str], ...]
    width: int
    least: int

    @classmethod
    def of(cls, column: Column, rows: Sequence[Any]) -> Filled:
        """Fill a column."""
        heads, cells = (column.head, column.unit), tuple(map(column.write, rows))
        least = 1 + max(len(text) for pair in (heads, *cells) for text in pair)
        return cls(heads, cells, max(column.width, least), least)


def parted(columns: list[Column], rows: Sequence[Any], room: int) -> list[list[Filled]]:
    """Fill columns, and part them into what fits beside one another in `room` characters."""
    filled = [Filled.of(column, rows) for column in columns]
    if sum(column.width for column in filled) > room >= sum(column.least for column in filled):
        return [[replace(column, width=column.least) for column in filled]]
    parts: list[list[Filled]] = []
    used = room
    for column in filled:
        used += column.width
        if used > room:
            parts.append([])
            used = column.width
        parts[-1].append(column)
    return parts


def star(pair: Estimate | None) -> str:
    """Mark what differs from holding."""
    return "*" if pair is not None and apart(pair) else " "
