"""The page on the patterns shows what the model of today gives."""

import re

import pytest

from sim.cli import main
from sim.crisis.pattern_reading import read_patterns

MARKS = re.compile(r"<!-- measured: escalation (.+?) -->\n(.*?)<!-- end -->", re.DOTALL)
ANEW = "escalation patterns --markdown, into docs/patterns.md between the marks"


@pytest.fixture
def page(repository):
    """The command whose output the page holds, and what it holds."""
    ((command, text),) = MARKS.findall((repository / "docs" / "patterns.md").read_text("utf-8"))
    return command, text


def test_the_page_was_measured_on_the_scenarios_of_today(page):
    found = read_patterns("us-iran-2020")
    rows = re.findall(r"^\| (P\w+) \| (.*?) \|", page[1], flags=re.M)
    assert rows == [(pattern.id, pattern.says) for pattern, _ in found], ANEW
    shown = set(re.findall(r"`([0-9a-f]{12})`", page[1]))
    assert shown == {s.digest()[:12] for _, scenarios in found for s in scenarios}, ANEW


@pytest.mark.slow
def test_the_page_is_what_the_command_writes(page):
    from click.testing import CliRunner

    result = CliRunner().invoke(main, page[0].split())
    assert result.stdout == page[1], ANEW
