"""A game in a real terminal of its own: what is typed, what is shown, how wide, and Ctrl-C."""

import codecs
import fcntl
import os
import pty
import re
import select
import signal
import struct
import sys
import termios
import time
from collections.abc import Sequence
from pathlib import Path

ESCAPES = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
PATIENCE = 120.0


class Terminal:
    """Runs ``escalation play`` in a pseudo-terminal of some width.

    Parameters
    ----------
    words : sequence of str
        Arguments of ``escalation play``.
    folder : Path
    environment : dict of str
    width : int, columns
    """

    def __init__(
        self, words: Sequence[str], folder: Path, environment: dict[str, str], width: int = 80
    ) -> None:
        self.folder, self.environment = folder, environment
        self.all = ""
        self.read = ""
        self.decoder = codecs.getincrementaldecoder("utf-8")()
        self.child, self.terminal = pty.fork()
        if self.child == 0:
            fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", 40, width, 0, 0))
            # A terminal drops what it is about to show when Ctrl-C is pressed: no fault of a game.
            modes = termios.tcgetattr(0)
            modes[3] |= termios.NOFLSH
            termios.tcsetattr(0, termios.TCSANOW, modes)
            os.chdir(folder)
            call = [sys.executable, "-m", "sim.cli", "play", *words]
            os.execve(sys.executable, call, environment)

    def __enter__(self) -> "Terminal":
        return self

    def __exit__(self, *_: object) -> None:
        if self.child:
            os.kill(self.child, signal.SIGKILL)
            os.waitpid(self.child, 0)
        os.close(self.terminal)

    def until(self, *texts: str) -> str:
        """Read on until one of some texts is there, and say which; "" stands for the end."""
        limit = time.monotonic() + PATIENCE
        while True:
            plain = ESCAPES.sub("", self.read)
            found = [text for text in texts if text and text in plain]
            if found:
                first = min(found, key=plain.index)
                self.read = plain[plain.index(first) + len(first) :]
                return first
            assert time.monotonic() < limit, self.all
            if not select.select([self.terminal], [], [], 1.0)[0]:
                continue
            try:
                more = os.read(self.terminal, 65536)
            except OSError:
                more = b""
            if not more:
                assert "" in texts, self.all
                return ""
            self._keep(more)

    def rest(self, seconds: float) -> None:
        """Show what comes in for so long: one that nobody reads soon takes no more."""
        limit = time.monotonic() + seconds
        while (left := limit - time.monotonic()) > 0.0:
            if not select.select([self.terminal], [], [], left)[0]:
                return
            try:
                more = os.read(self.terminal, 65536)
            except OSError:
                return
            if not more:
                return
            self._keep(more)

    def _keep(self, more: bytes) -> None:
        told = self.decoder.decode(more)
        self.all += told
        self.read += told

    def type(self, line: str) -> None:
        """Type a line."""
        os.write(self.terminal, f"{line}\n".encode())

    def interrupt(self) -> None:
        """Press Ctrl-C, which the terminal turns into a signal."""
        os.write(self.terminal, b"\x03")

    def status(self) -> int:
        """Wait for the end, and give the exit status."""
        self.until("")
        _, status = os.waitpid(self.child, 0)
        self.child = 0
        return os.waitstatus_to_exitcode(status)

    def lines(self) -> list[str]:
        """What was shown so far, line by line, without colours; of a bar what was last drawn."""
        plain = ESCAPES.sub("", self.all).replace("\r\n", "\n")
        return [part for line in plain.split("\n") for part in line.split("\r") if part]
