"""What is printed for a sum of einsums is lifted back to one that computes the same."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from einloop.core.build import Term, build_spec
from einloop.core.combination import Combination, Statements, Summand
from einloop.core.errors import OptionError
from einloop.core.options import Options
from einloop.core.source import Notation, Source
from einloop.lifting import lift
from einloop.pipeline.show import generate
from einloop.pipeline.statements import bind_combination
from einloop.pipeline.verify import verify
from einloop.runners.statements import run_statements

SIZES = {"i": 2, "j": 3, "k": 4, "l": 5}
NUMBERS = (1, -1, 2, -3, 0.5, Fraction(1, 3), Fraction(-2, 7), 4)
SOURCE = Source(text="", notation=Notation.FORMULA)


@st.composite
def summands(draw, output, number):
    """Return an einsum over small arrays of their own, or of the result's name, with a factor."""
    labels = [*output, *draw(st.lists(st.sampled_from("jkl"), max_size=2))]
    labels = list(dict.fromkeys(draw(st.permutations(labels))))
    cut = draw(st.integers(0, len(labels)))
    shared = draw(st.sampled_from(labels)) if labels else None
    second = list(dict.fromkeys([shared, *labels[cut:]])) if shared else []
    terms = [term for term in (labels[:cut], second) if term] or [[]]
    names = [f"{'ABCD'[place]}{number}" if term else f"a{number}" for place, term in enumerate(terms)]
    if draw(st.booleans()):
        terms, names = [*terms, []], [*names, "alpha"]
    made = [Term(labels=tuple(t), spans=(None,) * len(t), name=n) for t, n in zip(terms, names, strict=True)]
    spec = build_spec(SOURCE, made, Term(labels=output, spans=(None,) * len(output)))
    divisors = ("beta",) if draw(st.integers(0, 5)) == 0 else ()
    return Summand(spec=spec, coefficient=draw(st.sampled_from(NUMBERS)), divisors=divisors)


@st.composite
def combinations(draw):
    """Return a sum of one to three einsums, which may be added to its result, or read it."""
    output = draw(st.sampled_from([(), ("i",), ("i", "j"), ("j", "i")]))
    made = [draw(summands(output, number)) for number in range(draw(st.integers(1, 3)))]
    adds = draw(st.booleans())
    if draw(st.booleans()):
        old = Term(labels=output, spans=(None,) * len(output), name="R")
        spec = build_spec(SOURCE, [old], Term(labels=output, spans=(None,) * len(output)))
        made.append(Summand(spec=spec, coefficient=draw(st.sampled_from(NUMBERS))))
    return Combination(source=SOURCE, result="R", summands=tuple(made), adds=adds)


def values_of(combination, seed=0):
    """Return whole numbers for every name."""
    rng = np.random.default_rng(seed)
    values = {"beta": 4.0}
    for summand in combination.summands:
        for operand in summand.spec.operands:
            shape = [SIZES[label] for label in operand.labels]
            values[operand.name] = rng.integers(-5, 6, shape).astype(float)
            output = summand.spec.output
    values.setdefault("R", rng.integers(-5, 6, [SIZES[label] for label in output]).astype(float))
    return values


@given(combinations(), st.sampled_from(["article", "scalar", "lists", "fast"]), st.sampled_from([None, "output"]))
def test_round_trip(combination, style, order):
    options = Options(style=style, order=order)
    try:
        generated = generate(bind_combination(combination, options), options)
    except OptionError as error:
        if error.id not in ("EL433", "EL434"):
            raise
        return
    found = verify(generated)
    assert found, f"{combination.text()}\n{found}"
    if style == "fast":
        return
    names = generated.joint.spec.operands
    back = lift(generated.source, Notation.LOOPS, {operand.name: len(operand.labels) for operand in names})
    values = values_of(combination)
    want = run_statements(Statements(combinations=(combination,)), values)["R"]
    got = run_statements(back, values)["R"]
    assert np.allclose(got, want), f"{combination.text()}\n{generated.source}\n{back.text()}"


@given(combinations(), st.sampled_from(["order(output) fuse accumulate", "order(output) accumulate", "auto"]))
def test_schedules(combination, schedule):
    options = Options(schedule=(schedule,))
    try:
        generated = generate(bind_combination(combination, options), options)
    except OptionError as error:
        if error.id != "EL433":
            raise
        return
    assert verify(generated), combination.text()


@pytest.mark.parametrize("seed", range(3))
def test_compiled(seed):
    from einloop.core.joint import joined
    from einloop.pipeline.compile.sums import CompiledSum

    for place in range(5):
        combination = fixed(place + 5 * seed)
        joint = joined(combination)
        function = CompiledSum("", Options(target="auto", schedule=("auto",)), joint)
        values = values_of(combination)
        got = function(*(values[name] for name in function.operands))
        want = run_statements(Statements(combinations=(combination,)), values)["R"]
        assert np.allclose(got, want), combination.text()


def fixed(number):
    """Return one of a few combinations."""
    output = [(), ("i",), ("i", "j")][number % 3]
    terms = [
        Term(labels=(*output, "k"), spans=(None,) * (len(output) + 1), name="A0"),
        Term(labels=("k",), spans=(None,), name="b0"),
    ]
    product = build_spec(SOURCE, terms, Term(labels=output, spans=(None,) * len(output)))
    old = build_spec(
        SOURCE,
        [Term(labels=output, spans=(None,) * len(output), name="R")],
        Term(labels=output, spans=(None,) * len(output)),
    )
    made = [Summand(spec=product, coefficient=NUMBERS[number % len(NUMBERS)])]
    if number % 2:
        made.append(Summand(spec=old, coefficient=NUMBERS[(number + 3) % len(NUMBERS)]))
    return Combination(source=SOURCE, result="R", summands=tuple(made), adds=number % 4 > 1)
