"""What a report of a study is put together from."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from typing import TYPE_CHECKING

from sim.analysis.report import ReportSummary, Shown, Table, Told
from sim.drawing import kinds_of, source_of
from sim.drawing_kinds import STUDY, Source
from sim.drawing_studies import studied
from sim.errors import InputError
from sim.growth import Told as Heard
from sim.report_again import MADE_IN_PYTHON, swept, told_again_of
from sim.report_parts import COURSE, WHY, Asked, pictured, retell
from sim.studies import Study

if TYPE_CHECKING:
    from sim.analysis.discovery import Discovery
    from sim.analysis.studied import Studied

__all__ = ["summarise_study"]

WAR = "open_war"
#: Pictures of what drives an outcome.
DRIVING = ("tornado", "drivers", "boxes", "leaves")


def summarise_study(study: Study, asked: Asked) -> ReportSummary:
    """Gather the report of a study."""
    from sim.analysis.report_scene import (
        assumptions,
        caveat,
        evidence,
        limits,
        opening_of,
        study_limits,
    )
    from sim.analysis.report_study import (
        factors_table,
        in_words,
        outcomes_table,
        points_table,
        study_answer,
    )
    from sim.history import run

    about, source = studied(study), source_of(study)
    scenario = study.scenario_as_run
    outcome = WAR if WAR in study.outcomes else study.outcomes[0]
    with asked.watch("factors"):
        driven = _driven(source, about, outcome)
    with asked.watch("pictures") as progress:
        pictures = dict(_pictures(source, driven.idle, progress))
    points = points_table(about, study.design, study.summary)
    # The mean of a Saltelli design's other points would be one of nothing.
    sample = study.summary[study.summary["point"].isin(study.independent)]
    return ReportSummary(
        kind="study",
        title=_title(study, about),
        asks=about.asks or ("" if scenario.overrides else scenario.asks),
        answer=study_answer(about, study.design, sample, outcome),
        glance=(),
        driver=driven.foremost,
        caveat=caveat(scenario),
        opening=opening_of(run(scenario, about.seed).log),
        design=in_words(about),
        varied=(factors_table(about, study.design),),
        numbers=(outcomes_table(about, sample), *([] if points is None else [points])),
        pictures=tuple(one for name, one in pictures.items() if name not in DRIVING),
        histories=tuple(_histories(study, about, asked)),
        drives=driven.told,
        driving=tuple(one for name, one in pictures.items() if name in DRIVING),
        drivers=driven.tables,
        evidence=evidence(scenario),
        assumptions=assumptions(scenario),
        limits=(*limits(scenario), *study_limits(about), *driven.cautions),
        again=swept(study, about, asked.folder),
    )


def _title(study: Study, about: Studied) -> str:
    """Call a study by its title; one that was made in Python has none of its own."""
    title = str(study.manifest["title"])
    return f"{about.scenario.title}, varied" if title == MADE_IN_PYTHON else title


def _pictures(
    source: Source, idle: tuple[str, ...], progress: Heard | None
) -> Iterator[tuple[str, Shown]]:
    """Draw what the study can show, but what it turns out to have too little for."""
    able = [kind.name for kind in kinds_of(source) if kind.of == STUDY]
    names = [name for name in able if name not in idle]
    for done, name in enumerate(names, start=1):
        with contextlib.suppress(InputError):
            (shown,) = pictured(source, [name])
            yield name, shown
        if progress is not None:
            progress(done, len(names))


@dataclass(frozen=True)
class Driven:
    """What drives an outcome: foremost and in sentences, tables, cautions, pictures of nothing."""

    foremost: str
    told: tuple[str, ...]
    tables: tuple[Table, ...]
    cautions: tuple[str, ...]
    idle: tuple[str, ...]


def _driven(source: Source, about: Studied, outcome: str) -> Driven:
    """Say which factors matter and at which levels the outcome climbs, as far as can be told."""
    from sim.analysis.report_drivers import (
        discovery_in_words,
        driver_in_words,
        drivers_table,
        sensitivity_in_words,
    )
    from sim.sensitivities import sensitivity

    told: list[str] = []
    tables: list[Table] = []
    cautions: list[str] = []
    idle: list[str] = []
    try:
        found = source.once("sensitivity", lambda: sensitivity(source.study, outcome))
    except InputError as error:
        foremost = f"Which factors matter cannot be told: {_why(error, source, outcome)}."
        told.append(foremost)
    else:
        foremost = driver_in_words(about, found)
        told += sensitivity_in_words(about, found)
        tables += [table for table in (drivers_table(about, found),) if table is not None]
        cautions += found.cautions
    try:
        climbs = source.once("discovery", lambda: _discovery(source.study, outcome))
    except InputError as error:
        why = _why(error, source, outcome)
        told.append(f"Under which levels it climbs cannot be told: {why}.")
    else:
        told += discovery_in_words(about, climbs)
        cautions += climbs.cautions
        idle += ["boxes"] * (not climbs.told) + ["leaves"] * (not climbs.told_leaves)
    sentences = dict.fromkeys(f"{note[:1].upper()}{note[1:]}." for note in cautions)
    return Driven(foremost, tuple(told), tuple(tables), tuple(sentences), tuple(idle))


def _why(error: InputError, source: Source, outcome: str) -> str:
    """Say in a clause why something cannot be told; what is said of the outcome names it."""
    from sim.analysis.studied import measure_of

    if not error.problem.startswith(("is ", "has ")):
        return error.problem
    rows = source.study.summary
    kind = str(rows.loc[rows["outcome"] == outcome, "kind"].iloc[0])
    label = measure_of(source.study.scenario_as_run, outcome, kind).label
    return f"the {label} {error.problem}"


def _discovery(study: Study, outcome: str) -> Discovery:
    """Seek the levels at which an outcome climbs, by boxes too where they can be sought."""
    from sim.discoveries import METHODS, discover

    boxes = find_spec("ema_workbench") is not None
    return discover(study, outcome, methods=METHODS if boxes else METHODS[1:])


def _histories(study: Study, about: Studied, asked: Asked) -> Iterator[Told]:
    """Tell the typical history of all design points, the worst, and another."""
    from sim.analysis.report_histories import NEEDS, WORST, among
    from sim.analysis.report_study import point_in_words

    kept = [name for name in NEEDS if name in study.outcomes]
    rows = study.dataset().to_table(columns=["point", "replicate", *kept]).to_pandas()
    if rows.empty:
        return
    rows = rows.sort_values(["point", "replicate"], ignore_index=True)
    for row, which in among(rows).items():
        point, replicate = int(rows["point"][row]), int(rows["replicate"][row])
        where = point_in_words(about, study.design, point)
        again = told_again_of(asked.folder, point, replicate)
        pictures = WHY if which == WORST else COURSE
        yield retell(study.history(point, replicate), which, pictures, again, where)
