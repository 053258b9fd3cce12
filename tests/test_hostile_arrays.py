"""Arrays that raise, lie, or are more than their numbers: in every face an answer that is right, or an EinloopError."""

import contextlib
import warnings

import numpy as np
import pytest

import einloop
from einloop.core.errors import DtypeError, EinloopError, OptionError, ShapeError
from einloop.runners.compiler import find_compiler

torch = pytest.importorskip("torch")
jax = pytest.importorskip("jax")

A = np.arange(6.0).reshape(2, 3)
TARGETS = ("numpy", "python", *(["c"] if find_compiler() is not None else []))


class Raises:
    """Its conversion raises; where numpy looks for it depends on the name."""

    def __init__(self, name, error):
        self.name, self.error = name, error

    def __getattribute__(self, name):
        if name == object.__getattribute__(self, "name"):
            raise object.__getattribute__(self, "error")
        return object.__getattribute__(self, name)


class Converts:
    def __init__(self, made):
        self.made = made

    def __array__(self, *_, **__):
        if isinstance(self.made, BaseException):
            raise self.made
        return self.made


class MuteError(RuntimeError):
    def __str__(self):
        raise KeyError("no words")


class AllRaises:
    def __getattr__(self, name):
        raise RuntimeError(f"no {name}")


class Proxy:
    """What asks for its class gets an error."""

    @property
    def __class__(self):
        raise RuntimeError("no class")


class Rows:
    """A sequence whose rows cannot be read."""

    def __len__(self):
        return 2

    def __getitem__(self, place):
        raise OSError("a file that is gone")


class LyingShape(np.ndarray):
    shape = property(lambda self: (7, 7))


class RaisingShape(np.ndarray):
    shape = property(lambda self: 1 / 0)
    dtype = property(lambda self: 1 / 0)


class Interface:
    def __init__(self, **facts):
        self.__array_interface__ = {"version": 3, "typestr": "<f8", "shape": (2, 3), **facts}


def tensor(**keywords):
    return torch.ones(2, 3, **keywords)


def complex_tensor():
    return torch.ones(2, 3, dtype=torch.complex64).conj()


with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    MATRIX = np.matrix(A)
    TENSORS = {
        "requires a gradient": (tensor(requires_grad=True), ".detach()"),
        "comes of a gradient": (tensor(requires_grad=True) * 2, ".detach()"),
        "conjugated": (complex_tensor(), ".resolve_conj()"),
        "negated": (complex_tensor().imag, ".resolve_neg()"),
        "without values": (tensor(device="meta"), None),
        "sparse": (tensor().to_sparse(), ".to_dense()"),
        "sparse by rows": (tensor().to_sparse_csr(), ".to_dense()"),
        "quantised": (torch.quantize_per_tensor(tensor(), 0.1, 0, torch.qint8), ".dequantize()"),
        "nested": (torch.nested.nested_tensor([torch.ones(2), torch.ones(3)]), "to_padded_tensor"),
    }
