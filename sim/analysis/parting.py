"""Where two histories part that share their luck: what differs first, which decision, and why.

The first difference is the first thing at all that is not the same: a move of the opening, what is
learnt of the dead, the moment of a decision, what was decided, what a blow did, the end.  The
parting is the earliest decision that takes another option, with decisions paired by actor and
count: such pairs meet the same random numbers, so nothing but what was weighed can part them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sim.analysis.explanation import Explanation, explain
from sim.analysis.odds import Contrast, Term, contrast
from sim.engines.log import Event, EventLog

__all__ = ["Difference", "Foremost", "Parting", "Step", "difference", "parting"]

#: Terms that move the log-odds by less are told together.
LEAST_SHIFT = 0.05
#: Probabilities below this, in both histories, are not worth a line.
LEAST_SEEN = 0.02
#: In what the same move may differ, in the order in which it is told.
MARKS = (
    "dead",
    "claimed",
    "place",
    "launched_from",
    "noticed",
    "attributed",
    "move",
    "target",
    "date",
    "actor",
)
#: What comes of itself and does not end a history.
COMING = ("assessment", "inject")


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that happens in a history: a decision, with its move, or what nobody decides.

    Attributes
    ----------
    day : float
    actor : str or None
        Who decides, or who learns of its dead.
    option : int or None
        What is decided, 0 to hold; None where nobody decides.
    event : Event or None
        The visible move, or the event; None for a decision to hold.
    """

    day: float
    actor: str | None
    option: int | None
    event: Event | None


@dataclass(frozen=True, slots=True)
class Difference:
    """The first thing that is not the same in two histories.

    Attributes
    ----------
    kind : str
        opening: a move of the opening; decision: another option at the same moment; consequences:
        the same move does other things; assessment: other dead are learnt of, or at another time;
        clock: a decision comes in one of them and not then in the other; inject: the same of an
        inject; end: one of them ends.
    day : float
        When, in days from the start.
    base, other : Step or None
        The same thing in each, as far as there is one: of a clock the same decision of the actor,
        of an assessment the next one of that actor, of an end the last thing that happens.
    """

    kind: str
    day: float
    base: Step | None
    other: Step | None

    @property
    def marks(self) -> tuple[str, ...]:
        """In which fields the move differs that both histories have here; none where one has it."""
        one, two = (step.event if step else None for step in (self.base, self.other))
        if one is None or two is None:
            return ()
        return tuple(mark for mark in MARKS if getattr(one, mark) != getattr(two, mark))


@dataclass(frozen=True, slots=True)
class Foremost:
    """What moved the odds, those apart that hardly did.

    Attributes
    ----------
    contrast : Contrast
    terms : tuple of Term
        Those to tell: all that moved them by `LEAST_SHIFT`, or the first.
    others : int
        How many more there are.
    shift : float
        How far those moved the log-odds together.
    least : float
        By which none of those did alone.
    """

    contrast: Contrast
    terms: tuple[Term, ...]
    others: int
    shift: float
    least: float = LEAST_SHIFT


@dataclass(frozen=True, slots=True)
class Parting:
    """The decision at which two histories part.

    Attributes
    ----------
    actor : str
    count : int
        Which of the actor's decisions it is, from 1.
    base, other : Explanation
        The decision in each history, in full.
    contrast : Contrast
        What moved the odds of what is taken in the other history against what is taken in the base.
    bound : Contrast or None
        What parts them; None where one of the two choices was imposed, and not the model's own.
        Options lie along the unit interval in the order of the ladder, and both decisions meet the
        same uniform: a bound of the stretch of what is taken in the base went past it.  So this is
        what moved the odds of all options beyond that bound, on the side of what is taken in the
        other, against the rest; those odds rise, whatever became of the two.
    """

    actor: str
    count: int
    base: Explanation
    other: Explanation
    contrast: Contrast
    bound: Contrast | None

    @property
    def taken(self) -> tuple[int, int]:
        """Which option is taken in the base, and which in the other."""
        return self.base.chosen, self.other.chosen

    def compared(self) -> list[tuple[int, float, float]]:
        """List options with their probability in the base and in the other.

        The two that are taken, then those that are not unlikely in both, the likeliest first.
        """
        pairs = zip(self.base.options, self.other.options, strict=True)
        rows = [
            (index, one.probability, two.probability)
            for index, (one, two) in enumerate(pairs)
            if index in self.taken or max(one.probability, two.probability) >= LEAST_SEEN
        ]
        return sorted(rows, key=lambda row: (row[0] not in self.taken, -max(row[1:])))

    def foremost(self) -> Foremost | None:
        """Tell what moved the bound, those terms apart that hardly did; None without a bound."""
        if self.bound is None:
            return None
        terms = self.bound.terms
        large = tuple(term for term in terms if abs(term.shift) >= LEAST_SHIFT) or terms[:1]
        rest = [term for term in terms if term not in large]
        return Foremost(self.bound, large, len(rest), sum(term.shift for term in rest))

    def to_dict(self) -> dict[str, Any]:
        """Return the fields, for JSON."""
        sides = {}
        for name, said in (("base", self.base), ("other", self.other)):
            option = said.options[said.chosen]
            sides[name] = {
                "day": said.day,
                "date": said.date.isoformat(),
                "move": option.move,
                "target": option.target,
                "number": said.number,
                "probability": option.probability,
                "probabilities": [[o.move, o.target, o.probability] for o in said.options],
            }
        return {
            "actor": self.actor,
            "count": self.count,
            **sides,
            "contrast": self.contrast.to_dict(self.base.options),
            "bound": self.bound.to_dict(self.base.options) if self.bound else None,
        }


