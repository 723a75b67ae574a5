"""Corners that are there are found and counted in the other half; where there is none, none is."""

import sys
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from sim.analysis import boxes, cart
from sim.analysis.discovery import discover
from sim.analysis.restrictions import (
    AMONG,
    AT_LEAST,
    AT_MOST,
    Box,
    Half,
    Restriction,
    counted,
    inside,
    quasi_p,
)
from sim.analysis.sample import Sample
from sim.errors import InputError

TREE = ("tree",)


def sample_of(levels, values, variance=0.0) -> Sample:
    if not isinstance(levels, pd.DataFrame):
        levels = pd.DataFrame(levels, columns=[f"x{k}" for k in range(levels.shape[1])])
    values = np.asarray(values, float)
    return Sample(levels, values, np.full(len(values), variance))


@pytest.fixture(scope="module")
def corner():
    """1,200 points with 5 factors; the outcome is high where x0 >= 0.7 and x1 <= 0.4."""
    rng = np.random.default_rng(1)
    x = rng.random((1200, 5))
    high = (x[:, 0] >= 0.7) & (x[:, 1] <= 0.4)
    return sample_of(x, np.where(high, 0.05, 0.002) + 0.001 * rng.random(1200)), high


@pytest.fixture(scope="module")
def found(corner):
    return discover(corner[0], "open_war", threshold=0.01, resamples=2)


class TestBoxes:
    def test_the_corner_is_found(self, corner, found):
        (box,) = found.told
        limits = {(r.factor, r.side): r for r in box.restrictions}
        assert set(limits) == {("x0", AT_LEAST), ("x1", AT_MOST)}
        assert limits["x0", AT_LEAST].limit == pytest.approx(0.7, abs=0.03)
        assert limits["x1", AT_MOST].limit == pytest.approx(0.4, abs=0.03)
        for r in limits.values():
            assert max(r.p, r.held_p) < 1e-6
            assert r.repeated == 1.0
            assert r.low <= r.high
        assert box.density.low > 0.85
        assert box.coverage.mean > 0.85
        assert box.mass == pytest.approx(0.12, abs=0.03)
        assert box.mean.mean == pytest.approx(0.05, abs=0.005)
        assert box.elsewhere.mean < 0.01
        assert found.interest.mean == pytest.approx(corner[1].mean())

    def test_it_is_said_in_words_and_numbers(self, found):
        (told,) = found.says
        assert told.startswith("open_war climbs when x0 is at least 0.")
        assert " and x1 is at most 0." in told
        assert "it reaches 1% at " in told
        assert "95% interval" in told

    def test_the_other_half_alone_is_counted(self, corner, found):
        sample, high = corner
        order = np.random.default_rng(found.seed).permutation(1200)
        held = np.sort(order[600:])
        (box,) = found.told
        kept = inside(sample.levels.iloc[held], box.restrictions)
        assert box.density.n == kept.sum()
        assert box.density.mean == pytest.approx(high[held][kept].mean())
        assert box.coverage.n == high[held].sum()

    def test_a_second_corner_is_sought_outside_the_first(self):
        rng = np.random.default_rng(2)
        x = rng.random((1600, 3))
        first = (x[:, 0] > 0.7) & (x[:, 1] > 0.6)
        second = (x[:, 0] < 0.3) & (x[:, 2] > 0.7)
        y = (first | second) + 0.01 * rng.random(1600)
        told = discover(sample_of(x, y), "q", threshold=0.5, methods=("boxes",), resamples=0).told
        assert len(told) == 2
        assert told[1].before.n < told[0].before.n
        assert told[0].coverage.mean + told[1].coverage.mean > 0.7
        assert all(np.isnan(r.repeated) for box in told for r in box.restrictions)

    def test_texts_flags_whole_numbers_and_awkward_names(self):
        rng = np.random.default_rng(3)
        n = 1200
        frame = pd.DataFrame(
            {
                "scenario": rng.random(n),
                "policy": rng.integers(0, 6, n),
                "a b.c": rng.choice(["calm", "cross", "fierce"], n),
                "flag": rng.random(n) < 0.6,
            }
        )
        high = (frame["policy"] >= 3) & (frame["a b.c"] != "calm") & frame["flag"]
        y = high + 0.1 * rng.random(n)
        found = discover(sample_of(frame, y), "dead", "mean", threshold=0.9, resamples=2)
        (box,) = found.told
        limits = {r.factor: r.limit for r in box.restrictions}
        assert limits == {"policy": 3.0, "a b.c": ("cross", "fierce"), "flag": (True,)}
        assert str(box).count(" and ") == 2
        assert "a b.c is cross or fierce" in str(box)
        assert "flag is true" in str(box)
        assert box.density.mean == 1.0
        best = found.told_leaves[0]
        assert {r.factor: r.limit for r in best.restrictions} == limits

    @pytest.mark.parametrize("seed", [1, 2, 3])
    def test_in_noise_nothing_is_found(self, seed):
        rng = np.random.default_rng(seed)
        found = discover(sample_of(rng.random((400, 6)), rng.random(400)), "open_war", resamples=2)
        assert not found.found
        assert found.told == ()
        assert found.says[0].startswith("Nothing was found: ")

    def test_factors_that_matter_are_among_the_strongest(self):
        rng = np.random.default_rng(4)
        x = pd.DataFrame(rng.random((800, 60)), columns=[f"x{k}" for k in range(60)])
        x["t"] = rng.choice(["a", "b"], 800)
        interest = (x["x7"] > 0.6) & (x["t"] == "b") & (rng.random(800) < 0.6)
        names = boxes.strongest(x, interest.to_numpy(), 5)
        assert {"x7", "t"} <= set(names)
        assert len(names) == 5

    def test_without_the_workbench_it_says_what_to_install(self, corner, monkeypatch):
        for name in ("ema_workbench", "ema_workbench.analysis", "ema_workbench.analysis.prim"):
            monkeypatch.setitem(sys.modules, name, None)
        with pytest.raises(InputError) as error:
            discover(corner[0], "open_war")
        how = "in the project's folder: pip install -e '.[discovery]'; or the tree alone"
        told = "method: needs ema_workbench, which is not installed"
        assert str(error.value) == f"{told}; allowed: {how}"
        assert discover(corner[0], "open_war", methods=TREE).boxes is None


