"""The command ``escalation report``."""

from __future__ import annotations

from pathlib import Path

import click

import sim
from sim.cli.meter import metered
from sim.cli.options import Place, bounded, examples, refuse_place, save_to
from sim.cli.results import Asked, named, results_options
from sim.sizes import REPORT_QUICK, REPORT_REPLICATES, REPORT_WITHOUT

__all__ = ["command"]

#: What chooses another file, and what the name of one ends in.
OPTION, HTML = "--out FILE", "report.html"
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
@click.option(
    "--out",
    type=Place(folder=False),
    metavar="FILE",
    help="The HTML file; report.html beside the results, or one in results/, where not given.",
)
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
    "wider intervals. Of what is simulated already all is reported.",
)
@results_options(f"{REPORT_REPLICATES:,}")
def command(asked: Asked, out: Path | None, without: int | None, quick: bool) -> None:
    """Write a report of RESULTS: a folder that run, ensemble or sweep wrote, or a scenario.

    One HTML file with everything in it: the question, the scenario in words, the numbers with their
    intervals, the pictures, three histories told with their reasons, what drives the result, the
    evidence, assumptions and limits, and the commands that make it again. It needs no network, and
    prints. Of a scenario, and beside a single history, an ensemble is simulated; each statement is
    left out in turn to see what rests on it. The same input gives the same file.
    """
    made = asked.found()
    saved = isinstance(made, Path)
    file = out or (made / "report.html" if isinstance(made, Path) else Path(named(made, HTML)))
    refuse_place(file, file.parent, OPTION)
    found = sim.report(
        made,
        scenario=asked.of(),
        seed=asked.seed,
        replicates=asked.replicates,
        without=without,
        threads=asked.threads,
        quick=quick,
        name=asked.scenario if saved else asked.results,
        watch=lambda what: metered(1, what),
    )
    save_to(found, file, OPTION)
    click.echo(f"Written: {file}")
