"""Indices of functions whose indices are known, and factors that have none."""

import warnings
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from SALib.analyze import pawn as salib_pawn
from SALib.test_functions import Ishigami, Sobol_G
from scipy import stats

from sim.analysis import contrasts, given
from sim.analysis.indices import Index, standings
from sim.analysis.intervals import Estimate, difference
from sim.analysis.multiple import holm
from sim.analysis.sample import Sample, entangled, noise_share
from sim.analysis.sensitivity import sensitivity
from sim.errors import InputError
from sim.experiment.sampling import latin_hypercube, saltelli, sobol

PI = np.pi
#: Ishigami with a = 7, b = 0.1: first-order and total indices of x1, x2, x3 in closed form.
V1, V2, V13 = (1 + 0.1 * PI**4 / 5) ** 2 / 2, 49 / 8, 0.01 * PI**8 * (1 / 18 - 1 / 50)
VARIANCE = V1 + V2 + V13
FIRST = np.array([V1, V2, 0.0]) / VARIANCE
TOTAL = np.array([V1 + V13, V2, V13]) / VARIANCE


def sample_of(columns, values, variance=None, common=False) -> Sample:
    if not isinstance(columns, pd.DataFrame):
        columns = pd.DataFrame(columns, columns=[f"x{k + 1}" for k in range(columns.shape[1])])
    values = np.asarray(values, float)
    return Sample(columns, values, np.zeros(len(values)) if variance is None else variance, common)


def values_of(found, measure) -> dict[str, float]:
    return {i.factor: i.estimate.mean for i in found.indices if i.measure == measure}


def ishigami(points, second_order=False, dummies=0, seed=1) -> Sample:
    u = saltelli(points, 3 + dummies, second_order, seed)
    return sample_of(u, Ishigami.evaluate(PI * (2 * u[:, :3] - 1)))


