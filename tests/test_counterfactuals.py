"""The same crisis twice: what differs first, which decision parts the two, and why, exactly."""

import json
import math
from datetime import timedelta

import numpy as np
import pytest

import sim
from sim.analysis.parting import difference, parting, steps
from sim.counterfactuals import counterfactual

HOTLINE = {"injects.hotline.on": True}


@pytest.fixture(scope="module")
def pairs():
    """Counterfactuals of several kinds, some histories of each."""
    changes = (
        ("after-the-strike", {"strike.dead": 3}),
        ("eighty-dead", {"rules.us.own-dead.moves.limited_strike": 1.0}),
        ("eighty-dead", {"tempo.us": 1.2}),
        ("eighty-dead", {"precision.iran": 1.5}),
        ("eighty-dead", HOTLINE),
    )
    return [
        counterfactual(name, change, seed=seed) for name, change in changes for seed in range(1, 5)
    ]


def test_the_luck_is_shared(pairs):
    """Decisions that weigh the same pick the same."""
    checked = 0
    for pair in pairs:
        for actor in pair.base.log.assembly.actors:
            own = [
                [d for d in history.log.decisions if d.actor == actor]
                for history in (pair.base, pair.other)
            ]
            for one, two in zip(*own, strict=False):
                if one.probability.tobytes() == two.probability.tobytes():
                    assert one.option == two.option
                    checked += 1
    assert checked > 100


def test_up_to_the_first_difference_everything_is_the_same(pairs):
    kinds = set()
    for pair in pairs:
        first = pair.difference
        kinds.add(first.kind)
        before = [
            [step for step in steps(history.log) if step.day < first.day]
            for history in (pair.base, pair.other)
        ]
        assert before[0] == before[1]
        assert first.base != first.other
        if first.kind == "decision":
            assert first.base.day == first.other.day == pair.parted
    assert {"opening", "clock", "inject", "decision"} <= kinds


def test_no_earlier_decision_takes_another_option(pairs):
    parted = 0
    for pair in pairs:
        assert pair.difference.day <= pair.parted
        for actor in pair.base.log.assembly.actors:
            own = [
                [d for d in history.log.decisions if d.actor == actor]
                for history in (pair.base, pair.other)
            ]
            for one, two in zip(*own, strict=False):
                if min(one.day, two.day) < pair.parted:
                    assert one.option == two.option
        part = pair.parting
        if part is not None:
            parted += 1
            assert part.base.actor == part.other.actor == part.actor
            assert part.base.chosen != part.other.chosen
            assert min(part.base.day, part.other.day) == pair.parted
    assert parted > 10


def test_the_terms_add_up_to_the_odds(pairs):
    """``log(P(b) / P(a)) = sum of terms`` in both histories, so the shifts are the whole."""
    for pair in pairs:
        part = pair.parting
        for odds in (part.contrast, part.bound) if part else ():
            for said, total in ((part.base, odds.base), (part.other, odds.other)):
                one, two = (
                    sum(said.options[o].probability for o in group)
                    for group in (odds.options, odds.against)
                )
                assert math.log(one / two) == pytest.approx(total, abs=1e-9)
            assert sum(term.shift for term in odds.terms) == pytest.approx(odds.shift, abs=1e-9)
            shifts = [abs(term.shift) for term in odds.terms]
            assert shifts == sorted(shifts, reverse=True)


@pytest.mark.parametrize("precision", [20.0, 300.0, 1000.0])
def test_odds_are_exact_however_precise_an_actor_is(precision):
    """The kernel's probabilities have a floor, which odds of what is never chosen would feel."""
    sharp = {f"precision.{actor}": precision for actor in ("us", "iran", "iraq", "uk")}
    base = sim.load("after-the-strike").with_(sharp)
    told = 0
    for seed in range(1, 9):
        part = counterfactual(base, {"strike.dead": 80}, seed=seed).parting
        for odds in (part.contrast, part.bound) if part else ():
            told += 1
            assert sum(term.shift for term in odds.terms) == pytest.approx(odds.shift, rel=1e-9)
    assert told > 4


