"""The compiled ensemble: many replicates of a scenario over the cores, in bounded memory.

The kernel lets go of Python's lock, so plain threads share the work.  Batches are small enough that
progress can be told and Ctrl-C heard; which batch or thread plays a replicate changes nothing.
"""

from __future__ import annotations

import math
import os
from collections.abc import Callable
from dataclasses import dataclass, fields

import numpy as np

from sim.engines.assemble import Assembly
from sim.engines.memory import available_memory
from sim.engines.pool import spread
from sim.errors import InputError
from sim.kernel import ensemble as kernel
from sim.kernel import layout as at

BATCH = 500  # replicates of 30 days: some hundredths of a second
BATCH_DAYS = 30.0
MOST_REPLICATES = 2**32
MOST_THREADS = 1024
SPARE = 40  # bytes a replicate that summaries take in passing
Progress = Callable[[int], None]


@dataclass(frozen=True)
class Outcomes:
    """What was counted of each replicate, in typed columns.

    Attributes
    ----------
    end : int8, shape (replicates,)
        WAR, SETTLEMENT or HORIZON of `sim.kernel.layout`.
    day : float64, shape (replicates,)
        Day of the end.
    peak : int8, shape (replicates,)
        Highest rung of any move; 1 where nobody moved.
    moves, force_moves, exchanges : int32, shape (replicates,)
        Visible moves, kinetic ones, and kinetic ones that answer a blow.
    widened : bool, shape (replicates,)
        Whether force was used against an actor from whose soil others launch theirs.
    decisions : int32, shape (replicates,)
        Decisions taken, holds included.
    first_force : float64, shape (replicates, n_actors)
        Day of each actor's first kinetic move; inf for none.
    dead : int32, shape (replicates, n_actors)
        True dead, the opening's included.
    paths : int8, shape (replicates, n_days, n_actors)
        Highest rung of each actor's moves on each day, -1 for none; no days unless asked for.
    """

    end: np.ndarray
    day: np.ndarray
    peak: np.ndarray
    moves: np.ndarray
    force_moves: np.ndarray
    exchanges: np.ndarray
    widened: np.ndarray
    decisions: np.ndarray
    first_force: np.ndarray
    dead: np.ndarray
    paths: np.ndarray

    def __len__(self) -> int:
        return len(self.end)

    @property
    def nbytes(self) -> int:
        """Bytes that the columns take."""
        return sum(column.nbytes for column in self.columns().values())

    def columns(self) -> dict[str, np.ndarray]:
        """Return the columns by name."""
        return {field.name: getattr(self, field.name) for field in fields(self)}

    @classmethod
    def empty(cls, replicates: int, actors: int, days: int) -> Outcomes:
        """Allocate columns for `replicates`, to be filled part by part."""
        return cls(
            end=np.zeros(replicates, np.int8),
            day=np.zeros(replicates),
            peak=np.zeros(replicates, np.int8),
            moves=np.zeros(replicates, np.int32),
            force_moves=np.zeros(replicates, np.int32),
            exchanges=np.zeros(replicates, np.int32),
            widened=np.zeros(replicates, np.bool_),
            decisions=np.zeros(replicates, np.int32),
            first_force=np.zeros((replicates, actors)),
            dead=np.zeros((replicates, actors), np.int32),
            paths=np.zeros((replicates, days, actors), np.int8),
        )

    @classmethod
    def joined(cls, parts: list[Outcomes]) -> Outcomes:
        """Put several parts one behind the other."""
        columns = (field.name for field in fields(cls))
        return cls(**{c: np.concatenate([getattr(part, c) for part in parts]) for c in columns})


def cores() -> int:
    """Return how many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def path_days(assembly: Assembly) -> int:
    """Return how many days a daily path of the scenario has."""
    return math.ceil(assembly.scenario.horizon_days)


def most_replicates(assembly: Assembly, paths: bool) -> int:
    """Return how many replicates of a scenario the memory has room for."""
    free = available_memory()
    if free is None:
        return MOST_REPLICATES - 1
    return min(MOST_REPLICATES - 1, free // bytes_per_replicate(assembly, paths))


def bytes_per_replicate(assembly: Assembly, paths: bool) -> int:
    """Return the bytes that a replicate takes, with what summaries take in passing."""
    days = path_days(assembly) if paths else 0
    return Outcomes.empty(1, len(assembly.actors), days).nbytes + SPARE


def _play_part(
    assembly: Assembly, origin: np.record, seed: int, first: int, part: slice, out: Outcomes
) -> int:
    """Play the replicates of one batch into their rows of `out`."""
    size: int = part.stop - part.start
    tally = np.zeros((size, kernel.N_TALLY), np.int32)
    kernel.play_many(
        assembly.phases,
        origin,
        at.new_record(at.STATE),
        at.new_record(at.WORK),
        np.uint64(seed),
        np.uint64(first + part.start),
        tally,
        out.first_force[part],
        out.paths[part],
        out.dead[part],
        out.day[part],
    )
    fill(out, part, tally)
    return size


def fill(out: Outcomes, part: slice, tally: np.ndarray) -> None:
    """Write the kernel's whole numbers of some replicates into their rows of `out`."""
    out.end[part] = tally[:, kernel.TALLY_END]
    out.peak[part] = tally[:, kernel.TALLY_PEAK]
    out.moves[part] = tally[:, kernel.TALLY_MOVES]
    out.force_moves[part] = tally[:, kernel.TALLY_FORCE]
    out.exchanges[part] = tally[:, kernel.TALLY_EXCHANGES]
    out.widened[part] = tally[:, kernel.TALLY_WIDENED]
    out.decisions[part] = tally[:, kernel.TALLY_DECISIONS]


