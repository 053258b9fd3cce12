"""Every refusal outside notation/ word for word: id, place, operand, axis and the whole text.

The rows of notation/ (EL12x to EL15x) have tables beside their readers; `test_registry.py` looks for every id.
"""

import copy
import pickle
import re
from functools import partial
from pathlib import Path
from string import ascii_letters

import numpy as np
import pytest

import einloop
from einloop import einsum, generate, verify
from einloop.core import root
from einloop.core.build import Term, build_spec
from einloop.core.errors import DtypeError, NotationError, OptionError, RunError, ShapeError, TemplateError
from einloop.core.source import Notation, Source
from einloop.targets.target import target_names

TARGETS = ", ".join(target_names())

PACKAGE = Path(einloop.__file__).parent
TESTS = Path(__file__).parent


def raised(call):
    with pytest.raises(einloop.EinloopError) as caught:
        call()
    return caught.value


def check(call, where, text):
    """Assert class, span, operand and axis (`where`) and full text of a refusal; the id starts the text."""
    error = raised(call)
    assert str(error) == text.removeprefix("\n").removesuffix("\n")
    assert error.id == re.match(r"error (EL\d{3}): ", str(error)).group(1)
    kind, *place = where
    assert isinstance(error, kind)  # einloop.einsum's are of the library's class too
    assert type(error).__name__ == kind.__name__
    assert [error.span, error.operand, error.axis] == place


def case(call, *arguments, **keywords):
    return partial(call, *arguments, **keywords)


