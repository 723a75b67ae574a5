"""From a scenario's names to the kernel's flat records, and back.

`assemble` lays a scenario out as one PARAMS record; the returned `Assembly` keeps the names by
which its rows can be told to a reader.
"""

from __future__ import annotations

import math
import zlib
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from sim.crisis.covariates import HALF_LIVES
from sim.crisis.record import Map
from sim.crisis.rules import EACH, Rule
from sim.crisis.scenario import DRAWN, Inject, OpeningEvent, Scenario
from sim.errors import InputError
from sim.kernel import layout as at

DAY = 86400.0

#: Kernel index of each covariate by name.
INDEX: Map[str, int] = Map(
    {
        "grievance": at.GRIEVANCE,
        "commitment": at.COMMITMENT,
        "line_crossed": at.LINE_CROSSED,
        "answered": at.ANSWERED,
        "dead": at.DEAD,
        "partners_dead": at.PARTNERS_DEAD,
        "no_dead": at.NO_DEAD,
        "awaiting_assessment": at.AWAITING,
        "hostile_intent": at.HOSTILE_INTENT,
        "restraint": at.RESTRAINT,
        "tension": at.TENSION,
        "mediation": at.MEDIATION,
        "sovereignty": at.SOVEREIGNTY,
        "host_used": at.HOST_USED,
        "exposed": at.EXPOSED,
        "warned": at.WARNED,
        "constant": at.CONSTANT,
    }
)
_DECAY_INDEX = {**INDEX, "line": at.LINE, "urgency": at.URGENCY}


@dataclass(frozen=True, slots=True)
class Option:
    """One thing an actor may do: a move against a target (None for undirected moves)."""

    move: str
    target: str | None

    def __str__(self) -> str:
        return self.move if self.target is None else f"{self.move} {self.target}"


@dataclass(frozen=True)
class RuleRow:
    """One row of the kernel's rules: a rule read toward one actor."""

    rule: Rule
    toward: str


@dataclass(frozen=True)
class Assembly:
    """A scenario laid out for the kernel, with the names of its rows.

    Attributes
    ----------
    scenario : Scenario
    params : PARAMS record
    actors, moves, places, injects : tuple of str
        Ids in the kernel's order.
    options : tuple of tuple of Option
        Options of each actor, in the order of the ladder; option 0 holds.
    rows : tuple of RuleRow
        What each rule row of the kernel stands for.
    """

    scenario: Scenario
    params: np.record
    actors: tuple[str, ...]
    moves: tuple[str, ...]
    places: tuple[str, ...]
    injects: tuple[Inject, ...]
    options: tuple[tuple[Option, ...], ...]
    rows: tuple[RuleRow, ...]

    def day(self, date: datetime) -> float:
        """Return days from the scenario's start to `date`."""
        return (date - self.scenario.start).total_seconds() / DAY


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


def _lay_moves(params: np.record, scenario: Scenario) -> None:
    for m, move in enumerate(scenario.crisis.moves):
        params.move[m] = (
            move.rung,
            move.deniable,
            move.notice,
            move.major,
            move.war,
            move.lethality,
            move.satisfaction,
            move.restraint,
            move.mediation,
            move.line,
            move.alarm,
        )
        params.blow[m] = (-1, -1, -1, move.provocation, move.munitions)


def _lay_actors(params: np.record, scenario: Scenario, names: list[str]) -> None:
    judged = scenario.crisis.propensities
    for i, actor in enumerate(scenario.crisis.actors):
        params.actor[i] = (
            judged.tempo[actor.id],
            judged.precision[actor.id],
            judged.urgency[actor.id],
            judged.attention[actor.id],
            actor.alert,
            actor.claims,
            actor.attribution,
            actor.passes_warning,
            actor.assessment_days,
        )
        launch = 0.0
        for j, other in enumerate(names):
            params.pair[at.PAIR_EXPECTS, i, j] = actor.expects.get(other, 0.0)
            params.pair[at.PAIR_PRIOR, i, j] = actor.hostile_intent.get(other, 0.0)
            launch += actor.launches_from.get(other, 0.0)
            params.pair[at.PAIR_LAUNCH, i, j] = launch
            params.pair[at.PAIR_PARTNER, i, j] = other in actor.partners
        for name in HALF_LIVES:
            half_life = judged.half_life(actor.id, name)
            params.decay[i, _DECAY_INDEX[name]] = math.log(2.0) / half_life


def _lay_options(
    params: np.record, scenario: Scenario, options: tuple[tuple[Option, ...], ...]
) -> None:
    moves = {move.id: m for m, move in enumerate(scenario.crisis.moves)}
    actors = {actor.id: i for i, actor in enumerate(scenario.crisis.actors)}
    for i, (actor, own) in enumerate(zip(scenario.crisis.actors, options, strict=True)):
        params.n_options[i] = len(own)
        base = scenario.crisis.propensities.base[actor.id]
        for o, option in enumerate(own):
            target = i if option.target is None else actors[option.target]
            params.option[i, o] = moves[option.move], target
            params.propensity[i, o] = base[option.move] if o else 0.0


