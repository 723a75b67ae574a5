"""The command ``escalation compare``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

import sim
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
from sim.written import Figures, Named, groups

if TYPE_CHECKING:
    from sim import Difference, Ensemble, RareEstimate, Scenario

__all__ = ["command"]

WAR = "open_war"
LABEL, VALUE, LAST = 28, 8, 23


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
        *_answer(base, found[WAR], screen),
        "",
        *_named(*scenarios, screen),
        "",
        *_table(base.scenario, found, screen),
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


def _answer(base: Ensemble, war: Difference, screen: Screen) -> list[str]:
    """Say in words what B does to the chance of open war."""
    points = Figures(war, "share")
    sides = f"{points.b}% of histories against {points.a}%"
    sure = f"(95% interval {points.interval})"
    if points.marked:
        word = "more" if war.estimate.mean > 0 else "less"
        told = f"In B open war is {word} probable: {sides}."
        rest = f"The difference is {points.difference} percentage points {sure}."
    elif points.same:
        told = "In B open war comes in the very same histories as in A."
        rest = f"That is {points.a}% of {len(base):,}."
    else:
        told = f"Whether open war is more or less probable in B, {len(base):,} pairs cannot tell:"
        rest = f"{sides}, a difference of {points.difference} percentage points {sure}."
    return screen.flow("", "", (told, BOLD), (rest, PLAIN))


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


def _table(scenario: Scenario, found: dict[str, Difference], screen: Screen) -> list[str]:
    head = f"{'A':>{VALUE}} {'B':>{VALUE}} {'B - A':>{VALUE}}   95% interval"
    lines = [click.style(f"{'':{LABEL}}{head:<{3 * VALUE + 21}}pairing", **DIM)]
    for title, rows in groups(scenario):
        lines.append(click.style(title, **BOLD))
        lines += [
            _row(Figures(found[row.outcome], row.kind), row) for row in rows if row.outcome in found
        ]
    return lines + forceless(scenario, screen)


def _row(written: Figures, row: Named) -> str:
    label = f"  {row.label}{', %' if row.kind == 'share' else ''}"
    start = f"{label:<{LABEL}}{written.a:>{VALUE}} {written.b:>{VALUE}} "
    if written.same:
        return f"{start}{'same':>{VALUE}}"
    difference = f"{written.difference:>{VALUE}} {'*' if written.marked else ' '}"
    style = BOLD if written.marked else PLAIN
    last = f"{written.interval} {written.pairing:>{LAST - 1 - len(written.interval)}}"
    return f"{start}{click.style(difference, **style)} {last}"


def _legend(screen: Screen) -> list[str]:
    told = (
        "* marks an interval without 0; where nothing differed, one in twenty would have a mark by "
        "chance. Same: in every pair. Shares differ by percentage points. Pairing: how many times "
        "smaller common luck makes the variance of the difference."
    )
    return screen.flow("", "", (told, DIM))
