"""What commands have in common that show results: of a folder, or of what is simulated for them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

import sim
from sim.cli.completion import complete_scenario
from sim.cli.options import (
    changed,
    days_option,
    loaded,
    replicates_option,
    seed_option,
    set_option,
    threads_option,
)
from sim.cli.run import DIGITS, RESULTS
from sim.drawing_kinds import MANIFEST

if TYPE_CHECKING:
    from sim import Scenario

__all__ = ["Asked", "named", "results_options"]


@dataclass(frozen=True)
class Asked:
    """What is to be shown, as the command line asks for it.

    Attributes
    ----------
    results : str
        A folder, or a scenario.
    scenario : str or None
        What the results in a folder are of, where it is no bundled scenario.
    replicates : int or None
    seed : int
    values : tuple of str
    days : float or None
    threads : int or None
    """

    results: str
    scenario: str | None
    replicates: int | None
    seed: int
    values: tuple[str, ...]
    days: float | None
    threads: int | None

    @property
    def folder(self) -> Path | None:
        """The folder, where it is one; a scenario that ships goes before one without results."""
        folder = Path(self.results)
        if not self.results or not folder.is_dir():
            return None
        ships = self.results in sim.bundled() and not (folder / MANIFEST).is_file()
        return None if ships else folder

    def found(self) -> Path | Scenario:
        """Give the folder, or the scenario with its values; refuse options of the other."""
        if self.folder is None:
            if self.scenario is not None:
                raise click.UsageError(
                    f"--scenario says what the results in a folder are of: {self.results} is none"
                )
            return loaded(self.results, self.values, self.days)
        given = click.get_current_context().get_parameter_source("seed")
        if self.values or self.days is not None or given is not click.core.ParameterSource.DEFAULT:
            raise click.UsageError(
                "results are shown as they are: --seed, --set and --days are for scenarios"
            )
        return self.folder

    def of(self) -> Scenario | None:
        """Load what the results in a folder are of, where it is given."""
        return None if self.scenario is None else sim.load(self.scenario)

    def other(self, name: str | None, values: tuple[str, ...]) -> Scenario | None:
        """Load another scenario to compare with, or the same with other values, if either is."""
        if name is None and not values:
            return None
        if name is None and self.folder is not None:
            raise click.UsageError("--set-b changes a scenario: --against names it")
        return changed(loaded(name or self.results, self.values, self.days), values, "--set-b")


def results_options(replicates: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Make the argument RESULTS and the options that say what it is of.

    The command gets all of them as one `Asked`, before its own. `replicates` is what the help says
    of how many histories there are where the number is not given.
    """
    options = (
        click.argument("results", metavar="RESULTS", shell_complete=complete_scenario),
        click.option(
            "--scenario",
            metavar="FILE",
            help="What saved results are of, where it is no bundled scenario.",
        ),
        replicates_option(2, replicates),
        seed_option,
        set_option,
        days_option,
        threads_option,
    )
    names = [field.name for field in fields(Asked)]

    def decorate(command: Callable[..., None]) -> Callable[..., None]:
        @wraps(command)
        def called(**given: Any) -> None:
            asked = Asked(**{name: given.pop(name) for name in names})
            command(asked, **given)

        decorated: Callable[..., None] = called
        for option in reversed(options):
            decorated = option(decorated)
        return decorated

    return decorate


def named(scenario: Scenario, what: str) -> str:
    """Name what is made of a scenario, so that what other values give goes elsewhere."""
    digest = f"-{scenario.digest()[:DIGITS]}" if scenario.overrides else ""
    return str(RESULTS / f"{scenario.name}{digest}-{what}")
