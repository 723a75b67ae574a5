import dataclasses
from pathlib import Path

import pytest

from sim.crisis import bundled, load

DATA = Path(__file__).parent.parent / "data"


@pytest.fixture(scope="session")
def scenarios() -> dict:
    """The small crisis at the border and everything that is bundled, by name."""
    small = {name: load(DATA / f"{name}.toml") for name in ("raid", "ten-dead")}
    return small | {name: load(name) for name in bundled()}


@pytest.fixture(scope="session")
def everything(scenarios) -> dict:
    """The same, with all of their injects on."""
    return {
        name: scenario.with_({f"injects.{inject.id}.on": True for inject in scenario.injects})
        if scenario.injects
        else scenario
        for name, scenario in scenarios.items()
    }


@pytest.fixture(scope="session")
def told():
    """Tell what happened in a log, up to a day, in a form that compares to the bit."""

    def tell(log, until: float = float("inf"), inclusive: bool = False) -> list:
        events = [
            (event.day, dataclasses.astuple(event))
            for event in log.events
            if event.day < until or (inclusive and event.day == until)
        ]
        decisions = [
            (d.day, d.actor, d.option, d.utility.tobytes(), d.probability.tobytes())
            for d in log.decisions
            if d.day < until
        ]
        return [events, decisions]

    return tell
