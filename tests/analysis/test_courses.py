"""What pictures of ensembles are drawn from: counted by hand, and against the ensemble itself."""

import re
from dataclasses import replace

import numpy as np
import pytest

import sim
from sim.analysis.bars import shares_of, summarise_bars, summarise_shifts
from sim.analysis.courses import Courses
from sim.analysis.explanation import RuleShare
from sim.analysis.fan import summarise_fans
from sim.analysis.levels import HOLD, SETTLED, WAR, levels_at, levels_of, moments
from sim.analysis.matrix import summarise_matrix
from sim.analysis.outcomes import Counted
from sim.analysis.path import summarise_path
from sim.analysis.strands import summarise_strands
from sim.analysis.telling import chance
from sim.analysis.tree import LEAST_SHARE, summarise_tree
from sim.analysis.waiting import summarise_waiting
from sim.analysis.waterfall import Rival, summarise_waterfall
from sim.drawing_ensembles import courses_of
from sim.engines.assemble import assemble
from sim.engines.ensemble import Outcomes
from sim.engines.moves import Moves
from sim.kernel import layout as at

REPLICATES = 400


@pytest.fixture(scope="module")
def ensemble():
    return sim.ensemble("after-the-strike", REPLICATES, 7)


@pytest.fixture(scope="module")
def courses(ensemble):
    return courses_of(ensemble)


def by_hand(told, ends):
    """Courses of (replicate, day, actor, move, target) and of (end, day) of each replicate."""
    assembly = assemble(sim.load("after-the-strike"))
    rungs = {move.id: move.rung for move in assembly.scenario.crisis.moves}
    replicate, day, actor, move, target = zip(*told, strict=True) if told else ((),) * 5
    n, n_moves = len(ends), len(told)
    actors = assembly.actors
    moves = Moves(
        end=np.array([day for _, day in ends]),
        replicate=np.array(replicate, np.int32),
        day=np.array(day, np.float64),
        actor=np.array([actors.index(a) for a in actor], np.int8),
        move=np.array([assembly.moves.index(m) for m in move], np.int8),
        rung=np.array([rungs[m] for m in move], np.int8),
        target=np.array([-1 if t is None else actors.index(t) for t in target], np.int8),
        soil=np.full(n_moves, -1, np.int8),
        known=np.ones(n_moves, np.bool_),
        dead=np.zeros((n_moves, len(actors)), np.int32),
    )
    outcomes = Outcomes.empty(n, len(actors), 0)
    outcomes.end[:] = [end for end, _ in ends]
    outcomes.day[:] = moves.end
    return Courses(assembly, moves, Counted(outcomes, actors), 1)


TOLD = [
    (0, -1.0, "iran", "notified_strike", "us"),
    (0, 1.0, "us", "protest", "iran"),
    (0, 2.0, "us", "limited_strike", "iran"),
    (1, 4.0, "uk", "mediate", None),
    (1, 6.0, "us", "open_war", "iran"),
]
ENDS = [(at.SETTLEMENT, 8.0), (at.WAR, 6.0), (at.HORIZON, 10.0)]


@pytest.fixture(scope="module")
def small():
    return by_hand(TOLD, ENDS)


def test_levels_by_hand(small):
    days = np.arange(0.0, 11.0)
    levels = levels_at(small, days, window=3.0)
    # The opening's strike, a day before the start, is the same in all and does not count.
    assert levels[0].tolist() == [1, 2, 8, 8, 8, 1, 1, 1, SETTLED, SETTLED, SETTLED]
    assert levels[1].tolist() == [1, 1, 1, 1, 0, 0, WAR, WAR, WAR, WAR, WAR]
    assert levels[2].tolist() == [HOLD] * 11
    us = levels_at(small, days, window=1.0, actor=small.assembly.actors.index("us"))
    assert us[0].tolist() == [1, 2, 8, 1, 1, 1, 1, 1, SETTLED, SETTLED, SETTLED]


