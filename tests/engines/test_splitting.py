"""Trees are unbiased whatever the plan, against closed forms and against plain histories.

The closed form is that of a duel stripped of everything that weighs or hurries: both sides decide
at a constant rate and choose with constant probabilities, so that moves are Poisson processes.
With m the mean number of moves to open war, and a and b those of major strikes of the two sides,

    P(open war) = 1 - exp(-m) (1 - (1 - exp(-a) (1 + a)) (1 - exp(-b) (1 + b)))

as war also comes once both have made two major strikes.
"""

import math
from pathlib import Path

import numpy as np
import pytest
from scipy import stats

from sim.analysis import rare
from sim.crisis import load
from sim.engines.assemble import assemble
from sim.engines.ensemble import play_ensemble
from sim.engines.goals import goal_names, goal_of
from sim.engines.measures import Measures
from sim.engines.splitting import PILOT, PILOT_REPLICATES, Plan, grow_trees, plan_trees
from sim.errors import InputError
from sim.kernel import layout as at
from sim.kernel.goals import N_RANKS
from sim.sizes import FEW_TREES

DUEL = Path(__file__).parent.parent / "kernel" / "plain.toml"
ALPHA = 0.01 / 20  # of each statistical assertion
AT_LEAST = 0.92  # of intervals that are said to hold in 95 % of cases


def flat(war: float, major: float):
    """The duel with constant chances, and its probabilities of war: in all, and by strikes."""
    base = {f"base.{actor}.open_war": war for actor in ("ann", "bob")}
    base |= {f"base.{actor}.major_strike": major for actor in ("ann", "bob")}
    assembly = assemble(load(DUEL).with_(base))
    params = assembly.params
    params.term_weight[:] = 0.0
    params.actor[:, [at.ACTOR_URGENCY, at.ACTOR_ATTENTION]] = 0.0
    params.world[[at.WORLD_BRAKE, at.WORLD_PROMPT]] = 0.0
    params.world[[at.WORLD_WAR_DAYS, at.WORLD_QUIET_DAYS]] = 1000.0
    decisions = params.actor[0, at.ACTOR_TEMPO] * params.world[at.WORLD_HORIZON]
    wars, both = 0.0, 1.0
    for i in range(2):
        weights = np.exp(params.propensity[i, : params.n_options[i]])
        moves = params.move[params.option[i, : params.n_options[i], 0]]
        wars += decisions * weights[moves[:, at.MOVE_WAR] > 0].sum() / weights.sum()
        strikes = decisions * weights[moves[:, at.MOVE_MAJOR] > 0].sum() / weights.sum()
        both *= 1 - math.exp(-strikes) * (1 + strikes)
    return assembly, -math.expm1(-wars + math.log1p(-both)), both


def score(account: np.ndarray, truth: float) -> float:
    """The p-value of a mean."""
    error = account.std(ddof=1) / math.sqrt(len(account))
    return float(2 * stats.norm.sf(abs(account.mean() - truth) / error))


@pytest.mark.parametrize(
    "war, major, least, most",
    [(-6.0, -3.0, 3e-2, 2e-1), (-40.0, -4.5, 3e-5, 3e-4), (-40.0, -6.0, 1e-7, 1e-6)],
)
def test_the_closed_form_is_met_however_rare(war, major, least, most):
    assembly, truth, _ = flat(war, major)
    assert least < truth < most
    goal = goal_of(assembly, "open_war")
    trees = grow_trees(assembly, goal, 1_500, 3, plan_trees(assembly, goal, 3))
    assert score(trees.account, truth) > ALPHA
    # The negative control: a formula that is off by a factor of two.
    assert score(trees.account, 2.0 * truth) < ALPHA
    # Of plain histories, ten times as many would do no better, and the rarer, the worse.
    assert trees.account.std() / truth < min(4.0, 0.3 / math.sqrt(truth))


PLANS = {
    "plain": Plan.plain(),
    "split": Plan(np.maximum(1.0, np.linspace(-10.0, 20.0, N_RANKS))),
    "forced": Plan(np.ones(N_RANKS), force=0.04),
    "both": Plan(np.geomspace(1.0, 30.0, N_RANKS), force=0.02),
    "mad": Plan(np.random.default_rng(0).uniform(0.0, 6.0, N_RANKS), force=0.01),
}


