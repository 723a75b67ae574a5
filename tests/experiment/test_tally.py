"""What is counted part by part is what NumPy makes of the whole."""

import tracemalloc

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from sim.analysis.intervals import mean, quantile, share
from sim.analysis.summaries import COLUMNS, summarise
from sim.experiment.tally import BINS, Tally

OUTCOMES = ("open_war", "days", "dead", "iran_first_force")
HORIZON = 30.0


def histories(points: int, replicates: int, seed: int) -> dict[str, np.ndarray]:
    """Columns as a part has them, sorted by point."""
    rng = np.random.default_rng(seed)
    rows = points * replicates
    point = np.repeat(np.arange(points, dtype=np.int32), replicates)
    first = np.where(rng.random(rows) < 0.7, rng.exponential(6.0, rows).clip(0, HORIZON), np.inf)
    return {
        "point": point,
        "open_war": rng.random(rows) < (point + 1) / (points + 2),
        "days": rng.random(rows) * HORIZON,
        # Far from zero and close together: what sums of squares are bad at.
        "dead": (1_000_000 + rng.integers(0, 3, rows)).astype(np.int32),
        "iran_first_force": first,
    }


def tallied(columns: dict[str, np.ndarray], points: int, cuts: list[int]) -> Tally:
    """Count in pieces, each of some replicates of every point."""
    merged = Tally.none(OUTCOMES, points)
    place = np.arange(len(columns["point"])) - np.searchsorted(columns["point"], columns["point"])
    for low, high in zip([0, *cuts], [*cuts, place.max() + 1], strict=True):
        rows = (low <= place) & (place < high)
        if rows.any():
            piece = {name: column[rows] for name, column in columns.items()}
            merged.add(Tally.of(OUTCOMES, piece, HORIZON))
    return merged


def table(frame, outcome):
    return frame[frame["outcome"] == outcome].set_index("point")


@settings(max_examples=40)
@given(st.integers(1, 4), st.integers(2, 200), st.lists(st.integers(1, 199), max_size=6), st.data())
def test_moments_are_numpy_s_however_the_replicates_are_split(points, replicates, cuts, data):
    seed = data.draw(st.integers(0, 2**32))
    columns = histories(points, replicates, seed)
    cuts = sorted({cut for cut in cuts if cut < replicates})
    frame = summarise(tallied(columns, points, cuts), HORIZON)
    assert tuple(frame.columns) == COLUMNS
    assert list(frame["point"]) == sorted(frame["point"])
    for point in range(points):
        rows = columns["point"] == point
        war, days = columns["open_war"][rows], columns["days"][rows]
        dead = columns["dead"][rows].astype(float)
        found = table(frame, "open_war").loc[point]
        expected = share(int(war.sum()), replicates)
        assert (found["estimate"], found["n"]) == (expected.mean, replicates)
        assert (found["low"], found["high"]) == (expected.low, expected.high)
        assert (found["kind"], found["method"]) == ("share", "wilson")
        for name, values in (("days", days), ("dead", dead)):
            found, expected = table(frame, name).loc[point], mean(values)
            assert found["estimate"] == pytest.approx(expected.mean, rel=1e-12)
            assert found["sd"] == pytest.approx(values.std(ddof=1), rel=1e-6)
            assert found["low"] == pytest.approx(expected.low, rel=1e-6)
            assert found["high"] == pytest.approx(expected.high, rel=1e-6)
            assert (found["kind"], found["method"]) == ("mean", "normal")


@settings(max_examples=60)
@given(st.integers(1, 3), st.integers(1, 400), st.data())
def test_medians_are_off_by_a_bin_at_most(points, replicates, data):
    columns = histories(points, replicates, data.draw(st.integers(0, 2**32)))
    frame = summarise(tallied(columns, points, []), HORIZON)
    width = HORIZON / BINS
    for point in range(points):
        rows = columns["point"] == point
        came = columns["iran_first_force"][rows]
        came = came[np.isfinite(came)]
        found = table(frame, "iran_first_force").loc[point]
        assert found["n"] == len(came)
        assert np.isnan(found["sd"])
        if not len(came):
            assert found[["estimate", "low", "high"]].isna().all()
            continue
        exact = quantile(came)
        assert abs(found["estimate"] - np.median(came)) <= width
        # The interval holds the exact one, and reaches no further than the bins of its ends.
        if np.isnan(exact.low):
            assert found[["low", "high"]].isna().all()
            assert found["n"] < 6
            continue
        assert found["low"] <= exact.low <= found["low"] + width
        assert found["high"] - width <= exact.high <= found["high"]
        assert found["low"] <= found["estimate"] <= found["high"]


def test_the_interval_of_a_median_covers_as_it_says():
    # 2,000 points, each with its own interval of a known median; error rate 1e-6 by the binomial.
    points, replicates = 2_000, 41
    rng = np.random.default_rng(11)
    first = rng.exponential(4.0, points * replicates).clip(0, HORIZON)
    column = {"point": np.repeat(np.arange(points), replicates), "iran_first_force": first}
    merged = Tally.none(OUTCOMES[3:], points)
    merged.add(Tally.of(OUTCOMES[3:], column, HORIZON))
    frame = summarise(merged, HORIZON)
    median = 4.0 * np.log(2.0)
    covered = int(((frame["low"] <= median) & (median <= frame["high"])).sum())
    assert covered >= stats.binom.ppf(1e-6, points, 0.95)
    # The control: intervals of a half are told from those of nineteen in twenty.
    narrow = summarise(merged, HORIZON, level=0.5)
    covered = int(((narrow["low"] <= median) & (median <= narrow["high"])).sum())
    assert covered < stats.binom.ppf(1e-6, points, 0.95)


def test_the_same_order_gives_the_same_bits():
    columns = histories(7, 300, 3)
    one = summarise(tallied(columns, 7, [50, 100, 250]), HORIZON)
    other = summarise(tallied(columns, 7, [50, 100, 250]), HORIZON)
    assert one.to_parquet() == other.to_parquet()


def test_of_nothing_there_is_nothing():
    frame = summarise(Tally.none(OUTCOMES, 3), HORIZON)
    assert (frame["n"] == 0).all()
    assert frame[["estimate", "low", "high", "sd"]].isna().all(axis=None)


def test_one_replicate_has_a_mean_and_no_spread():
    frame = summarise(tallied(histories(2, 1, 5), 2, []), HORIZON)
    days = table(frame, "days")
    assert days["estimate"].notna().all()
    assert days[["low", "high", "sd"]].isna().all(axis=None)


def test_memory_does_not_grow_with_the_replicates():
    part = Tally.of(OUTCOMES, histories(50, 20, 1), HORIZON)
    merged = Tally.none(OUTCOMES, 50)
    merged.add(part)
    tracemalloc.start()
    try:
        sizes = []
        for _ in range(3):
            for _ in range(200):
                merged.add(part)
            sizes.append(tracemalloc.get_traced_memory()[0])
    finally:
        tracemalloc.stop()
    assert merged.moments["open_war"].n.tolist() == [20 * 601] * 50
    # Each merge holds 50,000 values; what stays is a number here and there.
    assert max(sizes) - min(sizes) < 5_000
