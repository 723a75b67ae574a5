"""The command ``escalation statements``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from sim.cli.options import (
    actor_option,
    crisis_option,
    echo_json,
    examples,
    json_option,
    known_actor,
    loaded,
)
from sim.cli.screen import BOLD, DIM, PLAIN, Screen

if TYPE_CHECKING:
    from sim import Statement

__all__ = ["command"]

NOBODY = "none"


@click.command(
    "statements",
    short_help="List the evidence: who said what, and which rules cite it.",
    epilog=examples(
        "escalation statements",
        "escalation statements --actor iran",
        "escalation statements --actor none --json",
    ),
)
@actor_option
@crisis_option
@json_option
def command(actor: str | None, scenario: str, as_json: bool) -> None:
    """List the coded statements: who said what, on which line, and which rules cite it.

    --actor none lists the reported facts, which bind nobody.
    """
    chosen = loaded(scenario)
    known_actor(chosen, actor, NOBODY)
    rules = chosen.crisis.rules
    informs = {
        name: [rule.id for rule in rules if name in rule.because]
        for name in chosen.crisis.statements
    }
    listed = [s for s in chosen.crisis.statements.values() if actor in (None, s.actor)]
    if as_json:
        echo_json(
            [statement.model_dump() | {"rules": informs[statement.id]} for statement in listed]
        )
        return
    screen = Screen.current()
    told = ["\n".join(_told(screen, s, informs[s.id])) for s in listed]
    click.echo("\n\n".join(told))


def _told(screen: Screen, statement: Statement, rules: list[str]) -> list[str]:
    head = f"({statement.kind}, {statement.strength})"
    lines = screen.flow("", "  ", (statement.id, BOLD), (head, DIM))
    lines += screen.flow("  ", "  ", (f"{statement.speaker}, line {statement.line}:", DIM))
    lines += screen.flow("  ", "  ", (statement.says, PLAIN))
    if statement.unused:
        return lines + screen.flow("  ", "  ", (f"unused: {statement.unused}", DIM))
    if not rules:
        return lines + screen.flow("  ", "  ", ("behind a number or an event, no rule", DIM))
    return lines + screen.flow("  ", "    ", ("cited by", DIM), (", ".join(rules), DIM))
