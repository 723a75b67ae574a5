"""A crisis larger than the kernel's records is refused in a line; what fits is in bounds."""

import os
import subprocess
import sys

import pytest

from sim import InputError
from sim.crisis.record import Map
from sim.engines.assemble import assemble
from sim.kernel import layout as at


def grown(scenario, table, most):
    """Repeat entries of a crisis past a limit, ids made up."""
    parts = getattr(scenario.crisis, table)
    more = tuple(
        parts[k % len(parts)].model_copy(update={"id": f"{parts[k % len(parts)].id}-{k}"})
        for k in range(most + 1)
    )
    return scenario.model_copy(
        update={"crisis": scenario.crisis.model_copy(update={table: (*parts, *more)})}
    )


@pytest.mark.parametrize(
    "table, most", [("places", at.MAX_PLACES), ("rules", at.MAX_RULES), ("moves", at.MAX_MOVES)]
)
def test_too_much_is_refused_in_a_line(scenarios, table, most):
    assemble(scenarios["raid"])
    with pytest.raises(InputError) as caught:
        assemble(grown(scenarios["raid"], table, most))
    assert f"at most {most}" in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("table, most", [("opening", at.MAX_OPENING), ("injects", at.MAX_INJECTS)])
def test_too_many_events_are_refused_in_a_line(scenarios, table, most):
    event = getattr(scenarios["raid"], table)[0]
    many = scenarios["raid"].model_copy(update={table: (event,) * most})
    assemble(many)
    with pytest.raises(InputError) as caught:
        assemble(scenarios["raid"].model_copy(update={table: (event,) * (most + 1)}))
    assert f"at most {most}" in str(caught.value)


def test_too_many_effects_are_refused_in_a_line(scenarios):
    inject = scenarios["raid"].injects[0]
    many = inject.model_copy(update={"on": True, "effects": inject.effects * at.MAX_EFFECTS})
    with pytest.raises(InputError) as caught:
        assemble(scenarios["raid"].model_copy(update={"injects": (many,)}))
    assert f"at most {at.MAX_EFFECTS}" in str(caught.value)


def test_too_many_weights_are_refused_in_a_line(scenarios):
    rules = scenarios["after-the-strike"].crisis.rules
    rule = next(r for r in rules if r.actor == "us" and r.toward == "iran" and r.against is None)
    wide = [move.id for move in scenarios["after-the-strike"].crisis.moves]
    rule = rule.model_copy(update={"moves": Map(dict.fromkeys(wide, 1.0))})
    crisis = scenarios["after-the-strike"].crisis.model_copy(update={"rules": (rule,) * 500})
    with pytest.raises(InputError) as caught:
        assemble(scenarios["after-the-strike"].model_copy(update={"crisis": crisis}))
    assert f"at most {at.MAX_TERMS}" in str(caught.value)


FUZZ = """
import sys
import numpy as np
from pathlib import Path
from sim import load, run
from sim.crisis import bundled
from sim.engines.model import CrisisModel
from sim.kernel import choice
data = Path(sys.argv[1])
done = 0
for name in [*bundled(), str(data / "raid.toml"), str(data / "ten-dead.toml")]:
    scenario = load(name)
    if scenario.injects:
        scenario = scenario.with_({f"injects.{inject.id}.on": True for inject in scenario.injects})
    for seed in range(200):
        luck = np.random.default_rng(seed)
        # Half of them as they come, half with options at random.
        wild = {} if seed % 2 else {
            actor.id: lambda view: view.options[luck.integers(len(view.options))]
            for actor in scenario.crisis.actors
        }
        run(scenario, seed, decide=wild)
        done += 1
model = CrisisModel("after-the-strike", 1)
model.assembly.params.term_rule[:] = 10**6
try:
    choice.weigh(model.assembly.params, model.state, model._work, 0)
except IndexError:
    print(done, "histories in bounds")
"""


@pytest.mark.slow
def test_nothing_is_read_or_written_out_of_bounds(repository, tmp_path):
    """Compiled with bounds checked; the last index is wrong on purpose and must be found."""
    environment = {**os.environ, "NUMBA_BOUNDSCHECK": "1", "NUMBA_CACHE_DIR": str(tmp_path)}
    command = [sys.executable, "-W", "ignore", "-c", FUZZ, str(repository / "tests" / "data")]
    done = subprocess.run(
        command, cwd=repository, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]
    assert "histories in bounds" in done.stdout
