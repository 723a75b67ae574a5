"""What the shell completes: scenarios, actors, and the paths of --set."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import click
from click.shell_completion import CompletionItem

import sim
from sim.errors import SimError

if TYPE_CHECKING:
    from sim import Scenario

__all__ = [
    "MAIN",
    "complete_actor",
    "complete_experiment",
    "complete_path",
    "complete_scenario",
    "stems",
]

#: The scenario whose crisis is meant where none is named.
MAIN = "after-the-strike"


def complete_scenario(
    ctx: click.Context, param: click.Parameter, incomplete: str
) -> list[CompletionItem]:
    """Complete the name of a bundled scenario, or else of a file."""
    names = [name for name in sim.bundled() if name.startswith(incomplete)]
    if "/" in incomplete or not names:
        return [CompletionItem(incomplete, type="file")]
    return [CompletionItem(name) for name in names]


def complete_experiment(
    ctx: click.Context, param: click.Parameter, incomplete: str
) -> list[CompletionItem]:
    """Complete the name of a bundled experiment, or else of a file."""
    from sim.studies import experiment_names

    names = [name for name in experiment_names() if name.startswith(incomplete)]
    if "/" in incomplete or not names:
        return [CompletionItem(incomplete, type="file")]
    return [CompletionItem(name) for name in names]


def complete_actor(
    ctx: click.Context, param: click.Parameter, incomplete: str
) -> list[CompletionItem]:
    """Complete the id of an actor of the scenario."""
    scenario = _scenario(ctx)
    actors = scenario.crisis.actors if scenario else ()
    return [CompletionItem(a.id, help=a.name) for a in actors if a.id.startswith(incomplete)]


def complete_path(
    ctx: click.Context, param: click.Parameter, incomplete: str
) -> list[CompletionItem]:
    """Complete a dotted path of the scenario, a part of it at a time."""
    scenario = _scenario(ctx)
    if scenario is None or "=" in incomplete:
        return []
    return [CompletionItem(stem) for stem in stems(scenario.paths(), incomplete)]


def stems(paths: Iterable[str], incomplete: str) -> list[str]:
    """List how `incomplete` goes on: up to the next dot where paths part, else whole with "=".

    Examples
    --------
    >>> stems(["tempo.us", "tempo.iran", "prompt"], "")
    ['tempo.', 'prompt=']
    >>> stems(["tempo.us", "tempo.iran", "prompt"], "t")
    ['tempo.us=', 'tempo.iran=']
    """
    fitting = [path for path in paths if path.startswith(incomplete)]
    found: dict[str, list[str]] = {}
    for path in fitting:
        head, dot, _ = path[len(incomplete) :].partition(".")
        found.setdefault(incomplete + head + dot, []).append(path)
    if len(found) == 1 and len(fitting) > 1:
        return stems(fitting, next(iter(found)))
    return [f"{below[0]}=" if len(below) == 1 else stem for stem, below in found.items()]


def _scenario(ctx: click.Context) -> Scenario | None:
    """Load the scenario named so far; completion must never fail aloud."""
    try:
        # An option that still lacks its value keeps click from naming the arguments before it.
        return sim.load(ctx.params.get("scenario") or next(iter(ctx.args), MAIN))
    except (SimError, OSError):
        return None
