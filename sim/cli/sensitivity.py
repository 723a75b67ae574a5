"""The command ``escalation sensitivity``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

import sim
from sim.cli.dates import shown
from sim.cli.options import (
    echo_json,
    examples,
    json_option,
    outcome_option,
    results_argument,
    seed_option,
)
from sim.cli.screen import BOLD, DIM, PLAIN, Screen
from sim.sensitivities import METHODS
from sim.written import measured

if TYPE_CHECKING:
    from sim import Sensitivity

__all__ = ["command"]

LABEL, PLACE, VALUE, INTERVAL, CELL = 30, 7, 8, 17, 8
INDENT = 4
SPEARMAN = "spearman"
#: Factors not told from none that are named.
NAMED = 12
#: Of each method: what heads the measure that ranks, and the measures beside it with their heads.
COLUMNS: dict[str, tuple[str, dict[str, str]]] = {
    "sobol": ("total, %", {"first_order": "alone, %"}),
    "factorial": ("total, %", {"first_order": "alone, %", "swing": "swing"}),
    "given": ("alone, %", {"prcc": "PRCC", "pawn": "PAWN"}),
    "swings": ("change", {}),
}
TELLS = {
    "sobol": (
        "Total: share of the variance over design points that would be left if all other factors "
        "were fixed. Alone: share that fixing this one would take away."
    ),
    "factorial": (
        "Total: share of the variance over the grid that a factor has a part in; alone: without "
        "the others. Swing: change of the mean from its lowest level to its highest."
    ),
    "given": (
        "Alone: share of the variance over design points that a factor explains by itself. {rank} "
        "rank correlation, which says which way it moves the outcome. PAWN: how far it changes the "
        "outcome's distribution, 0 to 1; never quite 0 in a sample."
    ),
    "swings": "Change: from a factor's lowest level to its highest, all others as in the scenario.",
}


@click.command(
    "sensitivity",
    short_help="Rank the factors of a study by what they count for.",
    epilog=examples(
        "escalation sensitivity results/elicited",
        "escalation sensitivity results/elicited --outcome us_force_7d --json",
        "escalation sensitivity results/map --method given",
    ),
)
@results_argument
@outcome_option
@click.option(
    "--method",
    type=click.Choice(METHODS),
    help="In place of the one that the design was made for; given serves any.",
)
@seed_option
@json_option
def command(results: Path, outcome: str, method: str | None, seed: int, as_json: bool) -> None:
    """Rank the factors of a study, in the folder RESULTS, by what each counts for in an outcome.

    Saltelli designs give Sobol indices, factorial designs shares of the variance, designs of one
    factor at a time swings; any other sample is read as given: first-order indices, PAWN and rank
    correlations. Each factor is held against one without effect, at 5% shared over all factors and
    tests, and said to be indistinguishable from it where it is. Two factors are in order only where
    their intervals do not overlap: where they do, the sample is too small to rank them.
    """
    found = sim.sensitivity(results, outcome, method=method, seed=seed)
    if as_json:
        echo_json(found.to_dict())
        return
    screen = Screen.current()
    first, *rest = found.says
    lines = screen.flow("", "", (first, BOLD), (" ".join(rest), PLAIN))
    for caution in found.cautions:
        lines += screen.flow("Note: ", "  ", (f"{caution}.", PLAIN))
    if found.told:
        lines += ["", *_table(found, screen)]
    lines += [*_pairs(found, screen), *_rest(found, screen)]
    lines += ["", *screen.flow("", "", (_legend(found), DIM))]
    click.echo("\n".join(lines))


def _table(found: Sensitivity, screen: Screen) -> list[str]:
    """Give a row a factor that is told from none."""
    head, others = COLUMNS[found.method]
    if found.correlation == SPEARMAN:
        others = {SPEARMAN: "Spearman", **{k: v for k, v in others.items() if k != "prcc"}}
    cells = [f"{'place':<{PLACE}}{head:>{VALUE}}  {'95% interval':<{INTERVAL}}"]
    heads = "".join(f"{title:>{CELL}}" for title in others.values())
    lines = _row(screen, "", ("".join(cells) + heads).rstrip(), dim=True)
    for standing in found.standings:
        if not standing.told:
            continue
        index = found.index(standing.factor, found.by)
        assert index is not None
        value, interval = measured(index.estimate, found.by, found.kind)
        place = f"{standing.first}" if standing.settled else f"{standing.first}-{standing.last}"
        row = f"{place:<{PLACE}}{value:>{VALUE}}  {interval:<{INTERVAL}}"
        for measure in others:
            other = found.index(standing.factor, measure)
            text = "-" if other is None else measured(other.estimate, measure, found.kind)[0]
            row += f"{text:>{CELL}}"
        lines += _row(screen, _label(found, standing.factor), row.rstrip())
    return lines


def _label(found: Sensitivity, factor: str) -> str:
    """Name a factor, with the ends of a swing."""
    ends = next(
        (f", {shown(s.low)} to {shown(s.high)}" for s in found.swings if s.factor == factor), ""
    )
    return factor + (ends if found.method == "swings" else "")


def _row(screen: Screen, label: str, cells: str, dim: bool = False) -> list[str]:
    """Write a row; a long label, or a narrow screen, puts it on two lines."""
    style = DIM if dim else PLAIN
    if len(label) < LABEL and LABEL + len(cells) <= screen.width:
        return [f"{label:<{LABEL}}{click.style(cells, **style)}"]
    row = " " * (LABEL if LABEL + len(cells) <= screen.width else INDENT)
    row += click.style(cells, **style)
    return [*(screen.flow("", "  ", (label, PLAIN)) if label else []), row]


def _pairs(found: Sensitivity, screen: Screen) -> list[str]:
    """Tell the pairs that do something together that neither does alone."""
    told = [pair for pair in found.pairs if pair.told]
    if not found.pairs:
        return []
    if not told:
        return ["", *screen.flow("", "", ("No pair is told from two that act apart.", PLAIN))]
    lines = ["", *screen.flow("", "", ("Pairs, beyond what each does alone:", BOLD))]
    for pair in sorted(told, key=lambda pair: -abs(pair.estimate.mean)):
        value, interval = measured(pair.estimate, "total", found.kind)
        names = " with ".join(pair.factors)
        lines += screen.flow("  ", "    ", (names, PLAIN), (f"{value}% ({interval}%)", PLAIN))
    return lines


def _rest(found: Sensitivity, screen: Screen) -> list[str]:
    """Name the factors that cannot be told from one without effect."""
    if not found.untold:
        return []
    names = ", ".join(found.untold[:NAMED])
    more = len(found.untold) - NAMED
    names += f" and {more} more, in --json." if more > 0 else "."
    title = f"Indistinguishable from none ({len(found.untold)}):"
    return ["", *screen.flow("", "  ", (title, BOLD), (names, PLAIN))]


def _legend(found: Sensitivity) -> str:
    streams = "common" if found.common else "independent"
    tells = TELLS[found.method].format(
        rank="Spearman's" if found.correlation == SPEARMAN else "PRCC: partial"
    )
    points = {"share": " In percentage points.", "mean": "", "median": ""}[found.kind]
    return (
        f"{tells}{points if found.method in ('swings', 'factorial') else ''} Place: "
        "those that the intervals allow. "
        f"{found.points:,} design points, {streams} streams; seed {found.seed} of the resampling."
    )
