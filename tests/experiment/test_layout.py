"""The parts of a study: everything once, and the first of them an even sample."""

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from sim.experiment.executors import Handout
from sim.experiment.plan import FEWEST_ROWS, MOST_ROWS, Layout

SIZES = st.tuples(st.integers(1, 400), st.integers(1, 30_000)).map(lambda s: Layout(*s))


@settings(max_examples=50)
@given(SIZES)
@example(Layout(1, 1))
@example(Layout(1, 1_000_000))
@example(Layout(3000, 1))
@example(Layout(4096, 1000))
def test_every_replicate_of_every_point_is_in_one_part(layout):
    blocks: dict[int, list[tuple[int, int]]] = {point: [] for point in range(layout.points)}
    for k in range(layout.parts):
        points, replicates = layout.part(k)
        assert len(points) > 0
        assert (np.diff(points) > 0).all()
        for point in points:
            blocks[int(point)].append((replicates.start, replicates.stop))
    for spans in blocks.values():
        ends = [0, *(stop for _, stop in spans)]
        assert [start for start, _ in spans] == ends[:-1]
        assert ends[-1] == layout.replicates
        assert all(start < stop for start, stop in spans)


@given(SIZES)
def test_parts_are_of_a_useful_size(layout):
    rows = [len(points) * len(block) for points, block in map(layout.part, range(layout.parts))]
    assert sum(rows) == layout.points * layout.replicates
    assert max(rows) <= 2 * MOST_ROWS
    # No file a replicate: where there is enough for it, a part is never small.
    if sum(rows) >= 2 * FEWEST_ROWS:
        assert np.mean(rows) >= FEWEST_ROWS / 4


@given(SIZES, st.floats(0, 1))
def test_wherever_it_stops_the_points_are_even(layout, share):
    done = int(share * layout.parts)
    played = np.zeros(layout.points, int)
    for k in range(done):
        points, replicates = layout.part(k)
        played[points] += len(replicates)
    # No point is further ahead of another than by one block.
    assert played.max() - played.min() <= layout.block


@pytest.mark.parametrize("points", [700, 4096])
def test_the_first_parts_are_spread_over_the_whole_design(points):
    layout = Layout(points, 1_000)
    assert layout.groups >= 2
    first, _ = layout.part(0)
    assert len(first) >= 5
    # Kolmogorov's distance from an even spread; a corner of the design is at least 0.5 away.
    n = len(first)
    distance = np.abs((first + 0.5) / points - (np.arange(n) + 0.5) / n).max()
    assert distance < 1.95 / np.sqrt(n)
    assert np.abs((np.arange(n) + 0.5) / points - (np.arange(n) + 0.5) / n).max() >= 0.45


def test_the_layout_depends_on_the_sizes_alone():
    one, other = Layout(1000, 700), Layout(1000, 700)
    for k in range(one.parts):
        assert one.part(k)[0].tobytes() == other.part(k)[0].tobytes()
        assert one.part(k)[1] == other.part(k)[1]


@given(st.lists(st.integers(0, 10**6), unique=True, max_size=60), st.integers(1, 6), st.data())
def test_parts_are_handed_out_in_order_and_never_far_ahead(parts, workers, data):
    parts = sorted(parts)
    handout = Handout(parts, workers)
    out, taken = [], []
    while True:
        while (k := handout.take()) is not None:
            out.append(k)
            taken.append(k)
        if not out:
            break
        assert parts.index(out[-1]) - parts.index(min(out)) < 4 * workers + 4
        # Whichever comes back: the newest for as long as may be, so that the oldest is left behind.
        k = data.draw(st.sampled_from(out))
        out.remove(k)
        handout.finished(k)
    assert taken == parts
