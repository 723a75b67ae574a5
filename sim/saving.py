"""Files of what was simulated: complete or absent, the same bytes for the same input."""

from __future__ import annotations

import contextlib
import csv
import errno
import io
import json
import os
import platform
import shutil
import tempfile
import zipfile
from collections.abc import Callable, Iterable, Mapping
from importlib.metadata import version
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from sim import __version__

if TYPE_CHECKING:
    import numpy as np

    from sim.advice import Advice
    from sim.crisis import Scenario
    from sim.engines.assembly import Assembly
    from sim.engines.log import EventLog
    from sim.ensembles import Ensemble
    from sim.history import History
    from sim.influences import Influence

#: Libraries whose version can change a number or a picture.
OF_HISTORIES = ("numpy", "numba", "mesa", "matplotlib")
OF_ENSEMBLES = ("numpy", "numba", "scipy", "pandas")

#: What a file holds: its bytes, or what writes them into it.
Content = bytes | Callable[[IO[bytes]], None]


def write_files(folder: Path, files: Mapping[str, Content]) -> Path:
    """Write files into `folder`, which is made where it is missing.

    Each is written beside its place, and all are moved there in the end, in their order. Whatever
    goes wrong on the way, an interruption too, the files that stood there stand there again, and
    nothing new is left, half-written or whole, no folder either. Only a process that is killed
    between the moves leaves the first of them new.
    """
    new = [place for place in (folder, *folder.parents) if not place.exists()]
    beside: dict[str, str] = {}
    kept: dict[str, str] = {}
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in files.items():
            handle, beside[name] = tempfile.mkstemp(dir=folder, prefix=f".{name}.")
            with os.fdopen(handle, "wb") as file:
                if isinstance(content, bytes):
                    file.write(content)
                else:
                    content(file)
            os.chmod(beside[name], 0o644)
        for name in files:
            if (folder / name).exists():
                kept[name] = f"{beside[name]}~"
                _keep(folder / name, kept[name])
        for name in files:
            os.replace(beside[name], folder / name)
    except BaseException:
        for name, second in beside.items():
            if name in kept and Path(kept[name]).exists():
                os.replace(kept[name], folder / name)
            elif not Path(second).exists():
                (folder / name).unlink(missing_ok=True)
        _clear(beside, kept)
        for place in new:
            with contextlib.suppress(OSError):  # It was not made, or somebody wrote into it.
                place.rmdir()
        raise
    _clear(kept)
    return folder


def _keep(place: Path, second: str) -> None:
    """Give a file that is to be replaced a second name, or a copy where there are no links."""
    if place.is_dir():
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(place))
    try:
        os.link(place, second)
    except OSError:
        shutil.copy2(place, second)


def _clear(*written: Mapping[str, str]) -> None:
    for names in written:
        for name in names.values():
            Path(name).unlink(missing_ok=True)


def manifest(scenario: Scenario, libraries: Iterable[str], **which: object) -> dict[str, Any]:
    """Return what is needed to have the very same again; `which` says what of the scenario."""
    return {
        "scenario": scenario.name,
        "digest": scenario.digest(),
        "overrides": dict(scenario.overrides),
        **which,
        "start": scenario.start.isoformat(),
        "horizon_days": scenario.horizon_days,
        "python": platform.python_version(),
        "machine": platform.machine(),
        "versions": {"escalation": __version__} | {name: version(name) for name in libraries},
    }


def save_history(history: History, folder: Path) -> Path:
    """Write the four files of a history."""
    from sim.analysis.path import summarise_path
    from sim.plots.path import render_png

    summary = summarise_path(history.log, history.because)
    files: dict[str, Content] = {
        "history.csv": _csv(history),
        "history.json": history.to_json().encode(),
        "path.png": render_png(summary),
        "manifest.json": _json(manifest(history.scenario, OF_HISTORIES, **_path(history.log))),
    }
    return write_files(folder, files)


def _path(log: EventLog) -> dict[str, Any]:
    """Say which history a log is of: its luck, and what did not come of that."""
    return {
        "seed": log.seed,
        "replicate": log.replicate,
        "fork": _fork(log.assembly, log.origin),
        "forced": [list(force) for force in log.forced],
        "interventions": [list(one) for one in log.intervened],
        "decided_by_others": log.replaced,
    }


