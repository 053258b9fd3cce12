"""The state of the page in, what its expression means out, with the names and shapes of what it reads and makes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..core.combination import Statements
from ..core.joined import Joined
from ..core.names import Names, choose_names
from ..core.options import Options
from ..core.spec import Spec
from ..pipeline.page import language_of
from ..pipeline.reading import reserved_names
from ..pipeline.summed import as_einsum, joined
from ..views.catalogue import Catalogue, load_catalogue
from .asked import text_of
from .remembered import reading
from .state import PageState

Data = dict[str, Any]


def read(state: PageState, options: Options, *, whole: bool = False) -> Spec | Statements:
    """Return what the expression means; what is one einsum as that. Raises EinloopError."""
    found = reading(text_of(state), options, whole=whole)
    if isinstance(found, Spec):
        return found
    return as_einsum(found, options) or found


def words_for(state: PageState) -> Catalogue:
    """Return the words of the page's language. Raises OptionError where there is no such language."""
    return load_catalogue(language_of(state.lang))


def names_of(spec: Spec, options: Options) -> Names:
    """Return what everything is called."""
    return choose_names(spec, reserved_names(options))


def einsum_arrays(spec: Spec, names: Names) -> tuple[list[Data], Data]:
    """Return the operands of an einsum and its result, each with its labels and lengths."""
    sizes = {index.label: index.extent for index in spec.indices}
    operands = [
        _array(name, op.labels, [sizes.get(label) for label in op.labels] if op.shape is None else op.shape)
        for name, op in zip(names.operands, spec.operands, strict=True)
    ]
    return operands, _array(names.result, spec.output, [sizes.get(label) for label in spec.output])


def statement_arrays(statements: Statements, options: Options) -> tuple[list[Data], Data, Joined]:
    """Return what statements read, each once, and their last result."""
    found = joined(statements, options)
    results = {one.result for one in found.statements.combinations}
    extents = found.extents
    every = [one for combination in found.statements.combinations for one in combination.summands]
    terms = {name: op.labels for one in every for name, op in zip(one.names, one.spec.operands, strict=True)}
    texts = {name: text for one in found.statements.combinations for name, text in one.texts.items()}
    operands = [
        _array(texts.get(name, name), labels, [extents.get(label) for label in labels])
        for name, labels in terms.items()
        if labels and name not in results
    ]
    last = found.statements.combinations[-1]
    output = last.summands[0].spec.output if last.summands else ()
    return operands, _array(last.result, output, [extents.get(label) for label in output]), found


def _array(name: str, labels: Sequence[str], shape: Sequence[Any]) -> Data:
    """Return an array as JSON: each length a number, a name, or null where it is not known."""
    return {"name": name, "labels": list(labels), "shape": list(shape)}
