"""The command ``escalation run``."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

import sim
from sim.cli.dates import Calendar
from sim.cli.options import (
    days_option,
    echo_json,
    examples,
    json_option,
    kept,
    loaded,
    out_option,
    repeated,
    replicate_option,
    scenario_argument,
    seed_option,
    set_option,
)
from sim.cli.passages import files_written
from sim.cli.screen import PLAIN, Screen
from sim.cli.startup import put_off
from sim.cli.timeline import Timeline

if TYPE_CHECKING:
    from sim import History, Scenario

__all__ = ["DIGITS", "RESULTS", "announced", "command", "hold", "told_run"]

RESULTS = Path("results")
DIGITS = 8
FILES = "history.csv, history.json, path.png, manifest.json"
#: The functions of the kernel that the Mesa model calls.
COMPILED = ("begin", "proceed", "perform")


@click.command(
    "run",
    short_help="Simulate one history and tell its course.",
    epilog=examples(
        "escalation run after-the-strike",
        "escalation run after-the-strike --seed 7 --set strike.dead=80",
        "escalation run from-the-killing --days 10 --out killing",
        "escalation run after-the-strike --set injects.rocket.on=true --json",
    ),
)
@scenario_argument
@seed_option
@replicate_option
@set_option
@days_option
@out_option("Folder for the files; one in results/, named after the history, where not given.")
@json_option
def command(
    scenario: str,
    seed: int,
    replicate: int,
    values: tuple[str, ...],
    days: float | None,
    out: Path | None,
    as_json: bool,
) -> None:
    """Simulate one history of SCENARIO, a bundled name or a .toml file, and tell its course.

    Writes history.csv, history.json, path.png (the picture) and manifest.json. The same scenario,
    seed, replicate and values give the same history and the same files. --json writes the history
    to standard output, and files only where --out asks for them.
    """
    chosen = loaded(scenario, values, days)
    history = told_run(chosen, seed, replicate)
    folder = out if out or as_json else _folder(history)
    with kept(history, folder) as there:
        if as_json:
            echo_json(history.to_json())
            return
        screen = Screen.current()
        lines = list(Timeline(history, screen).lines())
        if there is not None:
            lines += files_written(there, FILES, screen)
        lines += _hints(history, screen, repeated(scenario, seed, replicate, values, days))
        click.echo("\n".join(lines))


def told_run(scenario: Scenario, seed: int, replicate: int) -> History:
    """Simulate a history, and say on standard error when that takes a compilation."""
    with announced():
        return sim.run(scenario, seed, replicate=replicate)


@contextlib.contextmanager
def announced() -> Iterator[None]:
    """Say on standard error when what is done takes a compilation of the Mesa model's kernel."""
    put_off("pandas", "networkx", "mesa.experimental.continuous_space")
    # Mesa looks over all that is loaded when it is imported: before numba there is less.
    _ = sim.CrisisModel
    if all(map(sim.is_compiled, COMPILED)):
        yield
        return
    began = time.monotonic()
    click.echo("compiling the kernel (once, some ten seconds) ... ", err=True, nl=False)
    try:
        yield
    except BaseException:
        click.echo(err=True)
        raise
    click.echo(f"done in {time.monotonic() - began:.0f} s", err=True)


def _folder(history: History) -> Path:
    """Name the folder of results, so that other values go elsewhere."""
    scenario = history.scenario
    name = f"{scenario.name}-seed{history.seed}"
    if history.replicate:
        name += f"-replicate{history.replicate}"
    return RESULTS / (f"{name}-{scenario.digest()[:DIGITS]}" if scenario.overrides else name)


def _hints(history: History, screen: Screen, same: list[str]) -> list[str]:
    """Say how to ask why: of the highest move, and of a decision to hold."""
    lines = []
    if history.visible:
        top = max(range(len(history.visible)), key=lambda n: history.visible[n].rung or 0)
        lines += screen.flow("", "", (f"Why move {top + 1}?", PLAIN))
        lines += screen.command(["escalation explain", *same, f"--move {top + 1}"])
    if held := hold(history):
        actor, day = held
        crisis = history.scenario.crisis
        (short,) = (one.short for one in crisis.actors if one.id == actor)
        when = Calendar(history.scenario.start, history.events[-1].date).day(
            history.scenario.start + timedelta(days=float(day))
        )
        lines += screen.flow("", "", (f"And why did {short} hold on {when}?", PLAIN))
        lines += screen.command(["escalation explain", *same, f"--actor {actor} --at {day}"])
    return lines


def hold(history: History) -> tuple[str, str] | None:
    """Find the decision to hold in which force was most probable: the actor and a day to name it.

    Of the first actor that has a move of force to choose from and held; None where there is none.
    """
    log = history.log
    force = {move.id for move in history.scenario.crisis.moves if move.kinetic}
    for actor, options in zip(log.assembly.actors, log.assembly.options, strict=True):
        kinetic = [k for k, option in enumerate(options) if option.move in force]
        own = [decision for decision in log.decisions if decision.actor == actor]
        holds = [decision for decision in own if decision.option == 0]
        if not kinetic or not holds:
            continue
        held = max(holds, key=lambda decision: float(decision.probability[kinetic].sum()))
        for digits in range(2, 10):
            day = f"{held.day:.{digits}f}"
            nearest = min(own, key=lambda decision: abs(decision.day - float(day)))
            if nearest is held and float(day) <= history.days:
                return actor, day
    return None