def _csv(history: History) -> bytes:
    """Write the moves as a table; pandas would do it too, and take longer to load than a crisis."""
    from sim.history import COLUMNS

    text = io.StringIO()
    names = ("number", *COLUMNS, "probability", "because")
    table = csv.DictWriter(text, names, lineterminator="\n")
    table.writeheader()
    for k, record in enumerate(history.records(), start=1):
        written = {"date": record["date"].isoformat(), "because": " ".join(record["because"])}
        table.writerow({"number": k, **record, **written})
    return text.getvalue().encode()


def save_ensemble(ensemble: Ensemble, folder: Path) -> Path:
    """Write the four files of an ensemble."""
    import numpy as np

    columns = {**ensemble.outcomes.columns(), "actors": np.array(ensemble.assembly.actors)}
    which = {
        "seed": ensemble.seed,
        "replicates": len(ensemble),
        "fork": _fork(ensemble.assembly, ensemble.origin),
    }
    files: dict[str, Content] = {
        "summary.csv": ensemble.summary().to_csv(lineterminator="\n").encode(),
        "ensemble.json": ensemble.to_json().encode(),
        "outcomes.npz": lambda file: write_npz(file, columns),
        "manifest.json": _json(manifest(ensemble.scenario, OF_ENSEMBLES, **which)),
    }
    return write_files(folder, files)


def save_influence(influence: Influence, folder: Path) -> Path:
    """Write the three files of what the statements carry."""
    found = influence.summary
    which = {
        "seed": found.seed,
        "replicates": found.replicates,
        "streams": "common",
        "outcomes": list(found.outcomes),
    }
    files: dict[str, Content] = {
        "influence.csv": influence.frame().to_csv(lineterminator="\n").encode(),
        "influence.json": influence.to_json().encode(),
        "manifest.json": _json(manifest(influence.scenario, OF_ENSEMBLES, **which)),
    }
    return write_files(folder, files)


def save_advice(advice: Advice, folder: Path) -> Path:
    """Write the files of advice: what was told, as a table and whole, and its pictures.

    The manifest holds the whole call: `sim.advise` of the history, which is to be had again from
    its seed and replicate and what was forced in it, with the rest, tells the same.
    """
    from sim.drawing import draw

    which = {
        "history": _path(advice.fork.log),
        "actor": advice.actor,
        "day": advice.day,
        "seed": advice.seed,
        "replicates": advice.replicates,
        **advice.asked,
        "streams": "common",
    }
    files: dict[str, Content] = {
        "advice.csv": advice.frame().to_csv(lineterminator="\n").encode(),
        "advice.json": advice.to_json().encode(),
        **{f"{picture.kind.name}.png": picture.render() for picture in draw(advice)},
        "manifest.json": _json(manifest(advice.scenario, OF_ENSEMBLES, **which)),
    }
    return write_files(folder, files)


def write_npz(file: IO[bytes], columns: Mapping[str, np.ndarray]) -> None:
    """Write arrays so that `numpy.load` reads them by name.

    NumPy's own writer leaves dates and the system's mark to the archive, and compressed bytes
    differ from library to library; these depend on the arrays alone.
    """
    from numpy.lib import format as npy

    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
        for name, column in columns.items():
            entry = zipfile.ZipInfo(f"{name}.npy")
            entry.create_system = 3
            with archive.open(entry, "w", force_zip64=True) as member:
                npy.write_array(member, column, version=(1, 0), allow_pickle=False)


def _fork(assembly: Assembly, origin: np.record | None) -> dict[str, Any] | None:
    """Say from which moment of which history this goes on with luck of its own, if it does."""
    from sim.kernel.layout import CLOCK_DUE, NOW

    if origin is None:
        return None
    seed, replicate, branch = (int(part) for part in origin.key)
    begins = float(origin.time[NOW])
    forced = {
        actor: str(assembly.options[i][int(origin.forced[i])])
        for i, actor in enumerate(assembly.actors)
        if origin.forced[i] >= 0
    }
    return {
        "seed": seed,
        "replicate": replicate,
        "branch": branch,
        "day": begins,
        "forced": forced,
        "interventions": [
            inject.id for x, inject in enumerate(assembly.injects) if origin.inject_due[x] <= begins
        ],
        "now": [a for a in forced if origin.clock[assembly.actors.index(a), CLOCK_DUE] <= begins],
    }


def _json(value: object) -> bytes:
    return (json.dumps(value, indent=2, ensure_ascii=False, default=str) + "\n").encode()
