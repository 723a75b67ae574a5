"""The command ``escalation compare``."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import click

import sim
from sim.cli.cells import CELL, PAIR, Column, Filled, parted
from sim.cli.completion import complete_path, complete_scenario
from sim.cli.dates import shown
from sim.cli.ensemble import cost
from sim.cli.options import (
    changed,
    days_option,
    echo_json,
    examples,
    json_option,
    loaded,
    replicates_option,
    seed_option,
    set_option,
    threads_option,
)
from sim.cli.passages import forceless
from sim.cli.playing import shown_progress
from sim.cli.rarely import comparison, costs, estimated, pair, rare_option
from sim.cli.screen import BOLD, DIM, PLAIN, Screen
from sim.errors import InputError
from sim.written import Figures, Named, groups, share, span

if TYPE_CHECKING:
    from sim import Difference, Ensemble, RareEstimate, Scenario

__all__ = ["command"]

WAR = "open_war"
LAST = 8


@click.command(
    "compare",
    short_help="Compare two scenarios, history by history on the same luck.",
    epilog=examples(
        "escalation compare after-the-strike eighty-dead --replicates 5000",
        "escalation compare after-the-strike --set-b strike.dead=1 --replicates 5000",
        "escalation compare after-the-strike --set-b precision.us=1.5 --rare",
        "escalation compare from-the-killing --set-b actors.us.alert=0.9 --replicates 500 --json",
    ),
)
@click.argument("a", shell_complete=complete_scenario)
@click.argument("b", required=False, shell_complete=complete_scenario)
@replicates_option(2, "100,000")
@seed_option
@set_option
@click.option(
    "--set-b",
    "values_b",
    multiple=True,
    metavar="PATH=VALUE",
    shell_complete=complete_path,
    help="Like --set, in B alone; B is then A where not given.",
)
@rare_option
@click.option(
    "--outcome", metavar="O", help="Which outcome --rare is about; open_war where not given."
)
@days_option
@threads_option
@json_option
def command(
    a: str,
    b: str | None,
    replicates: int | None,
    seed: int,
    values: tuple[str, ...],
    values_b: tuple[str, ...],
    rare: bool,
    outcome: str | None,
    days: float | None,
    threads: int | None,
    as_json: bool,
) -> None:
    """Compare two scenarios, A and B: what differs in B, and how sure that is.

    Both are simulated with the same luck, history by history, so that what chance does to both
    cancels out of the difference. --set holds for both, --set-b for B alone.
    """
    if b is None and not values_b:
        raise click.UsageError("compare with what? Give B, or --set-b PATH=VALUE")
    scenarios = (
        loaded(a, values, days),
        changed(loaded(b or a, values, days), values_b, "--set-b"),
    )
    _check(*scenarios)
    if outcome is not None and not rare:
        raise click.UsageError("--outcome goes with --rare")
    if rare:
        first, second = estimated(scenarios, outcome, replicates, seed, threads)
        _tell(first, second, as_json)
        return
    with shown_progress(ensembles=2) as progress:
        base, other = (
            sim.ensemble(scenario, replicates, seed, threads=threads, progress=progress)
            for scenario in scenarios
        )
    found = base.compare(other)
    if as_json:
        echo_json(_as_dict(base, other, found))
        return
    screen = Screen.current()
    lines = [
        *_answer(base, other, found[WAR], screen),
        "",
        *_named(*scenarios, screen),
        "",
        *_table(base, other, found, screen),
        "",
        *_legend(screen),
        *screen.flow("", "", (cost(base, other), DIM)),
    ]
    click.echo("\n".join(lines))


def _tell(a: RareEstimate, b: RareEstimate, as_json: bool) -> None:
    """Write two estimates of a rare outcome and their difference."""
    if as_json:
        echo_json(pair(a, b))
        return
    screen = Screen.current()
    named = _named(a.scenario, b.scenario, screen)
    lines = [*comparison(a, b, screen), "", *named, "", *costs(a, b, screen)]
    click.echo("\n".join(lines))


def _check(a: Scenario, b: Scenario) -> None:
    """Refuse two scenarios that cannot share their luck."""
    actors = [tuple(actor.id for actor in scenario.crisis.actors) for scenario in (a, b)]
    if actors[0] != actors[1]:
        told = " and ".join(", ".join(names) for names in actors)
        raise InputError(f"the two must have the same actors, in the same order, not {told}")


def _as_dict(base: Ensemble, other: Ensemble, found: dict[str, Difference]) -> dict[str, Any]:
    sides = {
        side: {
            "scenario": ensemble.scenario.name,
            "overrides": dict(ensemble.scenario.overrides),
            "digest": ensemble.scenario.digest(),
            "outcomes": {name: ensemble.probability(name).to_dict() for name in found},
        }
        for side, ensemble in (("a", base), ("b", other))
    }
    return {
        **sides,
        "replicates": len(base),
        "seed": base.seed,
        "seconds": base.seconds + other.seconds,
        "outcomes": {name: difference.to_dict() for name, difference in found.items()},
    }


def _answer(base: Ensemble, other: Ensemble, war: Difference, screen: Screen) -> list[str]:
    """Say in words what B does to the chance of open war."""
    points = Figures(war, "share")
    a, b = (side.probability(WAR) for side in (base, other))
    (first, around), (second, about) = (share(one.mean, one.low, one.high) for one in (a, b))
    sides = f"{second} of histories ({about}) against {first} ({around})"
    sure = "In parentheses: 95% intervals."
    rest = f"The difference is {points.difference} percentage points ({points.interval})."
    if points.marked:
        word = "more" if war.estimate.mean > 0 else "less"
        told = f"In B open war is {word} probable: {sides}."
    elif points.same:
        told = "In B open war comes in the very same histories as in A."
        rest = f"That is {first} of {len(base):,} ({around})."
    else:
        told = f"Whether open war is more or less probable in B, {len(base):,} pairs cannot tell:"
        rest = f"{sides}. {rest}"
    return screen.flow("", "", (told, BOLD), (rest, PLAIN), (sure, DIM))


def _named(a: Scenario, b: Scenario, screen: Screen) -> list[str]:
    """Say what A and B are."""
    lines = []
    for side, scenario in (("A", a), ("B", b)):
        told = ", ".join(
            f"{path} = {shown(value)} ({shown(scenario.replaced[path])} before)"
            for path, value in scenario.overrides.items()
        )
        name = f"{scenario.name} with {told}" if told else scenario.name
        lines += screen.flow(f"{side}: ", "   ", (name, PLAIN))
    return lines


def _table(
    base: Ensemble, other: Ensemble, found: dict[str, Difference], screen: Screen
) -> list[str]:
    """Write every outcome of both and what differs, each with its interval below."""

    def side(ensemble: Ensemble) -> Callable[[Named], tuple[str, str]]:
        def write(row: Named) -> tuple[str, str]:
            return span(ensemble.probability(row.outcome), row.kind == "share")

        return write

    def difference(row: Named) -> tuple[str, str]:
        written = Figures(found[row.outcome], row.kind)
        if written.same:
            return "same ", ""
        return f"{written.difference}{'*' if written.marked else ' '}", written.interval

    def pairing(row: Named) -> tuple[str, str]:
        return Figures(found[row.outcome], row.kind).pairing, ""

    columns = [
        Column("A", side(base), CELL),
        Column("B", side(other), CELL),
        Column("B - A", difference, PAIR),
        Column("pairing", pairing, LAST),
    ]
    grouped = [
        (title, [row for row in rows if row.outcome in found])
        for title, rows in groups(base.scenario)
    ]
    rows = [row for _, some in grouped for row in some]
    wide = 2 + max(len(row.label) for row in rows)
    lines = []
    for part in parted(columns, rows, screen.width - wide):
        heads = "".join(f"{column.heads[0]:>{column.width}}" for column in part)
        lines.append(click.style(f"{'':{wide}}{heads}", **DIM))
        cells = iter(range(len(rows)))
        for title, some in grouped:
            lines.append(click.style(title, **BOLD))
            for row in some:
                lines += _row(f"{f'  {row.label}':<{wide}}", part, next(cells))
    return lines + forceless(base.scenario, screen)


def _row(label: str, part: list[Filled], place: int) -> Iterator[str]:
    top = ""
    for column in part:
        cell = f"{column.cells[place][0]:>{column.width}}"
        top += click.style(cell, **BOLD) if cell.endswith("*") else cell
    yield label + top
    under = "".join(f"{column.cells[place][1]:>{column.width}}" for column in part)
    if under.strip():
        yield click.style(f"{'':{len(label)}}{under}".rstrip(), **DIM)


def _legend(screen: Screen) -> list[str]:
    told = (
        "Below each number: its 95% interval. * marks one of a difference without 0; where nothing "
        "differed, one in twenty would have a mark by chance. Same: in every pair. Shares differ "
        "by percentage points. Pairing: how many times smaller common luck makes the variance of "
        "the difference."
    )
    return screen.flow("", "", (told, DIM))
