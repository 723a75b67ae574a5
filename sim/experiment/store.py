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
from sim.experiment.locking import hold, release
from sim.experiment.manifests import parsed_manifest
from sim.experiment.work import KEY, seal, write_table

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

__all__ = ["DESIGN", "MANIFEST", "SCENARIO", "SUMMARY", "Store", "StoreError"]

MANIFEST, SCENARIO = "manifest.json", "scenario.json"
DESIGN, SUMMARY = "design.parquet", "summary.parquet"
OUTCOMES = "outcomes"
LOCK = ".lock"
_PART = re.compile(r"part-(\d{6,})\.parquet")
_BESIDE = ".beside-"
#: What the desktop of a machine leaves in any folder that was looked at.
_DESKTOP = ".DS_Store"
_FREE = "a new or empty folder, or that of a study"
_AGAIN = "remove it, and --resume makes the part again"


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
        """Make the folders, where they are free or hold a study.

        Raises
        ------
        InputError
            Where there is a file, or a folder that holds anything else.
        StoreError
            Where they cannot be made.
        """
        with self._told():
            if self.folder.exists() and not self.folder.is_dir():
                raise InputError("is a file", file=str(self.folder), allowed=_FREE)
            if not self.exists() and self._is_taken():
                raise InputError("is no study, and not empty", file=str(self.folder), allowed=_FREE)
            (self.folder / OUTCOMES).mkdir(parents=True, exist_ok=True)

    def _is_taken(self) -> bool:
        """Tell whether there is more than a sweep leaves that is killed before its manifest."""
        if not self.folder.exists():
            return False
        own = {SCENARIO, DESIGN, LOCK}
        others = [
            place
            for place in self.folder.iterdir()
            if place.name not in own and not place.name.startswith(_BESIDE)
        ]
        return any(p.name != OUTCOMES or not p.is_dir() or any(p.iterdir()) for p in others)

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

    def read(self, place: Path) -> bytes:
        """Read a file of the store.

        Raises
        ------
        InputError
            Where it cannot be read.
        """
        try:
            return place.read_bytes()
        except OSError as error:
            reason = (error.strerror or str(error)).lower()
            raise InputError(f"cannot be read: {reason}", file=str(place)) from None

    def manifest(self) -> dict[str, Any]:
        """Read the manifest.

        Raises
        ------
        InputError
            Where it is missing or torn.
        """
        place = self.path(MANIFEST)
        if not place.exists():
            raise InputError(
                "there is no such file",
                file=str(place),
                allowed="the folder of a study that `escalation sweep` wrote",
            )
        return parsed_manifest(self.read(place), place)

    def read_table(self, name: str, mend: str | None = None) -> pa.Table:
        """Read the design points or the summary; `mend` says what helps where they are torn.

        Raises
        ------
        InputError
            Where it is missing, torn, or a table of something else; the line names the file.
        """
        import pyarrow as pa
        import pyarrow.parquet as pq

        place = self.path(name)
        content = pa.BufferReader(self.read(place))
        try:
            # In this thread alone: one of Arrow's may let go of Python's bytes after we return; if
            # the interpreter is ending by then, the process aborts.
            file = pq.ParquetFile(content, page_checksum_verification=True)
            table = file.read(use_threads=False)
        except (OSError, ValueError, pa.ArrowException) as error:
            raise self._torn(place, error, mend) from None
        if "point" not in table.column_names:
            raise self._bad(place, "is foreign: it has no column 'point'", mend)
        return table

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
            about = self._about(place, table.schema, k, digest)
            whole = about.pop("seal", None) == seal(table, about)
        except (OSError, ValueError, pa.ArrowException) as error:
            raise self._torn(place, error) from None
        if not whole:
            raise self._bad(place, "is torn: its content is not what was written")
        return table

    def about(self, k: int, digest: str) -> dict[str, Any]:
        """Return what part `k` says of itself: study, part, failures and seal.

        Raises
        ------
        InputError
            Where it is torn, or of another study; the line names the file.
        """
        import pyarrow as pa
        import pyarrow.parquet as pq

        place = self.part(k)
        try:
            return self._about(place, pq.read_schema(place), k, digest)
        except (OSError, ValueError, pa.ArrowException) as error:
            raise self._torn(place, error) from None

    def _about(self, place: Path, schema: pa.Schema, k: int, digest: str) -> dict[str, Any]:
        about = json.loads((schema.metadata or {}).get(KEY, b"{}"))
        if not isinstance(about, dict) or about.get("study") != digest or about.get("part") != k:
            raise self._bad(place, "is foreign: it belongs to another study or place")
        return about

    def stored(self, parts: int) -> list[int]:
        """List the parts that are there.

        Raises
        ------
        InputError
            Where there is a file that is no part of the study, or no folder.
        """
        if not (self.folder / OUTCOMES).is_dir():
            problem = "there is no such folder: the outcomes of the study are gone"
            raise InputError(problem, file=str(self.folder / OUTCOMES))
        found = []
        for place in sorted((self.folder / OUTCOMES).glob("*")):
            named = _PART.fullmatch(place.name)
            if named and int(named[1]) < parts and place == self.part(int(named[1])):
                found.append(int(named[1]))
            elif not place.name.startswith(_BESIDE) and place.name != _DESKTOP:
                problem = "is foreign: no part of this study"
                raise self._bad(place, problem, "move it elsewhere")
        return found

    def clear(self) -> None:
        """Clear away what a killed sweep was writing; only who holds the lock may."""
        with self._told():
            for folder in (self.folder, self.folder / OUTCOMES):
                for place in folder.glob(f"{_BESIDE}*"):
                    place.unlink(missing_ok=True)

    @contextlib.contextmanager
    def locked(self) -> Iterator[None]:
        """Keep a second sweep out of the folder for as long as this one works in it.

        Raises
        ------
        InputError
            Where another process is at work in it.
        """
        with self._told():
            handle = hold(self.path(LOCK))
        if handle is None:
            raise InputError("another sweep is at work here", file=str(self.folder))
        try:
            yield
        finally:
            release(self.path(LOCK), handle)

    def _torn(self, place: Path, error: Exception, mend: str | None = _AGAIN) -> InputError:
        reason = (str(error).splitlines() or ["?"])[0].rstrip(".")
        return self._bad(place, f"is torn: {reason}", mend)

    def _bad(self, place: Path, problem: str, mend: str | None = _AGAIN) -> InputError:
        return InputError(problem, file=str(place), allowed=mend)

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
