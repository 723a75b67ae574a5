"""The command ``escalation scenarios``."""

from __future__ import annotations

import click

import sim
from sim.cli.options import examples
from sim.cli.screen import BOLD, PLAIN, Screen

__all__ = ["command"]


@click.command(
    "scenarios",
    short_help="List the bundled scenarios.",
    epilog=examples(
        "escalation scenarios",
    ),
)
def command() -> None:
    """List the bundled scenarios, each with the question that it asks."""
    screen = Screen.current()
    lines = []
    for name in sim.bundled():
        scenario = sim.load(name)
        lines += [click.style(name, **BOLD)]
        lines += screen.flow("  ", "  ", (f"{scenario.title}: {scenario.asks}", PLAIN))
    click.echo("\n".join(lines))
