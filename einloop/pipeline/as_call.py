"""A Spec in, the call of np.einsum that it is out, for texts that are none themselves: formulas, named axes, code."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ..core.names import Names, choose_names
from ..core.report import Block, Section
from ..core.spec import Spec


def einsum_call(spec: Spec, names: Names | None = None) -> str | None:
    """Return the statement, None where the text shows its subscripts.

    >>> from einloop.notation import read
    >>> einsum_call(read("y[i] = A[i, j] * x[j]"))
    "y = np.einsum('ij,j->i', A, x)"
    >>> einsum_call(read("ij,j->i")) is None
    True
    """
    if spec.source.notation.traits.letters or not spec.source.text:
        return None
    return call_of(spec, choose_names(spec) if names is None else names)


def call_of(spec: Spec, names: Names, call: str = "np.einsum") -> str:
    """Return the statement that gives the result its value; `call` is a library's einsum.

    >>> from einloop.notation import read
    >>> spec = read("ij,j->i")
    >>> call_of(spec, choose_names(spec), "torch.einsum")
    "c = torch.einsum('ij,j->i', A, b)"
    """
    return f"{names.result} = {call}({', '.join([repr(spec.subscripts), *names.operands])})"


def call_section(specs: Iterable[Spec]) -> Iterator[Section]:
    """Yield the section with the calls that expressions are, nothing where their texts show their subscripts."""
    calls = [call for call in map(einsum_call, specs) if call is not None]
    if calls:
        yield Section(id="statement", parts=(Block(text="\n".join(calls)),), facts={"calls": list(calls)})
