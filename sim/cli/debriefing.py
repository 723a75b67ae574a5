"""How a game went, in lines: the verdict, what would have been, and where players parted ways."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from sim.cli.dates import days_in_words
from sim.cli.ending import ended
from sim.cli.screen import BOLD, DIM, PLAIN, Style
from sim.cli.timeline import percent
from sim.written import share

if TYPE_CHECKING:
    from sim import Estimate
    from sim.cli.scene import Scene
    from sim.debriefs import Debrief, Parting, Verdict

__all__ = ["Debriefing"]

COLOURS: dict[str, Style] = {
    "won": {"fg": "green", "bold": True},
    "drawn": {"fg": "yellow", "bold": True},
    "lost": {"fg": "red", "bold": True},
}
ENDS = {"settlement": "a settlement", "horizon": "no settlement in time", "open_war": "open war"}
#: Of each outcome: its name, the unit of its numbers and their signs.
UNITS = {
    "settlement": ("settled", 100, "%", " points"),
    "open_war": ("open war", 100, "%", " points"),
    "dead": ("dead since the start", 1, "", ""),
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
        self.who = " and ".join(scene.shorts[player] for player in found.players)

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
        verdict, standings = self.found.verdict, self.found.standings
        word = f"You have {verdict.word}:" if verdict.word != "drawn" else "A draw:"
        yield from self.flow("", "", (word, COLOURS[verdict.word]), (f"{_ended(verdict)}.", PLAIN))
        yield from self.scene.counts()
        model = self.found.model
        word = "a draw" if model.word == "drawn" else model.word
        text = f"With the same luck, the model in place of {self.who}: {word}, {_ended(model)}."
        yield from self.flow("", "", (text, PLAIN))
        shares = {
            name: _share(getattr(standings, name))
            for name in ("worse", "level", "better", "won", "lost")
        }
        text = (
            f"Of {standings.won.n:,} other courses from the same start, all decided by the model, "
            f"{shares['won']} were won and {shares['lost']} lost. {shares['worse']} ended worse "
            f"than yours, {shares['better']} better, {shares['level']} just like it."
        )
        yield from self.flow("", "", (text, PLAIN))

    def _partings(self) -> Iterator[str]:
        found = self.found
        if not found.decisions:
            text = f"{self.who} never came to a decision before the crisis ended."
            yield from self.flow("", "", (text, PLAIN))
            return
        yield from self.scene.head("Where you parted from the model, and what it cost")
        yield from self.flow("", "", (self._agreed(), PLAIN))
        looked = sum(parting.open_war is not None for parting in found.partings)
        if looked:
            text = (
                "Below: your choice, in brackets how likely it was for the model, and what the "
                "model did with the same luck. Then what either led to, in "
                f"{found.standings.won.n:,} futures each in which the model decides everything "
                "that follows; the range is of the difference (all of them together hold "
                "with 95%). Where zero lies in it, chance may be all of it."
            )
            if looked < len(found.partings):
                text += f" This for the {looked} choices that lie most rungs apart."
            yield from self.flow("", "", (text, DIM))
        for parting in found.partings:
            yield from self._parting(parting)

    def _agreed(self) -> str:
        """Say how many of the decisions were the model's own."""
        taken, parted = self.found.decisions, len(self.found.partings)
        if not parted:
            return "You decided just what the model did."
        if taken == 1:
            return "Your one decision was not the model's."
        return f"{taken - parted} of your {taken} decisions were the model's own."

    def _parting(self, parting: Parting) -> Iterator[str]:
        own, model = (self._named(option) for option in (parting.chosen, parting.model))
        who = "you" if len(self.found.players) == 1 else self.scene.shorts[parting.actor]
        head = f"  {self.scene.calendar.moment(parting.date)}  "
        likely = f"({percent(parting.probability).strip()})."
        yield from self.flow(
            head, "    ", (f"{who}: {own}", BOLD), (f"{likely} The model: {model}", PLAIN)
        )
        unclear = []
        war = self._war(parting.chosen) or self._war(parting.model)
        for name, pair in parting.costs().items():
            # The dead of a war itself lie beyond the model.
            if pair is None or (war and name == "dead"):
                continue
            word, unit, sign, points = UNITS[name]
            low, high = (unit * bound for bound in (pair.estimate.low, pair.estimate.high))
            if low <= 0 <= high:
                unclear.append(f"{word} {_range(low, high)}{points}")
                continue
            own, model = (f"{unit * value:.1f}{sign}" for value in (pair.other, pair.base))
            good = (low > 0) == (name == "settlement")
            style: Style = {"fg": "green" if good else "red"}
            text = f"{word} {own} instead of {model} ({_range(low, high)}{points})"
            yield from self.flow("    ", "      ", (text, style))
        if unclear:
            text = f"no clear difference: {'; '.join(unclear)}"
            yield from self.flow("    ", "      ", (text, DIM))

    def _war(self, option: str) -> bool:
        return self.found.history.scenario.crisis.move(option.split()[0]).war

    def _named(self, option: str) -> str:
        move, *target = option.split()
        return self.scene.named(move, *target)


def _ended(verdict: Verdict) -> str:
    dead = f"{verdict.dead or 'no'} dead since the start"
    if verdict.end == "open_war":
        dead += " and before the war itself"
    return f"{ENDS[verdict.end]} after {days_in_words(verdict.days)}, {dead}"


def _share(found: Estimate) -> str:
    told, interval = share(found.mean, found.low, found.high)
    return f"{told} ({interval})"


def _range(low: float, high: float) -> str:
    """Write an interval of a difference; a bound that is not zero is not written as zero.

    Examples
    --------
    >>> _range(-1.94, -0.04), _range(-0.3, 0.3)
    ('-1.9 to -0.04', '-0.3 to +0.3')
    """
    return f"{_signed(low)} to {_signed(high)}"


def _signed(value: float) -> str:
    digits = next((d for d in (1, 2, 3) if round(value, d)), 1)
    # Of nothing there is no less.
    return f"{round(value, digits) + 0.0:+.{digits}f}"
