"""What `einloop.compile` gives back: a function that makes itself quick for the arrays it is called with."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import replace
from types import ModuleType
from typing import Any

from ...core.bind import Shape, check_count
from ...core.dtypes import common_dtype as common_name
from ...core.dtypes import dtype_name
from ...core.errors import EinloopError
from ...core.layout import Layout
from ...core.libraries import NUMPY
from ...core.libraries import Library as Home
from ...core.options import Options
from ...core.spec import Spec
from ...notation import read
from ...runners.arrays import as_array
from ...runners.foreign import check_out_of, handed_back, library_of_all
from ...runners.foreign import read as read_foreign
from ...runners.library import SharedLibrary
from ...runners.operands import (
    Signature,
    as_operands,
    check_out,
    common_dtype,
    compute,
    contiguous,
    layout_of,
    ready,
    signature,
    writeable,
)
from ...runners.shared_object import no_memory
from ..advice import bind_with_advice
from ..whole import check_whole
from . import c, forks, numba
from .backends import AUTO, check_target, specialise
from .case import CompileCase, Direct, Ready, Specialisation
from .loaded import loaded
from .operands import Layouts, first_case, named_operands

MOST = 64
"""Specialisations that one function keeps; those not used for longest go first."""
REFUSALS = 8
"""Refused arrays after which a function looks at them before it calls."""
LAYOUTS = 4
"""Layouts of the same shapes for which there are specialisations; operands in others are copied first."""

UNLOADED = "It was unloaded since: this process keeps {:,} compiled functions. The next call loads it again."
NOTHING_YET = "Nothing is compiled yet: shapes and dtypes are known at the first call."


class Compiled:
    """A function on arrays that computes an einsum expression: `f(A, B)`, or `f(A, B, out=C)`.

    For shapes, dtypes and strides that are new it is specialised, which may compile; the last 64 are kept. `compile`
    makes one.

    Parameters
    ----------
    *operands : array_like
        One for each operand. Tensors of torch give a tensor, arrays of JAX one of JAX; dtypes combine as numpy's do.
    out : array, optional
        Is filled and returned; it may overlap the operands.

    Returns
    -------
    array
        What np.einsum returns: same shape, dtype (in native byte order) and value, floats within the rounding of
        another order of sums. It is never a view of an operand, and its last axis is always the fastest.

    Raises
    ------
    EinloopError
        For arrays that np.einsum refuses, for tensors that numpy does not read as they are (sparse, on another device,
        with a gradient or a conjugation still to be done), for masked elements, and for arrays that are more than
        numbers to their own library, such as those with units.

    Examples
    --------
    >>> import einloop
    >>> f = einloop.compile("ij,j->i", target="numpy")
    >>> f([[1.0, 2.0], [3.0, 4.0]], [10.0, 100.0]).tolist()
    [210.0, 430.0]
    """

    __slots__ = (
        "__weakref__",
        "_bound",
        "_building",
        "_caller",
        "_function",
        "_last",
        "_lock",
        "_made",
        "_options",
        "_ready",
        "_spec",
        "_text",
    )

    def __init__(self, text: str, options: Options, spec: Spec, caller: ModuleType | None) -> None:
        self._text = text
        self._options = options
        self._spec = spec
        self._bound: OrderedDict[tuple[Shape, ...], Spec] = OrderedDict()
        self._made: OrderedDict[tuple[str, Layouts], Specialisation] = OrderedDict()
        self._ready: dict[Signature | None, Ready] = {}
        self._last: Specialisation | None = None
        self._lock = threading.Lock()  # of the tables, held briefly: others call while one compiles
        self._building = threading.Lock()
        self._caller = caller
        self._function: Callable[..., Any] = self
        if caller is not None:
            self._function = caller.Function(self, self.__call__)
        forks.follow(self)

    def __call__(self, *operands: Any, out: Any = None) -> Any:
        """Return what np.einsum does for these operands, in `out` where that is given."""
        known = self._ready.get(signature(operands))
        if known is not None and (out is None or writeable(out, known.shape, known.dtype)):
            self._prefer(known.made)
            return compute(known.made.kernel, operands, known.shape, known.dtype, out)
        if len(operands) != len(self._spec.operands):
            check_count(self._spec, len(operands))
        library = library_of_all(self._spec, operands)
        if library is not NUMPY:
            return self._abroad(library, operands, out)
        given = arrays = as_operands(self._spec, operands)
        spec = self._bind(tuple(array.shape for array in arrays))
        check_out(spec, out)
        common = common_dtype(spec, arrays, out, None, "safe").newbyteorder("=")
        if out is not None and common_name([dtype_name(a.dtype.str) for a in arrays]) != dtype_name(common.str):
            arrays = [ready(array, common) for array in arrays]  # out takes part in the common dtype
        arrays = [ready(array) for array in arrays]
        found, arrays = self._specialised(spec, arrays, dtype_name(common.str))
        extents = (spec.by_label[label].extent for label in spec.output)
        shape = tuple(n for n in extents if isinstance(n, int))
        if out is None and all(one is other for one, other in zip(given, arrays, strict=True)):
            self._remember(Ready(made=found, shape=shape, dtype=common), signature(operands))
        self._prefer(found)
        self._hold(found)
        if out is not None and spec.is_view and common.kind == "O":
            # np.einsum gives a view's objects as they are, but computes what it writes: sums of objects start from 0
            return compute(lambda a, result: found.kernel(0 + a, result), arrays, shape, common, out)
        return compute(found.kernel, arrays, shape, common, out)

    def _abroad(self, library: Home, operands: Sequence[Any], out: Any) -> Any:
        """Return what np.einsum does for arrays of another library, as an array of that library."""
        check_out_of(library, out)
        arrays = read_foreign(library, operands) or as_operands(self._spec, operands)
        if out is None:
            return handed_back(library, self._function(*arrays))
        self._function(*arrays, out=as_array(out, "out"))
        return out

    def _prefer(self, made: Specialisation) -> None:
        """Let the extension try a kernel first, where it can call it."""
        if made.fast is not None and self._caller is not None:
            self._caller.remember(self._function, made.fast)
            self._hold(made)

    def _hold(self, made: Specialisation) -> None:
        """Keep what can be unloaded as long as it is used: at last, so that what is given up is so everywhere."""
        if made.library is not None:
            loaded.hold(made.library, self)

    def give_up(self, library: SharedLibrary, most: int) -> None:
        """Refer no more to a library, since this process keeps `most` of them."""
        with self._lock:
            for key in [key for key, made in self._made.items() if made.library is library]:
                del self._made[key]
            self._ready = {key: found for key, found in self._ready.items() if found.made.library is not library}
            if self._last is not None and self._last.library is library:
                self._last = self._last.unloaded(UNLOADED.format(most))
        if self._caller is not None:
            self._caller.drop(self._function, library)

    def _remember(self, found: Ready, key: Signature | None) -> None:
        """Let the next call with arrays like these go straight to the kernel."""
        if key is not None:
            with self._lock:
                if len(self._ready) >= MOST:
                    self._ready.clear()  # quicker than to know which was used last, and soon filled again
                self._ready[key] = found

    @property
    def expression(self) -> str:
        """The expression, in np.einsum's notation."""
        return self._spec.subscripts

    @property
    def source(self) -> str | None:
        """The text that runs, of the specialisation made last; None where there is none yet."""
        return None if self._last is None else self._last.source

    @property
    def target(self) -> str:
        """What the specialisation made last runs on: "c", "numba", "numpy" or "python"; before, what was asked for."""
        return self._options.target if self._last is None else self._last.target

    @property
    def decisions(self) -> tuple[str, ...]:
        """What was decided for the specialisation made last, and why, a sentence each: the target, where the text was
        compiled, what sort of work each nest is, and every pass that changed the loops."""
        return (NOTHING_YET,) if self._last is None else self._last.decisions

    def after_fork(self, *, threads_lost: bool) -> None:
        """Make this the function of a forked child: with locks that nobody holds, and without what was made for more
        threads than it has."""
        self._lock, self._building = threading.Lock(), threading.Lock()
        if threads_lost and self._options.threads > 1:
            self._forget()

    def _forget(self) -> None:
        """Be as at the beginning."""
        self._made.clear()
        self._ready.clear()
        self._last = None
        if self._caller is not None:
            self._caller.forget(self._function)

    def _no_memory(self) -> None:
        """Raise the RunError of loops that found no memory beside their arrays."""
        raise no_memory()

    def __repr__(self) -> str:
        return f"<einloop.Compiled {self.expression!r}, target {self.target!r}>"

    def __reduce__(self) -> tuple[Callable[[str, Options], Any], tuple[str, Options]]:
        return compile_expression, (self._text, self._options)

    def _prepare(self, layouts: Layouts) -> None:
        """Make the specialisation for operands of these layouts. Raises EinloopError."""
        spec = self._bind(tuple(layout.shape for layout in layouts))
        dtypes = [layout.dtype for layout in layouts]
        made = self._make(spec, common_name(dtypes), layouts)
        self._prefer(made)
        self._hold(made)

    def _bind(self, shapes: tuple[Shape, ...]) -> Spec:
        """Return the expression with the extents that shapes give. Raises EinloopError where they do not fit."""
        with self._lock:
            spec = self._bound.get(shapes)
            if spec is None:
                spec = self._bound[shapes] = bind_with_advice(self._spec, shapes)
                if len(self._bound) > MOST:
                    self._bound.popitem(last=False)
            return spec

    def _specialised(self, spec: Spec, arrays: list[Any], dtype: str) -> tuple[Specialisation, list[Any]]:
        """Return what computes these arrays, and the arrays as it takes them."""
        layouts = tuple(map(layout_of, arrays))
        with self._lock:
            found = self._known(dtype, layouts)
            if found is None and self._crowded(dtype, layouts):
                layouts, arrays = tuple(map(_plain, layouts)), [contiguous(array) for array in arrays]
                found = self._known(dtype, layouts)
        if found is None:
            found = self._make(spec, dtype, layouts)
        return found, [contiguous(array) for array in arrays] if found.copies else arrays

    def _known(self, dtype: str, layouts: Layouts) -> Specialisation | None:
        """Return the specialisation for these layouts, or one for every layout of these shapes."""
        for key in ((dtype, layouts), (dtype, tuple(map(_plain, layouts)))):
            found = self._made.get(key)
            if found is not None and (found.general or key[1] == layouts):
                self._made.move_to_end(key)
                return found
        return None

    def _crowded(self, dtype: str, layouts: Layouts) -> bool:
        """Return whether there are enough specialisations for layouts of these shapes."""
        plain = tuple(map(_plain, layouts))
        alike = sum(known == dtype and tuple(map(_plain, others)) == plain for known, others in self._made)
        return alike >= LAYOUTS

    def _make(self, spec: Spec, dtype: str, layouts: Layouts) -> Specialisation:
        """Make and keep a specialisation; one at a time, and once for threads that want the same."""
        options = self._options
        with self._building:
            with self._lock:
                found = self._known(dtype, layouts)
            if found is None:
                case = CompileCase(
                    spec=spec, operands=layouts, dtype=dtype, schedule=options.schedule, threads=options.threads
                )
                found = specialise(case, options.target)
                with self._lock:
                    self._made[dtype, tuple(map(_plain, layouts)) if found.general else layouts] = found
                    if len(self._made) > MOST:
                        self._made.popitem(last=False)
            self._last = found
            return found


