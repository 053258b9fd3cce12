"""What `--target c` prints in its plain styles, lifted back: it computes what the expression does."""

import os

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import expressions, subscripts

import einloop
from einloop.core.source import Notation
from einloop.lifting import lift
from einloop.runners.statements import run_statements

FUZZ = int(os.environ.get("EINLOOP_FUZZ", "60"))


def names_of(generated):
    """The operands as the text calls them, and its lengths with their extents."""
    return generated.metadata["operands"]


@settings(max_examples=FUZZ, deadline=None)
@given(st.data())
def test_what_is_printed_is_read_back(data):
    expression = data.draw(expressions(most_operands=3, dots=False, stretch=False))
    text = data.draw(subscripts(expression))
    options = {"style": data.draw(st.sampled_from(("article", "scalar"))), "dtypes": data.draw(st.sampled_from(("float64", "float32", "int32")))}
    if data.draw(st.booleans()):
        options["function"] = "kernel"
    if data.draw(st.booleans()):
        options["comments"] = True
    if fixed := data.draw(st.booleans()):
        options["shapes"] = expression.shapes
    source = einloop.generate(text, target="c", **options).source
    check(text, source, expression, fixed)


def check(text, source, expression, fixed):
    found = lift(source, Notation.C)
    rng = np.random.default_rng(0)
    arrays = [rng.integers(-3, 4, shape).astype(float) for shape in expression.shapes]
    names = [line.split(" ")[2].rstrip(":") for line in source.splitlines() if line.startswith(" * ") and ": " in line]
    *operands, result = [name for name in names if name.isidentifier()]
    values = dict(zip(operands, arrays, strict=True))
    labels = dict(zip([one for term in expression.terms for one in term], [n for shape in expression.shapes for n in shape], strict=True))
    head = source[source.index("(", source.index("void ")) + 1 : source.index(")", source.index("void "))]
    lengths = [word.split()[-1] for word in head.split(",") if "*" not in word and word != "void"]
    values |= {name: labels[name.lower() if name.lower() in labels else name] for name in lengths}
    wanted = np.einsum(text, *arrays)
    values[result] = np.zeros(wanted.shape)
    got = np.asarray(run_statements(found, {name: np.asarray(v) if isinstance(v, np.ndarray) else v for name, v in values.items()}).get(result, values[result]))
    assert (got.ravel() == wanted.ravel()).all(), f"{text}\n{source}\n{found.text()}"
