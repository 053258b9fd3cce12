"""einloop.einsum: the library's own einsum for the very same arguments, with our errors and warnings."""

from __future__ import annotations

import importlib.util
import pickle
import subprocess
import sys
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import einloop
from einloop import EinloopWarning
from einloop.core.errors import DtypeError, EinloopError, OptionError, ShapeError
from einloop.core.libraries import JAX, TORCH
from einloop.dropin.call import einsum_of
from einloop.dropin.kinds import key_of

ROWS = np.arange(6.0).reshape(3, 2)
LIBRARIES = ("torch", "jax")


def ones(*shapes: tuple[int, ...], dtype: str = "float64") -> list[np.ndarray]:
    return [np.ones(shape, dtype) for shape in shapes]


def caught(call: Callable[[], Any]) -> list[EinloopWarning]:
    """Return the warnings of einloop that a call gives."""
    with warnings.catch_warnings(record=True) as found:
        warnings.simplefilter("always")
        call()
    assert all(isinstance(one.message, EinloopWarning) for one in found)
    return [one.message for one in found if isinstance(one.message, EinloopWarning)]


@pytest.mark.parametrize(
    ("subscripts", "shapes", "ids"),
    [
        ("ij,jk->ik", ((2, 3), (3, 4)), []),
        ("ij->ji", ((2, 3),), []),
        ("kij", ((2, 3, 4),), []),
        ("i,j->ij", ((2,), (3,)), []),
        ("...i,i->...", ((2, 3), (3,)), []),
        ("ii", ((3, 3),), []),
        (",", ((), ()), []),
        ("ij,jk->ik", ((2, 0), (0, 3)), []),
        ("oi,k->o", ((3, 2), (2,)), ["EL703"]),
        ("ik,jk->ij", ((4, 1), (1, 3)), ["EL701"]),
    ],
)
def test_only_warnings_are_given(subscripts: str, shapes: tuple[tuple[int, ...], ...], ids: list[str]) -> None:
    arrays = ones(*shapes)
    found = caught(lambda: einloop.einsum(subscripts, *arrays))
    assert [warning.id for warning in found] == ids
    assert [str(warning).partition(":")[0] for warning in found] == ids


def test_a_warning_shows_the_line_the_places_and_the_fix() -> None:
    with pytest.warns(EinloopWarning) as found:
        einloop.einsum("oi,k->o", ROWS, np.ones(2))
    assert found[0].filename == __file__
    sentence, *rest = str(found[0].message).split("\n")
    assert sentence.startswith("EL703: i and k each stand in one operand only")
    assert rest == ["  oi,k->o", "   ^ ^", "hint: write 'oi,i->o', which gives shape (3,)"]


def test_a_warning_can_be_filtered_by_its_id() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        warnings.filterwarnings("ignore", message="EL703", category=EinloopWarning)
        einloop.einsum("oi,k->o", ROWS, np.ones(2))
        with pytest.raises(EinloopWarning, match="EL701"):
            einloop.einsum("ik,jk->ij", *ones((4, 1), (1, 3)))


def test_a_warning_is_found_in_every_call_form() -> None:
    calls = [
        lambda: einloop.einsum(b"oi,k->o", ROWS, np.ones(2)),
        lambda: einloop.einsum(np.str_("o i , k -> o"), ROWS.tolist(), [1, 1]),
        lambda: einloop.einsum(ROWS, [0, 1], np.ones(2), [2], [0]),
        lambda: einloop.einsum("oi,k->o", ROWS, np.ones(2), out=np.zeros(3)),
    ]
    assert [[warning.id for warning in caught(call)] for call in calls] == [["EL703"]] * 4


def test_a_warning_survives_pickling() -> None:
    warning = pickle.loads(pickle.dumps(EinloopWarning("EL703", "nobody")))
    assert (warning.id, warning.text, str(warning)) == ("EL703", "nobody", "EL703: nobody")
    assert isinstance(warning, UserWarning)


