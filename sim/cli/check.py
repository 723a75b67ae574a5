"""The command ``escalation check``."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import click

import sim
from sim.cli.failures import BAD_INPUT, reason
from sim.cli.options import examples
from sim.errors import InputError

if TYPE_CHECKING:
    from sim import Scenario

__all__ = ["command"]

#: The files of a crisis's folder, without .toml.
PARTS = ("crisis", "ladder", "actors", "statements", "rules", "propensities", "patterns")


@click.command(
    "check",
    short_help="Check files: scenarios, experiments, and crises.",
    epilog=examples(
        "escalation check after-the-strike",
        "escalation check scenarios/eighty-dead.toml scenarios/us-iran-2020/rules.toml",
        "escalation check us-dead scenarios/experiments/elicited.toml",
    ),
)
@click.argument(
    "files",
    nargs=-1,
    required=True,
    metavar="FILE...",
    # What cannot be read gets its line like any other.
    type=click.Path(readable=False),
)
def command(files: tuple[str, ...]) -> None:
    """Check scenario and experiment files, and the files of a crisis.

    Every level of an experiment is tried in its scenario; nothing is simulated. A crisis is checked
    as a whole: by its folder or any file in it. Each FILE gets a line, the wrong ones on standard
    error; the exit status is 2 if any is wrong.
    """
    from sim import studies

    wrong = False
    for file in files:
        try:
            counts = _experiment(file) if studies.is_experiment(file) else _scenario(file)
        except InputError as error:
            line = str(error)
        except OSError as error:
            line = f"cannot be read: {reason(error)}"
        else:
            click.echo(f"{file}: ok ({counts})")
            continue
        wrong = True
        named = f"{file or repr(file)}: "
        click.echo(line if line.startswith(named) else f"{named}{line}", err=True)
    if wrong:
        click.get_current_context().exit(BAD_INPUT)


def _experiment(file: str) -> str:
    from sim import studies

    laid = studies.lay_out(studies.read_experiment(file))
    varied = len(laid.design.names)
    factors = "1 factor" if varied == 1 else f"{varied} factors"
    return f"{len(laid.design):,} design points of {factors}, {laid.replicates:,} replicates each"


def _scenario(file: str) -> str:
    crisis = _checked(file).crisis
    return (
        f"{len(crisis.actors)} actors, {len(crisis.rules)} rules, "
        f"{len(crisis.statements)} statements"
    )


def _checked(file: str) -> Scenario:
    path = Path(file)
    if path.is_dir() and (path / "crisis.toml").is_file():
        return _bare(path)
    if path.suffix == ".toml" and path.stem in PARTS:
        return _bare(path.parent)
    return sim.load(path if file and path.exists() else file)


def _bare(folder: Path) -> Scenario:
    """Load a crisis by itself, by way of a scenario in which nothing has happened.

    Its patterns too are read, for what is wrong with them.
    """
    with tempfile.TemporaryDirectory() as place:
        file = Path(place) / "bare.toml"
        text = f"crisis = {json.dumps(str(folder.resolve()))}\nstart = 2000-01-01T00:00:00\n"
        text += 'title = "bare"\nasks = "bare"\nhorizon_days = 1.0\n'
        file.write_text(text, encoding="utf-8")
        scenario = sim.load(file)
    sim.read_patterns(str(folder))
    return scenario
