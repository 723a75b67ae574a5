"""Options over worlds: what is known by construction, and what noise must not pretend."""

import numpy as np
import pytest

from sim.analysis.robust import over_worlds

WORLDS, SIZE = 200, 40


def played(costs, noise, seed=1):
    """Futures of options whose true cost in each world is given, shape (worlds, options)."""
    rng = np.random.default_rng(seed)
    luck = rng.normal(size=(len(costs), 1, SIZE))
    own = rng.normal(size=(*costs.shape, SIZE))
    return {"cost": costs[:, :, None] + noise * (luck + own)}


def test_regret_and_spread_are_what_was_put_in():
    rng = np.random.default_rng(2)
    world = rng.normal(0.0, 2.0, WORLDS)
    costs = np.column_stack([10.0 + world, 13.0 + world])
    one, two = over_worlds(played(costs, 1.0))
    for option, mean, regret in ((one, 10.0, 0.0), (two, 13.0, 3.0)):
        spread = option.spreads["cost"]
        assert spread.mean.low < mean + world.mean() < spread.mean.high
        assert spread.regret.mean == pytest.approx(regret, abs=0.1)
        assert spread.between == pytest.approx(2.0, rel=0.15)
    assert (one.bracket, two.bracket) == (1, 2)
    assert one.best.mean == one.alone.mean == 1.0
    assert two.best.mean == 0.0
    assert one.terrible == two.terrible == ()


def test_an_option_that_is_good_but_terrible_in_a_tenth_is_said_to_be_so():
    bad = np.arange(WORLDS) % 10 == 0
    costs = np.column_stack([np.where(bad, 31.0, 1.0), np.full(WORLDS, 4.5)])
    gamble, steady = over_worlds(played(costs, 0.5))
    # 4.0 on average against 4.5: as good as the steady one, as far as the worlds tell.
    assert gamble.bracket == steady.bracket == 1
    assert gamble.terrible == ("cost",)
    assert steady.terrible == ()
    tail = gamble.spreads["cost"].worst_regret
    assert tail.low < 26.5 < tail.high
    assert gamble.best.mean == pytest.approx(0.9, abs=0.02)


def test_among_like_options_noise_makes_no_regret_and_no_spread():
    same = np.full((WORLDS, 6), 5.0)
    regrets, tails, spreads = [], [], []
    for seed in range(6):
        for option in over_worlds(played(same, 1.0, seed)):
            spread = option.spreads["cost"]
            regrets.append(spread.regret.low <= 0.0 <= spread.regret.high)
            tails.append(spread.worst_regret.mean)
            spreads.append(spread.between)
            assert option.terrible == ()
    # Within a table the six share their worlds, so this is less than 36 independent intervals.
    assert np.mean(regrets) > 0.8
    assert abs(np.mean(tails)) < 0.06
    assert np.mean(spreads) < 0.1


def test_choosing_and_measuring_by_the_same_futures_would_find_regret_where_there_is_none():
    means = played(np.full((WORLDS, 6), 5.0), 1.0)["cost"].mean(axis=2)
    regret = means - means.min(axis=1, keepdims=True)
    assert regret.mean() > 0.1
    worst = np.sort(regret[:, 0])[-WORLDS // 10 :]
    assert worst.mean() > 0.3
