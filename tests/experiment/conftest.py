from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sim.crisis import Scenario, load
from sim.crisis.experiment_reading import Experiment, made_experiment

DATA = Path(__file__).parent.parent / "data"


@pytest.fixture(scope="session")
def raid() -> Scenario:
    """The small crisis of two actors."""
    return load(DATA / "raid.toml")


@pytest.fixture(scope="session")
def make(raid) -> Callable[..., Experiment]:
    """Make an experiment over the small crisis, as small as may be unless told."""

    def experiment(factors: dict[str, Any], scenario: Scenario = raid, **fields: Any) -> Experiment:
        usual = {"design": "factorial", "streams": "common", "replicates": 20}
        return made_experiment(scenario, factors, "raids", **(usual | fields))

    return experiment
