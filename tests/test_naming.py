"""Names that shapes and arrays bring: the operands get them, the indices keep theirs, one name is one array."""

import numpy as np
import pytest

import einloop
from einloop.cli import main
from einloop.core.errors import OptionError

KEPT = {
    "attention": ("bqd,bkd->bqk", {"q": (2, 3, 4), "k": (2, 5, 4)}, ("Q", "K")),
    "letters that are not indices": ("bqd,bkd->bqk", {"x": (2, 3, 4), "y": (2, 5, 4)}, ("x", "y")),
    "words": ("bqd,bkd->bqk", {"query": (2, 3, 4), "key": (2, 5, 4)}, ("query", "key")),
    "capitals": ("Qd,Kd->QK", {"Q": (3, 4), "K": (5, 4)}, ("q", "k")),
    "one that clashes": ("ij,j->i", {"x": (3, 4), "j": (4,)}, ("x", "J")),
    "both cases are given": ("ij,j->i", {"i": (3, 4), "I": (4,)}, ("i_", "I")),
    "an extent has the capital": ("ij,j->i", {"j": ("J", "K"), "x": ("K",)}, ("j_", "x")),
    "both cases are indices": ("qQ,Q->q", {"q": (3, 4), "x": (4,)}, ("q_", "x")),
    "a word of Python": ("ij,j->i", {"len": (3, 4), "max": (4,)}, ("len_", "max_")),
}


@pytest.mark.parametrize(("text", "shapes", "operands"), KEPT.values(), ids=KEPT)
def test_indices_keep_their_letters(text, shapes, operands):
    loops = einloop.generate(text, shapes=shapes)
    assert loops.operands == operands
    letters = [letter for letter in dict.fromkeys(text) if letter.isalpha()]
    assert [index for index, _ in loops.loop_names] == letters
    renamed = {old: new for old, new in zip(shapes, operands, strict=True) if old != new}
    for old, new in renamed.items():
        why = "an index" if old in letters else "taken"
        assert f"{old} is called {new} here, as {old} is {why}" in loops.notes
    assert len(loops.notes) == len(renamed)
    assert einloop.verify(loops)


def test_axes_of_more_than_a_letter():
    text = "batch query d, batch key d -> batch query key"
    loops = einloop.generate(text, shapes={"query": (2, 3, 4), "key": (2, 5, 4)}, notation="named")
    assert loops.operands == ("QUERY", "KEY")
    assert [index for index, _ in loops.loop_names] == ["batch", "query", "d", "key"]


def test_a_name_that_was_asked_for_or_pasted_stays_as_it_is():
    assert einloop.generate("bqd,bkd->bqk", names=["q", "k"]).operands == ("q", "k")
    assert einloop.generate("np.einsum('bqd,bkd->bqk', q, k)").operands == ("q", "k")


def test_dtypes_and_arrays_go_by_the_name_that_was_given():
    arrays = {"q": np.ones((2, 3, 4), np.int16), "k": np.ones((2, 5, 4), np.int8)}
    loops = einloop.generate("bqd,bkd->bqk", load=arrays)
    assert loops.operands == ("Q", "K")
    assert loops.contract.dtypes == ("int16", "int8")
    shapes = {name: array.shape for name, array in arrays.items()}
    loops = einloop.generate("bqd,bkd->bqk", shapes=shapes, dtypes={"k": "int8", "q": "int16"})
    assert loops.contract.dtypes == ("int16", "int8")


@pytest.mark.parametrize("function", [None, "scores"])
@pytest.mark.parametrize("text", ["q", "Q"])
def test_a_persons_loops_are_read_under_either_name(function, text, tmp_path, capsys):
    other = {"q": "k", "Q": "K"}[text]
    product = f"np.matmul({text}, {other}.mT)"
    head = "C =" if function is None else f"def {function}({text}, {other}):\n    return"
    file = tmp_path / "loops.py"
    file.write_text(f"import numpy as np\n{head} {product}\n")
    words = ["verify", "bqd,bkd->bqk", "--source", str(file), "-s", "q=2x3x4", "-s", "k=2x5x4"]
    assert main(words) == 0, capsys.readouterr().err


ONE_ARRAY = [
    (["ij,ij->i", "-s", "pts=3x4", "-s", "pts=3x4"], "c[i] += pts[i, j] * pts[i, j]"),
    (["ij,kj->ik", "-s", "pts=n,d", "-s", "pts=n,d"], "C[i, k] += pts[i, j] * pts[k, j]"),
    (["ij,ij->i", "-s", "A=3x4", "-s", "A=3x4"], "c[i] += A[i, j] * A[i, j]"),
    (["ij,jk,kl->il", "-s", "x=3x3", "-s", "y=3x3", "-s", "x=3x3"], "C[i, l] += x[i, j] * y[j, k] * x[k, l]"),
    (["ij,jk,kl->il", "-s", "A=3x3", "-s", "A=3x3", "-s", "B=3x3"], "C[i, l] += A[i, j] * A[j, k] * B[k, l]"),
]


@pytest.mark.parametrize(("words", "line"), ONE_ARRAY, ids=[" ".join(words) for words, _ in ONE_ARRAY])
def test_one_name_is_one_array(words, line, capsys):
    assert main(words) == 0
    assert line in capsys.readouterr().out


TWO = [
    (["ij,ij->i", "-s", "pts=3x4", "-s", "pts=4x4"], "error EL480: two shapes for pts\n"),
    (["ij,ij->i", "-s", "p=3x4", "-s", "p=3x4", "--dtype", "p=int8", "--dtype", "p=int16"],
     "error EL480: two dtypes for p\n"),
    (["ij -> i", "-s", "p=3x4", "-s", "p=3x4"], "error EL404: a shape for 'p', but the operands are A\n"),
    (["ij,j->i", "-s", "p=3,4", "-s", "p=3,4"],
     "error EL403: 'p' stands for operand 0 with 2 axes and for operand 1 with 1: one array cannot have both\n"
     "hint: give the operands different names\n"),
]  # fmt: skip


@pytest.mark.parametrize(("words", "text"), TWO, ids=[" ".join(words) for words, _ in TWO])
def test_one_array_has_one_shape_and_one_dtype(words, text, capsys):
    assert main(words) == 2
    assert capsys.readouterr().err == text


def test_a_name_beside_a_default_name_of_another_place_is_refused():
    with pytest.raises(OptionError, match="'B' is operand 1 where nothing is named"):
        einloop.generate("ij,jk->ik", shapes={"B": (2, 3), "x": (3, 4)})
