"""The registry of ids: each is raised or found somewhere, by its class, tested somewhere, told in docs/errors.md."""

import ast
import re
import runpy
from collections import Counter
from pathlib import Path

import pytest

import einloop
from einloop.core import errors
from einloop.core.errors import EinloopError
from einloop.core.registry import RETIRED, TABLES, rows, topic_of
from einloop.core.topic import Topic

PACKAGE = Path(einloop.__file__).parent
TESTS = Path(__file__).parent
DOCS = TESTS.parent / "docs"
ID = re.compile(r"EL\d{3}")
CLASS_OF = {row.id: kind for kind, row in rows()}


def trees(folder, *without):
    for path in sorted(folder.rglob("*.py")):
        if path.name not in without:
            yield path.relative_to(folder).as_posix(), ast.parse(path.read_text(encoding="utf-8"))


def code_strings(tree):
    """Yield every string of a tree that is not a docstring."""
    bare = {node.value for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node not in bare:
            yield node.value


def is_id(node):
    return isinstance(node, ast.Constant) and isinstance(node.value, str) and ID.fullmatch(node.value) is not None


def refusals(texts):
    """Return what the functions that give a refusal give, by file and name: those annotated with a family."""
    found = {}
    for name, tree in texts:
        for node in ast.walk(tree):
            kind = ast.unparse(node.returns) if isinstance(node, ast.FunctionDef) and node.returns else ""
            if kind in TABLES:
                found[name, node.name] = kind
    return found


def class_of_call(givers, name, called):
    """Return the class that a call gives: its own name, or what the function of its file or its room gives."""
    near = name.split("/")[0]
    room = {kind for (file, given), kind in givers.items() if given == called and file.split("/")[0] == near}
    kind = givers.get((name, called), room.pop() if len(room) == 1 else called)
    return "RunError" if kind == "RaisedError" else kind


def raised(texts):
    """Yield (file, class, id) for every call that makes an error or a finding of an id."""
    givers = refusals(texts)
    for name, tree in texts:
        for node in ast.walk(tree):
            if isinstance(node, ast.Call):
                called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
                kind = class_of_call(givers, name, called)
                given = [*node.args, *(keyword.value for keyword in node.keywords if keyword.arg == "id")]
                yield from ((name, kind, one.value) for one in given if is_id(one) and kind in TABLES)


def test_every_id_stands_in_the_registry_once_and_is_used():
    used = {text for _, tree in trees(PACKAGE, "registry.py") for text in code_strings(tree) if ID.fullmatch(text)}
    assert len(used) > 200
    assert sorted(used ^ set(CLASS_OF)) == []
    assert [id for id, count in Counter(row.id for _, row in rows()).items() if count > 1] == []


def test_every_id_is_raised_by_its_class():
    texts = list(trees(PACKAGE, "registry.py"))
    found = list(raised(texts))
    assert len({id for _, _, id in found}) > 180
    notes = {"EL160", "EL161", "EL162", "EL163", "EL172"}  # refused or noted, as the question asks
    wrong = [(name, kind, id) for name, kind, id in found if CLASS_OF[id] != kind and id not in notes]
    assert wrong == []


def test_the_walk_finds_a_wrong_class():
    tree = ast.parse('def made() -> ShapeError: ...\nraise made("EL106", 1)\nraise OptionError("EL205")\nf("EL106")')
    assert list(raised([("a", tree)])) == [("a", "ShapeError", "EL106"), ("a", "OptionError", "EL205")]


def test_classes_are_families_and_ids_count_within_them():
    families = [kind for kind in TABLES if kind != "Finding"]
    assert all(issubclass(getattr(errors, kind), EinloopError) for kind in families)
    starts = {"NotationError": "1", "ShapeError": "2", "DtypeError": "3", "OptionError": "4", "TemplateError": "5"}
    starts |= {"RunError": "6", "EinloopError": "0"}
    assert [id for id, kind in CLASS_OF.items() if kind in starts and id[2] != starts[kind]] == []


def test_every_id_is_exercised_somewhere():
    texts = [text for name, tree in trees(TESTS) if name != "test_registry.py" for text in code_strings(tree)]
    exercised = {id for text in texts for id in ID.findall(text)}
    assert sorted(set(CLASS_OF) - exercised) == []
    assert sorted(exercised - set(CLASS_OF)) == []


def test_a_comment_or_a_docstring_exercises_nothing():
    assert list(code_strings(ast.parse('"""EL101"""\nx = "EL105"  # EL106\n"""EL110"""'))) == ["EL105"]


def kept_in(value):
    """Return what a constant of a module holds: the elements of a tuple or a set, the keys of a table, or itself."""
    if isinstance(value, ast.Call) and len(value.args) == 1:
        value = value.args[0]
    return value.keys if isinstance(value, ast.Dict) else getattr(value, "elts", [value])


def steering(tree):
    """Yield the lines that compare with an id, or keep ids to compare with."""
    for node in ast.walk(tree):
        parts = [*ast.walk(node)] if isinstance(node, ast.Compare) else []
        if isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None:
            kept = kept_in(node.value)
            parts = kept if kept and all(map(is_id, kept)) else []
        if any(map(is_id, parts)):
            yield node.lineno


def test_no_id_steers_what_happens():
    tables = {"core/site.py", "core/registry.py"}  # an enum whose values are the ids of its refusals, and the registry
    found = {name: list(steering(tree)) for name, tree in trees(PACKAGE) if name not in tables}
    assert {name: lines for name, lines in found.items() if lines} == {}


@pytest.mark.parametrize(
    "text",
    [
        'e.id == "EL101"',
        'e.id in ("EL101", "EL105")',
        'A = "EL101"',
        'A = ("EL1" "01",)',
        'A = frozenset({"EL101", "EL105"})',
        'A: Table = {"EL101": 1}',
    ],
)
def test_what_steers_by_an_id_is_found(text):
    assert list(steering(ast.parse(text))) == [1]


def test_what_code_tells_apart_is_a_topic():
    assert topic_of("EL205") is Topic.SIZE
    assert EinloopError("EL620", "late").topic is Topic.DEADLINE
    assert EinloopError("EL106", "z").topic is None
    assert EinloopError("no id", "z").topic is None
    assert {row.topic for _, row in rows()} - {None} == set(Topic)


def test_ids_that_were_split_say_where_they_went():
    gone = {id for _, row in rows() for id in row.were} - set(CLASS_OF)
    assert gone == set(RETIRED)
    assert set(RETIRED).isdisjoint(CLASS_OF)


def test_meanings_are_one_sentence_each():
    meanings = [row.meaning for _, row in rows()]
    assert [meaning for meaning in meanings if not meaning.endswith(".") or ". " in meaning] == []
    assert [meaning for meaning, count in Counter(meanings).items() if count > 1] == []


def test_the_page_of_errors_is_up_to_date():
    make = runpy.run_path(str(DOCS / "make_errors.py"))
    assert (DOCS / "errors.md").read_text(encoding="utf-8") == make["page"](), "run: python docs/make_errors.py"
