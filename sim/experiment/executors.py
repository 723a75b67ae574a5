"""Who plays the parts: threads of this process, or the workers of a Dask cluster.

An executor hands parts back as they are finished, never far ahead of the oldest that is still
being played: so what waits to be merged in order stays small.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Generator, Iterable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from typing import Protocol

from sim.engines.ensemble import compile_kernel, cores
from sim.errors import InputError
from sim.experiment.work import Failure, Part, Worker

__all__ = ["Executor", "Handout", "Threads", "checked_workers", "lost"]

MOST_WORKERS = 1024
#: Seconds after which the caller hears how many replicates have been played.
TICK = 0.2
Played = Callable[[int], None]


class Executor(Protocol):
    """Plays parts, in whatever order they come to be finished."""

    workers: int

    def play(
        self, worker: Worker, parts: Iterable[int], played: Played
    ) -> Generator[Part | Failure]:
        """Yield each part, or why it was lost.

        `played` is called in the caller's thread with the replicates that were just played.
        """


def lost(k: int, error: BaseException) -> Failure:
    """Return the failure of a part whose worker was lost."""
    told = " ".join(str(error).split())
    return Failure("worker", k, None, None, f"{type(error).__name__}: {told}")


class Handout:
    """Parts that are handed out in order, never far ahead of the oldest that is being played.

    Parameters
    ----------
    parts : iterable of int
    workers : int
    """

    def __init__(self, parts: Iterable[int], workers: int) -> None:
        self.parts = list(parts)
        self.most = 4 * workers + 4
        self.next = 0
        self.out: dict[int, int] = {}

    def take(self) -> int | None:
        """Return the next part; None where none is left, or the oldest has to come first."""
        oldest = min(self.out.values(), default=self.next)
        if self.next == len(self.parts) or self.next - oldest >= self.most:
            return None
        k = self.parts[self.next]
        self.out[k] = self.next
        self.next += 1
        return k

    def finished(self, k: int) -> None:
        """Hear that a part has come back, or is lost."""
        del self.out[k]


class Threads:
    """Threads of this process: the kernel lets go of Python's lock.

    Parameters
    ----------
    workers : int, optional
        As many as there are processors if not given.
    """

    def __init__(self, workers: int | None = None) -> None:
        self.workers = checked_workers(workers)

    def play(
        self, worker: Worker, parts: Iterable[int], played: Played
    ) -> Generator[Part | Failure]:
        """Play parts; where the caller stops early, so do the threads, in the middle of a part."""
        handout = Handout(parts, self.workers)
        pending: dict[Future[Part], int] = {}
        count = _Count()
        worker.stop.clear()
        if handout.parts:
            compile_kernel(worker.settings.base)
        with ThreadPoolExecutor(self.workers) as pool:
            try:
                while True:
                    while len(pending) <= self.workers and (k := handout.take()) is not None:
                        pending[pool.submit(worker.play, k, count.add)] = k
                    if not pending:
                        return
                    done, _ = wait(pending, TICK, FIRST_COMPLETED)
                    if more := count.taken():
                        played(more)
                    for future in done:
                        k = pending.pop(future)
                        handout.finished(k)
                        error = future.exception()
                        yield future.result() if error is None else lost(k, error)
            finally:
                worker.stop.set()
                pool.shutdown(wait=True, cancel_futures=True)


class _Count:
    """A number that threads add to, and one takes away."""

    def __init__(self) -> None:
        self.number = 0
        self.lock = threading.Lock()

    def add(self, more: int) -> None:
        with self.lock:
            self.number += more

    def taken(self) -> int:
        with self.lock:
            number, self.number = self.number, 0
        return number


def checked_workers(workers: int | None) -> int:
    """Return the number of workers, as many as there are processors if not given."""
    if workers is None:
        return cores()
    if not 1 <= workers <= MOST_WORKERS:
        raise InputError(
            f"{workers} is out of range", key="workers", allowed=f"1 to {MOST_WORKERS}"
        )
    return workers
