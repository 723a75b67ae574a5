"""What anybody can check: closed forms, monotonicities and symmetries of the whole model."""

import math
from itertools import pairwise

import numpy as np
import pytest
from scipy import stats

import sim
from sim.analysis import intervals
from sim.engines.assemble import assemble
from sim.engines.moves import play_moves

NOTHING: dict[str, float] = {}
SIZE = 20_000


def agrees(successes: int, n: int, p: float, alpha: float) -> bool:
    return stats.binomtest(successes, n, min(max(p, 0.0), 1.0)).pvalue >= alpha


# --- known answers: a chain of two states -----------------------------------------------------

RATE, LOGIT, DAYS = 0.5, -1.5, 6.0
CHOSEN = math.exp(LOGIT) / (1 + math.exp(LOGIT))


@pytest.fixture(scope="module")
def chain(pair):
    """Ann decides at a constant rate between holding and war; Bob does nothing."""
    scenario = pair({"ann": {"open_war": LOGIT}, "bob": NOTHING}, tempo__ann=RATE)
    return sim.ensemble(scenario.with_("horizon_days", 365.0), SIZE, seed=3).outcomes


def test_absorption_comes_with_the_probability_of_theory(chain, alpha):
    at_war = int((chain.day <= DAYS).sum())
    assert agrees(at_war, SIZE, 1 - math.exp(-RATE * CHOSEN * DAYS), alpha)


@pytest.mark.parametrize(
    "wrong",
    [
        1 - math.exp(-RATE * DAYS),  # every decision is for war
        CHOSEN * (1 - math.exp(-RATE * DAYS)),  # there is one decision at most
        1 - math.exp(-RATE * math.exp(LOGIT) * DAYS),  # odds for a probability
        1 - (1 - CHOSEN) ** (RATE * DAYS),  # decisions at fixed dates
    ],
)
def test_a_wrong_formula_is_rejected(chain, alpha, wrong):
    assert not agrees(int((chain.day <= DAYS).sum()), SIZE, wrong, alpha)


def test_the_time_to_absorption_has_the_mean_and_law_of_theory(chain, alpha):
    mean = 1 / (RATE * CHOSEN)
    found = intervals.mean(chain.day, 1 - alpha)
    assert found.low <= mean <= found.high
    assert stats.kstest(chain.day, "expon", args=(0, mean)).pvalue >= alpha
    assert stats.kstest(chain.day, "expon", args=(0, 1 / RATE)).pvalue < alpha


# --- no rules, no repetition: base rates ------------------------------------------------------

LOGITS = {"protest": -0.5, "display": -1.0}


def chosen(scenario, replicates=1_000, seed=5) -> np.ndarray:
    """How often Ann took each option: hold, protest, display."""
    assembly = assemble(scenario)
    moves = play_moves(assembly, replicates, seed)
    taken = sim.ensemble(scenario, replicates, seed=seed).outcomes.decisions.sum()
    made = [int((moves.move == assembly.moves.index(move)).sum()) for move in LOGITS]
    return np.array([taken - sum(made), *made])


def test_without_rules_choices_follow_the_base_propensities(pair, alpha):
    scenario = pair({"ann": LOGITS, "bob": NOTHING}, repetition__brake=0.0, tempo__bob=1e-6)
    counts = chosen(scenario)
    assert counts.sum() > 10_000
    odds = np.exp([0.0, *LOGITS.values()])
    assert stats.chisquare(counts, counts.sum() * odds / odds.sum()).pvalue >= alpha
    assert stats.chisquare(counts).pvalue < alpha


def test_precision_sharpens_choices(pair, alpha):
    scenario = pair({"ann": LOGITS, "bob": NOTHING}, repetition__brake=0.0, tempo__bob=1e-6)
    # Not down to 0, where it would also take what is switched off.
    by_precision = [
        chosen(scenario.with_("precision.ann", precision)) for precision in (0.25, 1.0, 2.0, 8.0)
    ]
    shares = [counts / counts.sum() for counts in by_precision]
    for blunt, sharp in pairwise(shares):
        assert sharp[0] > blunt[0]
        assert stats.entropy(sharp) < stats.entropy(blunt)
    assert shares[-1][0] > 0.95


# --- monotonicities ---------------------------------------------------------------------------


def test_a_longer_horizon_never_lowers_the_chance_of_war():
    scenario = sim.load("eighty-dead")
    ends = [
        sim.ensemble(scenario.with_("horizon_days", days), 3_000, seed=2)
        for days in (5.0, 10.0, 20.0, 30.0, 60.0)
    ]
    wars = [ensemble.counted.values("open_war") for ensemble in ends]
    assert wars[0].sum() > 0
    for (short, before), (long, after) in pairwise(zip(ends, wars, strict=True)):
        assert not (before & ~after).any()
        assert (short.outcomes.day[before] == long.outcomes.day[before]).all()
    assert wars[-1].sum() > wars[0].sum()


def test_more_us_dead_never_lower_the_chance_of_a_reply(alpha):
    scenario = sim.load("after-the-strike")
    ensembles = [
        sim.ensemble(scenario.with_("strike.dead", dead), 4_000, seed=4)
        for dead in (0, 1, 2, 5, 10, 20, 40, 80, 400)
    ]
    replied = [ensemble.counted.values("us_force_7d") for ensemble in ensembles]
    steps = [intervals.difference(*step, level=1 - alpha).estimate for step in pairwise(replied)]
    assert min(step.high for step in steps) >= 0.0
    # The rules' ramp ends at eighty.
    assert min(step.low for step in steps[:-1]) > 0.0
    assert intervals.difference(replied[3], replied[0], 1 - alpha).estimate.high < 0.0


# --- symmetry ---------------------------------------------------------------------------------


def first_blows(scenario) -> tuple[int, int]:
    first = sim.ensemble(scenario, SIZE, seed=6).outcomes.first_force
    return int((first[:, 0] < first[:, 1]).sum()), int((first[:, 1] < first[:, 0]).sum())


def test_two_identical_actors_are_exchangeable(pair, alpha):
    ann, bob = first_blows(pair())
    assert ann + bob > SIZE / 2
    assert agrees(ann, ann + bob, 0.5, alpha)


def test_two_that_differ_are_told_apart(pair, alpha):
    ann, bob = first_blows(pair(base__ann__limited_strike=-2.8))
    assert not agrees(ann, ann + bob, 0.5, alpha)


def test_identical_actors_lose_as_many(pair, alpha):
    dead = sim.ensemble(pair(), SIZE, seed=7).outcomes.dead
    assert dead.sum() > SIZE
    gap = intervals.mean((dead[:, 0] - dead[:, 1]).astype(float), 1 - alpha)
    assert gap.low <= 0.0 <= gap.high
