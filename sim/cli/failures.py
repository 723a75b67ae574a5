"""What went wrong, as one line and an exit status."""

from __future__ import annotations

import contextlib
import os
import sys
import traceback
from collections.abc import Sequence

import click

from sim.errors import InputError, SimError

__all__ = [
    "BAD_INPUT",
    "FAILURE",
    "INTERRUPTED",
    "Interrupted",
    "by_option",
    "reason",
    "silence",
    "status",
]

FAILURE = 1
BAD_INPUT = 2
#: After Ctrl-C, as shells have it: 128 and the signal's number.
INTERRUPTED = 130


class Interrupted(click.ClickException):
    """Ctrl-C, with what it leaves."""

    exit_code = INTERRUPTED


def by_option(error: InputError, command: click.Command, given: Sequence[str]) -> InputError:
    """Name the option of a command where what is refused is named as the library's parameter alone.

    Only an option that is among the words `given`: outcomes too may be called as an option is.
    """
    if error.file is not None or error.key is None:
        return error
    options = {word.partition("=")[0] for word in given}
    for param in command.params:
        words = [word for word in param.opts if word.startswith("--")]
        called = words and error.key in (param.name, words[0].strip("-").replace("-", "_"))
        if called and options.intersection(param.opts):
            return InputError(
                error.problem, file=words[0], allowed=error.allowed, nearest=error.nearest
            )
    return error


def reason(error: OSError) -> str:
    """Say what the system has against it."""
    return (error.strerror or str(error)).lower()


def status(error: Exception) -> tuple[str, int]:
    """Give the line and the exit status of an error.

    Parameters
    ----------
    error : Exception

    Returns
    -------
    tuple of str and int
        One line, without its end, and the status: 2 for bad input, 130 for an interruption, 1 for
        anything else.
        The line follows a traceback where ESCALATION_TRACEBACK is set.
    """
    if os.environ.get("ESCALATION_TRACEBACK"):
        traceback.print_exception(error)
    if isinstance(error, click.Abort):
        return "escalation: interrupted", INTERRUPTED
    if isinstance(error, click.ClickException):
        return f"escalation: {_told(error)}", error.exit_code
    if isinstance(error, InputError):
        return f"escalation: {error}", BAD_INPUT
    if isinstance(error, SimError):
        return f"escalation: {_line(error)}", FAILURE
    if isinstance(error, OSError):
        where = f"{os.fsdecode(error.filename)}: " if error.filename else ""
        return _line(f"escalation: {where}{reason(error)}"), FAILURE
    told = f"{type(error).__name__}: {_line(error)}".removesuffix(": ")
    return f"escalation: unexpected {told} (ESCALATION_TRACEBACK=1 shows where)", FAILURE


def silence() -> None:
    """Send what is left for standard output nowhere: it could not be written a moment ago."""
    with contextlib.suppress(OSError, ValueError, AttributeError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _line(text: object) -> str:
    """Put a text on a line, without what steers a terminal: it may quote what was given."""
    return " ".join("".join(c if c.isprintable() else " " for c in str(text)).split())


def _told(error: click.ClickException) -> str:
    """Give click's message as a line, with the command whose help says more."""
    told = _line(error.format_message()).removesuffix(".")
    told = told[:1].lower() + told[1:]
    ctx = getattr(error, "ctx", None)
    return f"{told} ('{ctx.command_path} --help' says more)" if ctx else told
