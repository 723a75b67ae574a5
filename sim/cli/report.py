"""The command ``escalation report``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

import sim
from sim.cli.completion import complete_scenario
from sim.cli.meter import metered
from sim.cli.options import (
    bounded,
    days_option,
    examples,
    loaded,
    replicates_option,
    seed_option,
    set_option,
    threads_option,
)
from sim.drawing_kinds import MANIFEST
from sim.sizes import REPORT_QUICK, REPORT_REPLICATES, REPORT_WITHOUT

if TYPE_CHECKING:
    from sim import Scenario

__all__ = ["command"]

RESULTS = Path("results")
DIGITS = 8
MOST_WITHOUT = 200_000


@click.command(
    "report",
    short_help="Write a report of results, or of a scenario, as one HTML file.",
    epilog=examples(
        "escalation report after-the-strike --quick",
        "escalation report after-the-strike --set strike.dead=80 --quick --out eighty.html",
        "escalation report results/killing --without 500",
    ),
)
@click.argument("results", metavar="RESULTS", shell_complete=complete_scenario)
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="The HTML file; report.html beside the results, or one in results/, where not given.",
)
@click.option(
    "--scenario",
    metavar="FILE",
    help="What saved results are of, where it is no bundled scenario.",
)
@replicates_option(2, f"{REPORT_REPLICATES:,}")
@click.option(
    "--without",
    type=int,
    callback=bounded(2, MOST_WITHOUT),
    metavar="N",
    help=f"In how many histories each statement is left out; {REPORT_WITHOUT:,} where not given.",
)
@click.option(
    "--quick",
    is_flag=True,
    help=f"{REPORT_QUICK[0]:,} histories and {REPORT_QUICK[1]:,} without each statement: "
    "wider intervals.",
)
@seed_option
@set_option
@days_option
@threads_option
def command(
    results: str,
    out: Path | None,
    scenario: str | None,
    replicates: int | None,
    without: int | None,
    quick: bool,
    seed: int,
    values: tuple[str, ...],
    days: float | None,
    threads: int | None,
) -> None:
    """Write a report of RESULTS: a folder that run, ensemble or sweep wrote, or a scenario.

    One HTML file with everything in it: the question, the scenario in words, the numbers with their
    intervals, the pictures, three histories told with their reasons, what drives the result, the
    evidence, assumptions and limits, and the commands that make it again. It needs no network, and
    prints. Of a scenario, and beside a single history, an ensemble is simulated; each statement is
    left out in turn to see what rests on it. The same input gives the same file.
    """
    made: Path | Scenario = Path(results)
    if (Path(results) / MANIFEST).is_file():
        _refuse_options(values, days)
    else:
        made = loaded(results, values, days)
    if quick:
        replicates, without = replicates or REPORT_QUICK[0], without or REPORT_QUICK[1]
    file = out or (made / "report.html" if isinstance(made, Path) else _file(made))
    _refuse_place(file)
    found = sim.report(
        made,
        scenario=None if scenario is None else sim.load(scenario),
        seed=seed,
        replicates=replicates,
        without=without,
        threads=threads,
        name=scenario if isinstance(made, Path) else results,
        watch=lambda what: metered(1, what),
    )
    try:
        found.save(file)
    except OSError as error:
        raise _unwritable(file, (error.strerror or str(error)).lower()) from error
    click.echo(f"Written: {file}")


def _refuse_options(values: tuple[str, ...], days: float | None) -> None:
    """Refuse what would change results that are there already."""
    given = click.get_current_context().get_parameter_source("seed")
    if values or days is not None or given is not click.core.ParameterSource.DEFAULT:
        raise click.UsageError(
            "results are reported as they are: --seed, --set and --days are for scenarios"
        )


def _file(scenario: Scenario) -> Path:
    """Name the file of a scenario's report, so that other values go elsewhere."""
    digest = f"-{scenario.digest()[:DIGITS]}" if scenario.overrides else ""
    return RESULTS / f"{scenario.name}{digest}-report.html"


def _refuse_place(file: Path) -> None:
    """Refuse a place that is none before anything is simulated for it."""
    above = next(place for place in file.parents if place.exists())
    if not above.is_dir():
        raise _unwritable(file, f"{above} is no folder")


def _unwritable(file: Path, reason: str) -> click.ClickException:
    return click.ClickException(f"cannot write {file}: {reason}; --out FILE chooses another file")