def test_no_moves_at_all():
    empty = by_hand([], [(at.HORIZON, 30.0)] * 4)
    fans = summarise_fans(empty)
    hold = [level.height for level in fans.levels].index(HOLD)
    assert np.all(fans.fans[0].share[hold] == 1.0)
    assert summarise_strands(empty).median.tolist() == [HOLD] * len(moments(empty))
    root = summarise_tree(empty).root
    assert [branch.label for branch in root.branches] == ["no step by day 30"]
    assert summarise_matrix(empty).pairs == ()
    assert summarise_matrix(empty).words.title == "Nobody makes a move"


def test_a_tree_by_hand():
    told = [(k, 1.0, "us", "display", "iran") for k in range(8)]
    told += [(k, 2.0, "us", "display", "iran") for k in range(8)]  # again: not told again
    told += [(k, 3.0, "iran", "limited_strike", "us") for k in range(5)]
    told += [(8, 1.0, "uk", "mediate", None), (9, 1.0, "iraq", "coerce", "us")]
    told.sort(key=lambda row: row[:2])
    root = summarise_tree(by_hand(told, [(at.HORIZON, 30.0)] * 10), depth=2, widths=(1, 1)).root
    assert [(b.label, b.estimate.mean) for b in root.branches] == [
        ("US: show force", 0.8),
        ("no step by day 30", 0.1),
        ("Iraq: coerce", 0.1),
    ]
    assert [(b.label, b.estimate.mean) for b in root.branches[0].branches] == [
        ("Iran: limited strike", 0.5),
        ("no step by day 30", 0.3),
    ]


def test_a_tree_never_hides_open_war_and_says_what_it_tells_together():
    n = 1000
    told = [(k, 1.0, "us", "display", "iran") for k in range(600)]
    told += [(k, 2.0, "us", "open_war", "iran") for k in range(3, 7)]  # 0.4%
    told += [(k, 1.0, "us", "open_war", "iran") for k in range(600, 606)]  # 0.6%
    told += [(k, 1.0, "iraq", "coerce", "us") for k in range(606, 616)]
    told += [(616, 1.0, "uk", "coerce", "iran")]
    told.sort(key=lambda row: row[:2])
    ends = [(at.HORIZON, 30.0)] * n
    for k in (*range(3, 7), *range(600, 606)):
        ends[k] = (at.WAR, 2.0)
    ends[0] = (at.SETTLEMENT, 20.0)
    tree = summarise_tree(by_hand(told, ends))
    assert [(b.label, b.kind, round(b.estimate.mean, 4)) for b in tree.root.branches] == [
        ("US: show force", "move", 0.6),
        ("no step by day 30", "horizon", 0.383),
        ("open war", "open_war", 0.006),
        ("2 other steps", "others", 0.011),
    ]
    # No second step could be named: one column is enough.
    assert tree.depth == 1
    assert "Open war in all, after more steps too: 1.0% (0.5 to 1.8%)." in tree.words.caption
    assert "the most common first step is “US: show force”: 60% (57 to 63%)" in (tree.words.title)
    assert tree.words.title.startswith("From rung 4 (coerce) up")
    told += [(k, 3.0, "iran", "limited_strike", "us") for k in range(7, 100)]
    told.sort(key=lambda row: row[:2])
    (first, *_) = summarise_tree(by_hand(told, ends)).root.branches
    assert [b.label for b in first.branches] == [
        "Iran: limited strike", "no step by day 30", "settled or open war",
    ]  # fmt: skip


def test_a_tree_takes_its_words_from_the_ladder_of_its_crisis(courses):
    ladder = {move.rung: move.label for move in courses.scenario.crisis.moves}
    for least in (2, 6, 9):
        assert (
            f"rom rung {least} ({ladder[least]}) up" in summarise_tree(courses, least).words.title
        )
    war = summarise_tree(courses, 10)
    assert "rung 10" in war.words.title
    assert {branch.kind for branch in war.root.branches} <= {
        "open_war",
        "settlement",
        "horizon",
        "others",
    }


