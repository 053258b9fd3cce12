"""Watches einsum calls of a cell while it runs: which arrays each was given. The cell's own code stays as it is.

For as long as the cell runs, the einsum functions of libraries are functions that take a look at their arguments and
then call the library's; who calls is known by the place in the bytecode. Calls from elsewhere only pass through.
"""

from __future__ import annotations

import ast
import functools
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from itertools import islice
from types import FrameType
from typing import Any

from ..core.options import LoadedArray
from .calls import CellArray, CellCall, given
from .names import opened

FUNCTIONS = (
    ("numpy", "einsum"),
    ("torch", "einsum"),
    ("torch.functional", "einsum"),
    ("jax.numpy", "einsum"),
    ("opt_einsum", "contract"),
    ("einops", "einsum"),
    ("tensorflow", "einsum"),
    ("cupy", "einsum"),
    ("einloop", "einsum"),
)
"""The functions that are watched, each by its module and its name there."""
LIBRARIES = tuple(dict.fromkeys(module.partition(".")[0] for module, _ in FUNCTIONS))
MAX_KEPT_BYTES = 64_000_000
"""Bytes of arrays that are copied, so that they stay as they were when the call ran; of larger ones shapes are kept."""
MAX_SHAPES = 20
"""Different shapes of one call that are told apart."""
SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef)
"""What has names of its own, or runs later."""
RENEW = "__einloop_renew__"
"""What is called after an import in the cell, so that a library that it loads is watched too."""


@dataclass(slots=True)
class SeenCall:
    """What was seen of one call: how often it ran, with which shapes, and the arrays of one run.

    `number` is that run's, from 1; `error` what it raised, and `large` says that the values were too large to keep.
    """

    count: int = 0
    number: int = 0
    found: CellArray | None = None
    arrays: tuple[LoadedArray, ...] = ()
    result: tuple[int, ...] | None = None
    error: BaseException | None = None
    large: bool = False
    shapes: set[tuple[Any, ...]] = field(default_factory=set)


