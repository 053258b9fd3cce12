"""What is read from a pasted call, and what is refused of it."""

from __future__ import annotations

import pytest

from einloop.core.errors import NotationError
from einloop.core.source import Notation, Source
from einloop.core.spec import Spec
from einloop.notation.call import read_call
from einloop.notation.forms import looks_like_call

ACCEPTED: list[tuple[str, str, list[str | None], str | None]] = [
    ("np.einsum('bqhd,bkhd->bhqk', q, k)", "bqhd,bkhd->bhqk", ["q", "k"], None),
    ('torch.einsum("ij,jk", self.q, x[0].T)', "ij,jk->ik", ["self_q", "x_0_T"], None),
    ("oe.contract('ij,jk->ik', a, a)", "ij,jk->ik", ["a", "a"], None),
    ("einsum ('ij', a)", "ij->ij", ["a"], None),
    ("my_einsum('ij', a)", "ij->ij", ["a"], None),
    ("z = einops.einsum(q, k, 'batch i, batch j -> batch i j')", "bi,bj->bij", ["q", "k"], "z"),
    (
        "    out = np.einsum(\n        'ij,jk->ik',  # rows\n        a,\n        b,\n    )\n",
        "ij,jk->ik",
        ["a", "b"],
        "out",
    ),
    ("\n\n\tout = np.einsum('ij', a)\n    # done", "ij->ij", ["a"], "out"),
    ("self.out: Tensor = np.einsum('ij->i', a)", "ij->i", ["a"], "self_out"),
    ("out[0] = np.einsum('ij->i', a)", "ij->i", ["a"], "out_0"),
    ("x += np.einsum('i->', a)", "i->", ["a"], "x"),
    ("x = y = np.einsum('i->', a)", "i->", ["a"], None),
    ("x, y = np.einsum('ij', a)", "ij->ij", ["a"], None),
    ("return np.einsum('ij->i', a)", "ij->i", ["a"], None),
    ("await np.einsum('ij->i', a)", "ij->i", ["a"], None),
    ("out = await np.einsum('ij->i', a);", "ij->i", ["a"], None),
    ("out = np.einsum('ij->i', a),", "ij->i", ["a"], None),
    ("out = np.einsum('ij->i', a)  # sums", "ij->i", ["a"], "out"),
    ("(out := np.einsum('ij->i', a))", "ij->i", ["a"], "out"),
    ("def f(a):\n    return np.einsum('ij->i', a)", "ij->i", ["a"], None),
    ("y = f(np.einsum('ij->i', a)) + 1", "ij->i", ["a"], None),
    ("lambda a: np.einsum('ij->i', a)", "ij->i", ["a"], None),
    ("if np.einsum('i->', a) > 0:", "i->", ["a"], None),
    ("    x = np.einsum('i->', a)\ny = 2", "i->", ["a"], "x"),
    (">>> c = np.einsum('ij->i', a)\n>>> c\narray([1.])", "ij->i", ["a"], "c"),
    (">>> np.einsum(\n...     'ij->i', a)", "ij->i", ["a"], None),
    ("f\"{np.einsum('ij->i', a)}\"", "ij->i", ["a"], None),
    ("# np.einsum('ij->i', a)", "ij->i", ["a"], None),
    ("# in out: 'é'\nx = np.einsum('ij->i', a)\r\n", "ij->i", ["a"], "x"),
    ("x.contract(np.einsum('ij->i', a))", "ij->i", ["a"], None),
    ("np.einsum('ij->i', np.einsum('jk->j', b))", "ij->i", ["np_einsum_jk_j_b"], None),
    ("np.einsum('i,i', a + b, -a)", "i,i->", [None, None], None),
    ("np.einsum('i,i', 2.5, [1, 2])", "i,i->", [None, None], None),
    ("np.einsum('i,i', 'a', None)", "i,i->", [None, None], None),
    ("np.einsum('i,j', x.y, x_y)", "i,j->ij", [None, "x_y"], None),
    ("np.einsum('i,i', x [0], x[0])", "i,i->", ["x_0", "x_0"], None),
    ("np.einsum('i,i', rng.random(3), rng.random(3))", "i,i->", ["rng_random_3", None], None),
    ("np.einsum('i->', a_very_long_name_of_an_operand)", "i->", [None], None),
    ("np.einsum('i->', layer[0].weight.float().T)", "i->", ["layer_0_weight_float_T"], None),
    ("np.einsum('i,i', self.lambda_, class_)", "i,i->", ["self_lambda", "class_"], None),
    ("np.einsum('i->', _x)", "i->", ["_x"], None),
    ("np.einsum('i,i', a-b, a - b)", "i,i->", ["x", "x"], None),
    ("np.einsum('ij,ij', -a.T, -a.T)", "ij,ij->", ["X", "X"], None),
    ("np.einsum('i,j', x + 1, x + 1)", "i,j->ij", ["x_", "x_"], None),
    ("np.einsum('i,i', [1, 2], [1, 2])", "i,i->", ["x", "x"], None),
    ("np.einsum('i,i', f(a) + 1, f(a) + 1)", "i,i->", [None, None], None),
    ("np.einsum('i,i', a + 1, a + 2)", "i,i->", [None, None], None),
    ("np.einsum('ij,jk', *[a, b.T])", "ij,jk->ik", ["a", "b_T"], None),
    ("np.einsum('ij→i', a)", "ij->i", ["a"], None),
    ("np.einsum(r'ij , jk → ik', a, b)", "ij,jk->ik", ["a", "b"], None),
    ("einops.einsum(a, b, 'x y, y z → x z')", "xy,yz->xz", ["a", "b"], None),
    ("np.einsum('i->', π['é'])", "i->", ["π_é"], None),
    ("np.einsum('ij,jk', *ops)", "ij,jk->ik", [None, None], None),
    ("np.einsum('ij,jk,kl', a, *rest)", "ij,jk,kl->il", ["a", None, None], None),
    ("torch.einsum('ij,jk', [a, b])", "ij,jk->ik", ["a", "b"], None),
    ("torch.einsum('ij,jk', (a, b))", "ij,jk->ik", ["a", "b"], None),
    ("np.einsum('i', [a])", "i->i", [None], None),
    ("np.einsum('ij,jk', [*ops])", "ij,jk->ik", [None, None], None),
    ("np.einsum(subscripts='ij->i', operands=[a])", "ij->i", ["a"], None),
    ("tf.einsum(a, equation='ij->i')", "ij->i", ["a"], None),
    ("np.einsum(b'ij->ji', a)", "ij->ji", ["a"], None),
    ("np.einsum(r'ij->ji', a)", "ij->ji", ["a"], None),
    ("np.einsum(u'ij->ji', a)", "ij->ji", ["a"], None),
    ("np.einsum('''ij->ji''', a)", "ij->ji", ["a"], None),
    ("np.einsum('ij,' 'jk', a, b)", "ij,jk->ik", ["a", "b"], None),
    (r"np.einsum('i\x6a->j', a)", "ij->j", ["a"], None),
    ("np.einsum('', a)", "->", ["a"], None),
    ("np.einsum(',', 2, x)", ",->", [None, "x"], None),
    ("np.einsum('i->', a, out=c)", "i->", ["a"], "c"),
    ("d = np.einsum('i->', a, out=c)", "i->", ["a"], "d"),
    ("np.einsum(A, [0, 1], B, [1, 2], [0, 2])", "ij,jk->ik", ["A", "B"], None),
    ("np.einsum(A, (0, 1), B, [1, 2])", "ij,jk->ik", ["A", "B"], None),
    ("np.einsum(A, [51, 7])", "ji->ij", ["A"], None),
    ("np.einsum(A, [..., 0], [0, Ellipsis])", "...i->i...", ["A"], None),
    ("np.einsum(x, [], y, [])", ",->", ["x", "y"], None),
    ("np.einsum(A, [0, 1], [])", "ij->", ["A"], None),
]

