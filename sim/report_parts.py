"""What a report of a scenario, an ensemble or a history is put together from."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from sim.analysis.dates import shown
from sim.analysis.report import Again, Fact, ReportSummary, Shown, Told
from sim.drawing import draw, kinds_of, source_of
from sim.drawing_kinds import ENSEMBLE, Picture
from sim.ensembles import Ensemble
from sim.growth import Told as Heard
from sim.history import History
from sim.saving import OF_ENSEMBLES, OF_HISTORIES, manifest

if TYPE_CHECKING:
    from sim.analysis.influence import InfluenceSummary
    from sim.crisis import Scenario
    from sim.influences import Influence

__all__ = [
    "COURSE",
    "LIBRARIES",
    "WHY",
    "Asked",
    "Watch",
    "command",
    "pictured",
    "retell",
    "sets",
    "summarise",
    "versions",
]

#: Given what comes next, a context in which progress is heard.
Watch = Callable[[str], AbstractContextManager[Heard | None]]

LIBRARIES = tuple(dict.fromkeys((*OF_ENSEMBLES, *OF_HISTORIES, "jinja2")))
#: Pictures of a single history: its course, and why its highest move was made.
COURSE, WHY = ("path",), ("path", "decision")


@dataclass(frozen=True)
class Asked:
    """How a report was asked for.

    Attributes
    ----------
    folder : str or None
        Of the results, as the command line calls it; None of a scenario.
    name : str or None
        What the command line calls the scenario; its own name where None.
    watch : callable
    threads : int or None
    without : int
        Histories in which each statement is left out.
    """

    folder: str | None
    name: str | None
    watch: Watch
    threads: int | None
    without: int


def summarise(kind: str, played: Ensemble, first: History | None, asked: Asked) -> ReportSummary:
    """Gather the report of an ensemble.

    Parameters
    ----------
    kind : str
        Scenario, ensemble or history: what is reported.
    played : Ensemble
    first : History, optional
        The one that is reported, where it is one.
    asked : Asked
    """
    from sim.analysis.report_numbers import answer, influence_in_words, influence_table, numbers
    from sim.analysis.report_scene import assumptions, evidence, limits, opening_of

    scenario = played.scenario
    influence = _influence(played, asked)
    found = influence.summary
    histories = tuple(_histories(played, first, asked))
    table = influence_table(found)
    start = played.history(0) if first is None else first
    its_end = () if first is None else (f"{histories[0].headline} {histories[0].reason}",)
    return ReportSummary(
        kind=kind,
        title=scenario.title,
        asks=scenario.asks,
        answer=(*its_end, *answer(scenario, played.counted)),
        opening=opening_of(start.log),
        design=(),
        varied=(),
        numbers=(numbers(scenario, played.counted),),
        pictures=_pictures(played, asked),
        histories=histories,
        drives=influence_in_words(found),
        driving=tuple(pictured(influence, ["influence"])),
        drivers=() if table is None else (table,),
        evidence=evidence(scenario),
        assumptions=assumptions(scenario),
        limits=limits(scenario),
        again=_again(kind, played, first, found, asked),
    )


def _influence(played: Ensemble, asked: Asked) -> Influence:
    """Leave out each statement in turn."""
    from sim.influences import influence

    size = max(2, min(asked.without, len(played)))
    with asked.watch("histories without a statement") as progress:
        return influence(
            played.scenario, size, played.seed, threads=asked.threads, progress=progress
        )


def _pictures(played: Ensemble, asked: Asked) -> tuple[Shown, ...]:
    source = source_of(played)
    names = [kind.name for kind in kinds_of(source) if kind.of == ENSEMBLE]
    with asked.watch("pictures") as progress:
        return tuple(pictured(source, names, progress))


def pictured(
    results: Any, names: Iterable[str], progress: Heard | None = None, **how: Any
) -> Iterator[Shown]:
    """Draw kinds of picture for a page, and say how many are drawn."""
    chosen = list(names)
    for done, name in enumerate(chosen):
        if progress is not None:
            progress(done, len(chosen))
        (picture,) = draw(results, [name], **how)
        yield _shown(picture)
    if progress is not None and chosen:
        progress(len(chosen), len(chosen))


def _shown(picture: Picture) -> Shown:
    # What stands in brackets names the option of a command.
    says = picture.kind.says.partition(" (")[0]
    heading = says[:1].upper() + says[1:]
    return Shown(heading, picture.title, picture.alt, picture.render("svg"))


def _histories(played: Ensemble, first: History | None, asked: Asked) -> Iterator[Told]:
    """Tell the saved history, if any, the typical one, the worst, and another."""
    from sim.analysis.report_histories import WORST, chosen

    most, besides = 3, None
    if first is not None:
        most, besides = 2, first.replicate
        yield retell(first, "The saved history", WHY, _run(first, asked))
    for k, which in chosen(played.counted, most, besides).items():
        history = played.history(k)
        yield retell(history, which, WHY if which == WORST else COURSE, _run(history, asked))


def retell(
    history: History, which: str, pictures: Iterable[str], again: str, where: str = ""
) -> Told:
    """Tell a history for a report, with pictures of the kinds that it can show."""
    from sim.analysis.report_histories import retold

    numbers = f"seed {history.seed}, replicate {history.replicate}."
    told = retold(
        history.log,
        history.explain,
        which,
        f"{where}, {numbers}" if where else numbers.capitalize(),
        again,
    )
    source = source_of(history)
    able = {kind.name for kind in kinds_of(source)}
    names = [name for name in pictures if name in able]
    return replace(told, pictures=tuple(pictured(source, names)))


def _run(history: History, asked: Asked) -> str:
    """Write the command that tells a history; none does where something was imposed on it."""
    if history.log.forced or history.log.intervened:
        return ""
    which = ["--seed", str(history.seed), "--replicate", str(history.replicate)]
    return command("run", asked.name or history.scenario.name, *which, *sets(history.scenario))


def sets(scenario: Scenario) -> list[str]:
    """Write what was put in place of a scenario's own values as options."""
    pairs = (("--set", f"{path}={shown(value)}") for path, value in scenario.overrides.items())
    return [word for pair in pairs for word in pair]