def test_a_choice_that_was_imposed_is_parted_by_nothing_that_was_weighed():
    history = sim.run("after-the-strike", seed=3)
    decision = next(d for d in history.log.decisions if d.actor == "us")
    moment = history.at(math.nextafter(decision.day, 0.0))
    pair = sim.Counterfactual(history, moment.force("us", "coerce", "iran").run())
    part = pair.parting
    assert part.base.chosen == part.base.model == part.other.model != part.other.chosen
    assert part.bound is None
    assert part.foremost() is None
    assert part.to_dict()["bound"] is None
    assert part.contrast.shift == pytest.approx(0.0, abs=1e-12)


def test_two_options_are_told_apart_by_their_utilities(pairs):
    for pair in pairs:
        if (part := pair.parting) is None:
            continue
        (one,), (two,) = part.contrast.options, part.contrast.against
        for said, total in ((part.base, part.contrast.base), (part.other, part.contrast.other)):
            gap = said.options[one].utility - said.options[two].utility
            assert said.precision * gap == pytest.approx(total, abs=1e-9)


@pytest.mark.parametrize(
    "name, change",
    [
        ("after-the-strike", {"strike.dead": 80}),
        ("eighty-dead", {"injects.promise-withdrawn.on": True}),
        ("eighty-dead", {"precision.us": 1.4}),
    ],
)
def test_what_parts_two_histories_is_told_whatever_it_is(name, change):
    """The bound that went past the number is between the two, and its odds rose; by what, is told.

    The odds of the two that are taken often fall, or stay: another option took a part of the whole.
    """
    others = 0
    for seed in range(1, 31):
        part = counterfactual(name, change, seed=seed).parting
        if part is None:
            continue
        one, two = part.taken
        groups = part.bound.options, part.bound.against
        assert two in groups[0]
        assert one in groups[1]
        assert sorted([*groups[0], *groups[1]]) == list(range(len(part.base.options)))
        assert max(min(groups, key=min)) < min(max(groups, key=min))
        assert one in (max(groups[1]), min(groups[1]))
        assert part.bound.shift > 0.0
        assert part.foremost().terms[0].shift != 0.0
        others += part.contrast.shift <= 0.0
    assert others > 0


def test_the_rule_that_was_changed_is_the_one_that_moves_the_odds():
    rule = "us.own-dead"
    for seed in range(1, 9):
        pair = counterfactual(
            "eighty-dead", {f"rules.{rule}.moves.limited_strike": -3.0}, seed=seed
        )
        part = pair.parting
        assert part.actor == "us"
        odds = part.bound
        assert odds.terms[0].rule == rule
        # Nothing else had a chance to be other before.
        assert {term.rule for term in odds.terms} == {rule}


def test_nothing_changed_is_refused_and_so_is_another_start():
    with pytest.raises(sim.InputError, match="nothing is changed"):
        counterfactual("after-the-strike", {"strike.dead": 0})
    later = sim.load("after-the-strike").start + timedelta(hours=1)
    with pytest.raises(sim.InputError, match="same start"):
        counterfactual("after-the-strike", {"start": later})
    with pytest.raises(sim.InputError, match=r"did you mean 'strike\.dead'"):
        counterfactual("after-the-strike", {"strike.deda": 0})


@pytest.mark.parametrize("change", [None, "strike.dead=3", ["strike.dead"], {3: 3}])
def test_what_says_no_values_is_refused_in_a_line(change):
    with pytest.raises(sim.InputError, match="values by dotted path") as refused:
        counterfactual("after-the-strike", change)
    assert refused.value.key == "change"


def test_histories_that_share_no_luck_are_no_pair():
    base = sim.run("eighty-dead", seed=2)
    for other in (
        sim.run("after-the-strike", seed=3),
        sim.run("after-the-strike", seed=2, replicate=1),
        sim.run("tests/data/raid.toml", seed=2),
    ):
        with pytest.raises(sim.InputError, match="pair only with the same seed"):
            sim.Counterfactual(base, other)
    pair = sim.Counterfactual(base, sim.run("after-the-strike", seed=2))
    assert pair.difference.kind == "opening"


def test_a_change_without_effect_is_told_as_such():
    pair = counterfactual("after-the-strike", {"rules.us.own-dead.scale": 1.1}, seed=1)
    assert pair.difference is None
    assert pair.parting is None
    assert pair.parted == math.inf
    assert "nothing differs" in repr(pair)
    assert set(pair.frame()["in"]) == {"both"}


