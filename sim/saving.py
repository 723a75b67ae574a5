"""Files of one history: complete or absent, the same bytes for the same history."""

from __future__ import annotations

import json
import os
import platform
import tempfile
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim import __version__

if TYPE_CHECKING:
    from sim.history import History

#: Libraries whose version can change a number or a picture.
RECORDED = ("numpy", "numba", "mesa", "matplotlib", "pandas")


def _write(path: Path, content: bytes) -> None:
    """Write a file beside its place and move it there, so that no half of it is ever seen."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        os.chmod(name, 0o644)
        os.replace(name, path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def manifest(history: History) -> dict[str, Any]:
    """Return what is needed to have the very same history again."""
    scenario = history.scenario
    return {
        "scenario": scenario.name,
        "digest": scenario.digest(),
        "overrides": dict(scenario.overrides),
        "seed": history.seed,
        "replicate": history.replicate,
        "start": scenario.start.isoformat(),
        "horizon_days": scenario.horizon_days,
        "python": platform.python_version(),
        "machine": platform.machine(),
        "versions": {"escalation": __version__} | {name: version(name) for name in RECORDED},
    }


def save_history(history: History, folder: Path) -> Path:
    """Write the four files of a history into `folder`, which is made where it is missing."""
    from sim.analysis.path import summarise_path
    from sim.plots.path import render_png

    frame = history.moves.assign(because=[" ".join(rules) for rules in history.moves["because"]])
    summary = summarise_path(history.log, history.because)
    files = {
        "history.csv": frame.to_csv(date_format="%Y-%m-%dT%H:%M:%S", lineterminator="\n").encode(),
        "history.json": history.to_json().encode(),
        "path.png": render_png(summary),
        "manifest.json": (
            json.dumps(manifest(history), indent=2, ensure_ascii=False, default=str) + "\n"
        ).encode(),
    }
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        _write(folder / name, content)
    return folder
