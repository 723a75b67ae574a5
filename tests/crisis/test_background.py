"""The background of a scenario: prose with citations, kept with it, and no part of its digest."""

import re
from pathlib import Path

import pytest

from sim.crisis import load
from sim.crisis.background import passages
from sim.crisis.bundled import bundled
from sim.crisis.stored import from_json, to_json

TEXT = """
Missiles fell [raid-report,
weather] on the fort, and
[south-calm] all was calm.
"""


@pytest.fixture
def told(repository: Path, tmp_path: Path) -> Path:
    """A scenario on the small crisis, with a background."""
    data = repository / "tests" / "data"
    path = tmp_path / "told.toml"
    head = (data / "raid.toml").read_text(encoding="utf-8")
    head = head.replace('crisis = "border"', f'crisis = "border"\nbackground = """{TEXT}"""', 1)
    path.write_text(head, encoding="utf-8")
    (tmp_path / "border").symlink_to(data / "border")
    return path


def test_a_background_is_prose_and_citations() -> None:
    assert list(passages(TEXT)) == [
        (" Missiles fell", ("raid-report", "weather")),
        (" on the fort, and", ("south-calm",)),
        (" all was calm. ", ()),
    ]
    assert list(passages("Plain.")) == [("Plain.", ())]
    assert list(passages("[ a ,b ]")) == [("", ("a", "b"))]


def test_it_is_kept_where_values_change_and_where_a_scenario_is_stored(
    told: Path, tmp_path: Path
) -> None:
    scenario = load(told)
    assert scenario.background == TEXT.removeprefix("\n")
    changed = scenario.with_({"raid.dead": 3, "weights.all": 0.5})
    assert changed.background == scenario.background
    assert from_json(to_json(changed), "stored").background == scenario.background
    heir = tmp_path / "heir.toml"
    heir.write_text('title = "Later"\nextends = "told.toml"\n', encoding="utf-8")
    own = tmp_path / "own.toml"
    own.write_text('title = "Own"\nextends = "told.toml"\nbackground = "Mine."\n', encoding="utf-8")
    assert load(heir).background == scenario.background
    assert load(own).background == "Mine."


def test_telling_it_better_leaves_the_digest_alone(told: Path, repository: Path) -> None:
    silent = load(repository / "tests" / "data" / "raid.toml")
    assert silent.background is None
    assert load(told).digest() == silent.digest()
    assert load(told).with_("raid.dead", 3).digest() == silent.with_("raid.dead", 3).digest()
    assert "background" not in to_json(silent)


@pytest.mark.parametrize("name", bundled())
def test_every_bundled_scenario_says_who_is_concerned(name: str) -> None:
    scenario = load(name)
    assert scenario.background is not None
    told = "".join(said for said, _ in passages(scenario.background))
    assert "Soleimani" in told
    assert 50 <= len(told.split()) <= 200
    assert "[" not in told
    assert len({n for _, names in passages(scenario.background) for n in names}) >= 4
    assert not re.search(r" [.,;:]", told)
