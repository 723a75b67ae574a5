"""What stands around a picture in words: what is seen, what was asked, what it rests on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sim.analysis.dates import shown
from sim.crisis import Scenario

__all__ = ["Words", "changes", "forked", "source", "source_of_history"]

DIGITS = 8
#: Changes that are told one by one.
MOST_CHANGES = 3


@dataclass(frozen=True, slots=True)
class Words:
    """The words around a picture.

    Attributes
    ----------
    title : str
        What is seen, as a sentence.
    subtitle : str
        How to read it.
    caption : str
        What it rests on: scenario, replicates, seed, intervals.
    """

    title: str
    subtitle: str
    caption: str


def changes(scenario: Scenario) -> str:
    """Say what was changed in a scenario, or how much; empty where nothing was."""
    if len(scenario.overrides) > MOST_CHANGES:
        return f"{len(scenario.overrides):,} values"
    return ", ".join(f"{path} = {shown(value)}" for path, value in scenario.overrides.items())


def forked(day: float) -> str:
    """Say that all replicates go on from one history, where they start later than on day 0."""
    return f"All go on from one history on day {day:g}." if day else ""


def source(scenario: Scenario, replicates: int, seed: int, *notes: str) -> str:
    """Write the caption of a picture of many replicates.

    Parameters
    ----------
    scenario : Scenario
    replicates, seed : int
    *notes : str
        Sentences on the intervals and on what was left out; empty ones are passed over.

    Examples
    --------
    >>> from sim.crisis import load
    >>> source(load("eighty-dead"), 2000, 1)[:48]
    'Scenario eighty-dead, 2,000 replicates of seed 1'
    """
    many = f"{replicates:,} replicate{'s' if replicates != 1 else ''}"
    return _sentences(scenario, f"{many} of seed {seed}", notes)


def source_of_history(scenario: Scenario, seed: int, replicate: int, *notes: str) -> str:
    """Write the caption of a picture of one history."""
    return _sentences(scenario, f"seed {seed}, replicate {replicate}", notes)


def _sentences(scenario: Scenario, which: str, notes: Iterable[str]) -> str:
    # First what nobody could do without: a caption that is too long is cut off at its end.
    first = f"Scenario {scenario.name}, {which}, digest {scenario.digest()[:DIGITS]}."
    changed = f"Changed: {changes(scenario)}." if scenario.overrides else ""
    return " ".join([first, *(note for note in (changed, *notes) if note)])
