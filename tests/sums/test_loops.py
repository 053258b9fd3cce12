"""Sums of einsums as loops: the text, what it gives against numpy, and what is refused."""

import pytest

from einloop.core.errors import EinloopError, OptionError
from einloop.core.options import Options
from einloop.core.source import Notation
from einloop.lifting import lift
from einloop.pipeline.show import generate
from einloop.pipeline.statements import bind_combination
from einloop.pipeline.verify import verify

RANKS = {"A": 2, "B": 2, "C": 2, "D": 2, "b": 1, "c": 1, "d": 1, "x": 1, "y": 1, "alpha": 0, "beta": 0, "s": 0, "dt": 0}


def made(text, notation=Notation.NUMPY, **options):
    found = lift(text, notation, {name: rank for name, rank in RANKS.items() if name in text})
    (combination,) = found.combinations
    chosen = Options(**options)
    return generate(bind_combination(combination, chosen), chosen)


TEXTS = (
    (
        "d = A @ b + c",
        {},
        """
I, J = A.shape
J = len(b)
I = len(c)
d = np.zeros(I)
for i in range(I):
    d[i] = c[i]
    for j in range(J):
        d[i] += A[i, j] * b[j]
""",
    ),
    (
        "d = A @ b + c",
        {"style": "scalar"},
        """
I, J = A.shape
J = len(b)
I = len(c)
d = np.zeros(I)
for i in range(I):
    total = c[i]
    for j in range(J):
        total += A[i, j] * b[j]
    d[i] = total
""",
    ),
    (
        "C = alpha * A @ B + beta * C",
        {},
        """
I, J = A.shape
J, K = B.shape
I, K = C.shape
for i in range(I):
    for k in range(K):
        C[i, k] = beta * C[i, k]
        for j in range(J):
            C[i, k] += alpha * A[i, j] * B[j, k]
""",
    ),
    (
        "D += A @ B / 3",
        {},
        """
I, J = A.shape
J, K = B.shape
I, K = D.shape
for i in range(I):
    for j in range(J):
        for k in range(K):
            D[i, k] += A[i, j] * B[j, k] / 3
""",
    ),
    (
        "D += A @ B / 3",
        {"style": "scalar"},
        """
I, J = A.shape
J, K = B.shape
I, K = D.shape
for i in range(I):
    for k in range(K):
        total = 0.0
        for j in range(J):
            total += A[i, j] * B[j, k]
        D[i, k] += total / 3
""",
    ),
    (
        "D = 0.5 * A.T - B",
        {"style": "lists"},
        """
I, J = len(A), len(A[0])
J, I = len(B), len(B[0])
D = [[0] * I for j in range(J)]
for j in range(J):
    for i in range(I):
        D[j][i] = 0.5 * A[i][j] - B[j][i]
""",
    ),
    (
        "x = x - dt * A @ x",
        {},
        """
J = len(x)
I = len(x)
I, J = A.shape
x_old = x.copy()
for i in range(I):
    for j in range(J):
        x[i] -= dt * A[i, j] * x_old[j]
""",
    ),
    (
        "s = 2 * s - x @ y",
        {},
        """
I = len(x)
I = len(y)
s = 2 * s
for i in range(I):
    s -= x[i] * y[i]
""",
    ),
    (
        "d = A @ b - A @ c",
        {"schedule": ("order(output) tile(i,4) accumulate",)},
        """
I, J = A.shape
J = len(b)
J = len(c)
d = np.zeros(I)
for i0 in range(0, I, 4):
    for i in range(i0, min(i0 + 4, I)):
        total = 0.0
        for j in range(J):
            total += A[i, j] * b[j] - A[i, j] * c[j]
        d[i] = total
""",
    ),
    (
        "d = A @ b + c",
        {"style": "fast"},
        """
I, J = A.shape
J = len(b)
I = len(c)
c_rows = c.tolist()
d_rows = []
for c_i in c_rows:
    d_rows.append(c_i)
d = np.array(d_rows).reshape(I)
A_rows = A.tolist()
b_rows = b.tolist()
d_rows = []
for A_i in A_rows:
    total = 0.0
    for A_ij, b_j in zip(A_i, b_rows):
        total += A_ij * b_j
    d_rows.append(total)
d += np.array(d_rows).reshape(I)
""",
    ),
)


