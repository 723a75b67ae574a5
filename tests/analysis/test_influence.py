"""What each statement carries: paired, told apart honestly, and none of them forgotten."""

import dataclasses
import itertools
import json
from pathlib import Path

import numpy as np
import pytest
from scipy import stats

import sim
from sim.analysis import influence as analysis
from sim.analysis import intervals
from sim.analysis.foremost import deviations, largest
from sim.analysis.intervals import Difference, Estimate, difference
from sim.analysis.outcomes import Counted
from sim.engines.assemble import assemble
from sim.engines.ensemble import Outcomes, play_ensemble
from sim.engines.moves import play_moves
from sim.errors import InputError

BORDER = Path(__file__).parent.parent / "data" / "raid.toml"
FAMILIES, MEMBERS, PAIRS = 100, 20, 300


@pytest.fixture(scope="module")
def raid():
    return sim.load(BORDER)


@pytest.fixture(scope="module")
def found(raid):
    """What the two statements of the small crisis carry."""
    return sim.influence(raid, 400, seed=2)


@pytest.fixture(scope="module")
def strike():
    """What the statements of the main scenario carry."""
    return sim.influence("after-the-strike", 1_000, seed=1)


def of(found, name):
    """The effect of one statement."""
    (effect,) = (e for e in found.summary.effects if e.statement.id == name)
    return effect


# --- known answers ----------------------------------------------------------------------------


def test_a_change_is_the_paired_difference_of_two_ensembles(raid, found):
    base = sim.ensemble(raid, 400, seed=2)
    assert found.summary.baseline == tuple(map(base.probability, found.summary.outcomes))
    for name in ("north-will-answer", "south-calm"):
        other = sim.ensemble(raid.with_(f"statements.{name}.counts", False), 400, seed=2)
        pairs = base.compare(other)
        effect = of(found, name)
        for k, outcome in enumerate(found.summary.outcomes):
            assert effect.alone[k] == pairs[outcome].estimate
            assert effect.differences[k].estimate.mean == pairs[outcome].estimate.mean
            assert effect.differences[k].estimate.low <= effect.alone[k].low
            assert effect.differences[k].estimate.high >= effect.alone[k].high


def test_a_rule_without_its_only_statement_is_no_rule(raid, found):
    effect = of(found, "north-will-answer")
    assert (effect.rules, effect.shares) == (("north.retaliation",), (1.0,))
    rule = raid.crisis.rule("north.retaliation")
    none = raid.with_({f"rules.{rule.id}.moves.{move}": 0.0 for move in rule.moves})
    base, other = (
        Counted(play_ensemble(assemble(s), 400, 2), ("north", "south")) for s in (raid, none)
    )
    assert effect.touched.mean == analysis.differing(base, other).mean() > 0
    north = found.summary.outcomes.index("north_force_7d")
    assert effect.differences[north].estimate.mean < 0


def test_shares_are_those_of_the_coded_strengths(strike):
    statements = strike.scenario.crisis.statements
    coded = {"weak": 0.5, "moderate": 1.0, "strong": 2.0}
    for effect in strike.summary.effects:
        for name, share in zip(effect.rules, effect.shares, strict=True):
            rule = strike.scenario.crisis.rule(name)
            whole = sum(coded[statements[s].strength] for s in rule.because)
            assert share == coded[effect.statement.strength] / whole


def test_what_pulls_no_more_changes_not_a_single_move(raid):
    still = raid.with_("weights.rules.south.calm", 0.0)
    effect = of(sim.influence(still, 100), "south-calm")
    assert effect.identical
    assert effect.touched.mean == 0.0
    assert not any(effect.distinct)
    assert not of(sim.influence(raid, 100), "south-calm").identical


def test_counts_alone_do_not_make_histories_identical(raid, monkeypatch):
    """Where nothing that is counted differs, the moves decide."""
    monkeypatch.setattr(analysis, "differing", lambda base, other: np.zeros(100, np.bool_))
    assert not of(sim.influence(raid, 100), "north-will-answer").identical


def test_the_same_moves_are_the_same_and_others_are_not(raid):
    one, again, other = (play_moves(assemble(raid), 50, seed) for seed in (1, 1, 2))
    assert one.same(again)
    assert not one.same(other)