RAISING = {
    "runtime": (Converts(RuntimeError("no values")), RuntimeError),
    "type": (Converts(TypeError("no values")), TypeError),
    "key": (Converts(KeyError("no values")), KeyError),
    "attribute": (Converts(AttributeError("no values")), AttributeError),
    "zero": (Converts(ZeroDivisionError()), ValueError),
    "memory": (Converts(MemoryError("no values")), MemoryError),
    "recursion": (Converts(RecursionError("too deep")), RuntimeError),
    "an error without words": (Converts(MuteError()), RuntimeError),
    "no array": (Converts("text"), ValueError),
    "looked for": (Raises("__array__", RuntimeError("no values")), RuntimeError),
    "interface": (Raises("__array_interface__", RuntimeError("no values")), RuntimeError),
    "struct": (Raises("__array_struct__", RuntimeError("no values")), RuntimeError),
    "all": (AllRaises(), RuntimeError),
    "wrong interface": (Interface(typestr="nonsense", data=(0, True)), ValueError),
    "no pair": (Interface(data=7, shape="ab"), ValueError),
    "rows": (Rows(), ValueError),
    "in a list": ([Converts(RuntimeError("no values")), 1.0], ValueError),
    "tensors in a list": ([tensor(requires_grad=True)[0], tensor()[0]], ValueError),
    "a class": (Proxy(), EinloopError),
}
NO_NUMBERS = {
    "strings": np.array([["a", "b", "c"]] * 2),
    "bytes": np.array([[b"a", b"b", b"c"]] * 2),
    "dates": np.zeros((2, 3), "M8[s]"),
    "spans": np.zeros((2, 3), "m8[ms]"),
    "records": np.zeros((2, 3), "f4,i4"),
    "raw": np.zeros((2, 3), "V4"),
}
GIVEN = {
    "check": lambda a: einloop.check("ij->i", load=[a]),
    "check there": lambda a: einloop.check("ij->i", load=[a], dialect="torch"),
    "explain": lambda a: einloop.explain("ij->i", load=[a]),
    "stages": lambda a: einloop.stages("ij->i", load=[a]),
    "generate": lambda a: einloop.generate("ij->i", load=[a]),
    "verify": lambda a: einloop.verify("ij->i", arrays=[a]),
    "verify, loaded": lambda a: einloop.verify("ij->i", load=[a]),
    "why": lambda a: einloop.why("ij->i", a, at=0),
    "why, loaded": lambda a: einloop.why("ij->i", load=[a], at=0),
    "diff": lambda a: einloop.diff("ij->i", "ab->a", load=[a]),
    "equivalent": lambda a: einloop.equivalent("ij->i", "ab->a", load=[a]),
    "bench": lambda a: einloop.bench("ij->i", load=[a], targets=["python"], seconds=0.01, rounds=1),
}
COMPUTING = {
    **{f"compile, {target}": einloop.compile("ij->i", target=target) for target in TARGETS},
    "run": lambda a: einloop.generate("ij->i").run(a),
    "run, function": lambda a: einloop.generate("ij->i", function="f").run(a),
    "run, checks": lambda a: einloop.generate("ij->i", checks=True).run(a),
    "run, lists": lambda a: einloop.generate("ij->i", style="lists").run(a),
    "run, c": lambda a: einloop.generate("ij->i", target="c", function="f", shapes=["2x3"], dtypes="float32").run(a),
}
FACES = {**GIVEN, **COMPUTING}


@pytest.mark.parametrize("face", FACES)
@pytest.mark.parametrize("name", TENSORS)
def test_tensors_that_numpy_does_not_read(name, face):
    value, hint = TENSORS[name]
    with pytest.raises(EinloopError) as caught:
        FACES[face](value)
    if face != "run, lists":
        assert caught.value.id == "EL308"
        assert isinstance(caught.value, TypeError)
        assert hint is None or hint in caught.value.hint


@pytest.mark.parametrize("face", FACES)
@pytest.mark.parametrize("name", RAISING)
def test_whatever_a_conversion_raises(name, face):
    value, kind = RAISING[name]
    with pytest.raises(EinloopError) as caught:
        FACES[face](value)
    assert str(caught.value).startswith(f"error {caught.value.id}: ")
    if face != "run, lists":
        assert isinstance(caught.value, kind)


@pytest.mark.parametrize("face", [face for face in FACES if face not in ("diff", "equivalent")])
@pytest.mark.parametrize("name", NO_NUMBERS)
def test_what_has_no_sums(name, face):
    with pytest.raises(EinloopError):
        FACES[face](NO_NUMBERS[name])


ODD = {
    "matrix": MATRIX,
    "nothing masked": np.ma.masked_array(A),
    "a shape that lies": A.view(LyingShape),
    "a shape that raises": A.view(RaisingShape),
    "read-only": np.broadcast_to(A[0], (2, 3)),
    "swapped": A.astype(">f8"),
    "memory": memoryview(A),
    "converts": Converts(A),
    "converts to a matrix": Converts(MATRIX),
    "interface": Interface(data=A.__array_interface__["data"]),
    "tensor": torch.from_numpy(A),
    "turned tensor": torch.from_numpy(np.ascontiguousarray(A.T)).T,
    "jax": jax.numpy.asarray(A),
}


@pytest.mark.parametrize("face", FACES)
@pytest.mark.parametrize("name", ODD)
def test_odd_arrays_are_taken_or_refused(name, face):
    value = ODD[name]
    with contextlib.suppress(EinloopError):
        result = FACES[face](value)
        if face in COMPUTING:
            assert np.array_equal(np.asarray(result), np.asarray(value).sum(axis=1))
        return
    assert face in ("run", "run, c", "run, lists")  # texts for one dtype, or for lists