def test_a_dtype_that_holds_the_sum_says_nothing() -> None:
    small = np.full(200, 100, np.int8)
    assert [warning.id for warning in caught(lambda: einloop.einsum("i,i->", small, small))] != []
    assert caught(lambda: einloop.einsum("i,i->", small, small, dtype=np.int64)) == []


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (("ij->i", ROWS), ("ij->i", ROWS + 1), True),
        (("ij->i", ROWS), ("ij->j", ROWS), False),
        (("ij->i", ROWS), ("ij->i", ROWS.T), False),
        (("ij->i", ROWS), ("ij->i", ROWS.astype("f4")), False),
        (("ij->i", ROWS), (ROWS, [0, 1], [0]), False),
        ((ROWS, [0, 1], [0]), (ROWS, (0, 1), range(1)), True),
        (("i->", [1, 2]), ("i->", [3, 4]), True),
        (("i->", [1, 2]), ("i->", [1.5, 2.5]), False),
        ((",", 1, 2.0), (",", 3, 4.0), True),
        ((",", 1, 2.0), (",", 2**70, 4.0), False),
    ],
)
def test_what_makes_a_kind_of_call(one: tuple[Any, ...], other: tuple[Any, ...], same: bool) -> None:
    for call in (one, other):
        einloop.einsum(*call)
    assert key_of(one, {}) is not None
    assert (key_of(one, {}) == key_of(other, {})) == same


def test_keywords_make_a_kind_of_call() -> None:
    einloop.einsum("ij->i", ROWS)
    asked: list[dict[str, Any]] = [{}, {"dtype": "f4"}, {"out": np.zeros(3)}, {"optimize": True}]
    assert len({key_of(("ij->i", ROWS), keywords) for keywords in asked}) == len(asked)


def values(shape: tuple[int, ...], dtype: str) -> np.ndarray:
    return (np.arange(int(np.prod(shape))) % 7 + 1).reshape(shape).astype(dtype)


SAME = [
    ("ij,jk->ik", ((2, 3), (3, 4)), {}),
    ("ij,jk->ki", ((2, 3), (3, 4)), {}),
    ("ij->ji", ((2, 3),), {}),
    ("ii->i", ((3, 3),), {}),
    ("i->", ((4000,),), {}),
    ("ij->j", ((5000, 2),), {}),
    ("...ij,...jk->...ik", ((5, 2, 3), (3, 4)), {}),
    ("ij,jk,kl->il", ((2, 3), (3, 4), (4, 2)), {"optimize": True}),
    ("ij,jk,kl->il", ((2, 3), (3, 4), (4, 2)), {"optimize": ["einsum_path", (1, 2), (0, 1)]}),
    ("ij,jk,kl->il", ((2, 3), (3, 4), (4, 2)), {"optimize": ("greedy", 100)}),
    *[("ij,jk->ki", ((2, 3), (3, 4)), {"order": order}) for order in "KACFkacf"],
    ("ij->ji", ((2, 3),), {"order": "F", "dtype": "f4"}),
    ("ij,ij->ij", ((3, 4), (3, 4)), {"dtype": "f8", "casting": "same_kind"}),
    ("i,i->", ((0,), (0,)), {}),
    (",", ((), ()), {}),
]


@pytest.mark.parametrize("dtype", ["float16", "float32", "float64", "complex64", "bool", "int8", "object", ">f8"])
@pytest.mark.parametrize(("subscripts", "shapes", "keywords"), SAME)
@pytest.mark.filterwarnings("ignore::einloop.EinloopWarning")
def test_the_result_is_numpys_to_the_last_bit(
    subscripts: str, shapes: tuple[tuple[int, ...], ...], keywords: dict[str, Any], dtype: str
) -> None:
    arrays = [values(shape, dtype) for shape in shapes]
    for operands in (arrays, [array.copy("F") for array in arrays], [array[...] for array in arrays]):
        try:
            wanted = np.einsum(subscripts, *operands, **keywords)
        except TypeError:
            with pytest.raises(DtypeError):
                einloop.einsum(subscripts, *operands, **keywords)
            continue
        got = einloop.einsum(subscripts, *operands, **keywords)
        assert type(got) is type(wanted)
        assert np.asarray(got).tobytes() == np.asarray(wanted).tobytes() or dtype == "object"
        if isinstance(wanted, np.ndarray):
            assert (got.dtype, got.strides, got.flags.writeable) == (
                wanted.dtype,
                wanted.strides,
                wanted.flags.writeable,
            )
            assert np.shares_memory(got, operands[0]) == np.shares_memory(wanted, operands[0])


