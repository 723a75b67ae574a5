"""Characters that no text may hold: refused wherever a text is read, by file, key and number."""

import json
from pathlib import Path

import jsonschema
import pytest

from sim.crisis import load
from sim.crisis.experiment_reading import made_experiment, read_experiment
from sim.crisis.schema import schema
from sim.crisis.stored import from_json, to_json
from sim.crisis.texts import unprintable
from sim.errors import InputError

#: By what a TOML file writes: the number that is told, and what it is.
NEVER = {
    r"\u0000": "U+0000, a control character",
    r"\u001b[31m": "U+001B, a control character",
    r"\r": "U+000D, a control character",
    r"\u007f": "U+007F, a control character",
    r"\u009b": "U+009B, a control character",
    r"\u2028": "U+2028, line separator",
    r"\u202e": "U+202E, right-to-left override",
    r"\u2066": "U+2066, left-to-right isolate",
    r"\uFFFE": "U+FFFE, no character",
    r"\uFFFF": "U+FFFF, no character",
}
ALLOWED = "; allowed: text that can be printed"


@pytest.mark.parametrize("written, told", NEVER.items())
@pytest.mark.parametrize(
    "file, old, new, key",
    [
        ("raid.toml", 'title = "', 'title = "A {}', "title"),
        ("border/statements.toml", 'says = "', 'says = "{}', "north-counts.says"),
        ("border/rules.toml", 'says = "', 'says = "A {}', "rules[0].says"),
    ],
)
def test_it_is_refused_by_file_key_and_number(copy, complaint, written, told, file, old, new, key):
    text = (copy / file).read_text(encoding="utf-8")
    assert old in text
    (copy / file).write_text(text.replace(old, new.format(written), 1), encoding="utf-8")
    assert complaint() == f"{file}: {key}: holds {told}{ALLOWED}"


def test_in_the_name_of_a_table(copy, complaint):
    with (copy / "border" / "statements.toml").open("a", encoding="utf-8") as file:
        file.write('["a\\u001b"]\nsays = "b"\n')
    assert "has a name that holds U+001B" in complaint()


def test_joiners_and_letters_of_every_script_are_text():
    # Persian with its zero-width non-joiner, Hebrew with a mark of direction, a family of four.
    texts = ("می‌خواهم", "שלום\u200f", "👨\u200d👩\u200d👧\u200d👦", "核", "two\nlines\tand a tab")
    assert unprintable({"says": list(texts)}) is None


def test_a_line_holds_no_tab_and_a_text_may(copy, edit, complaint):
    edit("border/statements.toml", 'says = "', r'says = "\t\n')
    assert load(Path("raid.toml"))
    edit("raid.toml", 'title = "', r'title = "A\t')
    assert "allowed: one line without a tab" in complaint()


def test_in_an_experiment_and_in_what_is_put_in_place(copy):
    Path("e.toml").write_text(
        'title = "A \\u202Etnemirepxe"\nscenario = "raid"\ndesign = "factorial"\n'
        'streams = "common"\n[[factors]]\npath = "raid.dead"\nlevels = [1]\n',
        encoding="utf-8",
    )
    with pytest.raises(InputError, match=r"^e.toml: title: holds U\+202E, right-to-left override"):
        read_experiment(Path("e.toml"))
    raid = load(Path("raid.toml"))
    with pytest.raises(InputError, match=r"x: title: holds U\+D800, half of a character"):
        made_experiment(raid, {"raid.dead": [1]}, "x", title="\ud800")
    with pytest.raises(InputError, match=r"^raid.place: holds U\+001B"):
        raid.with_("raid.place", "\x1b[2J")


def test_in_a_stored_scenario(copy):
    text = to_json(load(Path("raid.toml")))
    for place in ("title", "says"):
        broken = text.replace(f'"{place}": "', f'"{place}": "\\ud83d', 1)
        assert json.loads(broken)
        with pytest.raises(InputError, match=r"^kept.json: .*holds U\+D83D, half of a character"):
            from_json(broken, "kept.json")
    with pytest.raises(InputError, match=r"^kept.json: name: holds U\+0007"):
        from_json(text.replace('"name": "raid"', '"name": "ra\\u0007id"', 1), "kept.json")


def test_in_the_name_of_a_file(copy, complaint):
    Path("raid.toml").rename("ra\x1b[31mid.toml")
    assert "its name holds U+001B, a control character" in complaint("ra\x1b[31mid.toml")


@pytest.mark.parametrize("title", ["A \x1b[31mred", "two\nlines", "\ufffe", "\u202eA"])
def test_the_schema_says_so_too(copy, title):
    good = {"crisis": "border", "title": "A raid"}
    jsonschema.validate(good, schema("scenario"))
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({**good, "title": title}, schema("scenario"))
