"""Parts played by the workers of a Dask cluster, on this machine or on many.

Workers hand the bytes of a part back, and this process alone writes the store: no file system is
shared.  A worker that dies is no loss: the scheduler gives its parts to others, and a part's bytes
depend on the plan alone.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Generator, Iterable
from typing import TYPE_CHECKING, Any

from sim.errors import InputError, SimError
from sim.experiment.executors import Played, ahead, checked_workers, lost
from sim.experiment.plan import Plan
from sim.experiment.work import Failure, Part, Worker

if TYPE_CHECKING:
    from distributed import Client

__all__ = ["ClusterError", "Dask"]

#: Seconds to wait for a scheduler to answer.
PATIENCE = 30
#: Workers that may die under a part before it is given up.
DEATHS = 3

# One worker process plays parts of one study at a time; laying it out takes a while.
_known: dict[str, Worker] = {}
_making = threading.Lock()


class ClusterError(SimError):
    """A scheduler that does not answer, or that has gone."""


def play_part(plan: Plan, digest: str, k: int) -> Part:
    """Play a part on a worker of the cluster."""
    with _making:
        if digest not in _known:
            _known.clear()
            _known[digest] = Worker(plan, digest)
        worker = _known[digest]
    return worker.play(k)


class Dask:
    """The workers of a Dask cluster.

    Parameters
    ----------
    workers : int, optional
        Processes of a cluster on this machine; as many as processors if not given.
    scheduler : str, optional
        Address of a running scheduler, such as ``tcp://10.0.0.5:8786``, in place of that.

    Raises
    ------
    InputError
        Where Dask is not installed, or both are given.
    """

    def __init__(self, workers: int | None = None, scheduler: str | None = None) -> None:
        try:
            import distributed  # noqa: F401
        except ImportError:
            raise InputError(
                "needs Dask", key="executor", allowed="pip install 'escalation[dask]'"
            ) from None
        if scheduler is not None and workers is not None:
            raise InputError("has the scheduler's workers, not a number of them", key="workers")
        self.scheduler = scheduler
        self.workers = checked_workers(workers)

    def play(
        self, worker: Worker, parts: Iterable[int], played: Played
    ) -> Generator[Part | Failure]:
        """Play parts; where the caller stops early, what is under way is dropped."""
        with self._client() as client:
            self.workers = max(1, len(client.scheduler_info(n_workers=-1)["workers"]))
            yield from self._play(client, worker, iter(parts), played)

    def _play(
        self, client: Client, worker: Worker, queue: Any, played: Played
    ) -> Generator[Part | Failure]:
        from distributed import as_completed

        plan = client.scatter(worker.plan, broadcast=True, hash=False)
        layout = worker.plan.layout
        pending: dict[Any, int] = {}
        completed = as_completed()
        while True:
            while len(pending) <= 2 * self.workers:
                if pending and next(iter(pending.values())) + ahead(self.workers) < max(
                    pending.values()
                ):
                    break
                k = next(queue, None)
                if k is None:
                    break
                key = f"part-{k}-{worker.digest[:16]}"
                future = client.submit(play_part, plan, worker.digest, k, key=key, pure=False)
                pending[future] = k
                completed.add(future)
            if not pending:
                return
            future = next(completed)
            k = pending.pop(future)
            error = future.exception()
            if error is None:
                part: Part = future.result()
                points, replicates = layout.part(k)
                played(len(points) * len(replicates))
                yield part
            else:
                yield lost(k, error)
            future.release()

    @contextlib.contextmanager
    def _client(self) -> Generator[Client]:
        """Connect to the scheduler, or start a cluster on this machine."""
        import dask
        from distributed import Client, LocalCluster

        with (
            contextlib.ExitStack() as open_things,
            dask.config.set({"distributed.scheduler.allowed-failures": DEATHS}),
        ):
            address: Any = self.scheduler
            if address is None:
                address = open_things.enter_context(
                    LocalCluster(
                        n_workers=self.workers,
                        threads_per_worker=1,
                        processes=True,
                        dashboard_address=None,
                        silence_logs=50,
                    )
                )
            try:
                client = open_things.enter_context(Client(address, timeout=PATIENCE))
            except (OSError, ValueError, TimeoutError) as error:
                told = " ".join(str(error).split())
                raise ClusterError(f"no scheduler at {self.scheduler}: {told}") from None
            yield client
