"""What a sweep will cost, measured on a few of its design points."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sim.crisis.stored import to_json
from sim.experiment.design_table import design_table
from sim.experiment.plan import Plan
from sim.experiment.tally import Tally
from sim.experiment.work import Worker, tally_of, write_table

if TYPE_CHECKING:
    import pandas as pd

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
        Of the study on disk: outcomes, summary, design points and scenario.
    """

    points: int
    replicates: int
    parts: int
    seconds: float
    workers: int
    megabytes: float


def forecast(
    plan: Plan, workers: int, summarise: Callable[[Tally, float], pd.DataFrame]
) -> Forecast:
    """Play a few design points of a study and reckon what all of it will take."""
    import pyarrow as pa

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
    size = rows * row + layout.parts * bare
    size += len(write_table(design_table(plan.design))) + len(to_json(plan.scenario).encode())
    # The summary of the few, as if there were no other points.
    ranks = pa.array(np.searchsorted(chosen, table["point"].to_numpy()).astype(np.int32))
    few_points = table.set_column(0, "point", ranks)
    summary = summarise(tally_of(plan.outcomes, plan.horizon, few_points), plan.horizon)
    made = pa.Table.from_pandas(summary, preserve_index=False).replace_schema_metadata(None)
    empty = len(write_table(made.slice(0, 0)))
    size += empty + (len(write_table(made)) - empty) * layout.points / len(chosen)
    took = rows * each / workers
    return Forecast(layout.points, rows, layout.parts, took, workers, size / 1e6)
