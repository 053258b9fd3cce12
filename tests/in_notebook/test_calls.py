"""The einsum calls of a cell: found where they stand, and read with what they were given when they ran."""

import ast

import pytest

from einloop.notation import read
from einloop.notebook.calls import CellCall, calls_in, given, text_of

CELLS = {
    "C = np.einsum('ij->i', A)": [("C = np.einsum('ij->i', A)", 1, "nothing", "")],
    "np.einsum('ij->i', A).sum()": [("np.einsum('ij->i', A)", 1, "nothing", "")],
    "x.y = torch.einsum('i->', a)": [("torch.einsum('i->', a)", 1, "nothing", "")],
    "a: int = einsum('i->', b)": [("a = einsum('i->', b)", 1, "nothing", "")],
    "for i in r:\n    oe.contract('i->', a)": [("oe.contract('i->', a)", 2, "loop", "")],
    "while f(np.einsum('i->', a)):\n    pass": [("np.einsum('i->', a)", 1, "loop", "")],
    "[np.einsum('i->', a) for a in b]": [("np.einsum('i->', a)", 1, "loop", "")],
    "def f(a):\n    for b in a:\n        return np.einsum('i->', b)": [("np.einsum('i->', b)", 3, "function", "f")],
    "g = lambda a: np.einsum('i->', a)": [("np.einsum('i->', a)", 1, "function", "lambda")],
    "class M:\n    def f(self):\n        return np.einsum('i->', self.a)": [
        ("np.einsum('i->', self.a)", 3, "function", "f")
    ],
    "if a:\n    with b:\n        np.einsum('i->', c)": [("np.einsum('i->', c)", 3, "nothing", "")],
    "np.einsum('i,i->', np.einsum('ij->i', A), b)": [
        ("np.einsum('ij->i', A)", 1, "nothing", ""),
        ("np.einsum('i,i->', np.einsum('ij->i', A), b)", 1, "nothing", ""),
    ],
    "np.einsum('i->',\n   a)": [("np.einsum('i->',\n   a)", 1, "nothing", "")],
    "é = 'ü'; np.einsum('i->', é)": [("np.einsum('i->', é)", 1, "nothing", "")],
    "from einops import einsum as ee, rearrange as r\nee(A, 'i ->'); r(A)": [("ee(A, 'i ->')", 2, "nothing", "")],
    "np.einsum_path('i->', a); einsums(a); f(x)": [],
    "'np.einsum(\"i->\", a)'": [],
    "": [],
}


@pytest.mark.parametrize("cell", CELLS)
def test_calls_of_a_cell(cell):
    found = calls_in(ast.parse(cell), cell)
    assert [(one.written, one.line, one.around.value, one.within) for one in found] == CELLS[cell]


def only(text) -> CellCall:
    return calls_in(ast.parse(text), text, ["ee"])[-1]


SHOWN = {
    "r = np.einsum(text, A, B)": (("ij,jk->ik", 1, 2), {}, "r = np.einsum('ij,jk->ik', A, B)"),
    "np.einsum('ij,jk->ik', A, B)": (("ij,jk->ik", 1, 2), {}, "np.einsum('ij,jk->ik', A, B)"),
    "np.einsum(f'{a},jk->ik', A, B)": (("ij,jk->ik", 1, 2), {}, "np.einsum('ij,jk->ik', A, B)"),
    "np.einsum(*given)": (("ij,jk->ik", 1, 2), {}, "np.einsum('ij,jk->ik', operand_0, operand_1)"),
    "np.einsum(A, left, B, right)": ((1, [0, 1], 2, [1, ...]), {}, "np.einsum(A, [0, 1], B, [1, ...])"),
    "np.einsum(A, left, out)": ((1, [0, 1], [1]), {}, "np.einsum(A, [0, 1], [1])"),
    "torch.einsum(text, [A, B])": (("i,i->", [1, 2]), {}, "torch.einsum('i,i->', A, B)"),
    "einops.einsum(A, B, pattern)": ((1, 2, "i j, j -> i"), {}, "einops.einsum(A, B, 'i j, j -> i')"),
    "torch.einsum(equation=text, operands=[A])": ((), {"equation": "i->", "operands": [1]}, None),
    "ee(A, B, 'i j, j -> i')": ((1, 2, "i j, j -> i"), {}, "einsum(A, B, 'i j, j -> i')"),
    "np.einsum(b'ij->i', A)": ((b"ij->i", 1), {}, "np.einsum(b'ij->i', A)"),
}


@pytest.mark.parametrize("text", SHOWN)
def test_a_call_is_read_with_what_it_was_given(text):
    args, kwargs, shown = SHOWN[text]
    found = text_of(only(text), given(args, kwargs))
    assert shown is None or found == shown
    assert len(read(found).operands) == len(given(args, kwargs).operands)


def test_a_call_that_did_not_run_and_hides_its_subscripts_stays_as_it_is():
    assert text_of(only("np.einsum(text, A)"), None) == "np.einsum(text, A)"


@pytest.mark.parametrize("args", [(), (1,), ("ij",), (None, None), ([], [])])
def test_strange_arguments_are_no_trouble(args):
    assert isinstance(given(args, {}).operands, tuple)