class TestSobol:
    def test_ishigami_s_indices_are_found(self):
        found = sensitivity(
            ishigami(2048, second_order=True), "y", "mean", "saltelli", second_order=True
        )
        for measure, truth in (("first_order", FIRST), ("total", TOTAL)):
            for factor, value in zip(("x1", "x2", "x3"), truth, strict=True):
                estimate = found.index(factor, measure).estimate
                assert estimate.mean == pytest.approx(value, abs=0.04)
                assert estimate.low <= value <= estimate.high
        assert found.told == ("x1", "x2", "x3")
        assert found.settled == (1, 2, 3)
        assert found.ranked
        told = {pair.factors: pair.estimate.mean for pair in found.pairs if pair.told}
        assert list(told) == [("x1", "x3")]
        assert told["x1", "x3"] == pytest.approx(V13 / VARIANCE, abs=0.06)

    def test_the_g_function_s_indices_are_found(self):
        a = np.array([0.0, 1.0, 4.5, 9.0, 99.0, 99.0])
        u = saltelli(2048, 6, False, 3)
        found = sensitivity(sample_of(u, Sobol_G.evaluate(u, a)), "y", "mean", "saltelli")
        for measure, truth in (
            ("first_order", Sobol_G.sensitivity_index(a)),
            ("total", Sobol_G.total_sensitivity_index(a)),
        ):
            assert list(values_of(found, measure).values()) == pytest.approx(truth, abs=0.03)

    def test_intervals_cover_the_truth(self, alpha):
        repeats, hits = 60, np.zeros(2)
        for seed in range(repeats):
            rng = np.random.default_rng(seed)
            a, b = rng.random((2, 256, 3))
            blocks = [a, *(np.where(np.arange(3) == k, b, a) for k in range(3)), b]
            u = np.stack(blocks, axis=1).reshape(-1, 3)
            made = sample_of(u, Ishigami.evaluate(PI * (2 * u - 1)))
            found = sensitivity(made, "y", "mean", "saltelli")
            for n, (measure, truth) in enumerate((("first_order", FIRST[1]), ("total", TOTAL[0]))):
                estimate = found.index("x2" if n == 0 else "x1", measure).estimate
                hits[n] += estimate.low <= truth <= estimate.high
        for n in hits:
            assert stats.binomtest(int(n), repeats, 0.95, alternative="less").pvalue >= alpha

    def test_noise_is_taken_out_where_it_is_independent(self):
        clean = ishigami(2048, dummies=1)
        rng = np.random.default_rng(2)
        noise = np.full(len(clean), VARIANCE)
        noisy = sample_of(
            clean.levels, clean.estimate + rng.normal(0, VARIANCE**0.5, len(clean)), noise
        )
        found = sensitivity(noisy, "y", "mean", "saltelli")
        assert found.noise.mean == pytest.approx(0.5, abs=0.03)
        total = values_of(found, "total")
        assert [total[x] for x in ("x1", "x2", "x3")] == pytest.approx(TOTAL, abs=0.15)
        assert found.untold == ("x4",)
        # Without the correction the dummy seems to have a part in half of the variance.
        assert found.index("x4", "total").raw == pytest.approx(0.5, abs=0.05)
        assert total["x4"] == pytest.approx(0.0, abs=0.1)

    def test_a_factor_that_only_upsets_common_luck_is_not_told(self):
        u = saltelli(512, 2, False, 1)
        # A smooth effect, and luck that changes wherever either factor does.
        luck = 0.3 * np.sin(1e4 * u[:, 0] + 2e4 * u[:, 1])
        sample = sample_of(u, u[:, 0] + luck, np.full(len(u), 0.045), common=True)
        assert sensitivity(sample, "y", "mean", "saltelli").told == ("x1",)
        # With the noise given as none, the control, the second is told.
        without = sample_of(u, u[:, 0] + luck, common=True)
        assert sensitivity(without, "y", "mean", "saltelli").told == ("x1", "x2")

    def test_a_dummy_is_seldom_told(self, alpha):
        repeats, wrong = 60, 0
        for seed in range(repeats):
            rng = np.random.default_rng(seed)
            u = saltelli(128, 3, False, seed)
            y = u[:, 0] + rng.normal(0, 0.3, len(u))
            found = sensitivity(sample_of(u, y, np.full(len(u), 0.09)), "y", "mean", "saltelli")
            assert "x1" in found.told
            wrong += len(found.told) > 1
        assert stats.binomtest(wrong, repeats, 0.05, alternative="greater").pvalue >= alpha

    def test_too_many_factors_have_no_pairs(self):
        u = saltelli(16, 21, True, 1)
        found = sensitivity(sample_of(u, u[:, 0]), "y", "mean", "saltelli", second_order=True)
        assert found.pairs == ()
        assert any("no pairs" in caution for caution in found.cautions)
        plain = saltelli(16, 21, False, 1)
        same = sensitivity(sample_of(plain, plain[:, 0]), "y", "mean", "saltelli")
        assert values_of(found, "total") == pytest.approx(values_of(same, "total"))

    def test_points_that_are_not_saltelli_s_are_refused(self):
        with pytest.raises(InputError, match="79 design points are not Saltelli's"):
            sensitivity(ishigami(16).rows(np.arange(79)), "y", "mean", "saltelli")

    def test_the_points_drawn_independently_are_given_data(self):
        found = sensitivity(ishigami(512), "y", "mean", "saltelli", method="given")
        assert found.points == 2 * 512
        assert values_of(found, "first_order")["x2"] == pytest.approx(FIRST[1], abs=0.08)


