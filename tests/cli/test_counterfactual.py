"""escalation counterfactual: a pair told in lines, the ensemble, the JSON, and what it refuses."""

import re
import shutil

import pytest

import sim

PAIR = ("counterfactual", "after-the-strike", "--change", "strike.dead=80", "--seed", "3")
SMALL = (*PAIR, "--replicates", "200")
HOTLINE = (
    "counterfactual",
    "eighty-dead",
    "--change",
    "injects.hotline.on=true",
    "--seed",
    "7",
    "--replicates",
    "100",
)


def test_json_is_the_pair_and_the_ensemble(read):
    found = read(*SMALL)
    pair = sim.counterfactual("after-the-strike", {"strike.dead": 80}, seed=3)
    assert found["parting"] == pair.to_dict()["parting"]
    assert found["change"] == {"strike.dead": {"baseline": 0, "counterfactual": 80}}
    assert found["ensemble"] == pair.transitions(200).to_dict()
    assert sum(row["count"] for row in found["ensemble"]["ends"]) == 200


def test_it_is_told_in_order_and_fits_eighty_columns(once):
    text = once(*SMALL)
    heads = (
        "After the strike, twice",
        "What differs first",
        "The decision at which they part: US, its 1st",
        "Side by side, from the start",
        "Over 200 pairs of histories: ",
        "From the baseline's end to the counterfactual's",
        "Whose decision parts them",
    )
    places = [text.index(head) for head in heads]
    assert places == sorted(places)
    assert max(map(len, text.splitlines())) <= 80
    assert "\x1b" not in text


@pytest.mark.parametrize("command", [SMALL, HOTLINE], ids=["dead", "hotline"])
def test_a_narrow_terminal_is_enough(cli, monkeypatch, command):
    import sim.cli.screen

    narrow = sim.cli.screen.Screen(60)
    monkeypatch.setattr("sim.cli.screen.Screen.current", classmethod(lambda cls: narrow))
    monkeypatch.setattr(shutil, "get_terminal_size", lambda *_: (60, 24))
    text = cli(*command).stdout
    assert "Side by side" in text
    assert max(map(len, text.splitlines())) <= 60


def test_the_logits_of_the_rules_add_up_to_what_is_told(once):
    text = once(*SMALL)
    head = re.search(
        r"Log-odds of .*?: ([+-][\d.]+) in.*?, ([+-][\d.]+) in.*?by ([+-][\d.]+)", text, re.DOTALL
    )
    base, other, shift = (float(number) for number in head.groups())
    assert other - base == pytest.approx(shift, abs=0.011)
    body = text[head.end() : text.index("Side by side")]
    terms = [float(number) for number in re.findall(r"^ {2} *([+-]\d+\.\d\d) ", body, re.MULTILINE)]
    assert sum(terms) == pytest.approx(shift, abs=0.005 * (len(terms) + 1))
    assert "(us.own-dead) [us-protect-personnel," in body


def test_both_columns_hold_what_happened(once):
    text = once(*PAIR, "--replicates", "200", "--all")
    pair = sim.counterfactual("after-the-strike", {"strike.dead": 80}, seed=3)
    table = text[text.index("Side by side") : text.index("\nBaseline: ")]
    left, right = [], []
    for line in table.splitlines()[2:]:
        left.append(line[14:46].strip())
        right.append(line[48:].strip())
    moves = [sum(bool(re.match(r"(US|UK|Iran|Iraq): ", cell)) for cell in c) for c in (left, right)]
    shared = sum(event in pair.other.visible for event in pair.base.visible)
    hidden = re.findall(r"(\d+) events, the same in both", table)
    assert moves[1] == len(pair.other.visible) - shared
    assert moves[0] + sum(map(int, hidden)) >= len(pair.base.visible)
    assert "more: --all tells them." not in text


def test_without_all_it_is_short(once):
    assert len(once(*SMALL).splitlines()) < 100
    assert "more: --all tells them." in once(*SMALL)


def test_what_changes_nothing_here_is_said_so(once):
    text = once(
        "counterfactual",
        "after-the-strike",
        "--change",
        "rules.us.own-dead.scale=1.1",
        "--replicates",
        "50",
    )
    assert "The two histories are the same, to the last event." in text
    assert "Side by side" not in text


def test_set_holds_for_both_and_change_for_one(once):
    text = once(*SMALL, "--set", "tempo.uk=0.5", "--change", "tempo.us=1.0")
    assert "In both, tempo.uk = 0.5 (1 in the file)" in " ".join(text.split())
    assert "strike.dead = 80 in the counterfactual, 0 in the baseline" in text
    assert "tempo.us = 1 in the counterfactual" in text


@pytest.mark.parametrize(
    "arguments, says",
    [
        (("--change", "strike.deda=3"), "--change strike.deda: no such path; did you mean"),
        (("--change", "strike.dead"), "--change: cannot read 'strike.dead'; allowed: PATH=VALUE"),
        (("--change", "strike.dead=0"), "nothing is changed"),
        (("--change", "start=2020-01-08T07:00:00"), "the same start"),
        ((), "missing option '--change'"),
        (("--change", "strike.dead=1", "--replicates", "0"), "out of range"),
    ],
)
def test_what_makes_no_pair_is_refused_in_a_line(refused, arguments, says):
    assert says in refused("counterfactual", "after-the-strike", *arguments)
