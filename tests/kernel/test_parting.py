"""Where two histories part, found in what was written down of them: worked by hand."""

import math

import numpy as np
import pytest

from sim.kernel import parting

A, B = 0, 1


def parted(*histories):
    """Find where two lists of (day, actor, option) part."""
    tables = [np.array(one, float).reshape(-1, parting.N_TAKEN) for one in histories]
    found, day = np.full(parting.N_FOUND, 99, np.int16), np.zeros(2)
    sizes = [len(one) for one in histories]
    parting.part(2, tables[0], sizes[0], tables[1], sizes[1], found, day)
    return found[: parting.FOUND_END].tolist(), day.tolist()


@pytest.mark.parametrize(
    "first, second, kind",
    [
        ([], [], parting.MARKS),
        ([(1, A, 0), (2, B, 3)], [(1, A, 0), (2, B, 3)], parting.MARKS),
        # Other dates are no other decisions, not even where their order changes.
        ([(1, A, 0), (2, B, 3)], [(3, A, 0), (2, B, 3)], parting.MARKS),
        # Holding on is nothing; acting on is.
        ([(1, A, 0)], [(1, A, 0), (2, B, 0)], parting.MARKS),
        ([(1, A, 0)], [(1, A, 0), (2, B, 1)], parting.LENGTH),
        ([(1, A, 0), (4, A, 2)], [(1, A, 0)], parting.LENGTH),
    ],
)
def test_no_decision_parts_them(first, second, kind):
    found, day = parted(first, second)
    assert found == [kind, -1, -1, -1]
    assert all(math.isnan(d) for d in day)


def test_the_same_count_of_the_same_actor_is_compared():
    first = [(1, A, 0), (2, B, 3), (3, A, 5)]
    second = [(1.5, B, 3), (2, A, 0), (4, A, 6), (5, A, 1)]
    assert parted(first, second) == ([parting.DECISION, A, 5, 6], [3.0, 4.0])


def test_the_earliest_counts_whichever_history_it_is_in():
    first = [(1, A, 0), (2, B, 3), (9, A, 1)]
    # B's second decision is unpaired, A's second comes earlier than any other difference.
    second = [(1, A, 0), (1.2, A, 2), (2, B, 4)]
    assert parted(first, second) == ([parting.DECISION, A, 1, 2], [9.0, 1.2])
    assert parted(second, first) == ([parting.DECISION, A, 2, 1], [1.2, 9.0])
