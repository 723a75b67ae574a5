"""Holds the gallery to what it says: each picture is what a command writes, in fewer colours."""

import io
import sys

import numpy as np
import pytest
from PIL import Image

from sim.drawing import kinds


@pytest.fixture(scope="module")
def tool(repository):
    """tools/gallery.py, which is no package."""
    sys.path.insert(0, str(repository / "tools"))
    try:
        import gallery

        yield gallery
    finally:
        sys.path.remove(str(repository / "tools"))


def png(pixels):
    buffer = io.BytesIO()
    Image.fromarray(pixels.astype(np.uint8)).save(buffer, "png")
    return buffer.getvalue()


def pixels(content):
    with Image.open(io.BytesIO(content)) as picture:
        return np.asarray(picture.convert("RGB")).astype(int)


def test_every_kind_of_picture_has_one_and_every_picture_a_command(tool, repository):
    shown = [kind for _, files in tool.COMMANDS for kind in files]
    assert sorted(shown) == sorted(kind.name for kind in kinds())
    files = {f"{name}.png" for _, files in tool.COMMANDS for name in files.values()}
    assert {path.name for path in (repository / "results" / "gallery").glob("*.png")} == files


def test_few_colours_keep_every_pixel(tool):
    few = np.zeros((40, 60, 3))
    few[:20] = 255, 254, 253
    few[3, 5] = 1, 2, 3  # a single one is kept too
    assert (pixels(tool.small(png(few))) == few).all()


def test_many_colours_shift_by_little_and_what_is_common_not_at_all(tool):
    many = np.full((100, 100, 3), 255)
    ramp = np.arange(1000) % 100
    many[:10] = np.stack([ramp, ramp // 2, 200 - ramp], axis=1).reshape(10, 100, 3)
    many[10:20] = np.stack([200 - ramp, 90 + ramp, ramp], axis=1).reshape(10, 100, 3)
    many[20:30] = np.stack([ramp, ramp, ramp], axis=1).reshape(10, 100, 3)
    assert len(np.unique(many.reshape(-1, 3), axis=0)) > tool.COLOURS
    found = pixels(tool.small(png(many)))
    assert (found[30:] == 255).all()
    assert 0 < np.abs(found - many).max() <= tool.MOST_OFF


def test_what_cannot_be_kept_is_refused(tool):
    noise = np.random.default_rng(1).integers(0, 256, (100, 100, 3))
    with pytest.raises(ValueError, match="too few"):
        tool.small(png(noise))


def test_names_that_are_none_are_refused(tool):
    with pytest.raises(SystemExit, match="no picture nowhere; allowed: after-the-strike"):
        tool.main(["nowhere"])


@pytest.mark.slow
@pytest.mark.filterwarnings("default")
@pytest.mark.parametrize("name", ["decision", "outcomes"])
def test_a_picture_is_what_its_command_writes(tool, repository, name):
    ((command, kind),) = [
        (command, kind)
        for command, files in tool.COMMANDS
        for kind, file in files.items()
        if file == name
    ]
    committed = (repository / "results" / "gallery" / f"{name}.png").read_bytes()
    assert tool.drawn(command, [kind]) == {kind: committed}
