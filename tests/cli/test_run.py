"""escalation run: the timeline, the JSON, the files."""

import errno
import io
import json
import re

import pytest

import sim
from sim.cli import main
from sim.cli.run import hold

FILES = ["history.csv", "history.json", "manifest.json", "path.png"]
STORIES = [
    ("after-the-strike", "--seed", "7"),
    ("after-the-strike", "--seed", "3", "--set", "strike.dead=80"),
    ("from-the-killing", "--seed", "0"),
    ("after-the-strike", "--set", "injects.rocket.on=true", "--days", "6.5"),
]
ROW = re.compile(r"^ *(\d+)  .{12}  [█░]{10}  .*(\d+|<1)%$", re.MULTILINE)


@pytest.mark.parametrize("story", STORIES, ids=" ".join)
def test_a_timeline_tells_the_history_within_eighty_columns(once, read, story):
    text = once("run", *story)
    history = read("run", *story)
    assert max(map(len, text.splitlines())) <= 80
    assert "\x1b" not in text
    numbers = [int(row[0]) for row in ROW.findall(text)]
    assert numbers == list(range(1, len(history["moves"]) + 1))
    bars = re.findall(r"^ *\d+  .{12}  ([█░]{10})", text, re.MULTILINE)
    assert [bar.count("█") for bar in bars] == [move["rung"] for move in history["moves"]]
    ends = {"settlement": "Settled on", "horizon": "Not settled after", "open_war": "Open war on"}
    assert ends[history["end"]] in text
    assert f"Peak since the start: rung {history['peak_rung']} of 10" in text
    dead = re.search(r"^Dead: (.*?)[,.]? *(those|$)", text, re.MULTILINE)
    counts = [int(n) for n in re.findall(r"\w (\d+)", dead[1])]
    assert counts == list(history["dead"].values())


@pytest.mark.parametrize("story", STORIES, ids=" ".join)
def test_below_a_move_stand_the_rules_that_weighed_most(once, read, story):
    text = once("run", *story)
    history = read("run", *story)
    blocks = re.split(r"^ *\d+  .{12}  [█░]{10}", text, flags=re.MULTILINE)[1:]
    shown = blocks[-len(history["moves"]) :]
    assert history["moves"]
    for block, move in zip(shown, history["moves"], strict=True):
        words = " ".join(block.split())
        pulling = [rule for rule in move["because"] if rule["logits"] > 0]
        # What was unlikely, chance made, whatever spoke for it.
        percent = float(re.search(r"(\d+(\.\d+)?)%", words)[1])
        leads = re.findall(r"^ +(because|for it:) ", block, flags=re.MULTILINE)
        assert len(leads) == bool(pulling)
        for lead in leads:
            assert (lead == "because") == (percent >= 5) or percent == 5
            first = max(pulling, key=lambda rule: rule["logits"])
            cited = ", ".join(first["statements"])
            assert f"{lead} {first['says']} {first['logits']:+.1f} [{cited}]" in words


def test_json_is_the_history_and_writes_no_file(told, tmp_path):
    story = ("after-the-strike", "--seed", "7", "--set", "strike.dead=5")
    history = json.loads(told("run", *story, "--json"))
    keys = ("scenario", "seed", "end", "days", "peak_rung", "dead", "moves")
    assert set(keys) <= set(history)
    assert history["scenario"] == "after-the-strike"
    assert history["seed"] == 7
    assert history["end"] in ("open_war", "settlement", "horizon")
    assert set(history["dead"]) == {"us", "iran", "iraq", "uk"}
    for move in history["moves"]:
        columns = ("day", "date", "actor", "move", "rung", "target", "dead", "because")
        assert set(columns) <= set(move)
        assert all({"rule", "statements", "logits"} <= set(rule) for rule in move["because"])
    assert list(tmp_path.iterdir()) == []


def test_json_with_out_writes_the_same_history_as_a_file(told, tmp_path):
    text = told("run", "after-the-strike", "--json", "--out", "here")
    assert (tmp_path / "here/history.json").read_text(encoding="utf-8") == text
    assert sorted(path.name for path in (tmp_path / "here").iterdir()) == FILES


def test_a_reader_of_the_head_has_the_files_all_the_same(cli, tmp_path, monkeypatch):
    class Shut(io.BytesIO):
        def write(self, _):
            raise BrokenPipeError(errno.EPIPE, "Broken pipe")

    for name, told in (
        ("run", ("after-the-strike",)),
        ("ensemble", ("after-the-strike", "--replicates", "20")),
        ("influence", ("after-the-strike", "--replicates", "2")),
        ("advise", ("after-the-strike", "--actor", "us", "--replicates", "20")),
    ):
        monkeypatch.setattr("sys.stdout", io.TextIOWrapper(Shut(), write_through=True))
        with pytest.raises(SystemExit) as ended:
            main([name, *told, "--json", "--out", name])
        monkeypatch.undo()
        monkeypatch.chdir(tmp_path)
        assert ended.value.code == 1
        assert (tmp_path / name / "manifest.json").exists()


