"""The moves of many replicates in columns, opening included, for measures that need their order."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields

import numpy as np

from sim.engines.assemble import Assembly
from sim.engines.ensemble import cores, event_rows
from sim.engines.pool import spread
from sim.errors import InputError
from sim.kernel import layout as at
from sim.kernel.telling import tell_many

BATCH = 500
ROOM = 64  # moves for each history of a batch; doubled where they need more
NOBODY = -1
MOST = 10_000_000
_COLUMNS = (
    at.ROW_TIME,
    at.ROW_ACTOR,
    at.ROW_MOVE,
    at.ROW_TARGET,
    at.ROW_PLACE,
    at.ROW_ATTRIBUTED,
)


@dataclass(frozen=True)
class Moves:
    """Every move of an ensemble, replicate by replicate and in order of time.

    Attributes
    ----------
    end : float64, shape (replicates,)
        Day on which each history ended.
    replicate : int32, shape (n_moves,)
    day : float64, shape (n_moves,)
        Days from the start; negative in the opening.
    actor, move, rung, target, soil : int8, shape (n_moves,)
        Indices of the assembly; -1 for no target and no soil.
    known : bool, shape (n_moves,)
        Whether it is known who made it.
    dead : int32, shape (n_moves, n_actors)
        True dead of each actor.
    """

    end: np.ndarray
    replicate: np.ndarray
    day: np.ndarray
    actor: np.ndarray
    move: np.ndarray
    rung: np.ndarray
    target: np.ndarray
    soil: np.ndarray
    known: np.ndarray
    dead: np.ndarray

    @property
    def replicates(self) -> int:
        """Number of histories."""
        return len(self.end)

    def same(self, other: Moves) -> bool:
        """Whether these are the very moves of the other, to the bit."""
        names = (field.name for field in fields(self))
        return all(np.array_equal(getattr(self, name), getattr(other, name)) for name in names)

    @classmethod
    def joined(cls, parts: list[Moves]) -> Moves:
        """Put several parts one behind the other."""
        columns = (field.name for field in fields(cls))
        return cls(**{c: np.concatenate([getattr(part, c) for part in parts]) for c in columns})


def _columns(assembly: Assembly, rows: np.ndarray, replicate: np.ndarray, end: np.ndarray) -> Moves:
    """Give the kernel's rows of moves their columns."""
    n = len(assembly.actors)
    day, actor, move, target, place, known = rows[:, _COLUMNS].T
    move, place = move.astype(np.int8), place.astype(np.int8)
    directed = np.array([m.directed for m in assembly.scenario.crisis.moves])
    rungs = np.array([m.rung for m in assembly.scenario.crisis.moves], np.int8)
    kinetic = rungs[move] >= at.FORCE_RUNG
    soil = np.where(kinetic & (place >= 0), assembly.params.soil[place], NOBODY)
    return Moves(
        end=end,
        replicate=replicate.astype(np.int32),
        day=day.copy(),
        actor=actor.astype(np.int8),
        move=move,
        rung=rungs[move],
        target=np.where(directed[move], target, NOBODY).astype(np.int8),
        soil=soil.astype(np.int8),
        known=known.astype(np.bool_),
        dead=rows[:, at.N_ROW : at.N_ROW + n].astype(np.int32),
    )


def _play_part(assembly: Assembly, seed: int, part: range) -> Moves:
    """Play the replicates of one batch from before the opening."""
    origin, state, work = at.new_state(0, 0), at.new_record(at.STATE), at.new_record(at.WORK)
    upto, end = np.zeros(len(part), np.int64), np.zeros(len(part))
    room = ROOM * len(part)
    while True:
        rows = np.zeros((room, at.N_ROW + at.MAX_ACTORS))
        key = np.uint64(seed), np.uint64(part.start)
        told = tell_many(assembly.phases, origin, state, work, *key, rows, upto, end)
        if told == len(part):
            break
        room *= 2
    replicate = np.repeat(np.array(part), np.diff(upto, prepend=0))
    return _columns(assembly, rows[: upto[-1]], replicate, end)


def _play_forked(assembly: Assembly, seed: int, part: range, origin: np.record) -> Moves:
    """Play the replicates of one batch from the middle of a history."""
    told = [event_rows(assembly, seed, replicate, origin) for replicate in part]
    moves = [rows[rows[:, at.ROW_KIND] == at.MOVE] for rows in told]
    replicate = np.repeat(np.array(part), [len(rows) for rows in moves])
    # The last event of every history is its end.
    end = np.array([rows[-1, at.ROW_TIME] for rows in told])
    return _columns(assembly, np.concatenate(moves), replicate, end)


def play_moves(
    assembly: Assembly,
    replicates: int,
    seed: int,
    *,
    origin: np.record | None = None,
    threads: int | None = None,
    progress: Callable[[int], None] | None = None,
) -> Moves:
    """Play replicates 0 to ``replicates - 1`` of a seed and keep every move.

    Parameters
    ----------
    assembly : Assembly
    replicates : int, >= 1
    seed : int, 0 <= seed < 2**64
    origin : STATE record, optional
        Where every replicate starts; before the opening, which is then told too, if not given.
    threads : int, optional
        All processors if not given; changes nothing but the time.
    progress : callable, optional
        Called with the number of replicates just finished.

    Returns
    -------
    Moves

    Raises
    ------
    InputError
        Where a number is out of range.
    """
    if not 1 <= replicates <= MOST:
        raise InputError(f"{replicates} is out of range", key="replicates", allowed=f"1 to {MOST}")
    if not 0 <= seed < 2**64:
        raise InputError(f"{seed} is out of range", key="seed", allowed="0 to 2**64 - 1")
    parts = [range(k, min(k + BATCH, replicates)) for k in range(0, replicates, BATCH)]
    made: list[Moves] = []

    def play(part: range) -> Moves:
        if origin is None:
            return _play_part(assembly, seed, part)
        return _play_forked(assembly, seed, part, origin)

    def take(found: Moves) -> None:
        made.append(found)
        if progress is not None:
            progress(found.replicates)

    spread(play, parts, threads or cores(), take)
    return Moves.joined(made)