REFUSED: list[tuple[str, str, tuple[int, int] | None, list[str]]] = [
    (
        "np.einsum('ij,jk->ik', a)",
        "EL133",
        (14, 16),
        [
            "error EL133: 2 terms, 1 array: nothing for `jk`",
            "  np.einsum('ij,jk->ik', a)",
            "                ^^",
            "hint: add the array, or drop the term",
        ],
    ),
    (
        "np.einsum('ij,jk->ik')",
        "EL133",
        (11, 13),
        [
            "error EL133: 2 terms, 0 arrays: nothing for `ij`",
            "  np.einsum('ij,jk->ik')",
            "             ^^",
            "hint: add the array, or drop the term",
        ],
    ),
    (
        "np.einsum('i,', a)",
        "EL133",
        (13, 13),
        [
            "error EL133: 2 terms, 1 array: nothing for the empty term 1",
            "  np.einsum('i,', a)",
            "               ^",
            "hint: add the array, or drop the term",
        ],
    ),
    (
        "np.einsum('ij->i', a, b)",
        "EL133",
        (22, 23),
        [
            "error EL133: 1 term, 2 arrays: no term for `b`",
            "  np.einsum('ij->i', a, b)",
            "                        ^",
            "hint: add a term for it after a ',', or drop the array",
        ],
    ),
    (
        "np.einsum('ij', a, b, *c)",
        "EL133",
        (19, 20),
        [
            "error EL133: 1 term, 3 arrays: no term for `b`",
            "  np.einsum('ij', a, b, *c)",
            "                     ^",
            "hint: add a term for it after a ',', or drop the array",
        ],
    ),
    (
        "torch.einsum('ij,jk', [a, b, c])",
        "EL133",
        (29, 30),
        [
            "error EL133: 2 terms, 3 arrays: no term for `c`",
            "  torch.einsum('ij,jk', [a, b, c])",
            "                               ^",
            "hint: add a term for it after a ',', or drop the array",
        ],
    ),
    (
        "einops.einsum(q, 'batch i, batch j -> i j')",
        "EL133",
        (27, 34),
        [
            "error EL133: 2 terms, 1 array: nothing for `batch j`",
            "  einops.einsum(q, 'batch i, batch j -> i j')",
            "                             ^^^^^^^",
            "hint: add the array, or drop the term",
        ],
    ),
    (
        "np.einsum('ij,j%->i', a, b)",
        "EL101",
        (15, 16),
        [
            "error EL101: '%' cannot stand in subscripts; a label is one letter (character 15)",
            "  np.einsum('ij,j%->i', a, b)",
            "                 ^",
        ],
    ),
    (
        "é = np.einsum('é', a)",
        "EL101",
        (15, 16),
        [
            "error EL101: 'é' cannot stand in subscripts, which are ASCII letters (character 15)",
            "  é = np.einsum('é', a)",
            "                 ^",
        ],
    ),
    (
        "x = np.einsum(\n    'ij,jk\t->ik',\n    a, b)",
        "EL101",
        (25, 26),
        [
            r"error EL101: '\t' cannot stand in subscripts; a label is one letter (character 25)",
            "      'ij,jk ->ik',",
            "            ^",
            "hint: only the blank may separate; tabs and line breaks may not",
        ],
    ),
    (
        "np.einsum('ij,' 'j%->i', a, b)",
        "EL101",
        (10, 23),
        [
            "error EL101: '%' cannot stand in subscripts; a label is one letter (character 4 of the string)",
            "  np.einsum('ij,' 'j%->i', a, b)",
            "            ^^^^^^^^^^^^^",
        ],
    ),
    (
        r"np.einsum('i\x6a=>j', a)",
        "EL101",
        (10, 20),
        [
            "error EL101: '=>' is not an arrow (character 2 of the string)",
            r"  np.einsum('i\x6a=>j', a)",
            "            ^^^^^^^^^^",
            "hint: write '->'",
        ],
    ),
    (
        r"np.einsum('ij\n,jk', a, b)",
        "EL101",
        (10, 19),
        [
            r"error EL101: '\n' cannot stand in subscripts; a label is one letter (character 2 of the string)",
            r"  np.einsum('ij\n,jk', a, b)",
            "            ^^^^^^^^^",
            "hint: only the blank may separate; tabs and line breaks may not",
        ],
    ),
    (
        r"np.einsum(b'\xe9', a)",
        "EL101",
        (10, 17),
        [
            "error EL101: 'é' cannot stand in subscripts, which are ASCII letters (character 0 of the string)",
            r"  np.einsum(b'\xe9', a)",
            "            ^^^^^^^",
        ],
    ),
    (
        "np.einsum('ij->ik', a)",
        "EL106",
        (16, 17),
        [
            "error EL106: output index 'k' is in no operand (they offer i, j)",
            "  np.einsum('ij->ik', a)",
            "                  ^",
            "hint: only an index of an operand can stand in the output; for a new axis write result[..., None]",
        ],
    ),
    (
        "np.einsum('bq d,bk d->bq bk', q, k)",
        "EL105",
        (25, 26),
        [
            "error EL105: output index 'b' is written twice; each index may stand in the output once",
            "  np.einsum('bq d,bk d->bq bk', q, k)",
            "                        ^  ^",
            (
                "hint: blanks are ignored, 'bq d' is read as 'bqd'; for words as indices use named axes "
                "(--notation named, notation='named')"
            ),
        ],
    ),
    (
        "np.einsum(f'{x}->', a)",
        "EL132",
        (10, 18),
        [
            "error EL132: the subscripts `f'{x}->'` are an f-string; the call does not show what they are",
            "  np.einsum(f'{x}->', a)",
            "            ^^^^^^^^",
            "hint: paste the string itself, like np.einsum('ij,jk->ik', a, b)",
        ],
    ),
    (
        "np.einsum(eq, a)",
        "EL132",
        (10, 12),
        [
            "error EL132: the subscripts `eq` are not a string written out; the call does not show what they are",
            "  np.einsum(eq, a)",
            "            ^^",
            "hint: paste the string itself, like np.einsum('ij,jk->ik', a, b)",
        ],
    ),
    (
        "np.einsum(eq, [a, b])",
        "EL132",
        (10, 12),
        [
            "error EL132: the subscripts `eq` are not a string written out; the call does not show what they are",
            "  np.einsum(eq, [a, b])",
            "            ^^",
            "hint: paste the string itself, like np.einsum('ij,jk->ik', a, b)",
        ],
    ),
    (
        "np.einsum('ij' + out, a)",
        "EL132",
        (10, 20),
        [
            (
                "error EL132: the subscripts `'ij' + out` are not a string written out; the call does not "
                "show what they are"
            ),
            "  np.einsum('ij' + out, a)",
            "            ^^^^^^^^^^",
            "hint: paste the string itself, like np.einsum('ij,jk->ik', a, b)",
        ],
    ),
    (
        "np.einsum(subscripts=eq, x=1)",
        "EL132",
        (21, 23),
        [
            "error EL132: the subscripts `eq` are not a string written out; the call does not show what they are",
            "  np.einsum(subscripts=eq, x=1)",
            "                       ^^",
            "hint: paste the string itself, like np.einsum('ij,jk->ik', a, b)",
        ],
    ),
    (
        "np.einsum(a, b, f'{x} -> y')",
        "EL132",
        (16, 27),
        [
            "error EL132: the subscripts `f'{x} -> y'` are an f-string; the call does not show what they are",
            "  np.einsum(a, b, f'{x} -> y')",
            "                  ^^^^^^^^^^^",
            "hint: paste the string itself, like np.einsum('ij,jk->ik', a, b)",
        ],
    ),
    (
        "np.einsum()",
        "EL132",
        (0, 11),
        [
            "error EL132: the call has no argument",
            "  np.einsum()",
            "  ^^^^^^^^^^^",
            "hint: paste the string itself, like np.einsum('ij,jk->ik', a, b)",
        ],
    ),
    (
        "np.einsum(*args)",
        "EL132",
        (10, 15),
        [
            "error EL132: the subscripts `*args` are not a string written out; the call does not show what they are",
            "  np.einsum(*args)",
            "            ^^^^^",
            "hint: paste the string itself, like np.einsum('ij,jk->ik', a, b)",
        ],
    ),
    (
        "np.einsum('i', a, subscripts='i')",
        "EL171",
        (29, 32),
        [
            "error EL171: the subscripts are given twice",
            "  np.einsum('i', a, subscripts='i')",
            "                               ^^^",
            "hint: keep one of them",
        ],
    ),
    (
        "np.einsum(a, b, 'ij,jk->ik')",
        "EL136",
        (16, 27),
        [
            "error EL136: np.einsum takes its subscripts first",
            "  np.einsum(a, b, 'ij,jk->ik')",
            "                  ^^^^^^^^^^^",
            "hint: put the string before the arrays; named axes after them are for einops.einsum",
        ],
    ),
    (
        "einops.einsum('b i -> b', a)",
        "EL136",
        (14, 24),
        [
            "error EL136: einops.einsum takes its pattern last",
            "  einops.einsum('b i -> b', a)",
            "                ^^^^^^^^^^",
            "hint: einops.einsum(a, b, 'i j, j k -> i k')",
        ],
    ),
    (
        "einops.einsum(q, k, 'b i, b j -> b (i j)')",
        "EL152",
        (35, 36),
        [
            "error EL152: parentheses compose axes; an einsum cannot split or merge them (character 35)",
            "  einops.einsum(q, k, 'b i, b j -> b (i j)')",
            "                                     ^",
            "hint: name every axis on its own, and reshape before or after",
        ],
    ),
    (
        "np.einsum(A, [0, 1], B, [1, 52])",
        "EL122",
        (28, 30),
        [
            "error EL122: 52 in the list of operand 1 (position 1) is not a label; they go from 0 to 51",
            "  np.einsum(A, [0, 1], B, [1, 52])",
            "                              ^^",
        ],
    ),
    (
        "np.einsum(A, [-1, 0])",
        "EL122",
        (14, 16),
        [
            "error EL122: -1 in the list of operand 0 (position 0) is not a label; they go from 0 to 51",
            "  np.einsum(A, [-1, 0])",
            "                ^^",
        ],
    ),
    (
        "np.einsum(A, [0, x])",
        "EL134",
        (17, 18),
        [
            "error EL134: `x` in the list of operand 0 is not a label",
            "  np.einsum(A, [0, x])",
            "                   ^",
            "hint: a label is a number from 0 to 51 written out, or ... for the axes of an ellipsis",
        ],
    ),
    (
        "np.einsum(A, [0, True])",
        "EL134",
        (17, 21),
        [
            "error EL134: `True` in the list of operand 0 is not a label",
            "  np.einsum(A, [0, True])",
            "                   ^^^^",
            "hint: a label is a number from 0 to 51 written out, or ... for the axes of an ellipsis",
        ],
    ),
    (
        "np.einsum(A, [0, 1.0])",
        "EL134",
        (17, 20),
        [
            "error EL134: `1.0` in the list of operand 0 is not a label",
            "  np.einsum(A, [0, 1.0])",
            "                   ^^^",
            "hint: a label is a number from 0 to 51 written out, or ... for the axes of an ellipsis",
        ],
    ),
    (
        "np.einsum(A, [..., ...])",
        "EL123",
        (19, 22),
        [
            "error EL123: a second Ellipsis in the list of operand 0 (position 1)",
            "  np.einsum(A, [..., ...])",
            "                     ^^^",
            "hint: one is enough",
        ],
    ),
    (
        "np.einsum(A, [0, 1], B, idx)",
        "EL134",
        (24, 27),
        [
            "error EL134: the list of operand 1 is not written out: `idx`",
            "  np.einsum(A, [0, 1], B, idx)",
            "                          ^^^",
            "hint: write its numbers, like [0, 1]",
        ],
    ),
    (
        "np.einsum(A, [0, 1], *rest)",
        "EL135",
        (21, 26),
        [
            "error EL135: `*rest` hides which list belongs to which array",
            "  np.einsum(A, [0, 1], *rest)",
            "                       ^^^^^",
            "hint: write the arguments out",
        ],
    ),
    (
        "np.einsum(A, [0, 1], [0, 5])",
        "EL106",
        (25, 26),
        [
            "error EL106: output label 5 is in no operand (they offer 0, 1)",
            "  np.einsum(A, [0, 1], [0, 5])",
            "                           ^",
        ],
    ),
    (
        "np.einsum(A, [0, 1], [0, 0])",
        "EL105",
        (25, 26),
        [
            "error EL105: output label 0 is written twice; each may stand in the output once",
            "  np.einsum(A, [0, 1], [0, 0])",
            "                           ^",
            "hint: loops can fill a diagonal: out[0, 0] = a[0]",
        ],
    ),
    (
        "np.einsum('ij,jk', a, b",
        "EL130",
        (9, 10),
        [
            "error EL130: the call is not Python: '(' was never closed",
            "  np.einsum('ij,jk', a, b",
            "           ^",
            "hint: paste the whole call, with its quotes and parentheses",
        ],
    ),
    (
        "einsum(ij,jk->ik)",
        "EL130",
        (12, 13),
        [
            "error EL130: the call is not Python: invalid syntax",
            "  einsum(ij,jk->ik)",
            "              ^",
            "hint: paste the whole call, with its quotes and parentheses",
        ],
    ),
    (
        "np.einsum('i', a)\x00",
        "EL130",
        (17, 18),
        [
            r"error EL130: the call is not Python: '\x00' cannot stand in code",
            r"  np.einsum('i', a)\x00",
            "                   ^^^^",
        ],
    ),
    (
        "  x = np.einsum('i', a",
        "EL130",
        (15, 16),
        [
            "error EL130: the call is not Python: '(' was never closed",
            "    x = np.einsum('i', a",
            "                 ^",
            "hint: paste the whole call, with its quotes and parentheses",
        ],
    ),
    (
        "einsum_path('ij')",
        "EL131",
        None,
        [
            "error EL131: no call of einsum or contract in this text",
            "hint: a call looks like np.einsum('ij,jk->ik', a, b)",
        ],
    ),
    (
        "np.einsum(('i' , a)",
        "EL130",
        (9, 10),
        [
            "error EL130: the call is not Python: '(' was never closed",
            "  np.einsum(('i' , a)",
            "           ^",
            "hint: paste the whole call, with its quotes and parentheses",
        ],
    ),
    (
        "np.einsum(a)",
        "EL132",
        (10, 11),
        [
            "error EL132: the subscripts `a` are not a string written out; the call does not show what they are",
            "  np.einsum(a)",
            "            ^",
            "hint: paste the string itself, like np.einsum('ij,jk->ik', a, b)",
        ],
    ),
    (
        "contract(x, y)",
        "EL132",
        (9, 10),
        [
            "error EL132: the subscripts `x` are not a string written out; the call does not show what they are",
            "  contract(x, y)",
            "           ^",
            "hint: paste the string itself, like np.einsum('ij,jk->ik', a, b)",
        ],
    ),
]