def _lay_rules(
    params: np.record,
    scenario: Scenario,
    rows: tuple[RuleRow, ...],
    options: tuple[tuple[Option, ...], ...],
) -> int:
    """Lay the rules out, sparsely by option, and return the number of terms."""
    directed = {move.id: move.directed for move in scenario.crisis.moves}
    names = [actor.id for actor in scenario.crisis.actors]
    pulls: dict[tuple[str, Option], list[tuple[int, float]]] = {}
    for q, row in enumerate(rows):
        params.rule[q] = INDEX[row.rule.when], names.index(row.toward)
        params.rule_slope[q] = 1.0 / row.rule.scale
        for move, weight in row.rule.moves.items():
            target = (row.rule.against or row.toward) if directed[move] else None
            pulls.setdefault((row.rule.actor, Option(move, target)), []).append((q, weight))
    terms = 0
    for i, actor in enumerate(names):
        params.rule_first[i + 1] = params.rule_first[i] + sum(r.rule.actor == actor for r in rows)
        for o, option in enumerate(options[i]):
            params.term_first[i, o] = min(terms, at.MAX_TERMS)
            # A rule toward each other actor weighs only where the actor has the move.
            for q, weight in pulls.get((actor, option), ()):
                if terms < at.MAX_TERMS:
                    params.term_rule[terms] = q
                    params.term_weight[terms] = weight
                terms += 1
            params.term_first[i, o + 1] = min(terms, at.MAX_TERMS)
    return terms


def _lay_places(params: np.record, scenario: Scenario, names: list[str]) -> None:
    places = scenario.crisis.places
    for p, place in enumerate(places):
        shares = place.shares()
        params.soil[p] = names.index(place.soil)
        params.exposure[p] = place.exposure
        params.forces[p, : len(names)] = np.cumsum([shares.get(name, 0.0) for name in names])
    for i, target in enumerate(names):
        for m, move in enumerate(scenario.crisis.moves):
            weights = np.array([place.hit(target, move.id) for place in places])
            if weights.sum() > 0.0:
                params.falls[i, m, : len(places)] = np.cumsum(weights) / weights.sum()


def _address(name: str) -> int:
    """Number the random numbers of an event by its id, so that adding another moves nobody's."""
    return zlib.crc32(name.encode())


def _lay_event(params: np.record, e: int, event: OpeningEvent, assembly: Assembly) -> None:
    names = assembly.actors
    i = names.index(event.actor)
    target = i if event.target is None else names.index(event.target)
    m = assembly.moves.index(event.move)
    option = Option(event.move, event.target)
    own = assembly.options[i]
    params.opening[e] = (
        assembly.day(event.date),
        i,
        m,
        target,
        own.index(option) if option in own else -1,
        _address(event.id),
    )
    blow = params.blow[m].copy()
    if event.place is not None:
        blow[at.BLOW_PLACE] = assembly.places.index(event.place)
    if event.dead is not None and event.dead != DRAWN:
        blow[at.BLOW_DEAD] = 1.0
        params.opening_dead[e, target] = event.dead
        for other, dead in event.also_dead.items():
            params.opening_dead[e, names.index(other)] = dead
    if event.claimed is not None:
        blow[at.BLOW_CLAIMED] = event.claimed
    if event.provocation is not None:
        blow[at.BLOW_PROVOCATION] = event.provocation
    if event.munitions is not None:
        blow[at.BLOW_MUNITIONS] = event.munitions
    params.opening_blow[e] = blow


def _lay_injects(params: np.record, assembly: Assembly) -> int:
    """Lay out the injects, and return the number of their effects.

    One that is off keeps its row, so that events name the same inject whichever are on.
    """
    names = assembly.actors
    effects = 0
    for x, inject in enumerate(assembly.injects):
        if not inject.on:
            params.inject[x] = -1.0, 0.0, -1.0, 0.0
            continue
        params.inject[x] = (
            -1.0 if inject.at is None else assembly.day(inject.at),
            inject.rate or 0.0,
            -1 if inject.blamed is None else names.index(inject.blamed),
            _address(inject.id),
        )
        for name, dead in inject.dead.items():
            params.inject_dead[x, names.index(name)] = dead
        for effect in inject.effects:
            c = INDEX[effect.covariate]
            for i, name in enumerate(names):
                for j, other in enumerate(names):
                    # Undirected amounts are kept at [i, c, i].
                    here = (
                        i == j
                        if c in (at.TENSION, at.MEDIATION)
                        else (i != j and effect.toward in (None, other))
                    )
                    if here and effect.of in (None, name):
                        if effects < at.MAX_EFFECTS:
                            # What i is warned of is the line that j has drawn.
                            kept = (at.LINE, j, i) if c == at.WARNED else (c, i, j)
                            params.effect[effects] = x, *kept
                            params.effect_add[effects] = effect.add
                        effects += 1
    return effects


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
    _lay_moves(params, scenario)
    _lay_actors(params, scenario, names)
    _lay_options(params, scenario, options)
    _lay_places(params, scenario, names)
    for e, event in enumerate(scenario.opening):
        _lay_event(params, e, event, assembly)
    sizes = {
        "weights of rules": (_lay_rules(params, scenario, rows, options), at.MAX_TERMS),
        "effects of injects": (_lay_injects(params, assembly), at.MAX_EFFECTS),
    }
    _check_limits(sizes, scenario)
    params.n_effects = sizes["effects of injects"][0]
    return assembly
