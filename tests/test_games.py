"""Games: the same history as any other, what a player may know, and what becomes of it."""

import json
import re
import sys
from dataclasses import replace
from datetime import datetime
from itertools import groupby

import numpy as np
import pytest

import sim
from sim.analysis.intervals import difference
from sim.analysis.outcomes import Counted
from sim.analysis.played import Parting, Verdict, ranked
from sim.analysis.ranking import rank
from sim.analysis.situation import _above
from sim.costs import costs_of
from sim.engines.ensemble import Outcomes
from sim.errors import InputError
from sim.game_advice import rows_of, told_of
from sim.games import Game
from sim.kernel import layout as at
from sim.saved_games import free_file

SCENARIO = "from-the-killing"
WINNING = 6  # a seed with which one notified strike and patience settle it
FEW = 60


@pytest.fixture(scope="module")
def scenario():
    return sim.load(SCENARIO)


def rows(history):
    return np.array(history.log.rows)


def finish(game):
    while not game.over:
        game.wait()
    return game


@pytest.fixture(scope="module")
def won(scenario):
    game = Game(scenario, "iran", seed=WINNING)
    game.choose("notified_strike us")
    return finish(game)


# --- known answers ---------------------------------------------------------------------------


def test_the_models_own_choices_make_the_models_own_history(scenario):
    model = sim.run(scenario, seed=2)
    options = model.log.assembly.options[model.log.assembly.actors.index("iran")]
    game = Game(scenario, "iran", seed=2)
    own = [decision.option for decision in model.log.decisions if decision.actor == "iran"]
    assert own
    for option in own:
        game.choose(option)
    assert game.over
    assert np.array_equal(rows(game.history), rows(model))
    assert [taken.option for taken in game.taken] == [str(options[k]) for k in own]
    found = game.debrief(FEW)
    assert found.partings == ()
    assert found.verdict == found.model


def test_choices_make_the_history_of_a_policy(scenario):
    def hold(view):
        return "hold"

    policy = sim.run(scenario, seed=4, replicate=2, decide={"iran": hold})
    game = finish(Game(scenario, "iran", seed=4, replicate=2))
    assert np.array_equal(rows(game.history), rows(policy))
    assert game.history.log.replaced == ["iran"]


def test_a_game_can_be_won(won):
    verdict = won.debrief(FEW).verdict
    assert (verdict.word, verdict.end) == ("won", "settlement")
    assert verdict.dead == sum(won.history.dead.values()) - 1  # the killing's was before


def test_a_game_can_be_lost(scenario):
    game = Game(scenario, "us", seed=1)
    game.choose("open_war iran")
    assert game.over
    found = game.debrief(FEW)
    assert found.verdict.word == "lost"
    (parting,) = found.partings
    assert parting.open_war.other == 1.0
    assert parting.open_war.estimate.low > 0.5
    assert parting.settlement.other == 0.0
    assert found.standings.worse.mean < found.standings.better.mean


def test_a_game_can_be_over_before_anybody_decides(scenario):
    game = Game(scenario.with_("horizon_days", 0.01), "iran")
    assert game.over
    assert game.turn is None
    assert game.debrief(FEW).decisions == 0
    with pytest.raises(InputError, match="over"):
        game.situation()


def test_verdicts_are_ordered_by_end_and_then_by_the_dead():
    out = Outcomes.empty(5, 1, 0)
    out.end[:] = at.SETTLEMENT, at.SETTLEMENT, at.HORIZON, at.WAR, at.WAR
    out.dead[:, 0] = 12, 10, 10, 10, 11
    counted = Counted(out, ("us",))

    def shares(verdict):
        found = ranked(verdict, counted, before=10)
        return [round(5 * x.mean) for x in (found.better, found.level, found.worse)]

    assert shares(Verdict("settlement", 0, 1.0)) == [0, 1, 4]
    assert shares(Verdict("settlement", 1, 1.0)) == [1, 0, 4]
    assert shares(Verdict("horizon", 0, 1.0)) == [2, 1, 2]
    assert shares(Verdict("open_war", 1, 1.0)) == [4, 1, 0]
    found = ranked(Verdict("horizon", 0, 1.0), counted, before=10)
    assert (found.won.mean, found.lost.mean) == (0.4, 0.4)


