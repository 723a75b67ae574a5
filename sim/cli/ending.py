"""How a history ended and why, in lines."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from sim.cli.dates import Calendar
from sim.cli.screen import BOLD, PLAIN, Screen
from sim.written import ending

if TYPE_CHECKING:
    from sim import History

__all__ = ["ended"]


def ended(history: History, screen: Screen, calendar: Calendar) -> Iterator[str]:
    """Give the paragraph on the end: how, why, how high, how many dead."""
    told = ending(history.log, calendar)
    yield from screen.flow("", "", (told.headline, BOLD), (told.reason, PLAIN))
    yield from screen.flow("", "", (told.peak, PLAIN))
    yield from screen.flow("", "", (told.dead, PLAIN))