Z = np.zeros
DIAGNOSES = {
    "row 1: an axis was squeezed away": (
        case(generate, "bchw,bc->bchw", shapes=[(2, 4, 5, 6), (3,)]),
        (ShapeError, (5, 7), 1, None),
        """
error EL202: 'bc' names 2 axes but operand 1 has shape (3,), 1 axis
  bchw,bc->bchw
       ^^
hint: was a size-1 axis squeezed away?
""",
    ),
    "row 1, by the user's name": (
        case(generate, "bchw,bc->bchw", names=["x", "gate"], shapes={"gate": (3,)}),
        (ShapeError, (5, 7), 1, None),
        """
error EL202: 'bc' names 2 axes but operand 1 (gate) has shape (3,), 1 axis
  bchw,bc->bchw
       ^^
hint: was a size-1 axis squeezed away? 'bchw,b->bchw' would fit, or 'bchw,c->bchw'
""",
    ),
    "row 1, arrays": (
        case(einsum, "bchw,bc->bchw", Z((2, 4, 5, 6)), Z(3)),
        (ShapeError, (5, 7), 1, None),
        """
error EL202: 'bc' names 2 axes but operand 1 has shape (3,), 1 axis
  bchw,bc->bchw
       ^^
hint: was a size-1 axis squeezed away?
""",
    ),
    "row 1: too many axes, the article's broken example": (
        case(generate, "i->i", shapes=[(2, 3)]),
        (ShapeError, (0, 1), 0, None),
        """
error EL202: 'i' names 1 axis but operand 0 has shape (2, 3), 2 axes
  i->i
  ^
hint: '...i->...i' would fit, giving shape (2, 3), or 'ij->i', giving shape (2,), or 'ji->i', giving shape (3,)
""",
    ),
    "row 1 with an ellipsis": (
        case(generate, "...ij->...", shapes=[(3,)]),
        (ShapeError, (0, 5), 0, None),
        """
error EL202: '...ij' names at least 2 axes but operand 0 has shape (3,), 1 axis
  ...ij->...
  ^^^^^
hint: was a size-1 axis squeezed away? '...i->...' would fit, giving shape ()
""",
    ),
    "row 2: sizes": (
        case(generate, "bix,iox->box", shapes=[(12, 8192, 2), (12, 8192, 2)]),
        (ShapeError, (4, 5), 1, 0),
        """
error EL205: 'i' is 8192 in operand 0 axis 1 but 12 in operand 1 axis 0
  bix,iox->box
   ^  ^
hint: 'bix,oix->box' would fit, giving shape (12, 12, 2), or 'ibx,iox->box', giving shape (8192, 8192, 2)
""",
    ),
    "row 2, arrays": (
        case(einsum, "bix,iox->box", Z((3, 5, 2)), Z((3, 5, 2))),
        (ShapeError, (4, 5), 1, 0),
        """
error EL205: 'i' is 5 in operand 0 axis 1 but 3 in operand 1 axis 0
  bix,iox->box
   ^  ^
hint: 'bix,oix->box' would fit, giving shape (3, 3, 2), or 'ibx,iox->box', giving shape (5, 5, 2)
""",
    ),
    "row 2, no order fits": (
        case(generate, "ij,jk,kl->il", shapes=[(2, 3), (4, 5), (5, 6)]),
        (ShapeError, (3, 4), 1, 0),
        """
error EL205: 'j' is 3 in operand 0 axis 1 but 4 in operand 1 axis 0
  ij,jk,kl->il
   ^ ^
""",
    ),
    "row 2, the third of three operands": (
        case(generate, "ij,jk,kl->il", shapes=[(2, 3), (3, 4), (5, 6)]),
        (ShapeError, (6, 7), 2, 0),
        """
error EL205: 'k' is 4 in operand 1 axis 1 but 5 in operand 2 axis 0
  ij,jk,kl->il
      ^ ^
""",
    ),
    "row 2, names of extents": (
        case(generate, "ij,jk", names=["m", "n"], shapes=["B,L", "M,K"]),
        (ShapeError, (3, 4), 1, 0),
        """
error EL205: 'j' is L in operand 0 (m) axis 1 but M in operand 1 (n) axis 0
  ij,jk
   ^ ^
""",
    ),
    "row 2, covered by an ellipsis": (
        case(generate, "...i,...i->...", shapes=[(2, 3, 4), (5, 4)]),
        (ShapeError, (5, 8), 1, 0),
        """
error EL205: an axis of '...' is 3 in operand 0 axis 1 but 5 in operand 1 axis 0
  ...i,...i->...
  ^^^  ^^^
""",
    ),
    "row 2, a size by index": (
        case(generate, "ij", shapes=[(2, 3)], sizes={"i": 4}),
        (ShapeError, (0, 1), 0, 0),
        """
error EL205: 'i' is 4 by the sizes given but 2 in operand 0 axis 0
  ij
  ^
""",
    ),
    "row 2, 0 does not stretch": (
        case(einsum, "i,i->i", Z(0), Z(3)),
        (ShapeError, (2, 3), 1, 0),
        """
error EL205: 'i' is 0 in operand 0 axis 0 but 3 in operand 1 axis 0
  i,i->i
  ^ ^
""",
    ),
    "row 2, 1 does not stretch inside one operand": (
        case(einsum, "ii->i", Z((1, 3))),
        (ShapeError, (1, 2), 0, 1),
        """
error EL205: 'i' is 1 in axis 0 but 3 in axis 1 of operand 0: a diagonal needs equal sizes
  ii->i
  ^^
hint: use two different indices, or cut the operand to a square; 'ij->i' would fit, giving shape """
        "(1,), or 'ji->i', giving shape (3,)",
    ),
    "row 2 in a pasted call": (
        case(generate, "np.einsum('ij,jk->ik', self.q, w)", shapes=[(2, 3), (4, 5)]),
        (ShapeError, (14, 15), 1, 0),
        """
error EL205: 'j' is 3 in operand 0 (self_q) axis 1 but 4 in operand 1 (w) axis 0
  np.einsum('ij,jk->ik', self.q, w)
              ^ ^
""",
    ),
    "row 8: an output index that no input has": (
        case(generate, "ij->ik"),
        (NotationError, (5, 6), None, None),
        """
error EL106: output index 'k' is in no operand (they offer i, j)
  ij->ik
       ^
hint: only an index of an operand can stand in the output; for a new axis write result[..., None]
""",
    ),
    "row 8: an output index in place of the one that is left": (
        case(generate, "ij,jk->iz"),
        (NotationError, (8, 9), None, None),
        """
error EL106: output index 'z' is in no operand (they offer i, j, k)
  ij,jk->iz
          ^
hint: was 'k' meant? 'ij,jk->ik' is legal
""",
    ),
    "row 8, a transpose": (
        case(generate, "ij->zi"),
        (NotationError, (4, 5), None, None),
        """
error EL106: output index 'z' is in no operand (they offer i, j)
  ij->zi
      ^
hint: was 'j' meant? 'ij->ji' is legal
""",
    ),
    "row 8, words": (
        case(generate, "row col, col out -> row outt", notation="named"),
        (NotationError, (24, 28), None, None),
        """
error EL106: output index 'outt' is in no operand (they offer row, col, out)
  row col, col out -> row outt
                          ^^^^
hint: was 'out' meant?
""",
    ),
    "quotes in the text": (
        case(generate, "'ij,jk->ik'"),
        (NotationError, (0, 1), None, None),
        """
error EL101: "'" cannot stand in subscripts; a label is one letter (character 0)
  'ij,jk->ik'
  ^
hint: leave out the quotes around the expression
""",
    ),
    "a semicolon": (
        case(generate, "ij;jk->ik"),
        (NotationError, (2, 3), None, None),
        """
error EL101: ';' cannot stand in subscripts; a label is one letter (character 2)
  ij;jk->ik
    ^
hint: write ',' between operands
""",
    ),
    "a full-width sign": (
        case(generate, "ij,jk-＞ik"),
        (NotationError, (6, 7), None, None),
        """
error EL101: '＞' cannot stand in subscripts, which are ASCII letters (character 6)
  ij,jk-＞ik
        ^^
hint: write '->'
""",
    ),
    "a full-width letter": (
        case(generate, "ａij->i"),
        (NotationError, (0, 1), None, None),
        """
error EL101: 'ａ' cannot stand in subscripts, which are ASCII letters (character 0)
  ａij->i
  ^^
hint: this letter is full-width; write 'a'
""",
    ),
    "row 8, the inputs have none": (
        case(generate, "->i"),
        (NotationError, (2, 3), None, None),
        """
error EL106: output index 'i' is in no operand (they have no index at all)
  ->i
    ^
hint: only an index of an operand can stand in the output; for a new axis write result[..., None]
""",
    ),
    "row 8: an output index twice": (
        case(generate, "i->ii"),
        (NotationError, (4, 5), None, None),
        """
error EL105: output index 'i' is written twice; each index may stand in the output once
  i->ii
     ^^
hint: loops can fill a diagonal: out[i, i] = a[i]
""",
    ),
    "row 8, twice comes before absent": (
        case(einsum, "ij->kk", Z((2, 2))),
        (NotationError, (5, 6), None, None),
        """
error EL105: output index 'k' is written twice; each index may stand in the output once
  ij->kk
      ^^
hint: loops can fill a diagonal: out[k, k] = a[k]
""",
    ),
    "row 8 in sublists": (
        case(einsum, Z(3), [5], [5, 5]),
        (NotationError, None, None, None),
        """
error EL105: output label 5 is written twice; each may stand in the output once
hint: loops can fill a diagonal: out[5, 5] = a[5]
""",
    ),
    "row 9: a term without an array": (
        case(einsum, "ij,jk->ik", Z((2, 3))),
        (ShapeError, (3, 5), 1, None),
        """
error EL201: 2 operands in the expression, 1 given: nothing for operand 1, 'jk'
  ij,jk->ik
     ^^
""",
    ),
    "row 9: an array without a term": (
        case(einsum, "ij", Z((2, 3)), Z((2, 3))),
        (ShapeError, (0, 2), 1, None),
        """
error EL201: 1 operand in the expression, 2 given: no term for operand 1
  ij
  ^^
hint: a comma separates the terms of the operands
""",
    ),
    "row 9: no array at all": (
        case(einsum, "ij"),
        (ShapeError, (0, 2), 0, None),
        """
error EL201: 1 operand in the expression, 0 given: nothing for operand 0, 'ij'
  ij
  ^^
""",
    ),
    "row 9, counted before anything else is looked at": (
        case(einsum, "ij,jk,kl->il", Z(7), Z(8)),
        (ShapeError, (6, 8), 2, None),
        """
error EL201: 3 operands in the expression, 2 given: nothing for operand 2, 'kl'
  ij,jk,kl->il
        ^^
""",
    ),
    "row 9 in a pasted call": (
        case(generate, "np.einsum('ij,jk->ik', a)"),
        (NotationError, (14, 16), 1, None),
        """
error EL133: 2 terms, 1 array: nothing for `jk`
  np.einsum('ij,jk->ik', a)
                ^^
hint: add the array, or drop the term
""",
    ),
    "row 9, more shapes than terms": (
        case(generate, "ij,jk", shapes=[(2, 3)] * 3),
        (OptionError, None, None, None),
        "error EL404: 3 shapes given for 2 operands (A, B)",
    ),
    "row 10: the output leaves out an ellipsis": (
        case(generate, "...ij,...jk->ik", shapes=[(2, 3, 4), (2, 4, 5)]),
        (ShapeError, (0, 3), 0, 0),
        """
error EL204: '...' covers 1 axis of operand 0 (size 2) that the output leaves out
  ...ij,...jk->ik
  ^^^   ^^^
hint: write '...ij,...jk->...ik', giving shape (2, 3, 5), to keep the axes, or 'aij,ajk->ik', """
        "giving shape (3, 5), to sum over them; torch, JAX and optimize=True sum them, np.einsum refuses",
    ),
    "row 10, arrays, even an axis of size 1, behind the labels": (
        case(einsum, "ij...,jk->ik", Z((2, 3, 1)), Z((3, 4))),
        (ShapeError, (2, 5), 0, 2),
        """
error EL204: '...' covers 1 axis of operand 0 (size 1) that the output leaves out
  ij...,jk->ik
    ^^^
hint: write 'ij...,jk->...ik', giving shape (1, 2, 4), to keep the axes, or 'ija,jk->ik', """
        "giving shape (2, 4), to sum over them; torch, JAX and optimize=True sum them, np.einsum refuses",
    ),
    "row 10, two axes of the second operand": (
        case(generate, "i,...i->", names=["v", "w"], shapes={"w": (5, 6, 3), "v": (3,)}),
        (ShapeError, (2, 5), 1, 0),
        """
error EL204: '...' covers 2 axes of operand 1 (w) (size 5, 6) that the output leaves out
  i,...i->
    ^^^
hint: write 'i,...i->...', giving shape (5, 6), to keep the axes, or 'i,abi->', """
        "giving shape (), to sum over them; torch, JAX and optimize=True sum them, np.einsum refuses",
    ),
    "row 11: words": (
        case(generate, "bq d,bk d->bq bk"),
        (NotationError, (14, 15), None, None),
        """
error EL105: output index 'b' is written twice; each index may stand in the output once
  bq d,bk d->bq bk
             ^  ^
hint: blanks are ignored, 'bq d' is read as 'bqd'; for words as indices use named axes """
        "(--notation named, notation='named')",
    ),
    "row 11: einops' parentheses": (
        case(generate, "b (h d) -> b h d"),
        (NotationError, (2, 3), None, None),
        """
error EL101: '(' cannot stand in subscripts; a label is one letter (character 2)
  b (h d) -> b h d
    ^
hint: for words as indices use named axes (--notation named, notation='named')
""",
    ),
    "row 11: another arrow": (
        case(generate, "i=>j"),
        (NotationError, (1, 2), None, None),
        """
error EL101: '=>' is not an arrow (character 1)
  i=>j
   ^
hint: write '->'
""",
    ),
    "row 11: an arrow of one character": (
        case(generate, "i→j"),
        (NotationError, (1, 2), None, None),
        """
error EL101: '→' cannot stand in subscripts, which are ASCII letters (character 1)
  i→j
   ^
hint: write '->'
""",
    ),
    "row 11: a tab": (
        case(generate, "i\tj"),
        (NotationError, (1, 2), None, None),
        """
error EL101: '\\t' cannot stand in subscripts; a label is one letter (character 1)
  i j
   ^
hint: only the blank may separate; tabs and line breaks may not
""",
    ),
    "row 11: an arrow in two pieces": (
        case(generate, "ij- >ji"),
        (NotationError, (2, 3), None, None),
        """
error EL101: '-' is not part of '->' (character 2)
  ij- >ji
    ^
hint: write '->', with no blank inside
""",
    ),
    "row 11: labels that are not ASCII letters": (
        case(generate, "αβ->βα"),
        (NotationError, (0, 1), None, None),
        """
error EL101: 'α' cannot stand in subscripts, which are ASCII letters (character 0)
  αβ->βα
  ^
""",
    ),
    "row 11: two outputs": (
        case(generate, "ij->i,j"),
        (NotationError, (5, 6), None, None),
        """
error EL101: ',' in the output; an einsum has one output (character 5)
  ij->i,j
       ^
""",
    ),
    "row 11: dots": (
        case(generate, "ij....->ij"),
        (NotationError, (5, 6), None, None),
        """
error EL101: a '.' too many (character 5)
  ij....->ij
       ^
hint: an ellipsis is three dots
""",
    ),
}


