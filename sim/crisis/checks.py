"""Checks across the files of a crisis: every name that one uses is one that another gives."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sim.crisis.actors import ALONE, ActorTable
from sim.crisis.complaints import Key
from sim.crisis.covariates import HALF_LIVES
from sim.crisis.draft import Draft
from sim.crisis.propensities import DEFAULT, PER_ACTOR
from sim.crisis.rules import EACH, Rule
from sim.crisis.statements import NOBODY

__all__ = ["MOST_EXPECTED_DEAD", "check_crisis", "known", "known_statements"]

# The kernel draws deaths by Poisson inversion, which is exact up to this mean.
MOST_EXPECTED_DEAD = 500.0
RESERVED = (ALONE, DEFAULT, EACH, NOBODY)


def check_crisis(draft: Draft) -> None:
    """Raise InputError at the first name or number that does not fit the other files."""
    _ladder(draft)
    _actors(draft)
    _places(draft)
    _kinetic_options(draft)
    _statements(draft)
    _rules(draft)
    _propensities(draft)
    for part in ("harm", "notice", "war", "settlement"):
        known_statements(draft, "crisis", (part, "because"), getattr(draft.crisis, part).because)


def known(draft: Draft, kind: str, loc: Key, name: str, names: Iterable[str], what: str) -> None:
    """Raise InputError where `name` is not one of `names`."""
    names = list(names)
    if name not in names:
        raise draft.where.error(kind, loc, f"no such {what}: {name!r}", name=name, names=names)


def known_statements(draft: Draft, kind: str, loc: Key, names: Sequence[str]) -> None:
    """Raise InputError at the first of `names` that is no statement, or stands there twice."""
    for n, name in enumerate(names):
        known(draft, kind, (*loc, n), name, draft.evidence(), "statement")
        if name in names[:n]:
            raise draft.where.error(kind, (*loc, n), f"cites {name!r} twice")


def _others(draft: Draft, actor: str) -> list[str]:
    return [other for other in draft.actors.actors if other != actor]


def _ladder(draft: Draft) -> None:
    where, moves = draft.where, draft.ladder.moves
    for n, move in enumerate(moves):
        if move.id in [m.id for m in moves[:n]]:
            raise where.error("ladder", ("moves", n, "id"), f"duplicate id {move.id!r}")
        if n and move.rung < moves[n - 1].rung:
            raise where.error(
                "ladder",
                ("moves", n, "rung"),
                f"rung {move.rung} stands after rung {moves[n - 1].rung}",
                allowed="moves in the order of their rungs",
            )
        if move.kinetic and not move.directed:
            raise where.error(
                "ladder", ("moves", n, "directed"), "a kinetic move needs a target", allowed="true"
            )
        for name in ("munitions", "lethality", "deniable", "notice", "major", "war"):
            if getattr(move, name) and not move.kinetic:
                raise where.error(
                    "ladder",
                    ("moves", n, name),
                    f"only moves of rung 6 and up use force, {move.id} is of rung {move.rung}",
                )
    hold = draft.moves().get("hold")
    if hold is None:
        raise where.error("ladder", ("moves",), "there is no move 'hold'")
    if hold.directed or hold.rung != 1:
        raise where.error(
            "ladder",
            ("moves", moves.index(hold)),
            "hold is undirected and of rung 1",
            allowed="directed = false, rung = 1",
        )


def _actors(draft: Draft) -> None:
    for name, actor in draft.actors.actors.items():
        at: Key = ("actors", name)
        others = _others(draft, name)
        if name in RESERVED:
            raise draft.where.error("actors", at, f"{name!r} has a meaning of its own")
        for n, partner in enumerate(actor.partners):
            known(draft, "actors", (*at, "partners", n), partner, others, "other actor")
        for table in ("expects", "hostile_intent", "launches_from"):
            for other in getattr(actor, table):
                known(draft, "actors", (*at, table, other), other, others, "other actor")
        launched = sum(actor.launches_from.values())
        if launched > 1 + 1e-9:
            raise draft.where.error(
                "actors",
                (*at, "launches_from"),
                f"probabilities sum to {launched:g}",
                allowed="at most 1 in all",
            )
        _repertoire(draft, name, actor)
        for cited, names in actor.because.items():
            numbers = [k for k in ActorTable.model_fields if k not in ("name", "short", "because")]
            spot = (*at, "because", cited)
            known(draft, "actors", spot, cited, numbers, "key of an actor")
            known_statements(draft, "actors", spot, names)


def _repertoire(draft: Draft, name: str, actor: ActorTable) -> None:
    moves = draft.moves()
    for target, listed in actor.repertoire.items():
        at: Key = ("actors", name, "repertoire", target)
        known(draft, "actors", at, target, [*_others(draft, name), ALONE], "other actor")
        directed = target != ALONE
        fit = [m.id for m in moves.values() if m.directed is directed and m.id != "hold"]
        for n, move in enumerate(listed):
            spot = (*at, n)
            if move == "hold":
                raise draft.where.error("actors", spot, "hold is always there: leave it out")
            known(draft, "actors", spot, move, moves, "move")
            if move not in fit:
                side = "takes no target: list it in alone" if directed else "needs a target"
                raise draft.where.error("actors", spot, f"{move} {side}", name=move, names=fit)
            if move in listed[:n]:
                raise draft.where.error("actors", spot, f"lists {move!r} twice")


def _places(draft: Draft) -> None:
    actors = draft.actors.actors
    kinetic = [m.id for m in draft.ladder.moves if m.kinetic]
    for name, place in draft.actors.places.items():
        at: Key = ("places", name)
        known(draft, "actors", (*at, "soil"), place.soil, actors, "actor")
        for table in ("forces", "struck"):
            for actor in getattr(place, table):
                known(draft, "actors", (*at, table, actor), actor, actors, "actor")
        for n, listed in enumerate(place.moves or ()):
            known(draft, "actors", (*at, "moves", n), listed, kinetic, "kinetic move")
        known_statements(draft, "actors", (*at, "because"), place.because)
        for move in draft.ladder.moves:
            dead = move.munitions * move.lethality * place.exposure
            falls = any(place.hit(target, move.id) for target in place.struck)
            if falls and dead > MOST_EXPECTED_DEAD:
                raise draft.where.error(
                    "actors",
                    (*at, "exposure"),
                    f"{move.id} would kill {dead:g} here on average (munitions * lethality * "
                    "exposure)",
                    allowed=f"at most {MOST_EXPECTED_DEAD:g}",
                )


def _kinetic_options(draft: Draft) -> None:
    moves, places = draft.moves(), draft.actors.places
    for name, actor in draft.actors.actors.items():
        for target, listed in actor.repertoire.items():
            for n, move in enumerate(listed):
                if moves[move].kinetic and not any(p.hit(target, move) for p in places.values()):
                    raise draft.where.error(
                        "actors",
                        ("actors", name, "repertoire", target, n),
                        f"no place where {move} at {target} could fall",
                        allowed=f"moves with a place whose struck has {target}",
                    )


def _statements(draft: Draft) -> None:
    for name, statement in draft.statements.root.items():
        speakers = [*draft.actors.actors, NOBODY]
        known(draft, "statements", (name, "actor"), statement.actor, speakers, "actor")


def _rules(draft: Draft) -> None:
    rules = draft.rules.rules
    for n, rule in enumerate(rules):
        at: Key = ("rules", n)
        if rule.id in [r.id for r in rules[:n]]:
            raise draft.where.error("rules", (*at, "id"), f"duplicate id {rule.id!r}")
        known(draft, "rules", (*at, "actor"), rule.actor, draft.actors.actors, "actor")
        if not rule.id.startswith(f"{rule.actor}."):
            raise draft.where.error(
                "rules",
                (*at, "id"),
                f"{rule.id!r} does not start with its actor",
                allowed=f"{rule.actor}.short-name",
            )
        others = _others(draft, rule.actor)
        known(draft, "rules", (*at, "toward"), rule.toward, [*others, EACH], "other actor")
        if rule.against is not None:
            known(draft, "rules", (*at, "against"), rule.against, others, "other actor")
        _rule_options(draft, rule, at)
        known_statements(draft, "rules", (*at, "because"), rule.because)


def _rule_options(draft: Draft, rule: Rule, at: Key) -> None:
    target = rule.against or rule.toward
    targets = _others(draft, rule.actor) if target == EACH else [target]
    moves = draft.moves()
    for move in rule.moves:
        spot = (*at, "moves", move)
        known(draft, "rules", spot, move, moves, "move")
        aims = targets if moves[move].directed else [None]
        if any(draft.may(rule.actor, move, aim) for aim in aims):
            continue
        versus = f" against {'any other' if target == EACH else target}"
        fit = [
            m.id
            for m in moves.values()
            for aims in [targets if m.directed else [None]]
            if any(draft.may(rule.actor, m.id, aim) for aim in aims)
        ]
        raise draft.where.error(
            "rules",
            spot,
            f"{move}{versus if moves[move].directed else ''} is not in the repertoire of "
            f"{rule.actor}",
            name=move,
            names=fit,
        )


def _propensities(draft: Draft) -> None:
    numbers, actors = draft.propensities, list(draft.actors.actors)
    for table in PER_ACTOR:
        _exactly(draft, (table,), getattr(numbers, table), actors, "actor")
    _exactly(draft, ("base",), numbers.base, actors, "actor")
    for name, base in numbers.base.items():
        mine = draft.actors.actors[name].moves()
        owned = [move for move in draft.moves() if move in mine]
        _exactly(draft, ("base", name), base, owned, f"move in the repertoire of {name}")
    if DEFAULT not in numbers.half_lives:
        raise draft.where.error("propensities", ("half_lives", DEFAULT), "is missing")
    for name, lives in numbers.half_lives.items():
        at: Key = ("half_lives", name)
        known(draft, "propensities", at, name, [DEFAULT, *actors], "actor")
        for trace in lives:
            known(draft, "propensities", (*at, trace), trace, HALF_LIVES, "half-life")
    _exactly(draft, ("half_lives", DEFAULT), numbers.half_lives[DEFAULT], HALF_LIVES, "half-life")
    cited = [f"{t}.{a}" for t in (*PER_ACTOR, "base", "half_lives") for a in actors]
    cited += ["prompt", "urgency_ceiling", "repetition", "half_lives.default"]
    for name, names in numbers.because.items():
        spot = ("because", name)
        known(draft, "propensities", spot, name, cited, "number")
        known_statements(draft, "propensities", spot, names)


def _exactly(draft: Draft, at: Key, table: Iterable[str], names: Sequence[str], what: str) -> None:
    present = list(table)
    for name in present:
        known(draft, "propensities", (*at, name), name, names, what)
    for name in names:
        if name not in present:
            raise draft.where.error("propensities", (*at, name), "is missing")
