"""What einloop thinks of a kind of call: whose einsum computes it, which warnings it gets, whether it is illegal.

A verdict depends on subscripts, shapes and dtypes alone, so that it can be kept. It never refuses: the library says
itself that it does, and `refusal` explains.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, TypeAlias

import numpy as np

from ..analysis.check import diagnose, diagnose_values
from ..analysis.dialects import find, judge
from ..core.bind import Shape
from ..core.dtypes import COMPLEXES, FLOATS, NUMPY_ALONE, common_dtype
from ..core.errors import DtypeError, EinloopError, ShapeError
from ..core.libraries import NUMPY
from ..core.message import Code, Message
from ..core.options import Options
from ..core.picture import caret_lines
from ..core.report import Finding, Report, Severity
from ..core.source import Notation
from ..core.spec import Extent, Spec
from ..pipeline.dialects import advised, read_case
from ..views.catalogue import load_catalogue
from ..views.page import Page
from .call import OPTIMIZED, Call, bound, call_of, einsum_of, named_dtype, settled
from .kinds import operands_of

Warned: TypeAlias = "tuple[tuple[str, str], ...]"
"""Id and text of every warning for a call."""
QUIET = (*FLOATS, *COMPLEXES, "object", "int32", "int64", "uint32", "uint64")
"""dtypes whose sums np.einsum computes without a warning."""
SHARED = tuple(name for name in (*FLOATS, *COMPLEXES) if name not in NUMPY_ALONE)
"""dtypes that mean the same to every library."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CallVerdict:
    """What is known of a kind of call.

    `illegal`: where numpy answers all the same, its answer is not to be trusted. `masks`: places of the operands that
    are masked arrays. `lasting`: it may be kept.
    """

    einsum: Callable[..., Any]
    warnings: Warned = ()
    illegal: bool = False
    masks: tuple[int, ...] = ()
    lasting: bool = False

    @property
    def speaks(self) -> bool:
        """There may be something to warn of."""
        return bool(self.warnings or self.masks)

    def masked(self, operands: tuple[Any, ...]) -> Iterator[tuple[str, str]]:
        """Yield a warning for each operand whose mask hides something."""
        values = operands_of(operands) if self.masks else ()
        for place in self.masks:
            if np.ma.is_masked(values[place]):
                yield mask_warning(place)


def judged(operands: tuple[Any, ...], keywords: Mapping[str, Any]) -> tuple[tuple[Any, ...], CallVerdict]:
    """Return the arguments, with what can be read only once having been read, and the verdict on the call."""
    operands = settled(operands)
    library = NUMPY
    try:
        call = call_of(operands, keywords)
        library = call.library
        return operands, _verdict(call)
    except Exception:  # an array that raises when it is looked at is the library's matter
        return operands, CallVerdict(einsum=einsum_of(library))


def _verdict(call: Call) -> CallVerdict:
    plain = CallVerdict(einsum=einsum_of(call.library))
    try:
        facts = call.facts()
    except ShapeError:
        return plain  # numpy will refuse it, or knows better
    if facts is None:
        return plain
    shapes, dtypes = facts
    try:
        warned = _warned(call, shapes, dtypes)
    except EinloopError:
        return replace(plain, illegal=call.dialect is None)
    masks = tuple(place for place, value in enumerate(call.values) if isinstance(value, np.ma.MaskedArray))
    lasting = all(isinstance(extent, int) for shape in shapes for extent in shape)
    return replace(plain, warnings=warned, masks=masks, lasting=lasting)


def _warned(call: Call, shapes: tuple[Shape, ...], dtypes: tuple[str | None, ...]) -> Warned:
    """Return the warnings for a call. Raises EinloopError where its library refuses it.

    Of dtypes that get no warnings, an expression is fine at all sizes if it is fine at small ones that agree in the
    same places: then it need not be looked at for every shape.
    """
    text, summed_in = call.subscripts(), _computed_in(call, dtypes)
    fine = _as_numpy(call.dialect, dtypes) and _fine(text, _canonical(shapes))
    if not fine and call.dialect is not None:
        return warnings_of(examined(text, call.dialect, shapes, summed_in)[1])
    written = () if fine else _written(text, shapes)
    if all(dtype in QUIET for dtype in summed_in):
        return written
    return (*written, *warnings_of(diagnose_values(bound(text, shapes), summed_in)))


def _as_numpy(dialect: str | None, dtypes: tuple[str | None, ...]) -> bool:
    """Return whether what is legal and fine for np.einsum is so in a dialect, operands having these dtypes."""
    if dialect is None:
        return True
    alone = dtypes[0] if len(set(dtypes)) == 1 else None
    if dialect == OPTIMIZED:
        return alone is not None and (alone != "object" or len(dtypes) < 3)
    return alone in SHARED


