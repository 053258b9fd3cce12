"""Every expression that is offered instead of an einsum is run against np.einsum: values and shape."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import pytest
import strategies as our
from equivalence import TABLE, Case, arrays_for, bound, check, run, shapes_of, table_cases, texts
from hypothesis import given, note
from hypothesis import strategies as st
from test_golden import FILES, read_golden

import einloop
from einloop.analysis.equivalents import MODULES, equivalents
from einloop.core.bind import bind_sizes
from einloop.core.names import choose_names
from einloop.notation import read

INSTALLED = tuple(name for name in MODULES if find_spec(name))

ARTICLE = Path(__file__).parent.parent / "examples" / "article"

NOT_IN_NUMPY = ("...ijk,...jkl->...il",)
"""No rank-free way to merge two axes."""

STRETCHED = (
    ("ij,jk->ik", (2, 1), (3, 4)),
    ("ij,jk->ik", (2, 3), (1, 4)),
    ("ij,jk->ik", (1, 3), (3, 1)),
    ("i,i->", (1,), (3,)),
    ("i,i->i", (1,), (3,)),
    ("i,i->", (3,), (1,)),
    ("ij,ij->ij", (2, 1), (2, 3)),
    ("ij,ij->", (1, 3), (2, 1)),
    ("ij,ij->j", (1, 3), (2, 1)),
    ("ij,ij->i", (2, 1), (1, 3)),
    ("bij,bjk->bik", (1, 3, 4), (2, 4, 5)),
    ("bij,bjk->bik", (2, 3, 4), (1, 4, 5)),
    ("bij,bjk->kib", (2, 3, 1), (1, 4, 5)),
    ("abij,abjk->baik", (2, 1, 3, 4), (1, 6, 4, 5)),
    ("bijk,bjkl->bil", (1, 3, 4, 5), (2, 4, 5, 6)),
    ("bijk,bjkl->bil", (2, 3, 1, 5), (1, 4, 5, 6)),
    ("bijk,bjkl->bil", (2, 3, 4, 1), (2, 4, 5, 6)),
    ("bjk,bjkl->bl", (1, 4, 5), (3, 4, 5, 6)),
    ("ijk,ijl->ikjl", (2, 1, 5), (1, 3, 4)),
    ("ii,i->i", (1, 1), (3,)),
    ("ii,i->", (1, 1), (3,)),
    ("ii,ij->j", (1, 1), (3, 2)),
    ("iij,j->ij", (1, 1, 4), (4,)),
    ("ii,i,i->", (1, 1), (3,), (1,)),
    ("i,i,i->", (1,), (1,), (3,)),
    ("i,i,i->i", (1,), (1,), (3,)),
    ("i,i,i->i", (1,), (3,), (1,)),
    ("ij,jk,kl->il", (2, 3), (1, 4), (1, 5)),
    ("ij,jk,kl->il", (2, 1), (3, 1), (4, 5)),
    ("ijk,jr,kr->ir", (2, 1, 3), (4, 1), (3, 5)),
    ("...ij,...jk->...ik", (3, 2, 4), (2, 1, 4, 5)),
    ("...i,...i->...", (3, 1, 4), (2, 4)),
    ("abij,,ab,bj->aj", (1, 1, 2, 2), (), (3, 1), (2, 2)),
    ("...ab,,,a,...->...b", (1, 2, 2), (), (), (2,), (2,)),
    ("a...,...->...a", (2, 7, 3), (5, 1, 1)),
    ("...ijk,...jkl->...il", (1, 2, 3, 4), (3, 3, 4, 5)),
    ("...ij,ij->...", (2, 3, 1), (3, 4)),
    ("i,i->i", (1,), (0,)),
    ("i,i->", (1,), (0,)),
)

ODD = (
    ("ij,jk->ik", (2, 0), (0, 3)),
    ("ij,jk->ik", (0, 2), (2, 3)),
    ("ij->i", (2, 0)),
    ("ij->", (0, 0)),
    ("ij->ji", (2, 0)),
    ("ii->", (0, 0)),
    ("ii->i", (0, 0)),
    ("bijk,bjkl->bil", (2, 3, 0, 5), (2, 0, 5, 6)),
    ("bijk,bjkl->bil", (0, 3, 4, 5), (0, 4, 5, 6)),
    ("bijk,bjkl->bil", (2, 0, 4, 5), (2, 4, 5, 6)),
    ("ijk,jkl->il", (2, 0, 3), (0, 3, 4)),
    ("ij,kl->ijkl", (2, 0), (3, 1)),
    ("i,j,k->ijk", (2,), (0,), (3,)),
    ("bij,bj->bi", (2, 3, 0), (2, 0)),
    ("ij,jk->ik", (1, 1), (1, 1)),
    ("bijk,bjkl->bil", (1, 1, 1, 1), (1, 1, 1, 1)),
    ("ijk,jr,kr->ir", (1, 2, 1), (2, 1), (1, 1)),
    ("ii->i", (1, 1)),
    ("...i->...", (0, 3)),
    ("...i->...", (3, 0)),
)


@pytest.mark.parametrize("text", TABLE)
def test_numpy(text: str) -> None:
    for case in table_cases(text):
        count = check(case, kinds=("int64", "complex128"))
        assert count or text in NOT_IN_NUMPY


@pytest.mark.parametrize("library", ["torch", "einops", "einx"])
def test_other_libraries(library: str) -> None:
    pytest.importorskip(library)
    count = 0
    for text in TABLE:
        for case in table_cases(text)[: 1 if library == "einx" else None]:
            count += check(case, (library,), ("int64", "float64") if library == "torch" else ("int64",))
    assert count > 150


@pytest.mark.parametrize(("text", "shapes"), [(text, shapes) for text, *shapes in (*STRETCHED, *ODD)])
@pytest.mark.parametrize("library", ["numpy", "torch", "einops", "einx"])
def test_stretched_empty_and_single(text: str, shapes: list[tuple[int, ...]], library: str) -> None:
    pytest.importorskip(library)
    count = check(bound(text, tuple(shapes)), (library,))
    assert count or library in ("einops", "einx")


def test_the_golden_expressions() -> None:
    count = 0
    for path in FILES:
        case = read_golden(path)
        options = {key: case.options[key] for key in ("shapes", "sizes", "names", "result") if key in case.options}
        spec = einloop.generate(case.expression, **options).spec
        if all(isinstance(extent, int) for op in spec.operands for extent in op.shape or ("?",)):
            shapes = tuple(op.shape for op in spec.operands)
        else:
            shapes = shapes_of(spec)
        if len(set(choose_names(spec).operands)) == len(spec.operands):
            count += check(Case(spec, shapes))
    assert count > 150


def test_the_article() -> None:
    for path in sorted(ARTICLE.glob("*.py")):
        text = path.read_text(encoding="utf-8").splitlines()[0].removeprefix("# einloop ").split("'")[1]
        spec = read(text)
        assert check(Case(spec, shapes_of(spec)), kinds=("int64", "complex128")), text


@given(our.expressions(most_operands=5), st.booleans())
def test_random_expressions(expression: our.Expression, bind: bool) -> None:
    spec = read(expression.subscripts)
    plain = not expression.stretched and all(all(shape) for shape in expression.shapes)
    broadcast = any(expression.covered)
    if bind or not plain or broadcast:
        spec = bind_sizes(spec, expression.shapes)
    note(f"{expression.subscripts} {expression.shapes} bound: {bind}")
    check(Case(spec, expression.shapes), INSTALLED)


@given(our.expressions(most_operands=4, stretch=False))
def test_random_ellipses_of_unknown_rank(expression: our.Expression) -> None:
    if all(all(shape) for shape in expression.shapes):
        check(Case(read(expression.subscripts), expression.shapes))


@given(our.expressions(most_operands=4))
def test_without_shapes_no_text_is_wrong_in_silence(expression: our.Expression) -> None:
    """Where lengths turn out to be 1 or 0, a text without sizes is right, or its library refuses it."""
    case = Case(read(expression.subscripts), expression.shapes)
    arrays = arrays_for(case, "int64")
    expected = our.oracle(case.spec.subscripts, *(arrays[name] for name in case.names.operands))
    for one in equivalents(case.spec, case.names):
        if "open_sizes" not in one.caveats and one.library in ("numpy", "torch", "einops"):
            for code in texts(one):
                note(code)
                try:
                    got = run(code, one, case, arrays)
                except Exception:
                    continue
                assert got.shape == expected.shape
                assert (got == expected).all()


@given(our.expressions(most_operands=6, dots=False), st.data())
def test_random_paths(expression: our.Expression, data: st.DataObject) -> None:
    path, left = [], len(expression.terms)
    while left > 1:
        count = data.draw(st.integers(2, min(left, 3)))
        path.append(tuple(data.draw(st.permutations(range(left)))[:count]))
        left -= count - 1
    case = Case(bind_sizes(read(expression.subscripts), expression.shapes), expression.shapes)
    note(f"{expression.subscripts} {expression.shapes} {path}")
    assert check(case, path=path)
