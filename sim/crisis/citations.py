"""Which statement informs what: no statement idle without a reason, no reason without cause."""

from __future__ import annotations

from collections.abc import Iterator

from sim.crisis.actors import ActorTable, PlaceTable
from sim.crisis.crisis import CrisisFile
from sim.crisis.draft import Draft
from sim.crisis.propensities import Propensities
from sim.crisis.record import Map
from sim.crisis.rules import Rule
from sim.crisis.scenario import Inject, OpeningEvent, Scenario
from sim.crisis.toml import read
from sim.errors import InputError

__all__ = ["check_citations", "citations"]

Cited = Iterator[tuple[str, str]]


def citations(scenario: Scenario) -> Map[str, tuple[str, ...]]:
    """Tell for each statement what it informs.

    Parameters
    ----------
    scenario : Scenario

    Returns
    -------
    mapping of str to tuple of str
        For every statement id, in the order of the file, the dotted heads of what cites it:
        ``rules.iran.account-settled``, ``actors.us.assessment_days``, ``places.al-asad``,
        ``precision.us``, ``notice``, ``opening.strike``, ``injects.rocket``. Empty for an
        unused statement.
    """
    crisis = scenario.crisis
    pairs = [
        *_crisis(crisis),
        *(p for a in crisis.actors for p in _actor(a.id, a)),
        *(p for place in crisis.places for p in _place(place.id, place)),
        *_rules(crisis.rules),
        *_propensities(crisis.propensities),
        *_events(scenario.opening, scenario.injects),
    ]
    return Map(
        {name: tuple(by for cited, by in pairs if cited == name) for name in crisis.statements}
    )


def _crisis(crisis: CrisisFile) -> Cited:
    for part in ("harm", "notice", "war", "settlement"):
        yield from ((name, part) for name in getattr(crisis, part).because)


def _actor(actor: str, table: ActorTable) -> Cited:
    for key, names in table.because.items():
        yield from ((name, f"actors.{actor}.{key}") for name in names)


def _place(place: str, table: PlaceTable) -> Cited:
    yield from ((name, f"places.{place}") for name in table.because)


def _rules(rules: tuple[Rule, ...]) -> Cited:
    for rule in rules:
        yield from ((name, f"rules.{rule.id}") for name in rule.because)


def _propensities(numbers: Propensities) -> Cited:
    for key, names in numbers.because.items():
        yield from ((name, key) for name in names)


def _events(opening: tuple[OpeningEvent, ...], injects: tuple[Inject, ...]) -> Cited:
    for event in opening:
        yield from ((name, f"opening.{event.id}") for name in event.because)
    for inject in injects:
        yield from ((name, f"injects.{inject.id}") for name in inject.because)


def _cited(draft: Draft) -> dict[str, str]:
    """Give every statement that the draft cites, with the first thing that cites it."""
    pairs = [
        *_crisis(draft.crisis),
        *(p for name, table in draft.actors.actors.items() for p in _actor(name, table)),
        *(p for name, table in draft.actors.places.items() for p in _place(name, table)),
        *_rules(draft.rules.rules),
        *_propensities(draft.propensities),
        *_events(draft.scenario.opening, draft.scenario.injects),
    ]
    return dict(reversed(pairs))


def check_citations(draft: Draft) -> None:
    """Raise InputError at a statement that is idle without a reason, or used despite one.

    A statement may serve an event that only another scenario on the crisis has: those beside
    the crisis's folder are looked through before a statement is called idle.
    """
    cited = _cited(draft)
    idle = []
    for name, statement in draft.evidence().items():
        if statement.unused is not None and name in cited:
            raise draft.where.error(
                "statements", (name, "unused"), f"is given, but {cited[name]} cites it"
            )
        if statement.unused is None and name not in cited:
            idle.append(name)
    if not idle or draft.folder is None:
        return
    beside = set(_cited_beside(draft))
    for name in idle:
        if name not in beside:
            raise draft.where.error(
                "statements",
                (name,),
                "informs no rule, number, opening event or inject",
                allowed="a statement that something cites, or unused = 'why'",
            )


def _cited_beside(draft: Draft) -> Iterator[str]:
    assert draft.folder is not None
    for path in sorted(draft.folder.parent.glob("*.toml")):
        try:
            content = read(path)
        except InputError:
            continue
        for table in ("opening", "injects"):
            items = content.get(table)
            for item in items if isinstance(items, list) else []:
                names = item.get("because") if isinstance(item, dict) else None
                yield from (n for n in names or [] if isinstance(n, str))