def test_narrow_sums_are_numpys() -> None:
    assert einloop.einsum("i->", np.ones(4000, "f2")) == 4000
    big = np.array([300, 300, 300, -300], "f2"), np.array([200, 200, -200, 200], "f2")
    assert einloop.einsum("i,i->", *big) == 0
    assert einloop.einsum("i->", np.full(10**6, 0.1, "f4")) == np.einsum("i->", np.full(10**6, 0.1, "f4"))


def test_out_is_filled_and_given_back() -> None:
    out = np.zeros((), np.int64)
    small = np.full(3, 100, np.int8)
    assert caught(lambda: einloop.einsum("i,i->", small, small, out=out)) == []
    assert out == 30000
    assert einloop.einsum("i,i->", small, small, out=out) is out
    larger = np.zeros(3, int)
    assert einloop.einsum("i->i", [5], out=larger).tolist() == [5, 5, 5]


class Owner:
    """An array type of somebody else, which takes over the call."""

    def __array_function__(self, function: Any, types: Any, arguments: Any, keywords: Any) -> Any:
        return function is np.einsum, arguments, keywords

    @property
    def shape(self) -> tuple[int, ...]:
        raise RuntimeError("not to be looked at")


def test_arrays_that_take_over_the_call_get_it_as_it_is() -> None:
    owner = Owner()
    for arguments in (("nonsense", owner), ("ij,jk", owner, ROWS), (owner, [0, 1]), ("i->", owner, owner)):
        assert einloop.einsum(*arguments, optimize="whatever") == (True, arguments, {"optimize": "whatever"})


def test_a_subclass_that_takes_over_the_call_gets_it_as_it_is() -> None:
    class Marked(np.ndarray):
        def __array_function__(self, function: Any, types: Any, arguments: Any, keywords: Any) -> Any:
            return "marked", arguments[0]

    assert caught(lambda: einloop.einsum("oi,k->o", ROWS.view(Marked), np.ones(2))) == []
    assert einloop.einsum("oi,k->o", ROWS.view(Marked), np.ones(2)) == ("marked", "oi,k->o")


def test_masked_arrays_are_warned_of() -> None:
    hidden = np.ma.array([1.0, 2.0, 4.0], mask=[0, 1, 0])
    (warning,) = caught(lambda: einloop.einsum("i,i->", np.ones(3), hidden))
    assert str(warning) == (
        "EL747: Operand 1 is a masked array: np.einsum does not look at the mask and computes with the hidden values "
        "too; fill them first, as with a.filled(0)."
    )
    assert len(caught(lambda: einloop.einsum("i->", hidden))) == 1
    assert caught(lambda: einloop.einsum("i->", np.ma.array([1.0, 2.0]))) == []
    assert caught(lambda: einloop.einsum("i->", np.ma.array([1.0, 2.0], mask=[0, 0]))) == []


def test_lists_of_labels_that_are_read_once() -> None:
    assert einloop.einsum(ROWS, iter([0, 1]), iter([1, 0])).tolist() == ROWS.T.tolist()
    assert einloop.einsum(ROWS, (n for n in (0, 1)), {0}).tolist() == ROWS.sum(1).tolist()


