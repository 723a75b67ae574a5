"""The command ``escalation advise``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

import sim
from sim.cli.completion import complete_actor
from sim.cli.counsel import WAR, Counsel
from sim.cli.dates import day_of
from sim.cli.foresight import worlds_lines
from sim.cli.options import (
    Place,
    bounded,
    days_option,
    echo_json,
    examples,
    json_option,
    kept,
    known_actor,
    loaded,
    out_option,
    replicate_option,
    replicates_option,
    scenario_argument,
    seed_option,
    set_option,
    threads_option,
)
from sim.cli.playing import shown_progress
from sim.cli.rarely import doubts
from sim.cli.replies import deep_lines
from sim.cli.run import told_run
from sim.cli.screen import DIM, Screen
from sim.errors import InputError
from sim.option_futures import TREES
from sim.sizes import ADVICE_BUDGET, ADVICE_REPLICATES, ADVICE_WORLDS

if TYPE_CHECKING:
    from sim import Advice, History, Scenario

__all__ = ["command"]


@click.command(
    "advise",
    short_help="Advise an actor: what each of its options leads to.",
    epilog=examples(
        "escalation advise after-the-strike --actor us --replicates 1000",
        "escalation advise eighty-dead --actor us --at 1 --replicates 500",
        "escalation advise us-replies --actor iran --objective settlement=-1 --replicates 500",
        "escalation advise us-replies --actor iran --at 2020-01-10 --replicates 99 --json",
        "escalation advise eighty-dead --actor us --elicited --replicates 1600",
        "escalation advise after-the-strike --actor us --rare --replicates 2000",
        "escalation advise eighty-dead --actor us --depth 2 --budget 9000 --replicates 160",
    ),
)
@scenario_argument
@click.option(
    "--actor", metavar="A", required=True, shell_complete=complete_actor, help="Who is advised."
)
@click.option(
    "--at",
    metavar="DAY",
    help="The moment: days from the start, a date (its noon), or a date and time; the start where "
    "not given.",
)
@click.option(
    "--history",
    "saved",
    type=Place(),
    metavar="FILE",
    help="A saved history, or its folder, in place of the one of the seed.",
)
@seed_option
@replicate_option
@replicates_option(2, f"{ADVICE_REPLICATES:,} of each option")
@click.option(
    "--objective",
    "costs",
    multiple=True,
    metavar="OUTCOME=WEIGHT",
    help="Rank by a sum of outcomes, each times its weight, less being better; may be repeated. "
    "By open war, then deaths, where not given.",
)
@set_option
@days_option
@threads_option
@click.option(
    "--intervention",
    "interventions",
    multiple=True,
    metavar="ID",
    help="Rank an inject of the scenario with the moves, the actor holding; may be repeated. "
    "`all`: those that are off, kill nobody and add no tension.",
)
@click.option(
    "--depth",
    type=int,
    callback=bounded(1, 2),
    default=1,
    show_default=True,
    metavar="N",
    help="2: also the best replies to the adversary's likeliest answers.",
)
@click.option(
    "--budget",
    type=int,
    callback=bounded(1),
    metavar="N",
    help=f"The most futures that --depth 2 may take, besides --replicates; {ADVICE_BUDGET:,} where "
    "not given.",
)
@click.option(
    "--elicited",
    is_flag=True,
    help=f"Also in {ADVICE_WORLDS} worlds in which the rules weigh otherwise, as far as their "
    "spreads go.",
)
@click.option("--rare", is_flag=True, help="Estimate the chance of open war by splitting.")
@click.option("--all", "everything", is_flag=True, help="Compare and explain everything.")
@out_option("Folder for a table, the whole as JSON, and pictures; none are written if not given.")
@json_option
def command(
    scenario: str,
    actor: str,
    at: str | None,
    saved: Path | None,
    seed: int,
    replicate: int,
    replicates: int | None,
    costs: tuple[str, ...],
    values: tuple[str, ...],
    days: float | None,
    threads: int | None,
    interventions: tuple[str, ...],
    depth: int,
    budget: int | None,
    elicited: bool,
    rare: bool,
    everything: bool,
    out: Path | None,
    as_json: bool,
) -> None:
    """Tell what each option of an actor leads to, if it is taken at the moment, and rank them.

    The futures of all options share their luck, history by history, so that what chance does to
    all cancels out of the differences. Brackets part the options that can be told apart.
    Outcomes count from the moment on; deaths are those short of open war, whose own are not
    simulated. The adversary is the target, if it has a move of force against the actor; else the
    one likeliest to use force within 7 days if the actor holds.

    The ranking says what the model expects, not what is right.
    """
    chosen = loaded(scenario, values, days)
    known_actor(chosen, actor)
    objective = dict(cost(text) for text in costs)
    history = asked(chosen, seed, replicate, saved)
    with shown_progress() as progress:
        advice = sim.advise(
            history,
            actor,
            at=None if at is None else day_of(at, history.scenario.start),
            seed=seed,
            replicates=replicates or ADVICE_REPLICATES,
            objective=objective or None,
            interventions="all" if "all" in interventions else interventions,
            depth=depth,
            budget=budget,
            elicited=elicited,
            rare=rare,
            threads=threads,
            progress=progress,
        )
    with kept(advice, out) as there:
        if as_json:
            echo_json(advice.to_json())
            return
        lines = _told(advice, Screen.current(), everything, rare)
        if there is not None:
            lines += ["", f"Written: {there}"]
        click.echo("\n".join(lines))


def _told(advice: Advice, screen: Screen, everything: bool, rare: bool) -> list[str]:
    """Tell all that was asked for."""
    counsel = Counsel(advice, screen, everything)
    lines = list(counsel.lines())
    if advice.worlds:
        lines += ["", *worlds_lines(counsel)]
    if advice.deep:
        lines += ["", *deep_lines(counsel)]
    if rare and (few := doubts(advice.courses[0].estimates[WAR].n, screen, TREES)):
        lines += ["", *few]
    return [*lines, "", *_notes(advice, screen)]


def cost(text: str) -> tuple[str, float]:
    """Read OUTCOME=WEIGHT of --objective."""
    name, sign, weight = (part.strip() for part in text.partition("="))
    if not name or not sign:
        allowed = "OUTCOME=WEIGHT, such as dead=1"
        raise InputError(f"cannot read {text!r}", file="--objective", allowed=allowed)
    try:
        return name, float(weight)
    except ValueError:
        problem = f"{weight!r} is no weight of {name}"
        raise InputError(problem, file="--objective", allowed="a number") from None


def asked(scenario: Scenario, seed: int, replicate: int, saved: Path | None) -> History:
    """Find the history that is asked for."""
    if saved is None:
        return told_run(scenario, seed, replicate)
    if replicate:
        raise click.UsageError("--history and --replicate each name a history: give either")
    from sim.recall import recall

    return recall(saved, scenario)


def _notes(advice: Advice, screen: Screen) -> list[str]:
    """Explain the marks, and say what it took."""
    rule = (
        "not told from the lowest weighted sum; and whatever is estimated to be no higher than one "
        "of them"
        if advice.summed
        else "not told from the lowest chance of open war, and of these those not told from the "
        "fewest dead; and whatever is estimated to be no worse than one of them on both"
    )
    marks = (
        f"Brackets rest on {advice.ranking.tests} tests of pairs with 5% chance that any tells "
        f"apart what is the same (Holm). In one stand, of the options left, those {rule}. The "
        "differences from holding are finer. Each interval is a 95% interval of its own; * marks "
        "what differs from holding by such an interval."
    )
    armed = any(course.adversary for course in advice.courses)
    force = "In 7d: the chance of force by that actor within 7 days. " * armed
    short = "Dead and force" if armed else "Dead"
    counted = (
        f"All from the moment on. {force}{short}: short of open war, which is not simulated itself "
        "(-). Rung: the highest of any move. Settled: days until a settlement, to the horizon "
        "where there is none. Picked: the chance that the model's actor would choose it, were it "
        "to decide then."
    )
    many = "1 option" if len(advice.courses) == 1 else f"{len(advice.courses)} options"
    took = (
        f"{many} x {advice.replicates:,} futures of seed {advice.seed}; {advice.seconds:.2g} s in "
        "all."
    )
    if advice.summed:
        counted += f" Sum: {advice.objective}."
    notes = [marks, counted, took]
    from sim.option_futures import possible

    left = set(possible(advice.scenario)) - {course.option for course in advice.courses}
    if left:
        names = ", ".join(sorted(left))
        notes.insert(2, f"Interventions that --intervention could rank as well: {names}.")
    return [line for told in notes for line in screen.flow("", "", (told, DIM))]
