"""Playing one part of a study: what a worker does, wherever it runs."""

from __future__ import annotations

import io
import json
import threading
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from hashlib import sha256
from typing import TYPE_CHECKING

import numpy as np

from sim.engines.assemble import Assembly
from sim.engines.ensemble import Outcomes, play_block
from sim.engines.measures import Measures
from sim.errors import InputError
from sim.experiment.plan import Plan
from sim.experiment.settings import Settings
from sim.experiment.tally import Tally

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["KEY", "Failure", "Part", "Worker", "seal", "tally_of", "write_table"]

#: Under which the metadata of a part stands in its Parquet file.
KEY = b"escalation"
COMPRESSION = "zstd"
#: Replicates after which a worker looks whether it is to stop.
STRETCH = 2_000


@dataclass(frozen=True)
class Failure:
    """What could not be played, and why.

    Attributes
    ----------
    stage : str
        prepare (the design point), simulate (a replicate), worker (a part whose worker was lost),
        or store (its file).
    part : int
    point, replicate : int or None
        None where all of them are meant.
    cause : str
    """

    stage: str
    part: int
    point: int | None
    replicate: int | None
    cause: str


@dataclass(frozen=True)
class Part:
    """A part that has been played.

    Attributes
    ----------
    index : int
    rows : int
    content : bytes
        Its Parquet file.
    tally : Tally
    failures : tuple of Failure
    """

    index: int
    rows: int
    content: bytes
    tally: Tally
    failures: tuple[Failure, ...]


class Stopped(Exception):
    """A worker was told to stop in the middle of a part."""


class Worker:
    """Plays parts of a study; threads may share one.

    Parameters
    ----------
    plan : Plan
    digest : str
        Of the study's inputs, written into every part.
    """

    def __init__(self, plan: Plan, digest: str) -> None:
        self.plan = plan
        self.digest = digest
        self.settings = Settings(plan.scenario, plan.design)
        self.stop = threading.Event()

    def play(self, k: int, played: Callable[[int], None] | None = None) -> Part:
        """Play part `k`; what fails in it is left out and told.

        Parameters
        ----------
        k : int
        played : callable, optional
            Called with the replicates just played, in the calling thread.
        """
        points, replicates = self.plan.layout.part(k)
        table, failures = self._play(k, points, replicates, played)
        plan = self.plan
        tally = tally_of(plan.outcomes, plan.horizon, table)
        return Part(k, table.num_rows, write_table(table), tally, failures)

    def sample(self, points: np.ndarray, replicates: range) -> pa.Table:
        """Play some replicates of some design points, to see what they cost."""
        return self._play(0, points, replicates, None)[0]

    def _play(
        self, k: int, points: np.ndarray, replicates: range, played: Callable[[int], None] | None
    ) -> tuple[pa.Table, tuple[Failure, ...]]:
        """Play replicates of design points as part `k`."""
        pieces: list[tuple[int, np.ndarray, Measures]] = []
        failures: list[Failure] = []
        for point in map(int, points):
            try:
                assembly = self.settings.assembly(point)
            except Exception as error:  # whatever it is, the other points are still good
                failures.append(Failure("prepare", k, point, None, _cause(error)))
                continue
            self._play_point(assembly, k, point, replicates, pieces, failures, played)
        return self._table(pieces, k, failures), tuple(failures)

    def _play_point(
        self,
        assembly: Assembly,
        k: int,
        point: int,
        replicates: range,
        pieces: list[tuple[int, np.ndarray, Measures]],
        failures: list[Failure],
        played: Callable[[int], None] | None,
    ) -> None:
        """Play a block; where it fails, look for the replicates at fault by halves."""
        for start in range(replicates.start, replicates.stop, STRETCH):
            if self.stop.is_set():
                raise Stopped
            pending = [range(start, min(start + STRETCH, replicates.stop))]
            while pending:
                some = pending.pop()
                try:
                    outcomes = self._outcomes(assembly, point, some)
                except Exception as error:
                    if len(some) == 1:
                        failures.append(Failure("simulate", k, point, some.start, _cause(error)))
                        continue
                    half = some.start + len(some) // 2
                    pending += [range(half, some.stop), range(some.start, half)]
                    continue
                pieces.append((point, np.array(some), Measures(outcomes, assembly.actors)))
                if played is not None:
                    played(len(some))

    def _outcomes(self, assembly: Assembly, point: int, replicates: range) -> Outcomes:
        first = self.plan.first(point) + replicates.start
        return play_block(assembly, len(replicates), self.plan.seed, first)

    def _table(
        self,
        pieces: list[tuple[int, np.ndarray, Measures]],
        k: int,
        failures: list[Failure],
    ) -> pa.Table:
        import pyarrow as pa

        names = self.plan.outcomes
        if pieces:
            point = np.concatenate([np.full(len(r), p, np.int32) for p, r, _ in pieces])
            replicate = np.concatenate([r for _, r, _ in pieces]).astype(np.int64)
            columns = {name: np.concatenate([m.column(name) for *_, m in pieces]) for name in names}
        else:
            none = Measures(
                Outcomes.empty(0, len(self.settings.base.actors), 0), self.settings.base.actors
            )
            point, replicate = np.zeros(0, np.int32), np.zeros(0, np.int64)
            columns = {name: none.column(name) for name in names}
        table = pa.table({"point": point, "replicate": replicate, **columns})
        about = {
            "study": self.digest,
            "part": k,
            "failures": [asdict(failure) for failure in failures],
        }
        about["seal"] = seal(table, about)
        return table.replace_schema_metadata({KEY: json.dumps(about, sort_keys=True).encode()})


def seal(table: pa.Table, about: Mapping[str, object]) -> str:
    """Return a digest of a part's columns, and of what is said about it.

    Parquet's own checksums leave the footer out: a bit of it can turn one column into another.
    """
    digest = sha256(json.dumps(about, sort_keys=True).encode())
    for name, column in zip(table.column_names, table.columns, strict=True):
        digest.update(f"{name} {column.type} {len(column)}\n".encode())
        digest.update(np.ascontiguousarray(column.to_numpy(zero_copy_only=False)).data)
    return digest.hexdigest()


def tally_of(outcomes: tuple[str, ...], horizon: float, table: pa.Table) -> Tally:
    """Count a part as it is stored."""
    if table.num_rows == 0:
        return Tally.none(outcomes, 0)
    names = ("point", *outcomes)
    columns = {name: table.column(name).to_numpy(zero_copy_only=False) for name in names}
    return Tally.of(outcomes, columns, horizon)


def write_table(table: pa.Table) -> bytes:
    """Write a table as a Parquet file: the same bytes for the same table."""
    import pyarrow.parquet as pq

    file = io.BytesIO()
    pq.write_table(
        table, file, compression=COMPRESSION, write_page_checksum=True, row_group_size=1 << 20
    )
    return file.getvalue()


def _cause(error: BaseException) -> str:
    if isinstance(error, InputError):
        return str(error)
    return f"{type(error).__name__}: {' '.join(str(error).split())}"
