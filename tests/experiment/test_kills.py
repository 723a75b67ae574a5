"""Killed at any moment a sweep goes on, and ends with the bytes of one that was left in peace."""

import contextlib
import json
import multiprocessing
import os
import random
import shutil
import signal
import time
from collections.abc import Callable
from pathlib import Path

import pytest

import sim
from sim.experiment.store import Store

#: Nineteen parts of some hundredths of a second each.
EXPERIMENT = """
scenario = "raid"
design = "factorial"
streams = "independent"
replicates = 15000
seed = 11

[set]
"horizon_days" = 1.5

[[factors]]
path = "raid.dead"
levels = [0, 5, 40]

[[factors]]
path = "tempo.north"
levels = [0.5, 2.0]
"""
PARTS = 19
#: Sweeps are forked from a process that has loaded what takes longest.
FORKS = multiprocessing.get_context("forkserver")
FORKS.set_forkserver_preload(
    ["sim.cli.sweep", "sim.studies", "sim.experiment.sweeping", "sim.analysis.summaries"]
)
pytestmark = pytest.mark.skipif(os.name == "nt", reason="no signals of this kind")


@pytest.fixture(scope="module")
def place(tmp_path_factory, repository) -> Path:
    """A folder with the experiment, its scenario, and the study of an undisturbed sweep."""
    place = tmp_path_factory.mktemp("kills")
    shutil.copytree(repository / "tests" / "data", place, dirs_exist_ok=True)
    (place / "raids.toml").write_text(EXPERIMENT)
    study = sim.sweep(place / "raids.toml", out=place / "whole", workers=1)
    assert study.manifest["parts"] == PARTS
    return place


#: What a process of its own does: a session of its own, its words in files.
PROGRAM = """
import os, sys
os.setsid()
for handle, name in ((1, "out"), (2, "err")):
    os.dup2(os.open(f"{log}/{name}", os.O_WRONLY | os.O_CREAT | os.O_TRUNC), handle)
os.chdir(place)
if limit:
    import resource
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
from sim.cli import main
main(args)
"""


class Sweep:
    """The command line in a process of its own, forked from one that has loaded the libraries."""

    def __init__(self, place: Path, log: Path, folder: Path, options: tuple[str, ...], limit: int):
        log.mkdir()
        self.log, self.folder = log, folder
        args = ["sweep", "raids.toml", "--out", str(folder), *options]
        told = {"args": args, "log": str(log), "place": str(place), "limit": limit}
        self.process = FORKS.Process(target=exec, args=(PROGRAM, told))
        self.process.start()

    def wait_for(self, parts: int) -> None:
        """Wait until so many parts are stored, or the process has ended."""
        patience = time.monotonic() + 120
        while stored(self.folder) < parts and self.process.is_alive():
            assert time.monotonic() < patience
            time.sleep(0.002)

    def signal(self, number: int, group: bool = False) -> None:
        with contextlib.suppress(ProcessLookupError):  # It may be done already.
            (os.killpg if group else os.kill)(self.process.pid, number)

    def end(self) -> tuple[int, str, str]:
        """Wait for the end; the exit status, and what was written to both streams."""
        self.process.join(120)
        assert self.process.exitcode is not None
        out, err = ((self.log / name).read_text() for name in ("out", "err"))
        return self.process.exitcode, out, err


@pytest.fixture
def begin(place, tmp_path) -> Callable[..., Sweep]:
    """Begin a sweep in a process of its own."""
    begun = []

    def sweep(folder: Path, *options: str, limit: int = 0) -> Sweep:
        begun.append(Sweep(place, tmp_path / f"log-{len(begun)}", folder, options, limit))
        return begun[-1]

    yield sweep
    for one in begun:
        if one.process.is_alive():
            one.process.kill()


