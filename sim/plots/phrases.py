"""The words beside the markers of a path: targets, dead, reasons."""

from __future__ import annotations

import textwrap

from sim.analysis.path_summary import FORCE, Inject, Point
from sim.analysis.telling import UNLIKELY

__all__ = [
    "balanced",
    "casualties",
    "dead_of",
    "inject_text",
    "label_of",
    "remarks",
    "sources",
]

MOST_IDS = 3


def casualties(dead: tuple[tuple[str, int], ...], claimed: int, target: str | None) -> str:
    """Say who died of a blow, and what was claimed where that is more; empty where nobody did."""
    total = sum(count for _, count in dead)
    more = []
    if len(dead) > 1:
        more.append(", ".join(f"{count:,} {who}" for who, count in dead))
    elif dead and dead[0][0] != target:
        more.append(dead[0][0])
    if claimed > total:
        more.append(f"{claimed:,} claimed")
    if not total and not more:
        return ""
    return f"† {total:,}" + (f" ({'; '.join(more)})" if more else "")


def label_of(point: Point, usual: str | None, *, brief: bool = False) -> str:
    """Return what stands beside a marker; empty where the marker says it all.

    In brief there is no more than how many died.
    """
    name = point.event if point.event is not None and point.rung >= FORCE else ""
    target = f"→ {point.target}" if point.target not in (None, usual) else ""
    dead = casualties(point.dead, point.claimed, point.target)
    if brief:
        dead = f"† {dead_of(point):,}" if point.dead else ""
    return " ".join(part for part in (name, target, dead) if part)


def dead_of(point: Point) -> int:
    """Count the dead of a blow, whoever they were."""
    return sum(count for _, count in point.dead)


def sources(statements: tuple[str, ...], width: int) -> str:
    """List the first statements, and count the rest."""
    more = len(statements) - MOST_IDS
    text = ", ".join(statements[:MOST_IDS]) + (f" and {more} more" if more > 0 else "")
    return textwrap.fill(text, width, break_on_hyphens=False)


def balanced(text: str, most: int) -> str:
    """Wrap a text into as few lines as may be, of much the same length."""
    lines = len(textwrap.wrap(text, most))
    widths = range(most // 2, most + 1)
    narrow = next(width for width in widths if len(textwrap.wrap(text, width)) == lines)
    return textwrap.fill(text, narrow)


def inject_text(inject: Inject) -> str:
    """Return what stands beside an inject."""
    dead = casualties(inject.dead, 0, None)
    return f"{inject.label} {dead}".strip()


def remarks(unlikely: bool, hidden: bool, worst: bool, unsaid: int) -> list[str]:
    """Say what a reader has to know of the labels.

    Parameters
    ----------
    unlikely : bool
        Whether a note calls a move one against the odds.
    hidden : bool
        Whether labels say less than they could.
    worst : bool
        Whether those of the worst blows say all.
    unsaid : int
        Labels that found no room.
    """
    said = []
    if unlikely:
        odds = f"{100 * UNLIKELY:g}%"
        said.append(f"Against the odds: with a probability below {odds} when it was decided.")
    if hidden:
        where = "only beside the worst blows" if worst else "left out for want of room"
        said.append(f"Whose dead, and how many were claimed: {where}.")
    if unsaid:
        labels = "1 small label" if unsaid == 1 else f"{unsaid} small labels"
        said.append(f"{labels} left out for want of room.")
    return said