def test_what_both_have_stands_once(pairs):
    for pair in pairs:
        told = pair.events()
        for where, history in (("baseline", pair.base), ("counterfactual", pair.other)):
            assert [e for w, e in told if w in (where, "both")] == list(history.events)
        days = [event.day for _, event in told]
        assert days == sorted(days)
        frame = pair.frame()
        assert (frame["in"] != "counterfactual").sum() == len(pair.base.visible)


def test_the_json_says_all_of_it(pairs):
    for pair in pairs[::5]:
        found = json.loads(pair.to_json())
        assert found["difference"]["kind"] == pair.difference.kind
        assert found["parting"]["actor"] == pair.parting.actor
        terms = found["parting"]["contrast"]["terms"]
        assert sum(term["shift"] for term in terms) == pytest.approx(pair.parting.contrast.shift)
        assert [one["baseline"] for one in found["change"].values()]
        assert found["baseline"]["moves"][:1] == pair.base.to_dict()["moves"][:1]


def test_a_count_of_the_dead_that_comes_sooner_is_told():
    pair = counterfactual("eighty-dead", {"actors.us.assessment_days": 0.25}, seed=2)
    first = pair.difference
    assert first.kind == "assessment"
    assert (first.base.actor, first.other.actor) == ("us", "us")
    assert first.other.day == first.day < first.base.day
    assert first.base.event.dead == first.other.event.dead == {"us": 80}


def test_an_end_that_comes_sooner_is_told():
    pair = counterfactual("eighty-dead", {"horizon_days": 12.0}, seed=2)
    assert pair.difference.kind == "end"
    assert pair.difference.other.event.kind == "horizon"
    assert pair.parting is None


def test_a_blow_that_kills_others_is_told():
    kinds = set()
    for seed in range(1, 6):
        pair = counterfactual("eighty-dead", {"actors.us.alert": 0.6}, seed=seed)
        first = pair.difference
        if first is not None and first.kind == "consequences":
            assert first.base.option == first.other.option
            assert first.base.event.dead != first.other.event.dead
            assert first.base.event.move == first.other.event.move
        kinds.add(first.kind if first else None)
    assert "consequences" in kinds


def test_the_order_of_the_two_turns_every_sign():
    one = counterfactual("eighty-dead", {"tempo.us": 1.2}, seed=3)
    logs = one.other.log, one.base.log
    first, part = difference(*logs), parting(*logs)
    assert (first.base, first.other) == (one.difference.other, one.difference.base)
    assert part.contrast.options == one.parting.contrast.against
    assert part.contrast.shift == pytest.approx(one.parting.contrast.shift)


# --- what is told of it ------------------------------------------------------------------------


def test_nothing_is_left_out_uncounted(pairs):
    for pair in pairs:
        events = [
            (w, e) for w, e in pair.events() if e.kind not in ("horizon", "settlement", "open_war")
        ]
        whole = pair.stretches(everything=True)
        assert sum(s.alike + s.left + len(s.told) for s in whole) == len(events)
        assert sum(s.left for s in whole) == 0
        told = [one for stretch in whole for one in stretch.told]
        assert [one for one in events if one[0] != "both"] == [
            one for one in told if one[0] != "both"
        ]
        short = pair.stretches()
        seen = [e for e in events if e[1].kind != "assessment" or e[1].day <= pair.parted]
        assert sum(s.alike + s.left + len(s.told) for s in short) == len(seen)
        assert sum(len(s.told) for s in short if s.told and s.told[0][0] != "both") <= 14


def test_the_foremost_terms_and_the_others_are_all_of_them(pairs):
    for pair in pairs:
        if pair.parting:
            odds = pair.parting.foremost()
            assert len(odds.terms) + odds.others == len(odds.contrast.terms)
            shift = sum(term.shift for term in odds.terms) + odds.shift
            assert shift == pytest.approx(odds.contrast.shift, abs=1e-9)
            assert odds.terms == odds.contrast.terms[: len(odds.terms)]
            rest = odds.contrast.terms[len(odds.terms) :]
            assert all(abs(term.shift) < odds.least for term in rest)


