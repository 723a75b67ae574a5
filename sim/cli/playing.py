"""Progress on standard error while ensembles are played: a compilation, then a bar."""

from __future__ import annotations

import contextlib
import shutil
import sys
import textwrap
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

import sim
from sim.cli.screen import watched

if TYPE_CHECKING:
    from click._termui_impl import ProgressBar

__all__ = ["Progress", "shown_progress"]

#: The function that all others of the compiled ensemble are called from.
COMPILED = "play_many"
LABEL = "playing"
CELLS = 28
#: Beside the label and the cells stand blanks and brackets, per cent, and how long it still takes.
BESIDE, LEFT = 10, 10


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
        self.terminal = watched()
        self.columns = shutil.get_terminal_size().columns if self.terminal else 80
        self.compiling: float | None = None

    def __call__(self, finished: int, asked: int) -> None:
        """Hear how many replicates of an ensemble are finished and asked for."""
        if not self.begun:
            self._begin()
        if finished:
            self._compiled(" done in {:.0f} s")
        # A bar beside what is said of a compilation would write over it, and guess wildly.
        if self.compiling is None:
            self._show(asked)
        if self.bar is not None and finished:
            # What is asked for may have grown, and the bar thought itself at its end.
            self.bar.length, self.bar.finished = asked * self.ensembles, False
            self.bar.update(self.before + finished - self.bar.pos)
        if finished and finished == asked and self.ensembles > 1:
            self.before += asked

    def close(self) -> None:
        """Leave the terminal as it was."""
        self._compiled("")
        self.open.close()

    def _begin(self) -> None:
        """Say what there is to wait for; called before anything is compiled."""
        self.begun = True
        if not sim.is_compiled(self.kernel):
            told = "compiling the kernel (once, some twenty seconds) ..."
            click.echo(textwrap.fill(told, self.columns), err=True, nl=False)
            self.compiling = time.monotonic()

    def _show(self, asked: int) -> None:
        """Draw the bar, on a terminal."""
        if self.bar is not None or not self.terminal:
            return
        cells, eta = _measured(self.columns)
        self.bar = self.open.enter_context(
            click.progressbar(
                length=asked * self.ensembles,
                label=LABEL,
                width=cells,
                show_eta=eta,
                file=sys.stderr,
            )
        )

    def _compiled(self, told: str) -> None:
        if self.compiling is not None:
            click.echo(told.format(time.monotonic() - self.compiling), err=True)
            self.compiling = None


def _measured(columns: int) -> tuple[int, bool]:
    """Give the cells for which a line has room, and whether it also has for the time left.

    Examples
    --------
    >>> _measured(80), _measured(48), _measured(32)
    ((28, True), (20, True), (14, False))
    """
    # The last column stays empty: some terminals go to the next line when it is written.
    room = columns - 1 - len(LABEL) - BESIDE
    eta = room - LEFT >= 12
    return max(1, min(CELLS, room - LEFT if eta else room)), eta


@contextlib.contextmanager
def shown_progress(ensembles: int = 1, compiled: str = COMPILED) -> Iterator[Progress]:
    """Show the progress of ensembles, and clear up whatever happens."""
    progress = Progress(ensembles, compiled)
    try:
        yield progress
    finally:
        progress.close()