def play_block(
    assembly: Assembly, replicates: int, seed: int, first: int, origin: np.record | None = None
) -> Outcomes:
    """Play replicates `first` and those after it in the calling thread, as `play_ensemble` does.

    For callers that spread the work themselves: numbers are not checked.
    """
    out = Outcomes.empty(replicates, len(assembly.actors), 0)
    start = at.new_state(0, 0) if origin is None else origin
    _play_part(assembly, start, seed, first, slice(0, replicates), out)
    return out


def compile_kernel(assembly: Assembly) -> None:
    """Compile what has yet to be compiled, in this thread, where Ctrl-C is heard at once."""
    out = Outcomes.empty(0, len(assembly.actors), 0)
    _play_part(assembly, at.new_state(0, 0), 0, 0, slice(0, 0), out)


def play_ensemble(
    assembly: Assembly,
    replicates: int,
    seed: int,
    *,
    first: int = 0,
    origin: np.record | None = None,
    threads: int | None = None,
    paths: bool = False,
    batch: int | None = None,
    progress: Progress | None = None,
) -> Outcomes:
    """Play replicates `first` to `first + replicates - 1` of a seed.

    Parameters
    ----------
    assembly : Assembly
    replicates : int, >= 1
    seed : int, 0 <= seed < 2**64
    first : int, >= 0
    origin : STATE record, optional
        Where every replicate starts; before the opening if not given.
    threads : int, optional
        As many as there are processors if not given.
    paths : bool
        Whether to keep each actor's highest rung on each day.
    batch : int, optional
        Replicates played at a stretch; so many that Ctrl-C is heard soon if not given.
    progress : callable, optional
        Called with the number of replicates just finished, in the calling thread.

    Returns
    -------
    Outcomes
        The same bits for every number of threads and size of batch.

    Raises
    ------
    InputError
        Where a number is out of range, or there is no memory for so many replicates.
    """
    threads = cores() if threads is None else threads
    check_sizes(assembly, replicates, seed, threads, paths)
    if batch is None:
        longer = max(1.0, assembly.scenario.horizon_days / BATCH_DAYS)
        batch = max(1, int(BATCH / longer))
    start = at.new_state(0, 0) if origin is None else origin
    out = Outcomes.empty(replicates, len(assembly.actors), path_days(assembly) if paths else 0)
    compile_kernel(assembly)
    parts = (slice(low, min(low + batch, replicates)) for low in range(0, replicates, batch))

    def play(part: slice) -> int:
        return _play_part(assembly, start, seed, first, part, out)

    spread(play, parts, threads, progress or (lambda _: None))
    return out


def check_sizes(assembly: Assembly, replicates: int, seed: int, threads: int, paths: bool) -> None:
    """Refuse numbers that are out of range, and more replicates than there is memory for."""
    for key, value, least, most in (
        ("replicates", replicates, 1, MOST_REPLICATES - 1),
        ("threads", threads, 1, MOST_THREADS),
        ("seed", seed, 0, 2**64 - 1),
    ):
        allowed = f"a whole number from {least} to {most}"
        if isinstance(value, bool) or not isinstance(value, (int, np.integer)):
            raise InputError(f"{value!r} is no whole number", key=key, allowed=allowed)
        if not least <= value <= most:
            raise InputError(f"{value} is out of range", key=key, allowed=allowed)
    room = most_replicates(assembly, paths)
    if replicates > room:
        taken = replicates * bytes_per_replicate(assembly, paths) / 1e9
        raise InputError(
            f"{replicates} replicates take {taken:.1f} GB of memory, more than is free",
            key="replicates",
            allowed=f"1 to {room} here and now",
        )


def event_rows(
    assembly: Assembly, seed: int, replicate: int, origin: np.record | None = None
) -> np.ndarray:
    """Play one replicate and return its events, as the kernel records them.

    Returns
    -------
    float64 array, shape (n_events, N_ROW + MAX_ACTORS)
        Equal to the bit to ``CrisisModel.log.rows`` of the same seed and replicate.
    """
    start = at.new_state(0, 0) if origin is None else origin
    state = at.new_record(at.STATE)
    work = at.new_record(at.WORK)
    tally = np.zeros(kernel.N_TALLY, np.int32)
    first = np.zeros(len(assembly.actors))
    path = np.zeros((0, len(assembly.actors)), np.int8)
    room = 256
    while True:
        rows = np.zeros((room, at.N_ROW + at.MAX_ACTORS))
        key = np.uint64(seed), np.uint64(replicate)
        counts = tally, first, path, rows
        _, written = kernel.play(assembly.phases, start, state, work, *key, math.inf, -1, *counts)
        if written <= room:
            return rows[:written]
        room = written
