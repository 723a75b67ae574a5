"""Passages that several commands write in the same words."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sim.cli.dates import shown
from sim.cli.screen import DIM, PLAIN, Screen
from sim.written import unforced

if TYPE_CHECKING:
    from sim import Scenario

__all__ = ["files_written", "forceless", "values_in_place"]


def values_in_place(scenario: Scenario, screen: Screen) -> list[str]:
    """Tell the values that were put in place, and what stood there before."""
    lines = []
    for path, value in scenario.overrides.items():
        before = f"({shown(scenario.replaced[path])} before)"
        lines += screen.flow("", "  ", (f"With {path} = {shown(value)}", PLAIN), (before, DIM))
    return lines


def forceless(scenario: Scenario, screen: Screen) -> list[str]:
    """Name the actors that no row of force can be about."""
    never = ", ".join(unforced(scenario).values())
    if not never:
        return []
    return screen.flow("", "  ", (f"No move of force to choose from: {never}.", DIM))


def files_written(folder: Path, files: str, screen: Screen) -> list[str]:
    """Say which files were written, and where."""
    return ["", f"Written: {folder}", *screen.flow("  ", "  ", (files, DIM))]
