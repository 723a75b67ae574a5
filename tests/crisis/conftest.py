import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from sim.crisis import load
from sim.errors import InputError

DATA = Path(__file__).parent.parent / "data"


@pytest.fixture
def data() -> Path:
    """The folder of the small crisis of two actors."""
    return DATA


@pytest.fixture
def copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the small crisis, in the working directory."""
    shutil.copytree(DATA / "border", tmp_path / "border")
    for name in ("raid.toml", "ten-dead.toml"):
        shutil.copy(DATA / name, tmp_path / name)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def edit(copy: Path) -> Callable[[str, str, str], None]:
    """Replace the first occurrence of a text in a file of the copy."""

    def replace(file: str, old: str, new: str) -> None:
        text = (copy / file).read_text(encoding="utf-8")
        assert old in text
        (copy / file).write_text(text.replace(old, new, 1), encoding="utf-8")

    return replace


@pytest.fixture
def complaint(copy: Path) -> Callable[..., str]:
    """Load a scenario that must fail and give the line."""

    def line(name: str = "raid.toml") -> str:
        with pytest.raises(InputError) as caught:
            load(Path(name))
        text = str(caught.value)
        assert text == " ".join(text.split())
        return text

    return line
