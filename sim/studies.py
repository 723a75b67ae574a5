"""Sweeps and studies: what is not known is varied, widely and together."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.crisis import Scenario, load
from sim.crisis.experiment_reading import (
    Experiment,
    experiment_names,
    made_experiment,
    read_experiment,
)
from sim.errors import InputError, nearest_name

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow.dataset as ds
    import xarray as xr

    from sim.analysis.intervals import Difference
    from sim.experiment.executors import Executor
    from sim.experiment.forecast import Forecast
    from sim.experiment.sweeping import Sweep
    from sim.history import History

__all__ = [
    "Experiment",
    "Forecast",
    "Study",
    "begin_sweep",
    "experiment_names",
    "finish_sweep",
    "forecast_sweep",
    "read_experiment",
    "study",
    "sweep",
]

#: Called with the replicates just played and those to be played in all.
Told = Callable[[int, int], None]


def sweep(
    experiment: Experiment | Scenario | str | Path,
    factors: Mapping[str, object] | None = None,
    *,
    replicates: int | None = None,
    design: str = "factorial",
    points: int | None = None,
    outcomes: Sequence[str] = (),
    streams: str = "common",
    seed: int = 1,
    out: str | Path | None = None,
    resume: bool = False,
    workers: int | None = None,
    executor: str = "local",
    scheduler: str | None = None,
    progress: Told | None = None,
) -> Study:
    """Vary a scenario by a design, simulate every design point, and keep what came of it.

    Parameters
    ----------
    experiment : Experiment, Scenario, str or Path
        An experiment, or the path of its file; or, with `factors`, a scenario or its name.
    factors : mapping, optional
        What is varied: dotted path to its levels, or to a table such as
        ``{"distribution": "uniform", "low": 0.5, "high": 2.0}``.
    replicates : int, optional
        Histories at each design point; those of the file, or 1,000, if not given.
    design : str
        factorial, one-at-a-time, latin-hypercube, sobol, saltelli or elicited.
    points : int, optional
        Points of a design that draws them.
    outcomes : sequence of str, optional
        What is kept of each history; the usual ones if not given.
    streams : str
        common: replicate k of every design point has the same luck, so that points compare
        tightly.  independent: no two histories share any.
    seed : int, 0 <= seed < 2**63
    out : str or Path, optional
        Folder of the study; one that goes when the study does, if not given.
    resume : bool
        Whether to go on with the study that `out` holds.
    workers : int, optional
        As many as there are processors if not given; changes the time alone.
    executor : str
        local (threads of this process) or dask.
    scheduler : str, optional
        Address of a Dask scheduler; a cluster on this machine if not given.
    progress : callable, optional
        Called with the replicates played and asked for so far.

    Returns
    -------
    Study

    Raises
    ------
    InputError
        Where anything is wrong with the experiment or the folder, in one line.

    Examples
    --------
    >>> import sim
    >>> found = sim.sweep("after-the-strike", {"strike.dead": [0, 80]}, replicates=200)
    >>> len(found.design)
    2
    """
    if isinstance(experiment, Experiment) or factors is None:
        chosen = experiment
        if not isinstance(chosen, Experiment):
            if isinstance(chosen, Scenario):
                raise InputError("a scenario is swept over factors", key="factors")
            chosen = read_experiment(chosen)
        if replicates is not None:
            chosen = chosen.with_(replicates=replicates)
    else:
        scenario = experiment if isinstance(experiment, Scenario) else load(experiment)
        fields: dict[str, Any] = {"points": points} if points is not None else {}
        chosen = made_experiment(
            scenario,
            factors,
            "sweep",
            replicates=1000 if replicates is None else replicates,
            design=design,
            outcomes=tuple(outcomes),
            streams=streams,
            seed=seed,
            **fields,
        )
    keep = None
    if out is None:
        keep = tempfile.TemporaryDirectory(prefix="escalation-")
        out = Path(keep.name) / chosen.name
    begun = begin_sweep(chosen, out, resume)
    done = finish_sweep(
        begun, workers=workers, executor=executor, scheduler=scheduler, progress=progress
    )
    done._keep = keep
    return done


def begin_sweep(experiment: Experiment, out: str | Path, resume: bool = False) -> Sweep:
    """Lay a study out in its folder, or take up the one that is there; nothing is played yet."""
    from sim import __version__
    from sim.experiment.sweeping import begin

    return begin(experiment, Path(out), __version__, resume)


def forecast_sweep(experiment: Experiment, workers: int | None = None) -> Forecast:
    """Reckon what a sweep will cost on this machine, from a few histories of a few points."""
    from sim.experiment.executors import checked_workers
    from sim.experiment.forecast import forecast
    from sim.experiment.plan import plan

    return forecast(plan(experiment), checked_workers(workers))


def finish_sweep(
    begun: Sweep,
    *,
    workers: int | None = None,
    executor: str = "local",
    scheduler: str | None = None,
    progress: Told | None = None,
) -> Study:
    """Play what a study still lacks; parameters as of `sweep`."""
    from sim.analysis.summaries import summarise

    played, asked = 0, begun.rows

    def tell(more: int) -> None:
        nonlocal played
        played += more
        if progress is not None:
            progress(played, asked)

    if progress is not None:
        progress(0, asked)
    chosen = _executor(executor, workers, scheduler)
    begun.play(chosen, summarise, tell)
    return Study(begun.store.folder)


def _executor(name: str, workers: int | None, scheduler: str | None) -> Executor:
    if name == "local":
        from sim.experiment.executors import Threads

        if scheduler is not None:
            raise InputError("goes with the executor dask", key="scheduler")
        return Threads(workers)
    if name == "dask":
        from sim.experiment.cluster import Dask

        return Dask(workers, scheduler)
    known = ("local", "dask")
    raise InputError(
        f"no such executor {name!r}",
        key="executor",
        allowed=", ".join(known),
        nearest=nearest_name(name, known),
    )


def study(folder: str | Path) -> Study:
    """Open a study that a sweep wrote, finished or not.

    Raises
    ------
    InputError
        Where the folder holds none.
    """
    return Study(Path(folder))


class Study:
    """Design points, what was simulated at each, and the summary of it.

    Parameters
    ----------
    folder : Path

    Attributes
    ----------
    folder : Path
    manifest : dict
        The experiment as it was run, digests of every input, versions, status and failures.
    """

    def __init__(self, folder: Path) -> None:
        from sim.experiment.store import MANIFEST, Store

        self.folder = Path(folder)
        self._store = Store(self.folder)
        self.manifest: dict[str, Any] = self._store.read_json(MANIFEST)
        if "inputs" not in self.manifest:
            raise InputError("is no manifest of a study", file=str(self.folder / MANIFEST))
        self._keep: object = None

    def __repr__(self) -> str:
        """Say what it is a study of."""
        inputs = self.manifest["inputs"]
        return (
            f"<Study {self.manifest['study']} of {inputs['scenario']}: "
            f"{self.manifest['points']:,} design points x {inputs['replicates']:,} replicates, "
            f"{self.status}>"
        )

    @property
    def status(self) -> str:
        """Complete, incomplete (something failed), interrupted, or running."""
        return str(self.manifest["status"])

    @property
    def kind(self) -> str:
        """The design: factorial, one-at-a-time, latin-hypercube, sobol, saltelli, ..."""
        return str(self.manifest["inputs"]["design"])

    @property
    def names(self) -> list[str]:
        """The factors."""
        return list(self.design.columns)

    @property
    def outcomes(self) -> tuple[str, ...]:
        """The outcomes that were kept."""
        return tuple(self.manifest["inputs"]["outcomes"])

    @property
    def gridded(self) -> bool:
        """Whether the design points are all combinations of levels."""
        return self.kind == "factorial"

    @cached_property
    def design(self) -> pd.DataFrame:
        """The design points: index `point`, a column a factor."""
        from sim.experiment.design_table import read_design

        return read_design(self._store.path("design.parquet"))

    @cached_property
    def scenario_as_run(self) -> Scenario:
        """The scenario that the factors were set in, from the study's own copy."""
        from sim.crisis.stored import from_json
        from sim.experiment.store import SCENARIO

        place = self._store.path(SCENARIO)
        return from_json(place.read_text(encoding="utf-8"), str(place))

    @cached_property
    def summary(self) -> pd.DataFrame:
        """An estimate with its interval for each design point and outcome, a row each.

        Columns as of `sim.analysis.summaries.summarise`.  Of a study that was interrupted, what
        is there is summarised.
        """
        import pandas as pd

        from sim.analysis.summaries import summarise
        from sim.experiment.sweeping import tally_stored

        place = self._store.path("summary.parquet")
        if self.status in ("complete", "incomplete") and place.is_file():
            return pd.read_parquet(place)
        tally = tally_stored(self._store, self.manifest)
        return summarise(tally, self.manifest["horizon_days"])

    def table(self, outcome: str = "open_war") -> pd.DataFrame:
        """Return one outcome beside the factors: index `point`; estimate, low, high, se and n.

        Raises
        ------
        InputError
            Where the study did not keep it.
        """
        import numpy as np

        self._check(outcome)
        rows = self.summary[self.summary["outcome"] == outcome].set_index("point")
        found = rows[["estimate", "low", "high", "n"]].copy()
        with np.errstate(invalid="ignore", divide="ignore"):
            found["se"] = rows["sd"] / np.sqrt(rows["n"])
        return self.design.join(found)

    def dataset(self) -> ds.Dataset:
        """Open the outcomes as they lie on disk, a row a replicate, without reading them."""
        import pyarrow.dataset as ds

        return ds.dataset(self.folder / "outcomes", format="parquet")

    def to_xarray(self) -> xr.Dataset:
        """Return the summary of a gridded study with a dimension a factor.

        Variables are named after the outcomes; NAME_low and NAME_high bound their intervals.

        Raises
        ------
        InputError
            Where the design is no grid, or xarray is not installed.
        """
        try:
            import xarray  # noqa: F401
        except ImportError:
            raise InputError(
                "needs xarray", key="to_xarray", allowed="pip install 'escalation[grid]'"
            ) from None
        if not self.gridded:
            raise InputError(
                f"a {self.kind} design is no grid", key="to_xarray", allowed="factorial"
            )
        import pandas as pd

        columns: dict[str, pd.Series[float]] = {}
        for outcome in self.outcomes:
            table = self.table(outcome)
            columns |= {
                outcome: table["estimate"],
                f"{outcome}_low": table["low"],
                f"{outcome}_high": table["high"],
            }
        index = pd.MultiIndex.from_frame(self.design)
        return pd.DataFrame({k: c.to_numpy() for k, c in columns.items()}, index).to_xarray()

    def compare(self, a: int, b: int, outcome: str = "open_war") -> Difference:
        """Estimate ``b - a`` of two design points, paired replicate by replicate.

        Raises
        ------
        InputError
            Where the streams are independent, there is no such point or outcome, or the outcome is
            a median.
        """
        import pyarrow.dataset as ds

        from sim.analysis.intervals import difference

        self._check(outcome)
        if self.manifest["inputs"]["streams"] != "common":
            raise InputError("independent streams do not pair", key="compare")
        if outcome.endswith("_first_force"):
            raise InputError("medians do not pair", key="compare")
        sides = []
        for point in (a, b):
            self._check_point(point)
            of_point = ds.field("point") == point
            table = self.dataset().to_table(["replicate", outcome], filter=of_point)
            sides.append(table.to_pandas().set_index("replicate")[outcome].sort_index())
        shared = sides[0].index.intersection(sides[1].index)
        pair = [side.loc[shared].to_numpy() for side in sides]
        return difference(pair[0], pair[1])

    def scenario(self, point: int) -> Scenario:
        """Return the scenario of a design point."""
        self._check_point(point)
        values: dict[str, Any] = {}
        row = self.design.loc[point]
        for name, paths in zip(self.names, self.manifest["targets"], strict=True):
            values |= dict.fromkeys(paths, row[name])
        return self.scenario_as_run.with_(values, source=f"design point {point}:")

    def history(self, point: int, replicate: int) -> History:
        """Tell one replicate of a design point in full, by the Mesa model."""
        from sim.history import run

        inputs = self.manifest["inputs"]
        if not 0 <= replicate < inputs["replicates"]:
            raise InputError(
                f"there is no replicate {replicate}",
                key="history",
                allowed=f"0 to {inputs['replicates'] - 1}",
            )
        first = 0 if inputs["streams"] == "common" else point * inputs["replicates"]
        return run(self.scenario(point), inputs["seed"], replicate=first + replicate)

    def _check(self, outcome: str) -> None:
        if outcome not in self.outcomes:
            raise InputError(
                f"the study kept no outcome {outcome!r}",
                key="outcome",
                allowed=", ".join(self.outcomes),
                nearest=nearest_name(outcome, self.outcomes),
            )

    def _check_point(self, point: int) -> None:
        points = self.manifest["points"]
        if not 0 <= point < points:
            raise InputError(
                f"there is no design point {point}", key="point", allowed=f"0 to {points - 1}"
            )
