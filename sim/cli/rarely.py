"""Rare ends in words: the flag --rare, and what it makes commands write."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import click

import sim
from sim.cli.dates import days_in_words
from sim.cli.passages import values_in_place
from sim.cli.playing import shown_progress
from sim.cli.screen import BOLD, DIM, PLAIN, Screen
from sim.sizes import FEW_TREES
from sim.written import digits, number, odds, share

if TYPE_CHECKING:
    from sim import Difference, RareEstimate, Scenario

__all__ = [
    "chance",
    "comparison",
    "costs",
    "doubts",
    "estimated",
    "in_words",
    "outcome_in_words",
    "pair",
    "rare_option",
]

WAR = "open_war"
COMPILED = "grow_many"
SELDOM = 1e-3  # below, a percentage is hard to read

rare_option = click.option(
    "--rare",
    is_flag=True,
    help="Estimate one outcome that hardly ever happens, by splitting: see docs/rare.md.",
)


def estimated(
    scenarios: tuple[Scenario, ...],
    outcome: str | None,
    replicates: int | None,
    seed: int,
    threads: int | None,
) -> list[RareEstimate]:
    """Estimate a rare outcome in each of some scenarios, to be paired, showing the progress."""
    found: list[RareEstimate] = []
    size: dict[str, Any] = {} if replicates is None else {"replicates": replicates}
    with shown_progress(ensembles=len(scenarios), compiled=COMPILED) as progress:
        for scenario in scenarios:
            estimate = sim.rare(
                scenario,
                WAR if outcome is None else outcome,
                seed=seed,
                threads=threads,
                progress=progress,
                like=found[0] if found else None,
                **size,
            )
            found.append(estimate)
    return found


def outcome_in_words(outcome: str, scenario: Scenario) -> str:
    """Write an outcome that a choice reaches.

    Examples
    --------
    >>> import sim
    >>> scenario = sim.load("after-the-strike")
    >>> outcome_in_words("rung_9", scenario), outcome_in_words("us_force_7d", scenario)
    ('a move on rung 9 or above', 'force by US by day 7')
    """
    if outcome == WAR:
        return "open war"
    if outcome.startswith("rung_"):
        return f"a move on rung {outcome.removeprefix('rung_')} or above"
    for actor in scenario.crisis.actors:
        what = outcome.removeprefix(f"{actor.id}_force")
        if outcome.startswith(f"{actor.id}_force"):
            by = f" by day {what.strip('_d')}" if what else ""
            return f"force by {actor.short}{by}"
    return "any move of force"


def chance(mean: float, low: float, high: float) -> tuple[str, str]:
    """Write a probability and its interval in percent, or as so many in a power of ten.

    Examples
    --------
    >>> chance(0.0069, 0.0068, 0.0070)
    ('0.690%', '0.680 to 0.700%')
    >>> chance(2.52e-7, 2.31e-7, 2.75e-7)
    ('2.52 in 10 million', '2.31 to 2.75 in 10 million')
    """
    if not 0 < mean < SELDOM:
        return share(mean, low, high)
    whole = 10 ** math.ceil(-math.log10(mean))
    value, interval = number(mean * whole, low * whole, high * whole)
    return f"{value} in {large(whole)}", f"{interval} in {large(whole)}"


def large(number: float) -> str:
    """Write a large number in two digits.

    Examples
    --------
    >>> large(213.0), large(2204839.3), large(10**10)
    ('210', '2.2 million', '10 billion')
    """
    rounded = float(f"{number:.2g}")
    for size, name in ((1e12, "trillion"), (1e9, "billion"), (1e6, "million")):
        if rounded >= size:
            return f"{rounded / size:,g} {name}"
    return f"{rounded:,.0f}"


def doubts(trees: int, screen: Screen, each: int = 1) -> list[str]:
    """Say in a sentence that so few trees may promise too much; nothing where they are enough.

    Parameters
    ----------
    trees : int
    screen : Screen
    each : int
        Replicates for each tree.
    """
    if trees >= FEW_TREES:
        return []
    told = (
        f"From {trees:,} trees intervals may be too narrow: take --replicates {FEW_TREES * each} "
        "or more."
    )
    return screen.flow("", "", (told, BOLD))


def in_words(found: RareEstimate, screen: Screen) -> list[str]:
    """Say how probable a rare outcome is, how sure that is, and what it cost."""
    value, interval = chance(found.mean, found.low, found.high)
    seldom = f", {odds(found.mean)}" if odds(found.mean) else ""
    scenario = found.scenario
    what = outcome_in_words(found.outcome, scenario)
    within = days_in_words(scenario.horizon_days)
    told = f"The chance of {what} within {within} is {value}{seldom}."
    sure = (
        f"The 95% interval is {interval}: as sure as {large(found.equivalent)} plain histories "
        "would make it. That is how sure the sample makes it, not how right the rules are."
    )
    lines = screen.flow("", "", (told, BOLD), (sure, PLAIN))
    lines += values_in_place(scenario, screen)
    lines += doubts(len(found), screen)
    return [*lines, "", *screen.flow("", "", (_cost(found), DIM))]


def comparison(base: RareEstimate, other: RareEstimate, screen: Screen) -> list[str]:
    """Say what B does to the probability of a rare outcome."""
    pair = base.compare(other)
    found = pair.estimate
    what = outcome_in_words(base.outcome, base.scenario)
    sides = " against ".join(
        f"{value} ({interval})"
        for value, interval in (chance(side.mean, side.low, side.high) for side in (other, base))
    )
    if found.low > 0 or found.high < 0:
        word = "more" if found.mean > 0 else "less"
        head = f"In B {what} is {word} probable:"
    elif found.low == found.high:
        value, interval = chance(base.mean, base.low, base.high)
        told = f"In B {what} is exactly as probable as in A: {value}"
        lines = screen.flow("", "", (told, BOLD), (f"({interval}).", PLAIN))
        return lines + doubts(len(base), screen)
    else:
        head = f"Whether {what} is more or less probable in B, this sample cannot tell:"
    rest = f"The difference is {_difference(pair)}."
    if math.isfinite(pair.variance_ratio):
        rest += f" Common luck makes its variance {pair.variance_ratio:.1f} times smaller."
    lines = screen.flow("", "", (head, BOLD), (f"{sides}.", BOLD), (rest, PLAIN))
    return lines + doubts(len(base), screen)


def costs(base: RareEstimate, other: RareEstimate, screen: Screen) -> list[str]:
    """Say what both cost."""
    return [
        line
        for side, found in (("A: ", base), ("B: ", other))
        for line in screen.flow(side, "   ", (_cost(found), DIM))
    ]


def pair(base: RareEstimate, other: RareEstimate) -> dict[str, Any]:
    """Return two estimates and their difference, for JSON."""
    return {
        "a": base.to_dict(),
        "b": other.to_dict(),
        "difference": base.compare(other).to_dict(),
    }


def _difference(pair: Difference) -> str:
    """Write a difference and its interval, signed."""
    found = pair.estimate
    largest = max(pair.base, pair.other)
    whole = 10 ** math.ceil(-math.log10(largest)) if 0 < largest < SELDOM else 100
    unit = f"in {large(whole)}" if whole != 100 else "percentage points"
    places = digits(found.half_width * whole)
    mean, low, high = (f"{v * whole:+.{places}f}" for v in (found.mean, found.low, found.high))
    return f"{mean} {unit} (95% interval {low} to {high})"


def _cost(found: RareEstimate) -> str:
    threads = "1 thread" if found.threads == 1 else f"{found.threads} threads"
    return (
        f"{len(found):,} replicates of seed {found.seed}, grown into trees of "
        f"{found.decisions / len(found):,.0f} decisions, in {found.seconds:.2g} s on {threads}, "
        "pilots included."
    )
