"""The pictures of a study, and of what its statements carry."""

from __future__ import annotations

from importlib.util import find_spec
from typing import TYPE_CHECKING

from sim.drawing_kinds import INFLUENCE, STUDY, Kind, Source
from sim.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable

    from sim.analysis.carriers import Carriers
    from sim.analysis.discovery import Discovery
    from sim.analysis.drivers import Drivers
    from sim.analysis.intervals import Difference
    from sim.analysis.ranges import Leaves, Ranges
    from sim.analysis.response import Response
    from sim.analysis.sensitivity import Sensitivity
    from sim.analysis.spread import Spread
    from sim.analysis.studied import Measure, Studied
    from sim.analysis.surface import Surface
    from sim.analysis.tornado import Tornado
    from sim.study_folder import Study

__all__ = ["KINDS", "studied"]

OUTCOME = ("outcome",)
ONE_AT_A_TIME = "one-at-a-time"
#: Levels of each factor that make a map.
LEAST_LEVELS = 3


def studied(found: Study) -> Studied:
    """Return what a study says of itself.

    Raises
    ------
    InputError
        Where none of its histories is there yet.
    """
    from sim.analysis.studied import Studied

    said, inputs = found.manifest, found.manifest["inputs"]
    return Studied(
        said["study"],
        said.get("asks") or "",
        found.scenario_as_run,
        {name: tuple(paths) for name, paths in zip(found.names, said["targets"], strict=True)},
        found.kind,
        int(said["points"]),
        int(inputs["replicates"]),
        int(inputs["seed"]),
        inputs["streams"] == "common",
        said["digest"],
        found.status,
        None if found.status == "complete" else _held(found),
    )


def _held(found: Study) -> tuple[int, int]:
    """Count the histories of a study, and those of the design point with the fewest."""
    import numpy as np

    counts = np.zeros(len(found.design), np.int64)
    if found.summary["n"].any():
        points = found.dataset().to_table(columns=["point"])["point"].to_numpy()
        counts = np.bincount(points, minlength=len(counts))
    if not counts.any():
        raise InputError(
            f"the study is {found.status} and holds no history yet",
            file=str(found.folder),
            allowed="`escalation sweep --resume` goes on with it",
        )
    return int(counts.sum()), int(counts.min())


def _measure(source: Source) -> Measure:
    """Return the outcome that is asked for; else open war, or the first that the study kept."""
    from sim.analysis.studied import measure_of

    found = source.study
    name = source.options.get("outcome")
    if name is None:
        name = "open_war" if "open_war" in found.outcomes else found.outcomes[0]
    found.table(name)  # Refuses what was not kept.
    rows = found.summary.loc[found.summary["outcome"] == name, "kind"]
    return measure_of(found.scenario_as_run, name, str(rows.iloc[0]))


def _levels(source: Source) -> list[int]:
    """Count the levels of every factor that has more than one."""
    counts = (int(source.study.design[name].nunique()) for name in source.study.names)
    return [count for count in counts if count > 1]


def _is_curve(source: Source) -> bool:
    from sim.analysis.response import MOST_LINES

    levels = _levels(source) if source.study.gridded else []
    return len(levels) == 1 or (len(levels) == 2 and min(levels) <= MOST_LINES)


def _is_map(source: Source) -> bool:
    levels = _levels(source) if source.study.gridded else []
    return len(levels) == 2 and min(levels) >= LEAST_LEVELS


def _has_swings(source: Source) -> bool:
    grid = source.study.gridded and len(_levels(source)) > 2
    return source.study.kind == ONE_AT_A_TIME or grid


def _has_drivers(source: Source) -> bool:
    return _is_sample(source) or (source.study.gridded and len(_levels(source)) > 2)


def _is_sample(source: Source) -> bool:
    from sim.analysis.sample import LEAST_POINTS

    found = source.study
    drawn = not found.gridded and found.kind != ONE_AT_A_TIME
    return drawn and len(found.design) >= LEAST_POINTS


def _has_leaves(source: Source) -> bool:
    from sim.analysis.discovery import LEAST_POINTS

    return _has_drivers(source) and len(source.study.design) >= LEAST_POINTS


def _has_boxes(source: Source) -> bool:
    return _has_leaves(source) and find_spec("ema_workbench") is not None


def _response(source: Source) -> Response:
    from sim.analysis.response import summarise_response

    found, measure = source.study, _measure(source)
    of = studied(found)
    return summarise_response(found.table(measure.name), measure, of, _paired(found, measure, of))


