"""What is shown while ensembles are played: the compilation, and how far it has come."""

from __future__ import annotations

import contextlib
import os
import sys
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

import sim

if TYPE_CHECKING:
    from click._termui_impl import ProgressBar

__all__ = ["Progress", "shown_progress"]

#: The function that all others of the compiled ensemble are called from.
COMPILED = "play_many"
CELLS = 28


class Progress:
    """Tells on standard error of a compilation, and on a terminal of what is done and left.

    Parameters
    ----------
    ensembles : int
        How many are played one after the other, all of the same size.
    compiled : str
        The function of the kernel that all others needed are called from.
    """

    def __init__(self, ensembles: int, compiled: str = COMPILED) -> None:
        self.ensembles = ensembles
        self.kernel = compiled
        self.before = 0
        self.begun = False
        self.open = contextlib.ExitStack()
        self.bar: ProgressBar[int] | None = None
        self.terminal = sys.stderr.isatty() and os.environ.get("TERM") != "dumb"
        self.compiling: float | None = None

    def __call__(self, finished: int, asked: int) -> None:
        """Hear how many replicates of an ensemble are finished and asked for."""
        if finished == 0:
            self._begin(asked)
            return
        self._compiled(" done in {:.0f} s")
        if self.bar is not None:
            # What is asked for may have grown, and the bar thought itself at its end.
            self.bar.length, self.bar.finished = asked * self.ensembles, False
            self.bar.update(self.before + finished - self.bar.pos)
        if finished == asked and self.ensembles > 1:
            self.before += asked

    def close(self) -> None:
        """Leave the terminal as it was."""
        self._compiled("")
        self.open.close()

    def _begin(self, asked: int) -> None:
        """Say what there is to wait for; called before anything is compiled."""
        if not self.begun and not sim.is_compiled(self.kernel):
            told = "compiling the kernel (once, some twenty seconds) ..."
            click.echo(told, err=True, nl=False)
            self.compiling = time.monotonic()
        self.begun = True
        if self.bar is None and self.terminal:
            self.bar = self.open.enter_context(
                click.progressbar(
                    length=asked * self.ensembles, label="playing", width=CELLS, file=sys.stderr
                )
            )

    def _compiled(self, told: str) -> None:
        if self.compiling is not None:
            click.echo(told.format(time.monotonic() - self.compiling), err=True)
            self.compiling = None


@contextlib.contextmanager
def shown_progress(ensembles: int = 1, compiled: str = COMPILED) -> Iterator[Progress]:
    """Show the progress of ensembles, and clear up whatever happens."""
    progress = Progress(ensembles, compiled)
    try:
        yield progress
    finally:
        progress.close()
