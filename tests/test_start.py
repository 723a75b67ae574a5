"""The script that a fresh clone starts with, as far as it goes without installing anything."""

import ast
import json
import subprocess
import sys

import pytest


@pytest.fixture
def clone(repository, tmp_path):
    """A folder that holds what the script reads, and no environment."""
    (tmp_path / "tools").mkdir()
    for name in (
        "tools/start.py",
        "requirements.lock",
        "requirements-run.lock",
        "pyproject.toml",
    ):
        (tmp_path / name).write_bytes((repository / name).read_bytes())
    return tmp_path


def start(clone, *command, before=""):
    """Run the script's main in a process of its own, after the statements in `before`."""
    program = (
        "import sys\nsys.path.insert(0, 'tools')\nimport start\n"
        f"{before}\n"
        "try:\n    sys.exit(start.main(sys.argv[1:]))\n"
        "except start.Refusal as refusal:\n    sys.exit(str(refusal))\n"
    )
    return subprocess.run(
        [sys.executable, "-c", program, *command],
        cwd=clone,
        capture_output=True,
        text=True,
        check=False,
    )


def test_old_pythons_can_read_that_they_are_too_old(repository):
    ast.parse((repository / "tools/start.py").read_text("utf-8"), feature_version=(3, 6))


def test_an_old_python_is_refused_in_one_line(clone):
    done = start(clone, "escalation", before="sys.version_info = (3, 10, 1)")
    assert done.returncode == 1
    assert done.stderr == "Python 3.11 or newer is needed; this is 3.10\n"
    assert not (clone / ".venv").exists()


def test_a_python_without_venv_is_refused_in_one_line(clone):
    done = start(clone, "escalation", before="start.have = lambda module: False")
    assert done.returncode == 1
    assert "python3-venv" in done.stderr
    assert done.stderr.count("\n") == 1
    assert not (clone / ".venv").exists()


def test_an_environment_of_someone_elses_is_left_alone(clone):
    (clone / ".venv").mkdir()
    (clone / ".venv" / "theirs").touch()
    done = start(clone, "escalation")
    assert done.returncode == 1
    assert "was not made by this script" in done.stderr
    assert (clone / ".venv" / "theirs").exists()


# Stands in for installing: notes what pip was asked for, and makes an empty environment.
PRETEND = """
import os
def make_venv():
    print("venv")
    os.makedirs(start.SCRIPTS, exist_ok=True)
    open(start.PYTHON, "w").close()
    start.write_stamp({})
start.make_venv = make_venv
start.pip = lambda *words: print(os.path.basename(words[-1] if "-r" in words else "project"))
start.start = lambda command: 7
"""


def steps(clone, *command):
    done = start(clone, *command, before=PRETEND)
    assert done.returncode == 7, done.stderr
    return done.stdout.split()


def test_only_what_is_left_to_do_is_done(clone):
    assert steps(clone, "escalation") == ["venv", "requirements-run.lock", "project"]
    assert steps(clone, "escalation") == []
    assert steps(clone, "pytest") == ["requirements.lock", "project"]
    assert steps(clone, "pytest") == []
    assert steps(clone, "escalation") == []


def test_a_changed_lock_begins_anew_and_a_changed_project_does_not(clone):
    steps(clone, "pytest")
    with (clone / "pyproject.toml").open("a") as file:
        file.write("\n")
    assert steps(clone, "pytest") == ["project"]
    with (clone / "requirements.lock").open("a") as file:
        file.write("\n")
    assert steps(clone, "escalation") == ["venv", "requirements-run.lock", "project"]


def test_after_an_interrupted_installation_all_begins_anew(clone):
    steps(clone, "escalation")
    broken = PRETEND + "\ndef pip(*words): raise start.Refusal('pip failed')\nstart.pip = pip"
    assert "pip failed" in start(clone, "pytest", before=broken).stderr
    assert json.loads((clone / ".venv" / ".start.json").read_text()) == {}
    assert steps(clone, "escalation") == ["venv", "requirements-run.lock", "project"]
