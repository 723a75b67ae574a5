"""Draw the pictures of results/gallery anew.

    python3 tools/start.py python tools/gallery.py [NAME ...]

Each is what the `escalation plot` beside it writes, with the commonest colours alone,
which makes the file a third of the size and changes nothing that can be seen.  Names of files
pick some out.  The studies are swept into results/, which takes minutes the first time.
"""

import io
import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from sim import influence, load, sweep
from sim.cli.options import changed
from sim.drawing import Source, draw, source_of
from sim.plots.style import RUNG_COLOURS

GALLERY = Path(__file__).parent.parent / "results" / "gallery"
SEED, REPLICATES = 14, 20_000
MOST_BYTES, COLOURS = 150_000, 128

#: Name of the file, kind of picture, scenario, values, and options of the kind.
PICTURES = (
    ("after-the-strike", "path", "after-the-strike", (), {}),
    ("decision", "decision", "after-the-strike", (), {"move": 8}),
    ("fan", "fan", "after-the-strike", (), {}),
    ("paths", "paths", "after-the-strike", (), {}),
    ("tree", "tree", "eighty-dead", (), {}),
    ("outcomes", "outcomes", "after-the-strike", (), {}),
    ("difference", "difference", "after-the-strike", ("strike.dead=1",), {}),
    ("incidence", "incidence", "eighty-dead", (), {}),
    ("matrix", "matrix", "eighty-dead", (), {}),
)

#: Of a sweep: name of the file, kind of picture, experiment, and options of the kind.
STUDIES = (
    ("map", "map", "resolve-by-restraint", {}),
    ("drivers", "drivers", "elicited", {}),
    ("spread", "spread", "elicited", {}),
)


def small(png: bytes) -> bytes:
    """Keep the commonest colours of a picture and those of the ladder; take the nearest for others.

    Not Pillow's own palettes: they shift the paper off white, and join neighbouring rungs.
    """
    with Image.open(io.BytesIO(png)) as picture:
        pixels = np.asarray(picture.convert("RGB")).astype(np.int64)
    packed, place, count = np.unique(
        pixels @ [65536, 256, 1], return_inverse=True, return_counts=True
    )
    colours = np.stack([packed >> 16, packed >> 8 & 255, packed & 255], axis=1)
    ladder = [[int(name[i : i + 2], 16) for i in (1, 3, 5)] for name in RUNG_COLOURS]
    common = colours[np.argsort(-count, kind="stable")[: COLOURS - len(ladder)]]
    palette = np.concatenate([common, ladder])
    nearest = ((colours[:, None, :] - palette) ** 2).sum(axis=2).argmin(axis=1)
    fewer = Image.fromarray(nearest[place].reshape(pixels.shape[:2]).astype(np.uint8), "P")
    fewer.putpalette(palette.astype(np.uint8).tobytes())
    buffer = io.BytesIO()
    fewer.save(buffer, "png", optimize=True)
    return buffer.getvalue()


def sources() -> Iterator[tuple[str, str, Callable[[], Source]]]:
    """Yield the name of each file, the kind of picture, and what makes its source."""
    for name, kind, scenario, values, options in PICTURES:
        yield name, kind, partial(played, scenario, values, options)
    for name, kind, experiment, options in STUDIES:
        yield name, kind, partial(swept, experiment, options)
    yield (
        "influence",
        "influence",
        lambda: source_of(influence("after-the-strike", REPLICATES, SEED)),
    )


def played(scenario: str, values: tuple[str, ...], options: dict[str, Any]) -> Source:
    chosen = load(scenario)
    other = changed(chosen, values) if values else None
    return source_of(chosen, against=other, seed=SEED, replicates=REPLICATES, **options)


def swept(experiment: str, options: dict[str, Any]) -> Source:
    folder = GALLERY.parent / experiment
    return source_of(sweep(experiment, out=folder, resume=folder.exists()), **options)


def main(asked: list[str]) -> None:
    GALLERY.mkdir(parents=True, exist_ok=True)
    for name, kind, source in sources():
        if asked and name not in asked:
            continue
        (picture,) = draw(source(), [kind])
        content = small(picture.render())
        if len(content) > MOST_BYTES:
            sys.exit(f"{name}.png takes {len(content):,} bytes, more than {MOST_BYTES:,}")
        (GALLERY / f"{name}.png").write_bytes(content)
        print(f"{name}.png  {len(content) // 1000:>4} kB  {picture.title}")


if __name__ == "__main__":
    main(sys.argv[1:])
