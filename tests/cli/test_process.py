"""What only a process of its own shows: imports, streams, terminals, exit statuses."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

LIGHT = [
    ["--help"],
    ["--version"],
    ["scenarios"],
    ["statements"],
    ["rules"],
    ["check", "after-the-strike"],
    ["run", "--help"],
]
PROGRAM = """
import sys
from sim.cli import main
for words in {calls}:
    try:
        main(words)
    except SystemExit as end:
        assert not end.code, (words, end.code)
heavy = set({heavy}) & set(sys.modules)
assert not heavy, heavy
"""


@pytest.mark.parametrize(
    "calls, heavy",
    [
        (LIGHT[:2], ["numpy", "pydantic", "pandas", "numba", "mesa", "matplotlib"]),
        (LIGHT, ["numpy", "pandas", "numba", "mesa", "matplotlib", "scipy"]),
    ],
)
def test_light_commands_import_nothing_heavy(environment, calls, heavy):
    program = PROGRAM.format(calls=calls, heavy=heavy)
    done = subprocess.run(
        [sys.executable, "-c", program], env=environment, capture_output=True, check=False
    )
    assert done.returncode == 0, done.stderr.decode()


def test_version(process):
    done = process("--version")
    assert re.fullmatch(r"escalation \S+\n", done.stdout)
    assert done.returncode == 0


def test_statuses_and_streams(process):
    good = process("run", "after-the-strike", "--seed", "7", "--days", "3")
    assert good.returncode == 0
    assert good.stderr == ""
    assert "\x1b" not in good.stdout
    assert max(map(len, good.stdout.splitlines())) <= 80
    bad = process("run", "after-the-strike", "--set", "strike.dead=x")
    assert (bad.returncode, bad.stdout) == (2, "")
    assert bad.stderr.startswith("escalation: --set strike.dead: ")


@pytest.mark.skipif(os.name == "nt", reason="no pipes of this kind")
def test_a_reader_that_leaves_early_is_no_error(environment, tmp_path):
    end, start = os.pipe()
    os.close(end)
    with os.fdopen(start, "wb") as closed:
        done = subprocess.run(
            [sys.executable, "-m", "sim.cli", "statements"],
            stdout=closed,
            stderr=subprocess.PIPE,
            env=environment,
            cwd=tmp_path,
            check=False,
        )
    assert done.stderr == b""


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no full device here")
def test_a_full_disk_is_a_line(environment, tmp_path):
    with open("/dev/full", "wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "sim.cli", "statements"],
            stdout=full,
            stderr=subprocess.PIPE,
            env=environment,
            cwd=tmp_path,
            check=False,
        )
    assert done.returncode == 1
    assert done.stderr.decode() == "escalation: no space left on device\n"


@pytest.mark.skipif(os.name == "nt", reason="descriptors are closed otherwise there")
@pytest.mark.parametrize(
    "args",
    [
        ("ensemble", "after-the-strike", "--replicates", "5"),
        ("influence", "after-the-strike", "--replicates", "2"),
        ("patterns", "--replicates", "2"),
    ],
)
def test_without_standard_error_there_is_no_progress_and_no_failure(environment, tmp_path, args):
    done = subprocess.run(
        ["sh", "-c", 'exec "$@" 2>&-', "sh", sys.executable, "-m", "sim.cli", *args],
        stdout=subprocess.PIPE,
        env=environment,
        cwd=tmp_path,
        check=False,
    )
    assert done.returncode == 0
    assert done.stdout


def on_a_terminal(args, environment, folder, errors=False):
    """Call the command line with a terminal as its output, and give what it shows."""
    pty = pytest.importorskip("pty")
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-m", "sim.cli", *args],
        stdout=theirs,
        stderr=theirs if errors else None,
        env=environment,
        cwd=folder,
    ) as running:
        os.close(theirs)
        shown = b""
        while True:
            try:
                part = os.read(ours, 65536)
            except OSError:  # Linux ends a terminal so.
                break
            if not part:
                break
            shown += part
        os.close(ours)
        assert running.wait(60) == 0
    return shown.decode().replace("\r\n", "\n")


def test_colours_on_a_terminal(environment, tmp_path):
    shown = on_a_terminal(["rules", "--actor", "uk"], environment, tmp_path)
    assert "\x1b[1muk.condemns" in shown


@pytest.mark.parametrize("quiet", [{"NO_COLOR": "1"}, {"TERM": "dumb"}])
def test_no_colours_where_none_are_wanted(environment, tmp_path, quiet):
    shown = on_a_terminal(["rules", "--actor", "uk"], {**environment, **quiet}, tmp_path)
    assert "uk.condemns" in shown
    assert "\x1b" not in shown


@pytest.mark.parametrize("columns, width", [(40, 60), (67, 67), (300, 100)])
def test_a_terminal_s_width_is_used_between_sixty_and_a_hundred(
    environment, tmp_path, columns, width
):
    wide = {**environment, "COLUMNS": str(columns), "NO_COLOR": "1"}
    longest = max(map(len, on_a_terminal(["statements"], wide, tmp_path).splitlines()))
    assert width - 5 <= longest <= width


@pytest.mark.parametrize("more", [(), ("--rare",)], ids=["plain", "rare"])
def test_a_bar_has_left_its_line_before_the_answer(environment, tmp_path, more):
    pair = ("compare", "after-the-strike", "eighty-dead", "--replicates", "500")
    quiet = {**environment, "NO_COLOR": "1"}
    shown = on_a_terminal([*pair, *more], quiet, tmp_path, errors=True)
    assert "playing  [" in shown
    answer = "In B open war is more probable"
    before = shown[: shown.index(answer)]
    assert re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", before).endswith("\n")
