"""A study on disk: what is there is whole, and says what it belongs to.

::

    manifest.json        the experiment, a digest of every input, versions, status, failures
    scenario.json        the scenario itself, so that the study stays replayable
    design.parquet       a row a design point: point, and a column a factor
    outcomes/part-*      a row a replicate: point, replicate, and a column an outcome
    summary.parquet      a row a design point and outcome, with its interval

Every file is written beside its place, flushed to the disk, and moved there.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.errors import InputError, SimError
from sim.experiment.work import KEY, write_table

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

__all__ = ["DESIGN", "MANIFEST", "SCENARIO", "SUMMARY", "Store", "StoreError"]

MANIFEST, SCENARIO, DESIGN, SUMMARY = (
    "manifest.json",
    "scenario.json",
    "design.parquet",
    "summary.parquet",
)
OUTCOMES = "outcomes"
LOCK = ".lock"
_PART = re.compile(r"part-(\d{6,})\.parquet")
_BESIDE = ".beside-"


class StoreError(SimError):
    """A store that could not be written, or whose files are not what they should be."""


class Store:
    """The folder of a study.

    Parameters
    ----------
    folder : Path
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def path(self, name: str) -> Path:
        """Return the place of a file."""
        return self.folder / name

    def part(self, k: int) -> Path:
        """Return the place of part `k`."""
        return self.folder / OUTCOMES / f"part-{k:06d}.parquet"

    def exists(self) -> bool:
        """Tell whether a study has been begun here."""
        return self.path(MANIFEST).is_file()

    def make(self) -> None:
        """Make the folders.

        Raises
        ------
        StoreError
            Where they cannot be made.
        """
        with self._told():
            (self.folder / OUTCOMES).mkdir(parents=True, exist_ok=True)

    def write(self, place: Path, content: bytes) -> None:
        """Write a file whole: it is there with all its bytes, or as it was before.

        Raises
        ------
        StoreError
            Where it cannot be written, a full disk for instance.
        """
        beside = ""
        with self._told():
            try:
                handle, beside = tempfile.mkstemp(dir=place.parent, prefix=_BESIDE)
                with os.fdopen(handle, "wb") as file:
                    file.write(content)
                    file.flush()
                    os.fsync(file.fileno())
                os.chmod(beside, 0o644)
                os.replace(beside, place)
            except BaseException:
                if beside:
                    Path(beside).unlink(missing_ok=True)
                raise
            _flush(place.parent)

    def write_json(self, name: str, value: object) -> None:
        """Write a JSON file."""
        text = json.dumps(value, indent=2, ensure_ascii=False) + "\n"
        self.write(self.path(name), text.encode())

    def write_frame(self, name: str, frame: pd.DataFrame) -> None:
        """Write a frame as a Parquet file, without its index."""
        import pyarrow as pa

        table = pa.Table.from_pandas(frame, preserve_index=False)
        self.write(self.path(name), write_table(table.replace_schema_metadata(None)))

    def read_json(self, name: str) -> Any:
        """Read a JSON file.

        Raises
        ------
        InputError
            Where it is missing or torn.
        """
        place = self.path(name)
        try:
            return json.loads(place.read_text(encoding="utf-8"))
        except FileNotFoundError:
            raise InputError(
                "there is no such file",
                file=str(place),
                allowed="the folder of a study that `escalation sweep` wrote",
            ) from None
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or str(error)
            raise InputError(f"is torn or foreign: {reason}", file=str(place)) from None

    def read_part(self, k: int, digest: str) -> pa.Table:
        """Read part `k` and check that it is whole and belongs to the study.

        Raises
        ------
        InputError
            Where it is torn, or of another study; the line names the file.
        """
        import pyarrow as pa
        import pyarrow.parquet as pq

        place = self.part(k)
        try:
            table = pq.read_table(place, page_checksum_verification=True)
        except (OSError, pa.ArrowException) as error:
            raise self._torn(place, error) from None
        about = self.about(k, digest)
        if about["rows"] != table.num_rows:
            raise self._bad(place, f"is torn: {table.num_rows} rows of {about['rows']}")
        return table

    def about(self, k: int, digest: str) -> dict[str, Any]:
        """Return what part `k` says of itself: study, part, rows, failures.

        Raises
        ------
        InputError
            Where it is torn, or of another study; the line names the file.
        """
        import pyarrow as pa
        import pyarrow.parquet as pq

        place = self.part(k)
        try:
            metadata = pq.read_schema(place).metadata or {}
        except (OSError, pa.ArrowException) as error:
            raise self._torn(place, error) from None
        about: dict[str, Any] = json.loads(metadata.get(KEY, b"{}"))
        if about.get("study") != digest or about.get("part") != k:
            raise self._bad(place, "is foreign: it belongs to another study or place")
        return about

    def stored(self, parts: int) -> list[int]:
        """List the parts that are there, and clear away what a killed sweep left behind.

        Raises
        ------
        InputError
            Where there is a file that is no part of the study.
        """
        for folder in (self.folder, self.folder / OUTCOMES):
            for place in folder.glob(f"{_BESIDE}*"):
                place.unlink(missing_ok=True)
        found = []
        for place in sorted((self.folder / OUTCOMES).glob("*")):
            named = _PART.fullmatch(place.name)
            if named and int(named[1]) < parts:
                found.append(int(named[1]))
            else:
                raise self._bad(place, "is foreign: no part of this study")
        return found

    @contextlib.contextmanager
    def locked(self) -> Iterator[None]:
        """Keep a second sweep out of the folder for as long as this one works in it.

        Raises
        ------
        InputError
            Where another process is at work in it.
        """
        with self._told():
            handle = os.open(self.path(LOCK), os.O_RDWR | os.O_CREAT, 0o644)
        try:
            if not _lock(handle):
                raise InputError("another sweep is at work here", file=str(self.folder))
            yield
        finally:
            os.close(handle)
            with contextlib.suppress(OSError):
                self.path(LOCK).unlink(missing_ok=True)

    def _torn(self, place: Path, error: Exception) -> InputError:
        reason = (str(error).splitlines() or ["?"])[0].rstrip(".")
        return self._bad(place, f"is torn: {reason}")

    def _bad(self, place: Path, problem: str) -> InputError:
        return InputError(
            problem,
            file=str(place),
            allowed="remove it, and --resume makes the part again",
        )

    @contextlib.contextmanager
    def _told(self) -> Iterator[None]:
        """Turn a failure of the system into one that names the store."""
        try:
            yield
        except OSError as error:
            reason = (error.strerror or str(error)).lower()
            raise StoreError(
                f"{self.folder}: cannot be written: {reason}; all that is stored is whole, "
                "and --resume goes on from it"
            ) from error


def _flush(folder: Path) -> None:
    """Make a rename last through a power cut, where the system lets folders be flushed."""
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _lock(handle: int) -> bool:
    """Take an advisory lock that dies with the process; False where somebody has it."""
    try:
        import fcntl
    except ImportError:  # Windows
        import msvcrt

        try:
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined,unused-ignore]
        except OSError:
            return False
        return True
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
