"""Advice read from the folder that it was saved in."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.crisis import Scenario
from sim.crisis.json_files import read_results

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["ADVICE_FILE", "SavedAdvice", "read_advice"]

ADVICE_FILE = "advice.json"


@dataclass(frozen=True)
class SavedAdvice:
    """What advice told; its futures are not kept.

    Attributes
    ----------
    scenario : Scenario
    told : dict
        As ``Advice.to_dict`` tells it.
    """

    scenario: Scenario
    told: dict[str, Any]

    def to_dict(self) -> dict[str, Any]:
        """Return what was told."""
        return self.told

    def plot(self, kind: str = "options", ax: Axes | None = None) -> Axes:
        """Draw one of its kinds of picture: options, or worlds where they were asked for."""
        from sim.drawing import plot

        return plot(self, kind, ax)


def read_advice(place: Path, scenario: Scenario) -> SavedAdvice:
    """Read what `Advice.save` wrote.

    Parameters
    ----------
    place : Path
        The file advice.json.
    scenario : Scenario
        What it is of, with the values that were put in its place.

    Raises
    ------
    InputError
        Where the file cannot be read, or is of another version of the scenario.
    """
    from sim.analysis.over_worlds import summarise_worlds
    from sim.analysis.standing import summarise_standing

    def made(told: dict[str, Any]) -> SavedAdvice:
        # What is damaged is found here.
        summarise_standing(told, scenario)
        if bool(told["worlds"]) != bool(told["over_worlds"]):
            raise ValueError
        if told["worlds"]:
            summarise_worlds(told, scenario)
        return SavedAdvice(scenario, told)

    return read_results(place, scenario.digest(), "advise", made)
