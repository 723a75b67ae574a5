"""The command ``escalation counterfactual``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

import sim
from sim.cli.completion import complete_path
from sim.cli.options import (
    assignment,
    days_option,
    echo_json,
    examples,
    json_option,
    loaded,
    replicate_option,
    replicates_option,
    scenario_argument,
    seed_option,
    set_option,
    threads_option,
)
from sim.cli.pair import Pair
from sim.cli.playing import shown_progress
from sim.cli.run import announced
from sim.cli.screen import BOLD, DIM, PLAIN, Screen
from sim.sizes import COUNTERFACTUAL_REPLICATES
from sim.written import number, share

if TYPE_CHECKING:
    from sim import Part, Scenario, Transitions

__all__ = ["command"]

COMPILED = "part_many"
KINDS = {
    "same": "the same to the last event",
    "marks": "the same decisions, other dates or dead",
    "length": "the same, but one goes on to other moves",
    "decision": "parted by a decision",
}
ENDS = {"open_war": "open war", "settlement": "settlement", "horizon": "neither"}


@click.command(
    "counterfactual",
    short_help="Tell the same crisis twice: where two histories part, and why.",
    epilog=examples(
        "escalation counterfactual after-the-strike --change strike.dead=80 --seed 7",
        "escalation counterfactual eighty-dead --change injects.hotline.on=true --replicates 2000",
        "escalation counterfactual from-the-killing --change tempo.iran=0.8 --json",
    ),
)
@scenario_argument
@click.option(
    "--change",
    "change",
    multiple=True,
    required=True,
    metavar="PATH=VALUE",
    shell_complete=complete_path,
    help="What is other in the counterfactual, such as strike.dead=80; may be repeated.",
)
@seed_option
@replicate_option
@replicates_option(1, f"{COUNTERFACTUAL_REPLICATES:,}")
@set_option
@days_option
@threads_option
@click.option("--all", "everything", is_flag=True, help="Tell of every move.")
@json_option
def command(
    scenario: str,
    change: tuple[str, ...],
    seed: int,
    replicate: int,
    replicates: int | None,
    values: tuple[str, ...],
    days: float | None,
    threads: int | None,
    everything: bool,
    as_json: bool,
) -> None:
    """Tell the same crisis twice, with other values the second time and the same luck in both.

    Where do the two histories part, at which decision, and by which rules? And over many such
    pairs: how many histories change at all, from which end to which, and whose decision is it?
    --set holds for both. An intervention is a change too: injects.hotline.on=true.
    """
    base = loaded(scenario, values, days)
    given = dict(assignment(value, "--change") for value in change)
    with announced():
        pair = sim.counterfactual(base, given, seed=seed, replicate=replicate, source="--change")
    with shown_progress(compiled=COMPILED) as progress:
        found = pair.transitions(
            replicates or COUNTERFACTUAL_REPLICATES, threads=threads, progress=progress
        )
    if as_json:
        echo_json(pair.to_json(found))
        return
    screen = Screen.current()
    lines = [*Pair(pair, screen, everything).lines(), "", *_ensemble(found, base, screen)]
    click.echo("\n".join(lines))


def _ensemble(found: Transitions, scenario: Scenario, screen: Screen) -> Iterator[str]:
    shorts = {actor.id: actor.short for actor in scenario.crisis.actors}
    labels = {move.id: move.label for move in scenario.crisis.moves}
    told = f"Over {found.pairs:,} pairs of histories: {_share(found.changed)[0]} change at all"
    yield from screen.flow("", "", (told, BOLD))
    yield from _rows([(told, found.kinds[name]) for name, told in KINDS.items()], screen)
    yield ""
    yield click.style("From the baseline's end to the counterfactual's", **BOLD)
    arrow = "→" if screen.blocks else "->"
    ends = [(f"{ENDS[a]} {arrow} {ENDS[b]}", part) for (a, b), part in found.ends.items()]
    yield from _rows(ends, screen, numbered=True)
    if parters := found.parters():
        yield ""
        yield click.style("Whose decision parts them", **BOLD)
        yield from _rows([(shorts[name], part) for name, part in parters], screen)
        middle = found.day
        when, interval = number(middle.mean, middle.low, middle.high, middle.n)
        told = f"Half of them part before day {when} ({interval}). The most frequent partings:"
        yield from screen.flow("", "", (told, PLAIN))
        turns = []
        for actor, option, instead, part in found.turns:
            taken = [
                screen.option(labels[o.move], shorts[o.target] if o.target else None)
                for o in (option, instead)
            ]
            turns.append((f"{shorts[actor]}: {taken[0]}, becomes {taken[1]}", part))
        yield from _rows(turns, screen)
    yield from screen.flow(
        "",
        "",
        (
            "Shares of all pairs, with 95% intervals. # is the first such: --replicate tells it.",
            DIM,
        ),
    )


def _share(part: Part) -> tuple[str, str]:
    return share(part.share.mean, part.share.low, part.share.high)


def _rows(rows: list[tuple[str, Part]], screen: Screen, numbered: bool = False) -> Iterator[str]:
    """Write shares and their intervals; the label over several lines where it is long."""
    numbers = []
    for _, part in rows:
        middle, interval = _share(part)
        first = f"#{part.replicate}" if numbered and part.count else ""
        numbers.append(f"{part.count:>8,}  {middle:>7}  {interval:<15} {first:>6}".rstrip())
    wide = 8 + 2 + 7 + 2 + 15 + 7
    for (label, _), text in zip(rows, numbers, strict=True):
        *before, last = screen.flow("  ", "    ", (label, PLAIN), right=wide)
        yield from before
        gap = " " * (screen.width - wide - len(click.unstyle(last)))
        yield f"{last}{gap}{text}"