# --- what a player may know ------------------------------------------------------------------


def test_the_dead_are_those_that_were_counted_not_those_that_died():
    game = Game("eighty-dead", "iran", seed=4)
    assert game.history.dead["us"] == 80
    us = next(other for other in game.situation().others if other.actor == "us")
    assert (us.dead, us.counting) == (0, True)
    game.wait()
    us = next(other for other in game.situation().others if other.actor == "us")
    assert (us.dead, us.counting) == (80, False)


def test_an_author_is_known_only_where_the_blow_is_attributed(scenario):
    heard = {}
    for seed in range(30):
        game = Game(scenario, "iran", seed=seed)
        game.choose("proxy_strike us")
        event = next(e for e in game.history.visible if e.move == "proxy_strike")
        said = [n.says for n in game.heard("us") if "proxy strike" in n.says]
        heard[event.attributed] = said[0], finish(game).debrief(2).secrets
        if len(heard) == 2:
            break
    assert heard[True][0].startswith("Iran: proxy strike, on you")
    assert heard[False][0].startswith("Somebody unknown: proxy strike, on you")
    assert "Iran" not in heard[False][0]
    # It was the player's own doing, so no secret to the player.
    assert not any("was by Iran" in secret for secret in heard[False][1])


def test_a_hidden_author_is_told_in_the_end(scenario):
    for seed in range(30):
        model = sim.run(
            scenario, seed=seed, decide={"iran": lambda view: view.option("proxy_strike", "us")}
        )
        if any(not event.attributed for event in model.visible):
            break
    found = sim.debrief(model, ["us"], FEW)
    assert any("was by Iran" in secret for secret in found.secrets)


def test_a_blind_game_hides_what_the_model_would_do(scenario):
    open_, blind = (Game(scenario, "iran", blind=hidden).situation() for hidden in (False, True))
    assert open_.pulls
    assert sum(choice.probability for choice in open_.options) == pytest.approx(1.0)
    assert blind.pulls == ()
    assert all(choice.probability is None and not choice.rules for choice in blind.options)
    assert [c.label for c in blind.options] == [c.label for c in open_.options]


def test_probabilities_are_those_of_the_decision_itself(scenario):
    game = Game(scenario, "iran", seed=3)
    said = game.situation()
    game.choose(0)
    (decision,) = (d for d in game.history.log.decisions if d.actor == "iran")
    assert [c.probability for c in said.options] == list(decision.probability)


@pytest.mark.parametrize(
    "score, told",
    [
        (1.26, "1.3"),
        (0.55000001, "0.6"),
        (0.549, "0.55"),
        (0.52, "0.52"),
        (0.504, "just above 0.5"),
        (0.5 + 1e-12, "just above 0.5"),
    ],
)
def test_an_open_score_never_reads_as_a_closed_one(score, told):
    assert _above(score, 0.5) == told


def test_a_score_that_is_open_is_told_above_what_is_closed():
    game = Game("after-the-strike", "us", seed=3)
    told = {}
    while not game.over:
        for other in game.situation().others:
            for note in other.notes:
                if found := re.fullmatch(r"your score with it is open \((.*)\)", note):
                    told[other.score] = found[1]
        game.choose(0)
    assert any(0.51 < score < 0.55 for score in told)
    for score, number in told.items():
        assert number == "just above 0.5" if score < 0.505 else float(number) > 0.5


def test_quiet_that_is_not_yet_enough_never_reads_as_if_it_were():
    said = Game("after-the-strike", "us", seed=3).situation()
    told = replace(said, quiet_days=said.quiet_needed - 0.01).quiet
    assert told.startswith("Quiet for 13.9 days; a settlement takes 14,")
    assert replace(said, quiet_days=3.0).quiet.startswith("Quiet for 3.0 days;")


# --- undo, save, resume ----------------------------------------------------------------------


