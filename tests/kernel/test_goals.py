"""What is said of a decision's chance to reach a goal is what happens when it is taken."""

import numpy as np
import pytest

from sim.kernel import goals
from sim.kernel import layout as at
from sim.kernel.choice import weigh


def strike(world, day, actor, target):
    return world.force(actor, "major_strike", target, day=day)


def steps(here, actor, target):
    option = here.option(actor, "major_strike", target)
    return goals.steps_to_war(here.params, here.state, here.actor(actor), option)


def test_an_exchange_is_counted_down_to_war(world):
    here = world("plain").start()
    assert steps(here, "ann", "bob") == steps(here, "bob", "ann") == 4
    strike(here, 1.0, "ann", "bob")
    assert (steps(here, "ann", "bob"), steps(here, "bob", "ann")) == (3, 3)
    strike(here, 2.0, "ann", "bob")
    # One more of hers brings nothing nearer; it would still be one on top of his two.
    assert (steps(here, "ann", "bob"), steps(here, "bob", "ann")) == (3, 2)
    strike(here, 3.0, "bob", "ann")
    assert (steps(here, "ann", "bob"), steps(here, "bob", "ann")) == (2, 1)
    assert strike(here, 4.0, "bob", "ann") == at.WAR


def test_strikes_that_left_the_window_count_no_more(world):
    here = world("plain").start()
    for day, actor, target in ((1.0, "ann", "bob"), (2.0, "ann", "bob"), (3.0, "bob", "ann")):
        strike(here, day, actor, target)
    here.state.time[at.NOW] = 8.0  # the first is 7 days old: still within
    assert steps(here, "bob", "ann") == 1
    here.state.time[at.NOW] = 8.1
    assert steps(here, "bob", "ann") == 2
    assert strike(here, 8.1, "bob", "ann") == at.MOVE


def test_an_option_reaches_war_if_and_only_if_war_follows(world):
    outright = np.zeros((3, at.MAX_OPTIONS), bool)
    seen = {(False, False): 0, (True, True): 0}
    by_exchange = 0
    for seed in range(40):
        luck = np.random.default_rng(seed)
        here = world("plain", seed=seed).start()
        for actor, target in (("ann", "bob"), ("bob", "ann")):
            outright[here.actor(actor), here.option(actor, "open_war", target)] = True
        day = 0.0
        while here.state.end == at.RUNNING:
            day += luck.exponential(1.0)
            i = int(luck.integers(2))
            # Open war now and then, so that exchanges get their turn.
            o = int(luck.integers(here.params.n_options[i] - int(luck.random() < 0.9)))
            here.state.time[at.NOW] = day
            told = goals.reaches(here.params, here.state, outright, True, i, o)
            here.work.actor = i
            seen[bool(told), here.perform(o) == at.WAR] += 1
            by_exchange += told and not outright[i, o]
    assert min(seen.values()) == 40
    assert by_exchange >= 5


def test_what_is_set_aside_and_what_is_left_make_one(world):
    here = world("plain").start()
    strike(here, 1.0, "ann", "bob")
    i = here.actor("bob")
    here.work.actor = i
    weigh(here.params, here.state, here.work, i)
    before = here.work.probability[: here.params.n_options[i]].copy()
    outright = np.zeros((3, at.MAX_OPTIONS), bool)
    war = here.option("bob", "open_war", "ann")
    outright[i, war] = True
    chance, climb, closeness = goals.sort_out(here.params, here.state, here.work, outright, True)
    major = here.option("bob", "major_strike", "ann")
    assert (chance, climb) == (before[war], before[major])
    assert closeness == max(before[war], before[major] ** 3)
    left = here.work.probability[: here.params.n_options[i]]
    assert left[war] == 0.0
    assert left.sum() + chance == pytest.approx(1.0, abs=1e-15)
    grid = (np.arange(20_000) + 0.5) / 20_000
    for climbing, share in ((-1.0, 1 - chance), (0.0, 1 - chance - climb), (1.0, climb)):
        picked = [goals.pick_among(here.work, len(before), climbing, share, u) for u in grid]
        often = np.bincount(picked, minlength=len(before)) / len(grid)
        wanted = left / share
        if climbing >= 0:
            wanted = np.where(here.work.utility[: len(before)] == climbing, wanted, 0.0)
        np.testing.assert_allclose(often, wanted, atol=1.01 / len(grid))


def test_ranks_rise_with_closeness():
    closeness = np.exp(-np.linspace(0.0, 80.0, 1001))
    ranks = np.array([goals.rank_of(near) for near in closeness])
    assert ranks[0] == goals.N_RANKS - 1
    assert ranks[-1] == goals.rank_of(0.0) == 0
    assert np.all(np.diff(ranks) <= 0)
