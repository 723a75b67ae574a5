"""Draw the pictures of results/gallery anew.

    python3 tools/start.py python tools/gallery.py [NAME ...]

Each is what a command below writes, in fewer colours: none is off by more than can be seen, and
the file is half as large.  Names of files pick some out.  Studies are swept into results/ when
they are first asked for, which takes minutes.
"""

import io
import os
import shlex
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from PIL import Image

ROOT = Path(__file__).resolve().parent.parent
GALLERY = ROOT / "results" / "gallery"
MOST_BYTES = 200_000
COLOURS, COMMON = 256, 32
#: Levels of 255 that a colour may be off by: less than an eye sees between two patches.
MOST_OFF = 16

#: A command, and the file that each kind of picture becomes which it draws.
COMMANDS = (
    (
        "escalation plot after-the-strike --seed 14 --replicates 20000",
        {
            "path": "after-the-strike",
            "fan": "fan",
            "paths": "paths",
            "outcomes": "outcomes",
        },
    ),
    ("escalation plot after-the-strike --seed 14 --move 8", {"decision": "decision"}),
    (
        "escalation plot eighty-dead --seed 14 --replicates 20000",
        {"tree": "tree", "incidence": "incidence", "matrix": "matrix"},
    ),
    (
        "escalation plot after-the-strike --seed 14 --replicates 20000 --set-b strike.dead=1",
        {"difference": "difference"},
    ),
    ("escalation plot results/us-dead --outcome us_force_7d", {"response": "response"}),
    ("escalation plot results/resolve-by-restraint", {"map": "map"}),
    ("escalation plot results/constants", {"tornado": "tornado"}),
    (
        "escalation plot results/elicited",
        {"spread": "spread", "drivers": "drivers", "leaves": "leaves", "boxes": "boxes"},
    ),
    ("escalation plot results/influence", {"influence": "influence"}),
    ("escalation plot results/advice", {"options": "options", "worlds": "worlds"}),
)

#: What makes the results that some of them are drawn of, by folder.
MADE_BY = {
    "results/us-dead": "escalation sweep us-dead",
    "results/resolve-by-restraint": "escalation sweep resolve-by-restraint",
    "results/elicited": "escalation sweep elicited",
    "results/constants": "escalation sweep constants",
    "results/influence": (
        "escalation influence after-the-strike --seed 14 --replicates 20000 --out results/influence"
    ),
    "results/advice": (
        "escalation advise eighty-dead --actor us --at 2020-01-08T13:31 --rare --elicited"
        " --replicates 20000 --out results/advice"
    ),
}


def small(png: bytes) -> bytes:
    """Keep the commonest colours of a picture, and of the others those that lie farthest apart.

    Not Pillow's own palettes: they shift what is common, such as the paper, or miss what is rare,
    such as the marker of a single move.

    Raises
    ------
    ValueError
        Where a colour would be off by more than can be overlooked.
    """
    with Image.open(io.BytesIO(png)) as picture:
        pixels = np.asarray(picture.convert("RGB")).astype(np.int64)
    packed, place, count = np.unique(
        pixels @ [65536, 256, 1], return_inverse=True, return_counts=True
    )
    colours = np.stack([packed >> 16, packed >> 8 & 255, packed & 255], axis=1)
    chosen = list(np.argsort(-count, kind="stable")[:COMMON])
    gaps = ((colours[:, None, :] - colours[chosen]) ** 2).sum(axis=2)
    nearest, gap = gaps.argmin(axis=1), gaps.min(axis=1)
    while len(chosen) < COLOURS and gap.any():
        farthest = int(gap.argmax())
        to_it = ((colours - colours[farthest]) ** 2).sum(axis=1)
        nearest[to_it < gap] = len(chosen)
        gap = np.minimum(gap, to_it)
        chosen.append(farthest)
    off = int(np.abs(colours - colours[chosen][nearest]).max())
    if off > MOST_OFF:
        raise ValueError(f"{COLOURS} colours are too few: one would be off by {off} of 255")
    fewer = Image.fromarray(nearest[place].reshape(pixels.shape[:2]).astype(np.uint8), "P")
    fewer.putpalette(colours[chosen].astype(np.uint8).tobytes())
    buffer = io.BytesIO()
    fewer.save(buffer, "png", optimize=True)
    return buffer.getvalue()


def execute(command: str, *more: str) -> None:
    """Execute a command of the command line from the top of the repository."""
    words = [*shlex.split(command)[1:], *more]
    path = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))
    subprocess.run(
        [sys.executable, "-m", "sim.cli", *words],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": path},
        stdout=subprocess.DEVNULL,
        check=True,
    )


def make(folder: str) -> None:
    """Make the results that a picture is drawn of; go on where a study is there already."""
    command = MADE_BY[folder]
    going_on = "sweep" in command and (ROOT / folder).exists()
    print(command, flush=True)
    execute(command, *(["--resume"] if going_on else []))


def drawn(command: str, kinds: Iterable[str]) -> dict[str, bytes]:
    """Return the pictures that a command writes, by kind, in fewer colours."""
    asked = [word for kind in kinds for word in ("--kind", kind)]
    print(command, *asked, flush=True)
    with TemporaryDirectory() as folder:
        execute(command, *asked, "--out", folder)
        # A file is called by its kind, and by the outcome where one is asked for.
        return {
            path.stem.partition("-")[0]: small(path.read_bytes())
            for path in sorted(Path(folder).glob("*.png"))
        }


def main(asked: list[str]) -> None:
    known = [name for _, files in COMMANDS for name in files.values()]
    if unknown := set(asked) - set(known):
        sys.exit(f"no picture {', '.join(sorted(unknown))}; allowed: {', '.join(known)}")
    for command, files in COMMANDS:
        wanted = {kind: name for kind, name in files.items() if not asked or name in asked}
        if not wanted:
            continue
        results = shlex.split(command)[2]
        if results in MADE_BY:
            make(results)
        for kind, content in drawn(command, wanted).items():
            name = f"{wanted[kind]}.png"
            if len(content) > MOST_BYTES:
                sys.exit(f"{name} takes {len(content):,} bytes, more than {MOST_BYTES:,}")
            (GALLERY / name).write_bytes(content)
            print(f"    {name}  {len(content) // 1000} kB", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
