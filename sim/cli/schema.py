"""The command ``escalation schema``."""

from __future__ import annotations

from pathlib import Path

import click

import sim
from sim.cli.options import examples

__all__ = ["command"]


@click.command(
    "schema",
    short_help="Write the JSON Schemas of the scenario files.",
    epilog=examples(
        "escalation schema schema",
    ),
)
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
def command(folder: Path) -> None:
    """Write the JSON Schemas of the scenario files into FOLDER.

    An editor that knows them completes and checks the files as they are written; each names its
    schema in its first line.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in sim.schemas().items():
        (folder / name).write_text(text, encoding="utf-8", newline="\n")
        click.echo(folder / name)