@pytest.mark.parametrize(("text", "subscripts", "names", "result"), ACCEPTED, ids=[repr(x[0]) for x in ACCEPTED])
def test_accepted(text: str, subscripts: str, names: list[str | None], result: str | None) -> None:
    spec = read_call(text)
    assert spec.subscripts == subscripts
    assert [operand.name for operand in spec.operands] == names
    assert spec.result == result
    assert spec.source == Source(text=text, notation=Notation.CALL)


@pytest.mark.parametrize(("text", "id_", "span", "picture"), REFUSED, ids=[repr(x[0]) for x in REFUSED])
def test_refused(text: str, id_: str, span: tuple[int, int] | None, picture: list[str]) -> None:
    with pytest.raises(NotationError) as caught:
        read_call(text)
    error = caught.value
    assert (error.id, error.span, error.text) == (id_, span, text)
    assert str(error).split("\n") == picture


def shown(spec: Spec, text: str) -> list[list[str]]:
    """Return what the spans of every operand point at: the term, then its labels."""
    spans = [[operand.span, *operand.spans] for operand in spec.operands]
    return [[text[span.start : span.stop] for span in line if span is not None] for line in spans]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("é = f('π')\r\né = np.einsum('i j,jk', a, b)", [["i j", "i", "j"], ["jk", "j", "k"]]),
        ("  é = np.einsum(\r    r'ij,...k',\r  a, b)", [["ij", "i", "j"], ["...k", "...", "k"]]),
        ('if é: # é\n  np.einsum(b"""ij""", a)', [["ij", "i", "j"]]),
        ("np.einsum('i' 'j', a)", [["'i' 'j'"] * 3]),
        ("np.einsum('i\\x6a', a)", [["'i\\x6a'"] * 3]),
        ("einsum(a, 'batch  i -> i')", [["batch  i", "batch", "i"]]),
        ("np.einsum(é, [0,  ...])", [["[0,  ...]", "0", "..."]]),
        ("é(f'{np.einsum(\"ij\", a)}')", [["ij", "i", "j"]]),
    ],
)
def test_spans_are_characters_of_the_whole_text(text: str, expected: list[list[str]]) -> None:
    assert shown(read_call(text), text) == expected


