"""Many worlds: the weights of the rules drawn anew in each, and the same options played in all."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from sim.engines.assembly import Assembly
from sim.engines.ensemble import Outcomes, compile_kernel, cores, play_block
from sim.engines.pool import spread
from sim.engines.reweighting import Terms, elicited_weights, reweighted

__all__ = ["play_worlds"]


def play_worlds(
    starts: list[tuple[Assembly, np.record]],
    measure: Callable[[int, Outcomes], list[np.ndarray]],
    *,
    worlds: int,
    replicates: int,
    seed: int,
    threads: int | None = None,
    progress: Callable[[int], None] | None = None,
) -> list[np.ndarray]:
    """Play the futures of several starts in each of many worlds.

    Parameters
    ----------
    starts : list of (Assembly, STATE record)
        Of one scenario, maybe with other injects.
    measure : callable
        Called with the place of a start and what its futures in a world were; returns the
        criteria, shape (replicates,) each.
    worlds, replicates : int
        How many worlds, and futures of each start in each of them.
    seed : int
        Of the weights and of the futures: world w plays replicates ``w * replicates`` and those
        after it, so that all starts share their luck in a world, and no two worlds do.
    threads : int, optional
    progress : callable, optional
        Called with the number of futures just finished.

    Returns
    -------
    list of arrays, shape (worlds, starts, replicates)
        One for each criterion.
    """
    compile_kernel(starts[0][0])
    terms = {id(assembly): Terms(assembly) for assembly, _ in starts}
    drawn = elicited_weights(starts[0][0].scenario, worlds, seed)

    def play(w: int) -> list[list[np.ndarray]]:
        laid = {
            id(assembly): reweighted(assembly, drawn[w], terms[id(assembly)])
            for assembly, _ in starts
        }
        outcomes = (
            play_block(laid[id(assembly)], replicates, seed, w * replicates, origin)
            for assembly, origin in starts
        )
        return [measure(k, found) for k, found in enumerate(outcomes)]

    found: list[list[list[np.ndarray]]] = []

    def take(world: list[list[np.ndarray]]) -> None:
        found.append(world)
        if progress is not None:
            progress(len(starts) * replicates)

    spread(play, range(worlds), threads or cores(), take)
    criteria = range(len(found[0][0]))
    return [np.array([[option[c] for option in world] for world in found]) for c in criteria]
