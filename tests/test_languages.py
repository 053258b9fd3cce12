"""The catalogues: every language says all that English says, with the same placeholders, and English says all that is
asked of it."""

import re
from pathlib import Path
from string import Formatter

import pytest

import einloop
from einloop.core.errors import EinloopError
from einloop.core.message import Code, Join, Message
from einloop.core.nest import StatementKind
from einloop.schedule import PASSES
from einloop.views.catalogue import FALLBACK, languages, load_catalogue, read_entries

PACKAGE = Path(einloop.__file__).parent
COMPLETE = ("en", "ja")
"""Languages that must lack nothing; of others the test says what is missing."""
ASKED = re.compile(r'Message\(\s*"([\w.]+)"')


def texts(entry):
    return list(entry.values()) if isinstance(entry, dict) else [entry]


def placeholders(text):
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def english():
    return read_entries(FALLBACK)


def test_there_are_english_and_japanese():
    assert languages()[0] == FALLBACK
    assert set(COMPLETE) <= set(languages())


@pytest.mark.parametrize("language", languages())
def test_no_key_is_missing(language):
    missing = sorted(set(english()) - set(read_entries(language)))
    if missing and language not in COMPLETE:
        pytest.skip(f"{language} shows English for {', '.join(missing)}")
    assert missing == []


@pytest.mark.parametrize("language", languages())
def test_no_key_is_unknown(language):
    assert sorted(set(read_entries(language)) - set(english())) == []


@pytest.mark.parametrize("language", languages())
def test_placeholders_are_those_of_english(language):
    wanted = english()
    for key, entry in read_entries(language).items():
        allowed = set().union(*(placeholders(text) for text in texts(wanted[key])))
        for text in texts(entry):
            assert placeholders(text) <= allowed, key
            lost = allowed - placeholders(text) - {"count"}
            assert not lost or isinstance(entry, dict), f"{language} {key} leaves out {lost}"


@pytest.mark.parametrize("language", languages())
def test_entries_are_filled_and_trimmed(language):
    for key, entry in read_entries(language).items():
        for text in texts(entry):
            assert "\n" not in text, key
            assert key.startswith("join.") or (text and text == text.strip()), key


@pytest.mark.parametrize("language", languages())
def test_passes_and_kinds_of_nests_have_words(language):
    keys = {
        *(f"schedule.pass.{one.name}" for one in PASSES),
        *(f"schedule.kind.{kind.value}" for kind in StatementKind),
    }
    assert sorted(keys - set(read_entries(language))) == []


def test_every_message_that_the_code_names_has_words():
    asked = {match for path in PACKAGE.rglob("*.py") for match in ASKED.findall(path.read_text(encoding="utf-8"))} - {
        "sentence.sum"
    }
    assert len(asked) > 20
    assert sorted(asked - set(english())) == []


def test_a_language_without_an_entry_shows_english(tmp_path, monkeypatch):
    folder = tmp_path / "languages"
    folder.mkdir()
    (folder / "en.toml").write_text('[a]\nb = "both {x}"\nc = "only English"\n', encoding="utf-8")
    (folder / "xx.toml").write_text('[a]\nb = "{x} zwei"\n', encoding="utf-8")
    monkeypatch.setattr("einloop.views.catalogue.template_root", lambda: str(tmp_path))
    load_catalogue.cache_clear()
    languages.cache_clear()
    try:
        words = load_catalogue("xx")
        assert words.text(Message("a.b", {"x": Code("i")})) == "i zwei"
        assert words.text(Message("a.c")) == "only English"
    finally:
        load_catalogue.cache_clear()
        languages.cache_clear()


def test_an_unknown_language_is_refused():
    with pytest.raises(EinloopError, match="there is no language 'xx'") as caught:
        load_catalogue("xx")
    assert caught.value.hint == f"one of {', '.join(languages())}"


def test_forms_numbers_and_joins():
    words = load_catalogue("en")
    assert words.text(Message("count.axes", {"count": 1})) == "1 axis"
    assert words.text(Message("count.axes", {"count": 1200})) == "1,200 axes"
    assert words.text(Join((Code("i"),))) == "i"
    assert words.text(Join((Code("i"), Code("j")), "or")) == "i or j"
    assert words.text(0.0416666) == "0.0417"
