"""What a player looks up in ``escalation play``: the keys, the ladder, the reasons."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from sim.cli.screen import BOLD, DIM, PLAIN, rung_style

if TYPE_CHECKING:
    from sim.cli.scene import Scene
    from sim.games import Situation

__all__ = ["keys", "ladder", "why"]

HELP = (
    ("NUMBER", "take that option; its name does too (threaten us)"),
    ("Enter", "hold: do nothing visible for now"),
    ("w", "wait: hold until something happens that concerns you"),
    ("w 3", "the same, for 3 days at most"),
    ("u", "undo your last turn, and whatever followed it"),
    ("y", "why: what was said at the time that pulls you"),
    ("y 4", "the same of option 4, with the words themselves"),
    ("a", "advice: what each option would lead to"),
    ("n", "all the news so far"),
    ("l", "the ladder: every move, its rung, and what it is"),
    ("?", "this list"),
    ("q", "leave; the game is saved after every turn, and Ctrl-C does the same"),
)
#: Below this width the heads of lists are short, or there is no room beside them.
ROOMY = 56


def keys(scene: Scene) -> Iterator[str]:
    """List what can be typed, and say again what counts."""
    for key, text in HELP:
        if key != "a" or scene.advice:
            yield from scene.screen.flow(f"  {key:<6}  ", " " * 10, (text, PLAIN))
    yield from scene.screen.flow("", "", ("Rungs.", BOLD), (scene.rungs(), PLAIN))
    yield from scene.counts()


def ladder(scene: Scene) -> Iterator[str]:
    """Tell every move and what it is."""
    yield from scene.screen.flow("", "", (scene.rungs(), PLAIN))
    for move in scene.game.scenario.crisis.moves:
        label = (f"{move.label}:", rung_style(move.rung))
        yield from scene.screen.flow(f"  {move.rung:>2}  ", "      ", label, (move.says, PLAIN))


def why(scene: Scene, said: Situation, number: int | None) -> Iterator[str]:
    """Tell what pulls at every option, or at one, then with the statements behind it."""
    flow = scene.screen.flow
    if said.options[0].probability is None:
        yield from flow("", "", ("This game is blind: what would pull you is hidden.", PLAIN))
        return
    told: set[str] = set()
    for choice in said.options if number is None else [said.options[number]]:
        if not choice.rules:
            if number is not None:
                text = f"Nothing that was said bears on {scene.option(choice)} now."
                yield from flow("", "", (text, PLAIN))
            continue
        yield from flow("", "  ", (f"{choice.number}  {scene.option(choice)}", BOLD))
        for rule in choice.rules:
            head = f"  {'towards' if rule.logits > 0 else 'away':<8}{_strength(rule.logits)}  "
            rest = len(head) if scene.screen.width >= ROOMY else 4
            yield from flow(head, " " * rest, (rule.says, PLAIN))
            if number is not None:
                yield from _statements(scene, [s for s in rule.statements if s not in told])
                told.update(rule.statements)
    if number is None:
        text = "The more #, the harder it pulls. y and a number shows what was said."
        yield from flow("", "", (text, DIM))


def _strength(logits: float) -> str:
    """Write how much a rule pulls as one to four marks, a mark for each half logit.

    Examples
    --------
    >>> _strength(-2.0), _strength(0.4)
    ('####', '#   ')
    """
    return f"{'#' * max(1, min(4, round(2 * abs(logits)))):<4}"


def _statements(scene: Scene, names: Iterable[str]) -> Iterator[str]:
    for name in names:
        said = scene.game.scenario.crisis.statements[name]
        text = f"{said.says} ({said.speaker})"
        yield from scene.screen.flow("      ", "      ", (text, DIM))
