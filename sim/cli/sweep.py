"""The command ``escalation sweep``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from sim.cli.completion import complete_experiment
from sim.cli.failures import FAILURE, Interrupted
from sim.cli.meter import metered, warn_of_compiling
from sim.cli.options import assignment, bounded, examples, out_option, set_option
from sim.cli.passages import files_written
from sim.cli.screen import BOLD, DIM, PLAIN, WARNING, Screen
from sim.written import number, share

if TYPE_CHECKING:
    import pandas as pd

    from sim import Study
    from sim.studies import Experiment, Forecast

__all__ = ["command"]

WAR = "open_war"
FILES = "summary.parquet, design.parquet, outcomes/, manifest.json"
LISTED = 24  # design points that are listed one by one
ESTIMATE = 26  # columns of an estimate and its interval
SHOWN_FAILURES = 10


@click.command(
    "sweep",
    short_help="Vary what is not known, and keep every history's outcomes.",
    epilog=examples(
        "escalation sweep us-dead",
        "escalation sweep resolve-by-restraint --replicates 500 --out results/map",
        "escalation sweep elicited --dry-run",
        "escalation sweep elicited --resume",
        "escalation sweep elicited --executor dask --scheduler tcp://10.0.0.5:8786",
    ),
)
@click.argument("experiment", shell_complete=complete_experiment)
@out_option("Folder of the study; results/NAME where not given.")
@click.option("--resume", is_flag=True, help="Go on with the study that the folder holds.")
@click.option(
    "--workers",
    type=int,
    callback=bounded(1, 1024),
    metavar="W",
    help="How many play at a time; as many as processors where not given. Changes no number.",
)
@click.option(
    "--executor",
    type=click.Choice(["local", "dask"]),
    default="local",
    show_default=True,
    help="Threads of this process, or the workers of a Dask cluster.",
)
@click.option(
    "--scheduler",
    metavar="ADDRESS",
    help="Of a running Dask scheduler; a cluster on this machine where not given.",
)
@set_option
@click.option(
    "--replicates",
    type=int,
    callback=bounded(1),
    metavar="N",
    help="Histories at each design point, in place of the experiment's.",
)
@click.option(
    "--points",
    type=int,
    callback=bounded(1),
    metavar="P",
    help="Design points to draw, in place of the experiment's.",
)
@click.option(
    "--seed",
    type=int,
    callback=bounded(0, 2**63 - 1),
    metavar="N",
    help="Seed of all chance, in place of the experiment's.",
)
@click.option("--dry-run", is_flag=True, help="Say what it would cost, and write nothing.")
def command(
    experiment: str,
    out: Path | None,
    resume: bool,
    workers: int | None,
    executor: str,
    scheduler: str | None,
    values: tuple[str, ...],
    replicates: int | None,
    points: int | None,
    seed: int | None,
    dry_run: bool,
) -> None:
    """Simulate the design points of EXPERIMENT, a bundled name or a .toml file.

    A sweep can be stopped at any moment, by Ctrl-C or a power cut: --resume goes on from what is
    stored, and ends with the same bytes as if nothing had happened. So it does with any number of
    workers, on one machine or many. What fails is left out and told; --resume tries it again.

    Bundled experiments: us-dead, notice-by-proportion, resolve-by-restraint, iran-tempo,
    concluded, constants, elicited.
    """
    from sim import studies

    if dry_run and resume:
        raise click.UsageError("--dry-run says what the whole would cost: it goes without --resume")
    players = studies.choose_executor(executor, workers, scheduler)
    chosen = studies.read_experiment(experiment)
    given = {"replicates": replicates, "points": points, "seed": seed}
    if fields := {name: value for name, value in given.items() if value is not None}:
        chosen = chosen.with_(**fields)
    if values:
        chosen = chosen.changed(dict(assignment(value) for value in values), "--set")
    folder = out or Path("results") / chosen.name
    screen = Screen.current()
    if dry_run:
        warn_of_compiling()
        cost = studies.forecast_sweep(chosen, players.workers)
        click.echo("\n".join(_forecast(chosen, cost, folder, screen)))
        return
    try:
        begun = studies.begin_sweep(chosen, folder, resume)
        with metered(begun.rows) as progress:
            study = studies.finish_sweep(begun, players, progress)
    except KeyboardInterrupt:
        told = f"interrupted; all that is stored in {folder} is whole: --resume goes on from it"
        raise Interrupted(told) from None
    click.echo("\n".join(_answer(study, screen)))
    if study.manifest["failures"]:
        click.get_current_context().exit(FAILURE)


def _forecast(chosen: Experiment, cost: Forecast, folder: Path, screen: Screen) -> list[str]:
    """Say what a sweep would cost."""
    minutes = cost.seconds / 60
    time = f"About {cost.seconds:.0f} seconds" if minutes < 2 else f"About {minutes:.0f} minutes"
    if cost.seconds < 1:
        time = "Under a second"
    disk = f"{cost.megabytes:,.1f}" if cost.megabytes >= 0.1 else "under 0.1"
    parts = "1 part" if cost.parts == 1 else f"{cost.parts:,} parts"
    size = (
        f"{cost.points:,} design points x {cost.replicates // cost.points:,} replicates "
        f"= {cost.replicates:,} histories, in {parts}."
    )
    many = "1 worker" if cost.workers == 1 else f"{cost.workers} workers"
    rest = f"{time} on {many} of this machine, and {disk} MB in {folder}. Nothing was written."
    lines = screen.flow("", "", (f"{chosen.title}: {size}", BOLD))
    return lines + screen.flow("", "", (rest, PLAIN))


def _answer(study: Study, screen: Screen) -> list[str]:
    """Say what came of a sweep, and what can be asked of it."""
    manifest = study.manifest
    inputs = manifest["inputs"]
    told = (
        f"{manifest['points']:,} design points x {inputs['replicates']:,} replicates of seed "
        f"{inputs['seed']}, {inputs['streams']} streams."
    )
    lines = screen.flow("", "", (f"{manifest['title']}.", BOLD), (told, PLAIN))
    outcome = WAR if WAR in study.outcomes else study.outcomes[0]
    lines += ["", *_points(study, outcome, screen)]
    if manifest["failures"]:
        lines += ["", *_failures(study, screen)]
    lines += files_written(study.folder, FILES, screen)
    lines += ["", *screen.flow("", "", ("What drives it, and what it looks like:", PLAIN))]
    for verb in ("sensitivity", "discover", "plot"):
        lines += screen.command(["escalation", verb, str(study.folder)])
    return lines


def _points(study: Study, outcome: str, screen: Screen) -> list[str]:
    """List an outcome at every design point, or how it varies over many."""
    table = study.table(outcome)
    shares = outcome in _shares(study)
    names = study.names
    cells = [[_cell(value) for value in table[name]] for name in names[:LISTED]]
    widths = [max(map(len, [name, *column])) for name, column in zip(names, cells, strict=False)]
    if len(table) > LISTED or sum(widths) + 2 * len(names) + ESTIMATE > screen.width:
        there = table[table["estimate"].notna()].sort_values("estimate")
        if there.empty:
            return [f"{outcome}: at no design point."]
        return screen.flow("", "", (_many(study, outcome, there, shares), PLAIN))
    head = "  ".join(f"{name:>{width}}" for name, width in zip(names, widths, strict=True))
    lines = [click.style(f"{head}  {outcome:>9}  95% interval", **DIM)]
    for row, (_, found) in enumerate(table.iterrows()):
        levels = "  ".join(
            f"{column[row]:>{width}}" for column, width in zip(cells, widths, strict=True)
        )
        value, interval = "-", ""  # nothing could be played there
        if found["n"] > 0:
            value, interval = _estimate(found, shares)
        lines.append(f"{levels}  {value:>9}  {interval}".rstrip())
    return lines


def _many(study: Study, outcome: str, there: pd.DataFrame, shares: bool) -> str:
    """Say how an outcome varies over points that are too many to list."""
    from sim.studies import quantiles

    told = f"{outcome} over the design points"
    if study.drawn:
        marks = ", ".join(f"{mark.says} {mark.written}" for mark in quantiles(study, outcome))
        return f"{told}: {marks}. In parentheses: 95% intervals."
    ends = (_estimate(there.iloc[k], shares) for k in (0, -1))
    least, most = (f"{value} ({interval})" for value, interval in ends)
    return f"{told}: {least} at the least, {most} at the most."


def _shares(study: Study) -> set[str]:
    summary = study.summary
    return set(summary.loc[summary["kind"] == "share", "outcome"])


def _estimate(found: pd.Series, shares: bool) -> tuple[str, str]:
    """Write the estimate at a design point, and its interval."""
    return (share if shares else number)(found["estimate"], found["low"], found["high"])


def _cell(value: object) -> str:
    return f"{value:.4g}" if isinstance(value, float) else str(value)


def _failures(study: Study, screen: Screen) -> list[str]:
    """Tell what failed: its stage, its key and the cause."""
    failures = study.manifest["failures"]
    told = f"{len(failures)} failed and are left out; --resume tries them again:"
    lines = screen.flow("", "", (told, WARNING))
    for failure in failures[:SHOWN_FAILURES]:
        key = " ".join(
            f"{what} {failure[what]}"
            for what in ("part", "point", "replicate")
            if failure[what] is not None
        )
        lines += screen.flow(
            "  ", "    ", (f"{failure['stage']}, {key}: {failure['cause']}", PLAIN)
        )
    if len(failures) > SHOWN_FAILURES:
        lines += [f"  and {len(failures) - SHOWN_FAILURES} more, in manifest.json"]
    return lines
