"""The help texts: each has examples, and the examples run."""

import re
import shlex
import shutil

import pytest
from click.testing import CliRunner

from sim import growth, influences, validation
from sim.cli import main
from sim.cli.group import COMMANDS

EXAMPLE = re.compile(r"^ *\$ escalation (.*)$", re.MULTILINE)


def help_of(*names):
    return CliRunner().invoke(main, [*names, "--help"]).stdout


EXAMPLES = [
    (name, line) for name in ("", *COMMANDS) for line in EXAMPLE.findall(help_of(*name.split()))
]


def test_every_command_has_examples_of_its_own():
    assert {name for name, _ in EXAMPLES} == {"", *COMMANDS}
    for name, line in EXAMPLES:
        assert not name or line.split()[0] == name


#: What makes the sweeps of the examples small; what needs a cluster is tried elsewhere.
SMALL = {
    "us-dead": ["--replicates", "5"],
    "resolve-by-restraint": ["--replicates", "40"],
    "elicited": ["--points", "512", "--replicates", "50"],
}
CLUSTER = "--scheduler"


def words_of(line):
    words = shlex.split(line)
    return [*words, *(SMALL[words[1]] if words[0] == "sweep" else [])]


@pytest.mark.slow
def test_examples_run(told, repository, tmp_path):
    shutil.copytree(repository / "scenarios", tmp_path / "scenarios")
    # In the order of the help: studies are swept before they are read.
    for line in dict.fromkeys(line for _, line in EXAMPLES if CLUSTER not in line):
        assert told(*words_of(line)), line


@pytest.mark.parametrize("option", ["-h", "--help"])
@pytest.mark.parametrize("name", ["", *COMMANDS])
def test_help_is_there_under_both_names_within_eighty_columns(told, name, option):
    text = told(*name.split(), option)
    assert text.startswith("Usage: escalation")
    assert max(len(line) for line in text.splitlines() if "$ " not in line) <= 80


def test_help_tells_how_to_switch_completion_on():
    for shell in ("bash", "zsh", "fish"):
        assert f"_ESCALATION_COMPLETE={shell}_source escalation" in help_of()


@pytest.mark.parametrize(
    "name, option, number",
    [
        ("ensemble", "--replicates N", f"{growth.REPLICATES:,} where not given"),
        ("ensemble", "--most N", f"{growth.MOST:,} where not given"),
        ("compare", "--replicates N", f"{growth.REPLICATES:,} where not given"),
        ("influence", "--replicates N", f"default: {influences.REPLICATES}"),
        ("patterns", "--replicates N", f"default: {validation.REPLICATES}"),
    ],
)
def test_the_numbers_in_the_help_are_the_library_s(name, option, number):
    """They stand there again, because the help imports nothing heavy."""
    told = re.search(rf"^  {option} (.*?)^  -", help_of(name), re.MULTILINE | re.DOTALL)
    assert number in " ".join(told[1].split())