def test_output_spans() -> None:
    text = "x = np.einsum('ij->ji', a)"
    spans = read_call(text).output_spans
    assert [text[span.start : span.stop] for span in spans if span is not None] == ["j", "i"]


@pytest.mark.parametrize(
    ("text", "notes"),
    [
        ("np.einsum('i->', a)", []),
        ("np.einsum('i->', a, optimize=True)", ["optimize=True is not part of the loops"]),
        ("np.einsum('i->', a, out=c, **kw)", ["out=c is not part of the loops", "**kw is not part of the loops"]),
        (
            "np.einsum('i->', a, order='F',\n  casting = 'no')",
            ["order='F' is not part of the loops", "casting='no' is not part of the loops"],
        ),
        (
            "np.einsum('i->', a, dtype=np.float32)",
            ["dtype=np.float32: pass --dtype float32 (dtypes=...) to get it"],
        ),
        ("np.einsum('i->', a, dtype='f4')", ["dtype='f4': pass --dtype f4 (dtypes=...) to get it"]),
        ("np.einsum('i->', a, dtype=float)", ["dtype=float: pass --dtype float64 (dtypes=...) to get it"]),
        ("np.einsum('i->', a, dtype=f(x))", ["dtype=f(x): pass --dtype ... (dtypes=...) to get it"]),
        (
            "oe.contract('i->', a, backend=[1,2,3,4,5,6,7,8,9,10,11,12,13,14,15])",
            ["backend=[1,2,3,4,5,6,7,8,9,10,11,12,13,14,15] is not part of the loops"],
        ),
        (
            "oe.contract('i->', a, memory_limit=a_function_of_many(characters, and_much_more))",
            ["memory_limit=a_function_of_many(characters, and_mu... is not part of the loops"],
        ),
        ("x += np.einsum('i->', a)", ["the loops start from zeros; their last line changes what x holds"]),
        ("np.einsum('i→', a)", ["'→' is read as '->', which is what the call has to be given"]),
        (
            "np.einsum(A, [51, 7])",
            ["no output list, so the output is in ascending order of the numbers: 'ji->ij'"],
        ),
    ],
)
def test_notes(text: str, notes: list[str]) -> None:
    assert list(read_call(text).notes) == notes


