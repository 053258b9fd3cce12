"""`find` from both faces: pages, exit codes, refusals, and that what it prints is right when it is pasted."""

import json
import subprocess
import sys

import numpy as np
import pytest

import einloop
from einloop import cli
from einloop.core.errors import DtypeError, EinloopError, OptionError

rng = np.random.default_rng(5)
M, N = rng.normal(size=(4, 4)), rng.normal(size=(4, 4))


def run(words, capsys):
    code = cli.main(["find", *words.split(" ")])
    out, err = capsys.readouterr()
    return code, out, err


PAGES = {
    "shapes": (
        "-s 100x4x4 -s 100x4 --result 100x4 --top 2",
        0,
        """
A 100x4x4, B 100x4 -> C 100x4

30 einsums fit these shapes, the simplest first (2 shown).

1. Matrix-vector product A[i,:,:] · B[i,:], batched over i: j rows, k contracted.
  C = np.einsum('ijk,ik->ij', A, B)  # i=100, j=4, k=4

2. Vector-matrix product B[i,:] · A[i,:,:], batched over i: k columns, j contracted.
  C = np.einsum('ijk,ij->ik', A, B)  # i=100, j=4, k=4

What would tell more
Several axes have length 4: A axis 1, A axis 2 and B axis 1. Which of them share an
index, other lengths can tell.
Run your code on A 2x3x4 and B 2x4: a result of shape 2x3 leaves 1 alone of those shown,
and 6 of all 30.
Values decide: give the arrays with --load and --result-file.

Next
  einloop explain 'ijk,ik->ij' -s 100x4x4 -s 100x4
""",
    ),
    "one that fits": (
        "-s X=2x3 --result Y=3x2",
        0,
        """
X 2x3 -> Y 3x2

One einsum fits these shapes.

1. Transpose of X.
  Y = np.einsum('ij->ji', X)  # i=2, j=3

Next
  einloop explain 'ij->ji' -s X=2x3
""",
    ),
    "names of lengths": (
        "-s B,L,H -s H,K --result B,L,K --top 1",
        0,
        """
A B,L,H, B H,K -> C B,L,K

2 einsums fit these shapes, the simplest first (1 shown).

1. Linear layer along the last axis: for every i and j, the vector of A along k times B,
which gives one along l.
  C = np.einsum('ijk,kl->ijl', A, B)  # i=B, j=L, k=H, l=K

What would tell more
Values decide: give the arrays with --load and --result-file.

Next
  einloop explain 'ijk,kl->ijl' -s B,L,H -s H,K
""",
    ),
    "a length that no operand has": (
        "-s 2x3 -s 3x4 --result 2x7",
        1,
        """
A 2x3, B 3x4 -> C 2x7

No einsum fits these shapes.

7 in the result, axis 1, is in no operand.
""",
    ),
    "axes joined": (
        "-s 4x5 --result 20",
        1,
        """
A 4x5 -> c 20

No einsum fits these shapes.

20 in the result, axis 0, is in no operand.
20 is 4 * 5, the lengths of A axis 0 and A axis 1: an einsum gives two axes, which a
reshape joins into one.
""",
    ),
    "a new axis": (
        "-s 4x5 --result 4x1",
        1,
        """
A 4x5 -> C 4x1

No einsum fits these shapes.

1 in the result, axis 1, is in no operand.
An einsum makes no new axis: find the result without it, and add it after with
[..., None], or by keepdims=True of a sum.
""",
    ),
    "a length too often": (
        "-s 4 --result 4x4",
        1,
        """
a 4 -> c 4x4

No einsum fits these shapes.

The result has length 4 on 2 axes, the operands on 1: an index stands in the output
once.
""",
    ),
    "a name for a shape": (
        "-s 2x3 --result C",
        1,
        """
A 2x3 -> c C

No einsum fits these shapes.

C in the result, axis 0, is in no operand.
If C is the result's name: --result takes its shape here, as 2x4 or C=2x4.
""",
    ),
    "an axis of length 1": (
        "-s 1x4 -s 3x4 --result 3 --top 1",
        0,
        """
A 1x4, B 3x4 -> c 3

2 einsums fit these shapes, the simplest first (1 shown).

A axis 0 has length 1, and fits an index of any length by stretching: here its letter
makes no difference to the values.

1. Contraction of 2 operands over j; i is summed in one operand alone.
  c = np.einsum('ij,kj->k', A, B)  # i=1, j=4, k=3

What would tell more
Values decide: give the arrays with --load and --result-file.

Next
  einloop explain 'ij,kj->k' -s 1x4 -s 3x4
""",
    ),
    "one array twice": (
        "-s A=2x3 -s A=2x3 --result 3x3 --top 1",
        0,
        """
A 2x3, A 2x3 -> C 3x3

2 einsums fit these shapes, the simplest first (1 shown).

1. Gram matrix Aᵀ · A: the inner products over i of all columns of A. With centred
columns it is their scatter matrix: the covariance but for a factor.
  C = np.einsum('ij,ik->jk', A, A)  # i=2, j=3, k=3

What would tell more
Values decide: give the arrays with --load and --result-file.

Next
  einloop explain 'ij,ik->jk' -s A=2x3 -s A=2x3
""",
    ),
    "a long call": (
        "-s 2x3x4x5x6x7 -s 7x6 -s 2 -s 5 --result 3x4 --top 1",
        0,
        """
A 2x3x4x5x6x7, B 7x6, c 2, d 5 -> E 3x4

16 einsums fit these shapes, the simplest first (1 shown).

1. Contraction of 4 operands over i, l, m and n.
  C = np.einsum('ijklmn,nm,i,l->jk', A, B, c, d)  # i=2, j=3, k=4, l=5, m=6, n=7

What would tell more
Values decide: give the arrays with --load and --result-file.

Next
  einloop explain 'ijklmn,nm,i,l->jk' -s 2x3x4x5x6x7 -s 7x6 -s 2 -s 5
""".replace("  C = ", "  E = "),
    ),
}


