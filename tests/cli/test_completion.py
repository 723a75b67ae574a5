"""What the shell completes."""

import pytest
from click.shell_completion import ShellComplete

import sim
from sim.cli import main
from sim.cli.completion import stems


def completed(*args):
    *before, incomplete = args
    shell = ShellComplete(main, {}, "escalation", "_ESCALATION_COMPLETE")
    return [item.value for item in shell.get_completions(before, incomplete)]


def test_commands_and_scenarios():
    assert completed("r") == ["run", "report", "rules"]
    assert completed("run", "") == list(sim.bundled())
    assert completed("run", "e") == ["eighty-dead"]
    assert completed("statements", "--scenario", "us") == ["us-replies"]


def test_a_file_where_no_name_fits():
    shell = ShellComplete(main, {}, "escalation", "_ESCALATION_COMPLETE")
    (item,) = shell.get_completions(["run"], "./my")
    assert item.type == "file"


@pytest.mark.parametrize("command", [("rules",), ("explain", "after-the-strike")])
def test_actors(command):
    assert completed(*command, "--actor", "i") == ["iran", "iraq"]


def test_paths_a_part_at_a_time():
    found = completed("run", "after-the-strike", "--set", "st")
    assert {"strike.", "start="} <= set(found)
    assert "strike.dead=" in completed("run", "after-the-strike", "--set", "strike.d")
    assert completed("run", "after-the-strike", "--set", "harm.") == ["harm.per_log_dead="]
    assert completed("run", "after-the-strike", "--set", "strike.dead=1") == []
    assert completed("run", "nowhere", "--set", "st") == []
    assert "strike." not in completed("run", "from-the-killing", "--set", "st")


def test_every_path_can_be_reached_by_completing():
    paths = set(sim.load("after-the-strike").paths())
    reached, open_stems = set(), [""]
    while open_stems:
        for stem in stems(paths, open_stems.pop()):
            if stem.endswith("="):
                reached.add(stem[:-1])
            else:
                open_stems.append(stem)
    assert reached == paths


def test_a_shell_gets_its_script_and_its_answers(process):
    script = process(_ESCALATION_COMPLETE="zsh_source")
    assert "#compdef escalation" in script.stdout
    words = {"COMP_WORDS": "escalation run e", "COMP_CWORD": "2"}
    answer = process(_ESCALATION_COMPLETE="zsh_complete", **words)
    assert "eighty-dead" in answer.stdout
