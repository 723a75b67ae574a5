"""The command ``escalation rules``."""

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
    from sim import Rule, Scenario

__all__ = ["command"]


@click.command(
    "rules",
    short_help="List the rules: what pulls whom towards which move, and why.",
    epilog=examples(
        "escalation rules",
        "escalation rules --actor us",
        "escalation rules --actor iran --set statements.ir-slap.counts=false",
        "escalation rules --actor uk --json",
    ),
)
@actor_option
@crisis_option
@set_option
@json_option
def command(actor: str | None, scenario: str, values: tuple[str, ...], as_json: bool) -> None:
    """List the rules: what pulls an actor towards a move or away from it, and why.

    Weights are logits at full strength. A rule comes on as its covariate rises from 0, and is at
    full strength from the value given. Where statements are read otherwise than they were coded, or
    rules scaled, the weights are those in force.
    """
    chosen = loaded(scenario, values)
    known_actor(chosen, actor)
    listed = [rule for rule in chosen.crisis.rules if actor in (None, rule.actor)]
    if as_json:
        echo_json([rule.model_dump() | {"factor": factor(chosen, rule)} for rule in listed])
        return
    screen = Screen.current()
    labels = {move.id: move.label for move in chosen.crisis.moves}
    click.echo("\n\n".join("\n".join(_told(screen, chosen, rule, labels)) for rule in listed))


def factor(scenario: Scenario, rule: Rule) -> float:
    """Give what the coded weights of a rule are multiplied by."""
    return scenario.weights.of_rule(rule, scenario.crisis.statements)


def _told(screen: Screen, scenario: Scenario, rule: Rule, labels: dict[str, str]) -> list[str]:
    times = factor(scenario, rule)
    scaled = [] if times == 1 else [(f"({times:.3g} of what was coded)", BOLD)]
    statements = scenario.crisis.statements
    cites = ", ".join(
        name if scenario.weights.logits(statements[name]) > 0 else f"{name} (does not count)"
        for name in rule.because
    )
    at = "" if rule.when == "constant" else f", in full from {rule.scale:g}"
    against = f", bearing on {rule.against}" if rule.against else ""
    moves = ", ".join(
        f"{labels[move]} {times * weight:+.3g}" for move, weight in rule.moves.items()
    )
    return [
        *screen.flow("", "  ", (rule.id, BOLD), (f"because {rule.says}", PLAIN)),
        *screen.flow("  ", "    ", (f"when {rule.when} toward {rule.toward}{at}{against}:", PLAIN)),
        *screen.flow("  ", "    ", (moves, PLAIN), *scaled),
        *screen.flow("  ", "    ", (f"cites {cites}", DIM)),
    ]
