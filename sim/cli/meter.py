"""How far a long piece of work has come: rate and time left."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterator

import click

import sim
from sim.cli.screen import watched

__all__ = ["metered", "warn_of_compiling"]

COMPILED = "play_many"
#: Seconds between two plain lines where nobody watches a terminal.
PLAIN_EVERY = 10.0


def warn_of_compiling() -> None:
    """Say on standard error that nothing will be heard for a while, where that is so."""
    if not sim.is_compiled(COMPILED):
        click.echo("compiling the kernel first (once, some twenty seconds)", err=True)


@contextlib.contextmanager
def metered(total: int, what: str = "histories") -> Iterator[Callable[[int, int], None]]:
    """Show on standard error how many of `total` are done, the rate and the time left.

    A bar on a terminal, else a plain line now and then.  What is yielded is called with the number
    done and asked for.
    """
    if total:
        warn_of_compiling()
    if watched():
        with _bar(total, what) as told:
            yield told
    else:
        yield Lines(what)


@contextlib.contextmanager
def _bar(total: int, what: str) -> Iterator[Callable[[int, int], None]]:
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
    )

    columns = (
        TextColumn("{task.description}"),
        BarColumn(bar_width=24),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(what, total=total, rate="")
        began = time.monotonic()

        def told(done: int, asked: int) -> None:
            rate = done / max(time.monotonic() - began, 1e-9)
            bar.update(task, completed=done, total=asked, rate=f"{rate:,.0f}/s" if done else "")

        yield told


class Lines:
    """Plain lines: every ten seconds, and at the end."""

    def __init__(self, what: str) -> None:
        self.what = what
        self.began = self.last = time.monotonic()

    def __call__(self, done: int, asked: int) -> None:
        """Hear how many are done of those asked for."""
        now = time.monotonic()
        if done < asked and (done == 0 or now - self.last < PLAIN_EVERY):
            return
        self.last = now
        rate = done / max(now - self.began, 1e-9)
        left = (asked - done) / rate if rate else 0.0
        told = f"{done:,} of {asked:,} {self.what}, {rate:,.0f}/s"
        click.echo(told + (f", {left:.0f} s left" if done < asked else ""), err=True)
