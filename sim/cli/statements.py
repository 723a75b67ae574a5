"""The command ``escalation statements``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

import sim
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
    short_help="List the evidence: who said what, and what cites it.",
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
    """List the coded statements: who said what, on which line, and what cites it.

    --actor none lists the reported facts, which bind nobody.
    """
    chosen = loaded(scenario)
    known_actor(chosen, actor, NOBODY)
    informs = sim.citations(chosen)
    listed = [s for s in chosen.crisis.statements.values() if actor in (None, s.actor)]
    if as_json:
        echo_json(
            [s.model_dump(exclude={"unused"}) | _ends(s, list(informs[s.id])) for s in listed]
        )
        return
    screen = Screen.current()
    told = ["\n".join(_told(screen, s, informs[s.id])) for s in listed]
    click.echo("\n\n".join(told))


def _ends(statement: Statement, informs: list[str]) -> dict[str, object]:
    return {"informs": informs, "unused": statement.unused}


def _told(screen: Screen, statement: Statement, informs: tuple[str, ...]) -> list[str]:
    head = f"({statement.kind}, {statement.strength})"
    lines = screen.flow("", "  ", (statement.id, BOLD), (head, DIM))
    lines += screen.flow("  ", "  ", (f"{statement.speaker}, line {statement.line}:", DIM))
    lines += screen.flow("  ", "  ", (statement.says, PLAIN))
    if statement.unused:
        return lines + screen.flow("  ", "  ", (f"unused: {statement.unused}", DIM))
    # Its home is another scenario's opening, if nothing of this one cites it.
    cited = ", ".join(informs) or "nothing in this scenario"
    return lines + screen.flow("  ", "    ", ("informs", DIM), (cited, DIM))
