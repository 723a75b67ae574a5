"""What a report says of a scenario before anything is simulated: story, evidence, limits."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

from sim.analysis.dates import Calendar, days_in_words, shown
from sim.analysis.report import Fact, Happened, Opening, Passage, Said, Voice
from sim.analysis.telling import Teller, together
from sim.crisis import Scenario
from sim.crisis.background import passages
from sim.crisis.citations import citations
from sim.crisis.experiment import ELICITED
from sim.crisis.statements import NOBODY
from sim.engines.log import EventLog

if TYPE_CHECKING:
    from sim.analysis.studied import Studied

__all__ = [
    "assumptions",
    "calendar_of",
    "caveat",
    "evidence",
    "limits",
    "opening_of",
    "study_limits",
]

#: What cites a statement, by the first word of its dotted head.
INFORMS = {"rules": "rule", "opening": "opening event", "injects": "inject"}


def opening_of(log: EventLog) -> Opening:
    """Tell what the crisis is, what has happened before the start, and what was overridden."""
    scenario = log.assembly.scenario
    crisis = scenario.crisis
    actors = _joined(
        [a.name if a.name == a.short else f"{a.name} ({a.short})" for a in crisis.actors]
    )
    story = [
        f"{crisis.title}.",
        f"{len(crisis.actors)} states decide: {actors}."
        if len(crisis.actors) > 1
        else f"A single state decides: {actors}.",
        f"Histories begin on {Calendar.full(scenario.start)} and are broken off after "
        f"{days_in_words(scenario.horizon_days)} at the latest; dates are {crisis.clock}.",
    ]
    on = [inject.says for inject in scenario.injects if inject.on]
    if on:
        story.append(f"From outside comes: {'; '.join(on)}.")
    return Opening(
        tuple(_background(scenario)),
        tuple(story),
        tuple(_happened(log)),
        _changed(scenario),
        crisis.source,
    )


def _background(scenario: Scenario) -> Iterator[Passage]:
    """Give the background with the lines of the statements that it rests on, each line once."""
    statements = scenario.crisis.statements
    for text, names in passages(scenario.background or ""):
        first = {statements[name].line: name for name in reversed(names)}
        yield Passage(text, tuple((first[line], line) for line in sorted(first)))


def calendar_of(scenario: Scenario) -> Calendar:
    """Make what writes the dates of a scenario's histories."""
    first = min([scenario.start, *(event.date for event in scenario.opening)])
    return Calendar(first, scenario.start + timedelta(days=scenario.horizon_days))


def _happened(log: EventLog) -> Iterator[Happened]:
    """Tell the opening event by event; a history has them in the order of the scenario."""
    scenario = log.assembly.scenario
    teller, calendar = Teller(scenario), calendar_of(scenario)
    because = iter(event.because for event in scenario.opening)
    for event, others in together(log.opening):
        when = calendar.moment(event.date).strip()
        if event.kind == "move":
            yield Happened(when, teller.move(event), teller.detail(event), tuple(next(because)))
        else:
            yield Happened(when, teller.quiet(event, others), "", ())


def _changed(scenario: Scenario) -> tuple[Fact, ...]:
    return tuple(
        Fact(path, f"{shown(value)} ({shown(scenario.replaced[path])} before)")
        for path, value in scenario.overrides.items()
    )


def evidence(scenario: Scenario) -> tuple[Voice, ...]:
    """List the statements by actor, each with its line and what it informs."""
    crisis = scenario.crisis
    informs = citations(scenario)
    voices = []
    names = {actor.id: actor.name for actor in crisis.actors} | {NOBODY: "Reported facts"}
    for actor, name in names.items():
        said = tuple(
            Said(
                statement.id,
                statement.speaker,
                statement.line,
                statement.kind.replace("-", " "),
                statement.strength,
                statement.says,
                _informs(informs[statement.id], scenario.weights.logits(statement) > 0),
            )
            for statement in crisis.statements.values()
            if statement.actor == actor
        )
        if said:
            voices.append(Voice(name, said))
    return tuple(voices)


def _informs(heads: Sequence[str], counts: bool) -> str:
    """Say what a statement informs: how many rules, events and numbers."""
    if not counts:
        return "left out here"
    found: dict[str, int] = {}
    for head in heads:
        kind = INFORMS.get(head.partition(".")[0], "number")
        found[kind] = found.get(kind, 0) + 1
    told = [f"{n} {kind}{'s' if n > 1 else ''}" for kind, n in found.items()]
    return f"informs {_joined(told)}" if told else "informs nothing"


def assumptions(scenario: Scenario) -> tuple[str, ...]:
    """Say how histories come about, with the numbers of this crisis."""
    crisis = scenario.crisis
    war, settlement = crisis.war, crisis.settlement
    each = f"{war.major_strikes} major strike{'s' if war.major_strikes > 1 else ''}"
    return (
        "Time is continuous. Each state comes to decisions at random moments, sooner when it has "
        "just been harmed; weighs every move that it may make against every other state; and "
        "picks one at random, the likelier the more speaks for it.",
        f"What speaks for and against a move are {len(crisis.rules)} rules, coded from "
        f"{len(crisis.statements)} reported statements; a rule pulls by its weight, in logits, as "
        "far as what it turns on is there.",
        "A move has consequences that everybody weighs next: harm, dead, grievances opened and "
        "settled, lines crossed, signals seen.",
        f"A history ends in open war when somebody goes to it, or two states have each made {each} "
        f"on the other within {days_in_words(war.within_days)}; in a settlement after "
        f"{days_in_words(settlement.quiet_days)} without force or threat, once no grievance is "
        f"above {settlement.grievance_floor:g}; else at the horizon, day "
        f"{scenario.horizon_days:g}.",
        "Numbers that no statement supports are judged: base propensities, tempos, half-lives, "
        "what a move does. None is calibrated on past disputes.",
    )


def caveat(scenario: Scenario) -> str:
    """Say in two sentences what the numbers are not."""
    return (
        "This is no forecast: shares are the consequences of rules that were coded from one source "
        f"({scenario.crisis.source}) and of judged numbers that no past dispute has tested. "
        "Intervals say how sure the number of histories makes a share, not how right the rules are."
    )


def limits(scenario: Scenario) -> tuple[str, ...]:
    """Say what the model leaves out, and how far its numbers go."""
    return (
        "This is no forecast. Shares are consequences of stated assumptions; differences between "
        "variants say more than levels.",
        "Intervals say how sure the sample makes a number, at 95%, not how right the rules are.",
        f"The statements come from one source ({scenario.crisis.source}). Whoever is not quoted "
        "there is silent here, and parties that are no actors are absent.",
        "A state is a single actor, with one mind and one voice; proxies have no will of their "
        "own.",
        "Weights add up: rules that turn on the same thing stack, and are no independent evidence.",
        "A blow falls on one place, and the size of a move is fixed. Claims are believed at home "
        "and nowhere else; the dead are learnt exactly.",
        "A settlement is quiet and not an agreement, and the horizon cuts off what would come.",
    )


def study_limits(study: Studied) -> tuple[str, ...]:
    """Say what the design leaves out."""
    if study.design != ELICITED:
        return ("What is no factor is held at the scenario’s own value at every design point.",)
    return (
        "The spreads of the weights are elicited by a rule of thumb and independent of one "
        "another, while a coder who overrates one threat will overrate another.",
        "Base propensities, half-lives, tempos and lethalities are held at their judged values.",
    )


def _joined(words: Sequence[str]) -> str:
    """Join words as a sentence does."""
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)