BOTH = "x = np.einsum('i->', a); y = np.einsum('j->', b)"
UNREAD: list[tuple[str, list[tuple[str, list[str]]]]] = [
    ("np.einsum('i->', a)", []),
    ("x = y = np.einsum('i->', a)", []),
    ("(x := np.einsum('i->', a))", []),
    ("y = (x := np.einsum('i->', a))", []),
    ("self.x: T = (np.einsum('i->', a))  # C", []),
    ("# x\n\nimport numpy as np\nx[0] = np.einsum('i->', a)  # y", []),
    ("# np.einsum('i->', a)", []),
    ("def f(self, a):\n    'Sum.'\n    return np.einsum('i->', a)", []),
    ("class A:\n    def f(self, a):\n        return np.einsum('i->', a)", []),
    (">>> c = np.einsum('i->', a)\n>>> c\n6.0\n", []),
    (">>> c = np.einsum('ij->i', a)\n>>> print(c)\n[1. 2.]\n", []),
    ("np.einsum('i->', np.einsum('ij->i', a))", []),
    ("np.einsum('i->', a).T", [("EL160", [".T"])]),
    ("x = np.einsum('i->', a) - C", [("EL160", ["- C"])]),
    ("x = 2 * np.einsum('i->', a)", [("EL160", ["2 *"])]),
    ("print(np.einsum('i->', a), 1)", [("EL160", ["print(", ", 1)"])]),
    ("x = np.einsum('i->', a),", [("EL160", [","])]),
    ("x = await np.einsum('i->', a)", [("EL160", ["await"])]),
    ("f = lambda a: np.einsum('i->', a)", [("EL160", ["lambda a:"])]),
    ("x = [np.einsum('i->', a) for a in b]", [("EL160", ["[", "for a in b]"])]),
    ("x[np.einsum('i->', a)] = 3", [("EL160", ["x[", "]"])]),
    ("if np.einsum('i->', a): x = 3", [("EL160", ["if", ": x = 3"])]),
    ("while np.einsum('i->', a):", [("EL160", ["while", ":"])]),
    ("f\"{np.einsum('i->', a)}\"", [("EL160", ['f"{', '}"'])]),
    ("# x = np.einsum('i->', a)", [("EL160", ["# x ="])]),
    ("np.einsum('i->', a) + np.einsum('j->', b)", [("EL161", ["np.einsum"])]),
    ("x = np.einsum('i->', a); y = np.einsum('j->', b)", [("EL161", ["np.einsum"]), ("EL162", [BOTH[25:]])]),
    ("a = a.T\nx = np.einsum('i->', a)", [("EL162", ["a = a.T"])]),
    ("x = np.einsum('i->', a)\nx = x.T", [("EL162", ["x = x.T"])]),
    ("for a in b:\n    x = np.einsum('i->', a)", [("EL162", ["for a in b:"])]),
    ("with f():\n    x = np.einsum('i->', a)", [("EL162", ["with f():"])]),
    ("@jit\ndef f(a):\n    return np.einsum('i->', a)", [("EL162", ["jit\ndef f(a):"])]),
    ("def f(a):\n    b = 2\n    return np.einsum('i->', a)", [("EL162", ["b = 2"])]),
    ("x += np.einsum('i->', a)", [("EL163", ["x +="])]),
    ("self.x[0] -= np.einsum('i->', a)", [("EL163", ["self.x[0] -="])]),
]