class TestGivenData:
    def test_ishigami_s_first_order_indices_are_found(self):
        x = latin_hypercube(4096, 3, 1)
        found = sensitivity(
            sample_of(x, Ishigami.evaluate(PI * (2 * x - 1))), "y", "mean", "latin-hypercube"
        )
        first = values_of(found, "first_order")
        # What is left of both sines where each of ten slices has its mean alone.
        z = PI * (2 * (np.arange(100_000) + 0.5) / 100_000 - 1)
        kept = [
            np.var(effect.reshape(10, -1).mean(axis=1)) / VARIANCE
            for effect in ((1 + 0.1 * PI**4 / 5) * np.sin(z), 7 * np.sin(z) ** 2, 0 * z)
        ]
        assert [first[k] for k in ("x1", "x2", "x3")] == pytest.approx(np.array(kept), abs=0.03)
        # x3 acts through x1 alone: no slice has another mean, but another distribution.
        assert found.index("x3", "first_order").p > 0.05
        assert found.index("x3", "pawn").p < 0.05
        assert set(found.told) == {"x1", "x2", "x3"}

    def test_pawn_is_salib_s(self):
        rng = np.random.default_rng(1)
        x = rng.random((800, 3))
        y = Ishigami.evaluate(PI * (2 * x - 1))
        sample = sample_of(x, np.round(y, 1))  # fewer values than the grid has
        problem = {"num_vars": 3, "names": list(sample.names), "bounds": [[0, 1]] * 3}
        theirs = salib_pawn.analyze(problem, x, sample.estimate, S=10)["median"]
        ours = given.Pawn([sample.slices(name) for name in sample.names], sample.estimate).indices()
        # Their last slice leaves the largest level out.
        assert ours == pytest.approx(np.asarray(theirs), abs=0.003)
        grid = given.Pawn([sample.slices(name) for name in sample.names], y).indices()
        assert grid == pytest.approx(ours, abs=0.02)

    def test_rank_correlations_are_those_of_the_normal_distribution(self):
        rng = np.random.default_rng(2)
        x = rng.normal(size=(4000, 2))
        y = 0.8 * x[:, 0] + 0.6 * rng.normal(size=4000)
        found, problems = given.correlations(sample_of(x, y))
        spearman = next(i.estimate for i in found if (i.factor, i.measure) == ("x1", "spearman"))
        truth = 6 / PI * np.arcsin(0.8 / 2)
        assert problems == []
        assert spearman.low <= truth <= spearman.high
        assert spearman.high - spearman.low < 0.04

    def test_a_partial_correlation_is_that_of_the_residuals(self):
        rng = np.random.default_rng(3)
        x = rng.normal(size=(200, 3))
        x[:, 1] += x[:, 0]
        group = rng.choice(["a", "b", "c"], 200)
        y = x[:, 0] - x[:, 1] + (group == "b") + rng.normal(size=200)
        frame = pd.DataFrame(x, columns=["x1", "x2", "x3"]).assign(group=group)
        found, _ = given.correlations(sample_of(frame, y))
        partial = {i.factor: i.estimate.mean for i in found if i.measure == "prcc"}
        ranks = np.column_stack([stats.rankdata(frame[k]) for k in ("x1", "x2", "x3")])
        texts = np.column_stack([group == "b", group == "c", np.ones(200)])
        others = np.column_stack([ranks[:, 1:], texts])
        left = [
            v - others @ np.linalg.lstsq(others, v, rcond=None)[0]
            for v in (ranks[:, 0], stats.rankdata(y))
        ]
        assert partial["x1"] == pytest.approx(np.corrcoef(*left)[0, 1])
        assert set(partial) == {"x1", "x2", "x3"}

    def test_texts_and_flags_explain_what_they_must(self):
        rng = np.random.default_rng(4)
        n = 3000
        frame = pd.DataFrame(
            {
                "mood": rng.choice(["calm", "cross", "fierce"], n),
                "flag": rng.random(n) < 0.5,
                "mixed": pd.Series(rng.choice([0, 1], n)).map({0: 80, 1: "drawn"}),
                "dummy": rng.choice(["p", "q"], n),
            }
        )
        y = frame["mood"].map({"calm": -1.0, "cross": 0.0, "fierce": 1.0}) + rng.normal(size=n)
        found = sensitivity(sample_of(frame, y + frame["flag"]), "y", "mean", "table")
        first = values_of(found, "first_order")
        assert first["mood"] == pytest.approx((2 / 3) / (2 / 3 + 1 / 4 + 1), abs=0.04)
        assert first["flag"] == pytest.approx((1 / 4) / (2 / 3 + 1 / 4 + 1), abs=0.04)
        assert set(found.told) == {"mood", "flag"}
        assert found.index("mood", "spearman") is None
        assert found.index("flag", "prcc").estimate.mean > 0

    def test_a_text_of_its_own_at_every_point_is_refused(self):
        frame = pd.DataFrame({"name": [f"n{k}" for k in range(40)], "x": np.arange(40.0)})
        with pytest.raises(InputError, match="40 texts at 40 points"):
            sensitivity(sample_of(frame, np.arange(40.0)), "y", "mean", "table")

    def test_first_order_intervals_cover_the_truth(self, alpha):
        repeats, hits = 300, 0
        rng = np.random.default_rng(5)
        for _ in range(repeats):
            level = rng.integers(0, 4, 400)
            y = level + rng.normal(0, 2, 400)
            share, se = given.Explained([level]).share(y, 0)
            hits += abs(share - 1.25 / 5.25) <= 1.96 * se
        assert stats.binomtest(hits, repeats, 0.95, alternative="less").pvalue >= alpha
        assert hits < repeats

    def test_one_dummy_of_all_is_seldom_told(self, alpha, monkeypatch):
        monkeypatch.setattr(given, "PERMUTATIONS", 61)
        monkeypatch.setattr(given, "FEW", 5)
        repeats, wrong = 40, 0
        for seed in range(repeats):
            rng = np.random.default_rng(seed)
            x, y = rng.random((150, 8)), rng.exponential(size=150) ** 2
            wrong += bool(sensitivity(sample_of(x, y), "y", "mean", "sobol").told)
        assert stats.binomtest(wrong, repeats, 0.05, alternative="greater").pvalue >= alpha
        # The control: a factor that matters is told, alone.
        found = sensitivity(sample_of(x, y + 20 * x[:, 3]), "y", "mean", "sobol")
        assert found.told == ("x4",)

    def test_too_small_a_sample_says_so(self):
        rng = np.random.default_rng(6)
        x = rng.random((30, 40))
        found = sensitivity(sample_of(x, x[:, 0] + 4 * rng.random(30)), "y", "mean", "elicited")
        assert found.told == ()
        assert not found.ranked
        assert "too few" in found.says[0]
        assert "too small to rank" in found.says[1]
        assert any("partial rank correlations" in caution for caution in found.cautions)

    def test_where_partial_correlations_cannot_be_computed_spearmans_is_the_test(self):
        rng = np.random.default_rng(6)
        x = rng.random((30, 40))
        y = x[:, 0] + rng.random(30)
        found = sensitivity(sample_of(x, y), "y", "mean", "elicited")
        own = found.index("x1", "spearman")
        assert own.estimate.mean == pytest.approx(stats.spearmanr(x[:, 0], y).statistic)
        # Three tests for each of 40 factors; the smallest of 40 counts 40 times.
        assert own.p == pytest.approx(3 * 40 * stats.spearmanr(x[:, 0], y).pvalue, rel=1e-6)
        assert found.told == ("x1",)
        assert found.says[0].startswith("1 of 40 factors moves")
        assert "Its place among all of them is not settled" in found.says[1]
        # Where partial ones can be, they are the test in its place.
        more = rng.random((200, 4))
        both = sensitivity(sample_of(more, more[:, 0] + rng.random(200)), "y", "mean", "table")
        assert np.isnan(both.index("x1", "spearman").p)
        assert both.index("x1", "prcc").p < 1e-6

    def test_spearmans_test_tells_nothing_of_idle_factors(self, alpha):
        repeats, wrong = 200, 0
        rng = np.random.default_rng(8)
        for _ in range(repeats):
            # Of many ties, as the shares of few histories have them.
            x, y = rng.random((40, 60)), rng.binomial(100, 0.01, 40).astype(float)
            found, problems = given.correlations(sample_of(x, y))
            assert problems
            wrong += any(index.p < 0.05 for index in found)
        assert stats.binomtest(wrong, repeats, 0.05 / 3, alternative="greater").pvalue >= alpha
        found, _ = given.correlations(sample_of(x, x[:, 7]))
        assert [index.factor for index in found if index.p < 0.05] == ["x8"]

    def test_factors_that_move_together_have_no_partial_correlation(self):
        x = np.random.default_rng(7).random((100, 2))
        frame = pd.DataFrame({"a": x[:, 0], "b": 2 * x[:, 0], "c": x[:, 1]})
        found, problems = given.correlations(sample_of(frame, x[:, 1]))
        assert {i.measure for i in found} == {"spearman"}
        assert "move together" in problems[0]


