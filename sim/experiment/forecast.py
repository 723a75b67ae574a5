"""What a sweep will cost, measured on a few of its design points."""

from __future__ import annotations

import time
from dataclasses import dataclass

import numpy as np

from sim.experiment.plan import Plan
from sim.experiment.work import Worker, write_table

__all__ = ["Forecast", "forecast"]

POINTS = 8
REPLICATES = 250


@dataclass(frozen=True)
class Forecast:
    """What a sweep will cost.

    Attributes
    ----------
    points, replicates, parts : int
        Design points, histories in all, files.
    seconds : float
        On `workers`, the kernel compiled.
    workers : int
    megabytes : float
        Of outcomes, on disk.
    """

    points: int
    replicates: int
    parts: int
    seconds: float
    workers: int
    megabytes: float


def forecast(plan: Plan, workers: int) -> Forecast:
    """Play a few design points of a study and reckon what all of it will take."""
    worker = Worker(plan, "")
    layout = plan.layout
    chosen = np.unique(np.linspace(0, layout.points - 1, POINTS).astype(int))
    few = range(min(REPLICATES, plan.replicates))
    worker.sample(chosen[:1], range(1))  # compiles the kernel
    began = time.perf_counter()
    table = worker.sample(chosen, few)
    each = (time.perf_counter() - began) / max(1, table.num_rows)
    bare = len(write_table(table.slice(0, 0)))
    row = (len(write_table(table)) - bare) / max(1, table.num_rows)
    rows = layout.points * layout.replicates
    size = (rows * row + layout.parts * bare) / 1e6
    return Forecast(layout.points, rows, layout.parts, rows * each / workers, workers, size)
