"""einloop.einsum beyond np.einsum's values: warnings, large shapes, views, PyTorch's tensors and JAX' arrays."""

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
from einloop import EinloopWarning, dropin
from einloop.core.errors import DtypeError, EinloopError, NotationError, OptionError, ShapeError
from einloop.dropin import MANY_ELEMENTS

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


def test_the_checks_of_a_call_in_a_loop_run_once(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = []
    monkeypatch.setattr(dropin, "diagnose", lambda spec, dtypes: seen.append((spec.subscripts, dtypes)) or ())
    dropin._warned.cache_clear()
    for _ in range(3):
        einloop.einsum("ij,jk->ik", *ones((2, 3), (3, 4)))
    einloop.einsum("ij,jk->ik", *ones((2, 3), (3, 4), dtype="float32"))
    einloop.einsum("ij,jk->ik", *ones((2, 3), (3, 5)))
    dropin._warned.cache_clear()
    assert seen == [
        ("ij,jk->ik", ("float64", "float64")),
        ("ij,jk->ik", ("float32", "float32")),
        ("ij,jk->ik", ("float64", "float64")),
    ]


LONG = MANY_ELEMENTS // 3
"""Elements of a vector times a vector from which on there are too many for loops."""


def vectors(count: int, dtype: str = "int64") -> list[np.ndarray]:
    rng = np.random.default_rng(0)
    return [rng.integers(0, 5, count).astype(dtype) for _ in range(2)]


@pytest.mark.parametrize("optimize", [False, True, "greedy", "optimal", ["einsum_path", (0, 1)]], ids=str)
@pytest.mark.parametrize("dtype", ["int64", "float32", "complex64", "bool", "object", ">i4"])
@pytest.mark.parametrize("more", [0, 1])
@pytest.mark.filterwarnings("ignore::einloop.EinloopWarning")
def test_large_shapes_give_what_small_ones_give(more: int, dtype: str, optimize: Any) -> None:
    arrays = vectors(LONG + more, dtype)
    wanted = np.einsum("i,i->", *arrays)
    got = einloop.einsum("i,i->", *arrays, optimize=optimize)
    assert np.asarray(got).dtype == np.asarray(wanted).dtype or dtype == "object"
    assert got == wanted


def test_where_numpy_computes(monkeypatch: pytest.MonkeyPatch) -> None:
    used = []
    for name in ("_by_loops", "_by_numpy"):
        own = getattr(dropin, name)
        monkeypatch.setattr(dropin, name, lambda *given, own=own, name=name: (used.append(name), own(*given))[1])
    for count in (LONG, LONG + 1):
        einloop.einsum("i,i->", *vectors(count))
    assert used == ["_by_loops", "_by_numpy"]


def test_keywords_of_large_shapes() -> None:
    one, other = vectors(LONG + 1, "int32")
    out = np.zeros((), np.int64)
    assert einloop.einsum("i,i->", one, other, out=out) is out
    assert out == np.einsum("i,i->", one.astype(int), other.astype(int))
    assert einloop.einsum("i,i->", one, other, dtype=float, optimize=True).dtype == float
    assert einloop.einsum("i,i->", one * 0.5, other, dtype=int, casting="unsafe") == (one // 2 * other).sum()
    matrix = np.ones((1500, 1500))
    assert einloop.einsum("ij,ij->ij", matrix, matrix, order="F").flags.f_contiguous
    with pytest.raises(DtypeError) as refused:
        einloop.einsum("i,i->", one, other, dtype="int8")
    assert refused.value.id == "EL302"
    with pytest.raises(OptionError, match=r"EL402: optimize=\['einsum_path', \(0, 7\)\]: "):
        einloop.einsum("i,i,i->", one, other, other, optimize=["einsum_path", (0, 7)])


@pytest.mark.parametrize("operands", [(ROWS,), (ROWS, ROWS), (np.ones((LONG, 1)),) * 3], ids=["one", "two", "large"])
@pytest.mark.parametrize("optimize", ["foo", "Greedy", 0, 1, (), ["foo"], ("foo", 5), ("greedy",), [(0, 1)], 2.5])
def test_an_unknown_order_of_pairs_is_refused(optimize: Any, operands: tuple[np.ndarray, ...]) -> None:
    with pytest.raises(OptionError) as refused:
        einloop.einsum(",".join(["ij"] * len(operands)), *operands, optimize=optimize)
    assert str(refused.value) == (
        f"error EL402: optimize={optimize!r}\n"
        "hint: one of False, True, 'greedy', 'optimal', a pair such as ('greedy', 10**6), which limits the elements of "
        "a step, or a path such as ['einsum_path', (0, 1)]"
    )


@pytest.mark.parametrize("optimize", [None, True, "optimal", ("greedy", 10), ["optimal", 1e6], ["einsum_path", (0, 1)]])
@pytest.mark.parametrize("count", [3, LONG + 1], ids=["small", "large"])
def test_every_order_of_pairs_that_numpy_knows(optimize: Any, count: int) -> None:
    one, other = vectors(count)
    assert einloop.einsum("i,i->", one, other, optimize=optimize) == np.einsum("i,i->", one, other, optimize=optimize)


def test_three_large_operands_meet_in_one_dtype() -> None:
    flags = [np.ones((2, 300_000), bool), np.ones((300_000, 2), bool), np.full((2, 2), 3)]
    wanted = np.einsum("ij,jk,kl->il", *flags)
    for optimize in (False, True):
        assert einloop.einsum("ij,jk,kl->il", *flags, optimize=optimize).tolist() == wanted.tolist()


@pytest.mark.parametrize("kind", [ShapeError, NotationError])
def test_large_shapes_are_refused_as_small_ones_are(kind: type[EinloopError]) -> None:
    text = "i,i->" if kind is ShapeError else "i,i->k"
    with pytest.raises(kind):
        einloop.einsum(text, np.ones(LONG), np.ones(LONG + 1))


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
    return dropin.libraries.KINDS[LIBRARIES.index(library)].einsum


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
        (b"ij,jk->ki", one, other),
        (np.str_("ij,jk->ki"), one, other),
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
        ("i,i->", ((300,), (300,)), ("int8", "int8"), []),
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


def test_dtypes_of_jax_are_not_judged_by_numpys_rules() -> None:
    make = arrays_of("jax")
    assert caught(lambda: einloop.einsum("ij->i", make(np.ones((2, 3), bool)))) == []
    assert caught(lambda: einloop.einsum("i->", make(np.ones(300, np.int8)))) == []


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
    assert refused.value.message == f"{library}'s einsum has no keyword {next(iter(keywords))!r}"


@pytest.mark.parametrize("library", LIBRARIES)
@pytest.mark.parametrize("other", [np.ones(3), [1.0, 2.0, 3.0], "mixed"], ids=["numpy", "list", "mixed"])
def test_a_mixture_of_kinds_is_refused(library: str, other: Any) -> None:
    make = arrays_of(library)
    if isinstance(other, str):
        other = arrays_of(LIBRARIES[1 - LIBRARIES.index(library)])(np.ones(3, np.float32))
    for operands, place in (((make(numbers((3,))), other), 0), ((other, make(numbers((3,)))), 1)):
        with pytest.raises(OptionError) as refused:
            einloop.einsum("i,i->", *operands)
        assert refused.value.id == "EL415"
        assert (refused.value.operand, library in refused.value.message) == (
            1 if place == 0 else refused.value.operand,
            True,
        )


def test_unknown_keywords_of_numpy_are_type_errors() -> None:
    with pytest.raises(TypeError, match="einsum\\(\\) got an unexpected keyword argument 'precision'"):
        einloop.einsum("i->", [1, 2], precision="highest")


def test_other_libraries_are_not_imported() -> None:
    code = (
        "import sys, numpy, einloop\n"
        "einloop.einsum('ij,jk->ik', numpy.ones((2, 3)), numpy.ones((3, 4)))\n"
        "print([name for name in ('torch', 'jax', 'opt_einsum', 'black') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