def test_a_matrix_by_hand(small):
    found = summarise_matrix(small)
    pairs = {(pair.actor, pair.target): pair for pair in found.pairs}
    # The opening's strike of Iran is given, and not counted.
    assert set(pairs) == {("US", "Iran"), ("UK", "nobody")}
    us = pairs["US", "Iran"]
    by_rung = {level.height: cell for level, cell in zip(found.levels, us.rungs, strict=True)}
    assert HOLD not in by_rung
    assert {k: round(one.mean, 9) for k, one in by_rung.items() if one.mean} == {
        k: round(1 / 3, 9) for k in (2, 8, 10)
    }
    assert us.total.mean == pytest.approx(1.0)
    assert us.force.mean == pytest.approx(2 / 3)
    # Of 1, 1 and 0 moves of force.
    assert us.force.half_width == pytest.approx(1.959964 * np.std([1, 1, 0], ddof=1) / 3**0.5)
    assert pairs["UK", "nobody"].rungs[0].mean == pytest.approx(1 / 3)
    assert found.words.title.startswith("Force is used most by US on Iran: 0.67 (0.01 to 1.32)")


def test_a_fan_ends_as_the_ensemble_does(ensemble, courses):
    fans = summarise_fans(courses)
    for fan in fans.fans:
        assert np.allclose(fan.below[-1], 1.0)
        assert np.all(np.diff(fan.below, axis=0) >= 0.0)
        assert np.all((fan.low <= fan.below) & (fan.below <= fan.high))
        assert fan.share[0, -1] == ensemble.probability("settlement").mean
        assert fan.share[-1, -1] == pytest.approx(ensemble.probability("open_war").mean)
    found = ensemble.probability("settlement")
    assert (fans.fans[0].low[0, -1], fans.fans[0].high[0, -1]) == (found.low, found.high)
    # No move stands above a sign of peace, so only from there on are all at least as high as each.
    hold = [level.height for level in fans.levels].index(HOLD)
    everybody = fans.fans[0].below[hold:]
    assert all(np.all(fan.below[hold:] >= everybody - 1e-12) for fan in fans.fans[1:])


def test_levels_are_those_of_the_histories_told_in_full(ensemble, courses):
    days = moments(courses)
    levels = levels_at(courses, days)
    for replicate in (0, 7, 23):
        history = ensemble.history(replicate)
        events = [e for e in history.visible if e.rung is not None]
        for k, day in enumerate(days):
            if day >= history.days:
                continue
            recent = [e.rung for e in events if day - 3.0 < e.day <= day]
            assert levels[replicate, k] == max(recent, default=HOLD)


def test_a_tree_splits_and_loses_nobody(courses):
    def check(branch):
        if branch.branches:
            parts = [child.estimate.mean for child in branch.branches]
            assert sum(parts) == pytest.approx(branch.estimate.mean)
            named = [c.estimate.mean for c in branch.branches if c.kind == "move"]
            assert named == sorted(named, reverse=True)
            assert all(mean >= LEAST_SHARE for mean in named)
        for child in branch.branches:
            assert child.estimate.low <= child.estimate.mean <= child.estimate.high
            check(child)

    root = summarise_tree(courses).root
    assert len(root.branches) > 3
    check(root)


def test_a_matrix_counts_every_move(ensemble, courses):
    pairs = summarise_matrix(courses).pairs
    total = sum(pair.total.mean for pair in pairs)
    assert total == pytest.approx(ensemble.probability("moves").mean)
    force = sum(pair.force.mean for pair in pairs)
    assert force == pytest.approx(ensemble.probability("force_moves").mean)
    for pair in pairs:
        assert pair.total.mean == pytest.approx(sum(cell.mean for cell in pair.rungs))


def test_the_number_in_the_title_of_a_matrix_stands_in_it(courses):
    found = summarise_matrix(courses)
    most = max(found.pairs, key=lambda pair: pair.force.mean)
    number = found.written(most.force.mean)
    assert f"{most.actor} uses force on {most.target} {number} (" in found.words.title
    many = by_hand([(0, 0.01 * k, "us", "protest", "iran") for k in range(997)],
                   [(at.HORIZON, 30.0)] * 10)  # fmt: skip
    title = summarise_matrix(many).words.title
    assert title.startswith("No force is used; US acts most on Iran: 99.70 (0.00 to 295.11) times")


