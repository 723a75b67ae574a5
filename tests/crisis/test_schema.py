"""The published JSON Schemas are current, accept what is bundled and reject what is broken."""

import tomllib
from datetime import datetime
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from sim.crisis.draft import KINDS
from sim.crisis.schema import FILES, main, schema, schemas


def as_json(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: as_json(item) for key, item in value.items()}
    if isinstance(value, list):
        return [as_json(item) for item in value]
    return value.isoformat() if isinstance(value, datetime) else value


def content(path: Path) -> Any:
    return as_json(tomllib.loads(path.read_text(encoding="utf-8")))


def kinds(folder: Path) -> list[tuple[str, Path]]:
    crises = [p for p in folder.glob("*/*.toml") if p.stem in KINDS]
    return [("scenario", p) for p in folder.glob("*.toml")] + [(p.stem, p) for p in crises]


@pytest.mark.parametrize("name", schemas())
def test_what_is_published_is_current(repository: Path, name: str) -> None:
    published = repository / "scenarios" / "schema" / name
    assert published.read_text(encoding="utf-8") == schemas()[name], (
        "python -m sim.crisis.schema scenarios/schema"
    )


@pytest.mark.parametrize("kind", FILES)
def test_the_schemas_are_schemas(kind: str) -> None:
    jsonschema.Draft202012Validator.check_schema(schema(kind))
    assert "null" not in str(schema(kind))


@pytest.mark.parametrize("root", ["scenarios", "tests/data"])
def test_good_files_are_accepted(repository: Path, root: str) -> None:
    files = kinds(repository / root)
    assert {kind for kind, _ in files} == set(KINDS)
    for kind, path in files:
        jsonschema.validate(content(path), schema(kind))


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "scenario"])
def test_a_misspelt_key_is_rejected(data: Path, kind: str) -> None:
    text = (data / "border" / f"{kind}.toml").read_text()
    word = {
        "crisis": "title",
        "ladder": "rung",
        "actors": "short",
        "statements": "speaker",
        "rules": "when",
        "propensities": "note",
    }[kind]
    broken = as_json(tomllib.loads(text.replace(f"{word} =", f"{word}x =", 1)))
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(broken, schema(kind))


@pytest.mark.parametrize(
    "change", [{"extends": "raid"}, {"crises": "x"}, {"horizon_days": -1}, {"opening": [{}]}]
)
def test_a_broken_scenario_is_rejected(data: Path, change: dict[str, Any]) -> None:
    good = content(data / "raid.toml")
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({**good, **change}, schema("scenario"))


EXPERIMENTS = [
    {"design": "factorail"},
    {"streams": "comon"},
    {"replicates": 0},
    {"points": 1.5},
    {"faktors": []},
    {"factors": [{"levels": [1]}]},
    {"factors": [{"path": "a", "paths": ["b"], "levels": [1]}]},
    {"factors": [{"path": "a", "levels": [1], "distribution": "uniform"}]},
]


def test_the_bundled_experiments_are_accepted(repository: Path) -> None:
    files = list((repository / "scenarios" / "experiments").glob("*.toml"))
    assert len(files) >= 6
    for path in files:
        jsonschema.validate(content(path), schema("experiment"))
        first = path.read_text(encoding="utf-8").splitlines()[0]
        assert first == "#:schema ../schema/experiment.schema.json"


@pytest.mark.parametrize("change", EXPERIMENTS)
def test_a_broken_experiment_is_rejected(repository: Path, change: dict[str, Any]) -> None:
    good = content(repository / "scenarios" / "experiments" / "us-dead.toml")
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({**good, **change}, schema("experiment"))


@pytest.mark.parametrize("field", ["scenario", "design", "streams", "replicates"])
def test_an_experiment_must_say_what_it_is(repository: Path, field: str) -> None:
    good = content(repository / "scenarios" / "experiments" / "us-dead.toml")
    del good[field]
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(good, schema("experiment"))


def test_fields_are_described() -> None:
    for kind in FILES:
        for record in [schema(kind), *schema(kind).get("$defs", {}).values()]:
            for name, field in record.get("properties", {}).items():
                assert field.get("description") or "$ref" in field, f"{kind}: {name}"


def test_the_command_writes_them(tmp_path: Path) -> None:
    assert main([str(tmp_path / "made")]) == 0
    assert {p.name: p.read_text() for p in (tmp_path / "made").iterdir()} == schemas()


def test_the_command_without_a_folder(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 2
    assert "usage" in capsys.readouterr().err