def test_undo_brings_back_the_very_same_decision(scenario):
    game = Game(scenario, "iran", seed=5)
    first = game.situation()
    game.choose("threaten us")
    second = game.situation()
    game.wait()
    game.undo()
    assert game.situation() == second
    game.choose("major_strike us")
    game.undo()
    game.undo()
    assert game.situation() == first
    with pytest.raises(InputError, match="nothing has been decided"):
        game.undo()


def test_a_wait_is_undone_as_a_whole_even_after_the_end(won, tmp_path):
    game = Game.load(won.save(tmp_path / "won.json"))
    assert game.over
    turns = {taken.turn for taken in game.taken}
    game.undo()
    assert not game.over
    assert {taken.turn for taken in game.taken} == turns - {max(turns)}


def test_a_saved_game_goes_on_to_the_same_debrief(won, scenario, tmp_path):
    game = Game(scenario, "iran", seed=WINNING)
    game.choose("notified_strike us")
    file = game.save(tmp_path / "game.json")
    assert [path.name for path in tmp_path.iterdir()] == ["game.json"]
    resumed = Game.load(file)
    assert resumed.situation() == game.situation()
    finish(resumed)
    assert resumed.taken == won.taken
    assert resumed.debrief(FEW).to_json() == won.debrief(FEW).to_json()
    again = Game.load(resumed.save(file))
    assert again.debrief(FEW).to_json() == won.debrief(FEW).to_json()


def test_overrides_and_blindness_are_saved(tmp_path):
    changed = sim.load(SCENARIO).with_({"killing.dead": 3, "horizon_days": 9.0})
    game = Game(changed, ["iran", "us"], seed=0, replicate=4, blind=True)
    game.choose(0)
    resumed = Game.load(game.save(tmp_path / "game.json"))
    assert resumed.scenario.digest() == changed.digest()
    assert (resumed.players, resumed.replicate, resumed.blind) == (("iran", "us"), 4, True)
    assert resumed.situation() == game.situation()


def altered(file, **changes):
    record = json.loads(file.read_text()) | changes
    file.write_text(json.dumps(record))
    return file


@pytest.mark.parametrize(
    "changes, told",
    [
        ({"digest": "0" * 64}, "no longer the one that was played"),
        ({"scenario": "eighty-dead"}, "no longer the one that was played"),
        ({"seed": 8}, "no longer takes the course"),
        ({"game": 0}, "another version"),
        ({"taken": [{"option": "hold"}]}, r"taken\[0\]\.turn: is missing"),
        ({"players": ["france"]}, "no such actor"),
    ],
)
def test_a_game_that_cannot_be_gone_on_with_is_refused(scenario, tmp_path, changes, told):
    game = Game(scenario, "iran", seed=7)
    game.choose(0)
    file = altered(game.save(tmp_path / "game.json"), **changes)
    with pytest.raises(InputError, match=told) as caught:
        Game.load(file)
    assert str(file) in str(caught.value)


@pytest.mark.parametrize("values", [{}, {"killing.dead": 3}])
def test_another_scenario_than_the_one_that_was_played_is_called_another_one(tmp_path, values):
    file = Game(sim.load(SCENARIO).with_(values), "iran").save(tmp_path / "game.json")
    with pytest.raises(InputError, match="was played on from-the-killing, and eighty-dead is anot"):
        Game.load(file, "eighty-dead")
    assert Game.load(file, SCENARIO).turn == "iran"


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", "null"])
def test_a_file_that_is_no_game_is_refused(tmp_path, text):
    file = tmp_path / "game.json"
    file.write_text(text)
    with pytest.raises(InputError, match="is no saved game"):
        Game.load(file)


def turns(game):
    return [(taken.turn, taken.actor) for taken in game.taken]


def test_of_two_players_each_takes_back_the_own_last_turn_and_both_are_told():
    game = Game("eighty-dead", ["us", "iran"], seed=7)
    game.choose(0)
    game.choose(0)
    first = game.situation()
    game.choose(0)
    assert game.turn == "iran"
    with pytest.raises(InputError, match="this player has decided nothing yet"):
        game.undo()
    assert turns(game) == [(1, "us"), (2, "us"), (3, "us")]
    game.choose(0)
    assert (game.turn, turns(game)[-1]) == ("us", (4, "iran"))
    # The last turn of all is the other one's.
    assert game.undo() == {
        "us": "Your last turn is undone, and so is what Iran decided after it.",
        "iran": "US has taken a turn back: what you decided after it is undone too.",
    }
    assert (game.situation(), turns(game)) == (first, [(1, "us"), (2, "us")])
    assert game.undo() == {}
    assert turns(game) == [(1, "us")]


