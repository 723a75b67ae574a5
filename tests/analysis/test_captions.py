"""Captions: which scenario, seed and digest come first, then what was changed, in few words."""

import pytest

from sim.analysis.captions import DIGITS, source, source_of_history
from sim.crisis import load


@pytest.fixture(scope="module")
def scenario(repository):
    return load(repository / "tests" / "data" / "raid.toml")


@pytest.mark.parametrize("n,said", [(1, "1 replicate of"), (2, "2 replicates of")])
def test_one_replicate_is_no_replicates(scenario, n, said):
    assert said in source(scenario, n, 3)


def test_few_changes_are_told_one_by_one_and_many_counted(scenario):
    assert "Changed" not in source_of_history(scenario, 1, 0)
    few = scenario.with_({"raid.dead": 3, "weights.all": 0.5})
    assert source_of_history(few, 4, 2, "The end.") == (
        f"Scenario raid, seed 4, replicate 2, digest {few.digest()[:DIGITS]}. "
        "Changed: raid.dead = 3, weights.all = 0.5. The end."
    )
    rules = [path for path in scenario.paths() if path.startswith("rules.")]
    many = scenario.with_({path: scenario.parameter(path) * 0.5 for path in rules})
    assert len(many.overrides) > 3
    assert source(many, 2000, 0) == (
        f"Scenario raid, 2,000 replicates of seed 0, digest {many.digest()[:DIGITS]}. "
        f"Changed: {len(many.overrides)} values."
    )
