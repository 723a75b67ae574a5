"""A decision as the actor that has to take it finds it: what it knows, believes and may do."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from sim.analysis.explanation import Explanation, RuleShare, explain
from sim.analysis.hearing import Ears, News
from sim.engines.actors import View
from sim.engines.log import EventLog
from sim.engines.replay import weighed
from sim.kernel import layout as at

__all__ = ["Choice", "Pull", "Situation", "Standing", "situation_of"]

#: Traces fade by halves; below this one is not worth a word.
FAINT = 0.3
#: A belief that would be written as nothing is none.
LEAST_BELIEF = 0.005
#: What an actor's covariate toward another one means to it, in the order in which it is told.
MEANINGS = {
    "awaiting_assessment": "you are still counting the dead of its last blow",
    "line_crossed": "it has done what you threatened to answer",
    "commitment": "you have promised to answer it",
    "answered": "you have answered its last blow",
    "no_dead": "its last blow killed nobody of yours",
    "sovereignty": "it has used force on your soil",
    "host_used": "blows on you were launched from its soil",
    "warned": "it threatens to answer if you strike",
    "restraint": "it has signalled restraint",
}
#: Digits of a score after the point: what is nearer to its floor is just above it.
MOST_DIGITS = 2
#: How many rules are named for an option, and how many against one.
MOST_PULLS = {1: 2, -1: 1}
#: A rule that moves the odds by less than half is no reason to name.
LEAST_LOGITS = 0.4


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing that the actor may do.

    Attributes
    ----------
    number : int
        By which it is chosen; 0 is to hold.
    move, target : str, str or None
    label : str
        The move in print.
    whom : str or None
        Short name of the target.
    says : str
        What the move is, in a few words.
    rung : int
    probability : float or None
        That the model, in the actor's place, would choose it now; None where that is hidden.
    rules : tuple of RuleShare
        What pulls the real actor towards it and away, the strongest first; hidden likewise.
    """

    number: int
    move: str
    target: str | None
    label: str
    whom: str | None
    says: str
    rung: int
    probability: float | None
    rules: tuple[RuleShare, ...]


@dataclass(frozen=True, slots=True)
class Pull:
    """The option at which a rule, coded from what was said at the time, pulls most.

    Attributes
    ----------
    choice : Choice
    rule : RuleShare
        Its logits are positive where it pulls towards the option.
    """

    choice: Choice
    rule: RuleShare


@dataclass(frozen=True, slots=True)
class Standing:
    """How things stand with one state, as the actor sees it.

    Attributes
    ----------
    actor, short : str
    dead : int
        Its dead as it has counted and said itself, those before the start included.
    counting : bool
        Whether it still counts the dead of a blow.
    hostile : float, 0..1
        The actor's belief that the other means to climb; 0 of itself.
    score : float
        Harm by the other that the actor has not answered; 1 is a strike that kills nobody.
    notes : tuple of str
        What the actor believes of the other, in words.
    """

    actor: str
    short: str
    dead: int
    counting: bool
    hostile: float
    score: float
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Situation:
    """A decision that is due, as its actor believes things to be.

    Attributes
    ----------
    actor, name, short : str
        Who decides.
    number : int
        Which of its decisions this is, from 1.
    day, date : float, datetime
    days_left : float
        Until the scenario's horizon.
    quiet_days, quiet_needed, floor : float
        Days since force was last used or threatened; how many a settlement takes, and the harm
        that may then be left unanswered.
    news : tuple of News
        What the actor has heard since it was last asked.
    own : Standing
    others : tuple of Standing
    options : tuple of Choice
        In the order of the ladder, after the one to hold.
    pulls : tuple of Pull
        The rules that weigh most for and against an option; none where that is hidden.
    """

    actor: str
    name: str
    short: str
    number: int
    day: float
    date: datetime
    days_left: float
    quiet_days: float
    quiet_needed: float
    floor: float
    news: tuple[News, ...]
    own: Standing
    others: tuple[Standing, ...]
    options: tuple[Choice, ...]
    pulls: tuple[Pull, ...]

    @property
    def dead(self) -> str:
        """The dead of each state as it has counted them, in a sentence."""
        counts = [("you", self.own), *((other.short, other) for other in self.others)]
        told = (f"{name} {s.dead}{' and counting' if s.counting else ''}" for name, s in counts)
        return f"Dead, as each has counted: {', '.join(told)}"

    @property
    def quiet(self) -> str:
        """How far a settlement is, in a sentence."""
        # Rounded down: what is not yet enough must not read as if it were.
        whole = math.floor(self.quiet_days * 10.0) / 10.0
        return (
            f"Quiet for {whole:.1f} days; a settlement takes {self.quiet_needed:g}, and "
            "no open score on any side"
        )


