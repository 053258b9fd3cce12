"""Sentence, formula, tables and costs say what the expression says, checked from the raw terms and by running them."""

import re
from itertools import pairwise, product
from math import prod

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import DOTS, Expression, expressions, subscripts

import einloop
from einloop.core.message import Code, Join
from einloop.core.report import Paragraph, Table
from einloop.notation import read
from einloop.notation.formula import read_formula
from einloop.views.catalogue import load_catalogue

ENGLISH = load_catalogue("en")
SUM_SIGN = re.compile(r"^Σ_(\w|\{[^}]*\}) ")
ELEMENT = re.compile(r"([^\W\d]\w*)(?:\[([^\]]*)\])?")


def section(report, name):
    return next((part for part in report.sections if part.id == name), None)


def explained(text, expression, *, shapes):
    return einloop.explain(text, shapes=list(expression.shapes) if shapes else None)


def element(text):
    """Return the name and the subscripts of `A[i,j]`."""
    name, inside = ELEMENT.fullmatch(text).groups()
    return name, tuple(inside.split(",")) if inside else ()


def shown(label):
    """Return how a label is written: the axes of an ellipsis of known rank are e0, e1 ..."""
    return f"e{label.removeprefix(DOTS)}" if label.startswith(DOTS) and label != DOTS else label


def expected_terms(expression, *, shapes):
    """Return what each operand's element shows in its brackets, from the raw terms alone."""
    found = []
    total = max(expression.covered, default=0)
    for term, shape, covered in zip(expression.terms, expression.shapes, expression.covered, strict=True):
        labels = list(term)
        if shapes and DOTS in labels:
            at = labels.index(DOTS)
            labels[at : at + 1] = [f"e{n}" for n in range(total - covered, total)]
        if shapes:
            extents = {**expression.extents, **covered_extents(expression)}
            labels = ["0" if size == 1 != extents[x] else x for x, size in zip(labels, shape, strict=True)]
        found.append(tuple(labels))
    return found


def covered_extents(expression):
    """Return the extent of every axis that ellipses cover."""
    total, found = max(expression.covered, default=0), {}
    for term, shape, covered in zip(expression.terms, expression.shapes, expression.covered, strict=True):
        at = term.index(DOTS) if DOTS in term else 0
        for k in range(covered):
            name, size = f"e{total - covered + k}", shape[at + k]
            found[name] = size if found.get(name, 1) == 1 else found[name]
    return found


def integers(shape):
    """Return an array of small Python integers, of which none is like its neighbour."""
    found = np.empty(shape, object)
    found[...] = np.arange(prod(shape)).reshape(shape) * 7 % 11 - 3
    return found


def expected_result(expression, *, shapes):
    total = max(expression.covered, default=0)
    labels = list(expression.result)
    if DOTS in labels and not any(DOTS in term for term in expression.terms):
        labels.remove(DOTS)
    if shapes and DOTS in labels:
        at = labels.index(DOTS)
        labels[at : at + 1] = [f"e{n}" for n in range(total)]
    return tuple(labels)


@st.composite
def cases(draw):
    expression = draw(expressions(most_operands=5))
    return draw(subscripts(expression)), expression, draw(st.booleans())


@given(cases())
def test_sentence_says_what_the_terms_say(case):
    text, expression, shapes = case
    report = explained(text, expression, shapes=shapes)
    message = section(report, "meaning").parts[0].message
    terms, result = expected_terms(expression, shapes=shapes), expected_result(expression, shapes=shapes)
    codes = [run.text for run in ENGLISH.runs(message) if run.code]
    free, rest = codes[: len(result)], codes[len(result) :]
    factors, over = rest[: len(terms)], rest[len(terms) :]
    assert free == list(result)
    assert [element(factor)[1] for factor in factors] == terms
    summed = {label for term in expected_terms(expression, shapes=False) for label in term} - set(expression.result)
    assert set(over) == summed - {DOTS}
    words = "".join(run.text for run in ENGLISH.runs(message) if not run.code)
    assert ("For every" in words, "add" in words.lower()) == (bool(result), bool(over))
    assert ("ultiply" in words) == (len(terms) > 1)


@given(cases())
def test_both_formulas_read_back_as_the_same_expression(case):
    text, expression, shapes = case
    report = explained(text, expression, shapes=shapes)
    facts = report.facts["meaning"]
    spec = read(text)
    left, _, right = facts["formula"].partition(" = ")
    assert element(left)[1] == expected_result(expression, shapes=shapes)
    factors = SUM_SIGN.sub("", right).split(" · ")
    assert [element(factor)[1] for factor in factors] == expected_terms(expression, shapes=shapes)
    if any(DOTS in term for term in expression.terms) or (shapes and expression.stretched):
        return
    for key in ("formula", "latex"):
        assert read_formula(facts[key]).subscripts == spec.subscripts, facts[key]


