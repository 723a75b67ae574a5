"""Other weights in a laid-out scenario are those of a scenario that says so."""

import numpy as np
import pytest

import sim
from sim.engines.assemble import assemble
from sim.engines.ensemble import play_block, play_ensemble
from sim.engines.reweighting import elicited_weights, reweighted

FIELDS = ("term_weight", "term_rule", "propensity", "world", "decay")


def test_reweighted_is_the_changed_scenario_to_the_bit():
    scenario = sim.load("eighty-dead")
    weights = elicited_weights(scenario, 1, seed=5)[0]
    paths = {f"rules.{rule}.moves.{move}": value for (rule, move), value in weights.items()}
    known, found = assemble(scenario.with_(paths)), reweighted(assemble(scenario), weights)
    for field in FIELDS:
        assert known.params[field].tobytes() == found.params[field].tobytes()
    one, other = (play_block(a, 50, 3, 10) for a in (known, found))
    assert one.day.tobytes() == other.day.tobytes()


def test_the_scenario_itself_is_left_as_it_is():
    assembly = assemble(sim.load("eighty-dead"))
    before = assembly.params.term_weight.copy()
    reweighted(assembly, elicited_weights(assembly.scenario, 1, seed=5)[0])
    assert (assembly.params.term_weight == before).all()


def test_weights_have_the_elicited_mean_and_spread():
    scenario = sim.load("after-the-strike")
    drawn = elicited_weights(scenario, 4_000, seed=1)
    rules = {rule.id: rule for rule in scenario.crisis.rules}
    z = np.array(
        [
            [(w[key] - rules[key[0]].moves[key[1]]) / rules[key[0]].sd for key in sorted(drawn[0])]
            for w in drawn
        ]
    )
    assert len(z[0]) == sum(len(rule.moves) for rule in rules.values() if rule.sd > 0) > 50
    # Five standard errors: one false alarm in some ten thousand seeds over all the weights.
    assert np.abs(z.mean(axis=0)).max() < 5 / np.sqrt(4_000)
    assert np.abs(z.std(axis=0) - 1.0).max() < 5 / np.sqrt(8_000)
    assert drawn[:3] == elicited_weights(scenario, 4_000, seed=1)[:3]


@pytest.mark.parametrize("first", [0, 7])
def test_a_block_from_an_origin_is_the_forks_ensemble(first):
    fork = sim.run("eighty-dead", 7).at(2.0).force("us", "display", "iran", now=True)
    assembly = fork.log.assembly
    block = play_block(assembly, 20, 3, first, fork.state)
    known = play_ensemble(assembly, 20, 3, first=first, origin=fork.state)
    assert block.dead.tobytes() == known.dead.tobytes()