@pytest.mark.parametrize(
    ("call", "kind", "id"),
    [
        (einloop.einsum, ValueError, "EL475"),
        (lambda: einloop.einsum("i->", ROWS[0], axis=0), TypeError, "EL476"),
        (lambda: einloop.einsum("i->", ROWS[0], order="W"), ValueError, "EL469"),
        (lambda: einloop.einsum("i,i->", ROWS[0], ROWS[0], order=5), TypeError, "EL469"),
        (lambda: einloop.einsum("i,i->", ROWS[0], ROWS[0], casting="blah"), ValueError, "EL469"),
        (lambda: einloop.einsum("i,i->", ROWS[0], ROWS[0], out="x"), TypeError, "EL477"),
        (lambda: einloop.einsum("i,i->i", ROWS[0], ROWS[0], out=np.zeros((2, 1))), ValueError, "EL207"),
        (lambda: einloop.einsum("i->", np.arange(3), dtype="f4"), TypeError, "EL302"),
        (lambda: einloop.einsum("i->", np.arange(3.0), dtype="i1"), TypeError, "EL302"),
        (lambda: einloop.einsum("i->", [[1, 2], [3]]), ValueError, "EL209"),
        (lambda: einloop.einsum("i,i->", [1, 2], {1, 2}), ValueError, "EL209"),
        (lambda: einloop.einsum("i->", (n for n in range(3))), ValueError, "EL209"),
        (lambda: einloop.einsum("i->", None), ValueError, "EL209"),
        (lambda: einloop.einsum("i->", np.array(["a"])), TypeError, "EL301"),
        (lambda: einloop.einsum("i->", ROWS[0], dtype="x"), TypeError, "EL301"),
        (lambda: einloop.einsum(ROWS, [True, False]), TypeError, "EL121"),
        (lambda: einloop.einsum(ROWS, 5), TypeError, "EL120"),
        (lambda: einloop.einsum(ROWS, [0, 1], optimize=True, out_of="x"), TypeError, "EL476"),
        (lambda: einloop.einsum("i,i->", ROWS[0], ROWS[0], optimize=["einsum_path", (0, 7)]), IndexError, "EL431"),
        (
            lambda: einloop.einsum("i,i->", ROWS[0], ROWS[0], optimize=["einsum_path", (2, 3), (0, 1)]),
            Exception,
            "EL431",
        ),
        (
            lambda: einloop.einsum("ij,jk,kl->il", ROWS, ROWS.T, ROWS, optimize=["einsum_path", (0,)]),
            RuntimeError,
            "EL431",
        ),
    ],
)
def test_an_error_is_of_the_librarys_class_too(call: Callable[[], Any], kind: type[Exception], id: str) -> None:
    with pytest.raises(kind) as refused:
        call()
    assert isinstance(refused.value, EinloopError)
    assert refused.value.id == id
    assert len(refused.value.__notes__) == 1
    again = pickle.loads(pickle.dumps(refused.value))
    assert isinstance(again, kind)
    assert str(again) == str(refused.value)


@pytest.mark.parametrize(
    "call",
    [
        lambda einsum: einsum("ii->i", np.zeros((0, 3))),
        lambda einsum: einsum("iij->ij", np.ones((0, 3, 2))),
        lambda einsum: einsum("i\0->q!!", np.arange(3)),
        lambda einsum: einsum(",".join(["iii"] * 43), *[np.ones((3, 3, 3))] * 43),
    ],
    ids=["diagonal", "diagonal of three", "a zero byte", "129 times"],
)
def test_what_numpy_answers_wrongly_is_refused(call: Callable[[Any], Any]) -> None:
    call(np.einsum)
    with pytest.raises(EinloopError):
        call(einloop.einsum)


def test_optimize_none_is_not_optimize_false() -> None:
    with pytest.warns(EinloopWarning, match="EL734"):
        assert einloop.einsum("...i->i", ROWS, optimize=None).tolist() == ROWS.sum(0).tolist()


@pytest.mark.parametrize("optimize", [True, "greedy"])
def test_what_optimize_takes_is_computed_with_a_warning(optimize: Any) -> None:
    with pytest.warns(EinloopWarning, match="EL734"):
        assert einloop.einsum("...i->i", ROWS, optimize=optimize).tolist() == ROWS.sum(0).tolist()
    with pytest.warns(EinloopWarning, match="EL737"):
        assert einloop.einsum(",".join(["i"] * 64) + "->", *[np.ones(2)] * 64, optimize=optimize) == 2
    mixed = [np.ones((2, 3), bool), np.ones((3, 2), bool), np.ones((2, 2), int)]
    with pytest.warns(EinloopWarning, match="EL739"):
        assert einloop.einsum("ij,jk,kl->il", *mixed, optimize=optimize).tolist() == [[2, 2], [2, 2]]
    call = ("ii,->", np.ones((2, 2), bool), 4)
    found = caught(lambda: einloop.einsum(*call, optimize=optimize))
    assert [warning.id for warning in found] == ["EL739", "EL705"]
    assert "sums over i, which stands in one operand alone, before it multiplies" in str(found[0])


