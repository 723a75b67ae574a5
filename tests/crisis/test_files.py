"""Files that are not what they should be, and names that lead nowhere."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from sim.crisis import bundled, load
from sim.errors import InputError, SimError


def failure(name: str | Path) -> str:
    with pytest.raises(InputError) as caught:
        load(name)
    return str(caught.value)


@pytest.mark.parametrize(
    "content, problem",
    [
        (b"", "is empty; allowed: a TOML file with content"),
        (b"# nothing\n", "is empty; allowed: a TOML file with content"),
        (b"\x7fELF\0\0", "is a binary file; allowed: a TOML file in UTF-8"),
        (
            b"title = 'a'\nasks = '\xff'",
            "is not UTF-8: byte 0xff in line 2; allowed: a TOML file in UTF-8",
        ),
        (b"a = " + b"[" * 100_000, "is nested too deeply"),
    ],
)
@pytest.mark.parametrize("file", ["raid.toml", "border/rules.toml"])
def test_content_that_is_no_toml(copy: Path, file: str, content: bytes, problem: str) -> None:
    (copy / file).write_bytes(content)
    assert failure(Path("raid.toml")) == f"{file}: {problem}"


def test_a_byte_order_mark_does_no_harm(copy: Path) -> None:
    path = copy / "raid.toml"
    before = load(path)
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert load(path) == before


def test_a_missing_file_of_the_crisis(copy: Path) -> None:
    (copy / "border" / "rules.toml").rename(copy / "border" / "rule.toml")
    assert failure("raid.toml") == (
        "border/rules.toml: there is no such file; did you mean 'rule.toml'?"
    )


def test_a_missing_scenario_file(copy: Path) -> None:
    assert failure("rade.toml") == "rade.toml: there is no such file; did you mean 'raid.toml'?"


def test_a_missing_folder(copy: Path) -> None:
    assert failure("nowhere/raid.toml") == "nowhere/raid.toml: there is no such file"


def test_a_directory(copy: Path) -> None:
    (copy / "raid.toml").unlink()
    (copy / "raid.toml").mkdir()
    assert failure("raid.toml") == "raid.toml: is a directory; allowed: a TOML file"
    assert failure("border/").startswith("border: is a directory")


def test_a_device(copy: Path) -> None:
    assert failure("/dev/zero") == "/dev/zero: is not a regular file; allowed: a TOML file"


def test_a_link_to_itself(copy: Path) -> None:
    os.symlink("knot.toml", "knot.toml")
    assert failure("knot.toml").startswith("knot.toml: cannot be read: too many levels")


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything")
def test_a_file_without_leave_to_read(copy: Path) -> None:
    (copy / "raid.toml").chmod(0)
    assert failure("raid.toml") == "raid.toml: cannot be read: permission denied"


def test_a_file_that_refuses(copy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(self: Path) -> bytes:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "read_bytes", refuse)
    assert failure("raid.toml") == "raid.toml: cannot be read: permission denied"


def test_a_name_that_no_file_can_have(copy: Path) -> None:
    assert "cannot be read" in failure("a\0b.toml")


@pytest.mark.parametrize("name", ["after-the-strik", "After-The-Strike", "after_the_strike"])
def test_a_bundled_name_misspelt(name: str) -> None:
    line = failure(name)
    assert line.startswith(f"{name}: no bundled scenario has this name; allowed: ")
    assert line.endswith("did you mean 'after-the-strike'?")


def test_the_name_of_a_crisis_is_none_of_a_scenario() -> None:
    assert failure("us-iran-2020").startswith("us-iran-2020: is a crisis, not a scenario")


def test_an_empty_name() -> None:
    assert failure("").startswith("'': no bundled scenario has this name")


def test_an_unknown_crisis(edit: Callable[..., None], complaint: Callable[..., str]) -> None:
    edit("raid.toml", '"border"', '"boarder"')
    line = complaint()
    assert line.startswith("raid.toml: crisis: no such crisis: 'boarder'; allowed: border")
    assert line.endswith("did you mean 'border'?")


def test_an_unknown_parent(edit: Callable[..., None], complaint: Callable[..., str]) -> None:
    edit("ten-dead.toml", '"raid"', '"riad"')
    line = complaint("ten-dead.toml")
    assert line.startswith("ten-dead.toml: extends: no such scenario: 'riad'; allowed: ")
    assert line.endswith("did you mean 'raid'?")


def test_errors_derive_from_one_that_handlers_catch() -> None:
    assert issubclass(InputError, SimError)
    assert issubclass(SimError, Exception)


@pytest.mark.parametrize("name", bundled())
def test_bundled_scenarios_load(name: str) -> None:
    scenario = load(name)
    assert scenario.name == name
    assert scenario.crisis.name == "us-iran-2020"


def test_something_is_bundled() -> None:
    assert "after-the-strike" in bundled()