def test_statements_that_no_rule_loses_by_are_listed_with_the_reason(raid, found):
    why = {silent.statement.id: silent.why for silent in found.summary.silent}
    assert why == {"north-counts": "numbers", "raid-report": "events", "weather": "nothing"}
    deaf = sim.influence(raid.with_("statements.south-calm.counts", False), 50)
    assert {s.statement.id: s.why for s in deaf.summary.silent}["south-calm"] == "not counted"
    assert [e.statement.id for e in deaf.summary.effects] == ["north-will-answer"]


def test_every_statement_is_there_once_and_the_largest_effect_first(strike):
    summary = strike.summary
    names = [e.statement.id for e in (*summary.effects, *summary.silent)]
    assert sorted(names) == sorted(strike.scenario.crisis.statements)
    sizes = [effect.size for effect in summary.effects]
    assert sizes == sorted(sizes, reverse=True)
    assert summary.comparisons == 3 * len(summary.effects)
    war = [abs(e.differences[0].estimate.mean) for e in summary.ranked("open_war")]
    assert war == sorted(war, reverse=True)


def test_restraint_that_is_not_heard_makes_an_answer_likelier_and_a_threat_less(strike):
    reply = strike.summary.outcomes.index("us_force_7d")
    calm, threat = of(strike, "us-all-is-well"), of(strike, "us-suffer-consequences")
    assert calm.distinct[reply]
    assert calm.differences[reply].estimate.mean > 0
    assert threat.distinct[reply]
    assert threat.differences[reply].estimate.mean < 0


# --- many comparisons -------------------------------------------------------------------------


def test_levels_of_many_intervals_add_up():
    assert 1 - intervals.simultaneous(0.95, 147) == pytest.approx(0.05 / 147)
    assert intervals.simultaneous(0.95, 1) == 0.95


def test_nothing_is_found_where_there_is_nothing_and_single_intervals_would_find_it(alpha):
    """Pairs from one distribution: some family has a find in one of twenty, at most."""
    scenario = sim.load("eighty-dead")
    played = play_ensemble(assemble(scenario), 5_000, 3)
    statement = scenario.crisis.statements["us-all-is-well"]
    outcomes = ("open_war", "us_force_7d", "dead")
    level = intervals.simultaneous(0.95, MEMBERS * len(outcomes))
    rng = np.random.default_rng(4)

    def sample() -> Counted:
        rows = rng.integers(0, len(played), PAIRS)
        columns = {name: column[rows] for name, column in played.columns().items()}
        return Counted(Outcomes(**columns), ("us", "iran", "iraq", "uk"))

    together = alone = 0
    for _ in range(FAMILIES):
        family = [
            analysis.effect(scenario, statement, sample(), sample(), outcomes, level)
            for _ in range(MEMBERS)
        ]
        together += any(any(effect.distinct) for effect in family)
        alone += any(e.low > 0 or e.high < 0 for effect in family for e in effect.alone)
    assert stats.binomtest(together, FAMILIES, 0.05, alternative="greater").pvalue >= alpha
    assert stats.binomtest(alone, FAMILIES, 0.05, alternative="greater").pvalue < alpha


# --- what is asked, and what comes back -------------------------------------------------------


@pytest.mark.parametrize(
    "name, actor",
    [("after-the-strike", "us"), ("from-the-killing", "iran"), ("us-replies", "iran")],
)
def test_the_actor_struck_last_is_the_one_whose_answer_counts(name, actor):
    summary = sim.influence(name, 2).summary
    assert summary.actor == actor
    assert f"{actor}_force_7d" in summary.outcomes


def test_the_actor_may_be_chosen(raid):
    assert sim.influence(raid, 2, actor="south").summary.outcomes[1] == "south_force_7d"


@pytest.mark.parametrize(
    "asked, says",
    [
        ({"actor": "irann"}, "actor: no such actor 'irann'; allowed: us, iran.*'iran'"),
        ({"actor": "iraq"}, "actor: iraq has no move of force; allowed: us, iran"),
        ({"replicates": 1}, "replicates: 1 is out of range; allowed: 2 to 200000"),
        ({"replicates": 200_001}, "out of range"),
        ({"seed": -1}, "out of range"),
    ],
)
def test_what_cannot_be_meant_is_told_in_a_line(asked, says):
    with pytest.raises(InputError, match=says):
        sim.influence("after-the-strike", **{"replicates": 2, **asked})


