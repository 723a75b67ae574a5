"""Who plays the parts: threads of this process, or the workers of a Dask cluster.

An executor hands parts back as they are finished, never far ahead of the oldest that is still
being played: so what waits to be merged in order stays small.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from typing import Protocol

from sim.engines.ensemble import cores
from sim.errors import InputError
from sim.experiment.work import Failure, Part, Worker

__all__ = ["Executor", "Threads", "ahead", "lost"]

MOST_WORKERS = 1024
Played = Callable[[int], None]


class Executor(Protocol):
    """Plays parts, in whatever order they come to be finished."""

    workers: int

    def play(
        self, worker: Worker, parts: Iterable[int], played: Played
    ) -> Iterator[Part | Failure]:
        """Yield each part, or why it was lost; `played` hears of replicates as they are played."""


def ahead(workers: int) -> int:
    """Return how far playing may be ahead of the oldest part that is not finished."""
    return 4 * workers + 4


def lost(k: int, error: BaseException) -> Failure:
    """Return the failure of a part whose worker was lost."""
    told = " ".join(str(error).split())
    return Failure("worker", k, None, None, f"{type(error).__name__}: {told}")


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
        queue = iter(parts)
        pending: dict[Future[Part], int] = {}
        worker.stop.clear()
        with ThreadPoolExecutor(self.workers) as pool:
            try:
                while True:
                    oldest = min(pending.values(), default=None)
                    while len(pending) <= self.workers:
                        k = next(queue, None)
                        if k is None:
                            break
                        oldest = k if oldest is None else oldest
                        pending[pool.submit(worker.play, k, played)] = k
                        if k - oldest >= ahead(self.workers):
                            break
                    if not pending:
                        return
                    done, _ = wait(pending, return_when=FIRST_COMPLETED)
                    for future in done:
                        k = pending.pop(future)
                        error = future.exception()
                        yield future.result() if error is None else lost(k, error)
            finally:
                worker.stop.set()
                pool.shutdown(wait=True, cancel_futures=True)


def checked_workers(workers: int | None) -> int:
    """Return the number of workers, as many as there are processors if not given."""
    if workers is None:
        return cores()
    if not 1 <= workers <= MOST_WORKERS:
        raise InputError(
            f"{workers} is out of range", key="workers", allowed=f"1 to {MOST_WORKERS}"
        )
    return workers
