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

from sim.errors import InputError, SimError, not_installed
from sim.experiment.executors import Handout, Played, checked_workers, lost
from sim.experiment.plan import Plan
from sim.experiment.versions import made_with
from sim.experiment.work import Failure, Part, Worker

if TYPE_CHECKING:
    from distributed import Client

__all__ = ["ClusterError", "Dask"]

#: Seconds to wait for a scheduler to answer.
PATIENCE = 30
#: Workers that may die under a part before it is given up.
DEATHS = 3

_RESUME = "; what is stored is whole, and --resume goes on from it"

# One worker process plays parts of one study at a time; laying it out takes a while.
_known: dict[str, Worker] = {}
_making = threading.Lock()


class ClusterError(SimError):
    """A scheduler that does not answer, or that has gone."""


def play_part(plan: Plan, digest: str, k: int, code: dict[str, str]) -> Part:
    """Play a part on a worker of the cluster, if it would play it as this process does."""
    own = made_with()
    if others := [name for name in code if own[name] != code[name]]:
        told = "; ".join(f"{name} is {own[name]}, not {code[name]}" for name in others)
        raise ClusterError(f"a worker of the cluster is another one than this: {told}")
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
            raise not_installed("Dask", "dask", "executor") from None
        if scheduler is not None and workers is not None:
            raise InputError("has the scheduler's workers, not a number of them", key="workers")
        self.scheduler = scheduler
        self.workers = checked_workers(workers)

    def play(
        self, worker: Worker, parts: Iterable[int], played: Played
    ) -> Generator[Part | Failure]:
        """Play parts; where the caller stops early, what is under way is dropped."""
        waiting = list(parts)
        if not waiting:
            return
        with self._client() as client:
            self.workers = max(1, sum(client.nthreads().values()))
            yield from self._play(client, worker, Handout(waiting, self.workers), played)

    def _play(
        self, client: Client, worker: Worker, handout: Handout, played: Played
    ) -> Generator[Part | Failure]:
        from distributed import as_completed

        code = made_with()
        plan = self._spread(client, worker.plan)
        pending: dict[Any, int] = {}
        again: list[int] = []
        completed = as_completed()
        while True:
            while len(pending) <= 2 * self.workers:
                k = again.pop() if again else handout.take()
                if k is None:
                    break
                future = client.submit(play_part, plan, worker.digest, k, code, pure=False)
                pending[future] = k
                completed.add(future)
            if not pending:
                return
            future = next(completed)
            k = pending.pop(future)
            if future.cancelled():  # The plan went with the last worker that had it.
                again.append(k)
                if plan.cancelled() or client.status != "running":
                    plan = self._spread(client, worker.plan)
                continue
            handout.finished(k)
            yield self._result(future, k, worker.plan, played)
            future.release()

    def _spread(self, client: Client, plan: Plan) -> Any:
        """Give the plan to all workers, once there are any."""
        address = self.scheduler or "the cluster on this machine"
        if client.status != "running":
            raise ClusterError(f"{address}: the scheduler has gone{_RESUME}")
        try:
            client.wait_for_workers(1, timeout=PATIENCE)
            return client.scatter(plan, broadcast=True, hash=False)
        except (OSError, TimeoutError):
            raise ClusterError(f"{address}: no worker came in {PATIENCE} s{_RESUME}") from None

    def _result(self, future: Any, k: int, plan: Plan, played: Played) -> Part | Failure:
        error = future.exception()
        if isinstance(error, ClusterError):
            raise error
        if error is not None:
            return lost(k, error)
        part: Part = future.result()
        points, replicates = plan.layout.part(k)
        played(len(points) * len(replicates))
        return part

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
                problem = f"{self.scheduler}: no scheduler answers: {told}{_RESUME}"
                raise ClusterError(problem) from None
            yield client