def test_after_the_end_the_last_turn_of_any_player_is_taken_back():
    game = Game("eighty-dead", ["us", "iran"], seed=7)
    for _ in range(3):
        game.choose(0)
    game.choose("open_war us")
    assert game.over
    assert game.undo() == {}
    assert (game.turn, turns(game)) == ("iran", [(1, "us"), (2, "us"), (3, "us")])


def test_who_waits_is_not_asked_again_when_the_other_one_undoes_or_the_game_is_resumed(tmp_path):
    game = Game(SCENARIO, ["us", "iran"], seed=3)
    game.wait()
    assert set(turns(game)) == {(1, "us")}
    before = game.situation()
    game.choose(0)
    # Nothing visible has happened: the wait went on after it.
    assert game.turn == "iran"
    assert turns(game)[-1] == (1, "us")
    whole = game.taken
    file = game.save(tmp_path / "game.json")
    assert game.undo() == {}
    assert game.situation() == before
    again = Game.load(game.save(tmp_path / "before.json"))
    for resumed in (game, again):
        resumed.choose(0)
        assert resumed.taken == whole
    other, same = Game.load(file), game
    for each in (other, same):
        each.choose(0)
    assert other.taken == same.taken
    assert other.situation() == same.situation()
    # Files of before waits were saved are gone on with; whoever waited is asked.
    record = json.loads(file.read_text())
    for taken in record["taken"]:
        taken.pop("until", None)
    old = Game.load(altered(file, **record))
    old.choose(0)
    assert old.turn == "us"
    assert old.day < game.day


# --- turns -----------------------------------------------------------------------------------


def test_a_wait_ends_at_the_first_pressing_news(scenario):
    for seed in range(5):
        game = Game(scenario, "iran", seed=seed)
        while not game.over:
            before = len(game.taken)
            game.wait()
            held = game.taken[before:]
            assert held
            assert {taken.option for taken in held} == {"hold"}
            heard = [n for n in game.heard("iran") if n.day > held[0].day and n.pressing]
            assert game.over or heard
            # Nothing pressing had been heard when it last held.
            assert all(news.day >= held[-1].day for news in heard)


def test_a_wait_lasts_so_many_days_at_most(scenario):
    game = Game(scenario, "iran", seed=5)
    game.choose(0)
    day = game.day
    game.wait(2.0)
    assert game.taken[-1].day < day + 2.0
    with pytest.raises(InputError, match="none to wait"):
        game.wait(0.0)


def test_players_take_turns_and_wait_for_themselves_alone():
    game = Game("eighty-dead", ["us", "iran"], seed=4)
    seen = set()
    while not game.over and len(seen) < 2:
        seen.add(game.turn)
        assert game.situation().actor == game.turn
        game.choose(0)
    assert seen == {"us", "iran"}
    game = Game("eighty-dead", ["us", "iran"], seed=4)
    waits = game.turn
    game.wait()
    assert all(taken.actor == waits for taken in game.taken)
    other = game.turn
    assert other != waits


@pytest.mark.parametrize("option", [99, -1, "retreat", "threaten", "threaten uk", "Hold"])
def test_what_cannot_be_chosen_changes_nothing(scenario, option):
    game = Game(scenario, "iran")
    before = game.situation()
    with pytest.raises(InputError, match="no option"):
        game.choose(option)
    assert game.situation() == before
    assert game.taken == ()


def test_nobody_else_can_be_played(scenario):
    with pytest.raises(InputError, match="did you mean 'iran'"):
        Game(scenario, "irann")


# --- what it cost ----------------------------------------------------------------------------


