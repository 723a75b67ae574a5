"""The store: whole or named, never silently skipped; one sweep at a time; the same bytes."""

import json
import os
import resource
import shutil
import subprocess
import sys
import threading
from datetime import timedelta
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import sim
from sim.errors import InputError
from sim.experiment.executors import Threads
from sim.experiment.locking import hold, release
from sim.experiment.store import Store, StoreError
from sim.experiment.work import Failure, write_table
from sim.studies import begin_sweep, finish_sweep

FACTORS = {"raid.dead": [0, 5, 40], "tempo.north": [0.5, 2.0]}
#: Nine parts, of histories that are over soon.
REPLICATES, DAYS = 7_000, 1.5


def content(folder: Path) -> dict[str, bytes]:
    """Every file of a study."""
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*.*")}


@pytest.fixture(scope="module")
def experiment(make, raid):
    short = raid.with_("horizon_days", DAYS)
    return make(FACTORS, scenario=short, replicates=REPLICATES, seed=3)


@pytest.fixture(scope="module")
def whole(experiment, tmp_path_factory) -> Path:
    """The study, undisturbed, by one worker."""
    folder = tmp_path_factory.mktemp("whole") / "study"
    sim.sweep(experiment, out=folder, workers=1)
    assert len(list((folder / "outcomes").iterdir())) == 9
    return folder


@pytest.fixture
def copy(whole, tmp_path) -> Path:
    return shutil.copytree(whole, tmp_path / "study")


def refused(experiment, folder: Path, **how) -> str:
    with pytest.raises(InputError) as caught:
        sim.sweep(experiment, out=folder, **how)
    line = str(caught.value)
    assert "\n" not in line
    return line


def test_two_workers_write_the_same_bytes_as_one(experiment, whole, tmp_path):
    sim.sweep(experiment, out=tmp_path / "study", workers=2)
    assert content(tmp_path / "study") == content(whole)


def test_nothing_else_is_left_in_the_folder(whole):
    names = {name.partition("-")[0] for name in content(whole)}
    assert names == {
        "manifest.json",
        "scenario.json",
        "design.parquet",
        "summary.parquet",
        "outcomes/part",
    }
    assert {p.stat().st_mode & 0o777 for p in whole.rglob("*.*")} == {0o644}


def test_parts_hold_every_history_once(whole):
    table = pq.read_table(whole / "outcomes")
    keys = set(zip(table["point"].to_pylist(), table["replicate"].to_pylist(), strict=True))
    assert table.num_rows == len(keys) == 6 * REPLICATES


def test_a_study_is_not_begun_anew_by_accident(experiment, copy):
    line = refused(experiment, copy)
    assert "holds a study already; allowed: --resume" in line
    assert str(copy) in line


def test_a_complete_study_is_resumed_without_playing(experiment, copy, whole):
    told = []
    study = sim.sweep(experiment, out=copy, resume=True, progress=lambda *n: told.append(n))
    assert told == []
    assert study.status == "complete"
    assert content(copy) == content(whole)


def test_parts_that_are_gone_are_played_again_and_no_other(experiment, copy, whole):
    for k in (0, 4, 7):
        Store(copy).part(k).unlink()
    (copy / "summary.parquet").unlink()
    kept = {p: p.stat().st_mtime_ns for p in (copy / "outcomes").iterdir()}
    sim.sweep(experiment, out=copy, resume=True, workers=2)
    assert content(copy) == content(whole)
    assert all(p.stat().st_mtime_ns == time for p, time in kept.items())


@pytest.mark.parametrize(
    "change, told",
    [
        ({"seed": 4}, "seed is 4, was 3"),
        ({"replicates": 4_000}, "replicates is 4000, was 7000"),
        ({"outcomes": ["days"]}, "outcomes changed"),
        ({"streams": "independent"}, "streams is independent, was common"),
    ],
)
def test_other_inputs_are_refused_and_named(experiment, copy, change, told):
    before = content(copy)
    line = refused(experiment.with_(**change), copy, resume=True)
    assert f"its inputs have changed since it was begun: {told}" in line
    assert "--out for another folder" in line
    assert content(copy) == before


