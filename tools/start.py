#!/usr/bin/env python3
"""Run a command inside the project's virtual environment, which is made on the way.

    python3 tools/start.py escalation run after-the-strike --seed 7
    python3 tools/start.py pytest

The first use makes .venv and installs the locked dependencies and the project into it; later
uses see that nothing has changed and start at once. `escalation` needs few packages
(requirements-run.lock), any other command gets those for testing too (requirements.lock).
Needs Python 3.11 or newer and its standard library, nothing else. To begin again with another
Python, delete .venv.
"""
# Must parse on the Pythons that it refuses: no annotations, nothing newer than 3.6.

import contextlib
import hashlib
import json
import os
import shutil
import subprocess
import sys
import time

OLDEST = (3, 11)
ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
VENV = os.path.join(ROOT, ".venv")
SCRIPTS = os.path.join(VENV, "Scripts" if os.name == "nt" else "bin")
PYTHON = os.path.join(SCRIPTS, "python.exe" if os.name == "nt" else "python")
STAMP = os.path.join(VENV, ".start.json")
RUN, FULL = "requirements-run.lock", "requirements.lock"


class Refusal(Exception):
    """The one line that says why the command cannot be run."""


def say(text):
    # Standard output belongs to the command, which may be writing JSON.
    print("start: " + text, file=sys.stderr, flush=True)


def digest(*names):
    total = hashlib.sha256(ROOT.encode())
    for name in names:
        with open(os.path.join(ROOT, name), "rb") as file:
            total.update(file.read())
    return total.hexdigest()


def read_stamp():
    try:
        with open(STAMP, encoding="utf-8") as file:
            stamp = json.load(file)
    except (OSError, ValueError):
        return None
    return stamp if isinstance(stamp, dict) else None


def write_stamp(stamp):
    with open(STAMP + ".new", "w", encoding="utf-8") as file:
        json.dump(stamp, file)
    os.replace(STAMP + ".new", STAMP)


@contextlib.contextmanager
def alone():
    """Let a second start wait for the first one's installation."""
    try:
        import fcntl
    except ImportError:
        yield
        return
    with open(os.path.abspath(__file__), "rb") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("waiting for another start to finish installing")
            fcntl.flock(file, fcntl.LOCK_EX)
        except OSError:
            pass  # A file system without locks: go on without.
        yield


def make_venv():
    """Make .venv anew; return the pip command that installs into it."""
    if os.path.isdir(VENV) and os.listdir(VENV) and not os.path.exists(STAMP):
        raise Refusal(VENV + " was not made by this script: move it away and try again")
    # Called from inside a virtual environment, build on the Python below it.
    base = getattr(sys, "_base_executable", None) or sys.executable
    command = [base, "-m", "venv", VENV]
    if not have("ensurepip"):
        command.append("--without-pip")
    if not have("venv") or ("--without-pip" in command and not have("pip")):
        raise Refusal(
            "this Python lacks venv and ensurepip; install them "
            "(Debian and Ubuntu: apt install python3-venv) and try again"
        )
    shutil.rmtree(VENV, ignore_errors=True)
    os.makedirs(VENV, exist_ok=True)
    write_stamp({})  # Marks a half-made .venv as this script's own.
    say("making .venv with Python {}.{}.{}".format(*sys.version_info[:3]))
    if subprocess.call(command, stdout=sys.stderr):
        raise Refusal("could not make " + VENV)


def have(module):
    from importlib.util import find_spec

    return find_spec(module) is not None


def pip(*arguments):
    inside = [PYTHON, "-m", "pip"]
    if subprocess.call(
        [*inside, "--version"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ):
        inside = [sys.executable, "-m", "pip", "--python", PYTHON]  # A Python without ensurepip.
    quiet = ["-qq", "--disable-pip-version-check", "--no-input"]
    # A user's own settings may ask for things that no virtual environment allows.
    environment = dict(os.environ, PIP_USER="0", PIP_REQUIRE_VIRTUALENV="0")
    if subprocess.call(
        [*inside, "install", *quiet, *arguments], stdout=sys.stderr, env=environment
    ):
        raise Refusal("pip failed (its message is above); the same command begins anew")


def install(lock):
    """Bring .venv to what the lock says; where it is there already, do nothing."""
    locks, project = digest(RUN, FULL), digest("pyproject.toml")
    stamp = read_stamp() or {}
    began = time.monotonic()
    if stamp.get("locks") != locks or not os.path.exists(PYTHON):
        make_venv()
        stamp = {}
    if stamp.get("lock") not in (lock, FULL):
        with open(os.path.join(ROOT, lock), encoding="utf-8") as file:
            count = sum("==" in line.split("#")[0] for line in file)
        say("installing up to {} locked packages: a minute or two".format(count))
        write_stamp({})  # An interrupted pip may leave half a package: begin anew after one.
        pip("--require-hashes", "-r", os.path.join(ROOT, lock))
        stamp = {"locks": locks, "lock": lock}
        write_stamp(stamp)
    if stamp.get("project") != project:
        say("installing escalation itself")
        pip("--no-build-isolation", "--no-deps", "--editable", ROOT)
        write_stamp(dict(stamp, project=project))
        say("ready after {:.0f} s: {}".format(time.monotonic() - began, VENV))


def start(command):
    environment = dict(os.environ, VIRTUAL_ENV=VENV)
    environment["PATH"] = SCRIPTS + os.pathsep + environment.get("PATH", os.defpath)
    environment.pop("PYTHONHOME", None)
    program = shutil.which(command[0], path=environment["PATH"])
    if program is None:
        raise Refusal("no command " + command[0])
    if os.name == "nt":
        return subprocess.call([program, *command[1:]], env=environment)
    os.execve(program, command, environment)


def main(command):
    if sys.version_info < OLDEST:
        raise Refusal(
            "Python {}.{} or newer is needed; this is {}.{}".format(*OLDEST, *sys.version_info[:2])
        )
    if not command or command[0] in ("-h", "--help"):
        print(__doc__.strip())
        return 0 if command else 2
    with alone():
        install(RUN if command[0] == "escalation" else FULL)
    return start(command)


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except Refusal as refusal:
        say(str(refusal))
        sys.exit(1)
    except KeyboardInterrupt:
        say("interrupted; the same command begins anew")
        sys.exit(130)
