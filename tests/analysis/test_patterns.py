"""Each measure of a pattern, on moves that were made up so that the answer is plain."""

import numpy as np
import pytest

from sim.analysis import patterns as measures
from sim.analysis.intervals import Estimate
from sim.analysis.patterns import Told, verdict
from sim.crisis.patterns import Pattern, Range
from sim.engines.assemble import assemble
from sim.engines.moves import Moves

ANN, BOB, NOBODY = 0, 1, -1
RUNG = {"hold": 1, "protest": 2, "display": 5, "limited_strike": 8, "major_strike": 9}


@pytest.fixture(scope="module")
def tell(pair):
    """Make histories of (day, actor, move, target, dead) tuples, each with the day of its end."""
    assembly = assemble(pair())

    def make(*histories: tuple[float, list[tuple]]) -> Told:
        rows = [(k, *move) for k, (_, moves) in enumerate(histories) for move in moves]
        table = {n: [row[n] for row in rows] for n in range(6)} if rows else dict.fromkeys(range(6))
        moves = [assembly.moves.index(move) for move in table[3] or []]
        rungs = [RUNG[move] for move in table[3] or []]
        target = np.array(table[4] or [], np.int8)
        soil = [t if r >= 6 else NOBODY for t, r in zip(target, rungs, strict=True)]
        dead = np.zeros((len(rows), 2), np.int32)
        for n, killed in enumerate(table[5] or []):
            dead[n, target[n]] = killed
        return Told(
            Moves(
                end=np.array([end for end, _ in histories]),
                replicate=np.array(table[0] or [], np.int32),
                day=np.array(table[1] or [], np.float64),
                actor=np.array(table[2] or [], np.int8),
                move=np.array(moves, np.int8),
                rung=np.array(rungs, np.int8),
                target=target,
                soil=np.array(soil, np.int8),
                known=np.ones(len(rows), np.bool_),
                dead=dead,
            ),
            assembly,
        )

    return make


def pattern(measure: str, **fields) -> Pattern:
    holds = fields.pop("holds", {"at_least": 0.5})
    return Pattern.model_validate(
        {
            "id": "P1",
            "says": "made up",
            "lines": (1,),
            "scenario": "pair",
            "measure": measure,
            "holds": holds,
            **fields,
        }
    )


def hit(day: float, actor: int = ANN, move: str = "limited_strike", dead: int = 0) -> tuple:
    return (day, actor, move, 1 - actor, dead)


STRIKE = {"by": "ann", "toward": "bob", "rungs": (6, 10)}


def test_a_share_counts_first_moves_in_time(tell):
    told = tell(
        (30.0, [hit(3.0), hit(4.0)]),
        (30.0, [hit(7.0)]),
        (30.0, [hit(7.1)]),
        (30.0, [hit(1.0, BOB)]),
        (30.0, [hit(-1.0)]),
        (30.0, []),
    )
    found = measures.share(told, pattern("share", move=STRIKE, within_days=7.0))
    assert (found.estimate.mean, found.estimate.n) == (2 / 6, 6)


def test_a_share_can_ask_that_nothing_came_before(tell):
    told = tell(
        (30.0, [hit(3.0)]),
        (30.0, [hit(2.0, BOB), hit(3.0)]),  # left out
        (30.0, [hit(3.0), hit(4.0, BOB)]),
        (30.0, [hit(6.0, BOB)]),  # left out
        (30.0, [hit(8.0, BOB)]),
    )
    asked = pattern(
        "share",
        move=STRIKE,
        within_days=7.0,
        given={"none_of": {"by": "bob", "rungs": (6, 10)}},
    )
    found = measures.share(told, asked)
    assert (found.estimate.mean, found.estimate.n, found.left_out) == (2 / 3, 3, 2)


def test_a_share_can_ask_for_no_dead_of_its_own(tell):
    told = tell(
        (30.0, [hit(-1.0, BOB, dead=1), hit(3.0)]),  # left out: dead in the opening
        (30.0, [hit(1.0, BOB, dead=2), hit(3.0)]),  # left out
        (30.0, [hit(1.0, BOB), hit(3.0)]),
        (30.0, [hit(1.0, BOB), hit(3.0, BOB)]),
    )
    asked = pattern("share", move=STRIKE, within_days=7.0, given={"no_dead": "ann"})
    found = measures.share(told, asked)
    assert (found.estimate.mean, found.estimate.n, found.left_out) == (0.5, 2, 2)


def test_a_condition_that_nobody_meets_leaves_nothing(tell):
    told = tell((30.0, [hit(-1.0, BOB, dead=1), hit(3.0)]))
    asked = pattern("share", move=STRIKE, within_days=7.0, given={"no_dead": "ann"})
    found = measures.share(told, asked).estimate
    assert np.isnan(found.mean)
    assert verdict(found, Range(at_most=0.1)) == "undecided"