def test_who_uses_force_most_is_said_only_where_no_other_interval_reaches_it():
    ends = [(at.HORIZON, 30.0)] * 40
    blows = [(k, day, "us", "limited_strike", "iran") for k in range(40) for day in (1.0, 2.0)]
    back = [(k, 3.0, "iran", "limited_strike", "us") for k in range(40)]

    def title(told):
        return summarise_matrix(by_hand(sorted(told, key=lambda row: row[:2]), ends)).words.title

    assert title(blows).startswith("Force is used most by US on Iran: 2.00 (2.00 to 2.00) times")
    assert title(blows + back).startswith("Force is used most by US on Iran")
    near = title(blows[:44] + back[:30])
    assert near.startswith("US uses force on Iran 1.10 (0.79 to 1.41) times a history; who")
    assert near.endswith("who uses it most is not settled")
    alone = summarise_matrix(by_hand([(0, 1.0, "uk", "mediate", None)], ends[:1])).words
    assert alone.title == (
        "No force is used; UK acts most on nobody in particular: 1.00 times a history"
    )
    assert "One history alone gives no intervals" in alone.caption


def test_of_very_many_pairs_those_with_most_force_are_drawn_and_the_others_counted(monkeypatch):
    told = [(0, 1.0, "uk", "protest", "iran"), (0, 2.0, "us", "limited_strike", "iran"),
            (0, 3.0, "iran", "protest", "us"), (0, 4.0, "iran", "protest", "us")]  # fmt: skip
    ends = [(at.HORIZON, 30.0)] * 2
    whole = summarise_matrix(by_hand(told, ends))
    assert [(pair.actor, pair.target) for pair in whole.pairs] == [
        ("US", "Iran"), ("Iran", "US"), ("UK", "Iran"),
    ]  # fmt: skip
    assert "not drawn" not in whole.words.caption
    monkeypatch.setattr("sim.analysis.matrix.MOST", 2)
    found = summarise_matrix(by_hand(told, ends))
    assert found.pairs == whole.pairs[:2]
    assert "Not drawn, with less force or fewer moves: 1." in found.words.caption
    assert found.words.title == whole.words.title


def test_where_no_step_is_common_all_are_told_together():
    told = [(k, 1.0, "us", "display", "iran") for k in range(10)]
    tree = summarise_tree(by_hand(told, [(at.HORIZON, 30.0)] * 10), widths=(0,))
    assert [(branch.kind, branch.estimate.mean) for branch in tree.root.branches] == [
        ("others", 1.0)
    ]
    assert tree.words.title.startswith("No first step from rung 4")


