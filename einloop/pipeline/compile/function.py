"""What `einloop.compile` gives back: a function that makes itself quick for the arrays it is called with."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from types import ModuleType
from typing import Any

from ...core.bind import check_count
from ...core.dtypes import common_dtype as common_name
from ...core.dtypes import dtype_name
from ...core.errors import EinloopError, OptionError, as_raised
from ...core.libraries import NUMPY
from ...core.libraries import Library as Home
from ...core.near import meant
from ...core.options import Options
from ...core.spec import Spec
from ...notation import read
from ...runners.arrays import as_array
from ...runners.foreign import check_out_of, handed_back, library_of_all
from ...runners.foreign import read as read_foreign
from ...runners.library import SharedLibrary, no_memory
from ...runners.operands import as_operands, check_out, common_dtype, compute, ready, signature, writeable
from ..whole import check_whole
from . import c, forks
from .backends import AUTO, check_target
from .case import Direct, Ready, Specialisation, result_shape
from .compiled import Compiled
from .loaded import loaded
from .operands import Layouts, first_case, named_operands
from .specialisations import MAX_SPECIALISATIONS, Specialisations

MAX_REFUSALS = 8
"""Refused arrays after which a function looks at them before it calls."""


class CompiledFunction(Compiled):
    """A Compiled that works out what to do with its arrays, and then tries the kernel that it used last first.

    Behind the extension `einloop_caller` that is the extension's `Function`, which callers get. Without it, each
    object has its own `__call__`: the general one, or, where Numba compiled, one that goes to its dispatcher without a
    look at the arrays. That takes 100 microseconds to refuse arrays: after MAX_REFUSALS the function looks first.
    """

    __slots__ = ("__call__", "_caller", "_calls", "_function", "_preferred", "_ready", "_refusals")

    __call__: Callable[..., Any]

    def __init__(self, text: str, options: Options, spec: Spec, caller: ModuleType | None) -> None:
        super().__init__(text, options, spec, Specialisations(spec, options))
        self._ready = self._made.ready
        self._caller = caller
        self._calls: dict[Direct, Callable[..., Any]] = {}
        self._preferred: Direct | None = None
        self._refusals = 0
        self.__call__ = self._general
        self._function: Callable[..., Any] = self if caller is None else caller.Function(self, self._general)
        forks.follow(self)

    def _general(self, *operands: Any, out: Any = None, **unknown: Any) -> Any:
        """Return what np.einsum does for any operands. Raises EinloopError, also for keywords that are `unknown`."""
        if unknown:
            raise unexpected(next(iter(unknown)))
        known = self._ready.get(signature(operands))
        if known is not None and (out is None or writeable(out, known.shape, known.dtype)):
            self._prefer(known.made)
            return compute(known.made.kernel, operands, known.shape, known.dtype, out)
        if len(operands) != len(self._spec.operands):
            check_count(self._spec, len(operands))
        library = library_of_all(self._spec, operands)
        return self._at_home(operands, out) if library is NUMPY else self._abroad(library, operands, out)

    def _at_home(self, operands: Sequence[Any], out: Any) -> Any:
        """Return what np.einsum does for what it takes for arrays, specialised for them where need be."""
        given = arrays = as_operands(self._spec, operands)
        spec = self._made.bind(tuple(array.shape for array in arrays))
        check_out(spec, out)
        common = common_dtype(spec, arrays, out, None, "safe").newbyteorder("=")
        if out is not None and common_name([dtype_name(a.dtype.str) for a in arrays]) != dtype_name(common.str):
            arrays = [ready(array, common) for array in arrays]  # out takes part in the common dtype
        arrays = [ready(array) for array in arrays]
        found, arrays = self._made.of_arrays(spec, arrays, dtype_name(common.str))
        shape = result_shape(spec)
        if out is None and all(one is other for one, other in zip(given, arrays, strict=True)):
            self._made.remember(signature(operands), Ready(made=found, shape=shape, dtype=common))
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

    def _prepare(self, layouts: Layouts) -> None:
        """Make the specialisation for operands of these layouts. Raises EinloopError."""
        spec = self._made.bind(tuple(layout.shape for layout in layouts))
        made = self._made.of_layouts(spec, layouts, common_name([layout.dtype for layout in layouts]))
        self._prefer(made)
        self._hold(made)

    def _prefer(self, made: Specialisation) -> None:
        """Let the next call try a kernel first."""
        if self._caller is not None:
            if made.fast is not None:
                self._caller.remember(self._function, made.fast)
                self._hold(made)
        elif made.direct is not self._preferred:
            self._preferred = made.direct
            direct = made.direct if self._refusals < MAX_REFUSALS else None
            self.__call__ = self._general if direct is None else self._direct(direct)

    def _direct(self, make: Direct) -> Callable[..., Any]:
        """Return the call of a specialisation, made once."""
        found = self._calls.get(make)
        if found is None:
            if len(self._calls) >= MAX_SPECIALISATIONS:
                self._calls.clear()
            found = self._calls[make] = make(self._general, self._refused)
        return found

    def _refused(self, *operands: Any) -> Any:
        """Return what np.einsum does for operands that a kernel refused."""
        self._refusals += 1
        if self._refusals == MAX_REFUSALS:
            self.__call__ = self._general
        return self._general(*operands)

    def _hold(self, made: Specialisation) -> None:
        """Keep what can be unloaded as long as it is used: at last, so that what is given up is so everywhere."""
        if made.library is not None:
            loaded.hold(made.library, self)

    def give_up(self, library: SharedLibrary, most: int) -> None:
        """Refer no more to a library, since this process keeps `most` of them."""
        self._made.give_up(library, most)
        if self._caller is not None:
            self._caller.drop(self._function, library)

    def after_fork(self, *, threads_lost: bool) -> None:
        """Make this fit for a forked child: without what was made for more threads than it has."""
        if threads_lost and self._options.threads > 1:
            self._made.forget()
            self._calls.clear()
            self._preferred = None
            self.__call__ = self._general
            if self._caller is not None:
                self._caller.forget(self._function)

    def _no_memory(self) -> None:
        """Raise the RunError of loops that found no memory beside their arrays, for the extension."""
        raise no_memory()

    def __reduce__(self) -> tuple[Callable[[str, Options], Any], tuple[str, Options]]:
        return compile_expression, (self._text, self._options)


def compile_expression(text: str, options: Options) -> Any:
    """Return a Compiled function, behind the extension that makes its calls quick where there can be one.

    `options.target` may be "auto". Where `options` say all shapes, it is specialised for these at once, for the dtypes
    they say, or float64. Raises EinloopError where the expression or an option is refused.
    """
    check_target(options.target, options.schedule)
    spec = read(text, options.notation)
    check_whole(spec)
    spec = named_operands(replace(spec, site=None), options)
    compiled = CompiledFunction(text, options, spec, _caller(options.target))
    first = first_case(spec, options)
    if first is not None:
        compiled._prepare(first)
    return compiled._function


def unexpected(keyword: str) -> EinloopError:
    """Return the error of a call with a keyword that a compiled function does not take: a TypeError too."""
    why = f"a compiled function got an unexpected keyword argument {keyword!r}"
    return as_raised(OptionError("EL469", why, hint=meant(keyword, ("out",), "out is the only one")), TypeError())


def _caller(target: str) -> ModuleType | None:
    """Return the extension that calls kernels, None where none will be called, or there is none."""
    if target not in (AUTO, c.NAME):
        return None
    try:
        return c.caller()
    except (EinloopError, MemoryError, OSError):
        return None  # each specialisation says why