def _canonical(shapes: tuple[Shape, ...]) -> tuple[Shape, ...]:
    """Return small shapes that agree, and are 1 and 0, in the same places.

    >>> _canonical(((7, 1, 50), (50, 0)))
    ((2, 1, 3), (3, 0))
    """
    named: dict[Extent, Extent] = {0: 0, 1: 1}
    return tuple(tuple(named.setdefault(extent, len(named)) for extent in shape) for shape in shapes)


@lru_cache(maxsize=4096)
def _written(text: str, shapes: tuple[Shape, ...]) -> Warned:
    """Return what np.einsum's users are warned of whatever the dtypes. Raises EinloopError where it refuses them."""
    return warnings_of(diagnose(bound(text, shapes), notes=False))


@lru_cache(maxsize=4096)
def _fine(text: str, shapes: tuple[Shape, ...]) -> bool:
    """Return whether np.einsum takes an expression, and nothing is to be warned of whatever the dtypes."""
    try:
        return not warnings_of(diagnose(bound(text, shapes), notes=False))
    except EinloopError:
        return False


def examined(
    text: str, dialect: str | None, shapes: tuple[Shape, ...], dtypes: tuple[str | None, ...]
) -> tuple[Spec | None, tuple[Finding, ...]]:
    """Return the bound expression as np.einsum reads it, None where it cannot, and what is found about it.

    `dialect`: whose rules hold, None for np.einsum's. Raises EinloopError where they refuse subscripts, shapes or
    dtypes.
    """
    if dialect is not None:
        return _examined_there(dialect, text, shapes, dtypes)
    spec = bound(text, shapes)
    return spec, diagnose(spec, dtypes, notes=False)


def _examined_there(
    name: str, text: str, shapes: tuple[Shape, ...], dtypes: tuple[str | None, ...]
) -> tuple[Spec | None, tuple[Finding, ...]]:
    options = Options(notation=Notation.SUBSCRIPTS, shapes=tuple((None, shape) for shape in shapes))
    dialect = find(name)
    # JAX' arrays have the dtype that JAX gave them, whatever numpy would say
    known = (None,) * len(dtypes) if name == "jax" else dtypes
    case = replace(read_case(text, options, dialect), dtypes=known)
    verdict = judge(case)
    if case.error is not None and verdict.refused_by_both:
        raise case.error
    if not verdict.legal:
        raise DtypeError("EL303", "; ".join(in_words(x) for x in verdict.findings if x.severity is Severity.ERROR))
    if case.ours is None:
        return None, verdict.findings
    if dialect.numpy_dtypes:
        return case.ours, (*verdict.findings, *diagnose(case.ours, dtypes, notes=False))
    computed = dialect.computed(case.ours, tuple(filter(None, dtypes))) if all(dtypes) else None
    doubts = diagnose(case.ours, dtypes if computed else (), numpy=False, computed=computed, notes=False)
    return case.ours, (*verdict.findings, *(advised(doubt, dialect, computed) for doubt in doubts))


def _computed_in(call: Call, dtypes: tuple[str | None, ...]) -> tuple[str | None, ...]:
    """Return the dtypes of operands as np.einsum computes with them: dtype= and out= take part."""
    if call.keywords.get("preferred_element_type") is not None:
        return (None,) * len(dtypes)  # JAX adds in that dtype, by rules of its own
    asked, casting = call.keywords.get("dtype"), call.keywords.get("casting", "safe")
    if asked is not None:
        return (named_dtype(np.dtype(asked)),) * len(dtypes) if _castable(dtypes, asked, casting) else dtypes
    out = named_dtype(getattr(call.keywords.get("out"), "dtype", None))
    known = [dtype for dtype in dtypes if dtype is not None]
    if out is None or len(known) < len(dtypes) or common_dtype([*known, out]) == common_dtype(known):
        return dtypes
    return (common_dtype([*known, out]),) * len(dtypes)


def _castable(dtypes: tuple[str | None, ...], asked: Any, casting: Any) -> bool:
    """Return whether operands may become what dtype= asks for; where they may not, or it is none, numpy refuses."""
    try:
        return all(dtype is not None and np.can_cast(dtype, asked, casting) for dtype in dtypes)
    except (TypeError, ValueError):
        return False


def warnings_of(findings: Sequence[Finding]) -> Warned:
    """Return id and text of the warnings among findings."""
    return tuple((finding.id, in_words(finding)) for finding in findings if finding.severity is Severity.WARNING)


def in_words(finding: Finding) -> str:
    """Return a finding as text: the sentence, the places, what to write instead."""
    catalogue = load_catalogue("en")
    lines = [catalogue.text(finding.message)]
    if finding.text and finding.spans:
        lines += [f"  {line}" for line in caret_lines(finding.text, finding.spans)]
    hint = Page(Report(kind="check", subject=finding.text, sections=()), catalogue).hint(finding)
    return "\n".join(lines if hint is None else [*lines, catalogue.text(hint)])


def mask_warning(operand: int) -> tuple[str, str]:
    """Return id and text of the warning for a masked array."""
    message = Message("diagnose.masked", {"operand": Code(str(operand))})
    return "EL747", load_catalogue("en").text(message)
