"""Dask: a real scheduler and real workers, some of which die, and the same bytes."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

import sim
from sim.experiment import cluster
from sim.experiment.cluster import ClusterError, play_part
from sim.experiment.plan import plan
from sim.experiment.versions import made_with

FACTORS = {"raid.dead": [0, 5, 40], "tempo.north": [0.5, 2.0]}

distributed = pytest.importorskip("distributed")


class Cluster:
    """A scheduler and workers, each a process of its own, on a port of this machine."""

    def __init__(self, repository: Path, place: Path) -> None:
        self.environment = {**os.environ, "PYTHONPATH": str(repository)}
        self.running: list[subprocess.Popen] = []
        file = place / "scheduler.json"
        where = ("--host", "127.0.0.1", "--port", "0", "--scheduler-file", str(file))
        self.scheduler = self.start("scheduler", *where)
        while not (file.exists() and file.read_text().endswith("}")):
            assert self.scheduler.poll() is None
            time.sleep(0.01)
        self.address = json.loads(file.read_text())["address"]

    def start(self, *args: str) -> subprocess.Popen:
        process = subprocess.Popen(
            [sys.executable, "-m", "dask", *args, "--no-dashboard"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=self.environment,
        )
        self.running.append(process)
        return process

    def worker(self) -> subprocess.Popen:
        return self.start("worker", self.address, "--nthreads", "1", "--no-nanny")

    def stop(self) -> None:
        for process in self.running:
            process.kill()
        for process in self.running:
            process.wait()


@pytest.fixture
def running(repository, tmp_path) -> Iterator[Cluster]:
    found = Cluster(repository, tmp_path)
    yield found
    found.stop()


@pytest.fixture(scope="module")
def experiment(make, raid):
    short = raid.with_("horizon_days", 1.5)
    return make(FACTORS, scenario=short, replicates=9_000, seed=3)


@pytest.fixture(scope="module")
def whole(experiment, tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("whole") / "study"
    sim.sweep(experiment, out=folder, workers=1)
    return folder


def content(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*.*")}


class Killing:
    """Kills processes as soon as something has been played."""

    def __init__(self, *victims: subprocess.Popen, then=lambda: None) -> None:
        self.victims, self.then = list(victims), then
        self.heard: list[int] = []

    def __call__(self, played: int, asked: int) -> None:
        self.heard.append(played)
        if played and self.victims:
            for victim in self.victims:
                victim.send_signal(signal.SIGKILL)
            self.victims = []
            self.then()


def sweep(experiment, folder: Path, running: Cluster, **how) -> sim.Study:
    return sim.sweep(experiment, out=folder, executor="dask", scheduler=running.address, **how)


def test_a_killed_worker_changes_no_byte(running, experiment, whole, tmp_path):
    one, other = running.worker(), running.worker()
    with distributed.Client(running.address) as client:
        client.wait_for_workers(2, timeout=60)
    killing = Killing(one)
    study = sweep(experiment, tmp_path / "study", running, progress=killing)
    assert one.wait() == -signal.SIGKILL
    assert other.poll() is None
    assert (study.status, study.manifest["failures"]) == ("complete", [])
    assert content(tmp_path / "study") == content(whole)
    assert killing.heard == sorted(killing.heard)
    assert killing.heard[-1] == 54_000


@pytest.mark.slow
def test_all_workers_killed_and_another_comes(running, experiment, whole, tmp_path):
    workers = [running.worker(), running.worker()]
    killing = Killing(*workers, then=running.worker)
    study = sweep(experiment, tmp_path / "study", running, progress=killing)
    assert all(worker.wait() == -signal.SIGKILL for worker in workers)
    assert study.status == "complete"
    assert content(tmp_path / "study") == content(whole)


@pytest.mark.slow
def test_a_scheduler_that_dies_is_a_line_and_can_be_resumed(running, experiment, whole, tmp_path):
    running.worker()
    with pytest.raises(ClusterError) as caught:
        sweep(experiment, tmp_path / "study", running, progress=Killing(running.scheduler))
    assert str(caught.value) == (
        f"{running.address}: the scheduler has gone; what is stored is whole, and --resume goes "
        "on from it"
    )
    assert sim.study(tmp_path / "study").status == "interrupted"
    sim.sweep(experiment, out=tmp_path / "study", resume=True)
    assert content(tmp_path / "study") == content(whole)


@pytest.mark.slow
def test_a_scheduler_without_workers_is_a_line(running, experiment, tmp_path, monkeypatch):
    monkeypatch.setattr(cluster, "PATIENCE", 2)
    with pytest.raises(ClusterError, match=r"no worker came in 2 s; what is stored is whole"):
        sweep(experiment, tmp_path / "study", running)


@pytest.mark.slow
def test_what_fails_on_a_worker_is_told_as_on_threads(running, make, raid, tmp_path):
    start, date = raid.parameter("start"), raid.parameter("raid.date")
    factors = {
        "raid.date": [date, start - timedelta(minutes=1)],
        "start": [start, start - timedelta(hours=2)],
    }
    experiment = make(factors, replicates=500)
    running.worker()
    sweep(experiment, tmp_path / "dask", running)
    study = sim.sweep(experiment, out=tmp_path / "threads")
    assert study.status == "incomplete"
    assert content(tmp_path / "dask") == content(tmp_path / "threads")


@pytest.mark.slow
def test_a_cluster_on_this_machine(experiment, whole, tmp_path):
    study = sim.sweep(experiment, out=tmp_path / "study", executor="dask", workers=2)
    assert study.status == "complete"
    assert content(tmp_path / "study") == content(whole)


@pytest.mark.parametrize("address", ["tcp://127.0.0.1:{port}", "nonsense://here", "tcp://"])
def test_an_address_where_no_scheduler_answers_is_a_line(
    experiment, tmp_path, monkeypatch, address
):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = address.format(port=free.getsockname()[1])
    monkeypatch.setattr(cluster, "PATIENCE", 1)
    with pytest.raises(ClusterError) as caught:
        sim.sweep(experiment, out=tmp_path / "study", executor="dask", scheduler=address)
    line = str(caught.value)
    assert line.startswith(f"{address}: no scheduler answers")
    assert line.endswith("what is stored is whole, and --resume goes on from it")
    assert "\n" not in line
    assert sim.study(tmp_path / "study").status == "interrupted"


def test_a_worker_of_another_version_is_refused(experiment):
    laid, code = plan(experiment), made_with()
    assert play_part(laid, "digest", 0, code).rows > 0
    with pytest.raises(
        ClusterError, match=r"another one than this: version of numpy is \d.*, not 0"
    ):
        play_part(laid, "digest", 0, code | {"version of numpy": "0"})
    assert "code of the kernel" in code