def test_costs_hold_together_and_the_most_distant_are_looked_into(scenario):
    def strike(view):
        return view.option("major_strike", "us") if view.day > 5 else "hold"

    def scold(view):
        return view.option("protest", "iran")

    history = sim.run(scenario, seed=5, decide={"iran": strike, "uk": scold})
    found = sim.debrief(history, ["iran", "uk"], FEW)
    costed = [parting for parting in found.partings if parting.dead is not None]
    assert 1 < len(costed) < len(found.partings)
    assert found.level == pytest.approx(1 - 0.05 / (3 * len(costed)))
    left = [parting for parting in found.partings if parting.dead is None]
    assert min(abs(p.step) for p in costed) >= max(abs(p.step) for p in left)
    # A major strike kills, for sure, and an option against itself would change nothing at all.
    assert any(p.dead.estimate.low > 0 for p in costed if p.chosen.startswith("major"))


def test_an_option_against_itself_costs_nothing(scenario):
    from dataclasses import replace

    from sim.debriefs import _costed

    game = finish(Game(scenario, "iran", seed=5))
    parting = next(p for p in game.debrief(2).partings)
    same = replace(parting, model=parting.chosen)
    found = _costed(game.history, same, FEW, 0.95, iter([None, None]))
    assert [pair.estimate.mean for pair in found.costs().values()] == [0.0, 0.0, 0.0]


def test_what_every_future_or_none_led_to_is_told_as_a_bound():
    all_, none = np.ones(2_000, np.bool_), np.zeros(2_000, np.bool_)
    some = np.arange(2_000) % 4 == 0
    parting = Parting(
        *(1, 0.5, datetime(2020, 1, 3), "iran", "open_war us", "hold", 0.1, 10),
        settlement=difference(some, none),
        open_war=difference(some, all_),
        dead=difference(some * 8.0, none * 1.0),
    )
    told = [cost.text.partition(" (")[0] for cost in costs_of(parting, war=False)]
    # The ends of Wilson's interval: z^2 / (n + z^2) of 2,000.
    assert told == [
        "settled <0.2% instead of 25.0%",
        "open war >99.8% instead of 25.0%",
        "dead 0.0 instead of 2.0",
    ]


def test_an_unfinished_game_has_no_debrief(scenario):
    with pytest.raises(InputError, match="not over"):
        Game(scenario, "iran").debrief()


def test_advice_starts_from_the_decision_that_is_due(scenario):
    game = Game(scenario, "iran", seed=3)
    found = game.advise(FEW)
    assert (found.actor, found.day) == ("iran", game.day)
    assert len(found.courses) == len(game.situation().options)
    assert found.course("open_war us").estimates["open_war"].mean == 1.0
    assert game.taken == ()


@pytest.fixture(scope="module")
def advised():
    game = Game("eighty-dead", "us", seed=2)
    game.wait()
    return game.advise()


def test_advice_ranks_by_the_end_and_then_by_the_dead(advised):
    fork, ends, dead = advised.fork, [], []
    options = fork.log.assembly.options[fork.log.assembly.actors.index("us")]
    for option in options:
        counted = fork.force("us", option.move, option.target, now=True).ensemble(1_000, 2).counted
        ends.append(counted.values("open_war") * 1.0 - counted.values("settlement"))
        dead.append(counted.values("dead"))
    brackets = rank([np.array(ends), np.array(dead)]).bracket
    found = {course.option: course.bracket for course in advised.courses}
    assert found == {str(option): n for option, n in zip(options, brackets, strict=True)}
    # It may win more often than what is first, and kills near forty more.
    assert found["major_strike iran"] > 1
    assert [str(options[k]) for k in advised.ranking.order] == list(found)


@pytest.mark.parametrize("replicates", [2, 9, 30, 1_000])
def test_what_stands_first_in_a_bracket_can_be_answered_for(scenario, advised, replicates):
    few = Game(scenario, "iran", seed=WINNING)
    found = advised if replicates == 1_000 else few.advise(replicates)
    assert [course.rank for course in found.courses] == list(range(1, len(found.courses) + 1))
    assert found.courses[-1].move == "open_war"
    for _, courses in groupby(found.courses, key=lambda course: course.bracket):
        first, *others = courses
        assert "hold" not in [course.option for course in others]
        peaceful = [course for course in others if course.move != "open_war"]
        dead = [course.estimates["dead"].mean for course in peaceful]
        assert dead == sorted(dead)
        assert first.option == "hold" or not peaceful or first.estimates["dead"].mean <= dead[0]