@pytest.mark.parametrize(("text", "options", "loops"), TEXTS, ids=lambda value: value if isinstance(value, str) else "")
def test_loops(text, options, loops):
    generated = made(text, **options)
    assert generated.source == loops.lstrip("\n")
    assert verify(generated)


SUMS = (
    "D = 2 * A @ B - C",
    "D += A @ B / 3",
    "D -= A @ B",
    "C = alpha * A @ B + beta * C",
    "x = x + dt * A @ x",
    "x = 2 * x * x - A @ x",
    "D = A + 3",
    "D = A @ B - 2",
    "s += x @ y - 2 * b.sum()",
    "d = A @ b - 0.1 * A @ c + 1",
    "s = 2 * s - x.sum()",
    "d = 2j * A @ b - c",
    "D = A @ B / alpha + C / 7",
)
FORMS = (
    {},
    {"style": "scalar"},
    {"style": "lists"},
    {"function": "f"},
    {"function": "f", "style": "lists"},
    {"script": True},
    {"checks": True},
    {"comments": True},
    {"schedule": ("auto",)},
    {"dtypes": ((None, "float32"),)},
    {"dtypes": ((None, "complex64"),), "function": "f"},
    {"target": "c"},
    {"target": "c", "style": "scalar", "dtypes": ((None, "float32"),)},
    {"target": "c", "style": "fast"},
)


@pytest.mark.parametrize("text", SUMS)
@pytest.mark.parametrize("options", FORMS, ids=str)
def test_right(text, options):
    found = verify(made(text, **options))
    assert found, str(found)


@pytest.mark.parametrize("dtype", ["int8", "uint8", "int64", "uint64", "float16", "longdouble"])
@pytest.mark.parametrize("target", ["python", "c"])
@pytest.mark.parametrize("text", ["D = 2 * A @ B - C", "C = alpha * A @ B + beta * C", "d = -A @ b", "s += x @ y"])
def test_dtypes(text, target, dtype):
    found = verify(made(text, target=target, dtypes=((None, dtype),)))
    assert found, str(found)


@pytest.mark.parametrize("text", ["D = 2 * A @ B - C", "C = alpha * A @ B + beta * C", "s = 3 * x @ y + s"])
@pytest.mark.parametrize("style", ["article", "scalar"])
def test_numba(text, style):
    pytest.importorskip("numba")
    for dtype in ("float64", "uint64"):
        found = verify(made(text, target="numba", style=style, dtypes=((None, dtype),)))
        assert found, str(found)


@pytest.mark.parametrize("text", ["D = alpha * A @ B", "D = alpha * A @ B + beta * C", "D = A @ B / alpha"])
def test_numba_shares_numbers_without_axes(text):
    pytest.importorskip("numba")
    found = verify(made(text, target="numba", schedule=("order(output) parallel(i) accumulate",)))
    assert found, str(found)


STRIDES = (
    "canonicalise",
    "canonicalise order(memory) tile accumulate unroll vectorise",
    "canonicalise classify order(memory) tile accumulate unroll vectorise pack",
    "canonicalise order(output) fuse accumulate",
    "order(output) fuse accumulate",
    "order(output) fuse parallel(i)",
)
SHAPES = ((3, 4, 5), (1, 4, 1), (3, 0, 2), (20, 30, 17), (40, 300, 9))


