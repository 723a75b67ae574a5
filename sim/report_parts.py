"""What a report of a scenario, an ensemble or a history is put together from."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from sim.analysis.report import ReportSummary, Shown, Told
from sim.drawing import draw, kinds_of, source_of
from sim.drawing_kinds import ENSEMBLE, Picture
from sim.ensembles import Ensemble
from sim.growth import Told as Heard
from sim.history import History
from sim.report_again import again, told_again

if TYPE_CHECKING:
    from sim.influences import Influence

__all__ = ["COURSE", "WHY", "Asked", "Watch", "pictured", "retell", "summarise"]

#: Given what comes next, a context in which progress is heard.
Watch = Callable[[str], AbstractContextManager[Heard | None]]

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
    from sim.analysis.report_numbers import (
        answer,
        glance,
        influence_in_words,
        influence_table,
        numbers,
    )
    from sim.analysis.report_scene import assumptions, caveat, evidence, limits, opening_of

    scenario = played.scenario
    influence = _influence(played, asked)
    found = influence.summary
    histories = tuple(_histories(played, first, asked))
    table, drives = influence_table(found), influence_in_words(found)
    start = played.history(0) if first is None else first
    its_end = () if first is None else (f"{histories[0].headline} {histories[0].reason}",)
    return ReportSummary(
        kind=kind,
        title=scenario.title,
        asks="" if scenario.overrides else scenario.asks,
        answer=(*its_end, *answer(scenario, played.counted)),
        glance=glance(scenario, played.counted),
        driver=drives[0],
        caveat=caveat(scenario),
        opening=opening_of(start.log),
        design=(),
        varied=(),
        numbers=numbers(scenario, played.counted),
        pictures=_pictures(played, asked),
        histories=histories,
        drives=drives,
        driving=tuple(pictured(influence, ["influence"])),
        drivers=() if table is None else (table,),
        evidence=evidence(scenario),
        assumptions=assumptions(scenario),
        limits=limits(scenario),
        again=again(kind, played, first, found, asked.folder, asked.name),
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
    words = picture.words
    return Shown(
        words.title,
        words.subtitle,
        words.caption,
        picture.alt,
        picture.render("svg", words=False),
    )


def _histories(played: Ensemble, first: History | None, asked: Asked) -> Iterator[Told]:
    """Tell the saved history, if any, the typical one, the worst, and another."""
    from sim.analysis.report_histories import WORST, chosen

    most, besides = 3, None
    if first is not None:
        most, besides = 2, first.replicate
        yield retell(first, "The saved history", WHY, told_again(first, asked.name))
    for k, which in chosen(played.counted, most, besides).items():
        history = played.history(k)
        yield retell(
            history, which, WHY if which == WORST else COURSE, told_again(history, asked.name)
        )


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
