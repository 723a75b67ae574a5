"""How an ensemble comes about: as large as asked for, or until it is precise enough."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from sim.errors import InputError

if TYPE_CHECKING:
    import numpy as np

    from sim.engines.assemble import Assembly
    from sim.engines.ensemble import Outcomes
    from sim.ensembles import Ensemble

REPLICATES = 100_000  # where neither a number nor a precision is asked for
FIRST = 2_000  # replicates before `precision` first looks
MOST = 10_000_000  # replicates at which `precision` gives up

#: Called with replicates finished and asked for; first, before anything is compiled, with none.
Told = Callable[[int, int], None]


def grow(
    assembly: Assembly,
    *,
    origin: np.record | None,
    replicates: int | None,
    seed: int,
    precision: float | None,
    outcome: str,
    most: int,
    threads: int | None,
    paths: bool,
    progress: Told | None,
) -> Ensemble:
    """Play an ensemble of a given size, or one that grows until it is precise."""
    from sim.engines.ensemble import (
        Outcomes,
        check_sizes,
        compile_kernel,
        cores,
        most_replicates,
        play_ensemble,
    )
    from sim.ensembles import Ensemble

    goal = REPLICATES if replicates is None else replicates
    if precision is not None:
        _check(assembly, replicates, precision, outcome, most)
        # Parts are put together in the end: room for twice as many.
        most = max(1, min(most, most_replicates(assembly, paths) // 2))
        goal = min(FIRST, most)
    threads = cores() if threads is None else threads
    check_sizes(assembly, goal, seed, threads, paths)
    if progress is not None:
        progress(0, goal)
    compile_kernel(assembly)
    began = time.perf_counter()
    parts: list[Outcomes] = []
    played = finished = 0

    def tell(more: int) -> None:
        nonlocal finished
        finished += more
        if progress is not None:
            progress(finished, goal)

    while True:
        part = play_ensemble(
            assembly,
            goal - played,
            seed,
            first=played,
            origin=origin,
            threads=threads,
            paths=paths,
            progress=tell,
        )
        parts = [Outcomes.joined([*parts, part])] if parts else [part]
        played = goal
        seconds = time.perf_counter() - began
        result = Ensemble(assembly, parts[0], seed, seconds, origin, threads)
        if precision is None:
            return result
        half = result.probability(outcome).half_width
        # A sample that never varied says nothing of how far off it may be.
        result.reached = bool(0.0 < half <= precision)
        if result.reached or half == 0.0 or played >= most:
            return result
        goal = _next(played, half, precision, most)


def _next(played: int, half: float, precision: float, most: int) -> int:
    """Choose the next size: intervals shrink with the root of it."""
    # A tenth more, so as not to miss by a hair; not too far at a time, as `half` is uncertain.
    wanted = played * (half / precision) ** 2 * 1.1 if math.isfinite(half) else played * 4
    return int(min(most, max(played * 1.2, min(wanted, played * 16))))


def _check(
    assembly: Assembly, replicates: int | None, precision: float, outcome: str, most: int
) -> None:
    """Refuse what cannot be meant before anything is played."""
    from sim.engines.measures import Measures

    if replicates is not None:
        raise InputError("give replicates or precision, not both", key="precision")
    if not 0 < precision < math.inf:
        raise InputError(f"{precision} is out of range", key="precision", allowed="above 0, finite")
    if most < 1:
        raise InputError(f"{most} is out of range", key="most", allowed="1 or more")
    Measures.check(outcome, assembly.actors)
