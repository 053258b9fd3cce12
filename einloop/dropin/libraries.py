"""Tensors of PyTorch and arrays of JAX: recognised without importing either, checked, computed by their own einsum."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from ..analysis.diagnose import diagnose
from ..analysis.dialects import find, judge
from ..core.bind import Shape
from ..core.errors import DtypeError, NotationError, OptionError
from ..core.options import Options
from ..core.report import Severity
from ..core.source import Notation
from ..pipeline.dialects import read_case
from .call import as_text, named_dtype, subscripts_of
from .words import Warned, in_words, warnings_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """Arrays of another library: its name, that of its arrays, where its einsum is, and its keywords."""

    library: str
    array: str
    home: tuple[str, ...]
    keywords: tuple[str, ...] = ()
    scalars: bool = False
    """Python numbers are operands too."""

    @property
    def einsum(self) -> Callable[..., Any]:
        """The library's own einsum."""
        found: Any = sys.modules[self.library]
        for name in (*self.home, "einsum"):
            found = getattr(found, name)
        return found  # type: ignore[no-any-return]


KINDS = (
    Kind(library="torch", array="Tensor", home=()),
    Kind(
        library="jax",
        array="Array",
        home=("numpy",),
        keywords=("optimize", "precision", "preferred_element_type"),
        scalars=True,
    ),
)
"""Recognised where the library is loaded already: who has such an array has loaded it."""


def common_kind(values: Sequence[Any]) -> Kind | None:
    """Return the library whose arrays the operands are, None for numpy. Raises OptionError for a mixture."""
    kinds = [kind_of(value) for value in values]
    first = next((kind for kind in kinds if kind is not None), None)
    if first is None:
        return None
    for number, (kind, value) in enumerate(zip(kinds, values, strict=True)):
        if kind is not first and not (first.scalars and isinstance(value, int | float | complex)):
            other = kinds.index(first)
            raise OptionError(
                "EL415",
                f"operand {other} is an array of {first.library}, operand {number} is a {_type_name(value)}",
                hint=f"make every operand an array of {first.library}, or every one an array of numpy",
                operand=number,
            )
    return first


def kind_of(value: Any) -> Kind | None:
    """Return the library of an array, None where it is of none of KINDS."""
    for kind in KINDS:
        array = getattr(sys.modules.get(kind.library), kind.array, None)
        if array is not None and isinstance(value, array):
            return kind
    return None


def _type_name(value: Any) -> str:
    name = type(value)
    return name.__name__ if name.__module__ == "builtins" else f"{name.__module__.partition('.')[0]}.{name.__name__}"


def check_there(kind: Kind, operands: tuple[Any, ...], values: Sequence[Any], keywords: Mapping[str, Any]) -> Warned:
    """Return the warnings for a call with another library's arrays. Raises EinloopError where the library refuses."""
    for name in keywords:
        if name not in kind.keywords:
            takes = f"it takes {', '.join(kind.keywords)}" if kind.keywords else "it takes no keywords"
            raise OptionError("EL402", f"{kind.library}'s einsum has no keyword {name!r}", hint=takes)
    shapes = tuple(_shape(value) for value in values)
    dtypes = tuple(named_dtype(getattr(value, "dtype", None)) for value in values)
    try:
        text = subscripts_of(operands, values)
    except NotationError:
        if not isinstance(operands[0], str | bytes):
            raise
        text = str(as_text(operands)[0])  # what numpy refuses to read, the library may read
    return _judged(text, shapes, dtypes, kind.library)


def _shape(value: Any) -> Shape:
    """Return a shape in numbers; sizes that are symbols while a function is traced stay symbols."""
    return tuple(size if isinstance(size, int) else str(size) for size in getattr(value, "shape", ()))


@lru_cache(maxsize=512)
def _judged(text: str, shapes: tuple[Shape, ...], dtypes: tuple[str | None, ...], dialect: str) -> Warned:
    options = Options(notation=Notation.SUBSCRIPTS, shapes=tuple((None, shape) for shape in shapes))
    # JAX' arrays have the dtype that JAX gave them, whatever numpy would say
    known = dtypes if dialect == "torch" else (None,) * len(dtypes)
    case = replace(read_case(text, options, find(dialect)), dtypes=known)
    verdict = judge(case)
    if case.error is not None and verdict.refused_by_both:
        raise case.error
    if not verdict.legal:
        raise DtypeError("EL303", "; ".join(in_words(x) for x in verdict.findings if x.severity is Severity.ERROR))
    # what diagnose says of dtypes and values is true of numpy's, so it is told none
    doubts = () if case.ours is None else diagnose(case.ours)
    return warnings_of((*verdict.findings, *doubts))
