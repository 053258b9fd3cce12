"""dtypes in JAX: none wider than 32 bits unless asked for, and a promotion of its own.

Source: JAX' documentation, "Type promotion semantics" and "Double (64 bit) precision"; observed behaviour of 0.10.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ...core.dtypes import BFLOAT16, COMPLEXES, DTYPES, FLOATS, common_dtype
from ...core.message import Code, Value, codes
from ...core.report import Finding, Severity
from ...core.spec import Spec
from .dialect import DialectCase
from .pairs import common_dtype_or_none, lacking, lacks

NARROW = {name: row.jax for name, row in DTYPES.items() if row.jax}
"""What becomes of 64 bits while jax_enable_x64 is off, as it is unless set."""


def jax_dtypes(case: DialectCase) -> Iterator[Finding]:
    """Say which dtypes JAX lacks, narrows silently, or promotes in another way than numpy."""
    known = case.known_dtypes
    if lacks(known):
        yield from lacking(case)
        return
    ours = common_dtype_or_none(known)
    if ours is None and BFLOAT16 not in known:
        if case.error is None:
            yield case.finding("EL746", Severity.NOTE, "jax_unknown")
        return
    wide = [dtype for dtype in dict.fromkeys(known) if dtype in NARROW]
    theirs = promoted(known)
    if wide:
        narrow = codes([NARROW[dtype] for dtype in wide])
        values: dict[str, Value] = {"wide": codes(wide), "narrow": narrow, "theirs": Code(theirs)}
        kind = "jax_narrow" if ours is not None else "jax_narrow_alone"
        values |= {} if ours is None else {"ours": Code(ours)}
        yield case.finding("EL738", Severity.WARNING, kind, **values)
    elif ours is not None and theirs != ours:
        yield case.finding("EL738", Severity.WARNING, "result_dtype", theirs=Code(theirs), ours=Code(ours))


def jax_computed(spec: Spec, dtypes: Sequence[str]) -> str | None:
    """Return the dtype in which JAX multiplies and adds, sums of integers too (observed behaviour of 0.10)."""
    return promoted(dtypes) if dtypes and not lacks(dtypes) else None


def jax_cast(dtype: str, computed: str | None) -> str:
    """Return how an operand gets a wider dtype: none has 64 bits while jax_enable_x64 is off."""
    wide = dtype == "np.int64" and computed not in ("int32", "uint32")
    return "operand.astype(jnp.int32)" if wide else "operand.astype(jnp.float32)"


def promoted(dtypes: Sequence[str]) -> str:
    """Return the dtype that JAX gives operands of these dtypes together, with jax_enable_x64 off.

    >>> promoted(["int32", "float16"]), promoted(["uint32", "int32"]), promoted(["float64", "complex64"])
    ('float16', 'int32', 'complex64')
    """
    narrow = [NARROW.get(name, name) for name in dtypes]
    if any(name in COMPLEXES for name in narrow):
        return "complex64"
    floats = [name for name in narrow if name in (*FLOATS, BFLOAT16)]
    common = common_dtype(floats or narrow)
    return NARROW.get(common, common)