@given(cases())
def test_tables_agree_with_the_terms(case):
    text, expression, shapes = case
    report = explained(text, expression, shapes=shapes)
    result = expected_result(expression, shapes=shapes)
    for index in report.facts.get("roles", {}).get("indices", []):
        label = shown(index["label"])
        assert index["kind"] == ("free" if label in result else "summed")
        where = [n for n, term in enumerate(expected_terms(expression, shapes=False)) if label in term]
        if label in expression.labels:
            assert sorted({place["number"] for place in index["places"]}) == where
            count = sum(term.count(label) for term in expression.terms)
            assert len(index["places"]) == count
            flags = set(index["flags"])
            assert ("shared" in flags, "alone" in flags) == (len(where) > 1, len(where) == 1)
            assert ("contracted" in flags) == (len(where) > 1 and label not in result)
            assert ("batch" in flags) == (len(where) > 1 and label in result)
            assert ("diagonal" in flags) == (count > len(where))
            if shapes:
                assert index["extent"] == expression.extents[label]
        assert index["output_axis"] == (result.index(label) if label in result else None)
    table = section(report, "shapes").parts[0]
    assert len(table.rows) == len(expression.terms) + 1
    if shapes:
        shown_shapes = [row[2].text for row in table.rows[:-1]]
        assert shown_shapes == [str(tuple(shape)) for shape in expression.shapes]
        arrays = [np.ones(shape) for shape in expression.shapes]
        assert table.rows[-1][2].text == str(np.shape(np.einsum(expression.subscripts, *arrays)))


@given(cases())
def test_one_element_is_the_sum_that_np_einsum_adds_up(case):
    text, expression, _ = case
    report = explained(text, expression, shapes=True)
    one = section(report, "one")
    arrays = {
        row[0].text: integers(shape)
        for row, shape in zip(section(report, "shapes").parts[0].rows, expression.shapes, strict=False)
    }
    whole = np.asarray(np.einsum(expression.subscripts, *arrays.values()))
    if one is None:
        assert whole.size == 0
        return
    if isinstance(one.parts[0], Paragraph):
        assert not whole.any()
        assert prod(size for x, size in expression.extents.items() if x not in expression.result) == 0
        return
    _, at = element(one.facts["element"])
    terms = [[element(factor) for factor in term.split("·")] for term in one.facts["terms"] if term != "…"]
    values = [prod((arrays[n][tuple(map(int, i))] for n, i in term), start=1) for term in terms]
    if "…" not in one.facts["terms"]:
        assert whole[tuple(map(int, at))] == sum(values)
    else:
        assert len(terms) == 4 < prod(size for x, size in expression.extents.items() if x not in expression.result), (
            "dots where everything would have fitted"
        )


@given(cases())
def test_costs_are_what_the_loops_do(case):
    text, expression, _ = case
    facts = explained(text, expression, shapes=True).facts["cost"]
    extents = {**expression.extents, **covered_extents(expression)}
    points = list(product(*map(range, extents.values()))) if prod(extents.values()) < 2_000 else None
    if points is None:
        return
    factors, summed = len(expression.terms), set(extents) - set(expected_result(expression, shapes=True))
    assert facts["iterations"] == len(points)
    assert facts["multiplications"] == len(points) * (factors - 1)
    assert facts["additions"] == (len(points) if summed else 0)
    touched = {
        (number, tuple(0 if x == "0" else at[x] for x in term))
        for at in (dict(zip(extents, point, strict=True)) for point in points)
        for number, term in enumerate(expected_terms(expression, shapes=True))
    }
    if points:
        assert facts["bytes_read"] == 8 * len(touched)
    arrays = [np.ones(shape) for shape in expression.shapes]
    assert facts["bytes_written"] == np.asarray(np.einsum(expression.subscripts, *arrays)).nbytes


