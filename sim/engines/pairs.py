"""Pairs of histories on the same luck: how many differ, how, and whose decision parts them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields

import numpy as np

from sim.engines.assemble import Assembly
from sim.engines.ensemble import check_sizes, cores
from sim.engines.pool import spread
from sim.errors import InputError
from sim.kernel import layout as at
from sim.kernel import parting as kernel

__all__ = ["KINDS", "Pairs", "compile_pairs", "play_pairs"]

BATCH = 250
ROOM = 256  # events and decisions of a history; doubled where one has more

#: How two histories differ, by the kernel's number.
KINDS = {
    kernel.SAME: "same",
    kernel.MARKS: "marks",
    kernel.LENGTH: "length",
    kernel.DECISION: "decision",
}


@dataclass(frozen=True)
class Pairs:
    """What was found of each pair, in typed columns.

    Attributes
    ----------
    kind : int16, shape (pairs,)
        SAME, MARKS, LENGTH or DECISION of `sim.kernel.parting`.
    actor : int16, shape (pairs,)
        Whose decision parts the two, as the assembly counts; -1 for none.
    option, other : int16, shape (pairs,)
        Which option it takes in the first history and in the second; -1 for none.
    end, other_end : int16, shape (pairs,)
        WAR, SETTLEMENT or HORIZON of `sim.kernel.layout`.
    day : float64, shape (pairs, 2)
        When that decision is taken in each; nan for none.
    """

    kind: np.ndarray
    actor: np.ndarray
    option: np.ndarray
    other: np.ndarray
    end: np.ndarray
    other_end: np.ndarray
    day: np.ndarray

    def __len__(self) -> int:
        return len(self.kind)

    @classmethod
    def joined(cls, parts: list[Pairs]) -> Pairs:
        """Put several parts one behind the other."""
        columns = (field.name for field in fields(cls))
        return cls(**{c: np.concatenate([getattr(part, c) for part in parts]) for c in columns})


def _play_part(
    base: Assembly, other: Assembly, origins: np.ndarray, seed: int, low: int, size: int
) -> Pairs:
    found, day = np.zeros((size, kernel.N_FOUND), np.int16), np.zeros((size, 2))
    state, work = at.new_record(at.STATE), at.new_record(at.WORK)
    done, room = 0, ROOM
    while True:
        rows = np.zeros((2, room, at.N_ROW + at.MAX_ACTORS))
        taken = np.zeros((2, room, kernel.N_TAKEN))
        done += kernel.part_many(
            base.phases,
            other.phases,
            origins,
            state,
            work,
            np.uint64(seed),
            np.uint64(low + done),
            rows,
            taken,
            found[done:],
            day[done:],
        )
        if done == size:
            break
        room *= 2
    return Pairs(
        kind=found[:, kernel.FOUND_KIND],
        actor=found[:, kernel.FOUND_ACTOR],
        option=found[:, kernel.FOUND_OPTION],
        other=found[:, kernel.FOUND_OTHER],
        end=found[:, kernel.FOUND_END],
        other_end=found[:, kernel.FOUND_OTHER_END],
        day=day,
    )


def compile_pairs(base: Assembly, other: Assembly) -> None:
    """Compile what has yet to be compiled, in this thread, where Ctrl-C is heard at once."""
    _play_part(base, other, np.zeros(2, at.STATE), 0, 0, 0)


def play_pairs(
    base: Assembly,
    other: Assembly,
    replicates: int,
    seed: int,
    *,
    first: int = 0,
    origins: tuple[np.record | None, np.record | None] = (None, None),
    threads: int | None = None,
    progress: Callable[[int], None] | None = None,
) -> Pairs:
    """Play replicates `first` to `first + replicates - 1` of a seed in both scenarios, and compare.

    Parameters
    ----------
    base, other : Assembly
        Of the same actors and options.
    replicates, seed, first, threads, progress
        As of `sim.engines.ensemble.play_ensemble`.
    origins : pair of STATE record or None
        Where the histories of each start; before the opening if not given.

    Returns
    -------
    Pairs
        The same for every number of threads.

    Raises
    ------
    InputError
        Where a number is out of range, or the two differ in actors or options.
    """
    if base.options != other.options or base.actors != other.actors:
        raise InputError("a pair needs the same actors with the same options", key="pairs")
    threads = cores() if threads is None else threads
    check_sizes(base, replicates, seed, threads, paths=False)
    starts = np.zeros(2, at.STATE)
    for k, origin in enumerate(origins):
        starts[k] = at.new_state(0, 0) if origin is None else origin

    def part(low: int) -> Pairs:
        size = min(BATCH, replicates - low)
        return _play_part(base, other, starts, seed, first + low, size)

    made: list[Pairs] = []

    def take(found: Pairs) -> None:
        made.append(found)
        if progress is not None:
            progress(len(found))

    compile_pairs(base, other)
    spread(part, range(0, replicates, BATCH), threads, take)
    return Pairs.joined(made)
