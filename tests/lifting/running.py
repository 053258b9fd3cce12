"""A text and its statements, both run on the same whole numbers. Only texts of our own tables are run here."""

from __future__ import annotations

import ast
import copy
import itertools
import math
from contextlib import suppress
from typing import Any

import numpy as np

from einloop.core.combination import Statements
from einloop.core.errors import LiftError
from einloop.core.source import Notation
from einloop.lifting import lifted_code
from einloop.lifting.computed import Computed
from einloop.lifting.counting import has_lists
from einloop.lifting.results import TRUTHS, PythonProgram
from einloop.lifting.runnable import runnable
from einloop.lifting.sizes import Key, Refusal, Sizes, Unequal

LENGTHS = (5, 4, 3, 6, 2, 4)
MAX_LENGTH = 30


def assert_same(text: str, statements: Statements) -> None:
    """Check that a text leaves what its statements leave."""
    names = [one.result for one in statements.combinations if one.result not in statements.temporaries]
    inputs = _inputs(text, statements)
    if max((size for value in inputs.values() for size in np.shape(value)), default=0) > MAX_LENGTH:
        return  # plain loops over so many elements take minutes
    theirs = copy.deepcopy(inputs)
    if has_lists(ast.parse(text)):  # arrays are nested lists there
        theirs = {name: value.tolist() if isinstance(value, np.ndarray) else value for name, value in theirs.items()}
    libraries = {"np": np, "copy": copy, "itertools": itertools, "math": math, "List": list}
    theirs, ours = {**libraries, **theirs}, {**libraries, **copy.deepcopy(inputs)}
    exec(runnable(text, names), theirs)
    exec(statements.text(), ours)
    for name in names:
        got, wanted = np.asarray(theirs[name], float), np.asarray(ours[name], float)
        assert np.allclose(got, wanted, rtol=1e-12), f"{name}: {got} is not {wanted}"


def _inputs(text: str, statements: Statements) -> dict[str, Any]:
    """Return whole numbers for what a text reads, of the shapes that it needs."""
    joins: dict[Key, Key] = {}
    with suppress(LiftError):
        joins |= lifted_code(text, Notation.LOOPS).sizes.joins
    specs = [summand.spec for one in statements.combinations for summand in one.summands]
    ranks = {operand.name: len(operand.labels) for spec in specs for operand in spec.operands if operand.name}
    try:
        PythonProgram(text).run(Sizes(LENGTHS, {}, {}))
    except Refusal:
        program = PythonProgram(
            text,
            {
                **{one.result: 0 for one in statements.combinations if one.adds},
                **ranks,
                **dict.fromkeys(_divisors(statements), 0),
            },
        )
    except Unequal:
        program = PythonProgram(text)
    else:
        program = PythonProgram(text)
    for lengths in (LENGTHS[::-1], LENGTHS):
        ran = _settled(program, lengths, joins)
    rng = np.random.default_rng(0)
    if any(TRUTHS in one.notes for one in statements.combinations):
        return {
            name: given if isinstance(given, int) else rng.random(given) < 0.5 for name, given in ran.inputs.items()
        }
    return {
        name: given if isinstance(given, int) else rng.integers(1, 9, given).astype(float) if given else 3.0
        for name, given in ran.inputs.items()
    }


def _divisors(statements: Statements) -> list[str]:
    return [name for one in statements.combinations for summand in one.summands for name in summand.divisors]


def _settled(program: PythonProgram, lengths: tuple[int, ...], joins: dict[Key, Key]) -> Computed:
    """Return what a run leaves when lengths that have to be one are one."""
    while True:
        sizes = Sizes(lengths, joins, {})
        try:
            ran = program.run(sizes)
        except Unequal as error:
            joins[sizes.home(error.one)] = sizes.home(error.other)
            continue
        if not ran.same:
            return ran
        one, other = ran.same[0]
        joins[one] = other
