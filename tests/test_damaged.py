"""Folders of results that something happened to: a line that says what, or the results."""

import json
import shutil

import pytest

import sim
from sim.drawing import draw
from sim.opening import opened
from sim.saving import save_advice

KINDS = ("history", "ensemble", "influence", "advice", "worlds", "study")
#: A picture of each that is soon drawn of what its files say; a history is simulated again.
SHOWN = {
    "ensemble": "outcomes",
    "influence": "influence",
    "study": "response",
    "advice": "options",
    "worlds": "worlds",
}


@pytest.fixture(scope="module")
def raid(repository):
    return sim.load(repository / "tests" / "data" / "raid.toml")


@pytest.fixture(scope="module")
def whole(raid, tmp_path_factory):
    """A folder of each kind of results."""
    folder = tmp_path_factory.mktemp("whole")
    changed = raid.with_("raid.dead", 5)
    sim.run(changed, 3).at(0.5).force("north", "hold", now=True).run().save(folder / "history")
    sim.ensemble(changed, 40, 5).save(folder / "ensemble")
    sim.influence(changed, replicates=40).save(folder / "influence")
    moment = sim.run(changed, 3).at(0.5)
    save_advice(sim.advise(moment, "north", replicates=20), folder / "advice")
    over_worlds = sim.advise(moment, "north", replicates=20, elicited=True, worlds=10)
    save_advice(over_worlds, folder / "worlds")
    levels = {"raid.dead": [0, 5, 40]}
    sim.sweep(raid, levels, replicates=20, out=folder / "study")
    return folder


def use(folder, scenario, kind):
    """Read all that a folder holds, and draw of it."""
    found = opened(folder, None if kind == "study" else scenario)
    if kind == "study":
        assert found.scenario_as_run.name == scenario.name
        found.dataset().to_table()
        found.history(1, 2)
    if kind in SHOWN:
        draw(found, [SHOWN[kind]])


def files_of(folder):
    return sorted(path for path in folder.rglob("*") if path.is_file() and path.name != ".lock")


def damages(folder):
    """Name each damage, with what does it to a copy of the folder."""
    for path in files_of(folder):
        place, raw = path.relative_to(folder), path.read_bytes()
        yield f"{place} deleted", lambda copy, p=place: (copy / p).unlink()
        for name, rest in (("emptied", b""), ("cut", raw[: len(raw) // 2])):
            yield f"{place} {name}", lambda copy, p=place, r=rest: (copy / p).write_bytes(r)
        if path.suffix == ".json":
            yield from mangled(place, json.loads(raw))
    for inner in filter(lambda path: path.is_dir(), folder.rglob("*")):
        name = inner.relative_to(folder)
        yield f"{name} deleted", lambda copy, p=name: shutil.rmtree(copy / p)


def mangled(place, said):
    """Name each key that a JSON file could lack, or have nothing or something else at."""

    def put(table):
        text = json.dumps(table)
        return lambda copy: (copy / place).write_text(text, encoding="utf-8")

    for key, value in said.items():
        yield f"{place} lacks {key}", put({k: v for k, v in said.items() if k != key})
        for other in (None, [[]]):
            yield f"{place}: {key} is {other!r}", put(said | {key: other})
        if isinstance(value, dict) and place.name == "manifest.json":
            for inner in value:
                less = {k: v for k, v in value.items() if k != inner}
                yield f"{place} lacks {key}.{inner}", put(said | {key: less})
    yield f"{place} is a list", put([said])
    yield f"{place} is a number", put(3)


@pytest.mark.parametrize("kind", KINDS)
def test_whatever_happened_to_a_folder_is_told_in_a_line(whole, raid, tmp_path, kind):
    use(whole / kind, raid, kind)
    refused, survived = 0, []
    wrong = []
    for name, damage in damages(whole / kind):
        copy = tmp_path / "copy"
        shutil.copytree(whole / kind, copy)
        damage(copy)
        try:
            use(copy, raid, kind)
            survived.append(name)
        except sim.InputError as error:
            line = str(error)
            if "\n" in line or str(copy) not in line:
                wrong.append(f"{name}: {line}")
            refused += 1
        except Exception as error:
            wrong.append(f"{name}: {error!r}")
        shutil.rmtree(copy)
    assert not wrong, "\n".join(wrong)
    assert refused > 20, survived