@pytest.mark.parametrize(("call", "where", "text"), DIAGNOSES.values(), ids=DIAGNOSES)
def test_diagnoses(call, where, text):
    check(call, where, text)


CUBE = Z((3, 3, 3))
CUBE[range(3), range(3), range(3)] = 1

NUMPY_BUGS = {
    "Q10: bytes with the high bit": (
        case(einsum, b"\xe9", Z(3)),
        (NotationError, (0, 1), None, None),
        """
error EL101: 'é' cannot stand in subscripts, which are ASCII letters (character 0)
  é
  ^
""",
    ),
    "Q11: NUL ends numpy's string": (
        case(einsum, "i\0->q!!", Z(3)),
        (NotationError, (1, 2), None, None),
        """
error EL101: '\\x00' cannot stand in subscripts; a label is one letter (character 1)
  i\\x00->q!!
   ^^^^
""",
    ),
    "Q55: a diagonal of foreign memory": (
        case(einsum, "ii->i", Z((0, 3))),
        (ShapeError, (1, 2), 0, 1),
        """
error EL205: 'i' is 0 in axis 0 but 3 in axis 1 of operand 0: a diagonal needs equal sizes
  ii->i
  ^^
hint: use two different indices, or cut the operand to a square; 'ij->i' would fit, giving shape """
        "(0,), or 'ji->i', giving shape (3,)",
    ),
    "Q56: the same with another axis": (
        case(generate, "iij->ij", shapes=[(0, 3, 2)]),
        (ShapeError, (1, 2), 0, 1),
        """
error EL205: 'i' is 0 in axis 0 but 3 in axis 1 of operand 0: a diagonal needs equal sizes
  iij->ij
  ^^
hint: use two different indices, or cut the operand to a square; 'ikj->ij' would fit, giving shape """
        "(0, 2), or 'kij->ij', giving shape (3, 2)",
    ),
    "Q62: 129 occurrences": (
        case(einsum, ",".join(["iii"] * 43), *[CUBE] * 43),
        (NotationError, None, None, None),
        "error EL112: index 'i' occurs 129 times; np.einsum gives wrong results beyond 127, "
        "so there is nothing to prove loops against",
    ),
    "Q64: 256 occurrences": (
        case(einsum, ",".join(["i" * 64] * 4) + "->i", *[np.ones((1,) * 64)] * 4),
        (NotationError, None, None, None),
        "error EL112: index 'i' occurs 256 times; np.einsum gives wrong results beyond 127, "
        "so there is nothing to prove loops against",
    ),
}


