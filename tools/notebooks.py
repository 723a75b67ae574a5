"""Execute the notebooks, and write them with their outputs.

    python3 tools/start.py python tools/notebooks.py                          # all
    python3 tools/start.py python tools/notebooks.py notebooks/1-one-crisis-told.ipynb

The cell tagged `parameters` says how many histories a notebook simulates; the tests set fewer.
Pictures are kept at half their size, with the commonest colours alone.
"""

import base64
import io
import os
import re
import sys
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
MOST_BYTES = 250_000


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
    path = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))
    with TemporaryDirectory() as folder:
        client = NotebookClient(
            notebook,
            timeout=SECONDS,
            kernel_name="python3",
            resources={"metadata": {"path": folder}},
            record_timing=False,
        )
        return client.execute(env=os.environ | {"PYTHONPATH": path, "MPLBACKEND": "agg"})


def shrink(notebook: NotebookNode) -> None:
    """Make pictures small, and leave out what differs from one execution to the next."""
    from gallery import small

    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            data = output.get("data", {})
            if "image/png" not in data:
                continue
            data.pop("text/plain", None)  # the size of the figure
            output.metadata = {}
            with Image.open(io.BytesIO(base64.b64decode(data["image/png"]))) as picture:
                buffer = io.BytesIO()
                height = round(picture.height * PICTURE / picture.width)
                picture.convert("RGB").resize((PICTURE, height), Image.LANCZOS).save(buffer, "png")
            data["image/png"] = base64.b64encode(small(buffer.getvalue())).decode()
    notebook.metadata.language_info = {"name": "python"}


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
