"""Arguments and options that several commands share."""

from __future__ import annotations

import json
import os
import shlex
import tomllib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

import click

import sim
from sim.cli.completion import MAIN, complete_actor, complete_path, complete_scenario
from sim.cli.failures import reason
from sim.errors import InputError, nearest_name

if TYPE_CHECKING:
    from sim import Scenario

__all__ = [
    "OUT",
    "Place",
    "actor_option",
    "assignment",
    "bounded",
    "changed",
    "crisis_option",
    "days_option",
    "echo_json",
    "examples",
    "json_option",
    "kept",
    "known_actor",
    "loaded",
    "out_option",
    "outcome_option",
    "refuse_place",
    "repeated",
    "replicate_option",
    "replicates_option",
    "results_argument",
    "save_to",
    "scenario_argument",
    "seed_option",
    "set_option",
    "threads_option",
    "unwritable",
]

F = TypeVar("F", bound=Callable[..., Any])
FIRST_SEED = 1
SEEDS = 2**64
MOST_THREADS = 1024
#: What chooses another place than one that cannot be written.
OUT = "--out DIR"

scenario_argument = click.argument("scenario", shell_complete=complete_scenario)
crisis_option = click.option(
    "--scenario",
    metavar="SCENARIO",
    default=MAIN,
    show_default=True,
    shell_complete=complete_scenario,
    help="A scenario on the crisis: a bundled name or a .toml file.",
)


class Saved(Protocol):
    """What can be written into a folder or a file."""

    def save(self, place: Path, /) -> object:
        """Write it."""