@pytest.mark.parametrize("n", [4, 100, 400])
def test_borders_of_a_fan_are_no_wider_than_its_caption_says(n):
    told = [(k, 1.0 + 0.01 * k, "us", "protest", "iran") for k in range(n // 2)]
    fans = summarise_fans(by_hand(told, [(at.HORIZON, 30.0)] * n))
    widest = max(float(np.max(fan.high - fan.low)) for fan in fans.fans) / 2
    (most,) = re.findall(r"at most ±([\d.]+) points", fans.words.caption)
    assert 100 * widest <= float(most) < 200 * widest


def test_waiting_ends_at_the_shares(ensemble, courses):
    found = summarise_waiting(courses)
    last = {event.name: event.incidence.share[-1] for event in found.events}
    assert last["settlement"] == ensemble.probability("settlement").mean
    assert last["us"] == ensemble.probability("us_force").mean
    by_day_7 = {event.name: event.incidence for event in found.events}["iran"]
    days = np.array([(date - found.dates[0]).total_seconds() / 86400 for date in found.dates])
    (k,) = np.flatnonzero(days == 7.0)
    assert by_day_7.share[k] == ensemble.probability("iran_force_7d").mean


def test_the_first_reply_is_that_of_the_histories_told_in_full():
    few = sim.ensemble("after-the-strike", 40, 7)
    found = summarise_waiting(courses_of(few))
    (reply,) = (event for event in found.events if event.name == "reply")
    assert reply.label == "US has replied to Iran"
    first = []
    for replicate in range(len(few)):
        replies = [
            move.day
            for move in few.history(replicate).visible
            if (move.actor, move.target) == ("us", "iran") and move.rung > HOLD
        ]
        first.append(min(replies, default=np.inf))
    days = np.array([(date - found.dates[0]).total_seconds() / 86400 for date in found.dates])
    came = np.mean(np.array(first)[:, None] <= days, axis=0)
    assert 0 < came[-1] < 1
    assert reply.incidence.share == pytest.approx(came)


def test_the_dead_of_the_worst_are_those_that_the_path_of_it_counts():
    for name in ("after-the-strike", "from-the-killing"):
        played = sim.ensemble(name, 100, 2)
        history = played.history(played.worst_replicate())
        events = [event for event in history.log.events if event.kind == "move"]
        killed = sum(sum(event.dead.values()) for event in events)
        said = f", {killed:,} more dead"
        assert killed > 0
        told = [strand.told for strand in summarise_strands(courses_of(played)).told]
        assert f"the worst{said}" in told
        assert said in summarise_path(history.log, history.because).title


def test_strands_pick_out_typical_ones_and_the_worst(ensemble, courses):
    found = summarise_strands(courses, most=30)
    assert [strand.replicate for strand in found.strands] == list(range(30))
    told = {strand.told.split(",")[0]: strand.replicate for strand in found.told}
    assert told["the worst"] == ensemble.worst_replicate()
    assert told["a typical settlement"] == ensemble.typical_replicate("settlement")
    # The title's dates are those at which the median and its bounds come to be settled.
    reached = [
        found.dates[np.flatnonzero(row == SETTLED)[0]]
        for row in (found.median, found.low, found.high)
    ]
    day, early, late = (f"{date.day} Jan" for date in reached)
    assert found.words.title == f"Half of all histories are settled by {day} ({early} to {late})"
    assert np.all(found.low <= found.median)
    assert np.all(found.median <= found.high)


@pytest.mark.parametrize(
    "n,most,said",
    [(3, 2, "Thin: the first 2 of 3 histories,"), (3, 3, "Thin: all 3 histories,"),
     (1, 40, "Thin: the only history,")],
)  # fmt: skip
def test_how_many_paths_are_drawn_is_said(n, most, said):
    found = summarise_strands(by_hand([], [(at.HORIZON, 30.0)] * n), most=most)
    assert found.words.subtitle.startswith(said)
    assert len(found.strands) == min(n, most)


def test_bars_and_shifts_are_the_ensembles_own(ensemble):
    bars = summarise_bars(ensemble.counted, ensemble.scenario, 7).bars
    assert {bar.outcome: bar.estimate for bar in bars} == {
        name: ensemble.probability(name) for name, _, _ in shares_of(ensemble.scenario)
    }
    assert "iraq_force" not in {bar.outcome for bar in bars}
    other = sim.ensemble(ensemble.scenario.with_("strike.dead", 5), REPLICATES, 7)
    found = ensemble.compare(other)
    shifts = summarise_shifts(found, (ensemble.scenario, other.scenario), REPLICATES, 7)
    assert shifts.names == ("strike.dead = 0", "strike.dead = 5")
    war = found["open_war"].estimate
    assert war.low > 0.0  # if not, the title would say that it cannot tell
    assert shifts.words.title.startswith("With 5 dead instead of 0, open war is likelier by ")
    assert {shift.outcome for shift in shifts.shifts if shift.rare} == {
        name for name, pair in found.items() if max(pair.base, pair.other) < 0.1
    } & {shift.outcome for shift in shifts.shifts}
    back = other.compare(ensemble)
    told = summarise_shifts(back, (other.scenario, ensemble.scenario), REPLICATES, 7).words.title
    assert told.startswith("With 0 dead instead of 5, open war is less likely by ")
    assert told.split("likely")[1] == shifts.words.title.split("likelier")[1]
    assert all(shift.difference is found[shift.outcome] for shift in shifts.shifts)
    same = summarise_shifts(ensemble.compare(ensemble), (ensemble.scenario,) * 2, REPLICATES, 7)
    assert "the very same histories" in same.words.title


def test_a_war_that_never_comes_does_not_come_in_the_very_same_histories():
    calm = sim.load("after-the-strike").with_("horizon_days", 0.05)
    one, other = (sim.ensemble(calm.with_("strike.dead", dead), 20, 7) for dead in (0, 5))
    scenarios = one.scenario, other.scenario
    assert summarise_shifts(one.compare(other), scenarios, 20, 7).words.title == (
        "Open war comes in none of these histories, neither with strike.dead = 0 nor with "
        "strike.dead = 5"
    )


def test_a_fork_starts_on_its_day():
    fork = sim.run("after-the-strike", seed=3).at(4.0)
    found = courses_of(fork.ensemble(60))
    assert found.first == 4.0
    fans = summarise_fans(found)
    assert fans.dates[0] == found.date(4.0)
    assert "go on from one history on day 4" in fans.words.caption
    waits = summarise_waiting(found)
    assert all(event.incidence.share[0] == 0.0 for event in waits.events)
    assert "What came before day 4 is not counted." in waits.words.subtitle
    assert found.moves.day.min() >= 4.0
    assert np.bincount(found.moves.replicate, minlength=60).tolist() == (
        found.counted.outcomes.moves.tolist()
    )


def test_of_two_first_steps_as_common_none_is_the_most_common():
    def title(one, two, waits=0):
        told = [(k, 1.0, "us", "display", "iran") for k in range(one)]
        told += [(k, 1.0, "iran", "coerce", "us") for k in range(one, one + two)]
        return summarise_tree(by_hand(told, [(at.HORIZON, 30.0)] * (one + two + waits))).words.title

    assert "the most common first step is “US: show force”: 60%" in title(60, 40)
    assert title(52, 48) == (
        "Which first step from rung 4 (coerce) up is the most common is not settled: "
        "“US: show force”, 52% (42 to 62%), or “Iran: coerce”, 48% (38 to 58%)"
    )
    assert "Most often there is no step" in title(20, 10, 70)
    assert "most common is not settled: “no step by day 30”, 50%" in title(45, 5, 50)


@pytest.mark.parametrize("rules", [8, 9, 10])
def test_a_single_rule_is_told_by_name_however_weak_it_is(rules):
    history = sim.run("after-the-strike", seed=3)
    explanation = history.explain(1)
    shown = explanation.options[explanation.chosen]
    made = tuple(RuleShare(f"r{k}", f"rule {k}", 1.0 / (1 + k), (f"s{k}",)) for k in range(rules))
    options = list(explanation.options)
    options[explanation.chosen] = replace(shown, repetition=0.0, rules=made)
    changed = replace(explanation, options=tuple(options))
    found = summarise_waterfall(changed, history.scenario, 3, 0, explanation.chosen)
    _, *steps = found.steps
    if rules < 10:
        assert [step.label for step in steps] == [f"rule {k}" for k in range(rules)]
        assert all(step.statements for step in steps)
        assert "weaker" not in found.words.subtitle
    else:
        assert [step.label for step in steps[8:]] == ["2 weaker rules"]
        assert "grey rests on no statement or adds up the weaker rules" in found.words.subtitle


@pytest.mark.parametrize("seed", [1, 5, 14])
def test_a_waterfall_adds_up(seed):
    history = sim.run("eighty-dead", seed=seed)
    for k in range(1, len(history.visible) + 1, 3):
        explanation = history.explain(k)
        found = summarise_waterfall(explanation, history.scenario, seed, 0)
        assert found.steps[0].start == 0.0
        assert found.steps[-1].end == pytest.approx(found.utility, abs=0.006)
        shown = sum(rival.probability for rival in found.rivals) + found.rest[1]
        assert shown == pytest.approx(1.0)
        assert len(found.rivals) + found.rest[0] == len(explanation.options)
        more = f"{found.rest[0]} more options have {chance(found.rest[1])} together."
        assert found.words.caption.endswith(f"Not drawn: {more}")
        assert [rival.taken for rival in found.rivals].count(True) == 1
        known = {statement.id for statement in history.scenario.crisis.statements.values()}
        assert all(set(step.statements) <= known for step in found.steps)


def test_the_words_for_levels():
    levels = levels_of(sim.load("after-the-strike"))
    assert [level.height for level in levels] == list(range(-1, 11))
    assert (levels[0].label, levels[2].label, levels[-1].label) == (
        "settled",
        "no move",
        "open war",
    )


@pytest.mark.parametrize(
    "probability,said",
    [(0.0, "0%"), (0.0014, "0.14%"), (0.0626, "6.3%"), (0.82, "82%"), (0.9996, "99.96%"),
     (1.0, "100%")],
)  # fmt: skip
def test_exact_probabilities_have_two_digits_and_are_never_all_by_rounding(probability, said):
    assert Rival("x", 0.0, probability, False).chance == said
