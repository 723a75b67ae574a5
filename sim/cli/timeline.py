"""A history as a timeline: what happened, how high it was, and the rules that weighed most."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

import click

from sim.cli.dates import Calendar
from sim.cli.ending import ended
from sim.cli.passages import values_in_place
from sim.cli.screen import BOLD, DIM, PLAIN, Screen, rung_style
from sim.written import UNLIKELY, Teller, percent, together, weighty

if TYPE_CHECKING:
    from sim import Event, Explanation, History

__all__ = ["Timeline"]

CELLS_PER_RUNG = 0.1


class Timeline:
    """Tells one history in lines.

    Parameters
    ----------
    history : History
    screen : Screen
    """

    def __init__(self, history: History, screen: Screen) -> None:
        self.history = history
        self.screen = screen
        scenario = history.scenario
        self.teller = Teller(scenario)
        self.shorts, self.labels = self.teller.shorts, self.teller.labels
        begin = min([scenario.start, *(event.date for event in history.opening)])
        last = scenario.start + timedelta(days=scenario.horizon_days)
        self.calendar = Calendar(begin, last)
        # Number, gap, date, gap: where bars begin and quiet lines too.
        self.margin = " " * (5 + len(self.calendar.moment(begin)) + 2)
        self.name_width = max(len(short) for short in self.shorts.values())

    def lines(self) -> Iterator[str]:
        """Give the whole timeline, line by line."""
        yield from self._header()
        if self.history.opening:
            yield ""
            yield click.style("Before", **BOLD)
            for event, others in together(self.history.opening):
                yield from self._event(event, others)
        yield ""
        yield from self._legend()
        k = 0
        for event, others in together(self.history.events):
            if event.rung is None:
                yield from self._event(event, others)
            else:
                k += 1
                explanation = self.history.explain(k)
                yield from self._event(event, (), explanation)
                yield from self._because(explanation)
        yield ""
        yield from ended(self.history, self.screen, self.calendar)

    def _header(self) -> Iterator[str]:
        scenario, flow = self.history.scenario, self.screen.flow
        yield from flow("", "", (scenario.title, BOLD))
        yield from flow("", "", (scenario.asks, PLAIN))
        story = (
            f"{scenario.crisis.title}. From {Calendar.full(scenario.start)} on, "
            f"{scenario.horizon_days:g} days at most; {scenario.crisis.clock}. "
            f"Seed {self.history.seed}{self._replicate()}."
        )
        yield from flow("", "", (story, DIM))
        yield from values_in_place(scenario, self.screen)

    def _replicate(self) -> str:
        return f", replicate {self.history.replicate}" if self.history.replicate else ""

    def _legend(self) -> Iterator[str]:
        yield click.style("From the start", **BOLD)
        text = (
            "The bar is the rung, 0 to 10. At the right, how probable the move was among all that "
            "the actor could do. Below it, the rules that weighed most for it, with what each "
            "added to its utility in logits, and in brackets the statements behind the rule. "
            f"'for it:' in place of 'because': the move was below {UNLIKELY:.0%}; chance made it."
        )
        yield from self.screen.flow("", "", (text, DIM))

    def _event(
        self, event: Event, others: Sequence[Event] = (), explanation: Explanation | None = None
    ) -> Iterator[str]:
        if event.rung is None:
            yield from self._quiet(event, others)
            return
        chance, number = "", ""
        if explanation is not None:
            number = str(explanation.number)
            probability = explanation.options[explanation.chosen].probability
            chance = percent(probability)
        bar = self.screen.bar(event.rung * CELLS_PER_RUNG)
        date = self.calendar.moment(event.date)
        head = f"{number:>3}  {date}  "
        before = f"{head}{bar}  {self.shorts[event.actor]:<{self.name_width}}  "
        target = self.shorts[event.target] if event.target else None
        told = self.screen.option(self.labels[event.move], target)
        indent = " " * len(before)
        first, *rest = self.screen.flow(before, indent, (told, BOLD), right=6 if chance else 0)
        gap = " " * (self.screen.width - len(click.unstyle(first)) - len(chance)) if chance else ""
        yield (first + gap + click.style(chance, **DIM)).replace(
            bar, click.style(bar, **rung_style(event.rung)), 1
        )
        yield from rest
        if detail := self.teller.detail(event):
            yield from self.screen.flow(self.margin, self.margin, (detail, PLAIN))

    def _quiet(self, event: Event, others: Sequence[Event]) -> Iterator[str]:
        """Tell of an assessment or an inject; the end has a paragraph of its own."""
        if told := self.teller.quiet(event, others):
            head = f"     {self.calendar.moment(event.date)}  "
            style = DIM if event.kind == "assessment" else PLAIN
            yield from self.screen.flow(head, self.margin, (told, style))

    def _because(self, explanation: Explanation) -> Iterator[str]:
        shares = weighty(explanation)
        if not shares:
            told = "no rule spoke for it: the actor's own inclination, and chance"
            yield from self.screen.flow("     ", "     ", (told, DIM))
        # What was so unlikely, chance made and not its reasons.
        probability = explanation.options[explanation.chosen].probability
        lead = "     because " if probability >= UNLIKELY else "     for it: "
        for n, share in enumerate(shares):
            yield from self.screen.flow(
                lead if n == 0 else "     and     ",
                " " * 13,
                (f"{share.says} {share.logits:+.1f}", PLAIN),
                (f"[{', '.join(share.statements)}]", DIM),
            )