def test_a_delay_is_the_median_where_there_is_one(tell):
    told = tell(*((30.0, [hit(day), hit(day + 1)]) for day in (1.0, 4.0, 6.0)), (30.0, []))
    found = measures.delay(told, pattern("delay", move=STRIKE))
    assert (found.estimate.mean, found.estimate.n, found.left_out) == (4.0, 3, 1)


def test_the_kind_is_that_of_the_first_move(tell):
    told = tell(
        (30.0, [hit(1.0), hit(2.0, move="major_strike")]),
        (30.0, [hit(1.0, move="major_strike"), hit(2.0)]),
        (30.0, [hit(9.0, move="major_strike")]),
    )
    found = measures.first_kind(
        told, pattern("first_kind", move=STRIKE, within_days=7.0, rungs=(7, 8))
    )
    assert (found.estimate.mean, found.estimate.n) == (0.5, 2)


PROTEST = {"by": "bob", "toward": "doer", "moves": ("protest",)}


def reacted(told, **fields):
    asked = {"move": PROTEST, "trigger": {"rungs": (6, 10)}, "within_days": 3.0}
    return measures.reaction(told, pattern("reaction", **{**asked, **fields}))


def test_a_reaction_follows_in_time_and_is_aimed_at_the_doer(tell):
    told = tell(
        (30.0, [hit(1.0), hit(4.0, BOB, "protest")]),  # in time
        (30.0, [hit(1.0), hit(4.1, BOB, "protest")]),  # late
        (30.0, [hit(1.0), hit(2.0), hit(3.0, BOB, "protest")]),  # one for both
        (30.0, [hit(1.0, BOB, "protest"), hit(2.0)]),  # before
        (30.0, [hit(1.0, BOB), hit(2.0, BOB, "protest")]),  # his own blow calls for nothing
        (30.0, [hit(1.0)]),  # the next history's protest is not this one's
        (30.0, [hit(-1.0), hit(1.5, BOB, "protest")]),
    )
    found = reacted(told)
    assert (found.estimate.mean, found.estimate.n) == (3 / 6, 6)
    assert reacted(told, opening=True).estimate.mean == 4 / 7
    assert reacted(told, before_days=1.0).estimate.mean == 4 / 6


def test_windows_that_the_end_cuts_off_are_left_out(tell):
    told = tell(
        (10.0, [hit(8.0)]),
        (10.0, [hit(8.0), hit(9.0, BOB, "protest")]),
        (10.0, [hit(7.0)]),
    )
    found = reacted(told)
    assert (found.estimate.mean, found.estimate.n, found.left_out) == (0.5, 2, 1)


def test_no_trigger_gives_no_number(tell):
    assert np.isnan(reacted(tell((30.0, []), (30.0, []))).estimate.mean)


def test_a_rise_is_as_steep_as_its_least_step(tell):
    def struck(often: int) -> Told:
        return tell(*((30.0, [hit(1.0)] if k < often else []) for k in range(400)))

    asked = pattern("rising", move=STRIKE, within_days=7.0, along="strike.dead", values=(0, 1, 2))
    found = measures.rising([struck(20), struck(60), struck(300)], asked)
    assert found.estimate.mean == pytest.approx(0.1)
    assert found.steps == (0.05, 0.15, 0.75)
    assert verdict(found.estimate, Range(at_least=0.0)) == "holds"
    down = measures.rising([struck(60), struck(300), struck(200)], asked)
    assert verdict(down.estimate, Range(at_least=0.0)) == "fails"
    flat = measures.rising([struck(60), struck(60), struck(300)], asked)
    assert verdict(flat.estimate, Range(at_least=0.0)) == "undecided"


@pytest.mark.parametrize(
    "low, high, holds, says",
    [
        (0.3, 0.4, {"at_least": 0.2}, "holds"),
        (0.3, 0.4, {"at_least": 0.3, "at_most": 0.4}, "holds"),
        (0.3, 0.4, {"at_least": 0.35}, "undecided"),
        (0.3, 0.4, {"at_most": 0.35}, "undecided"),
        (0.3, 0.4, {"at_least": 0.5}, "fails"),
        (0.3, 0.4, {"at_most": 0.2}, "fails"),
        (float("nan"), float("nan"), {"at_most": 0.2}, "undecided"),
    ],
)
def test_the_verdict_needs_the_whole_interval(low, high, holds, says):
    assert verdict(Estimate(0.35, low, high, 10, "wilson"), Range(**holds)) == says