def test_another_scenario_or_level_is_refused_and_named(experiment, copy, make):
    line = refused(experiment.changed({"tempo.south": 1.5}), copy, resume=True)
    assert "content of the scenario changed; set tempo.south is 1.5, was nothing" in line
    scenario = experiment.scenario
    factors = FACTORS | {"tempo.north": [0.5, 3.0]}
    other = make(factors, scenario=scenario, replicates=REPLICATES, seed=3)
    assert "factors changed; design points changed" in refused(other, copy, resume=True)


def test_another_version_is_refused_and_named(experiment, copy):
    text = (copy / "manifest.json").read_text()
    manifest = json.loads(text)
    manifest["inputs"]["version of numpy"] = "1.0"
    manifest["digest"] = "0" * 64
    (copy / "manifest.json").write_text(json.dumps(manifest))
    assert ", was 1.0" in refused(experiment, copy, resume=True)


def torn(copy: Path, k: int) -> list[tuple[str, bytes]]:
    """Ways in which a file can be torn."""
    good = Store(copy).part(k).read_bytes()
    middle, footer = len(good) // 2, len(good) - 8
    flipped = [good[:at] + bytes([good[at] ^ 4]) + good[at + 1 :] for at in (middle, footer)]
    return [
        ("empty", b""),
        ("cut off", good[:-1]),
        ("cut in half", good[:middle]),
        ("a byte of the data", flipped[0]),
        ("the footer's length", flipped[1]),
        ("zeros at the end", good[:-64] + bytes(64)),
        ("text", b"not a part at all"),
    ]


@pytest.mark.parametrize("way", range(7))
def test_a_torn_part_is_named(experiment, copy, whole, way):
    _, bad = torn(copy, 3)[way]
    place = Store(copy).part(3)
    place.write_bytes(bad)
    line = refused(experiment, copy, resume=True)
    assert line.startswith(f"{place}: is ")
    assert line.endswith("allowed: remove it, and --resume makes the part again")
    # And so it is, whichever way it was torn.
    place.unlink()
    sim.sweep(experiment, out=copy, resume=True)
    assert content(copy) == content(whole)


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(0, 10**9), st.integers(0, 7))
def test_no_flipped_bit_is_read_as_if_it_were_none(copy, whole, at, bit):
    store, digest = Store(copy), json.loads((whole / "manifest.json").read_text())["digest"]
    good = Store(whole).part(2).read_bytes()
    bad = bytearray(good)
    # Half of them in the footer, which Parquet's own checksums leave out.
    at = at % len(good) if at % 2 else len(good) - 1 - at % 4000
    bad[at] ^= 1 << bit
    store.part(2).write_bytes(bytes(bad))
    try:
        table = store.read_part(2, digest)
    except InputError:
        return
    # What is read nevertheless has every value as it was: the bit said nothing about any.
    assert table.equals(Store(whole).read_part(2, digest))


def test_a_part_of_another_study_is_named(experiment, copy, tmp_path):
    other = sim.sweep(experiment.with_(seed=4), out=tmp_path / "other")
    shutil.copy(Store(other.folder).part(1), Store(copy).part(1))
    line = refused(experiment, copy, resume=True)
    assert f"{Store(copy).part(1)}: is foreign: it belongs to another study or place" in line


def test_a_part_in_the_place_of_another_is_named(experiment, copy):
    shutil.copy(Store(copy).part(1), Store(copy).part(2))
    assert "part-000002.parquet: is foreign" in refused(experiment, copy, resume=True)


@pytest.mark.parametrize(
    "name", ["notes.txt", "part-000999.parquet", "part-0000001.parquet", "part-1.parquet", ".swp"]
)
def test_a_stray_file_among_the_outcomes_is_named(experiment, copy, name):
    (copy / "outcomes" / name).write_bytes(b"")
    line = refused(experiment, copy, resume=True)
    assert line.startswith(f"{copy / 'outcomes' / name}: is foreign: no part of this study")
    assert line.endswith("allowed: move it elsewhere")


