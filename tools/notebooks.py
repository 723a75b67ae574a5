"""Execute the notebooks, and write them with their outputs.

    python3 tools/start.py python tools/notebooks.py                          # all
    python3 tools/start.py python tools/notebooks.py notebooks/1-one-crisis-told.ipynb

The cell tagged `parameters` says how many histories a notebook simulates; the tests set fewer.
Pictures are kept at half their size, in fewer colours, with an alt text.  The metadata say what the
outputs were made of, so that a test knows outputs that are out of date.
"""

import base64
import hashlib
import io
import os
import re
import sys
from collections.abc import Iterable
from pathlib import Path
from tempfile import TemporaryDirectory

import nbformat
from nbclient import NotebookClient
from nbformat import NotebookNode
from PIL import Image

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "notebooks"
QUICK = 200  # histories where only the code is tried
SECONDS = 600
PICTURE = 900  # pixels across
MOST_BYTES = 500_000

#: What a kernel executes before the first cell: whoever draws a picture knows what it shows, and
#: whoever shows it only sees a figure.  It comes before `%matplotlib inline`, which takes up
#: `print_figure` as it then is.
ALTS = """
import IPython.core.pylabtools as _tools
from sim.drawing_kinds import Kind as _Kind


def _noted(plot=_Kind.plot):
    def noted(self, summary, ax=None):
        axes = plot(self, summary, ax)
        axes.figure.set_label(self.alt(summary))
        return axes

    return noted


def _told(show=_tools.print_figure):
    def told(figure, *args, **how):
        return show(figure, *args, **how), {"alt": figure.get_label()}

    return told


_Kind.plot, _tools.print_figure = _noted(), _told()
"""


def read(path: Path) -> NotebookNode:
    return nbformat.read(path, as_version=4)


def quicker(notebook: NotebookNode) -> NotebookNode:
    """Return a notebook that simulates few histories."""
    notebook = nbformat.from_dict(notebook)
    changed = 0
    for cell in notebook.cells:
        if "parameters" in cell.metadata.get("tags", []):
            cell.source, count = re.subn(r"= [\d_]+", f"= {QUICK}", cell.source)
            changed += count
    if not changed:
        raise ValueError("no cell tagged `parameters` says how many histories there are")
    return notebook


def execute(notebook: NotebookNode) -> NotebookNode:
    """Execute a notebook in a fresh kernel and an empty folder; raise where a cell fails."""
    notebook = nbformat.from_dict(notebook)
    notebook.cells.insert(0, nbformat.v4.new_code_cell(ALTS))
    path = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))
    with TemporaryDirectory() as folder:
        client = NotebookClient(
            notebook,
            timeout=SECONDS,
            kernel_name="python3",
            resources={"metadata": {"path": folder}},
            record_timing=False,
        )
        done = client.execute(env=os.environ | {"PYTHONPATH": path, "MPLBACKEND": "agg"})
    del done.cells[0]
    for cell in done.cells:
        for part in [cell, *cell.get("outputs", [])]:
            if part.get("execution_count"):
                part["execution_count"] -= 1
    return done


def made_of(notebook: NotebookNode) -> dict[str, str]:
    """Say what the outputs of a notebook come from: its code, the scenarios, how they go."""
    from sim import bundled, load, run

    scenarios = [load(name) for name in bundled()]
    moves = [
        f"{event.date:%d %H:%M} {event.actor} {event.move} {event.target}"
        for scenario in scenarios
        for event in run(scenario, seed=1).visible
    ]
    return {
        "code": digest(cell.source for cell in notebook.cells if cell.cell_type == "code"),
        "histories": digest(moves),
        "scenarios": digest(scenario.digest() for scenario in scenarios),
    }


def digest(texts: Iterable[str]) -> str:
    """Shorten texts to one that changes when any of them does."""
    return hashlib.sha256("\n".join(texts).encode()).hexdigest()[:16]


def shrink(notebook: NotebookNode) -> None:
    """Make pictures small, and leave out what differs from one execution to the next."""
    from gallery import small

    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            data = output.get("data", {})
            if "image/png" not in data:
                continue
            data.pop("text/plain", None)  # the size of the figure
            alt = output.metadata.get("image/png", {}).get("alt")
            if not alt:
                raise ValueError(f"a picture has no alt text: {cell.source.splitlines()[-1]}")
            output.metadata = {"image/png": {"alt": alt}}
            with Image.open(io.BytesIO(base64.b64decode(data["image/png"]))) as picture:
                buffer = io.BytesIO()
                height = round(picture.height * PICTURE / picture.width)
                picture.convert("RGB").resize((PICTURE, height), Image.LANCZOS).save(buffer, "png")
            data["image/png"] = base64.b64encode(small(buffer.getvalue())).decode()
    notebook.metadata.language_info = {"name": "python"}
    notebook.metadata.made_of = made_of(notebook)


def main(names: list[str]) -> None:
    for path in [Path(name) for name in names] or sorted(FOLDER.glob("*.ipynb")):
        notebook = execute(read(path))
        shrink(notebook)
        text = nbformat.writes(notebook) + "\n"
        if len(text) > MOST_BYTES:
            sys.exit(f"{path} would take {len(text):,} bytes, more than {MOST_BYTES:,}")
        path.write_text(text, encoding="utf-8")
        print(f"{path.name}  {len(text) // 1000} kB")


if __name__ == "__main__":
    main(sys.argv[1:])
