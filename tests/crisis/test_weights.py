"""Weights in force: what a rule is left with when its statements are read otherwise."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import sim
from sim.crisis import Scenario, load
from sim.crisis.weights import Weights
from sim.engines.assemble import assemble
from sim.errors import InputError

RAID = load(Path(__file__).parent.parent / "data" / "raid.toml")
BUNDLED = load("after-the-strike")
AS_BEFORE = "3280e8225da1cdb3c666629ed17e859e01611ea940aba83db4b98d2d14608fd8"
CITED = sorted({name for rule in BUNDLED.crisis.rules for name in rule.because})
FACTORS = [path for path in BUNDLED.paths() if path.startswith("weights.")]


def factors(scenario: Scenario) -> dict[str, float]:
    """What each rule's coded weights are multiplied by."""
    crisis = scenario.crisis
    return {r.id: scenario.weights.of_rule(r, crisis.statements) for r in crisis.rules}


def terms(scenario: Scenario) -> np.ndarray:
    """The weights that the kernel reads."""
    return assemble(scenario).params.term_weight.copy()


def refused(path: str, value: object) -> str:
    with pytest.raises(InputError) as caught:
        BUNDLED.with_(path, value)
    return str(caught.value)


# --- as coded ---------------------------------------------------------------------------------


def test_weights_that_nobody_touched_leave_the_digest_alone() -> None:
    assert BUNDLED.weights == Weights()
    assert BUNDLED.digest() == AS_BEFORE
    assert set(factors(BUNDLED).values()) == {1.0}


def test_the_kernel_reads_the_weights_of_the_files() -> None:
    assembly = assemble(BUNDLED)
    params = assembly.params
    for i, options in enumerate(assembly.options):
        for o, option in enumerate(options):
            for t in range(params.term_first[i, o], params.term_first[i, o + 1]):
                rule = assembly.rows[params.term_rule[t]].rule
                assert params.term_weight[t] == rule.moves[option.move]


@pytest.mark.parametrize(
    "values",
    [
        {"weights.all": 1},
        {"weights.actors.us": 1.0, "weights.kinds.threat": 1.0, "weights.rules.uk.own-dead": 1.0},
        {"statements.us-all-is-well.counts": True, "statements.us-all-is-well.strength": "strong"},
        {"statements.us-all-is-well.strength": 2},
        {"statements.us-all-is-well.strength": None},
    ],
)
def test_what_is_as_coded_changes_nothing(values: dict[str, object]) -> None:
    same = BUNDLED.with_(values)
    assert same == BUNDLED
    assert same.digest() == AS_BEFORE
    assert same.overrides == {}


# --- another reading --------------------------------------------------------------------------


def test_worked_by_hand() -> None:
    # us.own-dead cites two statements: a moderate and a strong one, or as the file has it.
    rule = BUNDLED.crisis.rule("us.own-dead")
    first, second = (BUNDLED.crisis.statements[name] for name in rule.because)
    coded = {"weak": 0.5, "moderate": 1.0, "strong": 2.0}
    s1, s2 = coded[first.strength], coded[second.strength]

    def factor(values: dict[str, object]) -> float:
        return factors(BUNDLED.with_(values))[rule.id]

    assert factor({f"statements.{first.id}.counts": False}) == s2 / (s1 + s2)
    assert factor({f"statements.{first.id}.strength": 3.0}) == (3.0 + s2) / (s1 + s2)
    assert factor({f"statements.{first.id}.strength": "weak"}) == (0.5 + s2) / (s1 + s2)
    assert (
        factor({"weights.all": 0.5, "weights.actors.us": 3.0, f"weights.rules.{rule.id}": 4}) == 6
    )
    both = {f"statements.{name}.counts": False for name in rule.because}
    assert factor(both) == 0.0
    kinds = {f"weights.kinds.{first.kind}": 0.0}
    left = 0.0 if second.kind == first.kind else s2
    assert factor(kinds) == left / (s1 + s2)


@pytest.mark.parametrize("name", CITED)
def test_leaving_a_statement_out_takes_its_share_of_the_rules_that_cite_it(name: str) -> None:
    coded = {"weak": 0.5, "moderate": 1.0, "strong": 2.0}
    statements = BUNDLED.crisis.statements
    found = factors(BUNDLED.with_(f"statements.{name}.counts", False))
    for rule in BUNDLED.crisis.rules:
        strengths = {cited: coded[statements[cited].strength] for cited in rule.because}
        share = strengths.get(name, 0.0) / sum(strengths.values())
        assert found[rule.id] == pytest.approx(1.0 - share, abs=1e-12)
        assert (found[rule.id] == 1.0) is (name not in rule.because)


def test_all_weights_scale_every_term_and_none_is_no_rule_at_all() -> None:
    before = terms(BUNDLED)
    assert (terms(BUNDLED.with_("weights.all", 0.5)) == 0.5 * before).all()
    assert not terms(BUNDLED.with_("weights.all", 0)).any()
    each = {f"weights.actors.{actor.id}": 0.5 for actor in BUNDLED.crisis.actors}
    assert (terms(BUNDLED.with_(each)) == 0.5 * before).all()
    kinds = {path: 0.5 for path in FACTORS if path.startswith("weights.kinds.")}
    assert np.allclose(terms(BUNDLED.with_(kinds)), 0.5 * before)
    rules = {path: 0.5 for path in FACTORS if path.startswith("weights.rules.")}
    assert (terms(BUNDLED.with_(rules)) == 0.5 * before).all()


