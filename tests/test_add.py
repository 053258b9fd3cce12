"""`--add`: a lone formula with `+=` or `-=` adds to what its result holds, in every command and keyword."""

import numpy as np
import pytest

import einloop
from einloop import cli
from einloop.core.errors import OptionError

A, b, C = np.arange(6.0).reshape(2, 3), np.arange(3.0), np.array([5.0, 7.0])


@pytest.mark.parametrize(("sign", "expected"), [("+=", C + A @ b), ("-=", C - A @ b)])
def test_the_result_is_added_to(sign, expected):
    text = f"C[i] {sign} A[i,j]*b[j]"
    made = einloop.generate(text, add=True)
    assert made.run(A, b, C).tolist() == expected.tolist()
    assert einloop.verify(text, add=True)
    assert einloop.compile(text, add=True)(A, b, C).tolist() == expected.tolist()
    assert not any("start from zeros" in note for note in made.notes)


def test_without_it_a_note_names_it(capsys):
    assert cli.main(["C[i] += A[i,j]*b[j]", "--no-verify"]) == 0
    out, err = capsys.readouterr()
    assert "C = np.zeros(I)" in out
    assert "what C[i] held before is not added (--add: it is)" in err
    assert cli.main(["C[i] += A[i,j]*b[j]", "--no-verify", "--add"]) == 0
    assert "np.zeros" not in capsys.readouterr().out


@pytest.mark.parametrize("text", ["ij->i", "C[i] = A[i,j]", "C[i] = A[i,j]*b[j] + c[i]", "np.einsum('ij->i', A)"])
def test_what_adds_to_nothing_is_refused(text):
    functions = (einloop.generate, einloop.explain, einloop.check, einloop.compile, einloop.verify)
    for function in functions:
        with pytest.raises(OptionError, match="no result is added to") as caught:
            function(text, add=True)
        assert (caught.value.id, caught.value.hint) == ("EL471", "it is for a formula with += or -=")


def test_two_expressions_are_read_alike():
    text = "C[i] += A[i,j]*b[j]"
    assert einloop.equivalent(text, "C[i] = C[i] + A[i,j]*b[j]", add=True)
    assert "add to C[i]" in einloop.explain(text, add=True).show()
