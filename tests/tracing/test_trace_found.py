"""Where a trace shows what is looked for, what is said of it, pages around a step, options that exclude each other."""

import json
from time import monotonic

import numpy as np
import pytest

import einloop
from einloop.cli import main
from einloop.core.console import ERASE
from einloop.core.errors import EinloopError
from einloop.core.progress import ProgressLine
from einloop.core.visible import columns
from einloop.views.catalogue import load_catalogue

C = [[22, 28], [49, 64]]


@pytest.mark.parametrize(
    ("expected", "note"),
    [
        (C, "C is the same."),
        (
            [[22, 28], [49, 65]],
            "C[1,1] becomes 64; the array compared with has 65 there: 1 apart. 1 of 4 elements differs.",
        ),
        (
            [[22, 49], [28, 64]],
            "C[0,1] becomes 28; the array compared with has 49 there: 21 apart. 2 of 4 elements differ. "
            "The array is the result with its axes in another order: [k,i].",
        ),
        (
            [[28, 22], [5, 64]],
            "C[0,0] becomes 22; the array compared with has 28 there: 6 apart. 3 of 4 elements differ. "
            "The array has 22 at [0,1].",
        ),
        (
            [[22.0, 28.0], [49.0, float("inf")]],
            "C[1,1] becomes 64; the array compared with has inf there. 1 of 4 elements differs.",
        ),
        ([[22, 28], [49, 64 + 1e-9]], "C is the same but for rounding: differences are 1e-09 at the most."),
    ],
)
def test_what_there_is_to_say_of_a_difference(expected, note, capsys):
    words = ["-s", "2x3", "-s", "3x2", "--against", json.dumps(expected).replace("Infinity", "1e999")]
    assert main(["trace", "ij,jk->ik", *words]) == 0
    printed = capsys.readouterr()
    assert printed.err == f"note: {note}\n"
    assert bool(printed.out) == ("becomes" in note)


def test_the_coarser_dtype_says_how_far_elements_may_be_apart():
    rng = np.random.default_rng(1)
    a, b = rng.normal(size=(4, 50)), rng.normal(size=(50, 4))
    found = einloop.trace("ij,jk->ik", a, b)
    assert found.first_difference((a @ b).astype("float32")) is None
    assert found.first_difference((a @ b).astype("float16")) is None
    assert found.first_difference(a @ b + 1e-5) is not None
    assert found.first_difference((a @ b + 1e-2).astype("float32")) is not None
    narrow = einloop.trace("ij,jk->ik", a.astype("float16"), b.astype("float16"))
    assert narrow.first_difference(a @ b) is None
    assert narrow.first_difference(a @ b + 1) is not None


def test_a_sum_that_cancels_may_lose_more_of_its_digits():
    a = np.array([[1e8, 1.0, -1e8, 1e-9], [1e8, 1e8, 1.0, 0.0]])
    found = einloop.trace("ij->i", a)
    assert found.first_difference(a[:, ::-1].sum(axis=1)) is None


def test_an_element_is_compared_alone(capsys):
    words = ["trace", "ij,jk->ik", "-s", "2x3", "-s", "3x2", "--against", "[[0,28],[0,0]]"]
    assert main([*words, "--at", "1,0"]) == 0
    printed = capsys.readouterr()
    assert printed.err == "note: C[1,0] becomes 49; the array compared with has 0 there: 49 apart.\n"
    assert printed.out.endswith("C[1,0] = 49\n")
    assert main([*words, "--at", "0,1"]) == 0
    assert capsys.readouterr() == ("", "note: C[0,1] is the same.\n")


def test_of_a_large_result_it_is_said_how_many_were_compared(capsys):
    found = einloop.trace("ij,jk->ik", shapes=[(30, 500), (500, 30)])
    assert found.difference(np.zeros((30, 30))).said[1].values == {"count": 600, "of": 600}


def test_shapes_in_another_order_are_told():
    with pytest.raises(EinloopError) as refused:
        einloop.trace("ij->ij", [[1, 2, 3]]).first_difference([[1], [2], [3]])
    assert refused.value.hint == "'ij->ji' would give (3, 1)"


def page_data(found, **asked):
    text = found.show("html", **asked)
    at = text.index('{"kind":')
    return json.JSONDecoder().raw_decode(text[at:])[0]


