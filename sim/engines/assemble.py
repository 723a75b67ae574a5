"""From a scenario's names to the kernel's flat records, and back.

`assemble` lays a scenario out as a PARAMS record, and another one for each phase that its injects
may begin; the returned `Assembly` keeps the names by which their rows can be told to a reader.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from sim.crisis.interventions import changed_by
from sim.crisis.record import Map
from sim.crisis.rules import EACH
from sim.crisis.scenario import Inject, Scenario
from sim.engines.assembly import DAY, INDEX, Assembly, Option, RuleRow
from sim.engines.filling import (
    lay_actors,
    lay_event,
    lay_injects,
    lay_moves,
    lay_options,
    lay_places,
    lay_rules,
)
from sim.errors import InputError
from sim.kernel import layout as at

__all__ = ["DAY", "INDEX", "Assembly", "Option", "RuleRow", "arm", "assemble"]


def _check_limits(sizes: dict[str, tuple[int, int]], scenario: Scenario) -> None:
    for what, (size, most) in sizes.items():
        if size > most:
            raise InputError(
                f"{size} {what} are too many", file=scenario.name, allowed=f"at most {most}"
            )


def _options(scenario: Scenario) -> tuple[tuple[Option, ...], ...]:
    """List each actor's options, hold first, then by rung and target."""
    rank = {move.id: place for place, move in enumerate(scenario.crisis.moves)}
    order = {actor.id: place for place, actor in enumerate(scenario.crisis.actors)}
    order[""] = -1
    table = []
    for actor in scenario.crisis.actors:
        listed = sorted(actor.options(), key=lambda pair: (rank[pair[0]], order[pair[1] or ""]))
        table.append((Option("hold", None), *(Option(move, target) for move, target in listed)))
    return tuple(table)


def _rows(scenario: Scenario) -> tuple[RuleRow, ...]:
    """List the rule rows actor by actor; a rule toward each other actor takes a row for each.

    Rows of one actor are sorted by what they read, which the kernel relies on for its speed.
    """
    actors = [actor.id for actor in scenario.crisis.actors]
    rows = []
    for actor in actors:
        own = []
        for rule in scenario.crisis.rules:
            if rule.actor == actor:
                others = [other for other in actors if other != actor]
                for toward in others if rule.toward == EACH else [rule.toward]:
                    own.append(RuleRow(rule, toward))
        rows += sorted(own, key=lambda row: (INDEX[row.rule.when], actors.index(row.toward)))
    return tuple(rows)


def assemble(scenario: Scenario) -> Assembly:
    """Lay a scenario out for the kernel.

    Parameters
    ----------
    scenario : Scenario

    Returns
    -------
    Assembly
        Holds no state: any number of histories may share it.

    Raises
    ------
    InputError
        Where the crisis is larger than the kernel's limits (see `sim.kernel.layout`), or the values
        of several injects do not go together.
    """
    return _assembled(scenario, [Map()], [inject for inject in scenario.injects if inject.on])


def arm(assembly: Assembly, inject: Inject) -> Assembly:
    """Return an assembly in which an inject that is off may happen, though not of itself.

    The phases that there are keep their numbers: a state of the one is a state of the other.
    """
    known = list(assembly.values)
    if all({**values, **inject.set} in known for values in known):
        return assembly
    armed = [
        other for other in assembly.injects if any(other.set.items() <= v.items() for v in known)
    ]
    return _assembled(assembly.scenario, known, [*armed, inject])


def _phases(
    scenario: Scenario, known: Sequence[Map[str, object]], armed: Sequence[Inject]
) -> tuple[Map[str, object], ...]:
    """List what is set in each phase: the known ones, and all that injects lead to from there."""
    values = list(known)
    for before in values:
        for inject in armed:
            after = Map({**before, **inject.set})
            if after not in values:
                values.append(after)
        if len(values) > at.MAX_PHASES:
            most = at.MAX_PHASES.bit_length() - 1
            raise InputError(
                "too many injects set values", file=scenario.name, allowed=f"at most {most} at once"
            )
    return tuple(values)


def _assembled(
    scenario: Scenario, known: Sequence[Map[str, object]], armed: Sequence[Inject]
) -> Assembly:
    crisis = scenario.crisis
    options = _options(scenario)
    values = _phases(scenario, known, armed)
    assembly = Assembly(
        scenario,
        np.zeros(len(values), at.PARAMS).view(np.recarray),
        values,
        tuple(actor.id for actor in crisis.actors),
        tuple(move.id for move in crisis.moves),
        tuple(place.id for place in crisis.places),
        scenario.injects,
        options,
        _rows(scenario),
    )
    sizes = {
        "actors": (len(assembly.actors), at.MAX_ACTORS),
        "moves": (len(assembly.moves), at.MAX_MOVES),
        "options of one actor": (max(map(len, options)), at.MAX_OPTIONS),
        "rules, counted once for each actor they are read toward": (
            len(assembly.rows),
            at.MAX_RULES,
        ),
        "places": (len(assembly.places), at.MAX_PLACES),
        "opening events": (len(scenario.opening), at.MAX_OPENING),
        "injects": (len(scenario.injects), at.MAX_INJECTS),
    }
    _check_limits(sizes, scenario)
    for k, own in enumerate(values):
        _lay(assembly.phases[k], changed_by(scenario, own), assembly)
        for x, inject in enumerate(scenario.injects):
            after = Map({**own, **inject.set})
            assembly.phases[k].inject_phase[x] = values.index(after) if after in values else k
    return assembly


def _lay(params: np.record, scenario: Scenario, assembly: Assembly) -> None:
    """Fill the record of one phase with what the scenario says in it."""
    crisis, names = scenario.crisis, list(assembly.actors)
    params.n = len(names)
    params.n_opening = len(scenario.opening)
    params.n_injects = len(assembly.injects)
    params.n_places = len(crisis.places)
    params.war_major = crisis.war.major_strikes
    judged = crisis.propensities
    params.world[:] = (
        crisis.harm.per_log_dead,
        crisis.notice.averts,
        crisis.war.within_days,
        crisis.settlement.quiet_days,
        crisis.settlement.grievance_floor,
        judged.repetition.brake,
        math.log(2.0) / judged.repetition.half_life,
        judged.prompt,
        scenario.horizon_days,
        judged.urgency_ceiling,
    )
    lay_moves(params, scenario)
    lay_actors(params, scenario, names)
    lay_options(params, scenario, assembly.options)
    lay_places(params, scenario, names)
    for e, event in enumerate(scenario.opening):
        lay_event(params, e, event, assembly)
    sizes = {
        "weights of rules": (
            lay_rules(params, scenario, _rows(scenario), assembly.options),
            at.MAX_TERMS,
        ),
        "effects of injects": (lay_injects(params, assembly), at.MAX_EFFECTS),
    }
    _check_limits(sizes, scenario)
    params.n_effects = sizes["effects of injects"][0]
