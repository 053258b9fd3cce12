"""Names of expressions: by the roles of the indices alone, in every dress, and true."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator
from itertools import pairwise, permutations, product
from string import Formatter, ascii_letters
from typing import Any

import numpy as np
import pytest
from analysis.called_cases import CASES, NEAR_MISSES, Case
from hypothesis import given
from hypothesis import strategies as st
from strategies import Expression, expressions

from einloop.analysis.called import called, recognise
from einloop.core.bind import bind_sizes
from einloop.core.message import Code, Join, Message
from einloop.core.names import choose_names
from einloop.core.spec import DOTS, Spec
from einloop.notation.subscripts import read_subscripts
from einloop.views.catalogue import load_catalogue, read_entries

DRESSES = 6
"""Relabelings and rearrangements tried of each case."""


def spec_of(expression: str, operands: tuple[str, ...] = (), shapes: Any = ()) -> Spec:
    spec = bind_sizes(read_subscripts(expression), list(shapes))
    return spec.renamed(operands, None) if operands else spec


def messages_of(case: Case) -> tuple[Message, ...]:
    spec = spec_of(case.expression, case.operands, case.shapes)
    return recognise(spec, choose_names(spec))


def names_of(case: Case) -> tuple[str, ...]:
    return tuple(message.id.split(".")[1] for message in messages_of(case))


@pytest.mark.parametrize("case", CASES, ids=str)
def test_every_name_in_order(case):
    assert names_of(case) == case.names


@pytest.mark.parametrize("case", CASES, ids=str)
def test_letters_mean_nothing(case):
    rng = random.Random(str(case))
    letters = sorted(set(case.expression) & set(ascii_letters))
    for _ in range(DRESSES):
        new = dict(zip(letters, rng.sample(ascii_letters, len(letters)), strict=True))
        other = "".join(new.get(character, character) for character in case.expression)
        assert names_of(Case(other, case.names, case.operands, case.shapes)) == case.names, other


EVERY_ORDER = frozenset(
    (
        "trace",
        "traces",
        "hadamard",
        "axis_scaling",
        "two_sided_scaling",
        "outer_product",
        "inner_product",
        "matrix_product",
        "matrix_diagonal_matrix",
        "matrix_chain",
        "trace_of_chain",
        "tensor_train",
        "tensor_ring",
        "mttkrp",
        "tucker",
        "multilinear_product",
        "cp",
        "bilinear_form",
        "bilinear_map",
        "multilinear_form",
        "multilinear_map",
        "tensor_times_vector",
        "weighted_sum",
        "numbers",
        "total",
        "elementwise_sum",
        "contraction",
        "product_of_sums",
        "broadcast_product",
    )
)
"""Names that no order of axes and operands takes away, where every array is given once."""


def rearranged(case: Case, rng: random.Random) -> Case:
    """Return the same contraction with the axes of operands and output, and the operands, in another order."""
    left, _, output = case.expression.partition("->")
    terms = left.split(",")
    order = rng.sample(range(len(terms)), len(terms))
    turned = [rng.sample(range(len(term)), len(term)) for term in terms]
    new = ["".join(terms[n][axis] for axis in turned[n]) for n in order]
    shapes = tuple(tuple(case.shapes[n][axis] for axis in turned[n]) for n in order) if case.shapes else ()
    result = "".join(rng.sample(output, len(output)))
    operands = tuple(case.operands[n] for n in order) if case.operands else ()
    return Case(f"{','.join(new)}->{result}", case.names, operands, shapes)


@pytest.mark.parametrize(
    "case",
    [
        case
        for case in CASES
        if "." not in case.expression
        and len(set(case.operands)) == len(case.operands)
        and set(case.names) & EVERY_ORDER
    ],
    ids=str,
)
def test_the_order_of_axes_and_operands_takes_no_name_away(case):
    rng = random.Random(str(case))
    for _ in range(DRESSES):
        other = rearranged(case, rng)
        wanted = [name for name in case.names if name in EVERY_ORDER]
        found = names_of(other)
        assert set(wanted[: 3 - len(set(found) - set(wanted))]) <= set(found), other


@pytest.mark.parametrize(("expression", "wrong"), NEAR_MISSES)
def test_near_misses_get_no_such_name(expression, wrong):
    found = names_of(Case(expression, ()))
    assert found
    assert not set(found) & set(wrong.split())


def test_the_tables_are_large():
    assert len(CASES) >= 120
    assert len(set(CASES)) == len(CASES)


def test_the_section_has_a_paragraph_a_name():
    spec = spec_of("bi,ij,bj->b", ("d", "P", "d"))
    section = called(spec, choose_names(spec))
    assert section.id == "called"
    assert section.facts == {"names": ["mahalanobis", "quadratic_form", "bilinear_form"]}
    assert [part.message.id for part in section.parts] == [f"called.{name}" for name in section.facts["names"]]
    assert not any(part.lead for part in section.parts)
    assert load_catalogue("en").text(section.title) == "What it is called"


@pytest.mark.parametrize(
    ("expression", "operands", "shapes", "text"),
    [
        ("ij,kj->ik", "", (), "Matrix product A · Bᵀ, with B transposed: i rows, k columns, j contracted."),
        ("ij,jk->ki", "", (), "Matrix product (A · B)ᵀ, with the result transposed: k rows, i columns, j contracted."),
        (
            "...ij,...jk->...ik",
            "",
            (),
            "Matrix product A · B, batched over the axes of '...': i rows, k columns, j contracted.",
        ),
        ("b,bij,bjk->bik", "", (), "Contraction of 3 operands over j."),
        (
            ",ij,bj->bi",
            "alpha x w",
            (),
            "Matrix product w · xᵀ, times alpha, with x transposed: b rows, i columns, j contracted.",
        ),
        ("ijk->kij", "x", (), "Permutation of the axes of x: (i, j, k) becomes (k, i, j), in numbers (2, 0, 1)."),
        (
            "ij,ij->ij",
            "",
            ((2, 1), (2, 3)),
            "Row scaling, diag(A[i,0]) · B: every row i of B times its element of A[i,0].",
        ),
        ("bij,bj->bi", "", (), "Matrix-vector product A[b,:,:] · B[b,:], batched over b: i rows, j contracted."),
        (
            "bld,ed->ble",
            "x W",
            (),
            "Linear layer along the last axis: for every b and l, the vector of x along d times Wᵀ, "
            "which gives one along e.",
        ),
        ("ijk,jl->ilk", "", (), "Mode product: A times the matrix Bᵀ along j, its axis 1, which becomes l."),
        (
            "ijkl,lr,jr,kr->ir",
            "",
            (),
            "MTTKRP: A unfolded along i, its axis 0, times the Khatri-Rao product of C, D and B; r counts the columns.",
        ),
        (
            "bi,ij,bj->b",
            "",
            (),
            "Bilinear form A[b,:]ᵀ · B · C[b,:], over i and j, batched over b.",
        ),
        ("iaja->ij", "", (), "Partial trace of A: the axes 1 and 3 are read together and summed over a; i and j stay."),
    ],
)
def test_what_sentences_say(expression, operands, shapes, text):
    spec = spec_of(expression, tuple(operands.split()), shapes)
    assert load_catalogue("en").text(recognise(spec, choose_names(spec))[0]) == text


def every_message(value: object) -> Iterator[Message]:
    """Yield a message and those inside its values."""
    if isinstance(value, Message):
        yield value
        for inner in value.values.values():
            yield from every_message(inner)
    elif isinstance(value, Join):
        for item in value.items:
            yield from every_message(item)


def check_sentences(messages: tuple[Message, ...]) -> None:
    """Fail unless every sentence stands in the catalogue, with each of its placeholders filled."""
    entries = read_entries("en")
    for message in (inner for outer in messages for inner in every_message(outer)):
        entry = entries[message.id]
        for form in [entry] if isinstance(entry, str) else entry.values():
            wanted = {name for _, name, _, _ in Formatter().parse(form) if name is not None}
            assert wanted <= set(message.values), message.id
        text = load_catalogue("en").text(message)
        assert "{" not in text
        assert "  " not in text
        assert text


@pytest.mark.parametrize("case", CASES, ids=str)
def test_every_placeholder_is_filled(case):
    check_sentences(messages_of(case))


def test_every_sentence_of_the_catalogue_is_said_of_some_case():
    said = {inner.id for case in CASES for message in messages_of(case) for inner in every_message(message)}
    assert {key for key in read_entries("en") if key.startswith("called.")} <= said


@given(expressions())
def test_every_expression_has_names(expression: Expression):
    for shapes in ((), expression.shapes):
        spec = bind_sizes(read_subscripts(expression.subscripts), list(shapes))
        found = recognise(spec, choose_names(spec))
        assert 1 <= len(found) <= 3
        assert len({message.id for message in found}) == len(found)
        check_sentences(found)


@given(st.data())
def test_one_array_given_twice_has_names(data: st.DataObject):
    expression = data.draw(expressions(most_operands=4, stretch=False, dots=False))
    ranks: dict[int, str] = {}
    operands = tuple(ranks.setdefault(len(term), f"op{len(term)}") for term in expression.terms)
    spec = spec_of(expression.subscripts, operands)
    check_sentences(recognise(spec, choose_names(spec)))


def test_sixty_operands():
    assert names_of(Case(",".join(["i"] * 60) + "->i", ())) == ("hadamard",)
    letters = ascii_letters[:50]
    chain = ",".join(a + b for a, b in pairwise(letters)) + f"->{letters[0]}{letters[-1]}"
    assert names_of(Case(chain, ())) == ("matrix_chain",)


# What a sentence says, computed from the text of its formula and compared with np.einsum.


def formula_value(text: str, arrays: dict[str, Any]) -> Any:
    """Return what a formula of a sentence computes: `A` is a slice of the batch, `A[b,:]` and `A[i,0]` are cut here."""
    text = re.sub(r"(\w+)\[([^\]]*)\]", lambda found: _cut(found, arrays), text)
    text = text.replace("ᵀ", ".T").replace(" · ", " @ ").replace(" ∘ ", " * ")
    values = {"tr": np.trace, "diag": np.diag, **arrays}
    for sign, join in ((" ⊗ ", np.kron), (" ⊙ ", column_products), (" • ", row_products)):
        if sign in text:
            return fold(join, [eval(part, values) for part in text.split(sign)])
    return eval(text, values)


def _cut(found: re.Match[str], arrays: dict[str, Any]) -> str:
    """Return a slice of a whole array as Python writes it: an index that is not of the batch runs."""
    places = [place if place.isdigit() or place in arrays else ":" for place in found[2].split(",")]
    return f"whole_{found[1]}[{', '.join(places)}]"


def fold(join: Callable[[Any, Any], Any], factors: list[Any]) -> Any:
    value = factors[0]
    for factor in factors[1:]:
        value = join(value, factor)
    return value


def column_products(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    return np.stack([np.kron(a, b) for a, b in zip(first.T, second.T, strict=True)], axis=1)


def row_products(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    return np.stack([np.kron(a, b) for a, b in zip(first, second, strict=True)])


def letters_of(value: object) -> list[str]:
    assert isinstance(value, Join)
    return [item.text for item in value.items if isinstance(item, Code)]


def batch_of(message: Message) -> list[str]:
    extra = message.values["extra"]
    return letters_of(extra.values["batch"]) if isinstance(extra, Message) and "batched" in extra.id else []


def arrays_for(case: Case) -> tuple[Spec, dict[str, np.ndarray]]:
    """Return distinct integers for every array of an expression, extents distinct where arrays allow."""
    spec = spec_of(case.expression, case.operands, case.shapes)
    names = choose_names(spec)
    twice = len(set(names.operands)) < len(names.operands)
    sizes = {index.label: 3 if twice else 2 + number for number, index in enumerate(spec.indices)}
    sizes |= {index.label: index.extent for index in spec.indices if isinstance(index.extent, int)}
    rng = np.random.default_rng(len(case.expression))
    arrays: dict[str, np.ndarray] = {}
    for name, operand in zip(names.operands, spec.operands, strict=True):
        shape = tuple(1 if axis in operand.stretched else sizes[x] for axis, x in enumerate(operand.labels))
        arrays.setdefault(name, rng.integers(-9, 10, size=shape))
    return spec, arrays


def check_formula(case: Case, message: Message) -> None:
    """Compare what the formula of a sentence computes for each value of its batch with np.einsum."""
    spec, arrays = arrays_for(case)
    names = choose_names(spec).operands
    operands = [arrays[name] for name in names]
    whole = np.einsum(spec.subscripts, *operands)
    batch = batch_of(message)
    text = message.values["product"]
    assert isinstance(text, Code)
    extents = {x: size for x, size in zip(spec.output, whole.shape, strict=True) if x in batch}
    kept = {place.operand for index in spec.indices for place in index.places if not place.stretched}
    scalars = [name for number, name in enumerate(names) if number not in kept]
    for values in product(*(range(extents[label]) for label in batch)):
        at = dict(zip(batch, values, strict=True))
        parts: dict[str, Any] = at | {f"whole_{name}": array for name, array in arrays.items()}
        for name, operand in zip(names, spec.operands, strict=True):
            cut = tuple(
                0 if axis in operand.stretched and label in at else at.get(label, slice(None))
                for axis, label in enumerate(operand.labels)
            )
            if not set(batch) & set(operand.labels):
                parts[name] = arrays[name]
            elif parts.get(name) is not arrays[name]:
                parts[name] = arrays[name][cut]
        scale = int(np.prod([arrays[name].item() for name in scalars]))
        result = whole[tuple(at.get(label, slice(None)) for label in spec.output)]
        told = np.asarray(formula_value(text.text, parts)) * scale
        if message.id == "called.diagonal_of_product":
            told = np.diagonal(told)
        if any(sign in text.text for sign in "⊗⊙•"):
            assert told.size == result.size
            result = result.reshape(told.shape)
        np.testing.assert_array_equal(told, result, err_msg=f"{case}: {text.text}")


FORMULAS = [
    case
    for case in CASES
    if DOTS not in case.expression
    if any("product" in message.values for message in messages_of(case))
]


@pytest.mark.parametrize("case", FORMULAS, ids=str)
def test_formulas_are_what_einsum_computes(case):
    rng = random.Random(str(case))
    cases = [case]
    if len(set(case.operands)) == len(case.operands):
        cases += [rearranged(case, rng) for _ in range(DRESSES)]
    for other in cases:
        for message in messages_of(other):
            if "product" in message.values:
                check_formula(other, message)


def patterns(count: int, used: int = 0) -> Iterator[tuple[int, ...]]:
    """Yield every way in which `count` places can hold equal and different labels, labels in order of appearance."""
    if not count:
        yield ()
        return
    for label in range(used + 1):
        yield from ((label, *rest) for rest in patterns(count - 1, max(used, label + 1)))


def expressions_of(ranks: tuple[int, ...]) -> Iterator[str]:
    """Yield every expression of operands with these ranks, but for the letters."""
    for pattern in patterns(sum(ranks)):
        letters = iter(pattern)
        left = ",".join("".join(ascii_letters[next(letters)] for _ in range(rank)) for rank in ranks)
        labels = sorted(set(left) - {","})
        for count in range(len(labels) + 1):
            yield from (f"{left}->{''.join(output)}" for output in permutations(labels, count))


@pytest.mark.parametrize(
    ("ranks", "operands"),
    [
        ((3,), ()),
        ((1, 1), ()),
        ((1, 2), ()),
        ((2, 1), ()),
        ((2, 2), ()),
        ((2, 2), ("X", "X")),
        ((1, 1, 1), ()),
        ((1, 2, 1), ("x", "A", "x")),
    ],
)
def test_every_small_expression_is_called_what_it_is(ranks, operands):
    for expression in expressions_of(ranks):
        case = Case(expression, (), operands)
        found = messages_of(case)
        assert found
        for message in found:
            if "product" in message.values:
                check_formula(case, message)


def test_every_small_expression_comes_once():
    assert sorted(expressions_of((2,))) == ["aa->", "aa->a", "ab->", "ab->a", "ab->ab", "ab->b", "ab->ba"]


def test_enough_formulas_are_tried():
    assert len(FORMULAS) > 60


def unfold(array: np.ndarray, axis: int) -> np.ndarray:
    return np.moveaxis(array, axis, 0).reshape(array.shape[axis], -1)


def mode_product(array: np.ndarray, matrix: np.ndarray, axis: int) -> np.ndarray:
    """Return array ×_axis matrix, with the matrix as (new, old)."""
    return np.moveaxis(np.tensordot(matrix, array, axes=(1, axis)), 0, axis)


def outer_sum(*factors: np.ndarray) -> np.ndarray:
    return sum(fold(np.multiply.outer, [factor[:, r] for factor in factors]) for r in range(factors[0].shape[1]))


WAYS: tuple[tuple[str, str, Callable[..., Any]], ...] = (
    ("bij->bji", "transpose", lambda a: a.swapaxes(1, 2)),
    ("ijk->kij", "permutation", lambda a: a.transpose(2, 0, 1)),
    ("ijkl->lkji", "reversal", lambda a: a.T),
    ("iji->ji", "diagonal", lambda a: np.diagonal(a, axis1=0, axis2=2)),
    ("bii->b", "trace", lambda a: np.trace(a, axis1=1, axis2=2)),
    ("iaja->ij", "partial_trace", lambda a: np.trace(a, axis1=1, axis2=3)),
    ("ij->i", "row_sums", lambda a: a.sum(1)),
    ("ij->j", "column_sums", lambda a: a.sum(0)),
    ("ijk->j", "axis_sums", lambda a: a.sum((0, 2))),
    ("ijk,kji->ijk", "hadamard", lambda a, b: a * b.T),
    ("i,j,k->ijk", "outer_product", lambda a, b, c: fold(np.multiply.outer, [a, b, c])),
    ("ij,k,lm->ijklm", "tensor_product", lambda a, b, c: fold(np.multiply.outer, [a, b, c])),
    ("ijk,lmn->iljmkn", "kronecker", np.kron),
    ("ij,kl,mn->ikmjln", "kronecker", lambda a, b, c: np.kron(np.kron(a, b), c)),
    ("ir,jr,kr->ijkr", "khatri_rao", lambda a, b, c: fold(column_products, [a, b, c])),
    ("bi,bj,bk->bijk", "face_splitting", lambda a, b, c: fold(row_products, [a, b, c])),
    ("ijk,ijk->", "tensor_inner", np.vdot),
    ("ij,ij->i", "rowwise_dot", lambda a, b: [x @ y for x, y in zip(a, b, strict=True)]),
    ("ij,ij->j", "columnwise_dot", lambda a, b: [x @ y for x, y in zip(a.T, b.T, strict=True)]),
    ("ij,ij->", "frobenius", np.vdot),
    ("ijk,j->ik", "tensor_times_vector", lambda a, b: np.tensordot(a, b, axes=(1, 0))),
    ("ij,i->j", "weighted_sum", lambda a, b: sum(w * row for w, row in zip(b, a, strict=True))),
    ("bld,de->ble", "linear_layer", lambda a, b: a @ b),
    ("bld,ed->ble", "linear_layer", lambda a, b: a @ b.T),
    ("ijk,lj->ilk", "mode_product", lambda a, b: mode_product(a, b, 1)),
    ("bld,dhe->blhe", "split_projection", lambda a, b: np.tensordot(a, b, 1)),
    ("bqhd,hdo->bqo", "merged_projection", lambda a, b: np.tensordot(a, b, 2)),
    ("ijk,jil->kl", "tensordot", lambda a, b: np.tensordot(a, b, axes=((0, 1), (1, 0)))),
    ("i,ij,j->", "bilinear_form", lambda x, a, y: x @ a @ y),
    ("bi,oij,bj->bo", "bilinear_map", lambda x, a, y: [[u @ m @ v for m in a] for u, v in zip(x, y, strict=True)]),
    ("i,j,k,ijk->", "multilinear_form", lambda x, y, z, a: a @ z @ y @ x),
    ("i,ij,j->ij", "two_sided_scaling", lambda x, a, y: x[:, None] * a * y),
    ("ia,ajb,bk->ijk", "tensor_train", lambda a, b, c: np.tensordot(np.tensordot(a, b, 1), c, 1)),
    (
        "aib,bjc,cka->ijk",
        "tensor_ring",
        lambda a, b, c: np.trace(np.tensordot(np.tensordot(a, b, 1), c, 1), axis1=0, axis2=4),
    ),
    ("ijk,jr,kr->ir", "mttkrp", lambda a, b, c: unfold(a, 0) @ column_products(b, c)),
    ("ijk,ir,kr->jr", "mttkrp", lambda a, b, c: unfold(a, 1) @ column_products(b, c)),
    ("ijkl,ir,jr,kr->lr", "mttkrp", lambda a, b, c, d: unfold(a, 3) @ fold(column_products, [b, c, d])),
    (
        "abc,ia,jb,kc->ijk",
        "tucker",
        lambda g, a, b, c: mode_product(mode_product(mode_product(g, a, 0), b, 1), c, 2),
    ),
    ("abcd,ia,jb->ijcd", "multilinear_product", lambda g, a, b: mode_product(mode_product(g, a, 0), b, 1)),
    ("ir,jr,kr->ijk", "cp", outer_sum),
    ("r,ir,jr,kr->ijk", "cp", lambda w, a, b, c: outer_sum(a * w, b, c)),
    ("bqhd,bkhd->bhqk", "attention_scores", lambda q, k: q.transpose(0, 2, 1, 3) @ k.transpose(0, 2, 3, 1)),
    ("bhqk,bkhd->bqhd", "attention_output", lambda s, v: (s @ v.transpose(0, 2, 1, 3)).transpose(0, 2, 1, 3)),
    (
        "bhld,lrd->bhlr",
        "relative_scores",
        lambda q, p: np.stack([q[:, :, n] @ vectors.T for n, vectors in enumerate(p)], axis=2),
    ),
    ("ij,k->ik", "product_of_sums", lambda a, b: np.multiply.outer(a.sum(1), b)),
    ("ij,ij,ij->i", "elementwise_sum", lambda a, b, c: (a * b * c).sum(1)),
)


@pytest.mark.parametrize(("expression", "name", "way"), WAYS)
def test_names_are_what_numpy_computes(expression, name, way):
    case = Case(expression, ())
    assert name in names_of(case)
    spec, arrays = arrays_for(case)
    operands = [arrays[operand] for operand in choose_names(spec).operands]
    result = np.einsum(expression, *operands)
    told = np.asarray(way(*operands))
    np.testing.assert_array_equal(told, result if told.shape == result.shape else result.reshape(told.shape))
