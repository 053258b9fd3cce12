"""Calls that failed once, most of them found by test_properties.py, and what they must do.

A call is Python text: `E` is einloop.einsum, `G` is einloop.generate, and in a row with `wanted` the value must equal
what that text gives, in type, shape and dtype too. A row with `refusal` must raise that exception, a row with
neither must verify.
"""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import redirect_stdout
from dataclasses import dataclass
from fractions import Fraction
from io import StringIO
from pathlib import Path

import black
import numpy as np
import pytest

import einloop


@dataclass(frozen=True)
class Row:
    """One call, why it failed, and what it must do."""

    why: str
    call: str
    wanted: str | None = None
    refusal: type[Exception] | None = None


def main(generated: einloop.Generated) -> str:
    """Return what a script prints."""
    printed = StringIO()
    with redirect_stdout(printed), pytest.raises(SystemExit):
        exec(compile(generated.source, "<script>", "exec"), {"__name__": "__main__"})
    return printed.getvalue()


EQUAL = "'equal to np.einsum\\n'"

ROWS = [
    Row(
        "two indices with one name of an extent: another operand re-read it, and the check compared it with itself",
        "G('iz,i->', shapes=[('N', 'N'), None], function='f').run(np.ones((2, 3)), np.ones(2))",
        refusal=ValueError,
    ),
    Row("... and the last axis read too far", "G(' Iz ,  , K,I', shapes=[('N', 'N'), None, None, None], checks=True)"),
    Row(
        "the check of a named extent used the name as given, where the loops use another",
        "G('JiA,,->', shapes=[('A', 'I', 'A'), (), ()], checks=True)",
    ),
    Row("... np, which is numpy", "G('ij->ji', shapes=[('np', 'np')], function='f')"),
    Row("... a variable of the function", "G('IAn->', shapes=[('I', 'N', 'I')], function='f')"),
    Row("axes counted from the end, in nested lists", "G('...ij,...jk->ik', style='lists', function='f')"),
    Row("... and with a diagonal", "G('...iij,...jk->ik', style='lists', function='f')"),
    Row(
        "the function hid a variable of the program",
        "main(G('i->', function='rng', script=True))",
        wanted=EQUAL,
    ),
    Row("... an operand", "main(G('ij->', function='A', script=True))", wanted=EQUAL),
    Row(
        "a numpy scalar stayed one inside an array of objects, and wrapped",
        "G(',', dtypes=['int8', 'object']).run(np.int8(100), 100)",
        wanted="10000",
    ),
    Row("... found by the verifier too", "G(',', dtypes=['int8', 'object'])"),
    Row(
        "an ellipsis that covers nothing left a 0-d array",
        "G('...', function='f').run(np.array(3, np.int8))",
        wanted="np.int8(3)",
    ),
    Row("... in a snippet with checks", "G('...', style='article', checks=True)"),
    Row("... of a sum", "G('...k,...kkkk,k->...', checks=True)"),
    Row("one array with an ellipsis and without one", "G('...,->...', names=['X', 'X'])"),
    Row("... drawn with axes for a program", "G('...,->...', names=['X', 'X'], script=True)"),
    Row("one array under an ellipsis alone and behind a label", "G('...,i...->...', names=['A', 'A'])"),
    Row("... and in front of the output", "G('...,n...->n...', names=['X', 'X'], function='f')"),
    Row(
        "one array whose axis is stretched for one operand and not for the other",
        "G('i,j,ja->', names=['X', 'X', None], shapes=[(1,), (1,), (3, 2)], function='f')",
    ),
    Row(
        "dtypes without a common one",
        "E('i,i', np.ones(2), np.zeros(2, 'M8[s]'))",
        refusal=einloop.EinloopError,
    ),
    Row("... one of them that of out=", "E('->', 1.0, out=np.zeros((), 'm8[s]'))", refusal=einloop.EinloopError),
    Row(
        "out= is read too: it must be cast to dtype=",
        "E('i,i->', np.ones(2, 'i1'), np.ones(2, 'i1'), dtype='i1', out=np.zeros((), 'f4'))",
        refusal=einloop.EinloopError,
    ),
    Row(
        "... objects to it",
        "E('->', np.array(2 + 3j, 'c8'), dtype='object', out=np.array(0j))",
        refusal=einloop.EinloopError,
    ),
    Row(
        "a copy into out= of objects is a sum that begins at int 0",
        "E('->', np.array(True), out=np.array(None, object))",
        wanted="np.array(1, object)",
    ),
    Row(
        "... and what cannot be added to 0 is refused",
        "E('i->i', np.array(['a'], object), out=np.zeros(1, object))",
        refusal=TypeError,
    ),
    Row(
        "a number of a class of its own hid the rank of another operand from the drop-in",
        "E(',', Fraction(2, 3), np.array([3], object))",
        refusal=einloop.EinloopError,
    ),
    Row("... and is computed with", "E(',', Fraction(2, 3), 3)", wanted="Fraction(2)"),
    Row(
        "one array under an ellipsis and without one was verified with lists that cannot show their empty axes",
        "G('...iii,iij->', style='lists', names=['A', 'A'])",
    ),
]
"""The oldest first."""


@pytest.mark.parametrize(
    "call",
    [
        "G('ij->', style='lists', script=True, shapes=[(0, 2)])",
        "G('i,j->ij', style='lists', script=True, sizes={'i': 0, 'j': 3})",
        "G('i,i,i,i,i,i,i,i->', script=True, dtypes='float16', shapes=[(9,)] * 8)",
    ],
)
def test_lists_that_hide_an_extent(call: str) -> None:
    """Nested lists cannot show an axis inside an empty one: such a program is refused, or says that it is right."""
    try:
        generated = eval(call, {"G": einloop.generate})
    except einloop.EinloopError:
        return
    assert main(generated) == "equal to np.einsum\n"


@pytest.mark.filterwarnings("ignore::einloop.EinloopWarning")
@pytest.mark.parametrize("row", ROWS, ids=[row.call for row in ROWS])
def test_failed_once(row: Row) -> None:
    known = {"np": np, "E": einloop.einsum, "G": einloop.generate, "main": main, "Fraction": Fraction}
    if row.refusal is not None:
        with pytest.raises(row.refusal):
            eval(row.call, known)
        return
    got = eval(row.call, known)
    if row.wanted is not None:
        wanted = eval(row.wanted, known)
        assert type(got) is type(wanted)
        np.testing.assert_array_equal(got, wanted, strict=True)
        assert repr(np.asarray(got).tolist()) == repr(np.asarray(wanted).tolist())
        return
    assert black.format_str(got.source, mode=black.Mode()) == got.source
    found = einloop.verify(got)
    assert found, str(found)


def test_booleans_beside_infinity_are_not_compared() -> None:
    """np.einsum multiplies a sum by a scalar: inf times 3, where loops add inf times False, which is nan."""
    assert einloop.verify("R += a[i, j, k] * b", shapes=[(2, 2, 2), ()], checks=True, seed=216)


def test_verifying_empty_products_breaks_no_memory() -> None:
    """np.einsum writes behind an empty product of two operands; with long doubles the process aborted at its end."""
    program = """
import einloop
for seed in range(40):
    assert einloop.verify("a,B->Ba", function="f", seed=seed)
"""
    path = str(Path(__file__).parent.parent)
    done = subprocess.run(
        [sys.executable, "-c", program],
        env=os.environ | {"PYTHONPATH": path, "PYTHONMALLOC": "malloc"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def test_rows_are_all_different() -> None:
    assert len({row.call for row in ROWS}) == len(ROWS)