class WithUnits:
    """An array whose library takes part in numpy's functions."""

    def __array__(self, *_, **__):
        return A

    def __array_function__(self, function, types, arguments, keywords):
        return "its own"


class Quantity(np.ndarray):
    def __array_function__(self, function, types, arguments, keywords):
        return "its own"


@pytest.mark.parametrize("face", [face for face in COMPUTING if face != "run, lists"])
@pytest.mark.parametrize("value", [WithUnits(), A.view(Quantity)], ids=["units", "subclass"])
def test_what_its_own_library_computes_with(value, face):
    with pytest.raises(DtypeError, match="its own library computes with") as caught:
        COMPUTING[face](value)
    assert caught.value.id == "EL310"
    assert einloop.einsum("ij->i", value) == "its own"


@pytest.mark.parametrize("face", [face for face in COMPUTING if face != "run, lists"])
def test_masked_elements_are_not_counted(face):
    with pytest.raises(DtypeError) as caught:
        COMPUTING[face](np.ma.masked_array(A, A > 3))
    assert caught.value.id == "EL311"


class TestTensors:
    @pytest.mark.parametrize("target", TARGETS)
    @pytest.mark.parametrize("dtype", ["float32", "float64", "float16", "complex64", "int64", "int8", "uint8", "bool"])
    def test_tensors_give_tensors(self, target, dtype):
        one = torch.arange(6).reshape(2, 3).to(getattr(torch, dtype))
        other = torch.arange(12).reshape(4, 3).to(getattr(torch, dtype)).T
        for text, operands in (
            ("ij,jk->ik", (one, other)),
            ("ij->ji", (one,)),
            ("ij->", (one,)),
            ("ii->i", (one[:, :2],)),
        ):
            function = einloop.compile(text, target=target)
            for _ in range(2):
                result = function(*operands)
                assert type(result) is torch.Tensor
                expected = np.einsum(text, *(tensor.numpy() for tensor in operands))
                assert result.dtype == torch.from_numpy(np.asarray(expected)).dtype
                assert result.shape == expected.shape
                assert np.allclose(result.numpy(), expected)
                result += result.new_ones(())  # nobody else's memory

    def test_out(self):
        function = einloop.compile("ij->j")
        out = torch.empty(3, dtype=torch.float64)
        assert function(torch.from_numpy(A), out=out) is out
        assert out.tolist() == A.sum(axis=0).tolist()

    @pytest.mark.parametrize(
        ("out", "id"),
        [
            (np.empty(3), "EL477"),
            ([0.0, 0.0, 0.0], "EL477"),
            (torch.empty(1, dtype=torch.float64).expand(3), "EL477"),
            (torch.empty(3, dtype=torch.float64, requires_grad=True), "EL308"),
            (torch.empty(3, dtype=torch.float64, device="meta"), "EL308"),
            (torch.empty(4, dtype=torch.float64), "EL207"),
            (torch.empty(3, dtype=torch.int64), "EL302"),
            (AllRaises(), "EL477"),
        ],
        ids=range(8),
    )
    def test_out_that_cannot_be(self, out, id):
        with pytest.raises(EinloopError) as caught:
            einloop.compile("ij->j")(torch.from_numpy(A), out=out)
        assert caught.value.id == id

    @pytest.mark.parametrize("out", [torch.empty(3), AllRaises(), Raises("shape", RuntimeError())], ids=range(3))
    def test_out_that_is_no_array_of_numpy(self, out):
        with pytest.raises(OptionError, match="not an array"):
            einloop.compile("ij->j")(A, out=out)

    @pytest.mark.parametrize("other", [A.T, A.T.tolist(), 2.0, jax.numpy.asarray(A.T)], ids=range(4))
    def test_no_mixtures(self, other):
        with pytest.raises(OptionError) as caught:
            einloop.compile("ij,...->i...")(torch.from_numpy(A), other)
        assert caught.value.id == "EL415"

    def test_narrow_floats(self):
        for function in (einloop.compile("ij->i"), lambda a: einloop.check("ij->i", load=[a])):
            with pytest.raises(DtypeError) as caught:
                function(tensor(dtype=torch.bfloat16))
            assert (caught.value.id, caught.value.operand) == ("EL305", None)

    def test_shapes_are_looked_at_as_ever(self):
        with pytest.raises(ShapeError) as caught:
            einloop.compile("ij,jk->ik")(torch.from_numpy(A), torch.from_numpy(A))
        assert caught.value.id == "EL205"

    def test_parameters(self):
        layer = torch.nn.Linear(3, 2)
        with pytest.raises(DtypeError, match=r"requires its gradient"):
            einloop.compile("ij->i")(layer.weight)
        assert type(einloop.compile("ij->i")(layer.weight.detach())) is torch.Tensor