def content(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*.*")}


def stored(folder: Path) -> int:
    return len(list((folder / "outcomes").glob("part-*"))) if folder.exists() else 0


def check_whole(folder: Path, whole: Path) -> int:
    """Check that what a killed sweep left is whole, and count its parts."""
    good = content(whole)
    for name in ("scenario.json", "design.parquet"):
        if (folder / name).exists():
            assert (folder / name).read_bytes() == good[name]
    if not (folder / "manifest.json").exists():
        assert stored(folder) == 0
        return 0
    store = Store(folder)
    manifest = store.manifest()
    assert manifest["digest"] == json.loads(good["manifest.json"])["digest"]
    there = store.stored(manifest["parts"])
    for k in there:
        store.read_part(k, manifest["digest"])
        assert store.part(k).read_bytes() == good[f"outcomes/part-{k:06d}.parquet"]
    return len(there)


@pytest.mark.parametrize("workers", [pytest.param("1", marks=pytest.mark.slow), "2"])
def test_three_kills_change_no_byte(place, begin, tmp_path, workers):
    rng = random.Random(int(workers))
    folder, survived = tmp_path / "study", 0
    for least in (1, 5, 10):
        sweep = begin(folder, "--resume", "--workers", workers)
        sweep.wait_for(least)
        time.sleep(rng.uniform(0, 0.1))
        sweep.signal(signal.SIGKILL)
        assert sweep.end()[0] == -signal.SIGKILL
        now = check_whole(folder, place / "whole")
        assert max(least, survived) <= now < PARTS
        survived = now
    status, _, err = begin(folder, "--resume", "--workers", workers).end()
    assert status == 0, err
    assert content(folder) == content(place / "whole")


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(5))
def test_kills_at_any_moment_change_no_byte(place, begin, tmp_path, seed):
    rng = random.Random(seed)
    began = time.monotonic()
    assert begin(tmp_path / "first").end()[0] == 0
    long = time.monotonic() - began
    folder, kills = tmp_path / "study", 0
    for _ in range(60):
        sweep = begin(folder, "--resume", "--workers", rng.choice("12"))
        time.sleep(rng.uniform(0, 0.6 * long))
        sweep.signal(signal.SIGKILL)
        status = sweep.end()[0]
        kills += status == -signal.SIGKILL
        check_whole(folder, place / "whole")
        if status == 0:
            break
    else:
        assert begin(folder, "--resume").end()[0] == 0
    assert kills > 2
    assert content(folder) == content(place / "whole")


@pytest.mark.parametrize("group", [pytest.param(False, marks=pytest.mark.slow), True])
def test_ctrl_c_is_a_line_and_can_be_resumed(place, begin, tmp_path, group):
    folder = tmp_path / "study"
    sweep = begin(folder, "--workers", "2")
    sweep.wait_for(2)
    sweep.signal(signal.SIGINT, group)
    told = f"interrupted; all that is stored in {folder} is whole: --resume goes on from it"
    assert sweep.end() == (130, "", f"escalation: {told}\n")
    assert sim.study(folder).status == "interrupted"
    assert 2 <= check_whole(folder, place / "whole") < PARTS
    assert not (folder / ".lock").exists()
    study = sim.sweep(place / "raids.toml", out=folder, resume=True)
    assert study.status == "complete"
    assert content(folder) == content(place / "whole")


def test_ctrl_c_before_anything_is_stored(place, begin, tmp_path):
    folder = tmp_path / "study"
    sweep = begin(folder)
    while not (folder / ".lock").exists() and sweep.process.is_alive():
        time.sleep(0.001)
    sweep.signal(signal.SIGINT)
    status, _, err = sweep.end()
    assert status == 130
    assert err.count("\n") == 1
    assert "interrupted" in err
    check_whole(folder, place / "whole")
    sim.sweep(place / "raids.toml", out=folder, resume=True)
    assert content(folder) == content(place / "whole")


def test_two_processes_in_one_folder(place, begin, tmp_path):
    folder = tmp_path / "study"
    first = begin(folder, "--workers", "1")
    first.wait_for(1)
    first.signal(signal.SIGSTOP)  # alive, and holding on to the folder
    try:
        told = f"escalation: {folder}: another sweep is at work here\n"
        assert begin(folder, "--resume").end() == (2, "", told)
    finally:
        first.signal(signal.SIGCONT)
    status, _, err = first.end()
    assert status == 0, err
    assert content(folder) == content(place / "whole")


def test_a_full_disk_ends_with_status_one(place, begin, tmp_path):
    largest = max(len(raw) for name, raw in content(place / "whole").items() if "part" in name)
    folder = tmp_path / "study"
    told = (
        f"escalation: {folder}: cannot be written: file too large; all that is stored is whole, "
        "and --resume goes on from it\n"
    )
    assert begin(folder, limit=largest - 1).end() == (1, "", told)
