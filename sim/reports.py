"""A report to hand around: one HTML file that says what was asked, what came out, and why."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

from sim.crisis import Scenario
from sim.crisis.texts import unprintable
from sim.drawing_kinds import ADVICE, CALLED, INFLUENCE
from sim.ensembles import Ensemble, ensemble
from sim.errors import InputError
from sim.growth import Told
from sim.history import History
from sim.influences import Influence
from sim.opening import NEEDS_NONE, opened_or_loaded
from sim.report_parts import Asked, Watch, summarise
from sim.report_studies import summarise_study
from sim.sizes import REPORT_QUICK, REPORT_REPLICATES, REPORT_WITHOUT
from sim.studies import Study

if TYPE_CHECKING:
    from sim.analysis.report import ReportSummary

__all__ = ["Report", "report"]


def report(
    results: History | Ensemble | Study | Scenario | str | Path,
    *,
    scenario: Scenario | None = None,
    seed: int = 1,
    replicates: int | None = None,
    without: int | None = None,
    threads: int | None = None,
    quick: bool = False,
    name: str | None = None,
    watch: Watch | None = None,
) -> Report:
    """Write a report of results, or of a scenario.

    Parameters
    ----------
    results : History, Ensemble, Study, Scenario, str or Path
        Something simulated; the folder that it was saved in; or a scenario or its name, of which
        an ensemble is then simulated. To a single history one is simulated too, of its scenario
        and its seed: how usual it is takes many.
    scenario : Scenario, optional
        What a folder's results are of, where it is no bundled scenario.
    seed : int
        Of what is simulated of a scenario.
    replicates : int, 2 or more, optional
        Histories that the numbers of a scenario, or of a single history, rest on; 20,000 if not
        given.
    without : int, 2 or more, optional
        Histories in which each statement is left out; 5,000 if not given. Never more than
        there are with all of them. In a study none is.
    quick : bool
        Where a number is not given, whether it is 2,000 and 500 instead: wider intervals. Of
        what is simulated already all is reported.
    threads : int, optional
        As many as there are processors if not given; changes nothing but the time.
    name : str, optional
        What the command line calls the scenario; its own name if not given.
    watch : callable, optional
        Called with what comes next, such as "histories"; gives a context in which a callable
        hears how far it has come, as of `sim.ensemble`.

    Returns
    -------
    Report

    Raises
    ------
    InputError
        Where there are no such results, they go on from a fork, or are not what is reported:
        advice, for instance; or where a number is given for what is simulated already.

    Examples
    --------
    >>> import sim
    >>> made = sim.report("after-the-strike", replicates=50, without=2)
    >>> made.summary.title, made.html[:15]
    ('After the strike', '<!DOCTYPE html>')
    """
    found = _found(results, scenario)
    sizes = REPORT_QUICK if quick else (REPORT_REPLICATES, REPORT_WITHOUT)
    given = str(results) if isinstance(results, (str, Path)) else None
    folder = None if isinstance(found, Scenario) else given
    called = name or (given if isinstance(found, Scenario) else None)
    asked = Asked(folder, called, watch or _unwatched, threads, without or sizes[1])
    if isinstance(found, (Ensemble, Study)) and replicates is not None:
        problem = "means nothing here: the histories are simulated already"
        raise InputError(problem, key="replicates", allowed="of a scenario or a history")
    if isinstance(found, Study):
        if without is not None:
            problem = "means nothing to a study: no statement is left out in it"
            raise InputError(problem, key="without", allowed="of a scenario, history or ensemble")
        found.dataset()  # What is damaged is found before anything is drawn.
        return Report(summarise_study(found, asked))
    _check(found)
    if isinstance(found, Ensemble):
        return Report(summarise("ensemble", found, None, asked))
    many = replicates or sizes[0]
    of, start = (found, seed) if isinstance(found, Scenario) else (found.scenario, found.seed)
    with asked.watch("histories") as progress:
        played = ensemble(of, many, start, threads=threads, progress=progress)
    if isinstance(found, Scenario):
        return Report(summarise("scenario", played, None, asked))
    return Report(summarise("history", played, found, asked))


def _found(
    results: History | Ensemble | Study | Scenario | str | Path, scenario: Scenario | None
) -> History | Ensemble | Study | Scenario:
    """Open a folder of results, or load a scenario."""
    if not isinstance(results, (str, Path)):
        if scenario is not None:
            raise InputError(NEEDS_NONE, key="scenario")
        return results
    if fault := unprintable(str(results)):
        raise InputError(f"its name {fault[1]}: no page can show it", file=str(results))
    found = opened_or_loaded(results, scenario)
    if isinstance(found, (History, Ensemble, Study, Scenario)):
        return found
    held = CALLED[INFLUENCE if isinstance(found, Influence) else ADVICE]
    problem = f"holds {held}: a report is of a scenario, a history, an ensemble or a study"
    raise InputError(problem, file=str(results))


def _check(found: History | Ensemble | Scenario) -> None:
    """Refuse what goes on from a fork, or what others decided in: a report could not redo it."""
    forked = (
        found.log.origin is not None or bool(found.log.replaced)
        if isinstance(found, History)
        else isinstance(found, Ensemble) and found.origin is not None
    )
    if forked:
        problem = "goes on from a fork, or others decided in it: a report is of a scenario's own"
        raise InputError(problem, key="report")


def _unwatched(what: str) -> AbstractContextManager[Told | None]:
    return nullcontext()


class Report:
    """A report.

    Parameters
    ----------
    summary : ReportSummary
        All that it says.
    """

    def __init__(self, summary: ReportSummary) -> None:
        self.summary = summary

    def __repr__(self) -> str:
        """Say what it is a report of."""
        return f"<Report of the {self.summary.kind} {self.summary.title!r}>"

    @property
    def html(self) -> str:
        """The HTML file as a text: the same for the same results."""
        from sim.pages.report import render_report

        return render_report(self.summary)

    def save(self, path: str | Path) -> Path:
        """Write the HTML file, complete or not at all.

        Raises
        ------
        OSError
            Where it cannot be written.
        """
        from sim.saving import write_files

        path = Path(path)
        write_files(path.parent, {path.name: self.html.encode()})
        return path
