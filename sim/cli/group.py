"""The command ``escalation``: its subcommands, imported when asked for, and its exit status."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import Any, NoReturn

import click

import sim
from sim.cli.failures import by_option, silence, status
from sim.cli.notices import missing_glyphs_told
from sim.cli.options import examples
from sim.errors import InputError, nearest_name

__all__ = ["Commands", "main"]

#: Under which a context keeps the words that a subcommand was given.
GIVEN = "sim.cli.given"
#: Subcommands in the order of the help, each the `command` of the module of its name.
COMMANDS = (
    "run",
    "explain",
    "ensemble",
    "compare",
    "counterfactual",
    "plot",
    "report",
    "influence",
    "sweep",
    "sensitivity",
    "discover",
    "advise",
    "play",
    "patterns",
    "scenarios",
    "statements",
    "rules",
    "check",
)

EXAMPLES = (
    "escalation scenarios",
    "escalation run after-the-strike --seed 7",
    "escalation run after-the-strike --seed 7 --set strike.dead=80",
    "escalation explain after-the-strike --seed 7 --move 1",
    "escalation ensemble after-the-strike --replicates 5000",
    "escalation compare after-the-strike eighty-dead --replicates 5000",
    "escalation statements --actor iran",
)
COMPLETION = """

Completion of commands, scenarios, actors and the paths of --set: put the line of your shell into
its start-up file.

\b
  bash   eval "$(_ESCALATION_COMPLETE=bash_source escalation)"
  zsh    eval "$(_ESCALATION_COMPLETE=zsh_source escalation)"
  fish   _ESCALATION_COMPLETE=fish_source escalation | source
"""


class Commands(click.Group):
    """A group that imports the module of a subcommand when it is asked for.

    Every failure becomes one line on standard error and an exit status: 2 for bad input, 130
    for an interruption, 1 for anything else.
    """

    def list_commands(self, ctx: click.Context) -> list[str]:
        """List the subcommands in the order of the help."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import a subcommand, if there is one of that name."""
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = import_module(f"sim.cli.{cmd_name}").command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the subcommand, or name the nearest."""
        name = args[0]
        if name not in COMMANDS and not name.startswith("-"):
            problem = f"no command '{name}'; allowed: {', '.join(COMMANDS)}"
            if nearest := nearest_name(name, COMMANDS):
                problem += f"; did you mean '{nearest}'?"
            ctx.fail(problem)
        ctx.meta[GIVEN] = tuple(args[1:])
        return super().resolve_command(ctx, args)

    def make_context(self, *args: Any, **extra: Any) -> click.Context:
        """Make the context, without colours where the environment wants none."""
        ctx = super().make_context(*args, **extra)
        if os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
            ctx.color = False
        return ctx

    def invoke(self, ctx: click.Context) -> Any:
        """Do what a subcommand does; what it refuses is named as it was asked for."""
        try:
            return super().invoke(ctx)
        except InputError as error:
            command = self.get_command(ctx, str(ctx.invoked_subcommand))
            named = error if command is None else by_option(error, command, ctx.meta[GIVEN])
            if named is error:
                raise
            raise named from error

    def main(  # type: ignore[override]
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,
        **extra: Any,
    ) -> NoReturn:
        """Run the command line and leave with its exit status."""
        for stream in (sys.stdout, sys.stderr):
            # A paraphrase with a letter that the terminal lacks is no reason to fail.
            if hasattr(stream, "reconfigure"):
                stream.reconfigure(errors="replace")
        extra["standalone_mode"] = False
        try:
            with missing_glyphs_told():
                code = super().main(args, prog_name or "escalation", **extra) or 0
            sys.exit(code)
        except Exception as error:
            line, code = status(error)
            if isinstance(error, OSError):
                silence()
            click.echo(line, err=True)
            sys.exit(code)


@click.group(
    "escalation",
    cls=Commands,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog=examples(*EXAMPLES) + COMPLETION,
)
@click.version_option(sim.__version__, "--version", message="escalation %(version)s")
@click.pass_context
def main(ctx: click.Context) -> None:
    """Simulate an international crisis, and see why each state did what it did.

    Each command says more: escalation run --help. The exit status is 0, or 2 for bad input, 130
    after Ctrl-C, or 1 for any other failure. Colours appear on a terminal alone, and not where
    NO_COLOR is set.
    """
    if ctx.invoked_subcommand is None:
        click.echo(ctx.get_help(), err=True)
        ctx.exit(2)
