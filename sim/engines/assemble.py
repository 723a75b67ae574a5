"""From a scenario's names to the kernel's flat records, and back.

`assemble` lays a scenario out as one PARAMS record; the returned `Assembly` keeps the names by
which its rows can be told to a reader.
"""

from __future__ import annotations

import math

from sim.crisis.rules import EACH
from sim.crisis.scenario import Scenario
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

__all__ = ["DAY", "INDEX", "Assembly", "Option", "RuleRow", "assemble"]


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
        Where the crisis is larger than the kernel's limits (see `sim.kernel.layout`).
    """
    crisis = scenario.crisis
    names = [actor.id for actor in crisis.actors]
    options = _options(scenario)
    rows = _rows(scenario)
    injects = scenario.injects
    _check_limits(
        {
            "actors": (len(names), at.MAX_ACTORS),
            "moves": (len(crisis.moves), at.MAX_MOVES),
            "options of one actor": (max(map(len, options)), at.MAX_OPTIONS),
            "rules, counted once for each actor they are read toward": (len(rows), at.MAX_RULES),
            "places": (len(crisis.places), at.MAX_PLACES),
            "opening events": (len(scenario.opening), at.MAX_OPENING),
            "injects": (len(injects), at.MAX_INJECTS),
        },
        scenario,
    )
    params = at.new_record(at.PARAMS)
    assembly = Assembly(
        scenario,
        params,
        tuple(names),
        tuple(move.id for move in crisis.moves),
        tuple(place.id for place in crisis.places),
        injects,
        options,
        rows,
    )
    params.n = len(names)
    params.n_opening = len(scenario.opening)
    params.n_injects = len(injects)
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
    lay_options(params, scenario, options)
    lay_places(params, scenario, names)
    for e, event in enumerate(scenario.opening):
        lay_event(params, e, event, assembly)
    sizes = {
        "weights of rules": (lay_rules(params, scenario, rows, options), at.MAX_TERMS),
        "effects of injects": (lay_injects(params, assembly), at.MAX_EFFECTS),
    }
    _check_limits(sizes, scenario)
    params.n_effects = sizes["effects of injects"][0]
    return assembly