@pytest.mark.parametrize(("call", "where", "text"), NUMPY_BUGS.values(), ids=NUMPY_BUGS)
def test_what_numpy_gets_wrong_is_refused(call, where, text):
    check(call, where, text)


def test_just_inside_the_limits_the_loops_are_right():
    assert einsum(",".join(["iii"] * 42), *[CUBE] * 42) == 3.0
    assert einsum(",".join(["i"] * 63), *[np.ones(2)] * 63) == 2.0
    assert einsum(ascii_letters + "...", np.ones((1,) * 64)).ndim == 64


ONE_OF = "hint: one of bool, int8, int16, int32, int64, uint8, uint16, uint32, uint64, float16, float32, float64, "
ONE_OF += "longdouble, complex64, complex128, clongdouble, object"
PASTE = "hint: write sublists as a pasted call: 'einsum(A, [0, 1], B, [1, 2])'"
SHAPES = "hint: shapes look like 2x3, 2,3 or B,L,H; () is a scalar"
NOWHERE = (None, None, None)

WIDE = Term(labels=tuple(f"w{number}" for number in range(53)), spans=(None,) * 53)

REFUSALS = {
    "EL208: elements": (
        case(generate, "ij", shapes=[(2**40, 2**40)]),
        (ShapeError, (0, 2), 0, None),
        """
error EL208: operand 0 of shape (1099511627776, 1099511627776) has more elements than any array can hold
  ij
  ^^
""",
    ),
    "EL209: ragged": (
        case(einsum, "i->", [[1, 2], [3]]),
        (ShapeError, *NOWHERE),
        "error EL209: operand 0 is not an array: setting an array element with a sequence. The requested array has an "
        "inhomogeneous shape after 1 dimensions. The detected shape was (2,) + inhomogeneous part.",
    ),
    "EL413: seed": (
        case(verify, "ij", seed=-1),
        (OptionError, *NOWHERE),
        "error EL413: seed -1: a seed is a number from 0",
    ),
    "EL110: operands": (
        case(generate, ",".join(["i"] * 64)),
        (NotationError, (126, 127), 63, None),
        f"""
error EL110: 64 operands; np.einsum without optimize=True takes at most 63
  {",".join(["i"] * 64)}
  {" " * 126}^
hint: torch and JAX take more, and so does optimize=True where an index is summed; for loops split the expression in two
""",
    ),
    "EL111: indices": (
        case(build_spec, Source(text="", notation=Notation.NAMED), [WIDE], None),
        (NotationError, *NOWHERE),
        "error EL111: 53 different indices; np.einsum has 52, 'w52' is one too many",
    ),
    "EL203: a shape for one of two ellipses": (
        case(generate, "...ij,...jk->...ik", shapes=[(2, 3, 4)]),
        (ShapeError, (6, 11), 1, None),
        """
error EL203: operand 1 has an ellipsis and no shape; where any shape is given, every operand with an ellipsis needs one
  ...ij,...jk->...ik
        ^^^^^
hint: give a shape for every operand, or for none
""",
    ),
    "EL206: axes": (
        case(einsum, ascii_letters + ",...->...", Z((1,) * 52), Z((1,) * 13)),
        (ShapeError, *NOWHERE),
        "error EL206: 65 loops: np.einsum iterates over at most 64 axes",
    ),
    "EL207: the rank of out": (
        case(einsum, "i->i", [1, 2], out=Z((2, 1))),
        (ShapeError, *NOWHERE),
        "error EL207: out has 2 axes, the result has 1",
    ),
    "EL207: the shape of out": (
        case(einsum, "ij->ij", Z((2, 3)), out=Z((2, 4))),
        (ShapeError, None, None, 1),
        "error EL207: out axis 1 is 4, the result needs 3",
    ),
    "EL301: strings have no sum": (
        case(einsum, "i->", np.array(["a"])),
        (DtypeError, None, 0, None),
        "error EL301: operand 0 has dtype '<U1' (strings), for which np.einsum has no sums and products\n"
        "hint: where they are numbers: operand.astype(float)",
    ),
    "EL301: times have no sum": (
        case(einsum, "i,i->", Z(2, "m8[s]"), Z(2, "m8[s]")),
        (DtypeError, None, 0, None),
        "error EL301: operand 0 has dtype '<m8[s]' (spans of time), for which np.einsum has no sums and products\n"
        "hint: operand.astype('int64') counts their units",
    ),
    "EL301: declared": (
        case(generate, "i->", dtypes="M8[D]"),
        (DtypeError, *NOWHERE),
        f"error EL301: dtype 'M8[D]' is unknown or has no sums and products in np.einsum\n{ONE_OF}",
    ),
    "EL302: casting an operand": (
        case(einsum, "i->", np.arange(3), dtype="int8"),
        (DtypeError, None, 0, None),
        "error EL302: operand 0 has dtype int64, and casting='safe' does not allow it to become int8\n"
        "hint: casting='unsafe' allows it",
    ),
    "EL302: no casting at all": (
        case(einsum, "i,i->i", np.ones(2, int), np.ones(2), casting="no"),
        (DtypeError, None, 0, None),
        "error EL302: operand 0 has dtype int64, and casting='no' does not allow it to become float64",
    ),
    "EL302: casting the result": (
        case(einsum, "i->i", [1.5, 2.0], out=Z(2, int)),
        (DtypeError, *NOWHERE),
        "error EL302: out has dtype int64, the sums have float64: casting='safe' does not allow float64 "
        "to become int64",
    ),
    "EL401: an operand's name": (
        case(generate, "ij", names=["for"]),
        (OptionError, *NOWHERE),
        "error EL401: the operand name 'for' is not a name Python can use\nhint: it is a word of Python's own",
    ),
    "EL401: the result's name": (
        case(generate, "ij", result="2x"),
        (OptionError, *NOWHERE),
        "error EL401: the result name '2x' is not a name Python can use\nhint: letters, digits and _",
    ),
    "EL401: the function's name": (
        case(generate, "ij", function="len"),
        (OptionError, *NOWHERE),
        "error EL401: a function called 'len' would hide what the loops use\nhint: choose another name",
    ),
    "EL404: more names than operands": (
        case(generate, "ij,jk", names=["A", "B", "C"]),
        (OptionError, *NOWHERE),
        "error EL404: 3 names for 2 operands (A, B, C)",
    ),
    "EL470: no text": (
        case(generate, ["ij"]),
        (OptionError, *NOWHERE),
        f"error EL470: the expression is a list, not a string\n{PASTE}",
    ),
    "EL470: no text to check": (
        case(einloop.check, 5),
        (OptionError, *NOWHERE),
        f"error EL470: the expression is an int, not a string\n{PASTE}",
    ),
    "EL469: a style": (
        case(generate, "ij", style="prose"),
        (OptionError, *NOWHERE),
        "error EL469: target 'python' has no style 'prose'\nhint: it has article, scalar, lists, fast",
    ),
    "EL469: a notation": (
        case(generate, "ij", notation="prose"),
        (OptionError, *NOWHERE),
        "error EL469: there is no notation 'prose'\nhint: one of subscripts, call, formula, named, loops, numpy, c",
    ),
    "EL469: casting": (
        case(einsum, "i", [1], casting="maybe"),
        (OptionError, *NOWHERE),
        "error EL469: casting='maybe'\nhint: one of no, equiv, safe, same_kind, unsafe",
    ),
    "EL469: order": (
        case(einsum, "i", [1], order="X"),
        (OptionError, *NOWHERE),
        "error EL469: order='X'\nhint: one of K, A, C, F",
    ),
    "EL475: nothing": (
        einsum,
        (OptionError, *NOWHERE),
        "error EL475: no subscripts and no operands\nhint: einsum('ij,jk->ik', A, B)",
    ),
    "EL475: one array and no list": (
        case(einsum, Z(3)),
        (OptionError, *NOWHERE),
        "error EL475: the first argument is not a subscripts string, and no list of labels follows it",
    ),
    "EL477: out": (
        case(einsum, "i->i", [1, 2], out=[0, 0]),
        (OptionError, *NOWHERE),
        "error EL477: out is a list, not an array",
    ),
    "EL403: one array of two ranks": (
        case(generate, "ij,j", names=["X", "X"]),
        (OptionError, None, 1, None),
        "error EL403: 'X' stands for operand 0 with 2 axes and for operand 1 with 1: one array cannot have both\n"
        "hint: give the operands different names",
    ),
    "EL404: an unknown operand": (
        case(generate, "ij,jk", shapes={"Q": (2, 3)}),
        (OptionError, *NOWHERE),
        "error EL404: a shape for 'Q', but the operands are A, B",
    ),
    "EL404: too many": (
        case(generate, "ij", dtypes=["int8", "int8"]),
        (OptionError, *NOWHERE),
        "error EL404: 2 dtypes given for 1 operand (A)\nhint: einsum terms are separated by commas",
    ),
    "EL403: one array of two dtypes": (
        case(generate, "i,i->", names=["x", "x"], dtypes=["int8", "int16"]),
        (OptionError, None, 1, None),
        "error EL403: x is one array, with dtype int8 and int16 at once",
    ),
    "EL405: no shape": (
        case(generate, "ij", shapes=[3]),
        (OptionError, *NOWHERE),
        "error EL405: 3 is not a shape\nhint: a tuple of numbers or names, one per axis",
    ),
    "EL405: a negative extent": (
        case(generate, "ij", shapes=[(2, -3)]),
        (OptionError, *NOWHERE),
        "error EL405: -3 is not the length of an axis\nhint: a number from 0, or a name",
    ),
    "EL405: half an extent": (
        case(generate, "ij", shapes=[(2, 1.5)]),
        (OptionError, *NOWHERE),
        "error EL405: 1.5 is not the length of an axis\nhint: a number or a name",
    ),
    "EL405: a truth is not an extent": (
        case(generate, "ij", shapes=[(2, True)]),
        (OptionError, *NOWHERE),
        "error EL405: True is not the length of an axis\nhint: a number from 0, or a name",
    ),
    "EL405: a keyword": (
        case(generate, "ij", shapes=["B,for"]),
        (OptionError, (2, 5), None, None),
        f"error EL405: 'for' is not the length of an axis\n  B,for\n    ^^^\n{SHAPES}",
    ),
    "EL405: beyond any array": (
        case(generate, "ij", shapes=["2x99999999999999999999"]),
        (OptionError, (2, 22), None, None),
        "error EL405: an axis of 99999999999999999999 elements is beyond what any array holds\n"
        f"  2x99999999999999999999\n    {'^' * 20}",
    ),
    "EL406: a size of no index": (
        case(generate, "ij", sizes={"q": 3}),
        (OptionError, *NOWHERE),
        "error EL406: a size for 'q', which is not an index of the expression (it has i, j)",
    ),
    "EL406: a size where there is none": (
        case(generate, "->", sizes={"q": 3}),
        (OptionError, *NOWHERE),
        "error EL406: a size for 'q', which is not an index of the expression (it has none)",
    ),
    "EL407: lists of unknown depth": (
        case(generate, "...i", style="lists"),
        (OptionError, *NOWHERE),
        "error EL407: nested lists have no ellipsis: how deep they nest must be known\n"
        "hint: give the shapes of the operands",
    ),
    "EL481: lists of an empty shape": (
        case(generate, "ij->i", style="lists", shapes=[(0, 3)]),
        (OptionError, None, 0, None),
        "error EL481: nested lists cannot show the shape of A, (0, 3)",
    ),
    "EL408: an order": (
        case(generate, "ij,jk", order="i,j"),
        (OptionError, *NOWHERE),
        "error EL408: order 'i,j' must name each index once: i, j, k\n"
        "hint: appearance, output, axes, or indices from the outermost loop to the innermost, like i,k,j",
    ),
    "EL408: an order of nothing": (
        case(generate, "->", order="i"),
        (OptionError, *NOWHERE),
        "error EL408: order 'i' must name each index once: there is none\n"
        "hint: appearance, output, axes, or indices from the outermost loop to the innermost, like i,k,j",
    ),
    "EL409: a running total": (
        case(generate, "ij,jk->ik", style="scalar", order="ijk"),
        (OptionError, *NOWHERE),
        "error EL409: a running total needs the free indices outside; in the order i,j,k the free 'k' runs inside the "
        "summed 'j'\nhint: --order output, or another style",
    ),
    "EL410: lists have no dtype": (
        case(generate, "i", style="lists", dtypes="int8"),
        (OptionError, *NOWHERE),
        "error EL410: style 'lists' computes on Python numbers, which have no dtype\nhint: leave --dtype out",
    ),
    "EL411: no file": (
        case(generate, "ij", load={"A": "no/such.npy"}),
        (OptionError, *NOWHERE),
        "error EL411: 'no/such.npy' cannot be read: No such file or directory",
    ),
    "EL502: a target": (
        case(generate, "ij", target="cobol"),
        (TemplateError, *NOWHERE),
        f"error EL502: there is no target 'cobol'\nhint: there are {TARGETS}",
    ),
    "EL502: a folder": (
        case(generate, "ij", templates="no/such/folder"),
        (TemplateError, *NOWHERE),
        "error EL502: the template folder 'no/such/folder' does not exist",
    ),
    "EL602: too few inputs": (
        case(lambda: generate("ij,jk").run(Z((2, 3)))),
        (RunError, *NOWHERE),
        "error EL602: expected 2 inputs (A, B), got 1",
    ),
    "EL617: a function that the source has not": (
        case(verify, "ij->i", source="r = A.sum(1)", entry="f"),
        (RunError, *NOWHERE),
        "error EL617: the source has no function 'f'\nhint: it defines no function",
    ),
    "EL616: a source that makes its own inputs": (
        case(verify, "ij->i", source="x = 1"),
        (RunError, *NOWHERE),
        "error EL616: the source reads no name that it does not assign first: it makes its own inputs, so it cannot be "
        "verified on other values\nhint: remove the lines that make the inputs",
    ),
}


