"""The command ``escalation discover``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

import sim
from sim.cli.options import (
    echo_json,
    examples,
    json_option,
    outcome_option,
    results_argument,
    seed_option,
)
from sim.cli.screen import BOLD, DIM, PLAIN, Screen
from sim.discoveries import METHODS
from sim.written import number, share

if TYPE_CHECKING:
    from sim import Discovery, Estimate

__all__ = ["command"]

BOTH = "both"
#: Leaves that are written out.
LEAVES = 4
MARGIN = 18
TELLS = (
    "Boxes and tree were found in one half of the design points; every number here is counted in "
    "the other. Density: share of the box's points where the outcome reaches the threshold; "
    "coverage: share of all such points that lie in the box."
)


@click.command(
    "discover",
    short_help="Say under which levels of its factors an outcome climbs.",
    epilog=examples(
        "escalation discover results/elicited",
        "escalation discover results/elicited --outcome open_war --threshold 0.01",
        "escalation discover results/elicited --outcome dead --top 0.2 --method tree --json",
    ),
)
@results_argument
@outcome_option
@click.option(
    "--threshold",
    type=float,
    metavar="X",
    help="Design points are of interest where the outcome is at least X; a share as 0.01.",
)
@click.option(
    "--top",
    type=float,
    metavar="S",
    help="In its place, the share of points with the largest outcomes; 0.1 where neither is given.",
)
@click.option(
    "--method",
    type=click.Choice([BOTH, *METHODS]),
    default=BOTH,
    show_default=True,
    help="Boxes by PRIM, which need the extra discovery; a classification tree; or both.",
)
@seed_option
@json_option
def command(
    results: Path,
    outcome: str,
    threshold: float | None,
    top: float | None,
    method: str,
    seed: int,
    as_json: bool,
) -> None:
    """Say under which levels of its factors an outcome climbs, in the study in the folder RESULTS.

    Boxes and a tree are sought in one half of the design points, chosen at random, and counted in
    the other: what that half does not bear out is not told. Where nothing holds in both halves, it
    says that nothing was found.
    """
    found = sim.discover(
        results,
        outcome,
        threshold=threshold,
        top=top,
        methods=METHODS if method == BOTH else (method,),
        seed=seed,
        begun=lambda: click.echo(f"seeking levels at which {outcome} climbs ...", err=True),
    )
    if as_json:
        echo_json(found.to_dict())
        return
    screen = Screen.current()
    lines = []
    for told in found.says:
        lines += screen.flow("", "", (told, BOLD))
    for caution in found.cautions:
        lines += screen.flow("Note: ", "  ", (f"{caution}.", PLAIN))
    for k in range(len(found.told)):
        lines += ["", *_box(found, k, screen)]
    lines += _tree(found, screen)
    lines += ["", *screen.flow("", "", (_legend(found), DIM))]
    click.echo("\n".join(lines))


def _box(found: Discovery, k: int, screen: Screen) -> list[str]:
    """Give what a box holds, and how firm each of its limits is."""
    box = found.told[k]
    lines = screen.flow("", "  ", (f"Box {k + 1}, {100 * box.mass:.0f}% of the points", BOLD))
    density, coverage = (share(e.mean, e.low, e.high) for e in (box.density, box.coverage))
    mean, elsewhere = (_outcome(found, e) for e in (box.mean, box.elsewhere))
    rows = (
        ("density", f"{density[0]} ({density[1]})"),
        ("coverage", f"{coverage[0]} ({coverage[1]})"),
        (found.outcome, f"{mean[0]} on average ({mean[1]}), elsewhere {elsewhere[0]}"),
    )
    for label, told in rows:
        lines += screen.flow(f"  {label:<{MARGIN}}", " " * (MARGIN + 2), (told, PLAIN))
    for limit in box.restrictions:
        borne = "borne out" if limit.held_p < 0.05 else "not borne out by itself"
        again = f"{borne} (p {_p(limit.held_p)})"
        if limit.repeated == limit.repeated:
            again += f"; in {100 * limit.repeated:.0f}% of resamples"
            if limit.low < limit.high:
                again += f", from {limit.low:.3g} to {limit.high:.3g}"
        lines += screen.flow("  ", "    ", (f"{limit}:", PLAIN), (again, DIM))
    return lines


def _tree(found: Discovery, screen: Screen) -> list[str]:
    """Give the densest leaves that the other half bears out."""
    if found.leaves is None:
        return []
    if len(found.leaves) == 1:
        told = "Tree: no split predicts better than none."
        return ["", *screen.flow("", "  ", (told, PLAIN))]
    leaves = found.told_leaves
    title = f"Tree, {len(found.leaves)} leaves; {len(leaves)} denser than the rest"
    lines = ["", *screen.flow("", "  ", (title, BOLD))]
    for leaf in leaves[:LEAVES]:
        density = share(leaf.density.mean, leaf.density.low, leaf.density.high)
        held = f"{density[0]} ({density[1]}) of {100 * leaf.mass:.0f}% of the points;"
        mean = f"{found.outcome} {_outcome(found, leaf.mean)[0]} on average"
        lines += screen.flow("  ", "    ", (f"{leaf}:", PLAIN), (f"{held} {mean}", DIM))
    return lines


def _outcome(found: Discovery, estimate: Estimate) -> tuple[str, str]:
    """Write the outcome's mean over some points; of shares, in percent."""
    if found.kind != "share":
        return number(estimate.mean, estimate.low, estimate.high)
    value, interval = number(*(100 * x for x in (estimate.mean, estimate.low, estimate.high)))
    return f"{value}%", f"{interval}%"


def _p(p: float) -> str:
    return "below 0.001" if p < 0.001 else f"{p:.3f}"


def _legend(found: Discovery) -> str:
    of = found.interest
    many = f"{share(of.mean, of.low, of.high)[0]} of {found.points:,} design points reach "
    return f"{TELLS} {many}{found.written(found.threshold)}; seed {found.seed} of the halves."
