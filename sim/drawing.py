"""Pictures of results: which there are, of what, and how they are written."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.advice import Advice
from sim.advice_folder import SavedAdvice
from sim.crisis import Scenario, load
from sim.drawing_kinds import (
    ADVICE,
    ENSEMBLE,
    FORMATS,
    HISTORY,
    INFLUENCE,
    PAIR,
    REPLICATES,
    STUDY,
    Kind,
    Picture,
    Source,
    kinds,
)
from sim.ensembles import Ensemble, ensemble
from sim.errors import InputError, listed, nearest_name
from sim.growth import Told
from sim.history import History, run
from sim.influences import Influence
from sim.opening import NEEDS_NONE, Opened, opened_or_loaded
from sim.studies import Study

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["FORMATS", "Kind", "Picture", "Source", "draw", "kinds", "kinds_of", "plot", "source_of"]

#: Whatever pictures can be drawn of.
Results = History | Ensemble | Study | Influence | Advice | SavedAdvice | Scenario | str | Path

#: What pictures take each of them for.
PART_OF: dict[type, str] = {
    History: HISTORY,
    Ensemble: ENSEMBLE,
    Study: STUDY,
    Influence: INFLUENCE,
    Advice: ADVICE,
    SavedAdvice: ADVICE,
}


def kinds_of(source: Source) -> tuple[Kind, ...]:
    """List the kinds of picture that a source can show."""
    return tuple(kind for kind in kinds() if kind.shows(source))


def draw(
    results: Results | Source,
    names: Iterable[str] = (),
    *,
    passed_over: Callable[[Kind, InputError], None] | None = None,
    **how: Any,
) -> tuple[Picture, ...]:
    """Draw pictures of results.

    Parameters
    ----------
    results : History, Ensemble, Study, Influence, Advice, Scenario, str, Path or Source
        Something simulated; the folder that it was saved in; or a scenario or its name, of which a
        history and an ensemble are then simulated.
    names : iterable of str
        Kinds of picture; all that the results can show if there are none.
    passed_over : callable, optional
        Where no names are given: called with each kind that the results turn out to be too little
        for, and why. Without it that is raised.
    **how
        As of `source_of`; and options of single kinds: `move` of a decision, `outcome` of a study.

    Returns
    -------
    tuple of Picture
        In the order asked for.

    Raises
    ------
    InputError
        Where there is no such kind, or the results cannot show it.

    Examples
    --------
    >>> (picture,) = draw("after-the-strike", ["outcomes"], replicates=200)
    >>> picture.alt[:34]
    'Bars of the share of histories: Ho'
    """
    from sim.plots.page import words_of

    source = results if isinstance(results, Source) else source_of(results, **how)
    drawn = []
    names = tuple(names)
    left: list[tuple[Kind, InputError]] = []
    chosen = _chosen(source, names)
    for part in dict.fromkeys(kind.of for kind in chosen):
        # What cannot be simulated or read at all is no picture that is passed over.
        source.make(part)
    for kind in chosen:
        try:
            summary = kind.summarise(source)
        except InputError as error:
            if names or passed_over is None:
                raise
            left.append((kind, error))
            continue
        ax = kind.plot(summary)
        figure, words = ax.figure, words_of(ax)
        drawn.append(Picture(kind, summary, figure, kind.alt(summary), words))  # type: ignore[arg-type]
    if left and not drawn:
        raise left[0][1]
    for kind, why in left:
        if passed_over is not None:
            passed_over(kind, why)
    return tuple(drawn)


def plot(results: Results, name: str, ax: Axes | None = None, **how: Any) -> Axes:
    """Draw one kind of picture of results on an Axes, or on a page of its own."""
    source = source_of(results, **how)
    (kind,) = _chosen(source, [name])
    return kind.plot(kind.summarise(source), ax)


def _chosen(source: Source, names: Iterable[str]) -> tuple[Kind, ...]:
    """Find the kinds of these names; all that the source can show where there are none."""
    known = {kind.name: kind for kind in kinds()}
    chosen = []
    for name in names:
        if name not in known:
            showable = [kind.name for kind in kinds_of(source)]
            raise InputError(
                f"no such kind of picture: {name!r}",
                key="kind",
                allowed=listed(showable),
                nearest=nearest_name(name, known),
            )
        if not known[name].shows(source):
            raise known[name].refuse(source)
        chosen.append(known[name])
    found = tuple(dict.fromkeys(chosen)) or kinds_of(source)
    if not found:
        raise InputError(f"no kind of picture can show what {source.name} holds", key="kind")
    _heed(source, found, ", ".join(kind.name for kind in chosen))
    return found


def _heed(source: Source, chosen: Iterable[Kind], called: str) -> None:
    """Refuse options that none of the kinds heeds which are asked for, or which there are."""
    heeded = sorted({option for kind in chosen for option in kind.options})
    for option, value in source.options.items():
        if value is not None and option not in heeded:
            problem = f"{option!r} means nothing to {called or f'any picture of {source.name}'}"
            raise InputError(problem, key=option, allowed=listed(heeded) if heeded else None)


def source_of(
    results: Results,
    *,
    scenario: Scenario | None = None,
    against: Scenario | str | None = None,
    seed: int = 1,
    replicates: int | None = None,
    threads: int | None = None,
    progress: Told | None = None,
    tell: Callable[[Scenario, int], History] = run,
    **options: Any,
) -> Source:
    """Make what pictures are drawn from.

    Parameters
    ----------
    results : History, Ensemble, Study, Influence, Advice, Scenario, str or Path
        As of `draw`.
    scenario : Scenario, optional
        What a folder's results are of, where it is no bundled scenario.
    against : Scenario or str, optional
        Another scenario, to be simulated on the same luck and compared with.
    seed : int
        Of what is simulated of a scenario.
    replicates : int, optional
        Of what is simulated of a scenario; 5,000 if not given.
    threads, progress
        As of `sim.ensemble`.
    tell : callable
        What simulates the history of a scenario, given it and a seed.
    **options
        Of single kinds.

    Raises
    ------
    InputError
        Where there are no such results.
    """

    def play(of: Scenario | str, like: Ensemble | None = None) -> Ensemble:
        size = replicates or REPLICATES if like is None else len(like)
        start = seed if like is None else like.seed
        return ensemble(of, size, start, threads=threads, progress=progress)

    if isinstance(results, (str, Path)):
        results = opened_or_loaded(results, scenario)
    elif scenario is not None:
        raise InputError(NEEDS_NONE, key="scenario")
    parts: dict[str, Callable[[], Any]] = {}
    if isinstance(results, Scenario):
        made = results
        parts = {HISTORY: lambda: tell(made, seed), ENSEMBLE: lambda: play(made)}
    else:
        one = results
        parts = {PART_OF[type(one)]: lambda: one}
    source = Source(_name(results), parts, options)
    if against is not None:
        if not source.has(ENSEMBLE):
            raise InputError("there is no ensemble to compare with", key="against")
        other = load(against) if isinstance(against, str) else against
        parts[PAIR] = lambda: play(other, source.ensemble)
    return source


def _name(results: Opened | Advice | Scenario) -> str:
    if isinstance(results, Scenario):
        return results.name
    if isinstance(results, Study):
        return results.folder.name
    return results.scenario.name