@pytest.mark.parametrize("plan", PLANS.values(), ids=PLANS)
def test_no_plan_biases_the_estimate(plan):
    assembly, truth, _ = flat(-9.0, -2.0)
    trees = grow_trees(assembly, goal_of(assembly, "open_war"), 1_000, 8, plan)
    assert score(trees.account, truth) > ALPHA


@pytest.mark.parametrize("elsewhere", [(-40.0, -3.5), (-10.0, -4.0), (-4.0, -2.0)])
def test_a_plan_piloted_elsewhere_biases_nothing(elsewhere):
    assembly, truth, _ = flat(-9.0, -3.0)
    goal = goal_of(assembly, "open_war")
    other, _, _ = flat(*elsewhere)
    plan = plan_trees(other, goal_of(other, "open_war"), 8)
    trees = grow_trees(assembly, goal, 1_000, 8, plan)
    assert score(trees.account, truth) > ALPHA
    assert score(trees.account, 2.0 * truth) < ALPHA


def held(accounts: np.ndarray, truth: float, each: int, level: float = 0.95) -> tuple[int, int]:
    """How many intervals of so many trees each hold the truth, and of how many."""
    found = [rare.probability(account, level) for account in accounts.reshape(-1, each)]
    return sum(one.low <= truth <= one.high for one in found), len(found)


def grown(war: float, major: float, trees: int, plans: int) -> tuple[np.ndarray, float]:
    """The accounts of as many trees of each of some plans, and what is true of them."""
    assembly, truth, _ = flat(war, major)
    goal = goal_of(assembly, "open_war")
    accounts = [
        grow_trees(assembly, goal, trees, seed, plan_trees(assembly, goal, seed)).account
        for seed in range(20, 20 + plans)
    ]
    return np.concatenate(accounts), truth


def fewest(intervals: int) -> float:
    """How many of many intervals must hold: fewer happen once in 10,000 seeds at 92 %."""
    return stats.binom.ppf(1e-4, intervals, AT_LEAST)


def test_intervals_of_trees_hold_the_closed_form():
    accounts, truth = grown(-9.0, -3.0, 5_000, 3)
    count, intervals = held(accounts, truth, 250)
    assert count >= fewest(intervals)
    # The control: intervals of half the nominal coverage are found out.
    assert held(accounts, truth, 250, 0.5)[0] < fewest(intervals)


@pytest.mark.slow
@pytest.mark.parametrize("war, major", [(-9.0, -3.0), (-40.0, -4.5)])
def test_intervals_hold_as_often_as_they_say_and_those_of_few_trees_less_often(war, major):
    accounts, truth = grown(war, major, 25_000, 20)
    for each in (40, 100, 250, FEW_TREES, 1_000):
        count, intervals = held(accounts, truth, each)
        print(f"war {truth:.2g}: {count} of {intervals} of {each} trees, {count / intervals:.1%}")
        if each >= FEW_TREES:
            assert fewest(intervals) <= count < intervals
    count, intervals = held(accounts, truth, 40)
    assert count < fewest(intervals)


def test_a_plan_is_shared_where_the_chances_are_alike():
    assembly, _, _ = flat(-9.0, -3.0)
    goal = goal_of(assembly, "open_war")
    own = plan_trees(assembly, goal, 3)
    for major, alike in ((-3.1, True), (-5.0, False), (-1.0, False)):
        other, _, _ = flat(-9.0, major)
        like = plan_trees(other, goal_of(other, "open_war"), 3)
        found = plan_trees(assembly, goal, 3, like=like)
        followed = like if alike else own
        assert (found.worth.tobytes(), found.force) == (followed.worth.tobytes(), followed.force)
        assert (found.decisions, found.chance) == (own.decisions, own.chance)
        assert own.worth.tobytes() != like.worth.tobytes()