class TestTree:
    def test_the_corner_is_a_leaf(self, found):
        best = found.told_leaves[0]
        limits = {(r.factor, r.side): r.limit for r in best.restrictions}
        assert limits["x0", AT_LEAST] == pytest.approx(0.7, abs=0.03)
        assert limits["x1", AT_MOST] == pytest.approx(0.4, abs=0.03)
        assert best.density.low > 0.85
        assert sum(leaf.mass for leaf in found.leaves) == pytest.approx(1.0)
        assert sum(leaf.coverage.mean for leaf in found.leaves) == pytest.approx(1.0)

    def test_leaves_of_texts_share_the_points_out(self):
        rng = np.random.default_rng(5)
        frame = pd.DataFrame({"t": rng.choice(list("abcd"), 900), "k": rng.integers(0, 4, 900)})
        interest = np.isin(frame["t"], ["b", "d"]) & (frame["k"] > 1)
        paths = cart.leaves(frame, interest, 1)
        kept = np.array([inside(frame, path) for path in paths])
        assert np.all(kept.sum(axis=0) == 1)
        assert all(interest[mask].mean() in (0.0, 1.0) for mask in kept)

    def test_a_tree_is_seldom_told_of_noise(self, alpha):
        repeats, wrong = 30, 0
        for seed in range(repeats):
            rng = np.random.default_rng(seed)
            sample = sample_of(rng.random((300, 5)), rng.random(300))
            wrong += discover(sample, "open_war", methods=TREE, top=0.2, seed=seed).found
        assert stats.binomtest(wrong, repeats, 0.05, alternative="greater").pvalue >= alpha

    def test_what_was_found_by_chance_looks_well_in_its_own_half(self):
        # The control: counted where it was found, a box in noise seems to hold.
        own = other = 0
        for seed in range(6):
            rng = np.random.default_rng(seed)
            x = pd.DataFrame(rng.random((400, 6)), columns=[f"x{k}" for k in range(6)])
            whole = Half(x, rng.random(400) < 0.15, np.zeros(400))
            half, held = whole.rows(np.arange(200)), whole.rows(np.arange(200, 400))
            densest = boxes.trajectory(half.levels, half.interest)[-1]
            own += counted(densest, half, half, half, 1, 0.05).told
            other += counted(densest, half, held, held, 1, 0.05).told
        assert own == 6
        assert other <= 2