def test_advice_says_what_its_order_turns_on(advised):
    (answer, turning), notes = told_of(advised, str.upper, "so")
    assert answer == "Best as the game counts: NOTIFIED_STRIKE IRAN."
    assert turning.startswith("Before holding, though with more dead: MAJOR_STRIKE IRAN. ")
    assert "brackets (so)" in notes[1]
    told = {row.option: row for row in rows_of(advised)}
    assert told["open_war iran"].cells[2] == "-"
    assert all(row.cells[2] != "-" for row in told.values() if row.option != "open_war iran")
    # Of what fewer dead alone put before holding, that is said too.
    courses = {course.option: course for course in advised.courses}
    best, hold = courses["notified_strike iran"], courses["hold"]
    pair = best.differences["dead"]
    nearer = replace(pair, estimate=replace(pair.estimate, mean=0.01, low=-0.01, high=0.03))
    spared = replace(pair, estimate=replace(pair.estimate, mean=-1.0, low=-1.5, high=-0.5))
    best = replace(best, differences={"weighted_sum": nearer, "dead": spared})
    turned = replace(advised, courses=(best, hold))
    (_, said), _ = told_of(turned, str.upper, "so")
    assert said.startswith("Before holding by fewer dead alone: NOTIFIED_STRIKE IRAN. ")
    # Nor is it put down to the dead where they are not told to be fewer.
    as_many = replace(spared, estimate=replace(spared.estimate, mean=-0.1, low=-0.4, high=0.2))
    level = replace(best, differences=best.differences | {"dead": as_many})
    (_, said), _ = told_of(replace(advised, courses=(level, hold)), str.upper, "so")
    assert said.startswith("Before holding, not told from the best: NOTIFIED_STRIKE IRAN. ")
    level = tuple(replace(course, bracket=1) for course in (best, hold, courses["coerce iran"]))
    (said,), _ = told_of(replace(advised, courses=level), str.upper, "so")
    assert said == "No single best: all options stand in the first bracket."
    both = (*level[:2], courses["open_war iran"])
    (said,), _ = told_of(replace(advised, courses=both), str.upper, "so")
    assert said == "No single best. First bracket: HOLD, NOTIFIED_STRIKE IRAN."
    # Where all is lost, what ends it at once has no dead to show.
    led = (replace(courses["open_war iran"], bracket=1), replace(hold, bracket=2))
    (said,), _ = told_of(replace(advised, courses=led), str.upper, "so")
    assert said.startswith("No single best: OPEN_WAR IRAN leads for want of its dead")


# --- widgets ---------------------------------------------------------------------------------


def test_widgets_play_the_same_game(scenario, won, tmp_path, monkeypatch):
    pytest.importorskip("ipywidgets")
    from sim.game_widgets import Table

    monkeypatch.chdir(tmp_path)
    game = Game(scenario.with_("horizon_days", 3.0), "iran", seed=WINNING)
    table = Table(game, advice=True)
    assert {table.options, table.buttons} < set(table.box.children)
    assert "You play: Iran" in table.text.value
    assert len(table.options.options) == len(game.situation().options)
    table.undo.click()
    assert "Nothing has been decided yet" in table.said.value
    table.options.value = 10
    table.take.click()
    assert game.taken[0] == won.taken[0]
    assert table.said.value == ""
    other = free_file(game, tmp_path)
    other.write_text("another game", encoding="utf-8")
    for _ in range(2):
        table.save.click()
    # Over no other game, and again into its own.
    assert other.read_text("utf-8") == "another game"
    (own,) = set(tmp_path.glob("*.json")) - {other}
    assert Game.load(own).taken == game.taken
    while not game.over:
        table.wait.click()
    assert "A draw: no settlement in time after 3 days" in table.text.value
    assert "no clear difference: " in table.text.value
    assert table.said.value == ""
    table.take.click()
    assert "The crisis is over: nothing is left to decide" in table.said.value
    assert bytes(table.box.children[1].value[:4]) == b"\x89PNG"
    table.undo.click()
    assert not game.over
    assert table.options in table.box.children