@pytest.mark.parametrize("name", PAGES)
def test_a_page_of_shapes(name, capsys):
    words, wanted, page = PAGES[name]
    code, out, err = run(words, capsys)
    assert (code, out, err) == (wanted, page.removeprefix("\n"), "")


@pytest.fixture
def files(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    made = {
        "m": M,
        "n": N,
        "product": M @ N,
        "half": M * N / 2,
        "mean": M.mean(0),
        "clipped": np.maximum(M @ N, 0),
        "row": M @ N + M[0],
        "one": M @ N + 1,
        "exp": np.exp(M @ N),
        "zeros": np.zeros((4, 4)),
        "none": np.zeros((0, 4)),
        "bytes": np.arange(16, dtype="i1").reshape(4, 4),
        "text": np.array(["a"]),
        "dates": np.array(["2000-01-01"], "M8[D]"),
    }
    made["wide"] = made["bytes"].astype(int) @ made["bytes"].astype(int)
    for name, array in made.items():
        np.save(tmp_path / f"{name}.npy", array)
    np.save(tmp_path / "objects.npy", np.array([1, None], object), allow_pickle=True)
    (tmp_path / "broken.npy").write_bytes(b"\x93NUMPY")


VALUES = {
    "a product": (
        "--load X=m.npy --load Y=n.npy --result-file Z=product.npy",
        0,
        """
X 4x4, Y 4x4 -> Z 4x4

One of the 62 einsums that fit the shapes gives these values.

1. Matrix product X · Y: i rows, k columns, j contracted.
  Z = np.einsum('ij,jk->ik', X, Y)  # i=4, j=4, k=4

Next
  einloop explain 'ij,jk->ik' -s X=4x4 -s Y=4x4
""",
    ),
    "a factor": (
        "--load m.npy --load n.npy --result-file half.npy",
        0,
        """
A 4x4, B 4x4 -> C 4x4

One of the 62 einsums that fit the shapes gives these values.

1. Hadamard (elementwise) product of A and B.
  C = np.einsum('ij,ij->ij', A, B) / 2  # i=4, j=4

Next
  einloop explain 'ij,ij->ij' -s 4x4 -s 4x4
""",
    ),
    "a mean": (
        "--load m.npy --result-file mean.npy",
        0,
        """
A 4x4 -> c 4

One of the 3 einsums that fit the shapes gives these values.

1. Column sums of A: one sum for every column j.
  c = np.einsum('ij->j', A) / 4  # i=4, j=4

Divided by 4, the sum over i is a mean.

Next
  einloop explain 'ij->j' -s 4x4
""",
    ),
    "a wider dtype": (
        "--load bytes.npy --load bytes.npy --result-file wide.npy --top 1",
        0,
        """
A 4x4, B 4x4 -> C 4x4

2 of the 62 einsums that fit the shapes give these values, the simplest first (1 shown).

1. Matrix product A · B: i rows, k columns, j contracted.
  C = np.einsum('ij,jk->ik', A, B, dtype='int64')  # i=4, j=4, k=4

What would tell more
Run your code on A 2x3 and B 3x4: a result of shape 2x4 leaves 1 alone of those shown,
and 2 of all 62.

Next
  einloop explain 'ij,jk->ik' -s 4x4 -s 4x4
""",
    ),
    "clipped": (
        "--load m.npy --load n.npy --result-file clipped.npy",
        1,
        f"""
A 4x4, B 4x4 -> C 4x4

None of the 62 einsums that fit the shapes gives these values.

The closest has {np.count_nonzero(M @ N > 0)} of 16 elements right; where the others are negative, the result has
0:
  C = np.einsum('ij,jk->ik', A, B)  # i=4, j=4, k=4
""",
    ),
    "a row added": (
        "--load m.npy --load n.npy --result-file row.npy",
        1,
        """
A 4x4, B 4x4 -> C 4x4

None of the 62 einsums that fit the shapes gives these values.

The result is this one, and something added that varies along axis 1 alone:
  C = np.einsum('ij,jk->ik', A, B)  # i=4, j=4, k=4
""",
    ),
    "a number added": (
        "--load m.npy --load n.npy --result-file one.npy",
        1,
        """
A 4x4, B 4x4 -> C 4x4

None of the 62 einsums that fit the shapes gives these values.

The result is this one, and one number added to every element:
  C = np.einsum('ij,jk->ik', A, B)  # i=4, j=4, k=4
""",
    ),
    "nothing": (
        "--load m.npy --load n.npy --result-file exp.npy",
        1,
        """
A 4x4, B 4x4 -> C 4x4

None of the 62 einsums that fit the shapes gives these values.

What was tried has each array once: one that occurs twice has to be given twice.
""",
    ),
    "zeros": (
        "--load zeros.npy --result-file zeros.npy --top 1",
        0,
        """
A 4x4 -> C 4x4

2 of the 2 einsums that fit the shapes give these values, the simplest first (1 shown).

All elements of the result are 0, which says little: give other values.

1. Copy: A as it is.
  C = np.einsum('ij->ij', A)  # i=4, j=4

What would tell more
Run your code on A 2x3: a result of shape 2x3 leaves 1 alone of those shown, and 1 of
all 2.

Next
  einloop explain 'ij->ij' -s 4x4
""",
    ),
    "no elements": (
        "--load none.npy --result-file none.npy",
        0,
        """
A 0x4 -> C 0x4

One einsum fits these shapes.

The result has no elements, so that its values say nothing.

1. Copy: A as it is.
  C = np.einsum('ij->ij', A)  # i=0, j=4

Next
  einloop explain 'ij->ij' -s 0x4
""",
    ),
}


@pytest.mark.parametrize("name", VALUES)
def test_a_page_of_values(name, files, capsys):
    words, wanted, page = VALUES[name]
    code, out, err = run(words, capsys)
    assert (code, out, err) == (wanted, page.removeprefix("\n"), "")


REFUSED = [
    ("--result 2", "EL474", "there is no operand: neither a shape nor an array is given"),
    ("-s 2", "EL474", "find needs the result"),
    ("-s 2 --result 2 --result-file m.npy", "EL473", "--result and --result-file both say what the result is"),
    ("-s 3 --result 3 --top 0", "EL479", "top is 0"),
    ("-s 3 --result 3 --top 1001", "EL479", "top is 1001"),
    ("-s 3 --result 3 --seconds nan", "EL462", "expected more than 0 and at most 31,536,000 seconds, got nan"),
    ("-s 3 --result 3 --seconds 0", "EL462", "expected more than 0 and at most 31,536,000 seconds, got 0.0"),
    ("-s 3 --result x,,", "EL405", "a length is missing in the shape 'x,,'"),
    ("-s A=2x3 -s A=2x4 --result 3x2", "EL480", "two shapes for A: (2, 3) and (2, 4)"),
    ("-s 2x3 --names A,B --result 3x2", "EL404", "2 names for 1 operand (A, B)"),
    ("-s if=2x3 --result 3x2", "EL401", "the operand name 'if' is not a name Python can use"),
    ("-s 2x3 --result 2y=3x2", "EL401", "the result name '2y' is not a name Python can use"),
    ("--load m.npy -s 4x4 --result 4x4", "EL404", "which shapes belong to which arrays is not clear without names"),
    ("--load A=m.npy -s A=4x5 --result 4x4", "EL480", "shape (4, 5) for A, whose array has shape (4, 4)"),
    ("--load A=m.npy -s B=4x4 --result-file n.npy", "EL420", "the result has values, but there is no array for B"),
    ("-s 4x4 --result-file n.npy", "EL420", "the result has values, but there is no array for A"),
    ("--load A=m.npy --load A=n.npy --result 4x4", "EL403", "A is one array, and is given two with different values"),
    ("--load nowhere.npy --result 4", "EL411", "'nowhere.npy' cannot be read: No such file or directory"),
    (
        "--load broken.npy --result 4",
        "EL411",
        "'broken.npy' is damaged: EOF: reading magic string, expected 8 bytes got 6",
    ),
    ("--load objects.npy --result 2", "EL411", "'objects.npy' holds Python objects, which are never unpickled"),
    (
        "--load text.npy --result-file text.npy",
        "EL301",
        "a has dtype '<U1' (strings), for which np.einsum has no sums and products",
    ),
    (
        "--load m.npy --result-file dates.npy --result-file x.npy",
        "EL411",
        "'x.npy' cannot be read: No such file or directory",
    ),
    (f"{'-s 2 ' * 9}--result 2", "EL479", "9 operands; find takes at most 8"),
    (f"-s {'x'.join('2' * 33)} --result 2", "EL479", "33 axes; find takes at most 32"),
    ("-s 2 --result 2 --style scalar", "EL400", "unrecognized arguments: --style scalar"),
    ("-s 2 --result 2 -o page.md --result-file page.md", "EL473", "--result and --result-file both say"),
]


@pytest.mark.parametrize(("words", "id", "message"), REFUSED, ids=lambda one: one if len(one) < 40 else one[:40])
def test_what_is_refused(words, id, message, files, capsys):
    code, out, err = run(words, capsys)
    assert (code, out) == (2, "")
    assert err.startswith(f"error {id}: {message}")


def test_a_page_does_not_overwrite_the_result_that_it_reads(files, capsys):
    code, _, err = run("--load m.npy --result-file C=n.npy -o n.npy", capsys)
    assert code == 2
    assert "EL419" in err


def test_json_has_every_answer(files, capsys):
    code, out, _ = run("--load m.npy --load n.npy --result-file half.npy --json", capsys)
    facts = json.loads(out)["sections"][0]["facts"]
    assert code == 0
    assert facts == {
        "count": 1,
        "fit": 62,
        "tried": 62,
        "answers": [
            {
                "subscripts": "ij,ij->ij",
                "call": "C = np.einsum('ij,ij->ij', A, B) / 2  # i=4, j=4",
                "called": ["hadamard"],
                "lengths": {"i": 4, "j": 4},
                "points": 2,
                "factor": "1/2",
            }
        ],
    }


@pytest.mark.parametrize("format", ["text", "markdown", "html", "latex", "json", "comment"])
@pytest.mark.parametrize("lang", ["en", "ja"])
def test_every_format_and_language(format, lang):
    for report in (
        einloop.find(shapes=[(4, 4), (4, 4)], result=(4, 4)),
        einloop.find(M, N, result=M @ N + 1),
        einloop.find(shapes=[(4, 5)], result=(20,)),
    ):
        assert report.show(format, lang)


def test_japanese_is_japanese(capsys):
    code, out, _ = run("-s 2x3 -s 3x4 --result 2x4 --lang ja", capsys)
    assert code == 0
    assert "この形状に合う einsum は 2 個ある。" in out


@pytest.mark.parametrize(
    ("arrays", "result"),
    [
        ([M, N], M @ N),
        ([M, N], np.trace(M @ N)),
        ([M, N, M[0]], 0.25 * np.einsum("ij,jk,k->i", M, N, M[0])),
        ([M], M.T),
        ([M.astype("f4")], M.astype("f4").sum(1) / 4),
        ([np.arange(12).reshape(3, 4), np.arange(4)], np.arange(12).reshape(3, 4) @ np.arange(4)),
    ],
    ids=range(6),
)
def test_what_is_printed_gives_the_values_when_it_is_run(arrays, result):
    report = einloop.find(*arrays, result=np.asarray(result))
    answers = report.facts["found"]["answers"]
    assert answers
    for answer in answers:
        scope = {"np": np, **dict(zip("ABC", arrays, strict=False)), **dict(zip("abc", arrays, strict=False))}
        exec(answer["call"], scope)
        name = answer["call"].partition(" = ")[0].rpartition("\n")[2]
        np.testing.assert_allclose(scope[name], result, rtol=1e-5 if np.asarray(arrays[0]).dtype == "f4" else 1e-12)


def test_python_takes_shapes_and_results_in_many_forms():
    def subscripts(*arrays, **options):
        return [one["subscripts"] for one in einloop.find(*arrays, **options).facts["found"]["answers"]]

    assert subscripts(shapes=["2x3", (3, 4)], result="2x4")[0] == "ij,jk->ik"
    assert subscripts(shapes={"A": (2, 3)}, result=(3, 2)) == ["ij->ji"]
    assert subscripts([1, 2], [3, 5], result=13) == ["i,i->"]
    assert subscripts([1, 2], [3, 5], result=np.float32(13)) == ["i,i->"]
    assert subscripts([1, 2], [3, 5], result=[[3, 5], [6, 10]]) == ["i,j->ij"]
    assert subscripts([1, 2], [3, 5], result=(2, 2)) == ["i,j->ij", "i,j->ji"]
    assert subscripts(load={"x": M, "y": N}, result=M @ N) == ["ij,jk->ik"]
    report = einloop.find(M, N, names=["x", "y"], result=M @ N)
    assert report.facts["found"]["answers"][0]["call"] == "C = np.einsum('ij,jk->ik', x, y)  # i=4, j=4, k=4"
    assert subscripts(shapes=[()], result=()) == ["->"]
    assert einloop.find(shapes=[(2,)], result=(3,)).facts["found"]["count"] == 0


PYTHON = [
    ({"shapes": [(2,)]}, OptionError, "EL474", "find needs the result"),
    ({"result": (2,)}, OptionError, "EL474", "there is no operand: neither a shape nor an array is given"),
    ({"shapes": [(2,), None], "result": (2,)}, OptionError, "EL404", "operand 1 has no shape"),
    ({"shapes": [(2,)], "result": (2,), "top": "x"}, OptionError, "EL470", "top is a str: 'x'"),
    ({"shapes": [(2,)], "result": (2,), "seconds": None}, OptionError, "EL470", "seconds is a NoneType: None"),
    ({"shapes": [(2,)], "result": (-2,)}, OptionError, "EL405", "-2 is not the length of an axis"),
    ({"shapes": [(2,)], "result": {1, 2}}, EinloopError, "EL209", "the result is a set, which is not an array"),
    ({"load": [np.array([1, 2**70], object)], "result": [3, 4]}, DtypeError, "EL306", "a holds Python objects, whose"),
    ({"load": [np.ma.array([1, 2], mask=[0, 1])], "result": [1, 2]}, DtypeError, "EL311", "a hides elements behind"),
    ({"shapes": [(2,)], "result": (2,), "shpaes": 1}, OptionError, "EL469", "find() got an unexpected keyword"),
]


@pytest.mark.parametrize(("options", "kind", "id", "message"), PYTHON, ids=[case[3][:30] for case in PYTHON])
def test_what_python_refuses(options, kind, id, message):
    with pytest.raises(kind) as caught:
        einloop.find(**options)
    assert caught.value.id == id
    assert caught.value.message.startswith(message)


def test_arrays_are_given_once():
    with pytest.raises(OptionError) as caught:
        einloop.find(M, load=[M], result=(4,))
    assert caught.value.id == "EL480"


def test_shapes_alone_load_no_numpy():
    code = "import einloop, sys; einloop.find(shapes=[(2, 3)], result=(3,)).show(); print('numpy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "False\n"


def test_a_search_that_was_cut_says_so():
    report = einloop.find(shapes=[(3,) * 6] * 4, result=(3,) * 6, top=1)
    assert "The search was stopped" in report.show()


def test_time_that_is_over_is_told():
    report = einloop.find(
        rng.normal(size=(3,) * 4), rng.normal(size=(3,) * 4), result=rng.normal(size=(3,) * 4), seconds=0.05
    )
    assert "The time is over" in report.show()
    assert report.facts["found"]["count"] == 0


def test_arrays_of_other_libraries():
    torch = pytest.importorskip("torch")
    one, other = torch.tensor(M), torch.tensor(N)
    report = einloop.find(one, other, result=one @ other)
    assert [answer["subscripts"] for answer in report.facts["found"]["answers"]] == ["ij,jk->ik"]


def test_a_search_that_is_not_done_says_how_many_were_tried():
    found = einloop.find(
        *np.random.default_rng(0).normal(size=(2, 4, 4, 4, 4)), result=np.ones((4, 4, 4, 4)) * 3, seconds=0.2
    )
    facts = found.sections[0].facts
    text = " ".join(str(found).split())
    tried, fit = f"{facts['tried']:,}", f"{facts['fit']:,}"
    said = f"None of the {tried} einsums that were tried, of {fit} that fit the shapes, gives these values."
    assert said in text


def test_the_letters_of_an_answer_are_those_of_its_call():
    page = str(
        einloop.find(shapes=[("B", "L", "H", "D"), ("B", "M", "H", "D")], result=("B", "H", "L", "M"), names=["q", "k"])
    )
    assert "np.einsum('ijkl,imkl->ikjm', q, k)  # i=B, j=L, k=H, l=D, m=M" in page
    assert "k_" not in page


def test_a_result_without_elements_asks_for_no_arrays():
    page = str(einloop.find(np.zeros((0, 3)), np.zeros((3, 2)), result=np.zeros((0, 2))))
    assert "The result has no elements" in page
    assert "Values decide" not in page


def test_two_operands_of_one_name_are_refused():
    with pytest.raises(
        einloop.EinloopError, match=r"two operands are called X, of shapes \(3, 3\) and \(2, 3\)"
    ) as caught:
        einloop.find(np.ones((3, 3)), np.ones((2, 3)), names=["X", "X"], result=np.ones((3, 3)))
    assert caught.value.hint == "one name is one array: give one of them another"


def test_the_answers_as_comments():
    page = einloop.find(shapes=[(2, 3), (3, 4)], result=(2, 4)).show("comment")
    assert page == (
        "# 2 einsums fit these shapes, the simplest first.\n"
        "# 1. Matrix product A · B: i rows, k columns, j contracted.\n"
        "#   C = np.einsum('ij,jk->ik', A, B)  # i=2, j=3, k=4\n"
        "# 2. Product of A and B after A and B are each summed on their own over j and k; nothing\n"
        "# is contracted between operands.\n"
        "#   C = np.einsum('ij,kl->il', A, B)  # i=2, j=3, k=3, l=4\n"
    )
