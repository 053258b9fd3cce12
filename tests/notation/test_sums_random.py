"""Random formulas, computed by loops over their trees as they are made, and from what is read of their texts."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from itertools import product
from math import prod

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from einloop.core.combination import Statements
from einloop.core.errors import NotationError
from einloop.core.source import Notation
from einloop.core.spec import Spec
from einloop.notation import read_statements
from einloop.runners.statements import run_statements

SIZES = {"i": 2, "j": 3, "k": 4, "l": 2}
ARRAYS = {
    "A": "ij",
    "B": "jk",
    "C": "ik",
    "D": "ji",
    "u": "i",
    "v": "j",
    "w": "k",
    "z": "l",
    "E": "il",
    "c": "",
    "q": "",
}
"""Arrays, each always with these indices: lengths differ, so that a transposition shows."""
RNG = np.random.default_rng(7)
VALUES = {name: RNG.integers(1, 5, tuple(SIZES[x] for x in labels)) for name, labels in ARRAYS.items()}
NUMBERS = ("2", "3", r"\frac{1}{2}", "½", "0.25", r"\frac34")
FRACTIONS = {r"\frac{1}{2}": Fraction(1, 2), "½": Fraction(1, 2), "0.25": Fraction(1, 4), r"\frac34": Fraction(3, 4)}


class Written:
    """A part of a formula: its text, its value where its indices are given, which these are, and which it sums.

    `twice`: a sum in it has the index of one around it, which is refused.
    """

    def __init__(self, text, value, parts=(), *, free="", listed="", atom=False):
        self.text, self.value, self.atom = text, value, atom
        self.listed = frozenset(listed).union(*(part.listed for part in parts))
        self.free = frozenset(free).union(*(part.free for part in parts)) - frozenset(listed)
        self.twice = any(part.twice or part.listed & frozenset(listed) for part in parts)

    @property
    def factor(self):
        return self.text if self.atom else f"({self.text})"


def number(text):
    return Written(text, lambda at: FRACTIONS.get(text) or int(text), atom=True)


def operand(name):
    labels = ARRAYS[name]
    text = f"{name}_{{{labels}}}" if labels else name
    return Written(text, lambda at: int(VALUES[name][tuple(at[x] for x in labels)]), free=labels, atom=True)


def added(one, other, minus):
    text = f"{one.text} {'-' if minus else '+'} {other.factor if minus else other.text}"
    sign = -1 if minus else 1
    return Written(text, lambda at: one.value(at) + sign * other.value(at), (one, other))


def multiplied(one, other, sign):
    return Written(f"{one.factor} {sign} {other.factor}", lambda at: one.value(at) * other.value(at), (one, other))


def raised(base, power):
    text = f"({base.text})^{power}" if power != 3 else f"({base.text})**3"
    return Written(text, lambda at: base.value(at) ** power, (base,), atom=True)


def divided(top, bottom):
    text = rf"\frac{{{top.text}}}{{{bottom.text}}}"
    return Written(text, lambda at: Fraction(top.value(at)) / bottom.value(at), (top,), atom=True)


def summed(label, body):
    def value(at):
        return sum(body.value({**at, label: n}) for n in range(SIZES[label]))

    return Written(rf"(\sum_{{{label}}} {body.factor})", value, (body,), listed=label, atom=True)


LEAVES = st.one_of(st.sampled_from(NUMBERS).map(number), st.sampled_from(tuple(ARRAYS)).map(operand))
SCALARS = st.sampled_from(["2", "c", "q"]).map(lambda x: number(x) if x.isdigit() else operand(x))


def parts(inner):
    return st.one_of(
        st.builds(added, inner, inner, st.booleans()),
        st.builds(multiplied, inner, inner, st.sampled_from(["*", r"\cdot", "×"])),
        st.builds(raised, inner, st.sampled_from([2, 3])),
        st.builds(divided, inner, SCALARS),
        inner.flatmap(
            lambda body: (
                st.sampled_from(sorted(body.free)).map(lambda label: summed(label, body))
                if body.free
                else st.just(body)
            )
        ),
    )


TREES = st.recursive(LEAVES, parts, max_leaves=7)


def computed(text: str) -> object:
    """Return the value of a formula, or the id of its refusal."""
    try:
        found = read_statements(text, Notation.FORMULA)
    except NotationError as error:
        return error.id
    if isinstance(found, Spec):
        return np.einsum(found.subscripts, *(VALUES[operand.name or ""] for operand in found.operands))
    assert isinstance(found, Statements)
    return run_statements(found, VALUES)["r"]


@settings(deadline=None, max_examples=100)
@given(TREES)
def test_a_formula_is_what_its_loops_compute(tree: Written) -> None:
    labels = sorted(tree.free)
    text = f"r_{{{''.join(labels)}}} = {tree.text}" if labels else f"r = {tree.text}"
    expected = np.zeros([SIZES[x] for x in labels])
    for place in product(*(range(SIZES[x]) for x in labels)):
        expected[place] = tree.value(dict(zip(labels, place, strict=True)))
    found = computed(text)
    if isinstance(found, str):  # too many terms, a number alone, one letter for two indices
        clash = tree.twice or tree.listed & tree.free
        assert found in ("EL173", "EL143" if not labels else "", "EL146" if clash else ""), text
        return
    np.testing.assert_allclose(found, expected, rtol=1e-9, atol=1e-9, err_msg=text)


TERMS = st.lists(st.sampled_from(tuple(ARRAYS)), min_size=1, max_size=3)


def term_value(names: list[str], at: Mapping[str, int], result: str) -> int:
    summed = sorted({x for name in names for x in ARRAYS[name]} - set(result))
    total = 0
    for place in product(*(range(SIZES[x]) for x in summed)):
        where = {**at, **dict(zip(summed, place, strict=True))}
        total += prod(int(VALUES[name][tuple(where[x] for x in ARRAYS[name])]) for name in names)
    return total


@settings(deadline=None, max_examples=100)
@given(st.lists(st.tuples(st.booleans(), st.sampled_from([1, 2, 3]), TERMS), min_size=2, max_size=4), st.data())
def test_what_no_sign_lists_is_summed_in_each_term(
    terms: list[tuple[bool, int, list[str]]], data: st.DataObject
) -> None:
    labels = sorted({x for _, _, names in terms for name in names for x in ARRAYS[name]})
    result = "".join(sorted(data.draw(st.sets(st.sampled_from(labels)) if labels else st.just(set()))))
    text = f"r[{','.join(result)}] ="
    for minus, factor, names in terms:
        body = "*".join(f"{name}[{','.join(ARRAYS[name])}]" for name in names)
        text += f" {'-' if minus else '+'} {factor} * {body}"
    expected = np.zeros([SIZES[x] for x in result])
    for place in product(*(range(SIZES[x]) for x in result)):
        at = dict(zip(result, place, strict=True))
        expected[place] = sum(
            (-1 if minus else 1) * factor * term_value(names, at, result) for minus, factor, names in terms
        )
    found = computed(text)
    if isinstance(found, str):  # all terms cancel
        assert found == "EL143", text
        assert not result, text
        assert not expected.any(), text
        return
    np.testing.assert_array_equal(found, expected, err_msg=text)
