"""What the files of a crisis may hold, kind by kind: statements, ladder and scales."""

from collections.abc import Callable

import pytest

from sim.crisis import load
from sim.errors import InputError

FAULTS = {
    "duplicate_table": (
        "border/statements.toml",
        "[south-calm]",
        "[north-counts]",
        "raid.toml",
        (
            "border/statements.toml: is not valid TOML: Cannot declare "
            "('north-counts',) twice (at line 19, column 14)"
        ),
    ),
    "duplicate_move": (
        "border/ladder.toml",
        'id = "hold"',
        'id = "mediate"',
        "raid.toml",
        "border/ladder.toml: moves[1].id: duplicate id 'mediate'",
    ),
    "unknown_actor_of_a_statement": (
        "border/statements.toml",
        'actor = "south"',
        'actor = "sauth"',
        "raid.toml",
        (
            "border/statements.toml: south-calm.actor: no such actor: 'sauth'; "
            "allowed: north, south, none; did you mean 'south'?"
        ),
    ),
    "probability_below_zero": (
        "border/crisis.toml",
        "averts = 0.8",
        "averts = -0.1",
        "raid.toml",
        ("border/crisis.toml: notice.averts: -0.1 is too small; allowed: at least 0 and at most 1"),
    ),
    "infinite": (
        "border/ladder.toml",
        "munitions = 5.0",
        "munitions = inf",
        "raid.toml",
        (
            "border/ladder.toml: moves[3].munitions: must be a finite number, is inf; "
            "allowed: at least 0 and at most 1000000"
        ),
    ),
    "number_for_text": (
        "border/ladder.toml",
        'label = "hold"',
        "label = 3",
        "raid.toml",
        "border/ladder.toml: moves[1].label: must be a text, is 3",
    ),
    "table_for_number": (
        "border/crisis.toml",
        "per_log_dead = 1.0",
        "per_log_dead = { a = 1 }",
        "raid.toml",
        (
            "border/crisis.toml: harm.per_log_dead: must be a number, is a table; "
            "allowed: at least 0 and at most 1000000"
        ),
    ),
    "fraction_for_whole": (
        "border/crisis.toml",
        "major_strikes = 2",
        "major_strikes = 2.5",
        "raid.toml",
        (
            "border/crisis.toml: war.major_strikes: must be a whole number, is 2.5; "
            "allowed: at least 1 and at most 8"
        ),
    ),
    "kind_of_statement": (
        "border/statements.toml",
        '"conditional-threat"',
        '"conditional"',
        "raid.toml",
        (
            "border/statements.toml: north-will-answer.kind: must be one of a few "
            "words, is 'conditional'; allowed: threat, conditional-threat, restraint, "
            "condemnation, mediation, warning, claim, assessment, doctrine, context, "
            "event; did you mean 'conditional-threat'?"
        ),
    ),
    "two_lines": (
        "border/crisis.toml",
        'title = "A quarrel at a border"',
        'title = "A\\nquarrel"',
        "raid.toml",
        (
            "border/crisis.toml: title: 'A\\nquarrel' is not a line of text; allowed: "
            "one line without a tab that starts with no space"
        ),
    ),
    "idle_statement": (
        "border/statements.toml",
        'unused = "Weather moves nobody here."\n',
        "",
        "raid.toml",
        (
            "border/statements.toml: weather: informs no rule, number, opening event "
            "or inject; allowed: a statement that something cites, or unused = 'why'"
        ),
    ),
    "unused_but_used": (
        "border/statements.toml",
        'bears_on = "Restraint."',
        'bears_on = "Restraint."\nunused = "No."',
        "raid.toml",
        ("border/statements.toml: south-calm.unused: is given, but rules.south.calm cites it"),
    ),
    "too_many_expected_dead": (
        "border/ladder.toml",
        "munitions = 20.0",
        "munitions = 501.0",
        "raid.toml",
        (
            "border/actors.toml: places.fort.exposure: major_strike would kill 501 "
            "here on average (munitions * lethality * exposure); allowed: at most 500"
        ),
    ),
    "rungs_out_of_order": (
        "border/ladder.toml",
        "rung = 2",
        "rung = 9",
        "raid.toml",
        (
            "border/ladder.toml: moves[3].rung: rung 8 stands after rung 9; allowed: "
            "moves in the order of their rungs"
        ),
    ),
    "munitions_of_a_protest": (
        "border/ladder.toml",
        "goldstein = -2.0\nmid = 1",
        "goldstein = -2.0\nmid = 1\nmunitions = 1.0",
        "raid.toml",
        (
            "border/ladder.toml: moves[2].munitions: only moves of rung 6 and up use "
            "force, protest is of rung 2"
        ),
    ),
    "no_hold": (
        "border/ladder.toml",
        'id = "hold"',
        'id = "wait"',
        "raid.toml",
        "border/ladder.toml: moves: there is no move 'hold'",
    ),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_told_in_one_line(
    name: str, edit: Callable[[str, str, str], None], complaint: Callable[[str], str]
) -> None:
    file, old, new, scenario, line = FAULTS[name]
    edit(file, old, new)
    assert complaint(scenario) == line


@pytest.mark.parametrize("wrong", [3, None, ["raid"]])
def test_what_is_no_scenario_is_refused(wrong: object) -> None:
    with pytest.raises(InputError, match=r"^scenario: .* is no scenario; allowed: a bundled name"):
        load(wrong)  # type: ignore[arg-type]