@pytest.mark.parametrize(("call", "where", "text"), REFUSALS.values(), ids=REFUSALS)
def test_refusals(call, where, text):
    check(call, where, text)


def test_lost_templates(monkeypatch, tmp_path):
    monkeypatch.setattr(root, "PACKAGE", str(tmp_path / "einloop"))
    check(
        root.template_root.__wrapped__,
        (TemplateError, *NOWHERE),
        f"error EL501: the templates are missing: neither {tmp_path}/einloop/_templates nor {tmp_path}/templates "
        "exists\nhint: reinstall einloop",
    )


def test_a_target_that_cannot_be_run(tmp_path):
    manifest = '[forms]\nsnippet = "snippet.j2"\n[styles.article]\nblocks = "numpy.j2"\n'
    (tmp_path / "python").mkdir()
    (tmp_path / "python" / "target.toml").write_text(manifest, encoding="utf-8")
    generated = generate("ij->i", templates=tmp_path)
    check(
        case(generated.run, Z((2, 3))),
        (RunError, *NOWHERE),
        "error EL601: target 'python' has no runner, so its text cannot be run here",
    )


# What emitted code refuses has no id: it must run where einloop is not installed.

AT_RUN_TIME = {
    "rank": (
        "ij,jk->ik",
        {"function": "f"},
        (Z(3), Z((3, 4))),
        ValueError,
        "'ij' names 2 axes, A has shape (3,)",
    ),
    "rank under an ellipsis": (
        "...ij->...",
        {"function": "f"},
        (Z(3),),
        ValueError,
        "'...ij' names at least 2 axes, A has shape (3,)",
    ),
    "extent": (
        "ij,jk->ik",
        {"function": "f", "names": ["left", "right"]},
        (Z((2, 3)), Z((4, 5))),
        ValueError,
        "j is 3 in left axis 1 but 4 in right axis 0 (to stretch an axis of size 1, generate the loops with shapes)",
    ),
    "a stretched named axis": (
        "ij,jk->ik",
        {"function": "f"},
        (Z((2, 1)), Z((4, 5))),
        ValueError,
        "j is 1 in A axis 1 but 4 in B axis 0 (to stretch an axis of size 1, generate the loops with shapes)",
    ),
    "an axis that has to be 1": (
        "ij,jk->ik",
        {"checks": True, "shapes": [(2, 1), (3, 4)]},
        (Z((2, 3)), Z((3, 4))),
        ValueError,
        "A axis 1 is stretched along j, so its size must be 1, not 3",
    ),
    "a diagonal": (
        "ii->i",
        {"function": "f"},
        (Z((0, 3)),),
        ValueError,
        "i is 0 in A axis 0 but 3 in A axis 1 (to stretch an axis of size 1, generate the loops with shapes)",
    ),
    "dtype": (
        "i->",
        {"function": "f", "dtypes": "int8"},
        (Z(3),),
        TypeError,
        "a has dtype float64; these loops are for int8",
    ),
    "strings": (
        "i->",
        {"function": "f"},
        (np.array(["a"]),),
        TypeError,
        "np.einsum has no products or sums for dtype <U1",
    ),
    "an ellipsis that the output leaves out, even in a snippet": (
        "...i->i",
        {},
        (Z((2, 3)),),
        ValueError,
        "'...' covers axes of A, shape (2, 3), that the output leaves out",
    ),
    "ragged lists": (
        "ij->i",
        {"style": "lists", "function": "f"},
        ([[1, 2], [3]],),
        ValueError,
        "A is ragged or empty: its extents cannot be read",
    ),
    "lists that nest too deep": (
        "i->",
        {"style": "lists", "function": "f"},
        ([[1, 2], [3, 4]],),
        ValueError,
        "a nests deeper than the 1 axis of 'i'",
    ),
}