def _paired(found: Study, measure: Measure, of: Studied) -> Callable[[int, int], Difference] | None:
    """Return what compares two points history by history, where they pair."""
    fewest = of.replicates if of.held is None else of.held[1]
    # A single pair is no sample.
    if not of.common or measure.kind == "median" or fewest < 2:
        return None
    return lambda a, b: found.compare(a, b, measure.name)


def _map(source: Source) -> Surface:
    from sim.analysis.surface import summarise_surface

    found, measure = source.study, _measure(source)
    of = studied(found)
    return summarise_surface(found.table(measure.name), measure, of, _paired(found, measure, of))


def _sensitivity(source: Source) -> Sensitivity:
    from sim.sensitivities import sensitivity

    name = _measure(source).name
    return source.once("sensitivity", lambda: sensitivity(source.study, name))


def _drivers(source: Source) -> Drivers:
    from sim.analysis.drivers import summarise_drivers

    return summarise_drivers(_sensitivity(source), _measure(source), studied(source.study))


def _tornado(source: Source) -> Tornado:
    from sim.analysis.tornado import summarise_tornado
    from sim.experiment.design import BASELINE

    found, measure = source.study, _measure(source)
    coded = None
    if found.kind == ONE_AT_A_TIME:
        row = found.table(measure.name).iloc[BASELINE]
        mean, low, high = (float(row[name]) for name in ("estimate", "low", "high"))
        coded = mean, low, high, int(row["n"])
    return summarise_tornado(_sensitivity(source), measure, studied(found), coded)


def _spread(source: Source) -> Spread:
    from sim.analysis.sensitivity import main_points
    from sim.analysis.spread import summarise_spread
    from sim.crisis.experiment import SALTELLI
    from sim.sensitivities import sampled

    found, measure = source.study, _measure(source)
    sample, _, cautions = sampled(found, measure.name)
    if found.kind == SALTELLI:
        sample = main_points(sample, bool(found.manifest["inputs"].get("second_order", False)))
    replicates = found.table(measure.name)["n"].loc[sample.levels.index].to_numpy()
    return summarise_spread(sample, replicates, measure, studied(found), cautions)


def _discovery(source: Source) -> Discovery:
    from sim.discoveries import discover

    name = _measure(source).name
    methods = ("boxes", "tree") if _has_boxes(source) else ("tree",)
    return source.once("discovery", lambda: discover(source.study, name, methods=methods))


def _boxes(source: Source) -> Ranges:
    from sim.analysis.ranges import summarise_ranges

    found = source.study
    return summarise_ranges(_discovery(source), found.design, _measure(source), studied(found))


def _leaves(source: Source) -> Leaves:
    from sim.analysis.ranges import summarise_leaves

    return summarise_leaves(_discovery(source), _measure(source), studied(source.study))


def _influence(source: Source) -> Carriers:
    from sim.analysis.carriers import summarise_carriers

    found = source.influence
    return summarise_carriers(found.summary, found.scenario)


KINDS = (
    Kind(
        "response",
        STUDY,
        "an outcome along the levels of one factor, or of two",
        _response,
        "sim.plots.response",
        "response",
        fits=_is_curve,
        options=OUTCOME,
    ),
    Kind(
        "map",
        STUDY,
        "an outcome over two factors, and what cannot be told apart",
        _map,
        "sim.plots.surface",
        "surface",
        fits=_is_map,
        options=OUTCOME,
    ),
    Kind(
        "tornado",
        STUDY,
        "how far each factor moves an outcome, from end to end",
        _tornado,
        "sim.plots.tornado",
        "tornado",
        fits=_has_swings,
        options=OUTCOME,
    ),
    Kind(
        "spread",
        STUDY,
        "how an outcome spreads over the design points, and chance",
        _spread,
        "sim.plots.spread",
        "spread",
        fits=_is_sample,
        options=OUTCOME,
    ),
    Kind(
        "drivers",
        STUDY,
        "which factors move an outcome, and how surely",
        _drivers,
        "sim.plots.drivers",
        "drivers",
        fits=_has_drivers,
        options=OUTCOME,
    ),
    Kind(
        "boxes",
        STUDY,
        "ranges of the factors in which an outcome climbs (PRIM)",
        _boxes,
        "sim.plots.ranges",
        "ranges",
        fits=_has_boxes,
        options=OUTCOME,
    ),
    Kind(
        "leaves",
        STUDY,
        "the leaves of a tree that foretells where it climbs (CART)",
        _leaves,
        "sim.plots.leaves",
        "leaves",
        fits=_has_leaves,
        options=OUTCOME,
    ),
    Kind(
        "influence",
        INFLUENCE,
        "what leaving out each statement changes",
        _influence,
        "sim.plots.carriers",
        "carriers",
    ),
)
