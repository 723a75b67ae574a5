"""The keyboard of ``escalation play``: lines that are typed, and Ctrl-C, of which none is lost."""

from __future__ import annotations

import contextlib
import io
import os
import select
import signal
import sys
import threading
from collections.abc import Iterator
from types import FrameType

import click

__all__ = ["Keyboard"]

CHUNK = 65_536


class Keyboard:
    """Reads lines, and raises KeyboardInterrupt for every Ctrl-C, wherever it falls.

    Python raises it wherever the program stands, and two such places swallow it: code whose
    exceptions are dropped (a finaliser, a callback of a compiler), and the moment between a prompt
    and the wait for an answer, which nothing wakes then. So a Ctrl-C is noted as well, and looked
    for before each line, and the wait is one that a signal's byte in a pipe ends.

    Attributes
    ----------
    pressed : bool
        Whether Ctrl-C has been pressed.
    terminal : bool
        Whether people sit at a terminal.
    """

    def __init__(self) -> None:
        self.pressed = False
        self.terminal = sys.stdin.isatty() and sys.stdout.isatty()
        self._deaf = False
        self._read = b""
        self._wake: int | None = None
        self._open = contextlib.ExitStack()

    def __enter__(self) -> Keyboard:
        """Listen for Ctrl-C."""
        # Signals are the main thread's alone.
        if threading.current_thread() is threading.main_thread():
            before = signal.signal(signal.SIGINT, self._hear)
            self._open.callback(signal.signal, signal.SIGINT, before)
            # No such wait on Windows, whose own wait for a line Ctrl-C ends.
            if os.name != "nt":
                self._wake, told = os.pipe()
                os.set_blocking(self._wake, False)
                os.set_blocking(told, False)
                self._open.callback(os.close, self._wake)
                self._open.callback(os.close, told)
                woken = signal.set_wakeup_fd(told, warn_on_full_buffer=False)
                self._open.callback(signal.set_wakeup_fd, woken)
        return self

    def __exit__(self, *_: object) -> None:
        """Leave signals as they were."""
        self._open.close()

    def look(self) -> None:
        """Raise KeyboardInterrupt where Ctrl-C has been pressed and swallowed."""
        if self.pressed and not self._deaf:
            raise KeyboardInterrupt

    @contextlib.contextmanager
    def deaf(self) -> Iterator[None]:
        """Let something be finished that a second Ctrl-C would break off."""
        self._deaf = True
        try:
            yield
        finally:
            self._deaf = False

    def line(self, prompt: str) -> str:
        """Ask for a line; on anything but a terminal it is written out as well.

        Raises
        ------
        EOFError
            Where there is nothing more to read.
        KeyboardInterrupt
            Where Ctrl-C is or has been pressed.
        """
        self.look()
        click.echo(prompt, nl=False)
        try:
            number = sys.stdin.fileno()
        except (io.UnsupportedOperation, AttributeError):
            number = None
        if number is None or self._wake is None:
            typed = input()
        else:
            typed = self._waited(number, self._wake).decode(
                getattr(sys.stdin, "encoding", None) or "utf-8", "replace"
            )
        if not self.terminal:
            click.echo(typed)
        return typed.strip()

    def _waited(self, number: int, wake: int) -> bytes:
        """Wait for a line or a signal, whichever comes first."""
        while b"\n" not in self._read:
            ready, _, _ = select.select([number, wake], [], [])
            if wake in ready:
                with contextlib.suppress(BlockingIOError):
                    os.read(wake, CHUNK)
            self.look()
            if number in ready:
                more = os.read(number, CHUNK)
                if not more and not self._read:
                    raise EOFError
                self._read += more or b"\n"
        line, _, self._read = self._read.partition(b"\n")
        return line

    def _hear(self, _: int, __: FrameType | None) -> None:
        self.pressed = True
        if not self._deaf:
            raise KeyboardInterrupt
