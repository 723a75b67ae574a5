"""How each part of a scenario fills its fields of the kernel's PARAMS record."""

from __future__ import annotations

import math
import zlib
from collections.abc import Mapping

import numpy as np

from sim.crisis.covariates import HALF_LIVES
from sim.crisis.scenario import DRAWN, OpeningEvent, Scenario
from sim.engines.assembly import INDEX, Assembly, Option, RuleRow
from sim.kernel import layout as at

_DECAY_INDEX = {**INDEX, "line": at.LINE, "urgency": at.URGENCY}


def lay_moves(params: np.record, scenario: Scenario) -> None:
    """Fill the ladder: what each move is, and what it does when it lands."""
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


def lay_actors(params: np.record, scenario: Scenario, names: list[str]) -> None:
    """Fill the actors' numbers, what they think of each other, and how fast things fade."""
    judged = scenario.crisis.propensities
    pair, decay = params.pair, params.decay
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
            pair[at.PAIR_EXPECTS, i, j] = actor.expects.get(other, 0.0)
            pair[at.PAIR_PRIOR, i, j] = actor.hostile_intent.get(other, 0.0)
            launch += actor.launches_from.get(other, 0.0)
            pair[at.PAIR_LAUNCH, i, j] = launch
            pair[at.PAIR_PARTNER, i, j] = other in actor.partners
        for name in HALF_LIVES:
            half_life = judged.half_life(actor.id, name)
            decay[i, _DECAY_INDEX[name]] = math.log(2.0) / half_life


def lay_options(
    params: np.record, scenario: Scenario, options: tuple[tuple[Option, ...], ...]
) -> None:
    """Fill the options and their base propensities."""
    option_rows, propensity = params.option, params.propensity
    moves = {move.id: m for m, move in enumerate(scenario.crisis.moves)}
    actors = {actor.id: i for i, actor in enumerate(scenario.crisis.actors)}
    for i, (actor, own) in enumerate(zip(scenario.crisis.actors, options, strict=True)):
        params.n_options[i] = len(own)
        base = scenario.crisis.propensities.base[actor.id]
        for o, option in enumerate(own):
            target = i if option.target is None else actors[option.target]
            option_rows[i, o] = moves[option.move], target
            propensity[i, o] = base[option.move] if o else 0.0


def lay_rules(
    params: np.record,
    scenario: Scenario,
    rows: tuple[RuleRow, ...],
    options: tuple[tuple[Option, ...], ...],
) -> int:
    """Lay the rules out with the weights in force, sparsely by option; return how many terms."""
    crisis, weights = scenario.crisis, scenario.weights
    directed = {move.id: move.directed for move in crisis.moves}
    names = [actor.id for actor in crisis.actors]
    factor = {rule.id: weights.of_rule(rule, crisis.statements) for rule in crisis.rules}
    pulls: dict[tuple[str, str, str | None], list[tuple[int, float]]] = {}
    rule_rows, slopes, first = [], [], [0] * (len(names) + 1)
    for q, row in enumerate(rows):
        rule = row.rule
        rule_rows.append((INDEX[rule.when], names.index(row.toward)))
        slopes.append(1.0 / rule.scale)
        first[names.index(rule.actor) + 1] += 1
        for move, weight in rule.moves.items():
            target = (rule.against or row.toward) if directed[move] else None
            pull = q, weight * factor[rule.id]
            pulls.setdefault((rule.actor, move, target), []).append(pull)
    params.rule[: len(rows)] = np.reshape(rule_rows, (-1, 2))
    params.rule_slope[: len(rows)] = slopes
    params.rule_first[: len(first)] = np.cumsum(first)
    return _lay_terms(params, names, options, pulls)


def _lay_terms(
    params: np.record,
    names: list[str],
    options: tuple[tuple[Option, ...], ...],
    pulls: Mapping[tuple[str, str, str | None], list[tuple[int, float]]],
) -> int:
    term_first = params.term_first
    terms: list[tuple[int, float]] = []
    for i, actor in enumerate(names):
        for o, option in enumerate(options[i]):
            term_first[i, o] = min(len(terms), at.MAX_TERMS)
            # A rule toward each other actor weighs only where the actor has the move.
            terms += pulls.get((actor, option.move, option.target), ())
            term_first[i, o + 1] = min(len(terms), at.MAX_TERMS)
    laid = terms[: at.MAX_TERMS]
    params.term_rule[: len(laid)] = [q for q, _ in laid]
    params.term_weight[: len(laid)] = [weight for _, weight in laid]
    return len(terms)


def lay_places(params: np.record, scenario: Scenario, names: list[str]) -> None:
    """Fill the places, and where each move at each target falls."""
    places = scenario.crisis.places
    for p, place in enumerate(places):
        shares = place.shares()
        params.soil[p] = names.index(place.soil)
        params.exposure[p] = place.exposure
        params.forces[p, : len(names)] = np.cumsum([shares.get(name, 0.0) for name in names])
    falls = params.falls
    for i, target in enumerate(names):
        for m, move in enumerate(scenario.crisis.moves):
            weights = np.array([place.hit(target, move.id) for place in places])
            if weights.sum() > 0.0:
                falls[i, m, : len(places)] = np.cumsum(weights) / weights.sum()


def _address(name: str) -> int:
    """Give an event's random numbers an address by its id, so that adding one moves nobody's."""
    return zlib.crc32(name.encode())


def lay_event(params: np.record, e: int, event: OpeningEvent, assembly: Assembly) -> None:
    """Fill row `e` of the opening."""
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


def lay_injects(params: np.record, assembly: Assembly) -> int:
    """Lay out the injects, and return the number of their effects.

    One that is off never comes of itself, but a fork may let it happen.
    """
    names = assembly.actors
    effects = 0
    for x, inject in enumerate(assembly.injects):
        params.inject[x] = (
            assembly.day(inject.at) if inject.on and inject.at is not None else -1.0,
            inject.rate if inject.on and inject.rate is not None else 0.0,
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
