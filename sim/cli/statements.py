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
    set_option,
)
from sim.cli.screen import BOLD, DIM, PLAIN, Screen

if TYPE_CHECKING:
    from sim import Scenario, Statement

__all__ = ["command"]

NOBODY = "none"


@click.command(
    "statements",
    short_help="List the evidence: who said what, and which rules cite it.",
    epilog=examples(
        "escalation statements",
        "escalation statements --actor iran",
        "escalation statements --set weights.kinds.threat=0.5",
        "escalation statements --actor none --json",
    ),
)
@actor_option
@crisis_option
@set_option
@json_option
def command(actor: str | None, scenario: str, values: tuple[str, ...], as_json: bool) -> None:
    """List the coded statements: who said what, on which line, and which rules cite it.

    --actor none lists the reported facts, which bind nobody.
    """
    chosen = loaded(scenario, values)
    known_actor(chosen, actor, NOBODY)
    rules = chosen.crisis.rules
    informs = {
        name: [rule.id for rule in rules if name in rule.because]
        for name in chosen.crisis.statements
    }
    listed = [s for s in chosen.crisis.statements.values() if actor in (None, s.actor)]
    if as_json:
        echo_json(
            [
                statement.model_dump()
                | {"logits": chosen.weights.logits(statement), "rules": informs[statement.id]}
                for statement in listed
            ]
        )
        return
    screen = Screen.current()
    told = ["\n".join(_told(screen, chosen, s, informs[s.id])) for s in listed]
    click.echo("\n\n".join(told))


def _told(screen: Screen, scenario: Scenario, statement: Statement, rules: list[str]) -> list[str]:
    head = f"({statement.kind}, {statement.strength})"
    otherwise = _otherwise(scenario, statement) if rules else ""
    lines = screen.flow("", "  ", (statement.id, BOLD), (head, DIM), (otherwise, BOLD))
    lines += screen.flow("  ", "  ", (f"{statement.speaker}, line {statement.line}:", DIM))
    lines += screen.flow("  ", "  ", (statement.says, PLAIN))
    if statement.unused:
        return lines + screen.flow("  ", "  ", (f"unused: {statement.unused}", DIM))
    if not rules:
        return lines + screen.flow("  ", "  ", ("behind a number or an event, no rule", DIM))
    return lines + screen.flow("  ", "    ", ("cited by", DIM), (", ".join(rules), DIM))


def _otherwise(scenario: Scenario, statement: Statement) -> str:
    """Say how a statement is read, where not as it was coded."""
    logits = scenario.weights.logits(statement)
    if logits == 0:
        return "does not count here"
    return "" if logits == statement.logits else f"weighs {logits:.3g} for {statement.logits:g}"
