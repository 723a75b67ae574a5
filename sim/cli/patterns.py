"""The command ``escalation patterns``."""

from __future__ import annotations

import math
import sys
import time
from typing import TYPE_CHECKING

import click

import sim
from sim.cli.options import echo_json, examples, json_option, seed_option
from sim.cli.screen import BOLD, DIM, PLAIN, Screen, Style, watched

if TYPE_CHECKING:
    from sim import Estimate, Measured

__all__ = ["command"]

STYLES: dict[str, Style] = {
    "holds": {"fg": "green"},
    "fails": {"fg": "red", "bold": True},
    "undecided": {"fg": "yellow"},
}
DIGEST = 12
CRISIS = "us-iran-2020"
#: The functions of the kernel from which all others that a measurement takes are called.
COMPILED = ("play_many", "tell_many")


@click.command(
    "patterns",
    short_help="Measure whether the model shows what it must.",
    epilog=examples("escalation patterns --replicates 500"),
)
@click.argument("crisis", default=CRISIS)
@click.option(
    "--replicates",
    type=int,
    metavar="N",
    default=20_000,
    show_default=True,
    help="Histories of each scenario; rare ends take a multiple.",
)
@seed_option
@json_option
@click.option("--markdown", is_flag=True, help="Write the table of docs/patterns.md.")
def command(crisis: str, replicates: int, seed: int, as_json: bool, markdown: bool) -> None:
    """Measure the patterns that a model of the CRISIS must reproduce, and say which hold.

    They stand in the crisis's patterns.toml. One holds where its whole 95 % interval lies in the
    range asked for, fails where none of it does, and is undecided else. This is a report: the exit
    status is 0 even if one fails.
    """
    began = time.monotonic()
    measured = _measured(crisis, replicates, seed)
    if as_json:
        echo_json([one.to_dict() for one in measured])
    elif not measured:
        click.echo(f"{crisis} has no patterns.toml")
    elif markdown:
        click.echo("\n".join(_markdown(measured)))
    else:
        screen = Screen.current()
        seconds = time.monotonic() - began
        click.echo("\n".join([*_table(measured, screen), *_close(measured, seconds, screen)]))


def _measured(crisis: str, replicates: int, seed: int) -> tuple[Measured, ...]:
    """Measure, with a bar on a terminal, and say when there is something to compile first."""
    if not all(map(sim.is_compiled, COMPILED)):
        click.echo("compiling the kernel (once, half a minute) ...", err=True)
    if not watched():
        return sim.patterns(crisis, replicates, seed)
    with click.progressbar(length=1, label="measuring", file=sys.stderr) as bar:

        def tell(finished: int, asked: int) -> None:
            bar.length = asked
            bar.update(finished - bar.pos)

        return sim.patterns(crisis, replicates, seed, progress=tell)


def _number(value: float) -> str:
    """Write a number with three digits after the point, or as many that matter."""
    if abs(value) >= 10:
        return f"{value:.1f}"
    return f"{value:.4f}" if abs(value) < 0.0995 and value else f"{value:.3f}"


def _interval(estimate: Estimate) -> str:
    if math.isnan(estimate.low):
        return f"{_number(estimate.mean)} [no interval]"
    bounds = f"[{_number(estimate.low)}, {_number(estimate.high)}]"
    return f"{_number(estimate.mean)} {bounds}"


def _range(one: Measured) -> str:
    low, high = one.pattern.holds.at_least, one.pattern.holds.at_most
    if low is not None and high is not None:
        return f"{low:g} to {high:g}"
    if one.pattern.measure in ("rising", "difference") and low == 0:
        return "above 0"
    return f"at least {low:g}" if low is not None else f"at most {high:g}"


def _notes(one: Measured) -> str:
    """Say what the number is, and what it is made of."""
    names = {
        "share": "share of histories",
        "delay": "median, days",
        "first_kind": "share of first strikes",
        "reaction": "share of triggers",
        "rising": "least step",
        "outcome": one.pattern.outcome or "",
        "difference": f"difference, {one.pattern.outcome}",
        "ratio": f"ratio, {one.pattern.outcome}",
    }
    note = f"{names[one.pattern.measure]}; n = {one.estimate.n:,}"
    if one.steps:
        note += "; of " + ", ".join(_number(step) for step in one.steps)
    if one.left_out and one.pattern.measure == "reaction":
        note += f"; {one.left_out:,} cut off"
    if one.left_out and one.pattern.given:
        note += f"; {one.left_out:,} left out"
    return note


def _table(measured: tuple[Measured, ...], screen: Screen) -> list[str]:
    lines = [click.style(f"{'':4} {'':9}  {'measured [95 %]':26}  range", **DIM)]
    for one in measured:
        word = click.style(f"{one.verdict:9}", **STYLES[one.verdict])
        head = click.style(f"{one.pattern.id:4}", **BOLD)
        lines.append(f"{head} {word}  {_interval(one.estimate):26}  {_range(one)}")
        gap = " " * 5
        lines += screen.flow(gap, gap, (one.pattern.says, PLAIN), (f"({_notes(one)})", DIM))
    return lines


def _close(measured: tuple[Measured, ...], seconds: float, screen: Screen) -> list[str]:
    count = {word: sum(one.verdict == word for one in measured) for word in STYLES}
    told = f"{count['holds']} of {len(measured)} patterns hold"
    told += "".join(f", {n} {word}" for word, n in count.items() if n and word != "holds") + "."
    if not all(one.calibrated for one in measured):
        told += " The numbers behind the choices are judged, not calibrated."
    replicates = min(one.replicates // one.pattern.effort for one in measured)
    cost = f"{replicates:,} replicates of each scenario, seed {measured[0].seed}, {seconds:.0f} s."
    return ["", *screen.flow("", "", (told, PLAIN)), *screen.flow("", "", (cost, DIM))]


def _markdown(measured: tuple[Measured, ...]) -> list[str]:
    """Make the tables of docs/patterns.md: what was measured, and in which scenarios."""
    first = measured[0]
    lines = [
        f"Seed {first.seed}, {first.replicates // first.pattern.effort:,} replicates of each "
        f"scenario; propensities {'calibrated' if first.calibrated else 'judged, not calibrated'}.",
        "",
        "| | pattern | lines | measured [95 % interval] | holds if | verdict | what it is |",
        "|---|---|---|---|---|---|---|",
    ]
    for one in measured:
        cells = (
            one.pattern.id,
            one.pattern.says,
            ", ".join(str(line) for line in one.pattern.lines),
            _interval(one.estimate),
            _range(one),
            f"**{one.verdict}**",
            _notes(one),
        )
        lines.append(f"| {' | '.join(cells)} |")
    lines += ["", "| scenario | digest |", "|---|---|"]
    digests = {name: digest for one in measured for name, digest in one.scenarios.items()}
    lines += [f"| {name} | `{digest[:DIGEST]}` |" for name, digest in digests.items()]
    return lines
