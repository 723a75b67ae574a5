"""The debrief of ``escalation play``, in lines: the verdict, and where players parted ways."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from sim.cli.ending import ended
from sim.cli.screen import BOLD, DIM, PLAIN, Style
from sim.written import percent

if TYPE_CHECKING:
    from sim.cli.scene import Scene
    from sim.debriefs import Debrief, Parting

__all__ = ["Debriefing"]

COLOURS: dict[str, Style] = {
    "won": {"fg": "green", "bold": True},
    "drawn": {"fg": "yellow", "bold": True},
    "lost": {"fg": "red", "bold": True},
}


class Debriefing:
    """Tells how a game went.

    Parameters
    ----------
    found : Debrief
    scene : Scene
    """

    def __init__(self, found: Debrief, scene: Scene) -> None:
        self.found = found
        self.scene = scene
        self.flow = scene.screen.flow

    def lines(self) -> Iterator[str]:
        """Give the whole debrief, line by line."""
        found = self.found
        yield ""
        yield from self.scene.head("How it went")
        yield from ended(found.history, self.scene.screen, self.scene.calendar)
        yield ""
        yield from self._verdict()
        if found.secrets:
            yield ""
            yield from self.scene.head("What you could not know")
            for secret in found.secrets:
                yield from self.flow("  ", "    ", (secret, PLAIN))
        yield ""
        yield from self._partings()

    def _verdict(self) -> Iterator[str]:
        word, told = self.found.verdict_told()
        style = COLOURS[self.found.verdict.word]
        yield from self.flow("", "", (word, style), (told, PLAIN))
        yield from self.scene.counts()
        yield from self.flow("", "", (self.found.model_told(), PLAIN))
        yield from self.flow("", "", (self.found.standings_told(), PLAIN))

    def _partings(self) -> Iterator[str]:
        found = self.found
        if found.decisions:
            yield from self.scene.head("Where you parted from the model, and what it cost")
        yield from self.flow("", "", (found.agreed_told(), PLAIN))
        if told := found.partings_told():
            yield from self.flow("", "", (told, DIM))
        for parting in found.partings:
            yield from self._parting(parting)

    def _parting(self, parting: Parting) -> Iterator[str]:
        own, model = (self._named(option) for option in (parting.chosen, parting.model))
        who = "you" if len(self.found.players) == 1 else self.scene.shorts[parting.actor]
        head = f"  {self.scene.calendar.moment(parting.date)}  "
        likely = f"({percent(parting.probability).strip()})."
        yield from self.flow(
            head, "    ", (f"{who}: {own}", BOLD), (f"{likely} The model: {model}", PLAIN)
        )
        costs = self.found.costs(parting)
        for cost in costs:
            if cost.clear:
                style: Style = {"fg": "green" if cost.good else "red"}
                yield from self.flow("    ", "      ", (cost.text, style))
        if unclear := "; ".join(cost.text for cost in costs if not cost.clear):
            yield from self.flow("    ", "      ", (f"no clear difference: {unclear}", DIM))

    def _named(self, option: str) -> str:
        move, *target = option.split()
        return self.scene.named(move, *target)
