"""A study as it lies in its folder: design points, summaries, histories."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.crisis import Scenario
from sim.crisis.experiment import DRAWN, SALTELLI
from sim.errors import InputError, nearest_name, not_installed

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow.dataset as ds
    import xarray as xr
    from matplotlib.axes import Axes

    from sim.analysis.intervals import Difference
    from sim.history import History

__all__ = ["Study", "study"]


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
        from sim.experiment.manifests import check_inputs
        from sim.experiment.store import MANIFEST, Store

        self.folder = Path(folder)
        self._store = Store(self.folder)
        self.manifest: dict[str, Any] = self._store.manifest()
        check_inputs(self.manifest, self._store.path(MANIFEST))

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

    @property
    def drawn(self) -> bool:
        """Whether the design points are a sample, and no levels that somebody chose."""
        return self.kind in DRAWN

    @property
    def independent(self) -> pd.Index:
        """The points that were drawn independently: of a Saltelli design the two base samples."""
        if self.kind != SALTELLI:
            return self.design.index
        from sim.analysis.variance import main_rows

        pairs = bool(self.manifest["inputs"].get("second_order", False))
        return self.design.index[main_rows(len(self.design), len(self.names), pairs)]

    @cached_property
    def design(self) -> pd.DataFrame:
        """The design points: index `point`, a column a factor."""
        from sim.experiment.design_table import read_design
        from sim.experiment.store import DESIGN

        found = read_design(self._store.read_table(DESIGN))
        said = self.manifest["points"], len(self.manifest["targets"])
        if found.shape != said:
            raise InputError(
                "is torn or foreign: the manifest says other points or factors",
                file=str(self._store.path(DESIGN)),
            )
        return found

    @cached_property
    def scenario_as_run(self) -> Scenario:
        """The scenario that the factors were set in, from the study's own copy."""
        from sim.experiment.sweeping import read_scenario

        return read_scenario(self._store)

    @cached_property
    def summary(self) -> pd.DataFrame:
        """An estimate with its interval for each design point and outcome, a row each.

        Columns as of `sim.analysis.summaries.summarise`.  Of a study that was interrupted, what
        is there is summarised.
        """
        from sim.analysis.summaries import summarise
        from sim.experiment.store import SUMMARY
        from sim.experiment.sweeping import tally_stored

        place = self._store.path(SUMMARY)
        if self.status in ("complete", "incomplete") and place.is_file():
            mend = "--resume makes it again"
            frame: pd.DataFrame = self._store.read_table(place.name, mend).to_pandas()
            return frame
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
        """Open the outcomes as they lie on disk, a row a replicate, without reading them.

        Raises
        ------
        InputError
            Where there are none, or a part of them is torn or foreign; the line names the file.
        """
        import pyarrow.dataset as ds

        parts = self._store.stored(self.manifest["parts"])
        if not parts:
            raise InputError("holds no outcomes yet", file=str(self.folder), allowed="--resume")
        for k in parts:
            self._store.about(k, self.manifest["digest"])
        return ds.dataset(self.folder / "outcomes", format="parquet")

    def to_xarray(self) -> xr.Dataset:
        """Return the summary of a gridded study with a dimension a factor, levels in their order.

        Variables are named after the outcomes; NAME_low and NAME_high bound their intervals.

        Raises
        ------
        InputError
            Where the design is no grid, or xarray is not installed.
        """
        try:
            import xarray as xr
        except ImportError:
            raise not_installed("xarray", "grid", "to_xarray") from None
        if not self.gridded:
            raise InputError(
                f"a {self.kind} design is no grid", key="to_xarray", allowed="factorial"
            )
        # A factorial design lists all combinations, the last factor varying fastest.
        levels = {name: self.design[name].drop_duplicates().to_numpy() for name in self.names}
        shape = tuple(map(len, levels.values()))
        columns: dict[str, pd.Series[float]] = {}
        for outcome in self.outcomes:
            table = self.table(outcome)
            columns |= {
                outcome: table["estimate"],
                f"{outcome}_low": table["low"],
                f"{outcome}_high": table["high"],
            }
        cells = {k: (self.names, c.to_numpy().reshape(shape)) for k, c in columns.items()}
        return xr.Dataset(cells, levels)

    def compare(self, a: int, b: int, outcome: str = "open_war") -> Difference:
        """Estimate ``b - a`` of two design points, paired replicate by replicate.

        Raises
        ------
        InputError
            Where the streams are independent, there is no such point or outcome, the outcome is a
            median, or there is but one pair.
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
        if shared.empty:
            raise InputError(f"points {a} and {b} have no replicate in common", key="compare")
        if len(shared) == 1:
            problem = f"points {a} and {b} have a single replicate in common: a pair is no sample"
            raise InputError(problem, key="compare", allowed="2 or more")
        pair = [side.loc[shared].to_numpy() for side in sides]
        return difference(pair[0], pair[1])

    def plot(self, kind: str, outcome: str | None = None, ax: Axes | None = None) -> Axes:
        """Draw a picture of an outcome: what its design can show, as `sim.drawing` lists it."""
        from sim.drawing import plot

        return plot(self, kind, ax, outcome=outcome)

    def scenario(self, point: int) -> Scenario:
        """Return the scenario of a design point."""
        self._check_point(point)
        from sim.experiment.design_table import row_of

        values: dict[str, Any] = {}
        row = row_of(self.design, point)
        for value, paths in zip(row, self.manifest["targets"], strict=True):
            values |= dict.fromkeys(paths, value)
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
        first = 0 if inputs["streams"] == "common" else int(point) * inputs["replicates"]
        return run(self.scenario(point), inputs["seed"], replicate=first + int(replicate))

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
