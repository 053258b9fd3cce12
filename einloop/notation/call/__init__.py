"""A pasted call (np.einsum('ij,jk->ik', a, b)) in, Spec out, with the user's names. Runs nothing.

Takes what np.einsum, torch.einsum, opt_einsum.contract and einops.einsum are called with: subscripts
first, sublists, or named axes last. Keyword arguments become notes: they are no part of the loops.
`pasted` finds the call, `arguments` and `spec` read it.
"""

from __future__ import annotations

import re

from ...core.errors import NotationError
from ...core.source import Notation, Source
from ...core.spec import Spec

CALLEE = re.compile(r"(?:einsum|contract)\s*\(")


def looks_like_call(text: str) -> bool:
    """Tell whether `text` has a call of something whose name ends in einsum or contract.

    >>> looks_like_call("np.einsum ('ij->i', a)"), looks_like_call("ij->i")
    (True, False)
    """
    return CALLEE.search(text) is not None


def read_call(text: str) -> Spec:
    """Return the metadata of a pasted call; spans are offsets into the whole text.

    Raises NotationError where the text is not Python, has no such call, or leaves the subscripts to a
    variable.

    >>> spec = read_call("out = np.einsum('ij,jk->ik', self.q, x[0].T)")
    >>> spec.subscripts, [operand.name for operand in spec.operands], spec.result
    ('ij,jk->ik', ['self_q', 'x_0_T'], 'out')
    """
    # Python's parser takes milliseconds to load, which the other notations are spared.
    from .pasted import TooDeep, find_call
    from .spec import call_spec

    source = Source(text=text, notation=Notation.CALL)
    try:
        return call_spec(find_call(source))
    except TooDeep:
        raise NotationError("EL137", "the call is nested too deeply to be read") from None