@pytest.mark.parametrize("keywords", [{"dtype": "nonsense"}, {"dtype": 5}, {"casting": []}, {"order": []}, {"out": 5}])
def test_keywords_of_no_kind_are_refused_as_numpy_refuses_them(keywords: dict[str, Any]) -> None:
    for operands in (("i->", ROWS[0]), ("ij,ij->", ROWS, ROWS)):
        _, error = outcome(lambda operands=operands: np.einsum(*operands, **keywords))
        assert error is not None
        with pytest.raises(error):
            einloop.einsum(*operands, **keywords)


def test_a_cast_that_is_allowed_later_is_warned_of_then() -> None:
    many = np.full(300, 100.0)
    for _ in range(2):
        with pytest.raises(DtypeError):
            einloop.einsum("i->", many, dtype="i1")
        unsafe = caught(lambda: einloop.einsum("i->", many, dtype="i1", casting="unsafe"))
        assert [warning.id for warning in unsafe] == ["EL708"]


def test_memory_that_there_is_not_is_numpys_own_error() -> None:
    with pytest.raises(MemoryError) as refused:
        einloop.einsum("i,j,k->ijk", *[np.broadcast_to(1.0, 10**6)] * 3)
    assert not isinstance(refused.value, EinloopError)


REPLACED = """
import sys
import numpy as np
np.einsum = lambda *operands, **keywords: __import__("einloop").einsum(*operands, **keywords)
print(np.einsum("ij,jk->ik", np.ones((2, 3)), np.ones((3, 4))).tolist())
import einloop
np.einsum = np._core.einsumfunc.einsum = einloop.einsum
print(np.einsum("i,i->", [1, 2], [3, 4], optimize=True))
for library in sys.argv[1:]:
    if library == "torch":
        import torch
        torch.functional.einsum = einloop.einsum
        einsum = torch.functional.einsum
        print(einsum("ij->j", torch.ones(2, 3)).tolist(), einsum("i,i->", [torch.ones(2)] * 2).tolist())
        torch.einsum = lambda *operands: einloop.einsum(*operands)
        print(torch.einsum("ij->j", torch.ones(2, 3)).tolist(), torch.einsum("i,i->", [torch.ones(2)] * 2).tolist())
    else:
        import jax.numpy as jnp
        jnp.einsum = lambda *operands, **keywords: einloop.einsum(*operands, **keywords)
        print(jnp.einsum("ij->j", jnp.ones((2, 3))).tolist())
"""


def test_it_stands_in_for_every_einsum_without_calling_itself() -> None:
    here = [library for library in LIBRARIES if importlib.util.find_spec(library) is not None]
    done = subprocess.run([sys.executable, "-c", REPLACED, *here], capture_output=True, text=True, check=True)
    lines = {"torch": "[2.0, 2.0, 2.0] 2.0\n[2.0, 2.0, 2.0] 2.0", "jax": "[2.0, 2.0, 2.0]"}
    wanted = ["[[3.0, 3.0, 3.0, 3.0], [3.0, 3.0, 3.0, 3.0]]", "11", *(lines[library] for library in here)]
    assert done.stdout == "\n".join(wanted) + "\n"


def outcome(call: Callable[[], Any]) -> tuple[Any, type[Exception] | None]:
    """Return what a call gives, and the class of what it raises."""
    try:
        return call(), None
    except Exception as error:
        return None, type(error)


@pytest.mark.parametrize("operands", [(ROWS,), (ROWS, ROWS), (ROWS,) * 3], ids=["one", "two", "three"])
@pytest.mark.parametrize("optimize", ["foo", "Greedy", 0, 1, (), ["foo"], ("foo", 5), ("greedy",), [(0, 1)], 2.5])
def test_an_unknown_order_of_pairs_is_refused_where_numpy_refuses(
    optimize: Any, operands: tuple[np.ndarray, ...]
) -> None:
    call = (",".join(["ij"] * len(operands)), *operands)
    wanted, error = outcome(lambda: np.einsum(*call, optimize=optimize))
    if error is not None:
        with pytest.raises(OptionError) as refused:
            einloop.einsum(*call, optimize=optimize)
        assert isinstance(refused.value, error)
        assert str(refused.value) == (
            f"error EL431: optimize={optimize!r}\n"
            "hint: one of False, True, 'greedy', 'optimal', a pair such as ('greedy', 10**6), which limits the "
            "elements of a step, or a path such as ['einsum_path', (0, 1)]"
        )
    else:
        assert einloop.einsum(*call, optimize=optimize).tolist() == wanted.tolist()