def test_what_a_desktop_leaves_disturbs_nothing(experiment, copy):
    (copy / "outcomes" / ".DS_Store").write_bytes(b"")
    assert sim.sweep(experiment, out=copy, resume=True).status == "complete"


def damaged(copy: Path, name: str, content: bytes) -> str:
    """Return what is said where a study is read whose file has this content."""
    (copy / name).write_bytes(content)
    with pytest.raises(InputError) as caught:
        sim.study(copy).table("days")
    assert str(caught.value).startswith(f"{copy / name}: is ")
    return str(caught.value)


def test_a_torn_summary_is_named_and_made_again(experiment, copy, whole):
    good = (copy / "summary.parquet").read_bytes()
    foreign = write_table(pa.table({"a": [1]}))
    flipped = good[:40] + bytes([good[40] ^ 4]) + good[41:]
    for bad in (b"", b"not a table", good[:-20], flipped, foreign):
        line = damaged(copy, "summary.parquet", bad)
        assert line.endswith("allowed: --resume makes it again")
    sim.sweep(experiment, out=copy, resume=True)
    assert content(copy) == content(whole)


@pytest.mark.parametrize("name", ["design.parquet", "summary.parquet"])
def test_what_is_read_is_let_go_of_by_the_thread_that_reads(whole, monkeypatch, name):
    """One of Arrow's threads that does it as the interpreter ends aborts the process."""
    gone = []

    class Content(bytes):
        def __del__(self) -> None:
            gone.append(threading.get_ident())

    store = Store(whole)
    raw = (whole / name).read_bytes()
    monkeypatch.setattr(store, "read", lambda place: Content(raw))
    for _ in range(100):
        store.read_table(name)
    assert gone == [threading.get_ident()] * 100


def test_torn_or_missing_design_points_are_named(copy):
    good = (copy / "design.parquet").read_bytes()
    for bad in (b"", good[:-20], write_table(pa.table({"a": [1]}))):
        damaged(copy, "design.parquet", bad)
    (copy / "design.parquet").unlink()
    with pytest.raises(InputError, match="cannot be read: no such file or directory"):
        sim.study(copy).table("days")


@pytest.mark.parametrize("name", ["design.parquet", "scenario.json", "manifest.json"])
def test_another_torn_file_is_named(experiment, copy, name):
    place = copy / name
    place.write_bytes(place.read_bytes()[:-20])
    line = refused(experiment, copy, resume=True)
    assert line.startswith(f"{place}: is torn")


def test_a_scenario_with_another_value_is_named(experiment, copy):
    place = copy / "scenario.json"
    place.write_text(place.read_text().replace('"horizon_days": 1.5', '"horizon_days": 2.5'))
    assert f"{place}: is torn" in refused(experiment, copy, resume=True)


def test_what_a_killed_sweep_was_writing_is_cleared_away(experiment, copy, whole):
    (copy / ".beside-abc").write_bytes(b"half")
    (copy / "outcomes" / ".beside-def").write_bytes(b"half")
    sim.sweep(experiment, out=copy, resume=True)
    assert content(copy) == content(whole)


def test_who_only_looks_clears_nothing_away(copy):
    half = copy / "outcomes" / ".beside-def"
    half.write_bytes(b"a sweep may be writing this")
    study = sim.study(copy)
    study.manifest["status"] = "running"
    assert len(study.summary)
    assert half.exists()


@pytest.mark.parametrize("left", [(), ("scenario.json",), ("scenario.json", "design.parquet")])
def test_killed_before_its_manifest_it_begins_anew(experiment, whole, tmp_path, left):
    folder = tmp_path / "study"
    (folder / "outcomes").mkdir(parents=True)
    (folder / ".lock").touch()
    (folder / ".beside-abc").write_bytes(b"{")
    for name in left:
        shutil.copy(whole / name, folder / name)
    sim.sweep(experiment, out=folder, resume=True)
    assert content(folder) == content(whole)