@pytest.mark.parametrize("schedule", STRIDES)
@pytest.mark.parametrize(
    "text", ["D = 2 * A @ B - C", "C = alpha * A @ B + beta * C", "D -= A @ B / 3", "D = 3 * A @ B"]
)
def test_schedules(text, schedule):
    for i, j, k in SHAPES:
        shapes = {"A": (i, j), "B": (j, k), "C": (i, k), "D": (i, k)}
        given = tuple((name, shape) for name, shape in shapes.items() if name in text and text[0] != name)
        given += ((text[0], (i, k)),) if "=" in text and (text.count(text[0]) > 1 or "-=" in text) else ()
        try:
            found = verify(made(text, target="c", schedule=(schedule,), shapes=given))
        except OptionError as error:
            if error.id not in ("EL409", "EL433"):  # an order that leaves no room for totals; no nest to pack
                raise
        else:
            assert found, str(found)


def test_a_product_is_packed_with_what_it_is_added_to():
    shapes = (("A", (64, 64)), ("B", (64, 64)), ("C", (64, 64)))
    source = made("C = alpha * A @ B + beta * C", target="c", style="fast", shapes=shapes).source
    assert "packed2_run(B, A, C, C, beta[0], alpha[0])" in source
    assert source.count("for (ptrdiff_t i") == source.partition("int loops(")[0].count("for (ptrdiff_t i")


def test_a_wrong_factor_is_found():
    generated = made("D = 2 * A @ B - C")
    from dataclasses import replace

    from einloop.runners import make_runner

    text = generated.source.replace("2 *", "3 *")
    program = replace(generated.program, text=text)
    found = verify(replace(generated, source=text, program=program, runner=make_runner(program, generated.form)))
    assert not found
    assert "MISMATCH with D = 2 * np.einsum('ij,jk->ik', A, B) - C: " in str(found)


def test_the_verdict():
    found = verify(made("d = A @ b + c"))
    assert str(found) == "verified against np.einsum: 36 cases equal (float64, agreeing shapes; seed 0)"


def test_what_is_added_to_stays_as_it_was():
    import numpy as np

    generated = made("D += A @ B")
    old = np.ones((2, 2))
    got = generated.run(np.eye(2), np.eye(2), old)
    assert got.tolist() == [[2, 1], [1, 2]]
    assert old.tolist() == [[1, 1], [1, 1]]


REFUSED = (
    ("d = A @ b + c", {"schedule": ("path(auto)",)}, "EL433", "path is for one einsum, and this is a sum of 2 einsums"),
    (
        "D += A @ B",
        {"schedule": ("presum",)},
        "EL433",
        "presum is for one einsum, and this is an einsum that is added to its result",
    ),
    ("D = A + 300", {"dtypes": ((None, "bool"),)}, "EL410", "loops for a sum of einsums are for numbers; A has bool"),
    ("D = 300 * A", {"dtypes": ((None, "int8"),)}, "EL410", "the factor 300 does not fit int8, which its arrays have"),
    (
        "D += A @ B / 2",
        {"dtypes": ((None, "int64"),)},
        "EL410",
        "D has int64, and the sum that is added to it float64",
    ),
    (
        "D = 2 * A @ B - C",
        {"schedule": ("order(j,i,k) fuse",)},
        "EL433",
        "fuse needs the same free loops outside the summed ones in every nest",
    ),
    ("D = 2 * A", {"result": "E"}, "EL471", "the statement names its operands and its result"),
    (
        "d = A @ b - c + 1",
        {"shapes": (("A", (2, 3)), ("b", (3,)), ("c", (4,)))},
        "EL205",
        "A has 2 on axis 0, and c has 4 on axis 0: one index runs along both",
    ),
    (
        "d = A @ b - A.sum(1)",
        {"shapes": (("A", (2, 1)), ("b", (3,)))},
        "EL205",
        "A of shape (2, 1) would be stretched along 'j', which another summand does not do",
    ),
)


@pytest.mark.parametrize(
    ("text", "options", "id", "message"), REFUSED, ids=lambda value: value if isinstance(value, str) else ""
)
def test_refused(text, options, id, message):
    with pytest.raises(EinloopError) as error:
        made(text, **options)
    assert (error.value.id, error.value.message) == (id, message)
