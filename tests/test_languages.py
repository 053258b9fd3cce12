"""The catalogues: every language says all that English says, with the same placeholders, and English says all that is
asked of it."""

import ast
import re
from functools import lru_cache
from itertools import product
from pathlib import Path
from string import Formatter

import pytest

import einloop
from einloop.core.errors import EinloopError
from einloop.core.message import Code, Join, Message
from einloop.core.nest import StatementKind
from einloop.core.report import UNTITLED
from einloop.schedule import PASSES
from einloop.views.catalogue import FALLBACK, languages, load_catalogue, read_entries

PACKAGE = Path(einloop.__file__).parent
COMPLETE = ("en", "ja")
"""Languages that must lack nothing; of others the test says what is missing."""


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


ASKS = {
    ("core/message.py", "Message"): (0, ""),
    ("analysis/dialects/dialect.py", "finding"): (2, "dialect."),
    ("analysis/check/case.py", "unless_cast"): (1, "diagnose."),
    ("analysis/called/form.py", "message"): (0, "called."),
    ("analysis/called/pattern.py", "pattern"): (1, "called."),
}
"""What takes the id of a message: where it is defined, its name, which argument that is, and what stands before it."""


@lru_cache
def every_call():
    """Return every call in the package by the function's name, each with the function that it stands in."""
    found = {}

    def visit(node, scope):
        if isinstance(node, ast.Call):
            name = getattr(node.func, "id", getattr(node.func, "attr", None))
            found.setdefault(name, []).append((scope, node))
        for child in ast.iter_child_nodes(node):
            visit(child, node if isinstance(node, ast.FunctionDef) else scope)

    for path in PACKAGE.rglob("*.py"):
        module = ast.parse(path.read_text(encoding="utf-8"))
        visit(module, module)
    return found


def part_patterns(part, scope):
    """Return what a part of an f-string may be: anything where the names in it are not assigned here."""
    return [*patterns(part.value if isinstance(part, ast.FormattedValue) else part, scope)] or [r"[\w.]*"]


def patterns(node, scope):
    """Yield what a text may be, as regular expressions: constants, f-strings, either of two, names assigned here."""
    match node:
        case ast.Constant(value=str(text)):
            yield re.escape(text)
        case ast.JoinedStr(values=parts):
            yield from map("".join, product(*(part_patterns(part, scope) for part in parts)))
        case ast.IfExp(body=one, orelse=other):
            yield from (*patterns(one, scope), *patterns(other, scope))
        case ast.Name(id=name):
            found = []
            for inner in ast.walk(scope):
                if isinstance(inner, ast.Assign) and any(getattr(x, "id", None) == name for x in inner.targets):
                    found += patterns(inner.value, scope)
            for inner in ast.walk(scope):
                if isinstance(inner, ast.AugAssign) and getattr(inner.target, "id", None) == name:
                    found += [one + more for one in found for more in patterns(inner.value, scope)]
            yield from found


def asked():
    """Return every id of a message that the code names, as regular expressions."""
    found = set()
    for (_, name), (place, before) in ASKS.items():
        for scope, call in every_call()[name]:
            if len(call.args) > place:
                found |= {re.escape(before) + text for text in patterns(call.args[place], scope)}
    return found


def test_what_takes_ids_is_there():
    for file, name in ASKS:
        defined = {node.name for node in ast.walk(ast.parse((PACKAGE / file).read_text())) if hasattr(node, "name")}
        assert name in defined, f"{file} has no {name}"


@pytest.mark.parametrize("language", languages())
def test_passes_and_kinds_of_nests_have_words(language):
    keys = {
        *(f"schedule.pass.{one.name}" for one in PASSES),
        *(f"schedule.kind.{kind.value}" for kind in StatementKind),
    }
    assert sorted(keys - set(read_entries(language))) == []


def test_every_message_that_the_code_names_has_words():
    keys, ids = set(english()), asked()
    assert len(ids) > 200
    assert [id for id in sorted(ids) if not any(re.fullmatch(id, key) for key in keys)] == []


@pytest.mark.parametrize("language", COMPLETE)
def test_every_section_has_a_title_or_is_known_to_have_none(language):
    made = set()
    for _, call in every_call()["Section"]:
        id = next(keyword.value for keyword in call.keywords if keyword.arg == "id")
        assert isinstance(id, ast.Constant), "the id of a section is written where the section is made"
        made.add(id.value)
    titles = {key.removeprefix("title.") for key in read_entries(language) if key.startswith("title.")}
    assert sorted(made - UNTITLED - titles) == []
    assert sorted((UNTITLED | titles) - made) == []
    assert UNTITLED.isdisjoint(titles)


@pytest.mark.parametrize("language", COMPLETE)
def test_every_page_has_a_heading_or_is_known_to_have_none(language):
    kinds = {next(x.value.value for x in call.keywords if x.arg == "kind") for _, call in every_call()["Report"]}
    headings = {key.removeprefix("view.kind.") for key in read_entries(language) if key.startswith("view.kind.")}
    assert kinds - headings == {"cases", "cell", "loops", "stages", "verification"}
    assert headings <= kinds


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


def test_keys_written_in_parts_are_put_together():
    module = ast.parse(
        'def f(x):\n    kind = "a" if x else "b"\n    kind += "_c" if x else ""\n    say(f"d.{kind}", f"{x}.e")'
    )
    scope = module.body[0]
    composed, open_part = scope.body[-1].value.args
    assert set(patterns(composed, scope)) == {"d\\.a", "d\\.b", "d\\.a_c", "d\\.b_c"}
    assert list(patterns(open_part, scope)) == [r"[\w.]*\.e"]