def arrays_of(library: str) -> Callable[[Any], Any]:
    """Return what makes an array of a library from numpy's; skip where it is not installed."""
    if importlib.util.find_spec(library) is None:
        pytest.skip(f"{library} is not installed")
    if library == "torch":
        import torch

        return torch.as_tensor
    import jax.numpy as jnp

    return jnp.asarray


def own_einsum(library: str) -> Callable[..., Any]:
    return einsum_of((TORCH, JAX)[LIBRARIES.index(library)])


def numbers(shape: tuple[int, ...], dtype: str = "float32") -> np.ndarray:
    return np.array(np.arange(int(np.prod(shape))) % 7).reshape(shape).astype(dtype)


@pytest.mark.parametrize("library", LIBRARIES)
@pytest.mark.parametrize(
    ("subscripts", "shapes", "dtype"),
    [
        ("ij,jk->ik", ((2, 3), (3, 4)), "float32"),
        ("ij,jk->ik", ((200, 300), (300, 400)), "float32"),
        ("ij->ji", ((2, 3),), "int32"),
        ("ii->i", ((3, 3),), "float32"),
        ("...ij,...jk->...ik", ((5, 2, 3), (3, 4)), "float32"),
        (",", ((), ()), "float32"),
        ("i...", ((2, 3),), "complex64"),
        (" i j , j -> i ", ((2, 3), (3,)), "float16"),
        ("ij,j->i", ((2, 0), (0,)), "float32"),
        ("i,j,k->ijk", ((2,), (3,), (4,)), "float32"),
    ],
)
def test_other_arrays_are_computed_by_their_library(
    library: str, subscripts: str, shapes: tuple[tuple[int, ...], ...], dtype: str
) -> None:
    make = arrays_of(library)
    operands = [make(numbers(shape, dtype)) for shape in shapes]
    got, wanted = einloop.einsum(subscripts, *operands), own_einsum(library)(subscripts, *operands)
    assert type(got) is type(wanted)
    assert got.dtype == wanted.dtype
    assert np.asarray(got).tolist() == np.asarray(wanted).tolist()


@pytest.mark.parametrize("library", LIBRARIES)
def test_every_call_form_of_other_arrays(library: str) -> None:
    make = arrays_of(library)
    one, other = make(numbers((2, 3))), make(numbers((3, 4)))
    wanted = np.einsum("ij,jk->ki", numbers((2, 3)), numbers((3, 4))).tolist()
    for arguments in (
        ("ij,jk->ki", one, other),
        (one, [0, 1], other, [1, 2], [2, 0]),
    ):
        assert np.asarray(einloop.einsum(*arguments)).tolist() == wanted


@pytest.mark.parametrize("library", LIBRARIES)
@pytest.mark.parametrize(
    ("text", "shapes", "id"),
    [
        ("ij,jk->ik", ((2, 3), (4, 2)), "EL205"),
        ("ij,jk->ik", ((2, 3),), "EL201"),
        ("ij", ((2, 3, 4),), "EL202"),
        ("ij->k", ((2, 3),), "EL106"),
        ("ij->ii", ((2, 3),), "EL105"),
        ("ij=>ji", ((2, 3),), "EL101"),
        ("...i,...i->i", ((2, 3), (2, 4)), "EL204"),
        ("ii->i", ((2, 3),), "EL205"),
    ],
)
def test_other_arrays_get_our_errors(library: str, text: str, shapes: tuple[tuple[int, ...], ...], id: str) -> None:
    make = arrays_of(library)
    with pytest.raises(EinloopError) as refused:
        einloop.einsum(text, *(make(numbers(shape)) for shape in shapes))
    assert refused.value.id == id


