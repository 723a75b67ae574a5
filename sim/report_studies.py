"""What a report of a study is put together from."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from sim.analysis.report import Again, Fact, ReportSummary, Table, Told
from sim.drawing import kinds_of, source_of
from sim.drawing_kinds import STUDY
from sim.errors import InputError
from sim.report_parts import (
    COURSE,
    LIBRARIES,
    WHY,
    Asked,
    command,
    pictured,
    retell,
    sets,
    versions,
)
from sim.saving import manifest
from sim.studies import Study, experiment_names

if TYPE_CHECKING:
    from sim.analysis.studied import Studied

__all__ = ["summarise_study"]

WAR = "open_war"


def summarise_study(study: Study, asked: Asked) -> ReportSummary:
    """Gather the report of a study."""
    from sim.analysis.report_scene import assumptions, evidence, limits, opening_of
    from sim.analysis.report_study import (
        factors_table,
        in_words,
        outcomes_table,
        points_table,
        study_answer,
        study_limits,
    )
    from sim.history import run

    about = _studied(study)
    scenario = study.scenario_as_run
    outcome = WAR if WAR in study.outcomes else study.outcomes[0]
    drives, drivers, cautions = _drivers(study, about, outcome, asked)
    source = source_of(study)
    names = [kind.name for kind in kinds_of(source) if kind.of == STUDY]
    with asked.watch("pictures") as progress:
        pictures = tuple(pictured(source, names, progress))
    points = points_table(about, study.design, study.summary)
    return ReportSummary(
        kind="study",
        title=str(study.manifest["title"]),
        asks=str(study.manifest["asks"]) or scenario.asks,
        answer=(*study_answer(about, study.design, study.summary, outcome), *drives[:1]),
        opening=opening_of(run(scenario, about.seed).log),
        design=in_words(about),
        varied=(factors_table(about, study.design),),
        numbers=(outcomes_table(about, study.summary), *([] if points is None else [points])),
        pictures=pictures,
        histories=tuple(_histories(study, about, asked)),
        drives=drives,
        drivers=drivers,
        evidence=evidence(scenario),
        assumptions=assumptions(scenario),
        limits=(*limits(scenario), *study_limits(about), *cautions),
        again=_again(study, about, asked),
    )


def _studied(study: Study) -> Studied:
    from sim.analysis.studied import Studied

    said, inputs = study.manifest, study.manifest["inputs"]
    return Studied(
        str(said["study"]),
        str(said["asks"]),
        study.scenario_as_run,
        dict(zip(study.names, map(tuple, said["targets"]), strict=True)),
        study.kind,
        int(said["points"]),
        int(inputs["replicates"]),
        int(inputs["seed"]),
        inputs["streams"] == "common",
        str(said["digest"]),
        study.status,
    )


def _drivers(
    study: Study, about: Studied, outcome: str, asked: Asked
) -> tuple[tuple[str, ...], tuple[Table, ...], tuple[str, ...]]:
    """Say which factors matter and at which levels the outcome climbs, as far as can be told.

    Returns sentences, tables, and what to beware of.
    """
    from sim.analysis.report_study import discovery_in_words, drivers_table
    from sim.discoveries import discover
    from sim.sensitivities import sensitivity

    told: list[str] = []
    tables: list[Table] = []
    cautions: list[str] = []
    with asked.watch("factors"):
        try:
            found = sensitivity(study, outcome)
        except InputError as error:
            told.append(f"Which factors matter cannot be told: {error.problem}.")
        else:
            told += found.says
            tables += [table for table in (drivers_table(about, found),) if table is not None]
            cautions += found.cautions
        try:
            # The boxes' limits are not told, so how firm they are need not be known.
            climbs = discover(study, outcome, resamples=0)
        except InputError as error:
            told.append(f"Under which levels it climbs cannot be told: {error.problem}.")
        else:
            told += discovery_in_words(climbs)
            cautions += climbs.cautions
    sentences = dict.fromkeys(f"{note[:1].upper()}{note[1:]}." for note in cautions)
    return tuple(told), tuple(tables), tuple(sentences)


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
        again = f"sim.study({asked.folder or 'FOLDER'!r}).history({point}, {replicate})"
        pictures = WHY if which == WORST else COURSE
        yield retell(study.history(point, replicate), which, pictures, again, where)


def _again(study: Study, about: Studied, asked: Asked) -> Again:
    """Say how to have the very same study and report."""
    inputs = study.manifest["inputs"]
    folder = asked.folder or "FOLDER"
    name = about.name if about.name in experiment_names() else f"{about.name}.toml"
    many = ["--replicates", str(about.replicates), "--seed", str(about.seed)]
    if inputs.get("points") is not None:
        many += ["--points", str(inputs["points"])]
    made = command("sweep", name, *many, "--out", folder, *sets(about.scenario))
    facts = (
        Fact("Study", about.name),
        Fact("Digest of its inputs", about.digest),
        Fact("Scenario", about.scenario.name),
        Fact("Digest of its content", about.scenario.digest()),
        Fact("Seed", str(about.seed)),
        Fact("Histories", f"{about.points:,} x {about.replicates:,}"),
        Fact("Simulated with", _simulated(study)),
        *versions(manifest(about.scenario, LIBRARIES)),
    )
    return Again((made, command("report", folder)), facts)


def _simulated(study: Study) -> str:
    """Name the versions that the study was simulated with."""
    said = study.manifest
    start = "version of "
    libraries = {
        name.removeprefix(start): number
        for name, number in said["inputs"].items()
        if name.startswith(start)
    }
    told = [f"{name} {number}" for name, number in (said["versions"] | libraries).items()]
    return f"{', '.join(told)}; {said['machine']}"