@given(st.sampled_from(FACTORS), st.floats(0.0, 100.0))
def test_any_factor_can_be_set_and_set_back(path: str, value: float) -> None:
    new = BUNDLED.with_(path, value)
    assert new.parameter(path) == value
    assert (new.digest() == AS_BEFORE) is (value == 1.0)
    assert new.with_(path, 1.0) == BUNDLED


@given(st.sampled_from(CITED), st.floats(0.0, 10.0) | st.sampled_from([0.5, 1.0, 2.0]))
def test_a_number_of_logits_and_its_word_are_one_value(name: str, value: float) -> None:
    path = f"statements.{name}.strength"
    new = BUNDLED.with_(path, value)
    words = {0.5: "weak", 1.0: "moderate", 2.0: "strong"}
    assert new.parameter(path) == words.get(value, value)
    assert new.with_(path, words.get(value, value)) == new
    assert new.with_(path, None) == BUNDLED


def test_a_change_is_in_the_account_and_in_the_digest() -> None:
    new = BUNDLED.with_({"statements.ir-slap.counts": False, "weights.all": 2})
    assert new.overrides == {"statements.ir-slap.counts": False, "weights.all": 2.0}
    assert new.replaced == {"statements.ir-slap.counts": True, "weights.all": 1.0}
    assert new.digest() != AS_BEFORE
    assert new.with_("weights.all", 1.0).digest() == (
        BUNDLED.with_("statements.ir-slap.counts", False).digest()
    )


def test_a_scenario_file_may_set_them(copy: Path) -> None:
    (copy / "deaf.toml").write_text(
        'extends = "raid"\n[set]\n"statements.south-calm.counts" = false\n"weights.all" = 0.5\n'
    )
    deaf = load("deaf.toml")
    assert factors(deaf) == {"north.retaliation": 0.5, "south.calm": 0.0}
    assert deaf.overrides == {}
    (copy / "deaf.toml").write_text('extends = "raid"\n[set]\n"weights.all" = -1\n')
    with pytest.raises(InputError, match=r"deaf\.toml: \[set\] weights\.all: -1 is too small"):
        load("deaf.toml")


def test_a_statement_that_does_not_count_is_no_reason() -> None:
    rules = {rule.id: rule for rule in BUNDLED.crisis.rules}
    history = sim.run(BUNDLED.with_("statements.iq-contain.counts", False), seed=3)
    before = sim.run(BUNDLED, seed=3)

    def reasons(history: sim.History) -> list[tuple[str, tuple[str, ...]]]:
        numbers = range(1, len(history.records()) + 1)
        return [(s.rule, s.statements) for k in numbers for s in history.because(k)]

    cited = [(rule, names) for rule, names in reasons(before) if "iq-contain" in names]
    assert cited
    assert reasons(history)
    for rule, names in reasons(history):
        assert names == tuple(name for name in rules[rule].because if name != "iq-contain")


# --- what is refused --------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path, value, line",
    [
        ("weights.all", 101, "101 is too large; allowed: at least 0 and at most 100"),
        ("weights.actors.us", -1, "-1 is too small; allowed: at least 0 and at most 100"),
        (
            "weights.kinds.threat",
            "much",
            "must be a number, is 'much'; allowed: at least 0 and at most 100",
        ),
        ("weights.actors.irann", 1, "no such path; did you mean 'weights.actors.iran'?"),
        ("weights.rules.us.own-ded", 1, "no such path; did you mean 'weights.rules.us.own-dead'?"),
        (
            "statements.ir-slap.strength",
            "stong",
            "no such strength: 'stong'; allowed: weak, moderate, strong; did you mean 'strong'?",
        ),
        (
            "statements.ir-slap.strength",
            11,
            "must be a strength, is 11; allowed: weak, moderate, strong, or logits from 0 to 10",
        ),
        ("statements.ir-slap.counts", 0, "must be true or false, is 0"),
        (
            "statements.ir-slapp.counts",
            False,
            "no such path; allowed: statements that a rule cites; "
            "did you mean 'statements.ir-slap.counts'?",
        ),
    ],
)
def test_a_weight_that_may_not_stand_is_refused(path: str, value: object, line: str) -> None:
    assert refused(path, value) == f"{path}: {line}"


@pytest.mark.parametrize("value", [True, float("nan"), float("inf"), -0.5, [], {}])
def test_what_is_no_strength_is_refused(value: object) -> None:
    assert "must be a strength" in refused("statements.ir-slap.strength", value)


def test_statements_that_no_rule_cites_have_no_weight_to_change() -> None:
    line = refused("statements.ev-strike.counts", False)
    assert "no such path; allowed: statements that a rule cites" in line