def test_progress_counts_all_histories(raid):
    heard = []
    sim.influence(raid, 50, progress=lambda *two: heard.append(two))
    assert heard[0] == (0, 150)
    assert heard[-1] == (150, 150)


def test_threads_change_nothing(raid, found):
    one = sim.influence(raid, 400, seed=2, threads=1)
    assert one.to_json() == found.to_json()
    assert sim.influence(raid, 400, seed=3).to_json() != found.to_json()


def test_the_frame_has_a_row_per_statement_and_outcome(found):
    frame = found.frame()
    assert len(frame) == found.summary.comparisons
    assert np.allclose(frame["difference"], frame["without"] - frame["with"], atol=1e-12)
    assert ((frame["low"] <= frame["low_alone"]) & (frame["high_alone"] <= frame["high"])).all()
    assert (frame["distinct"] == ((frame["low"] > 0) | (frame["high"] < 0))).all()
    row = frame.loc[("south-calm", "dead")]
    assert (row["line"], row["strength"]) == (7, "weak")


def test_it_is_saved_whole_with_the_same_bytes(found, tmp_path):
    one, two = found.save(tmp_path / "one"), found.save(tmp_path / "two")
    names = ["influence.csv", "influence.json", "manifest.json"]
    assert sorted(path.name for path in one.iterdir()) == names
    assert all((one / name).read_bytes() == (two / name).read_bytes() for name in names)
    told = json.loads((one / "influence.json").read_text("utf-8"))
    assert [e["statement"] for e in told["effects"]] == [
        e.statement.id for e in found.summary.effects
    ]
    assert (one / "influence.csv").read_text("utf-8").count("\n") == 1 + found.summary.comparisons


def test_what_was_found_stays_as_it_is(found):
    with pytest.raises(dataclasses.FrozenInstanceError):
        found.summary.effects[0].sizes = (1.0,)


@pytest.mark.parametrize("before", [0, 1, 7, 500, 1000])
def test_the_larger_a_change_of_a_share_the_larger_its_size(before):
    """Also from never, and to always; and one history more before makes no leap."""
    seen = np.arange(1000)
    base = seen < before
    found = []
    for after in (
        before,
        *sorted({0, 10, 500, 990, 1000} - {before}, key=lambda n: abs(n - before)),
    ):
        pair = base, seen < after
        found.append((abs(after - before), deviations(difference(*pair), pair)))
    assert found[0] == (0, 0.0)
    for (less, one), (more, two) in itertools.pairwise(found):
        assert two > one if more > less else two == pytest.approx(one)
    near = seen < min(1000, before + 1), seen < 400
    assert deviations(difference(*near), near) == pytest.approx(
        deviations(difference(base, seen < 400), (base, seen < 400)), rel=0.5
    )


def test_a_mean_that_never_varied_has_a_size():
    pair = np.full(50, 3.0), np.full(50, 5.0)
    assert deviations(difference(*pair), pair) == 2.0
    pair = np.full(50, 3.0), np.full(50, 3.0)
    assert deviations(difference(*pair), pair) == 0.0


@pytest.mark.parametrize(
    "second, third, says",
    [
        ((-0.4, -0.25), (0.0, 0.1), "; 1 more may be as large."),
        ((0.21, 0.4), (0.19, 0.22), "; 2 more may be as large."),
        ((0.05, 0.1), (-0.1, -0.05), ", told from all others."),
    ],
)
def test_the_largest_estimate_is_held_against_the_next(strike, second, third, says):
    """Intervals of 0.2 to 0.4, and of two others that reach it, with either sign, or do not."""

    def effect(like, low, high):
        estimate = Estimate((low + high) / 2, low, high, 9, "paired normal")
        pair = Difference(0.0, estimate.mean, estimate, 1.0)
        return dataclasses.replace(like, differences=(pair,), identical=False)

    likes = strike.summary.effects[:3]
    made = [effect(e, *b) for e, b in zip(likes, ((0.2, 0.4), second, third), strict=True)]
    name = likes[0].statement.id
    assert largest(made) == f"The largest estimate is that of {name}{says}"
    assert largest([effect(likes[0], -0.1, 0.1)]) == ""