@pytest.mark.parametrize(("expression", "options", "inputs", "kind", "text"), AT_RUN_TIME.values(), ids=AT_RUN_TIME)
def test_emitted_code_refuses_with_names(expression, options, inputs, kind, text):
    with pytest.raises(kind) as caught:
        generate(expression, **options).runner(*inputs)
    assert str(caught.value) == text


# The errors themselves


def test_the_attributes_of_an_error():
    error = raised(case(generate, "bix,iox->box", shapes=[(12, 8192, 2)] * 2))
    assert error.id == "EL205"
    assert error.text == "bix,iox->box"
    assert error.text[slice(*error.span)] == "i"
    assert [error.text[slice(*place)] for place in error.also] == ["i"]
    assert error.hint.startswith("'bix,oix->box' would fit, giving shape (12, 12, 2)")
    assert [(fix.expression, fix.shape) for fix in error.fixes] == [
        ("bix,oix->box", "(12, 12, 2)"),
        ("ibx,iox->box", "(8192, 8192, 2)"),
    ]
    assert error.message == str(error).splitlines()[0].removeprefix("error EL205: ")
    assert error.args == (error.message,)
    assert isinstance(error, ValueError)


def test_dtype_errors_are_type_errors_as_numpys_are():
    assert isinstance(raised(case(einsum, "i->", np.array(["a"]))), TypeError)


