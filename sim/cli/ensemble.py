"""The command ``escalation ensemble``."""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING

import click

import sim
from sim import written
from sim.cli.dates import days_in_words
from sim.cli.options import (
    bounded,
    days_option,
    echo_json,
    examples,
    json_option,
    kept,
    loaded,
    out_option,
    repeated,
    replicates_option,
    scenario_argument,
    seed_option,
    set_option,
    threads_option,
)
from sim.cli.passages import files_written, forceless, values_in_place
from sim.cli.playing import shown_progress
from sim.cli.rarely import estimated, in_words, rare_option
from sim.cli.screen import BOLD, DIM, PLAIN, WARNING, Screen
from sim.written import Named, groups, odds, share

if TYPE_CHECKING:
    from sim import Ensemble

__all__ = ["command", "cost"]

WAR = "open_war"
MOST = 10_000_000
LABEL, VALUE = 34, 9
ENDS = {WAR: "in open war", "settlement": "in a settlement", "horizon": "without either"}
FILES = "summary.csv, ensemble.json, outcomes.npz, manifest.json"


def _precise(ctx: click.Context, param: click.Parameter, value: float | None) -> float | None:
    if value is None or 0 < value < math.inf:
        return value
    raise click.BadParameter(f"{value:g} is out of range; allowed: above 0, finite", ctx, param)


@click.command(
    "ensemble",
    short_help="Simulate many histories and estimate the chances.",
    epilog=examples(
        "escalation ensemble after-the-strike --replicates 5000",
        "escalation ensemble after-the-strike --set strike.dead=80 --replicates 5000",
        "escalation ensemble after-the-strike --precision 0.005 --outcome us_force_7d",
        "escalation ensemble after-the-strike --rare --set war.major_strikes=3",
        "escalation ensemble from-the-killing --replicates 2000 --out results/killing --json",
    ),
)
@scenario_argument
@replicates_option(1, "100,000")
@click.option(
    "--precision",
    type=float,
    callback=_precise,
    metavar="E",
    help="Go on until the outcome is known to E either side: 0.001 is a tenth of a percent.",
)
@click.option(
    "--outcome",
    metavar="O",
    help="Which outcome --precision or --rare is about; open_war where not given.",
)
@click.option(
    "--most",
    type=int,
    callback=bounded(1),
    metavar="N",
    help=f"Where --precision gives up; {MOST:,} where not given.",
)
@rare_option
@seed_option
@set_option
@days_option
@threads_option
@out_option("Folder for the files; none are written where not given.")
@json_option
def command(
    scenario: str,
    replicates: int | None,
    precision: float | None,
    outcome: str | None,
    most: int | None,
    rare: bool,
    seed: int,
    values: tuple[str, ...],
    days: float | None,
    threads: int | None,
    out: Path | None,
    as_json: bool,
) -> None:
    """Simulate many histories of SCENARIO, and estimate how probable each outcome is.

    Every estimate stands with its 95% interval, which says how sure the sample makes it, not how
    right the model is. The same scenario, seed, values and size give the same result, with any
    number of threads. A history of four actors takes 75 bytes of memory; more histories than fit
    are refused.

    Outcomes: open_war, settlement, horizon, force, widened, days, peak_rung, moves, force_moves,
    exchanges, dead; and of an actor, such as us: us_force, us_force_7d (any number of days),
    us_first_force, us_dead. With --rare: open_war, rung_9 (any move on that rung or above), force,
    us_force, us_force_7d; from 10,000 replicates where no number is given.
    """
    if replicates is not None and precision is not None:
        raise click.UsageError("--replicates gives a size, --precision asks for one: give either")
    if rare and (precision is not None or most is not None or out is not None):
        raise click.UsageError("--rare goes with neither --precision and --most nor --out")
    if precision is None and ((outcome is not None and not rare) or most is not None):
        raise click.UsageError("--outcome and --most go with --precision, --outcome with --rare")
    chosen = loaded(scenario, values, days)
    if rare:
        (found,) = estimated((chosen,), outcome, replicates, seed, threads)
        if as_json:
            echo_json(found.to_dict())
        else:
            click.echo("\n".join(in_words(found, Screen.current())))
        return
    sought = WAR if outcome is None else outcome
    with shown_progress() as progress:
        ensemble = sim.ensemble(
            chosen,
            replicates,
            seed,
            precision=precision,
            outcome=sought,
            most=most or MOST,
            threads=threads,
            progress=progress,
        )
    with kept(ensemble, out) as there:
        if as_json:
            echo_json(ensemble.to_dict())
            return
        screen = Screen.current()
        lines = _answer(ensemble, screen)
        if precision is not None:
            lines += _sought(ensemble, screen, sought, precision)
        lines += [*_table(ensemble, screen), "", *screen.flow("", "", (cost(ensemble), DIM))]
        if there is not None:
            lines += files_written(there, FILES, screen)
        lines += ["", *_hints(ensemble, screen, scenario, values, days)]
        click.echo("\n".join(lines))


