"""The pictures of an ensemble, and of two that share their luck."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.drawing_kinds import ENSEMBLE, PAIR, Kind, Source
from sim.errors import InputError

if TYPE_CHECKING:
    from sim.analysis.bars import Bars, Shifts
    from sim.analysis.courses import Courses
    from sim.analysis.fan import Fans
    from sim.analysis.matrix import Matrix
    from sim.analysis.strands import Strands
    from sim.analysis.tree import Tree
    from sim.analysis.waiting import Waiting
    from sim.ensembles import Ensemble

__all__ = ["KINDS", "courses_of"]

#: Replicates whose moves are kept: pictures do not get sharper with more.
MOST = 20_000


def courses_of(ensemble: Ensemble, most: int = MOST) -> Courses:
    """Play the first replicates of an ensemble again, and keep every move.

    Raises
    ------
    InputError
        Where the ensemble was simulated by another version of the model.
    """
    import numpy as np

    from sim.analysis.courses import Courses
    from sim.analysis.outcomes import Counted
    from sim.engines.ensemble import Outcomes
    from sim.engines.moves import play_moves

    n = min(len(ensemble), most)
    columns = {name: column[:n] for name, column in ensemble.outcomes.columns().items()}
    moves = play_moves(
        ensemble.assembly, n, ensemble.seed, origin=ensemble.origin, threads=ensemble.threads
    )
    if not np.array_equal(moves.end, columns["day"]):
        problem = "was simulated by another version of the model: simulate it again"
        raise InputError(f"this ensemble of {ensemble.scenario.name} {problem}")
    counted = Counted(Outcomes(**columns), ensemble.assembly.actors)
    return Courses(ensemble.assembly, moves, counted, ensemble.seed, _first_day(ensemble))


def _first_day(ensemble: Ensemble) -> float:
    """Return the day from which the replicates go their own ways."""
    from sim.kernel.layout import NOW

    return 0.0 if ensemble.origin is None else float(ensemble.origin.time[NOW])


def _outcomes(source: Source) -> Bars:
    from sim.analysis.bars import summarise_bars

    played = source.ensemble
    return summarise_bars(played.counted, played.scenario, played.seed, _first_day(played))


def _fan(source: Source) -> Fans:
    from sim.analysis.fan import summarise_fans

    return summarise_fans(source.courses)


def _paths(source: Source) -> Strands:
    from sim.analysis.strands import summarise_strands

    return summarise_strands(source.courses)


def _tree(source: Source) -> Tree:
    from sim.analysis.tree import summarise_tree

    return summarise_tree(source.courses)


def _incidence(source: Source) -> Waiting:
    from sim.analysis.waiting import summarise_waiting

    return summarise_waiting(source.courses)


def _matrix(source: Source) -> Matrix:
    from sim.analysis.matrix import summarise_matrix

    return summarise_matrix(source.courses)


def _difference(source: Source) -> Shifts:
    from sim.analysis.bars import summarise_shifts

    base, other = source.ensemble, source.against
    scenarios = base.scenario, other.scenario
    return summarise_shifts(base.compare(other), scenarios, len(base), base.seed)


KINDS = (
    Kind(
        "outcomes",
        ENSEMBLE,
        "the chance of each end, and of force, with intervals",
        _outcomes,
        "sim.plots.bars",
        "bars",
    ),
    Kind(
        "fan",
        ENSEMBLE,
        "the share of histories at each rung, over time",
        _fan,
        "sim.plots.fan",
        "fans",
    ),
    Kind(
        "paths",
        ENSEMBLE,
        "single histories, their median, and a few told ones",
        _paths,
        "sim.plots.strands",
        "strands",
    ),
    Kind(
        "tree",
        ENSEMBLE,
        "the most common courses, as a tree of the first moves",
        _tree,
        "sim.plots.tree",
        "tree",
    ),
    Kind(
        "incidence",
        ENSEMBLE,
        "by when force, a settlement or a war has come",
        _incidence,
        "sim.plots.waiting",
        "waiting",
    ),
    Kind(
        "matrix",
        ENSEMBLE,
        "who acts on whom, and how high on the ladder",
        _matrix,
        "sim.plots.matrix",
        "matrix",
    ),
    Kind(
        "difference",
        PAIR,
        "what differs between two scenarios (--against B)",
        _difference,
        "sim.plots.shifts",
        "shifts",
    ),
)