@pytest.mark.parametrize(("text", "expected"), UNREAD, ids=[repr(x[0]) for x in UNREAD])
def test_what_stands_around_the_call(text: str, expected: list[tuple[str, list[str]]]) -> None:
    found = [(part.kind.value, [text[x.start : x.stop] for x in part.spans]) for part in read_call(text).unread]
    assert found == expected


@pytest.mark.parametrize(
    ("text", "id_"),
    [
        ("np.einsum(" + "(" * 1000, "EL130"),
        ("np.einsum('i', " + "-" * 100_000 + "a)", "EL137"),
        ("np.einsum('i', a" + ".b" * 100_000 + ")", "EL137"),
        ("np.einsum('i'" + "+a" * 100_000 + ")", "EL137"),
        ("\ud800np.einsum('i', a)", "EL130"),
        ("np.einsum(" * 5000, "EL130"),
    ],
)
def test_monsters_are_refused(text: str, id_: str) -> None:
    with pytest.raises(NotationError) as caught:
        read_call(text)
    assert caught.value.id == id_
    assert str(caught.value)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("np.einsum('ij->i', a)", True),
        ("einsum  (a)", True),
        ("oe.contract\n(a)", True),
        ("ij,jk->ik", False),
        ("einsum", False),
        ("C[i] = A[i]", False),
        ("einsum_path('ij')", False),
    ],
)
def test_looks_like_call(text: str, expected: bool) -> None:
    assert looks_like_call(text) is expected