def test_a_plan_that_forgot_the_weights_would_be_found_out():
    assembly, truth, both = flat(-40.0, -3.0)
    plan = Plan(np.ones(N_RANKS), force=0.04)
    trees = grow_trees(assembly, goal_of(assembly, "open_war"), 1_000, 8, plan)
    assert truth == pytest.approx(both, rel=1e-9)
    assert score(trees.account, truth) > ALPHA
    climbing = 0.04 / 0.02  # by so much and more each of the climbs is made more probable
    assert score(trees.account * climbing, truth) < ALPHA


@pytest.mark.parametrize("name", ["raid", "after-the-strike"])
@pytest.mark.parametrize(
    "outcome", ["open_war", "rung_8", "force", "first_force", "first_force_3d"]
)
def test_plain_histories_agree(everything, name, outcome):
    assembly = assemble(everything[name])
    if outcome.startswith("first"):
        outcome = outcome.replace("first", assembly.actors[0])
    goal = goal_of(assembly, outcome)
    trees = grow_trees(assembly, goal, 600, 2, plan_trees(assembly, goal, 2))
    played = play_ensemble(assembly, 3_000, 2, first=10_000)
    if outcome == "rung_8":
        seen = played.peak >= 8
    else:
        seen = Measures(played, assembly.actors).values(outcome)
    error = math.sqrt(np.var(trees.account) / 600 + np.var(seen) / 3_000)
    assert abs(trees.account.mean() - seen.mean()) <= stats.norm.isf(ALPHA / 2) * error


def test_the_same_bits_for_every_number_of_threads_and_wherever_it_begins():
    assembly, _, _ = flat(-9.0, -3.0)
    goal = goal_of(assembly, "open_war")
    plan = plan_trees(assembly, goal, 4, threads=1)
    again = plan_trees(assembly, goal, 4, threads=3)
    assert plan.worth.tobytes() == again.worth.tobytes()
    assert (plan.force, plan.decisions) == (again.force, again.decisions)
    one = grow_trees(assembly, goal, 230, 4, plan, threads=1)
    many = grow_trees(assembly, goal, 230, 4, plan, threads=4)
    for name in ("account", "decisions", "profile"):
        assert getattr(one, name).tobytes() == getattr(many, name).tobytes()
    later = grow_trees(assembly, goal, 100, 4, plan, first=130)
    assert later.account.tobytes() == one.account[130:].tobytes()
    assert len(np.unique(one.account)) > 200


def test_a_tree_that_never_branches_has_the_luck_of_its_history():
    assembly = assemble(load("after-the-strike"))
    account = grow_trees(assembly, goal_of(assembly, "rung_9"), 2_000, 5, Plan.plain()).account
    seen = play_ensemble(assembly, 2_000, 5).peak >= 9
    # Where a history came to a major strike, its chances of one had been higher.
    assert stats.mannwhitneyu(account[seen], account[~seen], alternative="greater").pvalue < ALPHA
    elsewhere = np.roll(seen, 1)
    apart = stats.mannwhitneyu(account[elsewhere], account[~elsewhere], alternative="greater")
    assert apart.pvalue > ALPHA


def test_pilots_meet_no_replicate_of_an_estimate():
    assert PILOT > 2**32 > PILOT_REPLICATES


def test_the_goal_is_refused_in_a_line(everything):
    assembly = assemble(everything["raid"])
    for wrong in ("opn_war", "rung_1", "rung_99", "peak_rung", "days", "nobody_force", "", 7, None):
        with pytest.raises(InputError, match="no outcome that a choice reaches"):
            goal_of(assembly, wrong)
    for wrong, meant in (("opn_war", "open_war"), ("rung_1", "rung_2"), ("rung_99", "rung_9")):
        with pytest.raises(InputError, match=f"did you mean '{meant}'"):
            goal_of(assembly, wrong)
    for name in goal_names(assembly):
        assert goal_of(assembly, name).outcome == name
    assert goal_of(assembly, f"{assembly.actors[0]}_force_12d").until == 12.0


def test_progress_counts_every_replicate():
    assembly, _, _ = flat(-6.0, -3.0)
    told: list[int] = []
    grow_trees(assembly, goal_of(assembly, "open_war"), 120, 1, Plan.plain(), progress=told.append)
    assert sum(told) == 120
