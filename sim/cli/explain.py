"""The command ``escalation explain``."""

from __future__ import annotations

import click

from sim.cli.dates import day_of
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
from sim.cli.screen import Screen
from sim.cli.weighing import Weighing

__all__ = ["command"]


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
    explanation = history.explain_at(str(actor), day) if by_day else history.explain(int(move or 0))
    if as_json:
        named = {"scenario": chosen.name, "seed": seed, "replicate": replicate}
        echo_json(named | explanation.to_dict())
        return
    told = Weighing(explanation, chosen, Screen.current(), everything)
    click.echo("\n".join(told.lines()))