def test_widgets_tell_each_player_what_is_theirs():
    pytest.importorskip("ipywidgets")
    from sim.game_widgets import Table

    table = Table(Game("eighty-dead", ["us", "iran"], seed=7), advice=False)
    before = table._before()
    assert next(iter(before)).says in table.text.value
    for _ in range(3):
        table.take.click()
    assert table.game.turn == "iran"
    own = next(iter(table._before())).says
    assert own in table.text.value
    table.take.click()
    table.undo.click()
    assert "so is what Iran decided after it" in table.text.value
    table.take.click()
    assert table.game.turn == "iran"
    assert "US has taken a turn back" in table.text.value
    table.take.click()
    assert "taken a turn back" not in table.text.value


def test_widgets_show_what_goes_wrong(scenario, monkeypatch, tmp_path):
    pytest.importorskip("ipywidgets")
    from sim.game_widgets import Table

    monkeypatch.chdir(tmp_path)
    game = Game(scenario, "iran", seed=WINNING)
    table = Table(game, advice=True)

    def broken(error):
        def fail(*_, **__):
            raise error

        return fail

    monkeypatch.setattr(Game, "save", broken(PermissionError(13, "Permission denied", "a.json")))
    table.save.click()
    assert "permission denied" in table.said.value
    monkeypatch.setattr(Game, "advise", broken(ZeroDivisionError("by nothing")))
    table.advice.click()
    assert "Unexpected ZeroDivisionError: by nothing" in table.said.value
    monkeypatch.undo()
    table.advice.click()
    assert "notified strike → US" in table.said.value
    assert game.taken == ()


def test_widgets_show_the_brackets_of_advice():
    pytest.importorskip("ipywidgets")
    from sim.game_widgets import Table

    table = Table(Game("eighty-dead", "us", seed=2), advice=True)
    table.wait.click()
    table.advice.click()
    told = table.said.value
    assert told.startswith("<p><b>Best as the game counts: notified strike → Iran.</b></p>")
    rows = re.findall(
        r"<td>(\d+)&ensp;</td><td>([^&]*)&ensp;</td>.*?<td>([^&]*)&ensp;</td></tr>", told
    )
    assert [int(bracket) for bracket, *_ in rows] == [1, 2, *[3] * 7, 4]
    assert rows[2][1] == "hold"
    assert rows[-1][1:] == ("open war → Iran", "-")
    assert "whose own are not simulated (-)" in told


def test_without_ipywidgets_one_line_says_what_to_install(scenario, monkeypatch):
    monkeypatch.setitem(sys.modules, "ipywidgets", None)
    monkeypatch.delitem(sys.modules, "sim.game_widgets", raising=False)
    with pytest.raises(InputError) as caught:
        Game(scenario, "iran").widget()
    how = "in the project's folder: pip install -e '.[notebook]'"
    told = f"widget: needs ipywidgets, which is not installed; allowed: {how}"
    assert str(caught.value) == told


@pytest.mark.slow
def test_a_notebook_plays_a_whole_game(tmp_path, repository, monkeypatch):
    pytest.importorskip("ipywidgets")
    nbformat = pytest.importorskip("nbformat")
    nbclient = pytest.importorskip("nbclient")
    monkeypatch.setenv("PYTHONPATH", str(repository))
    cells = [
        "import sim\nfrom sim.game_widgets import Table\n"
        "scenario = sim.load('from-the-killing').with_('horizon_days', 3.0)\n"
        f"table = Table(sim.Game(scenario, 'iran', seed={WINNING}), advice=True)\ntable.box",
        "while not table.game.over:\n    table.wait.click()\nprint(table.text.value)",
    ]
    book = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    where = {"metadata": {"path": str(tmp_path)}}
    nbclient.NotebookClient(book, timeout=300, kernel_name="python3", resources=where).execute()
    shown, ended = (cell.outputs for cell in book.cells)
    assert "application/vnd.jupyter.widget-view+json" in shown[-1]["data"]
    assert "A draw: no settlement in time after 3 days" in ended[-1]["text"]
