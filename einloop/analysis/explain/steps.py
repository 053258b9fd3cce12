"""The pairwise path beside the naive loops: every step with its shape and cost, and what the path saves."""

from __future__ import annotations

from math import prod

from ...core.bind import show_shape
from ...core.message import Code, Join, Message, Value, codes
from ...core.names import Names
from ...core.path import EINSUM_PATH, Step, einsum_path, path_steps, path_terms
from ...core.report import Fact, Paragraph, Part, Section, Table
from ...core.spec import Spec
from ..blas import blas_dtype, product_steps
from ..elements import path_formulas
from ..path import ASSUMED_EXTENT, MAX_SEARCHED_OPERANDS, contraction_path, path_sizes
from .cost import order_of
from .counts import product_of
from .shapes import extent

MIN_OPERANDS = 3


def steps(spec: Spec, names: Names, dtypes: tuple[str, ...] | None = None) -> Section | None:
    """Return the path of three and more operands step by step; nothing for fewer.

    `dtypes`: one per operand where they are known (BLAS computes some). Where opt_einsum is missing the section says
    so.
    """
    if len(spec.operands) < MIN_OPERANDS:
        return None
    path = path_steps(path_terms(spec), spec.output, spec.path) if spec.path else contraction_path(spec)
    if path is None:
        return Section(id="steps", parts=(Paragraph(message=Message("steps.missing")),))
    sizes = path_sizes(spec)
    unknown = [names.index[index.label] for index in spec.indices if not isinstance(index.extent, int)]
    naive, along = prod(sizes.values()), sum(step.points(sizes) for step in path)
    largest = max((step.elements(sizes) for step in path[:-1]), default=0)
    rows, facts = _rows(spec, names, path)
    heads = ("step", "computes", "shape", "iterations")
    parts: list[Part] = [
        Table(heads=tuple(Message(f"steps.{head}") for head in heads), rows=rows),
        *(Paragraph(message=message) for message in _verdict(spec, names, path, (naive, along), dtypes)),
    ]
    places = [step.taken for step in path]
    if spec.path:
        parts.append(Paragraph(message=Message("path.given")))
    elif unknown:
        assumed: dict[str, Value] = {"count": len(unknown), "indices": codes(unknown), "extent": ASSUMED_EXTENT}
        parts.append(Paragraph(message=Message("steps.assumed", assumed)))
    if len(spec.operands) > MAX_SEARCHED_OPERANDS and not spec.path:
        parts.append(Paragraph(message=Message("steps.good")))
    if largest and not unknown:
        parts.append(Paragraph(message=Message("steps.largest", {"elements": largest, "count": largest})))
    if len(path) > 1:
        parts.append(Paragraph(message=Message("path.einsum", {"call": Code(f"optimize={einsum_path(places)}")})))
    counts: dict[str, Fact] = {"naive": naive, "along_path": along, "largest_intermediate": largest}
    taken: list[Fact] = [EINSUM_PATH, *(list[Fact](step) for step in places)]
    return Section(id="steps", parts=tuple(parts), facts={"steps": facts, "path": taken, **({} if unknown else counts)})


def _rows(spec: Spec, names: Names, path: tuple[Step, ...]) -> tuple[tuple[tuple[Value, ...], ...], list[Fact]]:
    """Return a row for every step, and the same as facts; intermediates are called T1, T2 ..."""
    rows: list[tuple[Value, ...]] = []
    facts: list[Fact] = []
    for number, (step, (name, computes)) in enumerate(zip(path, path_formulas(spec, names, path), strict=True), 1):
        shape = tuple(extent(spec, names, label) for label in step.output)
        points = product_of(extent(spec, names, label) for label in step.labels)
        rows.append((number, Code(computes), Code(show_shape(shape)), points))
        iterations = points if isinstance(points, int) else str(getattr(points, "text", points))
        facts.append({"computes": computes, "result": name, "shape": [*shape], "iterations": iterations})
    return tuple(rows), facts


def _verdict(
    spec: Spec, names: Names, path: tuple[Step, ...], points: tuple[int, int], dtypes: tuple[str, ...] | None
) -> tuple[Message, ...]:
    """Return what the path saves: numbers where all extents are known, else how both scale. A path that saves no
    iterations may still make matrix products of them.

    `points`: the iterations of one nest, and along the path.
    """
    naive, along = points
    products = product_steps(spec, path) if blas_dtype(dtypes or ()) else ()
    shown = codes([str(number + 1) for number in products])
    blas = Message("steps.blas", {"count": len(products), "steps": shown, "call": Code("optimize=True")})
    still = (blas,) if products else ()
    if all(isinstance(index.extent, int) for index in spec.indices):
        if along >= naive:
            return Message(f"steps.{'no_fewer' if products else 'no_gain'}", {"naive": naive, "along": along}), *still
        return (Message("steps.gain", {"naive": naive, "along": along, "ratio": naive / along if along else 1}),)
    naive_order, orders = _order(spec, names, None), _orders(spec, names, path)
    if frozenset(index.label for index in spec.indices) in path_labels(path):
        return Message("steps.alike", {"order": naive_order}), *still
    return (Message("steps.scaling", {"naive": naive_order, "along": orders}),)


def path_labels(path: tuple[Step, ...]) -> list[frozenset[str]]:
    """Return the labels that each step loops over."""
    return [frozenset(step.labels) for step in path]


def _order(spec: Spec, names: Names, step: Step | None) -> Code:
    return Code(order_of(names, [index.label for index in spec.indices] if step is None else step.labels))


def _orders(spec: Spec, names: Names, path: tuple[Step, ...]) -> Join:
    """Return how the steps scale, those left out that another step outgrows for sure."""
    sets = path_labels(path)
    shown = [
        _order(spec, names, step)
        for number, step in enumerate(path)
        if not any(sets[number] < other for other in sets) and sets[number] not in sets[:number]
    ]
    return Join(tuple(shown), "plus")
