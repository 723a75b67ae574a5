"""Mistakes about actors, places and propensities."""

from collections.abc import Callable

import pytest

FAULTS = {
    "unknown_table": (
        "border/propensities.toml",
        "[tempo]",
        "[tempi]",
        "raid.toml",
        (
            "border/propensities.toml: tempi: unknown key (and 1 more); allowed: "
            "calibrated, note, repetition, prompt, urgency_ceiling, tempo, precision, "
            "urgency, attention, half_lives, base, because; did you mean 'tempo'?"
        ),
    ),
    "unknown_key_of_a_place": (
        "border/actors.toml",
        "exposure = 1.0",
        "exposur = 1.0",
        "raid.toml",
        (
            "border/actors.toml: places.fort.exposur: unknown key; allowed: name, "
            "soil, exposure, forces, struck, moves, because; did you mean 'exposure'?"
        ),
    ),
    "duplicate_key": (
        "border/propensities.toml",
        "south = 0.25",
        "south = 0.25\nsouth = 0.5",
        "raid.toml",
        (
            "border/propensities.toml: is not valid TOML: Cannot overwrite a value "
            "(at line 9, column 12)"
        ),
    ),
    "unknown_statement_of_a_number": (
        "border/actors.toml",
        '["north-counts"]',
        '["north-count"]',
        "raid.toml",
        (
            "border/actors.toml: actors.north.because.assessment_days[0]: no such "
            "statement: 'north-count'; allowed: north-counts, north-will-answer, "
            "south-calm, raid-report, weather; did you mean 'north-counts'?"
        ),
    ),
    "unknown_number_cited": (
        "border/actors.toml",
        'assessment_days = ["north-counts"]',
        'assesment = ["north-counts"]',
        "raid.toml",
        (
            "border/actors.toml: actors.north.because.assesment: no such key of an "
            "actor: 'assesment'; allowed: partners, assessment_days, alert, claims, "
            "attribution, passes_warning, expects, hostile_intent, launches_from, "
            "repertoire; did you mean 'assessment_days'?"
        ),
    ),
    "unknown_move_in_a_repertoire": (
        "border/actors.toml",
        '"protest", "limited_strike", "major_strike"',
        '"protst"',
        "raid.toml",
        (
            "border/actors.toml: actors.north.repertoire.south[0]: no such move: "
            "'protst'; allowed: mediate, hold, protest, limited_strike, major_strike; "
            "did you mean 'protest'?"
        ),
    ),
    "unknown_actor_expected": (
        "border/actors.toml",
        "{ south = 0.5 }",
        "{ sud = 0.5 }",
        "raid.toml",
        (
            "border/actors.toml: actors.north.expects.sud: no such other actor: "
            "'sud'; allowed: south; did you mean 'south'?"
        ),
    ),
    "unknown_partner": (
        "border/actors.toml",
        "partners = []",
        'partners = ["souht"]',
        "raid.toml",
        (
            "border/actors.toml: actors.north.partners[0]: no such other actor: "
            "'souht'; allowed: south; did you mean 'south'?"
        ),
    ),
    "unknown_soil": (
        "border/actors.toml",
        'soil = "south"',
        'soil = "sea"',
        "raid.toml",
        ("border/actors.toml: places.fort.soil: no such actor: 'sea'; allowed: north, south"),
    ),
    "unknown_actor_there": (
        "border/actors.toml",
        "south = 3.0, north = 1.0 }\nstruck",
        "south = 3.0, nort = 1.0 }\nstruck",
        "raid.toml",
        (
            "border/actors.toml: places.fort.forces.nort: no such actor: 'nort'; "
            "allowed: north, south; did you mean 'north'?"
        ),
    ),
    "kinetic_option_without_a_place": (
        "border/actors.toml",
        "struck = { south = 1.0, north = 1.0 }",
        "struck = { north = 1.0 }",
        "raid.toml",
        (
            "border/actors.toml: actors.north.repertoire.south[1]: no place where "
            "limited_strike at south could fall; allowed: moves with a place whose "
            "struck has south"
        ),
    ),
    "kinetic_option_without_a_place_for_the_move": (
        "border/actors.toml",
        "struck =",
        'moves = ["limited_strike"]\nstruck =',
        "raid.toml",
        (
            "border/actors.toml: actors.north.repertoire.south[2]: no place where "
            "major_strike at south could fall; allowed: moves with a place whose "
            "struck has south"
        ),
    ),
    "hold_listed": (
        "border/actors.toml",
        'alone = ["mediate"]',
        'alone = ["mediate", "hold"]',
        "raid.toml",
        (
            "border/actors.toml: actors.south.repertoire.alone[1]: hold is always "
            "there: leave it out"
        ),
    ),
    "directed_move_alone": (
        "border/actors.toml",
        'alone = ["mediate"]',
        'alone = ["mediate", "protest"]',
        "raid.toml",
        (
            "border/actors.toml: actors.south.repertoire.alone[1]: protest needs a "
            "target; allowed: mediate"
        ),
    ),
    "negative_half_life": (
        "border/propensities.toml",
        "tension = 5.0",
        "tension = -5.0",
        "raid.toml",
        (
            "border/propensities.toml: half_lives.default.tension: -5.0 is too small; "
            "allowed: more than 0 and at most 1000000"
        ),
    ),
    "negative_half_life_of_repetition": (
        "border/propensities.toml",
        "half_life = 2.0",
        "half_life = -2.0",
        "raid.toml",
        (
            "border/propensities.toml: repetition.half_life: -2.0 is too small; "
            "allowed: more than 0 and at most 1000000"
        ),
    ),
    "missing_half_life": (
        "border/propensities.toml",
        "tension = 5.0\n",
        "",
        "raid.toml",
        "border/propensities.toml: half_lives.default.tension: is missing",
    ),
    "unknown_half_life": (
        "border/propensities.toml",
        "grievance = 40.0",
        "greivance = 40.0",
        "raid.toml",
        (
            "border/propensities.toml: half_lives.south.greivance: no such half-life: "
            "'greivance'; allowed: grievance, commitment, line, line_crossed, "
            "answered, dead, partners_dead, no_dead, hostile_intent, restraint, "
            "tension, mediation, ... (16 in all); did you mean 'grievance'?"
        ),
    ),
    "probability_above_one": (
        "border/actors.toml",
        "alert = 0.5",
        "alert = 1.5",
        "raid.toml",
        (
            "border/actors.toml: actors.north.alert: 1.5 is too large; allowed: at "
            "least 0 and at most 1"
        ),
    ),
    "not_a_number": (
        "border/propensities.toml",
        "prompt = 1.0",
        "prompt = nan",
        "raid.toml",
        (
            "border/propensities.toml: prompt: must be a finite number, is nan; "
            "allowed: at least 0 and at most 1000000"
        ),
    ),
    "text_for_number": (
        "border/propensities.toml",
        "north = 0.5",
        'north = "often"',
        "raid.toml",
        (
            "border/propensities.toml: tempo.north: must be a number, is 'often'; "
            "allowed: more than 0 and at most 1000"
        ),
    ),
    "flag_for_number": (
        "border/propensities.toml",
        "prompt = 1.0",
        "prompt = true",
        "raid.toml",
        (
            "border/propensities.toml: prompt: must be a number, is true; allowed: at "
            "least 0 and at most 1000000"
        ),
    ),
    "list_for_table": (
        "border/propensities.toml",
        "[tempo]\nnorth = 0.5\nsouth = 0.25",
        "[[tempo]]\nnorth = 0.5",
        "raid.toml",
        "border/propensities.toml: tempo: must be a table, is a list",
    ),
    "huge_number": (
        "border/propensities.toml",
        "prompt = 1.0",
        "prompt = 1" + "0" * 400,
        "raid.toml",
        (
            "border/propensities.toml: prompt: must be a number, is "
            "1000000000000000000000000000000000000000000000...; allowed: at least 0 "
            "and at most 1000000"
        ),
    ),
    "base_missing": (
        "border/propensities.toml",
        "major_strike = -6.0\n",
        "",
        "raid.toml",
        "border/propensities.toml: base.north.major_strike: is missing",
    ),
    "base_extra": (
        "border/propensities.toml",
        "mediate = -1.0",
        "mediate = -1.0\nmajor_strike = -9.0",
        "raid.toml",
        (
            "border/propensities.toml: base.south.major_strike: no such move in the "
            "repertoire of south: 'major_strike'; allowed: mediate, protest, "
            "limited_strike; did you mean 'limited_strike'?"
        ),
    ),
    "base_of_hold": (
        "border/propensities.toml",
        "mediate = -1.0",
        "mediate = -1.0\nhold = 0.0",
        "raid.toml",
        (
            "border/propensities.toml: base.south.hold: no such move in the "
            "repertoire of south: 'hold'; allowed: mediate, protest, limited_strike"
        ),
    ),
    "base_of_no_actor": (
        "border/propensities.toml",
        "[base.south]",
        "[base.soth]",
        "raid.toml",
        (
            "border/propensities.toml: base.soth: no such actor: 'soth'; allowed: "
            "north, south; did you mean 'south'?"
        ),
    ),
    "tempo_missing": (
        "border/propensities.toml",
        "south = 0.25\n",
        "",
        "raid.toml",
        "border/propensities.toml: tempo.south: is missing",
    ),
    "too_many_expected_dead_at_a_place": (
        "border/actors.toml",
        "exposure = 1.0",
        "exposure = 25.5",
        "raid.toml",
        (
            "border/actors.toml: places.fort.exposure: major_strike would kill 510 "
            "here on average (munitions * lethality * exposure); allowed: at most 500"
        ),
    ),
    "actor_of_a_reserved_name": (
        "border/actors.toml",
        "[places.fort]",
        (
            '[actors.each]\nname = "E"\nshort = "E"\nassessment_days = 1.0\nrepertoire = '
            "{}\n\n[places.fort]"
        ),
        "raid.toml",
        "border/actors.toml: actors.each: 'each' has a meaning of its own",
    ),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_told_in_one_line(
    name: str, edit: Callable[[str, str, str], None], complaint: Callable[[str], str]
) -> None:
    file, old, new, scenario, line = FAULTS[name]
    edit(file, old, new)
    assert complaint(scenario) == line
