"""The command ``escalation scenarios``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

import sim
from sim.cli.options import examples
from sim.cli.screen import BOLD, PLAIN, Screen

if TYPE_CHECKING:
    from sim import Scenario
    from sim.studies import ExperimentFile

__all__ = ["command"]


@click.command(
    "scenarios",
    short_help="List the bundled scenarios and experiments.",
    epilog=examples(
        "escalation scenarios",
    ),
)
def command() -> None:
    """List the bundled scenarios and experiments, each with the question that it asks."""
    from sim import studies

    screen = Screen.current()
    lines = []
    for name in sim.bundled():
        lines += _listed(name, sim.load(name), screen)
    lines += ["", "Experiments, for escalation sweep:", ""]
    for name in studies.experiment_names():
        lines += _listed(name, studies.experiment_file(name), screen)
    click.echo("\n".join(lines))


def _listed(name: str, file: Scenario | ExperimentFile, screen: Screen) -> list[str]:
    told = (f"{file.title or name}: {file.asks or ''}", PLAIN)
    return [click.style(name, **BOLD), *screen.flow("  ", "  ", told)]
