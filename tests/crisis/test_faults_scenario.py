"""Mistakes in scenario files, their events and injects, and what they extend."""

from collections.abc import Callable

import pytest

FAULTS = {
    "missing_key": (
        "raid.toml",
        'asks = "Does a raid on the fort lead to more?"\n',
        "",
        "raid.toml",
        "raid.toml: asks: is missing",
    ),
    "unknown_statement_of_the_background": (
        "raid.toml",
        'crisis = "border"\n',
        'crisis = "border"\nbackground = "The fort [raid-report], then the road [raid-raport]."\n',
        "raid.toml",
        (
            "raid.toml: background: no such statement: 'raid-raport'; "
            "allowed: north-counts, north-will-answer, south-calm, raid-report, "
            "weather; did you mean 'raid-report'?"
        ),
    ),
    "duplicate_opening": (
        "raid.toml",
        'id = "warning"',
        'id = "raid"',
        "raid.toml",
        "raid.toml: opening[1].id: duplicate id 'raid'",
    ),
    "duplicate_inject": (
        "raid.toml",
        'id = "mine"',
        'id = "envoy"',
        "raid.toml",
        "raid.toml: injects[1].id: duplicate id 'envoy'",
    ),
    "unknown_statement_of_an_event": (
        "raid.toml",
        '["raid-report"]',
        '["raid-reprot"]',
        "raid.toml",
        (
            "raid.toml: opening[0].because[0]: no such statement: 'raid-reprot'; "
            "allowed: north-counts, north-will-answer, south-calm, raid-report, "
            "weather; did you mean 'raid-report'?"
        ),
    ),
    "unknown_covariate_of_an_inject": (
        "raid.toml",
        '"mediation"',
        '"mediatoin"',
        "raid.toml",
        (
            "raid.toml: injects[0].effects[0].covariate: no such covariate: "
            "'mediatoin'; allowed: grievance, commitment, line_crossed, answered, "
            "dead, partners_dead, no_dead, awaiting_assessment, hostile_intent, "
            "restraint, tension, mediation, ... (17 in all); did you mean "
            "'mediation'?"
        ),
    ),
    "unknown_move_in_an_event": (
        "raid.toml",
        'move = "protest"',
        'move = "protset"',
        "raid.toml",
        (
            "raid.toml: opening[1].move: no such move: 'protset'; allowed: mediate, "
            "hold, protest, limited_strike, major_strike; did you mean 'protest'?"
        ),
    ),
    "unknown_actor_of_an_event": (
        "raid.toml",
        'actor = "south"',
        'actor = "souht"',
        "raid.toml",
        (
            "raid.toml: opening[0].actor: no such actor: 'souht'; allowed: north, "
            "south; did you mean 'south'?"
        ),
    ),
    "unknown_place": (
        "raid.toml",
        '"fort"',
        '"fork"',
        "raid.toml",
        ("raid.toml: opening[0].place: no such place: 'fork'; allowed: fort; did you mean 'fort'?"),
    ),
    "date_without_time": (
        "raid.toml",
        "start = 2001-03-02T06:00:00",
        "start = 2001-03-02",
        "raid.toml",
        ("raid.toml: start: must be a date and time such as 2020-01-08T06:00:00, is 2001-03-02"),
    ),
    "date_with_offset": (
        "raid.toml",
        "start = 2001-03-02T06:00:00",
        "start = 2001-03-02T06:00:00Z",
        "raid.toml",
        (
            "raid.toml: start: must be a local time without an offset, is "
            "2001-03-02T06:00:00+00:00; allowed: a date and time such as "
            "2020-01-08T06:00:00"
        ),
    ),
    "not_an_id": (
        "raid.toml",
        'id = "raid"',
        'id = "The Raid"',
        "raid.toml",
        (
            "raid.toml: opening[0].id: 'The Raid' is not a valid id; allowed: "
            "lower-case letters and digits, joined by - or _"
        ),
    ),
    "too_many_expected_dead_of_an_event": (
        "raid.toml",
        "dead = 2\nalso_dead = { south = 1 }",
        "munitions = 1001",
        "raid.toml",
        (
            "raid.toml: opening[0].munitions: would kill 500.5 on average (munitions "
            "* lethality * exposure); allowed: at most 500"
        ),
    ),
    "opening_after_start": (
        "raid.toml",
        "start = 2001-03-02T06:00:00",
        "start = 2001-03-01T18:00:00",
        "raid.toml",
        (
            "raid.toml: opening[0].date: 2001-03-01T22:00:00 is after the start; "
            "allowed: up to 2001-03-01T18:00:00"
        ),
    ),
    "at_and_rate": (
        "raid.toml",
        "rate = 0.05",
        "rate = 0.05\nat = 2001-03-05T00:00:00",
        "raid.toml",
        "raid.toml: injects[0]: has both at and rate; allowed: exactly one of at and rate",
    ),
    "neither_at_nor_rate": (
        "raid.toml",
        "rate = 0.05\n",
        "",
        "raid.toml",
        ("raid.toml: injects[0]: has neither at nor rate; allowed: exactly one of at and rate"),
    ),
    "inject_before_start": (
        "raid.toml",
        "at = 2001-03-05",
        "at = 2001-03-01",
        "raid.toml",
        (
            "raid.toml: injects[1].at: 2001-03-01T00:00:00 is before the start; "
            "allowed: from 2001-03-02T06:00:00"
        ),
    ),
    "inject_without_evidence": (
        "raid.toml",
        "hypothetical = true\n",
        "",
        "raid.toml",
        (
            "raid.toml: injects[0]: has neither because nor hypothetical = true; "
            "allowed: exactly one of them"
        ),
    ),
    "inject_that_does_nothing": (
        "raid.toml",
        "dead = { north = 1 }\n",
        "",
        "raid.toml",
        "raid.toml: injects[1]: does nothing; allowed: effects, dead, set or several",
    ),
    "negative_dead": (
        "raid.toml",
        "dead = 2",
        "dead = -2",
        "raid.toml",
        (
            "raid.toml: opening[0].dead: must be a number of dead, is -2; allowed: a "
            "whole number from 0, or 'drawn'"
        ),
    ),
    "dead_of_a_protest": (
        "raid.toml",
        'move = "protest"',
        'move = "protest"\ndead = 2',
        "raid.toml",
        "raid.toml: opening[1].dead: protest uses no force: leave it out",
    ),
    "also_dead_of_a_draw": (
        "raid.toml",
        "dead = 2",
        'dead = "drawn"',
        "raid.toml",
        "raid.toml: opening[0].also_dead: needs dead as a number: here dead is drawn",
    ),
    "event_without_target": (
        "raid.toml",
        'target = "north"\n',
        "",
        "raid.toml",
        ("raid.toml: opening[0].target: is missing: limited_strike has a target; allowed: north"),
    ),
    "event_of_a_reserved_name": (
        "raid.toml",
        'id = "raid"',
        'id = "prompt"',
        "raid.toml",
        "raid.toml: opening[0].id: 'prompt' is the first word of other paths",
    ),
    "crisis_and_extends": (
        "raid.toml",
        'crisis = "border"',
        'crisis = "border"\nextends = "ten-dead"',
        "raid.toml",
        "raid.toml: has both crisis and extends; allowed: exactly one of them",
    ),
    "neither_crisis_nor_extends": (
        "raid.toml",
        'crisis = "border"\n',
        "",
        "raid.toml",
        "raid.toml: has neither crisis nor extends; allowed: exactly one of them",
    ),
    "own_parent": (
        "ten-dead.toml",
        '"raid"',
        '"ten-dead"',
        "ten-dead.toml",
        "ten-dead.toml: extends: goes round in a loop: ten-dead -> ten-dead",
    ),
    "loop": (
        "raid.toml",
        'crisis = "border"',
        'extends = "ten-dead"',
        "ten-dead.toml",
        "raid.toml: extends: goes round in a loop: ten-dead -> raid -> ten-dead",
    ),
    "event_of_the_parent_again": (
        "ten-dead.toml",
        'id = "reply"',
        'id = "raid"',
        "ten-dead.toml",
        "ten-dead.toml: opening[0].id: duplicate id 'raid'",
    ),
    "fault_in_the_parent": (
        "raid.toml",
        'place = "fort"',
        'place = "port"',
        "ten-dead.toml",
        ("raid.toml: opening[0].place: no such place: 'port'; allowed: fort; did you mean 'fort'?"),
    ),
    "fault_in_the_child": (
        "ten-dead.toml",
        'actor = "north"',
        'actor = "norht"',
        "ten-dead.toml",
        (
            "ten-dead.toml: opening[0].actor: no such actor: 'norht'; allowed: north, "
            "south; did you mean 'north'?"
        ),
    ),
    "set_unknown_path": (
        "ten-dead.toml",
        '"raid.dead"',
        '"raid.dad"',
        "ten-dead.toml",
        "ten-dead.toml: [set] raid.dad: no such path; did you mean 'raid.dead'?",
    ),
    "set_table": (
        "ten-dead.toml",
        '"raid.dead"',
        '"raid"',
        "ten-dead.toml",
        (
            "ten-dead.toml: [set] raid: is a table, not a single value; allowed: "
            "raid.date, raid.actor, raid.move, raid.target, raid.place, raid.dead, "
            "raid.claimed, raid.provocation, raid.munitions, raid.also_dead.north, "
            "raid.also_dead.south"
        ),
    ),
    "set_unquoted": (
        "ten-dead.toml",
        '"raid.dead"',
        "raid.dead",
        "ten-dead.toml",
        (
            "ten-dead.toml: [set] raid: is a table, not a single value; allowed: "
            '"raid.dead" = 10, the whole path in quotes'
        ),
    ),
    "set_negative": (
        "ten-dead.toml",
        "= 10",
        "= -10",
        "ten-dead.toml",
        (
            "ten-dead.toml: [set] raid.dead: must be a number of dead, is -10; "
            "allowed: a whole number from 0, or 'drawn'"
        ),
    ),
    "set_twice": (
        "ten-dead.toml",
        '"raid.dead" = 10',
        '"raid.dead" = 10\n"raid.dead" = 10',
        "ten-dead.toml",
        ("ten-dead.toml: is not valid TOML: Cannot overwrite a value (at line 14, column 17)"),
    ),
    "constant_changed": (
        "raid.toml",
        '"mediation"',
        '"constant"',
        "raid.toml",
        "raid.toml: injects[0].effects[0].covariate: constant never changes",
    ),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_told_in_one_line(
    name: str, edit: Callable[[str, str, str], None], complaint: Callable[[str], str]
) -> None:
    file, old, new, scenario, line = FAULTS[name]
    edit(file, old, new)
    assert complaint(scenario) == line