def test_a_folder_of_something_else_is_left_alone(experiment, tmp_path):
    (tmp_path / "thesis.tex").write_text("mine")
    line = refused(experiment, tmp_path, resume=True)
    assert (
        line == f"{tmp_path}: is no study, and not empty; allowed: a new or empty folder, or "
        "that of a study"
    )
    assert [p.name for p in tmp_path.iterdir()] == ["thesis.tex"]


def test_a_folder_that_is_a_file(experiment, tmp_path):
    (tmp_path / "file").write_text("mine")
    assert f"{tmp_path / 'file'}: is a file" in refused(experiment, tmp_path / "file")
    assert "file/study" in str(failed(experiment, tmp_path / "file" / "study"))


def failed(experiment, folder: Path) -> StoreError:
    with pytest.raises(StoreError) as caught:
        sim.sweep(experiment, out=folder)
    return caught.value


# One sweep at a time ---------------------------------------------------------------------------

HOLDER = """
import sys, time
from pathlib import Path
from sim.experiment.locking import hold
assert hold(Path(sys.argv[1], ".lock")) is not None
print("held", flush=True)
time.sleep(60)
"""


@pytest.fixture
def holder(repository, copy):
    """Another process that holds the lock of the folder."""
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(copy)],
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(repository)},
    ) as process:
        assert process.stdout.readline() == b"held\n"
        yield process
        process.kill()


def test_two_sweeps_in_one_folder_are_refused(experiment, copy, holder):
    before = content(copy)
    # Twice: who was refused must not have taken the other's lock away.
    for _ in range(2):
        line = refused(experiment, copy, resume=True)
        assert line == f"{copy}: another sweep is at work here"
    assert content(copy) == before
    assert sim.study(copy).status == "complete"  # to look is allowed


def test_the_lock_of_a_killed_sweep_keeps_nobody_out(experiment, copy, whole, holder):
    holder.kill()
    holder.wait()
    assert (copy / ".lock").exists()
    sim.sweep(experiment, out=copy, resume=True)
    assert not (copy / ".lock").exists()
    assert content(copy) == content(whole)


def test_a_lock_is_for_one(tmp_path):
    place = tmp_path / "lock"
    first = hold(place)
    assert first is not None
    assert hold(place) is None
    release(place, first)
    assert not place.exists()
    second = hold(place)
    assert second is not None
    release(place, second)


# A disk that is full ----------------------------------------------------------------------------


def test_a_full_disk_is_a_line_and_can_be_resumed(experiment, whole, tmp_path):
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    largest = max(len(raw) for name, raw in content(whole).items() if "part" in name)
    resource.setrlimit(resource.RLIMIT_FSIZE, (largest - 1, hard))
    try:
        error = failed(experiment, tmp_path / "study")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert str(error) == (
        f"{tmp_path / 'study'}: cannot be written: file too large; all that is stored is whole, "
        "and --resume goes on from it"
    )
    stored = content(tmp_path / "study")
    assert not any(".beside" in name for name in stored)
    for name, raw in stored.items():
        if "part" in name:
            assert raw == content(whole)[name]
    assert sim.study(tmp_path / "study").status == "interrupted"
    sim.sweep(experiment, out=tmp_path / "study", resume=True)
    assert content(tmp_path / "study") == content(whole)


@pytest.fixture
def small_disk(tmp_path, whole):
    """A file system with room for two thirds of the study."""
    place, size = tmp_path / "disk", sum(map(len, content(whole).values())) * 2 // 3
    place.mkdir()
    mounted = shutil.which("mount") and subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={size}", "none", str(place)],
        capture_output=True,
        check=False,
    )
    if not mounted or mounted.returncode:
        pytest.skip("no file system can be mounted here")
    yield place
    subprocess.run(["umount", str(place)], check=True)


def test_a_disk_without_room_is_a_line(experiment, small_disk):
    error = failed(experiment, small_disk / "study")
    assert "cannot be written: no space left on device" in str(error)
    digest = json.loads((small_disk / "study" / "manifest.json").read_text())["digest"]
    store = Store(small_disk / "study")
    stored = store.stored(1_000)
    assert stored
    for k in stored:
        store.read_part(k, digest)