def command(*words: str) -> str:
    """Write a command for a shell.

    Examples
    --------
    >>> command("run", "my crisis.toml", "--seed", "1")
    "escalation run 'my crisis.toml' --seed 1"
    """
    return shlex.join(["escalation", *words])


def _again(
    kind: str, played: Ensemble, first: History | None, found: InfluenceSummary, asked: Asked
) -> Again:
    """Say how to have the very same report."""
    scenario = played.scenario
    seeded = ["--seed", str(played.seed)]
    many = ["--replicates", str(len(played))]
    name = asked.name or scenario.name
    of = [name, *seeded]
    folder = asked.folder or "FOLDER"
    left_out = ["--without", str(found.replicates)]
    commands: list[str] = []
    if kind == "scenario":
        made = [*of, *many, *sets(scenario)]
    elif kind == "ensemble":
        commands.append(command("ensemble", *of, *many, *sets(scenario), "--out", folder))
        made = [folder]
    else:
        assert first is not None
        if told := _run(first, asked):
            commands.append(f"{told} {shlex.join(['--out', folder])}")
        made = [folder, *many]
    if kind != "scenario" and asked.name is not None:
        made += ["--scenario", asked.name]
    commands.append(command("report", *made, *left_out))
    said = manifest(scenario, LIBRARIES, seed=played.seed)
    facts = (
        Fact("Scenario", scenario.name),
        Fact("Digest of its content", scenario.digest()),
        Fact("Seed", str(played.seed)),
        Fact("Histories", f"{len(played):,}"),
        Fact("Histories without each statement", f"{found.replicates:,}"),
        *versions(said),
    )
    return Again(tuple(commands), facts)


def versions(said: Mapping[str, Any]) -> tuple[Fact, ...]:
    """Give the versions of a manifest, and what it was made on."""
    told = ", ".join(f"{name} {number}" for name, number in said["versions"].items())
    return Fact("Versions", told), Fact("Made on", f"Python {said['python']}, {said['machine']}")