def _answer(ensemble: Ensemble, screen: Screen) -> list[str]:
    """Say how probable open war is, and how sure that is."""
    war = ensemble.probability(WAR)
    chance, interval = share(war.mean, war.low, war.high)
    seldom = f", {odds(war.mean)}" if odds(war.mean) else ""
    within = days_in_words(ensemble.scenario.horizon_days)
    told = f"The chance of open war within {within} is {chance}{seldom}."
    count = int(ensemble.counted.values(WAR).sum())
    sure = (
        f"It came in {count:,} of {len(ensemble):,} histories, so the chance lies at {interval} "
        "with 95% confidence. That is how sure the sample makes it, not how right the rules are."
    )
    return screen.flow("", "", (told, BOLD), (sure, PLAIN))


def _sought(ensemble: Ensemble, screen: Screen, outcome: str, precision: float) -> list[str]:
    """Say whether the precision asked for was reached."""
    half = f"{ensemble.probability(outcome).half_width:.2g}"
    if ensemble.reached:
        told = f"As asked, {outcome} is known to {precision:g} either side (to {half})."
        return screen.flow("", "", (told, PLAIN))
    told = (
        f"Gave up after {len(ensemble):,} histories: {outcome} is known to {half} either side, "
        f"not to {precision:g} as asked."
    )
    return screen.flow("", "", (told, WARNING))


def _table(ensemble: Ensemble, screen: Screen) -> list[str]:
    scenario = ensemble.scenario
    lines = ["", *values_in_place(scenario, screen)]
    lines += [click.style(f"{scenario.title:<{LABEL}}  {'':{VALUE}}  95% interval", **DIM)]
    for title, rows in groups(scenario):
        lines.append(click.style(title, **BOLD))
        lines += [_row(ensemble, row) for row in rows]
    return lines + forceless(scenario, screen)


def _row(ensemble: Ensemble, row: Named) -> str:
    found = ensemble.probability(row.outcome)
    value, interval = written.outcome(row.kind, found.mean, found.low, found.high, found.n)
    return f"  {row.label:<{LABEL - 2}}  {value:>{VALUE}}  {interval}"


def cost(*ensembles: Ensemble) -> str:
    """Say what ensembles of one size cost, and how to have the same again."""
    first = ensembles[0]
    seconds = sum(ensemble.seconds for ensemble in ensembles)
    crises = len(first) * len(ensembles) / seconds
    decisions = sum(int(ensemble.outcomes.decisions.sum()) for ensemble in ensembles) / seconds
    times = f"{len(ensembles)} x " if len(ensembles) > 1 else ""
    threads = "1 thread" if first.threads == 1 else f"{first.threads} threads"
    return (
        f"{times}{len(first):,} histories of seed {first.seed} in {seconds:.2g} s on {threads}: "
        f"{crises:,.0f} crises and {decisions:,.0f} decisions a second."
    )


def _hints(
    ensemble: Ensemble, screen: Screen, scenario: str, values: tuple[str, ...], days: float | None
) -> list[str]:
    """Say how to see the worst history and a typical one."""
    lines = []
    for which, k in (
        ("The worst", ensemble.worst_replicate()),
        ("A typical one", ensemble.typical_replicate()),
    ):
        end = next(told for end, told in ENDS.items() if ensemble.counted.values(end)[k])
        lines += screen.flow("", "", (f"{which}, which ends {end}:", PLAIN))
        same = repeated(scenario, ensemble.seed, k, values, days)
        lines += screen.command(["escalation run", *same])
    return lines
