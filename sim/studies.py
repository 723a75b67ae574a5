"""Sweeps and studies: what is not known is varied, widely and together."""

from __future__ import annotations

import shutil
import tempfile
import weakref
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.crisis import Scenario, load
from sim.crisis.bundled import bundled
from sim.crisis.experiment import SAMPLED, ExperimentFile
from sim.crisis.experiment_reading import (
    Experiment,
    experiment_file,
    experiment_names,
    is_experiment,
    made_experiment,
    read_experiment,
)
from sim.errors import InputError, nearest_name
from sim.study_folder import Study, study

if TYPE_CHECKING:
    from sim.analysis.spread import Quantile
    from sim.experiment.executors import Executor
    from sim.experiment.forecast import Forecast
    from sim.experiment.plan import Plan
    from sim.experiment.sweeping import Sweep

__all__ = [
    "Experiment",
    "ExperimentFile",
    "Forecast",
    "Study",
    "begin_sweep",
    "choose_executor",
    "experiment_file",
    "experiment_names",
    "finish_sweep",
    "forecast_sweep",
    "is_experiment",
    "lay_out",
    "quantiles",
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
    design: str | None = None,
    points: int | None = None,
    second_order: bool | None = None,
    outcomes: Sequence[str] | None = None,
    streams: str | None = None,
    seed: int | None = None,
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
        An experiment, its bundled name or the path of its file; or, with `factors` or the design
        elicited, a scenario or its name.
    factors : mapping, optional
        What is varied: dotted path to its levels, or to a table such as
        ``{"distribution": "uniform", "low": 0.5, "high": 2.0}``.
    replicates : int, optional
        Histories at each design point; those of the file, or 1,000, if not given.
    design : str, optional
        factorial, one-at-a-time, latin-hypercube, sobol, saltelli or elicited; that of the file,
        or factorial, if not given.
    points : int, optional
        Points of a design that draws them; of saltelli, base points.
    second_order : bool, optional
        Whether a saltelli design is to give second-order indices too; as the file says, or not,
        if not given.
    outcomes : sequence of str, optional
        What is kept of each history; that of the file, or the usual ones, if not given.
    streams : str, optional
        common: replicate k of every design point has the same luck, so that points compare
        tightly.  independent: no two histories share any.  If not given, as the file says; without
        a file, independent for designs that draw points (the luck of one seed would colour all of
        them alike) and common for the others.
    seed : int, 0 <= seed < 2**63, optional
        That of the file, or 1, if not given.
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
        Called now and then with the replicates played so far, and asked for.

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
    given = {
        "replicates": replicates,
        "design": design,
        "points": points,
        "second_order": second_order,
        "outcomes": outcomes if outcomes is None else tuple(outcomes),
        "streams": streams,
        "seed": seed,
    }
    fields = {name: value for name, value in given.items() if value is not None}
    chosen = _experiment(experiment, factors, fields)
    players = choose_executor(executor, workers, scheduler)
    keep = tempfile.mkdtemp(prefix="escalation-") if out is None else None
    try:
        folder = Path(keep) / chosen.name if keep is not None else Path(out or "")
        done = finish_sweep(begin_sweep(chosen, folder, resume), players, progress)
    except BaseException:
        if keep is not None:
            shutil.rmtree(keep, ignore_errors=True)
        raise
    if keep is not None:
        weakref.finalize(done, shutil.rmtree, keep, ignore_errors=True)
    return done


def _experiment(
    experiment: Experiment | Scenario | str | Path,
    factors: Mapping[str, object] | None,
    fields: dict[str, Any],
) -> Experiment:
    """Return the experiment that is meant, with `fields` in place of its own."""
    named = isinstance(experiment, str) and experiment in set(bundled()) - set(experiment_names())
    if factors is None and not isinstance(experiment, Scenario) and not named:
        chosen = experiment if isinstance(experiment, Experiment) else read_experiment(experiment)
        return chosen.with_(**fields) if fields else chosen
    if isinstance(experiment, Experiment):
        raise InputError("an experiment has its own", key="factors")
    if factors is None and fields.get("design") != "elicited":
        raise InputError("a scenario is swept over factors", key="factors")
    scenario = experiment if isinstance(experiment, Scenario) else load(experiment)
    streams = "independent" if fields.get("design") in SAMPLED else "common"
    usual = {"replicates": 1000, "design": "factorial", "streams": streams}
    return made_experiment(scenario, factors or {}, "sweep", **(usual | fields))


def lay_out(experiment: Experiment) -> Plan:
    """Lay an experiment out, with all its levels tried in its scenario; nothing is played.

    Raises
    ------
    InputError
        Where anything is wrong with it, in one line.
    """
    from sim.experiment.plan import plan

    return plan(experiment)


def begin_sweep(experiment: Experiment, out: str | Path, resume: bool = False) -> Sweep:
    """Lay a study out in its folder, or take up the one that is there; nothing is played yet."""
    from sim import __version__
    from sim.experiment.sweeping import begin

    return begin(experiment, Path(out), __version__, resume)


def forecast_sweep(experiment: Experiment, workers: int | None = None) -> Forecast:
    """Reckon what a sweep will cost on this machine, from a few histories of a few points."""
    from sim.analysis.summaries import summarise
    from sim.experiment.executors import checked_workers
    from sim.experiment.forecast import forecast

    return forecast(lay_out(experiment), checked_workers(workers), summarise)


def choose_executor(
    name: str = "local", workers: int | None = None, scheduler: str | None = None
) -> Executor:
    """Return who is to play a sweep; parameters as of `sweep`.

    Raises
    ------
    InputError
        Where there is no such executor, or what is said of it does not fit together.
    """
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


def finish_sweep(begun: Sweep, executor: Executor, progress: Told | None = None) -> Study:
    """Play what a study still lacks; `progress` as of `sweep`."""
    from sim.analysis.summaries import summarise

    played, asked = 0, begun.rows

    def tell(more: int) -> None:
        nonlocal played
        played += more
        if progress is not None:
            progress(played, asked)

    if asked:
        tell(0)
    begun.play(executor, summarise, tell)
    return Study(begun.store.folder)


def quantiles(of: Study, outcome: str = "open_war") -> tuple[Quantile, ...]:
    """Return what a twentieth, half and all but a twentieth of a study's points lie at or below.

    Of the points that were drawn independently and have an estimate; with 95 % intervals by order
    statistics.

    Raises
    ------
    InputError
        Where the study did not keep the outcome, its points are no sample, or none has an estimate.
    """
    import numpy as np

    from sim.analysis.spread import quantiles as of_points
    from sim.analysis.studied import measure_of

    rows = of.table(outcome).loc[of.independent].dropna(subset="estimate")
    if not of.drawn or rows.empty:
        problem = "at no design point" if of.drawn else f"a {of.kind} design is no sample"
        raise InputError(problem, key=outcome)
    kinds = of.summary.set_index("outcome")["kind"]
    measure = measure_of(of.scenario_as_run, outcome, str(kinds.loc[[outcome]].iloc[0]))
    values = rows["estimate"].to_numpy(np.float64)
    return of_points(values, measure, int(rows["n"].median()))
