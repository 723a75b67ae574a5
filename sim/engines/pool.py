"""Work spread over threads: the kernel lets go of Python's lock, and Ctrl-C is heard soon."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

__all__ = ["spread"]

AHEAD = 4  # parts handed out for each thread, so that none waits for a slow one
Part = TypeVar("Part")
Result = TypeVar("Result")


def spread(
    play: Callable[[Part], Result],
    parts: Iterable[Part],
    threads: int,
    take: Callable[[Result], None],
) -> None:
    """Play parts of some work over threads, and take what each comes to, in their order.

    On any exception, of a part, of `take` or an interrupt, nothing further is begun, and what is
    being played is waited for: so parts should be small.

    Parameters
    ----------
    play : callable
        Plays one part, in any of the threads.
    parts : iterable
        Asked for as they are needed, so that there may be very many.
    threads : int, >= 1
    take : callable
        Called in the calling thread with each result, in the order of the parts, whichever is
        ready first: sums of floats come to the same bits for every number of threads.
    """
    waiting: deque[Future[Result]] = deque()
    with ThreadPoolExecutor(threads) as pool:
        try:
            for part in parts:
                waiting.append(pool.submit(play, part))
                if len(waiting) > AHEAD * threads:
                    take(waiting.popleft().result())
            while waiting:
                take(waiting.popleft().result())
        except BaseException:
            pool.shutdown(wait=True, cancel_futures=True)
            raise
