"""Options over worlds: what is known by construction, and what noise must not pretend."""

import math

import numpy as np
import pytest
from scipy import stats

from sim.analysis.robust import over_worlds, spreads

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
    regrets, tails, scatter = [], [], []
    for seed in range(6):
        for option in over_worlds(played(same, 1.0, seed)):
            spread = option.spreads["cost"]
            regrets.append(spread.regret.low <= 0.0 <= spread.regret.high)
            tails.append(spread.worst_regret.mean)
            scatter.append(spread.between)
            assert option.terrible == ()
    # Within a table the six share their worlds, so this is less than 36 independent intervals.
    assert np.mean(regrets) > 0.8
    assert abs(np.mean(tails)) < 0.06
    assert np.mean(scatter) < 0.1


def test_choosing_and_measuring_by_the_same_futures_would_find_regret_where_there_is_none():
    means = played(np.full((WORLDS, 6), 5.0), 1.0)["cost"].mean(axis=2)
    regret = means - means.min(axis=1, keepdims=True)
    assert regret.mean() > 0.1
    worst = np.sort(regret[:, 0])[-WORLDS // 10 :]
    assert worst.mean() > 0.3


def test_regret_is_unbiased_where_nothing_differs_on_either_of_two_criteria():
    rng = np.random.default_rng(8)
    war, dead = [], []
    for _ in range(4):
        luck = rng.random((WORLDS, 1, SIZE))
        shared = rng.random((WORLDS, 5, SIZE)) < 0.5
        values = np.where(shared, luck, rng.random((WORLDS, 5, SIZE)))
        found = over_worlds({"war": values < 0.2, "dead": rng.exponential(values)})
        war += [option.spreads["war"].regret.mean for option in found]
        dead += [option.spreads["dead"].regret.mean for option in found]
    # Options of a table share the best, so four tables are four values, each of five.
    for regrets in (war, dead):
        tables = np.mean(np.reshape(regrets, (4, 5)), axis=1)
        # Above this by chance once in a thousand seeds.
        assert abs(tables.mean()) < stats.t.ppf(0.9995, 3) * tables.std(ddof=1) / 2


def test_what_is_a_share_is_told_by_its_type_and_not_by_its_values():
    ones = np.ones((WORLDS, 2, SIZE))
    dead = over_worlds({"dead": ones})[0].spreads["dead"]
    assert dead.mean.low == dead.mean.high == dead.worst.low == 1.0
    war = over_worlds({"war": ones.astype(bool)})[0].spreads["war"]
    # Wilson's, of 200 of 200.
    assert war.mean.low == war.worst.low == pytest.approx(0.9812, abs=1e-4)
    assert war.mean.high == 1.0
    assert war.regret.low == war.regret.high == 0.0


def test_every_interval_holds_its_estimate_at_the_ends_of_what_is_possible_too():
    told = outside = 0
    for seed in range(150):
        rng = np.random.default_rng(seed)
        chance = np.clip(rng.choice([0.02, 0.5, 0.9]) * rng.gamma(1.0, size=(100, 1, 1)), 0, 1)
        wars = rng.random((100, 2, 100)) < chance
        for spread in spreads(wars, [np.zeros(100, int)] * 2):
            for found in (spread.mean, spread.worst, spread.regret, spread.worst_regret):
                assert found.low <= found.mean <= found.high
                told += found.low < found.high
            outside += spread.worst.mean in (0.0, 1.0)
            assert spread.worst.low >= 0.0
            assert spread.worst.high <= 1.0
    assert told > 500
    # Where the noise is drawn on to none, a mean may come to lie beyond what is possible.
    assert outside > 0


def test_quantiles_are_of_the_worlds_without_the_noise_of_their_futures():
    rng = np.random.default_rng(9)
    costs = rng.normal(10.0, 2.0, (400, 1))
    # Noise that would make the means scatter by 2.8.
    values = costs[:, :, None] + rng.normal(0.0, 4.0 * math.sqrt(2.0), (400, 1, 8))
    spread = over_worlds({"cost": values})[0].spreads["cost"]
    assert list(spread.quantiles) == [0.05, 0.25, 0.5, 0.75, 0.95]
    for q, found in spread.quantiles.items():
        known = stats.norm.ppf(q, 10.0, 2.0)
        assert found.low - 0.3 < known < found.high + 0.3
        assert found.mean == pytest.approx(known, abs=0.5)
    noisy = np.quantile(values.mean(axis=2), 0.95)
    assert noisy > spread.quantiles[0.95].high
    assert spread.to_dict()["quantiles"]["0.95"] == spread.quantiles[0.95].to_dict()


def test_of_few_worlds_the_worst_tenth_has_no_interval_and_nothing_is_called_terrible():
    rng = np.random.default_rng(10)
    costs = np.column_stack([np.zeros(20), np.r_[np.zeros(17), 50.0, 50.0, 50.0]])
    values = costs[:, :, None] + rng.normal(0.0, 0.1, (20, 2, SIZE))
    spread = over_worlds({"cost": values})[1].spreads["cost"]
    assert spread.worst.mean == pytest.approx(50.0, abs=0.2)
    assert math.isnan(spread.worst.low)
    assert math.isnan(spread.worst_regret.high)
    assert not spread.terrible
    assert spread.mean.low < 7.5 < spread.mean.high


def test_no_regret_of_a_share_lies_beyond_what_shares_can_differ_by():
    rng = np.random.default_rng(3)
    # The second is always as bad as can be; how seldom the first is, differs from world to world.
    seldom = rng.random((100, 200)) < rng.beta(1, 20, (100, 1))
    values = np.stack([seldom, np.ones((100, 200), bool)], axis=1)
    found = over_worlds({"open_war": values})
    for option in found:
        spread = option.spreads["open_war"]
        for part in (spread.regret, spread.worst_regret):
            assert -1.0 <= part.low <= part.mean <= part.high <= 1.0
    assert "clipped" in found[1].spreads["open_war"].worst_regret.method
    # The control: of means there is no such limit.
    twice = over_worlds({"dead": 2.0 * values})[1].spreads["dead"].worst_regret
    assert twice.high > 2.0
