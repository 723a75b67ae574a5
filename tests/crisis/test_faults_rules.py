"""Mistakes in rules."""

from collections.abc import Callable

import pytest

FAULTS = {
    "not_the_id_of_a_rule": (
        "border/rules.toml",
        'id = "south.calm"',
        'id = "calm"',
        "raid.toml",
        "border/rules.toml: rules[1].id: 'calm' is not the id of a rule; allowed: "
        "actor, dot, short-name",
    ),
    "unknown_key": (
        "border/rules.toml",
        "scale = 2.0",
        "scael = 2.0",
        "raid.toml",
        (
            "border/rules.toml: rules[0].scael: unknown key; allowed: id, actor, "
            "says, when, toward, against, scale, moves, sd, because; did you mean "
            "'scale'?"
        ),
    ),
    "missing_rule_key": (
        "border/rules.toml",
        'when = "tension"\n',
        "",
        "raid.toml",
        "border/rules.toml: rules[1].when: is missing",
    ),
    "two_faults": (
        "border/rules.toml",
        "scale = 2.0",
        "scale = -2.0\nagainst = 3",
        "raid.toml",
        "border/rules.toml: rules[0].against: must be a text, is 3 (and 1 more)",
    ),
    "duplicate_rule": (
        "border/rules.toml",
        'id = "south.calm"\nactor = "south"',
        'id = "north.retaliation"\nactor = "north"',
        "raid.toml",
        "border/rules.toml: rules[1].id: duplicate id 'north.retaliation'",
    ),
    "unknown_statement": (
        "border/rules.toml",
        'because = ["north-will-answer"]',
        'because = ["north-will-anser"]',
        "raid.toml",
        (
            "border/rules.toml: rules[0].because[0]: no such statement: "
            "'north-will-anser'; allowed: north-counts, north-will-answer, "
            "south-calm, raid-report, weather; did you mean 'north-will-answer'?"
        ),
    ),
    "statement_cited_twice": (
        "border/rules.toml",
        'because = ["north-will-answer"]',
        'because = ["north-will-answer", "north-will-answer"]',
        "raid.toml",
        "border/rules.toml: rules[0].because[1]: cites 'north-will-answer' twice",
    ),
    "no_statement": (
        "border/rules.toml",
        'because = ["north-will-answer"]',
        "because = []",
        "raid.toml",
        "border/rules.toml: rules[0].because: must not be empty",
    ),
    "unknown_covariate": (
        "border/rules.toml",
        '"grievance"',
        '"greivance"',
        "raid.toml",
        (
            "border/rules.toml: rules[0].when: no such covariate: 'greivance'; "
            "allowed: grievance, commitment, line_crossed, answered, dead, "
            "partners_dead, no_dead, awaiting_assessment, hostile_intent, restraint, "
            "tension, mediation, ... (17 in all); did you mean 'grievance'?"
        ),
    ),
    "unknown_move_in_a_rule": (
        "border/rules.toml",
        "limited_strike = 2.0",
        "limited_stirke = 2.0",
        "raid.toml",
        (
            "border/rules.toml: rules[0].moves.limited_stirke: no such move: "
            "'limited_stirke'; allowed: mediate, hold, protest, limited_strike, "
            "major_strike; did you mean 'limited_strike'?"
        ),
    ),
    "unknown_actor_of_a_rule": (
        "border/rules.toml",
        'actor = "south"',
        'actor = "sout"',
        "raid.toml",
        (
            "border/rules.toml: rules[1].actor: no such actor: 'sout'; allowed: "
            "north, south; did you mean 'south'?"
        ),
    ),
    "rule_of_another_name": (
        "border/rules.toml",
        'id = "south.calm"',
        'id = "north.calm"',
        "raid.toml",
        (
            "border/rules.toml: rules[1].id: 'north.calm' does not start with its "
            "actor; allowed: south.short-name"
        ),
    ),
    "unknown_actor_of_a_rule_target": (
        "border/rules.toml",
        'toward = "south"',
        'toward = "soth"',
        "raid.toml",
        (
            "border/rules.toml: rules[0].toward: no such other actor: 'soth'; "
            "allowed: south, each; did you mean 'south'?"
        ),
    ),
    "rule_toward_itself": (
        "border/rules.toml",
        'toward = "south"',
        'toward = "north"',
        "raid.toml",
        (
            "border/rules.toml: rules[0].toward: no such other actor: 'north'; "
            "allowed: south, each; did you mean 'south'?"
        ),
    ),
    "option_outside_the_repertoire": (
        "border/rules.toml",
        "moves = { limited_strike = -3.0",
        "moves = { major_strike = -3.0",
        "raid.toml",
        (
            "border/rules.toml: rules[1].moves.major_strike: major_strike against any "
            "other is not in the repertoire of south; allowed: mediate, hold, "
            "protest, limited_strike; did you mean 'limited_strike'?"
        ),
    ),
    "undirected_option_outside_the_repertoire": (
        "border/rules.toml",
        "moves = { limited_strike = 2.0",
        "moves = { mediate = 2.0",
        "raid.toml",
        (
            "border/rules.toml: rules[0].moves.mediate: mediate is not in the "
            "repertoire of north; allowed: hold, protest, limited_strike, "
            "major_strike"
        ),
    ),
    "against_outside_the_repertoire": (
        "border/rules.toml",
        'toward = "each"\nmoves = {',
        'toward = "each"\nagainst = "north"\nmoves = { major_strike = 1.0,',
        "raid.toml",
        (
            "border/rules.toml: rules[1].moves.major_strike: major_strike against "
            "north is not in the repertoire of south; allowed: mediate, hold, "
            "protest, limited_strike; did you mean 'limited_strike'?"
        ),
    ),
    "infinite_weight": (
        "border/rules.toml",
        "limited_strike = 2.0",
        "limited_strike = -inf",
        "raid.toml",
        (
            "border/rules.toml: rules[0].moves.limited_strike: must be a finite "
            "number, is -inf; allowed: at least -1000 and at most 1000"
        ),
    ),
    "number_for_list": (
        "border/rules.toml",
        'because = ["north-will-answer"]',
        "because = 3",
        "raid.toml",
        "border/rules.toml: rules[0].because: must be a list, is 3",
    ),
    "text_for_list": (
        "border/rules.toml",
        'because = ["north-will-answer"]',
        'because = "north-will-answer"',
        "raid.toml",
        "border/rules.toml: rules[0].because: must be a list, is 'north-will-answer'",
    ),
    "not_toml": (
        "border/rules.toml",
        "scale = 2.0",
        "scale =",
        "raid.toml",
        "border/rules.toml: is not valid TOML: Invalid value (at line 7, column 8)",
    ),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_told_in_one_line(
    name: str, edit: Callable[[str, str, str], None], complaint: Callable[[str], str]
) -> None:
    file, old, new, scenario, line = FAULTS[name]
    edit(file, old, new)
    assert complaint(scenario) == line