class TestContrasts:
    def sweep(self) -> Sample:
        frame = pd.DataFrame(
            [
                (1.0, "b", True),
                (0.0, "b", True),
                (3.0, "b", True),
                (1.0, "a", True),
                (1.0, "c", True),
            ]
        ).set_axis(["x", "t", "f"], axis=1)
        return sample_of(frame, [0.2, 0.1, 0.5, 0.25, 0.15], np.full(5, 0.0001))

    def test_swings_run_from_the_lowest_level_to_the_highest(self):
        found = sensitivity(self.sweep(), "p", "share", "one-at-a-time")
        x, t = found.swings
        assert (x.low, x.high, x.at_low, x.at_high) == (0.0, 3.0, 0.1, 0.5)
        assert x.change.mean == pytest.approx(0.4)
        assert x.change.half_width == pytest.approx(1.96 * np.sqrt(2) * 0.01, rel=1e-3)
        assert (t.low, t.high) == ("c", "a")
        assert t.change.mean == pytest.approx(0.1)
        assert found.told == ("x", "t")
        assert found.ranked
        assert found.cautions == ("left out, with one level alone: f",)
        # Of three texts any two could have been furthest apart, and there are two factors.
        z = 0.1 / (np.sqrt(2) * 0.01)
        assert found.index("t", "swing").p == pytest.approx(3 * 2 * stats.norm.sf(z), rel=1e-6)

    def test_points_on_common_luck_are_compared_history_by_history(self):
        rng = np.random.default_rng(1)
        luck = rng.random(2000)
        made = {0: luck < 0.2, 1: luck < 0.21}
        sample = sample_of(
            pd.DataFrame({"x": [0, 1]}),
            [made[0].mean(), made[1].mean()],
            np.array([0.16, 0.1659]) / 2000,
            common=True,
        )
        alone = sensitivity(sample, "p", "share", "one-at-a-time")
        paired = sensitivity(
            sample, "p", "share", "one-at-a-time", paired=lambda a, b: difference(made[a], made[b])
        )
        assert alone.told == ()
        assert paired.told == ("x",)
        assert paired.swings[0].change.half_width < alone.swings[0].change.half_width / 3

    def test_points_that_differ_in_two_factors_are_refused(self):
        frame = pd.DataFrame({"a": [0, 1, 1], "b": [0, 0, 1]})
        with pytest.raises(InputError, match="in more than one factor"):
            sensitivity(sample_of(frame, [1, 2, 3]), "y", "mean", "one-at-a-time")

    def grid(self, noise=0.0, seed=1, common=False) -> Sample:
        """y = a + 2 b + a c on levels -1 and 1 of a and b, and -1, 0, 1 of c; and a dummy."""
        levels = [(a, b, c, d) for a in (-1, 1) for b in (-1, 1) for c in (-1, 0, 1) for d in "xy"]
        frame = pd.DataFrame(levels, columns=list("abcd")).sample(frac=1, random_state=3)
        y = frame["a"] + 2 * frame["b"] + frame["a"] * frame["c"]
        rng = np.random.default_rng(seed)
        return sample_of(
            frame, y + rng.normal(0, noise, len(frame)), np.full(len(frame), noise**2), common
        )

    def test_shares_of_a_grid_are_exact(self):
        found = sensitivity(self.grid(), "y", "mean", "factorial")
        whole = 1 + 4 + 2 / 3
        first, total = values_of(found, "first_order"), values_of(found, "total")
        assert first == pytest.approx({"a": 1 / whole, "b": 4 / whole, "c": 0, "d": 0}, abs=1e-12)
        expected = {"a": (1 + 2 / 3) / whole, "b": 4 / whole, "c": (2 / 3) / whole, "d": 0}
        assert total == pytest.approx(expected, abs=1e-12)
        assert found.told == ("b", "a", "c")
        swings = {swing.factor: swing.change.mean for swing in found.swings}
        assert swings == pytest.approx({"a": 2, "b": 4, "c": 0, "d": 0}, abs=1e-12)

    def test_noise_on_a_grid_is_taken_out_and_a_dummy_seldom_told(self, alpha):
        wrong, totals = 0, []
        for seed in range(60):
            found = sensitivity(self.grid(noise=0.5, seed=seed), "y", "mean", "factorial")
            totals.append(values_of(found, "total")["d"])
            wrong += "d" in found.told
            assert {"a", "b"} <= set(found.told)
        assert stats.binomtest(wrong, 60, 0.05, alternative="greater").pvalue >= alpha
        assert np.mean(totals) == pytest.approx(0, abs=4 * np.std(totals) / np.sqrt(60))
        raw = sensitivity(self.grid(noise=0.5), "y", "mean", "factorial").index("d", "total").raw
        assert raw > 0.005

    def test_a_grid_with_a_hole_is_refused(self):
        with pytest.raises(InputError, match="no grid of 2 x 2 x 3 x 2 levels"):
            sensitivity(self.grid().rows(np.arange(1, 24)), "y", "mean", "factorial")

    def test_grids_and_single_sweeps_can_be_read_as_given(self):
        with pytest.raises(InputError, match="allowed: factorial, given"):
            sensitivity(self.grid(), "y", "mean", "factorial", method="sobol")
        found = sensitivity(self.grid(), "y", "mean", "factorial", method="given")
        assert found.told[0] == "b"