class TestCounting:
    levels = pd.DataFrame({"x": np.arange(10.0), "t": list("aabbccddee")})
    interest = np.array([0, 0, 0, 0, 1, 0, 1, 1, 1, 1], bool)

    def test_a_restriction_keeps_its_limit(self):
        assert Restriction("x", AT_LEAST, 4.0).keeps(self.levels).sum() == 6
        assert Restriction("x", AT_MOST, 4.0).keeps(self.levels).sum() == 5
        assert Restriction("t", AMONG, ("a", "e")).keeps(self.levels).sum() == 4
        both = [Restriction("x", AT_LEAST, 4.0), Restriction("x", AT_MOST, 6.0)]
        assert inside(self.levels, both).sum() == 3

    def test_quasi_p_values_are_binomial_tails(self):
        limits = [Restriction("x", AT_LEAST, 6.0), Restriction("x", AT_MOST, 8.0)]
        # 3 of 3 within; 3 of 9 without the first limit, 4 of 4 without the second.
        wider = self.interest[:9].mean()
        assert quasi_p(self.levels, self.interest, limits) == pytest.approx([wider**3, 1.0])

    def test_a_box_is_counted_by_hand(self):
        half = Half(self.levels, self.interest, np.arange(10) / 10)
        box = counted((Restriction("x", AT_LEAST, 6.0),), half, half, half, 2, 0.05)
        assert (box.density.mean, box.density.n) == (1.0, 4)
        assert (box.coverage.mean, box.coverage.n) == (0.8, 5)
        assert box.mass == 0.4
        assert (box.mean.mean, box.elsewhere.mean) == pytest.approx((0.75, 0.25))
        # Fisher: 4 of the 5 in the 4 drawn of 10, for two boxes.
        assert box.p == pytest.approx(2 * 5 / 210)
        assert box.told

    def test_means_of_shares_stay_below_all(self):
        limits, interest = (), np.arange(10) > 0
        for shares in (True, False):
            half = Half(self.levels, interest, np.where(interest, 1.0, 0.99), shares)
            high = counted(limits, half, half, half, 1, 0.05).mean.high
            assert high == 1.0 if shares else high > 1.0

    def test_both_sides_of_a_factor_are_told_together(self):
        limits = (
            Restriction("x", AT_LEAST, 0.123456),
            Restriction("t", AMONG, (True,)),
            Restriction("x", AT_MOST, 7.0),
        )
        half = Half(self.levels.assign(t=True), self.interest, np.arange(10.0))
        box = counted(limits, half, half, half, 1, 0.05)
        assert isinstance(box, Box)
        assert str(box) == "x is between 0.123 and 7 and t is true"


class TestAsking:
    def test_the_top_share_never_cuts_a_value_in_two(self):
        values = np.repeat([0.0, 0.1, 0.2, 0.3], [700, 200, 60, 40])
        x = np.random.default_rng(1).random((1000, 2))
        for top, threshold in ((0.1, 0.2), (0.09, 0.3), (0.3, 0.1), (0.05, 0.3)):
            found = discover(sample_of(x, values), "q", top=top, methods=TREE)
            assert found.threshold == threshold
        assert discover(sample_of(x, values), "q", methods=TREE).interest.mean == 0.1

    @pytest.mark.parametrize(
        "asked, says",
        [
            ({"threshold": 2.0}, "reaches 2 at 0 of 200 design points"),
            ({"threshold": -1.0}, "reaches -1 at 200 of 200 design points"),
            ({"top": 0.9}, "top: 0.9 is out of range; allowed: above 0, to 0.5"),
            ({"top": 0.01}, "from so few on either side nothing can be learnt"),
            ({"threshold": 0.5, "top": 0.1}, "give either"),
            ({"methods": ("prim",)}, "no such method: 'prim'; allowed: boxes, tree"),
        ],
    )
    def test_what_cannot_be_asked_is_refused(self, asked, says):
        sample = sample_of(np.random.default_rng(1).random((200, 2)), np.arange(200) / 200)
        with pytest.raises(InputError) as error:
            discover(sample, "open_war", **asked)
        assert says in str(error.value)

    def test_too_few_points_are_refused(self):
        sample = sample_of(np.random.default_rng(1).random((60, 2)), np.arange(60.0))
        with pytest.raises(InputError, match="60 design points are too few"):
            discover(sample, "open_war")

    def test_noise_that_blurs_the_threshold_is_told(self):
        rng = np.random.default_rng(2)
        sample = sample_of(rng.random((300, 2)), rng.random(300), variance=0.04)
        found = discover(sample, "open_war", methods=TREE)
        assert any("wrong side of the threshold" in caution for caution in found.cautions)

    def test_luck_that_the_points_share_is_told(self, corner):
        shared = replace(corner[0], common=True)
        found = discover(shared, "open_war", methods=TREE)
        assert any("share their luck" in caution for caution in found.cautions)

    def test_the_same_seed_finds_the_same(self, corner):
        one, two, other = (
            discover(corner[0], "q", methods=TREE, seed=seed).to_dict() for seed in (5, 5, 6)
        )
        assert one == two
        assert one["leaves"] != other["leaves"]

    def test_the_frame_has_a_row_a_restriction(self, found):
        frame = found.frame()
        assert set(frame["kind"]) == {"box", "leaf"}
        assert (frame["kind"] == "box").sum() == len(found.told[0].restrictions)