def test_a_page_holds_what_is_around_a_step():
    found = einloop.trace("ij,jk->ik", shapes=[(2, 3), (3, 4)])
    data = page_data(found, around=20)
    assert (data["open"], data["first"], len(data["steps"])) == (20, 1, 24)
    assert "open" not in page_data(found)
    large = einloop.trace("ij,jk->ik", shapes=[(20, 30), (30, 40)])
    for number, first in ((1, 1), (9000, 6500), (24_000, 19_001)):
        data = page_data(large, around=number)
        assert (data["open"], data["first"], len(data["steps"])) == (number, first, 5000)
    with pytest.raises(EinloopError) as refused:
        found.show("html", around=3, steps=4)
    assert refused.value.id == "EL473"
    assert found.show(around=3) == found.show(steps=3)


def test_the_page_of_a_sum_begins_with_it():
    found = einloop.trace("ij,jk->ik", shapes=[(2, 4000), (4000, 1)])
    data = page_data(found, around=7990)
    assert (data["first"], data["open"]) == (3001, 7990)  # the end is nearer
    found = einloop.trace("ij->i", shapes=[(3, 4000)])
    assert page_data(found, around=7990)["first"] == 4001


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--at", "0,0", "--steps", "3"], "--at and --steps both say which steps"),
        (["--at", "0,0", "--nan"], "--at and --nan both say which steps"),
        (["--story", "--nan"], "--story is of whole arrays, and --nan is of steps"),
        (["--story", "--at", "0,0"], "--story is of whole arrays, and --at is of steps"),
        (["--story", "--theme", "dark"], "a theme is of a picture, and --story is none"),
        (["-o", "steps.jpg"], "'steps.jpg' is no name for steps"),
        (["-o", "steps.c"], "'steps.c' is a name for loops, and this is a page"),
        (["-o", "/proc/steps.html"], "'/proc/steps.html' cannot be written: no file can be made in '/proc'"),
        (["--symbolic", "--against", "[[1]]"], "symbols are not compared with an array"),
    ],
)
def test_options_that_silence_each_other(words, message, capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert main(["trace", "ij,jk->ik", *words]) == 2
    assert message in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


def test_lists_say_that_integers_do_not_wrap():
    a = np.array([100, 30], "int8")
    found = einloop.trace("i->", a, style="lists")
    assert "Python's integers do not wrap around as those of int8 do." in found.show()
    assert "wrap" not in einloop.trace("i->", a).show(steps=1)
    assert "wrap" not in einloop.trace("i->", a.astype(float), style="lists").show()


def test_a_deep_nest_is_counted_at_once():
    found = einloop.trace("abcdefghijklmnopqrst->t")
    start = monotonic()
    assert found.machine.written(found.step(7).target, found.count) == 65_536
    assert monotonic() - start < 1


@pytest.mark.parametrize(("length", "left"), [(5000, "4,993"), (500, "492"), (1008, "1,000"), (1010, "1,002")])
def test_a_slide_counts_every_term_that_is_left_out(length, left):
    assert f"{left} terms of the sum are left out." in einloop.trace("i->", shapes=[(length,)]).show("svg", steps=10)


def test_what_symbols_exclude_is_named():
    with pytest.raises(EinloopError) as refused:
        einloop.trace("i->", dtypes="int8", symbolic=True)
    assert refused.value.hint == "leave --symbolic out, or --dtype"


@pytest.mark.parametrize("text", ["10", "10.0", "1e1"])
def test_a_result_without_axes_is_compared_with_a_number(text, capsys):
    assert main(["trace", "ij->", "-s", "2x2", "--against", text]) == 0
    assert capsys.readouterr().err == "note: c is the same.\n"


def test_rounding_to_a_number_with_the_same_shortest_text_shows_all_of_its_digits():
    found = einloop.trace("i->", np.array([5648.0, 2.0], "float16"))
    reasons = [load_catalogue("en").text(reason) for reason in found.step(found.count).reasons]
    assert reasons[0] == "5650.0 is rounded to float16: 5648.0."


def test_what_becomes_infinite_is_found(capsys, tmp_path):
    a = np.ones((3, 4))
    a[1, 2:] = 1e308
    found = einloop.trace("ij,j->i", a, np.full(4, 1.5))
    assert (found.first_nan(), found.first_nonfinite()) == (None, 8)
    found = einloop.trace("ij,j->i", np.where(a > 1, -np.inf, a), np.array([1.0, 1.0, 0.0, 1.0]))
    assert (found.first_nan(), found.first_nonfinite()) == (7, 7)
    assert einloop.trace("i->", np.array([1, -np.inf, np.inf])).first_nonfinite() == 2
    assert einloop.trace("i->", np.array([1, -np.inf, np.inf])).first_nan() == 3
    assert einloop.trace("i->", np.array([1, complex(0, np.inf)])).first_nonfinite() == 2
    assert einloop.trace("i->", np.array([60000, 60000], "float16")).first_nonfinite() == 3  # where it is rounded
    assert einloop.trace("i->", np.array([2**62, 2**62])).first_nonfinite() is None
    np.save(tmp_path / "a.npy", a)
    words = ["trace", "ij->i", "--load", f"A={tmp_path / 'a.npy'}"]
    assert main([*words, "--nonfinite"]) == 0
    assert capsys.readouterr().out.startswith("step 8 of 12 ")
    assert main([*words, "--nan"]) == 0
    assert capsys.readouterr() == ("", "note: no step writes a nan\n")
    np.save(tmp_path / "a.npy", np.ones((3, 4)))
    assert main([*words, "--nonfinite"]) == 0
    assert capsys.readouterr() == ("", "note: no step writes a nan or an infinity\n")
    assert main([*words, "--nonfinite", "--nan"]) == 2
    assert "--nan and --nonfinite both say which steps" in capsys.readouterr().err


def test_many_indices_have_two_places_each_where_steps_stay_few():
    def extents(text, **options):
        return [index.extent for index in einloop.trace(text, **options).indices]

    assert extents("abcdefg->") == [2, 3, 4, 5, 6, 7, 8]
    assert extents("abcdefgh->") == [2, 3, 4, 5, 6, 7, 8, 2]
    assert extents("abcdefghij->") == [2, 3, 4, 5, 6, 7, 2, 2, 2, 2]
    assert extents("abcdefghijklmnopqr->") == [2] * 16 + [1] * 2
    assert extents("abc->", sizes={"a": 20_000}) == [20_000, 2, 2]
    assert extents("abc->", sizes={"a": 200_000}) == [200_000, 1, 1]
    assert extents("aabb,aabb->ab") == [2, 3]


@pytest.mark.parametrize(("asked", "width"), [("40", 40), ("60", 60), ("20", 40), ("nonsense", 80), ("", 80)])
@pytest.mark.parametrize("words", [[], ["--steps", "2-9"], ["--at", "1,1,1,1"], ["--story"], ["--lang", "ja"]])
def test_what_is_piped_is_as_wide_as_is_asked(asked, width, words, monkeypatch, capsys):
    monkeypatch.setenv("COLUMNS", asked)
    assert main(["trace", "bimd,bind->bimn", *("-s", "3x2x2x12") * 2, *words]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert all(columns(line) <= width for line in lines)
    assert max(map(columns, lines)) > width - 20


def test_steps_end_with_the_last(capsys):
    words = ["trace", "ij,jk->ik", "-s", "2x3", "-s", "3x2", "--steps"]
    assert main([*words, "10-12"]) == 0
    whole = capsys.readouterr().out
    assert main([*words, "10-90"]) == 0
    assert capsys.readouterr() == (whole, "note: the loops make 12 steps\n")
    assert main([*words, "12-13"]) == 0
    assert capsys.readouterr().out.startswith("step 12 of 12 ")
    assert main([*words, "10-90", "--json"]) == 0
    printed = capsys.readouterr()
    assert (len(json.loads(printed.out)["steps"]), printed.err) == (3, "")
    for asked in ("13-14", "0-20", "90-10"):
        assert main([*words, asked]) == 2
        assert "error EL439" in capsys.readouterr().err
    assert main(["trace", ",->", "--steps", "1-2"]) == 0
    assert capsys.readouterr().err == "note: the loops make 1 step\n"
    assert main(["trace", "i->", "-s", "0", "--steps", "1-2"]) == 2


def test_objects_that_cannot_be_added_up_are_refused():
    large = np.array([10**400, 1.5, 2.5], object)
    for text, arrays in (("i->", [large]), ("i,i->i", [large, np.array([0.5, 1.0, 2.0])]), ("i->", [large[::-1]])):
        with pytest.raises(EinloopError) as refused:
            einloop.trace(text, *arrays).show()
        assert refused.value.id == "EL304"
        assert refused.value.message == (
            "these objects cannot be multiplied and added up: int too large to convert to float"
        )
    assert str(10**800) in einloop.trace("i,i->i", large[:1], large[:1]).show("json")


@pytest.mark.parametrize(
    ("text", "shapes", "expected", "hint"),
    [
        ("ij->i", [(3, 4)], (4,), "'ij->j' would give (4,)"),
        ("ij->i", [(3, 4)], (3, 4), "'ij->ij' would give (3, 4)"),
        ("ij->i", [(3, 4)], (), "'ij->' would give ()"),
        ("ij,jk->ik", [(2, 3), (3, 4)], (4, 2), "'ij,jk->ki' would give (4, 2)"),
        ("ij,jk->ik", [(2, 3), (3, 2)], (2,), "'ij,jk->i' or 'ij,jk->k' would give (2,)"),
        ("ij->i", [(3, 4)], (7,), None),
        ("bij->bj", [(5, 3, 4)], (5, 3), "'bij->bi' would give (5, 3)"),
        ("C[i] = A[i,j]", [(3, 4)], (4,), "'C[j] = A[i,j]' would give (4,)"),
        ("C[i] = A[i,j] + b[i]", [(3, 4), (3,)], (4,), None),
    ],
)
def test_of_an_array_of_another_shape_it_is_said_what_would_give_it(text, shapes, expected, hint):
    with pytest.raises(EinloopError) as refused:
        einloop.trace(text, shapes=shapes).first_difference(np.zeros(expected))
    assert (refused.value.id, refused.value.hint) == ("EL480", hint)


@pytest.mark.parametrize("text", ["ij,jk->ik", "C[i,k] = A[i,j]*B[j,k]", "C[i,k] = A[i,j]*B[j,k] + C[i,k]"])
def test_of_two_shapes_the_operand_is_named(text):
    arrays = {"A": np.ones((2, 3)), "B": np.ones((3, 4))}
    with pytest.raises(EinloopError) as refused:
        einloop.trace(text, load=arrays, shapes={"B": (3, 3)})
    assert refused.value.message == "shape (3, 3) for B, whose array has shape (3, 4)"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--nan"], ["looking at the steps ..."]),
        (["--nonfinite"], ["looking at the steps ..."]),
        (["--against", "[[0, 0], [0, 0]]"], ["comparing the elements ...", "computing the steps ..."]),
        (["--steps", "3"], ["computing the steps ..."]),
    ],
)
def test_a_terminal_is_told_what_takes_long(words, said, monkeypatch, capsys):
    entered = []

    class Told(ProgressLine):
        def __enter__(self):
            self.tell(entered.append(self.timer.args[0]) or "")
            return super().__enter__()

    monkeypatch.setattr("einloop.core.progress.is_terminal", lambda stream: True)
    monkeypatch.setattr("einloop.core.progress.ProgressLine", Told)
    monkeypatch.setattr("einloop.cli.trace.ProgressLine", Told)
    assert main(["trace", "ij,jk->ik", "-s", "2x3", "-s", "3x2", *words]) == 0
    assert entered == said
    printed = capsys.readouterr()
    assert printed.err.count(ERASE) >= 2 * len(said)  # what was told is wiped
    assert ERASE not in printed.out


@pytest.fixture
def in_folder(tmp_path, monkeypatch):
    """Let a test write files where it is."""
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize(
    ("expression", "meant", "said"),
    [
        ("bij,bkj->bik", "bij,bjk->bik", "'ijk,ikl->ijl' gives that array."),
        ("bij,bjk->bki", "bij,bjk->bik", "'ijk,ikl->ijl' gives that array."),
        ("bij,bij->bj", "bij,bij->bi", "'ijk,ijk->ij' gives that array."),
    ],
)
@pytest.mark.usefixtures("in_folder")
def test_what_gives_the_array_compared_with_is_named(expression, meant, said, capsys):
    rng = np.random.default_rng(0)
    arrays = {name: rng.integers(1, 99, (2, 3, 3)) for name in "AB"}
    for name, array in arrays.items():
        np.save(f"{name}.npy", array)
    wanted = np.einsum(meant, *arrays.values())
    words = ["trace", expression, "--load", "A=A.npy", "--load", "B=B.npy", "--against", "wanted.npy"]
    np.save("wanted.npy", wanted)
    assert main(words) == 0
    assert said in capsys.readouterr().err
    np.save("wanted.npy", wanted + 1)
    assert main(words) == 0
    assert "gives that array" not in capsys.readouterr().err
