"""Values of core/ as plain dictionaries and lists, for JSON."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..core.combination import Statements
from ..core.errors import EinloopError
from ..core.generated import Generated
from ..core.lifted import Lifted
from ..core.spec import Index, Spec
from ..core.statement_data import statements_data
from ..core.verification import Case, Outcome, Verification

__all__ = ["error_data", "generated_data", "spec_data", "statements_data", "verification_data"]


def error_data(error: EinloopError) -> dict[str, Any]:
    """Return an error with its id, place and hint.

    >>> error_data(EinloopError("EL106", "no"))["error"]["id"]
    'EL106'
    """
    return {
        "error": {
            "id": error.id,
            "message": error.message,
            "text": error.text,
            "span": None if error.span is None else list(error.span),
            "operand": error.operand,
            "axis": error.axis,
            "line": error.line,
            "hint": error.hint,
            "also": [list(place) for place in error.also],
            "fixes": [{"expression": fix.expression, "shape": fix.shape} for fix in error.fixes],
        }
    }


def generated_data(generated: Generated, verification: Verification | None = None) -> dict[str, Any]:
    """Return an emission: text, names, index metadata, contract, and the verification if there is one."""
    contract = generated.contract
    return {
        "source": generated.source,
        "target": generated.target,
        "style": generated.style,
        "form": generated.form.value,
        "entry": generated.entry,
        **({} if generated.header is None else {"header": generated.header}),
        "inputs": list(generated.inputs),
        "result": generated.result,
        **_meaning(generated),
        "contract": {
            "dtypes": None if contract.dtypes is None else list(contract.dtypes),
            "values": contract.values.value,
            "checked": contract.checked,
        },
        "notes": list(generated.notes),
        "verification": None if verification is None else verification_data(verification),
    }


def _meaning(generated: Generated) -> dict[str, Any]:
    """Return the metadata of what loops compute. A sum of einsums has statements with terms in place of subscripts."""
    data = spec_data(generated.spec, generated.operands)
    if generated.joint is None:
        return data
    joints = [joint for joint, _, _ in generated.steps] or [generated.joint]
    statements = Statements(combinations=tuple(one for joint in joints for one in joint.statements.combinations))
    for index in data["indices"]:
        del index["flags"]  # they are those of a product
    kept = ("expression", "notation", "operands", *(() if generated.steps else ("output", "indices")))
    return {**{key: data[key] for key in kept}, **statements_data(statements)}


def lifted_data(found: Lifted, speeds: Sequence[str] = ()) -> dict[str, Any]:
    """Return what was made of code: statements with their terms, notes, how fast, and the verification."""
    verification = found.verification
    return {
        **statements_data(found.found),
        "notes": list(found.notes),
        "speed": list(speeds),
        "verification": None if verification is None else verification_data(verification),
    }


def spec_data(spec: Spec, names: tuple[str, ...]) -> dict[str, Any]:
    """Return the metadata of an expression."""
    return {
        "expression": spec.source.text,
        "notation": spec.source.notation.value,
        "subscripts": spec.subscripts,
        "implicit": spec.implicit,
        "operands": [
            {"name": name, "labels": list(op.labels), "shape": None if op.shape is None else list(op.shape)}
            for name, op in zip(names, spec.operands, strict=True)
        ],
        "output": list(spec.output),
        "indices": [_index_data(index) for index in spec.indices],
    }


def verification_data(found: Verification) -> dict[str, Any]:
    """Return a verification: verdict, counts, every case, the mismatch."""
    wrong = found.mismatch
    return {
        "verified": bool(found),
        "skipped": found.skipped,
        "seed": found.seed,
        "contract": found.contract,
        "only": found.only or None,
        "equal": sum(case.outcome is Outcome.EQUAL for case in found.cases),
        "refused": sum(case.outcome is Outcome.REFUSED for case in found.cases),
        "cases": [_case_data(case) for case in found.cases],
        "notes": list(found.notes),
        "mismatch": None
        if wrong is None
        else {
            "reason": wrong.reason,
            "case": _case_data(wrong.case),
            "element": None if wrong.element is None else list(wrong.element),
            "got": wrong.got,
            "expected": wrong.expected,
            "exact": wrong.exact or None,
            "terms": list(wrong.terms),
            "hint": wrong.hint or None,
        },
    }


def _index_data(index: Index) -> dict[str, Any]:
    return {
        "label": index.label,
        "extent": index.extent,
        "role": index.role.value,
        "flags": list(index.flags),
        "places": [
            {
                "operand": place.operand,
                "axis": place.axis,
                "span": None if place.span is None else [place.span.start, place.span.stop],
                "stretched": place.stretched,
            }
            for place in index.places
        ],
    }


def _case_data(case: Case) -> dict[str, Any]:
    return {
        "shapes": [list(shape) for shape in case.shapes],
        "dtypes": list(case.dtypes),
        "kind": case.kind,
        "exact": case.exact,
        "outcome": case.outcome.value,
    }