@pytest.mark.parametrize("library", LIBRARIES)
def test_other_arrays_get_our_warnings(library: str) -> None:
    make = arrays_of(library)
    with pytest.warns(EinloopWarning, match="EL703") as found:
        einloop.einsum("oi,k->o", make(ROWS), make(np.ones(2)))
    assert found[0].filename == __file__


@pytest.mark.parametrize("library", LIBRARIES)
def test_what_numpy_alone_refuses_is_computed_with_a_warning(library: str) -> None:
    make = arrays_of(library)
    with pytest.warns(EinloopWarning, match="EL734: np.einsum refuses to lose the axis"):
        got = einloop.einsum("...i->i", make(numbers((2, 3))))
    assert np.asarray(got).tolist() == numbers((2, 3)).sum(0).tolist()
    with pytest.warns(EinloopWarning, match="EL737: np.einsum takes at most 63 operands"):
        got = einloop.einsum(",".join(["i"] * 64) + "->", *[make(np.ones(2, np.float32))] * 64)
    assert float(got) == 2


def test_labels_that_jax_alone_takes() -> None:
    make = arrays_of("jax")
    with pytest.warns(EinloopWarning, match="EL736"):
        got = einloop.einsum("αβ->βα", make(numbers((2, 3))))
    assert got.shape == (3, 2)
    with pytest.warns(EinloopWarning, match="EL735"):
        einloop.einsum("ii->i", make(numbers((3, 1))))


def test_gradients_of_torch() -> None:
    make = arrays_of("torch")
    one, other = make(numbers((2, 3))).requires_grad_(), make(numbers((3, 4))).requires_grad_()
    einloop.einsum("ij,jk->ik", one, other).sum().backward()
    assert one.grad.tolist() == [numbers((3, 4)).sum(1).tolist()] * 2
    view = einloop.einsum("ij->ji", make(numbers((2, 3))))
    assert view._base is not None


def test_torch_refuses_two_dtypes_in_our_words() -> None:
    make = arrays_of("torch")
    with pytest.raises(DtypeError) as refused:
        einloop.einsum("ij,jk->ik", make(numbers((2, 3))), make(numbers((3, 2), "float64")))
    assert str(refused.value) == (
        "error EL303: torch.einsum contracts two operands of one dtype only; over j they are float32 and float64."
    )


@pytest.mark.parametrize(
    ("subscripts", "shapes", "dtypes", "ids"),
    [
        ("ij->i", ((2, 3),), ("bool",), ["EL738"]),
        ("i->", ((300,),), ("int8",), ["EL738"]),
        ("i,i->", ((300,), (300,)), ("int64", "int64"), []),
        ("i,i->", ((300,), (300,)), ("int8", "int8"), ["EL708"]),
        ("ij,j->i", ((2, 300), (300,)), ("uint8", "uint8"), ["EL708"]),
        ("i,i->i", ((3,), (3,)), ("int32", "float32"), ["EL738"]),
        ("ij,jk,kl->il", ((2, 3), (3, 2), (2, 2)), ("bool", "int64", "int64"), ["EL745"]),
        ("oi,k->o", ((3, 2), (2,)), ("int8", "int8"), ["EL738", "EL703"]),
        ("...i->i", ((2, 3),), ("int32",), ["EL734", "EL738"]),
    ],
)
def test_dtypes_of_torch_are_judged_by_its_rules(
    subscripts: str, shapes: tuple[tuple[int, ...], ...], dtypes: tuple[str, ...], ids: list[str]
) -> None:
    make = arrays_of("torch")
    operands = [make(np.ones(shape, dtype)) for shape, dtype in zip(shapes, dtypes, strict=True)]
    found = []
    with warnings.catch_warnings(record=True) as given:
        warnings.simplefilter("always")
        try:
            einloop.einsum(subscripts, *operands)
        except RuntimeError:
            assert "EL745" in ids  # torch itself refuses, as the warning says
    found = [one.message for one in given if isinstance(one.message, EinloopWarning)]
    assert [warning.id for warning in found] == ids
    assert not any("np.int64" in str(warning) for warning in found)