def steps(log: EventLog) -> list[Step]:
    """Tell a history as one list, from the start on: decisions and what nobody decides."""
    made = iter([event for event in log.events if event.rung is not None])
    acted = set(log.acted)
    waiting = [Step(e.day, e.actor, None, e) for e in log.events if e.rung is None]
    told: list[Step] = []
    for index, decision in enumerate(log.decisions):
        # What is due at the same moment as a decision comes before it; the end comes after.
        while waiting and waiting[0].day <= decision.day and _kind_of(waiting[0]) in COMING:
            told.append(waiting.pop(0))
        event = next(made) if index in acted else None
        told.append(Step(decision.day, decision.actor, decision.option, event))
    return told + waiting


def difference(base: EventLog, other: EventLog) -> Difference | None:
    """Find the first thing that is not the same in two histories; None where everything is."""
    for one, two in zip(base.opening, other.opening, strict=False):
        if one != two:
            ours, theirs = (Step(e.day, e.actor, None, e) for e in (one, two))
            return Difference("opening", min(one.day, two.day), ours, theirs)
    first, second = steps(base), steps(other)
    only = (
        next((step for step in first if step not in second), None),
        next((step for step in second if step not in first), None),
    )
    if only == (None, None):
        return None
    in_base = only[1] is None or (only[0] is not None and only[0].day <= only[1].day)
    own, told = (first, second) if in_base else (second, first)
    step = only[0] if in_base else only[1]
    assert step is not None
    partner = _partner(step, own, told)
    pair = (step, partner) if in_base else (partner, step)
    return Difference(_kind(step, partner), step.day, *pair)


def _partner(step: Step, own: list[Step], others: list[Step]) -> Step | None:
    """Find what stands in the other history for a step that it does not have."""
    if step.option is not None:
        count = sum(s.option is not None for s in own[: own.index(step)] if s.actor == step.actor)
        decided = [s for s in others if s.option is not None and s.actor == step.actor]
        return decided[count] if count < len(decided) else None
    kind = _kind_of(step)
    if kind not in COMING:
        return others[-1]
    same = (s for s in others if s.option is None and s not in own and _kind_of(s) == kind)
    return next((s for s in same if s.actor == step.actor and kind == "assessment"), None)


def _kind(step: Step, partner: Step | None) -> str:
    """Say what kind of thing it is that differs."""
    if step.option is None:
        return _kind_of(step) if _kind_of(step) in COMING else "end"
    if partner is None or partner.day != step.day:
        return "clock"
    return "decision" if partner.option != step.option else "consequences"


def _kind_of(step: Step) -> str:
    return step.event.kind if step.event is not None else ""


def parting(base: EventLog, other: EventLog) -> Parting | None:
    """Find the decision at which two histories part; None where none does."""
    found: list[tuple[float, str, int, tuple[int, int]]] = []
    for actor in base.assembly.actors:
        own = [
            [k for k, decision in enumerate(log.decisions) if decision.actor == actor]
            for log in (base, other)
        ]
        for count, (a, b) in enumerate(zip(*own, strict=False), start=1):
            pair = base.decisions[a], other.decisions[b]
            if pair[0].option != pair[1].option:
                found.append((min(d.day for d in pair), actor, count, (a, b)))
                break
    if not found:
        return None
    order = base.assembly.actors.index
    _, actor, count, (a, b) = min(found, key=lambda one: (one[0], order(one[1])))
    told = _explained(base, a), _explained(other, b)
    one, two = told[0].chosen, told[1].chosen
    bound = None
    if all(said.chosen == said.model for said in told):
        first = one + 1 if two > one else one
        below, above = tuple(range(first)), tuple(range(first, len(told[0].options)))
        bound = contrast(*told, *((above, below) if two > one else (below, above)))
    return Parting(actor, count, *told, contrast(*told, (two,), (one,)), bound)


def _explained(log: EventLog, index: int) -> Explanation:
    number = log.acted.index(index) + 1 if index in log.acted else None
    return explain(log.assembly, log.decisions[index], number)
