"""A pasted call (np.einsum('ij,jk->ik', a, b)) in, Spec out, with the user's names. Runs nothing.

Takes what np.einsum, torch.einsum, opt_einsum.contract and einops.einsum are called with: subscripts
first, sublists, or named axes last. Keyword arguments become notes: they are no part of the loops.
`pasted` finds the call, `arguments` and `spec` read it.
"""

from __future__ import annotations

from ...core.source import Notation, Source
from ...core.spec import Spec


def read_call(text: str) -> Spec:
    """Return the metadata of a pasted call; spans are offsets into the whole text.

    Raises NotationError where the text is not Python, has no such call, or leaves the subscripts to a
    variable.

    >>> spec = read_call("out = np.einsum('ij,jk->ik', self.q, x[0].T)")
    >>> spec.subscripts, [operand.name for operand in spec.operands], spec.result
    ('ij,jk->ik', ['self_q', 'x_0_T'], 'out')
    """
    # Python's parser takes milliseconds to load, which the other notations are spared.
    from .pasted import TooDeep, find_call, too_deep
    from .spec import call_spec

    try:
        return call_spec(find_call(Source(text=text, notation=Notation.CALL)))
    except TooDeep:
        raise too_deep() from None