class DirectCompiled(Compiled):
    """A Compiled whose objects each have their own call: what was compiled last, without a look at the arrays.

    Numba's dispatcher takes 100 microseconds to refuse arrays. A function that has met REFUSALS of them looks first.
    """

    __slots__ = ("__call__", "_calls", "_preferred", "_refusals")

    __call__: Callable[..., Any]

    def __init__(self, text: str, options: Options, spec: Spec, caller: ModuleType | None) -> None:
        super().__init__(text, options, spec, caller)
        self._calls: dict[Direct, Callable[..., Any]] = {}
        self._preferred: Specialisation | None = None
        self._refusals = 0
        self.__call__ = super().__call__

    def _prefer(self, made: Specialisation) -> None:
        super()._prefer(made)
        if made is not self._preferred:
            self._preferred = made
            if made.direct is None or self._refusals >= REFUSALS:
                self.__call__ = super().__call__
            else:
                self.__call__ = self._direct(made.direct)

    def _forget(self) -> None:
        super()._forget()
        self._calls.clear()
        self._preferred = None
        self.__call__ = super().__call__

    def _direct(self, make: Direct) -> Callable[..., Any]:
        """Return the call of a specialisation, made once."""
        found = self._calls.get(make)
        if found is None:
            if len(self._calls) >= MOST:
                self._calls.clear()
            found = self._calls[make] = make(super().__call__, self._refused)
        return found

    def _refused(self, *operands: Any) -> Any:
        """Return what np.einsum does for operands that a kernel refused."""
        self._refusals += 1
        if self._refusals == REFUSALS:
            self.__call__ = super().__call__
        return super().__call__(*operands)


def compile_expression(text: str, options: Options) -> Any:
    """Return a Compiled function, behind the extension that makes its calls quick where there can be one.

    `options.target` may be "auto". Where `options` say all shapes, it is specialised for these at once, for the dtypes
    they say, or float64. Raises EinloopError where the expression or an option is refused.
    """
    check_target(options.target, options.schedule)
    spec = read(text, options.notation)
    check_whole(spec)
    spec = named_operands(replace(spec, site=None), options)
    caller = _caller(options.target)
    by_numba = options.target == numba.NAME or (options.target == AUTO and caller is None and c.missing() is not None)
    compiled = (DirectCompiled if by_numba else Compiled)(text, options, spec, caller)
    first = first_case(spec, options)
    if first is not None:
        compiled._prepare(first)
    return compiled._function


def _caller(target: str) -> ModuleType | None:
    """Return the extension that calls kernels, None where none will be called, or there is none."""
    if target not in (AUTO, c.NAME):
        return None
    try:
        return c.caller()
    except (EinloopError, MemoryError, OSError):
        return None  # each specialisation says why


def _plain(layout: Layout) -> Layout:
    return layout if layout.strides is None else replace(layout, strides=None)