class Watch:
    """Looks at the calls of one cell. `wanted`: the number of the run whose arrays are kept, or the last one before."""

    def __init__(self, calls: Sequence[CellCall], filename: str, wanted: int = 1) -> None:
        self.filename = filename
        self.wanted = wanted
        self.seen = {call.end: SeenCall() for call in calls}
        self.room = MAX_KEPT_BYTES
        self._places: dict[tuple[Any, int], tuple[int, int] | None] = {}
        self._replaced: list[tuple[Any, str, Any, Any]] = []

    def place(self, frame: FrameType) -> tuple[int, int] | None:
        """Return where the text of the call ends that a frame is in, None in other code."""
        if frame.f_code.co_filename != self.filename:
            return None
        key = (frame.f_code, frame.f_lasti)
        if key not in self._places:
            positions = next(islice(frame.f_code.co_positions(), frame.f_lasti // 2, None), (None,) * 4)
            self._places[key] = None if positions[1] is None or positions[3] is None else (positions[1], positions[3])
        return self._places[key]

    def begins(self, frame: FrameType, args: Sequence[Any], kwargs: dict[str, Any]) -> SeenCall | None:
        """Look at a call before it runs; return what is seen of it, None where it is no call of the cell."""
        place = self.place(frame)
        seen = None if place is None else self.seen.get(place)
        if seen is None:
            return None
        seen.count += 1
        with suppress(Exception):  # whatever foreign objects raise: the call itself is to run as always
            found = given(args, kwargs)
            if len(seen.shapes) < MAX_SHAPES:
                seen.shapes.add(tuple(tuple(getattr(one, "shape", ())) for one in found.operands))
            if seen.count <= self.wanted:
                self._keep(seen, found)
        return seen

    def fails(self, seen: SeenCall, args: Sequence[Any], kwargs: dict[str, Any], error: BaseException) -> None:
        """Keep the arrays of a call that raised."""
        with suppress(Exception):
            self._keep(seen, given(args, kwargs))
        seen.error = error

    def _keep(self, seen: SeenCall, found: CellArray) -> None:
        self.room += sum(getattr(array.array, "nbytes", 0) for array in seen.arrays)
        seen.number, seen.found, seen.arrays, seen.large = seen.count, found, (), False
        seen.arrays = tuple(self._copied(seen, opened(operand)) for operand in found.operands)

    def _copied(self, seen: SeenCall, array: LoadedArray) -> LoadedArray:
        size = getattr(array.array, "nbytes", 0)
        if array.array is None:
            return array
        if size > self.room:
            seen.large = True
            return replace(array, array=None)
        self.room -= size
        return replace(array, array=array.array.copy())

    def renew(self, names: dict[str, Any]) -> None:
        """Watch the functions of all libraries that are loaded by now, and those that names stand for."""
        watched = {id(original): looking for _, _, original, looking in self._replaced}
        for module, name in FUNCTIONS:
            holder = sys.modules.get(module)
            original = None if holder is None else getattr(holder, name, None)
            if holder is None or not callable(original) or hasattr(original, "__einloop_watched__"):
                continue
            looking = watched.setdefault(id(original), self._looking(original))
            self._replaced.append((holder, name, original, looking))
            setattr(holder, name, looking)
        for name, value in list(names.items()):
            if id(value) in watched:
                names[name] = watched[id(value)]

    def end(self, names: dict[str, Any]) -> None:
        """Give every name its function back."""
        for holder, name, original, looking in reversed(self._replaced):
            if getattr(holder, name, None) is looking:
                setattr(holder, name, original)
        originals = {id(looking): original for _, _, original, looking in self._replaced}
        for name, value in list(names.items()):
            if id(value) in originals:
                names[name] = originals[id(value)]

    def _looking(self, original: Callable[..., Any]) -> Callable[..., Any]:
        """Return a function that looks at its arguments and calls `original`."""

        @functools.wraps(original)
        def looking(*args: Any, **kwargs: Any) -> Any:
            __tracebackhide__ = True
            seen = self.begins(sys._getframe(1), args, kwargs)
            if seen is None:
                return original(*args, **kwargs)
            try:
                result = original(*args, **kwargs)
            except BaseException as error:
                self.fails(seen, args, kwargs, error)
                raise
            if seen.count == seen.number:
                with suppress(Exception):
                    seen.result = tuple(result.shape)
            return result

        looking.__einloop_watched__ = True  # type: ignore[attr-defined]
        return looking


def aliases(names: Mapping[str, Any]) -> list[str]:
    """Return the names by which a notebook calls functions that are watched."""
    holders = [(sys.modules.get(module), name) for module, name in FUNCTIONS]
    originals = {id(vars(holder).get(name)) for holder, name in holders if holder is not None and name in vars(holder)}
    return [name for name, value in names.items() if id(value) in originals]


@contextmanager
def watching(shell: Any, watch: Watch) -> Iterator[None]:
    """Watch while the context lasts, in the names of a shell; after an import of the cell once more."""
    names: dict[str, Any] = shell.user_ns
    importing = Importing()
    names[RENEW] = functools.partial(watch.renew, names)
    shell.ast_transformers.append(importing)
    watch.renew(names)
    try:
        yield
    finally:
        shell.ast_transformers.remove(importing)
        names.pop(RENEW, None)
        watch.end(names)


class Importing(ast.NodeTransformer):
    """Puts a call after every import of a library with an einsum, outside functions."""

    def visit_Import(self, node: ast.Import) -> Any:  # noqa: D102
        return self._followed(node, [alias.name for alias in node.names])

    def visit_ImportFrom(self, node: ast.ImportFrom) -> Any:  # noqa: D102
        return self._followed(node, [node.module or ""])

    def generic_visit(self, node: ast.AST) -> ast.AST:  # noqa: D102
        return node if isinstance(node, SCOPES) else super().generic_visit(node)

    def _followed(self, node: ast.stmt, modules: list[str]) -> Any:
        if not any(module.partition(".")[0] in LIBRARIES for module in modules):
            return node
        call = ast.Expr(value=ast.Call(func=ast.Name(id=RENEW, ctx=ast.Load()), args=[], keywords=[]))
        ast.copy_location(call, node)
        return [node, ast.fix_missing_locations(call)]


def trimmed(error: BaseException | None) -> None:
    """Take the frames of functions that look out of the traceback of an error: they are none of the cell's."""
    while error is not None:
        trace, before = error.__traceback__, None
        while trace is not None:
            if trace.tb_frame.f_code.co_filename == __file__:
                if before is None:
                    error.__traceback__ = trace.tb_next
                else:
                    before.tb_next = trace.tb_next
            else:
                before = trace
            trace = trace.tb_next
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