@given(expressions(most_operands=6, dots=False, stretch=False).filter(lambda e: len(e.terms) > 2), st.booleans())
def test_the_steps_of_a_path_compute_the_whole(expression, shapes):
    report = einloop.explain(expression.subscripts, shapes=list(expression.shapes) if shapes else None)
    facts = report.facts["steps"]
    operands = [row[0].text for row in section(report, "shapes").parts[0].rows[:-1]]
    arrays = {name: integers(shape) for name, shape in zip(operands, expression.shapes, strict=True)}
    wanted = np.einsum(expression.subscripts, *arrays.values())
    points = 0
    for step in facts["steps"]:
        left, _, right = step["computes"].partition(" = ")
        factors = [element(factor) for factor in SUM_SIGN.sub("", right).split(" · ")]
        inputs, terms = [arrays[name] for name, _ in factors], [term for _, term in factors]
        text = ",".join("".join(term) for term in terms) + "->" + "".join(element(left)[1])
        arrays[step["result"]] = np.asarray(np.einsum(text, *inputs))
        sizes = {
            x: n for term, array in zip(terms, inputs, strict=True) for x, n in zip(term, array.shape, strict=True)
        }
        if shapes:
            assert step["shape"] == list(arrays[step["result"]].shape)
            assert step["iterations"] == prod(sizes.values())
            points += step["iterations"]
    assert np.array_equal(arrays[facts["steps"][-1]["result"]], wanted)
    if shapes:
        assert facts["along_path"] == points
        assert facts["naive"] == prod(expression.extents.values())


ORDERS = (
    ("kij", ["order.rule", "order.moved"], "ijk"),
    ("ij,jk", ["order.rule", "order.repeated"], "ik"),
    ("aB", ["order.rule", "order.capitals", "order.moved"], "Ba"),
    ("ii", ["order.rule.scalar", "order.repeated"], ""),
    ("i...", ["order.rule.dots", "order.moved"], "...i"),
    ("...i", ["order.rule.dots"], "...i"),
)


@pytest.mark.parametrize(("text", "ids", "output"), ORDERS, ids=[row[0] for row in ORDERS])
def test_an_implicit_output_is_explained(text, ids, output):
    found = section(einloop.explain(text), "order")
    assert [part.message.id for part in found.parts] == ids
    assert found.facts["expression"].endswith(f"->{output}")


@pytest.mark.parametrize("text", ["ij->ji", "ij,jk->ik", "", ",", "C[i] = A[i,i]"])
def test_a_written_output_needs_no_rule(text):
    assert section(einloop.explain(text), "order") is None


def test_one_array_twice_is_read_once():
    assert einloop.explain("ij,kj->ik", names=["X", "X"]).facts["cost"]["bytes_read"] == "8·I·J"
    assert einloop.explain("ij,kj->ik", names=["X", "Y"]).facts["cost"]["bytes_read"] == "8·I·J + 8·K·J"


def test_bytes_follow_the_dtypes():
    facts = einloop.explain("ij,jk->ik", shapes=["2x3", "3x4"], dtypes=["float32", "int8"]).facts["cost"]
    assert (facts["bytes_read"], facts["bytes_written"]) == (2 * 3 * 4 + 3 * 4, 2 * 4 * 4)


def test_values_stand_in_the_report_as_code():
    message = einloop.explain("ij,jk->ik").sections[0].parts[0].message
    assert message.values["free"] == Join((Code("i"), Code("k")))
    assert message.values["first"] == Code("A[i,j]")


def test_every_index_has_a_colour_that_its_extent_shares():
    report = einloop.explain("mq,kq->mk")
    assert report.colours == {"m": 0, "M": 0, "q": 1, "Q": 1, "k": 2, "K": 2}
    assert [(span.start, number) for span, number in report.marks] == [(0, 0), (1, 1), (3, 2), (4, 1), (7, 0), (8, 2)]


def test_twenty_operands_are_explained():
    letters = "abcdefghijklmnopqrstu"
    chain = ",".join(f"{x}{y}" for x, y in pairwise(letters)) + "->au"
    report = einloop.explain(chain, shapes=[(3, 3)] * 20)
    assert len(report.facts["steps"]["steps"]) == 19
    assert report.facts["steps"]["along_path"] == 19 * 27


def test_a_missing_opt_einsum_is_said(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "opt_einsum", None)
    steps = section(einloop.explain("i,i,i->i"), "steps")
    assert [part.message.id for part in steps.parts] == ["steps.missing"]


def test_heads_are_as_wide_as_rows():
    for report in (einloop.explain("ij,jk,kl->il"), einloop.explain("...i,i->...")):
        for part in (part for found in report.sections for part in found.parts if isinstance(part, Table)):
            assert {len(row) for row in part.rows} == {len(part.heads)}


def test_hypothesis_draws_what_these_tests_are_for():
    assert Expression((("i",),), None, ((2,),)).result == ("i",)
