"""escalation explain: a decision adds up, and says which decision it is."""

import math

import pytest

STORY = ("after-the-strike", "--seed", "3", "--set", "strike.dead=80")


def adds_up(explained):
    precision = explained["precision"]
    options = explained["options"]
    assert options
    for option in options:
        assert {"move", "target", "utility", "probability", "base", "rules"} <= set(option)
        logits = [rule["logits"] for rule in option["rules"]]
        assert option["utility"] == pytest.approx(option["base"] + sum(logits), rel=0, abs=1e-12)
        assert all(rule["statements"] for rule in option["rules"])
    top = max(option["utility"] for option in options)
    weights = [math.exp(precision * (option["utility"] - top)) for option in options]
    for option, weight in zip(options, weights, strict=True):
        share = weight / math.fsum(weights)
        assert option["probability"] == pytest.approx(share, rel=0, abs=1e-12)


def test_every_move_is_explained_exactly(read):
    moves = read("run", *STORY)["moves"]
    assert len(moves) > 3
    for k, move in enumerate(moves, start=1):
        explained = read("explain", *STORY, "--move", str(k))
        adds_up(explained)
        chosen = explained["options"][explained["chosen"]]
        assert (chosen["move"], chosen["target"]) == (move["move"], move["target"])
        assert explained["number"] == k
        assert [rule["rule"] for rule in chosen["rules"]] == [r["rule"] for r in move["because"]]


@pytest.mark.parametrize("actor", ["us", "iran", "iraq", "uk"])
def test_an_actor_s_decision_is_found_by_its_day(read, actor):
    explained = read("explain", *STORY, "--actor", actor, "--at", "1.5")
    adds_up(explained)
    assert explained["actor"] == actor
    again = read("explain", *STORY, "--actor", actor, "--at", str(explained["day"]))
    assert again == explained


def test_a_day_can_be_a_date(read):
    def at(day):
        return read("explain", *STORY, "--actor", "us", "--at", day)

    assert at("2020-01-08T18:00:00") == at("0.5")
    assert at("2020-01-09") == at("2020-01-09T12:00") == at("1.25")


def test_a_table_shows_the_probable_options_and_takes_them_apart(once, read):
    text = once("explain", *STORY, "--move", "2")
    explained = read("explain", *STORY, "--move", "2")
    chosen = explained["options"][explained["chosen"]]
    assert max(map(len, text.splitlines())) <= 80
    for rule in chosen["rules"]:
        assert f"{rule['logits']:+.2f}" in text
        assert rule["rule"] in text
        assert all(name in text for name in rule["statements"])
    assert f"= {chosen['utility']:+6.2f}  utility" in text


def test_a_decision_to_hold_says_why_not_force(once, read):
    ask = ("after-the-strike", "--seed", "7", "--actor", "us", "--at", "0.5")
    explained = read("explain", *ask)
    assert explained["number"] is None
    assert explained["options"][explained["chosen"]]["move"] == "hold"
    text = once("explain", *ask)
    assert "\nA decision to hold" in text
    assert "strike → Iran (not chosen" in text


def test_all_takes_every_option_apart(once, read):
    ask = ("after-the-strike", "--seed", "7", "--move", "1")
    text = once("explain", *ask, "--all")
    options = read("explain", *ask)["options"]
    assert text.count("not chosen") == len(options) - 1


def test_a_move_out_of_range_says_how_many_there_are(refused, read):
    count = len(read("run", *STORY)["moves"])
    for k in ("0", "-1", "9999"):
        assert f"1 to {count}" in refused("explain", *STORY, "--move", k)


@pytest.mark.parametrize(
    "ask",
    [
        (),
        ("--actor", "us"),
        ("--at", "1"),
        ("--move", "1", "--actor", "us", "--at", "1"),
        ("--move", "1", "--at", "1"),
    ],
)
def test_one_decision_has_to_be_named(refused, ask):
    line = refused("explain", "after-the-strike", *ask)
    assert "--move" in line
    assert "--actor" in line


@pytest.mark.parametrize(
    "day", ["soon", "nan", "inf", "2020-13-01", "2020-01-08T06:00:00+03:00", ""]
)
def test_a_day_that_is_none_is_refused(refused, day):
    line = refused("explain", "after-the-strike", "--actor", "us", "--at", day)
    assert line.startswith("escalation: --at: cannot read")


def test_an_unknown_actor_is_refused(refused):
    line = refused("explain", "after-the-strike", "--actor", "irann", "--at", "1")
    assert line.endswith("did you mean 'iran'?")


def test_a_decision_far_from_the_day_asked_for_says_so(once, read):
    ask = ("explain", "after-the-strike", "--seed", "7", "--actor", "us", "--at")
    days = [n / 4 for n in range(8)]
    apart = [read(*ask, str(day))["day"] - day for day in days]
    assert any(abs(gap) > 1 / 24 for gap in apart)
    for day, gap in zip(days, apart, strict=True):
        text = " ".join(once(*ask, str(day)).split())
        assert text.startswith(f"Asked for day {day:g}, ") == (abs(gap) > 1 / 24)
        if abs(gap) > 1 / 24:
            assert ("later." in text) == (gap > 0)


@pytest.mark.parametrize(
    "at, where", [("-1", "before the start"), ("2019-12-31", "before the start"),
                  ("2.5", "after the end"), ("2020-02-01", "after the end")]
)  # fmt: skip
def test_a_day_outside_the_history_says_when_it_ended(refused, at, where):
    line = refused("explain", "after-the-strike", "--days", "2", "--actor", "us", f"--at={at}")
    assert f"{where} of this history; allowed: day 0 (8 Jan 2020 06:00) to day 2.00" in line


def test_the_date_of_the_end_counts_whole(told):
    ask = ("explain", "after-the-strike", "--days", "2", "--actor", "us", "--at", "2020-01-10")
    assert "Asked for day 2.25" in told(*ask)