def situation_of(log: EventLog, view: View, since: float, blind: bool) -> Situation:
    """Describe the decision that is due.

    Parameters
    ----------
    log : EventLog
        The history so far.
    view : View
        What the actor can go by.
    since : float
        The day from which on events are news to it.
    blind : bool
        Whether to hide what the model would do.
    """
    scenario = log.assembly.scenario
    record = scenario.crisis.actor(view.actor)
    settlement = scenario.crisis.settlement
    standings = {actor: _standing(log, view, actor) for actor in log.assembly.actors}
    choices = _choices(log, view.actor, blind)
    return Situation(
        actor=view.actor,
        name=record.name,
        short=record.short,
        number=1 + sum(decision.actor == view.actor for decision in log.decisions),
        day=view.day,
        date=view.date,
        days_left=scenario.horizon_days - view.day,
        quiet_days=view.day - float(log.state.time[at.LAST_HOT]),
        quiet_needed=settlement.quiet_days,
        floor=settlement.grievance_floor,
        news=Ears(scenario, view.actor).hear(e for e in log.events if e.day >= since),
        own=standings.pop(view.actor),
        others=tuple(standings.values()),
        options=choices,
        pulls=_pulls(choices),
    )


def _standing(log: EventLog, view: View, actor: str) -> Standing:
    """Sum up what the actor that decides knows of itself or of another one."""
    i = log.assembly.actors.index(actor)
    seen = {name: values.get(actor, 0.0) for name, values in view.covariates.items()}
    notes = [text for name, text in MEANINGS.items() if seen[name] >= FAINT]
    floor = log.assembly.scenario.crisis.settlement.grievance_floor
    if seen["grievance"] > floor:
        notes.insert(0, f"your score with it is open ({_above(seen['grievance'], floor)})")
    if seen["hostile_intent"] >= LEAST_BELIEF:
        notes.insert(0, f"you give {seen['hostile_intent']:.0%} that it means to climb")
    return Standing(
        actor,
        log.assembly.scenario.crisis.actor(actor).short,
        int(log.state.known[i]),
        bool(np.isfinite(log.state.pending[i]).any()),
        seen["hostile_intent"],
        seen["grievance"],
        tuple(notes),
    )


def _above(score: float, floor: float) -> str:
    """Write a score above a floor so that it never reads as the floor itself.

    Examples
    --------
    >>> _above(1.26, 0.5), _above(0.52, 0.5), _above(0.5001, 0.5)
    ('1.3', '0.52', 'just above 0.5')
    """
    digits = next((d for d in range(1, MOST_DIGITS + 1) if round(score, d) > floor), None)
    return f"just above {floor:g}" if digits is None else f"{score:.{digits}f}"


def _choices(log: EventLog, actor: str, blind: bool) -> tuple[Choice, ...]:
    crisis = log.assembly.scenario.crisis
    said: Explanation = explain(log.assembly, weighed(log.assembly, log.state, actor))
    choices = []
    for number, option in enumerate(said.options):
        move = crisis.move(option.move)
        choices.append(
            Choice(
                number,
                move.id,
                option.target,
                move.label,
                crisis.actor(option.target).short if option.target else None,
                move.says,
                move.rung,
                None if blind else option.probability,
                () if blind else option.rules,
            )
        )
    return tuple(choices)


def _pulls(choices: tuple[Choice, ...]) -> tuple[Pull, ...]:
    """Find the rules that pull most towards an option and away from one, each rule once."""
    every = [
        Pull(choice, rule)
        for choice in choices
        for rule in choice.rules
        if abs(rule.logits) >= LEAST_LOGITS
    ]
    every.sort(key=lambda pull: -abs(pull.rule.logits))
    chosen: list[Pull] = []
    for sign, most in MOST_PULLS.items():
        told: set[str] = set()
        for pull in every:
            wanted = pull.rule.logits * sign > 0 and pull.rule.says not in told
            if wanted and len(told) < most:
                told.add(pull.rule.says)
                chosen.append(pull)
    return tuple(chosen)