def test_what_is_compared_holds_what_was_taken_first(pairs):
    for pair in pairs:
        if pair.parting is None:
            continue
        rows = pair.parting.compared()
        assert {row[0] for row in rows[:2]} == set(pair.parting.taken)
        left = set(range(len(pair.parting.base.options))) - {row[0] for row in rows}
        options = zip(pair.parting.base.options, pair.parting.other.options, strict=True)
        likely = [max(one.probability, two.probability) for one, two in options]
        assert all(likely[index] < 0.02 for index in left)


def test_the_marks_of_a_move_are_those_that_differ():
    first = counterfactual("after-the-strike", {"strike.dead": 80}, seed=3).difference
    assert first.marks == ("dead",)
    hotline = counterfactual("eighty-dead", HOTLINE, seed=2).difference
    assert hotline.kind == "inject"
    assert hotline.marks == ()


def test_settings_are_the_files_the_baselines_and_the_counterfactuals():
    scenario = sim.load("after-the-strike").with_("tempo.uk", 0.5)
    pair = counterfactual(scenario, {"strike.dead": 80})
    assert sorted(pair.settings()) == [("strike.dead", 0, 0, 80), ("tempo.uk", 1.0, 0.5, 0.5)]


# --- over an ensemble -------------------------------------------------------------------------


@pytest.fixture(scope="module")
def ensembles():
    return [sim.ensemble(name, 1500, 2) for name in ("after-the-strike", "eighty-dead")]


@pytest.fixture(scope="module")
def found(ensembles):
    return ensembles[0].transitions(ensembles[1])


def test_the_table_has_the_ends_of_both_ensembles(ensembles, found):
    table = found.table()
    assert table.to_numpy().sum() == found.pairs == 1500
    for k, one in enumerate(ensembles):
        for end in table.index:
            ends = table.sum(axis=1 - k)[end]
            assert ends == int(one.counted.values(end).sum())
    frame = found.frame()
    assert np.isclose(frame["share"].sum(), 1.0)
    assert (frame["low"] <= frame["share"]).all()
    assert (frame["share"] <= frame["high"]).all()


def test_the_first_of_each_kind_is_one(ensembles, found):
    for (a, b), part in found.ends.items():
        if part.count:
            told = [one.history(part.replicate).end for one in ensembles]
            assert told == [a, b]
        else:
            assert part.replicate is None


def test_the_parts_add_up(found):
    assert sum(part.count for part in found.kinds.values()) == found.pairs
    assert found.changed.count == found.pairs - found.kinds["same"].count
    parted = found.kinds["decision"].count
    assert sum(part.count for part in found.actors.values()) == parted
    assert 0 < sum(part.count for *_, part in found.turns) <= parted
    assert found.day.low <= found.day.mean <= found.day.high
    assert found.actors["us"].share.low > 0.4


def test_the_first_history_of_the_ensemble_is_the_pair(found):
    pair = counterfactual("after-the-strike", {"strike.dead": 80}, seed=2, replicate=0)
    alone = pair.transitions(1)
    part = pair.parting
    (turn,) = alone.turns
    assert turn[0] == part.actor
    assert (turn[1].move, turn[2].move) == tuple(
        said.options[said.chosen].move for said in (part.base, part.other)
    )
    assert alone.day.mean == pair.parted
    assert alone.ends[str(pair.base.end), str(pair.other.end)].count == 1


def test_ensembles_that_share_no_luck_make_no_transitions(ensembles):
    with pytest.raises(sim.InputError, match="only with the same seed"):
        ensembles[0].transitions(sim.ensemble("eighty-dead", 1500, 3))


def test_an_ensemble_and_itself_do_not_differ(ensembles):
    same = ensembles[0].transitions(ensembles[0])
    assert same.changed.count == 0
    assert same.turns == ()
    assert math.isnan(same.day.mean)
    table = same.table().to_numpy()
    assert (table[~np.eye(3, dtype=bool)] == 0).all()
    json.dumps(same.to_dict())


def test_forks_make_transitions_too():
    fork = sim.run("eighty-dead", 1).at(1.0)
    plain, other = fork.ensemble(200, 3), fork.intervene("promise-withdrawn").ensemble(200, 3)
    found = plain.transitions(other)
    assert 0 < found.changed.count < 200
    for k, one in enumerate((plain, other)):
        for end in ("open_war", "settlement", "horizon"):
            pairs = sum(part.count for ends, part in found.ends.items() if ends[k] == end)
            assert pairs == one.counted.values(end).sum()
