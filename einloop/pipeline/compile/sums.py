"""What `einloop.compile` gives back for a sum of einsums, such as `C = alpha*A@B + beta*C`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from ...core.combination import Statements
from ...core.errors import NotationError, OptionError, ShapeError
from ...core.joint import JointSum, joined
from ...core.joint_dtype import sum_dtype
from ...core.layout import Layout
from ...core.options import Options
from ...core.spec import Spec
from ...runners.sums import KINDS, KnownSum, as_given, described, dtype_of, fitting, kind_of
from ..dtypes import numpy_dtypes
from ..expression import read_expression, read_text
from ..statements import alone, bind_combination, check_extents, check_whole_arrays
from ..whole import check_whole
from .backends import check_target
from .case import result_shape
from .function import CompiledFunction, compile_expression, unexpected
from .operands import known
from .specialisations import MAX_SPECIALISATIONS, Specialisations


class CompiledSum(CompiledFunction):
    """A Compiled for statements: `f(alpha, A, B, beta, C)`, an operand for each name in the order of `operands`.

    What the statement adds to, or reads of its own result, is an operand as well. The result is a new array; with
    `out=C`, C itself, which is then read and written once. Scalars may be Python numbers, which take the dtype of the
    arrays as they do in numpy.
    """

    __slots__ = ("_joint", "_known")

    def __init__(self, text: str, options: Options, joint: JointSum) -> None:
        super().__init__(text, options, joint.spec, None)
        self._joint = joint
        self._made = Specialisations(joint.spec, options, joint)
        self._known: dict[tuple[object, ...], KnownSum] = {}

    @property
    def expression(self) -> str:
        """The statement."""
        return self._joint.text

    @property
    def operands(self) -> tuple[str, ...]:
        """The names of the operands, in the order in which they are given."""
        return tuple(dict.fromkeys(op.name or "" for op in self._joint.spec.operands))

    def _general(self, *operands: Any, out: Any = None, **unknown: Any) -> Any:
        """Return what the statement gives for any operands, in `out` where that is given. Raises EinloopError."""
        if unknown:
            raise unexpected(next(iter(unknown)))
        key = tuple(map(described, operands))
        known = self._known.get(key)
        if known is not None:
            named = zip(operands, self.operands, strict=True)
            return known.computed([fitting(value, known.dtype, name) for value, name in named], out)
        known, arrays = self._specialised(operands)
        if all(one is other for one, other in zip(arrays, operands, strict=True) if type(other) not in KINDS):
            if len(self._known) >= MAX_SPECIALISATIONS:
                self._known.clear()
            self._known[key] = known
        return known.computed(arrays, out)

    def _specialised(self, operands: Sequence[Any]) -> tuple[KnownSum, list[Any]]:
        """Return what computes these operands, made for them where need be, and the operands as it takes them."""
        names, spec = self.operands, self._joint.spec
        if len(operands) != len(names):
            raise ShapeError(
                "EL201", f"{len(names)} operands in the statement, {', '.join(names)}; {len(operands)} given"
            )
        given = [as_given(value, name) for value, name in zip(operands, names, strict=True)]
        each = [names.index(op.name or "") for op in spec.operands]
        bound = self._made.bind(tuple(given[place].shape for place in each))
        check_extents(replace(self._joint, spec=bound))
        kinds = [kind_of(value, array) for value, array in zip(operands, given, strict=True)]
        dtype = sum_dtype(self._joint, [kinds[place] for place in each])
        arrays = [
            fitting(value, dtype, name) if type(value) in KINDS else array
            for value, array, name in zip(operands, given, names, strict=True)
        ]
        made, passed = self._made.of_arrays(bound, [arrays[place] for place in each], dtype)
        firsts = {place: number for number, place in reversed(list(enumerate(each)))}
        arrays = [passed[firsts[place]] for place in range(len(names))]
        self._hold(made)
        known = KnownSum(
            kernel=made.kernel,
            shape=result_shape(bound),
            dtype=dtype_of(dtype),
            places=tuple(each[number] for number in made.taken),
            start=None if made.start is None else each[made.start],
        )
        return known, arrays

    def __reduce__(self) -> tuple[Callable[[str, Options], Any], tuple[str, Options]]:
        return compile_text, (self._text, self._options)

    def _prepare(self, layouts: tuple[Layout, ...]) -> None:
        """Make the specialisation for operands of these layouts. Raises EinloopError."""
        bound = self._made.bind(tuple(layout.shape for layout in layouts))
        check_extents(replace(self._joint, spec=bound))
        made = self._made.of_layouts(bound, layouts, sum_dtype(self._joint, [layout.dtype for layout in layouts]))
        self._hold(made)


def compile_text(text: str, options: Options) -> Any:
    """Return a Compiled function of an einsum, or of a statement that is a sum of einsums.

    Where `options` say all shapes, it is specialised for these at once. Raises EinloopError where the text or an option
    is refused.
    """
    check_target(options.target, options.schedule)
    plain = replace(options, target="python", schedule=())
    found = _read(text, replace(plain, dtypes=()))
    if isinstance(found, Spec) and _twice(found):
        found = Statements(combinations=(alone(found),))
    if isinstance(found, Spec):
        if not found.source.notation.traits.code:
            return compile_expression(text, options)
        names = options.names or tuple(operand.name for operand in found.operands)
        return compile_expression(found.subscripts, replace(options, notation=None, names=names))
    if len(found.combinations) != 1:
        code = found.combinations[0].source.notation.traits.code
        one = text.strip().replace("\n", ";").partition(";")[0]
        hint = "give one of them" if code else f"einloop.compile({one!r})"
        raise OptionError("EL435", "several statements are compiled one at a time", text=text, hint=hint)
    joint = bind_combination(found.combinations[0], replace(plain, dtypes=()))
    check_whole_arrays(joint, "a compiled function is given arrays as they are")
    compiled = CompiledSum(text, options, joined(found.combinations[0]))
    first = _first(joint, options)
    if first is not None:
        compiled._prepare(first)
    return compiled._function


def _twice(spec: Spec) -> bool:
    """Return whether a formula or code has an array twice: it is given once, as for a sum."""
    names = [operand.name for operand in spec.operands if operand.name is not None]
    traits = spec.source.notation.traits
    return len(set(names)) < len(names) and (traits.code or traits.elements)


def _read(text: str, options: Options) -> Spec | Statements:
    """Return what a text means. One einsum is not bound to shapes: every operand is an array of its own."""
    try:
        found = read_text(text, options)
        if isinstance(found, Spec):
            check_whole(found)
    except NotationError:
        return read_expression(text, options, whole=True)
    return found


def _first(joint: JointSum, options: Options) -> tuple[Layout, ...] | None:
    """Return the layouts of operands of the shapes and dtypes that options give, None where one is not known."""
    shapes = [known(operand.shape) if operand.labels else () for operand in joint.spec.operands]
    if any(shape is None for shape in shapes) or not any(shapes):
        return None
    dtypes = numpy_dtypes(joint.spec, replace(options, target="python", schedule=())) or ("float64",) * len(shapes)
    return tuple(
        Layout(shape=shape, dtype=dtype) for shape, dtype in zip(shapes, dtypes, strict=True) if shape is not None
    )
