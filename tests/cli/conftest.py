import contextlib
import json
import os
import subprocess
import sys
from collections.abc import Callable

import pytest
from click.testing import CliRunner, Result

import sim
from sim.cli import main


@pytest.fixture(scope="session")
def warm() -> None:
    """The kernel, compiled: its announcement belongs to one test alone."""
    short = sim.load("after-the-strike").with_("horizon_days", 1.0)
    sim.run(short)
    sim.ensemble(short, replicates=1)


@pytest.fixture
def cli(tmp_path, monkeypatch, warm) -> Callable[..., Result]:
    """Call the command line in this process, in an empty folder."""
    monkeypatch.chdir(tmp_path)

    def call(*args: str) -> Result:
        return CliRunner().invoke(main, list(args))

    return call


@pytest.fixture(scope="session")
def once(tmp_path_factory, warm) -> Callable[..., str]:
    """What a call writes, kept for every test that asks again: histories do not change."""
    kept: dict[tuple[str, ...], str] = {}

    def call(*args: str) -> str:
        if args not in kept:
            with contextlib.chdir(tmp_path_factory.mktemp("once")):
                result = CliRunner().invoke(main, list(args))
            assert result.exit_code == 0, result.stderr
            kept[args] = result.stdout
        return kept[args]

    return call


@pytest.fixture
def told(cli) -> Callable[..., str]:
    """What a call that succeeds writes to standard output."""

    def call(*args: str) -> str:
        result = cli(*args)
        assert result.exit_code == 0, result.stderr
        return result.stdout

    return call


@pytest.fixture
def read(once) -> Callable[..., object]:
    """The JSON that a call writes."""
    return lambda *args: json.loads(once(*args, "--json"))


@pytest.fixture
def refused(cli) -> Callable[..., str]:
    """The one line of a call that fails for bad input."""

    def call(*args: str, code: int = 2) -> str:
        result = cli(*args)
        assert result.exit_code == code, result.output
        assert result.stdout == ""
        assert result.stderr.count("\n") == 1, result.stderr
        assert result.stderr.startswith("escalation: ")
        return result.stderr.rstrip("\n")

    return call


@pytest.fixture
def environment(repository, warm) -> dict[str, str]:
    """An environment for a process of its own, without what decides about colours."""
    plain = {k: v for k, v in os.environ.items() if k not in ("NO_COLOR", "COLUMNS", "LINES")}
    return {**plain, "PYTHONPATH": str(repository), "TERM": "xterm", "PYTHONIOENCODING": "utf-8"}


@pytest.fixture
def process(tmp_path, environment) -> Callable[..., subprocess.CompletedProcess]:
    """Call the command line in a process of its own."""

    def call(*args: str, **extra: str) -> subprocess.CompletedProcess:
        return subprocess.run(
            [sys.executable, "-m", "sim.cli", *args],
            cwd=tmp_path,
            env={**environment, **extra},
            capture_output=True,
            encoding="utf-8",
            timeout=120,
            check=False,
        )

    return call
