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

FUZZ = int(os.environ.get("EINLOOP_FUZZ", "25"))


@settings(max_examples=FUZZ, deadline=None)
@given(st.data())
def test_what_is_printed_is_read_back(data):
    expression = data.draw(expressions(most_operands=3, dots=False, stretch=False))
    text = data.draw(subscripts(expression))
    options = {
        "style": data.draw(st.sampled_from(("article", "scalar"))),
        "dtypes": data.draw(st.sampled_from(("float64", "float32", "int32"))),
    }
    if data.draw(st.booleans()):
        options["function"] = "kernel"
    if data.draw(st.booleans()):
        options["comments"] = True
    if 0 not in [n for shape in expression.shapes for n in shape] and data.draw(st.booleans()):
        options["shapes"] = expression.shapes
    source = einloop.generate(text, target="c", **options).source
    check(text, source, expression)


def check(text, source, expression):
    """Run what the source is lifted to on the arrays of an expression; names and lengths are those of the source."""
    found = lift(source, Notation.C)
    rng = np.random.default_rng(0)
    arrays = [rng.integers(-3, 4, shape).astype(float) for shape in expression.shapes]
    names = [one.partition(":")[0][3:] for one in source.splitlines() if one.startswith(" * ") and ": " in one]
    *operands, result = [name for name in names if name.isidentifier()]
    pairs = zip(expression.terms, expression.shapes, strict=True)
    extents = {label: n for term, shape in pairs for label, n in zip(term, shape, strict=True)}
    start = source.index("(", source.index("void "))
    words = [one.split()[-1] for one in source[start + 1 : source.index(")", start)].split(",") if "*" not in one]
    values = dict(zip(operands, (array.ravel() if array.shape else array for array in arrays), strict=True))
    values |= {name: extent_of(name, extents) for name in words if name != "void"}
    wanted = np.einsum(text, *arrays)
    values[result] = np.zeros(wanted.size) if wanted.shape else np.zeros(())
    got = np.asarray(run_statements(found, values).get(result, values[result]))
    assert (got.ravel() == wanted.ravel()).all(), f"{text}\n{source}\n{found.text()}"


def extent_of(name, extents):
    """The extent that `I` or `n_i` is: of the index `i`."""
    label = name.removeprefix("n_") if name.startswith("n_") else name
    return extents[label] if label in extents else extents[label.lower()]
