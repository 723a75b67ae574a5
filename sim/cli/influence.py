"""The command ``escalation influence``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

import sim
from sim.cli.completion import complete_actor
from sim.cli.meter import metered
from sim.cli.options import (
    bounded,
    days_option,
    echo_json,
    examples,
    json_option,
    kept,
    loaded,
    out_option,
    scenario_argument,
    seed_option,
    set_option,
    threads_option,
)
from sim.cli.passages import files_written, values_in_place
from sim.cli.screen import BOLD, DIM, PLAIN, Screen, Style
from sim.written import Figures, number, share

if TYPE_CHECKING:
    from sim import Difference, Effect, Influence, InfluenceSummary

__all__ = ["command"]

REPLICATES, MOST = 20_000, 200_000
LABEL, CELL = 26, 18
WITHIN = " within 7 days"
MARK = " *"
FILES = "influence.csv, influence.json, manifest.json"
SILENT = {
    "numbers": "Behind numbers, not rules",
    "events": "Behind events of the opening",
    "nothing": "Unused",
    "not counted": "Not counted in this scenario",
}


@click.command(
    "influence",
    short_help="Leave out each statement in turn: which one carries the result?",
    epilog=examples(
        "escalation influence after-the-strike --replicates 500",
        "escalation influence eighty-dead --actor iran --replicates 200",
        "escalation influence after-the-strike --replicates 200 --out results/influence --json",
    ),
)
@scenario_argument
@click.option(
    "--replicates",
    type=int,
    callback=bounded(2, MOST),
    metavar="N",
    default=REPLICATES,
    show_default=True,
    help="How many histories, with all statements and without each.",
)
@seed_option
@set_option
@click.option(
    "--actor",
    metavar="A",
    shell_complete=complete_actor,
    help="Whose force within 7 days is counted; of whoever was struck last where not given.",
)
@days_option
@threads_option
@out_option("Folder for the files; none are written where not given.")
@json_option
def command(
    scenario: str,
    replicates: int,
    seed: int,
    values: tuple[str, ...],
    actor: str | None,
    days: float | None,
    threads: int | None,
    out: Path | None,
    as_json: bool,
) -> None:
    """Leave out each statement in turn, and rank what that changes.

    A statement that is left out takes its share of every rule that cites it. Histories with and
    without it meet the same luck, pair by pair. Measured are the changes in the chance of open war,
    in that of force by an actor within 7 days, and in the number of dead.

    The intervals are wide enough for all of them to hold at once with 95% confidence, so that a *
    is no chance find among many.
    """
    chosen = loaded(scenario, values, days)
    with metered(replicates) as progress:
        found = sim.influence(
            chosen, replicates, seed, actor=actor, threads=threads, progress=progress
        )
    with kept(found, out) as there:
        if as_json:
            echo_json(found.to_dict())
            return
        screen = Screen.current()
        lines = [*_answer(found.summary, screen), "", *_table(found, screen)]
        lines += ["", *_rest(found.summary, screen), "", *_legend(found, screen)]
        if there is not None:
            lines += files_written(there, FILES, screen)
        click.echo("\n".join(lines))


def _answer(found: InfluenceSummary, screen: Screen) -> list[str]:
    """Say which statement carries most, and how many carry something."""
    marked = [effect for effect in found.effects if any(effect.distinct)]
    if not marked:
        told = f"{found.replicates:,} pairs tell no statement's part in the result from none."
        return screen.flow("", "", (told, BOLD))
    first = marked[0]
    changes = []
    for label, pair, distinct in zip(found.labels, first.differences, first.distinct, strict=True):
        if distinct:
            figures, sign = Figures(pair, _kind(pair)), "%" if _kind(pair) == "share" else ""
            changes.append(f"{label} {figures.b}{sign} for {figures.a}{sign}")
    rest = (
        f"Without it: {'; '.join(changes)}. Of {len(found.effects)} statements that rules cite, "
        f"{len(marked)} {'is' if len(marked) == 1 else 'are'} told from making no difference."
    )
    return screen.flow("", "", (found.largest, BOLD), (rest, PLAIN))


def _kind(pair: Difference) -> str:
    return "share" if pair.estimate.method == "paired shares" else "mean"


def _table(found: Influence, screen: Screen) -> list[str]:
    """Give the statements that are told apart, each with its changes, line and paraphrase."""
    summary, scenario = found.summary, found.scenario
    lines = values_in_place(scenario, screen)
    lines += _row(screen, "", [label.replace(WITHIN, ", 7 d") for label in summary.labels], DIM)
    with_all = [
        (share if estimate.method == "wilson" else number)(
            estimate.mean, estimate.low, estimate.high
        )
        for estimate in summary.baseline
    ]
    lines += _row(screen, "with all statements", [value for value, _ in with_all], PLAIN)
    for rank, effect in enumerate(summary.effects, start=1):
        if any(effect.distinct):
            lines += ["", *_told(screen, rank, effect)]
    return lines


def _told(screen: Screen, rank: int, effect: Effect) -> list[str]:
    said = effect.statement
    figures = [Figures(pair, _kind(pair)) for pair in effect.differences]
    changes = ["same" if f.same else f.difference + (MARK if f.marked else "") for f in figures]
    lines = _row(screen, f"{rank:>2} {said.id}", changes, PLAIN)
    lines += _row(screen, "", ["" if f.same else f.interval for f in figures], DIM)
    return lines + screen.flow("   ", "   ", (f"line {said.line}: {said.says}", DIM))


def _row(screen: Screen, label: str, cells: list[str], style: Style) -> list[str]:
    """Write a row; a label that is too long, or a screen too narrow, puts it on two lines."""
    indent = LABEL if screen.width >= LABEL + CELL * len(cells) else 3
    padded = [f"{cell:<{CELL - 1}} " for cell in cells[:-1]] + cells[-1:]
    styles = (BOLD if MARK in cell else style if cell.strip() else PLAIN for cell in padded)
    row = "".join(click.style(c, **s) if s else c for c, s in zip(padded, styles, strict=True))
    if len(label) < indent:
        return [f"{label:<{indent}}{row}"]
    return [label, " " * indent + row]


def _rest(found: InfluenceSummary, screen: Screen) -> list[str]:
    """Name the statements without a row, by the reason."""
    same = [e.statement.id for e in found.effects if e.identical]
    none = [e.statement.id for e in found.effects if not (any(e.distinct) or e.identical)]
    groups = {"Not told from making no difference": none, "Change not a single move": same}
    for silent in found.silent:
        groups.setdefault(SILENT[silent.why], []).append(silent.statement.id)
    lines = []
    for title, names in groups.items():
        if names:
            told = f"{', '.join(names)}."
            lines += screen.flow("", "  ", (f"{title} ({len(names)}):", BOLD), (told, PLAIN))
    return lines


def _legend(found: Influence, screen: Screen) -> list[str]:
    summary = found.summary
    told = (
        "Changes when a statement is left out, ranked by the largest in standard deviations of the "
        f"outcome; shares in percentage points. * marks an interval without 0. All "
        f"{summary.comparisons} intervals hold at once with {summary.level:.0%} confidence; --json "
        "and --out give each statement's, and those that hold alone."
    )
    played = summary.replicates * (1 + len(summary.effects))
    cost = (
        f"{1 + len(summary.effects)} x {summary.replicates:,} histories of seed {summary.seed} in "
        f"{found.seconds:.2g} s: {played / found.seconds:,.0f} crises a second."
    )
    return [*screen.flow("", "", (told, DIM)), *screen.flow("", "", (cost, DIM))]