def index(factor, mean, low, high, p=0.0) -> Index:
    return Index(factor, "total", Estimate(mean, low, high, 10, "bootstrap"), p, mean)


class TestRanking:
    def test_places_are_those_that_the_intervals_allow(self):
        by = [
            index("a", 0.5, 0.4, 0.6),
            index("b", 0.35, 0.3, 0.45),
            index("c", 0.2, 0.1, 0.25),
            index("d", -0.7, -0.8, -0.65),
            index("e", 0.3, -0.1, 0.7, p=0.2),
        ]
        found = standings(by, by)
        assert [(s.factor, s.told, s.first, s.last) for s in found] == [
            ("d", True, 1, 2),
            ("a", True, 2, 4),
            ("b", True, 2, 4),
            ("c", True, 4, 5),
            ("e", False, 1, 5),
        ]

    def test_one_of_several_tests_is_enough(self):
        by = [index("a", 0.1, 0.0, 0.2, p=0.5), index("b", 0.2, 0.1, 0.3, p=0.5)]
        other = Index("a", "pawn", by[0].estimate, 0.01, 0.1)
        assert [s.factor for s in standings(by, [*by, other])] == ["a", "b"]

    def test_holm_s_steps(self):
        assert holm(np.array([0.01, 0.04, 0.03, 0.9])) == pytest.approx([0.04, 0.09, 0.09, 0.9])
        assert holm(np.array([0.6])) == pytest.approx([0.6])


