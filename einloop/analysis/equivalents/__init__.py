"""The same without einsum: a Spec in, array expressions for numpy, torch, einops and einx out, as trees.

Writes no text (`targets/equivalents.py` does) and computes nothing. What cannot be said rightly for every shape that
the Spec allows is left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from ...core.arrays import ArrayNode, Equivalent, ProductKind, nodes
from ...core.names import Names
from ...core.spec import Spec
from .labelled import Idiom, Labelled
from .matmul import Path, matmul_expression, matmul_lines
from .named import einops_expression, einx_expression
from .plain import plain_expression

STYLES = (
    Idiom(library="numpy", reverses=True, traces=True, bmm=False),
    Idiom(library="torch", reverses=False, traces=False, bmm=True),
)

NAMED = (("einops", einops_expression), ("einx", einx_expression))

MODULES = {"numpy": "np", "torch": "torch", "einops": "einops", "einx": "einx"}
"""The name by which a library is called: no operand may have it."""

MATRIX_STEPS = frozenset(
    {"name", "reverse", "swap_last", "permute", "diagonal", "sum", "squeeze", "expand", "reshape", "matmul", "multiply"}
)
EXPORTABLE = MATRIX_STEPS | {"bmm"}

PRODUCTS = frozenset({"matmul", "bmm", "tensordot"})
SUMS = frozenset({"sum", "trace", "named_sum"})


def equivalents(spec: Spec, names: Names, path: Path | None = None) -> tuple[Equivalent, ...]:
    """Return the expressions, plain ones first.

    `path` says which two operands an expression of matrix products takes first (as opt_einsum writes paths); by
    default the first two from left to right that can be summed over.

    >>> from einloop.core.names import choose_names
    >>> from einloop.notation.subscripts import read_subscripts
    >>> spec = read_subscripts("ij,jk->ik")
    >>> found = equivalents(spec, choose_names(spec))
    >>> [(one.library, one.tree.block) for one in found if one.kind is not ProductKind.MATMUL]
    [('numpy', 'matmul'), ('torch', 'matmul'), ('einops', 'named_dot'), ('einx', 'named_dot')]
    """
    lowered = {style.library: matmul_expression(spec, names, bare(style), path) for style in STYLES}
    found = [*_plain(spec, names, lowered), *_named(spec, names), *_matmuls(spec, names, lowered, path)]
    return tuple(one for one in found if MODULES[one.library] not in names.operands)


Lowered = Mapping[str, Labelled | None]
"""The expression of matrix products by library."""


def _plain(spec: Spec, names: Names, lowered: Lowered) -> Iterator[Equivalent]:
    for style in STYLES:
        found = plain_expression(spec, names, style) or lowered[style.library]
        if found is not None:
            yield Equivalent(
                library=style.library,
                kind=ProductKind.PLAIN,
                tree=found.tree,
                caveats=_caveats(spec, style.library, found),
                exportable=_exportable(found.tree),
            )


def _named(spec: Spec, names: Names) -> Iterator[Equivalent]:
    for library, build in NAMED:
        tree = build(spec, names)
        if tree is not None:
            widens = any(node.block in SUMS for node in nodes(tree))
            yield Equivalent(library=library, kind=ProductKind.NAMED, tree=tree, caveats=("widens",) if widens else ())


def _matmuls(spec: Spec, names: Names, lowered: Lowered, path: Path | None) -> Iterator[Equivalent]:
    for style in STYLES:
        found = lowered[style.library]
        if found is not None:
            yield Equivalent(
                library=style.library,
                kind=ProductKind.MATMUL,
                tree=found.tree,
                lines=matmul_lines(spec, names, bare(style), path),
                caveats=_caveats(spec, style.library, found),
                exportable=True,
            )


def bare(style: Idiom) -> Idiom:
    """Return the style of a library in which nothing but what tools without einsum know is used."""
    return replace(style, plain=False, bmm=False)


def _exportable(tree: ArrayNode) -> bool:
    return all(node.block in EXPORTABLE for node in nodes(tree))


def _caveats(spec: Spec, library: str, found: Labelled) -> tuple[str, ...]:
    """Return the ids of what differs from np.einsum, for some dtypes or shapes."""
    tree, torch = found.tree, library == "torch"
    blocks = [node.block for node in nodes(tree)]
    multiplies = torch and any(block in PRODUCTS for block in blocks)
    reads = any(size.number == -1 or size.lengths for node in nodes(tree) for size in getattr(node, "shape", ()))
    holds = {
        "widens": any(block in SUMS for block in blocks),
        "one_dtype": multiplies,
        "no_bools": torch and "trace" in blocks,
        "converts_late": len(spec.operands) > 2 and not multiplies,
        "read_only": not torch and spec.is_view and "diagonal" in blocks,
        "order": list(found.factors) != sorted(found.factors),
        "open_sizes": reads,
    }
    return tuple(name for name, true in holds.items() if true)


__all__ = ["EXPORTABLE", "MATRIX_STEPS", "MODULES", "Path", "equivalents"]