@pytest.mark.parametrize("form", [(), ("--json",)])
@pytest.mark.parametrize(
    "args, file",
    [
        (("run", "after-the-strike"), "history.csv"),
        (("ensemble", "after-the-strike", "--replicates", "20"), "summary.csv"),
        (("influence", "after-the-strike", "--replicates", "2"), "influence.csv"),
    ],
)
def test_what_cannot_be_kept_is_told_all_the_same(cli, tmp_path, args, file, form):
    (tmp_path / "here" / file).mkdir(parents=True)
    result = cli(*args, "--out", "here", *form)
    assert result.exit_code == 1
    assert result.stdout
    assert "Written" not in result.stdout
    assert result.stderr.splitlines()[-1].startswith("escalation: cannot write here: ")


def test_the_same_input_gives_the_same_bytes(told, tmp_path):
    for folder in ("one", "two"):
        told("run", "after-the-strike", "--seed", "7", "--out", folder)
    for name in FILES:
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()
        assert (tmp_path / "one" / name).stat().st_size > 0


def test_other_values_go_to_another_folder(told, tmp_path):
    told("run", "after-the-strike", "--days", "1")
    told("run", "after-the-strike", "--days", "2")
    told("run", "after-the-strike", "--set", "horizon_days=2.0")
    told("run", "after-the-strike")
    folders = sorted(path.name for path in (tmp_path / "results").iterdir())
    assert len(folders) == 3
    assert folders[0] == "after-the-strike-seed1"
    assert all(re.fullmatch(r"after-the-strike-seed1-[0-9a-f]{8}", name) for name in folders[1:])


def test_the_last_of_two_values_holds_and_days_beats_the_horizon(read):
    several = ("--set", "strike.dead=3", "--set", "strike.dead=4", "--set", "horizon_days=9.0")
    history = read("run", "after-the-strike", *several, "--days", "2")
    assert history["overrides"] == {"horizon_days": 2.0, "strike.dead": 4}


def test_the_hint_explains_the_highest_move(once, read):
    text = once("run", *STORIES[1])
    (hint,) = re.findall(r"^Why move \d+\?\n((?:.*\\\n)*.*)", text, re.MULTILINE)
    words = hint.replace("\\\n", " ").split()
    assert words[:2] == ["escalation", "explain"]
    explained = read(*words[1:])
    history = read("run", *words[2 : words.index("--move")])
    move = history["moves"][explained["number"] - 1]
    assert move["rung"] == history["peak_rung"]
    chosen = explained["options"][explained["chosen"]]
    assert chosen["move"] == move["move"]


def test_a_timeline_says_how_a_number_was_changed(told):
    text = told("run", "after-the-strike", "--set", "strike.dead=drawn", "--days", "1")
    assert "With strike.dead = drawn (0 before)" in text
    assert "With horizon_days = 1 (30 before)" in text


def test_compiling_is_announced_on_standard_error(cli, monkeypatch):
    monkeypatch.setattr(sim, "is_compiled", lambda function="": False)
    result = cli("run", "after-the-strike", "--days", "1", "--json")
    assert re.fullmatch(r"compiling the kernel .*\.\.\. done in \d+ s\n", result.stderr)
    json.loads(result.stdout)


def test_a_history_in_which_nobody_moves_is_told_too(told, tmp_path):
    text = told("run", "after-the-strike", "--days", "0.001")
    assert "Not settled after" in text
    assert "Why move" not in text
    assert (tmp_path / "results").is_dir()


def test_a_replicate_is_another_history_with_a_folder_of_its_own(told, read, tmp_path):
    text = told("run", "after-the-strike", "--seed", "3", "--replicate", "5")
    assert "Seed 3, replicate 5." in " ".join(text.split())
    assert "escalation explain after-the-strike --seed 3 --replicate 5" in text
    folder = tmp_path / "results/after-the-strike-seed3-replicate5"
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    assert (manifest["seed"], manifest["replicate"]) == (3, 5)
    history = read("run", "after-the-strike", "--seed", "3", "--replicate", "5")
    assert history["replicate"] == 5
    assert history["moves"] != read("run", "after-the-strike", "--seed", "3")["moves"]
    assert history == json.loads(sim.run(sim.load("after-the-strike"), 3, replicate=5).to_json())
    explained = read(
        "explain", "after-the-strike", "--replicate", "5", "--actor", "us", "--at", "1"
    )
    assert explained["replicate"] == 5


@pytest.mark.parametrize("name", ["after-the-strike", "from-the-killing"])
def test_the_hold_that_is_hinted_is_one(name):
    scenario = sim.load(name)
    found = [hold(history) for history in (sim.run(scenario, seed) for seed in range(30))]
    assert sum(held is not None for held in found) > 25
    for seed, held in enumerate(found):
        if held is None:
            continue
        actor, day = held
        explained = sim.run(scenario, seed).explain_at(actor, float(day))
        assert explained.options[explained.chosen].move == "hold"
        assert abs(explained.day - float(day)) < 0.01


def test_the_hint_of_a_hold_is_left_out_where_nobody_held(told):
    assert "And why did" not in told("run", "after-the-strike", "--days", "0.001")
