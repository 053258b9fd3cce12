"""Several statements as loops: one program after another, with arrays between them."""

from dataclasses import replace

import numpy as np
import pytest

import einloop
from einloop.core.errors import EinloopError, OptionError
from einloop.core.options import Options
from einloop.notation import read_statements
from einloop.pipeline.show import generate
from einloop.pipeline.verify import verify

PROGRAMS = (
    "T[i,k] = A[i,j] B[j,k]; y[i] = 2 T[i,k] x[k] - b[i]",
    "s = x[i] * y[i]; z[i] = s * x[i] + y[i]",
    "T[i,j] = A[i,k] B[k,j]; D[i,j] = T[i,k] T[k,j] / 3; y[i] = D[i,j] x[j]",
)
SHAPES = tuple((name, (3, 3) if name in "AB" else (3,)) for name in "ABxby")


def made(text, *, whole=False, **options):
    found = read_statements(text)
    return generate(replace(found, temporaries=()) if whole else found, Options(**options))


def test_the_text():
    generated = made(PROGRAMS[1])
    assert (
        generated.source
        == """\
s = 0
I = len(x)
I = len(y)
for i in range(I):
    s += x[i] * y[i]
I = len(x)
I = len(y)
z = np.zeros(I)
for i in range(I):
    z[i] = s * x[i] + y[i]
"""
    )
    assert generated.statements.text() == "s = np.einsum('i,i->', x, y)\nz = s * x + y"


@pytest.mark.parametrize("text", PROGRAMS)
@pytest.mark.parametrize("whole", [False, True])
@pytest.mark.parametrize(
    "options",
    [
        {},
        {"style": "scalar"},
        {"style": "lists"},
        {"style": "fast"},
        {"function": "f"},
        {"function": "f", "dtypes": ((None, "int64"),)},
        {"dtypes": ((None, "float32"),)},
    ],
    ids=str,
)
def test_right(text, whole, options):
    found = verify(made(text, whole=whole, **options))
    assert found, str(found)


@pytest.mark.parametrize("text", PROGRAMS)
@pytest.mark.parametrize("style", ["article", "scalar", "fast"])
def test_compiled(text, style):
    found = verify(made(text, target="c", style=style, shapes=SHAPES))
    assert found, str(found)


def test_several_results():
    import numpy as np

    s, z = made(PROGRAMS[1], whole=True, function="f").run(np.ones(3), np.arange(3.0))
    assert (s, z.tolist()) == (3.0, [3.0, 4.0, 5.0])


REFUSED = (
    (
        {"target": "c"},
        "EL435",
        "'c' needs the shapes of all statements, and 'i' of T = np.einsum('ij,jk->ik', A, B) is unknown",
    ),
    ({"script": True}, "EL435", "several statements are a snippet or a function"),
    ({"result": "z"}, "EL471", "the statements name what they compute"),
    (
        {"target": "c", "shapes": SHAPES, "dtypes": ((None, "float16"),)},
        "EL435",
        "T would be rounded between two statements, which takes an array beside it",
    ),
)


@pytest.mark.parametrize(("options", "id", "message"), REFUSED)
def test_refused(options, id, message):
    with pytest.raises(EinloopError) as error:
        made(PROGRAMS[0], **options)
    assert (error.value.id, error.value.message) == (id, message)


def test_a_compiled_function_has_one_result():
    with pytest.raises(EinloopError) as error:
        made(PROGRAMS[0], whole=True, target="c", shapes=SHAPES)
    assert error.value.message == "a compiled function has one result, and these statements have T, y"


@pytest.mark.parametrize("options", [{}, {"function": "f"}, {"style": "fast"}, {"style": "lists"}])
def test_what_a_statement_adds_to_and_a_later_one_reads(options):
    text = "T[i] += x[i]; y[i] = T[i]"
    assert einloop.verify(text, **options)
    generated = einloop.generate(text, **options)
    given = [np.ones(3), np.full(3, 5.0)]
    if options.get("style") == "lists":
        given = [array.tolist() for array in given]
    assert np.array_equal(generated.run(*given), [6, 6, 6])


@pytest.mark.parametrize("target", ["c", "numba"])
def test_what_a_compiled_function_would_change_besides_its_result_is_refused(target):
    with pytest.raises(OptionError, match="T would be changed in place, and it is not what the function") as refused:
        einloop.generate("T[i] += x[i]; y[i] = T[i]", target=target, shapes={"x": (3,), "T": (3,)})
    assert refused.value.id == "EL435"


@pytest.mark.parametrize(
    "text",
    [
        "x[i] *= 2; y[i] -= x[i]",
        "x[i] *= alpha; y[i] = y[i] - 3*x[i]/n",
        "v[i] = mu*v[i] + g[i]; w[i] -= lr*v[i]",
        "d_i = b_i - a_i; y_i = c_i d_i + a_i",
        "u[i] += A[i,j]*z[j]; B[i,j] = u[i]*z[j]",
    ],
)
def test_values_go_where_their_names_stand(text):
    generated = einloop.generate(text)
    assert tuple(dict.fromkeys(generated.operands)) == generated.inputs
    shapes = {"A": (2, 3), "z": (3,), "alpha": (), "mu": (), "lr": (), "n": ()}
    rng = np.random.default_rng(0)
    values = {name: rng.integers(1, 9, shapes.get(name, (2,))).astype(float) for name in generated.inputs}
    wanted = einloop.lift(text).run(**values)
    got = generated.run(*values.values())
    assert np.allclose(got, wanted[generated.result])
    assert einloop.verify(text)


def test_a_length_is_read_once():
    text = einloop.generate("s = x_i x_i; y_i = x_i s; z_i = y_i + A_{ij} x_j").source
    assert text.count("I = len(x)") == 1
    assert text.count("A.shape") == 1