@pytest.mark.parametrize("again", [copy.copy, copy.deepcopy, lambda error: pickle.loads(pickle.dumps(error))])
@pytest.mark.parametrize("call", [case(generate, "ij->z"), case(einsum, "i->", Z(2), dtype="int8")])
def test_errors_survive_copying_and_pickling(again, call):
    error = raised(call)
    other = again(error)
    assert type(other) is type(error)
    assert str(other) == str(error)
    assert (other.id, other.span, other.operand, other.axis, other.args) == (
        error.id,
        error.span,
        error.operand,
        error.axis,
        error.args,
    )


@pytest.mark.parametrize("line", ["np.einsum(\n    'ij->z',\n    a)", "\n\nnp.einsum('ij->z', a)\n"])
def test_the_picture_shows_the_line_at_fault(line):
    error = raised(case(generate, line))
    _, shown, carets = str(error).splitlines()[:3]
    assert "ij->z" in shown
    assert carets.index("^") == shown.index("z'")


# Arguments that do not fit the expression: refused by einloop, not by whatever stumbles over them.

UNFIT = {
    "no arrays for verify": case(verify, "ij->i", arrays=[]),
    "too many arrays": case(verify, "ij->i", arrays=[Z((2, 3)), Z(3)]),
    "an array of another rank": case(verify, "ij->i", arrays=[Z(3)]),
    "arrays that disagree": case(verify, "ij,jk->ik", arrays=[Z((2, 3)), Z((4, 3))]),
    "an array of strings": case(verify, "ij->i", arrays=[np.array([["a"]])]),
    "a negative seed": case(verify, "ij", seed=-1),
    "a length beyond any array": case(generate, "ij", shapes=[(10**30, 2)]),
    "a size beyond any array": case(generate, "ij", sizes={"i": 10**30}),
    "one array of two shapes": case(generate, "ij,jk->ik", names=["X", "X"], shapes=[(2, 3), (3, 4)]),
    "one array of two shapes, one of them square": case(generate, "ij,jk", names=["X", "X"], shapes=[(3, 3), (3, 4)]),
    "one array, stretched and not": case(generate, "ij,ij->", names=["X", "X"], shapes=[(2, 3), (1, 3)]),
    "one array, one shape that does not fit both": case(generate, "ij,jk", names=["X", "X"], shapes=[(2, 3)]),
    "one array of two sizes": case(generate, "ij,jk", names=["X", "X"], sizes={"i": 2, "j": 3, "k": 4}),
    "an array in place of a shape": case(generate, "ij", shapes=[Z((2, 3))]),
}


@pytest.mark.parametrize("call", UNFIT.values(), ids=UNFIT)
def test_arguments_that_do_not_fit_are_refused_by_einloop(call):
    assert re.match(r"error EL[1-6]\d\d: .", str(raised(call)))


# Every id has its test
