"""Work spread over threads: in order, ahead by no more than it must, and stopped at once."""

import threading
import time

import pytest

from sim.engines.pool import AHEAD, spread


@pytest.mark.parametrize("threads", [1, 3])
def test_results_come_in_the_order_of_the_parts(threads):
    def play(part):
        time.sleep(0.002 * (part % 3 == 0))
        return part * part

    taken = []
    spread(play, iter(range(40)), threads, taken.append)
    assert taken == [part * part for part in range(40)]


def test_nothing_is_handed_out_far_ahead():
    handed = []

    def parts():
        for part in range(1_000):
            handed.append(part)
            yield part

    def take(part):
        assert len(handed) - part <= 2 * AHEAD + 1

    spread(lambda part: part, parts(), 2, take)
    assert len(handed) == 1_000


class Stop(BaseException):
    pass


def test_an_exception_of_the_taker_begins_nothing_more():
    played = []

    def play(part):
        played.append(part)
        time.sleep(0.01)

    def take(_):
        raise Stop

    with pytest.raises(Stop):
        spread(play, range(1_000), 2, take)
    so_far = len(played)
    assert so_far <= 2 * AHEAD + 1
    time.sleep(0.05)
    assert len(played) == so_far
    assert threading.active_count() < 50


def test_an_exception_of_a_part_reaches_the_caller():
    def play(part):
        if part == 7:
            raise ValueError("the seventh")
        return part

    taken = []
    with pytest.raises(ValueError, match="the seventh"):
        spread(play, range(1_000), 2, taken.append)
    assert taken == list(range(7))
