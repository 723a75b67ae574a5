"""The command ``escalation explain``."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import click

from sim.cli.dates import Calendar, day_of, days_in_words
from sim.cli.options import (
    actor_option,
    days_option,
    echo_json,
    examples,
    json_option,
    loaded,
    replicate_option,
    scenario_argument,
    seed_option,
    set_option,
)
from sim.cli.run import told_run
from sim.cli.screen import DIM, Screen
from sim.cli.weighing import Weighing
from sim.errors import InputError

if TYPE_CHECKING:
    from sim import History, Scenario

__all__ = ["command"]

HOUR, SECOND = 1 / 24, 1 / 86400


@click.command(
    "explain",
    short_help="Explain a decision, statement by statement.",
    epilog=examples(
        "escalation explain after-the-strike --seed 7 --move 1",
        "escalation explain after-the-strike --seed 7 --move 1 --json",
        "escalation explain after-the-strike --seed 7 --actor us --at 2020-01-08",
        "escalation explain after-the-strike --set strike.dead=80 --actor us --at 0.5 --all",
    ),
)
@scenario_argument
@seed_option
@replicate_option
@set_option
@days_option
@click.option("--move", type=int, metavar="K", help="The K-th move of the timeline, from 1.")
@actor_option
@click.option(
    "--at",
    metavar="DAY",
    help="With --actor: its decision nearest to the day, a decision to hold included. Days from "
    "the start, a date (its noon), or a date and time.",
)
@click.option("--all", "everything", is_flag=True, help="Tell of every option in full.")
@json_option
def command(
    scenario: str,
    seed: int,
    replicate: int,
    values: tuple[str, ...],
    days: float | None,
    move: int | None,
    actor: str | None,
    at: str | None,
    everything: bool,
    as_json: bool,
) -> None:
    """Explain a decision of the history that `run` tells for the same SCENARIO, seed and values.

    Name the decision by --move K, or by --actor A --at DAY. Every option has a utility in logits:
    the actor's base propensity for the move, plus what each rule adds. Its probability is
    softmax(precision * utility), exactly.
    """
    if move is None and (actor is None or at is None):
        raise click.UsageError("name the decision: --move K, or --actor A and --at DAY")
    if move is not None and (actor is not None or at is not None):
        raise click.UsageError("--move names one decision, --actor and --at another: give either")
    chosen = loaded(scenario, values, days)
    day = day_of(at, chosen.start) if at is not None else 0.0
    history = told_run(chosen, seed, replicate)
    by_day = move is None
    if at is not None:
        _within(at, day, history)
    explanation = history.explain_at(str(actor), day) if by_day else history.explain(int(move or 0))
    if as_json:
        named = {"scenario": chosen.name, "seed": seed, "replicate": replicate}
        echo_json(named | explanation.to_dict())
        return
    told = Weighing(explanation, chosen, Screen.current(), everything)
    lines = list(told.lines())
    screen = Screen.current()
    if at is not None and abs(explanation.day - day) > HOUR:
        lines[:0] = [*screen.flow("", "", (_asked(chosen, day, explanation.day), DIM)), ""]
    click.echo("\n".join(lines))


def _within(at: str, day: float, history: History) -> None:
    """Refuse a day before the start or after the end; of a date, the whole day counts."""
    start = history.scenario.start
    try:
        asked = date.fromisoformat(at)
    except ValueError:
        early, late = day < 0, day > history.days + SECOND
    else:
        last = start + timedelta(days=history.days)
        early, late = asked < start.date(), asked > last.date()
    if not early and not late:
        return
    ended = Calendar.full(start + timedelta(days=history.days))
    allowed = f"day 0 ({Calendar.full(start)}) to day {history.days:.2f} ({ended}), when it ended"
    raise InputError(
        f"{at} lies {'before the start' if early else 'after the end'} of this history",
        file="--at",
        allowed=allowed,
    )


def _asked(scenario: Scenario, day: float, found: float) -> str:
    """Say that the decision lies elsewhere than it was asked for, and how far."""
    when = Calendar(scenario.start, scenario.start).moment(scenario.start + timedelta(days=day))
    far = days_in_words(abs(found - day))
    way = "later" if found > day else "earlier"
    return f"Asked for day {day:g}, {when.strip()}; the nearest decision is {far} {way}."