def test_narrow_sums_of_jax_wrap_as_numpys_do() -> None:
    make = arrays_of("jax")
    assert caught(lambda: einloop.einsum("ij->i", make(np.ones((2, 3), np.int32)))) == []
    (warning,) = caught(lambda: einloop.einsum("i->", make(np.ones(300, np.int8))))
    assert warning.id == "EL708"
    assert "np.int64" not in str(warning)
    wide = {"preferred_element_type": "int32"}
    assert caught(lambda: einloop.einsum("i->", make(np.ones(300, np.int8)), **wide)) == []


def test_a_dtype_that_numpy_has_not() -> None:
    arrays_of("torch")
    import torch

    one = torch.ones((2, 3), dtype=torch.bfloat16)
    assert einloop.einsum("ij,kj->ik", one, one).dtype == torch.bfloat16


def test_transformations_of_jax() -> None:
    make = arrays_of("jax")
    import jax

    def squares(a: Any) -> Any:
        return einloop.einsum("ij,ij->", a, a)

    value = make(numbers((2, 3)))
    assert jax.grad(squares)(value).tolist() == (2 * numbers((2, 3))).tolist()
    assert float(jax.jit(squares)(value)) == float((numbers((2, 3)) ** 2).sum())
    assert jax.vmap(lambda a: einloop.einsum("i,i->", a, a))(value).shape == (2,)
    with pytest.raises(ShapeError):
        jax.jit(lambda a: einloop.einsum("ij,jk->ik", a, a))(value)


def test_keywords_of_jax() -> None:
    make = arrays_of("jax")
    value = make(numbers((2, 3), "float16"))
    assert einloop.einsum("ij,ij->", value, value, preferred_element_type="float32").dtype == "float32"
    assert einloop.einsum("i,i,i->", *[value[0]] * 3, optimize="greedy", precision="highest").shape == ()
    assert einloop.einsum("i,->i", value[0], 2.0).shape == (3,)


@pytest.mark.parametrize(
    ("library", "keywords"),
    [
        ("torch", {"out": np.zeros(2)}),
        ("torch", {"dtype": "float32"}),
        ("torch", {"order": "F"}),
        ("torch", {"casting": "unsafe"}),
        ("torch", {"optimize": True}),
        ("torch", {"precision": "highest"}),
        ("jax", {"out": np.zeros(2)}),
        ("jax", {"dtype": "float32"}),
        ("jax", {"order": "F"}),
        ("jax", {"casting": "unsafe"}),
        ("jax", {"axis": 0}),
    ],
)
def test_keywords_that_a_library_has_not(library: str, keywords: dict[str, Any]) -> None:
    make = arrays_of(library)
    with pytest.raises(OptionError) as refused:
        einloop.einsum("ij->i", make(numbers((2, 3))), **keywords)
    assert refused.value.message == f"einsum() got an unexpected keyword argument {next(iter(keywords))!r}"
    assert str(refused.value.hint).startswith(f"{library}'s einsum takes ")


@pytest.mark.parametrize(
    ("library", "other"),
    [("torch", np.ones(3)), ("torch", [1.0, 2.0, 3.0]), ("jax", [1.0, 2.0, 3.0]), ("torch", "jax"), ("jax", "torch")],
    ids=str,
)
def test_a_mixture_of_kinds_is_refused(library: str, other: Any) -> None:
    make = arrays_of(library)
    if isinstance(other, str):
        other = arrays_of(other)(np.ones(3, np.float32))
    with pytest.raises(OptionError) as refused:
        einloop.einsum("i,i->", make(numbers((3,))), other)
    assert refused.value.id == "EL415"
    assert refused.value.operand == 1
    assert isinstance(refused.value, TypeError)
    assert refused.value.message.startswith(f"operand 0 is an array of {library}, operand 1 is a ")


def test_jax_takes_arrays_of_numpy_among_its_own() -> None:
    make = arrays_of("jax")
    mixed = make(numbers((2, 3))), numbers((3,))
    assert type(einloop.einsum("ij,j->i", *mixed)) is type(mixed[0])
    with pytest.raises(ShapeError):
        einloop.einsum("ij,i->j", *mixed)


def test_other_libraries_are_not_imported() -> None:
    code = (
        "import sys, numpy, einloop\n"
        "einloop.einsum('ij,jk->ik', numpy.ones((2, 3)), numpy.ones((3, 4)))\n"
        "print([name for name in ('torch', 'jax', 'opt_einsum', 'black') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
