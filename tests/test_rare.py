"""Rare ends from the public face: what is estimated, from where, and how it pairs."""

import json

import numpy as np
import pytest

import sim
from sim.errors import InputError

FEW = 1_000


@pytest.fixture(scope="module")
def war():
    return sim.rare("after-the-strike", replicates=FEW)


def test_it_agrees_with_an_ensemble_and_is_surer(war):
    seen = sim.ensemble("after-the-strike", 10_000).probability("open_war")
    assert war.low < seen.high
    assert seen.low < war.high
    assert war.high - war.low < (seen.high - seen.low) / 2
    assert war.equivalent > 50 * FEW


def test_the_same_input_gives_the_same_text(war):
    again = sim.rare("after-the-strike", replicates=FEW, threads=1)
    assert again.to_json() == war.to_json()
    assert json.loads(war.to_json())["replicates"] == FEW == len(war)
    other = sim.rare("after-the-strike", replicates=FEW, seed=2)
    assert other.to_json() != war.to_json()


@pytest.fixture(scope="module")
def fork():
    return sim.run("eighty-dead", seed=7).at(2.0)


def agree(fork, outcome: str) -> float:
    """Estimate both ways; return the probability."""
    found = sim.rare(fork, outcome, replicates=FEW, seed=3)
    seen = fork.ensemble(4_000, seed=3).probability(outcome)
    half = np.hypot((found.high - found.low) / 2, (seen.high - seen.low) / 2)
    assert abs(found.mean - seen.mean) < 2 * half
    return found.mean


def test_a_fork_is_where_it_starts(fork):
    chances = [agree(fork, "iran_force_4d")]
    struck = fork.force("us", "major_strike", "iran", now=True)
    chances.append(agree(struck, "iran_force_4d"))
    spoken = fork.force("iran", "conciliate", "us")
    chances.append(agree(spoken, "iran_force_4d"))
    assert chances[1] > 1.2 * chances[0]
    assert chances[2] < 0.9 * chances[0]


def test_what_is_forced_at_once_is_certain(fork):
    forced = fork.force("us", "open_war", "iran", now=True)
    found = sim.rare(forced, replicates=50)
    assert found.mean == 1.0
    assert sim.rare(forced, "iran_force", replicates=50).mean < 0.2
    strike = fork.force("us", "limited_strike", "iran", now=True)
    assert sim.rare(strike, "us_force", replicates=50).mean == 1.0


def test_a_crisis_that_is_over_reaches_nothing_more():
    history = next(h for h in (sim.run("eighty-dead", seed=s) for s in range(200)) if h.days < 30)
    over = sim.rare(history.at(history.days), "rung_9", replicates=50)
    assert over.mean == 0.0


def test_a_small_change_is_told_from_few_replicates(war):
    scenario = sim.load("after-the-strike").with_("strike.dead", 1)
    other = sim.rare(scenario, replicates=FEW)
    pair = war.compare(other)
    assert pair.estimate.low > 0
    assert pair.estimate.mean == pytest.approx(other.mean - war.mean)
    assert pair.variance_ratio > 1.2


CHANGES = {
    "precision.us": 0.84,
    "base.us.limited_strike": -6.0,
    "injects.mediator.on": True,
    "rules.iran.promised.moves.proxy_strike": 1.05,
}


def test_one_plan_for_both_makes_pairs_differ_less(war):
    gain = []
    for change in CHANGES.items():
        scenario = sim.load("after-the-strike").with_(*change)
        alone = sim.rare(scenario, replicates=FEW)
        paired = sim.rare(scenario, replicates=FEW, like=war)
        assert paired.plan.worth.tobytes() == war.plan.worth.tobytes() != alone.plan.worth.tobytes()
        assert paired.plan.decisions == alone.plan.decisions
        half = (paired.high - paired.low + alone.high - alone.low) / 2
        assert abs(paired.mean - alone.mean) < half
        spread = [np.var(found.account - war.account) for found in (alone, paired)]
        gain.append(spread[0] / spread[1])
    assert np.exp(np.mean(np.log(gain))) > 1.2


def test_where_chances_are_far_apart_each_keeps_its_plan(war):
    for value in (-9.0, -1.0):
        scenario = sim.load("after-the-strike").with_(
            {"base.us.open_war": value, "base.iran.open_war": value}
        )
        alone = sim.rare(scenario, replicates=50)
        like = sim.rare("after-the-strike", replicates=50)
        assert not 0.5 < alone.plan.chance / like.plan.chance < 2
        assert sim.rare(scenario, replicates=50, like=like).to_dict()["mean"] == alone.mean


def test_only_what_shares_its_luck_pairs(war, fork):
    for other in (
        sim.rare("after-the-strike", replicates=FEW, seed=2),
        sim.rare("after-the-strike", replicates=50),
        sim.rare("after-the-strike", "rung_9", replicates=FEW),
        sim.rare(fork, replicates=FEW),
    ):
        with pytest.raises(InputError, match="pair only with"):
            war.compare(other)
        with pytest.raises(InputError, match="pair only with"):
            sim.rare("after-the-strike", replicates=FEW, like=other)


def test_what_is_no_estimate_pairs_with_none(war):
    seen = sim.ensemble("after-the-strike", 10)
    for other in (seen, war.mean, "war"):
        with pytest.raises(InputError, match=r"as sim\.rare returns it") as refused:
            war.compare(other)
        assert refused.value.key == "compare"
        with pytest.raises(InputError, match=r"as sim\.rare returns it") as refused:
            sim.rare("after-the-strike", replicates=FEW, like=other)
        assert refused.value.key == "like"


def test_estimates_stand_in_sets_each_for_itself(war):
    again = sim.rare("after-the-strike", replicates=FEW)
    assert again.account.tobytes() == war.account.tobytes()
    assert war in {war}
    assert war not in {again}


def test_what_is_out_of_range_is_refused():
    with pytest.raises(InputError, match="no sample"):
        sim.rare("after-the-strike", replicates=1)
    with pytest.raises(InputError, match="no whole number"):
        sim.rare("after-the-strike", replicates=10.5)
    with pytest.raises(InputError, match="did you mean"):
        sim.rare("after-the-strike", "us_forc")


def test_what_an_inject_sets_is_honoured_and_the_ladder_stays():
    from sim.engines.assemble import assemble
    from sim.engines.goals import goal_of
    from sim.kernel import layout as at

    scenario = sim.load("after-the-strike")
    some = next(inject.id for inject in scenario.injects if inject.set)
    changed = scenario.with_(f"injects.{some}.on", True)
    found = sim.rare(changed, replicates=FEW)
    seen = sim.ensemble(changed, 10_000).probability("open_war")
    assert found.low < seen.high
    assert seen.low < found.high
    assembly = assemble(changed)
    assembly.phases[-1].move[0, at.MOVE_WAR] = 1.0
    with pytest.raises(InputError, match="must stay so"):
        goal_of(assembly, "open_war")
