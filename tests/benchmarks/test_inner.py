"""The C version of the inner loop gives the ensemble's outcomes, to the bit."""

from dataclasses import fields

import numpy as np
import pytest

from benchmarks import inner
from sim.crisis import bundled, load
from sim.engines.assemble import assemble
from sim.engines.ensemble import Outcomes, path_days, play_ensemble

pytestmark = pytest.mark.skipif(inner.compiler() is None, reason="no C compiler here")
REPLICATES = 2000


@pytest.fixture(scope="module")
def library():
    return inner.build()


def differing(a: Outcomes, b: Outcomes) -> list[str]:
    return [
        field.name
        for field in fields(Outcomes)
        if not np.array_equal(getattr(a, field.name), getattr(b, field.name))
    ]


@pytest.mark.parametrize("name", [*bundled(), "injects"])
def test_same_bits(library, name):
    scenario = load("after-the-strike" if name == "injects" else name)
    if name == "injects":
        scenario = scenario.with_({f"injects.{inject.id}.on": True for inject in scenario.injects})
    assembly = assemble(scenario)
    ours = play_ensemble(assembly, REPLICATES, 3, paths=True)
    theirs = library.play_ensemble(assembly, REPLICATES, 3, paths=path_days(assembly))
    assert ours.moves.sum() > REPLICATES
    assert differing(ours, theirs) == []


def test_another_seed_differs(library):
    assembly = assemble(load("after-the-strike"))
    ours = play_ensemble(assembly, 100, 3)
    theirs = library.play_ensemble(assembly, 100, 4)
    assert {"day", "moves", "decisions"} <= set(differing(ours, theirs))
