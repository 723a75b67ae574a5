"""The keyboard of ``escalation play``: lines that are typed, and Ctrl-C, of which none is lost."""

from __future__ import annotations

import contextlib
import io
import math
import os
import select
import signal
import sys
import threading
import time
from types import FrameType
from typing import Any

import click

from sim.errors import InputError

__all__ = ["Keyboard"]

CHUNK = 65_536
#: Seconds after which a Ctrl-C that was raised must have been swallowed: time for clearing up.
SWALLOWED = 2.0


class Keyboard:
    """Reads lines, and raises KeyboardInterrupt for Ctrl-C, wherever it falls.

    Python raises it wherever the program stands, and two such places swallow it: code whose
    exceptions are dropped (a finaliser, a callback of a compiler), and the moment between a prompt
    and the wait for an answer, which nothing wakes then. So a Ctrl-C is noted as well, and looked
    for before each line, and the wait is one that a signal's byte in a pipe ends. Those pressed
    soon after one that was raised are not raised: they would break off what it is caught by.

    Attributes
    ----------
    pressed : bool
        Whether Ctrl-C has been pressed.
    terminal : bool
        Whether people sit at a terminal.

    Raises
    ------
    InputError
        Where there is no standard input at all.
    """

    def __init__(self) -> None:
        # Python's own word for descriptors that were closed before it began.
        if sys.stdin is None:
            problem = "there is no standard input to read the choices from"
            raise InputError(problem, allowed="a terminal, a pipe or a file")
        self.pressed = False
        self.terminal = all(stream and stream.isatty() for stream in (sys.stdin, sys.stdout))
        self._left = False
        self._raised = -math.inf
        self._read = b""
        self._wake: int | None = None
        self._open = contextlib.ExitStack()

    def __enter__(self) -> Keyboard:
        """Listen for Ctrl-C."""
        # Signals are the main thread's alone.
        if threading.current_thread() is threading.main_thread():
            before = signal.signal(signal.SIGINT, self._hear)
            self._open.callback(self._restore, before)
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
        """Leave signals as they were; Ctrl-C ignored to the end of the program after `leave`."""
        self._open.close()

    def look(self) -> None:
        """Raise KeyboardInterrupt where Ctrl-C has been pressed and swallowed."""
        if self.pressed and not self._left:
            self._raised = time.monotonic()
            raise KeyboardInterrupt

    def leave(self) -> None:
        """Ignore Ctrl-C from now on: what is left to do is to end the program.

        With another handler, a Ctrl-C while Python shuts down ends it by a traceback or the signal.
        """
        while not self._left:
            with contextlib.suppress(KeyboardInterrupt):
                self._left = True
        if threading.current_thread() is threading.main_thread():
            signal.signal(signal.SIGINT, signal.SIG_IGN)
        # Python ends itself by the signal where an interruption has left a text that it was
        # executing (an import's, a dataclass's), even if it was caught; the next text clears that.
        exec("")

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
        now = time.monotonic()
        if not self._left and now - self._raised > SWALLOWED:
            self._raised = now
            raise KeyboardInterrupt

    def _restore(self, before: Any) -> None:
        if not self._left:
            signal.signal(signal.SIGINT, before)
