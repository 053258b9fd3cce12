"""The sentence: what the loops do, in words, from the roles of the indices."""

from __future__ import annotations

from ...core.message import Code, Join, Message, Value
from ...core.names import Names
from ...core.spec import DOTS, Index, Spec
from ..elements import element

FORMS = {1: "one", 2: "two"}


def sentence(spec: Spec, names: Names) -> Message:
    """Return what an expression computes: "For every i and k, multiply A[i,j] by B[j,k] and add up over j."

    >>> from einloop.core.names import choose_names
    >>> from einloop.notation.subscripts import read_subscripts
    >>> spec = read_subscripts("ij,jk->ik")
    >>> sentence(spec, choose_names(spec)).id
    'sentence.two.each_sum'
    """
    values: dict[str, Value] = {"free": indices(spec.free, names), "over": indices(spec.summed, names)}
    factors = [Code(element(spec, names, number)) for number in range(len(spec.operands))]
    form = FORMS.get(len(factors), "many")
    if form == "one":
        values["element"] = factors[0]
    elif form == "two":
        values |= {"first": factors[0], "second": factors[1]}
    else:
        values["factors"] = Join(tuple(factors))
    parts = [*(["each"] if spec.output else []), *(["sum"] if spec.summed else [])]
    return Message(f"sentence.{form}.{'_'.join(parts) or 'plain'}", values)


def indices(which: tuple[Index, ...], names: Names) -> Join:
    """Return indices joined; the axes of an ellipsis of unknown rank are the places in them."""
    return Join(tuple(_index(index.label, names) for index in which))


def _index(label: str, names: Names) -> Value:
    return Message("sentence.position", {"dots": Code(DOTS)}) if label == DOTS else Code(names.index[label])
