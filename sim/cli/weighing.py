"""A decision as a table: what every option weighed, and what each rule added to it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from sim.cli.dates import Calendar
from sim.cli.screen import BOLD, DIM, PLAIN, Screen
from sim.written import percent

if TYPE_CHECKING:
    from sim import Explanation, OptionShare, RuleShare, Scenario

__all__ = ["Weighing"]

NEGLIGIBLE = 0.01
RUNNERS_UP = 2
LONGEST_NAME = 24


class Weighing:
    """Tells one decision in lines.

    Parameters
    ----------
    explanation : Explanation
    scenario : Scenario
    screen : Screen
    everything : bool
        Whether to tell of every option in full.
    """

    def __init__(
        self, explanation: Explanation, scenario: Scenario, screen: Screen, everything: bool
    ) -> None:
        self.explanation = explanation
        self.scenario = scenario
        self.screen = screen
        self.everything = everything
        self.shorts = {actor.id: actor.short for actor in scenario.crisis.actors}
        self.labels = {move.id: move.label for move in scenario.crisis.moves}
        self.force = {move.id for move in scenario.crisis.moves if move.kinetic}
        self.chosen = explanation.options[explanation.chosen]
        self.options = sorted(explanation.options, key=lambda option: -option.probability)
        self.told: set[str] = set()

    def lines(self) -> Iterator[str]:
        """Give the whole table, and the rules of the options that mattered."""
        yield from self._header()
        yield ""
        yield from self._table()
        for option in self._in_full():
            yield ""
            yield from self._option(option)

    def _in_full(self) -> list[OptionShare]:
        """Choose the options to take apart: those that mattered, and force, used or not."""
        runners = [option for option in self.options if option is not self.chosen]
        if self.everything:
            return [self.chosen, *runners]
        likely = [option for option in runners if option.probability >= NEGLIGIBLE]
        told = [self.chosen, *likely[:RUNNERS_UP]]
        force = [option for option in self.options if option.move in self.force]
        return told if any(option in told for option in force) else told + force[:1]

    def _name(self, option: OptionShare) -> str:
        target = self.shorts[option.target] if option.target else None
        return self.screen.option(self.labels[option.move], target)

    def _header(self) -> Iterator[str]:
        flow, said = self.screen.flow, self.explanation
        actor = self.shorts[said.actor]
        when = f"{Calendar.full(said.date)} (day {said.day:.2f})"
        if said.number is None:
            title = f"A decision to hold, {when}: {actor}"
        else:
            title = f"Move {said.number}, {when}: {actor}, {self._name(self.chosen)}"
        yield from flow("", "", (title, BOLD))
        told = (
            f"One of {len(said.options)} options. Utility is base plus rules, in logits; "
            f"probability is softmax({said.precision:g} x utility)."
        )
        yield from flow("", "", (told, DIM))

    def _table(self) -> Iterator[str]:
        shown = [
            option
            for option in self.options
            if self.everything or option.probability >= NEGLIGIBLE or option is self.chosen
        ]
        rest = [option for option in self.options if option not in shown]
        blank = " " * len(self.screen.bar(0))
        # Two columns at the left for the mark of the chosen option, two before the numbers.
        width = self.screen.width - len(_row("", blank, "", "", "")) - 4
        if width < LONGEST_NAME:
            width, blank = width + len(blank) + 2, ""
        head = _row("", blank, "utility", "base", "rules")
        yield click.style(f"  {'':<{width}}  {head}", **DIM)
        for option in shown:
            numbers = _row(
                percent(option.probability),
                self.screen.bar(option.probability) if blank else "",
                f"{option.utility:+.2f}",
                f"{option.base:+.2f}",
                f"{option.utility - option.base:+.2f}",
            )
            mark = "> " if option is self.chosen else "  "
            style = BOLD if option is self.chosen else PLAIN
            yield click.style(f"{mark}{self._name(option)[:width]:<{width}}  {numbers}", **style)
        if rest:
            names = ", ".join(self._name(option) for option in rest)
            total = sum(option.probability for option in rest)
            told = f"{len(rest)} more with {percent(total).strip()} together: {names}."
            yield from self.screen.flow("  ", "  ", (told, DIM), ("--all shows them.", DIM))

    def _option(self, option: OptionShare) -> Iterator[str]:
        note = "chosen" if option is self.chosen else "not chosen"
        said = f"({note}, {percent(option.probability).strip()})"
        yield from self.screen.flow("", "  ", (self._name(option), BOLD), (said, DIM))
        base = "base propensity: judged, no statement"
        if option.move == "hold":
            base = "by definition: the others are measured against it"
        yield from self._share(option.propensity, base)
        if option.repetition:
            yield from self._share(option.repetition, "it has lately done the same")
        for share in option.rules:
            yield from self._share(share.logits, share.says, share.rule)
            yield from self._statements(share)
        if option.rules or option.repetition:
            yield click.style(f"= {option.utility:+6.2f}  utility", **BOLD)

    def _share(self, logits: float, says: str, rule: str = "") -> Iterator[str]:
        name = f"({rule})" if rule else ""
        yield from self.screen.flow(f"  {logits:+6.2f}  ", " " * 10, (says, PLAIN), (name, DIM))

    def _statements(self, share: RuleShare) -> Iterator[str]:
        """Paraphrase the statements of a rule, each once."""
        again = [name for name in share.statements if name in self.told]
        for name in share.statements:
            if name not in again:
                self.told.add(name)
                said = self.scenario.crisis.statements[name]
                text = f"{name}: {said.says} ({said.speaker}, line {said.line})"
                yield from self.screen.flow(" " * 10, " " * 12, (text, DIM))
        if again:
            told = f"{', '.join(again)}: as above"
            yield from self.screen.flow(" " * 10, " " * 12, (told, DIM))


def _row(chance: str, bar: str, utility: str, base: str, rules: str) -> str:
    numbers = f"{utility:>7}  {base:>6}  {rules:>6}"
    return f"{chance:>4}  {bar}  {numbers}" if bar else f"{chance:>4}  {numbers}"