# What fails -------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def failing(make, raid):
    """An experiment one of whose four design points cannot be: the raid after the start."""
    start, date = raid.parameter("start"), raid.parameter("raid.date")
    factors = {
        "raid.date": [date, start - timedelta(minutes=1)],
        "start": [start, start - timedelta(hours=2)],
    }
    kept = ["days", "open_war", "north_first_force"]
    short = raid.with_("horizon_days", DAYS)
    return make(factors, scenario=short, replicates=3_000, outcomes=kept)


def test_a_design_point_that_cannot_be_is_told_and_the_others_kept(failing, tmp_path):
    study = sim.sweep(failing, out=tmp_path / "study", workers=2)
    assert study.status == "incomplete"
    failures = study.manifest["failures"]
    assert failures
    for failure in failures:
        assert (failure["stage"], failure["point"], failure["replicate"]) == ("prepare", 3, None)
        assert failure["cause"].startswith("raid.date")
    assert [failure["part"] for failure in failures] == sorted(f["part"] for f in failures)
    table = study.table("days")
    assert table["n"].tolist() == [3_000] * 3 + [0]
    assert table.loc[3, ["estimate", "low", "high"]].isna().all()
    alone = sim.ensemble(study.scenario(2), 3_000)
    assert table.loc[2, "estimate"] == pytest.approx(alone.outcomes.day.mean())


def test_resume_tries_again_what_failed_and_counts_nothing_twice(failing, tmp_path):
    sim.sweep(failing, out=tmp_path / "study", workers=2)
    before = content(tmp_path / "study")
    told = []
    study = sim.sweep(
        failing, out=tmp_path / "study", resume=True, progress=lambda *n: told.append(n)
    )
    assert told[0][1] > 0
    assert study.table("days")["n"].tolist() == [3_000] * 3 + [0]
    assert content(tmp_path / "study") == before


class Losing(Threads):
    """Threads that lose some parts, as a cluster does whose workers die."""

    def __init__(self, lost: set[int]) -> None:
        super().__init__(2)
        self.lost = lost

    def play(self, worker, parts, played):
        for part in super().play(worker, parts, played):
            if part.index in self.lost:
                yield Failure("worker", part.index, None, None, "KilledWorker: gone")
            else:
                yield part


def test_a_lost_part_is_told_and_retried(experiment, whole, tmp_path):
    folder = tmp_path / "study"
    study = finish_sweep(begin_sweep(experiment, folder), Losing({0, 5}))
    assert study.status == "incomplete"
    told = [(f["stage"], f["part"], f["cause"]) for f in study.manifest["failures"]]
    assert told == [("worker", k, "KilledWorker: gone") for k in (0, 5)]
    assert study.table("days")["n"].sum() == study.dataset().count_rows() < 6 * REPLICATES
    sim.sweep(experiment, out=folder, resume=True)
    assert content(folder) == content(whole)


def test_a_part_that_is_lost_when_retried_still_counts_as_it_was(failing, tmp_path):
    folder = tmp_path / "study"
    first = sim.sweep(failing, out=folder)
    failures = first.manifest["failures"]
    again = finish_sweep(begin_sweep(failing, folder, resume=True), Losing({0}))
    assert again.table("days")["n"].tolist() == [3_000] * 3 + [0]
    stages = [(f["stage"], f["part"]) for f in again.manifest["failures"]]
    assert sorted(stages) == sorted([("worker", 0), *((f["stage"], f["part"]) for f in failures)])


def test_an_interrupted_resume_remembers_what_failed_before(failing, tmp_path):
    folder = tmp_path / "study"
    failures = sim.sweep(failing, out=folder).manifest["failures"]
    seen = []

    def stop(done: int, asked: int) -> None:
        if done:
            seen.append(sim.study(folder).manifest)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        sim.sweep(failing, out=folder, resume=True, progress=stop)
    assert (seen[0]["status"], seen[0]["failures"]) == ("running", failures)
    after = sim.study(folder).manifest
    assert (after["status"], after["failures"]) == ("interrupted", failures)