class TestSample:
    def test_the_share_of_noise_is_that_of_the_variance(self, alpha):
        rng = np.random.default_rng(1)
        p = rng.beta(2, 50, 3000)
        hits = rng.binomial(200, p) / 200
        sample = sample_of(p[:, None], hits, hits * (1 - hits) / 199)
        truth = np.mean(p * (1 - p) / 200) / (np.var(p) + np.mean(p * (1 - p) / 200))
        found = noise_share(sample)
        assert found.low <= truth <= found.high
        assert found.high - found.low < 0.1

    @pytest.mark.parametrize(
        "share, says",
        [
            ((1.0, 0.44, 1.0), "At most 100% (95% interval 44 to 100%) of the variance"),
            ((0.996, 0.44, 1.0), "At most 99.6% (95% interval 44.0 to 100.0%) of the variance"),
            ((0.12, 0.1, 0.14), "At most 12.0% (95% interval 10.0 to 14.0%) of the variance"),
        ],
    )
    def test_the_share_of_noise_is_written_in_percent(self, share, says):
        found = sensitivity(ishigami(16, dummies=1), "y", "share", "saltelli")
        found = replace(found, common=True, noise=Estimate(*share, 16, "bootstrap"))
        assert found.says[2].startswith(says)

    def test_on_a_grid_noise_of_unknown_size_is_not_nothing(self):
        levels = pd.DataFrame([(a, b) for a in range(4) for b in range(4)], columns=["a", "b"])
        values = np.random.default_rng(3).random(16) < 0.5
        found = sensitivity(
            sample_of(levels, values, np.full(16, np.nan)), "y", "share", "factorial"
        )
        assert found.told == ()
        for index in found.indices:
            assert np.isnan([index.estimate.low, index.estimate.high]).all()
        assert found.says[2].endswith("is not known.")
        exact = sensitivity(sample_of(levels, values), "y", "share", "factorial")
        assert exact.told

    def test_noise_of_unknown_size_is_not_guessed(self):
        x = np.random.default_rng(1).random((60, 2))
        found = sensitivity(sample_of(x, x[:, 0], np.full(60, np.nan)), "y", "median", "sobol")
        assert np.isnan(found.noise.mean)
        assert "not known" in found.says[2]
        assert found.to_dict()["noise"]["mean"] is None

    @pytest.mark.parametrize(
        "values, levels, says",
        [
            (np.ones(50), np.arange(50.0), "is 1 at every design point"),
            (np.arange(50.0), np.ones(50), "no factor with two levels"),
            (np.r_[np.nan, np.arange(49.0)], np.arange(50.0), "no estimate at 1 design points"),
            (np.arange(1.0), np.arange(1.0), "1 design point is too few; allowed: 20 or more"),
            (np.arange(10.0), np.arange(10.0), "10 design points are too few; allowed: 20 or more"),
        ],
    )
    def test_what_nothing_can_be_learnt_from_is_refused(self, values, levels, says):
        with pytest.raises(InputError) as error:
            sensitivity(sample_of(levels[:, None], values), "y", "mean", "sobol")
        assert says in str(error.value)

    def test_results_are_the_same_for_the_same_seed_and_plain(self):
        x = np.random.default_rng(1).random((100, 3))
        y = x[:, 0] + 0.1 * np.random.default_rng(2).random(100)
        one, two = (sensitivity(sample_of(x, y), "y", "mean", "sobol", seed=4) for _ in range(2))
        assert repr(one) == repr(two)  # nan is unequal to itself
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            frame = one.frame()
        assert list(frame.index) == [s.factor for s in one.standings]
        assert frame.loc["x1", "told"]
        assert frame.loc["x1", "first_order_low"] < frame.loc["x1", "first_order_high"]

    def test_factors_that_do_not_vary_independently_are_told(self):
        rng = np.random.default_rng(1)
        together = np.column_stack([x := rng.random(400), rng.random(400), x**2])
        (caution,) = entangled(sample_of(together, x))
        assert caution.startswith("1 pairs of factors")
        assert "x1 with x3" in caution
        assert entangled(sample_of(rng.random((400, 30)), x)) == ()
        texts = pd.DataFrame({"t": np.repeat(list("abcd"), 100), "u": np.repeat(list("xy"), 200)})
        assert "t with u" in entangled(sample_of(texts, x))[0]

    def test_a_sobol_sequence_of_many_dimensions_is_told_and_a_hypercube_is_not(self):
        y = np.zeros(1024)
        many = sample_of(sobol(1024, 60, 1), y)
        assert "pairs of factors do not vary independently" in entangled(many)[0]
        assert entangled(sample_of(latin_hypercube(1024, 60, 1), y)) == ()
        assert entangled(sample_of(sobol(1024, 8, 1), y)) == ()
        # What it comes to: a factor that does nothing is told.
        u = sobol(1024, 80, 1)
        z = stats.norm.ppf(u[:, [20, 60]])
        wrong = sensitivity(sample_of(u, np.exp(z.sum(axis=1))), "y", "mean", "sobol")
        assert len(wrong.told) > 2
        assert any("independently" in caution for caution in wrong.cautions)

    def test_few_levels_are_a_slice_each_and_many_are_cut_at_quantiles(self):
        frame = pd.DataFrame({"few": np.tile([0, 1, 80], 100), "many": np.arange(300.0)})
        sample = sample_of(frame, np.arange(300.0))
        assert np.bincount(sample.slices("few")).tolist() == [100, 100, 100]
        assert np.bincount(sample.slices("many")).tolist() == [30] * 10
        assert np.all(np.diff(sample.slices("many")) >= 0)


def test_swings_of_shares_that_never_differ_are_no_finding():
    sample = sample_of(pd.DataFrame({"x": [0, 1], "y": [0, 0]}), [0.0, 0.1], np.zeros(2))
    found, _ = contrasts.one_at_a_time(sample.varied()[0])
    assert found[0].p == 0.0
    flat, _ = contrasts.one_at_a_time(sample_of(pd.DataFrame({"x": [0, 1]}), [0.1, 0.1]))
    assert flat[0].p == 1.0