class Place(click.Path):
    """The path of a file or a folder; an empty one, as of a variable that is not set, is none."""

    def __init__(self, *, folder: bool | None = None) -> None:
        """Take a folder, a file, or with None either."""
        super().__init__(file_okay=folder is not True, dir_okay=folder is not False, path_type=Path)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Read a path."""
        if value == "":
            self.fail("'' is no path", param, ctx)
        return super().convert(value, param, ctx)


def _in_range(ctx: click.Context, param: click.Parameter, number: int) -> int:
    """Refuse a number that names no history before anything is compiled for it."""
    if 0 <= number < SEEDS:
        return number
    raise click.BadParameter(f"{number} is out of range; allowed: 0 to 2**64 - 1", ctx, param)


def bounded(
    least: int, most: int | None = None
) -> Callable[[click.Context, click.Parameter, int | None], int | None]:
    """Make the callback that refuses a whole number out of range."""
    allowed = f"{least} or more" if most is None else f"{least} to {most}"

    def check(ctx: click.Context, param: click.Parameter, number: int | None) -> int | None:
        if number is None or (least <= number and (most is None or number <= most)):
            return number
        raise click.BadParameter(f"{number} is out of range; allowed: {allowed}", ctx, param)

    return check


seed_option = click.option(
    "--seed",
    type=int,
    callback=_in_range,
    metavar="N",
    default=FIRST_SEED,
    show_default=True,
    help="Seed of all chance, a number from 0.",
)
replicate_option = click.option(
    "--replicate",
    type=int,
    callback=_in_range,
    metavar="K",
    default=0,
    show_default=True,
    help="Which of the seed's histories, as `ensemble` numbers them.",
)
set_option = click.option(
    "--set",
    "values",
    multiple=True,
    metavar="PATH=VALUE",
    shell_complete=complete_path,
    help="Put another value in place, such as strike.dead=80; may be repeated.",
)
threads_option = click.option(
    "--threads",
    type=int,
    callback=bounded(1, MOST_THREADS),
    metavar="T",
    help="Threads; as many as processors where not given. Changes the time alone.",
)
days_option = click.option(
    "--days", type=float, metavar="D", help="Break off after D days, in place of the horizon."
)
json_option = click.option("--json", "as_json", is_flag=True, help="Write JSON and nothing else.")
results_argument = click.argument("results", type=Place(folder=True))
outcome_option = click.option(
    "--outcome",
    metavar="O",
    default="open_war",
    show_default=True,
    help="Which of the outcomes that the study kept.",
)
actor_option = click.option(
    "--actor", metavar="A", shell_complete=complete_actor, help="Of that actor alone."
)


def loaded(name: str, values: tuple[str, ...] = (), days: float | None = None) -> Scenario:
    """Load a scenario and put the values of --set and --days in place."""
    scenario = changed(sim.load(name), values)
    if days is not None:
        scenario = scenario.with_("horizon_days", days, source="--days")
    return scenario


def changed(scenario: Scenario, values: tuple[str, ...], option: str = "--set") -> Scenario:
    """Put the values of --set, or of an option like it, in place."""
    if not values:
        return scenario
    return scenario.with_(dict(assignment(value, option) for value in values), source=option)


def assignment(text: str, option: str = "--set") -> tuple[str, Any]:
    """Take PATH=VALUE apart, the value read as TOML, or as a text where it is a bare word.

    Examples
    --------
    >>> assignment("strike.dead=80"), assignment("strike.dead=drawn")
    (('strike.dead', 80), ('strike.dead', 'drawn'))
    """
    path, _, value = (part.strip() for part in text.partition("="))
    if not path or not value:
        raise InputError(f"cannot read {text!r}", file=option, allowed="PATH=VALUE")
    try:
        table = tomllib.loads(f"value = {value}")
    except (ValueError, RecursionError):
        return path, value
    # A line break could have brought in more than a value.
    return path, table["value"] if list(table) == ["value"] else value


def replicates_option(least: int, default: str) -> Callable[[F], F]:
    """Make --replicates."""
    return click.option(
        "--replicates",
        type=int,
        callback=bounded(least),
        metavar="N",
        help=f"How many histories; {default} where not given.",
    )


def out_option(told: str) -> Callable[[F], F]:
    """Make --out."""
    return click.option(
        "--out",
        type=Place(folder=True),
        callback=_writable,
        metavar="DIR",
        help=told,
    )


def _writable(_: click.Context, __: click.Parameter, folder: Path | None) -> Path | None:
    if folder is not None:
        refuse_place(folder, folder, OUT)
    return folder


def refuse_place(place: Path, folder: Path, option: str) -> None:
    """Refuse a place in a folder that cannot be written, before anything is simulated for it."""
    above = next(one for one in (folder, *folder.absolute().parents) if one.exists())
    if not above.is_dir():
        raise unwritable(place, "not a directory", option)
    if not os.access(above, os.W_OK | os.X_OK):
        raise unwritable(place, "permission denied", option)


def unwritable(place: Path, error: OSError | str, option: str) -> click.ClickException:
    """Make the failure for a place that cannot be written; `option` chooses another."""
    why = error if isinstance(error, str) else reason(error)
    return click.ClickException(f"cannot write {place}: {why}; {option} chooses another")


def save_to(result: Saved, place: Path, option: str = OUT) -> None:
    """Write the files of a result, or say in a line why they cannot be written."""
    try:
        result.save(place)
    except OSError as error:
        # The file that failed may be a temporary one, which says nothing to the reader.
        raise unwritable(place, error, option) from error


@contextmanager
def kept(result: Saved, folder: Path | None) -> Iterator[Path | None]:
    """Write the files of a result, if a folder is given, before it is told.

    So whoever reads only the head of what is told has them all the same. Where they cannot be
    written, what took a minute is told before that is raised.

    Yields
    ------
    Path or None
        The folder, if the files are there.
    """
    failure: click.ClickException | None = None
    if folder is not None:
        try:
            save_to(result, folder)
        except click.ClickException as error:
            failure = error
    yield None if failure else folder
    if failure:
        raise failure


def repeated(
    name: str, seed: int, replicate: int, values: tuple[str, ...], days: float | None
) -> list[str]:
    """Write the options that make the same history, as words of a shell command."""
    words = [shlex.quote(name), f"--seed {seed}"]
    if replicate:
        words.append(f"--replicate {replicate}")
    words += [f"--set {shlex.quote(value)}" for value in values]
    if days is not None:
        words.append(f"--days {days:g}")
    return words


def examples(*commands: str) -> str:
    """Make the end of a help text: commands that can be tried as they stand."""
    return "\b\nExamples:\n" + "\n".join(f"  $ {command}" for command in commands)


def known_actor(scenario: Scenario, actor: str | None, *more: str, option: str = "--actor") -> None:
    """Raise InputError where the scenario has no such actor."""
    names = [*(known.id for known in scenario.crisis.actors), *more]
    if actor is not None and actor not in names:
        raise InputError(
            f"no such actor {actor!r}",
            file=option,
            allowed=", ".join(names),
            nearest=nearest_name(actor, names),
        )


def echo_json(value: Any) -> None:
    """Write JSON in UTF-8, whatever the terminal's encoding."""
    text = value if isinstance(value, str) else json.dumps(value, indent=2, ensure_ascii=False)
    click.echo((text.rstrip("\n") + "\n").encode(), nl=False)