class TestJax:
    @pytest.mark.parametrize("target", TARGETS)
    def test_arrays_give_arrays(self, target):
        array = jax.numpy.asarray(A)
        for text in ("ij->i", "ij->", "ij->ji"):
            result = einloop.compile(text, target=target)(array)
            assert isinstance(result, jax.Array)
            assert np.array_equal(np.asarray(result), np.einsum(text, A))

    def test_numbers_go_with_them(self):
        result = einloop.compile("ij,->ij")(jax.numpy.asarray(A), 2.0)
        assert isinstance(result, jax.Array)
        assert np.array_equal(np.asarray(result), A * 2)

    def test_traced(self):
        with pytest.raises(DtypeError, match=r"traced by JAX") as caught:
            jax.jit(einloop.compile("ij->i"))(A)
        assert caught.value.id == "EL308"

    def test_deleted(self):
        array = jax.numpy.asarray(A) + 1
        array.delete()
        with pytest.raises(DtypeError, match=r"was deleted"):
            einloop.compile("ij->i")(array)

    def test_out(self):
        with pytest.raises(OptionError, match="cannot be written"):
            einloop.compile("ij->i")(jax.numpy.asarray(A), out=jax.numpy.zeros(2))


def raised(function, *arguments):
    """Return what a function raises, None where it raises nothing."""
    try:
        function(*arguments)
    except Exception as error:
        return error
    return None


class TestEinsum:
    @pytest.mark.parametrize("name", [name for name in RAISING if name != "memory"])
    def test_its_library_refuses_and_einloop_says_why(self, name):
        theirs = raised(np.einsum, "ij->i", RAISING[name][0])
        ours = raised(einloop.einsum, "ij->i", RAISING[name][0])
        assert isinstance(ours, EinloopError)
        assert isinstance(
            ours, next((k for k in (TypeError, KeyError, RuntimeError) if isinstance(theirs, k)), ValueError)
        )

    @pytest.mark.parametrize("name", TENSORS)
    def test_torch_decides_over_tensors(self, name):
        value = TENSORS[name][0]
        theirs, ours = (raised(einsum, "ij->i", value) for einsum in (torch.einsum, einloop.einsum))
        if theirs is None:
            result, expected = (einsum("ij->i", value) for einsum in (einloop.einsum, torch.einsum))
            assert result.requires_grad == expected.requires_grad
            assert result.is_meta or torch.equal(result.to_dense().detach(), expected.to_dense().detach())
        else:
            assert ours.id == "EL308"
            assert isinstance(ours, next(k for k in (NotImplementedError, RuntimeError) if isinstance(theirs, k)))

    def test_a_tensor_that_raises_when_it_is_looked_at_is_still_torchs(self):
        class Shy(torch.Tensor):
            shape = property(lambda self: 1 / 0)

        value = tensor().as_subclass(Shy)
        assert torch.is_tensor(einloop.einsum("ij->i", value))

    def test_a_wrong_shape_is_told_before_an_odd_tensor(self):
        with pytest.raises(ShapeError) as caught:
            einloop.einsum("ij,jk->ik", tensor(requires_grad=True), tensor())
        assert caught.value.id == "EL205"

    @pytest.mark.parametrize("name", ["a shape that lies", "a shape that raises"])
    def test_subclasses_that_lie(self, name):
        assert np.array_equal(einloop.einsum("ij->i", ODD[name]), A.sum(axis=1))


@pytest.mark.parametrize("load", [A, torch.from_numpy(A), 5, "a.npy", AllRaises()], ids=range(5))
def test_load_is_several_arrays(load):
    for face in (einloop.check, einloop.explain, einloop.generate, einloop.bench, einloop.stages):
        with pytest.raises(OptionError) as caught:
            face("ij->i", load=load)
        assert caught.value.id == "EL470"


@pytest.mark.parametrize("arrays", [AllRaises(), A, torch.ones(500, 500)], ids=range(3))
def test_arrays_are_several(arrays):
    with pytest.raises(OptionError) as caught:
        einloop.verify("ij->i", arrays=arrays)
    assert len(str(caught.value)) < 500
