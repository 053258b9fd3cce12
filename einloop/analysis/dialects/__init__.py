"""Dialects: what other libraries make of an einsum. An expression's readings in, a Verdict out; runs no library."""

from __future__ import annotations

from ...core.errors import OptionError
from ...core.near import meant
from ...core.registry import topic_of
from ...core.report import Severity
from ...core.topic import Topic
from .dialect import Dialect, DialectCase, DialectVerdict, Spelling
from .jax import jax_cast, jax_computed, jax_dtypes
from .limits import beyond, letters_run_out, many_symbols
from .pairs import no_bfloat16, pair_dtypes, presummed, rounding
from .shapes import bind_there, lost_ellipsis, uneven_diagonal
from .spelling import as_words, misread, respell, unusual
from .torch import torch_cast, torch_computed, torch_dtypes

__all__ = [
    "DIALECTS",
    "KEYWORDS",
    "Dialect",
    "DialectCase",
    "DialectVerdict",
    "Spelling",
    "as_words",
    "bind_there",
    "find",
    "judge",
    "respell",
]

KEYWORDS = ("out", "dtype", "order", "casting", "optimize")
"""The keywords of np.einsum."""

DIALECTS: tuple[Dialect, ...] = (
    Dialect(name="numpy", call="np.einsum", keywords=KEYWORDS, numpy_dtypes=True, rules=(no_bfloat16,)),
    Dialect(
        name="numpy-optimize",
        call="np.einsum(..., optimize=True)",
        spelling=Spelling.SQUEEZED,
        keywords=KEYWORDS,
        numpy_dtypes=True,
        sums_lost_ellipsis=True,
        beyond=(Topic.OPERANDS, Topic.OCCURRENCES),
        products_at_once=True,
        rules=(unusual, lost_ellipsis, beyond, letters_run_out, pair_dtypes, presummed),
    ),
    Dialect(
        name="torch",
        call="torch.einsum",
        sums_lost_ellipsis=True,
        beyond=(Topic.OPERANDS, Topic.OCCURRENCES, Topic.AXES),
        computed=torch_computed,
        cast=torch_cast,
        rules=(lost_ellipsis, beyond, torch_dtypes, rounding),
    ),
    Dialect(
        name="jax",
        call="jnp.einsum",
        spelling=Spelling.SYMBOLS,
        keywords=("optimize",),
        views=False,
        sums_lost_ellipsis=True,
        beyond=(Topic.OPERANDS, Topic.LABELS, Topic.OCCURRENCES, Topic.SIZE, Topic.AXES),
        computed=jax_computed,
        cast=jax_cast,
        rules=(unusual, many_symbols, lost_ellipsis, uneven_diagonal, beyond, jax_dtypes, rounding),
    ),
    Dialect(
        name="opt_einsum",
        call="opt_einsum.contract",
        spelling=Spelling.SYMBOLS,
        keywords=("out", "optimize"),
        numpy_dtypes=True,
        sums_lost_ellipsis=True,
        beyond=(Topic.OPERANDS, Topic.OCCURRENCES),
        pairwise_letters=True,
        rules=(unusual, many_symbols, lost_ellipsis, beyond, letters_run_out, pair_dtypes),
    ),
    Dialect(name="einops", call="einops.einsum", spelling=Spelling.WORDS, numpy_dtypes=True, rules=(misread,)),
)
"""One entry a dialect. opt_einsum and einops with numpy arrays: they compute with the library of their operands."""


SHOWN_INSTEAD = {Topic.ACCEPTED, Topic.OTHER_SPELLING}
"""Findings of these causes are shown where np.einsum refuses a text: the dialect takes it, or says better why not."""


def find(name: str) -> Dialect:
    """Return the dialect of a name. Raises OptionError where there is none.

    >>> find("torch").call
    'torch.einsum'
    """
    for dialect in DIALECTS:
        if dialect.name == name:
            return dialect
    names = [dialect.name for dialect in DIALECTS]
    raise OptionError("EL469", f"there is no dialect {name!r}", hint=meant(name, names))


def judge(case: DialectCase) -> DialectVerdict:
    """Return whether a case is legal in its dialect, whether it means what it means to np.einsum, and why not.

    Where both refuse, that is the same.

    >>> from einloop.notation.subscripts import read_subscripts
    >>> spec = read_subscripts("ij,jk->ik")
    >>> judge(DialectCase(dialect=find("torch"), text="ij,jk->ik", ours=spec, theirs=spec))
    DialectVerdict(legal=True, same=True, findings=())
    """
    findings = tuple(finding for rule in case.dialect.rules for finding in rule(case))
    serious = {finding.severity for finding in findings} - {Severity.NOTE}
    if case.error is not None and SHOWN_INSTEAD.isdisjoint(topic_of(finding.id) for finding in findings):
        return DialectVerdict(legal=False, same=True)
    return DialectVerdict(legal=Severity.ERROR not in serious, same=not serious, findings=findings)
